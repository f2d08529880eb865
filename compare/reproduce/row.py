"""One published number beside what it should have been."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from compare.number_text import number_text
from orderbook.simulation import Estimate

Progress = Callable[[int, int], None]
"""Called with how much is done, of how much."""

_MOST_SAMPLING_DEVIATIONS = 3  # of a printed number that was itself simulated
_MOST_STANDARD_ERRORS = 4  # of a simulation of ours


def no_progress(_done: int, _total: int) -> None:
    """Report to nobody."""


class Verdict(StrEnum):
    """What a row shows."""

    AGREES = "agrees"
    PRINT_DIFFERS = "the printed number differs"
    SIMULATION_DIFFERS = "the simulation differs"


class Published(NamedTuple):
    """A number as it was printed.

    Attributes:
        text: all its digits.
        slack: how far it may be from the exact value beyond the rounding of its last digit.
    """

    text: str
    slack: float = 0.0

    @classmethod
    def simulated(cls, text: str, deviation: float) -> "Published":
        """A number that was simulated, and has this standard deviation: it may be three of them off."""
        return cls(text, _MOST_SAMPLING_DEVIATIONS * deviation)

    @property
    def tolerance(self) -> float:
        """How far it may be from the exact value: half a unit of its last digit, and the slack."""
        decimals = len(self.text.partition(".")[2])
        return 0.5 * 10.0**-decimals + self.slack


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a reproduction.

    Attributes:
        what: which number.
        exact: computed without sampling error.
        source: where it is printed, or what says that it is so.
        published: as printed there; None where the source gives a formula instead.
        simulated: from a simulation; None where there is none.
    """

    what: str
    source: str
    exact: float
    published: Published | None = None
    simulated: Estimate | None = None

    @property
    def verdict(self) -> Verdict:
        """Whether the print lies within its tolerance of the exact value, and the simulation within four errors."""
        if self.published is not None and abs(float(self.published.text) - self.exact) > self.published.tolerance:
            return Verdict.PRINT_DIFFERS
        if self.simulated is not None and self.simulated.deviations_from(self.exact) > _MOST_STANDARD_ERRORS:
            return Verdict.SIMULATION_DIFFERS
        return Verdict.AGREES

    @property
    def source_number(self) -> str:
        """The source's number: as it is printed, or what its formula gives where it prints none."""
        return number_text(self.exact) if self.published is None else self.published.text

    @property
    def own_number(self) -> float:
        """Ours: computed without sampling error, or simulated where the source's is a formula."""
        if self.published is None and self.simulated is not None:
            return self.simulated.value
        return self.exact

    @property
    def difference(self) -> float:
        """Ours less the source's number."""
        return self.own_number - (self.exact if self.published is None else float(self.published.text))

    @property
    def passed(self) -> bool:
        """Whether all its numbers agree."""
        return self.verdict is Verdict.AGREES

    def as_dict(self) -> dict[str, str | float | None]:
        """The row for JSON."""
        return {
            "what": self.what,
            "source": self.source,
            "published": None if self.published is None else float(self.published.text),
            "tolerance": None if self.published is None else self.published.tolerance,
            "exact": self.exact,
            "difference": self.difference,
            "simulated": None if self.simulated is None else self.simulated.value,
            "standard_error": None if self.simulated is None else self.simulated.standard_error,
            "verdict": str(self.verdict),
        }
