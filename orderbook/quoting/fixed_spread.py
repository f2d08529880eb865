"""Quotes at a constant distance from the fair price, whatever the inventory."""

from dataclasses import dataclass
from fractions import Fraction

from orderbook._checks import require_exact_positive, require_int
from orderbook.errors import InvalidParameterError
from orderbook.fees import PIPS
from orderbook.quoting.protocol import MarketView, Quotes, quotes_outward


@dataclass(frozen=True, slots=True)
class FixedSpread:
    """A bid and an ask so many ticks from the fair price, rounded outwards.

    >>> FixedSpread(half_spread_ticks=3, size=10).quote(MarketView(time_ns=0, fair_price=100, inventory=0))
    Quotes(bids=(Quote(price=97, size=10),), asks=(Quote(price=103, size=10),), absence=None)

    Attributes:
        half_spread_ticks: distance of either quote from the fair price, in ticks; need not be whole.
        size: lots on either side.
    """

    half_spread_ticks: int | Fraction
    size: int

    def __post_init__(self) -> None:
        """Refuse a spread or a size that is not positive.

        Raises:
            InvalidParameterError: either is out of range.
        """
        require_exact_positive("half_spread_ticks", self.half_spread_ticks)
        require_int("size", self.size, minimum=1)

    def quote(self, view: MarketView) -> Quotes:
        """The same distance either way; the time and the inventory play no part."""
        bid, ask = view.fair_price - self.half_spread_ticks, view.fair_price + self.half_spread_ticks
        return quotes_outward(bid, ask, self.size, self.size)


@dataclass(frozen=True, slots=True)
class ProportionalSpread:
    """A bid and an ask at a constant share of the fair price below and above it, rounded outwards.

    This is the spread to hold against a pool's fee, which is a share of the price too.

    >>> ProportionalSpread(half_spread_pips=3_000, size=1).quote(MarketView(0, 200_000, 0)).spread
    1200

    Attributes:
        half_spread_pips: distance of either quote from the fair price, in pips of it; less than the whole.
        size: lots on either side.
    """

    half_spread_pips: int
    size: int

    def __post_init__(self) -> None:
        """Refuse a spread or a size out of range.

        Raises:
            InvalidParameterError: the spread is not between nothing and the whole price, or the size is not positive.
        """
        require_int("half_spread_pips", self.half_spread_pips, minimum=1)
        if self.half_spread_pips >= PIPS:
            raise InvalidParameterError("half_spread_pips", self.half_spread_pips, f"less than {PIPS}")
        require_int("size", self.size, minimum=1)

    def quote(self, view: MarketView) -> Quotes:
        """The same share either way; the time and the inventory play no part."""
        bid = view.fair_price * (PIPS - self.half_spread_pips) // PIPS  # rounded down
        ask = -(-view.fair_price * (PIPS + self.half_spread_pips) // PIPS)  # rounded up
        return quotes_outward(bid, ask, self.size, self.size)
