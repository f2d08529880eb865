"""A strategy in recorded market data: what it sees when, what reaches the venue when, and what it earns."""

from dataclasses import dataclass, field
from fractions import Fraction
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from recorded_flow import PLAIN, RecordedFlow

from compare.formats import read_level2
from orderbook import FeeSchedule, FixedSpread, Instrument, MarketView, Quote, Quotes, Side
from orderbook.errors import ClockReversedError, InvalidParameterError
from orderbook.feeds import DepthDiff, DepthSnapshot, FeedEvent, PriceLevel, QueueNotKnownError, Trade, in_venue_order
from orderbook.latency import EmpiricalLatency, FixedLatency, LognormalLatency
from orderbook.market_replay import (
    MarketReplayResult,
    ReplayLatencies,
    ReplayProfit,
    replay_market,
    replay_under_queue_models,
)
from orderbook.queue_models import (
    LogQueue,
    OptimisticQueue,
    PowerQueue,
    PowerShareQueue,
    QueueModel,
    RiskAverseQueue,
    TrueFifo,
)

SPOT = Instrument(5, 7, base_units_per_lot=1, quote_units_per_tick_lot=1)
MODELS: dict[str, QueueModel] = {
    "risk-averse": RiskAverseQueue(),
    "power": PowerQueue(1),
    "log": LogQueue(lots_per_unit=100_000),
    "power of the share": PowerShareQueue(3),
    "optimistic": OptimisticQueue(),
}


def book(at: int, bid: int, ask: int, size: int = 10) -> DepthSnapshot:
    return DepthSnapshot(at, at, None, (PriceLevel(bid, size),), (PriceLevel(ask, size),))


def sold(at: int, price: int, size: int) -> Trade:
    return Trade(at, at, price, size, Side.SELL)


@dataclass
class Scripted:
    """Quotes what it is told, one after the other, and remembers what it was shown; the last one stands."""

    script: list[Quotes]
    views: list[MarketView] = field(default_factory=list)

    def quote(self, view: MarketView) -> Quotes:
        self.views.append(view)
        return self.script[min(len(self.views), len(self.script)) - 1]


def bid_of(price: int, size: int) -> Quotes:
    return Quotes.one_level(Quote(price, size), None)


NOTHING = Quotes((), ())


def run(
    feed: list[FeedEvent], strategy: Scripted, *, orders: int = 0, reports: int = 0, data: int = 0, refresh: int = 100
) -> MarketReplayResult:
    latencies = ReplayLatencies(FixedLatency(orders), FixedLatency(reports), FixedLatency(data))
    fees = FeeSchedule(maker_rebate_pips=10_000)
    return replay_market(
        feed, strategy, RiskAverseQueue(), instrument=PLAIN, latencies=latencies, fees=fees, refresh_ns=refresh
    )


def test_a_fill_and_what_it_earned_to_the_last_unit() -> None:
    """Behind 10 lots at 99, 4 of a trade of 14 are ours: 4 of spread, -12 as the mid goes to 97, 3 of rebate."""
    feed: list[FeedEvent] = [book(0, 99, 101), sold(50, 99, 14), book(60, 96, 98)]
    result = run(feed, Scripted([bid_of(99, 5), NOTHING]), refresh=55)
    [recorded] = result.fills
    assert (recorded.time_ns, recorded.fill.price, recorded.fill.size, recorded.mid_price) == (50, 99, 4, Fraction(100))
    assert (result.inventory, result.traded, result.placed, result.refused, result.cancelled) == (4, 4, 1, 0, 1)
    profit = result.profit
    assert profit == ReplayProfit(Fraction(4), Fraction(-12), 3, Fraction(-5))
    assert profit.residual == 0
    assert result.mid_prices == ((0, Fraction(100)), (60, Fraction(97)))
    assert [result.adverse_selection(horizon) for horizon in (0, 9, 10, 1_000)] == [0, 0, -12, -12]


def test_what_is_seen_is_late_and_so_is_what_is_asked() -> None:
    """Data 30 late, orders 20: the book of 0 is seen at 30, the order rests at 50, and the trade of 51 is the first."""
    strategy = Scripted([bid_of(100, 5)])
    feed: list[FeedEvent] = [
        book(0, 99, 101),
        sold(49, 100, 3),
        sold(51, 100, 3),
        book(60, 90, 110),
        book(200, 80, 120),
    ]
    result = run(feed, strategy, orders=20, data=30)
    assert [recorded.time_ns for recorded in result.fills] == [51]
    assert [(view.time_ns, view.fair_price) for view in strategy.views] == [(30, 100), (130, 100)]


def test_the_strategy_learns_of_a_fill_when_the_report_arrives() -> None:
    """Filled at 50, reported at 145: at 100 the inventory is believed to be 0, at 200 it is 3, bought at 100."""
    strategy = Scripted([bid_of(100, 3), NOTHING])
    result = run([book(0, 99, 101), sold(50, 100, 3), book(250, 99, 101)], strategy, reports=95)
    seen = [(view.time_ns, view.inventory, view.average_cost) for view in strategy.views]
    assert seen == [(0, 0, None), (100, 0, None), (200, 3, Fraction(99))]  # 300 less a rebate of 3, on 3 lots
    assert (result.inventory, result.cancelled) == (3, 0)


def test_a_cancellation_may_come_too_late() -> None:
    """Cancelled at 100 with 40 on the way, the order still trades at 120; at 150 it would not have."""
    for at, traded in ((120, 3), (150, 0)):
        feed: list[FeedEvent] = [book(0, 99, 101), sold(at, 100, 3), book(300, 99, 101)]
        assert run(feed, Scripted([bid_of(100, 3), NOTHING]), orders=40).traded == traded


def test_at_one_nanosecond_the_market_goes_first() -> None:
    """An order that arrives at the time of a trade has missed it; one that arrives as the ask comes down is refused."""
    feed: list[FeedEvent] = [book(0, 99, 101), sold(40, 100, 3), book(90, 99, 101)]
    assert run(feed, Scripted([bid_of(100, 3)]), orders=40).traded == 0
    result = run([book(0, 99, 101), book(40, 98, 100), book(90, 98, 100)], Scripted([bid_of(100, 3)]), orders=40)
    assert (result.placed, result.refused, result.traded) == (0, 1, 0)


def test_a_right_order_is_left_alone_a_large_one_reduced_and_any_other_replaced() -> None:
    """Behind 10 lots: 5 and again 5, 2 and again 2 in the same place, and both trade; then 4 from the end: 1 does."""
    script = [bid_of(99, 5), bid_of(99, 5), bid_of(99, 2), bid_of(99, 2), bid_of(99, 4), NOTHING]
    feed: list[FeedEvent] = [book(0, 99, 101), DepthDiff(50, 50, None, (PriceLevel(99, 30),), ())]
    feed += [sold(350, 99, 11), sold(360, 99, 5), book(450, 99, 101, 20)]
    result = run([*feed, sold(460, 99, 21), book(700, 99, 101)], Scripted(script))
    assert [(recorded.time_ns, recorded.fill.size) for recorded in result.fills] == [(350, 1), (360, 1), (460, 1)]
    assert (result.placed, result.cancelled) == (2, 1)


def test_a_strategy_that_saw_no_price_is_not_asked() -> None:
    """A one-sided book has no mid price: nothing is quoted until there is one."""
    strategy = Scripted([NOTHING])
    one_sided = DepthSnapshot(0, 0, None, (PriceLevel(99, 1),), ())
    result = run([one_sided, book(500, 99, 101), book(550, 99, 101)], strategy)
    assert [view.time_ns for view in strategy.views] == [500]
    assert result.fills == ()
    assert result.profit.total == 0


def test_without_a_feed_there_is_nothing() -> None:
    """An empty recording: no fills, no mid price, a profit of zero."""
    result = run([], Scripted([NOTHING]))
    assert not result.fills
    assert not result.mid_prices
    assert result.profit.total == result.profit.residual == 0


def test_the_recorded_delays_of_the_feed_are_those_of_the_data() -> None:
    """Without a model for the feed, data arrives at its local time, but never before what was sent before it.

    The book of 10 was received at 20, ahead of that of 0 at 70: both are seen at 70, and nothing is before, whether or
    not the first one has a price.
    """
    for asks in ((PriceLevel(101, 1),), ()):
        strategy = Scripted([NOTHING])
        feed: list[FeedEvent] = [
            DepthSnapshot(0, 70, None, (PriceLevel(99, 1),), asks),
            DepthSnapshot(10, 20, None, (PriceLevel(89, 1),), (PriceLevel(91, 1),)),
            book(300, 89, 91),
        ]
        latencies = ReplayLatencies(FixedLatency(0), FixedLatency(0))
        replay_market(feed, strategy, RiskAverseQueue(), instrument=PLAIN, latencies=latencies, refresh_ns=50)
        assert [(view.time_ns, view.fair_price) for view in strategy.views][:2] == [(70, 90), (120, 90)]


def test_each_model_has_a_strategy_of_its_own() -> None:
    """What one run teaches a strategy is unknown to the next: two equal models have equal results."""
    strategy = Scripted([bid_of(100, 2), bid_of(100, 3)])
    latencies = ReplayLatencies(FixedLatency(0), FixedLatency(0))
    feed: list[FeedEvent] = [book(0, 99, 101), sold(50, 100, 9), sold(150, 100, 9), book(200, 99, 101)]
    models = {"one": RiskAverseQueue(), "two": RiskAverseQueue()}
    results = replay_under_queue_models(feed, strategy, models, instrument=PLAIN, latencies=latencies, refresh_ns=100)
    assert strategy.views == []
    assert results["one"] == results["two"]
    assert [recorded.fill.size for recorded in results["one"].fills] == [2, 3]


def test_a_feed_whose_times_cannot_be_is_refused() -> None:
    """No time at the venue, received before it happened, or going back: a typed error that names the time."""
    strategy = Scripted([NOTHING])
    with pytest.raises(InvalidParameterError, match="exchange_ns is None"):
        run([DepthSnapshot(None, 0, None, (), ())], strategy)
    with pytest.raises(InvalidParameterError, match=r"exchange_ns is 9; it must be known, and at most local_ns \(5\)"):
        run([DepthSnapshot(9, 5, None, (), ())], strategy)
    with pytest.raises(ClockReversedError, match="time 3 ns is before 4 ns"):
        run([book(4, 99, 101), book(3, 99, 101)], strategy)
    with pytest.raises(InvalidParameterError, match="refresh_ns is 0"):
        run([], strategy, refresh=0)


def recorded_l3(seed: int) -> list[FeedEvent]:
    flow = RecordedFlow(seed, sizes=5, patient=0.9, markets=6)
    flow.run(1_500)
    return flow.events


@pytest.mark.parametrize("seed", range(4))
def test_a_feed_that_names_orders_serves_every_model(seed: int) -> None:
    """From random orders: true FIFO and all estimates run, each closes to the last unit, and a repetition is equal."""
    latencies = ReplayLatencies(
        LognormalLatency(2_000_000, 1.0, seed=seed), LognormalLatency(1_000_000, 1.0, seed=seed), FixedLatency(500_000)
    )
    models = {**MODELS, "true": TrueFifo()}
    results, again = (
        replay_under_queue_models(
            recorded_l3(seed),
            FixedSpread(Fraction(3, 2), 4),
            models,
            instrument=PLAIN,
            latencies=latencies,
            fees=FeeSchedule(maker_rebate_pips=137),
            refresh_ns=10_000_000,
        )
        for _ in range(2)
    )
    assert results == again
    assert set(results) == set(models)
    for result in results.values():
        assert result.profit.residual == 0
        assert result.fills
        assert result.inventory == sum(recorded.fill.inventory_change("us") for recorded in result.fills)


def test_true_fifo_on_levels_alone_is_refused() -> None:
    """The Binance kind of feed names no orders: the first order that joins a level says so."""
    latencies = ReplayLatencies(FixedLatency(0), FixedLatency(0))
    with pytest.raises(QueueNotKnownError, match="needs a feed that names orders"):
        replay_market(
            [book(0, 99, 101), book(9, 99, 101)],
            FixedSpread(1, 1),
            TrueFifo(),
            instrument=PLAIN,
            latencies=latencies,
        )


@given(st.lists(st.tuples(st.integers(1, 40), st.integers(0, 1), st.integers(1, 30)), max_size=40))
def test_one_resting_order_never_gets_less_from_a_less_cautious_model(steps: list[tuple[int, int, int]]) -> None:
    """At every moment of any trades and sizes: risk-averse has filled no more than any other, optimistic no less."""
    feed: list[FeedEvent] = [book(0, 99, 101, 20)]
    for at, (size, is_trade, traded) in enumerate(steps, 1):
        diff = DepthDiff(at, at, None, (PriceLevel(99, size),), ())
        feed.append(sold(at, 99, traded) if is_trade else diff)
    feed.append(book(100, 99, 101))
    latencies = ReplayLatencies(FixedLatency(0), FixedLatency(0))
    results = replay_under_queue_models(
        feed, FixedSpread(1, 15), MODELS, instrument=PLAIN, latencies=latencies, refresh_ns=1_000
    )
    for until in range(len(feed)):
        filled = {
            name: sum(fill.size for time_ns, fill, _ in result.fills if time_ns <= until)
            for name, result in results.items()
        }
        assert filled["risk-averse"] == min(filled.values())
        assert filled["optimistic"] == max(filled.values())


@pytest.fixture(scope="module")
def two_minutes(shared_data: Path) -> list[FeedEvent]:
    """ETHUSDT spot of 2024-08-08, the first 120 seconds, the fastest message being 1 ms on its way."""
    file = shared_data / "binance_l2_2024-08-08" / "spot_ethusdt_20240808_09.parquet"
    events = in_venue_order(read_level2(file, SPOT), least_latency_ns=1_000_000)
    start = events[0].exchange_ns or 0
    return [event for event in events if (event.exchange_ns or 0) < start + 120 * 10**9]


def test_one_call_shows_a_strategy_under_every_queue_model(two_minutes: list[FeedEvent]) -> None:
    """Quotes at the best prices of two minutes of ETHUSDT: the fills, and the profit in parts that close exactly.

    The optimistic model trades the most lots, the risk-averse one the fewest; a maker without a rebate loses here.
    """
    results = replay_under_queue_models(
        two_minutes,
        FixedSpread(Fraction(1, 2), 10_000),  # 0.1 ETH each way
        MODELS,
        instrument=SPOT,
        latencies=ReplayLatencies(FixedLatency(2_000_000), FixedLatency(1_000_000)),
        refresh_ns=10**9,
    )
    traded = {name: result.traded for name, result in results.items()}
    assert traded["risk-averse"] == min(traded.values())
    assert traded["optimistic"] == max(traded.values())
    assert traded["optimistic"] > traded["risk-averse"]
    for result in results.values():
        assert result.profit.residual == 0
        assert len(result.fills) > 100
        assert result.profit.total < 0
        assert result.adverse_selection(10**9) < 0


def test_drawn_latencies_of_the_feed_keep_every_message_in_its_place(two_minutes: list[FeedEvent]) -> None:
    """Delays drawn from the recording's own: the same seed gives the same result, another seed another one."""
    results = []
    for seed in (1, 1, 2):
        measured = EmpiricalLatency.of_feed(two_minutes, seed=seed)
        assert min(islice(measured.delays_ns(), 1_000)) >= 1_000_000
        latencies = ReplayLatencies(measured, measured, measured)
        results.append(
            replay_market(
                two_minutes,
                FixedSpread(5, 10_000),
                LogQueue(lots_per_unit=100_000),
                instrument=SPOT,
                latencies=latencies,
                refresh_ns=10**9,
            )
        )
    assert results[0] == results[1] != results[2]
    assert all(result.profit.residual == 0 and result.fills for result in results)
