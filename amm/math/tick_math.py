"""Ticks and square-root prices: sqrt(1.0001**tick) as Q64.96, in both directions, as the contract has it (TickMath)."""

from typing import Final

from amm.errors import SqrtPriceOutOfRangeError, TickOutOfRangeError
from amm.math.bit_math import most_significant_bit
from amm.math.fixed_point import MAX_UINT256, Q128

MIN_TICK: Final = -887272
"""The lowest tick: about log base 1.0001 of 2**-128."""
MAX_TICK: Final = 887272
"""The highest tick: about log base 1.0001 of 2**128."""
MIN_SQRT_RATIO: Final = 4295128739
"""The square-root price at MIN_TICK."""
MAX_SQRT_RATIO: Final = 1461446703485210103287273052203988822378723970342
"""The square-root price at MAX_TICK; a pool's price is always below it."""

_FACTORS_X128: Final = (
    0xFFFCB933BD6FAD37AA2D162D1A594001,
    0xFFF97272373D413259A46990580E213A,
    0xFFF2E50F5F656932EF12357CF3C7FDCC,
    0xFFE5CACA7E10E4E61C3624EAA0941CD0,
    0xFFCB9843D60F6159C9DB58835C926644,
    0xFF973B41FA98C081472E6896DFB254C0,
    0xFF2EA16466C96A3843EC78B326B52861,
    0xFE5DEE046A99A2A811C461F1969C3053,
    0xFCBE86C7900A88AEDCFFC83B479AA3A4,
    0xF987A7253AC413176F2B074CF7815E54,
    0xF3392B0822B70005940C7A398E4B70F3,
    0xE7159475A2C29B7443B29C7FA6E889D9,
    0xD097F3BDFD2022B8845AD8F792AA5825,
    0xA9F746462D870FDF8A65DC1F90E061E5,
    0x70D869A156D2A1B890BB3DF62BAF32F7,
    0x31BE135F97D08FD981231505542FCFA6,
    0x9AA508B5B7A84E1C677DE54F3E99BC9,
    0x5D6AF8DEDB81196699C329225EE604,
    0x2216E584F5FA1EA926041BEDFE98,
    0x48A170391F7DC42444E8FA2,
)
"""sqrt(1.0001)**-(2**i) as Q128.128, one for each bit of a tick's absolute value."""

_LOG2_STEPS: Final = 14
"""Binary digits of the logarithm after the point: enough to leave at most two candidate ticks."""
_LOG_SQRT10001_OF_2_X64: Final = 255738958999603826347141
"""1 / log2(sqrt(1.0001)), as Q64."""
_ERROR_BELOW_X128: Final = 3402992956809132418596140100660247210
_ERROR_ABOVE_X128: Final = 291339464771989622907027621153398088495
"""How far the truncated logarithm can lie from the true one, on either side."""


def get_sqrt_ratio_at_tick(tick: int) -> int:
    """Return sqrt(1.0001**tick) * 2**96, rounded up (TickMath.getSqrtRatioAtTick).

    Raises:
        TickOutOfRangeError: ("T") if the tick is beyond MIN_TICK or MAX_TICK.

    Example:
        >>> get_sqrt_ratio_at_tick(0) == 2**96
        True
    """
    bits = tick if tick >= 0 else -tick
    if bits > MAX_TICK:
        raise TickOutOfRangeError(tick)
    ratio_x128 = Q128
    for factor_x128 in _FACTORS_X128:
        if bits & 1:
            ratio_x128 = ratio_x128 * factor_x128 >> 128
        bits >>= 1
    if tick > 0:
        ratio_x128 = MAX_UINT256 // ratio_x128
    # Up, so that get_tick_at_sqrt_ratio of the result is the tick again.
    return (ratio_x128 + 0xFFFFFFFF) >> 32


def get_tick_at_sqrt_ratio(sqrt_price_x96: int) -> int:
    """Return the greatest tick whose square-root price is at most `sqrt_price_x96` (TickMath.getTickAtSqrtRatio).

    Raises:
        SqrtPriceOutOfRangeError: ("R") below MIN_SQRT_RATIO, or at or above MAX_SQRT_RATIO.

    Example:
        >>> get_tick_at_sqrt_ratio(2**96), get_tick_at_sqrt_ratio(2**96 - 1)
        (0, -1)
    """
    if sqrt_price_x96 < MIN_SQRT_RATIO or sqrt_price_x96 >= MAX_SQRT_RATIO:
        raise SqrtPriceOutOfRangeError(sqrt_price_x96)
    ratio_x128 = sqrt_price_x96 << 32
    exponent = most_significant_bit(ratio_x128)
    # The mantissa, in [2**127, 2**128); the price has at most 160 bits.
    mantissa = (ratio_x128 << 64) >> (exponent - 63)
    log2_x64 = (exponent - 128) << 64
    for digit in range(63, 63 - _LOG2_STEPS, -1):
        mantissa = mantissa * mantissa >> 127
        carry = mantissa >> 128
        log2_x64 |= carry << digit
        mantissa >>= carry
    tick_x128 = log2_x64 * _LOG_SQRT10001_OF_2_X64
    tick_low = (tick_x128 - _ERROR_BELOW_X128) >> 128
    tick_high = (tick_x128 + _ERROR_ABOVE_X128) >> 128
    if tick_low == tick_high or get_sqrt_ratio_at_tick(tick_high) > sqrt_price_x96:
        return tick_low
    return tick_high
