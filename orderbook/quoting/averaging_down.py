"""Averaging down: never sell for less than was paid, and buy more on the way down so that less is enough.

The third way out of a position the price has left behind (`orderbook.exits`), as a strategy. It gains where the price
comes back, and loses without limit where it does not: give the market maker limits, or keep it for choppy regimes.
"""

from dataclasses import dataclass
from fractions import Fraction

from orderbook._checks import require_exact_positive, require_int
from orderbook.fees import FeeSchedule
from orderbook.quoting.protocol import MarketView, Quotes, quotes_outward


@dataclass(frozen=True, slots=True)
class AveragingDown:
    """Quotes around the fair price, but an ask that breaks even when long, and a bid that does when short.

    Break-even is exact, rebate included, and rounded to the first tick that loses nothing.

    >>> strategy = AveragingDown(half_spread_ticks=5, size=1, fees=FeeSchedule(maker_rebate_pips=100))
    >>> long = MarketView(time_ns=0, fair_price=9_900, inventory=1, average_cost=Fraction(10_000))
    >>> strategy.quote(long).ask  # 10_000 / 1.0001 = 9999.0001
    Quote(price=10000, size=1)

    Attributes:
        half_spread_ticks: least distance of either quote from the fair price, in ticks; need not be whole.
        size: lots on either side.
        fees: of the venue, whose rebate lowers the ask that breaks even.
    """

    half_spread_ticks: int | Fraction
    size: int
    fees: FeeSchedule

    def __post_init__(self) -> None:
        """Refuse a spread or a size that is not positive.

        Raises:
            InvalidParameterError: either is out of range.
        """
        require_exact_positive("half_spread_ticks", self.half_spread_ticks)
        require_int("size", self.size, minimum=1)

    def quote(self, view: MarketView) -> Quotes:
        """The half-spread, or as much more as breaking even takes; an inventory of unknown cost plays no part."""
        bid = Fraction(view.fair_price - self.half_spread_ticks)
        ask = Fraction(view.fair_price + self.half_spread_ticks)
        if view.average_cost is not None and view.inventory > 0:
            ask = max(ask, self.fees.break_even_ask(view.average_cost))
        elif view.average_cost is not None and view.inventory < 0:
            bid = min(bid, self.fees.break_even_bid(view.average_cost))
        return quotes_outward(bid, ask, self.size, self.size)
