"""The loop over the events of a v3 pool: swaps, mints, burns and collects in one stream."""

from amm._compiled.addressing import get, load, put, store
from amm._compiled.limbs import as_signed, as_unsigned
from amm._compiled.pool_arrays import POSITION_WIDE, PositionWide, SmallRow, WideRow
from amm._compiled.v3_positions import load_position, modify_position
from amm._compiled.v3_swaps import DONE, REFUSED, check_swap, commit_swap, place, walk_inlined, wide_place
from amm._compiled.wide_type import WideConstant
from amm._records import POOL_EVENT, POOL_RESULT, PoolCall
from amm.math import fixed_point
from lpmm_numba.disk_cache import compiled_loop
from lpmm_numba.parts import part

ZERO = WideConstant(0)
MAX_INT128 = WideConstant(fixed_point.MAX_INT128)
MAX_UINT128 = WideConstant(fixed_point.MAX_UINT128)
SQRT_PRICE, LIQUIDITY, FEE_GROWTH0, BALANCE0 = (
    int(WideRow.SQRT_PRICE),
    int(WideRow.LIQUIDITY),
    int(WideRow.FEE_GROWTH0),
    int(WideRow.BALANCE0),
)
TICK, TIMESTAMP = int(SmallRow.TICK), int(SmallRow.TIMESTAMP)
TOKENS_OWED0 = int(PositionWide.TOKENS_OWED0)
SWAP, MINT, BURN = int(PoolCall.SWAP), int(PoolCall.MINT), int(PoolCall.BURN)

EVENT_SIZE, RESULT_SIZE = POOL_EVENT.itemsize, POOL_RESULT.itemsize
AMOUNT, LIMIT = (wide_place(POOL_EVENT, name) for name in ("amount", "limit"))
TIME, KIND, DIRECTION, TICK_LOWER, TICK_UPPER = (
    place(POOL_EVENT, name) for name in ("block_timestamp", "kind", "zero_for_one", "tick_lower", "tick_upper")
)
AMOUNT0, AMOUNT1, PRICE, LIQUIDITY_AFTER, FEE, PROTOCOL_FEE, GROWTH0 = (
    wide_place(POOL_RESULT, name) for name in (POOL_RESULT.names or ())[:7]
)
TICK_AFTER, STATUS = (place(POOL_RESULT, name) for name in ("tick", "reverted"))


@part
def swap(pool, event, result):
    """Do a swap; raise ValueError, or what the walk raises, where it cannot be done."""
    zero_for_one = get(event, DIRECTION) != 0
    amount_specified, limit_x96 = as_signed(load(event, AMOUNT)), load(event, LIMIT)
    if check_swap(pool, zero_for_one, amount_specified, limit_x96) != DONE:
        raise ValueError
    done = walk_inlined(pool, zero_for_one, amount_specified, limit_x96)
    if done.total_out > load(pool.wide, BALANCE0 + (1 if zero_for_one else 0)):
        raise ValueError
    commit_swap(pool, done, zero_for_one)
    store(result, FEE, done.fee)
    store(result, PROTOCOL_FEE, done.protocol_fee)
    amount_in, amount_out = as_signed(done.total_in), as_signed(-done.total_out)
    return (amount_in, amount_out) if zero_for_one else (amount_out, amount_in)


@part
def mint(pool, slot, event):
    """Add liquidity, and take what it costs."""
    liquidity = load(event, AMOUNT)
    if liquidity == 0 or liquidity > MAX_INT128:
        raise ValueError
    lower, upper = get(event, TICK_LOWER), get(event, TICK_UPPER)
    amount0, amount1 = modify_position(pool, slot, lower, upper, as_signed(liquidity))
    store(pool.wide, BALANCE0, load(pool.wide, BALANCE0) + as_unsigned(amount0))
    store(pool.wide, BALANCE0 + 1, load(pool.wide, BALANCE0 + 1) + as_unsigned(amount1))
    return amount0, amount1


@part
def burn(pool, slot, event):
    """Take liquidity away, and owe what it was worth."""
    liquidity = load(event, AMOUNT)
    if liquidity > MAX_INT128:
        raise ValueError
    lower, upper = get(event, TICK_LOWER), get(event, TICK_UPPER)
    amount0, amount1 = modify_position(pool, slot, lower, upper, as_signed(-liquidity))
    owe(pool, slot, TOKENS_OWED0, as_unsigned(-amount0))
    owe(pool, slot, TOKENS_OWED0 + 1, as_unsigned(-amount1))
    return -amount0, -amount1


@part
def owe(pool, slot, field, amount):
    """Add to what a position is owed, modulo 2**128."""
    row = POSITION_WIDE * slot + field
    store(pool.position_wide, row, (load(pool.position_wide, row) + amount) & MAX_UINT128)


@part
def collect(pool, slot, event):
    """Pay out what a position is owed, up to what is asked for."""
    requested0, requested1 = load(event, AMOUNT), load(event, LIMIT)
    if requested0 > MAX_UINT128 or requested1 > MAX_UINT128:
        raise ValueError
    position = load_position(pool, slot)
    amount0, amount1 = min(requested0, position.tokens_owed0), min(requested1, position.tokens_owed1)
    balance0, balance1 = load(pool.wide, BALANCE0), load(pool.wide, BALANCE0 + 1)
    if amount0 > balance0 or amount1 > balance1:
        raise ValueError
    row = POSITION_WIDE * slot + TOKENS_OWED0
    store(pool.position_wide, row, position.tokens_owed0 - amount0)
    store(pool.position_wide, row + 1, position.tokens_owed1 - amount1)
    store(pool.wide, BALANCE0, balance0 - amount0)
    store(pool.wide, BALANCE0 + 1, balance1 - amount1)
    return as_signed(amount0), as_signed(amount1)


@part
def call(pool, slot, event, result):
    """Do one call if all of it can be done; return DONE or REFUSED."""
    kind = get(event, KIND)
    if kind != SWAP and slot < 0:
        return REFUSED
    store(result, FEE, as_unsigned(ZERO))
    store(result, PROTOCOL_FEE, as_unsigned(ZERO))
    try:
        if kind == SWAP:
            amount0, amount1 = swap(pool, event, result)
        elif kind == MINT:
            amount0, amount1 = mint(pool, slot, event)
        elif kind == BURN:
            amount0, amount1 = burn(pool, slot, event)
        else:
            amount0, amount1 = collect(pool, slot, event)
    except Exception:
        return REFUSED
    store(result, AMOUNT0, as_unsigned(amount0))
    store(result, AMOUNT1, as_unsigned(amount1))
    store(result, PRICE, load(pool.wide, SQRT_PRICE))
    store(result, LIQUIDITY_AFTER, load(pool.wide, LIQUIDITY))
    store(result, GROWTH0, load(pool.wide, FEE_GROWTH0))
    store(result, GROWTH0 + 1, load(pool.wide, FEE_GROWTH0 + 1))
    put(result, TICK_AFTER, get(pool.small, TICK))
    put(result, STATUS, 0)
    return DONE


@compiled_loop
def run_events(pool, slots, events, results, first, count):
    """Do the events from `first` on.

    Args:
        pool: Addresses.
        slots: the address of the slot of each event's position, int64; below zero where it has none.
        events: the address of `count` records POOL_EVENT.
        results: the address of as many records POOL_RESULT.
        first: the index of the first event.
        count: int64.

    Returns:
        The index of an event that the plain pool has to judge, or `count`.
    """
    for index in range(first, count):
        event, result = events + EVENT_SIZE * index, results + RESULT_SIZE * index
        put(pool.small, TIMESTAMP, get(event, TIME))
        if call(pool, get(slots, index), event, result) == REFUSED:
            return index
    return count
