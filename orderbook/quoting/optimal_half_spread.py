"""How far from a fair price to quote for one short period, and what that is worth: two answers to one question.

The price moves by a normal amount with standard deviation `volatility` over the period, and a quote fills if the price
comes as far as the quote.

* `touch_revenue` credits the whole half-spread on every fill, as if the price went straight back. It has a maximum.
* `copeland_galai_value` marks the fill where the price ends. It is negative at every distance: a quote that is filled
  only by the price coming to it is an option given away (Copeland and Galai 1983).

Neither is more than half the truth, so look at both: the first is what flow without information would pay, the second
what informed flow takes.
"""

import math
from dataclasses import dataclass
from functools import cache

from orderbook._checks import require_int, require_positive
from orderbook.quoting.protocol import MarketView, Quotes, quotes_outward


def normal_density(deviations: float) -> float:
    """Density of the standard normal distribution."""
    return math.exp(-(deviations**2) / 2) / math.sqrt(2 * math.pi)


def tail_probability(deviations: float) -> float:
    """Probability that a standard normal variable exceeds so many deviations."""
    return math.erfc(deviations / math.sqrt(2)) / 2


def range_probability(deviations: float) -> float:
    """Probability that a normal price ends within so many deviations of where it began: 68.27 % for one."""
    return 1 - 2 * tail_probability(deviations)


def touch_revenue(half_spread: float, volatility: float) -> float:
    """Expected credit of a bid and an ask, if each fill earned the half-spread: an upper bound, not a P&L.

    Both arguments and the result are in the price's unit.
    """
    return half_spread * 2 * tail_probability(half_spread / volatility)


def copeland_galai_value(half_spread: float, volatility: float) -> float:
    """Expected P&L of the same bid and ask, each fill marked at the price the period ends with; never positive.

    Both arguments and the result are in the price's unit.
    """
    deviations = half_spread / volatility
    return 2 * (half_spread * tail_probability(deviations) - volatility * normal_density(deviations))


def optimal_half_spread(volatility: float) -> float:
    """The half-spread with the greatest touch revenue: 0.751792 times the volatility, in the same unit."""
    return _optimal_deviations() * volatility


@cache
def _optimal_deviations() -> float:
    """The root x of tail_probability(x) = x normal_density(x), where the revenue stops rising."""
    low, high = 0.0, 2.0
    while True:
        middle = (low + high) / 2
        if middle in {low, high}:
            return middle
        if tail_probability(middle) > middle * normal_density(middle):
            low = middle
        else:
            high = middle


@dataclass(frozen=True, slots=True)
class OptimalHalfSpread:
    """Quotes at the half-spread with the greatest touch revenue, around the fair price and whatever the inventory.

    Attributes:
        volatility: ticks, standard deviation of the price over the time a quote stands.
        size: lots on either side.
    """

    volatility: float
    size: int

    def __post_init__(self) -> None:
        """Refuse a volatility or a size that is not positive.

        Raises:
            InvalidParameterError: either is out of range.
        """
        require_positive("volatility", self.volatility)
        require_int("size", self.size, minimum=1)

    def quote(self, view: MarketView) -> Quotes:
        """The same distance either way; the time and the inventory play no part."""
        distance = optimal_half_spread(self.volatility)
        return quotes_outward(view.fair_price - distance, view.fair_price + distance, self.size, self.size)
