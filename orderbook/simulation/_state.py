"""Where paths stand while they are simulated."""

from dataclasses import dataclass
from typing import NamedTuple, Self

import numpy as np
from numpy.typing import NDArray


class SteppedPaths(NamedTuple):
    """Running sums of paths that go in steps, one entry a path, changed in place."""

    inventory: NDArray[np.int64]
    """Now."""
    fills: NDArray[np.int64]
    """So far."""
    held: NDArray[np.int64]
    """Sum of the inventory after each step's fills."""
    swung: NDArray[np.int64]
    """The same, each with the sign of the move of the mid price that followed."""
    impact: NDArray[np.int64]
    """Sum of each step's change of the inventory times the inventory after it."""
    edge: NDArray[np.float64]
    """Sum of the depths earned."""

    @classmethod
    def at_start(cls, count: int) -> Self:
        """So many paths that have earned nothing and hold nothing."""
        inventory, fills, held, swung, impact = np.zeros((5, count), dtype=np.int64)
        return cls(inventory, fills, held, swung, impact, np.zeros(count))

    def part(self, first: int, last: int) -> Self:
        """The paths from the first to before the last, to be changed in place."""
        inventory, fills, held, swung, impact = (array[first:last] for array in self[:5])
        return type(self)(inventory, fills, held, swung, impact, self.edge[first:last])


@dataclass(slots=True, eq=False)
class Paths:
    """Running sums of each path in continuous time, changed in place; see `Simulation` for what they mean."""

    edge: NDArray[np.float64]
    inventory_profit: NDArray[np.float64]
    impact_profit: NDArray[np.float64]
    inventory: NDArray[np.int64]
    fills: NDArray[np.int64]
    quotes: int = 0
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
