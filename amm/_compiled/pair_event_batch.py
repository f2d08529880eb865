"""Runs the compiled loop over events on a v2 pair, and lets the plain pair do what the loop leaves to it."""

from collections.abc import Iterable, Sequence

import numpy as np
from numpy.typing import NDArray

from amm._compiled.pair_arrays import fits_loop, to_rows, write_back
from amm._compiled.pair_events import FIRST_OWNER, OWN, PROTOCOL, run_events
from amm._records import from_limbs, to_limbs
from amm.batch.pair_events import call_plainly
from amm.errors import AmmError
from amm.uniswap_v2 import ZERO_ADDRESS, UniswapV2Pair

Records = NDArray[np.void]

_NOBODY = -1


def run_compiled(pair: UniswapV2Pair, events: Records, owners: Sequence[str], results: Records) -> dict[int, AmmError]:
    """Do every event and return the errors; see amm.batch.run_pair_events.

    Args:
        pair: changed in place.
        events: shape (n,), dtype PAIR_EVENT, contiguous.
        owners: the names that the events' owners are indices of.
        results: shape (n,), dtype PAIR_EVENT_RESULT, contiguous; written over.
    """
    holders = _Holders(pair, owners, events["owner"])
    errors: dict[int, AmmError] = {}
    done = 0
    while done < len(events):
        if fits_loop(pair) and pair.fee_to != pair.address:
            done = holders.loop(pair, events, results, done)
        if done < len(events):
            # Refused, or a call that the loop does not know, or the one after it.
            if error := call_plainly(pair, events[done], owners, results[done : done + 1]):
                errors[done] = error
            holders.take_over(pair, done)
            done += 1
    return errors


class _Holders:
    """The shares of whoever the events speak of, as arrays."""

    def __init__(self, pair: UniswapV2Pair, owners: Sequence[str], named: NDArray[np.int64]) -> None:
        """Give each of them a slot, but not those to whom the pair sends differently."""
        apart = {pair.address, pair.token0, pair.token1}
        slot_of = {pair.address: OWN} | ({} if pair.fee_to is None else {pair.fee_to: PROTOCOL})
        slot_of_owner = np.full(len(owners), _NOBODY, dtype=np.int64)
        for index in _distinct(named, len(owners)):
            if owners[index] not in apart:
                slot_of_owner[index] = slot_of.setdefault(owners[index], FIRST_OWNER + len(slot_of))
        self._slots = slot_of_owner[named]
        self._names = {slot: name for name, slot in slot_of.items()}
        self._anyway = [slot_of[name] for name in (pair.address, pair.fee_to, ZERO_ADDRESS) if name in slot_of]
        self._shares = np.zeros((FIRST_OWNER + len(slot_of), 4), dtype=np.uint64)
        self._known = np.zeros(len(self._shares), dtype=np.int64)
        self._take(pair, self._names)

    def loop(self, pair: UniswapV2Pair, events: Records, results: Records, first: int) -> int:
        """Do events from `first` on, and return the index of one that the loop cannot do, or how many there are."""
        rows = to_rows(pair)
        done: int = run_events(
            rows.ctypes.data,
            self._shares.ctypes.data,
            self._known.ctypes.data,
            self._slots.ctypes.data,
            events.ctypes.data,
            results.ctypes.data,
            first,
            len(events),
        )
        write_back(rows, pair)
        touched = {*_distinct(self._slots[first:done], len(self._shares)), *self._anyway}
        for slot in touched:
            if self._known[slot]:
                pair.balance_of[self._names[slot]] = from_limbs(self._shares[slot])
        return done

    def take_over(self, pair: UniswapV2Pair, index: int) -> None:
        """Read what the plain pair's call at an index can have changed."""
        slot = int(self._slots[index])
        self._take(pair, self._anyway if slot == _NOBODY else [slot, *self._anyway])

    def _take(self, pair: UniswapV2Pair, slots: Iterable[int]) -> None:
        for slot in slots:
            held = pair.balance_of.get(self._names[slot])
            self._known[slot] = held is not None
            self._shares[slot] = to_limbs([held or 0])[0]


def _distinct(indices: NDArray[np.int64], count: int) -> list[int]:
    """Return which of so many indices there are."""
    seen = np.zeros(count, dtype=np.bool_)
    seen[indices] = True
    return np.flatnonzero(seen).tolist()
