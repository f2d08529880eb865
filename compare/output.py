"""The files that a comparison, a study over seeds and a sweep leave: tables, and charts as pictures."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING, TypeVar

import pyarrow.parquet as pq

from compare import charts
from compare.export import comparison_tables
from compare.record import FILE_NAME, Record
from compare.study_record import STUDY_FILE_NAME, StudyRecord

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from matplotlib.figure import Figure

    from compare.grid_sweep import Sweep
    from compare.modes import ModeComparison
    from compare.result import Comparison
    from compare.scenario import Scenario
    from compare.seed_study import Study

Found = TypeVar("Found")


def writers(result: Comparison, scenario: Scenario | None = None) -> dict[str, Callable[[Path], object]]:
    """Return, for each file name of a comparison, what writes that file at a path.

    Args:
        result: The outcome of a replay.
        scenario: What it was made from, if it was; the record then says how to run it again.
    """
    return {
        **{f"{name}.parquet": partial(pq.write_table, table) for name, table in comparison_tables(result).items()},
        "comparison.png": _picture(charts.comparison, result),
        "components.png": _picture(charts.components, result),
        "markouts.png": _picture(charts.markouts, result),
        "who_pays_whom.png": _picture(charts.who_pays_whom, result),
        "summary.json": partial(_write_summary, result),
        FILE_NAME: Record.of(result, scenario).write,
    }


def mode_writers(found: ModeComparison, scenario: Scenario | None = None) -> dict[str, Callable[[Path], object]]:
    """Return, for each file name of a comparison in several modes, what writes that file at a path.

    Beside the files of all modes together, each mode has a folder of its own, laid out as that of a comparison is.

    Args:
        found: The outcome in every mode.
        scenario: What it was made from, if it was.
    """
    files: dict[str, Callable[[Path], object]] = {
        "modes.csv": partial(found.to_frame().to_csv, index=False),
        "modes.png": _picture(charts.modes, found),
        "summary.json": partial(_write_summary, found),
    }
    for mode, result in found.by_mode.items():
        own = writers(result, None if scenario is None else scenario.in_mode(mode))
        files |= {f"{mode.value}/{name}": write for name, write in own.items()}
    return files


def study_writers(found: Study, scenario: Scenario | None = None) -> dict[str, Callable[[Path], object]]:
    """Return, for each file name of a study, what writes that file at a path.

    Args:
        found: The study.
        scenario: What its first seed ran, if it was one; the record then says how to run it again.
    """
    return {
        "seeds.csv": partial(found.runs.to_csv, index=False),
        "payoff.png": _picture(charts.payoff, found),
        STUDY_FILE_NAME: StudyRecord.of(found, scenario).write,
    }


def sweep_writers(found: Sweep, measure: str) -> dict[str, Callable[[Path], object]]:
    """Return, for each file name of a sweep, what writes that file at a path."""
    return {
        "sweep.csv": partial(found.runs().to_csv, index=False),
        "phase_map.png": _picture(partial(charts.phase_map, measure=measure), found),
    }


def _picture(draw: Callable[[Found], Figure], found: Found) -> Callable[[Path], object]:
    """Return what draws a chart and writes the picture."""

    def write(path: Path) -> None:
        # Without a date or a version in it, the same result gives the same bytes.
        draw(found).savefig(path, dpi=110, metadata={"Software": None})

    return write


def _write_summary(result: Comparison | ModeComparison, path: Path) -> None:
    path.write_text(json.dumps(result.summary(), indent=2) + "\n", encoding="utf-8")
