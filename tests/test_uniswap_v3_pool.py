"""The v3 pool call by call: the contract's examples, every revert in its order, payments, fees and flash loans."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amm import ArgumentError, PositionInfo, ProtocolFees, RevertError, UniswapV3Pool
from amm.math.price import sqrt_price_x96_rounding_down
from amm.math.tick_math import MAX_SQRT_RATIO, MAX_TICK, MIN_SQRT_RATIO, MIN_TICK
from amm.uniswap_v3.state import Slot0

UNIT = 10**18
ONE = 2**96
LOWEST, HIGHEST = -887220, 887220
NO_LIMIT = {True: MIN_SQRT_RATIO + 1, False: MAX_SQRT_RATIO - 1}
ALL = 2**128 - 1


def pool_at_one(liquidity: int = 2 * UNIT) -> UniswapV3Pool:
    """A 0.3 % pool at a price of one, with one position over all ticks."""
    pool = UniswapV3Pool(3000, 60)
    pool.initialize(ONE)
    pool.mint("lp", LOWEST, HIGHEST, liquidity)
    return pool


def contracts_pool() -> UniswapV3Pool:
    """The pool of the contract's mint tests: at a price of one tenth, with 3161 of liquidity over all ticks."""
    pool = UniswapV3Pool(3000, 60)
    pool.initialize(sqrt_price_x96_rounding_down(1, 10))
    pool.mint("lp", LOWEST, HIGHEST, 3161)
    return pool


# The contract's own examples ------------------------------------------------------------------------------------------


def test_initialize() -> None:
    """The price and its tick, one observation, unlocked."""
    pool = UniswapV3Pool(3000, 60)
    pool.block_timestamp = 2**32 + 7
    assert pool.initialize(sqrt_price_x96_rounding_down(1, 2)) == -6932
    assert pool.slot0 == Slot0(56022770974786139918731938227, -6932, 0, 1, 1, 0, True)
    assert [tuple(observation) for observation in pool.observations] == [(7, 0, 0, True)]


def test_the_contracts_mints() -> None:
    """Amounts of the contract's tests above, around, below and at the ends of the range."""
    assert (contracts_pool().balance0, contracts_pool().balance1) == (9996, 1000)
    for lower, upper, amount, expected in (
        (-22980, 0, 10_000, (21549, 0)),
        (-240, 0, 10_000, (121, 0)),
        (MAX_TICK // 60 * 60 - 60, HIGHEST, 1 << 102, (828011525, 0)),
        (LOWEST + 60, HIGHEST - 60, 10_000, (31623, 3163)),
        (LOWEST, HIGHEST, 10_000, (31623, 3163)),
        (-46080, -23040, 10_000, (0, 2162)),
        (-46080, -46020, 10_000, (0, 4)),
        (LOWEST, LOWEST + 60, 1 << 102, (0, 828011520)),
    ):
        assert contracts_pool().mint("lp", lower, upper, amount) == expected, (lower, upper)


def test_a_mint_initialises_its_ticks() -> None:
    """Gross, net and the convention that all growth so far happened below; the last burn clears the tick."""
    pool = contracts_pool()
    pool.mint("lp", -240, 0, 100)
    assert (pool.ticks[-240].liquidity_gross, pool.ticks[-240].liquidity_net) == (100, 100)
    assert (pool.ticks[0].liquidity_gross, pool.ticks[0].liquidity_net) == (100, -100)
    pool.mint("other", -240, 60, 150)
    pool.mint("other", 0, 120, 60)
    assert (pool.ticks[-240].liquidity_gross, pool.ticks[0].liquidity_gross) == (250, 160)
    assert (pool.ticks[0].liquidity_net, pool.ticks[60].liquidity_net) == (-40, -150)
    pool.burn("lp", -240, 0, 100)
    pool.burn("other", -240, 60, 150)
    assert -240 not in pool.ticks
    assert pool.ticks[0].liquidity_gross == 60


def test_the_contracts_fee_growth() -> None:
    """The swaps of the contract's protocol-fee tests: 10**15 in leave 3 * 10**12 of fee, of which a sixth is kept."""
    pool = pool_at_one(UNIT)
    assert pool.swap(True, 10**15, NO_LIMIT[True]).fee0 == 3 * 10**12
    assert pool.fee_growth_global0_x128 == 1020847100762815390390123822295304
    pool = pool_at_one(UNIT)
    pool.set_fee_protocol(6, 6)
    result = pool.swap(True, 10**15, NO_LIMIT[True])
    assert (result.fee0, result.protocol_fee0, result.fee1, result.protocol_fee1) == (3 * 10**12, 5 * 10**11, 0, 0)
    assert pool.protocol_fees == ProtocolFees(500000000000, 0)
    assert pool.fee_growth_global0_x128 == 850705917302346158658436518579420
    pool.burn("lp", LOWEST, HIGHEST, 0)
    assert pool.collect("lp", LOWEST, HIGHEST, ALL, ALL) == (2499999999999, 0)


def test_a_swap_down_onto_a_tick_leaves_the_tick_below() -> None:
    """Stopped exactly on an initialised tick the pool is one tick below its price, and outside the range above."""
    pool = pool_at_one()
    pool.mint("narrow", -120, 0, UNIT)
    pool.mint("narrow", 0, 120, UNIT)
    pool.swap(False, 10**15, NO_LIMIT[False])
    result = pool.swap(True, UNIT, ONE)
    assert (result.sqrt_price_x96, result.tick, pool.slot0.tick) == (ONE, -1, -1)
    assert pool.mint("narrow", 0, 120, UNIT)[1] == 0
    assert pool.swap(False, 1, NO_LIMIT[False]).tick == 0


def test_a_swap_that_moves_no_price_keeps_the_tick() -> None:
    """One unit against much liquidity is all fee: the tick stays below a price it stands on."""
    pool = pool_at_one(10**30)
    pool.mint("narrow", -60, 0, 1)
    pool.swap(False, UNIT, NO_LIMIT[False])
    pool.swap(True, 2 * UNIT, ONE)
    assert pool.slot0[:2] == (ONE, -1)
    result = pool.swap(True, 1, NO_LIMIT[True])
    assert (result.amount0, result.fee0, result.sqrt_price_x96, result.tick) == (1, 1, ONE, -1)


def test_fees_survive_the_wrap_of_their_growth() -> None:
    """With the accumulators just below 2**256 a position still earns exactly the fees of its time."""
    earned = []
    for start in (0, 2**256 - 2**40):
        pool = UniswapV3Pool(3000, 60)
        pool.fee_growth_global0_x128 = pool.fee_growth_global1_x128 = start
        pool.initialize(ONE)
        pool.mint("lp", -600, 600, 10**20)
        pool.mint("lp", -60, 60, 10**20)
        pool.swap(True, UNIT, NO_LIMIT[True])
        pool.swap(False, 2 * UNIT, NO_LIMIT[False])
        pool.burn("lp", -600, 600, 0)
        pool.burn("lp", -60, 60, 0)
        earned.append([position[3:] for position in pool.positions.values()])
    assert earned[0] == earned[1]
    assert all(min(owed) > 0 for owed in earned[0])


# Reverts --------------------------------------------------------------------------------------------------------------

LOCKED: list[Callable[[UniswapV3Pool], object]] = [
    lambda pool: pool.mint("lp", 60, -60, 0),
    lambda pool: pool.burn("lp", 60, -60, 0),
    lambda pool: pool.collect("lp", 60, -60, 0, 0),
    lambda pool: pool.swap(True, 1, 0),
    lambda pool: pool.quote(False, -1, 0),
    lambda pool: pool.flash(0, 0),
    lambda pool: pool.set_fee_protocol(1, 1),
    lambda pool: pool.collect_protocol(0, 0),
    lambda pool: pool.increase_observation_cardinality_next(2),
]


@pytest.mark.parametrize("call", LOCKED)
def test_an_uninitialised_pool_is_locked(call: Callable[[UniswapV3Pool], object]) -> None:
    """LOK comes before the check of any other argument, except that swap looks at its amount first."""
    with pytest.raises(RevertError) as caught:
        call(UniswapV3Pool(3000, 60))
    assert caught.value.reason == "LOK"


# Each line is refused for its first reason; it would be refused for later ones too.
REVERTS: list[tuple[str, Callable[[UniswapV3Pool], object]]] = [
    ("AI", lambda pool: pool.initialize(0)),
    ("", lambda pool: pool.mint("lp", 60, -60, 0)),
    ("", lambda pool: pool.mint("lp", 60, -60, 2**127)),
    ("TLU", lambda pool: pool.mint("lp", MIN_TICK - 1, MIN_TICK - 1, 1)),
    ("TLM", lambda pool: pool.mint("lp", MIN_TICK - 1, MAX_TICK + 1, 1)),
    ("TUM", lambda pool: pool.mint("lp", MIN_TICK, MAX_TICK + 1, 1)),
    ("LO", lambda pool: pool.mint("lp", -1, 1, pool.max_liquidity_per_tick + 1)),
    ("", lambda pool: pool.mint("lp", -1, 1, pool.max_liquidity_per_tick, paid0=0, paid1=0)),
    ("", lambda pool: pool.mint("lp", -60, 1, 1, paid0=0)),
    ("M0", lambda pool: pool.mint("lp", -60, 60, UNIT, paid0=0, paid1=0)),
    ("M1", lambda pool: pool.mint("lp", -60, 60, UNIT, paid1=0)),
    ("TLU", lambda pool: pool.burn("lp", 0, 0, 0)),
    ("TLM", lambda pool: pool.burn("lp", MIN_TICK - 1, MAX_TICK + 1, 0)),
    ("TUM", lambda pool: pool.burn("lp", MIN_TICK, MAX_TICK + 1, 0)),
    ("NP", lambda pool: pool.burn("nobody", LOWEST, HIGHEST, 0)),
    ("LS", lambda pool: pool.burn("nobody", LOWEST, HIGHEST, 1)),
    ("LS", lambda pool: pool.burn("lp", LOWEST, HIGHEST, 2 * UNIT + 1)),
    ("LS", lambda pool: pool.burn("lp", -1, 1, 1)),
    ("", lambda pool: pool.burn("lp", LOWEST, HIGHEST, 2**127)),
    ("AS", lambda pool: pool.swap(True, 0, 0)),
    ("SPL", lambda pool: pool.swap(True, 1, ONE)),
    ("SPL", lambda pool: pool.swap(True, 1, MIN_SQRT_RATIO)),
    ("SPL", lambda pool: pool.swap(False, 1, ONE)),
    ("SPL", lambda pool: pool.swap(False, 1, MAX_SQRT_RATIO)),
    ("IIA", lambda pool: pool.swap(True, 1000, NO_LIMIT[True], paid0=999)),
    ("IIA", lambda pool: pool.swap(False, 1000, NO_LIMIT[False], paid1=999)),
    ("IIA", lambda pool: pool.swap(True, -1000, NO_LIMIT[True], paid0=0, paid1=10**9)),
    ("TF", lambda pool: pool.flash(2**255, 0)),
    ("TF", lambda pool: pool.flash(0, pool.balance1 + 1)),
    ("F0", lambda pool: pool.flash(1001, 2001, paid0=1004, paid1=2007)),
    ("F1", lambda pool: pool.flash(1001, 2001, paid0=1005, paid1=2007)),
    ("", lambda pool: pool.flash(0, 0, paid0=2 * UNIT * 2**128)),
    ("", lambda pool: pool.set_fee_protocol(3, 4)),
    ("", lambda pool: pool.set_fee_protocol(0, 11)),
    ("OLD", lambda pool: pool.observe([0, 101])),
    ("TLU", lambda pool: pool.snapshot_cumulatives_inside(60, 60)),
    ("TLM", lambda pool: pool.snapshot_cumulatives_inside(MIN_TICK - 1, MAX_TICK + 1)),
    ("TUM", lambda pool: pool.snapshot_cumulatives_inside(0, MAX_TICK + 1)),
    ("", lambda pool: pool.snapshot_cumulatives_inside(LOWEST, 60)),
]


@pytest.mark.parametrize(("reason", "call"), REVERTS)
def test_a_revert_has_the_contracts_reason_and_leaves_no_trace(
    reason: str, call: Callable[[UniswapV3Pool], object]
) -> None:
    """The contract's reason, in the contract's order of checks, and the pool as it was."""
    pool = pool_at_one()
    pool.block_timestamp = 100
    before = pool.copy()
    with pytest.raises(RevertError) as caught:
        call(pool)
    assert caught.value.reason == reason
    assert pool == before


def test_a_swap_of_nothing_is_refused_before_the_lock() -> None:
    """AS comes before LOK, and observe of an uninitialised pool is I."""
    with pytest.raises(RevertError, match=r"^AS"):
        UniswapV3Pool(3000, 60).swap(True, 0, 0)
    with pytest.raises(RevertError, match=r"^I:"):
        UniswapV3Pool(3000, 60).observe([0])


def test_flash_needs_liquidity_in_range() -> None:
    """L, before anything is lent; a pool of no price has no range at all."""
    pool = UniswapV3Pool(3000, 60)
    pool.initialize(ONE)
    with pytest.raises(RevertError, match=r"^L:"):
        pool.flash(2**255, 0)


def test_liquidity_beyond_128_bits_is_refused() -> None:
    """LA needs more than one tick can hold: with three ticks in all, each may reference a third of uint128."""
    pool = UniswapV3Pool(3000, 16383)
    pool.initialize(ONE)
    most = pool.max_liquidity_per_tick
    pool.liquidity = 2**128 - 1
    with pytest.raises(RevertError) as caught:
        pool.mint("lp", -16383, 16383, most, paid0=2**255, paid1=2**255)
    assert caught.value.reason == "LA"
    assert not pool.ticks


@pytest.mark.parametrize(
    "call",
    [
        lambda: UniswapV3Pool(1_000_000, 60),
        lambda: UniswapV3Pool(3000, 0),
        lambda: UniswapV3Pool(3000, 16384),
        lambda: UniswapV3Pool(3000.0, 60),  # type: ignore[arg-type]  # that is the point
        lambda: pool_at_one().swap(True, 2**255, 0),
        lambda: pool_at_one().swap(True, 1.0, 0),  # type: ignore[arg-type]  # that is the point
        lambda: pool_at_one().swap(True, 1, 2**160),
        lambda: pool_at_one().mint("lp", -(2**23) - 1, 0, 1),
        lambda: pool_at_one().mint("lp", -60, 60, 2**128),
        lambda: pool_at_one().mint("lp", -60, 60, 1, paid0=-1),
        lambda: pool_at_one().burn("lp", -60, 60, -1),
        lambda: pool_at_one().collect("lp", -60, 60, -1, 0),
        lambda: pool_at_one().observe([2**32]),
        lambda: pool_at_one().increase_observation_cardinality_next(65536),
        lambda: setattr(pool_at_one(), "block_timestamp", -1),
    ],
)
def test_an_argument_the_contract_could_not_receive_is_refused(call: Callable[[], object]) -> None:
    """Floats, and integers outside the type of the argument, are our own error and not a revert."""
    with pytest.raises(ArgumentError):
        call()


# Payments, fees, flash ------------------------------------------------------------------------------------------------


def test_payment_beyond_what_is_owed_is_a_gift() -> None:
    """The pool keeps what it is paid, and the amounts it reports are what it asked for."""
    pool, fair = pool_at_one(), pool_at_one()
    owed = fair.mint("b", -60, 60, UNIT)
    assert pool.mint("b", -60, 60, UNIT, paid0=owed[0] + 5, paid1=owed[1] + 7) == owed
    assert (pool.balance0, pool.balance1) == (fair.balance0 + 5, fair.balance1 + 7)
    result = fair.swap(True, 1000, NO_LIMIT[True])
    assert pool.swap(True, 1000, NO_LIMIT[True], paid0=1001, paid1=3) == result
    assert (pool.balance0, pool.balance1) == (fair.balance0 + 6, fair.balance1 + 10)


def test_burn_owes_and_collect_pays() -> None:
    """Burned tokens wait for collect, which pays up to what is requested and no more than is owed."""
    pool = pool_at_one()
    amounts = pool.burn("lp", LOWEST, HIGHEST, UNIT)
    before = pool.balance0, pool.balance1
    assert pool.positions["lp", LOWEST, HIGHEST].tokens_owed0 == amounts[0]
    assert pool.collect("lp", LOWEST, HIGHEST, 5, 0) == (5, 0)
    assert pool.collect("lp", LOWEST, HIGHEST, ALL, ALL) == (amounts[0] - 5, amounts[1])
    assert (before[0] - pool.balance0, before[1] - pool.balance1) == amounts
    assert pool.collect("nobody", 60, -60, ALL, ALL) == (0, 0)
    assert ("nobody", 60, -60) not in pool.positions


def test_owed_tokens_wrap() -> None:
    """Tokens owed are uint128 and wrap, as the contract says they may: an owner must collect in time."""
    pool = pool_at_one()
    key = ("lp", LOWEST, HIGHEST)
    pool.positions[key] = pool.positions[key]._replace(tokens_owed0=2**128 - 1)
    amount0, _ = pool.burn("lp", LOWEST, HIGHEST, UNIT)
    assert pool.positions[key].tokens_owed0 == amount0 - 1


def test_the_protocol_leaves_one_unit() -> None:
    """collect_protocol never empties its slot: of all fees one unit stays, and a smaller request is paid in full."""
    pool = pool_at_one()
    pool.set_fee_protocol(4, 10)
    assert pool.slot0.fee_protocol == 4 + 16 * 10
    down = pool.swap(True, 10**15, NO_LIMIT[True])
    up = pool.swap(False, 10**15, NO_LIMIT[False])
    fees = pool.protocol_fees
    assert fees == ProtocolFees(down.fee0 // 4, up.fee1 // 10) == ProtocolFees(75 * 10**10, 3 * 10**11)
    assert pool.collect_protocol(100, 0) == (100, 0)
    assert pool.collect_protocol(ALL, ALL) == (fees.token0 - 101, fees.token1 - 1)
    assert pool.protocol_fees == ProtocolFees(1, 1)
    assert pool.collect_protocol(ALL, ALL) == (0, 0)


def test_flash_shares_its_fee() -> None:
    """The contract's flash tests: fees rounded up; what comes back is split between protocol and liquidity."""
    pool = pool_at_one()
    assert pool.flash(1001, 2002) == (4, 7)
    assert (pool.fee_growth_global0_x128, pool.fee_growth_global1_x128) == (
        4 * 2**128 // (2 * UNIT),
        7 * 2**128 // (2 * UNIT),
    )
    pool = pool_at_one()
    pool.set_fee_protocol(6, 0)
    balances = pool.balance0, pool.balance1
    assert pool.flash(0, 0, paid0=567, paid1=0) == (0, 0)
    assert (pool.balance0, pool.balance1) == (balances[0] + 567, balances[1])
    assert pool.protocol_fees == ProtocolFees(94, 0)
    assert pool.fee_growth_global0_x128 == (567 - 94) * 2**128 // (2 * UNIT)


def test_the_protocols_counters_wrap() -> None:
    """Protocol fees are uint128 and wrap, in swaps and in flash loans."""
    pool = pool_at_one()
    pool.set_fee_protocol(4, 4)
    pool.protocol_fees = ProtocolFees(2**128 - 1, 2**128 - 1)
    result = pool.swap(True, 10**15, NO_LIMIT[True])
    assert pool.protocol_fees == ProtocolFees(result.protocol_fee0 - 1, 2**128 - 1)
    pool.flash(0, 0, paid1=8)
    assert pool.protocol_fees.token1 == 1


def test_a_copy_is_independent() -> None:
    """What happens to a copy does not happen to the pool, and the other way round."""
    pool = pool_at_one()
    twin, before = pool.copy(), pool.copy()
    twin.swap(True, UNIT, NO_LIMIT[True])
    twin.mint("b", -60, 60, 1)
    twin.increase_observation_cardinality_next(5)
    assert pool == before != twin


@given(st.integers(-600, 599), st.integers(1, 1200), st.integers(1, 2**100), st.integers(1, 2**80))
def test_mint_then_burn_never_profits(lower: int, width: int, liquidity: int, before: int) -> None:
    """At one price a position returns at most what it cost, and at most one unit less of each token."""
    pool = UniswapV3Pool(3000, 1)
    pool.initialize(ONE)
    pool.mint("lp", -1000, 1000, before)
    paid = pool.mint("b", lower, lower + width, liquidity)
    back = pool.burn("b", lower, lower + width, liquidity)
    assert all(got <= cost <= got + 1 for got, cost in zip(back, paid, strict=True))
    assert pool.positions["b", lower, lower + width] == PositionInfo(0, 0, 0, *back)


@given(st.booleans(), st.integers(1, 10**20), st.sampled_from([0, 500, 3000]))
def test_a_round_trip_never_profits(zero_for_one: bool, amount: int, fee: int) -> None:
    """Selling all that a swap bought returns at most what was paid, and less where there is a fee to lose."""
    pool = UniswapV3Pool(fee, 1)
    pool.initialize(ONE)
    pool.mint("lp", -887272, 887272, 10**21)
    first = pool.swap(zero_for_one, amount, NO_LIMIT[zero_for_one])
    bought = -(first.amount1 if zero_for_one else first.amount0)
    if bought == 0:
        return
    second = pool.swap(not zero_for_one, bought, NO_LIMIT[not zero_for_one])
    returned = -(second.amount0 if zero_for_one else second.amount1)
    assert returned <= amount - (amount * fee // 10**6)
