"""Square-root prices from exact ratios, rounded either way."""

from fractions import Fraction

import pytest
from hypothesis import given
from naive_amm import uint

from amm.errors import ArgumentError
from amm.math.price import sqrt_price_x96_rounding_down, sqrt_price_x96_rounding_up


@given(uint(160, least=1), uint(160, least=1))
def test_both_roundings_enclose_the_root(numerator: int, denominator: int) -> None:
    """Their squares lie on either side of the price, one unit apart, and are equal only where the root is exact."""
    price = Fraction(numerator, denominator) * 2**192
    down, up = sqrt_price_x96_rounding_down(numerator, denominator), sqrt_price_x96_rounding_up(numerator, denominator)
    assert down**2 <= price <= up**2
    assert (down + 1) ** 2 > price > max(up - 1, 0) ** 2 or down == up == 0
    assert (down == up) == (down**2 == price)


@pytest.mark.parametrize(("numerator", "denominator", "name"), [(0, 1, "numerator"), (1, 0, "denominator")])
def test_a_price_that_is_not_positive_is_refused(numerator: int, denominator: int, name: str) -> None:
    """The error names the part of the ratio at fault."""
    with pytest.raises(ArgumentError, match=name):
        sqrt_price_x96_rounding_up(numerator, denominator)
