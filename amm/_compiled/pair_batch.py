"""Runs the compiled loop of v2 swaps on a pair, and lets the plain pair do what the loop leaves to it."""

import numpy as np
from numpy.typing import NDArray

from amm._compiled.pair_arrays import fits_loop, to_rows, write_back
from amm._compiled.pair_swaps import run_orders
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
        if fits_loop(pair):
            rows = to_rows(pair)
            done = run_orders(rows.ctypes.data, orders.ctypes.data, results.ctypes.data, done, len(orders))
            write_back(rows, pair)
        if done < len(orders):
            # Refused, or the first swap after tokens came in by themselves, which it takes for input.
            if error := swap_plainly(pair, orders[done], results[done : done + 1], to):
                errors[done] = error
            done += 1
    return errors
