"""Which engine a study's runs are for: compiling takes longer than a few short runs do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lpmm_numba import has_compiler

if TYPE_CHECKING:
    from compare.scenario import Scenario
    from compare.summary import Summary

_WORTH_COMPILING = 400_000  # points of paths and orders of tapes: about what the plain engine does while loops compile


class EngineChoice:
    """Summaries of many runs: the first on the plain engine, the rest compiled where they are long enough for it.

    Either engine returns the same integers, so the choice changes nothing but the time.
    """

    def __init__(self, runs: int) -> None:
        """Choose for so many runs."""
        self._left = runs
        self._worth = False

    def summarise(self, scenario: Scenario) -> Summary:
        """Return the summary of the next run.

        Raises:
            InputError: As `Scenario.summarise`.
        """
        found = scenario.summarise(compiled=None if self._worth else False)
        self._left -= 1
        self._worth = has_compiler() and self._left * (len(found.path) + len(found.tape)) >= _WORTH_COMPILING
        return found
