"""When each party may act, and the one sequence of events that both venues live through."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from compare.errors import InputError

if TYPE_CHECKING:
    from compare.paths import PricePath
    from compare.tape import TakerTape

SECOND_NS = 1_000_000_000


@dataclass(frozen=True, slots=True)
class Clocks:
    """The clocks of a run; equal ones by default, so that no venue is faster than the other.

    Attributes:
        block_ns: Time between two looks of the arbitrageur, at both venues, nanoseconds.
        refresh_ns: Time between two refreshes of the maker's quotes, nanoseconds.
        arbitrageur_first: Who acts first at one moment: the arbitrageur, or the maker refreshing its quotes.
    """

    block_ns: int = 12 * SECOND_NS
    refresh_ns: int = 12 * SECOND_NS
    arbitrageur_first: bool = True

    def __post_init__(self) -> None:
        """Check the periods."""
        for name, period in (("block", self.block_ns), ("refresh", self.refresh_ns)):
            if period <= 0:
                raise InputError(f"{period} ns is no period", place=name, remedy="give a positive time")


class Event(IntEnum):
    """What happens at one moment; the fair price has moved before any of them."""

    ARBITRAGE = 0
    REFRESH = 1
    ORDER = 2
    SAMPLE = 3


@dataclass(frozen=True, slots=True)
class Timeline:
    """Every event of a run in order.

    At one moment the fair price moves first, then the arbitrageur and the maker act in the order of the clocks, then
    the takers of the tape in the tape's order, then the books are sampled for charts. A clock's tick with nothing new,
    no move of the fair price, no order and (for the maker) no arbitrage since the tick before, is left out.

    Attributes:
        time_ns: When, nanoseconds, int64[n].
        event: What, `Event` as int8[n].
        number: Which order of the tape, or which sample, int64[n].
        fair_ticks: The fair price then, ticks, int64[n].
    """

    time_ns: np.ndarray[tuple[int], np.dtype[np.int64]]
    event: np.ndarray[tuple[int], np.dtype[np.int8]]
    number: np.ndarray[tuple[int], np.dtype[np.int64]]
    fair_ticks: np.ndarray[tuple[int], np.dtype[np.int64]]

    @classmethod
    def build(cls, path: PricePath, tape: TakerTape, clocks: Clocks, samples: int) -> Timeline:
        """Return the events of a path, a tape and their clocks, with about `samples` evenly spaced samples."""
        start, end = int(path.time_ns[0]), int(path.time_ns[-1])
        sample_times = np.unique(np.linspace(0, end - start, max(samples, 2)).astype(np.int64)) + start
        moves = path.time_ns[np.flatnonzero(np.diff(path.ticks)) + 1]
        # At one moment clocks come before orders, so what an order changed is news just after it.
        news = np.concatenate([path.time_ns[:1], moves, tape.time_ns + 1])
        blocks = _ticks_after(news, start, end, clocks.block_ns)
        streams = {
            Event.ARBITRAGE: blocks,
            Event.REFRESH: _ticks_after(np.concatenate([news, blocks + 1]), start, end, clocks.refresh_ns),
            Event.ORDER: tape.time_ns,
            Event.SAMPLE: sample_times,
        }
        time = np.concatenate(list(streams.values()))
        event = np.concatenate([np.full(len(times), kind, dtype=np.int8) for kind, times in streams.items()])
        number = np.concatenate([np.arange(len(times), dtype=np.int64) for times in streams.values()])
        rank = event if clocks.arbitrageur_first else np.array([1, 0, 2, 3], dtype=np.int8)[event]
        order = np.lexsort((number, rank, time))
        fair = path.ticks[np.searchsorted(path.time_ns, time[order], side="right") - 1]
        return cls(time[order], event[order], number[order], fair)

    def __len__(self) -> int:
        """Return the number of events."""
        return len(self.time_ns)


def _ticks_after(
    news: np.ndarray[tuple[int], np.dtype[np.int64]], start: int, end: int, period: int
) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    """Return the ticks of a clock that are the first at or after some news."""
    times = np.unique(-((start - news) // period)) * period + start
    return times[times <= end]
