"""Mint, swap and burn on the exact pool: who gains, that it adds up to nothing, and the closed forms beside it."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amm import ArgumentError, UniswapV3Pool
from amm.accounting import Numeraire, price_from_sqrt_price_x96
from amm.closed_form import just_in_time as closed
from amm.just_in_time import OWNER, Bundle, BundleOutcome, TargetSwap, account_bundle, covering_range, plan_bundle
from amm.math.price import sqrt_price_x96_rounding_down
from amm.math.tick_math import MAX_SQRT_RATIO, MIN_SQRT_RATIO, get_sqrt_ratio_at_tick

UNIT = 10**18
PRICE = Fraction(2_000)
FULL_RANGE = 887_220


def full_range_pool(liquidity: int = 1_000 * UNIT) -> UniswapV3Pool:
    pool = UniswapV3Pool(fee=3_000, tick_spacing=60)
    pool.initialize(sqrt_price_x96_rounding_down(2_000, 1))
    pool.mint("passive", -FULL_RANGE, FULL_RANGE, liquidity)
    return pool


def buy(amount_in: int) -> TargetSwap:
    """Token1 in, token0 out, no limit."""
    return TargetSwap(False, amount_in, MAX_SQRT_RATIO - 1)


def sell(amount_in: int) -> TargetSwap:
    """Token0 in, token1 out, no limit."""
    return TargetSwap(True, amount_in, MIN_SQRT_RATIO + 1)


def bundle_of(pool: UniswapV3Pool, target: TargetSwap, liquidity: int) -> BundleOutcome:
    return account_bundle(pool, plan_bundle(pool, target, liquidity), PRICE)


def test_o31_published_bundle_on_the_integer_pool() -> None:
    """9000 beside 1000 around 50 000: JIT 4634.46, passive 26 426.69 to 514.94, taker saves 21 277.29."""
    pool = full_range_pool()
    outcome = bundle_of(pool, buy(50_000 * UNIT), 9_000 * UNIT)
    assert float(outcome.profit) / UNIT == pytest.approx(4_634.46, abs=5e-3)
    assert float(outcome.passive_dilution) / UNIT == pytest.approx(26_426.69 - 514.94, abs=5e-3)
    assert float(outcome.price_improvement) / UNIT == pytest.approx(21_277.29, abs=5e-3)
    assert outcome.alone.total == outcome.bundled.total == (0, 0)


def test_s56_a_share_of_95_percent_on_the_integer_pool() -> None:
    """19 times the passive liquidity takes 19 times the fees and inventory, to a few units."""
    outcome = bundle_of(full_range_pool(), buy(1_000 * UNIT), 19_000 * UNIT)
    minter, passive = outcome.bundled.just_in_time, outcome.bundled.passive
    # Four roundings of the minter (mint, burn, fee, fee growth) and two of the passive position, nineteen times.
    assert abs(minter.amount0 - 19 * passive.amount0) <= 4 + 19 * 2
    assert abs(minter.amount1 - 19 * passive.amount1) <= 4 + 19 * 2
    assert float(outcome.profit) / -float(
        PRICE * outcome.bundled.taker.amount0 + outcome.bundled.taker.amount1
    ) == pytest.approx(0.95, rel=1e-12)


@given(st.integers(1, 10**5), st.integers(1, 10**5), st.integers(10**15, 10**22))
def test_o31_profits_against_the_closed_form(passive: int, minted: int, amount_in: int) -> None:
    """All three values are the closed forms, up to a few units and the digits of a double."""
    pool = full_range_pool(passive * UNIT)
    outcome = bundle_of(pool, buy(amount_in), minted * UNIT)
    price, size = float(price_from_sqrt_price_x96(pool.slot0.sqrt_price_x96)), amount_in / UNIT
    jit = closed.provider_profit(minted, passive, size, price=price, fair_price=2_000.0, fee=0.003)
    alone = closed.provider_profit(passive, 0, size, price=price, fair_price=2_000.0, fee=0.003)
    diluted = closed.provider_profit(passive, minted, size, price=price, fair_price=2_000.0, fee=0.003)
    # Of each token, four roundings on either side of a difference; and 1e-12 of the swap, from which the floats start.
    dust = 8 * (2_000 + 1) / UNIT + 1e-12 * size
    assert float(outcome.profit) / UNIT == pytest.approx(jit, abs=dust)
    assert float(outcome.passive_dilution) / UNIT == pytest.approx(alone - diluted, abs=dust)
    assert float(outcome.price_improvement) / UNIT == pytest.approx(alone - diluted - jit, abs=2 * dust)


@given(st.integers(1, 10**5), st.integers(1, 10**5), st.integers(10**12, 10**19))
def test_o31_selling_token0_is_the_mirror_image(passive: int, minted: int, amount_in: int) -> None:
    """With the tokens' roles exchanged the closed form holds for a swap that sells token0, in token0."""
    pool = full_range_pool(passive * UNIT)
    outcome = account_bundle(pool, plan_bundle(pool, sell(amount_in), minted * UNIT), PRICE, numeraire=Numeraire.TOKEN0)
    price, size = 1 / float(price_from_sqrt_price_x96(pool.slot0.sqrt_price_x96)), amount_in / UNIT
    jit = closed.provider_profit(minted, passive, size, price=price, fair_price=1 / 2_000, fee=0.003)
    assert float(outcome.profit) / UNIT == pytest.approx(jit, abs=8 * (1 + 1 / 2_000) / UNIT + 1e-12 * size)


@pytest.mark.parametrize("amount_in", [500, 5_000, 50_000])
def test_o32_the_best_size_is_best_on_the_integer_pool(amount_in: int) -> None:
    """Around the closed form's size the exact profit falls off on both sides."""
    pool, target = full_range_pool(), buy(amount_in * UNIT)
    best = closed.optimal_liquidity(1_000.0, float(amount_in), 2_000.0, 0.003)
    at_best = bundle_of(pool, target, int(best * UNIT)).profit
    for factor in (0.5, 0.9, 0.99, 1.01, 1.1, 2.0):
        assert bundle_of(pool, target, int(best * factor * UNIT)).profit < at_best


def test_o32_below_the_kink_more_is_better() -> None:
    """A swap that moves the price by less than twice the fee pays ever more, up to its whole fee."""
    pool, target = full_range_pool(), buy(100 * UNIT)
    assert closed.optimal_liquidity(1_000.0, 100.0, 2_000.0, 0.003) == math.inf
    profits = [bundle_of(pool, target, 1_000 * 10**power * UNIT).profit for power in range(7)]
    assert profits == sorted(profits)
    assert profits[-1] < Fraction(3, 1_000) * 100 * UNIT


# Any pool -------------------------------------------------------------------------------------------------------------

TICKS = st.tuples(st.integers(-30, 29), st.integers(1, 30)).map(lambda t: (t[0] * 60, (t[0] + t[1]) * 60))


@st.composite
def wrapped_swaps(draw: st.DrawFn) -> tuple[UniswapV3Pool, Bundle]:
    """A pool of a wide position and some narrow ones, protocol fee on or off, and a swap with a bundle in any range."""
    pool = UniswapV3Pool(fee=draw(st.sampled_from([500, 3_000])), tick_spacing=60)
    pool.initialize(get_sqrt_ratio_at_tick(draw(st.integers(-600, 600))))
    pool.set_fee_protocol(*draw(st.sampled_from([(0, 0), (4, 10)])))
    pool.mint("wide", -FULL_RANGE, FULL_RANGE, draw(st.integers(10**15, 10**20)))
    for index in range(draw(st.integers(0, 3))):
        pool.mint(f"narrow{index}", *draw(TICKS), draw(st.integers(1, 10**21)))
    zero_for_one, amount = draw(st.booleans()), draw(st.integers(-(10**17), 10**20).filter(bool))
    limit = MIN_SQRT_RATIO + 1 if zero_for_one else MAX_SQRT_RATIO - 1
    target = TargetSwap(zero_for_one, amount, limit)
    return pool, Bundle(target, *draw(TICKS), draw(st.integers(1, 10**22)))


@given(wrapped_swaps(), st.fractions(Fraction(1, 2), Fraction(2)))
def test_identity_6_everybody_together_gains_nothing(case: tuple[UniswapV3Pool, Bundle], fair_price: Fraction) -> None:
    """Booked one by one, the parties add up to zero of both tokens; what nobody can claim is rounding alone.

    Each claim is rounded down, principal and fees; each swap step, mint and burn rounds by less than one unit.
    """
    pool, bundle = case
    before = pool.copy()
    outcome = account_bundle(pool, bundle, fair_price)
    assert pool == before
    # A swap has at most one step for each initialised tick, the bundle's two included, and for each bitmap word.
    steps = len(pool.ticks) + 2 + 2 * FULL_RANGE // (60 * 256) + 2
    rounding = 2 * len(pool.positions) + steps + 2
    for gains in (outcome.alone, outcome.bundled):
        assert gains.total == (0, 0)
        assert max(map(abs, gains.unclaimed)) <= rounding
    changes = outcome.profit - outcome.passive_dilution + outcome.price_improvement
    others = [
        bundled.amount0 - alone.amount0 + (bundled.amount1 - alone.amount1) / fair_price
        for alone, bundled in zip(outcome.alone[3:], outcome.bundled[3:], strict=True)
    ]
    assert changes + sum(others) * fair_price == 0


@given(st.integers(10**15, 10**21), st.booleans(), st.integers(10**15, 10**23))
def test_the_covering_range_holds_the_move(amount_in: int, zero_for_one: bool, liquidity: int) -> None:
    """The swap starts and ends inside the planned range, with the minted liquidity active all the way."""
    pool = full_range_pool()
    target = sell(amount_in) if zero_for_one else buy(amount_in)
    lower, upper = covering_range(pool, target)
    assert lower <= pool.slot0.tick < upper
    assert lower % 60 == upper % 60 == 0
    pool.mint(OWNER, lower, upper, liquidity)
    result = pool.swap(*target)
    assert result.liquidity == pool.liquidity == 1_000 * UNIT + liquidity
    assert lower <= result.tick < upper


def test_a_move_to_the_end_of_all_ticks_has_no_covering_range() -> None:
    """A swap that runs out of liquidity ends where no position can be minted."""
    pool = UniswapV3Pool(fee=3_000, tick_spacing=60)
    pool.initialize(1 << 96)
    pool.mint("passive", -60, 60, UNIT)
    with pytest.raises(ArgumentError, match="tick_lower must be from -887272"):
        covering_range(pool, sell(10**30))


def test_a_bundle_is_refused_where_its_position_is_taken() -> None:
    """The accounts need a position of their own, and a price."""
    pool = full_range_pool()
    bundle = plan_bundle(pool, buy(UNIT), UNIT)
    with pytest.raises(ArgumentError, match="fair_price must be above zero"):
        account_bundle(pool, bundle, Fraction(0))
    pool.mint(OWNER, bundle.tick_lower, bundle.tick_upper, 1)
    with pytest.raises(ArgumentError, match="no such position"):
        account_bundle(pool, bundle, PRICE)


def test_liquidity_that_is_nobodys_is_unclaimed() -> None:
    """In a pool made without positions the passive side's gain is what nobody can claim."""
    owned = full_range_pool()
    ticks = {tick: (info.liquidity_gross, info.liquidity_net) for tick, info in owned.ticks.items()}
    nobodys = UniswapV3Pool.from_state(
        3_000,
        60,
        sqrt_price_x96=owned.slot0.sqrt_price_x96,
        tick=owned.slot0.tick,
        liquidity=owned.liquidity,
        ticks=ticks,
    )
    with_owner, without = (bundle_of(pool, buy(1_000 * UNIT), 9_000 * UNIT) for pool in (owned, nobodys))
    assert with_owner.bundled.just_in_time == without.bundled.just_in_time
    assert without.bundled.passive == (0, 0)
    expected0 = with_owner.bundled.passive.amount0 + with_owner.bundled.unclaimed.amount0
    expected1 = with_owner.bundled.passive.amount1 + with_owner.bundled.unclaimed.amount1
    assert without.bundled.unclaimed == (expected0, expected1)
