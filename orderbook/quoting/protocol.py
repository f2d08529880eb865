"""What every quoting strategy is given and gives back: a market view in, levels of bids and asks out."""

import math
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise
from typing import Protocol, Self

from orderbook.errors import InvalidParameterError, InvalidPriceError, InvalidSizeError
from orderbook.types import Side
from orderbook.withdrawals import WithdrawalReason


@dataclass(frozen=True, slots=True)
class MarketView:
    """What a market maker knows when it quotes.

    Attributes:
        time_ns: nanoseconds on the clock of whoever runs the market; a strategy's horizon is on the same clock.
        fair_price: what the base is believed to be worth, in ticks, exact; need not be a whole number of ticks.
        inventory: lots held beyond the target; negative when short of it.
        average_cost: what one lot of that inventory cost, or was sold for, in ticks and after rebates; None when there
            is no inventory, or what it cost is not known.
    """

    time_ns: int
    fair_price: int | Fraction
    inventory: int
    average_cost: Fraction | None = None


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
    """The levels of both sides, the best first; either side may be empty.

    >>> ladder = Quotes(bids=(Quote(99, 1), Quote(98, 2)), asks=(Quote(101, 1),))
    >>> ladder.bid, ladder.spread
    (Quote(price=99, size=1), 2)

    Attributes:
        bids: what the market maker would buy at, prices falling.
        asks: what it would sell at, prices rising, all above the bids.
        absence: why a side is empty, where the strategy has more to say than that it has no quote there.
    """

    bids: tuple[Quote, ...]
    asks: tuple[Quote, ...]
    absence: WithdrawalReason | None = None

    def __post_init__(self) -> None:
        """Refuse levels out of order, and a bid that meets an ask.

        Raises:
            InvalidParameterError: the prices of a side are not in order, or the best bid is not below the best ask.
        """
        if self.bids and self.asks and self.bids[0].price >= self.asks[0].price:
            raise InvalidParameterError("bid", self.bids[0].price, f"below the ask of {self.asks[0].price} ticks")
        if len(self.bids) > 1 or len(self.asks) > 1:
            self._check_order()

    def _check_order(self) -> None:
        for better, worse in pairwise(self.bids):
            if better.price <= worse.price:
                raise InvalidParameterError("bid", worse.price, f"below the bid of {better.price} ticks before it")
        for better, worse in pairwise(self.asks):
            if better.price >= worse.price:
                raise InvalidParameterError("ask", worse.price, f"above the ask of {better.price} ticks before it")

    @classmethod
    def one_level(cls, bid: Quote | None, ask: Quote | None) -> Self:
        """At most one bid and one ask."""
        return cls(() if bid is None else (bid,), () if ask is None else (ask,))

    @property
    def bid(self) -> Quote | None:
        """The best bid; None without one."""
        return self.bids[0] if self.bids else None

    @property
    def ask(self) -> Quote | None:
        """The best ask; None without one."""
        return self.asks[0] if self.asks else None

    @property
    def spread(self) -> int | None:
        """Best ask less best bid, in ticks; None unless both are quoted."""
        return self.asks[0].price - self.bids[0].price if self.bids and self.asks else None

    def levels(self, side: Side) -> tuple[Quote, ...]:
        """The levels of one side, the best first."""
        return self.bids if side is Side.BUY else self.asks


class QuotingStrategy(Protocol):
    """Anything that turns a market view into quotes; it keeps no money and places no order."""

    def quote(self, view: MarketView) -> Quotes:
        """Quote this view: integer ticks, rounded outwards, the bids below the asks."""
        ...


def quotes_outward(bid: float | Fraction, ask: float | Fraction, bid_size: int, ask_size: int) -> Quotes:
    """Quotes at prices in ticks that are rounded away from each other: the bid down, the ask up.

    A side with no lots to quote, an infinite price, or a price that rounds to less than one tick is absent.

    >>> quotes_outward(bid=99.7, ask=100.2, bid_size=1, ask_size=1)
    Quotes(bids=(Quote(price=99, size=1),), asks=(Quote(price=101, size=1),), absence=None)

    Raises:
        InvalidParameterError: a price is not a number, or the bid is not below the ask.
    """
    for name, price in (("bid", bid), ("ask", ask)):
        if math.isnan(price):
            raise InvalidParameterError(name, price, "a number of ticks")
    return Quotes(
        _levels(math.floor(bid), bid_size) if math.isfinite(bid) else (),
        _levels(math.ceil(ask), ask_size) if math.isfinite(ask) else (),
    )


def _levels(price: int, size: int) -> tuple[Quote, ...]:
    return (Quote(price, size),) if price > 0 and size > 0 else ()
