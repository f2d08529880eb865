"""Quotes and how prices become quotes: rounded outwards, never crossed, absent where there is no price or no size."""

import math
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderbook import Quote, Quotes
from orderbook.errors import InvalidParameterError, InvalidPriceError, InvalidSizeError
from orderbook.quoting.protocol import quotes_outward


def test_s01_a_two_sided_quote() -> None:
    """97 bid, 103 asked: a spread of 6, which is 6 % of the mid price."""
    quotes = Quotes.one_level(Quote(97, 1), Quote(103, 1))
    assert quotes.spread == 6
    assert Fraction(6, Fraction(97 + 103, 2)) == Fraction(6, 100)


@given(
    bid=st.floats(1, 1e12) | st.fractions(1, 10**9),
    distance=st.fractions(Fraction(1, 1000), 10**6),
    sizes=st.tuples(st.integers(1, 9), st.integers(1, 9)),
)
def test_quotes_round_away_from_each_other(bid: float | Fraction, distance: Fraction, sizes: tuple[int, int]) -> None:
    """The bid is the highest tick not above its price, the ask the lowest not below, so they never meet."""
    exact_bid = Fraction(bid)
    quotes = quotes_outward(exact_bid, exact_bid + distance, *sizes)
    assert quotes.bid is not None
    assert quotes.ask is not None
    assert 0 <= exact_bid - quotes.bid.price < 1
    assert 0 <= quotes.ask.price - (exact_bid + distance) < 1
    assert (quotes.bid.size, quotes.ask.size) == sizes


@pytest.mark.parametrize(
    ("bid", "ask", "sizes", "expected"),
    [
        (0.99, 2.0, (1, 1), Quotes.one_level(None, Quote(2, 1))),
        (-5.0, -0.5, (1, 1), Quotes.one_level(None, None)),
        (-math.inf, 7.5, (1, 1), Quotes.one_level(None, Quote(8, 1))),
        (7.5, math.inf, (1, 1), Quotes.one_level(Quote(7, 1), None)),
        (7.5, 8.5, (0, 2), Quotes.one_level(None, Quote(9, 2))),
        (7.5, 8.5, (2, -1), Quotes.one_level(Quote(7, 2), None)),
    ],
)
def test_a_side_without_a_price_or_a_size_is_absent(
    bid: float, ask: float, sizes: tuple[int, int], expected: Quotes
) -> None:
    """Below one tick, at infinity, or with nothing to quote there is no quote; the other side stands."""
    assert quotes_outward(bid, ask, *sizes) == expected
    assert expected.spread is None


def test_what_is_no_quote_is_refused() -> None:
    """A price or a size that is no positive int, a bid that meets its ask, a price that is not a number."""
    with pytest.raises(InvalidPriceError):
        Quote(0, 1)
    with pytest.raises(InvalidSizeError):
        Quote(1, True)
    with pytest.raises(InvalidParameterError, match="below the ask of 5 ticks"):
        Quotes.one_level(Quote(5, 1), Quote(5, 1))
    with pytest.raises(InvalidParameterError, match="a number of ticks"):
        quotes_outward(math.nan, 5.0, 1, 1)
