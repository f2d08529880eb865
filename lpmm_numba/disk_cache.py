"""Compiled loops kept on disk, until any source they could be made from changes.

numba's own cache looks at one file only, and a loop here is made from many.
"""

import hashlib
import logging
import os
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from pathlib import Path
from time import perf_counter
from typing import Any

import llvmlite
from numba import njit
from numba.core.caching import CompileResultCacheImpl, FunctionCache, _CacheLocator

from lpmm_numba.parts import LoopCompiler

_LOG = logging.getLogger("lpmm")
_FOLDER_VARIABLES = ("LPMM_CACHE_DIR", "NUMBA_CACHE_DIR")
_STANDS_ON = {"compare": ("amm", "orderbook")}
_MADE_FROM = {"amm": ("amm/_compiled", "amm/_records.py", "amm/errors", "amm/math", "amm/uniswap_v3")}
"""Where only a part of a package is compiled: a change of the rest leaves what was compiled as good as it was."""


def cache_folder() -> Path:
    """Return where compiled loops are kept: LPMM_CACHE_DIR, else NUMBA_CACHE_DIR, else the user's cache folder.

    For a user without a home it is one that cannot be made: nothing is kept where others could put code of theirs.
    """
    for variable in _FOLDER_VARIABLES:
        if folder := os.environ.get(variable):
            return Path(folder)
    try:
        caches = os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache"
    except RuntimeError:  # nobody's home
        caches = os.devnull
    return Path(caches) / "lpmm"


@cache
def source_stamp(package: str) -> str:
    """Return a hash of every source of a package and of those it stands on, and of the compiler's version."""
    digest = hashlib.sha256(llvmlite.__version__.encode())
    above = Path(__file__).parents[1]
    for part in (Path(__file__).parent.name, *_STANDS_ON.get(package, ()), *_MADE_FROM.get(package, (package,))):
        sources = [above / part] if part.endswith(".py") else sorted((above / part).rglob("*.py"))
        for source in sources:
            digest.update(source.relative_to(above).as_posix().encode() + source.read_bytes())
    return digest.hexdigest()


def compiled_loop(function: Callable[..., Any], **options: object) -> Callable[..., Any]:
    """Compile a loop at its first call, or take it from the disk; runs without Python's lock.

    Args:
        function: what to compile, with all that it calls.
        options: further ones for numba.
    """
    dispatcher: Callable[..., Any] = njit(nogil=True, error_model="numpy", pipeline_class=LoopCompiler, **options)(
        function
    )
    vars(dispatcher)["_cache"] = _LoopCache(function)  # what its enable_caching does
    return dispatcher


class _Locator(_CacheLocator):
    """Where the compiled form of a loop is, and what it was made from."""

    def __init__(self, package: str) -> None:
        self._package = package

    @classmethod
    def from_function(cls, py_func: Callable[..., Any], _py_file: str) -> "_Locator":
        return cls(py_func.__module__.partition(".")[0])

    def get_cache_path(self) -> str:
        return str(cache_folder())

    def get_source_stamp(self) -> str:
        return source_stamp(self._package)

    def get_disambiguator(self) -> str:
        return source_stamp(self._package)[:16]


class _Results(CompileResultCacheImpl):
    _locator_classes = (_Locator,)


class _LoopCache(FunctionCache):
    """A cache that says that it compiles and how long that took, and does without a disk that cannot be written."""

    _impl_class = _Results
    _started = 0.0

    def load_overload(self, sig: object, target_context: object) -> Any:
        try:
            found = super().load_overload(sig, target_context)
        except Exception as error:
            _LOG.warning("compiled code cannot be read from %s (%r): compiling again", self.cache_path, error)
            found = None
            with suppress(OSError):
                self.flush()
        if found is None:
            _LOG.info("compiling %s; this is done once", self._py_func.__name__)
            self._started = perf_counter()
        return found

    def save_overload(self, sig: object, data: object) -> None:
        _LOG.info("compiled %s in %.1f s", self._py_func.__name__, perf_counter() - self._started)
        try:
            super().save_overload(sig, data)
        except OSError as error:
            _LOG.warning(
                "compiled code cannot be kept in %s (%s): the next run compiles again; set LPMM_CACHE_DIR to a folder"
                " that can be written",
                self.cache_path,
                error,
            )
