"""What the compiled engines of `amm`, `orderbook` and `compare` share, and what stands beneath all three of them."""

import logging
from functools import cache
from importlib.util import find_spec

_LOG = logging.getLogger("lpmm")


@cache
def has_compiler() -> bool:
    """Return whether numba is installed; says once where it is not."""
    if find_spec("numba") is not None:
        return True
    _LOG.info("numba is not installed: batches run on the plain engine, more slowly (pip install lpmm[fast])")
    return False
