"""A market maker: it looks at the market, quotes with a strategy, keeps its quotes in a book and books its fills."""

from collections.abc import Iterable
from dataclasses import dataclass
from fractions import Fraction

from orderbook._checks import require_int
from orderbook.book import OrderBook
from orderbook.errors import InsufficientCapitalError
from orderbook.fees import FeeSchedule
from orderbook.quoting.protocol import MarketView, Quote, Quotes, QuotingStrategy
from orderbook.types import Fill, Instrument, Placement, Side, TimeInForce


@dataclass(frozen=True, slots=True)
class Refresh:
    """What one refresh did.

    Attributes:
        wanted: the strategy's quotes.
        affordable: the same, clipped to what the market maker's capital covers.
        placements: what became of the orders that were placed; empty when what rested was already right.
    """

    wanted: Quotes
    affordable: Quotes
    placements: tuple[Placement, ...]


class MarketMaker:
    """Cash, a holding, a strategy, and at most one order on each side of a book.

    There is no borrowing: it never offers more than it holds, nor bids for more than its cash pays for. What a clip
    leaves of a quote is quoted, and a quote of which it leaves nothing is absent.

    Attributes:
        owner: the name its orders carry.
        strategy: what turns a view into quotes.
        cash: quote units.
        holding: lots.
        target: lots; the strategy is shown the holding less this.
    """

    def __init__(
        self, owner: str, strategy: QuotingStrategy, *, cash: int, holding: int = 0, target: int | None = None
    ) -> None:
        """Start with so many quote units and lots.

        Args:
            owner: the name its orders carry; no other participant of the book may share it.
            strategy: what turns a view into quotes.
            cash: quote units.
            holding: lots.
            target: lots the strategy is to keep; the holding at the start when left out.

        Raises:
            InvalidParameterError: an amount is not an int, or negative.
        """
        require_int("cash", cash, minimum=0)
        require_int("holding", holding, minimum=0)
        if target is not None:
            require_int("target", target, minimum=0)
        self.owner = owner
        self.strategy = strategy
        self.cash = cash
        self.holding = holding
        self.target = holding if target is None else target
        self._resting: dict[Side, int] = {}

    @property
    def inventory(self) -> int:
        """Lots held beyond the target."""
        return self.holding - self.target

    def view(self, time_ns: int, fair_price: int | Fraction) -> MarketView:
        """What the strategy is shown at this time and this fair price in ticks."""
        return MarketView(time_ns, fair_price, self.inventory)

    def quotes(self, view: MarketView, instrument: Instrument, fees: FeeSchedule) -> tuple[Quotes, Quotes]:
        """The strategy's quotes for a view, and the same clipped to what the capital covers."""
        wanted = self.strategy.quote(view)
        bid, ask = self._clip_bid(wanted.bid, instrument, fees), self._clip_ask(wanted.ask)
        return wanted, wanted if bid is wanted.bid and ask is wanted.ask else Quotes(bid, ask)

    def refresh(self, book: OrderBook, time_ns: int, fair_price: int | Fraction) -> Refresh:
        """Quote anew, and bring what rests in the book in line.

        An order at the wanted price with the wanted size is left alone and keeps its place in the queue; one that is
        only too large is reduced, and keeps it too. Anything else is cancelled, on both sides before either is placed
        again, so that the market maker does not stand in its own way. New quotes are post-only: one that would trade
        comes back among the placements as rejected, and that side is absent until the next refresh.
        """
        wanted, affordable = self.quotes(self.view(time_ns, fair_price), book.instrument, book.fees)
        keeps_bid = self._keep(book, Side.BUY, affordable.bid)
        keeps_ask = self._keep(book, Side.SELL, affordable.ask)
        placements = []
        if affordable.bid is not None and not keeps_bid:
            placements.append(self._place(book, Side.BUY, affordable.bid))
        if affordable.ask is not None and not keeps_ask:
            placements.append(self._place(book, Side.SELL, affordable.ask))
        return Refresh(wanted, affordable, tuple(placements))

    def withdraw(self, book: OrderBook) -> int:
        """Cancel whatever it has in the book, and return the lots that were cancelled."""
        cancelled = sum(book.cancel(order_id) for order_id in self._resting.values() if order_id in book)
        self._resting.clear()
        return cancelled

    def book_fills(self, fills: Iterable[Fill]) -> None:
        """Add its part of these fills, fees and rebates included, to cash and holding; others' fills change nothing.

        Raises:
            InsufficientCapitalError: the fills would leave less than no cash or holding; nothing is booked.
        """
        cash, holding = self.cash, self.holding
        for fill in fills:
            cash += fill.cash_change(self.owner)
            holding += fill.inventory_change(self.owner)
        if cash < 0:
            raise InsufficientCapitalError(self.owner, "cash", cash)
        if holding < 0:
            raise InsufficientCapitalError(self.owner, "holding", holding)
        self.cash, self.holding = cash, holding

    def wealth(self, instrument: Instrument, fair_price: int | Fraction) -> int | Fraction:
        """Cash plus the holding at the fair price in ticks, in quote units; exact."""
        return self.cash + fair_price * self.holding * instrument.quote_units_per_tick_lot

    def _clip_bid(self, bid: Quote | None, instrument: Instrument, fees: FeeSchedule) -> Quote | None:
        if bid is None:
            return None
        # A quote may fill lot by lot, and a maker fee rounds up each time: so each lot is paid for as if alone.
        one_lot = instrument.notional(bid.price, 1)
        return _clip(bid, self.cash // (one_lot + max(0, -fees.maker_rebate_on(one_lot))))

    def _clip_ask(self, ask: Quote | None) -> Quote | None:
        return None if ask is None else _clip(ask, self.holding)

    def _keep(self, book: OrderBook, side: Side, quote: Quote | None) -> bool:
        """Whether what rests on a side is, or can be cut to, the quote; if not, cancel it."""
        order_id = self._resting.get(side)
        if order_id is None or order_id not in book:
            return False
        order = book.order(order_id)
        if quote is not None and order.price == quote.price and order.size >= quote.size:
            if order.size > quote.size:
                book.reduce(order_id, order.size - quote.size)
            return True
        book.cancel(order_id)
        return False

    def _place(self, book: OrderBook, side: Side, quote: Quote) -> Placement:
        placement = book.limit(self.owner, side, quote.price, quote.size, TimeInForce.POST_ONLY)
        self._resting[side] = placement.order_id
        return placement


def _clip(quote: Quote, affordable: int) -> Quote | None:
    """The quote with no more lots than are affordable; None if those are none."""
    if affordable >= quote.size:
        return quote
    return Quote(quote.price, affordable) if affordable else None
