"""What every quoting strategy is given and gives back: a market view in, at most one bid and one ask out."""

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import Protocol

from orderbook.errors import InvalidParameterError, InvalidPriceError, InvalidSizeError


@dataclass(frozen=True, slots=True)
class MarketView:
    """What a market maker knows when it quotes.

    Attributes:
        time_ns: nanoseconds on the clock of whoever runs the market; a strategy's horizon is on the same clock.
        fair_price: what the base is believed to be worth, in ticks, exact; need not be a whole number of ticks.
        inventory: lots held beyond the target; negative when short of it.
    """

    time_ns: int
    fair_price: int | Fraction
    inventory: int


@dataclass(frozen=True, slots=True)
class Quote:
    """A price at which so much may be traded.

    Attributes:
        price: ticks.
        size: lots.
    """

    price: int
    size: int

    def __post_init__(self) -> None:
        """Refuse what no book could hold.

        Raises:
            InvalidPriceError: the price is not a positive int.
            InvalidSizeError: the size is not a positive int.
        """
        if type(self.price) is not int or self.price <= 0:
            raise InvalidPriceError(self.price)
        if type(self.size) is not int or self.size <= 0:
            raise InvalidSizeError(self.size)


@dataclass(frozen=True, slots=True)
class Quotes:
    """A two-sided quote; either side may be absent.

    Attributes:
        bid: what the market maker would buy at.
        ask: what the market maker would sell at, above the bid.
    """

    bid: Quote | None
    ask: Quote | None

    def __post_init__(self) -> None:
        """Refuse a bid that meets the ask.

        Raises:
            InvalidParameterError: the bid is not below the ask.
        """
        if self.bid is not None and self.ask is not None and self.bid.price >= self.ask.price:
            raise InvalidParameterError("bid", self.bid.price, f"below the ask of {self.ask.price} ticks")

    @property
    def spread(self) -> int | None:
        """Ask less bid, in ticks; None unless both are quoted."""
        return None if self.bid is None or self.ask is None else self.ask.price - self.bid.price


class QuotingStrategy(Protocol):
    """Anything that turns a market view into quotes; it keeps no money and places no order."""

    def quote(self, view: MarketView) -> Quotes:
        """Quote this view: integer ticks, rounded outwards, the bid below the ask."""
        ...


def quotes_outward(bid: float | Fraction, ask: float | Fraction, bid_size: int, ask_size: int) -> Quotes:
    """Quotes at prices in ticks that are rounded away from each other: the bid down, the ask up.

    A side with no lots to quote, an infinite price, or a price that rounds to less than one tick is absent.

    >>> quotes_outward(bid=99.7, ask=100.2, bid_size=1, ask_size=1)
    Quotes(bid=Quote(price=99, size=1), ask=Quote(price=101, size=1))

    Raises:
        InvalidParameterError: a price is not a number, or the bid is not below the ask.
    """
    for name, price in (("bid", bid), ("ask", ask)):
        if math.isnan(price):
            raise InvalidParameterError(name, price, "a number of ticks")
    return Quotes(
        _quote(math.floor(bid), bid_size) if math.isfinite(bid) else None,
        _quote(math.ceil(ask), ask_size) if math.isfinite(ask) else None,
    )


def _quote(price: int, size: int) -> Quote | None:
    return Quote(price, size) if price > 0 and size > 0 else None
