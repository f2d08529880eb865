"""The highest and the lowest bit that is set (BitMath)."""

from amm.errors import NoBitSetError


def most_significant_bit(x: int) -> int:
    """Return the index of the highest set bit: 2**msb <= x < 2**(msb + 1).

    Raises:
        NoBitSetError: if x is zero.

    Example:
        >>> most_significant_bit(255), most_significant_bit(256)
        (7, 8)
    """
    if x == 0:
        raise NoBitSetError
    return x.bit_length() - 1


def least_significant_bit(x: int) -> int:
    """Return the index of the lowest set bit: how often two divides x.

    Raises:
        NoBitSetError: if x is zero.

    Example:
        >>> least_significant_bit(255), least_significant_bit(256)
        (0, 8)
    """
    if x == 0:
        raise NoBitSetError
    return (x & -x).bit_length() - 1
