"""Threads: two worlds one after the other, and each on a thread of its own."""

import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
from benchmarks import work
from benchmarks.peers import Peers
from benchmarks.table import Table, rounds_of

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
    with ThreadPoolExecutor(2) as threads:
        ways = (lambda: [world() for world in worlds], lambda: _at_once(threads, worlds))
        one, two = (min(rounds_of(partial(_seconds, way))) for way in ways)
    busy = two[1] / two[0]
    figures = (f"{one[0]:.3f} s", f"{two[0]:.3f} s", f"{one[0] / two[0]:.2f}", f"{busy:.2f}")
    row = (f"2 x {len(rows):,} within a tick", *figures)
    return Table("Threads", _TEXT, _COLUMNS, [row])


def _live(pool: UniswapV3Pool, rows: Records, out: Records) -> None:
    run_swaps(pool.copy(), rows, out=out, compiled=True)


def _at_once(threads: ThreadPoolExecutor, worlds: list[partial[None]]) -> None:
    for done in [threads.submit(world) for world in worlds]:
        done.result()


def _seconds(work: Callable[[], object]) -> tuple[float, float]:
    """Return the time on the clock, and the CPU time of the process."""
    began, before = time.perf_counter(), os.times()
    work()
    elapsed, after = time.perf_counter() - began, os.times()
    return elapsed, after.user + after.system - before.user - before.system
