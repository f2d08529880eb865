"""Durations, rates and instants: from the text a person writes to integer nanoseconds.

Time is an integer number of nanoseconds since 1970-01-01 00:00 UTC. A year is 365 days everywhere in `compare`: these
markets never close.
"""

import re
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Final

import numpy as np

from compare.errors import InputError

NS_PER_SECOND: Final = 1_000_000_000
NS_PER_DAY: Final = 86_400 * NS_PER_SECOND
NS_PER_YEAR: Final = 365 * NS_PER_DAY

_UNIT_NS: Final = {
    "ns": 1,
    "us": 1_000,
    "ms": 1_000_000,
    "s": NS_PER_SECOND,
    "m": 60 * NS_PER_SECOND,
    "min": 60 * NS_PER_SECOND,
    "h": 3_600 * NS_PER_SECOND,
    "d": NS_PER_DAY,
    "w": 7 * NS_PER_DAY,
}
_NUMBER: Final = r"(\d+(?:\.\d+)?)"
_DURATION: Final = re.compile(rf"{_NUMBER}\s*([a-z]+)")
_RATE: Final = re.compile(rf"{_NUMBER}\s*/\s*([a-z]+)")
_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)

Duration = str | int | float | timedelta
Rate = str | int | float
Instant = str | int | datetime


def duration_ns(value: Duration, *, key: str = "duration", may_be_zero: bool = False) -> int:
    """A positive duration in whole nanoseconds.

    Args:
        value: Text with a unit (ns, us, ms, s, m, h, d, w), a number of seconds, or a timedelta.
        key: The name that an error shows.
        may_be_zero: Whether none at all will do, too.

    Raises:
        InputError: Not a duration, not positive, or not a whole number of nanoseconds.

    >>> duration_ns("12s"), duration_ns("1.5h"), duration_ns(0.25)
    (12000000000, 5400000000000, 250000000)
    """
    kind = "duration" if may_be_zero else "positive duration"
    remedy = f"write a {kind} such as 12s, 1m, 1h or 1d, or a number of seconds"
    nanoseconds: Fraction | None = None
    if isinstance(value, str):
        match = _DURATION.fullmatch(value.strip().lower())
        if match and match[2] in _UNIT_NS:
            nanoseconds = Fraction(match[1]) * _UNIT_NS[match[2]]
    elif isinstance(value, timedelta):
        nanoseconds = Fraction(value // timedelta(microseconds=1)) * 1_000
    else:
        nanoseconds = _seconds(value)
    least = 0 if may_be_zero else 1
    if nanoseconds is None or nanoseconds < least or nanoseconds.denominator != 1:
        raise InputError(f"{value!r} is not a duration", place=key, remedy=remedy)
    return int(nanoseconds)


def rate_per_ns(value: Rate, *, key: str = "rate") -> Fraction:
    """A rate of events, zero or more, as an exact number of events per nanosecond.

    Args:
        value: Text such as "40/h" (units as for a duration), or a number of events per second.
        key: The name that an error shows.

    Raises:
        InputError: Not a rate, negative, or not finite.

    >>> rate_per_ns("40/h") * 3_600_000_000_000
    Fraction(40, 1)
    """
    rate: Fraction | None = None
    if isinstance(value, str):
        match = _RATE.fullmatch(value.strip().lower())
        if match and match[2] in _UNIT_NS:
            rate = Fraction(match[1]) / _UNIT_NS[match[2]]
    else:
        seconds = _seconds(value)
        rate = None if seconds is None else seconds / NS_PER_SECOND**2
    if rate is None or rate < 0:
        raise InputError(
            f"{value!r} is not a rate", place=key, remedy="write events per unit of time such as 40/h, 2/d or 0.5/s"
        )
    return rate


def instant_ns(value: Instant, *, key: str = "time") -> int:
    """An instant as nanoseconds since 1970-01-01 UTC; text and datetimes without a zone are UTC.

    Args:
        value: ISO 8601 text, a datetime, or nanoseconds as they are.
        key: The name that an error shows.

    Raises:
        InputError: Not an instant.

    >>> instant_ns("2025-10-10T21:20:00Z") == instant_ns("2025-10-10 21:20") == 1_760_131_200_000_000_000
    True
    """
    if isinstance(value, int | np.integer) and not isinstance(value, bool):
        return int(value)
    try:
        moment = value if isinstance(value, datetime) else datetime.fromisoformat(str(value).strip())
    except ValueError:
        raise InputError(
            f"{value!r} is not a time", place=key, remedy="write ISO 8601 such as 2025-10-10T21:20:00Z"
        ) from None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=UTC)
    return (moment - _EPOCH) // timedelta(microseconds=1) * 1_000


def instant_text(time_ns: int) -> str:
    """An instant as ISO 8601 in UTC, with as many decimals of a second as it needs.

    >>> instant_text(1_760_131_200_000_000_000), instant_text(1_500_000_000)
    ('2025-10-10T21:20:00Z', '1970-01-01T00:00:01.5Z')
    """
    seconds, nanoseconds = divmod(int(time_ns), NS_PER_SECOND)
    decimals = f".{nanoseconds:09d}".rstrip("0") if nanoseconds else ""
    return f"{np.datetime64(seconds, 's')}{decimals}Z"


def _seconds(value: object) -> Fraction | None:
    """A number of seconds in nanoseconds by its decimal text, so that 0.1 is a tenth; None where it is no number."""
    if isinstance(value, bool) or not isinstance(value, int | float | np.integer | np.floating):
        return None
    return Fraction(str(value)) * NS_PER_SECOND if np.isfinite(value) else None
