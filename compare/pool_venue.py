"""A Uniswap v3 pool with its liquidity providers, as a venue of the comparison."""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol

from amm.arbitrage import arbitrage_limit
from amm.math.tick_math import get_sqrt_ratio_at_tick
from compare.ledger import Ledger, Trade
from compare.provider_book import NOTHING, Amounts, FlowKind, Share
from compare.taker_limits import pool_limit_x96
from compare.venue import BUY, PIPS, SELL, TakerOrder

if TYPE_CHECKING:
    from amm import SwapResult, UniswapV3Pool
    from compare.just_in_time_provider import JustInTimeProvider
    from compare.market import Market
    from compare.pool_position import PoolPosition

_ALL = 2**127  # more than any pool holds; the price limit ends the swap
NANOSECONDS = 1_000_000_000

Swap = tuple[bool, int, int]
"""Arguments of `UniswapV3Pool.swap`."""


class PositionStrategy(Protocol):
    """What a provider does with its positions as time goes on."""

    position: PoolPosition

    def refresh(self, venue: PoolVenue, time_ns: int, fair_ticks: int) -> None:
        """Move the positions if need be; called at the makers' clock."""


class PoolVenue:
    """The pool: swaps are the contract's, claims are what a withdrawal would pay.

    Attributes:
        protocol: The protocol's fees at the last look, token units.
        dust: What the pool held beyond every claim at the last look.
        settled: The fair price, ticks, at which the last arbitrage left nothing; None where there may be one.

    Args:
        name: The venue's name in results.
        pool: An initialized pool.
        market: Units.
        ledger: The books of the world the pool is in.
        gas: Quote token units an arbitrageur pays for a swap.
    """

    def __init__(self, name: str, pool: UniswapV3Pool, market: Market, ledger: Ledger, gas: int = 0) -> None:
        """Start without providers."""
        self.name = name
        self.pool = pool
        self.market = market
        self.ledger = ledger
        self.gas = gas
        self.strategies: list[PositionStrategy] = []
        self.just_in_time: list[JustInTimeProvider] = []
        self.protocol = NOTHING
        self.dust = NOTHING
        self.settled: int | None = None

    def enter(self, strategy: PositionStrategy) -> None:
        """Book a provider whose positions have just been minted: its endowment is what it could withdraw at once."""
        self.strategies.append(strategy)
        position = strategy.position
        position.look(self.pool)
        endowment = position.claims.plus(position.pocket)
        self.ledger.open(position.owner, endowment, dust=self._dust_change())

    # The venue's own sources.

    @property
    def positions(self) -> list[PoolPosition]:
        """The positions of every provider that stays."""
        return [strategy.position for strategy in self.strategies]

    def withdrawable(self) -> dict[str, Amounts]:
        """Burn and collect on a copy of the pool, provider by provider."""
        stay = {position.owner: position.withdrawable(self.pool) for position in self.positions}
        return stay | {provider.name: provider.pocket for provider in self.just_in_time}

    def _protocol_change(self) -> Amounts:
        held = Amounts(*self.market.as_base_quote(*self.pool.protocol_fees))
        change, self.protocol = held.minus(self.protocol), held
        return change

    def _dust_change(self) -> Amounts:
        """Look at what the pool holds beyond every claim, the sum of all roundings, and return its change."""
        dust = Amounts(*self.market.as_base_quote(self.pool.balance0, self.pool.balance1)).minus(self.protocol)
        for position in self.positions:
            dust = dust.minus(position.claims)
        change, self.dust = dust.minus(self.dust), dust
        return change

    def touch(self) -> tuple[float | None, float | None]:
        """Return the marginal prices after fees; none where no position is in range."""
        if not self.pool.liquidity:
            return None, None
        price, keep = self._price_float(self.pool.slot0.sqrt_price_x96), 1 - self.pool.fee / PIPS
        return price * keep, price / keep

    def price_range(self, name: str) -> tuple[float, float] | None:
        """Return the outer bounds of a provider's positions as prices; None without one."""
        ticks = [tick for position in self.positions if position.owner == name for r in position.ranges for tick in r]
        if not ticks:
            return None
        lower, upper = sorted(self._price_float(get_sqrt_ratio_at_tick(tick)) for tick in (min(ticks), max(ticks)))
        return lower, upper

    def _price_float(self, sqrt_price_x96: int) -> float:
        """Return a square-root price as quote tokens per base token."""
        ratio, spec = (sqrt_price_x96 / 2**96) ** 2, self.market.instrument
        units = ratio if self.market.base_is_token0 else 1 / ratio
        return units * 10.0 ** (spec.base_decimals - spec.quote_decimals)

    # Trading.

    def refresh(self, time_ns: int, fair_ticks: int) -> None:
        """Let every provider move its positions; what that rounds away is booked."""
        for strategy in self.strategies:
            strategy.refresh(self, time_ns, fair_ticks)

    def move(self, position: PoolPosition, time_ns: int, fair_ticks: int, outside: Amounts, gas: int) -> None:
        """Book that a provider has moved its position.

        Args:
            position: Its positions and pocket, already moved.
            time_ns: Time, nanoseconds.
            fair_ticks: Fair price, ticks.
            outside: What it bought (and sold, negative) outside for that, token units; already in its pocket.
            gas: Quote token units it pays for its transactions.
        """
        position.pocket = position.pocket.minus(Amounts(quote=gas))
        position.look(self.pool)
        dust = self._dust_change()
        share = Share(position.owner, outside.minus(dust), NOTHING)
        taker = NOTHING.minus(outside)
        self.ledger.book(Trade(time_ns, self.name, FlowKind.UPKEEP, -1, fair_ticks, taker, (share,), NOTHING, dust))
        self.ledger.pay_gas(position.owner, gas)
        self.settled = None

    def arbitrage(self, time_ns: int, fair_ticks: int) -> None:
        """Trade to the edge of the no-arbitrage band when that pays for its gas."""
        if fair_ticks == self.settled:
            return
        self.settled = fair_ticks
        edge = arbitrage_limit(self.pool.slot0.sqrt_price_x96, self.pool.fee, self.market.pool_price(fair_ticks))
        if edge is None:
            return
        swap = (edge.zero_for_one, _ALL, edge.sqrt_price_limit_x96)
        taker = self._taker_amounts(self.pool.quote(*swap))
        profit = self.market.cash(taker.quote - self.gas) + self.market.value(taker.base, fair_ticks)
        if profit > 0:
            order = TakerOrder(time_ns, BUY if taker.base > 0 else SELL, 0, 0, FlowKind.ARBITRAGE, -1)
            self._swap(order, fair_ticks, swap, self.gas)

    def fillable(self, order: TakerOrder) -> int:
        """Return the base token units the order would trade, by a quote."""
        swap = self.swap_for(order)
        return 0 if swap is None else abs(self._taker_amounts(self.pool.quote(*swap)).base)

    def take(self, order: TakerOrder, fair_ticks: int) -> int:
        """Swap for the order's base amount, exactly, or up to the order's all-in price."""
        swap = self.swap_for(order)
        if swap is None:
            return 0
        for provider in self.just_in_time:
            traded = provider.wrap(self, order, fair_ticks, swap)
            if traded is not None:
                self.settled = None
                return traded
        return self._swap(order, fair_ticks, swap)

    def swap_for(self, order: TakerOrder) -> Swap | None:
        """Return the swap that an order asks for; None where the pool's price is beyond its limit already.

        A buyer pays P / (1 - fee) at the margin and a seller receives P (1 - fee).
        """
        buy, spec = order.side == BUY, self.market.instrument
        limit = pool_limit_x96(
            order.limit,
            self.pool.fee,
            spec.base_units_per_lot,
            spec.quote_units_per_tick_lot,
            buy=buy,
            base_is_token0=self.market.base_is_token0,
        )
        zero_for_one = buy != self.market.base_is_token0
        now = self.pool.slot0.sqrt_price_x96
        if not (limit < now if zero_for_one else limit > now):
            return None
        return zero_for_one, -order.base if buy else order.base, limit

    def _swap(self, order: TakerOrder, fair_ticks: int, swap: Swap, gas: int = 0) -> int:
        """Swap and book it; return the base token units traded."""
        self.pool.block_timestamp = order.time_ns // NANOSECONDS
        return self.book_swap(order, fair_ticks, self.pool.swap(*swap), (), gas)

    def book_swap(
        self, order: TakerOrder, fair_ticks: int, result: SwapResult, others: tuple[Share, ...], gas: int = 0
    ) -> int:
        """Book a swap that has happened, and return the base token units traded.

        Args:
            order: The taker's order.
            fair_ticks: Fair price, ticks.
            result: What the swap did.
            others: Shares of providers whose positions came and went with it.
            gas: Quote token units the taker paid.
        """
        taker = self._taker_amounts(result)
        shares = list(others)
        for position in self.positions:
            principal, fee = position.look(self.pool)
            shares.append(Share(position.owner, principal.plus(fee), fee))
        venue, dust = self._protocol_change(), self._dust_change()
        if taker == NOTHING:
            return 0
        self.settled = self.settled if order.kind is FlowKind.ARBITRAGE else None
        self.ledger.book(
            Trade(order.time_ns, self.name, order.kind, order.uid, fair_ticks, taker, tuple(shares), venue, dust, gas)
        )
        return abs(taker.base)

    def _taker_amounts(self, result: SwapResult) -> Amounts:
        return Amounts(*self.market.as_base_quote(-result.amount0, -result.amount1))
