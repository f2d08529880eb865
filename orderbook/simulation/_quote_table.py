"""A policy asked once for each time and inventory that a path reaches in continuous time, as arrays."""

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from orderbook.errors import InvalidParameterError
from orderbook.exact_avellaneda_stoikov import DepthPolicy, SimulationSetting
from orderbook.simulation._state import Paths


class _Answer(NamedTuple):
    """One quote: depth, fill rate, whether the depth is negative."""

    depth: float
    rate: float
    negative: bool


_BLANK = _Answer(math.inf, 0.0, negative=False)


class SideQuotes(NamedTuple):
    """What one side quotes to each of some paths.

    Attributes:
        depth: infinite where the side is not quoted.
        rate: fills per unit of time.
    """

    depth: NDArray[np.float64]
    rate: NDArray[np.float64]


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

    def quotes(self, step: int, inventory: NDArray[np.int64], tally: Paths) -> tuple[SideQuotes, SideQuotes]:
        """Bid and ask of paths with these inventories; adds to the tally's counts of quotes.

        Raises:
            InvalidParameterError: a depth is not a number, or its fill rate is too large for one.
        """
        low = int(inventory.min())
        row = inventory - low
        paths_at = np.bincount(row)
        answers = [self._ask(step, low + index) if paths else (_BLANK, _BLANK) for index, paths in enumerate(paths_at)]
        sides = []
        for side in (0, 1):
            depth, rate, negative = np.array([answer[side] for answer in answers], dtype=np.float64).T
            tally.quotes += inventory.size
            tally.negative += int(paths_at @ negative)
            sides.append(SideQuotes(depth[row], rate[row]))
        return sides[0], sides[1]

    def _ask(self, step: int, inventory: int) -> tuple[_Answer, _Answer]:
        known = self._answers[step].get(inventory)
        if known is not None:
            return known
        # The middle of the interval stands for all of it.
        time_left = self.setting.horizon - (step + 0.5) * self.setting.time_step
        bid_depth, ask_depth = self._policy(time_left, inventory)
        answer = self._answers[step][inventory] = self._answer(bid_depth), self._answer(ask_depth)
        return answer

    def _answer(self, depth: float) -> _Answer:
        rate = self.setting.fill_rate(depth)
        if math.isinf(rate):
            raise InvalidParameterError("depth", depth, "one with a fill rate that a float can hold")
        return _Answer(depth, rate, negative=depth < 0)
