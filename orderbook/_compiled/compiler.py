"""How the functions of this package are compiled."""

from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import types
from numba.extending import intrinsic

from lpmm_numba.disk_cache import compiled_loop
from lpmm_numba.parts import inlined_part, part

# Without a runtime no references to arrays are counted, which would take most of the time; nothing here makes arrays.
_NO_RUNTIME = {"_nrt": False}


def compiled(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a function for other compiled ones to call."""
    return part(function, **_NO_RUNTIME)


def inlined(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a small function into each of its callers."""
    return inlined_part(function, **_NO_RUNTIME)


def loop(function: Callable[..., Any]) -> Callable[..., Any]:
    """Compile a loop that Python calls, and keep it on disk."""
    return compiled_loop(function, **_NO_RUNTIME)


def _counter(instruction: str) -> Any:
    """Return a function that counts the zero bits of a uint64 at one end; 64 for zero."""

    @intrinsic
    def count(_context: object, word: Any) -> Any:
        def emit(_context: object, builder: ir.IRBuilder, _signature: object, arguments: list[ir.Value]) -> ir.Value:
            return getattr(builder, instruction)(arguments[0], ir.Constant(ir.IntType(1), 0))

        return types.int64(types.uint64), emit

    return count


trailing_zeros = _counter("cttz")
leading_zeros = _counter("ctlz")


@intrinsic
def prefetch(_context: object, array: Any, index: Any) -> Any:
    """Ask for an entry of an array to be brought into the cache; the index is not checked."""

    def emit(context: Any, builder: ir.IRBuilder, signature: Any, arguments: list[ir.Value]) -> ir.Value:
        layout = signature.args[0]
        data = context.make_array(layout)(context, builder, arguments[0]).data
        entry = builder.bitcast(builder.gep(data, [arguments[1]]), ir.IntType(8).as_pointer())
        word = ir.IntType(32)
        kind = ir.FunctionType(ir.VoidType(), [entry.type, word, word, word])
        function = builder.module.declare_intrinsic("llvm.prefetch", [entry.type], kind)
        # For writing, to be kept, data.
        builder.call(function, [entry, ir.Constant(word, 1), ir.Constant(word, 3), ir.Constant(word, 1)])
        return context.get_dummy_value()

    return types.void(array, types.int64), emit
