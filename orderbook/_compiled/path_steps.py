"""The steps of simulated paths: the arithmetic of `orderbook.simulation`, compiled as it stands."""

import numpy as np

from orderbook._compiled.compiler import inlined, loop
from orderbook.simulation import _step_arithmetic
from orderbook.simulation._state import SteppedPaths
from orderbook.simulation._step_table import NEGATIVE_SHIFT, StepTable

GAMMA = np.uint64(_step_arithmetic.GAMMA)
FOUR = np.uint64(4)
CLAMPED = (1 << NEGATIVE_SHIFT) - 1

_mixed, _step_of = inlined(_step_arithmetic.mixed), inlined(_step_arithmetic.step_of)


def advance_compiled(table: StepTable, paths: SteppedPaths, start: int, stride: int) -> None:
    """Take paths through a block; see orderbook.simulation._stepped.Advance."""
    step, asked = 0, False
    while True:
        step = run_block(
            table.answers, table.tally, paths, table.reach, np.uint64(start), np.uint64(stride), step, asked
        )
        if step == table.steps:
            return
        table.ask(step, paths.inventory)
        asked = True


@inlined
def _needs_asking(known, reach, inventory):
    """Return whether the policy was not asked for some inventory between the lowest and the highest of the paths."""
    low = high = inventory[0]
    for path in range(1, len(inventory)):
        low, high = min(low, inventory[path]), max(high, inventory[path])
    if max(-low, high) > reach:
        return True
    asked = np.int64(1)
    for row in range(low + reach, high + reach + 1):
        asked &= known[row]
    return asked == 0


@loop
def run_block(answers, tally, paths, reach, start, stride, first, asked):
    """Take paths through a block from the step `first` on, as far as the policy's answers are known.

    Args:
        answers: StepAnswers.
        tally: of StepTable.
        paths: SteppedPaths, at least one.
        reach: of the table.
        start: uint64: the counter of the first path at the block's first step.
        stride: uint64: from one path's counters to the next one's.
        first: int64.
        asked: whether every answer that is needed at the first step is known.

    Returns:
        The step at which the policy has to be asked, or the number of steps.
    """
    inventory, fills, held, swung, impact, edge = paths
    for step in range(first, len(answers.known)):
        if not (asked and step == first) and _needs_asking(answers.known[step], reach, inventory):
            return step
        bid_share, ask_share = answers.bid_share[step], answers.ask_share[step]
        earned, odd, odd_quotes = answers.earned[step], answers.odd[step], np.int64(0)
        counter = start + GAMMA * np.uint64(step)
        for path in range(len(inventory)):
            # Unsigned, so that no index counts from the end.
            row = np.uint64(inventory[path] + reach)
            done = _step_of(_mixed(counter), inventory[path], bid_share[row], ask_share[row])
            counter += stride
            edge[path] += earned[FOUR * row + np.uint64(done.outcome)]
            inventory[path] = done.inventory
            fills[path] += done.fills
            held[path] += done.inventory
            swung[path] += done.swing
            impact[path] += done.impact
            odd_quotes += odd[row]
        tally[0] += odd_quotes & CLAMPED
        tally[1] += odd_quotes >> NEGATIVE_SHIFT
    return len(answers.known)
