"""Gueant, Lehalle and Fernandez-Tapia (2013), "Dealing with the inventory risk", Math. Finan. Econ. 7, 477-507.

The market of Avellaneda and Stoikov (2008), with the inventory bounded by Q either way: solved exactly (proposition 1
and theorem 1), and in closed form far from the horizon and the bound (theorem 2 and what follows it). So are two of the
paper's extensions: a drift of the mid price, and an impact by which every fill of the bid lowers it and every fill of
the ask raises it.

Functions and models are unit-free, as in `orderbook.quoting.avellaneda_stoikov`: one fill is one unit of inventory,
drift is price per time, and impact is price per fill.
"""

import math
from dataclasses import dataclass, field

from orderbook._checks import require_finite, require_int, require_not_negative, require_positive
from orderbook.quoting._horizon import seconds_left
from orderbook.quoting._inventory_values import Depths, InventoryValues, require_units, require_within
from orderbook.quoting.avellaneda_stoikov import liquidity_half_spread
from orderbook.quoting.protocol import MarketView, Quotes, quotes_outward


@dataclass(frozen=True, slots=True)
class GLFTModel:
    """The optimal quotes without a bound on the inventory and without a horizon: closed forms.

    Attributes:
        risk_aversion: one over (price times inventory).
        volatility: price per square root of time.
        fill_decay: one over price.
        arrival_intensity: fills per time for a quote at the mid price.
        drift: of the mid price, price per time.
        impact: by how much a fill moves the mid price against who was filled; price.
    """

    risk_aversion: float
    volatility: float
    fill_decay: float
    arrival_intensity: float
    drift: float = 0.0
    impact: float = 0.0

    def __post_init__(self) -> None:
        """Refuse parameters for which the model has no quotes.

        Raises:
            InvalidParameterError: a parameter that is not a finite number in its range.
        """
        for name in ("risk_aversion", "volatility", "fill_decay", "arrival_intensity"):
            require_positive(name, getattr(self, name))
        require_finite("drift", self.drift)
        require_not_negative("impact", self.impact)

    @property
    def fill_coupling(self) -> float:
        """The rate A (1 + risk_aversion / fill_decay)^-(1 + fill_decay / risk_aversion), less with impact; 1 / time."""
        exponent = (1 + self.fill_decay / self.risk_aversion) * math.log1p(self.risk_aversion / self.fill_decay)
        return self.arrival_intensity * math.exp(-exponent - self.fill_decay * self.impact / 2)

    @property
    def half_spread_without_risk(self) -> float:
        """What is asked on each side for liquidity and for the impact; price."""
        margin = liquidity_half_spread(risk_aversion=self.risk_aversion, fill_decay=self.fill_decay)
        return margin + self.impact / 2

    @property
    def skew_per_unit(self) -> float:
        """By how much both quotes move down with each unit of inventory; price."""
        squared = self.risk_aversion * self.volatility**2 / (2 * self.fill_decay * self.fill_coupling)
        return math.sqrt(squared)

    @property
    def spread(self) -> float:
        """Ask less bid, the same at any inventory; price."""
        return 2 * self.half_spread_without_risk + self.skew_per_unit

    @property
    def depth(self) -> float:
        """How far below and above the mid price to quote where neither side is favoured; price."""
        return self.half_spread_without_risk + self.skew_per_unit / 2

    @property
    def inventory_without_skew(self) -> float:
        """The inventory at which neither side is favoured; units."""
        return self.drift / (self.risk_aversion * self.volatility**2)

    def depths(self, inventory: float) -> Depths:
        """How far below and above the mid price to quote."""
        return leaning_depths(inventory, self.depth, self.skew_per_unit, self.inventory_without_skew)


def leaning_depths(inventory: float, depth: float, skew_per_unit: float, inventory_without_skew: float) -> Depths:
    """How far below and above the mid price to quote, both prices moved down by the skew of each unit held."""
    lean = skew_per_unit * (inventory - inventory_without_skew)
    return depth + lean, depth - lean


class GLFTSolution:
    """The optimal quotes with a bound on the inventory, exactly, at any time before a horizon.

    >>> model = GLFTModel(risk_aversion=0.01, volatility=0.3, fill_decay=0.3, arrival_intensity=0.9)
    >>> [round(depth, 6) for depth in GLFTSolution(model, max_inventory=30).depths(5, time_left=600)]
    [3.653479, 2.972522]

    Attributes:
        model: the parameters.
        max_inventory: units, either way.
        values: the solution of the equation, whose logarithms the depths are made of.
    """

    def __init__(self, model: GLFTModel, max_inventory: int) -> None:
        """Set up the equation; it is solved as far as it is asked for.

        Raises:
            InvalidParameterError: the bound is not a positive int.
        """
        require_int("max_inventory", max_inventory, minimum=1)
        self.model = model
        self.max_inventory = max_inventory
        risk = model.fill_decay * model.risk_aversion * model.volatility**2 / 2
        trend = model.fill_decay * model.drift
        inventories = range(-max_inventory, max_inventory + 1)
        self.values = InventoryValues(
            decay=[risk * inventory**2 - trend * inventory for inventory in inventories],
            coupling=model.fill_coupling,
            at_horizon=[-model.fill_decay * model.impact * inventory**2 / 2 for inventory in inventories],
        )

    def depths(self, inventory: float, time_left: float) -> Depths:
        """How far below and above the mid price to quote; infinite where a whole unit more would pass the bound.

        Between two whole inventories it is the line through the depths at both.
        """
        margin, decay = self.model.half_spread_without_risk, self.model.fill_decay
        return self.values.depths(inventory, time_left, margin=margin, fill_decay=decay)

    def certainty_equivalent(self, inventory: int, time_left: float) -> float:
        """The sure profit worth as much as quoting optimally to the horizon; price times inventory.

        The inventory itself is counted at the mid price.
        """
        log = self.values.log_value(inventory, time_left) / self.model.fill_decay
        return log + self.model.impact * inventory**2 / 2


@dataclass(frozen=True, slots=True)
class GLFT:
    """The exact quotes up to a horizon, within a bound on the inventory.

    One quote is the model's unit of inventory, so the risk aversion of one unit is `risk_aversion * size`. A quote that
    would take the inventory past the bound, filled whole, is absent.

    Attributes:
        risk_aversion: per tick and lot, the unit of wealth.
        volatility: ticks per square root of a second.
        fill_decay: per tick.
        arrival_intensity: fills per second for a quote at the mid price.
        horizon_ns: the last moment, on the clock of the view.
        max_inventory: lots, either way; a multiple of the size.
        size: lots on either side.
        drift: ticks per second.
        impact: ticks by which a fill moves the fair price against the market maker.
        solution: the model's quotes, in units of one quote.
    """

    risk_aversion: float
    volatility: float
    fill_decay: float
    arrival_intensity: float
    horizon_ns: int
    max_inventory: int
    size: int
    drift: float = 0.0
    impact: float = 0.0
    solution: GLFTSolution = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse parameters for which the model has no quotes.

        Raises:
            InvalidParameterError: a parameter that is not a finite number in its range, or a bound that is no multiple
                of the size.
        """
        units = require_units(self.max_inventory, self.size)
        require_int("horizon_ns", self.horizon_ns, minimum=0)
        require_positive("risk_aversion", self.risk_aversion)
        model = GLFTModel(
            risk_aversion=self.risk_aversion * self.size,
            volatility=self.volatility,
            fill_decay=self.fill_decay,
            arrival_intensity=self.arrival_intensity,
            drift=self.drift,
            impact=self.impact,
        )
        object.__setattr__(self, "solution", GLFTSolution(model, units))

    def quote(self, view: MarketView) -> Quotes:
        """The exact quotes at the view's time and inventory.

        Raises:
            HorizonPassedError: the view is after the horizon.
            InventoryBoundError: the inventory is beyond the bound.
        """
        require_within(view.inventory, self.max_inventory)
        left = seconds_left(view.time_ns, self.horizon_ns)
        bid_depth, ask_depth = self.solution.depths(view.inventory / self.size, left)
        fair = float(view.fair_price)
        return quotes_outward(fair - bid_depth, fair + ask_depth, self.size, self.size)


@dataclass(frozen=True, slots=True)
class GLFTAsymptotic:
    """The closed-form quotes far from the horizon, whatever the time and without a bound on the inventory.

    >>> GLFTAsymptotic(
    ...     risk_aversion=1e-4, volatility=30.0, fill_decay=0.003, arrival_intensity=0.9, size=1
    ... ).quote(MarketView(time_ns=0, fair_price=10_000, inventory=5)).spread
    664

    Attributes:
        risk_aversion: per tick and lot, the unit of wealth.
        volatility: ticks per square root of a second.
        fill_decay: per tick.
        arrival_intensity: fills per second for a quote at the mid price.
        size: lots on either side.
        drift: ticks per second.
        impact: ticks by which a fill moves the fair price against the market maker.
    """

    risk_aversion: float
    volatility: float
    fill_decay: float
    arrival_intensity: float
    size: int
    drift: float = 0.0
    impact: float = 0.0

    def __post_init__(self) -> None:
        """Refuse parameters for which the model has no quotes.

        Raises:
            InvalidParameterError: a parameter that is not a finite number in its range.
        """
        require_int("size", self.size, minimum=1)
        require_positive("risk_aversion", self.risk_aversion)
        self.model()

    def model(self) -> GLFTModel:
        """The model whose unit of inventory is one quote."""
        return GLFTModel(
            risk_aversion=self.risk_aversion * self.size,
            volatility=self.volatility,
            fill_decay=self.fill_decay,
            arrival_intensity=self.arrival_intensity,
            drift=self.drift,
            impact=self.impact,
        )

    def quote(self, view: MarketView) -> Quotes:
        """The quotes at the view's inventory."""
        bid_depth, ask_depth = self.model().depths(view.inventory / self.size)
        fair = float(view.fair_price)
        return quotes_outward(fair - bid_depth, fair + ask_depth, self.size, self.size)
