"""Between wide integers and floats, each way rounded as Python rounds it."""

import math
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from amm._compiled.limbs import Codegen, leading_zeros, limbs_of
from amm._compiled.wide_type import I256, UINT256
from lpmm_numba.parts import part


@intrinsic
def to_integer(_context: object, number: Any) -> tuple[Any, Codegen]:
    """Return a float64 from 0 to 2**256 as uint256, rounded towards zero."""

    def emit(_context: object, builder: ir.IRBuilder, _signature: object, args: list[ir.Value]) -> ir.Value:
        bits = builder.bitcast(args[0], ir.IntType(64))
        field = builder.lshr(bits, ir.Constant(ir.IntType(64), 52))
        exponent = builder.sub(field, ir.Constant(ir.IntType(64), 1023 + 52))
        fraction = builder.and_(bits, ir.Constant(ir.IntType(64), 2**52 - 1))
        mantissa = builder.zext(builder.or_(fraction, ir.Constant(ir.IntType(64), 2**52)), I256)
        up = builder.shl(mantissa, builder.zext(exponent, I256))
        down = builder.lshr(mantissa, builder.zext(builder.neg(exponent), I256))
        is_large = builder.icmp_signed(">=", exponent, ir.Constant(ir.IntType(64), 0))
        below_one = builder.fcmp_ordered("<", args[0], ir.Constant(ir.DoubleType(), 1.0))
        return builder.select(below_one, ir.Constant(I256, 0), builder.select(is_large, up, down))

    return UINT256(types.float64), emit


@part
def nearest_float(value):
    """Return the float64 nearest to a uint256, as float(int) does: ties go to the even one."""
    if value == 0:
        return 0.0
    zeros = leading_zeros(value)
    low0, low1, low2, high = limbs_of(value << zeros)
    # What lies below the highest limb, eleven bits below the last of the float, only says which way a tie goes.
    rest = np.uint64(1) if low0 | low1 | low2 != np.uint64(0) else np.uint64(0)
    return math.ldexp(np.float64(high | rest), 192 - int(zeros))
