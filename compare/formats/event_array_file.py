"""hftbacktest's event arrays (2.x) from an .npz or .npy file, as exact rows."""

import os
from fractions import Fraction
from typing import Final

import numpy as np
from numpy.typing import NDArray

from compare.errors import InputError
from compare.formats.array_table import load_array
from compare.formats.units import whole_units
from orderbook.feeds.event_array import FIRST_OWN_KIND, KIND_BITS, EventKind, EventRow
from orderbook.types import Instrument

_FIELDS: Final = ("ev", "exch_ts", "local_ts", "px", "qty", "order_id")


def read_event_array(file: str | os.PathLike[str], instrument: Instrument) -> list[EventRow]:
    """The rows of an event array, in its order.

    Args:
        file: .npz with one array, or one named `data`; or .npy. Nothing in it is executed.
        instrument: what a tick and a lot are; every price and every size is a whole number of them.

    Raises:
        InputError: The file cannot be read, holds another kind of array, or a price or size is between two ticks or
            lots; the message names the row.
    """
    array = load_array(file)
    missing = [name for name in _FIELDS if name not in (array.dtype.names or ())]
    if missing:
        remedy = f"a structured array with the fields {', '.join(_FIELDS)}, as hftbacktest 2 writes it"
        raise InputError(f"the array has no field {missing[0]!r}", source=file, remedy=remedy)
    kinds = array["ev"].astype(np.uint64) & np.uint64(KIND_BITS)
    # A cancellation is about an order and no level, and rows of one's own kinds may say anything.
    used = (kinds < FIRST_OWN_KIND) & (kinds != EventKind.CANCEL_ORDER)
    prices = _units(file, "px", array["px"].astype(np.float64), used, instrument.tick_size)
    sizes = _units(file, "qty", array["qty"].astype(np.float64), used, instrument.lot_size)
    times = (array[name].astype(np.int64).tolist() for name in ("exch_ts", "local_ts"))
    return list(map(EventRow, array["ev"].tolist(), *times, prices, sizes, array["order_id"].tolist()))


def _units(
    file: str | os.PathLike[str], field: str, values: NDArray[np.float64], used: NDArray[np.bool_], unit: Fraction
) -> list[int | None]:
    """A field in whole ticks or lots; None where it is not used, or not finite."""
    given = np.isfinite(values) & used
    units, whole = whole_units(values, unit)
    if (given & ~whole).any():
        row = int(np.argmax(given & ~whole))
        problem = f"{float(values[row])!r} is not a multiple of {unit}"
        remedy = "give the tick and the lot of the recording"
        raise InputError(problem, source=file, place=f"row {row}, field {field!r}", remedy=remedy)
    return [number if there else None for number, there in zip(units.tolist(), given.tolist(), strict=True)]
