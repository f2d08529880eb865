"""Units: ticks, lots and token units convert without remainder."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare.errors import InputError
from compare.market import Market

DECIMAL_TICKS = st.integers(-8, 2).map(lambda power: Fraction(10) ** power)


@given(DECIMAL_TICKS, st.integers(0, 18), st.integers(0, 18), st.integers(1, 10**9))
def test_one_tick_on_one_lot_is_whole_quote_units(tick: Fraction, base: int, quote: int, ticks: int) -> None:
    """For any decimal tick and any decimals, a tick moves a lot's value by a whole number of quote units."""
    market = Market.from_tick_size(tick, ticks * tick, base_decimals=base, quote_decimals=quote)
    assert market.tick_size == tick
    spec = market.instrument
    lot_value = ticks * tick * market.lot_size * 10**quote
    assert lot_value == ticks * spec.quote_units_per_tick_lot


@given(st.integers(1, 10**9), st.integers(-(10**30), 10**30), st.integers(-(10**30), 10**30))
def test_wealth_is_exact(ticks: int, base: int, quote: int) -> None:
    """Wealth units hold the value of both tokens as fractions have it."""
    market = Market.from_tick_size(Fraction(1, 100), Fraction(2_000))
    exact = Fraction(base, 10**18) * ticks / 100 + Fraction(quote, 10**6)
    assert Fraction(market.value(base, ticks) + market.cash(quote), market.wealth_units_per_quote) == exact


def test_pool_price_follows_which_token_is_the_base() -> None:
    """The pool's price is token1 per token0 whichever of them is the base."""
    for base_is_token0 in (True, False):
        market = Market.from_tick_size(Fraction(1, 100), Fraction(2_000), base_is_token0=base_is_token0)
        quote_per_base = Fraction(2_000 * 10**6, 10**18)
        assert market.pool_price(200_000) == (quote_per_base if base_is_token0 else 1 / quote_per_base)


def test_a_tick_that_no_lot_suits_is_refused() -> None:
    """A tick of a third of a cent has no lot of a power of ten."""
    with pytest.raises(InputError, match="tick of 1/300"):
        Market.from_tick_size(Fraction(1, 300), Fraction(2_000))
