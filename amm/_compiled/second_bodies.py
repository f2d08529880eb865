"""The primitives whose plain bodies need more than 256 bits in between, and those that gain much from another body."""

import numpy as np
from numba import types
from numba.extending import overload

from amm._compiled.division import divide, divide_by_limb
from amm._compiled.limbs import as_unsigned, leading_zeros, multiply_full, shift_right_full, widened
from amm._compiled.operators import ZERO
from amm._compiled.translation import second_body
from amm._compiled.wide_type import WideConstant
from amm.errors import CastOverflowError, MulDivOverflowError, OutputTooLargeError
from amm.math import fixed_point, full_math, sqrt_price_math
from lpmm_numba.parts import inlined_part

MAX_UINT160 = WideConstant(fixed_point.MAX_UINT160)
MAX_UINT256 = WideConstant(fixed_point.MAX_UINT256)


@inlined_part
def _divided(high, low, denominator):
    """Return the quotient and whether it is exact, for high < denominator; a shift where a power of two is known."""
    lower_bits = denominator - 1
    if denominator & lower_bits == 0:
        places = np.uint64(255) - leading_zeros(denominator)
        return shift_right_full(high, low, places), low & lower_bits == 0
    return divide(high, low, denominator)


def _quotient(a, b, denominator):
    """Stand for floor(a * b / denominator) and whether that is exact, and for how it is come by."""
    raise NotImplementedError


@overload(_quotient)
def _choose_quotient(a, b, denominator):
    if not isinstance(denominator, types.Integer):

        def by_wide(a, b, denominator):
            high, low = multiply_full(widened(a), widened(b))
            if high >= as_unsigned(denominator):
                raise MulDivOverflowError(a, b, denominator)
            return _divided(high, low, as_unsigned(denominator))

        return by_wide

    def by_machine_integer(a, b, denominator):
        high, low = multiply_full(widened(a), widened(b))
        if high >= widened(denominator):
            raise MulDivOverflowError(a, b, denominator)
        return divide_by_limb(high, low, np.uint64(denominator))

    return by_machine_integer


@second_body(full_math.mul_div)
@inlined_part
def mul_div(a, b, denominator):
    """Take the product in 512 bits."""
    return _quotient(a, b, denominator)[0]


@second_body(full_math.mul_div_rounding_up)
@inlined_part
def mul_div_rounding_up(a, b, denominator):
    """Take the product in 512 bits, and add one where the division leaves a rest."""
    quotient, exact = _quotient(a, b, denominator)
    if exact:
        return quotient
    quotient += 1
    if quotient == 0:
        raise MulDivOverflowError(a, b, denominator)
    return quotient


@second_body(full_math.div_rounding_up)
@inlined_part
def div_rounding_up(a, denominator):
    """Add one where the division leaves a rest; nothing divides by zero."""
    if denominator == 0:
        return ZERO
    quotient, exact = divide(ZERO, as_unsigned(a), as_unsigned(denominator))
    return quotient if exact else quotient + 1


@second_body(sqrt_price_math.get_next_sqrt_price_from_amount0_rounding_up)
@inlined_part
def get_next_sqrt_price_from_amount0_rounding_up(sqrt_price_x96, liquidity, amount, add):
    """See whether the product overflows from its upper half, where the plain body divides."""
    if amount == 0:
        return sqrt_price_x96
    numerator = liquidity << 96
    upper, product = multiply_full(amount, sqrt_price_x96)
    if add:
        if upper == 0 and product <= MAX_UINT256 - numerator:
            return mul_div_rounding_up(numerator, sqrt_price_x96, numerator + product)
        quotient = numerator // sqrt_price_x96
        if amount > MAX_UINT256 - quotient:
            raise CastOverflowError(amount, "uint256")
        return div_rounding_up(numerator, quotient + amount)
    if upper != 0 or numerator <= product:
        raise OutputTooLargeError(amount, liquidity, sqrt_price_x96)
    next_x96 = mul_div_rounding_up(numerator, sqrt_price_x96, numerator - product)
    if next_x96 > MAX_UINT160:
        raise CastOverflowError(next_x96, "uint160")
    return next_x96
