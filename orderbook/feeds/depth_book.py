"""A book rebuilt from an L2 feed: a snapshot of all levels, then diffs with the levels that changed."""

from orderbook.errors import InvalidPriceError, InvalidSizeError, OrderBookError
from orderbook.feeds._depth_side import DepthSide, RecordedDepth
from orderbook.feeds.errors import CrossedFeedError, DuplicateLevelError, MissingSnapshotError, SequenceGapError
from orderbook.feeds.events import DepthDiff, DepthSnapshot, FeedEvent, Levels, PriceLevel
from orderbook.types import Side

_Undo = list[tuple[DepthSide, PriceLevel]]


class DepthBook(RecordedDepth):
    """Sizes by price, as the feed last gave them.

    Diffs that come before the first snapshot wait for it. A message that is no newer than the book (a diff that the
    snapshot already contains, a snapshot that was overtaken by diffs) is left out, and `apply` says so. Whatever else
    does not fit is a typed error, and the book is as it was.

    >>> book = DepthBook()
    >>> book.apply(DepthSnapshot(0, 0, 7, bids=(PriceLevel(99, 5),), asks=(PriceLevel(101, 4), PriceLevel(102, 9))))
    True
    >>> book.apply(DepthDiff(1, 1, 8, bids=(PriceLevel(100, 2),), asks=(PriceLevel(101, 0),)))
    True
    >>> book.best_bid, book.best_ask, book.mid_price
    (100, 102, Fraction(101, 1))

    Attributes:
        update_id: of the last change in the book; None before a snapshot, and where changes are not numbered.
        stale: messages left out because the book was as new.
    """

    def __init__(self, *, starts_empty: bool = False) -> None:
        """Wait for a snapshot, or start with an empty book that diffs will fill."""
        super().__init__()
        self.update_id: int | None = None
        self.stale = 0
        self._started = starts_empty
        self._after_snapshot = False
        self._waiting: list[DepthDiff] = []

    def apply(self, event: FeedEvent) -> bool:
        """Take in one message, and return whether it changed what is known; trades and best quotes never do.

        Raises:
            SequenceGapError: a message is missing between the book and this diff.
            CrossedFeedError: the best bid would not be below the best ask.
            InvalidPriceError: a price is not a positive int.
            InvalidSizeError: a size is not an int, is negative, or is 0 in a snapshot.
            DuplicateLevelError: a price stands twice on one side.
        """
        if isinstance(event, DepthDiff):
            return self._apply_diff(event)
        if isinstance(event, DepthSnapshot):
            return self._apply_snapshot(event)
        return False

    @property
    def is_started(self) -> bool:
        """Whether there has been a snapshot, or none is needed."""
        return self._started

    def levels(self, side: Side, through: int | None = None) -> list[PriceLevel]:
        """The levels of a side, the best first, as far as a price in ticks or all of them.

        Raises:
            MissingSnapshotError: there has been no snapshot.
        """
        if not self._started:
            raise MissingSnapshotError(len(self._waiting))
        return super().levels(side, through)

    def _apply_snapshot(self, snapshot: DepthSnapshot) -> bool:
        if self._is_stale(snapshot.update_id):
            self.stale += 1
            return False
        _check_levels(snapshot.bids, minimum=1)
        _check_levels(snapshot.asks, minimum=1)
        bid = max((level.price for level in snapshot.bids), default=None)
        ask = min((level.price for level in snapshot.asks), default=None)
        if bid is not None and ask is not None and bid >= ask:
            raise CrossedFeedError(bid, ask)
        before = (self._sides, self._started, self._after_snapshot, self.update_id, self.stale, self._waiting)
        self._sides = {Side.BUY: _filled(Side.BUY, snapshot.bids), Side.SELL: _filled(Side.SELL, snapshot.asks)}
        self._started = self._after_snapshot = True
        self.update_id, self._waiting = snapshot.update_id, []
        try:
            for diff in before[-1]:
                self._apply_diff(diff)
        except OrderBookError:
            self._sides, self._started, self._after_snapshot, self.update_id, self.stale, self._waiting = before
            raise
        return True

    def _apply_diff(self, diff: DepthDiff) -> bool:
        if not self._started and not diff.cleared:
            self._waiting.append(diff)
            return False
        if self._is_stale(diff.update_id):
            self.stale += 1
            return False
        self._check_sequence(diff)
        _check_levels(diff.bids, minimum=0)
        _check_levels(diff.asks, minimum=0)
        self._change(diff)
        self.update_id = diff.update_id
        self._started, self._after_snapshot = True, False
        return True

    def _is_stale(self, update_id: int | None) -> bool:
        return update_id is not None and self.update_id is not None and update_id <= self.update_id

    def _check_sequence(self, diff: DepthDiff) -> None:
        """Refuse a diff that does not begin where the book ends, as far as the feed says where it begins."""
        known = self.update_id
        if known is None or diff.update_id is None:
            return
        previous, first = diff.previous_update_id, diff.first_update_id
        if previous is not None:
            # The snapshot was taken at a moment of its own, within a diff; after that each diff names the one before.
            if previous > known or (previous < known and not self._after_snapshot):
                raise SequenceGapError(known, previous, "a diff names the update before it as its previous one")
        elif first is not None and first > known + 1:
            raise SequenceGapError(known, first, "a diff begins with the next update, or an earlier one")

    def _change(self, diff: DepthDiff) -> None:
        """Clear ranges, set sizes, and take all of it back if bids and asks then cross."""
        undo: _Undo = []
        for cleared in diff.cleared:
            half = self._sides[cleared.side]
            undo += [(half, level) for level in half.through(cleared.through)]
        for half, level in undo:
            half.set(level.price, 0)
        for half, levels in ((self._sides[Side.BUY], diff.bids), (self._sides[Side.SELL], diff.asks)):
            undo += [(half, PriceLevel(price, half.set(price, size))) for price, size in levels]
        bid, ask = self.best_bid, self.best_ask
        if bid is not None and ask is not None and bid >= ask:
            for half, level in reversed(undo):
                half.set(*level)
            raise CrossedFeedError(bid, ask)


def _filled(side: Side, levels: Levels) -> DepthSide:
    half = DepthSide(side)
    half.sizes = dict(levels)
    half.keys = sorted(price * half.sign for price in half.sizes)
    return half


def _check_levels(levels: Levels, minimum: int) -> None:
    for price, size in levels:
        # The exact type: a bool is an int to isinstance, and a float that happens to be whole is still a float.
        if type(price) is not int or price <= 0:
            raise InvalidPriceError(price)
        if type(size) is not int or size < minimum:
            raise InvalidSizeError(size)
    if len({price for price, _ in levels}) < len(levels):
        raise DuplicateLevelError(_first_repeated(levels))


def _first_repeated(levels: Levels) -> int:
    prices = [price for price, _ in levels]
    return next(price for index, price in enumerate(prices) if price in prices[:index])
