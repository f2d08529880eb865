"""v2 events: swaps, mints and burns in one stream, on the compiled engine and the plain one."""

import random
from functools import partial

import numpy as np
from benchmarks import work
from benchmarks.peers import Peers
from benchmarks.table import Table, cpu_seconds

from amm import UniswapV2Pair
from amm.batch import PAIR_EVENT_RESULT, PairCall, PairEvent, pair_events, run_pair_events
from amm.batch.engine import Records

_TEXT = """
Calls a CPU second on one core, ten to a block: of ten, eight are swaps, one is a mint and one a burn, of 64 providers.
With the protocol's fee on, a mint and a burn take the roots of two products. Both engines keep the whole pair,
everybody's shares included, and are compared in it.
"""
_COLUMNS = ("calls", "compiled", "plain Python", "compiled / plain")
_OWNERS = [f"provider {index}" for index in range(64)]


def table(_peers: Peers) -> Table:
    """Measure one mixed stream, without the protocol's fee and with it."""
    many = _events(work.real_pair(), 200_000)
    few, out, rows = many[:5_000], np.zeros(len(many), dtype=PAIR_EVENT_RESULT), []
    for name, fee_to in (("no protocol fee", None), ("protocol fee", "treasury")):
        pair = work.real_pair()
        pair.fee_to, pair.k_last = fee_to, 0 if fee_to is None else pair.reserve0 * pair.reserve1
        fast_pair, slow_pair = pair.copy(), pair.copy()
        runs = [run_pair_events(each, few, _OWNERS, compiled=each is fast_pair) for each in (fast_pair, slow_pair)]
        if fast_pair != slow_pair or runs[0].errors or runs[1].errors:
            raise RuntimeError("the engines differ on the events")
        fast, _ = cpu_seconds(partial(_run, pair, many, out, compiled=True))
        slow, _ = cpu_seconds(partial(_run, pair, few, None, compiled=False))
        ratio = len(many) / fast.best / (len(few) / slow.best)
        rows.append((name, fast.speed(len(many)), slow.speed(len(few)), f"{ratio:.0f}"))
    return Table("v2 events", _TEXT, _COLUMNS, rows)


def _run(pair: UniswapV2Pair, events: Records, out: Records | None, *, compiled: bool) -> None:
    run_pair_events(pair.copy(), events, _OWNERS, out=out, compiled=compiled)


def _events(pair: UniswapV2Pair, count: int) -> Records:
    """Every provider mints more than it burns."""
    draw = random.Random(5)  # noqa: S311 - a workload
    events = []
    for index in range(count):
        owner, time, part = index // 10 % len(_OWNERS), index // 10 * 12, draw.randrange(10**5, 10**7)
        amount0, amount1 = pair.reserve0 // part, pair.reserve1 // part
        if index % 10 == 0:
            events.append(PairEvent(PairCall.MINT, amount0, amount1, False, owner, time))
        elif index % 10 == 9:
            events.append(PairEvent(PairCall.BURN, pair.total_supply // 10**7, 0, False, owner, time))
        else:
            down, kind = draw.random() < 0.5, draw.choice([PairCall.SWAP_EXACT_INPUT, PairCall.SWAP_EXACT_OUTPUT])
            of_token0 = down == (kind == PairCall.SWAP_EXACT_INPUT)
            events.append(PairEvent(kind, amount0 if of_token0 else amount1, 0, down, owner, time))
    return pair_events(events)
