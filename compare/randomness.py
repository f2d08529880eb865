"""Random streams: one seed, and one independent stream for each thing that is drawn.

Each stream is the child of the seed's `numpy.random.SeedSequence` with the number of its purpose, so that a change to
one parameter leaves what the other streams draw as it was, and a path and a tape with the same seed share nothing.

The same seed is meant to give the same bytes on any machine. What is drawn is quantised to integers at once, the
exponential here is built from correctly rounded operations alone, and sums are sequential. What is left is the tail of
numpy's ziggurat samplers (about one normal draw in 4,000), which calls the C library's logarithm: two libraries may
differ there in the last bit of a double, which moves an integer with odds of some 1e-9 a draw. numpy may change its
samplers between versions; the constraints file pins it, and a golden hash in the tests would show it.
"""

from enum import IntEnum
from typing import Final

import numpy as np
from numpy.typing import NDArray

from compare.checks import whole

_LOG2_E: Final = 1.4426950408889634
# ln 2 in two parts: the first has 21 trailing zero bits, so that its product with an exponent is exact.
_LN2_HIGH: Final = float.fromhex("0x1.62e42fee00000p-1")
_LN2_LOW: Final = float.fromhex("0x1.a39ef35793c76p-33")
_TAYLOR_TERMS: Final = 14


class Stream(IntEnum):
    """What a stream is for; the number is part of every seed's meaning and never changes."""

    PATH_DIFFUSION = 0
    PATH_JUMP_COUNT = 1
    PATH_JUMP_SIZE = 2
    TAPE_COUNT = 3
    TAPE_TIME = 4
    TAPE_SIDE = 5
    TAPE_SIZE = 6
    TAPE_TOLERANCE = 7
    CLOCK_BLOCKS = 8
    CLOCK_REFRESHES = 9
    STALENESS = 10
    TAPE_CLUSTER = 11
    TAPE_INFORMED = 12
    TAPE_RESIZE = 13


def generator(seed: int, stream: Stream) -> np.random.Generator:
    """The PCG64 generator of one stream of a seed.

    Raises:
        InputError: The seed is not an integer of zero or more.

    >>> int(generator(0, Stream.TAPE_SIDE).integers(100)) == int(generator(0, Stream.TAPE_SIDE).integers(100))
    True
    """
    sequence = np.random.SeedSequence(whole(seed, "seed"), spawn_key=(int(stream),))
    return np.random.Generator(np.random.PCG64(sequence))


def portable_exp(exponents: NDArray[np.float64]) -> NDArray[np.float64]:
    """E to the power of each exponent, the same bits on every machine.

    Only additions, multiplications and a scaling by powers of two, whose every bit IEEE 754 fixes: vector libraries
    differ in the last bit. Within two units in the last place of the exact value for |exponent| < 700.
    """
    powers = np.rint(exponents * _LOG2_E)
    remainder = (exponents - powers * _LN2_HIGH) - powers * _LN2_LOW
    total = np.ones_like(remainder)
    for term in range(_TAYLOR_TERMS, 0, -1):
        total = total * (remainder / term) + 1.0
    with np.errstate(over="ignore", under="ignore"):  # infinity and zero are refused where a price is made of them
        return np.ldexp(total, powers.astype(np.int32))
