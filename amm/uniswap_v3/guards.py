"""What a call on a pool is refused for before it is looked at, and the lock that a call holds."""

from collections.abc import Iterator
from contextlib import contextmanager

from amm.callback import all_or_nothing
from amm.errors import PoolLockedError, check_int
from amm.math.fixed_point import MAX_INT24, MIN_INT24
from amm.uniswap_v3.state import PoolState


def require_unlocked(state: PoolState) -> None:
    """Refuse a call before initialize, and one inside another.

    Raises:
        PoolLockedError: ("LOK") in either case.
    """
    if not state.slot0.unlocked:
        raise PoolLockedError


def check_range(tick_lower: int, tick_upper: int) -> None:
    """Refuse what is no int24.

    Raises:
        ArgumentError: naming the tick.
    """
    check_int("tick_lower", tick_lower, MIN_INT24, MAX_INT24)
    check_int("tick_upper", tick_upper, MIN_INT24, MAX_INT24)


@contextmanager
def locked(state: PoolState) -> Iterator[None]:
    """Hold the lock, and put everything back as it was if anything is raised meanwhile."""
    with all_or_nothing(state):
        state.slot0 = state.slot0._replace(unlocked=False)
        yield
        state.slot0 = state.slot0._replace(unlocked=True)
