"""Compiles functions of the packages beside and above this one.

A plain function is compiled as `translation` does it, with two differences: functions of its own package are translated
in their turn, and arguments that must be named can be given in order too, because the compiler knows no others.
"""

from collections.abc import Callable
from functools import cache
from types import FunctionType, ModuleType
from typing import Any

from amm._compiled import operators, second_bodies, signed_operators, square_root
from amm._compiled.translation import _translated as translated_here
from amm._compiled.translation import twin_of
from lpmm_numba.parts import part

__all__ = ["compiled", "operators", "second_bodies", "signed_operators", "square_root"]

Function = Callable[..., Any]


@cache
def compiled(plain: Function) -> Function:
    """Return the compiled twin of a plain function of any package; its integers are wide where they come in wide."""
    if not isinstance(plain, FunctionType):
        raise TypeError(f"only a plain function has a twin, not {plain!r}")
    if plain.__module__.startswith("amm."):
        return twin_of(plain)
    package = plain.__module__.partition(".")[0]
    names = plain.__code__.co_names
    namespace = dict(plain.__globals__)
    namespace.update((name, _translated(namespace[name], names, package)) for name in names if name in namespace)
    code = plain.__code__
    code = code.replace(co_argcount=code.co_argcount + code.co_kwonlyargcount, co_kwonlyargcount=0)
    twin = FunctionType(code, namespace, plain.__name__)
    twin.__module__, twin.__qualname__, twin.__doc__ = plain.__module__, plain.__qualname__, plain.__doc__
    return part(twin)


def _translated(value: object, names: tuple[str, ...], package: str) -> object:
    """Return what a global becomes: functions of the same package are compiled here, all else as in `translation`."""
    if isinstance(value, FunctionType) and value.__module__.partition(".")[0] == package:
        return compiled(value)
    if isinstance(value, ModuleType) and value.__name__.partition(".")[0] == package:
        module = ModuleType(value.__name__)
        found = {name: getattr(value, name) for name in names if hasattr(value, name)}
        module.__dict__.update({name: _translated(each, (), package) for name, each in found.items()})
        return module
    return translated_here(value, names)
