"""What a venue charges: a fee on the taker, a rebate (or a fee) for the maker, both in pips of the notional."""

from dataclasses import dataclass
from fractions import Fraction

from orderbook.errors import InvalidParameterError
from orderbook.types import Side

PIPS = 1_000_000
"""Pips in one: a fee of 100 pips is 0.01 %."""


def taker_fee(notional: int, taker_fee_pips: int) -> int:
    """Quote units the taker of a fill of this notional pays; a fraction of a unit is rounded up."""
    return -(-notional * taker_fee_pips // PIPS)


def maker_rebate(notional: int, maker_rebate_pips: int) -> int:
    """Quote units the maker of a fill of this notional is paid; a fraction of a unit is rounded down."""
    return notional * maker_rebate_pips // PIPS


def share_rounded_down(amount: int, pips: int) -> int:
    """So many pips of an amount, rounded down; forms no term larger than the amount or than PIPS squared.

    >>> share_rounded_down(10_001, 200), share_rounded_down(-10_001, 200)
    (2, -3)
    """
    whole, rest = divmod(amount, PIPS)
    return whole * pips + rest * pips // PIPS


def share_rounded_up(amount: int, pips: int) -> int:
    """So many pips of an amount, rounded up.

    >>> share_rounded_up(10_001, 200), share_rounded_up(-10_001, 200)
    (3, -2)
    """
    whole, rest = divmod(amount, PIPS)
    return whole * pips - (-rest * pips // PIPS)


@dataclass(frozen=True, slots=True)
class FeeSchedule:
    """A maker rebate and a taker fee, each a share of a fill's notional in the quote currency.

    Each fill is charged by itself, and what does not come out in whole quote units is rounded in the venue's favour:
    the taker's fee up, the maker's rebate down. A negative rebate is a maker fee, and rounding it down charges more.

    >>> FeeSchedule(maker_rebate_pips=100, taker_fee_pips=200).taker_fee_on(notional=10_001)
    3

    Attributes:
        maker_rebate_pips: paid to the maker; negative for a maker fee. Less than the notional either way.
        taker_fee_pips: paid by the taker; negative where the venue pays takers. Less than the notional either way.
    """

    maker_rebate_pips: int = 0
    taker_fee_pips: int = 0

    def __post_init__(self) -> None:
        """Refuse what is no int of pips, or as much as the whole notional.

        Raises:
            InvalidParameterError: either number is out of range.
        """
        for name in ("maker_rebate_pips", "taker_fee_pips"):
            pips = getattr(self, name)
            if type(pips) is not int or not -PIPS < pips < PIPS:
                raise InvalidParameterError(name, pips, f"an int between {-PIPS} and {PIPS}, both excluded")

    def taker_fee_on(self, notional: int) -> int:
        """Quote units the taker of a fill of this notional pays; a fraction of a unit is rounded up."""
        return taker_fee(notional, self.taker_fee_pips)

    def maker_rebate_on(self, notional: int) -> int:
        """Quote units the maker of a fill of this notional is paid; a fraction of a unit is rounded down."""
        return maker_rebate(notional, self.maker_rebate_pips)

    def maker_price(self, side: Side, price: int | Fraction) -> Fraction:
        """What a maker who buys pays, or who sells receives, per unit after the rebate: exact, in the price's unit."""
        return price * Fraction(PIPS - side.sign * self.maker_rebate_pips, PIPS)

    def taker_price(self, side: Side, price: int | Fraction) -> Fraction:
        """What a taker who buys pays, or who sells receives, per unit after the fee: exact, in the price's unit."""
        return price * Fraction(PIPS + side.sign * self.taker_fee_pips, PIPS)

    def break_even_ask(self, cost: int | Fraction) -> Fraction:
        """The price at which a maker sells what cost so much, and neither gains nor loses: cost / (1 + rebate).

        Exact, in the cost's unit: the first ask that loses nothing is this rounded up to a tick.
        """
        return cost * Fraction(PIPS, PIPS + self.maker_rebate_pips)

    def break_even_bid(self, proceeds: int | Fraction) -> Fraction:
        """The price at which a maker buys back what it sold for so much: proceeds / (1 - rebate).

        Exact, in the unit of the proceeds: the first bid that loses nothing is this rounded down to a tick.
        """
        return proceeds * Fraction(PIPS, PIPS - self.maker_rebate_pips)
