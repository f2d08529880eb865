"""Progress for work that takes more than a second, on a terminal only; and what the engines say, on any."""

from __future__ import annotations

import logging
import time
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_PATIENCE = 1.0  # seconds before a bar appears


@contextmanager
def progress_bar(what: str) -> Iterator[Callable[[int, int], None]]:
    """Give a callback for (done, total); a bar with the time left appears on standard error after a second.

    Meanwhile standard error shows what the engines say, too.
    """
    columns = (TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn())
    bar = Progress(*columns, console=Console(stderr=True), transient=True)
    task = bar.add_task(what, total=None)
    began, shown = time.monotonic(), False

    def report(done: int, total: int) -> None:
        nonlocal shown
        bar.update(task, completed=done, total=total)
        if not shown and bar.console.is_terminal and time.monotonic() - began > _PATIENCE:
            bar.start()
            shown = True

    said = _Said(bar.console)
    logger = logging.getLogger("lpmm")
    level = logger.level
    logger.addHandler(said)
    logger.setLevel(logging.INFO)
    try:
        yield report
    finally:
        logger.removeHandler(said)
        logger.setLevel(level)
        if shown:
            bar.stop()


class _Said(logging.Handler):
    """Shows what the engines say: which one runs, that it compiles and how long that took."""

    def __init__(self, console: Console) -> None:
        super().__init__(logging.INFO)
        self._console = console

    def emit(self, record: logging.LogRecord) -> None:
        self._console.print(record.getMessage(), highlight=False, markup=False, soft_wrap=True)
