"""Compiled functions, as a loop calls them, for tests."""

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

from numba import njit

from lpmm_numba.parts import LoopCompiler

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def loop(function: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Compile a function with the parts that it calls; nothing is kept on disk."""
    compiled: Any = njit(error_model="numpy", pipeline_class=LoopCompiler)(function)
    typed: Callable[Arguments, Result] = compiled
    return typed
