"""The state of a book: orders in queues, queues at prices, prices in order; and the moves that keep it whole."""

from bisect import bisect_left, insort
from collections import OrderedDict
from collections.abc import Iterator
from itertools import takewhile

from orderbook.types import QueuePosition, Side


class Order:
    """An order that has arrived: what it shows in the queue, and what it keeps hidden to show later.

    Attributes:
        order_id: its id.
        owner: whose it is.
        half: the side of the book it belongs to.
        price: ticks.
        shown: lots in the queue now; never 0 while it rests.
        hidden: lots behind them.
        display: lots to show when the shown ones have traded; 0 where nothing is ever hidden.
    """

    __slots__ = ("display", "half", "hidden", "order_id", "owner", "price", "shown")

    def __init__(self, order_id: int, owner: str, half: "HalfBook", price: int, size: int) -> None:
        """Show the whole size."""
        self.order_id = order_id
        self.owner = owner
        self.half = half
        self.price = price
        self.display = 0
        self.shown = size
        self.hidden = 0

    @property
    def size(self) -> int:
        """Lots left, shown or hidden."""
        return self.shown + self.hidden

    def resize(self, size: int) -> None:
        """Have so many lots left, and show of them what the display allows."""
        self.shown = min(self.display, size) if self.display else size
        self.hidden = size - self.shown


class Level:
    """The queue at one price, the first to trade first.

    Attributes:
        price: ticks.
        shown: lots shown by all orders together.
        hidden: lots hidden by all orders together.
        queue: the orders by id.
    """

    __slots__ = ("hidden", "price", "queue", "shown")

    def __init__(self, price: int) -> None:
        """Start with nobody in the queue."""
        self.price = price
        self.shown = 0
        self.hidden = 0
        # Unlike a dict, an OrderedDict finds its first entry in constant time after many removals at the front.
        self.queue: OrderedDict[int, Order] = OrderedDict()

    def drop(self, order: Order) -> None:
        """Take an order out of the queue with all it has."""
        del self.queue[order.order_id]
        self.shown -= order.shown
        self.hidden -= order.hidden

    def reduce(self, order: Order, by: int) -> None:
        """Take lots off an order, the hidden ones first, which leaves it at least one; it keeps its place."""
        hidden = min(by, order.hidden)
        order.hidden -= hidden
        self.hidden -= hidden
        order.shown -= by - hidden
        self.shown -= by - hidden

    def position_of(self, order: Order) -> QueuePosition:
        """What stands in the queue before an order."""
        ahead = list(takewhile(lambda other: other is not order, self.queue.values()))
        return QueuePosition(len(ahead), sum(other.shown for other in ahead))

    def show_more(self, order: Order) -> None:
        """Show the next lots of an order whose shown ones are gone; they go to the end of the queue."""
        order.shown = min(order.display, order.hidden)
        order.hidden -= order.shown
        self.shown += order.shown
        self.hidden -= order.shown
        self.queue.move_to_end(order.order_id)


class HalfBook:
    """One side of a book: the levels by key, and the keys in order, the best last.

    A key is the price for bids and minus the price for asks, so that "better" is "greater" on both sides.

    Attributes:
        side: what its orders do.
        sign: of its keys.
        keys: of its levels, the best last.
        levels: by key.
        across: the side its orders trade with.
    """

    __slots__ = ("across", "keys", "levels", "side", "sign")

    across: "HalfBook"

    def __init__(self, side: Side) -> None:
        """Start without a level, and without a side to trade with."""
        self.side = side
        self.sign = side.sign
        self.keys: list[int] = []
        self.levels: dict[int, Level] = {}

    @classmethod
    def pair(cls) -> tuple["HalfBook", "HalfBook"]:
        """Bids and asks, each across from the other."""
        bids, asks = cls(Side.BUY), cls(Side.SELL)
        bids.across, asks.across = asks, bids
        return bids, asks

    def append(self, order: Order) -> None:
        """Put an order at the end of the queue at its price."""
        key = order.price * self.sign
        level = self.levels.get(key)
        if level is None:
            level = self.levels[key] = Level(order.price)
            insort(self.keys, key)
        level.queue[order.order_id] = order
        level.shown += order.shown
        level.hidden += order.hidden

    def remove(self, order: Order) -> None:
        """Take an order out of its queue, and the level with it if it was the last."""
        key = order.price * self.sign
        level = self.levels[key]
        level.drop(order)
        if not level.queue:
            del self.levels[key]
            del self.keys[bisect_left(self.keys, key)]

    def level_of(self, order: Order) -> Level:
        """The level an order rests at."""
        return self.levels[order.price * self.sign]

    def best_price(self) -> int | None:
        """The best price in ticks; None when the side is empty."""
        return self.keys[-1] * self.sign if self.keys else None

    def meets(self, price: int) -> bool:
        """Whether an order from the other side at this limit price would find someone to trade with."""
        return bool(self.keys) and self.keys[-1] >= price * self.sign

    def best_first(self, limit: int | None = None) -> Iterator[Level]:
        """The levels, the best first, as far as an order from the other side with this limit price may trade."""
        for key in reversed(self.keys):
            if limit is not None and key < limit * self.sign:
                return
            yield self.levels[key]
