"""Streams of swaps, mints, burns and collects: the compiled engine beside the plain pool, state by state."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from naive_amm import uint

from amm import ArgumentError, UniswapV3Pool
from amm.batch import (
    POOL_EVENT,
    POOL_RESULT,
    EventRun,
    PoolCall,
    PoolEvent,
    pool_events,
    run_pool_events,
)
from amm.math.tick_math import MAX_SQRT_RATIO, MIN_SQRT_RATIO, get_sqrt_ratio_at_tick

OWNERS = ["alice", "bob", "carol"]
LOWEST, HIGHEST = MIN_SQRT_RATIO + 1, MAX_SQRT_RATIO - 1
MINT, BURN, COLLECT, SWAP = PoolCall.MINT, PoolCall.BURN, PoolCall.COLLECT, PoolCall.SWAP


@pytest.fixture(scope="module")
def compiler() -> None:
    """The loop, compiled once for all tests of this file."""
    pytest.importorskip("numba", reason="the compiled engine needs numba")
    run_pool_events(new_pool(), pool_events([PoolEvent(SWAP, 1, LOWEST, True)]), compiled=True)


def new_pool(fee: int = 3000, spacing: int = 60) -> UniswapV3Pool:
    pool = UniswapV3Pool(fee, spacing)
    pool.initialize(2**96)
    return pool


def assert_same(pool: UniswapV3Pool, events: list[PoolEvent], chunk: int = 10**9) -> list[EventRun]:
    """Run both engines from one state: equal results, errors and values, and equal states after every chunk."""
    twin, rows, runs = pool.copy(), pool_events(events), []
    for first in range(0, len(rows), chunk):
        batch = rows[first : first + chunk]
        fast = run_pool_events(pool, batch, OWNERS, compiled=True)
        plain = run_pool_events(twin, batch, OWNERS, compiled=False)
        assert (fast.results == plain.results).all()
        assert [(at, type(error), error.args) for at, error in fast.errors.items()] == [
            (at, type(error), error.args) for at, error in plain.errors.items()
        ]
        assert pool == twin
        runs.append(plain)
    return runs


# Random histories -----------------------------------------------------------------------------------------------------


@st.composite
def events(draw: st.DrawFn, spacing: int, time: int) -> PoolEvent:
    """One call of any kind around the price, now and then one that no contract would take."""
    kind, owner = draw(st.sampled_from([SWAP, SWAP, MINT, MINT, BURN, BURN, COLLECT])), draw(st.integers(0, 2))
    if kind == SWAP:
        down = draw(st.booleans())
        near = get_sqrt_ratio_at_tick(draw(st.integers(-6, 6)) * spacing)
        limit = draw(st.sampled_from([LOWEST if down else HIGHEST, near]))
        amount = draw(st.one_of(st.integers(-(10**12), 10**12), st.integers(-(10**25), 10**25)))
        return PoolEvent(kind, amount, limit, down, block_timestamp=time)
    lower = draw(st.integers(-3, 2))
    upper = draw(st.sampled_from([lower + 1, 3, 3, lower]))
    ticks = lower * spacing, upper * spacing + draw(st.sampled_from([0] * 20 + [1, 10**6, 2**24]))
    if kind == COLLECT:
        requested = st.sampled_from([0, 10, 10**6, 2**128 - 1, 2**128 - 1, 2**128])
        return PoolEvent(kind, draw(requested), draw(requested), False, owner, *ticks, time)
    amount = draw(st.one_of(st.sampled_from([0, 10**9, 10**18, 2**127, 2**128, -1]), uint(107)))
    return PoolEvent(kind, amount, 0, False, owner, *ticks, time)


@st.composite
def histories(draw: st.DrawFn) -> tuple[UniswapV3Pool, list[PoolEvent]]:
    """A pool with protocol fees and room for observations, and a stream of calls over time."""
    spacing = draw(st.sampled_from([1, 10, 60, 200, 16383]))
    pool = UniswapV3Pool(draw(st.integers(0, 999_999)), spacing)
    time = pool.block_timestamp = draw(st.sampled_from([0, 2**32 - 5, 1_700_000_000]))
    pool.initialize(get_sqrt_ratio_at_tick(draw(st.integers(-spacing, spacing))) + draw(st.integers(0, 10**20)))
    pool.set_fee_protocol(draw(st.sampled_from([0, 4, 10])), draw(st.sampled_from([0, 7])))
    pool.increase_observation_cardinality_next(draw(st.integers(1, 4)))
    pool.mint("alice", -3 * spacing, 3 * spacing, draw(uint(107, least=1)))
    calls = []
    for _ in range(draw(st.integers(1, 15))):
        time += draw(st.sampled_from([0, 0, 1, 12, 100_000]))
        calls.append(draw(events(spacing, time)))
    return pool, calls


@pytest.mark.usefixtures("compiler")
@given(histories(), st.integers(1, 15))
def test_random_histories_are_the_same_compiled(history: tuple[UniswapV3Pool, list[PoolEvent]], chunk: int) -> None:
    """Every result, every error with its values, and the whole state: ticks, bitmap, positions, oracle, balances."""
    assert_same(*history, chunk)


@pytest.mark.usefixtures("compiler")
@pytest.mark.parametrize("seed", range(3))
def test_long_histories_are_the_same_compiled(seed: int) -> None:
    """3,000 calls of three owners on thirteen ticks, with protocol fees, compared after every hundred."""
    draw = np.random.default_rng(seed)
    pool = new_pool(500, 10)
    pool.set_fee_protocol(5, 9)
    pool.increase_observation_cardinality_next(40)
    pool.mint("carol", -200, 200, 10**17)
    calls, time = [], 0
    for _ in range(3_000):
        time += int(draw.choice([0, 0, 12, 3_600]))
        kind = PoolCall(int(draw.choice([SWAP, SWAP, SWAP, MINT, BURN, COLLECT])))
        if kind == SWAP:
            down = bool(draw.random() < 0.5)
            amount, limit = int(draw.integers(-(10**15), 10**15)), LOWEST if down else HIGHEST
            calls.append(PoolEvent(kind, amount, limit, down, block_timestamp=time))
            continue
        lower, upper = sorted(draw.choice(np.arange(-6, 7), 2, replace=False).tolist())
        amount = int(draw.choice([0, 10**10, 10**12])) if kind == BURN else int(draw.integers(10**9, 10**16))
        owner = int(draw.integers(0, 3))
        calls.append(PoolEvent(kind, amount, 2**128 - 1, False, owner, lower * 10, upper * 10, time))
    runs = assert_same(pool, calls, 100)
    assert 50 < sum(len(run.errors) for run in runs) < 1_000
    assert len(pool.positions) > 50


@pytest.mark.usefixtures("compiler")
def test_ticks_come_and_go() -> None:
    """Liquidity taken away clears its ticks and their bits; given again, they start anew; price on a tick included."""
    wide, narrow = (-60, 60), (0, 60)
    calls = [
        PoolEvent(MINT, 10**18, 0, False, 0, *wide, 0),
        PoolEvent(MINT, 10**17, 0, False, 1, *narrow, 5),
        PoolEvent(SWAP, 10**40, get_sqrt_ratio_at_tick(60), False, block_timestamp=9),
        PoolEvent(BURN, 10**17, 0, False, 1, *narrow, 9),
        PoolEvent(SWAP, 10**40, get_sqrt_ratio_at_tick(0), True, block_timestamp=12),
        PoolEvent(SWAP, 10, LOWEST, True, block_timestamp=12),
        PoolEvent(MINT, 10**17, 0, False, 1, *narrow, 20),
        PoolEvent(BURN, 0, 0, False, 1, *narrow, 30),
        PoolEvent(COLLECT, 2**128 - 1, 2**128 - 1, False, 1, *narrow, 30),
        PoolEvent(BURN, 10**18, 0, False, 0, *wide, 31),
    ]
    pool = new_pool()
    (run,) = assert_same(pool, calls)
    assert not run.errors
    assert sorted(pool.ticks) == [0, 60]


@pytest.mark.usefixtures("compiler")
def test_refusals_carry_the_contracts_reasons() -> None:
    """Ranges that are none, ticks off the spacing, too much, too little, no position and an empty pool."""
    pool = new_pool()
    pool.mint("alice", -60, 60, 10**18)
    pool.balance0 = 1
    calls = [
        PoolEvent(MINT, 1, tick_lower=60, tick_upper=60),
        PoolEvent(MINT, 1, tick_lower=-887_280, tick_upper=60),
        PoolEvent(MINT, 1, tick_lower=-60, tick_upper=887_280),
        PoolEvent(MINT, 1, tick_lower=-61, tick_upper=60),
        PoolEvent(MINT, 0, tick_lower=-60, tick_upper=60),
        PoolEvent(MINT, 2**127 - 1, tick_lower=-60, tick_upper=60),
        PoolEvent(BURN, 10**18 + 1, tick_lower=-60, tick_upper=60),
        PoolEvent(BURN, 0, owner=1, tick_lower=-60, tick_upper=60),
        PoolEvent(BURN, 10**18, tick_lower=-60, tick_upper=60),
        PoolEvent(COLLECT, 10**9, 10**9, tick_lower=-60, tick_upper=60),
        PoolEvent(COLLECT, 1, 10**9, tick_lower=-60, tick_upper=60),
        PoolEvent(MINT, 1, tick_lower=-(2**23) - 1, tick_upper=60),
    ]
    (run,) = assert_same(pool, calls)
    reasons = {at: getattr(error, "reason", type(error).__name__) for at, error in run.errors.items()}
    expected = ["TLU", "TLM", "TUM", "", "", "LO", "LS", "NP", None, "TF", None, "ArgumentError"]
    assert reasons == {at: reason for at, reason in enumerate(expected) if reason is not None}


def test_events_that_are_no_events_are_refused() -> None:
    """Another dtype, time that goes backwards, no such call, no such owner; the pool is as before."""
    pool = new_pool()
    pool.block_timestamp = 100
    before = pool.copy()
    late, early = (PoolEvent(SWAP, 1, LOWEST, True, block_timestamp=time) for time in (101, 100))
    strange = pool_events([late])
    strange["kind"] = 4
    unnamed = pool_events([PoolEvent(MINT, 1, owner=3, tick_lower=-60, tick_upper=60, block_timestamp=100)])
    for rows in (np.zeros(3, dtype=[("a", "f8")]), np.zeros((2, 2), POOL_EVENT), pool_events([late, early]), strange):
        with pytest.raises(ArgumentError):
            run_pool_events(pool, rows, OWNERS)
    for owners in (OWNERS, ["x"] * 40_000):
        with pytest.raises(ArgumentError):
            run_pool_events(pool, unnamed, owners)
    with pytest.raises(ArgumentError):
        run_pool_events(pool, pool_events([late]), OWNERS, out=np.empty(2, dtype=POOL_RESULT))
    assert pool == before


def test_a_pool_without_a_price_refuses_every_event() -> None:
    """As the contract before initialize, on either engine."""
    calls = [PoolEvent(MINT, 1, tick_lower=-60, tick_upper=60), PoolEvent(SWAP, 1, LOWEST, True)]
    run = run_pool_events(UniswapV3Pool(3000, 60), pool_events(calls), OWNERS)
    assert [getattr(error, "reason", None) for error in run.errors.values()] == ["LOK", "LOK"]
