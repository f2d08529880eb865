"""The search for the next initialised tick inside one 256-bit word (TickBitmap), on plain integers.

A pool keeps one bit for each tick that its spacing allows, 256 bits to a word. A swap looks at one word at a time and
stops at the word's edge, initialised or not, because every stop rounds.
"""

from amm.math.bit_math import least_significant_bit, most_significant_bit


def position(compressed: int) -> tuple[int, int]:
    """Return the word and the bit of a tick that was divided by the spacing (TickBitmap.position).

    Example:
        >>> position(-1)
        (-1, 255)
    """
    return compressed >> 8, compressed & 0xFF


def next_initialized_at_or_below(word: int, compressed: int) -> tuple[int, bool]:
    """Return the next initialised tick at or below `compressed` in its word, else the word's first, and whether it is.

    Args:
        word: the bitmap word of `compressed`.
        compressed: the current tick divided by the spacing, rounded down.

    Example:
        >>> next_initialized_at_or_below(0b0101, 1), next_initialized_at_or_below(0, 1)
        ((0, True), (0, False))
    """
    bit = compressed & 0xFF
    below = word & ((2 << bit) - 1)
    if below == 0:
        return compressed - bit, False
    return compressed - bit + most_significant_bit(below), True


def next_initialized_above(word: int, compressed: int) -> tuple[int, bool]:
    """Return the next initialised tick above `compressed` in one word, else the word's last, and whether it is.

    Args:
        word: the bitmap word of `compressed + 1`, where the search begins.
        compressed: the current tick divided by the spacing, rounded down.

    Example:
        >>> next_initialized_above(0b0101, 1), next_initialized_above(0, 1)
        ((2, True), (255, False))
    """
    first = compressed + 1
    bit = first & 0xFF
    above = word >> bit
    if above == 0:
        return first - bit + 255, False
    return first + least_significant_bit(above), True
