"""Plain functions compiled as they stand: the same code object, in a namespace whose integers are wide.

A plain function finds its constants and the functions it calls in its module. Its twin runs the same code with another
set of globals, in which integers too long for a machine word are wide constants, and every function of this project is
a twin in its turn, or the second body that was written for it.
"""

from collections.abc import Callable
from types import CodeType, FunctionType, ModuleType
from typing import Any

from amm._compiled.wide_type import WideConstant
from lpmm_numba.parts import inlined_part, part

Function = Callable[..., Any]

_OURS = "amm."
_MACHINE_INT = 1 << 63
_LONG = ("amm.math.tick_math",)
"""Modules of long functions, which are called. All others stand inlined: wide integers go slowly through calls."""
_twins: dict[Function, Function] = {}


def second_body(plain: Function) -> Callable[[Function], Function]:
    """Put a compiled function in the place of a plain one, wherever that is called from now on.

    Raises:
        RuntimeError: if the plain function has a twin already, which something may call.
    """

    def register(compiled: Function) -> Function:
        if plain in _twins:
            raise RuntimeError(f"{plain.__qualname__} has a twin already")
        _twins[plain] = compiled
        return compiled

    return register


def twin_of(plain: Function) -> Function:
    """Return the compiled twin of a plain function; its integers are uint256 or int256."""
    if plain not in _twins:
        _twins[plain] = first_body(plain)
    return _twins[plain]


def first_body(plain: Function, *, seldom: bool = False) -> Function:
    """Return the plain function compiled as it stands, for a second body to call where it has nothing better.

    Args:
        plain: the function.
        seldom: whether so few calls get there that it need not stand inlined.
    """
    inline = plain.__module__ not in _LONG and not seldom
    twin: Function = (inlined_part if inline else part)(_in_wide_namespace(plain))
    return twin


def _in_wide_namespace(plain: Function) -> Function:
    """Return the same code with other globals."""
    if not isinstance(plain, FunctionType):
        raise TypeError(f"only a plain function has a twin, not {plain!r}")
    names = plain.__code__.co_names
    found = {name: plain.__globals__[name] for name in names if name in plain.__globals__}
    namespace = plain.__globals__ | {name: _translated(value, names) for name, value in found.items()}
    twin = FunctionType(
        _without_named_arguments(plain.__code__), namespace, plain.__name__, plain.__defaults__, plain.__closure__
    )
    twin.__module__, twin.__qualname__, twin.__doc__ = plain.__module__, plain.__qualname__, plain.__doc__
    return twin


def _without_named_arguments(code: CodeType) -> CodeType:
    """Let arguments that must be named be given in order too: the compiler knows no others."""
    if not code.co_kwonlyargcount:
        return code
    return code.replace(co_argcount=code.co_argcount + code.co_kwonlyargcount, co_kwonlyargcount=0)


def _translated(value: object, names: tuple[str, ...]) -> object:
    """Return what a global becomes in the code of a twin, which speaks of these names."""
    match value:
        case bool():
            return value
        case int():
            return WideConstant(value) if abs(value) >= _MACHINE_INT else value
        case tuple() if value and all(type(each) is int for each in value):
            return tuple(WideConstant(each) for each in value)
        case FunctionType() if value.__module__.startswith(_OURS):
            return twin_of(value)
        case ModuleType() if value.__name__.startswith(_OURS):
            module = ModuleType(value.__name__)
            module.__dict__.update(
                (name, _translated(getattr(value, name), ())) for name in names if hasattr(value, name)
            )
            return module
    return value
