"""One table of the benchmark: each file bench_*.py of this folder measures one, in a function `table(peers)`."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from statistics import median
from typing import NamedTuple, TypeVar

_FEWEST_ROUNDS, _SPAN_S = 5, 5.0

T = TypeVar("T")


class Table(NamedTuple):
    """A heading, what is measured and how, and the figures as they are printed."""

    title: str
    text: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]

    def markdown(self) -> str:
        """Return the section as it stands in docs/benchmarks.md."""
        lines = [self.columns, ("---",) * len(self.columns), *self.rows]
        rows = "\n".join(f"| {' | '.join(line)} |" for line in lines)
        return f"## {self.title}\n\n{self.text.strip()}\n\n{rows}\n"


class Seconds(NamedTuple):
    """How long some rounds of the same work took."""

    best: float
    median: float

    @classmethod
    def of(cls, rounds: Iterable[float]) -> "Seconds":
        """Sum up the rounds."""
        seconds = list(rounds)
        return cls(min(seconds), median(seconds))

    def speed(self, count: int) -> str:
        """Return how many a second that is, in the best round, and in brackets in the median one."""
        return f"{count / self.best:,.0f} ({count / self.median:,.0f})"


def rounds_of(work: Callable[[], T]) -> Iterator[T]:
    """Yield what each of several rounds of work gives, for as long as a core's speed may stay low."""
    began, done = time.perf_counter(), 0
    while done < _FEWEST_ROUNDS or time.perf_counter() - began < _SPAN_S:
        yield work()
        done += 1


def cpu_seconds(work: Callable[[], T]) -> tuple[Seconds, T]:
    """Return the CPU time of one thread over some rounds of work, and what the last one gave."""
    seconds: list[float] = []

    def timed() -> T:
        began = time.thread_time()
        answer = work()
        seconds.append(time.thread_time() - began)
        return answer

    (answer,) = deque(rounds_of(timed), maxlen=1)
    return Seconds.of(seconds), answer


def best_clock_seconds(work: Callable[[], object]) -> float:
    """Return the time on the clock of the best of some rounds of work, on however many threads."""

    def timed() -> float:
        began = time.perf_counter()
        work()
        return time.perf_counter() - began

    return min(rounds_of(timed))
