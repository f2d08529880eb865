"""What an inventory cost: a running average over the fills that built it, in integers."""

from dataclasses import dataclass
from fractions import Fraction

from orderbook.types import Fill


@dataclass(frozen=True, slots=True)
class CostBasis:
    """A signed inventory and the cash it took, fees and rebates included.

    A fill that adds to the inventory adds its cash. One that takes from it takes the same share of the cost; the cost
    that stays is rounded up to a whole quote unit, which is against the market maker, long or short. A fill that takes
    more than there is leaves an inventory of the other sign, at the fill's own price.

    Attributes:
        inventory: lots beyond the target; negative when short.
        cost: quote units paid for it; negative, received, when short. None when it is not known.
        quote_units_per_tick_lot: of the instrument; 0 before the first fill.
    """

    inventory: int = 0
    cost: int | None = 0
    quote_units_per_tick_lot: int = 0

    def after(self, fill: Fill, owner: str) -> "CostBasis":
        """The basis once the owner's part of a fill is booked."""
        lots = fill.inventory_change(owner)
        if not lots:
            return self
        unit = fill.notional // (fill.price * fill.size)
        inventory, paid = self.inventory + lots, -fill.cash_change(owner)
        if inventory * self.inventory < 0:
            # Through zero: of what the fill cost, the share of its lots that are left. -(-a // b) rounds up.
            return CostBasis(inventory, -(-paid * inventory // lots), unit)
        if self.cost is None:
            return CostBasis(inventory, None if inventory else 0, unit)
        if self.inventory * lots >= 0:
            return CostBasis(inventory, self.cost + paid, unit)
        return CostBasis(inventory, -(-self.cost * inventory // self.inventory), unit)

    @property
    def average_cost(self) -> Fraction | None:
        """Ticks that one lot cost, or was sold for; None without an inventory, or when that is not known."""
        if not self.inventory or self.cost is None or not self.quote_units_per_tick_lot:
            return None
        return Fraction(self.cost, self.inventory * self.quote_units_per_tick_lot)
