"""One seed, and an independent stream for each thing that is drawn with it."""

from enum import IntEnum

import numpy as np

from orderbook._checks import require_int


class Stream(IntEnum):
    """What a stream is for; the number is part of every seed's meaning and never changes."""

    POLICY_PATHS = 0
    ARRIVALS = 1
    SIDES = 2
    REACHES = 3
    MID_PRICE = 4


def generator_of(seed: int, stream: Stream, part: int = 0) -> np.random.Generator:
    """The PCG64 generator of one part of one stream of a seed.

    Raises:
        InvalidParameterError: the seed is not an int of at least 0.
    """
    return np.random.Generator(np.random.PCG64(_sequence(seed, stream, part)))


def key_of(seed: int, stream: Stream) -> int:
    """The key, of 64 bits, of a stream whose words are functions of a counter.

    Raises:
        InvalidParameterError: the seed is not an int of at least 0.
    """
    return int(_sequence(seed, stream, 0).generate_state(1, np.uint64)[0])


def _sequence(seed: int, stream: Stream, part: int) -> np.random.SeedSequence:
    require_int("seed", seed, minimum=0)
    return np.random.SeedSequence(seed, spawn_key=(stream, part))
