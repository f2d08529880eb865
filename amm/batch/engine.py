"""What both engines ask of an array of orders, and give for it."""

import numpy as np
from numpy.typing import NDArray

from amm.errors import ArgumentError

Records = NDArray[np.void]
_BLOCK = 1 << 14
"""Records looked at together: few enough to stay in a processor's cache."""


def check_records(name: str, records: Records, dtype: "np.dtype[np.void]", block_timestamp: int, *flags: str) -> None:
    """Accept records of one kind, in the order of time, whose flags are 0 or 1.

    Raises:
        ArgumentError: if the array has another dtype or shape, time goes backwards in it, or a flag is neither.
    """
    if records.dtype != dtype or records.ndim != 1:
        raise ArgumentError(name, (records.dtype, records.shape), f"one dimension of {dtype}")
    for first in range(0, len(records), _BLOCK):
        block = records[first : first + _BLOCK]
        times = block["block_timestamp"]
        if times[0] < block_timestamp or (times[1:] < times[:-1]).any():
            raise ArgumentError("block_timestamp", times, f"in order, from {block_timestamp} on")
        block_timestamp = int(times[-1])
        for flag in flags:
            if (block[flag] >> 1).any():
                raise ArgumentError(flag, block[flag], "0 or 1")


def room_for(records: Records, dtype: "np.dtype[np.void]", out: Records | None) -> Records:
    """Return the array that the results of these records go to: `out`, or else a new one.

    Raises:
        ArgumentError: if `out` has another dtype or shape, or is not contiguous.
    """
    if out is None:
        return np.empty(len(records), dtype=dtype)
    if out.dtype != dtype or out.shape != records.shape or not out.flags.c_contiguous:
        raise ArgumentError("out", (out.dtype, out.shape), f"{len(records)} contiguous records of {dtype}")
    return out


def reverted(dtype: "np.dtype[np.void]") -> Records:
    """Return the result of a call that reverts: zeros, and 1 as `reverted`."""
    result = np.zeros((), dtype=dtype)
    result["reverted"] = 1
    return result
