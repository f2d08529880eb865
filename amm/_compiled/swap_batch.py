"""Runs the compiled swap loop on a pool, and lets the plain engine name the error of whatever reverts."""

import numpy as np
from numpy.typing import NDArray

from amm._compiled.pool_arrays import PoolArrays, SmallRow, addresses_of, to_arrays, write_back
from amm._compiled.v3_swaps import DONE, PRICE_LIMIT, ZERO_AMOUNT, run_swaps
from amm._records import SWAP_RESULT, from_limbs
from amm.batch.engine import reverted
from amm.errors import AmmError, SqrtPriceLimitError, ZeroAmountError
from amm.uniswap_v3.pool import UniswapV3Pool

Records = NDArray[np.void]


def run_compiled(pool: UniswapV3Pool, orders: Records, results: Records) -> dict[int, AmmError]:
    """Swap every order on an initialised pool and return the errors; see amm.batch.run_swaps.

    Args:
        pool: changed in place.
        orders: shape (n,), dtype SWAP_ORDER, contiguous.
        results: shape (n,), dtype SWAP_RESULT, contiguous; written over.
    """
    arrays = to_arrays(pool)
    addresses = addresses_of(arrays)
    errors: dict[int, AmmError] = {}
    done = 0
    while True:
        done = run_swaps(addresses, orders.ctypes.data, results.ctypes.data, done, len(orders))
        if done == len(orders):
            break
        errors[done] = _judged(pool, arrays, orders[done])
        done += 1
    write_back(arrays, pool)
    if arrays.small[SmallRow.REVERTS]:
        errors |= _known_errors(orders, results)
        results[results["reverted"] != DONE] = reverted(SWAP_RESULT)
    return dict(sorted(errors.items()))


def _judged(pool: UniswapV3Pool, arrays: PoolArrays, order: np.void) -> AmmError:
    """Return the error with which the plain engine refuses an order at this state."""
    copy = pool.copy()
    write_back(arrays, copy)
    amount = from_limbs(order["amount_specified"], signed=True)
    try:
        copy.quote(bool(order["zero_for_one"]), amount, from_limbs(order["sqrt_price_limit_x96"]))
    except AmmError as error:
        return error
    raise RuntimeError(f"the compiled engine refuses a swap that the plain engine does: {order}")


def _known_errors(orders: Records, results: Records) -> dict[int, AmmError]:
    """Return the errors that need no more than the price at the time, which the loop has left in the result."""
    errors: dict[int, AmmError] = {}
    for index in np.flatnonzero(results["reverted"] == ZERO_AMOUNT).tolist():
        errors[index] = ZeroAmountError()
    for index in np.flatnonzero(results["reverted"] == PRICE_LIMIT).tolist():
        limit, price = orders["sqrt_price_limit_x96"][index], results["sqrt_price_x96"][index]
        errors[index] = SqrtPriceLimitError(bool(orders["zero_for_one"][index]), from_limbs(limit), from_limbs(price))
    return errors
