"""Runs the compiled loop of v2 swaps on a pair, and lets the plain pair do what the loop leaves to it."""

import numpy as np
from numpy.typing import NDArray

from amm._compiled.pair_swaps import PairRow, run_orders
from amm._records import from_limbs, to_limbs
from amm.batch.pair_swaps import swap_plainly
from amm.errors import AmmError
from amm.uniswap_v2 import UniswapV2Pair

Records = NDArray[np.void]


def run_compiled(pair: UniswapV2Pair, orders: Records, results: Records, to: str) -> dict[int, AmmError]:
    """Do every order and return the errors; see amm.batch.run_pair_swaps.

    Args:
        pair: changed in place.
        orders: shape (n,), dtype PAIR_ORDER, contiguous.
        results: shape (n,), dtype PAIR_RESULT, contiguous; written over.
        to: who receives the output, and is neither the pair nor one of its tokens.
    """
    errors: dict[int, AmmError] = {}
    done = 0
    while done < len(orders):
        if pair.unlocked and (pair.balance0, pair.balance1) == (pair.reserve0, pair.reserve1):
            done = _loop(pair, orders, results, done)
        if done < len(orders):
            # Refused, or the first swap after tokens came in by themselves, which it takes for input.
            if error := swap_plainly(pair, orders[done], results[done : done + 1], to):
                errors[done] = error
            done += 1
    return errors


def _loop(pair: UniswapV2Pair, orders: Records, results: Records, first: int) -> int:
    """Do orders from `first` on, and return the index of one that the loop cannot do, or how many orders there are."""
    state = np.zeros((len(PairRow), 4), dtype=np.uint64)
    state[:] = to_limbs(
        [
            pair.reserve0,
            pair.reserve1,
            pair.price0_cumulative_last,
            pair.price1_cumulative_last,
            pair.timestamp,
            pair.block_timestamp_last,
        ]
    )
    done: int = run_orders(state.ctypes.data, orders.ctypes.data, results.ctypes.data, first, len(orders))
    values = [from_limbs(row) for row in state]
    pair.reserve0, pair.reserve1 = pair.balance0, pair.balance1 = values[:2]
    pair.price0_cumulative_last, pair.price1_cumulative_last, pair.timestamp, pair.block_timestamp_last = values[2:]
    return done
