"""Recorded market data as events, and the books rebuilt from them.

Whatever the file, its messages become the records of `orderbook.feeds.events`. Level by level (snapshots and diffs)
they rebuild a `DepthBook`, order by order an `OrderFeedBook`. Reading the files themselves takes more than the standard
library and is done in `compare.formats`.
"""

from orderbook.feeds.best_quotes import Top, TopComparison, TopDifference, compare_best_quotes
from orderbook.feeds.clocks import in_venue_order
from orderbook.feeds.depth_book import DepthBook
from orderbook.feeds.errors import (
    CrossedFeedError,
    DuplicateFeedOrderError,
    DuplicateLevelError,
    FeedError,
    FeedOrderMismatchError,
    FeedRecordError,
    FinishedFeedOrderError,
    MissingSnapshotError,
    QueueNotKnownError,
    SequenceGapError,
    UnknownFeedOrderError,
)
from orderbook.feeds.events import (
    BestQuote,
    ClearedRange,
    CrossTrade,
    DepthDiff,
    DepthEvent,
    DepthSnapshot,
    FeedEvent,
    Levels,
    OrderAdded,
    OrderDeleted,
    OrderEvent,
    OrderExecuted,
    OrderModified,
    OrderReduced,
    OrdersCleared,
    PriceLevel,
    Trade,
    TradingHalt,
    TradingState,
)
from orderbook.feeds.order_feed_book import OrderFeedBook, QueuedLots

__all__ = [
    "BestQuote",
    "ClearedRange",
    "CrossTrade",
    "CrossedFeedError",
    "DepthBook",
    "DepthDiff",
    "DepthEvent",
    "DepthSnapshot",
    "DuplicateFeedOrderError",
    "DuplicateLevelError",
    "FeedError",
    "FeedEvent",
    "FeedOrderMismatchError",
    "FeedRecordError",
    "FinishedFeedOrderError",
    "Levels",
    "MissingSnapshotError",
    "OrderAdded",
    "OrderDeleted",
    "OrderEvent",
    "OrderExecuted",
    "OrderFeedBook",
    "OrderModified",
    "OrderReduced",
    "OrdersCleared",
    "PriceLevel",
    "QueueNotKnownError",
    "QueuedLots",
    "SequenceGapError",
    "Top",
    "TopComparison",
    "TopDifference",
    "Trade",
    "TradingHalt",
    "TradingState",
    "UnknownFeedOrderError",
    "compare_best_quotes",
    "in_venue_order",
]
