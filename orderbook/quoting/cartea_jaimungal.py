"""Cartea, Jaimungal and Penalva (2015), "Algorithmic and High-Frequency Trading", chapter 10: market making.

A market maker without risk aversion who dislikes inventory: of its expected terminal wealth it gives up
running_penalty * q^2 for every unit of time it holds q, and terminal_penalty * q^2 at the horizon. With fills as in
Avellaneda and Stoikov (2008), the optimal quotes within a bound on the inventory are exact for any time before the
horizon: with h_q = ln(v_q) / fill_decay, the bid is 1 / fill_decay + h_q - h_{q+1} below the mid price.

Functions and models are unit-free: one fill is one unit of inventory.
"""

import math
from dataclasses import dataclass, field

from orderbook._checks import require_int, require_not_negative, require_positive
from orderbook.quoting._horizon import seconds_left
from orderbook.quoting._inventory_values import Depths, InventoryValues, require_units, require_within
from orderbook.quoting.protocol import MarketView, Quotes, quotes_outward


class CarteaJaimungalSolution:
    """The optimal quotes with a bound on the inventory, exactly, at any time before a horizon.

    >>> solution = CarteaJaimungalSolution(
    ...     fill_decay=1.5, arrival_intensity=140, running_penalty=0.01, terminal_penalty=0.001, max_inventory=100
    ... )
    >>> round(solution.value(0, time_left=1), 6), round(solution.depths(0, time_left=1)[0], 6)
    (68.255835, 0.672137)

    Attributes:
        fill_decay: one over price.
        max_inventory: units, either way.
        values: the solution of the equation, whose logarithms the depths are made of.
    """

    def __init__(
        self,
        *,
        fill_decay: float,
        arrival_intensity: float,
        running_penalty: float,
        terminal_penalty: float,
        max_inventory: int,
    ) -> None:
        """Set up the equation; it is solved as far as it is asked for.

        Args:
            fill_decay: one over price.
            arrival_intensity: fills per time for a quote at the mid price.
            running_penalty: price per (inventory times time).
            terminal_penalty: price per inventory: giving up q units at the horizon costs this times q on each.
            max_inventory: units, either way.

        Raises:
            InvalidParameterError: a parameter that is not a finite number in its range.
        """
        require_positive("fill_decay", fill_decay)
        require_positive("arrival_intensity", arrival_intensity)
        require_not_negative("running_penalty", running_penalty)
        require_not_negative("terminal_penalty", terminal_penalty)
        require_int("max_inventory", max_inventory, minimum=1)
        self.fill_decay = fill_decay
        self.max_inventory = max_inventory
        inventories = range(-max_inventory, max_inventory + 1)
        self.values = InventoryValues(
            decay=[running_penalty * fill_decay * inventory**2 for inventory in inventories],
            coupling=arrival_intensity / math.e,
            at_horizon=[-terminal_penalty * fill_decay * inventory**2 for inventory in inventories],
        )

    def value(self, inventory: int, time_left: float) -> float:
        """What quoting optimally to the horizon is expected to add, penalties taken off; price times inventory.

        The inventory itself is counted at the mid price.
        """
        return self.values.log_value(inventory, time_left) / self.fill_decay

    def depths(self, inventory: float, time_left: float) -> Depths:
        """How far below and above the mid price to quote; infinite where a whole unit more would pass the bound.

        Between two whole inventories it is the line through the depths at both.
        """
        return self.values.depths(inventory, time_left, margin=1 / self.fill_decay, fill_decay=self.fill_decay)


@dataclass(frozen=True, slots=True)
class CarteaJaimungal:
    """The optimal quotes up to a horizon, within a bound on the inventory.

    One quote is the model's unit of inventory, so the penalties on one unit are those on one lot times `size`. A quote
    that would take the inventory past the bound, filled whole, is absent.

    Attributes:
        fill_decay: per tick.
        arrival_intensity: fills per second for a quote at the fair price.
        running_penalty: ticks per lot and second.
        terminal_penalty: ticks per lot.
        horizon_ns: the last moment, on the clock of the view.
        max_inventory: lots, either way; a multiple of the size.
        size: lots on either side.
        solution: the model's quotes, in units of one quote.
    """

    fill_decay: float
    arrival_intensity: float
    running_penalty: float
    terminal_penalty: float
    horizon_ns: int
    max_inventory: int
    size: int
    solution: CarteaJaimungalSolution = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse parameters for which the model has no quotes.

        Raises:
            InvalidParameterError: a parameter that is not a finite number in its range, or a bound that is no multiple
                of the size.
        """
        units = require_units(self.max_inventory, self.size)
        require_int("horizon_ns", self.horizon_ns, minimum=0)
        require_not_negative("running_penalty", self.running_penalty)
        require_not_negative("terminal_penalty", self.terminal_penalty)
        solution = CarteaJaimungalSolution(
            fill_decay=self.fill_decay,
            arrival_intensity=self.arrival_intensity,
            running_penalty=self.running_penalty * self.size,
            terminal_penalty=self.terminal_penalty * self.size,
            max_inventory=units,
        )
        object.__setattr__(self, "solution", solution)

    def quote(self, view: MarketView) -> Quotes:
        """The optimal quotes at the view's time and inventory.

        Raises:
            HorizonPassedError: the view is after the horizon.
            InventoryBoundError: the inventory is beyond the bound.
        """
        require_within(view.inventory, self.max_inventory)
        left = seconds_left(view.time_ns, self.horizon_ns)
        bid_depth, ask_depth = self.solution.depths(view.inventory / self.size, left)
        fair = float(view.fair_price)
        return quotes_outward(fair - bid_depth, fair + ask_depth, self.size, self.size)
