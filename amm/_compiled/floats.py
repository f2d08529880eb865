"""Floats as wide integers, rounded as Python rounds them."""

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from amm._compiled.limbs import Codegen
from amm._compiled.wide_type import I256, UINT256


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
