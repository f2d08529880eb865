"""Where a chunk of paths stands while it is simulated."""

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray


@dataclass(slots=True, eq=False)
class Paths:
    """Running sums of each path, changed in place; see `Simulation` for what they mean."""

    edge: NDArray[np.float64]
    inventory_profit: NDArray[np.float64]
    impact_profit: NDArray[np.float64]
    inventory: NDArray[np.int64]
    fills: NDArray[np.int64]
    quotes: int = 0
    clamped: int = 0
    negative: int = 0

    @classmethod
    def at_start(cls, count: int) -> Self:
        """So many paths that have earned nothing and hold nothing."""
        return cls(
            np.zeros(count),
            np.zeros(count),
            np.zeros(count),
            np.zeros(count, dtype=np.int64),
            np.zeros(count, dtype=np.int64),
        )
