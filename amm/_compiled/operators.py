"""What Python's operators mean on wide integers. Importing this module teaches the compiler."""

import operator
from collections.abc import Callable
from typing import Any

import numpy as np
from llvmlite import ir
from numba import types
from numba.extending import lower_builtin, overload, overload_method, type_callable

from amm._compiled.division import divide
from amm._compiled.limbs import as_unsigned, leading_zeros, to_wide
from amm._compiled.wide_type import I256, INT256, UINT256, WideConstant, WideType

Emit = Callable[[ir.IRBuilder, ir.Value, ir.Value], ir.Value]
"""Emits the instruction for two i256."""

ZERO = WideConstant(0)
_OPERANDS = ((WideType, WideType), (WideType, types.Integer), (types.Integer, WideType))


def wide_type_of(a: types.Type, b: types.Type) -> WideType | None:
    """Return the type of what two operands make: signed if one is; None unless one is wide and the other an integer."""
    wide = [each for each in (a, b) if isinstance(each, WideType)]
    if not wide or not all(isinstance(each, WideType | types.Integer) for each in (a, b)):
        return None
    return INT256 if any(each.signed for each in wide) else UINT256


def shifted_type_of(value: types.Type, places: types.Type) -> WideType | None:
    """Return the type of a shifted value: its own, and signed where only the number of places is wide."""
    if wide_type_of(value, places) is None:
        return None
    return value if isinstance(value, WideType) else INT256


def _define(
    function: Callable[..., Any],
    emit: Callable[[bool], Emit],
    result: types.Type | None = None,
    type_of: Callable[[types.Type, types.Type], WideType | None] = wide_type_of,
) -> None:
    """Teach an operator of two operands of one type.

    Args:
        function: the operator.
        emit: told whether the operands are signed.
        result: the type it makes, where that is not the operands'.
        type_of: the type of both operands.
    """

    @type_callable(function)
    def typed(_context: object) -> Callable[[types.Type, types.Type], types.Type | None]:
        def typer(a: types.Type, b: types.Type) -> types.Type | None:
            wide = type_of(a, b)
            return wide if wide is None or result is None else result

        return typer

    def lower(context: Any, builder: ir.IRBuilder, signature: Any, args: list[ir.Value]) -> ir.Value:
        wide = type_of(*signature.args) or UINT256
        operands = (context.cast(builder, arg, kind, wide) for arg, kind in zip(args, signature.args, strict=True))
        return emit(wide.signed)(builder, *operands)

    for operands in _OPERANDS:
        lower_builtin(function, *operands)(lower)


def _arithmetic(instruction: str) -> Callable[[bool], Emit]:
    return lambda _signed: lambda builder, a, b: getattr(builder, instruction)(a, b)


def _comparison(sign: str) -> Callable[[bool], Emit]:
    return lambda signed: lambda builder, a, b: (builder.icmp_signed if signed else builder.icmp_unsigned)(sign, a, b)


def _shift_right(signed: bool) -> Emit:
    return lambda builder, a, b: builder.ashr(a, b) if signed else builder.lshr(a, b)


for _function, _in_place, _instruction in (
    (operator.add, operator.iadd, "add"),
    (operator.sub, operator.isub, "sub"),
    (operator.mul, operator.imul, "mul"),
    (operator.and_, operator.iand, "and_"),
    (operator.or_, operator.ior, "or_"),
    (operator.xor, operator.ixor, "xor"),
):
    _define(_function, _arithmetic(_instruction))
    _define(_in_place, _arithmetic(_instruction))
for _function in (operator.lshift, operator.ilshift):
    _define(_function, _arithmetic("shl"), type_of=shifted_type_of)
for _function in (operator.rshift, operator.irshift):
    _define(_function, _shift_right, type_of=shifted_type_of)
for _function, _sign in (
    (operator.lt, "<"),
    (operator.le, "<="),
    (operator.gt, ">"),
    (operator.ge, ">="),
    (operator.eq, "=="),
    (operator.ne, "!="),
):
    _define(_function, _comparison(_sign), types.boolean)


@type_callable(operator.neg)
def _negated(_context: object) -> Callable[[types.Type], types.Type | None]:
    return lambda value: value if isinstance(value, WideType) else None


@lower_builtin(operator.neg, WideType)
def _negate(_context: object, builder: ir.IRBuilder, _signature: object, args: list[ir.Value]) -> ir.Value:
    return builder.neg(args[0])


@type_callable(operator.truth)
def _truth(_context: object) -> Callable[[types.Type], types.Type | None]:
    return lambda value: types.boolean if isinstance(value, WideType) else None


@lower_builtin(operator.truth, WideType)
@lower_builtin(bool, WideType)
def _is_true(_context: object, builder: ir.IRBuilder, _signature: object, args: list[ir.Value]) -> ir.Value:
    return builder.icmp_unsigned("!=", args[0], ir.Constant(I256, 0))


@overload(operator.floordiv)
def _floor_division(a, b):
    wide = wide_type_of(a, b)
    if wide is None or wide.signed:
        return None

    def quotient(a, b):
        if b == 0:
            raise ZeroDivisionError
        return divide(ZERO, as_unsigned(a), as_unsigned(b))[0]

    return quotient


@overload(operator.mod)
def _remainder(a, b):
    wide = wide_type_of(a, b)
    if wide is None or wide.signed:
        return None

    def remainder(a, b):
        if b == 0:
            raise ZeroDivisionError
        return a - divide(ZERO, as_unsigned(a), as_unsigned(b))[0] * b

    return remainder


@overload(min)
def _min(a, b):
    return (lambda a, b: a if a < b else b) if wide_type_of(a, b) else None  # noqa: FURB136 - this defines it


@overload(max)
def _max(a, b):
    return (lambda a, b: a if a > b else b) if wide_type_of(a, b) else None  # noqa: FURB136 - this defines it


@overload_method(WideType, "bit_length")
def _bit_length(value):
    return lambda value: to_wide(256 - np.int64(leading_zeros(value)))
