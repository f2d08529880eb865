"""256-bit integers for the compiler: `uint256` and `int256`, each one LLVM i256, exchanged with Python as plain `int`.

The plain functions know one kind of integer, without an end. Here it has an end and two kinds: what the contracts keep
in unsigned types is `uint256`, what can be negative is `int256` in two's complement. Both wrap silently; the functions
compiled with them form no term that needs more than 256 bits, or mask it. Mixed with each other or with a negative
machine integer they are signed.
"""

from typing import Any, Final, Self

from llvmlite import ir
from numba import types
from numba.core import cgutils
from numba.core.imputils import lower_constant
from numba.core.typeconv import Conversion
from numba.extending import NativeValue, box, lower_cast, models, register_model, typeof_impl, unbox

I1: Final = ir.IntType(1)
I64: Final = ir.IntType(64)
I128: Final = ir.IntType(128)
I256: Final = ir.IntType(256)
LIMBS: Final = 4
"""A wide integer is four 64-bit limbs, the lowest first."""


class WideType(types.Type):
    """The compiler's type of a 256-bit integer."""

    def __init__(self, *, signed: bool) -> None:
        """Name it as Solidity does."""
        self.signed = signed
        super().__init__(name="int256" if signed else "uint256")

    def unify(self, _context: object, other: types.Type) -> "WideType | None":
        """Return the type that holds both where two branches meet."""
        if isinstance(other, WideType):
            return INT256 if self.signed or other.signed else UINT256
        return self if isinstance(other, types.Integer) else None

    def can_convert_to(self, _context: object, other: types.Type) -> Conversion | None:
        """Let both wide types stand for each other: their bits are the same."""
        return Conversion.unsafe if isinstance(other, WideType) else None

    def can_convert_from(self, _context: object, other: types.Type) -> Conversion | None:
        """Let machine integers become wide."""
        return Conversion.safe if isinstance(other, types.Integer) else None


UINT256: Final = WideType(signed=False)
INT256: Final = WideType(signed=True)


class WideConstant(int):
    """An `int` that the compiler takes as wide, whatever its size."""

    __slots__ = ()

    @classmethod
    def of(cls, value: int | tuple[int, ...]) -> "Self | tuple[Self, ...]":
        """Mark an `int`, or each of a tuple."""
        return cls(value) if isinstance(value, int) else tuple(cls(each) for each in value)


@typeof_impl.register(WideConstant)
def _typeof(value: WideConstant, _context: object) -> WideType:
    return UINT256 if value >= 0 else INT256


@register_model(WideType)
class _WideModel(models.PrimitiveModel):
    def __init__(self, manager: Any, wide: WideType) -> None:
        super().__init__(manager, wide, I256)


@lower_constant(WideType)
def _constant(_context: object, _builder: ir.IRBuilder, _wide: WideType, value: int) -> ir.Constant:
    return ir.Constant(I256, int(value))


@lower_cast(types.Integer, WideType)
def _widen(_context: object, builder: ir.IRBuilder, narrow: Any, _wide: WideType, value: ir.Value) -> ir.Value:
    return builder.sext(value, I256) if narrow.signed else builder.zext(value, I256)


@lower_cast(WideType, WideType)
def _same_bits(_context: object, _builder: object, _source: object, _target: object, value: ir.Value) -> ir.Value:
    return value


@unbox(WideType)
def _unbox(_wide: WideType, number: ir.Value, c: Any) -> NativeValue:
    """Take an `int` modulo 2**256, limb by limb."""
    total = ir.Constant(I256, 0)
    mask = c.pyapi.long_from_ulonglong(ir.Constant(I64, 2**64 - 1))
    for limb in range(LIMBS):
        places = c.pyapi.long_from_longlong(ir.Constant(I64, 64 * limb))
        shifted = c.pyapi.number_rshift(number, places)
        masked = c.pyapi.number_and(shifted, mask)
        value = c.builder.zext(c.pyapi.long_as_ulonglong(masked), I256)
        total = c.builder.or_(total, c.builder.shl(value, ir.Constant(I256, 64 * limb)))
        for done in (places, shifted, masked):
            c.pyapi.decref(done)
    c.pyapi.decref(mask)
    return NativeValue(total, is_error=cgutils.is_not_null(c.builder, c.pyapi.err_occurred()))


@box(WideType)
def _box(wide: WideType, value: ir.Value, c: Any) -> ir.Value:
    """Make an `int`; the highest limb carries the sign."""
    limbs = [c.builder.trunc(c.builder.lshr(value, ir.Constant(I256, 64 * limb)), I64) for limb in range(LIMBS)]
    highest = limbs.pop()
    total = c.pyapi.long_from_longlong(highest) if wide.signed else c.pyapi.long_from_ulonglong(highest)
    places = c.pyapi.long_from_longlong(ir.Constant(I64, 64))
    for limb in reversed(limbs):
        shifted, lower = c.pyapi.number_lshift(total, places), c.pyapi.long_from_ulonglong(limb)
        joined = c.pyapi.number_or(shifted, lower)
        for done in (total, shifted, lower):
            c.pyapi.decref(done)
        total = joined
    c.pyapi.decref(places)
    return total
