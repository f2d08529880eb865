"""A pool's curve in an order book: the lots between two prices, and a maker that quotes the curve anew."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from itertools import pairwise
from math import isqrt
from typing import TYPE_CHECKING, NamedTuple

from amm.math.sqrt_price_math import get_amount0_delta_rounding_down, get_amount1_delta_rounding_down
from amm.math.tick_math import MAX_SQRT_RATIO, MIN_SQRT_RATIO
from compare.errors import InputError
from compare.price_range import pool_sqrt_price_x96
from compare.venue import PIPS
from orderbook import Quote, Quotes

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compare.market import Market
    from orderbook import MarketView


class Piece(NamedTuple):
    """Liquidity between two square-root prices, Q64.96: a part of a pool's curve."""

    liquidity: int
    lower_sqrt_price_x96: int = MIN_SQRT_RATIO
    upper_sqrt_price_x96: int = MAX_SQRT_RATIO


def curve_lots(market: Market, liquidity: int, prices: Sequence[int]) -> tuple[int, ...]:
    """Return the lots that v3 liquidity trades between each two neighbouring prices, rounded down.

    A grid of these prices and lots is the pool's position in a book (O-50).

    Args:
        market: Units.
        liquidity: The pool's, in its own units.
        prices: Ticks, rising.
    """
    return lots_of_pieces(market, [Piece(liquidity)], prices)


def lots_of_pieces(market: Market, pieces: Sequence[Piece], prices: Sequence[int]) -> tuple[int, ...]:
    """Return the same for liquidity that differs along the curve, each piece's lots rounded down."""
    roots = [pool_sqrt_price_x96(market, ticks * market.tick_size) for ticks in prices]
    lots = [0] * (len(prices) - 1)
    base_between = get_amount0_delta_rounding_down if market.base_is_token0 else get_amount1_delta_rounding_down
    for liquidity, lower, upper in pieces:
        within = (min(max(root, lower), upper) for root in roots)
        for place, (one, other) in enumerate(pairwise(within)):
            lots[place] += base_between(one, other, liquidity) // market.instrument.base_units_per_lot
    return tuple(lots)


@dataclass(frozen=True, slots=True)
class RequotedCurve:
    """A maker that offers a pool's curve around the fair price it sees: the pool's depth and fee, but never its delay.

    The curve is cut into levels that stand at fixed prices, each of the lots between two edges at their geometric mean
    (bids rounded down, asks up), which is what the curve charges for them. Quoted are the levels that a pool at the
    fair price would offer beyond its fee: asks from S / (1 - fee) up, bids from S (1 - fee) down. Inventory and time
    play no part.

    Attributes:
        edges: Ticks, rising.
        lots: Of each level, so one fewer.
        fee_pips: As a pool's fee, pips.
        shown: At most so many levels are quoted on each side.
    """

    edges: tuple[int, ...]
    lots: tuple[int, ...]
    fee_pips: int
    shown: int
    _bids: tuple[Quote, ...] = field(init=False, repr=False, compare=False)
    _asks: tuple[Quote, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Cut the levels.

        Raises:
            InputError: The edges do not rise, a level has no lots, or a number is out of range.
        """
        if len(self.lots) != len(self.edges) - 1 or not self.lots or min(self.lots) < 1:
            problem = f"{len(self.lots)} levels between {len(self.edges)} edges"
            raise InputError(problem, place="lots", remedy="give each level between two edges one lot or more")
        if any(high <= low for low, high in pairwise(self.edges)) or self.edges[0] < 1:
            raise InputError("edges do not rise", place="edges", remedy="positive ticks, each above the last")
        if not 0 <= self.fee_pips < PIPS:
            raise InputError(f"{self.fee_pips} is no fee", place="fee_pips", remedy=f"give 0 to {PIPS - 1} pips")
        if self.shown < 1:
            raise InputError(f"{self.shown} levels are none", place="shown", remedy="show one level or more")
        squares = [low * high for low, high in pairwise(self.edges)]
        bids = map(Quote, (isqrt(square) for square in squares), self.lots)  # rounded down
        asks = map(Quote, (isqrt(square - 1) + 1 for square in squares), self.lots)  # rounded up
        object.__setattr__(self, "_bids", tuple(bids))
        object.__setattr__(self, "_asks", tuple(asks))

    @classmethod
    def of(
        cls, market: Market, liquidity: int, *, price: int, step_pips: int, levels: int, fee_pips: int, shown: int
    ) -> RequotedCurve:
        """Return the strategy for a pool's liquidity, with levels a constant ratio apart on either side of a price.

        Args:
            market: Units.
            liquidity: The pool's, in its own units.
            price: Ticks.
            step_pips: From one edge to the next, pips of the price.
            levels: On either side.
            fee_pips: As the pool's fee.
            shown: At most so many levels are quoted on each side.
        """
        above, below = [price], [price]
        for _ in range(levels):
            above.append(above[-1] + above[-1] * step_pips // PIPS)
            below.append(below[-1] - below[-1] * step_pips // PIPS)
        edges = (*reversed(below[1:]), *above)
        return cls(edges, curve_lots(market, liquidity, edges), fee_pips, shown)

    def __str__(self) -> str:
        """Say what is quoted."""
        return f"a pool's curve around the fair price, fee {self.fee_pips / 100:g} bp"

    def quote(self, view: MarketView) -> Quotes:
        """Quote the levels outside the band around the fair price that the fee makes."""
        keep = PIPS - self.fee_pips
        bid_from = bisect_right(self._bids, view.fair_price * keep // PIPS, key=_price)  # at most S (1 - fee)
        ask_from = bisect_left(self._asks, -(-view.fair_price * PIPS // keep), key=_price)  # at least S / (1 - fee)
        bids = self._bids[max(bid_from - self.shown, 0) : bid_from][::-1]
        return Quotes(bids, self._asks[ask_from : ask_from + self.shown])


def _price(quote: Quote) -> int:
    return quote.price
