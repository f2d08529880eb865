"""The pieces of wide arithmetic that need more than one machine word, as instructions the compiler emits."""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from amm._compiled.wide_type import I1, I64, I128, I256, INT256, LIMBS, UINT256, WideType

I512 = ir.IntType(512)
_U64 = types.uint64
Codegen = Callable[[Any, ir.IRBuilder, Any, list[ir.Value]], ir.Value]


def _low(builder: ir.IRBuilder, value: ir.Value) -> ir.Value:
    return builder.trunc(value, I64)


def _high(builder: ir.IRBuilder, value: ir.Value) -> ir.Value:
    return builder.trunc(builder.lshr(value, ir.Constant(value.type, 64)), I64)


def _limbs_of(builder: ir.IRBuilder, value: ir.Value) -> list[ir.Value]:
    return [_low(builder, builder.lshr(value, ir.Constant(value.type, 64 * limb))) for limb in range(LIMBS)]


def _joined(builder: ir.IRBuilder, limbs: list[ir.Value]) -> ir.Value:
    total = ir.Constant(I256, 0)
    for place, limb in enumerate(limbs):
        total = builder.or_(total, builder.shl(builder.zext(limb, I256), ir.Constant(I256, 64 * place)))
    return total


@intrinsic
def limbs_of(_context: object, wide: types.Type) -> tuple[Any, Codegen]:
    """Return the four limbs of a wide integer, the lowest first."""

    def emit(context: Any, builder: ir.IRBuilder, signature: Any, args: list[ir.Value]) -> ir.Value:
        return context.make_tuple(builder, signature.return_type, _limbs_of(builder, args[0]))

    return types.UniTuple(_U64, LIMBS)(wide), emit


@intrinsic
def from_limbs(_context: object, a0: Any, a1: Any, a2: Any, a3: Any) -> tuple[Any, Codegen]:
    """Return the uint256 with these limbs, the lowest first."""

    def emit(_context: object, builder: ir.IRBuilder, _signature: object, args: list[ir.Value]) -> ir.Value:
        return _joined(builder, args)

    return UINT256(_U64, _U64, _U64, _U64), emit


@intrinsic
def multiply_add(_context: object, a: Any, b: Any, c: Any, d: Any) -> tuple[Any, Codegen]:
    """Return the high and the low limb of a * b + c + d, which always fits two."""

    def emit(context: Any, builder: ir.IRBuilder, signature: Any, args: list[ir.Value]) -> ir.Value:
        a, b, c, d = (builder.zext(arg, I128) for arg in args)
        total = builder.add(builder.add(builder.mul(a, b), c), d)
        return context.make_tuple(builder, signature.return_type, [_high(builder, total), _low(builder, total)])

    return types.UniTuple(_U64, 2)(_U64, _U64, _U64, _U64), emit


@intrinsic
def subtract_two(_context: object, a1: Any, a0: Any, b1: Any, b0: Any) -> tuple[Any, Codegen]:
    """Return the limbs of (a1, a0) - (b1, b0) modulo 2**128, the high one first."""

    def emit(context: Any, builder: ir.IRBuilder, signature: Any, args: list[ir.Value]) -> ir.Value:
        a1, a0, b1, b0 = (builder.zext(arg, I128) for arg in args)
        places = ir.Constant(I128, 64)
        total = builder.sub(builder.or_(builder.shl(a1, places), a0), builder.or_(builder.shl(b1, places), b0))
        return context.make_tuple(builder, signature.return_type, [_high(builder, total), _low(builder, total)])

    return types.UniTuple(_U64, 2)(_U64, _U64, _U64, _U64), emit


@intrinsic
def multiply_full(_context: object, a: Any, b: Any) -> tuple[Any, Codegen]:
    """Return the upper and the lower 256 bits of a product."""

    def emit(context: Any, builder: ir.IRBuilder, signature: Any, args: list[ir.Value]) -> ir.Value:
        limbs_a, limbs_b = _limbs_of(builder, args[0]), _limbs_of(builder, args[1])
        product = [ir.Constant(I64, 0)] * (2 * LIMBS)
        for i, limb_a in enumerate(limbs_a):
            carry = ir.Constant(I64, 0)
            for j, limb_b in enumerate(limbs_b):
                term = builder.mul(builder.zext(limb_a, I128), builder.zext(limb_b, I128))
                term = builder.add(builder.add(term, builder.zext(product[i + j], I128)), builder.zext(carry, I128))
                product[i + j], carry = _low(builder, term), _high(builder, term)
            product[i + LIMBS] = carry
        halves = [_joined(builder, product[LIMBS:]), _joined(builder, product[:LIMBS])]
        return context.make_tuple(builder, signature.return_type, halves)

    return types.UniTuple(UINT256, 2)(UINT256, UINT256), emit


@intrinsic
def shift_left_full(_context: object, high: Any, low: Any, places: Any) -> tuple[Any, Codegen]:
    """Return the upper and the lower 256 bits of (high, low) << places, for fewer than 512 places."""

    def emit(context: Any, builder: ir.IRBuilder, signature: Any, args: list[ir.Value]) -> ir.Value:
        half = ir.Constant(I512, 256)
        joined = builder.or_(builder.shl(builder.zext(args[0], I512), half), builder.zext(args[1], I512))
        shifted = builder.shl(joined, builder.zext(args[2], I512))
        halves = [builder.trunc(builder.lshr(shifted, half), I256), builder.trunc(shifted, I256)]
        return context.make_tuple(builder, signature.return_type, halves)

    return types.UniTuple(UINT256, 2)(UINT256, UINT256, _U64), emit


@intrinsic
def shift_right_full(_context: object, high: Any, low: Any, places: Any) -> tuple[Any, Codegen]:
    """Return the lower 256 bits of (high, low) >> places, for fewer than 512 places."""

    def emit(_context: object, builder: ir.IRBuilder, _signature: object, args: list[ir.Value]) -> ir.Value:
        joined = builder.or_(
            builder.shl(builder.zext(args[0], I512), ir.Constant(I512, 256)), builder.zext(args[1], I512)
        )
        return builder.trunc(builder.lshr(joined, builder.zext(args[2], I512)), I256)

    return UINT256(UINT256, UINT256, _U64), emit


@intrinsic
def leading_zeros(_context: object, value: Any) -> tuple[Any, Codegen]:
    """Return how many of the highest bits of a wide or a machine integer are zero."""

    def emit(_context: object, builder: ir.IRBuilder, _signature: object, args: list[ir.Value]) -> ir.Value:
        zeros = builder.ctlz(args[0], ir.Constant(I1, 0))
        return zeros if zeros.type == I64 else _low(builder, zeros)

    return _U64(value if isinstance(value, WideType) else _U64), emit


@intrinsic
def trailing_zeros(_context: object, value: Any) -> tuple[Any, Codegen]:
    """Return how many of the lowest bits of a machine integer are zero."""

    def emit(_context: object, builder: ir.IRBuilder, _signature: object, args: list[ir.Value]) -> ir.Value:
        return builder.cttz(args[0], ir.Constant(I1, 0))

    return _U64(_U64), emit


@intrinsic
def to_wide(_context: object, value: Any) -> tuple[Any, Codegen]:
    """Return a signed machine integer as int256."""

    def emit(_context: object, builder: ir.IRBuilder, _signature: object, args: list[ir.Value]) -> ir.Value:
        return builder.sext(args[0], I256)

    return INT256(types.int64), emit


@intrinsic
def to_machine(_context: object, wide: Any) -> tuple[Any, Codegen]:
    """Return the lowest 64 bits of a wide integer as int64."""

    def emit(_context: object, builder: ir.IRBuilder, _signature: object, args: list[ir.Value]) -> ir.Value:
        return _low(builder, args[0])

    return types.int64(wide), emit


@intrinsic
def as_unsigned(_context: object, wide: Any) -> tuple[Any, Codegen]:
    """Return an integer of any kind as uint256: the same bits, a machine integer widened."""

    def emit(context: Any, builder: ir.IRBuilder, _signature: object, args: list[ir.Value]) -> ir.Value:
        return context.cast(builder, args[0], wide, UINT256)

    return UINT256(wide), emit


@intrinsic
def widened(_context: object, value: Any) -> tuple[Any, Codegen]:
    """Return an integer of any kind that is not negative as uint256."""

    def emit(_context: object, builder: ir.IRBuilder, _signature: object, args: list[ir.Value]) -> ir.Value:
        return args[0] if args[0].type == I256 else builder.zext(args[0], I256)

    return UINT256(value), emit


@intrinsic
def as_signed(_context: object, wide: Any) -> tuple[Any, Codegen]:
    """Return the same bits as int256."""

    def emit(_context: object, _builder: object, _signature: object, args: list[ir.Value]) -> ir.Value:
        return args[0]

    return INT256(wide), emit


@intrinsic
def to_float(_context: object, wide: Any) -> tuple[Any, Codegen]:
    """Return the float64 near an unsigned integer: only for guesses that are then tried."""

    def emit(_context: object, builder: ir.IRBuilder, _signature: object, args: list[ir.Value]) -> ir.Value:
        double = ir.DoubleType()
        total = ir.Constant(double, 0.0)
        for limb in reversed(_limbs_of(builder, args[0])):
            total = builder.fadd(builder.fmul(total, ir.Constant(double, 2.0**64)), builder.uitofp(limb, double))
        return total

    return types.float64(wide), emit
