"""Products divided without losing the upper half, beside fractions."""

from collections.abc import Callable
from fractions import Fraction
from math import ceil, floor

import pytest
from hypothesis import given
from naive_amm import uint

from amm.errors import MulDivOverflowError
from amm.math.full_math import div_rounding_up, mul_div, mul_div_rounding_up

MAX = 2**256 - 1


@given(uint(256), uint(256), uint(256, least=1))
def test_mul_div_is_the_floor_of_the_fraction(a: int, b: int, denominator: int) -> None:
    """The quotient rounded down, or an overflow exactly where 256 bits do not hold it."""
    exact = floor(Fraction(a * b, denominator))
    if exact <= MAX:
        assert mul_div(a, b, denominator) == exact
    else:
        with pytest.raises(MulDivOverflowError):
            mul_div(a, b, denominator)


@given(uint(256), uint(256), uint(256, least=1))
def test_mul_div_rounding_up_is_the_ceiling_of_the_fraction(a: int, b: int, denominator: int) -> None:
    """The quotient rounded up, or an overflow exactly where 256 bits do not hold it."""
    exact = ceil(Fraction(a * b, denominator))
    if exact <= MAX:
        assert mul_div_rounding_up(a, b, denominator) == exact
    else:
        with pytest.raises(MulDivOverflowError):
            mul_div_rounding_up(a, b, denominator)


@pytest.mark.parametrize(
    ("a", "b", "denominator"),
    [
        (535006138814359, 432862656469423142931042426214547535783388063929571229938474969, 2),
        (
            115792089237316195423570985008687907853269984659341747863450311749907997002549,
            115792089237316195423570985008687907853269984659341747863450311749907997002550,
            115792089237316195423570985008687907853269984653042931687443039491902864365164,
        ),
    ],
)
def test_rounding_up_overflows_where_rounding_down_just_fits(a: int, b: int, denominator: int) -> None:
    """The two cases of the contract's own tests: the floor is 2**256 - 1, and a remainder is left."""
    assert mul_div(a, b, denominator) == MAX
    with pytest.raises(MulDivOverflowError):
        mul_div_rounding_up(a, b, denominator)


@pytest.mark.parametrize("function", [mul_div, mul_div_rounding_up])
def test_a_denominator_of_zero_is_refused(function: Callable[[int, int, int], int]) -> None:
    """A division by zero reverts as an overflow does, and carries the three values."""
    with pytest.raises(MulDivOverflowError) as caught:
        function(2, 3, 0)
    assert (caught.value.a, caught.value.b, caught.value.denominator) == (2, 3, 0)
    assert caught.value.reason == ""


@given(uint(256), uint(256, least=1))
def test_div_rounding_up_is_the_ceiling(a: int, denominator: int) -> None:
    """The quotient rounded up, for every dividend."""
    assert div_rounding_up(a, denominator) == ceil(Fraction(a, denominator))


def test_div_rounding_up_does_not_guard() -> None:
    """The library divides as the machine does: nothing comes of a division by zero."""
    assert div_rounding_up(2**256 - 1, 0) == div_rounding_up(0, 0) == 0
