"""The curve x * y = k with v2's fee: the library's quotes, and the published properties of the curve."""

from fractions import Fraction

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from amm.errors import (
    DivisionByZeroError,
    QuoteAmountError,
    QuoteInputError,
    QuoteLiquidityError,
    QuoteOutputError,
    SubtractionUnderflowError,
)
from amm.math.constant_product import FEE_DENOMINATOR, get_amount_in, get_amount_out, quote

RESERVES = st.integers(1, 2**112 - 1)
AMOUNTS = st.integers(1, 2**112 - 1)
NO_FEE = FEE_DENOMINATOR


@given(AMOUNTS, RESERVES, RESERVES, st.sampled_from([997, 1000, 990]))
def test_s50_the_product_never_falls(amount_in: int, reserve_in: int, reserve_out: int, fee_numerator: int) -> None:
    """After any exact input the product of what counts is at least what it was, and one unit more would break it."""
    amount_out = get_amount_out(amount_in, reserve_in, reserve_out, fee_numerator)
    counted = Fraction(amount_in * fee_numerator, FEE_DENOMINATOR)
    product = reserve_in * reserve_out
    assert (reserve_in + amount_in) * (reserve_out - amount_out) >= product
    assert (reserve_in + counted) * (reserve_out - amount_out) >= product
    assert (reserve_in + counted) * (reserve_out - amount_out - 1) < product


@given(AMOUNTS, RESERVES, RESERVES)
def test_s50_without_a_fee_the_product_stays(amount_in: int, reserve_in: int, reserve_out: int) -> None:
    """In fractions k is exactly k0 without a fee; the integer output is that output rounded down, so k cannot fall."""
    product = reserve_in * reserve_out
    exact_out = Fraction(amount_in * reserve_out, reserve_in + amount_in)
    assert (reserve_in + amount_in) * (reserve_out - exact_out) == product
    assert get_amount_out(amount_in, reserve_in, reserve_out, NO_FEE) == exact_out.numerator // exact_out.denominator


@pytest.mark.parametrize(("percent", "multiple"), [(50, 1), (90, 9), (99, 99)])
def test_s51_cornering_one_side_costs_ever_more(percent: int, multiple: int) -> None:
    """A fraction c of one reserve costs y c / (1 - c) of the other: 90 % costs nine reserves, and the price x 100."""
    reserve_in, reserve_out = 4 * 10**18, 2 * 10**18
    amount_out = reserve_out * percent // 100
    cost = get_amount_in(amount_out, reserve_in, reserve_out, NO_FEE)
    assert cost == multiple * reserve_in + 1  # the library adds one even where it divides evenly
    before = Fraction(reserve_in, reserve_out)
    after = Fraction(reserve_in + cost - 1, reserve_out - amount_out)
    assert after / before == Fraction(100, 100 - percent) ** 2


@given(RESERVES, RESERVES)
def test_s51_no_amount_empties_a_reserve(reserve_in: int, reserve_out: int) -> None:
    """The largest input there is leaves something; all of the reserve has no price, more than it even less."""
    assert get_amount_out(2**112 - 1, reserve_in, reserve_out) < reserve_out
    with pytest.raises(DivisionByZeroError):
        get_amount_in(reserve_out, reserve_in, reserve_out)
    with pytest.raises(SubtractionUnderflowError):
        get_amount_in(reserve_out + 1, reserve_in, reserve_out)


@given(st.data(), RESERVES, st.integers(2, 2**112 - 1))
def test_an_input_quoted_for_an_output_buys_it(data: st.DataObject, reserve_in: int, reserve_out: int) -> None:
    """get_amount_in is enough, and at most one unit more than the least input that is."""
    amount_out = data.draw(st.integers(1, reserve_out - 1))
    amount_in = get_amount_in(amount_out, reserve_in, reserve_out)
    assume(amount_in < 2**112)
    assert get_amount_out(amount_in, reserve_in, reserve_out) >= amount_out
    if amount_in > 2:
        assert get_amount_out(amount_in - 2, reserve_in, reserve_out) < amount_out


def test_the_librarys_example() -> None:
    """Numbers of the periphery's own tests."""
    assert get_amount_out(2, 100, 100) == 1
    assert get_amount_in(1, 100, 100) == 2
    assert quote(1, 100, 200) == 2
    assert quote(2, 200, 100) == 1


def test_nothing_cannot_be_quoted() -> None:
    """Zero amounts first, then empty reserves, each with the library's own reason."""
    for function, error in (
        (get_amount_out, QuoteInputError),
        (get_amount_in, QuoteOutputError),
        (quote, QuoteAmountError),
    ):
        with pytest.raises(error, match="UniswapV2Library: INSUFFICIENT_"):
            function(0, 0, 0)
        for reserves in ((0, 1), (1, 0)):
            with pytest.raises(QuoteLiquidityError, match="UniswapV2Library: INSUFFICIENT_LIQUIDITY"):
                function(1, *reserves)
