"""Streams of swaps, mints and burns of a v2 pair: the compiled engine beside the plain one, state by state."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from naive_amm import uint

from amm import ArgumentError, UniswapV2Pair
from amm.batch import (
    PAIR_EVENT,
    PAIR_EVENT_RESULT,
    PairCall,
    PairEvent,
    PairEventRun,
    from_limbs,
    pair_events,
    run_pair_events,
)
from amm.uniswap_v2 import MINIMUM_LIQUIDITY, ZERO_ADDRESS

OWNERS = ["alice", "bob", "treasury", "alice", ZERO_ADDRESS, "pair", "token0"]
INPUT, OUTPUT, MINT, BURN = (
    PairCall.SWAP_EXACT_INPUT,
    PairCall.SWAP_EXACT_OUTPUT,
    PairCall.MINT,
    PairCall.BURN,
)
TRANSFER_IN, SKIM, SYNC = PairCall.TRANSFER_IN, PairCall.SKIM, PairCall.SYNC
FLOWS = ("amount0_in", "amount1_in", "amount0_out", "amount1_out")


@pytest.fixture(scope="module")
def compiler() -> None:
    """The loop, compiled once for all tests of this file."""
    pytest.importorskip("numba", reason="the compiled engine needs numba")
    run_pair_events(UniswapV2Pair.from_reserves(10, 10), pair_events([PairEvent(INPUT, 1)]), OWNERS, compiled=True)


def assert_same(pair: UniswapV2Pair, events: list[PairEvent], chunk: int = 10**9) -> list[PairEventRun]:
    """Run both engines from one state: equal results, errors and values, and equal states after every chunk."""
    twin, rows, runs = pair.copy(), pair_events(events), []
    for first in range(0, len(rows), chunk):
        batch = rows[first : first + chunk]
        fast = run_pair_events(pair, batch, OWNERS, compiled=True)
        plain = run_pair_events(twin, batch, OWNERS, compiled=False)
        assert (fast.results == plain.results).all()
        assert [(at, type(error), error.args) for at, error in fast.errors.items()] == [
            (at, type(error), error.args) for at, error in plain.errors.items()
        ]
        assert pair == twin
        runs.append(plain)
    return runs


def column(run: PairEventRun, name: str) -> list[int]:
    return [from_limbs(row) for row in run.results[name]]


# Random histories -----------------------------------------------------------------------------------------------------

KINDS = [INPUT, INPUT, OUTPUT, MINT, MINT, MINT, BURN, BURN, BURN, TRANSFER_IN, SKIM, SYNC]


@st.composite
def histories(draw: st.DrawFn) -> tuple[UniswapV2Pair, list[PairEvent]]:
    """A pair of any size, new or old, with the protocol's fee or without, and what can be done with it over time."""
    time = draw(st.sampled_from([0, 2**32 - 5, 1_700_000_000]))
    fee_to = draw(st.sampled_from([None, "treasury", "treasury", "alice", "token0", "pair"]))
    reserve0, reserve1 = draw(uint(112, least=1)), draw(uint(112, least=1))
    if draw(st.integers(0, 3)):
        supply = draw(st.one_of(st.none(), uint(256, least=1)))
        pair = UniswapV2Pair.from_reserves(reserve0, reserve1, total_supply=supply, block_timestamp=time)
        pair.balance_of["bob"] = pair.balance_of[ZERO_ADDRESS] // 2
        pair.balance_of[ZERO_ADDRESS] -= pair.balance_of["bob"]
        pair.k_last = draw(st.sampled_from([0, 1, reserve0 * reserve1 // 2, reserve0 * reserve1]))
    else:
        pair = UniswapV2Pair()
        pair.block_timestamp = time
    pair.fee_to = fee_to
    amounts = st.one_of(
        uint(256),
        st.integers(1, 10**6).map(lambda part: reserve0 // part),
        st.integers(1, 10**6).map(lambda part: reserve1 // part),
        st.integers(1, 10**6).map(lambda part: pair.total_supply // part),
    )
    events = []
    for _ in range(draw(st.integers(1, 12))):
        time += draw(st.sampled_from([0, 0, 1, 12, 2**33]))
        kind, owner = draw(st.sampled_from(KINDS)), draw(st.integers(0, len(OWNERS) - 1))
        events.append(PairEvent(kind, draw(amounts), draw(amounts), draw(st.booleans()), owner, time))
    return pair, events


@pytest.mark.usefixtures("compiler")
@given(histories(), st.integers(1, 12))
def test_random_histories_are_the_same_compiled(history: tuple[UniswapV2Pair, list[PairEvent]], chunk: int) -> None:
    """Every result, every error with its values, and the pair: reserves, price sums, k and everybody's shares."""
    assert_same(*history, chunk)


@pytest.mark.usefixtures("compiler")
@pytest.mark.parametrize("fee_to", [None, "treasury", "alice"])
@pytest.mark.parametrize("reserves", [(5 * 10**13, 15 * 10**21), (10**9, 10**30)])
def test_long_histories_are_the_same_compiled(fee_to: str | None, reserves: tuple[int, int]) -> None:
    """3,000 calls of four owners over many blocks, compared after every hundred."""
    draw = np.random.default_rng(7)
    pair = UniswapV2Pair.from_reserves(*reserves)
    pair.fee_to = fee_to
    kinds = [INPUT, INPUT, OUTPUT, OUTPUT, MINT, BURN] * 8 + [TRANSFER_IN, SKIM, SYNC]
    events, time = [], 0
    for _ in range(3_000):
        time += int(draw.choice([0, 0, 12, 3_600]))
        kind, down, owner = kinds[int(draw.integers(len(kinds)))], bool(draw.random() < 0.5), int(draw.integers(5))
        part = int(draw.integers(100, 10**5))
        amount, amount1 = reserves[0] // part, reserves[1] // part
        if kind in {INPUT, OUTPUT}:
            amount = reserves[down == (kind == OUTPUT)] // part
        elif kind == BURN:
            amount = pair.total_supply // (3 * part)
        events.append(PairEvent(kind, amount, amount1, down, owner, time))
    runs = assert_same(pair, events, 100)
    assert sum(len(run.errors) for run in runs) < 500
    assert pair.balance_of["bob"] > 0
    assert fee_to is None or pair.balance_of[fee_to] > 0


# One after the other --------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("compiler")
def test_a_pair_from_its_first_mint_to_its_last_burn() -> None:
    """What is locked, the shares, the protocol's sixth and the reserves are the contract's in every step."""
    pair, unit = UniswapV2Pair(fee_to="treasury"), 10**18
    (run,) = assert_same(
        pair,
        [
            PairEvent(MINT, 1000 * unit, 1000 * unit),
            PairEvent(INPUT, unit, block_timestamp=12),
            PairEvent(BURN, 1000 * unit - MINIMUM_LIQUIDITY, block_timestamp=24),
        ],
    )
    assert column(run, "shares") == [1000 * unit - MINIMUM_LIQUIDITY, 0, 1000 * unit - MINIMUM_LIQUIDITY]
    assert [column(run, name)[1] for name in FLOWS] == [0, unit, 996006981039903216, 0]
    # The figures of the contract's own test of this fee.
    assert column(run, "total_supply")[2] == MINIMUM_LIQUIDITY + 249750499251388
    assert column(run, "reserve0")[2] == 1000 + 249501683697445
    assert column(run, "reserve1")[2] == 1000 + 250000187312969


@pytest.mark.usefixtures("compiler")
def test_what_comes_in_by_itself_belongs_to_the_next_who_asks() -> None:
    """A mint counts it as its own, a swap takes it for input, skim takes it away, and sync makes it everybody's."""
    pair = UniswapV2Pair.from_reserves(10**6, 10**6)
    gift = PairEvent(TRANSFER_IN, 500, 700)
    (run,) = assert_same(
        pair,
        [
            gift,
            PairEvent(MINT, 500, 300),
            gift,
            PairEvent(INPUT, 100, zero_for_one=True),
            gift,
            PairEvent(SKIM),
            gift,
            PairEvent(SYNC),
            PairEvent(INPUT, 10, zero_for_one=True),
        ],
    )
    assert not run.errors
    assert [column(run, name)[1] for name in ("amount0_in", "amount1_in", "shares")] == [1000, 1000, 1000]
    assert [column(run, name)[3] for name in FLOWS[:2]] == [600, 700]
    assert [column(run, name)[5] for name in FLOWS] == [0, 0, 500, 700]
    assert [column(run, name)[7] for name in FLOWS] == [0] * 4
    assert column(run, "reserve0")[7] == 10**6 + 1000 + 600 + 500


@pytest.mark.usefixtures("compiler")
def test_a_burn_destroys_what_the_pair_holds_already() -> None:
    """Shares sent to the pair before are burnt with the owner's, for the owner."""
    pair = UniswapV2Pair.from_reserves(10**6, 10**6)
    pair.transfer(ZERO_ADDRESS, "pair", 1_000)
    (run,) = assert_same(pair, [PairEvent(MINT, 10**5, 10**5), PairEvent(BURN, 10**5)])
    assert column(run, "shares") == [10**5, 101_000]
    assert pair.balance_of["pair"] == 0


@pytest.mark.usefixtures("compiler")
def test_refusals_carry_the_contracts_reasons() -> None:
    """Nothing for nothing, more than one has, more than 112 bits; what was sent ahead is as before."""
    pair = UniswapV2Pair.from_reserves(10**6, 10**6)
    pair.transfer(ZERO_ADDRESS, "alice", 1_000)
    before = pair.copy()
    (run,) = assert_same(
        pair,
        [
            PairEvent(MINT),
            PairEvent(MINT, 2**112, 2**112),
            PairEvent(MINT, 2**256 - 1, 1),
            PairEvent(MINT, 2**240, 2**240),
            PairEvent(BURN),
            PairEvent(BURN, 1_001),
            PairEvent(BURN, 1, owner=1),
            PairEvent(INPUT),
            PairEvent(OUTPUT, 10**6, zero_for_one=True),
            PairEvent(OUTPUT, 1, owner=6),
            PairEvent(TRANSFER_IN, 2**256 - 1, 0),
        ],
    )
    assert pair == before
    assert [getattr(error, "reason", type(error).__name__) for error in run.errors.values()] == [
        "UniswapV2: INSUFFICIENT_LIQUIDITY_MINTED",
        "UniswapV2: OVERFLOW",
        "ArgumentError",
        "ds-math-mul-overflow",
        "UniswapV2: INSUFFICIENT_LIQUIDITY_BURNED",
        "ds-math-sub-underflow",
        "ds-math-sub-underflow",
        "UniswapV2Library: INSUFFICIENT_INPUT_AMOUNT",
        "",
        "UniswapV2: INVALID_TO",
        "ArgumentError",
    ]


@pytest.mark.usefixtures("compiler")
def test_a_locked_pair_refuses_every_call_but_a_transfer() -> None:
    """As inside another call, on either engine."""
    pair = UniswapV2Pair.from_reserves(10**6, 10**6)
    pair.unlocked = False
    (run,) = assert_same(pair, [PairEvent(kind, 1_000, 1_000) for kind in PairCall if kind != BURN])
    reasons = [getattr(error, "reason", None) for error in run.errors.values()]
    assert reasons == ["UniswapV2: LOCKED"] * 5
    assert list(run.errors) == [0, 1, 2, 4, 5]


@pytest.mark.usefixtures("compiler")
def test_the_loop_does_swaps_mints_and_burns_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of an ordinary stream is left to the plain pair."""
    from amm._compiled import pair_event_batch  # noqa: PLC0415 - numba may be absent

    def refuse(*_arguments: object) -> None:
        raise RuntimeError("left to the plain pair")

    monkeypatch.setattr(pair_event_batch, "call_plainly", refuse)
    pair = UniswapV2Pair.from_reserves(10**12, 10**12)
    pair.fee_to, pair.k_last = "treasury", 10**24 - 10**20
    kinds = [MINT, INPUT, BURN, OUTPUT]
    rows = [PairEvent(kind, 10**9 - index, 10**9, owner=2, block_timestamp=index) for index, kind in enumerate(kinds)]
    run = run_pair_events(pair, pair_events(rows), OWNERS, compiled=True)
    assert not run.errors
    assert pair.balance_of["treasury"] > 0


@pytest.mark.usefixtures("compiler")
def test_results_go_where_they_are_told_to() -> None:
    """An array that is given is written over and returned, on either engine."""
    events = pair_events([PairEvent(MINT, 1_000, 1_000), PairEvent(MINT), PairEvent(BURN, 1_000, block_timestamp=9)])
    for compiled in (True, False):
        out = np.full(3 * PAIR_EVENT_RESULT.itemsize, 0xFF, dtype=np.uint8).view(PAIR_EVENT_RESULT)
        pair = UniswapV2Pair.from_reserves(10**6, 10**6)
        run = run_pair_events(pair, events, ["alice"], out=out, compiled=compiled)
        assert run.results is out
        assert [column(run, name) for name in FLOWS] == [[1_000, 0, 0], [1_000, 0, 0], [0, 0, 1_000], [0, 0, 1_000]]
        assert out["reverted"].tolist() == [0, 1, 0]


def test_events_that_are_no_events_are_refused() -> None:
    """Another dtype, time that goes backwards, no such call, no such owner, no room; the pair is as before."""
    pair = UniswapV2Pair.from_reserves(10**6, 10**6, block_timestamp=100)
    before = pair.copy()
    late, early = (PairEvent(INPUT, 1, block_timestamp=time) for time in (101, 100))
    strange, flagged = pair_events([late]), pair_events([late])
    strange["kind"], flagged["zero_for_one"] = 7, 2
    unnamed = pair_events([late._replace(owner=len(OWNERS))])
    backwards, shaped = pair_events([late, early]), np.zeros((2, 2), PAIR_EVENT)
    for rows in (np.zeros(3, dtype=[("a", "f8")]), shaped, backwards, strange, flagged, unnamed):
        with pytest.raises(ArgumentError):
            run_pair_events(pair, rows, OWNERS)
    with pytest.raises(ArgumentError):
        run_pair_events(pair, pair_events([late]), OWNERS, out=np.empty(2, dtype=PAIR_EVENT_RESULT))
    assert pair == before
