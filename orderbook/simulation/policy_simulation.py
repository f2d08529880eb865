"""Many paths of a market maker who quotes at depths that depend on the time and the inventory.

The market is that of Avellaneda and Stoikov (2008), section 3.3: an arithmetic mid price, and fills whose rate falls
exponentially with the depth of the quote. `SimulationSetting.fill_mode` says how fills come about; the exact moments of
the first two modes are in `orderbook.exact_avellaneda_stoikov`, those of the third in
`orderbook.simulation.continuous_time`.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from lpmm_numba import has_compiler
from orderbook._checks import require_finite, require_int
from orderbook.exact_avellaneda_stoikov import DepthPolicy, FillMode, SimulationSetting
from orderbook.simulation._event_driven import run_events
from orderbook.simulation._quote_table import QuoteTable
from orderbook.simulation._randomness import Stream, generator_of, key_of
from orderbook.simulation._state import Paths
from orderbook.simulation._stepped import advance_plain, run_steps
from orderbook.simulation.estimate import Estimate, certainty_equivalent_of, deviation_of, mean_of

_CHUNK = 10_000  # paths drawn together; part of what a seed means

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
    compiled: bool | None = None,
) -> Simulation:
    """Simulate a policy from an inventory of zero.

    In a mode with steps, each step asks the policy once, fills bid and ask independently of each other at the mid price
    before it moves, moves the mid price by the impact of the fills, and then by plus or minus volatility * sqrt(dt).
    Event-driven, the policy is asked at every fill and, for its time, at the middle of each of the setting's steps;
    fills come one at a time, and the mid price is a Brownian motion: exact for a policy that does not look at the time.

    In steps, memory is that of the paths, whatever the number of steps, and a fill's probability is rounded to a
    multiple of 2**-31. Without Python's lock but for the policy's own answers, so that threads can each simulate.

    Args:
        setting: the market, and the fill mode.
        policy: from the time left and the inventory to the depths of bid and ask; infinity leaves a side unquoted.
        paths: how many.
        seed: of all draws, at least 0.
        drift: of the mid price, per unit of time.
        impact: by how much the mid price falls after a fill of the bid, and rises after one of the ask.
        progress: called as paths are done, or where all go in steps together, as many as that is worth.
        compiled: whether steps run compiled, which gives the same floats; None does so where numba is installed.

    Raises:
        InvalidParameterError: no paths, a negative seed, an infinite drift or impact, or a depth without a fill rate.
        FillProbabilityError: a linear step's probability is above one on a path, and the setting does not clamp it.
        ImportError: compiled steps are asked for, and numba is not installed.
    """
    require_int("paths", paths, minimum=1)
    require_int("seed", seed, minimum=0)
    require_finite("drift", drift)
    require_finite("impact", impact)
    if setting.fill_mode is FillMode.EVENT_DRIVEN:
        return _event_driven(setting, policy, paths=paths, seed=seed, drift=drift, impact=impact, progress=progress)
    if has_compiler() if compiled is None else compiled:
        # Here, because numba takes long to import, and may be absent.
        from orderbook._compiled.path_steps import advance_compiled as advance  # noqa: PLC0415
    else:
        advance = advance_plain

    def report(steps: int) -> None:
        if progress is not None:
            progress(paths * steps // setting.steps, paths)

    key = key_of(seed, Stream.POLICY_PATHS)
    run = run_steps(setting, policy, count=paths, key=key, advance=advance, progress=report)
    trend, move = drift * setting.time_step, setting.volatility * math.sqrt(setting.time_step)
    quotes = 2 * paths * setting.steps
    return Simulation(
        edge=run.paths.edge,
        inventory_profit=trend * run.paths.held + move * run.paths.swung,
        impact_profit=np.multiply(run.paths.impact, -impact, dtype=np.float64),
        inventory=run.paths.inventory,
        fills=run.paths.fills,
        clamped_share=run.clamped / quotes,
        negative_depth_share=run.negative / quotes,
    )


def _event_driven(
    setting: SimulationSetting,
    policy: DepthPolicy,
    *,
    paths: int,
    seed: int,
    drift: float,
    impact: float,
    progress: Progress | None,
) -> Simulation:
    """Simulate in continuous time, so many paths after one another."""
    table, parts = QuoteTable(setting, policy), []
    for first in range(0, paths, _CHUNK):
        generator = generator_of(seed, Stream.POLICY_PATHS, first // _CHUNK)
        parts.append(run_events(table, Paths.at_start(min(_CHUNK, paths - first)), generator, drift, impact))
        if progress is not None:
            progress(min(first + _CHUNK, paths), paths)
    return Simulation(
        edge=np.concatenate([part.edge for part in parts]),
        inventory_profit=np.concatenate([part.inventory_profit for part in parts]),
        impact_profit=np.concatenate([part.impact_profit for part in parts]),
        inventory=np.concatenate([part.inventory for part in parts]),
        fills=np.concatenate([part.fills for part in parts]),
        clamped_share=0.0,
        negative_depth_share=sum(part.negative for part in parts) / sum(part.quotes for part in parts),
    )
