"""Constant spreads, in ticks and as a share of the price."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderbook import FixedSpread, MarketView, ProportionalSpread, Quote, Quotes
from orderbook.errors import InvalidParameterError

FAIR = st.integers(1_000, 10**9) | st.fractions(1_000, 10**6)


def test_s01_a_fixed_spread_of_three_ticks_either_way() -> None:
    """Around 100: 97 and 103; around 100.5: rounded outwards to 97 and 104."""
    strategy = FixedSpread(half_spread_ticks=3, size=2)
    assert strategy.quote(MarketView(0, 100, 0)) == Quotes.one_level(Quote(97, 2), Quote(103, 2))
    assert strategy.quote(MarketView(0, Fraction(201, 2), 0)) == Quotes.one_level(Quote(97, 2), Quote(104, 2))


@given(FAIR, st.integers(1, 500) | st.fractions(Fraction(1, 100), 500), st.integers(-99, 99))
def test_a_fixed_spread_never_quotes_inside_its_half_spread(
    fair: int | Fraction, half_spread: int | Fraction, inventory: int
) -> None:
    """Each quote is at its distance or less than a tick further, whatever the inventory."""
    quotes = FixedSpread(half_spread, 1).quote(MarketView(5, fair, inventory))
    assert quotes.bid is not None
    assert quotes.ask is not None
    assert 0 <= fair - half_spread - quotes.bid.price < 1
    assert 0 <= quotes.ask.price - fair - half_spread < 1


@given(FAIR, st.integers(1, 500_000))
def test_a_proportional_spread_is_an_exact_share_rounded_outwards(fair: int | Fraction, pips: int) -> None:
    """Each quote is the fair price times one minus or plus the share, or less than a tick further."""
    quotes = ProportionalSpread(pips, 1).quote(MarketView(0, fair, 0))
    assert quotes.bid is not None
    assert quotes.ask is not None
    assert 0 <= fair * Fraction(10**6 - pips, 10**6) - quotes.bid.price < 1
    assert 0 <= quotes.ask.price - fair * Fraction(10**6 + pips, 10**6) < 1


@pytest.mark.parametrize("half_spread", [0, -1, 0.5, True, Fraction(0)])
def test_a_half_spread_that_is_no_positive_number_of_ticks_is_refused(half_spread: int) -> None:
    """A float is refused too: what it stands for is not exact."""
    with pytest.raises(InvalidParameterError, match="half_spread_ticks"):
        FixedSpread(half_spread, 1)


@pytest.mark.parametrize("pips", [0, -1, 1_000_000, 3.5])
def test_a_share_that_is_not_between_nothing_and_all_is_refused(pips: int) -> None:
    """The error names the parameter."""
    with pytest.raises(InvalidParameterError, match="half_spread_pips"):
        ProportionalSpread(pips, 1)


def test_a_size_of_nothing_is_refused() -> None:
    """By either strategy."""
    for strategy in (FixedSpread, ProportionalSpread):
        with pytest.raises(InvalidParameterError, match="size"):
            strategy(1, 0)
