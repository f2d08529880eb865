"""Simulations of a quoting policy and of the flow it meets; the part of `orderbook` that needs numpy.

`import orderbook` does not import it. Every draw comes from a seed that the caller names, and the same seed gives the
same numbers whatever the number of paths drawn at a time.

>>> from orderbook.exact_avellaneda_stoikov import SimulationSetting, inventory_policy
>>> setting = SimulationSetting()
>>> run = simulate(setting, inventory_policy(setting, risk_aversion=0.1), paths=1_000, seed=1)
>>> run.mean_profit.deviations_from(64.8925) < 4
True
"""

from orderbook.simulation.arrivals import hawkes_arrivals, hawkes_mean_count, poisson_arrivals, stationary_hawkes_rate
from orderbook.simulation.continuous_time import ContinuousTimeMoments, continuous_time_moments
from orderbook.simulation.estimate import Estimate
from orderbook.simulation.flow_replay import FlowRun, trade_against
from orderbook.simulation.order_flow import (
    MidPath,
    OrderFlow,
    brownian_path,
    expected_imbalance,
    expected_net_flow,
    informed_sides,
    netting_ratio,
    noise_sides,
    order_flow,
)
from orderbook.simulation.policy_simulation import Simulation, simulate
from orderbook.simulation.unit_ladder import LadderRun, expected_ladder_profit, ladder_profit, run_unit_ladder

__all__ = [
    "ContinuousTimeMoments",
    "Estimate",
    "FlowRun",
    "LadderRun",
    "MidPath",
    "OrderFlow",
    "Simulation",
    "brownian_path",
    "continuous_time_moments",
    "expected_imbalance",
    "expected_ladder_profit",
    "expected_net_flow",
    "hawkes_arrivals",
    "hawkes_mean_count",
    "informed_sides",
    "ladder_profit",
    "netting_ratio",
    "noise_sides",
    "order_flow",
    "poisson_arrivals",
    "run_unit_ladder",
    "simulate",
    "stationary_hawkes_rate",
    "trade_against",
]
