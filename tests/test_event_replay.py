"""A pool driven by its own events comes to the same state; one digit changed, or one event left out, is noticed."""

from collections.abc import Callable
from dataclasses import replace
from random import Random

import pytest
from chain_support.in_process import examples
from chain_support.recording import HASH, RecordingTwin
from differential import v3_rules
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from amm.event_replay import replay, touched_holders, touched_positions
from amm.events import EventRecord, Replayed, ReplayMismatchError
from amm.math.tick_math import MAX_SQRT_RATIO, MIN_SQRT_RATIO, get_sqrt_ratio_at_tick
from amm.state_difference import Difference, first_difference
from amm.uniswap_v2 import ZERO_ADDRESS, UniswapV2Pair
from amm.uniswap_v3.pool import UniswapV3Pool

DRAWS = st.randoms(use_true_random=False)
ALICE, BOB, PAIR = ("0x" + digit * 40 for digit in "abc")


TOLD = {
    "Initialize": {"tick"},
    "Mint": {"tick_lower", "tick_upper", "amount", "amount0", "amount1"},
    "Burn": {"tick_lower", "tick_upper", "amount", "amount0", "amount1"},
    "Collect": {"amount0", "amount1"},
    "Swap": {"liquidity", "tick"},
    "Flash": {"paid0", "paid1"},
    "IncreaseObservationCardinalityNext": {"observation_cardinality_next_old", "observation_cardinality_next_new"},
    "SetFeeProtocol": {"fee_protocol0_old", "fee_protocol1_old", "fee_protocol0_new", "fee_protocol1_new"},
    "CollectProtocol": {"amount0", "amount1"},
}
"""The arguments of which one digit more makes another history.

A swap of one unit more, or one that stops one price further, may be just as possible; a loan leaves only its fee.
"""


def moved(event: EventRecord) -> int:
    """The larger amount of tokens that an event moved."""
    amounts = event.integers(*({"amount0", "amount1"} & set(event.fields)))
    return max(map(abs, amounts), default=0)


def random_life(random: Random) -> tuple[UniswapV3Pool, RecordingTwin]:
    """A pool with a past, as it was, and after some more calls whose events were noted."""
    twin = RecordingTwin(*random.choice([(500, 10), (3000, 60), (10_000, 200), (80_000, 887)]))
    if random.random() < 0.8:
        begin(twin, random)
    twin.events.clear()
    start = twin.model.copy()
    if start.slot0.sqrt_price_x96 == 0:
        begin(twin, random)
    for _ in range(examples(15)):
        random.choice(v3_rules.RULES)(twin, random)
    return start, twin


def begin(twin: RecordingTwin, random: Random) -> None:
    twin.initialize(get_sqrt_ratio_at_tick(random.randint(-100_000, 100_000)) + random.randint(0, 10**9))
    v3_rules.mint_full_range(twin, random)
    for _ in range(5):
        random.choice(v3_rules.LIQUIDITY)(twin, random)


def notices(start: UniswapV3Pool, events: list[EventRecord], end: UniswapV3Pool) -> bool:
    """Whether these events fail to lead from one state to the other."""
    pool = start.copy()
    try:
        replay(pool, events)
    except ReplayMismatchError:
        return True
    return first_difference(pool, end) is not None


@settings(max_examples=examples(60))
@given(random=DRAWS)
def test_the_events_of_a_pool_lead_to_its_state(random: Random) -> None:
    """Exact inputs, exact outputs, limits, partial fills, flashes: found again from the log, to the last word."""
    start, twin = random_life(random)
    replayed = replay(start, twin.events)
    assert replayed.events == len(twin.events)
    assert sum(replayed[1:]) == sum(event.event == "Swap" for event in twin.events)
    assert first_difference(start, twin.model) is None


def test_tokens_that_came_in_without_an_event_may_leave_with_one() -> None:
    """A loan of more than all events brought in is no mismatch: anyone can send tokens to a pool."""
    twin = RecordingTwin(3000, 60)
    twin.initialize(2**96)
    twin.mint(ALICE, -60, 60, 10**18)
    start = twin.model.copy()
    twin.events.clear()
    twin.donate(10**20, 0)
    twin.flash(10**19, 0, (10**19 + 10**17, 0))
    assert replay(start, twin.events) == Replayed(events=1)
    assert first_difference(start, twin.model) is None
    assert start.balance0 == twin.model.balance0 - 10**20


def test_a_swap_is_found_by_what_it_was_asked_for() -> None:
    """Input and output come first: a limit explains only what they do not."""
    twin = RecordingTwin(3000, 60)
    twin.initialize(2**96)
    twin.mint(ALICE, -887220, 887220, 10**18)
    start = twin.model.copy()
    twin.events.clear()
    for _ in range(3):
        twin.swap(True, 10**15, MIN_SQRT_RATIO + 1)
        twin.swap(False, -(10**15), MAX_SQRT_RATIO - 1)
    twin.swap(True, 10**18, get_sqrt_ratio_at_tick(-77))
    assert replay(start, twin.events) == Replayed(events=7, exact_input=3, exact_output=3, price_limit=1)


@settings(max_examples=examples(60))
@given(random=DRAWS, change=st.sampled_from([1, -1]))
def test_a_changed_digit_is_noticed(random: Random, change: int) -> None:
    """One more or one less, in any number that a pool could not have had otherwise: the replay does not come out."""
    start, twin = random_life(random)
    known = [(i, name) for i, event in enumerate(twin.events) for name in event.fields if name in TOLD[event.event]]
    assume(known)
    index, name = random.choice(known)
    event = twin.events[index]
    wrong = replace(event, fields={**event.fields, name: event.fields[name] + change})  # type: ignore[operator]  # a number
    assert notices(start, [*twin.events[:index], wrong, *twin.events[index + 1 :]], twin.model)


@settings(max_examples=examples(60))
@given(random=DRAWS)
def test_an_event_left_out_is_noticed(random: Random) -> None:
    """Without one event that changed something the rest does not come out.

    A poke is made up for by the next one, and a swap too small for a fee by the next price.
    """
    start, twin = random_life(random)
    told = [i for i, event in enumerate(twin.events) if moved(event) > 10**5]
    assume(told)
    index = random.choice(told)
    before = start.copy()
    replay(before, twin.events[:index])
    after = before.copy()
    replay(after, twin.events[index : index + 1])
    assume(first_difference(before, after) is not None)
    assert notices(start, [*twin.events[:index], *twin.events[index + 1 :]], twin.model)


def test_a_mismatch_names_event_field_and_values() -> None:
    """The first argument that differs, both values, the place in the chain, and how many agreed before."""
    pool = UniswapV3Pool(3000, 60)
    events = [
        record("Initialize", 5, sqrt_price_x96=2**96, tick=0),
        record("Mint", 6, owner=ALICE, tick_lower=-60, tick_upper=60, amount=10**18, amount0=1, amount1=2),
    ]
    with pytest.raises(ReplayMismatchError) as caught:
        replay(pool, events)
    error = caught.value
    assert (error.field, error.chain, error.model, error.agreed) == ("amount0", 1, 2995354955910781, 1)
    assert str(error) == "Mint in block 6, log 0: amount0 is 1 on the chain and 2995354955910781 in the model"


def test_a_call_that_the_model_refuses_is_a_mismatch() -> None:
    """What the chain accepted and the model reverts says why it does."""
    with pytest.raises(ReplayMismatchError, match="the call is accepted on the chain and refused: LOK"):
        replay(UniswapV3Pool(3000, 60), [record("Burn", 1, owner=ALICE, tick_lower=-60, tick_upper=60, amount=1)])


def test_a_swap_that_nothing_explains_is_a_mismatch() -> None:
    """A log without amounts and without a change of price could be no swap of this pool."""
    pool = UniswapV3Pool(3000, 60)
    pool.initialize(2**96)
    swap = record("Swap", 2, amount0=0, amount1=0, sqrt_price_x96=2**96, liquidity=0, tick=0)
    with pytest.raises(ReplayMismatchError, match="the call is made on the chain and not possible"):
        replay(pool, [swap])


def test_a_swap_through_no_liquidity_is_found_by_its_price() -> None:
    """Amounts of zero do not say the direction; the price does."""
    for tick in (-5, 5):
        pool = UniswapV3Pool(3000, 60)
        pool.initialize(2**96)
        price = get_sqrt_ratio_at_tick(tick)
        swap = record("Swap", 2, amount0=0, amount1=0, sqrt_price_x96=price, liquidity=0, tick=tick)
        assert replay(pool, [swap]) == Replayed(events=1, price_limit=1)


def test_time_never_goes_backwards() -> None:
    """Events out of order are refused."""
    pool = UniswapV3Pool(3000, 60)
    pool.block_timestamp = 10**10
    with pytest.raises(ReplayMismatchError, match="block_timestamp"):
        replay(pool, [record("Initialize", 5, sqrt_price_x96=2**96, tick=0)])


# v2 -------------------------------------------------------------------------------------------------------------------


def first_mint() -> list[EventRecord]:
    return [
        record("Transfer", 1, 0, sender=ZERO_ADDRESS, recipient=ZERO_ADDRESS, value=1000),
        record("Transfer", 1, 1, sender=ZERO_ADDRESS, recipient=ALICE, value=9000),
        record("Sync", 1, 2, reserve0=10_000, reserve1=10_000),
        record("Mint", 1, 3, sender=BOB, amount0=10_000, amount1=10_000),
    ]


def swap_logs(amount_out: int = 996) -> list[EventRecord]:
    return [
        record("Sync", 2, 7, reserve0=11_000, reserve1=10_000 - amount_out),
        record(
            "Swap",
            2,
            8,
            sender=BOB,
            amount0_in=1000,
            amount1_in=0,
            amount0_out=0,
            amount1_out=amount_out,
            recipient=BOB,
        ),
    ]


def test_a_pairs_logs_are_put_together_to_calls() -> None:
    """A first mint, a swap, a sync, shares that change hands, a burn: the pair ends where the last log says."""
    pair = UniswapV2Pair(address=PAIR)
    events = [
        *first_mint(),
        *swap_logs(900),
        record("Sync", 3, 0, reserve0=12_000, reserve1=9100),
        record("Approval", 3, 1, owner=ALICE, spender=BOB, value=1),
        record("Transfer", 3, 2, sender=ALICE, recipient=PAIR, value=5000),
        record("Transfer", 3, 3, sender=PAIR, recipient=ZERO_ADDRESS, value=5000),
        record("Sync", 3, 4, reserve0=6000, reserve1=4550),
        record("Burn", 3, 5, sender=BOB, amount0=6000, amount1=4550, recipient=BOB),
        record("Sync", 4, 0, reserve0=6001, reserve1=4550),
    ]
    assert replay(pair, events) == Replayed(len(events))
    assert (pair.reserve0, pair.reserve1, pair.total_supply) == (6001, 4550, 5000)
    assert pair.balance_of == {ZERO_ADDRESS: 1000, ALICE: 4000, PAIR: 0}


@pytest.mark.parametrize(
    ("index", "change", "field"),
    [
        (0, {"value": 999}, "shares minted in all"),
        (1, {"value": 9001}, "value"),
        (2, {"reserve0": 10_001}, "reserve0"),
        (3, {"amount1": 10_001}, "reserve1"),
        (4, {"reserve1": 9001}, "reserve1"),
        (5, {"amount1_out": 997}, "the call"),
        (5, {"amount0_in": 1001}, "reserve0"),
    ],
)
def test_a_pairs_changed_digit_is_noticed(index: int, change: dict[str, int], field: str) -> None:
    """The first log that does not follow from those before it is named, and how many agreed."""
    events = [*first_mint(), *swap_logs(906)]
    events[index] = replace(events[index], fields={**events[index].fields, **change})
    pair = UniswapV2Pair(address=PAIR)
    with pytest.raises(ReplayMismatchError) as caught:
        replay(pair, events)
    assert caught.value.field == field


@pytest.mark.parametrize("missing", range(5))
def test_a_pairs_event_left_out_is_noticed(missing: int) -> None:
    """No log of a call is dispensable, but for a Swap: without it, its Sync is a call of its own."""
    events = [*first_mint(), *swap_logs(906)]
    whole = UniswapV2Pair(address=PAIR)
    replay(whole, events)
    del events[missing]
    pair = UniswapV2Pair(address=PAIR)
    try:
        replay(pair, events)
    except ReplayMismatchError:
        return
    assert first_difference(pair, whole) is not None


def test_what_the_events_touch() -> None:
    """Each position, and each holder of shares, once, as they first appear."""
    burn = record("Burn", 1, owner=BOB, tick_lower=-60, tick_upper=60, amount=0, amount0=0, amount1=0)
    collect = record("Collect", 1, 1, owner=ALICE, tick_lower=0, tick_upper=60, amount0=0, amount1=0)
    assert touched_positions([burn, collect, burn]) == [(BOB, -60, 60), (ALICE, 0, 60)]
    assert touched_holders(first_mint()) == [ZERO_ADDRESS, ALICE]


# Differences ----------------------------------------------------------------------------------------------------------


CHANGES: list[tuple[str, Callable[[UniswapV3Pool], object]]] = [
    ("slot0.tick", lambda pool: setattr(pool, "slot0", pool.slot0._replace(tick=7))),
    ("liquidity", lambda pool: setattr(pool, "liquidity", 7)),
    ("fee_growth_global1_x128", lambda pool: setattr(pool, "fee_growth_global1_x128", 7)),
    ("protocol_fees.token1", lambda pool: setattr(pool, "protocol_fees", pool.protocol_fees._replace(token1=7))),
    ("ticks[-60].liquidity_net", lambda pool: pool.ticks.update({-60: pool.ticks[-60]._replace(liquidity_net=7)})),
    ("ticks[60]", lambda pool: pool.ticks.pop(60)),
    ("tick_bitmap[0]", lambda pool: pool.tick_bitmap.update({0: 7})),
    (
        "observations[0].tick_cumulative",
        lambda pool: pool.observations.append(pool.observations.pop()._replace(tick_cumulative=7)),
    ),
    ("observations[1]", lambda pool: pool.observations.append(pool.observations[0])),
]


@pytest.mark.parametrize(("field", "change"), CHANGES, ids=[field for field, _ in CHANGES])
def test_a_difference_is_named_by_its_field(field: str, change: Callable[[UniswapV3Pool], object]) -> None:
    """Every part of a pool's state counts."""
    pool = UniswapV3Pool(3000, 60)
    pool.initialize(2**96)
    pool.mint(ALICE, -60, 60, 10**18)
    other = pool.copy()
    assert first_difference(pool, other) is None
    change(other)
    found = first_difference(pool, other)
    assert found is not None
    assert found.field == field


def test_positions_count_where_both_know_them() -> None:
    """A snapshot holds chosen positions only; of those, every field counts."""
    pool = UniswapV3Pool(3000, 60)
    pool.initialize(2**96)
    pool.mint(ALICE, -60, 60, 10**18)
    other = pool.copy()
    other.positions[ALICE, -60, 60] = other.positions[ALICE, -60, 60]._replace(tokens_owed1=7)
    assert first_difference(pool, other) == Difference(f"positions[('{ALICE}', -60, 60)].tokens_owed1", 0, 7)
    del other.positions[ALICE, -60, 60]
    assert first_difference(pool, other) is None


def test_allowances_count_where_both_know_them() -> None:
    """A node lists no allowances: one that only one side has is no difference, another value is."""
    pair = UniswapV2Pair()
    other = pair.copy()
    other.approve(ALICE, BOB, 7)
    assert first_difference(pair, other) is None
    pair.approve(ALICE, BOB, 8)
    assert first_difference(pair, other) == Difference(f"allowance[('{ALICE}', '{BOB}')]", 8, 7)


def test_a_pool_is_no_pair() -> None:
    """Two kinds differ by that."""
    assert first_difference(UniswapV3Pool(3000, 60), UniswapV2Pair()) == Difference(
        "kind", "UniswapV3Pool", "UniswapV2Pair"
    )


def record(event: str, block: int, log_index: int = 0, /, **fields: int | str) -> EventRecord:
    return EventRecord(event, block, HASH, 12 * block, HASH, 0, log_index, fields)
