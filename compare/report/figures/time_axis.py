"""The time axis that figures of one run share: dates, or hours and days where the path has no dates."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from bokeh.models import Range1d

from compare.charts.style import FIRST_DATE_NS

if TYPE_CHECKING:
    from bokeh.plotting import figure
    from numpy.typing import NDArray

    from compare.record import Record

_HOUR_NS, _DAY_NS, _MS_NS = 3_600 * 10**9, 86_400 * 10**9, 10**6
_LONG_NS = 3 * _DAY_NS  # from here on in days


@dataclass(frozen=True, eq=False)
class TimeAxis:
    """Times of a run as a figure counts them, and the range that its figures share.

    Attributes:
        start_ns: First time.
        unit_ns: What the axis counts in.
        dated: Whether the axis has dates.
        label: What the axis says.
        first: Where the axis begins.
        last: Where it ends.
        shared: The range of times: a zoom in one figure is a zoom in all.
    """

    start_ns: int
    unit_ns: int
    dated: bool
    label: str
    first: float
    last: float
    shared: Range1d

    @classmethod
    def of(cls, record: Record) -> TimeAxis:
        """Return the axis of a run: synthetic paths start at the epoch and have no dates."""
        times = record.providers[0].samples.time_ns
        first, last = times[0], times[-1]
        dated = first >= FIRST_DATE_NS
        if dated:
            start, unit, label = 0, _MS_NS, "time (UTC)"
        else:
            start, unit = first, _DAY_NS if last - first >= _LONG_NS else _HOUR_NS
            label = f"time ({'days' if unit == _DAY_NS else 'hours'})"
        left, right = (first - start) / unit, (last - start) / unit
        shared = Range1d(start=left, end=right, bounds=(left, right) if left < right else None)
        return cls(start, unit, dated, label, left, right, shared)

    def places(self, time_ns: list[int]) -> NDArray[np.float64]:
        """Return times as places on the axis."""
        return (np.array(time_ns, dtype=np.int64) - self.start_ns) / self.unit_ns

    @property
    def options(self) -> dict[str, Any]:
        """What a figure with this axis is made with."""
        return {"x_axis_type": "datetime" if self.dated else "linear", "x_range": self.shared}

    @property
    def tip(self) -> tuple[str, str]:
        """The line of a tip that says the time."""
        return ("time", "@time{%F %H:%M:%S}") if self.dated else (self.label, "@time{0.00}")

    @property
    def tip_formats(self) -> dict[str, str]:
        """How the tip's time is read."""
        return {"@time": "datetime"} if self.dated else {}

    def label_axis(self, on: figure) -> None:
        """Name the axis."""
        on.xaxis.axis_label = self.label
