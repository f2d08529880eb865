"""A comparison over a path that is longer than memory: a stretch at a time, and only the end is kept.

It runs compiled or not at all; on a path that fits into memory it gives the integers of `compare.summarise`.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from compare._compiled.world_clock import Chunk, WorldClock, chunk_of
from compare.compiled_scope import why_not, why_not_numbers
from compare.errors import InputError, NotCompiledError
from compare.paths import PricePath
from compare.price_range import require_pool_prices
from compare.run import prepare
from compare.summary import ProviderSummary, closed
from compare.tape import TakerTape
from compare.tape_file import COLUMNS

if TYPE_CHECKING:
    import os
    from collections.abc import Iterable, Iterator, Sequence
    from fractions import Fraction

    from numpy.typing import NDArray

    from compare._compiled.worlds import Memory
    from compare.clocks import Clocks
    from compare.market import Market
    from compare.world import Provider

Stretch = tuple[PricePath, TakerTape]
"""A part of a path, and the orders from its first time up to, but not at, the first time of the next part."""

_ROWS = 1 << 20


@dataclass(frozen=True, slots=True)
class StreamSummary:
    """The outcome of `summarise_stream`.

    Attributes:
        market: Units.
        start_ns: First time of the path, nanoseconds.
        end_ns: Last time of the path, nanoseconds.
        points: How many prices there were.
        orders: How many orders there were.
        providers: One outcome for each provider, by name.
    """

    market: Market
    start_ns: int
    end_ns: int
    points: int
    orders: int
    providers: tuple[ProviderSummary, ...]


def summarise_stream(
    stretches: Iterable[Stretch],
    providers: Sequence[Provider],
    *,
    capital: Fraction | int | str,
    market: Market,
    clocks: Clocks | None = None,
    gas: Fraction | int | str = 0,
) -> StreamSummary:
    """Replay a path and a tape that come in stretches, in parallel worlds, and keep only what stands at the end.

    Two stretches are in memory at a time, however many there are.

    Args:
        stretches: All of the path and of the tape, in the order of time; see `read_stretches`.
        providers: Who takes part.
        capital: Quote tokens each provider starts with, in value.
        market: Units; its tick and lot are those of every stretch.
        clocks: When the arbitrageur and the makers act, at fixed intervals; equal clocks by default.
        gas: Quote tokens an arbitrageur pays for a swap in a pool.

    Raises:
        InputError: The setting makes no sense, or the stretches are not in the order of time.
        NotCompiledError: The compiled engine cannot do this; the message says what.
        LedgerError: An identity does not close, which is a defect of this program.
        ImportError: numba is not installed.
    """
    from compare._compiled.worlds import enter, live_on  # noqa: PLC0415 - numba is slow to import, or absent

    parts = iter(stretches)
    first = next(parts, None)
    if first is None:
        raise InputError("there is no stretch", place="stretches", remedy="give one at least")
    path, tape = first
    nobody = tape.between(None, path.start_ns)  # its orders may come after its last price
    opening = prepare(path, nobody, providers, capital=capital, market=market, clocks=clocks, gas=gas)
    if opening.clocks.seed is not None:
        raise NotCompiledError("random clocks over a path whose end is not known")
    reason = why_not(opening, *first)
    if reason is not None:
        raise NotCompiledError(reason)
    start_ns, lags = path.start_ns, set(opening.lags_ns.values())
    lives: list[tuple[Memory, WorldClock]] = [
        (enter(world), WorldClock(opening.clocks, (start_ns, start_ns), lags)) for world in opening.worlds
    ]
    points = orders = lots = 0
    end_ns, fair_ticks = start_ns, int(path.ticks[-1])
    for (path, tape), chunk in _chunks(chain([first], parts), market):
        points, orders, lots = points + len(path.ticks), orders + len(tape), lots + int(tape.lots.sum())
        reason = why_not_numbers(opening, path, tape, lots)
        if reason is not None:
            raise NotCompiledError(reason)
        end_ns, fair_ticks = path.end_ns, int(path.ticks[-1])
        if not all(live_on(memory, clock, chunk) for memory, clock in lives):
            raise NotCompiledError(f"an event from {path.start_ns} ns on that only the plain engine can judge")
    found: list[ProviderSummary] = []
    for world, (memory, _) in zip(opening.worlds, lives, strict=True):
        memory.leave()
        found += closed(world, memory.withdrawable(), fair_ticks)
    found.sort(key=lambda one: one.name)
    return StreamSummary(market, start_ns, end_ns, points, orders, tuple(found))


def _chunks(stretches: Iterable[Stretch], market: Market) -> Iterator[tuple[Stretch, Chunk]]:
    """Check each stretch, and give it with the moment up to which it is known: just before the next one begins."""
    held: Stretch | None = None
    for stretch in stretches:
        path, tape = stretch
        for name, size, wanted in (
            ("tick", path.tick_size, market.tick_size),
            ("lot", tape.lot_size, market.lot_size),
        ):
            if size != wanted:
                raise InputError(f"a {name} of {size} in one stretch", place="stretches", remedy=f"{wanted} in all")
        require_pool_prices(market, path)
        if held is not None:
            yield held, _checked_chunk(held, path.start_ns - 1)
        held = stretch
    if held is not None:
        yield held, _checked_chunk(held, held[0].end_ns)


def _checked_chunk(stretch: Stretch, until_ns: int) -> Chunk:
    """Return what a loop is given, if path and orders lie before the next stretch."""
    path, tape = stretch
    if path.end_ns > until_ns:
        problem = f"the stretch from {path.start_ns} ns on ends at {path.end_ns} ns"
        raise InputError(problem, place="stretches", remedy=f"the next one begins at {until_ns + 1} ns")
    if len(tape) and not path.start_ns <= tape.time_ns[0] <= tape.time_ns[-1] <= until_ns:
        problem = f"an order lies outside the stretch from {path.start_ns} ns on"
        raise InputError(problem, place="stretches", remedy="give each order with the prices before it")
    return chunk_of(path, tape, until_ns)


def read_stretches(
    path_file: str | os.PathLike[str],
    tape_file: str | os.PathLike[str],
    *,
    tick_size: Fraction,
    lot_size: Fraction,
    rows: int = _ROWS,
) -> Iterator[Stretch]:
    """Read a path and a tape from Parquet files, so many prices at a time.

    Args:
        path_file: Two columns of int64: `time_ns`, nanoseconds since 1970-01-01 UTC, strictly increasing, and `ticks`,
            the price in ticks.
        tape_file: As `TakerTape.to_parquet` writes it, or the same columns from another hand.
        tick_size: Quote per base that one tick is worth.
        lot_size: Base tokens per lot.
        rows: Prices in a stretch.

    Raises:
        InputError: A file is missing, is not Parquet or lacks a column, or holds what no path or tape can.
    """
    orders = _Rows(tape_file, list(COLUMNS), rows)
    held: dict[str, NDArray[Any]] | None = None
    prices = _Rows(path_file, ["time_ns", "ticks"], rows)
    while (found := prices.batch()) is not None:
        if held is not None:
            before = int(found["time_ns"][0])
            yield _stretch(held, orders.before(before), tick_size, lot_size)
        held = found
    if held is not None:
        yield _stretch(held, orders.before(None), tick_size, lot_size)


def _stretch(
    prices: dict[str, NDArray[Any]], orders: dict[str, NDArray[Any]], tick_size: Fraction, lot_size: Fraction
) -> Stretch:
    columns: dict[str, Any] = {key: orders[key].astype(kind) for key, kind in COLUMNS.items()}
    return PricePath(prices["time_ns"], prices["ticks"], tick_size), TakerTape(**columns, lot_size=lot_size)


class _Rows:
    """The rows of a Parquet file in order, a batch at a time."""

    def __init__(self, file: str | os.PathLike[str], columns: list[str], rows: int) -> None:
        try:
            self._batches = pq.ParquetFile(file).iter_batches(rows, columns=columns)
            names = pq.read_schema(file).names
        except (OSError, pa.ArrowException) as error:
            reason = str(error).splitlines()[0]
            remedy = f"a Parquet file with the columns {', '.join(columns)}"
            raise InputError(f"this cannot be read ({reason})", source=file, remedy=remedy) from None
        missing = [column for column in columns if column not in names]
        if missing:
            remedy = f"the columns are {', '.join(columns)}"
            raise InputError(f"there is no column {missing[0]}", source=file, remedy=remedy)
        self._columns = columns
        self._left: dict[str, NDArray[Any]] | None = None

    def batch(self) -> dict[str, NDArray[Any]] | None:
        """Return the next rows; None after the last."""
        for batch in self._batches:
            if len(batch):
                return {column: batch[column].to_numpy(zero_copy_only=False) for column in self._columns}
        return None

    def before(self, time_ns: int | None) -> dict[str, NDArray[Any]]:
        """Return all rows, from where the last call ended, up to a time, itself left out; None takes all."""
        parts = []
        while True:
            rows = self.batch() if self._left is None else self._left
            self._left = None
            if rows is None:
                break
            end = len(rows["time_ns"]) if time_ns is None else int(np.searchsorted(rows["time_ns"], time_ns))
            parts.append({key: column[:end] for key, column in rows.items()})
            if end < len(rows["time_ns"]):
                self._left = {key: column[end:] for key, column in rows.items()}
                break
        empty = np.array([], dtype=np.int64)
        return {key: np.concatenate([empty, *(part[key] for part in parts)]) for key in self._columns}
