"""The best bid and ask of a rebuilt book against those that the venue announces by themselves."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import NamedTuple

from orderbook.feeds.depth_book import DepthBook
from orderbook.feeds.events import BestQuote, FeedEvent, PriceLevel
from orderbook.types import Side


class Top(NamedTuple):
    """The best level of either side; None where the side is empty.

    Attributes:
        bid: highest bid.
        ask: lowest ask.
    """

    bid: PriceLevel | None
    ask: PriceLevel | None


class TopDifference(NamedTuple):
    """An update after which the two do not agree.

    Attributes:
        update_id: of both.
        rebuilt: of the book.
        announced: of the venue.
    """

    update_id: int
    rebuilt: Top
    announced: Top


@dataclass(frozen=True, slots=True)
class TopComparison:
    """What comparing price and size at every common update showed.

    Attributes:
        compared: how many updates both have.
        differences: those at which they differ.
    """

    compared: int
    differences: tuple[TopDifference, ...]


def compare_best_quotes(events: Iterable[FeedEvent], book: DepthBook | None = None) -> TopComparison:
    """Rebuild a book, and hold it beside the best quotes of the same feed at every update id that both have.

    The quotes come by another channel than the diffs, so either may be first.

    Args:
        events: in the order of their arrival.
        book: what to rebuild; a new one when left out.

    Raises:
        FeedError: as `DepthBook.apply`.
    """
    book = DepthBook() if book is None else book
    rebuilt: dict[int, Top] = {}
    announced: dict[int, Top] = {}
    for event in events:
        if isinstance(event, BestQuote):
            if event.update_id is not None:
                announced[event.update_id] = Top(event.bid, event.ask)
        elif book.apply(event) and book.update_id is not None:
            rebuilt[book.update_id] = Top(book.best(Side.BUY), book.best(Side.SELL))
    common = sorted(rebuilt.keys() & announced.keys())
    pairs = ((update_id, rebuilt[update_id], announced[update_id]) for update_id in common)
    differences = tuple(TopDifference(*pair) for pair in pairs if pair[1] != pair[2])
    return TopComparison(len(common), differences)
