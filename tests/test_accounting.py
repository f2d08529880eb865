"""Positions in exact arithmetic: what burn and collect would pay, and the identities of impermanent loss and LVR."""

from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amm import ArgumentError, UniswapV3Pool
from amm.accounting import (
    Numeraire,
    PositionState,
    amounts_for_liquidity,
    curve_amounts,
    hodl_value,
    impermanent_loss,
    lvr,
    position_amounts,
    position_state,
    position_value,
    price_from_sqrt_price_x96,
    profit_and_loss,
    uncollected_fees,
    value,
)
from amm.closed_form import concentrated, constant_product, loss_versus_rebalancing
from amm.errors import TickOrderError
from amm.math.fixed_point import MAX_INT256, MAX_UINT128, MAX_UINT256
from amm.math.price import sqrt_price_x96_rounding_down
from amm.math.tick_math import MAX_SQRT_RATIO, MIN_SQRT_RATIO, get_sqrt_ratio_at_tick

UNIT = 10**18
SPACING = 60
LOW, HIGH = get_sqrt_ratio_at_tick(-6_000), get_sqrt_ratio_at_tick(6_000)
SQRT_PRICES = st.integers(LOW, HIGH)
LIQUIDITY = st.integers(1, 10**24)
RANGES = st.tuples(st.integers(-60, 59), st.integers(1, 60)).map(
    lambda ends: (ends[0] * SPACING, (ends[0] + ends[1]) * SPACING)
)
FEE_GROWTH = st.sampled_from([0, MAX_UINT256, MAX_UINT256 - 2**100])


@dataclass
class History:
    """A pool after random mints and swaps, and what its traders paid in fees."""

    pool: UniswapV3Pool
    fees0: int
    fees1: int


@st.composite
def histories(draw: st.DrawFn) -> History:
    """A pool of 30 bp with up to four positions, swapped to and fro; its fee growth may begin just before it wraps."""
    pool = UniswapV3Pool(fee=3_000, tick_spacing=SPACING)
    pool.initialize(draw(SQRT_PRICES))
    pool.fee_growth_global0_x128, pool.fee_growth_global1_x128 = draw(FEE_GROWTH), draw(FEE_GROWTH)
    if draw(st.booleans()):
        pool.set_fee_protocol(4, 10)
    fees0 = fees1 = 0
    for index in range(draw(st.integers(1, 4))):
        pool.mint(f"owner{index % 3}", *draw(RANGES), draw(LIQUIDITY))
        for _ in range(draw(st.integers(0, 3))):
            limit = draw(SQRT_PRICES)
            price = pool.slot0.sqrt_price_x96
            if limit != price:
                result = pool.swap(limit < price, draw(st.integers(1, 10**26)), limit)
                fees0, fees1 = fees0 + result.fee0, fees1 + result.fee1
    return History(pool, fees0, fees1)


# What a position holds ------------------------------------------------------------------------------------------------


@given(histories())
def test_s52_position_amounts_and_fees_are_what_burn_and_collect_pay(history: History) -> None:
    """For every position: the amounts burn returns, the fees a poke and a collect pay; and neither touches the pool."""
    pool = history.pool
    before = pool.copy()
    for owner, lower, upper in pool.positions:
        amounts = position_amounts(pool, owner, lower, upper)
        fees = uncollected_fees(pool, owner, lower, upper)
        assert pool == before
        twin = pool.copy()
        twin.burn(owner, lower, upper, 0)
        assert twin.collect(owner, lower, upper, MAX_UINT128, MAX_UINT128) == fees
        assert twin.burn(owner, lower, upper, twin.positions[owner, lower, upper].liquidity) == amounts


@given(histories())
def test_s52_claims_never_exceed_what_was_paid(history: History) -> None:
    """All fees claimed are at most all fees paid, and at most one unit a position is lost."""
    pool = history.pool
    claims = [uncollected_fees(pool, *key) for key in pool.positions]
    protocol = pool.protocol_fees
    missing0 = history.fees0 - protocol.token0 - sum(claim.amount0 for claim in claims)
    missing1 = history.fees1 - protocol.token1 - sum(claim.amount1 for claim in claims)
    # A position loses less than one unit of each token, and a swap step liquidity / 2**128 of one.
    assert 0 <= missing0 <= len(claims)
    assert 0 <= missing1 <= len(claims)


@given(histories())
def test_s52_a_pool_can_always_pay_its_claims(history: History) -> None:
    """Principal, fees and the protocol's part never exceed what the pool holds."""
    pool = history.pool
    principal = [position_amounts(pool, *key) for key in pool.positions]
    fees = [uncollected_fees(pool, *key) for key in pool.positions]
    assert sum(a.amount0 for a in [*principal, *fees]) + pool.protocol_fees.token0 <= pool.balance0
    assert sum(a.amount1 for a in [*principal, *fees]) + pool.protocol_fees.token1 <= pool.balance1


@pytest.mark.parametrize("share", [1, 3, 19])
def test_s52_fees_go_by_share_of_liquidity(share: int) -> None:
    """Of two positions on one range, one with n times the liquidity earns n times the fees, within rounding down."""
    pool = UniswapV3Pool(fee=3_000, tick_spacing=SPACING)
    pool.initialize(1 << 96)
    pool.mint("one", -600, 600, UNIT)
    pool.mint("many", -600, 600, share * UNIT)
    pool.swap(True, 10**16, MIN_SQRT_RATIO + 1)
    pool.swap(False, 10**16, MAX_SQRT_RATIO - 1)
    one, many = uncollected_fees(pool, "one", -600, 600), uncollected_fees(pool, "many", -600, 600)
    assert 0 <= many.amount0 - share * one.amount0 <= share
    assert 0 <= many.amount1 - share * one.amount1 <= share


def test_fees_collected_are_no_longer_uncollected() -> None:
    """After a collect nothing is left; liquidity burned and not collected is owed; a stranger is owed nothing."""
    pool = UniswapV3Pool(fee=3_000, tick_spacing=SPACING)
    pool.initialize(1 << 96)
    pool.mint("alice", -600, 600, UNIT)
    pool.swap(True, 10**16, MIN_SQRT_RATIO + 1)
    fees = uncollected_fees(pool, "alice", -600, 600)
    assert fees.amount0 > 0
    paid = pool.burn("alice", -600, 600, UNIT)
    assert position_amounts(pool, "alice", -600, 600) == (0, 0)
    owed = uncollected_fees(pool, "alice", -600, 600)
    assert owed == (fees.amount0 + paid[0], fees.amount1 + paid[1])
    assert pool.collect("alice", -600, 600, MAX_UINT128, MAX_UINT128) == owed
    assert uncollected_fees(pool, "alice", -600, 600) == (0, 0)
    assert uncollected_fees(pool, "bob", -600, 600) == (0, 0)


@given(SQRT_PRICES, RANGES, LIQUIDITY)
def test_o04_integer_amounts_round_the_curve_down(sqrt_price: int, ticks: tuple[int, int], liquidity: int) -> None:
    """What burn pays is the exact holding rounded down, and the exact holding is the closed form's to 1e-11."""
    exact0, exact1 = curve_amounts(sqrt_price, *ticks, liquidity)
    assert amounts_for_liquidity(sqrt_price, *ticks, liquidity) == (exact0 // 1, exact1 // 1)
    price = float(price_from_sqrt_price_x96(sqrt_price))
    lower, upper = (float(price_from_sqrt_price_x96(get_sqrt_ratio_at_tick(tick))) for tick in ticks)
    closed = concentrated.holdings(float(liquidity), price, lower, upper)
    # The floats are differences of square roots near one.
    assert float(exact0) == pytest.approx(closed.amount0, abs=1e-14 * liquidity, rel=1e-11)
    assert float(exact1) == pytest.approx(closed.amount1, abs=1e-14 * liquidity, rel=1e-11)


def test_a_range_upside_down_is_refused() -> None:
    """Ranges are checked as the contract checks them."""
    with pytest.raises(TickOrderError, match="TLU"):
        amounts_for_liquidity(1 << 96, 60, -60, 1)


# Impermanent loss and loss-versus-rebalancing -------------------------------------------------------------------------

PATHS = st.lists(SQRT_PRICES, min_size=1, max_size=12)


def states_on(prices: list[int], ticks: tuple[int, int], liquidity: int, *, rounded: bool) -> list[PositionState]:
    """The position, without fees, where the pool follows the fair price through these square-root prices."""
    amounts = amounts_for_liquidity if rounded else curve_amounts
    return [PositionState(price_from_sqrt_price_x96(p), *amounts(p, *ticks, liquidity)) for p in prices]


@given(PATHS, RANGES, LIQUIDITY, st.booleans())
def test_o14_impermanent_loss_and_lvr_close_exactly(
    prices: list[int], ticks: tuple[int, int], liquidity: int, rounded: bool
) -> None:
    """On any path impermanent_loss == -lvr + sum of (x[k - 1] - x[0]) dS[k], with no residue, rounded or not."""
    states = states_on(prices, ticks, liquidity, rounded=rounded)
    total_lvr = sum((lvr(before, after) for before, after in pairwise(states)), Fraction(0))
    gap = sum(
        ((before.amount0 - states[0].amount0) * (after.price - before.price) for before, after in pairwise(states)),
        Fraction(0),
    )
    assert impermanent_loss(states[0], states[-1]) == -total_lvr + gap
    result = profit_and_loss(states)
    assert result.impermanent_loss == impermanent_loss(states[0], states[-1])
    assert result.lvr == total_lvr


@given(PATHS, RANGES, LIQUIDITY)
def test_o12_losses_have_their_sign(prices: list[int], ticks: tuple[int, int], liquidity: int) -> None:
    """Unrounded, IL is never above zero nor LVR below; rounding costs less than one unit of each token a step."""
    for rounded in (False, True):
        states = states_on(prices, ticks, liquidity, rounded=rounded)
        for before, after in pairwise(states):
            dust = after.price + 1 if rounded else 0
            assert lvr(before, after) >= -dust
            assert lvr(before, after) == -impermanent_loss(before, after)


def test_correction_5_a_round_trip_has_lvr_and_no_impermanent_loss() -> None:
    """2000 to 2300 and back with L = 1000: impermanent loss 0, LVR 452.77."""
    liquidity = 1_000 * UNIT
    pool = UniswapV3Pool(fee=0, tick_spacing=SPACING)
    pool.initialize(sqrt_price_x96_rounding_down(2_000, 1))
    pool.mint("lp", -887_220, 887_220, liquidity)
    states = [position_state(pool, "lp", -887_220, 887_220)]
    for price in (2_300, 2_000):
        limit = sqrt_price_x96_rounding_down(price, 1)
        pool.swap(limit < pool.slot0.sqrt_price_x96, MAX_INT256, limit)
        states.append(position_state(pool, "lp", -887_220, 887_220))
    result = profit_and_loss(states)
    assert result.impermanent_loss == 0
    assert result.total == 0
    assert float(result.lvr) / UNIT == pytest.approx(452.77, abs=5e-3)
    there = loss_versus_rebalancing.jump_loss(1_000.0, 2_000.0, 2_300 / 2_000)
    back = loss_versus_rebalancing.jump_loss(1_000.0, 2_300.0, 2_000 / 2_300)
    assert float(result.lvr) / UNIT == pytest.approx(there + back, rel=1e-12)


@given(SQRT_PRICES, SQRT_PRICES, st.integers(10**18, 10**24))
def test_o13_one_jump_against_the_closed_form(start: int, end: int, liquidity: int) -> None:
    """Inside a range one jump loses L sqrt(P) (sqrt(r) - 1)^2, exactly; the floats agree to their own rounding."""
    before, after = states_on([start, end], (-6_000, 6_000), liquidity, rounded=False)
    root_start, root_end = Fraction(start, 2**96), Fraction(end, 2**96)
    assert lvr(before, after) == liquidity * root_start * (root_end / root_start - 1) ** 2
    closed = loss_versus_rebalancing.jump_loss(float(liquidity), float(before.price), float(after.price / before.price))
    # The closed form squares a difference from one: 1e-15 of it is lost before squaring.
    move = abs(float(root_end / root_start) - 1)
    assert float(lvr(before, after)) == pytest.approx(closed, rel=1e-12, abs=4e-15 * liquidity * (move + 1e-15))


@given(SQRT_PRICES, SQRT_PRICES, RANGES, st.integers(10**18, 10**24))
def test_o06_impermanent_loss_against_the_closed_form(
    start: int, end: int, ticks: tuple[int, int], liquidity: int
) -> None:
    """Inside, outside and across the range the exact loss is the closed form's, to the rounding of a double."""
    before, after = states_on([start, end], ticks, liquidity, rounded=False)
    lower, upper = (float(price_from_sqrt_price_x96(get_sqrt_ratio_at_tick(tick))) for tick in ticks)
    closed = concentrated.impermanent_loss_amount(
        float(liquidity), float(before.price), float(after.price), lower, upper
    )
    assert float(impermanent_loss(before, after)) == pytest.approx(closed, abs=1e-14 * liquidity, rel=1e-11)


@given(st.integers(10**6, 10**12), st.floats(0.25, 4.0))
def test_s53_a_full_range_position_loses_the_published_fraction(reserve: int, ratio: float) -> None:
    """Over the full range the loss over HODL is 2 sqrt(r) / (1 + r) - 1, but for the ends of the ticks (1e-9)."""
    prices = [1 << 96, int((1 << 96) * ratio**0.5)]
    before, after = states_on(prices, (-887_220, 887_220), reserve * UNIT, rounded=True)
    relative = impermanent_loss(before, after) / hodl_value(before, after.price)
    assert float(relative) == pytest.approx(constant_product.impermanent_loss(ratio), rel=1e-9, abs=1e-15)


@given(st.integers(1, 60), st.integers(1, 40), st.integers(10**15, 10**24))
def test_o09_a_range_order_sells_at_the_geometric_mean(start: int, width: int, liquidity: int) -> None:
    """Crossed upwards, a range above the price sells its token0 at sqrt(ab), fee on top; crossed back, it has it.

    All within three units of either token: mint up, burn down, and the fee up.
    """
    lower, upper = start * SPACING, (start + width) * SPACING
    pool = UniswapV3Pool(fee=3_000, tick_spacing=SPACING)
    pool.initialize(1 << 96)
    pool.mint("lp", lower, upper, liquidity)
    before = position_amounts(pool, "lp", lower, upper)
    beyond = get_sqrt_ratio_at_tick(upper) + 1
    pool.swap(False, MAX_INT256, beyond)
    after, fees = position_amounts(pool, "lp", lower, upper), uncollected_fees(pool, "lp", lower, upper)
    assert (before.amount1, after.amount0) == (0, 0)
    ends = (float(price_from_sqrt_price_x96(get_sqrt_ratio_at_tick(tick))) for tick in (lower, upper))
    price = concentrated.crossing_price(*ends)
    dust = 3 * (1 + price) + 1e-12 * before.amount0
    assert after.amount1 == pytest.approx(before.amount0 * price, abs=dust)
    assert after.amount1 + fees.amount1 == pytest.approx(before.amount0 * price / 0.997, abs=dust)
    pool.swap(True, MAX_INT256, 1 << 96)
    assert position_amounts(pool, "lp", lower, upper) == before


@given(st.integers(10**18, 10**24), st.sampled_from([0.001, 0.005, 0.02]))
def test_o11_depth_of_the_integer_pool(liquidity: int, move: float) -> None:
    """Swapping to a price 2 % up takes the stated token1, less fee; to a price 2 % down gives it; to the last units."""
    pool = UniswapV3Pool(fee=3_000, tick_spacing=SPACING)
    pool.initialize(1 << 96)
    pool.mint("lp", -6_000, 6_000, liquidity)
    up, down = (int((1 << 96) * (1 + change) ** 0.5) for change in (move, -move))
    raised = pool.quote(False, MAX_INT256, up)
    # Rounded up by less than one unit each: the input, and its fee.
    dust = 2 + 1e-14 * liquidity
    closed = concentrated.depth_up(float(liquidity), 1.0, move)
    assert raised.amount1 - raised.fee1 == pytest.approx(closed, abs=dust)
    assert raised.amount1 == pytest.approx(closed / 0.997, abs=dust)
    lowered = pool.quote(True, MAX_INT256, down)
    assert -lowered.amount1 == pytest.approx(concentrated.depth_down(float(liquidity), 1.0, move), abs=dust)


# A path with fees -----------------------------------------------------------------------------------------------------


@given(histories(), st.lists(st.tuples(SQRT_PRICES, st.fractions(Fraction(1, 2), Fraction(2))), max_size=6))
def test_identity_2_and_3_the_parts_are_the_gain(history: History, steps: list[tuple[int, Fraction]]) -> None:
    """With fees, at fair prices that are not the pool's, in either numeraire, the parts add up to the gain in value."""
    pool = history.pool
    key = next(iter(pool.positions))
    states = [position_state(pool, *key, Fraction(1))]
    for limit, fair_price in steps:
        if limit != pool.slot0.sqrt_price_x96:
            pool.swap(limit < pool.slot0.sqrt_price_x96, 10**24, limit)
        states.append(position_state(pool, *key, fair_price))
    first, last = states[0], states[-1]
    for numeraire in Numeraire:
        result = profit_and_loss(states, numeraire)
        gain = position_value(last, numeraire) - position_value(first, numeraire)
        fee_gain = value(last.fees0, last.fees1, last.price, numeraire) - value(
            first.fees0, first.fees1, first.price, numeraire
        )
        assert result.fee_income + result.fee_revaluation == fee_gain
        assert result.total == gain + fee_gain
        assert result.total == result.hodl + result.impermanent_loss + fee_gain
        assert result.hodl == hodl_value(first, last.price, numeraire) - position_value(first, numeraire)
        assert result.impermanent_loss == impermanent_loss(first, last, numeraire)


def test_a_constant_price_earns_fees_alone() -> None:
    """There and back again at one fair price: no impermanent loss to speak of, no rebalancing, the gain is the fees."""
    pool = UniswapV3Pool(fee=3_000, tick_spacing=SPACING)
    pool.initialize(1 << 96)
    pool.mint("lp", -600, 600, 10**6 * UNIT)
    states = [position_state(pool, "lp", -600, 600, Fraction(1))]
    for zero_for_one in (True, False):
        pool.swap(zero_for_one, MAX_INT256, (1 << 96) - (1 << 90) if zero_for_one else 1 << 96)
        states.append(position_state(pool, "lp", -600, 600, Fraction(1)))
    result = profit_and_loss(states)
    assert result.rebalancing == result.hodl == result.fee_revaluation == 0
    assert result.impermanent_loss == result.lvr == 0
    assert result.total == result.fee_income > 0


def test_a_path_needs_a_state_and_a_price() -> None:
    """An empty path and a price that is none are refused, and a single state gains nothing."""
    with pytest.raises(ArgumentError, match="at least one state"):
        profit_and_loss([])
    for numeraire in Numeraire:
        with pytest.raises(ArgumentError, match="price must be above zero"):
            profit_and_loss([PositionState(Fraction(0), 1, 1)], numeraire)
    assert profit_and_loss([PositionState(Fraction(1), 1, 1)]).total == 0
