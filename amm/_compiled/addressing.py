"""Reading and writing the integers of an array by its address, without counting references to it.

`get` and `put` take the index of a 64-bit word (int64), as `get_float` and `put_float` do (float64); `load` and `store`
that of a 256-bit one (uint256), `load_half` and `store_half` that of the 128 bits in which a shorter uint256 is kept.
Nothing checks the index.
"""

from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from amm._compiled.limbs import Codegen
from amm._compiled.wide_type import I64, I128, I256, UINT256


def _at(builder: ir.IRBuilder, address: ir.Value, index: ir.Value, kind: ir.Type) -> ir.Value:
    """Return a pointer to one of many integers that stand one after another."""
    start = builder.inttoptr(address, kind.as_pointer())
    return builder.gep(start, [index])


def _reader(kind: types.Type, width: ir.Type) -> Any:
    @intrinsic
    def read(_context: object, address: Any, index: Any) -> tuple[Any, Codegen]:
        def emit(_context: object, builder: ir.IRBuilder, _signature: object, args: list[ir.Value]) -> ir.Value:
            value = builder.load(_at(builder, args[0], args[1], width), align=8)
            return builder.zext(value, I256) if width is I128 else value

        return kind(types.int64, types.int64), emit

    return read


def _writer(kind: types.Type, width: ir.Type) -> Any:
    @intrinsic
    def write(_context: object, address: Any, index: Any, value: Any) -> tuple[Any, Codegen]:
        def emit(context: Any, builder: ir.IRBuilder, _signature: object, args: list[ir.Value]) -> ir.Value:
            value = builder.trunc(args[2], I128) if width is I128 else args[2]
            builder.store(value, _at(builder, args[0], args[1], width), align=8)
            return context.get_dummy_value()

        return types.void(types.int64, types.int64, kind), emit

    return write


get = _reader(types.int64, I64)
get_float = _reader(types.float64, ir.DoubleType())
load = _reader(UINT256, I256)
load_half = _reader(UINT256, I128)
put = _writer(types.int64, I64)
put_float = _writer(types.float64, ir.DoubleType())
store = _writer(UINT256, I256)
store_half = _writer(UINT256, I128)
