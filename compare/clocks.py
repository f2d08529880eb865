"""When each party may act, and the one sequence of events that both venues live through."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from compare.checks import require_points, whole
from compare.errors import InputError
from compare.randomness import Stream, generator

if TYPE_CHECKING:
    from collections.abc import Collection

    from compare.paths import PricePath
    from compare.tape import TakerTape

SECOND_NS = 1_000_000_000

Times = np.ndarray[tuple[int], np.dtype[np.int64]]
"""int64[n], nanoseconds."""


@dataclass(frozen=True, slots=True)
class Clocks:
    """The clocks of a run; equal ones by default, so that no venue is faster than the other.

    Attributes:
        block_ns: Time between two looks of the arbitrageur, at both venues, nanoseconds; the mean of it where ticks are
            random.
        refresh_ns: The same between two refreshes of the makers' quotes.
        arbitrageur_first: Who acts first at one moment: the arbitrageur, or the maker refreshing its quotes.
        seed: None for ticks at fixed intervals. A seed draws both clocks, before any venue runs, as Poisson processes
            of these mean intervals; clocks of the same interval then tick together.
    """

    block_ns: int = 12 * SECOND_NS
    refresh_ns: int = 12 * SECOND_NS
    arbitrageur_first: bool = True
    seed: int | None = None

    def __post_init__(self) -> None:
        """Check the periods and the seed."""
        for name, period in (("block", self.block_ns), ("refresh", self.refresh_ns)):
            if period <= 0:
                raise InputError(f"{period} ns is no period", place=name, remedy="give a positive time")
        if self.seed is not None:
            whole(self.seed, "seed")

    @property
    def equal(self) -> bool:
        """Whether both clocks tick together: what a comparison then finds is not a matter of who is faster."""
        return self.block_ns == self.refresh_ns

    def blocks_after(self, news: Times, start_ns: int, end_ns: int) -> Times:
        """Return the ticks of the arbitrageur's clock that are the first at or after some news."""
        return self._ticks_after(news, start_ns, end_ns, self.block_ns, Stream.CLOCK_BLOCKS)

    def refreshes_after(self, news: Times, start_ns: int, end_ns: int) -> Times:
        """Return the ticks of the makers' clock that are the first at or after some news."""
        stream = Stream.CLOCK_BLOCKS if self.equal else Stream.CLOCK_REFRESHES
        return self._ticks_after(news, start_ns, end_ns, self.refresh_ns, stream)

    def _ticks_after(self, news: Times, start_ns: int, end_ns: int, interval_ns: int, stream: Stream) -> Times:
        if self.seed is None:
            times = np.unique(-((start_ns - news) // interval_ns)) * interval_ns + start_ns
            return times[times <= end_ns]
        ticks = random_ticks(start_ns, end_ns, interval_ns, self.seed, stream)
        after = np.unique(np.searchsorted(ticks, news))
        return ticks[after[after < len(ticks)]]


def random_ticks(
    start_ns: int, end_ns: int, interval_ns: int, seed: int, stream: Stream = Stream.CLOCK_BLOCKS
) -> Times:
    """Return the start, and the ticks of a Poisson process on (start, end].

    A longer span has the ticks of a shorter one, and more. The blocks of `Clocks(block_ns, seed=seed)` are those of the
    default stream.

    Raises:
        InputError: More than a hundred million ticks.
    """
    draw, span = generator(seed, stream), end_ns - start_ns
    expected = require_points(span // interval_ns + 1, "seed")
    ticks, last = [np.array([start_ns])], start_ns
    while last <= end_ns:
        # Gaps in whole nanoseconds, and at least one: sums of them are exact.
        gaps = np.rint(draw.standard_exponential(expected + 1_000) * interval_ns).astype(np.int64)
        ticks.append(last + np.cumsum(np.maximum(gaps, 1)))
        last = int(ticks[-1][-1])
    times = np.concatenate(ticks)
    return times[times <= end_ns]


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
    no move of the fair price, no order and (for the maker) no arbitrage and no move that it sees only now since the
    tick before, is left out.

    Attributes:
        time_ns: When, nanoseconds, int64[n].
        event: What, `Event` as int8[n].
        number: Which order of the tape, or which sample, int64[n].
        fair_ticks: The fair price then, ticks, int64[n].
    """

    time_ns: Times
    event: np.ndarray[tuple[int], np.dtype[np.int8]]
    number: Times
    fair_ticks: Times

    @classmethod
    def build(
        cls, path: PricePath, tape: TakerTape, clocks: Clocks, samples: int, lags_ns: Collection[int] = ()
    ) -> Timeline:
        """Return the events of a path, a tape and their clocks, with about `samples` evenly spaced samples.

        Args:
            path: The fair price.
            tape: The takers.
            clocks: When the arbitrageur and the makers act.
            samples: How many samples, about.
            lags_ns: How late makers see the fair price: each of its moves is news to them that much later, too.
        """
        start, end = int(path.time_ns[0]), int(path.time_ns[-1])
        sample_times = np.unique(np.linspace(0, end - start, max(samples, 2)).astype(np.int64)) + start
        moves = path.time_ns[np.flatnonzero(np.diff(path.ticks)) + 1]
        # At one moment clocks come before orders, so what an order changed is news just after it.
        news = np.concatenate([path.time_ns[:1], moves, tape.time_ns + 1])
        blocks = clocks.blocks_after(news, start, end)
        late = [moves + lag for lag in lags_ns if lag]
        streams = {
            Event.ARBITRAGE: blocks,
            Event.REFRESH: clocks.refreshes_after(np.concatenate([news, blocks + 1, *late]), start, end),
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
