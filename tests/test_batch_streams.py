"""Streams in the memory of one chunk: the same pool and the same totals as one batch, however many orders there are."""

import tracemalloc
from collections.abc import Callable, Iterator

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from amm import ArgumentError, UniswapV2Pair, UniswapV3Pool
from amm.batch import (
    PAIR_ORDER,
    PairCall,
    PairEvent,
    PoolCall,
    PoolEvent,
    Totals,
    from_limbs,
    pair_events,
    pair_orders,
    pool_events,
    run_pair_events,
    run_pair_swaps,
    run_pool_events,
    run_swaps,
    stream_pair_events,
    stream_pair_swaps,
    stream_pool_events,
    stream_swaps,
    streams,
    swap_orders,
    to_limbs,
)
from amm.batch.engine import Records
from amm.math.tick_math import MAX_SQRT_RATIO, MIN_SQRT_RATIO

FLOWS = ("amount0_in", "amount1_in", "amount0_out", "amount1_out")
LOWEST, HIGHEST = MIN_SQRT_RATIO + 1, MAX_SQRT_RATIO - 1


@pytest.fixture(autouse=True)
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Chunks of seven, so that a few orders fill many."""
    monkeypatch.setattr(streams, "_POOL_ROWS", 7)
    monkeypatch.setattr(streams, "_PAIR_ROWS", 7)


def new_pool() -> UniswapV3Pool:
    pool = UniswapV3Pool(3000, 60)
    pool.initialize(2**96)
    pool.mint("alice", -600, 600, 10**18)
    return pool


def totals_of(results: Records, sign: int = 1) -> Totals:
    """The totals, one result after the other."""
    amounts = [[sign * from_limbs(row[name], signed=True) for name in ("amount0", "amount1")] for row in results]
    flows = [sum(max(way * row[token], 0) for row in amounts) for way in (1, -1) for token in (0, 1)]
    reverted = sum(int(row["reverted"]) for row in results)
    return Totals(len(results) - reverted, reverted, *flows)


@settings(max_examples=20)
@given(st.lists(st.integers(-(2**255), 2**255 - 1)))
def test_sums_of_limbs_are_sums(values: list[int]) -> None:
    """Of both signs apart, beyond 256 bits too."""
    sums = sum(value for value in values if value > 0), -sum(value for value in values if value < 0)
    assert streams._sums(to_limbs(values)) == sums


def test_a_stream_of_swaps_is_one_batch() -> None:
    """Both directions, exact in and out, refusals, in batches of any length."""
    draw = np.random.default_rng(1)
    rows = []
    for index in range(50):
        down = bool(draw.random() < 0.5)
        rows.append((down, int(draw.integers(-(10**16), 10**16)) * (index % 9 > 0), LOWEST if down else HIGHEST, index))
    orders = swap_orders(rows)
    streamed, batched = new_pool(), new_pool()
    totals = stream_swaps(streamed, [orders[:20], orders[20:20], orders[20:]], compiled=False)
    assert totals == totals_of(run_swaps(batched, orders, compiled=False).results)
    assert streamed == batched
    assert totals.reverted == 12


def test_a_stream_of_pair_swaps_is_one_batch() -> None:
    """The amounts of the Swap events, and the refusals."""
    draw = np.random.default_rng(1)
    orders = pair_orders([(bool(draw.random() < 0.5), index % 5 * 100, index % 3 == 0, index) for index in range(40)])
    streamed, batched = (UniswapV2Pair.from_reserves(10**6, 10**6) for _ in range(2))
    totals = stream_pair_swaps(streamed, [orders[:9], orders[9:]])
    results = run_pair_swaps(batched, orders).results
    assert totals[2:] == tuple(sum(from_limbs(row[name]) for row in results) for name in FLOWS)
    assert (totals.done, totals.reverted) == (32, 8)
    assert streamed == batched


def test_a_stream_of_a_pairs_events_is_one_batch() -> None:
    """By kind: what swaps, mints and transfers bring in, what swaps, burns and skims take out."""
    draw = np.random.default_rng(1)
    kinds = draw.integers(0, len(PairCall), 60).tolist()
    calls = [
        PairEvent(PairCall(kind), time % 7 * 100, 500, time % 2 == 0, time % 3 % 2, time)
        for time, kind in enumerate(kinds)
    ]
    events, names = pair_events(calls), ["alice", "bob"]
    streamed, batched = (UniswapV2Pair.from_reserves(10**6, 10**6) for _ in range(2))
    totals = stream_pair_events(streamed, [events[:25], events[25:]], names)
    results = run_pair_events(batched, events, names).results
    for kind in PairCall:
        of_kind = results[events["kind"] == kind]
        flows = [sum(from_limbs(row) for row in of_kind[name]) for name in FLOWS]
        reverted = int(of_kind["reverted"].sum())
        assert totals[kind] == Totals(len(of_kind) - reverted, reverted, *flows)
    assert streamed == batched
    assert totals[PairCall.MINT].reverted > 0
    assert min(totals[kind].done for kind in PairCall) > 0


def test_a_stream_keeps_amounts_that_look_negative() -> None:
    """More than half of all integers came in by itself, and is skimmed: its highest bit is no sign."""
    most = 2**256 - 1 - 10**6
    pair = UniswapV2Pair.from_reserves(10**6, 10**6)
    totals = stream_pair_events(
        pair, [pair_events([PairEvent(PairCall.TRANSFER_IN, most), PairEvent(PairCall.SKIM)])], ["bob"]
    )
    assert (totals[PairCall.TRANSFER_IN].amount0_in, totals[PairCall.SKIM].amount0_out) == (most, most)


def test_a_stream_of_events_is_one_batch() -> None:
    """By kind: what mints and swaps bring in, what swaps and collects take out, what burns leave owed."""
    calls = []
    for time in range(12):
        calls += [
            PoolEvent(PoolCall.MINT, 10**15, 0, False, time % 2, -60 * (time % 3 + 1), 60, time),
            PoolEvent(PoolCall.SWAP, 10**13 * (-1) ** time, LOWEST, True, block_timestamp=time),
            PoolEvent(PoolCall.BURN, 10**14, 0, False, time % 2, -60, 60, time),
            PoolEvent(PoolCall.COLLECT, 2**128 - 1, 10**9, False, time % 2, -60, 60, time),
        ]
    events, names = pool_events(calls), ["alice", "bob"]
    streamed, batched = new_pool(), new_pool()
    totals = stream_pool_events(streamed, [events], names, compiled=False)
    results = run_pool_events(batched, events, names, compiled=False).results
    for kind in PoolCall:
        sign = 1 if kind in {PoolCall.SWAP, PoolCall.MINT} else -1
        assert totals[kind] == totals_of(results[events["kind"] == kind], sign)
    assert streamed == batched
    assert totals[PoolCall.MINT].amount0_in > totals[PoolCall.BURN].amount0_out > 0
    assert totals[PoolCall.BURN].reverted > 0


def peak(work: Callable[[], object]) -> int:
    """The most memory that work holds at a time, numpy's arrays included."""
    tracemalloc.start()
    try:
        work()
        return tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()


def test_memory_does_not_grow_with_the_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forty times as many orders in the same memory, which is less than that of their results."""
    pytest.importorskip("numba", reason="the plain engine would take minutes")
    monkeypatch.setattr(streams, "_PAIR_ROWS", 1 << 13)

    def batches(count: int) -> Iterator[Records]:
        for first in range(count):
            orders = np.zeros(1 << 14, dtype=PAIR_ORDER)
            orders["amount"][:, 0], orders["exact_input"] = 10**6, 1
            orders["zero_for_one"][::2], orders["block_timestamp"] = 1, first
            yield orders

    def work(count: int) -> Totals:
        return stream_pair_swaps(UniswapV2Pair.from_reserves(10**18, 10**18), batches(count), compiled=True)

    assert work(1).done == 1 << 14  # what is made once
    few, many = peak(lambda: work(1)), peak(lambda: work(40))
    assert many < 1.2 * few + 2 * (1 << 14) * PAIR_ORDER.itemsize
    assert many < 40 * (1 << 14) * PAIR_ORDER.itemsize / 10


def test_a_stream_stops_at_what_is_no_order() -> None:
    """What came before is done; time may not go backwards from one array to the next."""
    pair = UniswapV2Pair.from_reserves(10**6, 10**6)
    late, early = (pair_orders([(True, 100, True, time)]) for time in (10, 9))
    with pytest.raises(ArgumentError, match="block_timestamp"):
        stream_pair_swaps(pair, [late, early])
    assert pair.reserve0 == 10**6 + 100
