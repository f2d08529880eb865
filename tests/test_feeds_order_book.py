"""A book rebuilt order by order: from what our own book would publish, and from what no book would."""

import pytest
from recorded_flow import RecordedFlow

from orderbook import Side
from orderbook.errors import InvalidPriceError, InvalidSideError, InvalidSizeError, OrderBookError
from orderbook.feeds import (
    CrossedFeedError,
    DepthSnapshot,
    DuplicateFeedOrderError,
    FeedEvent,
    FeedOrderMismatchError,
    FinishedFeedOrderError,
    OrderAdded,
    OrderDeleted,
    OrderExecuted,
    OrderFeedBook,
    OrderModified,
    OrderReduced,
    OrdersCleared,
    PriceLevel,
    QueuedLots,
    Trade,
    UnknownFeedOrderError,
)

BUY, SELL = Side.BUY, Side.SELL


def state(book: OrderFeedBook) -> object:
    levels = {side: book.levels(side) for side in Side}
    queues = {(side, level.price): book.queue_at(side, level.price) for side in Side for level in levels[side]}
    return levels, queues, list(book), len(book)


@pytest.fixture
def book() -> OrderFeedBook:
    """At 100: 3 lots of unnamed orders, then orders 1 and 2; an ask 3 at 102; order 4 came and went."""
    book = OrderFeedBook()
    book.apply(DepthSnapshot(0, 0, None, (PriceLevel(100, 3),), ()))
    for order_id, side, price, size in ((1, BUY, 100, 5), (2, BUY, 100, 7), (3, SELL, 102, 4), (4, BUY, 99, 1)):
        book.apply(OrderAdded(1, 1, order_id, side, price, size))
    book.apply(OrderDeleted(2, 2, 4))
    return book


@pytest.mark.parametrize("seed", range(20))
def test_the_messages_of_random_operations_rebuild_every_queue(seed: int) -> None:
    """After each of 400 operations on our own book, its feed has rebuilt the same levels and the same queues."""
    flow, book = RecordedFlow(seed), OrderFeedBook()
    for _ in range(400):
        for event in flow.do(flow.choose()):
            assert book.apply(event)
        for side in Side:
            assert book.levels(side) == flow.levels(side)
            assert {level.price: book.queue_at(side, level.price) for level in book.levels(side)} == flow.queues(side)
    assert len(book) == len(flow.book)


def test_what_stood_before_the_feed_is_first_and_has_no_name(book: OrderFeedBook) -> None:
    """Messages about unknown orders take from the volume that was there before, as long as there is any."""
    assert book.queue_at(BUY, 100) == [QueuedLots(None, 3), QueuedLots(1, 5), QueuedLots(2, 7)]
    book.apply(OrderExecuted(3, 3, 77, BUY, 100, 2))
    book.apply(OrderDeleted(3, 3, 78, BUY, 100, 1))
    assert book.queue_at(BUY, 100) == [QueuedLots(1, 5), QueuedLots(2, 7)]
    with pytest.raises(UnknownFeedOrderError, match="order 79 was never added"):
        book.apply(OrderExecuted(3, 3, 79, BUY, 100, 1))


def test_a_modification_keeps_the_place_only_if_nothing_grows_or_moves(book: OrderFeedBook) -> None:
    """Smaller at its price, the order stays where it is; larger, or at another price, it goes to the end."""
    for size in (5, 4):
        book.apply(OrderModified(3, 3, 1, 100, size))
        assert book.queue_at(BUY, 100)[1:] == [QueuedLots(1, size), QueuedLots(2, 7)]
    book.apply(OrderModified(3, 3, 1, 100, 6))
    assert book.queue_at(BUY, 100)[1:] == [QueuedLots(2, 7), QueuedLots(1, 6)]
    book.apply(OrderModified(3, 3, 2, 101, 7))
    assert book.queue_at(BUY, 101) == [QueuedLots(2, 7)]
    assert book.size_at(BUY, 100) == 9


def test_a_snapshot_in_the_middle_takes_the_names_away(book: OrderFeedBook) -> None:
    """The feed starts anew: what a message says of order 1 is taken from the volume that the snapshot shows."""
    book.apply(DepthSnapshot(3, 3, None, (PriceLevel(100, 20),), ()))
    assert book.apply(OrderExecuted(4, 4, 1, BUY, 100, 5))
    assert book.queue_at(BUY, 100) == [QueuedLots(None, 15)]
    assert len(book) == 0


def test_a_side_is_cleared_with_its_queues(book: OrderFeedBook) -> None:
    """Bids go, named or not; asks stay; an id that was cleared is finished."""
    assert book.apply(OrdersCleared(3, 3, BUY))
    assert (book.best_bid, book.best_ask, list(book)) == (None, 102, [3])
    with pytest.raises(FinishedFeedOrderError, match="order 1 was deleted"):
        book.apply(OrderDeleted(4, 4, 1))


def test_a_trade_by_itself_changes_nothing(book: OrderFeedBook) -> None:
    """What it took, a later message takes off."""
    before = state(book)
    assert not book.apply(Trade(3, 3, 100, 1, SELL, maker_order_id=1))
    assert state(book) == before


@pytest.mark.parametrize(
    ("event", "error", "named"),
    [
        (OrderDeleted(3, 3, 9), UnknownFeedOrderError, "order 9 was never added"),
        (OrderReduced(3, 3, 9, BUY, 99, 1), UnknownFeedOrderError, "order 9"),
        (OrderDeleted(3, 3, 9, BUY, 100, 0), UnknownFeedOrderError, "order 9"),
        (OrderExecuted(3, 3, 9, BUY, 100, 4), UnknownFeedOrderError, "order 9"),
        (OrderModified(3, 3, 9, 99, 1), UnknownFeedOrderError, "order 9"),
        (OrderExecuted(3, 3, 4, BUY, 100, 1), FinishedFeedOrderError, "order 4 was deleted"),
        (OrderModified(3, 3, 4, 99, 1), FinishedFeedOrderError, "order 4"),
        (OrderAdded(3, 3, 1, BUY, 99, 1), DuplicateFeedOrderError, "order 1 is added a second time"),
        (OrderAdded(3, 3, 4, BUY, 99, 1), DuplicateFeedOrderError, "order 4"),
        (OrderExecuted(3, 3, 1, BUY, 100, 6), FeedOrderMismatchError, "its size is 6 in the message and 5 in the book"),
        (OrderDeleted(3, 3, 1, BUY, 100, 4), FeedOrderMismatchError, "its size is 4"),
        (OrderReduced(3, 3, 1, BUY, 99, 1), FeedOrderMismatchError, "its price is 99"),
        (OrderExecuted(3, 3, 1, SELL, 100, 1), FeedOrderMismatchError, "its side is sell"),
        (OrderAdded(3, 3, 5, BUY, 102, 1), CrossedFeedError, "bid of 102 ticks against an ask of 102"),
        (OrderAdded(3, 3, 5, SELL, 100, 1), CrossedFeedError, "bid of 100 ticks against an ask of 100"),
        (OrderModified(3, 3, 1, 103, 1), CrossedFeedError, "bid of 103"),
        (OrderAdded(3, 3, 5, BUY, -1, 1), InvalidPriceError, "-1"),
        (OrderAdded(3, 3, 5, BUY, 99, 0), InvalidSizeError, "not 0"),
        (OrderAdded(3, 3, 5, "buy", 99, 1), InvalidSideError, "'buy'"),  # type: ignore[arg-type]
        (OrderReduced(3, 3, 1, BUY, 100, 0), InvalidSizeError, "not 0"),
        (OrderModified(3, 3, 1, 100, 0), InvalidSizeError, "not 0"),
        (DepthSnapshot(3, 3, None, (PriceLevel(9, 1),), (PriceLevel(9, 1),)), CrossedFeedError, "bid of 9"),
        (DepthSnapshot(3, 3, None, (PriceLevel(9, 0),), ()), InvalidSizeError, "not 0"),
    ],
)
def test_a_wrong_message_names_the_value_and_changes_nothing(
    book: OrderFeedBook, event: FeedEvent, error: type[OrderBookError], named: str
) -> None:
    """Unknown, finished and repeated ids, contradictions, crossed books: typed, and the book is as it was."""
    before = state(book)
    with pytest.raises(error, match=named):
        book.apply(event)
    assert state(book) == before
