"""Skew: quoting around a price that leans against the inventory, whatever strategy does the quoting.

A long inventory lowers both quotes, so that the ask is the likelier to fill; a short one raises them.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Protocol

from orderbook._checks import require_int, require_not_negative
from orderbook.quoting._horizon import seconds_left
from orderbook.quoting.protocol import MarketView, Quotes, QuotingStrategy


class Skew(Protocol):
    """Anything that says by how much to lean."""

    def ticks(self, view: MarketView) -> float:
        """Ticks by which to lower the price that quotes are centred on; negative to raise it."""
        ...


@dataclass(frozen=True, slots=True)
class LinearSkew:
    """So many ticks for each lot held, at any time: the toy form of a reservation price.

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
        """Proportional to the inventory."""
        return self.ticks_per_lot * view.inventory


@dataclass(frozen=True, slots=True)
class HorizonSkew:
    """The lean of Avellaneda and Stoikov's reservation price: inventory * risk_aversion * volatility^2 * time left.

    Attributes:
        risk_aversion: per tick and lot, the unit of wealth.
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
        """Proportional to the inventory and to the time left.

        Raises:
            HorizonPassedError: the view is after the horizon.
        """
        left = seconds_left(view.time_ns, self.horizon_ns)
        return view.inventory * self.risk_aversion * self.volatility**2 * left


@dataclass(frozen=True, slots=True)
class Skewed:
    """A strategy that is shown the fair price less a skew.

    >>> from orderbook import FixedSpread
    >>> Skewed(FixedSpread(half_spread_ticks=5, size=1), LinearSkew(2)).quote(MarketView(0, 100, inventory=3)).bid
    Quote(price=89, size=1)

    Attributes:
        base: the strategy that quotes.
        skew: how much to lean.
    """

    base: QuotingStrategy
    skew: Skew

    def quote(self, view: MarketView) -> Quotes:
        """What the base quotes around the price that leans against the inventory."""
        return self.base.quote(replace(view, fair_price=view.fair_price - Fraction(self.skew.ticks(view))))
