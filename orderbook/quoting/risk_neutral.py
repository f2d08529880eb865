"""The half-spread of a market maker who minds neither risk nor inventory: what a quote earns, times how often it fills.

With fills at the rate A exp(-fill_decay d) at distance d, and an absolute rebate on every fill, the gain
(d + rebate) A exp(-fill_decay d) is greatest at d = 1 / fill_decay - rebate: competition or not, the whole rebate is
passed on to takers.
"""

from dataclasses import dataclass

from orderbook._checks import require_finite, require_int, require_positive
from orderbook.errors import InvalidParameterError
from orderbook.fees import PIPS
from orderbook.quoting.protocol import MarketView, Quotes, quotes_outward


def risk_neutral_half_spread(fill_decay: float, rebate: float = 0.0) -> float:
    """The distance at which a quote earns most, in the price's unit; negative where the rebate is worth more.

    Args:
        fill_decay: one over price.
        rebate: paid by the venue on every fill, in the price's unit; negative for a maker fee.
    """
    require_positive("fill_decay", fill_decay)
    require_finite("rebate", rebate)
    return 1 / fill_decay - rebate


def monopoly_half_spread(demand_at_zero: float, demand_slope: float) -> float:
    """The distance at which a quote earns most if its fills fall linearly: demand_at_zero - demand_slope * distance.

    Both sides together are Ho and Stoll's monopoly part of the spread, demand_at_zero / demand_slope.
    """
    require_positive("demand_at_zero", demand_at_zero)
    require_positive("demand_slope", demand_slope)
    return demand_at_zero / demand_slope / 2


@dataclass(frozen=True, slots=True)
class RiskNeutral:
    """Quotes at the distances that earn most, rebate included, around the fair price and whatever the inventory.

    A rebate that is a share of a quote's own price pays a little less on the bid than on the ask, and each distance is
    the best for its own side: 1 / fill_decay - fair_price * rebate / (1 -+ rebate).

    Attributes:
        fill_decay: per tick.
        size: lots on either side.
        maker_rebate_pips: of the venue's fee schedule.
    """

    fill_decay: float
    size: int
    maker_rebate_pips: int = 0

    def __post_init__(self) -> None:
        """Refuse parameters out of range.

        Raises:
            InvalidParameterError: a parameter is out of range.
        """
        require_positive("fill_decay", self.fill_decay)
        require_int("size", self.size, minimum=1)
        if type(self.maker_rebate_pips) is not int or not -PIPS < self.maker_rebate_pips < PIPS:
            raise InvalidParameterError(
                "maker_rebate_pips", self.maker_rebate_pips, f"an int between -{PIPS} and {PIPS}"
            )

    def quote(self, view: MarketView) -> Quotes:
        """The best distance on either side.

        Raises:
            InvalidParameterError: the rebate is worth so much that the bid would not be below the ask.
        """
        fair, rebate = float(view.fair_price), self.maker_rebate_pips
        bid_distance = risk_neutral_half_spread(self.fill_decay, fair * rebate / (PIPS - rebate))
        ask_distance = risk_neutral_half_spread(self.fill_decay, fair * rebate / (PIPS + rebate))
        return quotes_outward(fair - bid_distance, fair + ask_distance, self.size, self.size)
