"""Where floats end: prices become whole ticks, and the error of that is measured."""

import math
from decimal import Decimal
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import ArrayLike, NDArray

from compare.errors import InputError

LARGEST_TICKS: Final = 10**15
"""A price in ticks stays below this, so that a double holds it exactly."""

_FINEST_SHARE: Final = 1e-5  # a tick is at most this share of the price: a tenth of a basis point
_MOVES_PER_TICK: Final = 10  # where prices are not decimals, the typical move is at least this many ticks
_ERROR_SHARE: Final = 1 / 8  # and no price moves by more than this share of the typical move when it is rounded
_DECIMALS_TRIED: Final = 6

Exact = Fraction | Decimal | int | float | str


def exact_fraction(value: Exact, *, key: str) -> Fraction:
    """A positive number as the fraction its decimal text means, so that 0.01 is one hundredth.

    Raises:
        InputError: Not a number, or not positive.

    >>> exact_fraction(0.01, key="tick_size"), exact_fraction("1/8", key="tick_size")
    (Fraction(1, 100), Fraction(1, 8))
    """
    try:
        fraction = value if isinstance(value, Fraction) else Fraction(str(value))
    except (ValueError, ZeroDivisionError):
        fraction = Fraction(0)
    if fraction <= 0:
        raise InputError(f"{value!r} is not a size", place=key, remedy="give a positive number such as 0.01 or 1/100")
    return fraction


def power_of_ten(bound: float) -> Fraction:
    """The largest power of ten that is at most `bound`.

    >>> power_of_ten(0.02), power_of_ten(0.01), power_of_ten(250.0)
    (Fraction(1, 100), Fraction(1, 100), Fraction(100, 1))
    """
    power = Fraction(10) ** math.floor(math.log10(bound))
    # The logarithm may round to either side of a whole number; 0.01 means a hundredth.
    exact = Fraction(str(float(bound)))
    if power > exact:
        return power / 10
    return power * 10 if power * 10 <= exact else power


def usable_prices(prices: ArrayLike, *, source: str = "") -> NDArray[np.float64]:
    """float64[n] of prices that a path can hold.

    Raises:
        InputError: Another shape, no price, or a price that is not positive and finite.
    """
    values = np.asarray(prices, dtype=np.float64)
    if values.ndim != 1 or not values.size:
        problem = f"prices of the shape {values.shape}"
        raise InputError(problem, source=source, place="prices", remedy="give one price a time, at least one")
    usable = np.isfinite(values) & (values > 0)
    if not usable.all():
        index = int(np.argmin(usable))
        place, remedy = f"prices, index {index}", "a price is positive and finite"
        raise InputError(f"the price is {values[index]}", source=source, place=place, remedy=remedy)
    return values


def typical_move(prices: NDArray[np.float64]) -> float:
    """The median of the changes between neighbours that are not zero; 0.0 where the price never changes."""
    moves = np.abs(np.diff(prices))
    moves = moves[moves > 0]
    return float(np.median(moves)) if moves.size else 0.0


def choose_tick_size(prices: NDArray[np.float64], scale: float | None = None) -> Fraction:
    """The tick size, a power of ten in quote per base, that keeps what the prices say.

    A tick is at most a tenth of a basis point of the lowest price. Among such sizes the coarsest in which every price
    is a whole number of ticks is taken, trying six more decimals: a recorded price then keeps all its digits. Where
    there is none (a simulated price fills its double), the typical move is at least ten ticks.

    Args:
        prices: Quote per base, positive and finite.
        scale: A price that stands for the lowest one if the lowest is not below it. A simulated path passes a tenth of
            its first price, so that paths of different seeds share one tick size.
    """
    lowest, highest = float(prices.min()), float(prices.max())
    coarse = power_of_ten(_FINEST_SHARE * (lowest if scale is None else min(scale, lowest)))
    for decimals in range(_DECIMALS_TRIED + 1):
        tick_size = coarse / Fraction(10**decimals)
        if highest >= LARGEST_TICKS * tick_size:
            break
        if np.array_equal(_prices(_whole_ticks(prices, tick_size), tick_size), prices):
            return tick_size
    move = typical_move(prices)
    return min(coarse, power_of_ten(move / _MOVES_PER_TICK)) if move else coarse


def quantise(prices: NDArray[np.float64], tick_size: Fraction, *, source: str = "") -> tuple[NDArray[np.int64], float]:
    """Prices in whole ticks, rounded to nearest (ties to even), and the largest relative error of that.

    Args:
        prices: Quote per base, positive and finite.
        tick_size: Quote per base.
        source: Named by an error.

    Raises:
        InputError: The tick is too coarse (a price would be no tick, or rounding would move a price by more than an
            eighth of the typical move between neighbours) or too fine (a price would be 10**15 ticks or more).
    """
    suggestion = choose_tick_size(prices)
    place = f"tick_size {tick_size}"
    highest, lowest = float(prices.max()), float(prices.min())
    if highest >= LARGEST_TICKS * tick_size:
        if suggestion <= tick_size:
            problem = f"the moves of this path, {typical_move(prices):.3g}, are too small for prices of {highest:.6g}"
            remedy = "a path of moves above 1e-14 of its price"
        else:
            problem, remedy = f"a price of {highest:.6g} would be 10**15 ticks or more", f"{suggestion} would do"
        raise InputError(problem, source=source, place=place, remedy=remedy)
    ticks = _whole_ticks(prices, tick_size)
    errors = np.abs(_prices(ticks, tick_size) - prices)
    move = typical_move(prices)
    if ticks.min() < 1 or errors.max() > _ERROR_SHARE * move > 0:
        raise InputError(
            f"too coarse for a path whose lowest price is {lowest:.6g} and whose typical move is {move:.3g}",
            source=source,
            place=place,
            remedy=f"{suggestion} would do",
        )
    return ticks.astype(np.int64), float((errors / prices).max())


def _whole_ticks(prices: NDArray[np.float64], tick_size: Fraction) -> NDArray[np.float64]:
    return np.rint(prices * float(tick_size.denominator) / float(tick_size.numerator))


def _prices(ticks: NDArray[np.float64], tick_size: Fraction) -> NDArray[np.float64]:
    return ticks * float(tick_size.numerator) / float(tick_size.denominator)
