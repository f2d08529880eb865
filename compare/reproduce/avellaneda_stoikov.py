"""Tables 1 to 3 of Avellaneda and Stoikov (2008): two strategies at three risk aversions, a thousand paths each."""

import math
from typing import NamedTuple

from compare.reproduce.row import Progress, Published, Row, no_progress
from orderbook.exact_avellaneda_stoikov import (
    SimulationSetting,
    exact_moments,
    inventory_policy,
    symmetric_policy,
)
from orderbook.quoting.avellaneda_stoikov import mean_total_spread
from orderbook.simulation import simulate

_THEIR_PATHS = 1_000
_POLICIES = {"inventory": inventory_policy, "symmetric": symmetric_policy}


class _Printed(NamedTuple):
    """One line of a table, as printed."""

    table: int
    risk_aversion: float
    strategy: str
    spread: str
    profit: str
    sd_profit: str
    inventory: str
    sd_inventory: str


_PRINTED = (
    _Printed(1, 0.1, "inventory", "1.49", "65.0", "6.6", "0.08", "2.9"),
    _Printed(1, 0.1, "symmetric", "1.49", "68.4", "12.7", "0.26", "8.4"),
    _Printed(2, 0.01, "inventory", "1.35", "68.6", "8.7", "0.12", "5.1"),
    _Printed(2, 0.01, "symmetric", "1.35", "68.8", "12.8", "0.09", "8.7"),
    _Printed(3, 1.0, "inventory", "3.02", "31.4", "5.0", "0.02", "1.7"),
    _Printed(3, 1.0, "symmetric", "3.02", "44.0", "11.0", "0.00", "5.1"),
)


def rows(paths: int, seed: int, progress: Progress = no_progress) -> list[Row]:
    """Five numbers of each line of the tables.

    Args:
        paths: of the simulation, for each line.
        seed: of the first line; each next has the next one.
        progress: in paths.
    """
    found: list[Row] = []
    for index, printed in enumerate(_PRINTED):
        base = index * paths

        def report(done: int, _total: int, base: int = base) -> None:
            progress(base + done, len(_PRINTED) * paths)

        found += _line(printed, paths, seed + index, report)
    return found


def _line(printed: _Printed, paths: int, seed: int, progress: Progress) -> list[Row]:
    setting = SimulationSetting()
    policy = _POLICIES[printed.strategy](setting, printed.risk_aversion)
    exact = exact_moments(setting, policy)
    run = simulate(setting, policy, paths=paths, seed=seed, progress=progress)
    spread = mean_total_spread(
        risk_aversion=printed.risk_aversion,
        volatility=setting.volatility,
        fill_decay=setting.fill_decay,
        horizon=setting.horizon,
    )
    name = f"gamma {printed.risk_aversion:g} {printed.strategy}"
    source = f"table {printed.table}"
    # What their prints may be off: the error of a mean over their paths, and of a standard deviation.
    root, half_root = math.sqrt(_THEIR_PATHS), math.sqrt(2 * _THEIR_PATHS)
    profit = Published.simulated(printed.profit, exact.sd_profit / root)
    sd_profit = Published.simulated(printed.sd_profit, exact.sd_profit / half_root)
    inventory = Published.simulated(printed.inventory, exact.sd_inventory / root)
    sd_inventory = Published.simulated(printed.sd_inventory, exact.sd_inventory / half_root)
    return [
        Row(f"{name}: spread", source, spread, Published(printed.spread)),
        Row(f"{name}: profit", source, exact.mean_profit, profit, run.mean_profit),
        Row(f"{name}: sd profit", source, exact.sd_profit, sd_profit, run.sd_profit),
        # Zero by symmetry; the recursion gives it to the last bits of a float.
        Row(f"{name}: final q", source, round(exact.mean_inventory, 12) + 0.0, inventory, run.mean_inventory),
        Row(f"{name}: sd q", source, exact.sd_inventory, sd_inventory, run.sd_inventory),
    ]
