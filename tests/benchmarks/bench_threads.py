"""Threads: two worlds one after the other, and each on a thread of its own."""

from functools import partial

import numpy as np
from benchmarks import work
from benchmarks.peers import Peers
from benchmarks.table import Table, two_threads

from amm import UniswapV3Pool
from amm.batch import SWAP_RESULT, run_swaps, swap_orders
from amm.batch.engine import Records

_TEXT = """
Swaps of two v3 pools that have nothing to do with each other: seconds on the clock for both, one after the other and on
two threads of one process. The loops run without Python's lock. The cores kept busy are CPU time by clock time: where a
machine has other work to do, fewer than two are to be had.
"""
_COLUMNS = ("swaps", "one thread", "two threads", "ratio", "cores kept busy")


def table(_peers: Peers) -> Table:
    """Measure swaps within a tick, half a million in each world."""
    pool = work.real_pool()
    rows = swap_orders(work.within_a_tick(pool, 500_000).orders)
    run_swaps(pool.copy(), rows[:1], compiled=True)  # compiles
    worlds = [partial(_live, pool.copy(), rows, np.zeros(len(rows), dtype=SWAP_RESULT)) for _ in range(2)]
    found = two_threads(lambda: worlds)
    seconds = f"{found.one_thread:.3f} s", f"{found.two_threads:.3f} s"
    row = (f"2 x {len(rows):,} within a tick", *seconds, f"{found.gain:.2f}", f"{found.cores_busy:.2f}")
    return Table("Threads", _TEXT, _COLUMNS, [row])


def _live(pool: UniswapV3Pool, rows: Records, out: Records) -> None:
    run_swaps(pool.copy(), rows, out=out, compiled=True)
