"""Delays: fixed, drawn and measured; and no message overtakes another."""

import math
from itertools import islice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderbook import Side
from orderbook.errors import ClockReversedError, InvalidParameterError
from orderbook.feeds import BestQuote, FeedEvent, Trade, in_venue_order
from orderbook.latency import Channel, EmpiricalLatency, FixedLatency, LatencyModel, LognormalLatency

MODELS: list[LatencyModel] = [
    FixedLatency(1_000),
    LognormalLatency(median_ns=1_000, log_deviation=1.5, seed=1),
    EmpiricalLatency((10, 2_000, 70_000), seed=2),
]


@pytest.mark.parametrize("model", MODELS)
@given(gaps=st.lists(st.integers(0, 3_000), max_size=30))
def test_a_channel_delivers_in_the_order_of_sending(model: LatencyModel, gaps: list[int]) -> None:
    """Each message arrives after its delay, or together with the one before it where it would have overtaken that."""
    channel, delays = Channel(model), model.delays_ns()
    sent, last = 0, 0
    for gap in gaps:
        sent += gap
        arrival = channel.arrival_ns(sent)
        assert arrival == max(sent + next(delays), last)
        last = arrival


def test_a_message_that_would_overtake_arrives_with_the_one_before_it() -> None:
    """Sent at 0 and 10 with delays of 100 and 5: both arrive at 100; the third, sent at 98 with 100, at 198."""

    class Scripted:
        def delays_ns(self) -> "islice[int]":
            return islice((100, 5, 100), 3)

    channel = Channel(Scripted())
    assert [channel.arrival_ns(sent) for sent in (0, 10, 98)] == [100, 100, 198]
    with pytest.raises(ClockReversedError, match="time 97 ns is before 98 ns"):
        channel.arrival_ns(97)
    assert (channel.last_sent_ns, channel.last_arrival_ns) == (98, 198)


@pytest.mark.parametrize("model", MODELS)
def test_the_same_seed_draws_the_same_delays_again(model: LatencyModel) -> None:
    """Asked twice, a model gives the same delays; another seed gives others."""
    assert list(islice(model.delays_ns(), 100)) == list(islice(model.delays_ns(), 100))
    first, second = (LognormalLatency(1_000, 1.0, seed=seed) for seed in (1, 2))
    assert list(islice(first.delays_ns(), 10)) != list(islice(second.delays_ns(), 10))


def test_half_of_lognormal_draws_are_below_the_median() -> None:
    """Of 10,000 draws 50 % within 4 standard errors are below least + median, and none below the least."""
    model = LognormalLatency(median_ns=200_000, log_deviation=0.8, seed=3, least_ns=1_000_000)
    draws = list(islice(model.delays_ns(), 10_000))
    below = sum(draw < 1_200_000 for draw in draws)
    assert abs(below - 5_000) < 4 * math.sqrt(2_500)
    assert min(draws) >= 1_000_000
    logs = [math.log(draw - 1_000_000) for draw in draws]
    mean = sum(logs) / len(logs)
    deviation = math.sqrt(sum((log - mean) ** 2 for log in logs) / len(logs))
    assert abs(deviation - 0.8) < 4 * 0.8 / math.sqrt(2 * 10_000)


def test_no_deviation_is_a_fixed_delay() -> None:
    """With a deviation of zero every draw is least + median."""
    assert list(islice(LognormalLatency(7, 0.0, seed=0, least_ns=5).delays_ns(), 3)) == [12, 12, 12]


def test_the_delays_of_a_feed_are_drawn_as_often_as_they_were_measured() -> None:
    """Three trades 5, 5 and 25 ns late once the clocks agree: two draws in three are 5, within 4 standard errors."""
    events: list[FeedEvent] = [Trade(at, at + late - 900, 1, 1, Side.BUY) for at, late in ((10, 0), (20, 0), (30, 20))]
    model = EmpiricalLatency.of_feed(in_venue_order(events, least_latency_ns=5), seed=4)
    assert model.measured_ns == (5, 5, 25)
    draws = list(islice(model.delays_ns(), 9_000))
    assert set(draws) == {5, 25}
    assert abs(draws.count(5) - 6_000) < 4 * math.sqrt(9_000 * 2 / 9)


def test_what_is_no_latency_is_refused() -> None:
    """Negative, fractional or empty: a typed error that names the parameter; so is a feed whose clocks disagree."""
    with pytest.raises(InvalidParameterError, match="delay_ns is -1"):
        FixedLatency(-1)
    with pytest.raises(InvalidParameterError, match="median_ns is 0"):
        LognormalLatency(0, 1.0, seed=1)
    with pytest.raises(InvalidParameterError, match="log_deviation is nan"):
        LognormalLatency(1, math.nan, seed=1)
    with pytest.raises(InvalidParameterError, match="seed is None"):
        LognormalLatency(1, 1.0, seed=None)  # type: ignore[arg-type]
    with pytest.raises(InvalidParameterError, match=r"least_ns is 1\.5"):
        LognormalLatency(1, 1.0, seed=1, least_ns=1.5)  # type: ignore[arg-type]
    with pytest.raises(InvalidParameterError, match="at least one delay"):
        EmpiricalLatency.of_feed([BestQuote(None, 1, 1, None, None)], seed=1)
    with pytest.raises(InvalidParameterError, match="measured_ns is -890"):
        EmpiricalLatency.of_feed([Trade(1_000, 110, 1, 1, Side.BUY)], seed=1)
