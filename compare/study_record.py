"""A study over seeds as plain data, in one versioned JSON file: every run, and how to make them again."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Self

import msgspec
import pandas as pd

from compare.errors import InputError
from compare.record import versioned
from compare.rerun import Rerun
from compare.seed_study import Study

if TYPE_CHECKING:
    from pathlib import Path

    from compare.scenario import Scenario

STUDY_FILE_NAME = "study.json"
STUDY_VERSION = 1


class StudyRecord(msgspec.Struct, frozen=True):
    """Every run of a study; prices are in quote per base, base in base tokens, all else in quote tokens.

    Attributes:
        version: Of this layout; another one is refused.
        runs: A row for each seed and provider, as `Study.runs` has it; None where a provider has no such number.
        rerun: How to make them again.
    """

    runs: list[dict[str, Any]]
    rerun: Rerun
    version: int = STUDY_VERSION

    @classmethod
    def of(cls, found: Study, scenario: Scenario | None = None) -> Self:
        """Return the record of a study.

        Args:
            found: The study.
            scenario: What its first seed ran, if it was one; the others have the seeds that follow.
        """
        rows = [
            {str(key): None if pd.isna(value) else value for key, value in row.items()}
            for row in found.runs.to_dict("records")
        ]
        rerun = Rerun.of(scenario)
        if rerun.command is not None:
            rerun = msgspec.structs.replace(rerun, command=f"{rerun.command} --seeds {found.runs['seed'].nunique()}")
        return cls(rows, rerun)

    def study(self) -> Study:
        """Return the study again."""
        return Study.of(self.runs)

    @classmethod
    def read(cls, file: Path) -> Self:
        """Return the record that a file holds.

        Raises:
            InputError: The file cannot be read, is no record of a study, or has another version.
        """
        content = versioned(file, STUDY_VERSION)
        try:
            return msgspec.json.decode(content, type=cls)
        except msgspec.DecodeError as error:
            problem = f"is no record of a study ({error})"
            raise InputError(problem, source=file, remedy="write it anew with lpmm compare --seeds --out") from None

    def write(self, file: Path) -> None:
        """Write the record as JSON."""
        file.write_bytes(msgspec.json.encode(self) + b"\n")
