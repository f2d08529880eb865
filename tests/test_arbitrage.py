"""The swap to the edge of the no-arbitrage band: where it goes, that nothing else earns more, and the closed forms."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amm import ArgumentError, UniswapV3Pool
from amm.accounting import price_from_sqrt_price_x96
from amm.arbitrage import ArbitrageTrade, arbitrage_limit, find_arbitrage, find_pair_arbitrage
from amm.closed_form import constant_product, fees_and_blocks, routing
from amm.errors import ConstantProductError, InsufficientInputAmountError
from amm.math.fixed_point import MAX_INT256, PIPS
from amm.math.price import sqrt_price_x96_rounding_down
from amm.math.tick_math import MAX_SQRT_RATIO, MIN_SQRT_RATIO
from amm.uniswap_v2 import UniswapV2Pair

UNIT = 10**18
FULL_RANGE = 887_220
SQRT_2000_X96 = sqrt_price_x96_rounding_down(2_000, 1)
FEES = st.sampled_from([0, 100, 500, 3_000, 10_000, 100_000])
FAIR_PRICES = st.fractions(Fraction(1, 1_000), Fraction(1_000), max_denominator=10**9)


def full_range_pool(fee: int = 3_000) -> UniswapV3Pool:
    """Pool of 100 token0 and 200 000 token1, of 18 decimals each."""
    pool = UniswapV3Pool(fee=fee, tick_spacing=60)
    pool.initialize(SQRT_2000_X96)
    pool.mint("passive", -FULL_RANGE, FULL_RANGE, 4_472_135_954_999_579_392_818)
    return pool


# Three nested ranges around a price of one, and nothing outside the widest.
RANGES = ((-6_000, 6_000, 5 * UNIT), (-1_200, 1_200, 3 * UNIT), (-300, 600, 2 * UNIT))
# On either side a swap meets three of their ends and stops once more; all lie within one word of the bitmap.
STEPS = 4


def ranged_pool(fee: int) -> UniswapV3Pool:
    pool = UniswapV3Pool(fee=fee, tick_spacing=60)
    pool.initialize(1 << 96)
    for tick_lower, tick_upper, liquidity in RANGES:
        pool.mint("passive", tick_lower, tick_upper, liquidity)
    return pool


def profit_to(pool: UniswapV3Pool, zero_for_one: bool, sqrt_price_limit_x96: int, fair_price: Fraction) -> Fraction:
    result = pool.quote(zero_for_one, MAX_INT256, sqrt_price_limit_x96)
    return -(result.amount0 * fair_price + result.amount1)


@given(FAIR_PRICES, FEES)
def test_the_limit_is_the_edge_of_the_band(fair_price: Fraction, fee: int) -> None:
    """The limit is the last price on the near side of the edge, S (1 - fee) from below and S / (1 - fee) from above."""
    keep = Fraction(PIPS - fee, PIPS)
    limit = arbitrage_limit(1 << 96, fee, fair_price)
    if limit is None:
        # No square-root price lies strictly between the pool's and the edge.
        assert price_from_sqrt_price_x96((1 << 96) + 1) > fair_price * keep
        assert price_from_sqrt_price_x96((1 << 96) - 1) < fair_price / keep
    elif limit.zero_for_one:
        edge = fair_price / keep
        assert price_from_sqrt_price_x96(limit.sqrt_price_limit_x96) >= edge
        assert price_from_sqrt_price_x96(limit.sqrt_price_limit_x96 - 1) < edge
    else:
        edge = fair_price * keep
        assert price_from_sqrt_price_x96(limit.sqrt_price_limit_x96) <= edge
        assert price_from_sqrt_price_x96(limit.sqrt_price_limit_x96 + 1) > edge


@given(FAIR_PRICES, FEES)
def test_after_the_trade_there_is_none_left(fair_price: Fraction, fee: int) -> None:
    """The swap stops on its limit with what was promised, and leaves the pool in its band; the search moves nothing."""
    pool = ranged_pool(fee)
    before = pool.copy()
    trade = find_arbitrage(pool, fair_price)
    assert pool == before
    if trade is None:
        return
    result = pool.swap(trade.zero_for_one, MAX_INT256, trade.sqrt_price_limit_x96)
    assert (result.amount0, result.amount1) == (trade.amount0, trade.amount1)
    assert pool.slot0.sqrt_price_x96 == trade.sqrt_price_limit_x96
    assert find_arbitrage(pool, fair_price) is None


@given(FAIR_PRICES, FEES, st.fractions(0, 1, max_denominator=1_000))
def test_o25_no_other_limit_earns_more(fair_price: Fraction, fee: int, part: Fraction) -> None:
    """Stopping anywhere on the way, or going as far again beyond the edge, earns no more than rounding.

    Each step pays up to two units too much (input and fee, rounded up) and receives up to one too few.
    """
    pool = ranged_pool(fee)
    trade = find_arbitrage(pool, fair_price)
    if trade is None:
        return
    start, edge = pool.slot0.sqrt_price_x96, trade.sqrt_price_limit_x96
    rounding = STEPS * 3 * max(fair_price, Fraction(1))
    for limit in (start + int((edge - start) * part), edge + int((edge - start) * part)):
        if limit != start and MIN_SQRT_RATIO < limit < MAX_SQRT_RATIO:
            assert profit_to(pool, trade.zero_for_one, limit, fair_price) <= trade.profit + rounding


@given(FAIR_PRICES, FEES)
def test_o25_amounts_of_the_ranges(fair_price: Fraction, fee: int) -> None:
    """Input and profit are the closed form, sum of L times the move of sqrt(P), over one less the fee."""
    trade = find_arbitrage(ranged_pool(fee), fair_price)
    if trade is None:
        return
    ranges = [
        routing.LiquidityRange(1.0001**tick_lower, 1.0001**tick_upper, float(liquidity))
        for tick_lower, tick_upper, liquidity in RANGES
    ]
    expected = routing.range_arbitrage(ranges, 1.0, float(fair_price), fee / PIPS)
    assert expected.zero_for_one is trade.zero_for_one
    # Two units a step, and the floats' own rounding: 1e-12 of at most 10 units of liquidity.
    dust = 2 * STEPS + 1e-12 * 10 * UNIT
    amount_in = trade.amount0 if trade.zero_for_one else trade.amount1
    assert amount_in == pytest.approx(expected.amount_in, abs=dust)
    assert float(trade.profit) == pytest.approx(expected.profit, abs=2 * dust * max(float(fair_price), 1.0))


@pytest.mark.parametrize(
    ("fair_price", "zero_for_one", "amount_in", "profit"),
    [(2_100, False, 4645.31, 107.571), (1_900, True, 2.451176, 113.815)],
)
def test_o03b_published_sizes_on_the_integer_pool(
    fair_price: int, zero_for_one: bool, amount_in: float, profit: float
) -> None:
    """The full-range pool of 100 and 200 000 at 30 bp takes the published inputs, for the published profits."""
    trade = find_arbitrage(full_range_pool(), Fraction(fair_price))
    assert trade is not None
    assert trade.zero_for_one is zero_for_one
    assert (trade.amount0 if zero_for_one else trade.amount1) / UNIT == pytest.approx(amount_in, rel=2e-6)
    assert float(trade.profit) / UNIT == pytest.approx(profit, abs=5e-4)
    # And to the closed form's own digits.
    closed = constant_product.arbitrage(100.0, 200_000.0, float(fair_price), 0.003)
    assert float(trade.profit) / UNIT == pytest.approx(closed.profit, rel=1e-10)


@pytest.mark.parametrize(
    ("fair_price", "traded"),
    [("1993.99", True), ("1994.01", False), ("2000", False), ("2006.01", False), ("2006.03", True)],
)
def test_s58_no_arbitrage_band_of_the_integer_pool(fair_price: str, traded: bool) -> None:
    """At 2000 and 30 bp the pool is left alone between 1994.00 and 2006.02."""
    assert (find_arbitrage(full_range_pool(), Fraction(fair_price)) is not None) is traded


@pytest.mark.parametrize("sign", [-1, 1])
def test_o19_profit_at_the_gas_threshold_pays_for_gas(sign: int) -> None:
    """At the excess whose profit is the gas, in either direction, the integer pool's profit is the gas."""
    liquidity, gas, fair_price = 10**5, 10.0, 2_000.0
    half_spread = fees_and_blocks.log_half_spread(0.003)
    excess = fees_and_blocks.gas_threshold(liquidity, fair_price, gas, half_spread)
    pool = UniswapV3Pool(fee=3_000, tick_spacing=60)
    price = Fraction(fair_price * 2.718281828459045 ** (sign * (half_spread + excess)))
    pool.initialize(sqrt_price_x96_rounding_down(price.numerator, price.denominator))
    pool.mint("passive", -FULL_RANGE, FULL_RANGE, liquidity * UNIT)
    trade = find_arbitrage(pool, Fraction(fair_price))
    assert trade is not None
    # The excess is a difference of logs of 3e-3, so its last digits are those of a double near one.
    assert float(trade.profit) / UNIT == pytest.approx(gas, rel=1e-10)


@pytest.mark.parametrize("fair_price", [Fraction(1, 10**40), Fraction(10**40)])
def test_prices_beyond_the_ticks_stop_at_the_last_one(fair_price: Fraction) -> None:
    """A fair price that no square-root price can state still gives a limit the pool accepts."""
    trade = find_arbitrage(ranged_pool(3_000), fair_price)
    assert trade is not None
    assert trade.sqrt_price_limit_x96 == (MIN_SQRT_RATIO + 1 if trade.zero_for_one else MAX_SQRT_RATIO - 1)


@pytest.mark.parametrize("fair_price", [Fraction(0), Fraction(-1)])
def test_a_price_that_is_none_is_refused(fair_price: Fraction) -> None:
    """Only a positive price has a band."""
    with pytest.raises(ArgumentError, match="above zero"):
        find_arbitrage(ranged_pool(3_000), fair_price)


def test_profit_is_what_the_trader_is_left_with() -> None:
    """The profit is what came out less what went in, token0 at the fair price."""
    trade = find_arbitrage(full_range_pool(), Fraction(2_100))
    assert isinstance(trade, ArbitrageTrade)
    assert trade.amount0 < 0 < trade.amount1
    assert trade.profit == -trade.amount0 * 2_100 - trade.amount1


# v2 pairs -------------------------------------------------------------------------------------------------------------

RESERVES = st.integers(1, 10**30)


@given(st.integers(1, 60), st.integers(1, 60), FAIR_PRICES)
def test_o03b_no_swap_of_a_small_pair_earns_a_unit_more(reserve0: int, reserve1: int, fair_price: Fraction) -> None:
    """Against every output of a small pair in both directions, each at the least input the pair's own check accepts."""
    pair = UniswapV2Pair.from_reserves(reserve0, reserve1)
    best = Fraction(0)
    for out0 in range(1, reserve0):
        paid = next(paid for paid in range(10**6) if accepts(reserve0, reserve1, -out0, paid))
        best = max(best, out0 * fair_price - paid)
    for out1 in range(1, reserve1):
        paid = next(paid for paid in range(10**6) if accepts(reserve0, reserve1, paid, -out1))
        best = max(best, out1 - paid * fair_price)
    trade = find_pair_arbitrage(pair, fair_price)
    found = Fraction(0) if trade is None else trade.profit
    unit_in = fair_price if trade is None or trade.zero_for_one else Fraction(1)
    assert best - max(unit_in, Fraction(1) if trade is None else unit_in) < found <= best


def accepts(reserve0: int, reserve1: int, delta0: int, delta1: int) -> bool:
    """The contract's check of the product, fee and all."""
    adjusted0 = (reserve0 + delta0) * 1_000 - 3 * max(delta0, 0)
    adjusted1 = (reserve1 + delta1) * 1_000 - 3 * max(delta1, 0)
    return adjusted0 * adjusted1 >= reserve0 * reserve1 * 10**6


@given(RESERVES, RESERVES, st.floats(-2, 2))
def test_o03b_the_pair_accepts_the_trade_and_not_a_unit_less(reserve0: int, reserve1: int, move: float) -> None:
    """The pair swaps for exactly the stated input, refuses one unit less, and has no other trade left afterwards."""
    fair_price = Fraction(reserve1, reserve0) * Fraction(10**move)
    pair = UniswapV2Pair.from_reserves(reserve0, reserve1)
    trade = find_pair_arbitrage(pair, fair_price)
    if trade is None:
        return
    assert trade.profit > 0
    out = (0, trade.amount_out) if trade.zero_for_one else (trade.amount_out, 0)
    for missing in (1, 0):
        paid = trade.amount_in - missing
        paid0, paid1 = (paid, 0) if trade.zero_for_one else (0, paid)
        if missing:
            with pytest.raises((ConstantProductError, InsufficientInputAmountError)):
                pair.copy().swap(*out, "arbitrageur", paid0=paid0, paid1=paid1)
        else:
            pair.swap(*out, "arbitrageur", paid0=paid0, paid1=paid1)
    again = find_pair_arbitrage(pair, fair_price)
    assert again is None or again.profit < (fair_price if again.zero_for_one else 1)


@given(st.integers(10**18, 10**24), st.integers(10**18, 10**24), st.floats(-0.5, 0.5))
def test_o03b_pair_against_the_closed_form(reserve0: int, reserve1: int, move: float) -> None:
    """Profit and input are the closed form's, up to two units and the floats' rounding of the reserves they move."""
    fair_price = reserve1 / reserve0 * 2.0**move
    trade = find_pair_arbitrage(UniswapV2Pair.from_reserves(reserve0, reserve1), Fraction(fair_price))
    closed = constant_product.arbitrage(float(reserve0), float(reserve1), fair_price, 0.003)
    if trade is None:
        assert closed.profit <= 1e-12 * reserve1 + 2 * max(fair_price, 1)
        return
    assert closed.zero_for_one is trade.zero_for_one
    assert float(trade.profit) == pytest.approx(closed.profit, abs=1e-12 * reserve1 + 2 * max(fair_price, 1))


@pytest.mark.parametrize(
    ("fair_price", "zero_for_one", "amount_in", "profit"),
    [(2_100, False, 4645.31, 107.571), (1_900, True, 2.451176, 113.815)],
)
def test_o03b_published_sizes_on_the_integer_pair(
    fair_price: int, zero_for_one: bool, amount_in: float, profit: float
) -> None:
    """The pair of 100 and 200 000 takes the published inputs, for the published profits."""
    trade = find_pair_arbitrage(UniswapV2Pair.from_reserves(100 * UNIT, 200_000 * UNIT), Fraction(fair_price))
    assert trade is not None
    assert trade.zero_for_one is zero_for_one
    assert trade.amount_in / UNIT == pytest.approx(amount_in, rel=2e-6)
    assert float(trade.profit) / UNIT == pytest.approx(profit, abs=5e-4)


@pytest.mark.parametrize(("parts", "paid_out"), [(1, 9066.109), (10, 9065.035), (1_000, 9064.913)])
def test_o03b_splitting_an_order_is_worse_on_the_integer_pair(parts: int, paid_out: float) -> None:
    """1000 into 10 000 x 100 000 in equal parts pays out the published amounts, within a unit a part of the floats."""
    pair = UniswapV2Pair.from_reserves(10_000 * UNIT, 100_000 * UNIT)
    total = sum(pair.swap_exact_input(True, 1_000 * UNIT // parts, "taker").amount1_out for _ in range(parts))
    assert total / UNIT == pytest.approx(paid_out, abs=5e-4)
    closed = constant_product.split_amount_out(10_000.0, 100_000.0, 1_000.0, 0.003, parts)
    assert total / UNIT == pytest.approx(closed, rel=1e-11)


@given(st.lists(st.integers(10**15, 10**20), min_size=1, max_size=10))
def test_s39_on_a_v3_pool_splitting_changes_only_rounding(parts: list[int]) -> None:
    """Fees stay outside the liquidity of v3: parts pay out what the whole does, but for rounding.

    A part may lose one unit of its input, worth 2000 of the output, and two of the output; the whole may lose one.
    """
    whole = full_range_pool()
    total = -whole.swap(True, sum(parts), MIN_SQRT_RATIO + 1).amount1
    split = full_range_pool()
    paid_out = sum(-split.swap(True, part, MIN_SQRT_RATIO + 1).amount1 for part in parts)
    assert total - 2_002 * len(parts) <= paid_out <= total + 1


@given(RESERVES, RESERVES, st.integers(1, 10**30), st.booleans())
def test_o03_pair_swap_against_the_closed_form(
    reserve0: int, reserve1: int, amount_in: int, zero_for_one: bool
) -> None:
    """The integer output is the closed form's, rounded down, up to the floats' own digits: one unit and 1e-14."""
    pair = UniswapV2Pair.from_reserves(reserve0, reserve1)
    out = pair.quote_exact_input(zero_for_one, amount_in)
    reserve_in, reserve_out = (reserve0, reserve1) if zero_for_one else (reserve1, reserve0)
    closed = constant_product.amount_out(float(reserve_in), float(reserve_out), float(amount_in), 0.003)
    assert abs(out - closed) <= 1 + 1e-14 * closed


@pytest.mark.parametrize("fair_price", [Fraction(0), Fraction(-1)])
def test_a_pair_needs_a_price_too(fair_price: Fraction) -> None:
    """Only a positive price says which way a pair is wrong."""
    with pytest.raises(ArgumentError, match="above zero"):
        find_pair_arbitrage(UniswapV2Pair.from_reserves(10, 10), fair_price)
