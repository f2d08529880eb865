"""Checked 256-bit arithmetic with the reverts of v2's SafeMath (ds-math)."""

from amm.errors import (
    AdditionOverflowError,
    DivisionByZeroError,
    MultiplicationOverflowError,
    SubtractionUnderflowError,
)
from amm.math.fixed_point import MAX_UINT256


def add(x: int, y: int) -> int:
    """Return x + y.

    Raises:
        AdditionOverflowError: ("ds-math-add-overflow") if the sum needs more than 256 bits.
    """
    total = x + y
    if total > MAX_UINT256:
        raise AdditionOverflowError(x, y)
    return total


def sub(x: int, y: int) -> int:
    """Return x - y.

    Raises:
        SubtractionUnderflowError: ("ds-math-sub-underflow") if y exceeds x.
    """
    if y > x:
        raise SubtractionUnderflowError(x, y)
    return x - y


def mul(x: int, y: int) -> int:
    """Return x * y.

    Raises:
        MultiplicationOverflowError: ("ds-math-mul-overflow") if the product needs more than 256 bits.
    """
    product = x * y
    if product > MAX_UINT256:
        raise MultiplicationOverflowError(x, y)
    return product


def div(x: int, y: int) -> int:
    """Return floor(x / y).

    Raises:
        DivisionByZeroError: (without a reason: an invalid opcode) if y is zero.
    """
    if y == 0:
        raise DivisionByZeroError(x)
    return x // y
