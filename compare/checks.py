"""Checks of numbers and arrays that a person gave."""

import math
from typing import Final, TypeVar

import numpy as np
from numpy.typing import ArrayLike, NDArray

from compare.durations import instant_text
from compare.errors import InputError

MOST_POINTS: Final = 100_000_000
"""A path has no more prices and a tape no more orders than this."""

_Integer = TypeVar("_Integer", bound=np.integer)


def frozen_integers(values: ArrayLike, dtype: type[_Integer], key: str, source: str) -> NDArray[_Integer]:
    """A read-only copy of a one-dimensional array of integers, in the type given.

    Raises:
        InputError: Another shape, values that are not integers, or that do not fit the type.
    """
    array = np.asarray(values)
    whole = array.dtype.kind in "iu" or not array.size
    if array.ndim != 1 or not whole:
        problem = f"an array of {array.dtype} with the shape {array.shape}"
        raise InputError(problem, source=source, place=key, remedy="one row of integers")
    limits = np.iinfo(dtype)
    if array.size and (int(array.min()) < limits.min or int(array.max()) > limits.max):
        raise InputError(
            f"values from {array.min()} to {array.max()}",
            source=source,
            place=key,
            remedy=f"integers from {limits.min} to {limits.max}",
        )
    copy: NDArray[_Integer] = np.array(array, dtype=dtype)
    copy.flags.writeable = False
    return copy


def require_points(count: int, key: str) -> int:
    """A number of points that fits into memory.

    Raises:
        InputError: It does not.
    """
    if count > MOST_POINTS:
        raise InputError(f"that makes {count:.3g} points", place=key, remedy=f"at most {MOST_POINTS}")
    return count


def require_order(times: NDArray[np.int64], *, strict: bool, key: str, source: str) -> None:
    """Times increase, or at least never decrease.

    Raises:
        InputError: They do not; the message names the first index where.
    """
    wrong = times[1:] <= times[:-1] if strict else times[1:] < times[:-1]
    if wrong.any():
        index = int(np.argmax(wrong)) + 1
        order = "strictly increasing" if strict else "in order"
        raise InputError(
            f"{instant_text(times[index])} follows {instant_text(times[index - 1])}",
            source=source,
            place=f"{key}, index {index}",
            remedy=f"times are {order}",
        )


def finite(value: object, key: str) -> float:
    """A finite number.

    Raises:
        InputError: It is not.
    """
    if isinstance(value, bool) or not isinstance(value, int | float | np.number) or not math.isfinite(value):
        raise InputError(f"{value!r} is not a number", place=key, remedy="give a finite number")
    return float(value)


def positive(value: object, key: str) -> float:
    """A finite number above zero.

    Raises:
        InputError: It is not.
    """
    number = finite(value, key)
    if number <= 0:
        raise InputError(f"{value} is not positive", place=key, remedy="give a number above zero")
    return number


def not_negative(value: object, key: str) -> float:
    """A finite number of zero or more.

    Raises:
        InputError: It is not.
    """
    number = finite(value, key)
    if number < 0:
        raise InputError(f"{value} is negative", place=key, remedy="give a number of zero or more")
    return number


def whole(value: object, key: str) -> int:
    """An integer of zero or more.

    Raises:
        InputError: It is not.
    """
    if isinstance(value, bool) or not isinstance(value, int | np.integer) or value < 0:
        raise InputError(f"{value!r} is not a whole number", place=key, remedy="give an integer of zero or more")
    return int(value)
