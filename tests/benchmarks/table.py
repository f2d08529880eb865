"""One table of the benchmark: each file bench_*.py of this folder measures one, in a function `table(peers)`."""

import time
from collections.abc import Callable
from statistics import median
from typing import NamedTuple, TypeVar

ROUNDS = 7

T = TypeVar("T")


class Table(NamedTuple):
    """A heading, what is measured and how, and the figures as they are printed."""

    title: str
    text: str
    columns: tuple[str, ...]
    rows: list[tuple[str, ...]]

    def markdown(self) -> str:
        """Return the section as it stands in docs/benchmarks.md."""
        lines = [self.columns, ("---",) * len(self.columns), *self.rows]
        rows = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        return f"## {self.title}\n\n{self.text.strip()}\n\n{rows}\n"


def cpu_seconds(work: Callable[[], T], rounds: int = ROUNDS) -> tuple[float, T]:
    """Return the median CPU time of one thread over some rounds of work, and what the last one gave."""
    seconds = []
    for _ in range(rounds):
        began = time.thread_time()
        answer = work()
        seconds.append(time.thread_time() - began)
    return median(seconds), answer
