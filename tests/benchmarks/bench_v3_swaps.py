"""v3 swaps: the compiled engine, the plain one and degenbot on the same swaps of one real pool."""

from benchmarks import engines, work
from benchmarks.peers import Peers
from benchmarks.table import Table

from amm.batch import run_swaps, swap_orders

_TEXT = """
Swaps a CPU second on one core. The pool is mainnet WBTC/WETH 0.3 % at one block, with 458 initialised ticks. The
compiled engine keeps the whole state (fee growth, ticks, oracle, balances); degenbot keeps price, tick and liquidity.
The way of the pool into arrays and back is in the time; the results go to an array that is there already.
"""
_COLUMNS = ("swaps", "compiled", "plain Python", "degenbot 0.5.0", "compiled / plain", "compiled / degenbot")


def table(peers: Peers) -> Table:
    """Measure swaps within a tick, and of 13 steps."""
    pool = work.real_pool()
    degenbot = peers.python_with("degenbot==0.5.0")
    run_swaps(pool.copy(), swap_orders(work.within_a_tick(pool, 1).orders), compiled=True)  # compiles
    rows = []
    for many, few in (
        (work.within_a_tick(pool, 200_000), work.within_a_tick(pool, 4_000)),
        (work.across_ticks(pool, 100_000, 13), work.across_ticks(pool, 1_000, 13)),
    ):
        fast = engines.batch(pool, many.orders, compiled=True)
        others = [engines.batch(pool, few.orders, compiled=False)]
        if degenbot is not None:
            others.append(engines.degenbot(degenbot, pool, few.orders))
        for other in others:
            if other.answers != fast.answers[: len(other.answers)]:
                raise RuntimeError(f"the engines differ on the swaps {many.name}")
        speeds = [each.seconds.speed(each.swaps) for each in others] + ["not measured"] * (2 - len(others))
        ratios = [_ratio(fast, each) for each in others] + ["-"] * (2 - len(others))
        rows.append((many.name, fast.seconds.speed(fast.swaps), *speeds, *ratios))
    return Table("v3 swaps", _TEXT, _COLUMNS, rows)


def _ratio(fast: engines.Measured, slow: engines.Measured) -> str:
    return f"{fast.swaps / fast.seconds.best / (slow.swaps / slow.seconds.best):.0f}"
