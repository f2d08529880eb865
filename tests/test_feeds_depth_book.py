"""A book rebuilt from snapshots and diffs: against a dict, and against every way in which a feed can be wrong."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderbook import Side
from orderbook.errors import InvalidPriceError, InvalidSizeError, OrderBookError
from orderbook.feeds import (
    BestQuote,
    ClearedRange,
    CrossedFeedError,
    DepthBook,
    DepthDiff,
    DepthSnapshot,
    DuplicateLevelError,
    FeedEvent,
    Levels,
    MissingSnapshotError,
    PriceLevel,
    SequenceGapError,
    Trade,
    compare_best_quotes,
)


def levels(*pairs: tuple[int, int]) -> Levels:
    return tuple(PriceLevel(*pair) for pair in pairs)


BIDS_99_97, ASK_101 = levels((99, 5), (97, 2)), levels((101, 4))


def snapshot(update_id: int | None = 10, bids: Levels = BIDS_99_97, asks: Levels = ASK_101) -> DepthSnapshot:
    return DepthSnapshot(0, 0, update_id, bids, asks)


def diff(
    update_id: int | None, bids: Levels = (), asks: Levels = (), first: int | None = None, previous: int | None = None
) -> DepthDiff:
    return DepthDiff(0, 0, update_id, bids, asks, first, previous)


def state(book: DepthBook) -> tuple[Any, ...]:
    sides = [book.levels(side) if book.is_started else None for side in Side]
    return sides, book.update_id, book.stale, book.best_bid, book.best_ask


@pytest.fixture
def book() -> DepthBook:
    book = DepthBook()
    book.apply(snapshot())
    return book


BIDS = st.dictionaries(st.integers(1, 50), st.integers(0, 9)).map(lambda sizes: levels(*sizes.items()))
ASKS = st.dictionaries(st.integers(51, 99), st.integers(0, 9)).map(lambda sizes: levels(*sizes.items()))


@given(st.lists(st.tuples(BIDS, ASKS), max_size=12))
def test_any_diffs_leave_what_a_dict_of_sizes_says(diffs: list[tuple[Levels, Levels]]) -> None:
    """Levels, order, best prices and sizes after any diffs are those of a dict from which zeros are deleted."""
    book = DepthBook(starts_empty=True)
    sizes: dict[Side, dict[int, int]] = {side: {} for side in Side}
    for bids, asks in diffs:
        assert book.apply(diff(None, bids, asks))
        sizes[Side.BUY] |= dict(bids)
        sizes[Side.SELL] |= dict(asks)
        for side, by_price in sizes.items():
            there = sorted((price for price, size in by_price.items() if size), reverse=side is Side.BUY)
            assert book.levels(side) == [PriceLevel(price, by_price[price]) for price in there]
            assert book.best(side) == (PriceLevel(there[0], by_price[there[0]]) if there else None)
            assert all(book.size_at(side, price) == size for price, size in by_price.items())


def test_diffs_wait_for_the_snapshot_and_what_it_contains_is_left_out() -> None:
    """Of diffs 8, 10 and 12 that came before snapshot 10, only the last one is applied, and it is applied after it."""
    book = DepthBook()
    for update_id, size in ((8, 80), (10, 100), (12, 120)):
        assert not book.apply(diff(update_id, bids=levels((99, size))))
    with pytest.raises(MissingSnapshotError, match="3 diffs wait"):
        book.levels(Side.BUY)
    assert book.apply(snapshot(10))
    assert (book.size_at(Side.BUY, 99), book.update_id, book.stale) == (120, 12, 2)


def test_a_snapshot_that_diffs_have_overtaken_is_left_out(book: DepthBook) -> None:
    """A snapshot older than the book changes nothing, and says so; a newer one replaces all of it."""
    book.apply(diff(12, bids=levels((99, 7))))
    before = book.levels(Side.BUY)
    assert not book.apply(snapshot(11, bids=levels((50, 1))))
    assert (book.levels(Side.BUY), book.stale) == (before, 1)
    assert book.apply(snapshot(13, bids=levels((50, 1)), asks=()))
    assert (book.levels(Side.BUY), book.levels(Side.SELL)) == ([PriceLevel(50, 1)], [])


def test_trades_and_best_quotes_change_nothing(book: DepthBook) -> None:
    """They are no depth, and the book says that it is as it was."""
    before = state(book)
    assert not book.apply(Trade(0, 0, 99, 1, Side.SELL))
    assert not book.apply(BestQuote(0, 0, 11, PriceLevel(98, 1), PriceLevel(102, 1)))
    assert state(book) == before


def test_a_range_is_cleared_before_the_new_sizes_hold(book: DepthBook) -> None:
    """Bids from the best down to 98 go, 97 stays; then the diff's own levels come, even at a cleared price."""
    cleared = (ClearedRange(Side.BUY, 98), ClearedRange(Side.SELL, None))
    assert book.apply(DepthDiff(0, 0, None, levels((98, 3)), levels((100, 1)), cleared=cleared))
    assert (book.levels(Side.BUY), book.levels(Side.SELL)) == (list(levels((98, 3), (97, 2))), [PriceLevel(100, 1)])


@pytest.mark.parametrize(
    ("sound", "gap", "value"),
    [
        ([diff(11, first=11), diff(13, first=12)], diff(15, first=15), 15),
        ([diff(11, first=9)], diff(14, first=13), 13),
        ([diff(12, first=9, previous=8), diff(15, first=13, previous=12)], diff(20, first=17, previous=16), 16),
        ([diff(12, first=9, previous=8), diff(15, first=13, previous=12)], diff(20, first=13, previous=12), 12),
        ([], diff(20, previous=11), 11),
    ],
    ids=["spot", "spot after an overlap", "futures", "futures going back", "futures after the snapshot"],
)
def test_a_gap_in_the_sequence_is_named(book: DepthBook, sound: list[DepthDiff], gap: DepthDiff, value: int) -> None:
    """By first ids (spot) or previous ids (futures), a missing diff is an error with both ids; a snapshot heals it."""
    for one in sound:
        assert book.apply(one)
    before = state(book)
    with pytest.raises(SequenceGapError) as caught:
        book.apply(gap)
    assert (caught.value.update_id, caught.value.found) == (book.update_id, value)
    assert state(book) == before
    assert book.apply(snapshot(30))


def test_a_gap_after_the_snapshot_leaves_the_diffs_waiting_for_another() -> None:
    """A snapshot too old for the waiting diffs is refused whole, and the next one makes use of them."""
    book = DepthBook()
    book.apply(diff(25, bids=levels((98, 8)), first=21))
    with pytest.raises(SequenceGapError):
        book.apply(snapshot(10))
    assert not book.is_started
    assert book.apply(snapshot(22))
    assert book.update_id == 25
    assert book.size_at(Side.BUY, 98) == 8


@pytest.mark.parametrize(
    ("event", "error", "named"),
    [
        (diff(11, bids=levels((101, 1))), CrossedFeedError, "bid of 101 ticks against an ask of 101"),
        (diff(11, levels((99, 0), (98, 6)), levels((98, 1), (97, 9))), CrossedFeedError, "bid of 98 .* ask of 97"),
        (
            DepthDiff(0, 0, 11, levels((99, 1)), levels((98, 1)), cleared=(ClearedRange(Side.BUY, None),)),
            CrossedFeedError,
            "bid of 99 .* ask of 98",
        ),
        (diff(11, bids=levels((98, 1), (-3, 1))), InvalidPriceError, "-3"),
        (diff(11, bids=levels((98, 1), (0, 1))), InvalidPriceError, "not 0"),
        (diff(11, asks=levels((104, 1), (105, -2))), InvalidSizeError, "-2"),
        (diff(11, asks=((102, 1.0),)), InvalidSizeError, "1.0"),  # type: ignore[arg-type]
        (diff(11, asks=levels((104, 1), (104, 2))), DuplicateLevelError, "104 ticks stands twice"),
        (snapshot(11, bids=levels((99, 0))), InvalidSizeError, "not 0"),
        (snapshot(11, bids=levels((102, 1))), CrossedFeedError, "bid of 102"),
        (snapshot(11, asks=levels((True, 1))), InvalidPriceError, "True"),
    ],
)
def test_a_wrong_message_names_the_value_and_changes_nothing(
    book: DepthBook, event: DepthDiff | DepthSnapshot, error: type[OrderBookError], named: str
) -> None:
    """Crossed books, prices and sizes out of range, a level twice: typed, and the book is as it was."""
    before = state(book)
    with pytest.raises(error, match=named):
        book.apply(event)
    assert state(book) == before


def test_differences_from_the_best_quotes_are_found() -> None:
    """At the common updates 11 and 12, whichever message came first, the one that differs is reported in full."""
    quoted = PriceLevel(99, 5), PriceLevel(101, 4)
    events: list[FeedEvent] = [
        snapshot(10),
        BestQuote(0, 0, 11, *quoted),
        diff(11),
        diff(12, asks=levels((100, 2))),
        BestQuote(0, 0, 12, *quoted),
        BestQuote(0, 0, 13, *quoted),
    ]
    comparison = compare_best_quotes(events)
    assert comparison.compared == 2
    [difference] = comparison.differences
    assert (difference.update_id, difference.announced) == (12, quoted)
    assert difference.rebuilt == (PriceLevel(99, 5), PriceLevel(100, 2))
