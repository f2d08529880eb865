"""Amounts between two square-root prices, and the price after an amount (SqrtPriceMath).

Prices are Q64.96 square roots of token1 per token0 in their smallest units. What a trader or a depositor pays is
rounded up and what they receive is rounded down; the price is rounded against the trader.
"""

from amm.errors import CastOverflowError, OutputTooLargeError, ZeroLiquidityError, ZeroPriceError
from amm.math.fixed_point import MAX_UINT160, MAX_UINT256, Q96
from amm.math.full_math import div_rounding_up, mul_div, mul_div_rounding_up


def get_amount0_delta_rounding_up(sqrt_ratio_a_x96: int, sqrt_ratio_b_x96: int, liquidity: int) -> int:
    """Return ceil(liquidity * (1 / sqrt(a) - 1 / sqrt(b))): token0 between two prices, given in either order.

    Source: SqrtPriceMath.getAmount0Delta with roundUp.

    Raises:
        ZeroPriceError: if the lower price is zero.
    """
    if sqrt_ratio_a_x96 > sqrt_ratio_b_x96:
        sqrt_ratio_a_x96, sqrt_ratio_b_x96 = sqrt_ratio_b_x96, sqrt_ratio_a_x96
    if sqrt_ratio_a_x96 == 0:
        raise ZeroPriceError(sqrt_ratio_a_x96)
    scaled = mul_div_rounding_up(liquidity << 96, sqrt_ratio_b_x96 - sqrt_ratio_a_x96, sqrt_ratio_b_x96)
    return div_rounding_up(scaled, sqrt_ratio_a_x96)


def get_amount0_delta_rounding_down(sqrt_ratio_a_x96: int, sqrt_ratio_b_x96: int, liquidity: int) -> int:
    """Return floor(liquidity * (1 / sqrt(a) - 1 / sqrt(b))): token0 between two prices, given in either order.

    Rounded down twice, as the contract does. Source: SqrtPriceMath.getAmount0Delta without roundUp.

    Raises:
        ZeroPriceError: if the lower price is zero.
    """
    if sqrt_ratio_a_x96 > sqrt_ratio_b_x96:
        sqrt_ratio_a_x96, sqrt_ratio_b_x96 = sqrt_ratio_b_x96, sqrt_ratio_a_x96
    if sqrt_ratio_a_x96 == 0:
        raise ZeroPriceError(sqrt_ratio_a_x96)
    scaled = mul_div(liquidity << 96, sqrt_ratio_b_x96 - sqrt_ratio_a_x96, sqrt_ratio_b_x96)
    return scaled // sqrt_ratio_a_x96


def get_amount1_delta_rounding_up(sqrt_ratio_a_x96: int, sqrt_ratio_b_x96: int, liquidity: int) -> int:
    """Return ceil(liquidity * (sqrt(b) - sqrt(a))): token1 between two prices, given in either order.

    Source: SqrtPriceMath.getAmount1Delta with roundUp.
    """
    if sqrt_ratio_a_x96 > sqrt_ratio_b_x96:
        sqrt_ratio_a_x96, sqrt_ratio_b_x96 = sqrt_ratio_b_x96, sqrt_ratio_a_x96
    return mul_div_rounding_up(liquidity, sqrt_ratio_b_x96 - sqrt_ratio_a_x96, Q96)


def get_amount1_delta_rounding_down(sqrt_ratio_a_x96: int, sqrt_ratio_b_x96: int, liquidity: int) -> int:
    """Return floor(liquidity * (sqrt(b) - sqrt(a))): token1 between two prices, given in either order.

    Source: SqrtPriceMath.getAmount1Delta without roundUp.
    """
    if sqrt_ratio_a_x96 > sqrt_ratio_b_x96:
        sqrt_ratio_a_x96, sqrt_ratio_b_x96 = sqrt_ratio_b_x96, sqrt_ratio_a_x96
    return mul_div(liquidity, sqrt_ratio_b_x96 - sqrt_ratio_a_x96, Q96)


def get_amount0_delta(sqrt_ratio_a_x96: int, sqrt_ratio_b_x96: int, liquidity_delta: int) -> int:
    """Return the token0 that a signed change of liquidity moves: positive flows into the pool, rounded in its favour.

    Source: SqrtPriceMath.getAmount0Delta with int128 liquidity.
    """
    if liquidity_delta < 0:
        return -get_amount0_delta_rounding_down(sqrt_ratio_a_x96, sqrt_ratio_b_x96, -liquidity_delta)
    return get_amount0_delta_rounding_up(sqrt_ratio_a_x96, sqrt_ratio_b_x96, liquidity_delta)


def get_amount1_delta(sqrt_ratio_a_x96: int, sqrt_ratio_b_x96: int, liquidity_delta: int) -> int:
    """Return the token1 that a signed change of liquidity moves: positive flows into the pool, rounded in its favour.

    Source: SqrtPriceMath.getAmount1Delta with int128 liquidity.
    """
    if liquidity_delta < 0:
        return -get_amount1_delta_rounding_down(sqrt_ratio_a_x96, sqrt_ratio_b_x96, -liquidity_delta)
    return get_amount1_delta_rounding_up(sqrt_ratio_a_x96, sqrt_ratio_b_x96, liquidity_delta)


def get_next_sqrt_price_from_amount0_rounding_up(sqrt_price_x96: int, liquidity: int, amount: int, add: bool) -> int:
    """Return the price after `amount` of token0 is added (or removed): liquidity / (liquidity / sqrt(p) +- amount).

    Up, because token0 pushes the price down when it comes in, and must not push it further than was paid for. No
    liquidity and a price of zero are not refused here: whoever moves a price has looked at both.

    Source: SqrtPriceMath.getNextSqrtPriceFromAmount0RoundingUp.

    Raises:
        OutputTooLargeError: if more token0 is removed than the liquidity holds.
        CastOverflowError: if the price needs more than 160 bits, or a term more than 256.
        MulDivOverflowError: if token0 is added to no liquidity at a price of zero.
    """
    if amount == 0:
        return sqrt_price_x96
    numerator = liquidity << 96
    if add:
        # Exact where numerator + amount * sqrt_price_x96 fits 256 bits; the contract has a coarser rule for the rest.
        if sqrt_price_x96 == 0 or amount <= (MAX_UINT256 - numerator) // sqrt_price_x96:
            return mul_div_rounding_up(numerator, sqrt_price_x96, numerator + amount * sqrt_price_x96)
        quotient = numerator // sqrt_price_x96
        if amount > MAX_UINT256 - quotient:
            raise CastOverflowError(amount, "uint256")
        return div_rounding_up(numerator, quotient + amount)
    # The product is only formed where it fits 256 bits.
    overflows = sqrt_price_x96 != 0 and amount > MAX_UINT256 // sqrt_price_x96
    if overflows or numerator <= amount * sqrt_price_x96:
        raise OutputTooLargeError(amount, liquidity, sqrt_price_x96)
    next_x96 = mul_div_rounding_up(numerator, sqrt_price_x96, numerator - amount * sqrt_price_x96)
    if next_x96 > MAX_UINT160:
        raise CastOverflowError(next_x96, "uint160")
    return next_x96


def get_next_sqrt_price_from_amount1_rounding_down(sqrt_price_x96: int, liquidity: int, amount: int, add: bool) -> int:
    """Return the price after `amount` of token1 is added (or removed): sqrt(p) +- amount / liquidity.

    Down, because token1 pushes the price up when it comes in, and must not push it further than was paid for. An amount
    of up to 160 bits that is removed from no liquidity leaves the price where it is: the contract does not guard that
    division. Whoever moves a price has looked at the liquidity.

    Source: SqrtPriceMath.getNextSqrtPriceFromAmount1RoundingDown.

    Raises:
        OutputTooLargeError: if more token1 is removed than the liquidity holds.
        CastOverflowError: if the price needs more than 160 bits.
        MulDivOverflowError: if amount / liquidity needs more than 256 bits, or the liquidity is zero.
    """
    if add:
        quotient = mul_div(amount, Q96, liquidity)
        if quotient > MAX_UINT160 - sqrt_price_x96:
            raise CastOverflowError(quotient, "uint160")
        return sqrt_price_x96 + quotient
    if amount <= MAX_UINT160:
        quotient = div_rounding_up(amount << 96, liquidity)
    else:
        quotient = mul_div_rounding_up(amount, Q96, liquidity)
    if sqrt_price_x96 <= quotient:
        raise OutputTooLargeError(amount, liquidity, sqrt_price_x96)
    return sqrt_price_x96 - quotient


def get_next_sqrt_price_from_input(sqrt_price_x96: int, liquidity: int, amount_in: int, zero_for_one: bool) -> int:
    """Return the price after `amount_in` is paid in, rounded so that the trader never goes beyond what was paid.

    Source: SqrtPriceMath.getNextSqrtPriceFromInput.

    Raises:
        ZeroPriceError: if the price is zero.
        ZeroLiquidityError: if the liquidity is zero.
        CastOverflowError: if the price needs more than 160 bits.
    """
    if sqrt_price_x96 == 0:
        raise ZeroPriceError(sqrt_price_x96)
    if liquidity == 0:
        raise ZeroLiquidityError(liquidity)
    if zero_for_one:
        return get_next_sqrt_price_from_amount0_rounding_up(sqrt_price_x96, liquidity, amount_in, True)
    return get_next_sqrt_price_from_amount1_rounding_down(sqrt_price_x96, liquidity, amount_in, True)


def get_next_sqrt_price_from_output(sqrt_price_x96: int, liquidity: int, amount_out: int, zero_for_one: bool) -> int:
    """Return the price after `amount_out` is taken, rounded so that the price moves far enough to give it.

    Source: SqrtPriceMath.getNextSqrtPriceFromOutput.

    Raises:
        ZeroPriceError: if the price is zero.
        ZeroLiquidityError: if the liquidity is zero.
        OutputTooLargeError: if the liquidity holds less than `amount_out`.
        CastOverflowError: if the price needs more than 160 bits.
    """
    if sqrt_price_x96 == 0:
        raise ZeroPriceError(sqrt_price_x96)
    if liquidity == 0:
        raise ZeroLiquidityError(liquidity)
    if zero_for_one:
        return get_next_sqrt_price_from_amount1_rounding_down(sqrt_price_x96, liquidity, amount_out, False)
    return get_next_sqrt_price_from_amount0_rounding_up(sqrt_price_x96, liquidity, amount_out, False)
