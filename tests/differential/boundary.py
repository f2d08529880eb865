"""Random integers that prefer the places where fixed-width arithmetic breaks."""

from collections.abc import Callable
from random import Random

from amm.math.tick_math import MAX_SQRT_RATIO, MAX_TICK, MIN_SQRT_RATIO, MIN_TICK, get_sqrt_ratio_at_tick

Draw = Callable[[Random], int]


def seeded(seed: int | str) -> Random:
    """A stream that the same seed repeats."""
    return Random(seed)  # noqa: S311  # samples for a test, not secrets


def log_uniform(random: Random, bits: int) -> int:
    """An unsigned integer of `bits` bits at most, every length equally likely."""
    return random.getrandbits(random.randint(0, bits))


def unsigned(bits: int) -> Draw:
    """Any uint of this width, often next to a power of two or to the largest."""

    def draw(random: Random) -> int:
        kind = random.randrange(4)
        if kind == 0:
            near = (1 << random.randint(0, bits)) + random.randint(-2, 2)
            return min(max(near, 0), (1 << bits) - 1)
        if kind == 1:
            return random.getrandbits(bits)
        return log_uniform(random, bits)

    return draw


def signed_int(bits: int) -> Draw:
    """Any int of this width, its two ends included."""
    magnitude = unsigned(bits - 1)

    def draw(random: Random) -> int:
        value = magnitude(random)
        return value if random.random() < 0.5 else -value - (random.random() < 0.1)

    return lambda random: max(draw(random), -(1 << (bits - 1)))


def within(low: int, high: int) -> Draw:
    """Any integer from low to high, often one of the first or last three."""

    def draw(random: Random) -> int:
        offset = random.randint(0, min(2, high - low))
        return random.choice((low + offset, high - offset, random.randint(low, high), random.randint(low, high)))

    return draw


def sqrt_price(random: Random) -> int:
    """A price a pool can have, often at a tick or one beside it."""
    if random.random() < 0.5:
        price = get_sqrt_ratio_at_tick(within(MIN_TICK, MAX_TICK)(random)) + random.randint(-1, 1)
    else:
        price = MIN_SQRT_RATIO + log_uniform(random, 160)
    return min(max(price, MIN_SQRT_RATIO), MAX_SQRT_RATIO - 1)
