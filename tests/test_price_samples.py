"""Prices on an even clock from views at any time."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderbook.errors import ClockReversedError, InvalidParameterError
from orderbook.quoting._price_samples import PriceSamples


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(1, 99)), min_size=1, max_size=30), st.integers(1, 9))
def test_each_tick_has_the_last_price_seen_by_then(steps: list[tuple[int, int]], length: int) -> None:
    """Beside a look through all views for every tick; of several views at one tick the first was there in time."""
    samples, time_ns, views, added = PriceSamples(10, length), 100, [], 0
    for wait, price in steps:
        time_ns += wait
        views.append((time_ns, price))
        added += samples.observe(time_ns, price)
    first, last = views[0][0], views[-1][0]
    naive = []
    for tick in range(first, last + 1, 10):
        on_time = [price for seen, price in views if seen == tick]
        before = [price for seen, price in views if seen < tick]
        naive.append(on_time[0] if on_time else before[-1])
    assert list(samples.prices) == naive[-length:]
    assert added == len(naive)
    assert samples.full == (len(naive) >= length)


def test_a_long_silence_costs_no_more_than_the_window() -> None:
    """A billion ticks without a view leave the last price in the whole window."""
    samples = PriceSamples(1, 5)
    samples.observe(0, 7)
    assert samples.observe(10**9, 8) == 10**9
    assert list(samples.prices) == [7, 7, 7, 7, 8]


def test_time_and_intervals_without_meaning_are_refused() -> None:
    """A view before the last, an interval or a length of nothing."""
    samples = PriceSamples(10, 5)
    samples.observe(5, 1)
    with pytest.raises(ClockReversedError):
        samples.observe(4, 1)
    with pytest.raises(InvalidParameterError, match="interval_ns"):
        PriceSamples(0, 5)
    with pytest.raises(InvalidParameterError, match="length"):
        PriceSamples(10, 0)
