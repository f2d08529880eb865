"""Simulated market makers: steps compiled, and with numpy."""

from functools import cache, partial

import numpy as np
from benchmarks.peers import Peers
from benchmarks.table import Table, cpu_seconds, two_threads

from orderbook.exact_avellaneda_stoikov import DepthPolicy, FillMode, SimulationSetting, inventory_policy
from orderbook.quoting.glft import GLFTModel, GLFTSolution
from orderbook.simulation import simulate

_TEXT = """
Path-steps a CPU second on one core, each with a random word, two fills that depend on the time and the inventory, and a
move of the mid price: 200 steps of the market of Avellaneda and Stoikov (2008), a million paths compiled and 20,000
with numpy, whose every float is the same. The policy's answers are in the time, those of GLFT once for all rounds.
mbt_gym is in no package index. The last column is two simulations in two threads: path-steps a second of wall time,
against one in one thread.
"""
_COLUMNS = ("policy", "compiled", "numpy", "compiled / numpy", "two threads / one")
_PAPER = SimulationSetting()
_POISSON = SimulationSetting(fill_mode=FillMode.POISSON_STEP)
_MANY, _FEW = 1_000_000, 20_000


def table(_peers: Peers) -> Table:
    """Measure the paper's policy, and the optimal one within a bound."""
    model = GLFTModel(risk_aversion=0.1, volatility=2.0, fill_decay=1.5, arrival_intensity=140.0)
    solution = GLFTSolution(model, max_inventory=20)
    rows = [
        _row("Avellaneda-Stoikov", _PAPER, inventory_policy(_PAPER, 0.1)),
        _row("GLFT", _POISSON, cache(lambda time_left, inventory: solution.depths(inventory, time_left))),
    ]
    return Table("Simulated paths", _TEXT, _COLUMNS, rows)


def _row(name: str, setting: SimulationSetting, policy: DepthPolicy) -> tuple[str, ...]:
    run = partial(simulate, setting, policy, seed=1)
    run(paths=1, compiled=True)  # compiles
    fast, many = cpu_seconds(partial(run, paths=_MANY, compiled=True))
    plain, few = cpu_seconds(partial(run, paths=_FEW, compiled=False))
    if not np.array_equal(many.profit[:_FEW], few.profit):
        raise RuntimeError(f"the engines differ on {name}")

    both = [partial(run, paths=_MANY, compiled=True)] * 2
    ratio = _MANY / fast.best / (_FEW / plain.best)
    speeds = fast.speed(_MANY * setting.steps), plain.speed(_FEW * setting.steps)
    return name, *speeds, f"{ratio:.1f}", f"{two_threads(lambda: both).gain:.2f}"
