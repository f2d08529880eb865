"""Second bodies for the constant-product curve, the shares of a pair, and the checked arithmetic that they use.

Where amounts and reserves are below 2**112, as in every pair on a chain, no term needs more than 234 bits, and two
limbs of the four that a uint256 has hold the quotient.
"""

import numpy as np

from amm._compiled.division import four_by_two
from amm._compiled.limbs import as_unsigned, from_limbs, limbs_of, multiply_add, multiply_full, subtract_two
from amm._compiled.operators import ZERO
from amm._compiled.square_root import integer_root
from amm._compiled.translation import first_body, second_body
from amm.errors import AdditionOverflowError, MultiplicationOverflowError
from amm.math import constant_product, pair_shares, safe_math
from lpmm_numba.parts import inlined_part, part

Limb = np.uint64

_ZERO = Limb(0)
_ONE = Limb(1)
_END = Limb(1 << 48)
"""What the upper limb of an amount below 2**112 is less than."""
_FEE_DENOMINATOR = Limb(constant_product.FEE_DENOMINATOR)


@second_body(safe_math.add)
@part
def add(x, y):
    """See from the wrapped sum whether it overflows."""
    total = as_unsigned(x) + as_unsigned(y)
    if total < as_unsigned(y):
        raise AdditionOverflowError(x, y)
    return total


@second_body(safe_math.mul)
@part
def mul(x, y):
    """Take the product in 512 bits."""
    high, product = multiply_full(as_unsigned(x), as_unsigned(y))
    if high != 0:
        raise MultiplicationOverflowError(x, y)
    return product


@second_body(pair_shares.square_root)
@part
def square_root(value):
    """Take Newton's steps in floats."""
    return integer_root(as_unsigned(ZERO), as_unsigned(value))[0]


_get_amount_out = first_body(constant_product.get_amount_out)
_get_amount_in = first_body(constant_product.get_amount_in)


@inlined_part
def _times(a1, a0, factor, c1, c0):
    """Return (a1, a0) * factor + (c1, c0), which fits two limbs."""
    high, low = multiply_add(a0, factor, c0, _ZERO)
    return a1 * factor + c1 + high, low


@inlined_part
def _product(a1, a0, b1, b0):
    """Return the four limbs of (a1, a0) * (b1, b0), the highest first."""
    carry, p0 = multiply_add(a0, b0, _ZERO, _ZERO)
    p2, p1 = multiply_add(a1, b0, carry, _ZERO)
    carry, p1 = multiply_add(a0, b1, p1, _ZERO)
    p3, p2 = multiply_add(a1, b1, p2, carry)
    return p3, p2, p1, p0


@second_body(constant_product.get_amount_out)
@inlined_part
def get_amount_out(amount_in, reserve_in, reserve_out, fee_numerator=constant_product.FEE_NUMERATOR):
    """Multiply and divide two limbs where all three fit 112 bits."""
    a0, a1, a2, a3 = limbs_of(amount_in)
    i0, i1, i2, i3 = limbs_of(reserve_in)
    o0, o1, o2, o3 = limbs_of(reserve_out)
    fits = a2 | a3 | i2 | i3 | o2 | o3 == _ZERO and a1 < _END and i1 < _END and o1 < _END
    if not fits or a1 | a0 == _ZERO or i1 | i0 == _ZERO or o1 | o0 == _ZERO:
        return _get_amount_out(amount_in, reserve_in, reserve_out, fee_numerator)
    a1, a0 = _times(a1, a0, Limb(fee_numerator), _ZERO, _ZERO)
    d1, d0 = _times(i1, i0, _FEE_DENOMINATOR, a1, a0)
    n3, n2, n1, n0 = _product(a1, a0, o1, o0)
    q1, q0 = four_by_two(n3, n2, n1, n0, d1, d0)
    return from_limbs(q0, q1, _ZERO, _ZERO)


@second_body(constant_product.get_amount_in)
@inlined_part
def get_amount_in(amount_out, reserve_in, reserve_out, fee_numerator=constant_product.FEE_NUMERATOR):
    """Multiply and divide two limbs where all three fit 112 bits, and the quotient 128."""
    a0, a1, a2, a3 = limbs_of(amount_out)
    i0, i1, i2, i3 = limbs_of(reserve_in)
    o0, o1, o2, o3 = limbs_of(reserve_out)
    fits = a2 | a3 | i2 | i3 | o2 | o3 == _ZERO and a1 < _END and i1 < _END and o1 < _END
    in_order = (a1 | a0 != _ZERO and i1 | i0 != _ZERO) and (a1 < o1 or (a1 == o1 and a0 < o0))
    if fits and in_order:
        d1, d0 = subtract_two(o1, o0, a1, a0)
        d1, d0 = _times(d1, d0, Limb(fee_numerator), _ZERO, _ZERO)
        i1, i0 = _times(i1, i0, _FEE_DENOMINATOR, _ZERO, _ZERO)
        n3, n2, n1, n0 = _product(i1, i0, a1, a0)
        if n3 < d1 or (n3 == d1 and n2 < d0):
            q1, q0 = four_by_two(n3, n2, n1, n0, d1, d0)
            c, q0 = multiply_add(_ONE, q0, _ONE, _ZERO)
            if q1 + c >= q1:
                return from_limbs(q0, q1 + c, _ZERO, _ZERO)
    return _get_amount_in(amount_out, reserve_in, reserve_out, fee_numerator)
