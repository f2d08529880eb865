"""The files of a comparison: `summary.json`, `executions.parquet`, `comparison.png`."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from compare import charts

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from compare.result import Comparison


def writers(result: Comparison) -> dict[str, Callable[[Path], object]]:
    """Return, for each file name, what writes that file at a path."""
    return {
        "executions.parquet": partial(_write_executions, result),
        "comparison.png": partial(_write_chart, result),
        "summary.json": partial(_write_summary, result),
    }


def _write_executions(result: Comparison, path: Path) -> None:
    pq.write_table(result.executions(), path)


def _write_chart(result: Comparison, path: Path) -> None:
    # Without a date or a version in it, the same result gives the same bytes.
    charts.comparison(result).savefig(path, dpi=110, metadata={"Software": None})


def _write_summary(result: Comparison, path: Path) -> None:
    path.write_text(json.dumps(result.summary(), indent=2) + "\n", encoding="utf-8")
