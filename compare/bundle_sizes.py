"""Just-in-time liquidity against its size: what a bundle earns and takes, in closed form and on an integer pool.

One swap pays in token1 in a pool that stands at the fair price. Everything is relative, so that the size of the pool
drops out: the swap by the price move it would make alone, minted liquidity by the passive liquidity, and money by the
swap's own fee.
"""

from __future__ import annotations

import math
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from amm import UniswapV3Pool
from amm.closed_form.just_in_time import optimal_liquidity, provider_profit, taker_cost
from amm.just_in_time import TargetSwap, account_bundle, plan_bundle
from amm.math.fixed_point import Q96
from amm.math.tick_math import MAX_SQRT_RATIO, MAX_TICK
from compare.checks import positive
from compare.liquidity_provider import TICK_SPACING
from compare.venue import PIPS

if TYPE_CHECKING:
    from amm.accounting import TokenAmounts

_PASSIVE = 10**24  # so deep that roundings are lost in a float


class BundleSize(NamedTuple):
    """What one bundle does.

    Attributes:
        share: The provider's part of what all liquidity earns from the swap, and so of its fees (O-30).
        profit: What it earns before gas, in fees of the swap (O-31).
        dilution: What the passive providers earn less than without it, in fees of the swap.
        saving: What the taker pays less than without it, in fees of the swap.
    """

    share: float
    profit: float
    dilution: float
    saving: float


def kink(fee_pips: int) -> float:
    """Return the price move, alone, up to which more liquidity always earns more: 1 / (1 - fee)^2 - 1 (O-32).

    >>> round(kink(3_000) / 0.003, 3)
    2.009
    """
    return (1 - fee_pips / PIPS) ** -2 - 1


def best_size(fee_pips: int, move: float) -> float:
    """Return the minted liquidity that earns most, over the passive liquidity; infinite up to the kink (O-32).

    Args:
        fee_pips: Fee of the pool.
        move: Relative price move that the swap would make alone.
    """
    return optimal_liquidity(1.0, _amount_in(fee_pips, move), 1.0, fee_pips / PIPS)


def closed_form(fee_pips: int, move: float, minted: float) -> BundleSize:
    """Return what a bundle does by O-30 and O-31.

    Args:
        fee_pips: Fee of the pool.
        move: Relative price move that the swap would make alone.
        minted: Minted over passive liquidity.
    """
    fee, amount = fee_pips / PIPS, _amount_in(fee_pips, move)
    at = {"price": 1.0, "fair_price": 1.0, "fee": fee}
    costs = [taker_cost(liquidity, amount, **at) for liquidity in (1.0, 1.0 + minted)]
    passive = [provider_profit(1.0, other, amount, **at) for other in (0.0, minted)]
    own = provider_profit(minted, 1.0, amount, **at)
    unit = fee * amount
    return BundleSize(minted / (1 + minted), own / unit, (passive[0] - passive[1]) / unit, (costs[0] - costs[1]) / unit)


def exact(fee_pips: int, move: float, minted: float) -> BundleSize:
    """Return what a bundle does on an integer pool, each party booked from its own side; arguments as `closed_form`.

    Raises:
        InputError: A number is not positive.
    """
    positive(move, "move")
    positive(minted, "minted")
    pool = UniswapV3Pool(fee_pips, TICK_SPACING[fee_pips])
    pool.initialize(Q96)
    widest = MAX_TICK // pool.tick_spacing * pool.tick_spacing
    pool.mint("passive", -widest, widest, _PASSIVE)
    amount = int(_amount_in(fee_pips, move) * _PASSIVE)
    target = TargetSwap(False, amount, MAX_SQRT_RATIO - 1)
    outcome = account_bundle(pool, plan_bundle(pool, target, int(minted * _PASSIVE)), Fraction(1))
    own, passive = _worth(outcome.bundled.just_in_time), _worth(outcome.bundled.passive)
    unit = Fraction(amount * fee_pips, PIPS)
    return BundleSize(
        own / (own + passive),
        float(outcome.profit / unit),
        float(outcome.passive_dilution / unit),
        float(outcome.price_improvement / unit),
    )


def _amount_in(fee_pips: int, move: float) -> float:
    """Return what is paid in to move a pool of liquidity one and price one by a fraction, fee included."""
    return math.expm1(math.log1p(move) / 2) / (1 - fee_pips / PIPS)


def _worth(amounts: TokenAmounts) -> int:
    return amounts.amount0 + amounts.amount1  # at the price of one
