"""A just-in-time liquidity provider: it sees a pending order, mints around it, and burns when it has traded."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from amm import ArgumentError
from amm.closed_form.just_in_time import best_against_input, best_against_output
from amm.just_in_time import TargetSwap, covering_range
from amm.math.fixed_point import Q96
from amm.math.tick_math import get_sqrt_ratio_at_tick
from compare.clocks import SECOND_NS
from compare.errors import InputError
from compare.ledger import Trade
from compare.liquidity import liquidity_of_amounts
from compare.provider_book import NOTHING, Amounts, FlowKind, Share
from compare.venue import PIPS

if TYPE_CHECKING:
    from amm import SwapResult, UniswapV3Pool
    from compare.market import Market
    from compare.pool_venue import PoolVenue, Swap
    from compare.venue import TakerOrder

_OWNER = "just in time"
_MOST = 2**128 - 1
GOLDEN = 0x9E3779B97F4A7C15  # spreads order numbers evenly over 64 bits
LEAST_SHARE = 1_000  # a bundle below a thousandth of the liquidity there is would be lost in rounding
_MOST_OF_RANGE = 0.999  # of what liquidity in range can pay: all of it would cost without bound


@dataclass(frozen=True, slots=True)
class JustInTime:
    """A just-in-time provider, as an experiment describes it.

    Attributes:
        gas: Quote tokens it pays for one bundle (a mint, a burn and a collect).
        visibility: The share of pending orders that it sees.
        capital_share: Its capital, as a share of what every other provider starts with, half in each token.
        fee: The fee tier of the pools it watches, pips; None watches every pool.
        name: Its name in results.
    """

    gas: float = 0.0
    visibility: float = 1.0
    capital_share: float = 10.0
    fee: int | None = None
    name: str = "just-in-time provider"

    def __post_init__(self) -> None:
        """Check the numbers."""
        rules = (
            ("gas", self.gas, 0 <= self.gas < math.inf, "zero or more"),
            ("visibility", self.visibility, 0 <= self.visibility <= 1, "between 0 and 1"),
            ("capital_share", self.capital_share, 0 < self.capital_share < math.inf, "above zero"),
        )
        for key, value, right, rule in rules:
            if not right:
                raise InputError(f"{value} is out of range", place=key, remedy=f"give a number {rule}")

    def __str__(self) -> str:
        """Say what it pays and sees."""
        return f"just-in-time liquidity, gas {self.gas:g} a bundle, sees {self.visibility:.0%} of pending orders"

    def enter(self, name: str, market: Market, pocket: Amounts) -> JustInTimeProvider:
        """Return the provider at work, with a pocket of token units."""
        gas = round(self.gas * 10**market.instrument.quote_decimals)
        return JustInTimeProvider(name, pocket, gas, self.visibility)


class JustInTimeProvider:
    """The provider at work in one pool.

    Before a taker's swap it mints over the swap's whole move, afterwards it burns, collects, and hedges what it is left
    with at the fair price. It does so only where a trial on a copy of the pool, rounding included, earns more than the
    gas. The size is that of O-32 for a pool at the fair price, within its capital.

    Attributes:
        name: Its name.
        pocket: What it holds, token units; between bundles, everything.
        bundles: How many bundles it has executed.
    """

    def __init__(self, name: str, pocket: Amounts, gas: int, visibility: float) -> None:
        """Start with a pocket; `gas` is quote token units for one bundle."""
        self.name = name
        self.pocket = pocket
        self.gas = gas
        self.visibility = visibility
        self.bundles = 0

    def wrap(self, venue: PoolVenue, order: TakerOrder, fair_ticks: int, swap: Swap) -> int | None:
        """Execute a bundle around a swap if it pays, and return the base token units the taker traded; None if not."""
        if not self._sees(order):
            return None
        bundle = self._bundle(venue, swap)
        if bundle is None:
            return None
        market = venue.market
        trial = Amounts(*market.as_base_quote(*_execute(venue.pool.copy(), bundle, swap).change))
        if market.cash(trial.quote - self.gas) + market.value(trial.base, fair_ticks) <= 0:
            return None
        venue.pool.block_timestamp = order.time_ns // SECOND_NS
        outcome = _execute(venue.pool, bundle, swap)
        change, fee = (Amounts(*market.as_base_quote(*pair)) for pair in (outcome.change, outcome.fee))
        self.pocket = self.pocket.plus(change)
        self.bundles += 1
        traded = venue.book_swap(order, fair_ticks, outcome.result, (Share(self.name, change, fee),))
        self._hedge(venue, order.time_ns, fair_ticks, change.base)
        return traded

    def _sees(self, order: TakerOrder) -> bool:
        """Say whether the order is among the visible share, by its number alone."""
        return (order.uid * GOLDEN) % 2**64 < self.visibility * 2**64

    def _bundle(self, venue: PoolVenue, swap: Swap) -> _Bundle | None:
        """Return the range of the swap's move and the best liquidity for it, within the capital; None if too little."""
        pool = venue.pool
        alone = pool.quote(*swap)
        paid, bought = (alone.amount0, -alone.amount1) if swap[0] else (alone.amount1, -alone.amount0)
        if paid <= 0 or bought <= 0 or not pool.liquidity:
            return None
        try:
            ticks = covering_range(pool, TargetSwap(*swap))
        except ArgumentError:  # the swap takes all there is, and its price leaves the ticks that can hold liquidity
            return None
        low, high = get_sqrt_ratio_at_tick(ticks[0]), get_sqrt_ratio_at_tick(ticks[1])
        now = pool.slot0.sqrt_price_x96
        liquidity = liquidity_of_amounts((low, now, high), *venue.market.as_amounts(self.pocket))
        best = _best_liquidity(pool, swap, paid, bought)
        if math.isfinite(best):
            liquidity = min(liquidity, int(best))
        return _Bundle(ticks, liquidity) if liquidity * LEAST_SHARE > pool.liquidity else None

    def _hedge(self, venue: PoolVenue, time_ns: int, fair_ticks: int, base: int) -> None:
        """Sell what a bundle left (buy, if negative) outside at the fair price, and pay the bundle's gas."""
        quote = venue.market.quote_rounding_down(base, fair_ticks)
        change = Amounts(-base, quote)
        self.pocket = self.pocket.plus(change).minus(Amounts(quote=self.gas))
        share = Share(self.name, change, NOTHING)
        outside = NOTHING.minus(change)
        venue.ledger.book(Trade(time_ns, venue.name, FlowKind.UPKEEP, -1, fair_ticks, outside, (share,)))
        venue.ledger.pay_gas(self.name, self.gas)


def _best_liquidity(pool: UniswapV3Pool, swap: Swap, paid: int, bought: int) -> float:
    """Return the liquidity of O-32 for a swap, told from what it would do alone: infinite where more is better."""
    zero_for_one, amount_specified, _ = swap
    root = pool.slot0.sqrt_price_x96 / Q96
    size = best_for_input if amount_specified > 0 else best_for_output
    return size(float(pool.liquidity), float(paid if amount_specified > 0 else bought), root, pool.fee, zero_for_one)


def best_for_input(liquidity: float, paid: float, root: float, fee: int, zero_for_one: bool) -> float:
    """Return the liquidity of O-32 for a swap that would pay in so much.

    Args:
        liquidity: The pool's, in range.
        paid: What the swap alone would pay in, fee included.
        root: The pool's square-root price.
        fee: The pool's, pips.
        zero_for_one: Whether the swap pays token0.
    """
    share, own_root = fee / PIPS, 1 / root if zero_for_one else root
    return best_against_input(liquidity, (1 - share) * paid / own_root, share)


def best_for_output(liquidity: float, bought: float, root: float, fee: int, zero_for_one: bool) -> float:
    """Return the same for a swap that would take out so much; one that crosses into other ranges is told from here."""
    own_root = 1 / root if zero_for_one else root
    here = _MOST_OF_RANGE * liquidity / own_root
    return best_against_output(liquidity, min(bought, here) * own_root, fee / PIPS)


class _Bundle(NamedTuple):
    ticks: tuple[int, int]
    liquidity: int


class _Outcome(NamedTuple):
    """What a bundle did: the provider's change of both tokens, the fees in it, and the taker's swap."""

    change: tuple[int, int]
    fee: tuple[int, int]
    result: SwapResult


def _execute(pool: UniswapV3Pool, bundle: _Bundle, swap: Swap) -> _Outcome:
    """Mint, swap, burn and collect."""
    paid = pool.mint(_OWNER, *bundle.ticks, bundle.liquidity)
    result = pool.swap(*swap)
    burned = pool.burn(_OWNER, *bundle.ticks, bundle.liquidity)
    collected = pool.collect(_OWNER, *bundle.ticks, _MOST, _MOST)
    change = (collected[0] - paid[0], collected[1] - paid[1])
    return _Outcome(change, (collected[0] - burned[0], collected[1] - burned[1]), result)
