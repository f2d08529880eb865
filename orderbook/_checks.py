"""Checks of parameters, in one place: each raises InvalidParameterError with the name, the value and the rule."""

import math
from fractions import Fraction
from typing import TypeGuard

from orderbook.errors import InvalidParameterError


def require_int(name: str, value: object, *, minimum: int) -> None:
    """Refuse anything but an int (a bool is none) of at least `minimum`."""
    if type(value) is not int or value < minimum:
        raise InvalidParameterError(name, value, f"an int of at least {minimum}")


def require_exact_positive(name: str, value: object) -> None:
    """Refuse anything but a positive int or Fraction."""
    if isinstance(value, bool) or not isinstance(value, int | Fraction) or value <= 0:
        raise InvalidParameterError(name, value, "a positive int or Fraction")


def require_positive(name: str, value: object) -> None:
    """Refuse zero, negatives, infinities, NaN and what is no number."""
    if not _is_finite_number(value) or value <= 0:
        raise InvalidParameterError(name, value, "a positive finite number")


def require_not_negative(name: str, value: object) -> None:
    """Refuse negatives, infinities, NaN and what is no number."""
    if not _is_finite_number(value) or value < 0:
        raise InvalidParameterError(name, value, "a finite number of at least 0")


def require_finite(name: str, value: object) -> None:
    """Refuse infinities, NaN and what is no number."""
    if not _is_finite_number(value):
        raise InvalidParameterError(name, value, "a finite number")


def _is_finite_number(value: object) -> TypeGuard[float]:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)
