"""Random operations on our own book, recorded as a venue would publish them: order by order, and as LOBSTER writes."""

import random

from orderbook import FeeSchedule, Instrument, OrderBook, Placement, Side, TimeInForce
from orderbook.feeds import FeedEvent, OrderAdded, OrderDeleted, OrderExecuted, OrderReduced, PriceLevel, QueuedLots

PLAIN = Instrument(0, 0, base_units_per_lot=1, quote_units_per_tick_lot=1)
START_NS = 34_200 * 10**9  # 09:30, as LOBSTER counts
STEP_NS = 1_234_567
OTHERS = "others"
Operation = tuple[str, Side | int, int, int]
"""limit(side, price, size), market(side, size, 0), cancel(id, 0, 0), reduce(id, by, 0)."""


def operate(book: OrderBook, operation: Operation, ids: dict[int, int] | None = None) -> Placement | None:
    """Do the same to a book; `ids` translates those of the first book where they differ."""
    name, first, second, third = operation
    if isinstance(first, Side):
        if name == "limit":
            return book.limit(OTHERS, first, second, third, TimeInForce.GTC)
        return book.market(OTHERS, first, second)
    order_id = first if ids is None else ids[first]
    if name == "cancel":
        book.cancel(order_id)
    else:
        book.reduce(order_id, second)
    return None


class RecordedFlow:
    """A book in which others trade at random, and everything a feed would say of it."""

    def __init__(
        self, seed: int, *, prices: tuple[int, int] = (95, 106), sizes: int = 9, patient: float = 0, markets: int = 12
    ) -> None:
        """So large a share of limit orders stays on its own half of the prices; `markets` is the weight of takers."""
        self.random = random.Random(seed)  # noqa: S311 - a test's seeded draws
        self.prices = prices
        self.sizes = sizes
        self.patient = patient
        self.weights = 50, markets, 28, 10
        self.book = OrderBook(PLAIN, FeeSchedule())
        self.alive: list[int] = []
        self.events: list[FeedEvent] = []
        self.time_ns = START_NS

    def choose(self) -> Operation:
        """An operation that this book can do."""
        self.alive = [order_id for order_id in self.alive if order_id in self.book]
        kind = self.random.choices(("limit", "market", "cancel", "reduce"), self.weights)[0]
        if kind in {"cancel", "reduce"} and self.alive:
            order_id = self.random.choice(self.alive)
            size = self.book.order(order_id).size
            if kind == "reduce" and size > 1:
                return "reduce", order_id, self.random.randint(1, size - 1), 0
            return "cancel", order_id, 0, 0
        side = self.random.choice(tuple(Side))
        if kind == "market":
            return "market", side, self.random.randint(1, 2 * self.sizes), 0
        low, high = self.prices
        if self.random.random() < self.patient:
            low, high = (low, (low + high) // 2) if side is Side.BUY else ((low + high) // 2 + 1, high)
        return "limit", side, self.random.randint(low, high), self.random.randint(1, self.sizes)

    def do(self, operation: Operation) -> list[FeedEvent]:
        """Do it, and return what the feed says of it."""
        self.time_ns += STEP_NS
        now = self.time_ns, self.time_ns
        name, first, second, _ = operation
        before = None if isinstance(first, Side) else self.book.order(first)
        placement = operate(self.book, operation)
        said: list[FeedEvent] = []
        if placement is not None and isinstance(first, Side):
            said += [
                OrderExecuted(*now, fill.maker_order_id, first.opposite, fill.price, fill.size)
                for fill in placement.fills
            ]
            if placement.resting and placement.price is not None:
                self.alive.append(placement.order_id)
                said.append(OrderAdded(*now, placement.order_id, first, placement.price, placement.resting))
        elif before is not None and name == "cancel":
            said.append(OrderDeleted(*now, before.order_id, before.side, before.price, before.size))
        elif before is not None:
            said.append(OrderReduced(*now, before.order_id, before.side, before.price, second))
        self.events += said
        return said

    def run(self, operations: int) -> None:
        for _ in range(operations):
            self.do(self.choose())

    def queues(self, side: Side) -> dict[int, list[QueuedLots]]:
        """Every queue of the book, by price."""
        queues: dict[int, list[QueuedLots]] = {}
        for order in self.book.orders(side):
            queues.setdefault(order.price, []).append(QueuedLots(order.order_id, order.size))
        return queues

    def levels(self, side: Side) -> list[PriceLevel]:
        return [PriceLevel(level.price, level.size) for level in self.book.depth(side)]


_TYPES = {OrderAdded: 1, OrderReduced: 2, OrderDeleted: 3, OrderExecuted: 4}


def lobster_line(event: FeedEvent) -> str:
    """An event as a row of a message file, a tick being a cent."""
    assert isinstance(event, OrderAdded | OrderReduced | OrderDeleted | OrderExecuted)
    assert event.side is not None
    assert event.price is not None
    seconds, nanoseconds = divmod(event.exchange_ns, 10**9)
    direction = event.side.sign
    kind = _TYPES[type(event)]
    return f"{seconds}.{nanoseconds:09d},{kind},{event.order_id},{event.size},{event.price * 100},{direction}"
