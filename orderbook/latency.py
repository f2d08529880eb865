"""How long messages are on their way, and in what order they arrive.

A `Channel` carries messages in the order in which they were sent, as one connection does: a message whose drawn delay
would let it overtake the one before it arrives together with that one, and after it.

Every draw is from a seed, and a model draws the same delays each time it is asked for them.
"""

import math
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import repeat
from typing import Protocol

from orderbook._checks import require_int, require_not_negative
from orderbook.errors import ClockReversedError, InvalidParameterError
from orderbook.feeds.events import FeedEvent


class LatencyModel(Protocol):
    """A rule for delays."""

    def delays_ns(self) -> Iterator[int]:
        """Delays without end, in nanoseconds, none negative; the same ones at each call."""
        ...


@dataclass(frozen=True, slots=True)
class FixedLatency:
    """Every message takes equally long.

    >>> Channel(FixedLatency(5)).arrival_ns(sent_ns=100)
    105

    Attributes:
        delay_ns: nanoseconds.
    """

    delay_ns: int

    def __post_init__(self) -> None:
        """Refuse a delay that is no time.

        Raises:
            InvalidParameterError: no int, or negative.
        """
        require_int("delay_ns", self.delay_ns, minimum=0)

    def delays_ns(self) -> Iterator[int]:
        """The same delay for ever."""
        return repeat(self.delay_ns)


@dataclass(frozen=True, slots=True)
class LognormalLatency:
    """A least delay, plus one whose logarithm is normal: each is drawn by itself.

    Attributes:
        median_ns: half of what is drawn on top of the least delay is below this; at least 1.
        log_deviation: standard deviation of its logarithm; 0 for none.
        seed: of the draws, at least 0.
        least_ns: what no message is faster than.
    """

    median_ns: int
    log_deviation: float
    seed: int
    least_ns: int = 0

    def __post_init__(self) -> None:
        """Refuse what is no distribution, or no seed.

        Raises:
            InvalidParameterError: a parameter out of range.
        """
        require_int("median_ns", self.median_ns, minimum=1)
        require_not_negative("log_deviation", self.log_deviation)
        require_int("seed", self.seed, minimum=0)
        require_int("least_ns", self.least_ns, minimum=0)

    def delays_ns(self) -> Iterator[int]:
        """Draws, rounded down to whole nanoseconds."""
        generator = random.Random(self.seed)  # noqa: S311 - a simulation, and no secret
        while True:
            drawn = self.median_ns * math.exp(self.log_deviation * generator.normalvariate())
            yield self.least_ns + math.floor(drawn)


@dataclass(frozen=True, slots=True)
class EmpiricalLatency:
    """Delays drawn with replacement from those that were measured.

    Attributes:
        measured_ns: nanoseconds, at least one.
        seed: of the draws, at least 0.
    """

    measured_ns: tuple[int, ...]
    seed: int

    def __post_init__(self) -> None:
        """Refuse what is no measurement, or no seed.

        Raises:
            InvalidParameterError: nothing measured, a delay that is no int or negative, or no seed.
        """
        if not self.measured_ns:
            raise InvalidParameterError("measured_ns", self.measured_ns, "at least one delay")
        for delay in self.measured_ns:
            require_int("measured_ns", delay, minimum=0)
        require_int("seed", self.seed, minimum=0)

    @classmethod
    def of_feed(cls, events: Iterable[FeedEvent], *, seed: int) -> "EmpiricalLatency":
        """The delays of a feed: local time less the time at the venue, of every message that has both.

        Args:
            events: timed by one clock, as `orderbook.feeds.in_venue_order` gives them.
            seed: of the draws.

        Raises:
            InvalidParameterError: no message has both times, or one arrived before it was sent.
        """
        return cls(tuple(event.local_ns - event.exchange_ns for event in events if event.exchange_ns is not None), seed)

    def delays_ns(self) -> Iterator[int]:
        """Draws, each measurement as likely as any other."""
        generator = random.Random(self.seed)  # noqa: S311 - a simulation, and no secret
        while True:
            yield generator.choice(self.measured_ns)


class Channel:
    """One connection, one way: first sent, first to arrive.

    Attributes:
        last_sent_ns: of the last message; None before the first.
        last_arrival_ns: of the last message; None before the first.
    """

    def __init__(self, latency: LatencyModel) -> None:
        """Start with nothing on its way."""
        self._delays = latency.delays_ns()
        self.last_sent_ns: int | None = None
        self.last_arrival_ns: int | None = None

    def arrival_ns(self, sent_ns: int) -> int:
        """When a message that is sent now arrives: after its delay, and not before the message sent before it.

        Raises:
            ClockReversedError: it is sent before the one before it.
        """
        if self.last_sent_ns is not None and sent_ns < self.last_sent_ns:
            raise ClockReversedError(sent_ns, self.last_sent_ns)
        arrival = sent_ns + next(self._delays)
        if self.last_arrival_ns is not None:
            arrival = max(arrival, self.last_arrival_ns)
        self.last_sent_ns, self.last_arrival_ns = sent_ns, arrival
        return arrival
