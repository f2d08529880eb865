"""Swaps of a v3 pool, one after the other."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from amm._records import SWAP_ORDER, SWAP_RESULT, from_limbs, to_limbs
from amm.batch.engine import Records, check_records, reverted, room_for
from amm.errors import AmmError
from amm.uniswap_v3.pool import UniswapV3Pool
from lpmm_numba import has_compiler


class SwapRun(NamedTuple):
    """What became of every order.

    Attributes:
        results: shape (orders,), dtype SWAP_RESULT.
        errors: the error of each order that reverted, by its index.
    """

    results: Records
    errors: dict[int, AmmError]


def swap_orders(rows: Iterable[tuple[bool, int, int, int]]) -> Records:
    """Make an array of orders.

    Args:
        rows: zero_for_one, amount_specified, sqrt_price_limit_x96 and block_timestamp of each.

    Returns:
        Shape (orders,), dtype SWAP_ORDER.
    """
    columns = list(zip(*rows, strict=True)) or [(), (), (), ()]
    orders = np.zeros(len(columns[0]), dtype=SWAP_ORDER)
    orders["zero_for_one"] = columns[0]
    orders["amount_specified"] = to_limbs(columns[1])
    orders["sqrt_price_limit_x96"] = to_limbs(columns[2])
    orders["block_timestamp"] = columns[3]
    return orders


def run_swaps(
    pool: UniswapV3Pool, orders: Records, *, out: Records | None = None, compiled: bool | None = None
) -> SwapRun:
    """Swap every order on the pool, one after the other; one that reverts changes nothing, and the next one follows.

    The compiled loop runs without Python's lock, so that threads can each drive a pool of their own.

    Args:
        pool: changed in place.
        orders: shape (n,), dtype SWAP_ORDER.
        out: where the results are written, shape (n,), dtype SWAP_RESULT, contiguous; None makes an array.
        compiled: whether to use the compiled engine; None uses it where numba is installed.

    Raises:
        ArgumentError: if an array has another dtype or shape, or time goes backwards in it.
        ImportError: if the compiled engine is asked for, and numba is not installed.
    """
    check_records("orders", orders, SWAP_ORDER, pool.block_timestamp, "zero_for_one")
    results = room_for(orders, SWAP_RESULT, out)
    if compiled is None:
        compiled = has_compiler()
    # Without a price every order reverts; the arrays are of a pool that has one.
    if not compiled or not pool.slot0.unlocked:
        return SwapRun(results, _run_plain(pool, orders, results))
    from amm._compiled.swap_batch import run_compiled  # noqa: PLC0415 - numba takes long to import, and may be absent

    return SwapRun(results, run_compiled(pool, np.ascontiguousarray(orders), results))


def _run_plain(pool: UniswapV3Pool, orders: Records, results: Records) -> dict[int, AmmError]:
    errors: dict[int, AmmError] = {}
    for index, order in enumerate(orders):
        pool.block_timestamp = int(order["block_timestamp"])
        zero_for_one = bool(order["zero_for_one"])
        amount = from_limbs(order["amount_specified"], signed=True)
        try:
            swap = pool.swap(zero_for_one, amount, from_limbs(order["sqrt_price_limit_x96"]))
        except AmmError as error:
            errors[index] = error
            results[index] = reverted(SWAP_RESULT)
            continue
        growth = pool.fee_growth_global0_x128 if zero_for_one else pool.fee_growth_global1_x128
        fee, protocol_fee = swap.fee0 + swap.fee1, swap.protocol_fee0 + swap.protocol_fee1
        wide = to_limbs((swap.amount0, swap.amount1, swap.sqrt_price_x96, swap.liquidity, fee, protocol_fee, growth))
        results[index] = (*wide, swap.tick, 0)
    return errors
