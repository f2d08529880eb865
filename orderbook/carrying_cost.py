"""What it costs to hold an inventory: interest, exact, and the risk premium of its variance."""

from fractions import Fraction

from orderbook.fees import PIPS

NS_PER_YEAR = 365 * 86_400 * 1_000_000_000
"""Interest is counted over years of 365 days."""


def interest(inventory: int, price: int | Fraction, *, rate_pips: int, duration_ns: int) -> Fraction:
    """Simple interest on the value of an inventory, long or short; exact, in the unit of size times price.

    >>> round(float(interest(2, 100, rate_pips=50_000, duration_ns=NS_PER_YEAR // 365)), 4)
    0.0274

    Args:
        inventory: held, in any unit of size.
        price: in any unit.
        rate_pips: of one year, in pips: 50,000 is 5 %.
        duration_ns: how long it is held.
    """
    return abs(inventory) * Fraction(price) * rate_pips * duration_ns / (PIPS * NS_PER_YEAR)


def variance_cost(inventory: float, *, risk_aversion: float, volatility: float, duration: float) -> float:
    """The sure loss that exponential utility minds as much as holding an inventory while the price diffuses.

    risk_aversion * volatility^2 * inventory^2 * duration / 2, in the unit of size times price: by how much the wealth
    of Avellaneda and Stoikov's section 2.1 is worth less than at the mid price.
    """
    return risk_aversion * (volatility * inventory) ** 2 * duration / 2
