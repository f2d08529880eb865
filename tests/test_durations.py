"""compare.durations: text to integer nanoseconds."""

from datetime import UTC, datetime, timedelta, timezone
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare.durations import Duration, Instant, duration_ns, instant_ns, instant_text, rate_per_ns
from compare.errors import InputError


@pytest.mark.parametrize(
    ("value", "nanoseconds"),
    [
        ("1ns", 1),
        ("3us", 3_000),
        ("2ms", 2_000_000),
        ("12s", 12 * 10**9),
        (" 1 m ", 60 * 10**9),
        ("5min", 300 * 10**9),
        ("1.5h", 5_400 * 10**9),
        ("1D", 86_400 * 10**9),
        ("2w", 14 * 86_400 * 10**9),
        (12, 12 * 10**9),
        (0.1, 10**8),
        (timedelta(minutes=1, microseconds=1), 60_000_001_000),
    ],
)
def test_durations_are_exact(value: Duration, nanoseconds: int) -> None:
    """Text, numbers of seconds and timedeltas become exactly the nanoseconds they say; 0.1 is a tenth."""
    assert duration_ns(value) == nanoseconds


@pytest.mark.parametrize(
    "value", ["", "12", "s", "12 parsecs", "-1s", "0s", "0.5ns", 0, -3, float("nan"), True, "1h30m"]
)
def test_what_is_no_duration_is_refused_by_name(value: Duration) -> None:
    """The error names the key, the value and examples."""
    with pytest.raises(InputError, match=r"step: .* is not a duration; write .* 12s"):
        duration_ns(value, key="step")


@pytest.mark.parametrize(
    ("value", "per_day"), [("40/h", 960), ("2/d", 2), ("0.5 / s", 43_200), ("0/h", 0), (3, 3 * 86_400), (0.1, 8_640)]
)
def test_rates_are_exact(value: str | float, per_day: int) -> None:
    """A rate is an exact fraction of events per nanosecond; a plain number is a second's."""
    assert rate_per_ns(value) * 86_400 * 10**9 == Fraction(per_day)


@pytest.mark.parametrize("value", ["", "40", "/h", "-1/h", "40/fortnight", -1, float("inf"), False])
def test_what_is_no_rate_is_refused_by_name(value: str | float) -> None:
    """The error names the key, the value and examples."""
    with pytest.raises(InputError, match=r"takers.rate: .* is not a rate; write .* 40/h"):
        rate_per_ns(value, key="takers.rate")


@pytest.mark.parametrize(
    "value",
    [
        "2025-10-10T21:20:00Z",
        "2025-10-10 21:20",
        "2025-10-10T23:20:00+02:00",
        datetime(2025, 10, 10, 21, 20, tzinfo=UTC),
        datetime(2025, 10, 10, 16, 20, tzinfo=timezone(timedelta(hours=-5))),
        1_760_131_200_000_000_000,
    ],
)
def test_one_instant_in_many_words(value: Instant) -> None:
    """Zones are honoured, and text without one is UTC."""
    assert instant_ns(value) == 1_760_131_200_000_000_000


def test_what_is_no_instant_is_refused_by_name() -> None:
    """The error names the key, the value and an example."""
    with pytest.raises(InputError, match=r"start: 'yesterday' is not a time; write ISO 8601"):
        instant_ns("yesterday", key="start")


@given(st.integers(-(10**18), 10**18).map(lambda microseconds: microseconds * 1_000 // 1_000 * 1_000 % 10**18))
def test_instant_text_reads_back(nanoseconds: int) -> None:
    """The text of an instant, to the microsecond that datetimes hold, means that instant."""
    whole = nanoseconds - nanoseconds % 1_000
    assert instant_ns(instant_text(whole)) == whole
