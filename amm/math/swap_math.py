"""One step of a swap: at one liquidity, from one price towards another (SwapMath)."""

from amm.math.fixed_point import PIPS
from amm.math.full_math import mul_div, mul_div_rounding_up
from amm.math.sqrt_price_math import (
    get_amount0_delta_rounding_down,
    get_amount0_delta_rounding_up,
    get_amount1_delta_rounding_down,
    get_amount1_delta_rounding_up,
    get_next_sqrt_price_from_input,
    get_next_sqrt_price_from_output,
)


def compute_swap_step_exact_in(
    sqrt_price_x96: int, sqrt_target_x96: int, liquidity: int, amount_remaining: int, fee_pips: int
) -> tuple[int, int, int, int]:
    """Spend up to `amount_remaining` of the input, fee included, and stop at the target price at the latest.

    Source: SwapMath.computeSwapStep with a positive amount. The direction is token0 for token1 where the target is not
    above the price.

    Returns:
        The price after the step, the input without fee, the output, and the fee, which is in the input token.
    """
    zero_for_one = sqrt_price_x96 >= sqrt_target_x96
    amount_less_fee = mul_div(amount_remaining, PIPS - fee_pips, PIPS)
    if zero_for_one:
        amount_in = get_amount0_delta_rounding_up(sqrt_target_x96, sqrt_price_x96, liquidity)
    else:
        amount_in = get_amount1_delta_rounding_up(sqrt_price_x96, sqrt_target_x96, liquidity)
    if amount_less_fee >= amount_in:
        sqrt_next_x96 = sqrt_target_x96
    else:
        sqrt_next_x96 = get_next_sqrt_price_from_input(sqrt_price_x96, liquidity, amount_less_fee, zero_for_one)
    reached = sqrt_next_x96 == sqrt_target_x96
    if zero_for_one:
        if not reached:
            amount_in = get_amount0_delta_rounding_up(sqrt_next_x96, sqrt_price_x96, liquidity)
        amount_out = get_amount1_delta_rounding_down(sqrt_next_x96, sqrt_price_x96, liquidity)
    else:
        if not reached:
            amount_in = get_amount1_delta_rounding_up(sqrt_price_x96, sqrt_next_x96, liquidity)
        amount_out = get_amount0_delta_rounding_down(sqrt_price_x96, sqrt_next_x96, liquidity)
    if reached:
        return sqrt_next_x96, amount_in, amount_out, mul_div_rounding_up(amount_in, fee_pips, PIPS - fee_pips)
    # Stopped short of the target: all the input is spent, and what did not move the price is fee.
    return sqrt_next_x96, amount_in, amount_out, amount_remaining - amount_in


def compute_swap_step_exact_out(
    sqrt_price_x96: int, sqrt_target_x96: int, liquidity: int, amount_remaining: int, fee_pips: int
) -> tuple[int, int, int, int]:
    """Take up to `amount_remaining` of the output, and stop at the target price at the latest.

    Source: SwapMath.computeSwapStep with a negative amount; here it is given as a positive number.

    Returns:
        The price after the step, the input without fee, the output, and the fee, which is in the input token.
    """
    zero_for_one = sqrt_price_x96 >= sqrt_target_x96
    if zero_for_one:
        amount_out = get_amount1_delta_rounding_down(sqrt_target_x96, sqrt_price_x96, liquidity)
    else:
        amount_out = get_amount0_delta_rounding_down(sqrt_price_x96, sqrt_target_x96, liquidity)
    if amount_remaining >= amount_out:
        sqrt_next_x96 = sqrt_target_x96
    else:
        sqrt_next_x96 = get_next_sqrt_price_from_output(sqrt_price_x96, liquidity, amount_remaining, zero_for_one)
    reached = sqrt_next_x96 == sqrt_target_x96
    if zero_for_one:
        amount_in = get_amount0_delta_rounding_up(sqrt_next_x96, sqrt_price_x96, liquidity)
        if not reached:
            amount_out = get_amount1_delta_rounding_down(sqrt_next_x96, sqrt_price_x96, liquidity)
    else:
        amount_in = get_amount1_delta_rounding_up(sqrt_price_x96, sqrt_next_x96, liquidity)
        if not reached:
            amount_out = get_amount0_delta_rounding_down(sqrt_price_x96, sqrt_next_x96, liquidity)
    # The price was rounded so far that it gives more than was asked for: the rest stays in the pool.
    amount_out = min(amount_out, amount_remaining)
    return sqrt_next_x96, amount_in, amount_out, mul_div_rounding_up(amount_in, fee_pips, PIPS - fee_pips)


def compute_swap_step(
    sqrt_price_x96: int, sqrt_target_x96: int, liquidity: int, amount_remaining: int, fee_pips: int
) -> tuple[int, int, int, int]:
    """Do the step with the contract's signed amount: exact input where positive, exact output where negative.

    Returns:
        The price after the step, the input without fee, the output, and the fee, which is in the input token.

    Example:
        >>> compute_swap_step(2**96, 2**95, 2_000_000, 1_000, 3_000)
        (79188686953817859390637717434, 997, 996, 3)
    """
    if amount_remaining >= 0:
        return compute_swap_step_exact_in(sqrt_price_x96, sqrt_target_x96, liquidity, amount_remaining, fee_pips)
    return compute_swap_step_exact_out(sqrt_price_x96, sqrt_target_x96, liquidity, -amount_remaining, fee_pips)
