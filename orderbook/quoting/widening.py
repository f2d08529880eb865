"""Widening: moving both quotes outwards with the risk of holding, whatever strategy does the quoting."""

import math
from dataclasses import dataclass
from typing import Protocol

from orderbook._checks import require_int, require_not_negative
from orderbook.quoting._horizon import seconds_left
from orderbook.quoting.protocol import MarketView, Quote, Quotes, QuotingStrategy


class Widening(Protocol):
    """Anything that says how much further out to quote."""

    def ticks(self, view: MarketView) -> float:
        """Ticks by which to move each side outwards; at least 0."""
        ...


@dataclass(frozen=True, slots=True)
class InventoryWidening:
    """So many ticks for each lot held, long or short.

    Attributes:
        ticks_per_lot: at least 0.
    """

    ticks_per_lot: float

    def __post_init__(self) -> None:
        """Refuse a slope out of range.

        Raises:
            InvalidParameterError: it is negative or not finite.
        """
        require_not_negative("ticks_per_lot", self.ticks_per_lot)

    def ticks(self, view: MarketView) -> float:
        """Proportional to the size of the inventory."""
        return self.ticks_per_lot * abs(view.inventory)


@dataclass(frozen=True, slots=True)
class HorizonWidening:
    """The risk part of Avellaneda and Stoikov's spread: risk_aversion * volatility^2 * time left, half on each side.

    Attributes:
        risk_aversion: per tick and quote, the unit of wealth: of one lot, times the lots of a quote.
        volatility: ticks per square root of a second.
        horizon_ns: the last moment, on the clock of the view.
    """

    risk_aversion: float
    volatility: float
    horizon_ns: int

    def __post_init__(self) -> None:
        """Refuse parameters out of range.

        Raises:
            InvalidParameterError: a parameter is out of range.
        """
        require_not_negative("risk_aversion", self.risk_aversion)
        require_not_negative("volatility", self.volatility)
        require_int("horizon_ns", self.horizon_ns, minimum=0)

    def ticks(self, view: MarketView) -> float:
        """Proportional to the time left, whatever the inventory.

        Raises:
            HorizonPassedError: the view is after the horizon.
        """
        return self.risk_aversion * self.volatility**2 * seconds_left(view.time_ns, self.horizon_ns) / 2


@dataclass(frozen=True, slots=True)
class Widened:
    """A strategy whose quotes are moved outwards.

    >>> from orderbook import FixedSpread
    >>> Widened(FixedSpread(half_spread_ticks=5, size=1), InventoryWidening(0.5)).quote(MarketView(0, 100, -3)).spread
    14

    Attributes:
        base: the strategy that quotes.
        widening: how far to move; a part of a tick counts as a whole one.
    """

    base: QuotingStrategy
    widening: Widening

    def quote(self, view: MarketView) -> Quotes:
        """What the base quotes, every level that much further out."""
        return widened(self.base.quote(view), math.ceil(self.widening.ticks(view)))


def widened(quotes: Quotes, ticks: int) -> Quotes:
    """The same levels so many ticks further out; bids that would be below one tick are left out."""
    if not ticks:
        return quotes
    return Quotes(
        tuple(Quote(bid.price - ticks, bid.size) for bid in quotes.bids if bid.price > ticks),
        tuple(Quote(ask.price + ticks, ask.size) for ask in quotes.asks),
        quotes.absence,
    )
