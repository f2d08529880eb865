"""Liquidity minted just before one swap and burnt just after it.

The swap pays in token1 and buys token0, its fee on the input; the minted range covers the whole move, and its holder
hedges at the fair price. For a swap that sells token0, swap the tokens' roles: pass the amount of token0 and the
prices in token0 per token1. The profits are then in token0.

Derived here from the holdings of the v3 whitepaper (6.29, 6.30); consistent with Wan and Adams (2022), who find the
taker's price improvement capped by twice the fee.
"""

import math

from amm.closed_form.domain import require_fraction, require_not_negative, require_positive
from amm.errors import ArgumentError


def final_price(liquidity: float, amount_in: float, price: float, fee: float) -> float:
    """Pool price after `amount_in` token1 has bought token0 from constant liquidity."""
    require_positive(liquidity=liquidity, price=price)
    require_not_negative(amount_in=amount_in)
    require_fraction(fee=fee)
    return (math.sqrt(price) + (1 - fee) * amount_in / liquidity) ** 2


def provider_profit(
    own_liquidity: float, other_liquidity: float, amount_in: float, *, price: float, fair_price: float, fee: float
) -> float:
    """Token1 gained from one swap by the holder of `own_liquidity`.

    Fees and inventory both go by its share of liquidity. The profit is positive exactly where the taker pays more
    than the fair price on average, sqrt(P0 P1) / (1 - fee) > S.

    Args:
        own_liquidity: liquidity in range of the provider in question, minted for the swap or there before.
        other_liquidity: all other liquidity in range.
        amount_in: token1 paid in, fee included.
        price: pool price before the swap.
        fair_price: price at which the inventory is valued.
        fee: fraction of the input.
    """
    require_not_negative(own_liquidity=own_liquidity, other_liquidity=other_liquidity)
    require_positive(fair_price=fair_price)
    liquidity = own_liquidity + other_liquidity
    average = math.sqrt(price * final_price(liquidity, amount_in, price, fee))
    return own_liquidity / liquidity * amount_in * (1 - fair_price * (1 - fee) / average)


def taker_cost(liquidity: float, amount_in: float, *, price: float, fair_price: float, fee: float) -> float:
    """Token1 the taker pays beyond the fair value of what it receives: the profit of all liquidity together."""
    return provider_profit(liquidity, 0.0, amount_in, price=price, fair_price=fair_price, fee=fee)


def optimal_liquidity(passive_liquidity: float, amount_in: float, price: float, fee: float) -> float:
    """Liquidity that earns most from one swap when the pool stands at the fair price.

    It is infinite where more is always better. There is an interior optimum when the swap alone would move the square
    root of the price by more than fee / (1 - fee), the price by about twice the fee. Below that the profit rises
    towards the whole fee as the minted liquidity grows.
    """
    require_positive(passive_liquidity=passive_liquidity, amount_in=amount_in, price=price)
    require_fraction(fee=fee)
    return best_against_input(passive_liquidity, (1 - fee) * amount_in / math.sqrt(price), fee)


def best_against_input(passive_liquidity: float, move: float, fee: float) -> float:
    """The same, from what would be paid in for one unit of the price's square root and of liquidity, fee left out."""
    gap = move - fee * (move + passive_liquidity)
    if gap <= 0:
        return math.inf
    root = math.sqrt(passive_liquidity * passive_liquidity + gap * passive_liquidity)
    return move * (passive_liquidity + root) / gap - passive_liquidity


def optimal_liquidity_for_output(passive_liquidity: float, amount_out: float, price: float, fee: float) -> float:
    """Liquidity that earns most from one swap for a fixed output, when the pool stands at the fair price.

    As `optimal_liquidity`, with the same kink, for a swap that buys `amount_out` token0 whatever it costs: minted
    liquidity then also lowers what is paid in.

    Raises:
        ArgumentError: the passive liquidity alone could not pay `amount_out`.
    """
    require_positive(passive_liquidity=passive_liquidity, amount_out=amount_out, price=price)
    require_fraction(fee=fee)
    move = amount_out * math.sqrt(price)
    if move >= passive_liquidity:
        rule = f"below passive_liquidity / sqrt(price) = {passive_liquidity / math.sqrt(price)!r}"
        raise ArgumentError("amount_out", amount_out, rule)
    return best_against_output(passive_liquidity, move, fee)


def best_against_output(passive_liquidity: float, move: float, fee: float) -> float:
    """The same, from what would be bought times the price's square root; less than the passive liquidity."""
    gap = move - fee * passive_liquidity
    if gap <= 0:
        return math.inf
    root = math.sqrt((1 - fee) * passive_liquidity * (passive_liquidity - move))
    return move * ((1 - fee) * passive_liquidity + root) / gap - passive_liquidity
