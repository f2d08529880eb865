"""A policy asked once for each time and inventory that a path reaches, and its answers as arrays."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from orderbook.errors import InvalidParameterError
from orderbook.exact_avellaneda_stoikov import DepthPolicy, FillMode, SimulationSetting
from orderbook.simulation._state import Paths


class _Answer(NamedTuple):
    """One quote: depth, fill probability or rate, whether that is clamped, whether the depth is negative."""

    depth: float
    chance: float
    clamped: bool
    negative: bool


_BLANK = _Answer(math.inf, 0.0, clamped=False, negative=False)


class SideQuotes(NamedTuple):
    """What one side quotes to each of some paths.

    Attributes:
        depth: infinite where the side is not quoted.
        chance: fill probability of a step, or event-driven the fill rate.
    """

    depth: NDArray[np.float64]
    chance: NDArray[np.float64]


class QuoteTable:
    """The answers of a policy by step and inventory.

    Attributes:
        setting: the market.
    """

    def __init__(self, setting: SimulationSetting, policy: DepthPolicy) -> None:
        """Start with no answers."""
        self.setting = setting
        self._policy = policy
        self._answers: list[dict[int, tuple[_Answer, _Answer]]] = [{} for _ in range(setting.steps)]
        # A step's quotes are made at its beginning; without steps, the middle stands for the whole interval.
        self._offset = 0.5 if setting.fill_mode is FillMode.EVENT_DRIVEN else 0.0

    def quotes(self, step: int, inventory: NDArray[np.int64], tally: Paths) -> tuple[SideQuotes, SideQuotes]:
        """Bid and ask of paths with these inventories; adds to the tally's counts of quotes.

        Raises:
            InvalidParameterError: a depth is not a number, or its fill rate is too large for one.
            FillProbabilityError: a probability is above one, and is not clamped.
        """
        low = int(inventory.min())
        row = inventory - low
        paths_at = np.bincount(row)
        answers = [self._ask(step, low + index) if paths else (_BLANK, _BLANK) for index, paths in enumerate(paths_at)]
        sides = []
        for side in (0, 1):
            depth, chance, clamped, negative = np.array([answer[side] for answer in answers], dtype=np.float64).T
            tally.quotes += inventory.size
            tally.clamped += int(paths_at @ clamped)
            tally.negative += int(paths_at @ negative)
            sides.append(SideQuotes(depth[row], chance[row]))
        return sides[0], sides[1]

    def _ask(self, step: int, inventory: int) -> tuple[_Answer, _Answer]:
        known = self._answers[step].get(inventory)
        if known is not None:
            return known
        time_left = self.setting.horizon - (step + self._offset) * self.setting.time_step
        bid_depth, ask_depth = self._policy(time_left, inventory)
        answer = self._answers[step][inventory] = self._answer(bid_depth), self._answer(ask_depth)
        return answer

    def _answer(self, depth: float) -> _Answer:
        if self.setting.fill_mode is not FillMode.EVENT_DRIVEN:
            clamped = self.setting.fill_mode is FillMode.LINEAR_STEP and self.setting.exceeds_one(depth)
            return _Answer(depth, self.setting.fill_probability(depth), clamped, depth < 0)
        rate = self.setting.fill_rate(depth)
        if math.isinf(rate):
            raise InvalidParameterError("depth", depth, "one with a fill rate that a float can hold")
        return _Answer(depth, rate, clamped=False, negative=depth < 0)
