"""Ten times a hundred against a thousand (S39): the claim of article 3 that fails, and what holds instead."""

from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amm import UniswapV2Pair
from compare.errors import InputError
from compare.order_splitting import curve_cost, pair_proceeds, quoted_price, walked_price
from orderbook import Instrument, MarketMaker, MarketView, OrderBook, Quotes, Side
from orderbook.quoting.protocol import quotes_outward

UNIT = 10**18
MAKER: dict[str, Any] = {"half_spread": Fraction("0.05"), "skew_per_unit": Fraction("0.0001"), "size": 1_000}
amounts = st.fractions(1, 10**6, max_denominator=1_000)


@given(amounts, amounts, st.fractions("1/100", "99/100", max_denominator=100), st.integers(1, 12))
def test_s39_a_without_fee_or_reset_splitting_changes_nothing(
    base: Fraction, quote: Fraction, share: Fraction, parts: int
) -> None:
    """Exactly, for any pool, order and number of parts; and a reset never makes it dearer."""
    whole = curve_cost(base, quote, share * base, 1)
    assert curve_cost(base, quote, share * base, parts) == whole
    assert curve_cost(base, quote, share * base, parts, restored=True) <= whole


def test_s39_a_b_the_published_costs() -> None:
    """A thousand of 10 000 x 100 000: 11111.11 in one or ten parts, 10101.01 where arbitrage resets in between."""
    assert round(curve_cost(10_000, 100_000, 1_000, 1), 2) == Fraction("11111.11")
    assert round(curve_cost(10_000, 100_000, 1_000, 10), 2) == Fraction("11111.11")
    restored = curve_cost(10_000, 100_000, 1_000, 10, restored=True)
    assert restored == Fraction(100_000 * 1_000, 10_000 - 100)
    assert round(restored, 2) == Fraction("10101.01")


@pytest.mark.parametrize(("parts", "proceeds"), [(1, 9066.109), (10, 9065.035), (1_000, 9064.913)])
def test_s39_c_a_v2_pair_pays_less_for_parts(parts: int, proceeds: float) -> None:
    """The exact pair with its fee in the reserves: 9066.109 in one, 9065.035 in ten, 9064.913 in a thousand."""
    pair = UniswapV2Pair.from_reserves(10_000 * UNIT, 100_000 * UNIT)
    assert round(pair_proceeds(pair, 1_000 * UNIT, parts) / UNIT, 3) == proceeds
    assert (pair.reserve0, pair.reserve1) == (10_000 * UNIT, 100_000 * UNIT)


def test_s39_d_the_published_prices() -> None:
    """At the top 100.05, in ten parts 100.095, walking the book 100.10, and 100.0580 where half recovers each time."""
    assert quoted_price(100, **MAKER, parts=1) == Fraction("100.05")
    assert quoted_price(100, **MAKER, parts=10) == Fraction("100.095")
    assert walked_price(100, **MAKER) == Fraction("100.10")
    assert round(quoted_price(100, **MAKER, parts=10, recovery=Fraction(1, 2)), 4) == Fraction("100.0580")
    assert quoted_price(100, **MAKER, parts=10, recovery=Fraction(1)) == Fraction("100.05")


@given(st.integers(1, 200))
def test_s39_d_parts_tend_to_walking_the_book_and_never_get_there(parts: int) -> None:
    """The average in n parts is below walking by skew * size / (2 n), exactly."""
    gap = walked_price(100, **MAKER) - quoted_price(100, **MAKER, parts=parts)
    assert gap == Fraction(1, 20) / parts


class Leaning:
    """Five ticks either way of the fair price less a tick for every hundred lots, for any size."""

    def quote(self, view: MarketView) -> Quotes:
        centre = Fraction(view.fair_price) - Fraction(view.inventory, 100)
        return quotes_outward(centre - 5, centre + 5, 2_000, 2_000)


def test_s39_d_claim_fails_each_next_part_is_cheaper() -> None:
    """On the real book, in ticks of a cent: ten times a hundred at 100.05, 100.06, ..., each dearer by a tick."""
    book = OrderBook(Instrument(0, 2, base_units_per_lot=1, quote_units_per_tick_lot=1))
    maker = MarketMaker("maker", Leaning(), cash=10**9, holding=10_000)
    prices = []
    for time in range(10):
        maker.refresh(book, time, 10_000)
        (fill,) = book.market("client", Side.BUY, 100).fills
        maker.book_fills([fill])
        prices.append(fill.price)
    assert prices == list(range(10_005, 10_015))
    assert Fraction(sum(prices), 10 * 100) == quoted_price(100, **MAKER, parts=10)


def test_orders_that_cannot_be_split_are_refused() -> None:
    """No parts, parts of no whole units, and more than the pool has."""
    pair = UniswapV2Pair.from_reserves(10**6, 10**6)
    with pytest.raises(InputError, match="parts"):
        curve_cost(10, 10, 1, 0)
    with pytest.raises(InputError, match="size"):
        curve_cost(10, 10, 10, 1)
    with pytest.raises(InputError, match="do not divide"):
        pair_proceeds(pair, 10, 3)
    with pytest.raises(InputError, match="parts"):
        quoted_price(100, **MAKER, parts=-1)
