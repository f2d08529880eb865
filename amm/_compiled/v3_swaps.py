"""The v3 swap loop over arrays: the walk of amm.uniswap_v3.swap, with the same functions, compiled."""

from typing import Any, NamedTuple

import numpy as np

from amm._compiled.addressing import get, load, put, store
from amm._compiled.limbs import as_signed, as_unsigned, to_float, to_machine, to_wide
from amm._compiled.pool_arrays import TICK_WIDE, SmallRow, TickWide, WideRow
from amm._compiled.twins import twin_of
from amm._compiled.wide_type import WideConstant
from amm._records import SWAP_ORDER, SWAP_RESULT
from amm.math import fixed_point, liquidity_math, swap_math, tick_bitmap, tick_math
from amm.uniswap_v3 import oracle
from amm.uniswap_v3 import tick as ticks
from amm.uniswap_v3.state import Observation, TickInfo
from lpmm_numba.disk_cache import compiled_loop
from lpmm_numba.parts import inlined_part, part

_compute_swap_step_exact_in = twin_of(swap_math.compute_swap_step_exact_in)
_compute_swap_step_exact_out = twin_of(swap_math.compute_swap_step_exact_out)
_next_initialized_at_or_below = twin_of(tick_bitmap.next_initialized_at_or_below)
_next_initialized_above = twin_of(tick_bitmap.next_initialized_above)
_get_sqrt_ratio_at_tick = twin_of(tick_math.get_sqrt_ratio_at_tick)
_get_tick_at_sqrt_ratio = twin_of(tick_math.get_tick_at_sqrt_ratio)
_add_delta = twin_of(liquidity_math.add_delta)
_crossed = twin_of(ticks.crossed)
_transform = twin_of(oracle.transform)

ZERO = WideConstant(0)
MIN_SQRT_RATIO = WideConstant(tick_math.MIN_SQRT_RATIO)
MAX_SQRT_RATIO = WideConstant(tick_math.MAX_SQRT_RATIO)
MAX_INT256 = WideConstant(fixed_point.MAX_INT256)
MAX_OUTPUT = WideConstant(-fixed_point.MIN_INT256)
MAX_UINT160 = WideConstant(fixed_point.MAX_UINT160)
MAX_UINT128 = WideConstant(fixed_point.MAX_UINT128)
MIN_TICK, MAX_TICK = tick_math.MIN_TICK, tick_math.MAX_TICK
MAX_UINT32 = fixed_point.MAX_UINT32

SQRT_PRICE, LIQUIDITY = int(WideRow.SQRT_PRICE), int(WideRow.LIQUIDITY)
FEE_GROWTH0, FEE_GROWTH1 = int(WideRow.FEE_GROWTH0), int(WideRow.FEE_GROWTH1)
PROTOCOL_FEES0, BALANCE0 = int(WideRow.PROTOCOL_FEES0), int(WideRow.BALANCE0)
FEE, TICK_SPACING, TICK, FEE_PROTOCOL = (
    int(SmallRow.FEE),
    int(SmallRow.TICK_SPACING),
    int(SmallRow.TICK),
    int(SmallRow.FEE_PROTOCOL),
)
INDEX, CARDINALITY, CARDINALITY_NEXT = (
    int(SmallRow.OBSERVATION_INDEX),
    int(SmallRow.OBSERVATION_CARDINALITY),
    int(SmallRow.OBSERVATION_CARDINALITY_NEXT),
)
TIMESTAMP, LOWEST_WORD, LOWEST_COMPRESSED, REVERTS = (
    int(SmallRow.TIMESTAMP),
    int(SmallRow.LOWEST_WORD),
    int(SmallRow.LOWEST_COMPRESSED),
    int(SmallRow.REVERTS),
)
LIQUIDITY_GROSS, LIQUIDITY_NET = int(TickWide.LIQUIDITY_GROSS), int(TickWide.LIQUIDITY_NET)
OUTSIDE0, OUTSIDE1, SECONDS_PER_LIQUIDITY = (
    int(TickWide.FEE_GROWTH_OUTSIDE0),
    int(TickWide.FEE_GROWTH_OUTSIDE1),
    int(TickWide.SECONDS_PER_LIQUIDITY_OUTSIDE),
)

TICKS_PER_CHANGE = 2 / np.log(1.0001)
"""By how many ticks a small relative change of the square-root price moves."""


def place(record: "np.dtype[np.void]", field: str, size: int = 8) -> int:
    """Return at which word of so many bytes a field begins."""
    offsets = {name: entry[1] for name, entry in (record.fields or {}).items()}
    return offsets[field] // size


def wide_place(record: "np.dtype[np.void]", field: str) -> int:
    """Return at which 256-bit word a field begins."""
    return place(record, field, 32)


ORDER_SIZE, RESULT_SIZE = SWAP_ORDER.itemsize, SWAP_RESULT.itemsize
ORDER_AMOUNT, ORDER_LIMIT = (wide_place(SWAP_ORDER, name) for name in ("amount_specified", "sqrt_price_limit_x96"))
ORDER_TIME, ORDER_DIRECTION = (place(SWAP_ORDER, name) for name in ("block_timestamp", "zero_for_one"))
(
    RESULT_AMOUNT0,
    RESULT_AMOUNT1,
    RESULT_PRICE,
    RESULT_LIQUIDITY,
    RESULT_FEE,
    RESULT_PROTOCOL_FEE,
    RESULT_FEE_GROWTH,
) = (wide_place(SWAP_RESULT, name) for name in (SWAP_RESULT.names or ())[:7])
RESULT_TICK, RESULT_STATUS = (place(SWAP_RESULT, name) for name in ("tick", "reverted"))

DONE, ZERO_AMOUNT, PRICE_LIMIT, REFUSED = 0, 1, 2, 3
"""What became of an order: REFUSED leaves it to the plain engine to say why."""


@inlined_part
def sqrt_ratio_at_tick(pool, tick):
    """Return get_sqrt_ratio_at_tick; swaps meet the same ticks again and again."""
    place = tick & 0xFFF
    if get(pool.cached_ticks, place) != tick:
        store(pool.cached_ratios, place, _get_sqrt_ratio_at_tick(to_wide(tick)))
        put(pool.cached_ticks, place, tick)
    return load(pool.cached_ratios, place)


@inlined_part
def tick_at_sqrt_ratio(pool, sqrt_price_x96, near):
    """Return get_tick_at_sqrt_ratio, sooner where the price is a few ticks from the tick `near`."""
    near_x96 = sqrt_ratio_at_tick(pool, near)
    if sqrt_price_x96 >= near_x96:
        change = to_float(sqrt_price_x96 - near_x96) / to_float(near_x96)
    else:
        change = -to_float(near_x96 - sqrt_price_x96) / to_float(near_x96)
    guess = near + np.int64(np.floor(TICKS_PER_CHANGE * (change - change * change / 2)))
    if MIN_TICK <= guess < MAX_TICK and sqrt_ratio_at_tick(pool, guess) <= sqrt_price_x96 < sqrt_ratio_at_tick(
        pool, guess + 1
    ):
        return guess
    return to_machine(_get_tick_at_sqrt_ratio(sqrt_price_x96))


@inlined_part
def next_tick(pool, tick, zero_for_one):
    """Return the next tick in one bitmap word, and whether it is initialised."""
    spacing = get(pool.small, TICK_SPACING)
    compressed = tick // spacing
    if zero_for_one:
        word = load(pool.bitmap, (compressed >> 8) - get(pool.small, LOWEST_WORD))
        wide, initialized = _next_initialized_at_or_below(word, to_wide(compressed))
        return max(to_machine(wide) * spacing, MIN_TICK), initialized
    word = load(pool.bitmap, ((compressed + 1) >> 8) - get(pool.small, LOWEST_WORD))
    wide, initialized = _next_initialized_above(word, to_wide(compressed))
    return min(to_machine(wide) * spacing, MAX_TICK), initialized


class Walk(NamedTuple):
    """A swap worked out and not yet written; all uint256 but the last two."""

    total_in: Any
    total_out: Any
    sqrt_price_x96: Any
    liquidity: Any
    fee: Any
    protocol_fee: Any
    fee_growth_x128: Any
    """Of the input token."""
    tick: Any
    crossings: Any
    """How many ticks it crosses: they stand in the pool's crossed_slots."""


@inlined_part
def check_swap(pool, zero_for_one, amount_specified, limit_x96):
    """Return what is wrong with an order before anything is computed, in the contract's order."""
    sqrt_price_x96 = load(pool.wide, SQRT_PRICE)
    if limit_x96 > MAX_UINT160:
        return REFUSED
    if amount_specified == 0:
        return ZERO_AMOUNT
    if zero_for_one:
        in_order = MIN_SQRT_RATIO < limit_x96 < sqrt_price_x96
    else:
        in_order = sqrt_price_x96 < limit_x96 < MAX_SQRT_RATIO
    return DONE if in_order else PRICE_LIMIT


def _walk(pool, zero_for_one, amount_specified, limit_x96):
    """Walk the price until the amount is spent or the limit is reached, as amm.uniswap_v3.swap.compute_swap does.

    Writes nothing but the ticks crossed, in the pool's crossed_slots and crossed_growth. Raises what the functions it
    calls raise, and OverflowError where an amount needs more than 255 bits.
    """
    token_in = 0 if zero_for_one else 1
    sqrt_price_x96, liquidity = load(pool.wide, SQRT_PRICE), load(pool.wide, LIQUIDITY)
    limit_x96 &= MAX_UINT160
    growth_x128 = load(pool.wide, FEE_GROWTH0 + token_in)
    fee, spacing, tick = get(pool.small, FEE), get(pool.small, TICK_SPACING), get(pool.small, TICK)
    fee_protocol = get(pool.small, FEE_PROTOCOL) & 0xF if zero_for_one else get(pool.small, FEE_PROTOCOL) >> 4
    exact_in = amount_specified > 0
    remaining = as_unsigned(amount_specified if exact_in else -amount_specified)
    total_in = total_out = total_fee = protocol_fee = as_unsigned(ZERO)
    crossings = 0
    while remaining != 0 and sqrt_price_x96 != limit_x96:
        tick_next, initialized = next_tick(pool, tick, zero_for_one)
        # The masks change nothing: they tell the compiler how many bits there are.
        sqrt_start_x96, sqrt_next_x96 = sqrt_price_x96 & MAX_UINT160, sqrt_ratio_at_tick(pool, tick_next) & MAX_UINT160
        liquidity &= MAX_UINT128
        target_x96 = max(sqrt_next_x96, limit_x96) if zero_for_one else min(sqrt_next_x96, limit_x96)
        sqrt_price_x96, amount_in, amount_out, fee_amount = compute_step(
            sqrt_start_x96, target_x96, liquidity, remaining, fee, exact_in
        )
        remaining -= amount_in + fee_amount if exact_in else amount_out
        total_in += amount_in + fee_amount
        total_out += amount_out
        if total_in > MAX_INT256 or total_out > MAX_OUTPUT:
            raise OverflowError
        total_fee += fee_amount
        if fee_protocol:
            protocol_part = fee_amount // fee_protocol
            protocol_fee += protocol_part
            fee_amount -= protocol_part
        if liquidity:
            growth_x128 += (fee_amount << 128) // liquidity
        if sqrt_price_x96 == sqrt_next_x96:
            if initialized:
                slot = get(pool.slot_of, tick_next // spacing - get(pool.small, LOWEST_COMPRESSED))
                put(pool.crossed_slots, crossings, slot)
                store(pool.crossed_growth, crossings, growth_x128)
                crossings += 1
                net = as_signed(load(pool.tick_wide, TICK_WIDE * slot + LIQUIDITY_NET))
                liquidity = as_unsigned(_add_delta(liquidity, -net if zero_for_one else net))
            tick = tick_next - 1 if zero_for_one else tick_next
        elif sqrt_price_x96 != sqrt_start_x96:
            tick = tick_at_sqrt_ratio(pool, sqrt_price_x96, tick)
    protocol_fee &= MAX_UINT128
    return Walk(total_in, total_out, sqrt_price_x96, liquidity, total_fee, protocol_fee, growth_x128, tick, crossings)


walk = part(_walk)
walk_inlined = inlined_part(_walk)
"""For a loop that calls it once: the result stays in registers there. Each further call is another copy to compile."""


@inlined_part
def compute_step(sqrt_price_x96, target_x96, liquidity, remaining, fee, exact_in):
    """Do one step at one liquidity (SwapMath.computeSwapStep)."""
    if exact_in:
        return _compute_swap_step_exact_in(sqrt_price_x96, target_x96, liquidity, remaining, fee)
    return _compute_swap_step_exact_out(sqrt_price_x96, target_x96, liquidity, remaining, fee)


@inlined_part
def commit_swap(pool, done, zero_for_one):
    """Write a swap: price, liquidity, fee growth, protocol fees, balances, the ticks crossed and the oracle."""
    token_in = 0 if zero_for_one else 1
    token_out = 1 - token_in
    if done.crossings:
        cross(pool, done.crossings, token_in)
    if done.tick != get(pool.small, TICK):
        observe(pool)
    store(pool.wide, SQRT_PRICE, done.sqrt_price_x96)
    store(pool.wide, LIQUIDITY, done.liquidity)
    store(pool.wide, FEE_GROWTH0 + token_in, done.fee_growth_x128)
    store(pool.wide, BALANCE0 + token_in, load(pool.wide, BALANCE0 + token_in) + done.total_in)
    store(pool.wide, BALANCE0 + token_out, load(pool.wide, BALANCE0 + token_out) - done.total_out)
    protocol_fees = load(pool.wide, PROTOCOL_FEES0 + token_in) + done.protocol_fee
    store(pool.wide, PROTOCOL_FEES0 + token_in, protocol_fees & MAX_UINT128)
    put(pool.small, TICK, done.tick)


@inlined_part
def report(result, done, zero_for_one):
    """Fill in a SWAP_RESULT."""
    store(result, RESULT_AMOUNT0, done.total_in if zero_for_one else -done.total_out)
    store(result, RESULT_AMOUNT1, -done.total_out if zero_for_one else done.total_in)
    store(result, RESULT_PRICE, done.sqrt_price_x96)
    store(result, RESULT_LIQUIDITY, done.liquidity)
    store(result, RESULT_FEE, done.fee)
    store(result, RESULT_PROTOCOL_FEE, done.protocol_fee)
    store(result, RESULT_FEE_GROWTH, done.fee_growth_x128)
    put(result, RESULT_TICK, done.tick)


@part
def cross(pool, crossings, token_in):
    """Write the ticks that a swap has crossed."""
    time, sums = as_unsigned(get(pool.small, TIMESTAMP) & MAX_UINT32), sums_now(pool)
    growth_out_x128 = load(pool.wide, FEE_GROWTH1 - token_in)
    for crossing in range(crossings):
        slot = get(pool.crossed_slots, crossing)
        row = TICK_WIDE * slot
        growth_in_x128 = load(pool.crossed_growth, crossing)
        growths = (growth_in_x128, growth_out_x128) if token_in == 0 else (growth_out_x128, growth_in_x128)
        info = _crossed(load_tick(pool, slot), growths, time, sums)
        store(pool.tick_wide, row + OUTSIDE0, info.fee_growth_outside0_x128)
        store(pool.tick_wide, row + OUTSIDE1, info.fee_growth_outside1_x128)
        store(pool.tick_wide, row + SECONDS_PER_LIQUIDITY, info.seconds_per_liquidity_outside_x128)
        put(pool.tick_small, 3 * slot + 1, to_machine(info.tick_cumulative_outside))
        put(pool.tick_small, 3 * slot + 2, to_machine(info.seconds_outside))


@inlined_part
def load_tick(pool, slot):
    """Return the tick in a slot."""
    row = TICK_WIDE * slot
    return TickInfo(
        load(pool.tick_wide, row + LIQUIDITY_GROSS),
        as_signed(load(pool.tick_wide, row + LIQUIDITY_NET)),
        load(pool.tick_wide, row + OUTSIDE0),
        load(pool.tick_wide, row + OUTSIDE1),
        to_wide(get(pool.tick_small, 3 * slot + 1)),
        load(pool.tick_wide, row + SECONDS_PER_LIQUIDITY),
        as_unsigned(get(pool.tick_small, 3 * slot + 2)),
        True,
    )


@inlined_part
def sums_now(pool):
    """Return the oracle's running sums as of now (oracle.observe_single)."""
    time = as_unsigned(get(pool.small, TIMESTAMP) & MAX_UINT32)
    last = last_observation(pool)
    if last.block_timestamp != time:
        last = _transform(last, time, to_wide(get(pool.small, TICK)), load(pool.wide, LIQUIDITY))
    return last.tick_cumulative, last.seconds_per_liquidity_cumulative_x128


@inlined_part
def last_observation(pool):
    """Return the newest observation."""
    index = get(pool.small, INDEX)
    return Observation(
        as_unsigned(get(pool.observation_small, 3 * index + 0)),
        to_wide(get(pool.observation_small, 3 * index + 1)),
        load(pool.observation_wide, index),
        True,
    )


@part
def observe(pool):
    """Write the observation that a change of tick leaves behind, at most one a block (oracle.write)."""
    time = as_unsigned(get(pool.small, TIMESTAMP) & MAX_UINT32)
    last = last_observation(pool)
    if last.block_timestamp == time:
        return
    index = get(pool.small, INDEX)
    if get(pool.small, CARDINALITY_NEXT) > get(pool.small, CARDINALITY) and index == get(pool.small, CARDINALITY) - 1:
        put(pool.small, CARDINALITY, get(pool.small, CARDINALITY_NEXT))
    index = (index + 1) % get(pool.small, CARDINALITY)
    now = _transform(last, time, to_wide(get(pool.small, TICK)), load(pool.wide, LIQUIDITY))
    put(pool.small, INDEX, index)
    put(pool.observation_small, 3 * index + 0, to_machine(now.block_timestamp))
    put(pool.observation_small, 3 * index + 1, to_machine(now.tick_cumulative))
    put(pool.observation_small, 3 * index + 2, 1)
    store(pool.observation_wide, index, now.seconds_per_liquidity_cumulative_x128)


@part
def swap(pool, zero_for_one, amount_specified, limit_x96, result):
    """Do one swap if all of it can be done; return what became of it."""
    problem = check_swap(pool, zero_for_one, amount_specified, limit_x96)
    if problem != DONE:
        store(result, RESULT_PRICE, load(pool.wide, SQRT_PRICE))
        return problem
    try:
        done = walk_inlined(pool, zero_for_one, amount_specified, limit_x96)
    except Exception:
        return REFUSED
    if done.total_out > load(pool.wide, BALANCE0 + (1 if zero_for_one else 0)):
        return REFUSED
    commit_swap(pool, done, zero_for_one)
    report(result, done, zero_for_one)
    return DONE


@compiled_loop
def run_swaps(pool, orders, results, first, count):
    """Do the orders from `first` on.

    Args:
        pool: Addresses.
        orders: the address of `count` records SWAP_ORDER.
        results: the address of as many records SWAP_RESULT.
        first: the index of the first order.
        count: int64.

    Returns:
        The index of an order that the plain engine has to judge, or `count`.
    """
    for index in range(first, count):
        order, result = orders + ORDER_SIZE * index, results + RESULT_SIZE * index
        put(pool.small, TIMESTAMP, get(order, ORDER_TIME))
        zero_for_one = get(order, ORDER_DIRECTION) != 0
        amount_specified, limit_x96 = as_signed(load(order, ORDER_AMOUNT)), load(order, ORDER_LIMIT)
        status = swap(pool, zero_for_one, amount_specified, limit_x96, result)
        put(result, RESULT_STATUS, status)
        if status != DONE:
            put(pool.small, REVERTS, get(pool.small, REVERTS) + 1)
        if status == REFUSED:
            return index
    return count
