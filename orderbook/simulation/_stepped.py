"""The two fill modes that step through time: many paths, a block of steps at a time."""

from collections.abc import Callable
from typing import NamedTuple

import numpy as np

from orderbook.exact_avellaneda_stoikov import DepthPolicy, SimulationSetting
from orderbook.simulation._state import SteppedPaths
from orderbook.simulation._step_arithmetic import GAMMA, WORD, mixed, step_of
from orderbook.simulation._step_table import STEPS_TOGETHER, StepTable

_CHUNK = 10_000  # paths taken together: enough to amortise a step's overhead, and few enough for a processor's cache

Advance = Callable[[StepTable, SteppedPaths, int, int], None]
"""Takes paths through a block, given the counter of the first path's first step, and from one path to the next."""


class SteppedRun(NamedTuple):
    """Where the paths ended, and how many of their quotes were clamped, and on the wrong side of the mid price."""

    paths: SteppedPaths
    clamped: int
    negative: int


def run_steps(
    setting: SimulationSetting,
    policy: DepthPolicy,
    *,
    count: int,
    key: int,
    advance: Advance,
    progress: Callable[[int], None],
) -> SteppedRun:
    """Take so many paths to the horizon.

    Args:
        setting: the market.
        policy: asked once for each step and inventory that a path reaches.
        count: of paths.
        key: of the random words.
        advance: either machine's.
        progress: called after each block with the steps that are done.
    """
    paths, tally = SteppedPaths.at_start(count), np.zeros(2, dtype=np.int64)
    for first in range(0, setting.steps, STEPS_TOGETHER):
        table = StepTable(setting, policy, first)
        for path in range(0, count, _CHUNK):
            # One sequence of counters, in which the steps of a path stand together.
            start = (key + GAMMA * (path * setting.steps + first + 1)) % WORD
            advance(table, paths.part(path, path + _CHUNK), start, GAMMA * setting.steps % WORD)
        tally += table.tally
        progress(first + table.steps)
    return SteppedRun(paths, *tally.tolist())


def advance_plain(table: StepTable, paths: SteppedPaths, start: int, stride: int) -> None:
    """Take paths through a block with numpy."""
    counters = np.arange(paths.inventory.size, dtype=np.uint64) * np.uint64(stride) + np.uint64(start)
    for step in range(table.steps):
        table.ask(step, paths.inventory)
        answers, row = table.answers, paths.inventory + table.reach
        done = step_of(mixed(counters), paths.inventory, answers.bid_share[step, row], answers.ask_share[step, row])
        paths.edge[:] += answers.earned[step, 4 * row + done.outcome]
        paths.inventory[:] = done.inventory
        paths.fills[:] += done.fills
        paths.held[:] += done.inventory
        paths.swung[:] += done.swing
        paths.impact[:] += done.impact
        table.count(int(answers.odd[step, row].sum()))
        counters += np.uint64(GAMMA)
