"""Records of calls as numpy arrays, and the limbs in which they keep integers longer than a machine word."""

from collections.abc import Iterable
from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

Wide = NDArray[np.uint64]
"""Integers as rows of four 64-bit limbs, the lowest first, in two's complement where they can be negative: (n, 4)."""

LIMBS: Final = 4
LIMB_BITS: Final = 64
_WIDE = ("<u8", LIMBS)
_HALF = ("<u8", LIMBS // 2)
"""Room for uint112."""

SWAP_ORDER: Final = np.dtype(
    [
        ("amount_specified", *_WIDE),
        ("sqrt_price_limit_x96", *_WIDE),
        ("block_timestamp", "<i8"),
        ("zero_for_one", "<i8"),
    ]
)
"""One call of swap: int256 amount, the limit, the block's time in seconds (never less than before), and 0 or 1."""

SWAP_RESULT: Final = np.dtype(
    [
        ("amount0", *_WIDE),
        ("amount1", *_WIDE),
        ("sqrt_price_x96", *_WIDE),
        ("liquidity", *_WIDE),
        ("fee", *_WIDE),
        ("protocol_fee", *_WIDE),
        ("fee_growth_global_x128", *_WIDE),
        ("tick", "<i8"),
        ("reverted", "<i8"),
    ]
)
"""What a swap did: int256 amounts into the pool, and the price, liquidity and tick after. Fees and fee growth are the
input token's. A swap that reverts has 1 as its last field and zeros in all others."""

PAIR_ORDER: Final = np.dtype(
    [("amount", *_WIDE), ("block_timestamp", "<i8"), ("zero_for_one", "<i8"), ("exact_input", "<i8")]
)
"""One swap of a v2 pair: the uint256 amount paid (exact_input 1) or bought (0), the block's time in seconds (never less
than before), and whether token0 is what is paid (1) or token1 (0)."""

PAIR_RESULT: Final = np.dtype(
    [
        ("amount0_in", *_HALF),
        ("amount1_in", *_HALF),
        ("amount0_out", *_HALF),
        ("amount1_out", *_HALF),
        ("reverted", "<i8"),
    ]
)
"""What a swap of a pair moved, uint112 each: the amounts of its Swap event. One that reverts has 1 as its last field
and zeros in all others."""

PAIR_EVENT: Final = np.dtype(
    [
        ("amount", *_WIDE),
        ("amount1", *_WIDE),
        ("block_timestamp", "<i8"),
        ("kind", "<i8"),
        ("zero_for_one", "<i8"),
        ("owner", "<i8"),
    ]
)
"""What somebody does with a v2 pair, by `kind`: see PairCall. `amount` is what a swap pays or buys, the shares of a
burn, or the token0 that comes in; `amount1` the token1 that comes in. Times are in seconds, each not less than the one
before. Only a swap reads zero_for_one (0 or 1). The owner, by its index in a list of names, receives what goes out, and
the shares of a mint; those of a burn are its own."""

PAIR_EVENT_RESULT: Final = np.dtype(
    [
        ("amount0_in", *_WIDE),
        ("amount1_in", *_WIDE),
        ("amount0_out", *_WIDE),
        ("amount1_out", *_WIDE),
        ("shares", *_WIDE),
        ("total_supply", *_WIDE),
        ("reserve0", *_HALF),
        ("reserve1", *_HALF),
        ("reverted", "<i8"),
    ]
)
"""What it moved: the tokens into the pair and out of it as the contract's events name them, so that a swap or a mint
has what came in before it too; the shares given to the owner or burnt; all shares and both reserves after. What else
`total_supply` has grown by went to the protocol, or with the first mint was locked. One that reverts has 1 as its last
field and zeros in all others."""

POOL_EVENT: Final = np.dtype(
    [
        ("amount", *_WIDE),
        ("limit", *_WIDE),
        ("block_timestamp", "<i8"),
        ("kind", "<i8"),
        ("zero_for_one", "<i8"),
        ("owner", "<i8"),
        ("tick_lower", "<i8"),
        ("tick_upper", "<i8"),
    ]
)
"""One call of a v3 pool, by `kind`: see PoolCall. `amount` is a swap's int256 amount_specified, the liquidity of a mint
or a burn, or the token0 that a collect asks for; `limit` a swap's limit, or the token1 that a collect asks for. Times
are in seconds, each not less than the one before. Only a swap reads zero_for_one (0 or 1); only the others read the
index of their owner in a list of names, and their ticks."""

POOL_RESULT: Final = np.dtype(
    [
        ("amount0", *_WIDE),
        ("amount1", *_WIDE),
        ("sqrt_price_x96", *_WIDE),
        ("liquidity", *_WIDE),
        ("fee", *_WIDE),
        ("protocol_fee", *_WIDE),
        ("fee_growth_global0_x128", *_WIDE),
        ("fee_growth_global1_x128", *_WIDE),
        ("tick", "<i8"),
        ("reverted", "<i8"),
    ]
)
"""What a call did: int256 amounts as the contract returns them (a swap's and a mint's flow into the pool, a burn's are
owed, a collect's are paid out), the fees of a swap in its input token, and the price, active liquidity, fee growth and
tick of the pool after. A call that reverts has 1 as its last field and zeros in all others."""


class PairCall(IntEnum):
    """The kinds of PAIR_EVENT, each with the tokens or shares that it sends ahead: all of it happens, or nothing."""

    SWAP_EXACT_INPUT = 0
    SWAP_EXACT_OUTPUT = 1
    MINT = 2
    BURN = 3
    TRANSFER_IN = 4
    SKIM = 5
    SYNC = 6


class PoolCall(IntEnum):
    """The kinds of POOL_EVENT."""

    SWAP = 0
    MINT = 1
    BURN = 2
    COLLECT = 3


def to_limbs(values: Iterable[int]) -> Wide:
    """Return integers modulo 2**256 as rows of limbs: shape (n, 4).

    Example:
        >>> to_limbs([2**64 + 7, -1]).tolist() == [[7, 1, 0, 0], [2**64 - 1] * 4]
        True
    """
    size, mask = LIMBS * LIMB_BITS // 8, (1 << LIMBS * LIMB_BITS) - 1
    rows = bytearray(b"".join((value & mask).to_bytes(size, "little") for value in values))
    return np.frombuffer(rows, dtype="<u8").reshape(-1, LIMBS)


def from_limbs(row: NDArray[np.uint64], *, signed: bool = False) -> int:
    """Return the integer of one row of limbs.

    Example:
        >>> from_limbs(to_limbs([-5])[0], signed=True)
        -5
    """
    return int.from_bytes(np.ascontiguousarray(row, dtype="<u8").tobytes(), "little", signed=signed)


def rows_from_limbs(rows: Wide) -> list[int]:
    """Return the unsigned integers of many rows of limbs.

    Example:
        >>> rows_from_limbs(to_limbs([7, 2**200]))
        [7, 1606938044258990275541962092341162602522202993782792835301376]
    """
    size, held = LIMBS * LIMB_BITS // 8, np.ascontiguousarray(rows, dtype="<u8").tobytes()
    return [int.from_bytes(held[first : first + size], "little") for first in range(0, len(held), size)]
