"""A policy asked once for each step of a block and each inventory that a path reaches there."""

from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from orderbook.exact_avellaneda_stoikov import DepthPolicy, FillMode, SimulationSetting
from orderbook.simulation._step_arithmetic import CERTAIN

STEPS_TOGETHER: Final = 64
"""Steps of a block: memory is for these, however many there are."""

NEGATIVE_SHIFT: Final = 32
"""Where in `odd` the count of negative depths begins."""


class StepAnswers(NamedTuple):
    """A policy's answers, by step of the block and by row; a row is an inventory, from -reach to reach."""

    bid_share: NDArray[np.uint64]
    """Shape (steps, rows): probability that the bid fills, in 2**-31."""
    ask_share: NDArray[np.uint64]
    """The ask's."""
    earned: NDArray[np.float64]
    """Shape (steps, 4 * rows): for each row, the depths earned by no fill, the bid's, the ask's and both."""
    odd: NDArray[np.int64]
    """Shape (steps, rows): how many of both quotes are clamped, plus 2**32 times how many have a negative depth."""
    known: NDArray[np.int64]
    """Shape (steps, rows): 1 where the policy was asked, else 0."""


_LEAST_REACH = 16


class StepTable:
    """What a policy answers in a block of steps.

    Attributes:
        first: step of the block.
        steps: of the block.
        reach: the largest inventory either way.
        answers: as far as they are known.
        tally: shape (2,): of all quotes made, how many are clamped, and how many have a negative depth.
    """

    def __init__(self, setting: SimulationSetting, policy: DepthPolicy, first: int) -> None:
        """Start a block with no answers."""
        self._setting, self._policy = setting, policy
        self.first = first
        self.steps = min(STEPS_TOGETHER, setting.steps - first)
        self.reach = _LEAST_REACH
        shape = self.steps, 2 * self.reach + 1
        self.answers = StepAnswers(
            bid_share=np.zeros(shape, dtype=np.uint64),
            ask_share=np.zeros(shape, dtype=np.uint64),
            earned=np.zeros((shape[0], 4 * shape[1])),
            odd=np.zeros(shape, dtype=np.int64),
            known=np.zeros(shape, dtype=np.int64),
        )
        self.tally = np.zeros(2, dtype=np.int64)

    def ask(self, step: int, inventory: NDArray[np.int64]) -> None:
        """Have the policy's answer for each of these inventories at a step of the block.

        Raises:
            InvalidParameterError: a depth is not a number.
            FillProbabilityError: a probability is above one, and is not clamped.
        """
        low, high = int(inventory.min()), int(inventory.max())
        while max(-low, high) > self.reach:
            self._widen()
        reached = np.flatnonzero(np.bincount(inventory - low)) + low
        new = reached[self.answers.known[step, reached + self.reach] == 0]
        if not new.size:
            return
        time_left = self._setting.horizon - (self.first + step) * self._setting.time_step
        shares, earned, odd = zip(*(self._answer(time_left, held) for held in new.tolist()), strict=True)
        answers, rows = self.answers, new + self.reach
        answers.bid_share[step, rows], answers.ask_share[step, rows] = np.array(shares, dtype=np.uint64).T
        answers.earned.reshape(self.steps, -1, 4)[step, rows] = earned
        answers.odd[step, rows] = odd
        answers.known[step, rows] = 1

    def count(self, odd: int) -> None:
        """Add a sum of `odd`, over no more than 2**30 paths, to the tally."""
        self.tally += odd & ((1 << NEGATIVE_SHIFT) - 1), odd >> NEGATIVE_SHIFT

    def _widen(self) -> None:
        """Make room for twice the reach."""
        rows = ((0, 0), (self.reach, self.reach))
        answers = self.answers
        self.answers = StepAnswers(
            bid_share=np.pad(answers.bid_share, rows),
            ask_share=np.pad(answers.ask_share, rows),
            earned=np.pad(answers.earned, ((0, 0), (4 * self.reach, 4 * self.reach))),
            odd=np.pad(answers.odd, rows),
            known=np.pad(answers.known, rows),
        )
        self.reach *= 2

    def _answer(self, time_left: float, inventory: int) -> tuple[tuple[int, int], tuple[float, ...], int]:
        """Return one row's shares of bid and ask, what they earn, and what is odd about them; see StepAnswers."""
        depths = self._policy(time_left, inventory)
        bid_share, ask_share = (round(self._setting.fill_probability(depth) * CERTAIN) for depth in depths)
        # The depth of a side that never fills may be infinite.
        bid, ask = depths[0] if bid_share else 0.0, depths[1] if ask_share else 0.0
        clamped = self._is_clamped(depths[0], bid_share) + self._is_clamped(depths[1], ask_share)
        negative = (depths[0] < 0) + (depths[1] < 0)
        return (bid_share, ask_share), (0.0, bid, ask, bid + ask), clamped + (negative << NEGATIVE_SHIFT)

    def _is_clamped(self, depth: float, share: int) -> bool:
        linear = self._setting.fill_mode is FillMode.LINEAR_STEP
        return linear and share == CERTAIN and self._setting.exceeds_one(depth)
