"""What a maker's round trip earns, and the three ways out of a position the price has left behind. All exact.

Prices may be in any one unit, ticks or currency, as ints or Fractions; results are Fractions in that unit, per unit of
size unless they say otherwise. Losses are positive when money is lost. The three ways out of a purchase, once the price
has fallen below what it cost:

* `exit_taker`: sell at once to the best bid and pay the taker fee.
* `exit_maker`: offer it, wait, and earn the rebate.
* `average_down`: buy more at the lower price, so that a lower ask breaks even.
"""

from dataclasses import dataclass
from fractions import Fraction

from orderbook.errors import InvalidParameterError
from orderbook.fees import FeeSchedule
from orderbook.types import Side

Price = int | Fraction


@dataclass(frozen=True, slots=True)
class RoundTrip:
    """One unit bought at the bid and sold at the ask, as a maker both times.

    Attributes:
        spread: ask less bid.
        rebate_on_bid: paid by the venue for the purchase.
        rebate_on_ask: paid by the venue for the sale.
    """

    spread: Fraction
    rebate_on_bid: Fraction
    rebate_on_ask: Fraction

    @property
    def profit(self) -> Fraction:
        """The three together."""
        return self.spread + self.rebate_on_bid + self.rebate_on_ask


def round_trip(bid: Price, ask: Price, fees: FeeSchedule) -> RoundTrip:
    """What a maker earns by buying at the bid and selling at the ask.

    >>> tenth = Fraction(1, 10)
    >>> float(round_trip(1000, 1000 + tenth, FeeSchedule(maker_rebate_pips=100)).profit)
    0.30001
    """
    return RoundTrip(
        spread=Fraction(ask - bid),
        rebate_on_bid=bid - fees.maker_price(Side.BUY, bid),
        rebate_on_ask=fees.maker_price(Side.SELL, ask) - ask,
    )


def venue_share(bid: Price, ask: Price, fees: FeeSchedule) -> Fraction:
    """What the venue keeps of the same round trip: fee less rebate, on both notionals."""
    taker_pays = fees.taker_price(Side.BUY, ask) - fees.taker_price(Side.SELL, bid)
    return taker_pays - round_trip(bid, ask, fees).profit


@dataclass(frozen=True, slots=True)
class PickOff:
    """Who gains what when a stale quote is hit; the three sum to nothing.

    Attributes:
        taker: gain of who hit the quote.
        maker: gain of whose quote it was.
        venue: fee less rebate.
    """

    taker: Fraction
    maker: Fraction
    venue: Fraction


def pick_off_bid(bid: Price, fair_price: Price, fees: FeeSchedule) -> PickOff:
    """One unit sold to a bid that has not followed the price down, marked at the fair price."""
    taker = fees.taker_price(Side.SELL, bid) - fair_price
    maker = fair_price - fees.maker_price(Side.BUY, bid)
    return PickOff(taker, maker, -taker - maker)


def exit_taker(cost: Price, price: Price, fees: FeeSchedule) -> Fraction:
    """Loss of selling to a bid at this price what cost so much."""
    return cost - fees.taker_price(Side.SELL, price)


def exit_maker(cost: Price, ask: Price, fees: FeeSchedule) -> Fraction:
    """Loss of selling at an ask of one's own what cost so much, once it fills."""
    return cost - fees.maker_price(Side.SELL, ask)


def expected_exit_loss(
    fill_probability: Fraction, cost: Price, ask: Price, fallback_price: Price, fees: FeeSchedule
) -> Fraction:
    """Loss to expect from an ask that fills with this probability, and is given up for a taker exit if it does not.

    Raises:
        InvalidParameterError: the probability is not between 0 and 1.
    """
    if not 0 <= fill_probability <= 1:
        raise InvalidParameterError("fill_probability", fill_probability, "between 0 and 1")
    filled, given_up = exit_maker(cost, ask, fees), exit_taker(cost, fallback_price, fees)
    return fill_probability * filled + (1 - fill_probability) * given_up


@dataclass(frozen=True, slots=True)
class Position:
    """Units bought as a maker and what they cost, rebates taken off.

    Attributes:
        size: units held.
        cost: of all of them together.
    """

    size: int = 0
    cost: Fraction = Fraction(0)

    def bought(self, price: Price, fees: FeeSchedule, size: int = 1) -> "Position":
        """The position after a bid at this price has filled."""
        return Position(self.size + size, self.cost + size * fees.maker_price(Side.BUY, price))

    @property
    def average_cost(self) -> Fraction:
        """Cost of one unit.

        Raises:
            InvalidParameterError: nothing is held.
        """
        if not self.size:
            raise InvalidParameterError("size", self.size, "positive for an average to exist")
        return self.cost / self.size

    def profit_at(self, price: Price) -> Fraction:
        """Value of all units at this price, less their cost."""
        return self.size * price - self.cost


@dataclass(frozen=True, slots=True)
class AveragedDown:
    """What buying more at a lower price does to the ask that breaks even.

    Attributes:
        average_cost: of one unit, after the purchase.
        break_even_ask_before: the ask at which the old position loses nothing.
        break_even_ask: the ask at which the new one does.
    """

    average_cost: Fraction
    break_even_ask_before: Fraction
    break_even_ask: Fraction


def average_down(position: Position, bid: Price, fees: FeeSchedule, size: int = 1) -> AveragedDown:
    """Buy `size` more at a bid of one's own instead of selling.

    The ask comes down, and the risk grows: in a trend every such purchase loses.
    """
    after = position.bought(bid, fees, size)
    return AveragedDown(
        after.average_cost,
        fees.break_even_ask(position.average_cost),
        fees.break_even_ask(after.average_cost),
    )
