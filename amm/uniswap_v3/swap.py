"""The swap loop: everything a swap writes, worked out before any of it is written (UniswapV3Pool.swap)."""

from functools import lru_cache
from typing import NamedTuple

from amm.errors import CastOverflowError, PoolLockedError, SqrtPriceLimitError, ZeroAmountError
from amm.math.fixed_point import MAX_INT256, MAX_UINT32, MAX_UINT128, MAX_UINT256, MIN_INT256
from amm.math.liquidity_math import add_delta
from amm.math.swap_math import compute_swap_step_exact_in, compute_swap_step_exact_out
from amm.math.tick_bitmap import next_initialized_above, next_initialized_at_or_below
from amm.math.tick_math import (
    MAX_SQRT_RATIO,
    MAX_TICK,
    MIN_SQRT_RATIO,
    MIN_TICK,
    get_sqrt_ratio_at_tick,
    get_tick_at_sqrt_ratio,
)
from amm.uniswap_v3 import oracle
from amm.uniswap_v3 import tick as ticks
from amm.uniswap_v3.state import Observation, PoolState, TickInfo

_sqrt_ratio_at_tick = lru_cache(maxsize=1 << 16)(get_sqrt_ratio_at_tick)
"""Swaps meet the same ticks again and again."""


class SwapResult(NamedTuple):
    """What a swap does: the fields of the contract's Swap event, and where the fee went.

    Amounts are from the pool's side, in the token's smallest unit: positive flows into the pool.
    """

    amount0: int
    amount1: int
    sqrt_price_x96: int
    """The price afterwards."""
    liquidity: int
    """The active liquidity afterwards."""
    tick: int
    """The tick afterwards."""
    fee0: int
    """The whole fee taken in token0, part of amount0."""
    fee1: int
    """The whole fee taken in token1, part of amount1."""
    protocol_fee0: int
    """The protocol's part of fee0."""
    protocol_fee1: int
    """The protocol's part of fee1."""


class SwapChange(NamedTuple):
    """A swap's result and all it writes."""

    result: SwapResult
    fee_growth_global_x128: int
    """The fee growth of the input token afterwards."""
    ticks: dict[int, TickInfo]
    """The ticks crossed, as they are afterwards."""
    observation: tuple[int, int, Observation | None] | None
    """Index, cardinality and record of the oracle's write, where the tick changes."""


def check_swap(state: PoolState, zero_for_one: bool, amount_specified: int, sqrt_price_limit_x96: int) -> None:
    """Refuse what the contract refuses before it computes anything, in its order.

    Raises:
        ZeroAmountError: ("AS") if there is nothing to swap.
        PoolLockedError: ("LOK") if the pool is not initialised.
        SqrtPriceLimitError: ("SPL") if the limit is not beyond the price, or out of range.
    """
    if amount_specified == 0:
        raise ZeroAmountError
    slot0 = state.slot0
    if not slot0.unlocked:
        raise PoolLockedError
    if zero_for_one:
        in_order = MIN_SQRT_RATIO < sqrt_price_limit_x96 < slot0.sqrt_price_x96
    else:
        in_order = slot0.sqrt_price_x96 < sqrt_price_limit_x96 < MAX_SQRT_RATIO
    if not in_order:
        raise SqrtPriceLimitError(zero_for_one, sqrt_price_limit_x96, slot0.sqrt_price_x96)


def compute_swap(state: PoolState, zero_for_one: bool, amount_specified: int, sqrt_price_limit_x96: int) -> SwapChange:
    """Walk the price until the amount is spent or the limit is reached, word by word as the contract does.

    Args:
        state: the pool before the swap.
        zero_for_one: token0 in, token1 out; the price falls.
        amount_specified: exact input where positive, exact output where negative.
        sqrt_price_limit_x96: where to stop.

    Raises:
        ZeroAmountError, PoolLockedError, SqrtPriceLimitError: as check_swap.
        CastOverflowError: if the amount worked out needs more than 255 bits.
    """
    check_swap(state, zero_for_one, amount_specified, sqrt_price_limit_x96)
    slot0, time = state.slot0, state.timestamp & MAX_UINT32
    sqrt_price_x96, tick, liquidity = slot0.sqrt_price_x96, slot0.tick, state.liquidity
    if zero_for_one:
        growth_in_x128, growth_out_x128 = state.fee_growth_global0_x128, state.fee_growth_global1_x128
        fee_protocol = slot0.fee_protocol & 0xF
    else:
        growth_in_x128, growth_out_x128 = state.fee_growth_global1_x128, state.fee_growth_global0_x128
        fee_protocol = slot0.fee_protocol >> 4
    exact_in = amount_specified > 0
    compute_step = compute_swap_step_exact_in if exact_in else compute_swap_step_exact_out
    remaining = abs(amount_specified)
    total_in = total_out = total_fee = protocol_fee = 0
    crossed: dict[int, TickInfo] = {}
    sums: tuple[int, int] | None = None

    while remaining and sqrt_price_x96 != sqrt_price_limit_x96:
        tick_next, initialized = _next_tick(state, tick, zero_for_one)
        sqrt_start_x96, sqrt_next_x96 = sqrt_price_x96, _sqrt_ratio_at_tick(tick_next)
        sqrt_price_x96, amount_in, amount_out, fee_amount = compute_step(
            sqrt_start_x96,
            max(sqrt_next_x96, sqrt_price_limit_x96) if zero_for_one else min(sqrt_next_x96, sqrt_price_limit_x96),
            liquidity,
            remaining,
            state.fee,
        )
        remaining -= amount_in + fee_amount if exact_in else amount_out
        total_in += amount_in + fee_amount
        total_out += amount_out
        total_fee += fee_amount
        if fee_protocol:
            protocol_part = fee_amount // fee_protocol
            protocol_fee += protocol_part
            fee_amount -= protocol_part
        if liquidity:
            # One step's fee is below liquidity * 2**85, so the quotient fits 256 bits and mul_div could not revert.
            growth_in_x128 = (growth_in_x128 + (fee_amount << 128) // liquidity) & MAX_UINT256

        if sqrt_price_x96 == sqrt_next_x96:
            if initialized:
                info = state.ticks[tick_next]
                growths = (growth_in_x128, growth_out_x128) if zero_for_one else (growth_out_x128, growth_in_x128)
                sums = sums or oracle.observe_single(state.observations, slot0, time, 0, state.liquidity)
                crossed[tick_next] = ticks.crossed(info, growths, time, sums)
                liquidity = add_delta(liquidity, -info.liquidity_net if zero_for_one else info.liquidity_net)
            tick = tick_next - 1 if zero_for_one else tick_next
        elif sqrt_price_x96 != sqrt_start_x96:
            tick = _tick_at_sqrt_ratio(sqrt_price_x96, tick)

    # The contract checks each partial sum; they only grow, so the last one tells.
    if total_in > MAX_INT256 or total_out > -MIN_INT256:
        raise CastOverflowError(max(total_in, total_out), "int256")
    observation = None
    if tick != slot0.tick:
        observation = oracle.write(state.observations, slot0, time, state.liquidity)
    amount0, amount1 = (total_in, -total_out) if zero_for_one else (-total_out, total_in)
    fee0, fee1 = (total_fee, 0) if zero_for_one else (0, total_fee)
    # The contract's uint128 sum wraps.
    protocol_fee &= MAX_UINT128
    protocol_fee0, protocol_fee1 = (protocol_fee, 0) if zero_for_one else (0, protocol_fee)
    result = SwapResult(amount0, amount1, sqrt_price_x96, liquidity, tick, fee0, fee1, protocol_fee0, protocol_fee1)
    return SwapChange(result, growth_in_x128, crossed, observation)


def _next_tick(state: PoolState, tick: int, zero_for_one: bool) -> tuple[int, bool]:
    """Return the next tick in one bitmap word, and whether it is initialised."""
    spacing = state.tick_spacing
    compressed = tick // spacing
    if zero_for_one:
        word = state.tick_bitmap.get(compressed >> 8, 0)
        compressed, initialized = next_initialized_at_or_below(word, compressed)
        return max(compressed * spacing, MIN_TICK), initialized
    word = state.tick_bitmap.get((compressed + 1) >> 8, 0)
    compressed, initialized = next_initialized_above(word, compressed)
    return min(compressed * spacing, MAX_TICK), initialized


def _tick_at_sqrt_ratio(sqrt_price_x96: int, near: int) -> int:
    """Return get_tick_at_sqrt_ratio, sooner where the price is a few ticks from the tick `near`.

    A tick changes the square-root price by about 1/20000. That makes a guess, which counts if it proves right.
    """
    near_x96 = _sqrt_ratio_at_tick(near)
    guess = near + (sqrt_price_x96 - near_x96) * 20_000 // near_x96
    if MIN_TICK <= guess < MAX_TICK and _sqrt_ratio_at_tick(guess) <= sqrt_price_x96 < _sqrt_ratio_at_tick(guess + 1):
        return guess
    return get_tick_at_sqrt_ratio(sqrt_price_x96)
