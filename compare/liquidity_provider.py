"""A liquidity provider in a Uniswap v3 pool, as an experiment describes it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from amm.math.tick_math import get_sqrt_ratio_at_tick
from amm.uniswap_v3.pool import MAX_TICK_SPACING
from compare.errors import InputError
from compare.liquidity import most_liquidity
from compare.pool_position import PoolPosition, Range
from compare.price_range import PriceRange
from compare.provider_book import NOTHING, Amounts
from compare.venue import PIPS

if TYPE_CHECKING:
    from amm import UniswapV3Pool
    from compare.market import Market
    from compare.pool_venue import PoolVenue

TICK_SPACING = {100: 1, 500: 10, 3_000: 60, 10_000: 200}
"""Tick spacing of each fee tier (pips) of the mainnet factory."""

_PIPS_PER_BPS = 100
Ranges = PriceRange | str | tuple[PriceRange | str, ...]


@dataclass(frozen=True, slots=True)
class LiquidityProvider:
    """Liquidity in one range or several, left alone or re-centred.

    Attributes:
        price_range: The range, or the text that `PriceRange.parse` reads, or a tuple of them: a ladder, the same value
            in each.
        fee: The pool's fee, pips of what a taker pays in.
        recentre: Whether to leave and mint anew around the fair price when the pool's price has left every range;
            looked at on the makers' clock. What the new ranges need is traded outside.
        outside_cost_bps: What a trade outside costs, basis points of its value.
        gas: Quote tokens paid each time the ranges are moved.
        name: The provider's name in results.
        tick_spacing: The pool's; None is that of the mainnet factory's fee tier. With it, any fee will do, zero too.
    """

    price_range: Ranges = "10%"
    fee: int = 3_000
    recentre: bool = False
    outside_cost_bps: float = 0.0
    gas: float = 0.0
    name: str = "liquidity provider"
    tick_spacing: int | None = None

    def __post_init__(self) -> None:
        """Check the ranges, the fee and the costs."""
        if not self.ranges:
            raise InputError("there is no range", place="price_range", remedy="give at least one")
        if self.tick_spacing is None and self.fee not in TICK_SPACING:
            tiers = ", ".join(map(str, TICK_SPACING))
            remedy = f"use one of {tiers} pips, or give the tick spacing too"
            raise InputError(f"{self.fee} is no fee tier", place="fee", remedy=remedy)
        if not 0 <= self.fee < PIPS:
            raise InputError(f"{self.fee} is no fee", place="fee", remedy=f"give 0 to {PIPS - 1} pips")
        if not 1 <= self.spacing <= MAX_TICK_SPACING:
            problem, remedy = f"{self.spacing} is no tick spacing", f"give 1 to {MAX_TICK_SPACING}"
            raise InputError(problem, place="tick_spacing", remedy=remedy)
        for key, value in (("outside_cost_bps", self.outside_cost_bps), ("gas", self.gas)):
            if not 0 <= value < math.inf:
                raise InputError(f"{value} is no cost", place=key, remedy="give zero or more")

    @property
    def ranges(self) -> tuple[PriceRange, ...]:
        """The ranges, parsed."""
        given = self.price_range if isinstance(self.price_range, tuple) else (self.price_range,)
        return tuple(PriceRange.parse(one) if isinstance(one, str) else one for one in given)

    @property
    def spacing(self) -> int:
        """The pool's tick spacing."""
        return TICK_SPACING[self.fee] if self.tick_spacing is None else self.tick_spacing

    def __str__(self) -> str:
        """Say what the liquidity does."""
        kind = "re-centred" if self.recentre else "passive"
        ranges = ", ".join(one.text for one in self.ranges)
        return f"{kind} liquidity, range {ranges}, in a pool with a fee of {self.fee / _PIPS_PER_BPS:g} bp"

    def enter(self, venue: PoolVenue, fair_ticks: int, capital: int) -> None:
        """Put a capital, wealth units, into the ranges.

        Raises:
            InputError: A range does not suit the pool, or the capital does not buy one unit of liquidity in it.
        """
        market = venue.market
        position = PoolPosition(self.name, market, NOTHING)
        ranges = self.tick_ranges(market, fair_ticks, venue.pool.tick_spacing)
        for bounds, wanted in zip(ranges, self.ranges, strict=True):
            liquidity = _liquidity(venue.pool, market, bounds, fair_ticks, capital // len(ranges))
            if not liquidity:
                money, price = market.quote_float(capital), market.price_float(fair_ticks)
                raise InputError(f"{money:g} buys no liquidity in {wanted.text} at {price:g}", place="capital")
            position.mint(venue.pool, bounds, liquidity)
        position.pocket = NOTHING  # it brings what the positions cost, and nothing else
        venue.enter(_Recentring(self, position) if self.recentre else _Passive(position))

    def tick_ranges(self, market: Market, fair_ticks: int, tick_spacing: int) -> list[Range]:
        """Return the pool's ticks of every range around a fair price.

        Raises:
            InputError: A range does not suit the pool.
        """
        return [one.to_ticks(market, fair_ticks, tick_spacing) for one in self.ranges]


class _Passive:
    """Positions that are left alone."""

    def __init__(self, position: PoolPosition) -> None:
        self.position = position

    def refresh(self, venue: PoolVenue, time_ns: int, fair_ticks: int) -> None:
        """Do nothing."""


class _Recentring:
    """Positions that follow the price."""

    def __init__(self, setting: LiquidityProvider, position: PoolPosition) -> None:
        self.setting = setting
        self.position = position

    def refresh(self, venue: PoolVenue, time_ns: int, fair_ticks: int) -> None:
        """Leave and mint around the fair price once the pool's price is in no range."""
        tick, position = venue.pool.slot0.tick, self.position
        if any(lower <= tick < upper for lower, upper in position.ranges):
            return
        market, setting = venue.market, self.setting
        position.leave(venue.pool)
        spare = 1 + len(setting.ranges)  # roundings of the mints and of the trade outside
        wealth = market.cash(position.pocket.quote - spare) + market.value(position.pocket.base - spare, fair_ticks)
        wealth = wealth * (PIPS - self._cost_pips) // PIPS
        ranges = setting.tick_ranges(market, fair_ticks, venue.pool.tick_spacing)
        share = max(wealth, 0) // len(ranges)
        mints = [(bounds, _liquidity(venue.pool, market, bounds, fair_ticks, share)) for bounds in ranges]
        outside = self._trade_outside(venue, fair_ticks, mints)
        position.pocket = position.pocket.plus(outside)
        for bounds, liquidity in mints:
            if liquidity:
                position.mint(venue.pool, bounds, liquidity)
        venue.move(position, time_ns, fair_ticks, outside, int(setting.gas * 10**market.instrument.quote_decimals))

    @property
    def _cost_pips(self) -> int:
        return round(self.setting.outside_cost_bps * _PIPS_PER_BPS)

    def _trade_outside(self, venue: PoolVenue, fair_ticks: int, mints: list[tuple[Range, int]]) -> Amounts:
        """Return the trade at the fair price that leaves the base tokens the mints need."""
        need = sum(_cost(venue.pool, venue.market, bounds, liquidity).base for bounds, liquidity in mints)
        base = need - self.position.pocket.base
        price = PIPS + self._cost_pips if base > 0 else PIPS - self._cost_pips
        value = venue.market.value(base, fair_ticks) * price
        # Rounded down, which is against the provider: what it pays goes up, what it receives down.
        return Amounts(base, -value // (PIPS * venue.market.cash(1)))


def _sqrt_prices(pool: UniswapV3Pool, bounds: Range) -> tuple[int, int, int]:
    return get_sqrt_ratio_at_tick(bounds[0]), pool.slot0.sqrt_price_x96, get_sqrt_ratio_at_tick(bounds[1])


def _liquidity(pool: UniswapV3Pool, market: Market, bounds: Range, fair_ticks: int, capital: int) -> int:
    """Return the most liquidity whose mint costs at most `capital` wealth units at the fair price."""

    def affordable(amount0: int, amount1: int) -> bool:
        base, quote = market.as_base_quote(amount0, amount1)
        return market.cash(quote) + market.value(base, fair_ticks) <= capital

    return most_liquidity(_sqrt_prices(pool, bounds), affordable)


def _cost(pool: UniswapV3Pool, market: Market, bounds: Range, liquidity: int) -> Amounts:
    """Return what minting would cost, by minting on a copy."""
    if not liquidity:
        return NOTHING
    return Amounts(*market.as_base_quote(*pool.copy().mint("cost", *bounds, liquidity)))
