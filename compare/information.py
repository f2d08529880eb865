"""What a maker knows of the fair price: what it was a while ago."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from compare.paths import PricePath


class DelayedPrice:
    """The fair price as it reaches someone with a delay: at time t, that of t - lag; before the path, its first.

    Args:
        path: The fair price.
        lag_ns: The delay, nanoseconds, zero or more.
    """

    def __init__(self, path: PricePath, lag_ns: int) -> None:
        """Take the path as it is: its arrays are read-only."""
        self.lag_ns = lag_ns
        self._time_ns = path.time_ns
        self._ticks = path.ticks

    def at(self, time_ns: int) -> int:
        """Return the price that is known at a time, ticks."""
        place = int(np.searchsorted(self._time_ns, time_ns - self.lag_ns, side="right")) - 1
        return int(self._ticks[max(place, 0)])
