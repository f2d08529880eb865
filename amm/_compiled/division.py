"""Division of 512 by 256 bits, one 64-bit digit of the quotient at a time.

Each digit is the upper part of a product with a reciprocal of the divisor's two highest limbs (Moeller and Granlund,
Improved division by invariant integers, 2011); with two limbs the digit is almost never too large, and where it is, by
one. The reciprocal is one division by the processor, or products alone where that is slow.
"""

from typing import Final

import numpy as np

from amm._compiled.limbs import (
    from_limbs,
    leading_zeros,
    limbs_of,
    multiply_add,
    shift_left_full,
    subtract_two,
)
from amm._compiled.processor import DIVIDES_QUICKLY, divide_limbs
from lpmm_numba.parts import inlined_part, part

Limb = np.uint64

_ZERO: Final = Limb(0)
_ONE: Final = Limb(1)
_ALL: Final = Limb(2**64 - 1)
_BITS: Final = Limb(64)
_WIDE_BITS: Final = Limb(256)
_INDEX_BITS: Final = Limb(55)
_START: Final = np.array([0x7FD00 // (0x100 | index) for index in range(256)], dtype=np.uint64)
"""Reciprocals to 11 bits, by the eight bits after a limb's highest."""


@inlined_part
def multiplied_reciprocal(limb):
    """Return floor((2**128 - 1) / limb) - 2**64 for a limb with its highest bit set (the paper's algorithm 3)."""
    v0 = _START[np.int64(limb >> _INDEX_BITS) - 256]
    upper40 = (limb >> Limb(24)) + _ONE
    v1 = (v0 << Limb(11)) - ((v0 * v0 * upper40) >> Limb(40)) - _ONE
    v2 = (v1 << Limb(13)) + ((v1 * (Limb(1 << 60) - v1 * upper40)) >> Limb(47))
    odd = limb & _ONE
    half_up = (limb >> _ONE) + odd
    error = ((v2 >> _ONE) & (_ZERO - odd)) - v2 * half_up
    high, _ = multiply_add(v2, error, _ZERO, _ZERO)
    v3 = (high >> _ONE) + (v2 << Limb(31))
    high, _ = multiply_add(v3, limb, limb, _ZERO)
    return v3 - high - limb


@inlined_part
def divided_reciprocal(limb):
    """Return the same by one instruction, on a processor that has it."""
    return divide_limbs(~limb, _ALL, limb)


reciprocal = divided_reciprocal if DIVIDES_QUICKLY else multiplied_reciprocal


@part
def reciprocal_of_two(d1, d0):
    """Return floor((2**192 - 1) / (d1, d0)) - 2**64 for two limbs with the highest bit set (algorithm 6)."""
    v = reciprocal(d1)
    p = d1 * v + d0
    if p < d0:
        v -= _ONE
        if p >= d1:
            v -= _ONE
            p -= d1
        p -= d1
    high, low = multiply_add(v, d0, _ZERO, _ZERO)
    p += high
    if p < high:
        v -= _ONE
        if p > d1 or (p == d1 and low >= d0):
            v -= _ONE
    return v


@inlined_part
def three_by_two(u2, u1, u0, d1, d0, v):
    """Return the quotient and the two remainder limbs of (u2, u1, u0) / (d1, d0), for (u2, u1) < (d1, d0).

    The paper's algorithm 4: `v` is reciprocal_of_two(d1, d0).
    """
    q1, q0 = multiply_add(v, u2, u1, _ZERO)
    q1 += u2
    r1 = u1 - q1 * d1
    t1, t0 = multiply_add(d0, q1, _ZERO, _ZERO)
    r1, r0 = subtract_two(r1, u0, t1, t0)
    r1, r0 = subtract_two(r1, r0, d1, d0)
    q1 += _ONE
    if r1 >= q0:
        q1 -= _ONE
        c, r0 = multiply_add(_ONE, r0, d0, _ZERO)
        r1 += d1 + c
    if r1 > d1 or (r1 == d1 and r0 >= d0):
        q1 += _ONE
        r1, r0 = subtract_two(r1, r0, d1, d0)
    return q1, r1, r0


@inlined_part
def two_by_one(u1, u0, d, v):
    """Return the quotient and the remainder of (u1, u0) / d, for u1 < d and v = reciprocal(d) (algorithm 4)."""
    q1, q0 = multiply_add(v, u1, u0, _ZERO)
    q1 += u1 + _ONE
    r = u0 - q1 * d
    if r > q0:
        q1 -= _ONE
        r += d
    if r >= d:
        q1 += _ONE
        r -= d
    return q1, r


@inlined_part
def divide_by_limb(high, low, limb):
    """Return the quotient of (high, low) / limb and whether it is exact, for high < limb."""
    places = leading_zeros(limb)
    left = Limb(63) - places
    d = limb << places
    v = reciprocal(d)
    a0, a1, a2, a3 = limbs_of(low)
    r = (limbs_of(high)[0] << places) | ((a3 >> _ONE) >> left)
    q0 = q1 = q2 = q3 = _ZERO
    # The highest limbs are mostly zero.
    if r | a3 != _ZERO:
        q3, r = two_by_one(r, (a3 << places) | ((a2 >> _ONE) >> left), d, v)
    else:
        r = (a2 >> _ONE) >> left
    if r | a2 != _ZERO:
        q2, r = two_by_one(r, (a2 << places) | ((a1 >> _ONE) >> left), d, v)
    else:
        r = (a1 >> _ONE) >> left
    q1, r = two_by_one(r, (a1 << places) | ((a0 >> _ONE) >> left), d, v)
    q0, r = two_by_one(r, a0 << places, d, v)
    return from_limbs(q0, q1, q2, q3), r == _ZERO


@inlined_part
def _digit(r1, r0, limb, d1, d0, v):
    """Return the next digit and the rest: three_by_two, sooner where the digit is surely zero."""
    if r1 == _ZERO and r0 < d1:
        return _ZERO, r0, limb
    return three_by_two(r1, r0, limb, d1, d0, v)


@inlined_part
def divide_by_two_limbs(high, low, limb1, limb0):
    """Return the quotient of (high, low) / (limb1, limb0) and whether it is exact, for high < (limb1, limb0)."""
    places = leading_zeros(limb1)
    left = Limb(63) - places
    d1, d0 = (limb1 << places) | ((limb0 >> _ONE) >> left), limb0 << places
    a0, a1, a2, a3 = limbs_of(low)
    h0, h1, _, _ = limbs_of(high)
    r1 = (h1 << places) | ((h0 >> _ONE) >> left)
    r0 = (h0 << places) | ((a3 >> _ONE) >> left)
    if DIVIDES_QUICKLY and r1 | r0 | (a3 << places) | ((a2 >> _ONE) >> left) == _ZERO:
        n2, n1 = (a2 << places) | ((a1 >> _ONE) >> left), (a1 << places) | ((a0 >> _ONE) >> left)
        if n2 < d1:
            q0, exact = one_digit(n2, n1, a0 << places, d1, d0)
            return from_limbs(q0, _ZERO, _ZERO, _ZERO), exact
    v = reciprocal_of_two(d1, d0)
    q3, r1, r0 = _digit(r1, r0, (a3 << places) | ((a2 >> _ONE) >> left), d1, d0, v)
    q2, r1, r0 = _digit(r1, r0, (a2 << places) | ((a1 >> _ONE) >> left), d1, d0, v)
    q1, r1, r0 = _digit(r1, r0, (a1 << places) | ((a0 >> _ONE) >> left), d1, d0, v)
    q0, r1, r0 = _digit(r1, r0, a0 << places, d1, d0, v)
    return from_limbs(q0, q1, q2, q3), r1 | r0 == _ZERO


@part
def one_digit(u2, u1, u0, d1, d0):
    """Return the quotient of (u2, u1, u0) / (d1, d0) without a reciprocal, for u2 < d1 and d1's highest bit set.

    By the divisor's upper limb alone it is too large by two at most (Knuth 4.3.1, theorem B), and seldom at all.
    """
    q = divide_limbs(u2, u1, d1)
    r = u1 - q * d1
    p1, p0 = multiply_add(q, d0, _ZERO, _ZERO)
    while p1 > r or (p1 == r and p0 > u0):
        q -= _ONE
        p1, p0 = subtract_two(p1, p0, _ZERO, d0)
        r += d1
        if r < d1:  # more than a limb, and than p1
            return q, False
    return q, p1 == r and p0 == u0


@inlined_part
def four_by_two(n3, n2, n1, n0, d1, d0):
    """Return the two limbs of the quotient of (n3, n2, n1, n0) / (d1, d0), for (n3, n2) < (d1, d0)."""
    if d1 == _ZERO and DIVIDES_QUICKLY:
        q1 = _ZERO if n2 == _ZERO and n1 < d0 else divide_limbs(n2, n1, d0)
        return q1, divide_limbs(n1 - q1 * d0, n0, d0)
    if d1 == _ZERO:
        places = leading_zeros(d0)
        left = Limb(63) - places
        d = d0 << places
        v = reciprocal(d)
        q1, r = two_by_one((n2 << places) | ((n1 >> _ONE) >> left), (n1 << places) | ((n0 >> _ONE) >> left), d, v)
        q0, _ = two_by_one(r, n0 << places, d, v)
        return q1, q0
    places = leading_zeros(d1)
    left = Limb(63) - places
    d1, d0 = (d1 << places) | ((d0 >> _ONE) >> left), d0 << places
    n3 = (n3 << places) | ((n2 >> _ONE) >> left)
    n2 = (n2 << places) | ((n1 >> _ONE) >> left)
    n1 = (n1 << places) | ((n0 >> _ONE) >> left)
    n0 <<= places
    if DIVIDES_QUICKLY and n3 == _ZERO and n2 < d1:
        return _ZERO, one_digit(n2, n1, n0, d1, d0)[0]
    v = reciprocal_of_two(d1, d0)
    q1, n3, n2 = _digit(n3, n2, n1, d1, d0, v)
    q0, _, _ = _digit(n3, n2, n0, d1, d0, v)
    return q1, q0


@part
def _bit_length(high, low):
    zeros = leading_zeros(high)
    return Limb(512) - zeros if zeros < _WIDE_BITS else _WIDE_BITS - leading_zeros(low)


@part
def divide(high, low, divisor):
    """Return the quotient of (high, low) / divisor and whether it is exact, for high < divisor: uint256 all."""
    d0, d1, d2, d3 = limbs_of(divisor)
    if d2 | d3 == _ZERO:
        if d1 == _ZERO:
            return divide_by_limb(high, low, d0)
        return divide_by_two_limbs(high, low, d1, d0)
    length, divisor_length = _bit_length(high, low), _WIDE_BITS - leading_zeros(divisor)
    if length < divisor_length:
        return from_limbs(_ZERO, _ZERO, _ZERO, _ZERO), length == _ZERO
    digits = min(((length - divisor_length) >> Limb(6)) + _ONE, Limb(4))
    normal = _WIDE_BITS - divisor_length
    # The rest starts with all bits above the digits, so it is less than the divisor; each digit shifts 64 more in.
    rest, queue = shift_left_full(high, low, normal + _WIDE_BITS - _BITS * digits)
    divisor = divisor << normal
    d0, d1, d2, d3 = limbs_of(divisor)
    v = reciprocal_of_two(d3, d2)
    r0, r1, r2, r3 = limbs_of(rest)
    q0, q1, q2, q3 = limbs_of(queue)
    while digits:
        if r3 == d3 and r2 == d2:
            digit = _ALL
            rest = ((from_limbs(r0, r1, r2, r3) - divisor) << 64) + from_limbs(q3, _ZERO, _ZERO, _ZERO) + divisor
        else:
            digit, r3, r2 = three_by_two(r3, r2, r1, d3, d2, v)
            rest = from_limbs(q3, r0, r2, r3)
            p1, p0 = multiply_add(digit, d0, _ZERO, _ZERO)
            p2, p1 = multiply_add(digit, d1, p1, _ZERO)
            lower = from_limbs(p0, p1, p2, _ZERO)
            if rest < lower:
                digit -= _ONE
                rest += divisor
            rest -= lower
        r0, r1, r2, r3 = limbs_of(rest)
        q0, q1, q2, q3 = digit, q0, q1, q2
        digits -= _ONE
    return from_limbs(q0, q1, q2, q3), r0 | r1 | r2 | r3 == _ZERO
