"""Limits of the contracts' integer types, fixed-point scales, and the wrap-around of unchecked arithmetic."""

from typing import Final

Q96: Final = 1 << 96
"""One, in the Q64.96 scale of square-root prices."""
Q112: Final = 1 << 112
"""One, in the UQ112x112 scale of the v2 price accumulators."""
Q128: Final = 1 << 128
"""One, in the Q128.128 scale of fee growth."""

MAX_UINT32: Final = (1 << 32) - 1
MAX_UINT112: Final = (1 << 112) - 1
MAX_UINT128: Final = (1 << 128) - 1
MAX_UINT160: Final = (1 << 160) - 1
MAX_UINT256: Final = (1 << 256) - 1
MAX_INT24: Final = (1 << 23) - 1
MIN_INT24: Final = -(1 << 23)
MAX_INT128: Final = (1 << 127) - 1
MIN_INT128: Final = -(1 << 127)
MAX_INT256: Final = (1 << 255) - 1
MIN_INT256: Final = -(1 << 255)

PIPS: Final = 1_000_000
"""One, in hundredths of a basis point: the unit of a v3 pool's fee."""


def wrap_int56(value: int) -> int:
    """Reduce `value` to a signed 56-bit integer, as unchecked arithmetic on int56 does."""
    return ((value + (1 << 55)) & ((1 << 56) - 1)) - (1 << 55)
