"""Just-in-time liquidity, exactly: minted before one swap, burned after it, and who gains what from that.

Everything happens on copies of the pool, through the contract's own functions. Each party is booked from its own
source: the minter from what it paid and collected, the taker from the swap, the other providers from what they could
claim, the protocol from its fees, and rounding from the pool's balances less those claims. That they add up to nothing
is therefore a check, not a definition.

Closed forms of the same profit and of the best size are in `amm.closed_form.just_in_time`.
"""

from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from amm.accounting import Numeraire, TokenAmounts, position_amounts, uncollected_fees, value
from amm.errors import ArgumentError
from amm.math.fixed_point import MAX_UINT128
from amm.math.tick_math import MAX_TICK, MIN_TICK
from amm.uniswap_v3.pool import UniswapV3Pool

OWNER = "just in time"


class TargetSwap(NamedTuple):
    """The swap to be wrapped: the arguments of `UniswapV3Pool.swap`."""

    zero_for_one: bool
    amount_specified: int
    sqrt_price_limit_x96: int


class Bundle(NamedTuple):
    """Liquidity to mint before a swap and burn after it."""

    target: TargetSwap
    tick_lower: int
    tick_upper: int
    liquidity: int


class Gains(NamedTuple):
    """What each party gains of both tokens, in smallest units; in each token they add up to zero."""

    just_in_time: TokenAmounts
    passive: TokenAmounts
    """All positions that were there before: the change of what they could burn and collect."""
    taker: TokenAmounts
    protocol: TokenAmounts
    unclaimed: TokenAmounts
    """What the pool holds beyond every claim: rounding, and liquidity that is nobody's in a pool without positions."""

    @property
    def total(self) -> TokenAmounts:
        """The sum over all parties: zero of both tokens."""
        return TokenAmounts(sum(gain.amount0 for gain in self), sum(gain.amount1 for gain in self))


@dataclass(frozen=True, slots=True)
class BundleOutcome:
    """One swap twice: alone, and with liquidity minted around it. Values are in the numeraire at the fair price.

    Attributes:
        fair_price: token1 per token0 in smallest units; whoever is left with inventory is taken to hedge it there.
        alone: gains of the swap by itself.
        bundled: gains of the whole bundle.
        numeraire: the token in which values are stated.
    """

    fair_price: Fraction
    alone: Gains
    bundled: Gains
    numeraire: Numeraire = Numeraire.TOKEN1

    @property
    def profit(self) -> Fraction:
        """What minting around the swap earns before gas; below zero where the taker pays less than the fair price."""
        return self._value(self.bundled.just_in_time)

    @property
    def passive_dilution(self) -> Fraction:
        """What the other providers would have gained more without the bundle."""
        return self._value(self.alone.passive) - self._value(self.bundled.passive)

    @property
    def price_improvement(self) -> Fraction:
        """What the taker gains by the bundle."""
        return self._value(self.bundled.taker) - self._value(self.alone.taker)

    def _value(self, gain: TokenAmounts) -> Fraction:
        return value(*gain, self.fair_price, self.numeraire)


def covering_range(pool: UniswapV3Pool, target: TargetSwap) -> tuple[int, int]:
    """Return a range on the pool's spacing that holds the target's whole move; with more liquidity the move is shorter.

    Raises:
        The reverts of `UniswapV3Pool.quote`.
        ArgumentError: if the move leaves the ticks that can be initialised.
    """
    spacing = pool.tick_spacing
    ends = pool.slot0.tick, pool.quote(*target).tick
    tick_lower, tick_upper = min(ends) // spacing * spacing, (max(ends) // spacing + 1) * spacing
    for name, tick in ("tick_lower", tick_lower), ("tick_upper", tick_upper):
        if not MIN_TICK <= tick <= MAX_TICK:
            raise ArgumentError(name, tick, f"from {MIN_TICK} to {MAX_TICK}")
    return tick_lower, tick_upper


def plan_bundle(pool: UniswapV3Pool, target: TargetSwap, liquidity: int) -> Bundle:
    """Return a bundle of this much liquidity over the target's whole move.

    Raises:
        As `covering_range`.
    """
    return Bundle(target, *covering_range(pool, target), liquidity)


def account_bundle(
    pool: UniswapV3Pool, bundle: Bundle, fair_price: Fraction, *, numeraire: Numeraire = Numeraire.TOKEN1
) -> BundleOutcome:
    """Run the target swap alone and in its bundle, and return what everybody gains either way. The pool is not touched.

    Raises:
        ArgumentError: if the fair price is not positive, or the bundle's position is already there.
        The reverts of `UniswapV3Pool.mint` and `UniswapV3Pool.swap`.
    """
    if fair_price <= 0:
        raise ArgumentError("fair_price", fair_price, "above zero")
    if (OWNER, bundle.tick_lower, bundle.tick_upper) in pool.positions:
        raise ArgumentError("pool", OWNER, "a pool in which this owner has no such position")
    return BundleOutcome(fair_price, _alone(pool, bundle.target), _bundled(pool, bundle), numeraire)


def _alone(pool: UniswapV3Pool, target: TargetSwap) -> Gains:
    after = pool.copy()
    result = after.swap(*target)
    return _gains(pool, after, TokenAmounts(0, 0), TokenAmounts(-result.amount0, -result.amount1))


def _bundled(pool: UniswapV3Pool, bundle: Bundle) -> Gains:
    position = OWNER, bundle.tick_lower, bundle.tick_upper
    after = pool.copy()
    paid0, paid1 = after.mint(*position, bundle.liquidity)
    result = after.swap(*bundle.target)
    after.burn(*position, bundle.liquidity)
    collected0, collected1 = after.collect(*position, MAX_UINT128, MAX_UINT128)
    minter = TokenAmounts(collected0 - paid0, collected1 - paid1)
    return _gains(pool, after, minter, TokenAmounts(-result.amount0, -result.amount1))


def _gains(before: UniswapV3Pool, after: UniswapV3Pool, minter: TokenAmounts, taker: TokenAmounts) -> Gains:
    """Book what stays in the pool: claims of the other positions, the protocol's fees, and what nobody can claim."""
    claims_before, claims_after = _claims(before), _claims(after)
    passive = TokenAmounts(claims_after.amount0 - claims_before.amount0, claims_after.amount1 - claims_before.amount1)
    protocol = TokenAmounts(
        after.protocol_fees.token0 - before.protocol_fees.token0,
        after.protocol_fees.token1 - before.protocol_fees.token1,
    )
    unclaimed = TokenAmounts(
        after.balance0 - before.balance0 - passive.amount0 - protocol.amount0,
        after.balance1 - before.balance1 - passive.amount1 - protocol.amount1,
    )
    return Gains(minter, passive, taker, protocol, unclaimed)


def _claims(pool: UniswapV3Pool) -> TokenAmounts:
    """Return what all positions together could burn and collect."""
    amount0 = amount1 = 0
    for key in pool.positions:
        for claim in position_amounts(pool, *key), uncollected_fees(pool, *key):
            amount0, amount1 = amount0 + claim.amount0, amount1 + claim.amount1
    return TokenAmounts(amount0, amount1)
