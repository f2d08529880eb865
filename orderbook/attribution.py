"""Where a market maker's profit came from, in integers: parts that add up to the change of its wealth to the last unit.

With u for the quote units of one tick times one lot, s for +1 where the market maker bought and -1 where it sold, p for
the price of a trade and S for the fair price, each in ticks, a trade of n lots at time t earns

    s n u (S_T - p)  =  s n u (S_t - p)  +  s n u (S_T - S_t):

what it was better than the fair price of its moment, and what holding it earned until the end. The first part is spread
(or the cost of a hedge), and the sum of the second over all trades is what the inventory earned. A horizon h divides
that again, into the move of the fair price from t to t + h, which is adverse selection where it loses, and the rest.

For each maker fill, and so for their sum, at every horizon (effective and realised half-spread, price impact):

    s (S_t - p)  =  s (S_t+h - p)  +  s (S_t - S_t+h).
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

from orderbook._checks import require_int
from orderbook.carrying_cost import NS_PER_YEAR
from orderbook.errors import InvalidParameterError, InvalidPriceError, InvalidSideError, InvalidSizeError
from orderbook.fees import PIPS
from orderbook.types import Fill, Instrument, Side


class TimedFill(NamedTuple):
    """A fill, and when it was.

    Attributes:
        time_ns: on the clock of the fair prices.
        fill: as the book gave it.
    """

    time_ns: int
    fill: Fill


class Hedge(NamedTuple):
    """A trade of the market maker's at another venue.

    Attributes:
        time_ns: on the clock of the fair prices.
        side: what it did.
        price: ticks.
        size: lots.
        fee: quote units it paid; negative where it was paid.
    """

    time_ns: int
    side: Side
    price: int
    size: int
    fee: int = 0


@dataclass(frozen=True, slots=True)
class FairPrices:
    """A fair price that holds from each of its times to the next; a trade at that very time is after the change.

    Attributes:
        times_ns: rising.
        ticks: the price from each of them on.
    """

    times_ns: tuple[int, ...]
    ticks: tuple[int, ...]

    def __post_init__(self) -> None:
        """Refuse what is no path of whole ticks.

        Raises:
            InvalidParameterError: no times, times that do not rise, or not one price for each.
            InvalidPriceError: a price that is not a positive int.
        """
        if not self.times_ns or any(after <= before for before, after in pairwise(self.times_ns)):
            raise InvalidParameterError("times_ns", self.times_ns, "at least one, and rising")
        if len(self.ticks) != len(self.times_ns):
            raise InvalidParameterError("ticks", self.ticks, f"one price for each of {len(self.times_ns)} times")
        for price in self.ticks:
            if type(price) is not int or price <= 0:
                raise InvalidPriceError(price)

    def at(self, time_ns: int) -> int:
        """The price in force, in ticks.

        Raises:
            InvalidParameterError: the time is before the first.
        """
        index = bisect_right(self.times_ns, time_ns)
        if not index:
            raise InvalidParameterError("time_ns", time_ns, f"at least the first price's time of {self.times_ns[0]}")
        return self.ticks[index - 1]


class Markout(NamedTuple):
    """One maker fill at one horizon, in quote units, from the market maker's side.

    Attributes:
        effective: against the fair price of its moment.
        realised: against the fair price at the horizon.
    """

    effective: int
    realised: int

    @property
    def impact(self) -> int:
        """Move of the fair price in between, against the market maker: effective less realised."""
        return self.effective - self.realised


class HorizonSplit(NamedTuple):
    """The profit on the inventory, divided at a time after each maker fill. Quote units.

    Attributes:
        horizon_ns: that time.
        adverse_selection: what the fills earned up to it as the fair price moved; negative where takers knew more.
        later: what the inventory earned beyond it, hedges and what was held at the start included.
    """

    horizon_ns: int
    adverse_selection: int
    later: int


class ProfitByRole(NamedTuple):
    """The same profit by what the market maker did for it. Quote units; the four add up to the total.

    Attributes:
        rebates: paid by the venue for quoting.
        two_sided_quoting: spread captured.
        price_discovery: adverse selection, the price of letting others' information into the quotes.
        proprietary: everything held, paid and hedged on its own account.
    """

    rebates: int
    two_sided_quoting: int
    price_discovery: int
    proprietary: int


@dataclass(frozen=True, slots=True)
class ProfitSplit:
    """The parts of a market maker's profit, in quote units. A part is positive where it earned.

    Attributes:
        spread_capture: maker fills, against the fair price of their moment.
        spread_paid: taker fills, the same.
        rebates: of its maker fills; negative for a maker fee.
        taker_fees: of its taker fills; negative where it paid.
        hedging: hedges, against the fair price of their moment, and their fees.
        inventory: what the position, hedges included, earned as the fair price moved.
        interest: on the position's value; negative where it paid.
        total: change of wealth, from cash and holdings alone.
        horizons: the inventory's profit divided at each horizon that was asked for.
    """

    spread_capture: int
    spread_paid: int
    rebates: int
    taker_fees: int
    hedging: int
    inventory: int
    interest: int
    total: int
    horizons: tuple[HorizonSplit, ...]

    @property
    def residual(self) -> int:
        """The total less all its parts; anything but zero is a defect."""
        paid = self.spread_capture + self.spread_paid + self.rebates + self.taker_fees
        return self.total - paid - self.hedging - self.inventory - self.interest

    def at_horizon(self, horizon_ns: int) -> HorizonSplit:
        """The division at a horizon.

        Raises:
            InvalidParameterError: it was not asked for.
        """
        for split in self.horizons:
            if split.horizon_ns == horizon_ns:
                return split
        known = tuple(split.horizon_ns for split in self.horizons)
        raise InvalidParameterError("horizon_ns", horizon_ns, f"one of {known}")

    def by_role(self, horizon_ns: int) -> ProfitByRole:
        """The four things a market maker is there for, told apart at a horizon.

        Raises:
            InvalidParameterError: the horizon was not asked for.
        """
        split = self.at_horizon(horizon_ns)
        own = self.spread_paid + self.taker_fees + self.hedging + self.interest + split.later
        return ProfitByRole(self.rebates, self.spread_capture, split.adverse_selection, own)


def attribute(
    owner: str,
    fills: Sequence[TimedFill],
    prices: FairPrices,
    instrument: Instrument,
    *,
    hedges: Sequence[Hedge] = (),
    starting_inventory: int = 0,
    horizons_ns: Sequence[int] = (),
    interest_rate_pips: int = 0,
) -> ProfitSplit:
    """Split what a market maker earned from the first fair price to the last.

    Args:
        owner: the name on its orders; fills of others are left out, and one with itself counts on both sides.
        fills: in any order, none before the first fair price. One after the last price is valued at the last.
        prices: the fair price.
        instrument: what a tick and a lot are worth.
        hedges: trades at another venue.
        starting_inventory: lots held when the fair price begins.
        horizons_ns: after each maker fill; where the fair price ends before, its last value stands.
        interest_rate_pips: of one year, on the value of the position, long or short; the sum is rounded up, against the
            market maker.

    Raises:
        InvalidParameterError: a trade before the first price, a negative horizon or rate, an amount that is no int.
        InvalidPriceError: a hedge at a price that is not a positive int.
        InvalidSizeError: a hedge of a size that is not a positive int.
        InvalidSideError: a hedge whose side is neither of the two.
    """
    require_int("interest_rate_pips", interest_rate_pips, minimum=0)
    _require_whole("starting_inventory", starting_inventory)
    _check_hedges(hedges)
    made = [_Trade(time, -fill.taker_side.sign * fill.size, fill.price) for time, fill in fills if _made(fill, owner)]
    taken = [_Trade(time, fill.taker_side.sign * fill.size, fill.price) for time, fill in fills if _took(fill, owner)]
    hedged = [_Trade(hedge.time_ns, hedge.side.sign * hedge.size, hedge.price) for hedge in hedges]
    unit = instrument.quote_units_per_tick_lot
    start = _Trade(prices.times_ns[0], starting_inventory, prices.ticks[0])
    fees = sum(hedge.fee for hedge in hedges)
    interest = _interest([start, *made, *taken, *hedged], prices, unit * interest_rate_pips)
    cash = sum(fill.cash_change(owner) for _, fill in fills) - fees - interest
    cash -= unit * sum(trade.lots * trade.price for trade in hedged)
    lots = sum(trade.lots for trade in (*made, *taken, *hedged))
    return ProfitSplit(
        spread_capture=unit * _edge(made, prices),
        spread_paid=unit * _edge(taken, prices),
        rebates=sum(fill.maker_rebate for _, fill in fills if _made(fill, owner)),
        taker_fees=-sum(fill.taker_fee for _, fill in fills if _took(fill, owner)),
        hedging=unit * _edge(hedged, prices) - fees,
        inventory=unit * _held([start, *made, *taken, *hedged], prices),
        interest=-interest,
        total=cash + unit * (lots * prices.ticks[-1] + starting_inventory * (prices.ticks[-1] - prices.ticks[0])),
        horizons=tuple(_split(made, [start, *taken, *hedged], prices, unit, horizon) for horizon in horizons_ns),
    )


def markouts(
    owner: str, fills: Iterable[TimedFill], prices: FairPrices, instrument: Instrument, horizon_ns: int
) -> list[Markout]:
    """Effective and realised half-spread of each of an owner's maker fills, in the fills' order.

    Args:
        owner: the name on its orders.
        fills: none before the first fair price.
        prices: the fair price; where it ends before a horizon, its last value stands.
        instrument: what a tick and a lot are worth.
        horizon_ns: after each fill.

    Raises:
        InvalidParameterError: a fill before the first price, or a negative horizon.
    """
    require_int("horizon_ns", horizon_ns, minimum=0)
    unit = instrument.quote_units_per_tick_lot
    return [
        Markout(
            -fill.taker_side.sign * fill.size * unit * (prices.at(time) - fill.price),
            -fill.taker_side.sign * fill.size * unit * (prices.at(time + horizon_ns) - fill.price),
        )
        for time, fill in fills
        if _made(fill, owner)
    ]


class _Trade(NamedTuple):
    """Lots the market maker bought (sold, if negative) at a time and a price in ticks."""

    time_ns: int
    lots: int
    price: int


def _made(fill: Fill, owner: str) -> bool:
    return fill.maker_owner == owner


def _took(fill: Fill, owner: str) -> bool:
    return fill.taker_owner == owner


def _edge(trades: list[_Trade], prices: FairPrices) -> int:
    """What trades were better than the fair price, in ticks times lots."""
    return sum(trade.lots * (prices.at(trade.time_ns) - trade.price) for trade in trades)


def _held(trades: list[_Trade], prices: FairPrices) -> int:
    """What the position earned as the fair price moved, step by step, in ticks times lots."""
    earned = position = done = 0
    ordered = sorted(trades)
    for index, (before, after) in enumerate(pairwise(prices.ticks)):
        changes_at = prices.times_ns[index + 1]
        while done < len(ordered) and ordered[done].time_ns < changes_at:
            position += ordered[done].lots
            done += 1
        earned += position * (after - before)
    return earned


def _split(made: list[_Trade], others: list[_Trade], prices: FairPrices, unit: int, horizon_ns: int) -> HorizonSplit:
    require_int("horizon_ns", horizon_ns, minimum=0)
    moved = sum(trade.lots * (prices.at(trade.time_ns + horizon_ns) - prices.at(trade.time_ns)) for trade in made)
    # A fill that joins the position only at its horizon earns what comes after it.
    delayed = [trade._replace(time_ns=trade.time_ns + horizon_ns) for trade in made]
    return HorizonSplit(horizon_ns, unit * moved, unit * _held([*others, *delayed], prices))


def _interest(trades: list[_Trade], prices: FairPrices, unit_pips: int) -> int:
    """Quote units of interest from the first fair price to the last, rounded up."""
    if not unit_pips:
        return 0
    lots_at: dict[int, int] = dict.fromkeys(prices.times_ns, 0)
    for trade in trades:
        lots_at[trade.time_ns] = lots_at.get(trade.time_ns, 0) + trade.lots
    position = value_times_ns = 0
    times = sorted(time for time in lots_at if time <= prices.times_ns[-1])
    for before, after in pairwise(times):
        position += lots_at[before]
        value_times_ns += abs(position) * prices.at(before) * (after - before)
    return -(-value_times_ns * unit_pips // (PIPS * NS_PER_YEAR))


def _check_hedges(hedges: Sequence[Hedge]) -> None:
    for hedge in hedges:
        if type(hedge.side) is not Side:
            raise InvalidSideError(hedge.side)
        if type(hedge.price) is not int or hedge.price <= 0:
            raise InvalidPriceError(hedge.price)
        if type(hedge.size) is not int or hedge.size <= 0:
            raise InvalidSizeError(hedge.size)
        _require_whole("fee", hedge.fee)


def _require_whole(name: str, value: object) -> None:
    if type(value) is not int:
        raise InvalidParameterError(name, value, "an int")
