"""Where a market maker's fair price comes from: the book it quotes in, another venue, a feed that may be late or wrong.

A source answers with ticks of the market maker's own instrument, exact, or with None when it has no price; without a
fair price a market maker does not quote.
"""

from bisect import bisect_right
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Protocol

from orderbook._checks import require_int, require_not_negative
from orderbook.book import OrderBook
from orderbook.errors import ClockReversedError, InvalidParameterError
from orderbook.fees import PIPS
from orderbook.types import DepthLevel, Side

Price = int | Fraction


class FairPriceSource(Protocol):
    """Anything that says what the base is worth at a moment."""

    def at(self, time_ns: int) -> Price | None:
        """Ticks at this time; None when there is no price."""
        ...


@dataclass(frozen=True, slots=True)
class MidPrice:
    """Half way between the best bid and the best ask of a book, this one or another venue's.

    Attributes:
        book: where to look.
        without: an owner whose orders are looked through, so that a market maker does not follow itself.
    """

    book: OrderBook
    without: str | None = None

    def at(self, time_ns: int) -> Price | None:
        """The mid price as the book stands; the book has no other times."""
        del time_ns
        bid, ask = _best(self.book, Side.BUY, self.without), _best(self.book, Side.SELL, self.without)
        return None if bid is None or ask is None else Fraction(bid.price + ask.price, 2)


@dataclass(frozen=True, slots=True)
class MicroPrice:
    """The best bid and ask weighted by each other's size: nearer to the side with less left to trade.

    Attributes:
        book: where to look.
        without: an owner whose orders are looked through.
    """

    book: OrderBook
    without: str | None = None

    def at(self, time_ns: int) -> Price | None:
        """The micro-price as the book stands."""
        del time_ns
        bid, ask = _best(self.book, Side.BUY, self.without), _best(self.book, Side.SELL, self.without)
        if bid is None or ask is None:
            return None
        return Fraction(bid.price * ask.size + ask.price * bid.size, bid.size + ask.size)


@dataclass(frozen=True, slots=True)
class DepthPrice:
    """Half way between the average prices of selling so many lots and of buying them: what small orders do not move.

    Attributes:
        book: where to look.
        size: lots.
        without: an owner whose orders are looked through.
    """

    book: OrderBook
    size: int
    without: str | None = None

    def __post_init__(self) -> None:
        """Refuse a size that is not positive.

        Raises:
            InvalidParameterError: it is out of range.
        """
        require_int("size", self.size, minimum=1)

    def at(self, time_ns: int) -> Price | None:
        """The mean of the two average prices; None where either side has not so many lots."""
        del time_ns
        costs = [_cost(_levels(self.book, side, self.without), self.size) for side in Side]
        return None if None in costs else Fraction(sum(cost for cost in costs if cost is not None), 2 * self.size)


@dataclass(frozen=True, slots=True)
class Recorded:
    """Prices recorded elsewhere, each of which holds until the next.

    Attributes:
        times_ns: rising.
        prices: ticks, as many.
    """

    times_ns: Sequence[int]
    prices: Sequence[Price]

    def __post_init__(self) -> None:
        """Refuse a record out of order.

        Raises:
            InvalidParameterError: the times do not rise, or there are not as many prices.
        """
        if len(self.times_ns) != len(self.prices):
            raise InvalidParameterError("prices", len(self.prices), f"{len(self.times_ns)} prices, one for each time")
        for earlier, later in pairwise(self.times_ns):
            if later <= earlier:
                raise InvalidParameterError("times_ns", later, f"after the time of {earlier} ns before it")

    def at(self, time_ns: int) -> Price | None:
        """The last price recorded by then; None before the first."""
        index = bisect_right(self.times_ns, time_ns)
        return self.prices[index - 1] if index else None


class Stale:
    """A source that answers late: with what it saw when it was last asked, at least so long ago.

    It remembers answers, so it serves one market maker, and time only goes on.

    Attributes:
        source: what it passes on.
        delay_ns: nanoseconds.
    """

    def __init__(self, source: FairPriceSource, delay_ns: int) -> None:
        """Begin without an answer.

        Raises:
            InvalidParameterError: the delay is not an int of at least 0.
        """
        require_int("delay_ns", delay_ns, minimum=0)
        self.source = source
        self.delay_ns = delay_ns
        self._seen: deque[tuple[int, Price | None]] = deque()
        self._last_ns: int | None = None

    def at(self, time_ns: int) -> Price | None:
        """What the source said by then less the delay; None if nobody had asked by then.

        Raises:
            ClockReversedError: the time is before that of the last question.
        """
        if self._last_ns is not None and time_ns < self._last_ns:
            raise ClockReversedError(time_ns, self._last_ns)
        self._last_ns = time_ns
        self._seen.append((time_ns, self.source.at(time_ns)))
        due_ns = time_ns - self.delay_ns
        while len(self._seen) > 1 and self._seen[1][0] <= due_ns:
            self._seen.popleft()
        first_ns, price = self._seen[0]
        return price if first_ns <= due_ns else None


@dataclass(frozen=True, slots=True)
class Poisoned:
    """A source that is off by a share of the price: somebody moved what the market maker looks at.

    Attributes:
        source: the price as it is.
        bias_pips: share by which the answer is too high; negative for too low.
    """

    source: FairPriceSource
    bias_pips: int

    def __post_init__(self) -> None:
        """Refuse a bias that leaves no price.

        Raises:
            InvalidParameterError: it is not an int of pips, or takes the whole price.
        """
        if type(self.bias_pips) is not int or self.bias_pips <= -PIPS:
            raise InvalidParameterError("bias_pips", self.bias_pips, f"an int of more than {-PIPS}")

    def at(self, time_ns: int) -> Price | None:
        """The source's price times one plus the bias, exact; None when it has none."""
        price = self.source.at(time_ns)
        return None if price is None else price * Fraction(PIPS + self.bias_pips, PIPS)


def poisoned_reference_loss(depth: float, *, bias: float, half_spread: float) -> float:
    """What arbitrage takes from quotes around a reference that is off, each time they are refreshed.

    Nothing while the bias is within the half-spread; beyond it half of the depth times the square of the excess. Flow
    that pays any price loses as much on one side as it gains on the other, and does not notice.

    >>> poisoned_reference_loss(2e6, bias=20e-4, half_spread=5e-4)
    2.25

    Args:
        depth: money traded per unit of relative price, on one side.
        bias: relative error of the reference.
        half_spread: relative distance of the best quote.

    Returns:
        Money, in the unit of the depth.
    """
    require_not_negative("depth", depth)
    require_not_negative("half_spread", half_spread)
    return depth * max(abs(bias) - half_spread, 0.0) ** 2 / 2


def _best(book: OrderBook, side: Side, without: str | None) -> DepthLevel | None:
    levels = _levels(book, side, without, 1)
    return levels[0] if levels else None


def _levels(book: OrderBook, side: Side, without: str | None, levels: int | None = None) -> list[DepthLevel]:
    """The levels of one side as others see them, without somebody's orders."""
    if without is None:
        return book.depth(side, levels)
    others: dict[int, DepthLevel] = {}
    for order in book.orders(side):
        if order.owner != without:
            before = others.get(order.price, DepthLevel(order.price, 0, 0))
            others[order.price] = DepthLevel(order.price, before.size + order.shown, before.orders + 1)
    return list(others.values())


def _cost(levels: list[DepthLevel], size: int) -> int | None:
    """Ticks times lots of the best so many lots; None if there are fewer."""
    cost = 0
    for level in levels:
        taken = min(size, level.size)
        cost += taken * level.price
        size -= taken
    return None if size else cost
