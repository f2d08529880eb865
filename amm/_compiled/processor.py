"""The processor's own division of 128 bits, which LLVM has no instruction for, where it is quick."""

from typing import Any

from llvmlite import binding, ir
from numba import types
from numba.extending import intrinsic

from amm._compiled.limbs import Codegen
from amm._compiled.wide_type import I64

DIVIDES_QUICKLY = binding.get_host_cpu_features().get("vaes", False)
"""Whether this is an x86-64 of 2019 or later, told by instructions as old as its quick divider.

It takes some fifteen cycles for what took those before it forty to ninety.
"""

binding.initialize_native_asmparser()


@intrinsic
def divide_limbs(_context: object, high: Any, low: Any, limb: Any) -> tuple[Any, Codegen]:
    """Return the quotient of (high, low) / limb, for high < limb: anything else stops the program."""

    def emit(_context: object, builder: ir.IRBuilder, _signature: object, args: list[ir.Value]) -> ir.Value:
        kind = ir.FunctionType(ir.LiteralStructType([I64, I64]), [I64, I64, I64])
        instruction = ir.InlineAsm(kind, "divq $4", "={ax},={dx},{ax},{dx},r,~{flags}", side_effect=False)
        high, low, limb = args
        return builder.extract_value(builder.call(instruction, [low, high, limb]), 0)

    return types.uint64(types.uint64, types.uint64, types.uint64), emit
