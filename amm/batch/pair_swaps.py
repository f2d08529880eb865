"""Swaps of a v2 pair, one after the other."""

from collections.abc import Iterable
from typing import NamedTuple

import numpy as np

from amm._records import PAIR_ORDER, PAIR_RESULT, from_limbs, to_limbs
from amm.batch.engine import Records, check_records, reverted, room_for
from amm.errors import AmmError
from amm.uniswap_v2 import UniswapV2Pair
from lpmm_numba import has_compiler


class PairRun(NamedTuple):
    """What became of every order.

    Attributes:
        results: shape (orders,), dtype PAIR_RESULT.
        errors: the error of each order that reverted, by its index.
    """

    results: Records
    errors: dict[int, AmmError]


def pair_orders(rows: Iterable[tuple[bool, int, bool, int]]) -> Records:
    """Make an array of orders.

    Args:
        rows: zero_for_one, the amount, whether that is the input, and block_timestamp of each.

    Returns:
        Shape (orders,), dtype PAIR_ORDER.
    """
    columns = list(zip(*rows, strict=True)) or [(), (), (), ()]
    orders = np.zeros(len(columns[0]), dtype=PAIR_ORDER)
    orders["zero_for_one"] = columns[0]
    orders["amount"] = to_limbs(columns[1])
    orders["exact_input"] = columns[2]
    orders["block_timestamp"] = columns[3]
    return orders


def run_pair_swaps(
    pair: UniswapV2Pair,
    orders: Records,
    *,
    to: str = "trader",
    out: Records | None = None,
    compiled: bool | None = None,
) -> PairRun:
    """Do swap_exact_input or swap_exact_output for every order; one that reverts changes nothing.

    The compiled loop runs without Python's lock, so that threads can each drive a pair of their own.

    Args:
        pair: changed in place.
        orders: shape (n,), dtype PAIR_ORDER.
        to: who receives the output.
        out: where the results are written, shape (n,), dtype PAIR_RESULT, contiguous; None makes an array.
        compiled: whether to use the compiled engine; None uses it where numba is installed.

    Raises:
        ArgumentError: if an array has another dtype or shape, or time goes backwards in it.
        ImportError: if the compiled engine is asked for, and numba is not installed.

    Example:
        >>> pair = UniswapV2Pair.from_reserves(1_000_000, 4_000_000)
        >>> run = run_pair_swaps(pair, pair_orders([(True, 10_000, True, 0), (False, 10**7, False, 0)]), compiled=False)
        >>> from_limbs(run.results["amount1_out"][0]), str(run.errors[1])
        (39486, 'ds-math-sub-underflow: the difference must not be negative (x=1010000, y=10000000)')
    """
    check_records("orders", orders, PAIR_ORDER, pair.block_timestamp, "zero_for_one", "exact_input")
    results = room_for(orders, PAIR_RESULT, out)
    if compiled is None:
        compiled = has_compiler()
    if not compiled or to in {pair.address, pair.token0, pair.token1}:
        return PairRun(results, _run_plain(pair, orders, results, to))
    from amm._compiled.pair_batch import run_compiled  # noqa: PLC0415 - numba takes long to import, and may be absent

    return PairRun(results, run_compiled(pair, np.ascontiguousarray(orders), results, to))


def swap_plainly(pair: UniswapV2Pair, order: np.void, result: Records, to: str) -> AmmError | None:
    """Do one order on the plain pair, write what it moved to the one result, and return the error if it reverts."""
    swap = pair.swap_exact_input if order["exact_input"] else pair.swap_exact_output
    pair.block_timestamp = int(order["block_timestamp"])
    try:
        moved = swap(bool(order["zero_for_one"]), from_limbs(order["amount"]), to)
    except AmmError as error:
        result[0] = reverted(PAIR_RESULT)
        return error
    result[0] = (*to_limbs(moved)[:, :2], 0)
    return None


def _run_plain(pair: UniswapV2Pair, orders: Records, results: Records, to: str) -> dict[int, AmmError]:
    errors: dict[int, AmmError] = {}
    for index, order in enumerate(orders):
        if error := swap_plainly(pair, order, results[index : index + 1], to):
            errors[index] = error
    return errors
