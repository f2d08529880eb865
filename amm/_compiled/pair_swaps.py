"""The loop of v2 swaps over arrays: UniswapV2Pair.swap_exact_input and swap_exact_output, compiled."""

from amm._compiled.addressing import get, load, load_half, put, store, store_half
from amm._compiled.limbs import as_unsigned
from amm._compiled.pair_arrays import PairRow
from amm._compiled.twins import twin_of
from amm._compiled.v3_swaps import place
from amm._compiled.wide_type import WideConstant
from amm._records import PAIR_ORDER, PAIR_RESULT
from amm.math import constant_product, fixed_point
from lpmm_numba.disk_cache import compiled_loop
from lpmm_numba.parts import inlined_part, part

_get_amount_out = twin_of(constant_product.get_amount_out)
_get_amount_in = twin_of(constant_product.get_amount_in)
_accumulated_price = twin_of(constant_product.accumulated_price)

ZERO = WideConstant(0)
MAX_UINT112 = WideConstant(fixed_point.MAX_UINT112)
MAX_UINT32 = fixed_point.MAX_UINT32

RESERVE0, PRICE0_CUMULATIVE, PRICE1_CUMULATIVE = (
    int(PairRow.RESERVE0),
    int(PairRow.PRICE0_CUMULATIVE),
    int(PairRow.PRICE1_CUMULATIVE),
)
TIMESTAMP, TIMESTAMP_LAST = 4 * int(PairRow.TIMESTAMP), 4 * int(PairRow.TIMESTAMP_LAST)
ORDER_SIZE, RESULT_SIZE = PAIR_ORDER.itemsize, PAIR_RESULT.itemsize
ORDER_AMOUNT = place(PAIR_ORDER, "amount", 32)
ORDER_TIME, ORDER_DIRECTION, ORDER_KIND = (
    place(PAIR_ORDER, name) for name in ("block_timestamp", "zero_for_one", "exact_input")
)
RESULT_IN, RESULT_OUT = (place(PAIR_RESULT, name, 16) for name in ("amount0_in", "amount0_out"))
RESULT_REVERTED = place(PAIR_RESULT, "reverted")


@inlined_part
def trade(pair, time, zero_for_one, exact_input, amount):
    """Do one swap of a pair whose balances are its reserves; return whether it could be done, and its two amounts.

    The product needs no check: less output than get_amount_out's, or more input than get_amount_in's, is what makes it
    fall, and both are rounded the pair's way.
    """
    token_in = 0 if zero_for_one else 1
    reserve_in, reserve_out = load_half(pair, 2 * token_in), load_half(pair, 2 - 2 * token_in)
    try:
        if exact_input:
            amount_in, amount_out = amount, _get_amount_out(amount, reserve_in, reserve_out)
        else:
            amount_in, amount_out = _get_amount_in(amount, reserve_in, reserve_out), amount
    except Exception:
        return False, amount, amount
    if amount_out == 0 or amount_out >= reserve_out or amount_in > MAX_UINT112 - reserve_in:
        return False, amount, amount
    let_time_pass(pair, time)
    store_half(pair, 2 * token_in, reserve_in + amount_in)
    store_half(pair, 2 - 2 * token_in, reserve_out - amount_out)
    return True, amount_in, amount_out


@inlined_part
def let_time_pass(pair, time):
    """Add what the prices were to their sums, and the time since the last change (UniswapV2Pair._update)."""
    elapsed = time - get(pair, TIMESTAMP_LAST) & MAX_UINT32
    if elapsed:
        update_prices(pair, as_unsigned(elapsed))
        put(pair, TIMESTAMP_LAST, time & MAX_UINT32)


@part
def update_prices(pair, elapsed):
    """Add the prices of both tokens over the seconds in which they held."""
    reserve0, reserve1 = load(pair, RESERVE0), load(pair, RESERVE0 + 1)
    price0, price1 = load(pair, PRICE0_CUMULATIVE), load(pair, PRICE1_CUMULATIVE)
    store(pair, PRICE0_CUMULATIVE, _accumulated_price(price0, reserve0, reserve1, elapsed))
    store(pair, PRICE1_CUMULATIVE, _accumulated_price(price1, reserve1, reserve0, elapsed))


@part
def swap(pair, order, result):
    """Do one order; return whether it could be done."""
    time = get(order, ORDER_TIME)
    put(pair, TIMESTAMP, time)
    zero_for_one = get(order, ORDER_DIRECTION) != 0
    amount = load(order, ORDER_AMOUNT)
    done, amount_in, amount_out = trade(pair, time, zero_for_one, get(order, ORDER_KIND) != 0, amount)
    if done:
        token_in = 0 if zero_for_one else 1
        store_half(result, RESULT_IN + token_in, amount_in)
        store_half(result, RESULT_IN + 1 - token_in, ZERO)
        store_half(result, RESULT_OUT + token_in, ZERO)
        store_half(result, RESULT_OUT + 1 - token_in, amount_out)
        put(result, RESULT_REVERTED, 0)
    return done


@compiled_loop
def run_orders(pair, orders, results, first, count):
    """Do the orders from `first` on.

    Args:
        pair: the address of the state, see PairRow.
        orders: the address of `count` records PAIR_ORDER.
        results: the address of as many records PAIR_RESULT.
        first: the index of the first order.
        count: int64.

    Returns:
        The index of an order that the plain pair has to judge, or `count`.
    """
    for index in range(first, count):
        if not swap(pair, orders + ORDER_SIZE * index, results + RESULT_SIZE * index):
            return index
    return count
