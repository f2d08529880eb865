"""v3 events: swaps, mints, burns and collects in one stream, on the compiled engine and the plain one."""

import random
from functools import partial

import numpy as np
from benchmarks import work
from benchmarks.peers import Peers
from benchmarks.table import Table, cpu_seconds

from amm import UniswapV3Pool
from amm.batch import POOL_RESULT, PoolCall, PoolEvent, pool_events, run_pool_events
from amm.batch.engine import Records

_TEXT = """
Calls a CPU second on one core: of ten, six are swaps within a tick, two mints, one a burn and one a collect, of 64
positions around the price. Both engines keep the whole pool, positions included, and are compared in it.
"""
_COLUMNS = ("calls", "compiled", "plain Python", "compiled / plain")
_POSITIONS = 64
_OWNERS = ["a provider"]


def table(_peers: Peers) -> Table:
    """Measure one mixed stream."""
    pool = work.real_pool()
    many = _events(pool, 100_000)
    few, out = many[:5_000], np.zeros(len(many), dtype=POOL_RESULT)
    fast_pool, slow_pool = pool.copy(), pool.copy()
    runs = [run_pool_events(each, few, _OWNERS, compiled=each is fast_pool) for each in (fast_pool, slow_pool)]
    if fast_pool != slow_pool or runs[0].errors or runs[1].errors:
        raise RuntimeError("the engines differ on the events")
    fast, _ = cpu_seconds(partial(_run, pool, many, out, compiled=True))
    slow, _ = cpu_seconds(partial(_run, pool, few, None, compiled=False))
    ratio = len(many) / fast.best / (len(few) / slow.best)
    row = ("mixed", fast.speed(len(many)), slow.speed(len(few)), f"{ratio:.0f}")
    return Table("v3 events", _TEXT, _COLUMNS, [row])


def _run(pool: UniswapV3Pool, events: Records, out: Records | None, *, compiled: bool) -> None:
    run_pool_events(pool.copy(), events, _OWNERS, out=out, compiled=compiled)


def _events(pool: UniswapV3Pool, count: int) -> Records:
    """Each position is minted before it is burnt, and holds liquidity ever after."""
    draw = random.Random(5)  # noqa: S311 - a workload
    swaps = iter(work.within_a_tick(pool, count).orders)
    middle, events = pool.slot0.tick // 60, []
    for index in range(count):
        place, turn = index // 10 % _POSITIONS, index % 10
        ticks = 60 * (middle - 8 + place // 8), 60 * (middle + 1 + place % 8)
        if turn in {0, 5}:
            events.append(PoolEvent(PoolCall.MINT, draw.randrange(10**12, 10**13), 0, False, 0, *ticks, 12 * index))
        elif turn == 8:
            events.append(PoolEvent(PoolCall.BURN, draw.randrange(10**12), 0, False, 0, *ticks, 12 * index))
        elif turn == 9:
            events.append(PoolEvent(PoolCall.COLLECT, 2**128 - 1, 2**128 - 1, False, 0, *ticks, 12 * index))
        else:
            down, amount, limit, _ = next(swaps)
            events.append(PoolEvent(PoolCall.SWAP, amount, limit, down, block_timestamp=12 * index))
    return pool_events(events)
