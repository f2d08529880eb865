"""The price that a concentrated-liquidity pool's tick says, in whole tokens."""

import math
from collections.abc import Sequence
from typing import Final

import numpy as np
from numpy.typing import NDArray

from compare.checks import whole
from compare.errors import InputError
from compare.formats.numbers import read_numbers
from compare.formats.table import Table

_LARGEST_TICK: Final = 887_272  # TickMath.MAX_TICK
_MOST_DECIMALS: Final = 255  # ERC-20 decimals are a uint8


def tick_prices(table: Table, name: str, decimals: Sequence[int], base_token: int) -> NDArray[np.float64]:
    """float64[n]: 1.0001**tick in whole tokens, NaN where there is no tick.

    Args:
        table: The table.
        name: The column of ticks.
        decimals: Decimals of token0 and token1.
        base_token: 0 gives the price of token0 in token1, 1 that of token1 in token0.

    Raises:
        InputError: Decimals that no token has, or a tick that no pool has.
    """
    if base_token not in (0, 1):
        raise InputError(f"{base_token!r} is no token", place="base_token", remedy="give 0 or 1")
    places = [whole(count, "decimals") for count in decimals]
    if len(places) != 2 or max(places) > _MOST_DECIMALS:  # noqa: PLR2004  two tokens
        problem = f"{decimals!r} are not the decimals of two tokens"
        raise InputError(problem, place="decimals", remedy="give those of token0 and token1, such as (8, 18)")
    ticks = read_numbers(table, name)
    wrong = np.isfinite(ticks) & ((ticks != np.rint(ticks)) | (np.abs(ticks) > _LARGEST_TICK)) | np.isinf(ticks)
    if wrong.any():
        row = int(np.argmax(wrong))
        remedy = f"a tick is a whole number from -{_LARGEST_TICK} to {_LARGEST_TICK}"
        raise table.error(f"{ticks[row]} is not a tick", row=row, column=name, remedy=remedy)
    # token1 units per token0 unit is 1.0001**tick; the decimals turn units into whole tokens.
    sign = 1 - 2 * base_token
    shift = sign * (places[0] - places[1]) * math.log(10)
    distinct, which = np.unique(ticks, return_inverse=True)
    prices = np.array([math.exp(sign * tick * math.log1p(1e-4) + shift) for tick in distinct.tolist()])
    return prices[which]
