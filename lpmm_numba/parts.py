"""Functions compiled as parts of a loop: they are lowered where they stand, and optimised once, in the loop itself.

numba optimises every function and makes machine code of it before it joins its caller, and then again in the caller of
that; so a loop on wide integers took three times as long to compile, for code that nobody calls.
"""

import ctypes
from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

from numba import njit
from numba.core.codegen import JITCodeLibrary
from numba.core.compiler import Compiler

# Stands where a part's entry for Python would be: it sets a TypeError and returns nothing.
_REFUSAL = ctypes.cast(ctypes.pythonapi.PyErr_BadArgument, ctypes.c_void_p).value


class _PartLibrary(JITCodeLibrary):
    """Code to be linked into a caller's, as it was lowered."""

    def _optimize_final_module(self) -> None:
        pass

    def _finalize_final_module(self) -> None:
        self._finalize_dynamic_globals()
        self._verify_declare_only_symbols()
        self._finalized = True

    def get_pointer_to_function(self, _name: str) -> int | None:
        return _REFUSAL

    @property
    def codegen(self) -> SimpleNamespace:
        """What numba writes a function's environment with; a part has no place for one."""
        return SimpleNamespace(set_env=lambda _name, _environment: None)


class _PartCompiler(Compiler):
    """numba's own steps, with another place for their result."""

    def define_pipelines(self) -> Any:
        state = self.state
        state.library = _PartLibrary(state.targetctx.codegen(), state.func_id.func_qualname)
        return super().define_pipelines()


class LoopCompiler(Compiler):
    """numba's own steps, and then every part in the loop is given its environment, which its errors' values need."""

    def _compile_core(self) -> Any:
        result = super()._compile_core()
        for environment in result._find_referenced_environments():  # noqa: SLF001 - as numba does for what it cached
            result.library.codegen.set_env(environment.env_name, environment)
        return result


def part(function: Callable[..., Any], **options: object) -> Callable[..., Any]:
    """Compile a function for loops, and for other parts, to call; a call from Python is a TypeError.

    Args:
        function: what to compile.
        options: further ones for numba.
    """
    settings = {"nogil": True, "error_model": "numpy", "no_cpython_wrapper": True, "no_cfunc_wrapper": True}
    compiled: Callable[..., Any] = njit(pipeline_class=_PartCompiler, **settings | options)(function)
    return compiled


def inlined_part(function: Callable[..., Any], **options: object) -> Callable[..., Any]:
    """Compile a part that is copied into every caller: wide integers go slowly through calls."""
    return part(function, forceinline=True, **options)
