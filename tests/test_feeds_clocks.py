"""Two clocks brought together: latencies are never negative, and what happened first comes first."""

from pathlib import Path

import pytest

from compare.formats import read_level2
from orderbook import Instrument, Side
from orderbook.errors import InvalidParameterError
from orderbook.feeds import BestQuote, DepthDiff, DepthSnapshot, FeedEvent, Trade, in_venue_order


def test_the_fastest_message_is_given_the_least_latency() -> None:
    """Clocks a second apart: 30 and 50 ns of difference become 7 and 27; the message without a venue time gets 7."""
    ahead = 1_000_000_000
    events: list[FeedEvent] = [
        Trade(ahead + 100, 130, 5, 1, Side.BUY),
        BestQuote(None, 140, 1, None, None),
        Trade(ahead + 150, 200, 5, 1, Side.BUY),
    ]
    timed = in_venue_order(events, least_latency_ns=7)
    assert [(event.exchange_ns, event.local_ns) for event in timed] == [
        (ahead + 100, ahead + 107),
        (ahead + 110, ahead + 117),
        (ahead + 150, ahead + 177),
    ]


def test_what_happened_first_comes_first_and_ties_have_a_rule() -> None:
    """A diff that overtook a trade comes after it; at one time: snapshot, trade, diff, and else the feed's order."""
    diff, trade, snapshot = (
        DepthDiff(10, 20, 1, (), ()),
        Trade(10, 25, 5, 1, Side.BUY),
        DepthSnapshot(10, 30, 1, (), ()),
    )
    early, late = Trade(9, 40, 5, 1, Side.BUY), Trade(10, 45, 6, 1, Side.BUY)
    timed = in_venue_order([diff, trade, snapshot, early, late])
    assert [event._replace(local_ns=event.local_ns + 10) for event in timed] == [early, snapshot, trade, late, diff]


def test_a_feed_without_any_time_at_the_venue_is_refused() -> None:
    """There is nothing to bring together."""
    with pytest.raises(InvalidParameterError, match="time at the venue"):
        in_venue_order([BestQuote(None, 1, 1, None, None)])


def test_the_recorded_clocks_were_more_than_a_second_apart(shared_data: Path) -> None:
    """The perpetual's local clock is 1.27 s behind: with the fastest message at 1 ms, half take less than 5 ms."""
    instrument = Instrument(3, 5, base_units_per_lot=1, quote_units_per_tick_lot=1)
    events = read_level2(shared_data / "binance_l2_2024-08-08" / "usdm_ethusdt_20240808.parquet", instrument)
    assert all(event.exchange_ns is not None and event.local_ns < event.exchange_ns - 10**9 for event in events)
    timed = in_venue_order(events, least_latency_ns=10**6)
    assert len(timed) == len(events)
    latencies = sorted(event.local_ns - (event.exchange_ns or 0) for event in timed)
    assert latencies[0] == 10**6
    assert latencies[len(latencies) // 2] < 5 * 10**6
    times = [event.exchange_ns or 0 for event in timed]
    assert times == sorted(times)
