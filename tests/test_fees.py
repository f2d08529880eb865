"""The fee schedule: exact shares, roundings in the venue's favour, and the worked prices of the rows."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderbook import FeeSchedule, Side
from orderbook.errors import InvalidParameterError

PIPS = st.integers(-999_999, 999_999)
REBATE = FeeSchedule(maker_rebate_pips=100)


def test_s03_a_rebate_improves_both_of_a_makers_prices() -> None:
    """At 0.01 %: bought at 1000, paid 999.9; sold at 1000.1, received 1000.20001."""
    assert REBATE.maker_price(Side.BUY, 1000) == Fraction("999.9")
    assert REBATE.maker_price(Side.SELL, Fraction("1000.1")) == Fraction("1000.20001")


def test_s12_a_taker_receives_less_and_a_maker_pays_less() -> None:
    """At a fee of 0.025 % the seller at 100 gets 99.975, and the maker with a rebate of 0.01 % pays 99.99."""
    fees = FeeSchedule(maker_rebate_pips=100, taker_fee_pips=250)
    assert fees.taker_price(Side.SELL, 100) == Fraction("99.975")
    assert fees.maker_price(Side.BUY, 100) == Fraction("99.99")


def test_s14_the_ask_that_breaks_even() -> None:
    """Bought for 99.99: an ask of 99.980002 returns exactly that, and one of 99.98 returns 99.989998."""
    ask = REBATE.break_even_ask(Fraction("99.99"))
    assert round(ask, 6) == Fraction("99.980002")
    assert REBATE.maker_price(Side.SELL, ask) == Fraction("99.99")
    assert REBATE.maker_price(Side.SELL, Fraction("99.98")) == Fraction("99.989998")


@given(PIPS, st.fractions(min_value=Fraction(1, 1000), max_value=10**6))
def test_break_even_prices_break_even(rebate: int, price: Fraction) -> None:
    """Selling at the break-even ask returns the cost, buying at the break-even bid spends the proceeds."""
    fees = FeeSchedule(maker_rebate_pips=rebate)
    assert fees.maker_price(Side.SELL, fees.break_even_ask(price)) == price
    assert fees.maker_price(Side.BUY, fees.break_even_bid(price)) == price


@given(PIPS, PIPS, st.integers(0, 10**18))
def test_charges_round_in_the_venues_favour_by_less_than_a_unit(rebate: int, fee: int, notional: int) -> None:
    """The taker never pays less than the exact fee, the maker never gets more than the exact rebate."""
    fees = FeeSchedule(rebate, fee)
    exact_fee, exact_rebate = Fraction(notional * fee, 10**6), Fraction(notional * rebate, 10**6)
    assert 0 <= fees.taker_fee_on(notional) - exact_fee < 1
    assert 0 <= exact_rebate - fees.maker_rebate_on(notional) < 1


@pytest.mark.parametrize("pips", [1_000_000, -1_000_000, 0.5, True])
def test_a_share_of_everything_or_of_no_number_is_refused(pips: int) -> None:
    """The error names the parameter, on either side."""
    with pytest.raises(InvalidParameterError, match="maker_rebate_pips"):
        FeeSchedule(maker_rebate_pips=pips)
    with pytest.raises(InvalidParameterError, match="taker_fee_pips"):
        FeeSchedule(taker_fee_pips=pips)
