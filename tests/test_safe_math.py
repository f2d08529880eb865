"""Checked arithmetic: the exact result or the contract's revert."""

import pytest
from hypothesis import given
from naive_amm import uint

from amm.errors import (
    AdditionOverflowError,
    DivisionByZeroError,
    MultiplicationOverflowError,
    SubtractionUnderflowError,
)
from amm.math import safe_math


@given(uint(256), uint(256))
def test_results_fit_the_type_or_are_refused(x: int, y: int) -> None:
    """Sum, difference and product where uint256 holds them, and the reason of ds-math where it does not."""
    if x + y < 2**256:
        assert safe_math.add(x, y) == x + y
    else:
        with pytest.raises(AdditionOverflowError, match="ds-math-add-overflow"):
            safe_math.add(x, y)
    if x >= y:
        assert safe_math.sub(x, y) == x - y
    else:
        with pytest.raises(SubtractionUnderflowError, match="ds-math-sub-underflow"):
            safe_math.sub(x, y)
    if x * y < 2**256:
        assert safe_math.mul(x, y) == x * y
    else:
        with pytest.raises(MultiplicationOverflowError, match="ds-math-mul-overflow"):
            safe_math.mul(x, y)


def test_a_division_by_zero_has_no_reason() -> None:
    """The compiler's invalid opcode carries no text."""
    assert safe_math.div(7, 2) == 3
    with pytest.raises(DivisionByZeroError) as caught:
        safe_math.div(7, 0)
    assert caught.value.reason == ""
