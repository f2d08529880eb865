"""What Python's operators mean on signed wide integers, beyond those of `operators`.

Importing this module teaches the compiler.
"""

import operator

from numba.extending import overload

from amm._compiled.division import divide
from amm._compiled.limbs import as_signed, as_unsigned
from amm._compiled.operators import ZERO, wide_type_of
from amm._compiled.wide_type import WideType


@overload(abs)
def _absolute(value):
    if not isinstance(value, WideType) or not value.signed:
        return None
    return lambda value: value if value >= 0 else -value


@overload(operator.floordiv)
def _floor_division(a, b):
    wide = wide_type_of(a, b)
    if wide is None or not wide.signed:
        return None

    def quotient(a, b):
        if b == 0:
            raise ZeroDivisionError
        over, under = as_signed(as_unsigned(a)), as_signed(as_unsigned(b))
        found, exact = divide(ZERO, as_unsigned(abs(over)), as_unsigned(abs(under)))
        if (over < 0) == (under < 0):
            return as_signed(found)
        return -as_signed(found if exact else found + 1)

    return quotient
