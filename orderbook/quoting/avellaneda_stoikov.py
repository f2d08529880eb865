"""Avellaneda and Stoikov (2008), "High-frequency trading in a limit order book", Quantitative Finance 8(3), 217-224.

The mid price moves as dS = volatility dW (arithmetic), and a quote at distance d from it is filled at the rate
A exp(-fill_decay d). The market maker has exponential utility with constant risk aversion. All functions are closed
forms in floats, and unit-free: any unit of price, of inventory and of time will do, so long as

* volatility is price per square root of time,
* fill_decay is one over price,
* risk_aversion is one over (price times inventory), and one fill is one unit of inventory.

Where quotes are made, the volatility is squared by a product: that is the same on every machine, a power need not be.
"""

import math
from dataclasses import dataclass
from typing import Self

from orderbook._checks import require_int, require_not_negative, require_positive
from orderbook.errors import InventoryBoundError
from orderbook.quoting._horizon import seconds_left
from orderbook.quoting.protocol import MarketView, Quotes, quotes_outward
from orderbook.types import Instrument

_SECONDS_PER_YEAR = 365 * 86_400


def linear_reservation_price(mid_price: float, inventory: float, risk_aversion: float) -> float:
    """The toy form: the mid price less risk_aversion for each unit held; here risk_aversion is price per inventory."""
    return mid_price - risk_aversion * inventory


def reservation_price(
    mid_price: float, inventory: float, *, risk_aversion: float, volatility: float, time_left: float
) -> float:
    """The price at which holding the inventory to the horizon and having none are worth the same (section 2).

    Below the mid price when long, above it when short.
    """
    return mid_price - inventory * risk_aversion * (volatility * volatility) * time_left


def indifference_prices(
    mid_price: float, inventory: float, *, risk_aversion: float, volatility: float, time_left: float
) -> tuple[float, float]:
    """The bid and the ask at which one more unit leaves expected utility as it is (section 2).

    Their mean is the reservation price, and the mid price lies between them only without inventory.
    """
    unit = risk_aversion * (volatility * volatility) * time_left / 2
    return mid_price + (-1 - 2 * inventory) * unit, mid_price + (1 - 2 * inventory) * unit


def liquidity_half_spread(*, risk_aversion: float, fill_decay: float) -> float:
    """What is asked beyond indifference on each side: ln(1 + risk_aversion / fill_decay) / risk_aversion.

    It tends to 1 / fill_decay, the risk-neutral half-spread, as risk aversion vanishes.
    """
    return math.log1p(risk_aversion / fill_decay) / risk_aversion


def quoted_prices(
    mid_price: float,
    inventory: int,
    size: int,
    *,
    risk_aversion: float,
    volatility: float,
    fill_decay: float,
    time_left: float,
) -> tuple[float, float]:
    """The optimal bid and ask for `size` more lots, not yet rounded to ticks; the risk aversion is that of one lot."""
    unit_risk_aversion = risk_aversion * size
    bid, ask = indifference_prices(
        mid_price, inventory / size, risk_aversion=unit_risk_aversion, volatility=volatility, time_left=time_left
    )
    margin = liquidity_half_spread(risk_aversion=unit_risk_aversion, fill_decay=fill_decay)
    return bid - margin, ask + margin


def total_spread(*, risk_aversion: float, volatility: float, fill_decay: float, time_left: float) -> float:
    """Optimal ask less optimal bid; the same at any inventory (section 3)."""
    risk = risk_aversion * (volatility * volatility) * time_left
    return risk + 2 * liquidity_half_spread(risk_aversion=risk_aversion, fill_decay=fill_decay)


def mean_total_spread(*, risk_aversion: float, volatility: float, fill_decay: float, horizon: float) -> float:
    """The time average of the total spread from 0 to the horizon: the symmetric strategy of section 3.3 quotes it."""
    return total_spread(
        risk_aversion=risk_aversion, volatility=volatility, fill_decay=fill_decay, time_left=horizon / 2
    )


def fill_factor(distance: float, *, fill_decay: float) -> float:
    """The rate of fills at a distance from the mid price, as a share of the rate at the mid price itself."""
    return math.exp(-fill_decay * distance)


def infinite_horizon_indifference_prices(
    mid_price: float, inventory: float, *, risk_aversion: float, volatility: float, discount_rate: float
) -> tuple[float, float]:
    """The bid and the ask at which one more unit leaves discounted utility as it is, without a horizon.

    Holding q units for ever and discounting at the rate w (per time) is worth minus exp(-risk_aversion * wealth) over
    w - (risk_aversion volatility q)^2 / 2, which exists while that is positive. With D(q) for it, the bid is
    mid + ln(D(q + 1) / D(q)) / risk_aversion, and the ask is mid + ln(D(q) / D(q - 1)) / risk_aversion.

    The ask is the bid's mirror image. A form with (1 - 2q) inside the logarithm is often printed for it: that one
    agrees to first order only, and is still finite where one more sale has no finite price.

    Returns:
        Bid and ask; minus or plus infinity where one more unit would leave the range.

    Raises:
        InventoryBoundError: the inventory itself is outside the range.
    """
    here = _worth(inventory, risk_aversion, volatility, discount_rate)
    longer = _worth(inventory + 1, risk_aversion, volatility, discount_rate)
    shorter = _worth(inventory - 1, risk_aversion, volatility, discount_rate)
    if here <= 0:
        raise InventoryBoundError(inventory, math.sqrt(2 * discount_rate) / (risk_aversion * volatility))
    bid = mid_price + math.log(longer / here) / risk_aversion if longer > 0 else -math.inf
    ask = mid_price - math.log(shorter / here) / risk_aversion if shorter > 0 else math.inf
    return bid, ask


def _worth(quantity: float, risk_aversion: float, volatility: float, discount_rate: float) -> float:
    """Twice the w - (risk_aversion volatility q)^2 / 2 by which holding a quantity for ever is discounted."""
    risk = risk_aversion * volatility * quantity
    return 2 * discount_rate - risk * risk


def bounding_discount_rate(*, risk_aversion: float, volatility: float, max_inventory: float) -> float:
    """The discount rate the paper suggests: the one at which holding max_inventory + 1 units has no finite value."""
    return (risk_aversion * volatility * (max_inventory + 1)) ** 2 / 2


def volatility_from_annual(price: float, annual_volatility: float) -> float:
    """Arithmetic volatility near a price, in the price's unit per square root of a second.

    Args:
        price: in ticks, or any other unit.
        annual_volatility: standard deviation of a 365-day year's log return: 0.6 for 60 %.
    """
    return price * annual_volatility / math.sqrt(_SECONDS_PER_YEAR)


@dataclass(frozen=True, slots=True)
class AvellanedaStoikov:
    """Quotes around the reservation price that are optimal up to a horizon.

    One quote is the model's unit of inventory, so the risk aversion of one unit is `risk_aversion * size`.

    >>> strategy = AvellanedaStoikov(
    ...     risk_aversion=0.001, volatility=200, fill_decay=0.015, horizon_ns=1_000_000_000, size=1
    ... )
    >>> strategy.quote(MarketView(time_ns=0, fair_price=10_000, inventory=0))
    Quotes(bids=(Quote(price=9915, size=1),), asks=(Quote(price=10085, size=1),), absence=None)

    Attributes:
        risk_aversion: per tick and lot, the unit of wealth.
        volatility: ticks per square root of a second.
        fill_decay: per tick.
        horizon_ns: the last moment, on the clock of the view.
        size: lots on either side.
    """

    risk_aversion: float
    volatility: float
    fill_decay: float
    horizon_ns: int
    size: int

    def __post_init__(self) -> None:
        """Refuse parameters for which the model has no quotes.

        Raises:
            InvalidParameterError: a parameter that is not a finite number in its range.
        """
        require_positive("risk_aversion", self.risk_aversion)
        require_not_negative("volatility", self.volatility)
        require_positive("fill_decay", self.fill_decay)
        require_int("horizon_ns", self.horizon_ns, minimum=0)
        require_int("size", self.size, minimum=1)

    @classmethod
    def in_currency(
        cls,
        instrument: Instrument,
        *,
        risk_aversion: float,
        volatility: float,
        fill_decay: float,
        horizon_ns: int,
        size: int,
    ) -> Self:
        """The strategy from parameters in currencies instead of ticks and lots.

        Args:
            instrument: what ticks and lots are worth.
            risk_aversion: per unit of quote currency.
            volatility: quote currency per unit of base currency, per square root of a second.
            fill_decay: per quote currency per unit of base currency.
            horizon_ns: the last moment, on the clock of the view.
            size: lots on either side.
        """
        tick = float(instrument.tick_size)
        return cls(
            risk_aversion=risk_aversion * float(instrument.tick_size * instrument.lot_size),
            volatility=volatility / tick,
            fill_decay=fill_decay * tick,
            horizon_ns=horizon_ns,
            size=size,
        )

    def quote(self, view: MarketView) -> Quotes:
        """The indifference prices of one more quote, each moved out by the liquidity half-spread.

        Raises:
            HorizonPassedError: the view is after the horizon.
        """
        bid, ask = quoted_prices(
            float(view.fair_price),
            view.inventory,
            self.size,
            risk_aversion=self.risk_aversion,
            volatility=self.volatility,
            fill_decay=self.fill_decay,
            time_left=seconds_left(view.time_ns, self.horizon_ns),
        )
        return quotes_outward(bid, ask, self.size, self.size)


@dataclass(frozen=True, slots=True)
class AvellanedaStoikovInfiniteHorizon:
    """Quotes around the infinite-horizon reservation prices, within a bound on the inventory.

    The discount rate is the one the paper suggests, which makes the bound the last inventory that has a value. With it
    the volatility cancels out: what an inventory costs depends on how near the bound it is. One quote is the model's
    unit of inventory.

    Attributes:
        risk_aversion: per tick and lot, the unit of wealth.
        fill_decay: per tick.
        max_inventory: lots, either way; at it there is no quote that would go further.
        size: lots on either side, less where the bound is nearer.
    """

    risk_aversion: float
    fill_decay: float
    max_inventory: int
    size: int

    def __post_init__(self) -> None:
        """Refuse parameters for which the model has no quotes.

        Raises:
            InvalidParameterError: a parameter that is not a finite number in its range.
        """
        require_positive("risk_aversion", self.risk_aversion)
        require_positive("fill_decay", self.fill_decay)
        require_int("max_inventory", self.max_inventory, minimum=1)
        require_int("size", self.size, minimum=1)

    def quote(self, view: MarketView) -> Quotes:
        """The indifference prices of one more quote, each moved out by the liquidity half-spread.

        Raises:
            InventoryBoundError: the inventory is beyond the bound.
        """
        if abs(view.inventory) > self.max_inventory:
            raise InventoryBoundError(view.inventory, self.max_inventory)
        unit_risk_aversion = self.risk_aversion * self.size
        bid, ask = infinite_horizon_indifference_prices(
            float(view.fair_price),
            view.inventory / self.size,
            risk_aversion=unit_risk_aversion,
            volatility=1.0,
            discount_rate=bounding_discount_rate(
                risk_aversion=unit_risk_aversion, volatility=1.0, max_inventory=self.max_inventory / self.size
            ),
        )
        margin = liquidity_half_spread(risk_aversion=unit_risk_aversion, fill_decay=self.fill_decay)
        return quotes_outward(
            bid - margin,
            ask + margin,
            min(self.size, self.max_inventory - view.inventory),
            min(self.size, self.max_inventory + view.inventory),
        )
