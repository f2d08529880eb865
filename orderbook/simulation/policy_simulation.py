"""Many paths of a market maker who quotes at depths that depend on the time and the inventory.

The market is that of Avellaneda and Stoikov (2008), section 3.3: an arithmetic mid price, and fills whose rate falls
exponentially with the depth of the quote. `SimulationSetting.fill_mode` says how fills come about; the exact moments of
the first two modes are in `orderbook.exact_avellaneda_stoikov`, those of the third in
`orderbook.simulation.continuous_time`.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderbook._checks import require_finite, require_int
from orderbook.exact_avellaneda_stoikov import DepthPolicy, FillMode, SimulationSetting
from orderbook.simulation._event_driven import run_events
from orderbook.simulation._quote_table import QuoteTable
from orderbook.simulation._randomness import Stream, generator_of
from orderbook.simulation._state import Paths
from orderbook.simulation._stepped import run_steps
from orderbook.simulation.estimate import Estimate, certainty_equivalent_of, deviation_of, mean_of

_CHUNK = 10_000  # paths drawn together: enough to amortise a step's overhead, and few enough for a processor's cache

Progress = Callable[[int, int], None]
"""Called with how many paths are done, of how many."""


@dataclass(frozen=True, slots=True, eq=False)
class Simulation:
    """What became of every path. All arrays have one entry a path.

    Attributes:
        edge: depths earned by all fills, in the price's unit.
        inventory_profit: what holding the inventory earned as the mid price moved by itself.
        impact_profit: what holding it earned as the mid price moved after each fill; zero without impact.
        inventory: at the end.
        fills: on both sides together.
        clamped_share: of all quotes made, how many had a linear step's probability clamped to one.
        negative_depth_share: of all quotes made, how many were on the wrong side of the mid price. When event-driven,
            quotes are counted at each fill and each reading of the clock.
    """

    edge: NDArray[np.float64]
    inventory_profit: NDArray[np.float64]
    impact_profit: NDArray[np.float64]
    inventory: NDArray[np.int64]
    fills: NDArray[np.int64]
    clamped_share: float
    negative_depth_share: float

    @property
    def profit(self) -> NDArray[np.float64]:
        """Final wealth of each path: cash, and the inventory at the final mid price."""
        return self.edge + self.inventory_profit + self.impact_profit

    @property
    def mean_profit(self) -> Estimate:
        """Mean of the profit."""
        return mean_of(self.profit)

    @property
    def sd_profit(self) -> Estimate:
        """Standard deviation of the profit."""
        return deviation_of(self.profit)

    @property
    def mean_inventory(self) -> Estimate:
        """Mean of the final inventory."""
        return mean_of(self.inventory)

    @property
    def sd_inventory(self) -> Estimate:
        """Standard deviation of the final inventory."""
        return deviation_of(self.inventory)

    @property
    def mean_fills(self) -> Estimate:
        """Mean of the fills on both sides together."""
        return mean_of(self.fills)

    def certainty_equivalent(self, risk_aversion: float) -> Estimate:
        """The sure profit worth as much under the utility -exp(-risk_aversion * profit).

        Where rare losses dominate that mean, as they do for quotes that let the inventory wander, a sample has not seen
        them, and both the estimate and its standard error flatter.
        """
        return certainty_equivalent_of(self.profit, risk_aversion)


def simulate(
    setting: SimulationSetting,
    policy: DepthPolicy,
    *,
    paths: int,
    seed: int,
    drift: float = 0.0,
    impact: float = 0.0,
    progress: Progress | None = None,
) -> Simulation:
    """Simulate a policy from an inventory of zero.

    In a mode with steps, each step asks the policy once, fills bid and ask independently of each other at the mid price
    before it moves, moves the mid price by the impact of the fills, and then by plus or minus volatility * sqrt(dt).
    Event-driven, the policy is asked at every fill and, for its time, at the middle of each of the setting's steps;
    fills come one at a time, and the mid price is a Brownian motion: exact for a policy that does not look at the time.

    Args:
        setting: the market, and the fill mode.
        policy: from the time left and the inventory to the depths of bid and ask; infinity leaves a side unquoted.
        paths: how many.
        seed: of all draws, at least 0.
        drift: of the mid price, per unit of time.
        impact: by how much the mid price falls after a fill of the bid, and rises after one of the ask.
        progress: called as paths are done.

    Raises:
        InvalidParameterError: no paths, a negative seed, an infinite drift or impact, or a depth without a fill rate.
        FillProbabilityError: a linear step's probability is above one on a path, and the setting does not clamp it.
    """
    require_int("paths", paths, minimum=1)
    require_finite("drift", drift)
    require_finite("impact", impact)
    table = QuoteTable(setting, policy)
    run = run_events if setting.fill_mode is FillMode.EVENT_DRIVEN else run_steps
    parts = []
    for first in range(0, paths, _CHUNK):
        generator = generator_of(seed, Stream.POLICY_PATHS, first // _CHUNK)
        parts.append(run(table, Paths.at_start(min(_CHUNK, paths - first)), generator, drift, impact))
        if progress is not None:
            progress(min(first + _CHUNK, paths), paths)
    return _joined(parts)


def _joined(parts: list[Paths]) -> Simulation:
    quotes = sum(part.quotes for part in parts)
    return Simulation(
        edge=np.concatenate([part.edge for part in parts]),
        inventory_profit=np.concatenate([part.inventory_profit for part in parts]),
        impact_profit=np.concatenate([part.impact_profit for part in parts]),
        inventory=np.concatenate([part.inventory for part in parts]),
        fills=np.concatenate([part.fills for part in parts]),
        clamped_share=sum(part.clamped for part in parts) / quotes,
        negative_depth_share=sum(part.negative for part in parts) / quotes,
    )
