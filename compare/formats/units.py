"""Doubles that stand for whole ticks or lots, as exactly those."""

from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

_EXACT: Final = 2**53  # below this a double holds every integer


def whole_units(values: NDArray[np.float64], unit: Fraction) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """int64[n] and bool[n]: how many units each value is, and where it is a whole number of them.

    A value counts as a multiple of the unit if it is the double that lies nearest to that multiple: what writing the
    multiple as decimal text and reading it again gives. Nothing is rounded away.

    >>> units, whole = whole_units(np.array([2683.81, 2683.815]), Fraction(1, 100))
    >>> units.tolist()[0], whole.tolist()
    (268381, [True, False])
    """
    usable = np.isfinite(values) & (np.abs(values) < float(_EXACT * unit))
    nearest = np.rint(np.where(usable, values, 0.0) / float(unit))
    numerators = nearest * unit.numerator
    # Both operands are exact, and a division is correctly rounded: this is the double nearest to the multiple.
    usable &= (np.abs(numerators) < _EXACT) & (unit.denominator < _EXACT)
    whole: NDArray[np.bool_] = usable & (numerators / unit.denominator == values)
    return nearest.astype(np.int64), whole
