"""The clocks of one world in arrays, and the pieces of a path and a tape that they run through."""

from collections.abc import Collection, Iterator
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from compare._compiled.records import CLOCK, NEVER, TAPE, address
from compare.clocks import Clocks, random_ticks
from compare.paths import PricePath
from compare.randomness import Stream
from compare.tape import TakerTape

Times = NDArray[np.int64]
_NONE: Times = np.zeros(0, dtype=np.int64)


class Chunk(NamedTuple):
    """A stretch of a path and the orders in it: all up to `until_ns` that no chunk before had, nothing after it.

    Attributes:
        path_times: int64[n], nanoseconds, of the path's points.
        ticks: int64[n], their prices.
        orders: The columns TAPE of the orders, integers[m] each.
        until_ns: Up to when everything is known.
    """

    path_times: Times
    ticks: Times
    orders: dict[str, NDArray[Any]]
    until_ns: int


class WorldClock:
    """Where a world stands between events.

    Attributes:
        record: One CLOCK, for `compare._compiled.clock.next_event`.
    """

    def __init__(self, clocks: Clocks, span_ns: tuple[int, int], lags_ns: Collection[int] = ()) -> None:
        """Start before anything has happened.

        Args:
            clocks: When the arbitrageur and the makers act.
            span_ns: The first and the last time of the path; the last one matters to random clocks only.
            lags_ns: How late makers see the price: each of its moves is news to them that much later, too.
        """
        self.record = clock = np.zeros(1, dtype=CLOCK)
        clock["time_ns"], clock["fair_ticks"], clock["stage"], clock["start_ns"] = -1, -1, 2, span_ns[0]
        clock["arbitrageur_first"] = clocks.arbitrageur_first
        clock["pending"] = NEVER
        clock["interval_ns"] = clocks.block_ns, clocks.refresh_ns
        self._ticks: list[Times] = []
        if clocks.seed is not None:
            streams = Stream.CLOCK_BLOCKS, Stream.CLOCK_BLOCKS if clocks.equal else Stream.CLOCK_REFRESHES
            for which, (interval, stream) in enumerate(zip((clocks.block_ns, clocks.refresh_ns), streams, strict=True)):
                ticks = random_ticks(*span_ns, interval, clocks.seed, stream)
                self._ticks.append(ticks)
                clock["ticks"][0, which], clock["tick_count"][0, which] = address(ticks), len(ticks)
        self._lags_ns = [lag for lag in lags_ns if lag]
        self._late = self._last_ticks = _NONE

    def fill(self, chunk: Chunk) -> dict[str, Times]:
        """Take the next chunk, and return the arrays whose addresses the record then holds."""
        columns = {name: np.ascontiguousarray(chunk.orders[name], dtype=np.int64) for name in TAPE}
        for name in ("path_times", "ticks"):
            columns[name] = np.ascontiguousarray(getattr(chunk, name), dtype=np.int64)
        columns["late_times"] = self._late_news(columns["path_times"], columns["ticks"], chunk.until_ns)
        clock = self.record
        clock["path_times"], clock["path_ticks"] = address(columns["path_times"]), address(columns["ticks"])
        clock["order_times"], clock["late_times"] = address(columns["time_ns"]), address(columns["late_times"])
        clock["path_count"], clock["order_count"] = len(columns["path_times"]), len(columns["time_ns"])
        clock["late_count"] = len(columns["late_times"])
        clock["path_next"] = clock["order_next"] = clock["late_next"] = 0
        clock["until_ns"] = chunk.until_ns
        return columns

    def _late_news(self, path_times: Times, ticks: Times, until_ns: int) -> Times:
        """Return when moves reach makers that see them late, up to a time, and keep the rest for later."""
        if not self._lags_ns:
            return _NONE
        moved = np.flatnonzero(np.diff(ticks, prepend=self._last_ticks if len(self._last_ticks) else ticks[:1]))
        self._last_ticks = ticks[-1:] if len(ticks) else self._last_ticks
        news = np.unique(np.concatenate([self._late, *(path_times[moved] + lag for lag in self._lags_ns)]))
        self._late = news[news > until_ns]
        return news[news <= until_ns]


def chunks_of(path: PricePath, tape: TakerTape, size: int) -> Iterator[Chunk]:
    """Cut a path and a tape into chunks of about `size` points or orders at most."""
    point = order = 0
    end, until = path.end_ns, -1
    while until < end:
        until = end
        if point + size < len(path.ticks):
            until = int(path.time_ns[point + size - 1])
        if order + size < len(tape):
            until = min(until, int(tape.time_ns[order + size - 1]))
        points = int(np.searchsorted(path.time_ns, until, side="right"))
        orders = int(np.searchsorted(tape.time_ns, until, side="right"))
        columns = {name: getattr(tape, name)[order:orders] for name in TAPE}
        yield Chunk(path.time_ns[point:points], path.ticks[point:points], columns, until)
        point, order = points, orders


def chunk_of(path: PricePath, tape: TakerTape, until_ns: int) -> Chunk:
    """Take a path and a tape as one chunk, known up to a time."""
    return Chunk(path.time_ns, path.ticks, {name: getattr(tape, name) for name in TAPE}, until_ns)
