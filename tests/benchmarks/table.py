"""One table of the benchmark: each file bench_*.py of this folder measures one, in a function `table(peers)`."""

import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from statistics import median
from typing import NamedTuple, TypeVar

_FEWEST_ROUNDS, _SPAN_S = 5, 12.0
_THREADS_SPAN_S = 20.0  # both cores have to be free at once

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


class TwoThreads(NamedTuple):
    """Two pieces of work one after the other, and at once: seconds on the clock, and CPU time by it of the latter."""

    one_thread: float
    two_threads: float
    cores_busy: float

    @property
    def gain(self) -> float:
        """How many times as fast two threads are."""
        return self.one_thread / self.two_threads


def rounds_of(work: Callable[[], T], span_s: float = _SPAN_S) -> Iterator[T]:
    """Yield what each of several rounds of work gives, for as long as a core's speed may stay low."""
    began, done = time.perf_counter(), 0
    while done < _FEWEST_ROUNDS or time.perf_counter() - began < span_s:
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


def two_threads(prepare: Callable[[], Sequence[Callable[[], object]]]) -> TwoThreads:
    """Measure two pieces of work on one thread and on two, in turn, and keep the best round of either.

    Args:
        prepare: gives both pieces, anew for each round; not measured.
    """
    with ThreadPoolExecutor(2) as threads:
        ways = lambda both: [each() for each in both], lambda both: list(threads.map(lambda each: each(), both))
        rounds = list(rounds_of(lambda: [_clock_and_cpu(partial(way, prepare())) for way in ways], _THREADS_SPAN_S))
    (one, _), (two, cpu) = (min(taken) for taken in zip(*rounds, strict=True))
    return TwoThreads(one, two, cpu / two)


def _clock_and_cpu(work: Callable[[], object]) -> tuple[float, float]:
    """Return the time on the clock, and the CPU time of the process."""
    began, before = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - began, time.process_time() - before
