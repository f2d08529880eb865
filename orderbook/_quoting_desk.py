"""Our side of a replay: what we believe rests at the venue, and what we ask of it to have what the strategy wants."""

from fractions import Fraction
from typing import NamedTuple

from orderbook._recorded_venue import OWNER, RecordedFill
from orderbook.cost_basis import CostBasis
from orderbook.quoting.protocol import MarketView, QuotingStrategy
from orderbook.types import Side


class Place(NamedTuple):
    """Ask for an order to rest, or to be refused."""

    order_id: int
    side: Side
    price: int
    size: int


class Cancel(NamedTuple):
    """Ask for an order to be taken out."""

    order_id: int


class Reduce(NamedTuple):
    """Ask for lots to be taken off an order."""

    order_id: int
    by: int


Request = Place | Cancel | Reduce


class Gone(NamedTuple):
    """Learn that nothing of an order rests any more, but for having traded."""

    order_id: int


Report = RecordedFill | Gone


class _Believed:
    """An order as we know it: what has happened to it since is still on its way."""

    __slots__ = ("cancelling", "left", "price", "side")

    def __init__(self, side: Side, price: int, size: int) -> None:
        self.side = side
        self.price = price
        self.left = size
        self.cancelling = False


class QuotingDesk:
    """A strategy with its orders and its inventory, as far as reports have told.

    Attributes:
        strategy: what turns a view into quotes.
        basis: inventory, and what it cost.
    """

    def __init__(self, strategy: QuotingStrategy) -> None:
        """Start with no order and no inventory."""
        self.strategy = strategy
        self.basis = CostBasis()
        self._orders: dict[int, _Believed] = {}
        self._next_order_id = 1

    def on_report(self, report: Report) -> None:
        """Take in what the venue says."""
        if isinstance(report, Gone):
            self._orders.pop(report.order_id, None)
            return
        self.basis = self.basis.after(report.fill, OWNER)
        order = self._orders.get(report.fill.maker_order_id)
        if order is not None:
            order.left -= report.fill.size
            if order.left <= 0:
                del self._orders[report.fill.maker_order_id]

    def decide(self, time_ns: int, fair_price: int | Fraction) -> list[Request]:
        """Quote anew, and ask for what it takes: first what is to go, on both sides, then what is to come.

        An order at a wanted price is left alone if its size is right, and reduced if it is too large; anything else is
        cancelled and placed anew.
        """
        view = MarketView(time_ns, fair_price, self.basis.inventory, self.basis.average_cost)
        quotes = self.strategy.quote(view)
        requests: list[Request] = []
        missing = {side: {quote.price: quote.size for quote in quotes.levels(side)} for side in Side}
        for order_id, order in self._orders.items():
            if order.cancelling:
                continue
            size = missing[order.side].get(order.price, 0)
            if not size or order.left < size:
                order.cancelling = True
                requests.append(Cancel(order_id))
                continue
            if order.left > size:
                requests.append(Reduce(order_id, order.left - size))
                order.left = size
            del missing[order.side][order.price]
        return requests + [self._new(side, *level) for side in Side for level in missing[side].items()]

    def _new(self, side: Side, price: int, size: int) -> Place:
        order_id = self._next_order_id
        self._next_order_id += 1
        self._orders[order_id] = _Believed(side, price, size)
        return Place(order_id, side, price, size)
