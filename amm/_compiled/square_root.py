"""The square root of a price, whose square needs more than 256 bits, as a second body of `amm.math.price`."""

from typing import Final

import numpy as np

from amm._compiled.division import divide
from amm._compiled.floats import to_integer
from amm._compiled.limbs import as_unsigned, multiply_full, to_float
from amm._compiled.operators import ZERO
from amm._compiled.translation import second_body
from amm.errors import ArgumentError
from amm.math import price
from lpmm_numba.parts import part

_UPPER: Final = 2.0**256
_ROUNDS: Final = 8  # each adds some fifty right bits, and a root has at most 224


@part
def _less(a1, a0, b1, b0):
    """Compare two integers of two wide halves each."""
    return a1 < b1 or (a1 == b1 and a0 < b0)


@part
def integer_root(high, low):
    """Return floor(sqrt((high, low))) for high < 2**192, and whether it is exact: Newton's steps, taken in floats."""
    if high | low == 0:
        return as_unsigned(ZERO), True
    root = to_integer(np.sqrt(to_float(high) * _UPPER + to_float(low)))
    for _ in range(_ROUNDS):
        high_square, square = multiply_full(root, root)
        twice = 2.0 * to_float(root)
        if _less(high, low, high_square, square):
            rest = high_square - high - (1 if square < low else 0)
            step = (to_float(rest) * _UPPER + to_float(square - low)) / twice
            root -= to_integer(step)
        else:
            rest = high - high_square - (1 if low < square else 0)
            step = (to_float(rest) * _UPPER + to_float(low - square)) / twice
            root += to_integer(step)
        if step < 1.0:
            break
    high_square, square = multiply_full(root, root)
    while _less(high, low, high_square, square):
        root -= 1
        high_square, square = multiply_full(root, root)
    while True:
        next_high, next_low = multiply_full(root + 1, root + 1)
        if _less(high, low, next_high, next_low):
            break
        root += 1
        high_square, square = next_high, next_low
    return root, high_square == high and square == low


@part
def _divided(high, low, divisor):
    """Return the quotient and whether it is exact: one copy of what is inlined wherever `divide` is called."""
    return divide(high, low, divisor)


@part
def _root_of_ratio(numerator, denominator):
    """Return floor(sqrt(numerator / denominator) * 2**96), and whether it is exact."""
    if numerator <= 0:
        raise ArgumentError("numerator", numerator, "above zero")
    if denominator <= 0:
        raise ArgumentError("denominator", denominator, "above zero")
    over, under = as_unsigned(numerator), as_unsigned(denominator)
    high = _divided(as_unsigned(ZERO), over >> 64, under)[0]
    rest = (over >> 64) - high * under
    low, exact = _divided(rest, over << 192, under)
    root, square = integer_root(high, low)
    return root, square and exact


@second_body(price.sqrt_price_x96_rounding_down)
@part
def sqrt_price_x96_rounding_down(numerator, denominator):
    """Divide in 448 bits, and take the root of that."""
    return _root_of_ratio(numerator, denominator)[0]


@second_body(price.sqrt_price_x96_rounding_up)
@part
def sqrt_price_x96_rounding_up(numerator, denominator):
    """Add one where the division or the root leaves a rest."""
    root, exact = _root_of_ratio(numerator, denominator)
    return root if exact else root + 1
