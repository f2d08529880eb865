"""A change of one position over arrays: modify_position and its commit, with the same functions, compiled."""

from typing import Any, NamedTuple

from amm._compiled.addressing import get, load, put, store
from amm._compiled.limbs import as_signed, as_unsigned, to_machine, to_wide
from amm._compiled.pool_arrays import POSITION_WIDE, TICK_WIDE, SmallRow, TickWide, WideRow
from amm._compiled.twins import twin_of
from amm._compiled.v3_swaps import load_tick, observe, sums_now
from amm._compiled.wide_type import WideConstant
from amm.math import liquidity_math
from amm.uniswap_v3 import position as positions
from amm.uniswap_v3 import tick as ticks
from amm.uniswap_v3.state import PositionInfo
from lpmm_numba.parts import part

_check_ticks = twin_of(positions.check_ticks)
_amounts = twin_of(positions.amounts)
_position_updated = twin_of(positions.updated)
_tick_updated = twin_of(ticks.updated)
_fee_growth_inside = twin_of(ticks.fee_growth_inside)
_add_delta = twin_of(liquidity_math.add_delta)

ZERO, ONE = WideConstant(0), WideConstant(1)
SQRT_PRICE, LIQUIDITY = int(WideRow.SQRT_PRICE), int(WideRow.LIQUIDITY)
FEE_GROWTH0, FEE_GROWTH1 = int(WideRow.FEE_GROWTH0), int(WideRow.FEE_GROWTH1)
MAX_LIQUIDITY_PER_TICK = int(WideRow.MAX_LIQUIDITY_PER_TICK)
TICK, TICK_SPACING, TIMESTAMP = int(SmallRow.TICK), int(SmallRow.TICK_SPACING), int(SmallRow.TIMESTAMP)
LOWEST_WORD, LOWEST_COMPRESSED = int(SmallRow.LOWEST_WORD), int(SmallRow.LOWEST_COMPRESSED)
LIQUIDITY_GROSS, LIQUIDITY_NET = int(TickWide.LIQUIDITY_GROSS), int(TickWide.LIQUIDITY_NET)
OUTSIDE0, OUTSIDE1, SECONDS_PER_LIQUIDITY = (
    int(TickWide.FEE_GROWTH_OUTSIDE0),
    int(TickWide.FEE_GROWTH_OUTSIDE1),
    int(TickWide.SECONDS_PER_LIQUIDITY_OUTSIDE),
)


class Slot0View(NamedTuple):
    """What a change of a position reads of slot0."""

    sqrt_price_x96: Any
    tick: Any


class PoolView(NamedTuple):
    """What a change of a position reads of a pool, under the names that PoolState has for it."""

    slot0: Any
    fee_growth_global0_x128: Any
    fee_growth_global1_x128: Any
    max_liquidity_per_tick: Any
    timestamp: Any


class Change(NamedTuple):
    """What a change of liquidity writes."""

    position: Any
    amount0: Any
    """int256: positive flows into the pool."""
    amount1: Any
    lower: Any
    upper: Any


@part
def view_of(pool):
    """Return the pool as the plain functions see it."""
    return PoolView(
        Slot0View(load(pool.wide, SQRT_PRICE), to_wide(get(pool.small, TICK))),
        load(pool.wide, FEE_GROWTH0),
        load(pool.wide, FEE_GROWTH1),
        load(pool.wide, MAX_LIQUIDITY_PER_TICK),
        as_unsigned(get(pool.small, TIMESTAMP)),
    )


@part
def load_position(pool, slot):
    """Return the position in a slot: all zeros where the pool knows none."""
    row = POSITION_WIDE * slot
    return PositionInfo(
        load(pool.position_wide, row),
        load(pool.position_wide, row + 1),
        load(pool.position_wide, row + 2),
        load(pool.position_wide, row + 3),
        load(pool.position_wide, row + 4),
    )


@part
def store_position(pool, slot, position):
    """Write a position, which the pool knows from now on."""
    row = POSITION_WIDE * slot
    store(pool.position_wide, row, as_unsigned(position.liquidity))
    store(pool.position_wide, row + 1, position.fee_growth_inside0_last_x128)
    store(pool.position_wide, row + 2, position.fee_growth_inside1_last_x128)
    store(pool.position_wide, row + 3, position.tokens_owed0)
    store(pool.position_wide, row + 4, position.tokens_owed1)
    put(pool.position_small, slot, 1)


@part
def store_tick(pool, slot, info):
    """Write a tick, which is cleared where no liquidity is left on it."""
    row = TICK_WIDE * slot
    if info.liquidity_gross == 0:
        for field in range(TICK_WIDE):
            store(pool.tick_wide, row + field, as_unsigned(ZERO))
        put(pool.tick_small, 3 * slot + 1, 0)
        put(pool.tick_small, 3 * slot + 2, 0)
        return
    store(pool.tick_wide, row + LIQUIDITY_GROSS, as_unsigned(info.liquidity_gross))
    store(pool.tick_wide, row + LIQUIDITY_NET, as_unsigned(info.liquidity_net))
    store(pool.tick_wide, row + OUTSIDE0, info.fee_growth_outside0_x128)
    store(pool.tick_wide, row + OUTSIDE1, info.fee_growth_outside1_x128)
    store(pool.tick_wide, row + SECONDS_PER_LIQUIDITY, info.seconds_per_liquidity_outside_x128)
    put(pool.tick_small, 3 * slot + 1, to_machine(info.tick_cumulative_outside))
    put(pool.tick_small, 3 * slot + 2, to_machine(info.seconds_outside))


@part
def modify_position(pool, slot, tick_lower, tick_upper, liquidity_delta):
    """Work out and write a change of one position, as amm.uniswap_v3.position.modify_position and its commit do.

    Args:
        pool: Addresses.
        slot: the position's.
        tick_lower: int64.
        tick_upper: int64.
        liquidity_delta: int256.

    Returns:
        Both amounts, int256: positive flows into the pool.

    Raises:
        What the functions it calls raise, and ValueError for what else is refused; nothing is written then.
    """
    lower_wide, upper_wide = to_wide(tick_lower), to_wide(tick_upper)
    _check_ticks(lower_wide, upper_wide)
    spacing = get(pool.small, TICK_SPACING)
    if tick_lower % spacing or tick_upper % spacing:
        raise ValueError
    lower_slot, upper_slot = slot_of(pool, tick_lower), slot_of(pool, tick_upper)
    lower, upper = load_tick(pool, lower_slot), load_tick(pool, upper_slot)
    view, position = view_of(pool), load_position(pool, slot)
    if liquidity_delta == 0:
        if position.liquidity == 0:
            raise ValueError
        inside_x128 = _fee_growth_inside(view, lower, upper, lower_wide, upper_wide)
        store_position(pool, slot, _position_updated(position, liquidity_delta, inside_x128))
        return as_signed(ZERO), as_signed(ZERO)
    sums = sums_now(pool)
    lower_after = _tick_updated(view, lower, lower_wide, liquidity_delta, sums, False)
    upper_after = _tick_updated(view, upper, upper_wide, liquidity_delta, sums, True)
    inside_x128 = _fee_growth_inside(view, lower_after, upper_after, lower_wide, upper_wide)
    position = _position_updated(position, liquidity_delta, inside_x128)
    amount0, amount1 = _amounts(view, lower_wide, upper_wide, liquidity_delta)
    if tick_lower <= get(pool.small, TICK) < tick_upper:
        liquidity = _add_delta(load(pool.wide, LIQUIDITY), liquidity_delta)
        observe(pool)
        store(pool.wide, LIQUIDITY, as_unsigned(liquidity))
    store_position(pool, slot, position)
    if (lower.liquidity_gross == 0) != (lower_after.liquidity_gross == 0):
        flip(pool, tick_lower // spacing)
    if (upper.liquidity_gross == 0) != (upper_after.liquidity_gross == 0):
        flip(pool, tick_upper // spacing)
    store_tick(pool, lower_slot, lower_after)
    store_tick(pool, upper_slot, upper_after)
    return as_signed(amount0), as_signed(amount1)


@part
def slot_of(pool, tick):
    """Return the slot of a tick that is a multiple of the spacing."""
    return get(pool.slot_of, tick // get(pool.small, TICK_SPACING) - get(pool.small, LOWEST_COMPRESSED))


@part
def flip(pool, compressed):
    """Turn a tick's bit over (TickBitmap.flipTick)."""
    word = (compressed >> 8) - get(pool.small, LOWEST_WORD)
    bit = as_unsigned(ONE) << to_wide(compressed & 0xFF)
    store(pool.bitmap, word, as_unsigned(load(pool.bitmap, word) ^ as_unsigned(bit)))
