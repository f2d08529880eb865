"""Our orders inside recorded market data: what a strategy would have traded, and what it would have earned.

The recorded market goes on as it did: it does not see us, and what we trade is not taken from it. We quote only as
makers; an order that would trade when it arrives is refused. A resting order trades, at its own price,

* when the recorded market trades at a price worse for the taker than ours: it would have met us first;
* when it trades at our price, with what is left once the queue model says that those before us have traded;
* when the recorded book shows the other side at our price or better, with as much as stands there.

Of one recorded trade we get no more than its size. Our own orders never trade with each other.

Messages take time. The strategy sees the book as it was when the message left the venue, quotes on a clock of its own,
and its orders, and the reports of its fills, are on their way for a while. A connection delivers in the order of
sending (`orderbook.latency.Channel`). At one nanosecond the venue takes in the recorded market before our requests, and
we take in market data, then reports, and then quote: nobody is ahead of the market by a tie.
"""

import copy
from bisect import bisect_right
from collections import deque
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from fractions import Fraction

from orderbook._checks import require_int
from orderbook._quoting_desk import Cancel, Gone, Place, QuotingDesk, Report, Request
from orderbook._recorded_venue import OWNER, RecordedFill, RecordedVenue
from orderbook.errors import ClockReversedError, InvalidParameterError
from orderbook.feeds.depth_book import DepthBook
from orderbook.feeds.events import FeedEvent, OrderEvent
from orderbook.feeds.order_feed_book import OrderFeedBook
from orderbook.fees import FeeSchedule
from orderbook.latency import Channel, LatencyModel
from orderbook.queue_models import QueueModel
from orderbook.quoting.protocol import QuotingStrategy
from orderbook.types import Instrument

RecordedBook = DepthBook | OrderFeedBook
FairPrice = Callable[[RecordedBook], int | Fraction | None]
"""From the recorded book to what the base is worth, in ticks; None where there is no telling."""


@dataclass(frozen=True, slots=True)
class ReplayLatencies:
    """How long messages take on each of the three ways.

    Attributes:
        orders: from us to the venue.
        reports: from the venue to us, about our orders.
        feed: from the venue to us, of market data; None for what was recorded, local time less the time at the venue.
    """

    orders: LatencyModel
    reports: LatencyModel
    feed: LatencyModel | None = None


@dataclass(frozen=True, slots=True)
class ReplayProfit:
    """Where the profit came from, in quote units; exact, and the parts add up to the total.

    Attributes:
        spread_capture: what our trades were better than the mid price of their moment.
        inventory: what they earned as the mid price moved from then to the end.
        rebates: paid by the venue; negative for a maker fee.
        total: cash, and the inventory at the last mid price.
    """

    spread_capture: Fraction
    inventory: Fraction
    rebates: int
    total: Fraction

    @property
    def residual(self) -> Fraction:
        """The total less its parts; anything but zero is a defect."""
        return self.total - self.spread_capture - self.inventory - self.rebates


@dataclass(frozen=True, slots=True)
class MarketReplayResult:
    """What a strategy did in a recorded market.

    Attributes:
        fills: its trades, in order.
        placed: orders that came to rest.
        refused: orders that would have traded on arrival.
        cancelled: orders taken out before they had traded whole.
        inventory: lots at the end.
        profit: in quote units.
        mid_prices: of the recorded book, in ticks, and the time from which on each held.
        instrument: what a tick and a lot are worth.
    """

    fills: tuple[RecordedFill, ...]
    placed: int
    refused: int
    cancelled: int
    inventory: int
    profit: ReplayProfit
    mid_prices: tuple[tuple[int, Fraction], ...]
    instrument: Instrument

    @property
    def traded(self) -> int:
        """Lots of all fills together."""
        return sum(recorded.fill.size for recorded in self.fills)

    def adverse_selection(self, horizon_ns: int) -> Fraction:
        """What the fills earned as the mid price moved from each of them to so much later; negative for a loss.

        In quote units. Where the recording ends before, its last mid price stands.

        Raises:
            InvalidParameterError: the horizon is no int, or negative.
        """
        require_int("horizon_ns", horizon_ns, minimum=0)
        times = [time_ns for time_ns, _ in self.mid_prices]
        moved = Fraction(0)
        for time_ns, fill, mid_price in self.fills:
            later = self.mid_prices[bisect_right(times, time_ns + horizon_ns) - 1][1]
            moved += fill.inventory_change(OWNER) * (later - mid_price)
        return moved * self.instrument.quote_units_per_tick_lot


def mid_of(book: RecordedBook) -> Fraction | None:
    """The mid price of the recorded book."""
    return book.mid_price


def replay_under_queue_models(
    feed: Sequence[FeedEvent],
    strategy: QuotingStrategy,
    models: Mapping[str, QueueModel],
    *,
    instrument: Instrument,
    latencies: ReplayLatencies,
    fees: FeeSchedule | None = None,
    refresh_ns: int = 100_000_000,
    fair_price: FairPrice = mid_of,
) -> dict[str, MarketReplayResult]:
    """One strategy in one recorded market, once under each queue model: the same data, and the same drawn latencies.

    Args:
        feed: messages in the order in which they happened at the venue, as `orderbook.feeds.in_venue_order` gives them.
        strategy: what quotes; each run has a copy of its own.
        models: by the names that the results have.
        instrument: what a tick and a lot are worth.
        latencies: of the three ways.
        fees: what each fill is charged; nothing when left out.
        refresh_ns: the time from one quoting to the next.
        fair_price: what the strategy is shown.

    Raises:
        InvalidParameterError: a message has no time at the venue, or the refresh is no positive int.
        ClockReversedError: a message happened before the one before it.
        FeedError: the feed contradicts itself, or a model needs a feed that names orders.
    """
    return {
        name: replay_market(
            feed,
            copy.deepcopy(strategy),
            model,
            instrument=instrument,
            latencies=latencies,
            fees=fees,
            refresh_ns=refresh_ns,
            fair_price=fair_price,
        )
        for name, model in models.items()
    }


def replay_market(
    feed: Sequence[FeedEvent],
    strategy: QuotingStrategy,
    queue_model: QueueModel,
    *,
    instrument: Instrument,
    latencies: ReplayLatencies,
    fees: FeeSchedule | None = None,
    refresh_ns: int = 100_000_000,
    fair_price: FairPrice = mid_of,
) -> MarketReplayResult:
    """One strategy in one recorded market, under one queue model; the arguments are `replay_under_queue_models`'s.

    Raises:
        InvalidParameterError: a message has no time at the venue, or the refresh is no positive int.
        ClockReversedError: a message happened before the one before it.
        FeedError: the feed contradicts itself, or the model needs a feed that names orders.
    """
    require_int("refresh_ns", refresh_ns, minimum=1)
    times = _venue_times(feed)
    book = OrderFeedBook() if any(isinstance(event, OrderEvent) for event in feed) else DepthBook()
    venue = RecordedVenue(book, queue_model, instrument, FeeSchedule() if fees is None else fees)
    replay = _Replay(venue, QuotingDesk(strategy), latencies, refresh_ns, fair_price)
    replay.run(feed, times)
    return replay.result(instrument)


class _Next(IntEnum):
    """What can happen before the recorded market goes on; at one time the first comes first."""

    REQUEST = 0
    DATA = 1
    REPORT = 2
    QUOTE = 3


class _Replay:
    """The two places, and what is on its way between them."""

    def __init__(
        self,
        venue: RecordedVenue,
        desk: QuotingDesk,
        latencies: ReplayLatencies,
        refresh_ns: int,
        fair_price: FairPrice,
    ) -> None:
        self.venue = venue
        self.desk = desk
        self.refresh_ns = refresh_ns
        self.fair_price = fair_price
        self.orders_way = Channel(latencies.orders)
        self.reports_way = Channel(latencies.reports)
        self.feed_way = None if latencies.feed is None else Channel(latencies.feed)
        # Each way delivers in order, so the next to arrive is always the first.
        self.requests: deque[tuple[int, Request]] = deque()
        self.reports: deque[tuple[int, Report]] = deque()
        self.data: deque[tuple[int, int | Fraction | None]] = deque()
        self.known_price: int | Fraction | None = None
        self.next_quote_ns: int | None = None
        self.fills: list[RecordedFill] = []
        self.mid_prices: list[tuple[int, Fraction]] = []
        self.placed = self.refused = self.cancelled = 0

    def run(self, feed: Sequence[FeedEvent], times: list[int]) -> None:
        """Go through all that happens, in order, until the recording ends."""
        for time_ns, event in zip(times, feed, strict=True):
            self._go_on_until(time_ns)
            self._market(time_ns, event)
        if times:
            self._go_on_until(times[-1] + 1)

    def _go_on_until(self, time_ns: int) -> None:
        """All that happens before the recorded market goes on."""
        while True:
            now, what = min(
                (self.requests[0][0] if self.requests else time_ns, _Next.REQUEST),
                (self.data[0][0] if self.data else time_ns, _Next.DATA),
                (self.reports[0][0] if self.reports else time_ns, _Next.REPORT),
                (time_ns if self.next_quote_ns is None else self.next_quote_ns, _Next.QUOTE),
            )
            if now >= time_ns:
                return
            if what is _Next.REQUEST:
                self._request(now, self.requests.popleft()[1])
            elif what is _Next.DATA:
                self.known_price = self.data.popleft()[1]
                if self.next_quote_ns is None and self.known_price is not None:
                    self.next_quote_ns = now
            elif what is _Next.REPORT:
                self.desk.on_report(self.reports.popleft()[1])
            else:
                self._quote(now)

    def _market(self, time_ns: int, event: FeedEvent) -> None:
        fills = self.venue.on_event(event)
        self.fills += fills
        for fill in fills:
            self._report(time_ns, fill)
        for order_id in self.venue.expired_by(event):
            self.cancelled += 1
            self._report(time_ns, Gone(order_id))
        mid_price = self.venue.mid_price
        if mid_price is not None and (not self.mid_prices or self.mid_prices[-1][1] != mid_price):
            self.mid_prices.append((time_ns, mid_price))
        arrival = event.local_ns if self.feed_way is None else self.feed_way.arrival_ns(time_ns)
        if self.data:
            arrival = max(arrival, self.data[-1][0])
        self.data.append((arrival, self.fair_price(self.venue.book)))

    def _request(self, now: int, request: Request) -> None:
        if isinstance(request, Place):
            if self.venue.place(*request):
                self.placed += 1
            else:
                self.refused += 1
                self._report(now, Gone(request.order_id))
        elif isinstance(request, Cancel):
            if self.venue.cancel(request.order_id):
                self.cancelled += 1
                self._report(now, Gone(request.order_id))
        else:
            self.venue.reduce(request.order_id, request.by)

    def _quote(self, now: int) -> None:
        self.next_quote_ns = now + self.refresh_ns
        if self.known_price is not None:
            for request in self.desk.decide(now, self.known_price):
                self.requests.append((self.orders_way.arrival_ns(now), request))

    def _report(self, now: int, report: Report) -> None:
        self.reports.append((self.reports_way.arrival_ns(now), report))

    def result(self, instrument: Instrument) -> MarketReplayResult:
        """What came of it."""
        unit = instrument.quote_units_per_tick_lot
        last = self.mid_prices[-1][1] if self.mid_prices else Fraction(0)
        cash = inventory = rebates = 0
        captured = moved = Fraction(0)
        for _, fill, mid_price in self.fills:
            lots = fill.inventory_change(OWNER)
            cash += fill.cash_change(OWNER)
            inventory += lots
            rebates += fill.maker_rebate
            captured += lots * unit * (mid_price - fill.price)
            moved += lots * unit * (last - mid_price)
        profit = ReplayProfit(captured, moved, rebates, cash + inventory * unit * last)
        fills, mid_prices = tuple(self.fills), tuple(self.mid_prices)
        return MarketReplayResult(
            fills, self.placed, self.refused, self.cancelled, inventory, profit, mid_prices, instrument
        )


def _venue_times(feed: Sequence[FeedEvent]) -> list[int]:
    """The times at the venue: all known, none before the one before it, and none after its message was received."""
    times: list[int] = []
    for event in feed:
        time_ns = event.exchange_ns
        if time_ns is None or time_ns > event.local_ns:
            rule = f"known, and at most local_ns ({event.local_ns}): in_venue_order brings the two clocks together"
            raise InvalidParameterError("exchange_ns", time_ns, rule)
        if times and time_ns < times[-1]:
            raise ClockReversedError(time_ns, times[-1])
        times.append(time_ns)
    return times
