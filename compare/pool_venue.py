"""A Uniswap v3 pool with one liquidity provider, as a venue of the comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING

from amm.accounting import position_amounts, uncollected_fees
from amm.arbitrage import arbitrage_limit
from amm.math.price import sqrt_price_x96_rounding_down, sqrt_price_x96_rounding_up
from amm.math.tick_math import MAX_SQRT_RATIO, MIN_SQRT_RATIO, get_sqrt_ratio_at_tick
from compare.ledger import NOTHING, Amounts, FlowKind, Ledger, Trade
from compare.venue import BUY, PIPS, SELL, TakerOrder, all_in_limit

if TYPE_CHECKING:
    from amm import SwapResult, UniswapV3Pool
    from compare.market import Market

OWNER = "liquidity provider"
_ALL = 2**127  # more than any pool holds; the price limit ends the swap
NANOSECONDS = 1_000_000_000


class PoolVenue:
    """The pool's world: swaps are the contract's, claims are what a withdrawal would pay.

    Args:
        name: The provider's name in results.
        pool: An initialized pool without liquidity.
        market: Units.
        tick_lower: Lower tick of the position.
        tick_upper: Upper tick of the position.
        liquidity: Liquidity of the position.
        fair_ticks: First fair price, ticks.
        gas: Wealth units an arbitrageur pays for a swap.
    """

    def __init__(
        self,
        name: str,
        pool: UniswapV3Pool,
        market: Market,
        *,
        tick_lower: int,
        tick_upper: int,
        liquidity: int,
        fair_ticks: int,
        gas: int = 0,
    ) -> None:
        """Mint the position and open the books: the endowment is what the position could withdraw at once."""
        self.name = name
        self.pool = pool
        self.market = market
        self.range = (tick_lower, tick_upper)
        self.gas = gas
        pool.mint(OWNER, tick_lower, tick_upper, liquidity)
        self._principal, self._fees = self._claims()
        self._venue = NOTHING
        self._dust = self._dust_amounts()
        self._settled: int | None = None  # the fair price at which the last arbitrage left nothing
        self.ledger = Ledger(market, fair_ticks, self.withdrawable(), dust=self._dust)

    # The venue's own sources.

    def _claims(self) -> tuple[Amounts, Amounts]:
        """Return the position's principal and its uncollected fees."""
        lower, upper = self.range
        principal = position_amounts(self.pool, OWNER, lower, upper)
        fees = uncollected_fees(self.pool, OWNER, lower, upper)
        return Amounts(*self.market.as_base_quote(*principal)), Amounts(*self.market.as_base_quote(*fees))

    def _venue_amounts(self) -> Amounts:
        held = self.pool.protocol_fees
        return Amounts(*self.market.as_base_quote(held.token0, held.token1))

    def _dust_amounts(self) -> Amounts:
        """Return what the pool holds beyond every claim: the sum of all roundings so far."""
        base, quote = self.market.as_base_quote(self.pool.balance0, self.pool.balance1)
        claims = (self._principal, self._fees, self._venue)
        return Amounts(base - sum(c.base for c in claims), quote - sum(c.quote for c in claims))

    def withdrawable(self) -> Amounts:
        """Burn and collect on a copy of the pool: what the provider would leave with."""
        pool, (lower, upper) = self.pool.copy(), self.range
        pool.burn(OWNER, lower, upper, pool.positions[OWNER, lower, upper].liquidity)
        most = 2**128 - 1
        return Amounts(*self.market.as_base_quote(*pool.collect(OWNER, lower, upper, most, most)))

    def touch(self) -> tuple[float | None, float | None]:
        """Return the marginal prices after fees; none where the position is out of range."""
        if not self.pool.liquidity:
            return None, None
        price, keep = self._price_float(self.pool.slot0.sqrt_price_x96), 1 - self.pool.fee / PIPS
        return price * keep, price / keep

    def price_range(self) -> tuple[float, float]:
        """Return the position's bounds as prices."""
        lower, upper = sorted(self._price_float(get_sqrt_ratio_at_tick(tick)) for tick in self.range)
        return lower, upper

    def _price_float(self, sqrt_price_x96: int) -> float:
        """Return a square-root price as quote tokens per base token."""
        ratio, spec = (sqrt_price_x96 / 2**96) ** 2, self.market.instrument
        units = ratio if self.market.base_is_token0 else 1 / ratio
        return units * 10.0 ** (spec.base_decimals - spec.quote_decimals)

    # Trading.

    def refresh(self, time_ns: int, fair_ticks: int) -> None:
        """Do nothing: this provider is passive."""

    def arbitrage(self, time_ns: int, fair_ticks: int) -> None:
        """Trade to the edge of the no-arbitrage band when that pays for its gas."""
        if fair_ticks == self._settled:
            return
        self._settled = fair_ticks
        edge = arbitrage_limit(self.pool.slot0.sqrt_price_x96, self.pool.fee, self.market.pool_price(fair_ticks))
        if edge is None:
            return
        taker = self._taker_amounts(self.pool.quote(edge.zero_for_one, _ALL, edge.sqrt_price_limit_x96))
        profit = self.market.cash(taker.quote) + self.market.value(taker.base, fair_ticks)
        if profit > self.gas:
            order = TakerOrder(time_ns, BUY if taker.base > 0 else SELL, 0, 0, FlowKind.ARBITRAGE, -1)
            self._swap(order, fair_ticks, (edge.zero_for_one, _ALL, edge.sqrt_price_limit_x96))

    def take(self, order: TakerOrder, fair_ticks: int) -> None:
        """Swap for the order's base amount, exactly, or up to the order's all-in price."""
        buy, keep = order.side == BUY, PIPS - self.pool.fee
        all_in = all_in_limit(order, fair_ticks)
        limit = self._limit(all_in * keep, PIPS * PIPS, buy=True) if buy else self._limit(all_in, keep, buy=False)
        if not self._reachable(buy=buy, limit=limit):
            return
        base = self.market.base_units(order.lots)
        swap = (self._zero_for_one(buy=buy), -base if buy else base, limit)
        if self._swap(order, fair_ticks, swap):
            self._settled = None

    def _swap(self, order: TakerOrder, fair_ticks: int, swap: tuple[bool, int, int]) -> bool:
        """Swap and book it; say whether anything traded."""
        self.pool.block_timestamp = order.time_ns // NANOSECONDS
        taker = self._taker_amounts(self.pool.swap(*swap))
        before = (self._principal, self._fees, self._venue, self._dust)
        self._principal, self._fees = self._claims()
        self._venue = self._venue_amounts()
        self._dust = self._dust_amounts()
        principal, fee, venue, dust = (
            Amounts(new.base - old.base, new.quote - old.quote)
            for new, old in zip((self._principal, self._fees, self._venue, self._dust), before, strict=True)
        )
        if taker == NOTHING:
            return False
        provider = Amounts(principal.base + fee.base, principal.quote + fee.quote)
        gas = self.gas if order.kind is FlowKind.ARBITRAGE else 0
        self.ledger.book(
            Trade(order.time_ns, order.kind, order.uid, fair_ticks, taker, provider, fee, venue, dust, gas=gas)
        )
        return True

    def _taker_amounts(self, result: SwapResult) -> Amounts:
        return Amounts(*self.market.as_base_quote(-result.amount0, -result.amount1))

    # Prices.

    def _zero_for_one(self, *, buy: bool) -> bool:
        """Say whether a taker of the base token pays in token0."""
        return buy != self.market.base_is_token0

    def _limit(self, numerator: int, denominator: int, *, buy: bool) -> int:
        """Return the square-root price of a price in ticks, rounded towards the taker: a limit is never overstepped."""
        spec = self.market.instrument
        quote, base = numerator * spec.quote_units_per_tick_lot, denominator * spec.base_units_per_lot
        over, under = (quote, base) if self.market.base_is_token0 else (base, quote)
        round_to_sqrt_price = (
            sqrt_price_x96_rounding_up if self._zero_for_one(buy=buy) else sqrt_price_x96_rounding_down
        )
        root = round_to_sqrt_price(over, under)
        return min(max(root, MIN_SQRT_RATIO + 1), MAX_SQRT_RATIO - 1)

    def _reachable(self, *, buy: bool, limit: int) -> bool:
        """Say whether a limit lies ahead of the pool's price in the direction of the trade."""
        now = self.pool.slot0.sqrt_price_x96
        return limit < now if self._zero_for_one(buy=buy) else limit > now
