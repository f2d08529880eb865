"""The last so many prices on an even clock, from views that come whenever they come."""

from collections import deque
from fractions import Fraction

from orderbook._checks import require_int
from orderbook.errors import ClockReversedError


class PriceSamples:
    """The price at each tick of a clock, as it stood then: the last one seen up to that moment.

    Attributes:
        interval_ns: from one tick of the clock to the next; the first tick is the first view.
        prices: ticks, the oldest first, no more of them than asked for.
    """

    def __init__(self, interval_ns: int, length: int) -> None:
        """Begin without a price.

        Raises:
            InvalidParameterError: the interval or the length is not a positive int.
        """
        require_int("interval_ns", interval_ns, minimum=1)
        require_int("length", length, minimum=1)
        self.interval_ns = interval_ns
        self.prices: deque[int | Fraction] = deque(maxlen=length)
        self._last: tuple[int, int | Fraction] | None = None
        self._next_ns = 0

    @property
    def full(self) -> bool:
        """Whether there are as many prices as asked for."""
        return len(self.prices) == self.prices.maxlen

    def observe(self, time_ns: int, price: int | Fraction) -> int:
        """Take in a view, and return how many prices it added.

        Raises:
            ClockReversedError: the time is before that of the last view.
        """
        if self._last is None:
            self._last, self._next_ns = (time_ns, price), time_ns
        if time_ns < self._last[0]:
            raise ClockReversedError(time_ns, self._last[0])
        passed = (time_ns - self._next_ns) // self.interval_ns + 1
        if passed > 0:
            self._next_ns += passed * self.interval_ns
            on_tick = self._next_ns - self.interval_ns == time_ns
            length = self.prices.maxlen or 0
            self.prices.extend([self._last[1]] * min(passed - on_tick, length))
            if on_tick:
                self.prices.append(price)
        self._last = (time_ns, price)
        return max(passed, 0)
