"""What a caller does inside a pool's call, and how one failure undoes all of it."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from copy import copy
from dataclasses import fields
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from amm.uniswap_v2.state import PairState
    from amm.uniswap_v3.state import PoolState

Callback = Callable[[int, int], object]
"""Called where the contract calls its caller back, with the two amounts the contract names; its result is not used.

The pool is as the contract is at that moment: locked, what it sends is gone, and what it is owed has not come in.
"""


@contextmanager
def all_or_nothing(state: "PoolState | PairState") -> Iterator[None]:
    """Put the whole state back as it was if anything is raised inside."""
    before = [(entry.name, getattr(state, entry.name)) for entry in fields(state)]
    contents = [copy(value) for _, value in before]
    try:
        yield
    except BaseException:
        for (name, value), content in zip(before, contents, strict=True):
            if isinstance(value, dict):
                value.clear()
                value.update(content)
            elif isinstance(value, list):
                value[:] = content
            setattr(state, name, value)
        raise
