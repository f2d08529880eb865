"""Books: the compiled one, the plain one, and others on the same requests."""

import json
import subprocess
import tempfile
import time
from collections import deque
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from benchmarks import book_work
from benchmarks.book_work import INSTRUMENT, OWNERS, Stream
from benchmarks.peers import Peers
from benchmarks.table import Seconds, Table, rounds_of, two_threads

from orderbook import DepthLevel, FeeSchedule, OrderBook, Side
from orderbook.batch import BOOK_RESULT, BatchBook, BookRun, RequestKind

_TEXT = """
Requests a CPU second on one core: 53 % limit orders, 36 % cancels of a live order drawn at random, 11 % market orders.
The thin book has a few dozen orders; the deep one some hundred thousand on six thousand levels, of which most requests
touch one that is in no near cache. Compiled and plain give every fill with its fee and rebate, and agree in each of
them; the results go to an array that is there already, fills are allocated in the time. limit-order-book 3.1.0 (C++) is
called for each request and gives no fills; order-book 1.0.2 (C) keeps levels only, and is told what each request leaves
of them. What is left of every level at the end is compared with both. The last column is two books in two threads:
requests a second of wall time, against one in one thread.
"""
_SPAN_S = 24.0  # a round builds its book first, which takes longer than the stream
_COLUMNS = (
    "book",
    "compiled",
    "compiled, no records of fills",
    "plain Python",
    "limit-order-book 3.1.0",
    "order-book 1.0.2, levels only",
    "compiled / plain",
    "two threads / one",
)
_FEES = FeeSchedule(maker_rebate_pips=100, taker_fee_pips=300)
_PEER = Path(__file__).with_name("book_peer.py")
_SIDES = {1: Side.BUY, -1: Side.SELL}

Levels = list[tuple[int, int, int]]
"""Side as +1 and -1, price in ticks, lots."""


def table(peers: Peers) -> Table:
    """Measure a thin book and a deep one."""
    pythons = {
        "limit-order-book": peers.python_with("limit-order-book==3.1.0", python="python3.13"),
        "order-book": peers.python_with("order-book==1.0.2"),
    }
    first = book_work.thin(10)
    _started(first, compiled=True).run(first.requests)  # compiles
    return Table("Order books", _TEXT, _COLUMNS, [_row(make, pythons) for make in (book_work.thin, book_work.deep)])


def _row(make: Any, pythons: dict[str, Path | None]) -> tuple[str, ...]:  # noqa: ANN401 - either function of book_work
    many, few = make(500_000), make(50_000)
    fast, run, book = _run(many, compiled=True)
    bare, _, _ = _run(many, compiled=True, fills=False)
    plain, plain_run, _ = _run(few, compiled=False)
    size = len(plain_run.results)
    fills = len(plain_run.fills)
    if not (
        np.array_equal(run.results[:size], plain_run.results) and np.array_equal(run.fills[:fills], plain_run.fills)
    ):
        raise RuntimeError(f"the engines differ on the {many.name} book")
    others = [_peer(name, python, many, run, _levels(book)) for name, python in pythons.items()]
    speeds = [*(each.speed(len(many.requests)) for each in (fast, bare)), plain.speed(len(few.requests)), *others]
    ratio = len(many.requests) / fast.best / (len(few.requests) / plain.best)
    return many.name, *speeds, f"{ratio:.0f}", f"{two_threads(partial(_two_books, many)).gain:.2f}"


def _started(stream: Stream, *, compiled: bool) -> BatchBook:
    batch = BatchBook(OrderBook(INSTRUMENT, _FEES), OWNERS, compiled=compiled)
    batch.run(stream.before, fills=False)
    return batch


def _run(stream: Stream, *, compiled: bool, fills: bool = True) -> tuple[Seconds, BookRun, OrderBook]:
    """Return the CPU seconds, the run, and the book afterwards."""
    out = np.zeros(len(stream.requests), dtype=BOOK_RESULT)
    seconds: list[float] = []

    def timed() -> tuple[BookRun, BatchBook]:
        batch = _started(stream, compiled=compiled)
        began = time.thread_time()
        run = batch.run(stream.requests, fills=fills, out=out)
        seconds.append(time.thread_time() - began)
        return run, batch

    ((run, batch),) = deque(rounds_of(timed, _SPAN_S), maxlen=1)
    return Seconds.of(seconds), run, batch.to_book()


def _two_books(stream: Stream) -> list[partial[BookRun]]:
    """Return what two threads do: the stream in a book each."""
    books, count = [_started(stream, compiled=True) for _ in range(2)], len(stream.requests)
    return [partial(book.run, stream.requests, out=np.zeros(count, dtype=BOOK_RESULT)) for book in books]


def _levels(book: OrderBook) -> Levels:
    def rows(sign: int, levels: list[DepthLevel]) -> Levels:
        return [(sign, level.price, level.size) for level in levels]

    return sorted(row for sign, side in _SIDES.items() for row in rows(sign, book.depth(side)))


def _peer(name: str, python: Path | None, stream: Stream, run: BookRun, levels: Levels) -> str:
    """Return a peer's requests a CPU second."""
    if python is None:
        return "not measured"
    rows = stream.before.tolist()
    requests = [
        (row[5], placed or row[0], row[6], row[1], row[2])
        for row, placed in zip(stream.requests.tolist(), run.results["order_id"].tolist(), strict=True)
    ]
    before = [(number, row[6], row[1], row[2]) for number, row in enumerate(rows, 1)]
    start = dict.fromkeys(((side, price) for _, side, price, _ in before), 0)
    for _, side, price, size in before:
        start[side, price] += size
    prices = {(row[6], row[1]) for row in [*rows, *stream.requests.tolist()] if row[5] == RequestKind.LIMIT}
    work = {
        "before": before,
        "requests": requests,
        "prices": sorted(prices),
        "levels": [(*level, lots) for level, lots in start.items()],
        "updates": list(_updates(stream, run, start)),
    }
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "work.json")
        file.write_text(json.dumps(work), encoding="utf-8")
        done = subprocess.run([python, _PEER, name, file], capture_output=True, text=True, check=True)
    report = json.loads(done.stdout.splitlines()[-1])
    if [tuple(level) for level in report["levels"]] != levels:
        raise RuntimeError(f"{name} is left with other levels of the {stream.name} book")
    return Seconds.of(report["seconds"]).speed(len(requests))


def _updates(stream: Stream, run: BookRun, start: dict[tuple[int, int], int]) -> Iterator[tuple[int, int, int]]:
    """Yield what each request leaves of each level that it touches."""
    lots = dict(start)
    level_of = {number: (row[6], row[1]) for number, row in enumerate(stream.before.tolist(), 1)}
    fills = iter(run.fills.tolist())
    for row, result in zip(stream.requests.tolist(), run.results.tolist(), strict=True):
        touched: dict[tuple[int, int], None] = {}
        if row[5] == RequestKind.CANCEL:
            level = level_of[row[0]]
            lots[level] -= result[4]
            touched[level] = None
        elif row[5] == RequestKind.LIMIT:
            level = level_of[result[0]] = row[6], row[1]
            lots[level] = lots.get(level, 0) + row[2]
            touched[level] = None
        else:
            for _ in range(result[9]):
                fill = next(fills)
                level = -row[6], fill[2]
                lots[level] -= fill[3]
                touched[level] = None
        yield from ((*level, lots[level]) for level in touched)
