"""What a feed of market data may get wrong, and why that ends the rebuilding of its book."""

from orderbook.errors import OrderBookError, OrderNotFoundError


class FeedError(OrderBookError, ValueError):
    """Market data that contradicts itself or the rules of its format; the book is as it was before."""


class FeedRecordError(FeedError):
    """A record that its format does not allow.

    Attributes:
        record: its number in the feed, the first being 0.
        field: which part of it is wrong.
        value: what stands there.
    """

    def __init__(self, record: int, field: str, value: object, rule: str) -> None:
        """Name the record, the field, what stands there and the rule."""
        super().__init__(f"record {record}: {field} is {value!r}; {rule}")
        self.record = record
        self.field = field
        self.value = value


class SequenceGapError(FeedError):
    """An update is missing between the book and the next diff: it takes a new snapshot to go on.

    Attributes:
        update_id: of the book.
        found: the id that should follow it, and does not.
    """

    def __init__(self, update_id: int, found: int, rule: str) -> None:
        """Name both ids and how they should meet."""
        super().__init__(f"after update {update_id} comes {found}: {rule}")
        self.update_id = update_id
        self.found = found


class MissingSnapshotError(FeedError):
    """A book was asked for before a snapshot, without which diffs say what changed and not what there is.

    Attributes:
        waiting: diffs that arrived and wait for a snapshot.
    """

    def __init__(self, waiting: int) -> None:
        """Say how many diffs wait."""
        super().__init__(f"there is no snapshot yet, and {waiting} diffs wait for one: a book starts from a snapshot")
        self.waiting = waiting


class CrossedFeedError(FeedError):
    """A book whose best bid is not below its best ask.

    Attributes:
        bid: best bid in ticks.
        ask: best ask in ticks.
    """

    def __init__(self, bid: int, ask: int) -> None:
        """Name both prices."""
        super().__init__(f"the feed leaves a bid of {bid} ticks against an ask of {ask}; a bid is below every ask")
        self.bid = bid
        self.ask = ask


class DuplicateLevelError(FeedError):
    """One price named twice on one side of one message.

    Attributes:
        price: ticks.
    """

    def __init__(self, price: int) -> None:
        """Name the price."""
        super().__init__(f"the price of {price} ticks stands twice on one side; a message names a price once")
        self.price = price


class UnknownFeedOrderError(OrderNotFoundError, FeedError):
    """A message about an order that the feed never added."""

    def __init__(self, order_id: int) -> None:
        """Name the id."""
        super().__init__(order_id, "was never added by this feed, and no volume of unnamed orders stands for it")


class FinishedFeedOrderError(OrderNotFoundError, FeedError):
    """A message about an order that was deleted or has traded whole."""

    def __init__(self, order_id: int) -> None:
        """Name the id."""
        super().__init__(order_id, "was deleted, or has traded whole, earlier in this feed")


class DuplicateFeedOrderError(FeedError):
    """An order added under an id that the feed has used before.

    Attributes:
        order_id: the id.
    """

    def __init__(self, order_id: int) -> None:
        """Name the id."""
        super().__init__(f"order {order_id} is added a second time; an id names one order")
        self.order_id = order_id


class FeedOrderMismatchError(FeedError):
    """A message that says something else about an order than the book knows.

    Attributes:
        order_id: the order.
        field: what they differ in: its side, its price or its size.
        value: what the message says.
        known: what the book knows.
    """

    def __init__(self, order_id: int, field: str, value: object, known: object, rule: str) -> None:
        """Name the order, both values and the rule."""
        super().__init__(f"order {order_id}: its {field} is {value} in the message and {known} in the book; {rule}")
        self.order_id = order_id
        self.field = field
        self.value = value
        self.known = known


class QueueNotKnownError(FeedError):
    """True queue positions were asked of a feed that does not name orders.

    Attributes:
        price: the level, in ticks.
    """

    def __init__(self, price: int) -> None:
        """Name the level."""
        super().__init__(
            f"the feed gives the level at {price} ticks as one size: a true queue position needs a feed that names "
            "orders; take one of the estimates"
        )
        self.price = price
