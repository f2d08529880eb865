"""Runs the compiled loop over events on a pool, and lets the plain pool name the error of whatever reverts."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from amm._compiled.pool_arrays import addresses_of, to_arrays, write_back
from amm._compiled.v3_events import run_events
from amm._records import PoolCall
from amm.batch.pool_events import call_plainly
from amm.errors import AmmError
from amm.math.fixed_point import MAX_INT24, MIN_INT24
from amm.math.tick_math import MAX_TICK, MIN_TICK
from amm.uniswap_v3.pool import UniswapV3Pool
from amm.uniswap_v3.state import PositionKey

Records = NDArray[np.void]

_TICK_BITS = 24
_NOWHERE = -1


def run_compiled(pool: UniswapV3Pool, events: Records, owners: Sequence[str], results: Records) -> dict[int, AmmError]:
    """Do every event on an initialised pool and return the errors; see amm.batch.run_pool_events.

    Args:
        pool: changed in place.
        events: shape (n,), dtype POOL_EVENT, contiguous.
        owners: the names that the events' owners are indices of.
        results: shape (n,), dtype POOL_RESULT, contiguous; written over.
    """
    slots, positions = _positions_of(events, owners)
    arrays = to_arrays(pool, ticks=_ticks_of(positions, pool.tick_spacing), positions=positions)
    addresses = addresses_of(arrays)
    errors: dict[int, AmmError] = {}
    done = 0
    while True:
        done = run_events(addresses, slots.ctypes.data, events.ctypes.data, results.ctypes.data, done, len(events))
        write_back(arrays, pool, positions)
        if done == len(events):
            return errors
        error = call_plainly(pool, events[done], owners, results[done : done + 1])
        if error is None:
            raise RuntimeError(f"the compiled engine refuses a call that the plain engine does: {events[done]}")
        errors[done] = error
        done += 1


def _positions_of(events: Records, owners: Sequence[str]) -> tuple[NDArray[np.int64], list[PositionKey]]:
    """Return the slot of each event's position, and the position of each slot."""
    slots = np.full(len(events), _NOWHERE, dtype=np.int64)
    lower, upper, owner = events["tick_lower"], events["tick_upper"], events["owner"]
    possible = (lower >= MIN_INT24) & (lower <= MAX_INT24) & (upper >= MIN_INT24) & (upper <= MAX_INT24)
    chosen = np.flatnonzero((events["kind"] != PoolCall.SWAP) & possible)
    codes = owner[chosen] << 2 * _TICK_BITS
    codes |= (lower[chosen] - MIN_INT24) << _TICK_BITS
    codes |= upper[chosen] - MIN_INT24
    keys, slots[chosen] = np.unique(codes, return_inverse=True)
    mask = (1 << _TICK_BITS) - 1
    return slots, [
        (owners[key >> 2 * _TICK_BITS], (key >> _TICK_BITS & mask) + MIN_INT24, (key & mask) + MIN_INT24)
        for key in keys.tolist()
    ]


def _ticks_of(positions: Sequence[PositionKey], spacing: int) -> list[int]:
    """Return the ticks that positions can have their ends on."""
    ends = {tick for _, *ticks in positions for tick in ticks}
    return sorted(tick for tick in ends if MIN_TICK <= tick <= MAX_TICK and tick % spacing == 0)
