"""What stale prices cost: a passive pool beside a maker who quotes the same curve anew (O-51).

Both offer the same depth from the same half-spread outwards, and an arbitrageur looks at both at the same moments. The
pool's price stays where the last trade left it, at the edge of its band; the maker moves its quotes to the fair price
after every look. The fair log price has no drift.

Losses are shares of the loss-versus-rebalancing, which is what both would lose without a spread: sigma^2 D / 2 per unit
of time for a depth of D quote tokens per unit of log price. The half-spread g is in units of the deviation of the fair
log price from one look to the next, sigma sqrt(interval): c. With looks at random times the eta g of the laws is
sqrt(2) c. All of it is the limit of small moves, where a trade from an excess of u beyond the half-spread takes
D u^2 / 2.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from amm.closed_form.fees_and_blocks import fixed_interval_loss, random_interval_loss
from compare.checks import not_negative
from compare.errors import InputError
from compare.randomness import Stream, generator
from compare.seed_study import Estimate

if TYPE_CHECKING:
    from numpy.typing import NDArray


def passive_share(half_spread: float, *, random_looks: bool = True) -> float:
    """Return the share of its loss-versus-rebalancing that a passive pool loses: 1 / (1 + eta g) at random looks.

    At fixed intervals it is 2 / (2 + 2 * 1.7164 c), which is within 2e-4 of the law from c = 1/2 on (O-18).

    >>> round(passive_share(math.sqrt(2)), 4)
    0.3333
    """
    return 2 * (random_interval_loss if random_looks else fixed_interval_loss)(1.0, half_spread)


def requoting_share(half_spread: float, *, random_looks: bool = True) -> float:
    """Return the same share for a maker who quotes anew after every look: e^(-eta g) at random looks.

    At fixed intervals it is E[(|Z| - c)^+^2] for a standard normal Z, Copeland and Galai's free option at a depth.

    >>> round(requoting_share(math.sqrt(2)), 4)
    0.1353
    """
    not_negative(half_spread, "half_spread")
    if random_looks:
        return math.exp(-math.sqrt(2) * half_spread)
    tail = math.erfc(half_spread / math.sqrt(2)) / 2
    density = math.exp(-(half_spread**2) / 2) / math.sqrt(2 * math.pi)
    return 2 * ((1 + half_spread**2) * tail - half_spread * density)


@dataclass(frozen=True, slots=True)
class Staleness:
    """What a simulation of the laws found; each estimate is over its runs.

    Attributes:
        passive: Share of the loss-versus-rebalancing that the pool lost.
        requoting: Share that the maker lost, on the same paths.
        trade_probability: Share of looks that found the pool outside its band (O-15).
    """

    passive: Estimate
    requoting: Estimate
    trade_probability: Estimate


def simulate_staleness(
    half_spread: float, *, random_looks: bool = True, runs: int = 200, looks: int = 2_000, seed: int
) -> Staleness:
    """Simulate both sides on the same paths, runs side by side.

    The pool starts at the fair price, and looks until it has forgotten that are left out.

    Args:
        half_spread: In units of the deviation of the fair log price from one look to the next.
        random_looks: Whether looks come as a Poisson process; or at fixed intervals.
        runs: How many, two at least.
        looks: Of each run.
        seed: An integer of zero or more.

    Raises:
        InputError: A number is out of range.
    """
    not_negative(half_spread, "half_spread")
    if runs < 2 or looks < 1:  # noqa: PLR2004 - one run has no standard error
        raise InputError(f"{runs} runs of {looks} looks", place="runs, looks", remedy="two runs of one look at least")
    draw = generator(seed, Stream.STALENESS)
    mispricing = np.zeros(runs)
    passive, requoting, outside = np.zeros(runs), np.zeros(runs), np.zeros(runs)
    forgotten = 20 + round(20 * half_spread**2)  # the slowest memory of the band decays as exp(-1.2 looks / c^2)
    for look in range(-forgotten, looks):
        moves = draw.laplace(0, math.sqrt(0.5), runs) if random_looks else draw.standard_normal(runs)
        mispricing += moves
        if look >= 0:
            excess = _beyond(mispricing, half_spread)
            passive += excess**2
            outside += excess > 0
            requoting += _beyond(moves, half_spread) ** 2
        np.clip(mispricing, -half_spread, half_spread, out=mispricing)
    estimates = (Estimate.of((total / looks).tolist()) for total in (passive, requoting, outside))
    return Staleness(*estimates)


def _beyond(distances: NDArray[np.float64], half_spread: float) -> NDArray[np.float64]:
    return np.maximum(np.abs(distances) - half_spread, 0.0)
