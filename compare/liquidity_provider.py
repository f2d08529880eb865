"""A passive liquidity provider, as an experiment describes it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amm import UniswapV3Pool
from amm.math.sqrt_price_math import get_amount0_delta_rounding_up, get_amount1_delta_rounding_up
from amm.math.tick_math import get_sqrt_ratio_at_tick
from compare.errors import InputError
from compare.pool_venue import PoolVenue
from compare.price_range import PriceRange, pool_sqrt_price_x96

if TYPE_CHECKING:
    from compare.market import Market

TICK_SPACING = {100: 1, 500: 10, 3_000: 60, 10_000: 200}
"""Tick spacing of each fee tier (pips) of the mainnet factory."""

_MOST_LIQUIDITY = 2**127


@dataclass(frozen=True, slots=True)
class LiquidityProvider:
    """One position in a pool of its own.

    Attributes:
        price_range: The position's price range, or the text that `PriceRange.parse` reads.
        fee: The pool's fee tier, pips of what a taker pays in.
        name: The provider's name in results.
    """

    price_range: PriceRange | str = "10%"
    fee: int = 3_000
    name: str = "liquidity provider"

    def __post_init__(self) -> None:
        """Check the range and the fee tier."""
        _ = self._range
        if self.fee not in TICK_SPACING:
            tiers = ", ".join(map(str, TICK_SPACING))
            raise InputError(f"{self.fee} is no fee tier", place="fee", remedy=f"use one of {tiers} pips")

    @property
    def _range(self) -> PriceRange:
        return PriceRange.parse(self.price_range) if isinstance(self.price_range, str) else self.price_range

    def __str__(self) -> str:
        """Say what the position is."""
        return f"passive position, range {self._range.text}, in a pool with a fee of {self.fee / 100:g} bp"

    def open(self, market: Market, fair_ticks: int, capital: int, gas: int) -> PoolVenue:
        """Open the pool at the fair price and put all capital into the position.

        Args:
            market: Units.
            fair_ticks: First fair price, ticks.
            capital: Wealth units.
            gas: Wealth units an arbitrageur pays for a swap.

        Raises:
            InputError: The range does not suit the pool, or the capital does not buy one unit of liquidity.
        """
        spacing = TICK_SPACING[self.fee]
        lower, upper = self._range.to_ticks(market, fair_ticks, spacing)
        sqrt_price = pool_sqrt_price_x96(market, fair_ticks * market.tick_size)
        liquidity = most_liquidity(market, fair_ticks, sqrt_price, (lower, upper), capital)
        if not liquidity:
            price = market.price_float(fair_ticks)
            money = market.quote_float(capital)
            raise InputError(f"{money:g} buys no liquidity in {self._range.text} at {price:g}", place="capital")
        pool = UniswapV3Pool(self.fee, spacing)
        pool.initialize(sqrt_price)
        return PoolVenue(
            self.name,
            pool,
            market,
            tick_lower=lower,
            tick_upper=upper,
            liquidity=liquidity,
            fair_ticks=fair_ticks,
            gas=gas,
        )


def most_liquidity(market: Market, fair_ticks: int, sqrt_price_x96: int, ticks: tuple[int, int], capital: int) -> int:
    """Return the most liquidity whose mint costs at most `capital` wealth units at the fair price."""
    low, high = get_sqrt_ratio_at_tick(ticks[0]), get_sqrt_ratio_at_tick(ticks[1])
    inside = min(max(sqrt_price_x96, low), high)

    def cost(liquidity: int) -> int:
        amount0 = get_amount0_delta_rounding_up(inside, high, liquidity)
        amount1 = get_amount1_delta_rounding_up(low, inside, liquidity)
        base, quote = market.as_base_quote(amount0, amount1)
        return market.cash(quote) + market.value(base, fair_ticks)

    enough, too_much = 0, _MOST_LIQUIDITY  # the cost of no liquidity is nothing
    while too_much - enough > 1:
        middle = (enough + too_much) // 2
        if cost(middle) <= capital:
            enough = middle
        else:
            too_much = middle
    return enough
