"""Reverts of the arithmetic that the contracts share."""

from amm.errors.base import RevertError


class MulDivOverflowError(RevertError):
    """FullMath.mulDiv: the quotient needs more than 256 bits, or the denominator is zero."""

    rule = "a * b / denominator must fit 256 bits"
    a: int
    b: int
    denominator: int


class CastOverflowError(RevertError):
    """SafeCast: a value does not fit the narrower type."""

    rule = "the value must fit the type"
    value: int
    type_name: str


class DivisionByZeroError(RevertError):
    """A division the contract does not guard: an invalid opcode, without a reason."""

    rule = "the divisor must not be zero"
    dividend: int


class NoBitSetError(RevertError):
    """BitMath: zero has neither a highest nor a lowest bit."""

    rule = "the value must be above zero"


class AdditionOverflowError(RevertError):
    """SafeMath.add."""

    reason = "ds-math-add-overflow"
    rule = "the sum must fit 256 bits"
    x: int
    y: int


class SubtractionUnderflowError(RevertError):
    """SafeMath.sub."""

    reason = "ds-math-sub-underflow"
    rule = "the difference must not be negative"
    x: int
    y: int


class MultiplicationOverflowError(RevertError):
    """SafeMath.mul."""

    reason = "ds-math-mul-overflow"
    rule = "the product must fit 256 bits"
    x: int
    y: int
