"""The moments of the simulation in Avellaneda and Stoikov (2008), section 3.3, computed instead of simulated.

The paper steps through time: in each step the bid and the ask fill, independently of each other, with the probability
min(A exp(-fill_decay depth) dt, 1), each by one unit at a depth from the mid price before it moves; then the mid price
goes up or down by volatility sqrt(dt). Depths depend on the time and the inventory alone, so the inventory is a Markov
chain that does not know the price, and with q for the inventory after a step's fills

    P&L = sum of depths earned + sum of q dS,

whose second sum has mean zero and variance volatility^2 dt sum E[q^2], and is uncorrelated with the first. One pass
forward over the chain, carrying for every inventory its probability and the first two moments of the depths earned so
far, gives every number of the paper's tables without sampling error.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

from orderbook._checks import require_int, require_positive
from orderbook.quoting.avellaneda_stoikov import mean_total_spread, reservation_price, total_spread

DepthPolicy = Callable[[float, int], tuple[float, float]]
"""From the time left and the inventory to the depths of bid and ask below and above the mid price; may be negative."""


@dataclass(frozen=True, slots=True)
class SimulationSetting:
    """What the market does in a simulation; the defaults are the paper's.

    Attributes:
        volatility: price per square root of time.
        fill_decay: one over price.
        arrival_intensity: fills per unit of time for a quote at the mid price.
        horizon: time.
        steps: equal steps to the horizon.
    """

    volatility: float = 2.0
    fill_decay: float = 1.5
    arrival_intensity: float = 140.0
    horizon: float = 1.0
    steps: int = 200

    def __post_init__(self) -> None:
        """Refuse what is no positive number.

        Raises:
            InvalidParameterError: a parameter out of range.
        """
        for name in ("volatility", "fill_decay", "arrival_intensity", "horizon"):
            require_positive(name, getattr(self, name))
        require_int("steps", self.steps, minimum=1)

    @property
    def time_step(self) -> float:
        """Length of one step."""
        return self.horizon / self.steps

    def fill_probability(self, depth: float) -> float:
        """Probability that a quote at this depth fills within one step: linear in the step, and at most one."""
        # In logarithms: far inside the spread the rate itself can be too large for a float.
        return math.exp(min(0.0, math.log(self.arrival_intensity * self.time_step) - self.fill_decay * depth))


@dataclass(frozen=True, slots=True)
class Moments:
    """What a simulation of infinitely many paths would print.

    Attributes:
        mean_profit: of final wealth, in the price's unit.
        sd_profit: its standard deviation.
        mean_inventory: of the final inventory.
        sd_inventory: its standard deviation.
        mean_fills: fills on both sides together, expected over the whole run.
    """

    mean_profit: float
    sd_profit: float
    mean_inventory: float
    sd_inventory: float
    mean_fills: float

    def certainty_equivalent(self, risk_aversion: float) -> float:
        """The sure profit worth as much under exponential utility, were the profit normal: mean less half its risk."""
        return self.mean_profit - risk_aversion * self.sd_profit**2 / 2


def inventory_policy(setting: SimulationSetting, risk_aversion: float) -> DepthPolicy:
    """The paper's "inventory" strategy: the optimal spread, centred on the reservation price."""

    def depths(time_left: float, inventory: int) -> tuple[float, float]:
        half_spread = (
            total_spread(
                risk_aversion=risk_aversion,
                volatility=setting.volatility,
                fill_decay=setting.fill_decay,
                time_left=time_left,
            )
            / 2
        )
        skew = reservation_price(
            0.0, inventory, risk_aversion=risk_aversion, volatility=setting.volatility, time_left=time_left
        )
        return half_spread - skew, half_spread + skew

    return depths


def symmetric_policy(setting: SimulationSetting, risk_aversion: float) -> DepthPolicy:
    """The paper's "symmetric" strategy: the time average of the same spread, centred on the mid price."""
    half_spread = (
        mean_total_spread(
            risk_aversion=risk_aversion,
            volatility=setting.volatility,
            fill_decay=setting.fill_decay,
            horizon=setting.horizon,
        )
        / 2
    )
    return lambda _time_left, _inventory: (half_spread, half_spread)


@dataclass(slots=True)
class _Mass:
    """Of all paths at one inventory: their probability, and the sums over them of depths earned and their squares."""

    probability: float = 0.0
    earned: float = 0.0
    earned_squared: float = 0.0

    def add(self, source: "_Mass", weight: float, depth: float) -> None:
        """Take in the share `weight` of another inventory's paths, each having earned `depth` more."""
        self.probability += weight * source.probability
        self.earned += weight * (source.earned + depth * source.probability)
        self.earned_squared += weight * (
            source.earned_squared + 2 * depth * source.earned + depth**2 * source.probability
        )


def exact_moments(setting: SimulationSetting, policy: DepthPolicy) -> Moments:
    """The moments of final wealth, inventory and fills under a policy, from an inventory of zero.

    Takes time in the square of the number of steps.
    """
    masses = {0: _Mass(probability=1.0)}
    fills = squared_inventory = 0.0
    for step in range(setting.steps):
        masses, step_fills = _step(masses, setting, policy, setting.horizon - step * setting.time_step)
        fills += step_fills
        squared_inventory += _mean_square_inventory(masses)
    mean = sum(mass.earned for mass in masses.values())
    variance_earned = sum(mass.earned_squared for mass in masses.values()) - mean**2
    variance_held = setting.volatility**2 * setting.time_step * squared_inventory
    mean_inventory = sum(mass.probability * inventory for inventory, mass in masses.items())
    return Moments(
        mean_profit=mean,
        sd_profit=math.sqrt(variance_earned + variance_held),
        mean_inventory=mean_inventory,
        sd_inventory=math.sqrt(_mean_square_inventory(masses) - mean_inventory**2),
        mean_fills=fills,
    )


def _step(
    masses: dict[int, _Mass], setting: SimulationSetting, policy: DepthPolicy, time_left: float
) -> tuple[dict[int, _Mass], float]:
    """Where the paths are after one step's fills, and how many fills it brings on average."""
    reached = {inventory: _Mass() for inventory in range(min(masses) - 1, max(masses) + 2)}
    fills = 0.0
    for inventory, mass in masses.items():
        bid_depth, ask_depth = policy(time_left, inventory)
        bought, sold = setting.fill_probability(bid_depth), setting.fill_probability(ask_depth)
        fills += mass.probability * (bought + sold)
        reached[inventory].add(mass, (1 - bought) * (1 - sold), 0.0)
        reached[inventory].add(mass, bought * sold, bid_depth + ask_depth)
        reached[inventory + 1].add(mass, bought * (1 - sold), bid_depth)
        reached[inventory - 1].add(mass, (1 - bought) * sold, ask_depth)
    return reached, fills


def _mean_square_inventory(masses: dict[int, _Mass]) -> float:
    return sum(mass.probability * inventory * inventory for inventory, mass in masses.items())
