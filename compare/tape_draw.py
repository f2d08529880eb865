"""Draw noise takers: times, sides, sizes and tolerances, each from a random stream of its own."""

from dataclasses import dataclass
from fractions import Fraction
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from compare.checks import finite, not_negative, positive, require_points
from compare.durations import Rate, rate_per_ns
from compare.errors import InputError
from compare.randomness import Stream, generator, portable_exp

SizeLaw = Literal["exponential", "lognormal", "constant"]

_PIPS_PER_BPS: Final = 100
_TOLERANCE_LIMIT: Final = 2**48  # pips; ten thousand times that, more than is ever drawn, fits 64 bits


@dataclass(frozen=True)
class Draws:
    """Orders in the order of time, before sizes become lots.

    Attributes:
        time_ns: int64[n].
        side: int8[n], +1 or -1.
        size: float64[n], base tokens.
        tolerance_pips: int64[n].
        uid: int64[n], the place of each in the order in which they were drawn.
    """

    time_ns: NDArray[np.int64]
    side: NDArray[np.int8]
    size: NDArray[np.float64]
    tolerance_pips: NDArray[np.int64]
    uid: NDArray[np.int64]


def draw_poisson(
    start_ns: int,
    duration_ns: int,
    *,
    rate: Rate,
    mean_size: float,
    size_law: SizeLaw,
    log_deviation: float,
    mean_tolerance_bps: float,
    buy_probability: float,
    seed: int,
) -> Draws:
    """Orders of a Poisson process on (start, start + duration]; the arguments are those of `TakerTape.poisson`.

    Given their number, the times of a Poisson process are independent and uniform. Drawn that way they are integers
    from the first, and the first n of a larger tape are the n of a smaller one.

    Raises:
        InputError: An argument outside its rule, or more than a hundred million orders.
    """
    expected = float(rate_per_ns(rate, key="rate") * duration_ns)
    require_points(round(expected), "rate")
    if not 0 <= finite(buy_probability, "buy_probability") <= 1:
        problem = f"{buy_probability} is not a probability"
        raise InputError(problem, place="buy_probability", remedy="give a number from 0 to 1")
    count = int(generator(seed, Stream.TAPE_COUNT).poisson(expected))
    offsets = generator(seed, Stream.TAPE_TIME).integers(0, max(duration_ns, 1), size=count, dtype=np.int64)
    is_buy = generator(seed, Stream.TAPE_SIDE).random(count) < buy_probability
    size = _sizes(count, positive(mean_size, "mean_size"), size_law, log_deviation, seed)
    mean_pips = not_negative(mean_tolerance_bps, "mean_tolerance_bps") * _PIPS_PER_BPS
    if mean_pips >= _TOLERANCE_LIMIT:
        problem = f"a mean tolerance of {mean_tolerance_bps:.6g} bp is 2**48 pips or more"
        raise InputError(problem, place="mean_tolerance_bps", remedy="give a smaller one")
    tolerance = np.floor(generator(seed, Stream.TAPE_TOLERANCE).standard_exponential(count) * mean_pips)
    order = np.argsort(offsets, kind="stable")
    return Draws(
        start_ns + 1 + offsets[order],
        np.where(is_buy[order], 1, -1).astype(np.int8),
        size[order],
        tolerance[order].astype(np.int64),
        order.astype(np.int64),
    )


def whole_lots(sizes: NDArray[np.float64], lot_size: Fraction) -> NDArray[np.int64]:
    """Sizes in whole lots: to the nearest, ties to even, and at least one.

    Raises:
        InputError: A size of 2**53 lots or more, which a double does not count.
    """
    # Times the denominator first: a decimal size in decimal lots is then exact, and a tie is one.
    lots = np.maximum(np.rint(sizes * float(lot_size.denominator) / float(lot_size.numerator)), 1.0)
    if lots.size and lots.max() >= 2**53:
        problem = f"a size of {sizes.max():.6g} is 2**53 lots or more"
        raise InputError(problem, place=f"lot_size {lot_size}", remedy="give a larger lot")
    return lots.astype(np.int64)


def _sizes(count: int, mean_size: float, size_law: str, log_deviation: float, seed: int) -> NDArray[np.float64]:
    sizes = generator(seed, Stream.TAPE_SIZE)
    if size_law == "exponential":
        return mean_size * sizes.standard_exponential(count)
    if size_law == "lognormal":
        deviation = not_negative(log_deviation, "log_deviation")
        # Half the variance taken out: the mean of the sizes is the mean that was asked for.
        return mean_size * portable_exp(deviation * sizes.standard_normal(count) - 0.5 * deviation**2)
    if size_law == "constant":
        return np.full(count, mean_size)
    raise InputError(
        f"{size_law!r} is no law of sizes", place="size_law", remedy=f"one of {', '.join(get_args(SizeLaw))}"
    )
