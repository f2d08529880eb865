"""What a position is worth, what it earned, and what it lost, in exact integers and fractions.

Prices are `Fraction`: token1 per token0, both in their smallest units. Values are in the numeraire, token1 unless
asked otherwise. Holdings are those of the curve; fees are counted beside them, collected or not.

Words and signs. HODL is keeping the initial holdings. Impermanent loss is position less HODL, at most zero.
Rebalancing is the gain of a portfolio that always holds the position's token0 but trades at the fair price;
loss-versus-rebalancing (LVR) is what the position is short of that, at least zero where the pool stands at the fair
price. On every path, with x token0 held and S the price,

    impermanent_loss = -lvr + sum of (x[k - 1] - x[0]) * (S[k] - S[k - 1])

exactly (Milionis, Moallemi, Roughgarden and Zhang 2022, arXiv 2208.06046, summed over discrete steps).
"""

from collections.abc import Iterable
from enum import Enum
from fractions import Fraction
from itertools import pairwise
from math import isqrt
from typing import NamedTuple

from amm.errors import ArgumentError
from amm.math.fixed_point import Q96
from amm.math.sqrt_price_math import get_amount0_delta_rounding_down, get_amount1_delta_rounding_down
from amm.math.tick_math import get_sqrt_ratio_at_tick
from amm.uniswap_v2 import UniswapV2Pair
from amm.uniswap_v3.position import EMPTY, check_ticks, modify_position
from amm.uniswap_v3.state import PoolState


class Numeraire(Enum):
    """The token in which values are stated."""

    TOKEN0 = 0
    TOKEN1 = 1


class TokenAmounts(NamedTuple):
    """Both tokens, in their smallest units."""

    amount0: int
    amount1: int


class PositionState(NamedTuple):
    """A position at one moment, and the fair price at which it is marked."""

    price: Fraction
    """Token1 per token0 in smallest units, above zero. It need not be the pool's own price."""
    amount0: int | Fraction
    """Token0 held by the curve, fees not included."""
    amount1: int | Fraction
    fees0: int | Fraction = 0
    """All token0 fees earned so far, whether collected or not."""
    fees1: int | Fraction = 0


class ProfitAndLoss(NamedTuple):
    """The gain of a position over a path and its parts, in the numeraire.

    `total == rebalancing - lvr + fee_income + fee_revaluation == hodl + impermanent_loss + fee_income +
    fee_revaluation`.
    """

    hodl: Fraction
    """Gain of the initial holdings."""
    rebalancing: Fraction
    """Gain of holding, over each step, the token0 that the position held before it."""
    lvr: Fraction
    """What the position is short of rebalancing: its trades, valued at the price of the moment."""
    fee_income: Fraction
    """Fees, valued at the price of the step in which they were earned."""
    fee_revaluation: Fraction
    """Gain of holding the fees earned before each step."""

    @property
    def impermanent_loss(self) -> Fraction:
        """The position without fees, less its initial holdings."""
        return self.rebalancing - self.lvr - self.hodl

    @property
    def total(self) -> Fraction:
        """Final less initial value of position and fees."""
        return self.rebalancing - self.lvr + self.fee_income + self.fee_revaluation


def price_from_sqrt_price_x96(sqrt_price_x96: int) -> Fraction:
    """Return the pool's price, token1 per token0 in smallest units."""
    return Fraction(sqrt_price_x96 * sqrt_price_x96, Q96 * Q96)


def value(
    amount0: int | Fraction, amount1: int | Fraction, price: Fraction, numeraire: Numeraire = Numeraire.TOKEN1
) -> Fraction:
    """Return the value of both amounts in the numeraire, token0 marked at `price`.

    Raises:
        ArgumentError: if the price is not positive.

    Example:
        >>> value(2, 3, Fraction(5))
        Fraction(13, 1)
        >>> value(2, 3, Fraction(5), Numeraire.TOKEN0)
        Fraction(13, 5)
    """
    _check_price(price)
    in_token1 = amount0 * price + amount1
    return in_token1 if numeraire is Numeraire.TOKEN1 else in_token1 / price


def hodl_value(initial: PositionState, price: Fraction, numeraire: Numeraire = Numeraire.TOKEN1) -> Fraction:
    """Return what the initial holdings are worth at `price`, the fees earned before that left out."""
    return value(initial.amount0, initial.amount1, price, numeraire)


# One position of a v3 pool --------------------------------------------------------------------------------------------


def amounts_for_liquidity(sqrt_price_x96: int, tick_lower: int, tick_upper: int, liquidity: int) -> TokenAmounts:
    """Return what burning the liquidity would pay at this price, each token rounded down (UniswapV3Pool.burn).

    Raises:
        TickOrderError, TickLowerTooLowError, TickUpperTooHighError: ("TLU", "TLM", "TUM") for such a range.
    """
    low_x96, at_x96, high_x96 = _clipped(sqrt_price_x96, tick_lower, tick_upper)
    return TokenAmounts(*amounts_around(low_x96, at_x96, high_x96, liquidity))


def amounts_around(low_x96: int, at_x96: int, high_x96: int, liquidity: int) -> tuple[int, int]:
    """Return the same for a range given by its square-root prices, and a price inside it or at its ends."""
    return (
        get_amount0_delta_rounding_down(at_x96, high_x96, liquidity),
        get_amount1_delta_rounding_down(low_x96, at_x96, liquidity),
    )


def curve_amounts(sqrt_price_x96: int, tick_lower: int, tick_upper: int, liquidity: int) -> tuple[Fraction, Fraction]:
    """Return the same holdings without rounding, for identities that rounding would blur.

    Raises:
        TickOrderError, TickLowerTooLowError, TickUpperTooHighError: ("TLU", "TLM", "TUM") for such a range.
    """
    low_x96, at_x96, high_x96 = _clipped(sqrt_price_x96, tick_lower, tick_upper)
    amount0 = Fraction(liquidity * Q96 * (high_x96 - at_x96), at_x96 * high_x96)
    return amount0, Fraction(liquidity * (at_x96 - low_x96), Q96)


def position_amounts(pool: PoolState, owner: str, tick_lower: int, tick_upper: int) -> TokenAmounts:
    """Return what burning all of a position would pay now, fees and what is owed already left out.

    Raises:
        TickOrderError, TickLowerTooLowError, TickUpperTooHighError: ("TLU", "TLM", "TUM") for such a range.
    """
    liquidity = pool.positions.get((owner, tick_lower, tick_upper), EMPTY).liquidity
    return amounts_for_liquidity(pool.slot0.sqrt_price_x96, tick_lower, tick_upper, liquidity)


def uncollected_fees(pool: PoolState, owner: str, tick_lower: int, tick_upper: int) -> TokenAmounts:
    """Return what a poke and a collect would pay, without touching the pool.

    It is the fee growth inside the range since the position's last update, modulo 2**256 and rounded down as the
    contract does, and what was owed before: fees, but also liquidity burned and not yet collected.

    Raises:
        TickOrderError, TickLowerTooLowError, TickUpperTooHighError: ("TLU", "TLM", "TUM") for such a range.
    """
    check_ticks(tick_lower, tick_upper)
    position = pool.positions.get((owner, tick_lower, tick_upper), EMPTY)
    if position.liquidity:
        position = modify_position(pool, owner, tick_lower, tick_upper, 0).position
    return TokenAmounts(position.tokens_owed0, position.tokens_owed1)


def position_state(
    pool: PoolState, owner: str, tick_lower: int, tick_upper: int, price: Fraction | None = None
) -> PositionState:
    """Return a position of a pool as it stands, its fees those not yet collected.

    Args:
        pool: an initialised pool; it is not touched.
        owner: whose position.
        tick_lower: where it begins.
        tick_upper: where it ends.
        price: the fair price; None marks at the pool's own.

    Raises:
        TickOrderError, TickLowerTooLowError, TickUpperTooHighError: ("TLU", "TLM", "TUM") for such a range.
        ArgumentError: if the price is not positive.
    """
    if price is None:
        price = price_from_sqrt_price_x96(pool.slot0.sqrt_price_x96)
    _check_price(price)
    amounts = position_amounts(pool, owner, tick_lower, tick_upper)
    return PositionState(price, *amounts, *uncollected_fees(pool, owner, tick_lower, tick_upper))


def _clipped(sqrt_price_x96: int, tick_lower: int, tick_upper: int) -> tuple[int, int, int]:
    """Return the square-root prices of the range's lower end, the price moved into the range, and the upper end."""
    check_ticks(tick_lower, tick_upper)
    low_x96, high_x96 = get_sqrt_ratio_at_tick(tick_lower), get_sqrt_ratio_at_tick(tick_upper)
    return low_x96, min(max(sqrt_price_x96, low_x96), high_x96), high_x96


# A share of a v2 pair -------------------------------------------------------------------------------------------------


def share_amounts(pair: UniswapV2Pair, owner: str) -> TokenAmounts:
    """Return what burning all of the owner's shares would pay now, the protocol's fee taken first (UniswapV2Pair.burn).

    Raises:
        InsufficientLiquidityBurnedError: if the shares are worth nothing of one token, as burn would.
    """
    shares = pair.balance_of.get(owner, 0)
    if not shares:
        return TokenAmounts(0, 0)
    twin = pair.copy()
    twin.balance_of[twin.address] = 0  # burn would pay for shares left lying there as well
    twin.transfer(owner, twin.address, shares)
    return TokenAmounts(*twin.burn(owner))


def share_state(amounts: TokenAmounts, initial: TokenAmounts, price: Fraction | None = None) -> PositionState:
    """Return a share of a pair, split into its holdings and the fees that have grown inside it.

    Fees stay in the reserves and trade along with them. The holdings are what the share would be without fees: the
    same proportion of both tokens, with the product of the initial amounts; rounded up, so that fees round down.

    Args:
        amounts: what the share is worth now, both above zero.
        initial: what it was worth when it was minted, or at whatever moment fees are counted from.
        price: the fair price; None marks at the pair's own.

    Raises:
        ArgumentError: if an amount or the price is not positive.
    """
    for name, amount in (*zip(amounts._fields, amounts, strict=True), *zip(initial._fields, initial, strict=True)):
        if amount <= 0:
            raise ArgumentError(name, amount, "above zero")
    product = initial.amount0 * initial.amount1
    kept0 = min(_ceil_sqrt(product * amounts.amount0, amounts.amount1), amounts.amount0)
    kept1 = min(_ceil_sqrt(product * amounts.amount1, amounts.amount0), amounts.amount1)
    price = Fraction(amounts.amount1, amounts.amount0) if price is None else price
    _check_price(price)
    return PositionState(price, kept0, kept1, amounts.amount0 - kept0, amounts.amount1 - kept1)


def _ceil_sqrt(numerator: int, denominator: int) -> int:
    """Return the square root of a ratio, rounded up."""
    root = isqrt(numerator // denominator)
    return root if root * root * denominator == numerator else root + 1


# Two states, and a path of states -------------------------------------------------------------------------------------


def position_value(state: PositionState, numeraire: Numeraire = Numeraire.TOKEN1) -> Fraction:
    """Return the value of the holdings, fees left out, at the state's price."""
    return value(state.amount0, state.amount1, state.price, numeraire)


def impermanent_loss(before: PositionState, after: PositionState, numeraire: Numeraire = Numeraire.TOKEN1) -> Fraction:
    """Return position less HODL, both at the price of `after`, fees left out.

    It is at most zero where the liquidity is the same and the pool ends at `after.price`. Holdings rounded down
    (`amounts_for_liquidity`) can add less than one unit of each token to it; `curve_amounts` adds nothing.
    """
    return position_value(after, numeraire) - hodl_value(before, after.price, numeraire)


def lvr(before: PositionState, after: PositionState, numeraire: Numeraire = Numeraire.TOKEN1) -> Fraction:
    """Return what one step's trade lost against the price at its end: HODL less position, over that step alone.

    It is at least zero where `impermanent_loss` is at most zero, with the same rounding. A trade that leaves the pool
    elsewhere, as noise does, can make it negative: that is the trader's loss.
    """
    return -impermanent_loss(before, after, numeraire)


def profit_and_loss(path: Iterable[PositionState], numeraire: Numeraire = Numeraire.TOKEN1) -> ProfitAndLoss:
    """Split the gain of a position over a path of states into its parts, exactly.

    Between two states the liquidity is constant and nothing is paid in or out, other than fees collected (which
    `fees0` and `fees1` go on counting): split a path where liquidity is minted or burned.

    Raises:
        ArgumentError: if the path is empty or a price is not positive.
    """
    states = [_in_token1(state) if numeraire is Numeraire.TOKEN0 else state for state in path]
    if not states:
        raise ArgumentError("path", states, "at least one state")
    for state in states:
        _check_price(state.price)
    rebalancing = loss = income = revaluation = Fraction(0)
    for before, after in pairwise(states):
        move = after.price - before.price
        rebalancing += before.amount0 * move
        revaluation += before.fees0 * move
        loss += lvr(before, after)
        income += value(after.fees0 - before.fees0, after.fees1 - before.fees1, after.price)
    hodl = states[0].amount0 * (states[-1].price - states[0].price)
    return ProfitAndLoss(hodl, rebalancing, loss, income, revaluation)


def _in_token1(state: PositionState) -> PositionState:
    """Return the same state with the tokens' roles exchanged, so that token0 becomes the numeraire."""
    _check_price(state.price)
    return PositionState(1 / state.price, state.amount1, state.amount0, state.fees1, state.fees0)


def _check_price(price: Fraction) -> None:
    if price <= 0:
        raise ArgumentError("price", price, "above zero")
