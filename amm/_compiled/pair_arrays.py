"""A v2 pair as rows of integers that a compiled loop can read and write, and back again."""

from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from amm._records import from_limbs, to_limbs
from amm.uniswap_v2 import UniswapV2Pair


class PairRow(IntEnum):
    """The rows of a pair whose balances are its reserves, shape (9, 4) of uint64."""

    RESERVE0 = 0
    RESERVE1 = 1
    PRICE0_CUMULATIVE = 2
    PRICE1_CUMULATIVE = 3
    TIMESTAMP = 4
    TIMESTAMP_LAST = 5
    TOTAL_SUPPLY = 6
    K_LAST = 7
    FEE_ON = 8
    """1 where the protocol takes its part, else 0."""


def fits_loop(pair: UniswapV2Pair) -> bool:
    """Whether a loop can go on with the pair: no call is under way, and nothing has come in by itself."""
    return pair.unlocked and (pair.balance0, pair.balance1) == (pair.reserve0, pair.reserve1)


def to_rows(pair: UniswapV2Pair) -> NDArray[np.uint64]:
    """Return the rows of a pair that fits the loop."""
    return to_limbs(
        [
            pair.reserve0,
            pair.reserve1,
            pair.price0_cumulative_last,
            pair.price1_cumulative_last,
            pair.timestamp,
            pair.block_timestamp_last,
            pair.total_supply,
            pair.k_last,
            int(pair.fee_to is not None),
        ]
    )


def write_back(rows: NDArray[np.uint64], pair: UniswapV2Pair) -> None:
    """Give the pair what stands in the rows."""
    values = [from_limbs(row) for row in rows]
    pair.reserve0, pair.reserve1 = pair.balance0, pair.balance1 = values[:2]
    pair.price0_cumulative_last, pair.price1_cumulative_last, pair.timestamp, pair.block_timestamp_last = values[2:6]
    pair.total_supply, pair.k_last = values[6:8]
