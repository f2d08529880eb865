"""A path in stretches, from memory and from files, beside the same path whole."""

from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import gbm, market_of, poisson, providers

from compare.clocks import SECOND_NS, Clocks
from compare.errors import InputError, NotCompiledError
from compare.market_maker import MarketMaker
from compare.paths import PricePath
from compare.stream import Stretch, read_stretches, summarise_stream
from compare.summary import ProviderSummary, summarise
from compare.tape import TakerTape
from orderbook import ProportionalSpread

pytest.importorskip("numba", reason="a stream runs compiled only")

PATH = gbm(3, hours=1)
MARKET = market_of(PATH)
TAPE = poisson(PATH, MARKET)
WHO = providers()
CLOCKS = Clocks(12 * SECOND_NS, 30 * SECOND_NS)


def stretches(path: PricePath, tape: TakerTape, cuts: list[int]) -> Iterator[Stretch]:
    """Cut a path before these points, and its orders with it."""
    ends = [0, *sorted(set(cuts)), len(path.ticks)]
    for start, end in pairwise(ends):
        until = int(path.time_ns[end]) if end < len(path.ticks) else path.end_ns + 1
        prices = PricePath(path.time_ns[start:end], path.ticks[start:end], path.tick_size)
        yield prices, tape.between(int(path.time_ns[start]), until)


def contents(found: tuple[ProviderSummary, ...]) -> list[object]:
    return [(one.name, one.book.account, one.book.components(), one.agents, one.identities) for one in found]


@settings(max_examples=15)
@given(st.lists(st.integers(1, len(PATH.ticks) - 1), max_size=6))
def test_a_path_in_stretches_is_the_path(cuts: list[int]) -> None:
    """Wherever it is cut, every sum, every agent and every identity is that of the whole path."""
    found = summarise_stream(stretches(PATH, TAPE, cuts), WHO, capital=200_000, market=MARKET, clocks=CLOCKS, gas=1)
    whole = summarise(PATH, TAPE, WHO, capital=200_000, market=MARKET, clocks=CLOCKS, gas=1, compiled=True)
    assert contents(found.providers) == contents(whole.providers)
    assert (found.points, found.orders) == (len(PATH.ticks), len(TAPE))
    assert (found.start_ns, found.end_ns) == (PATH.start_ns, PATH.end_ns)


def test_a_maker_that_sees_late_looks_back_over_stretches() -> None:
    """What it sees in one stretch is a price of the one before, or of the one before that."""
    who = [MarketMaker(ProportionalSpread(1_000, 500), information_lag_ns=600 * SECOND_NS)]
    cuts = list(range(10, len(PATH.ticks), 10))
    found = summarise_stream(stretches(PATH, TAPE, cuts), who, capital=200_000, market=MARKET)
    whole = summarise(PATH, TAPE, who, capital=200_000, market=MARKET, compiled=False)
    assert contents(found.providers) == contents(whole.providers)


@pytest.mark.parametrize("rows", [7, 100, 10_000])
def test_a_path_and_a_tape_from_files_are_the_same(tmp_path: Path, rows: int) -> None:
    """Read a batch at a time, however large a batch is."""
    pq.write_table(pa.table({"time_ns": PATH.time_ns, "ticks": PATH.ticks}), tmp_path / "path.parquet")
    TAPE.to_parquet(tmp_path / "tape.parquet")
    sizes = {"tick_size": PATH.tick_size, "lot_size": TAPE.lot_size}
    read = read_stretches(tmp_path / "path.parquet", tmp_path / "tape.parquet", **sizes, rows=rows)
    found = summarise_stream(read, WHO, capital=200_000, market=MARKET)
    whole = summarise(PATH, TAPE, WHO, capital=200_000, market=MARKET, compiled=True)
    assert contents(found.providers) == contents(whole.providers)


def test_what_is_no_stream_is_refused(tmp_path: Path) -> None:
    """No stretch, stretches out of order, an order in the wrong one, other units, random clocks, no file, no column."""
    options: dict[str, Any] = {"capital": 200_000, "market": MARKET}
    parts = list(stretches(PATH, TAPE, [100]))
    for wrong, match in (
        ([], "no stretch"),
        (parts[::-1], "ends at"),
        ([(parts[0][0], TAPE), parts[1]], "an order lies outside"),
        ([parts[0], (PricePath(parts[1][0].time_ns, parts[1][0].ticks, Fraction(1)), parts[1][1])], "a tick of 1"),
    ):
        with pytest.raises(InputError, match=match):
            summarise_stream(wrong, WHO, **options)
    with pytest.raises(NotCompiledError, match="random clocks"):
        summarise_stream(parts, WHO, **options, clocks=Clocks(seed=1))
    with pytest.raises(InputError, match="cannot be read"):
        list(read_stretches(tmp_path / "none", tmp_path / "none", tick_size=Fraction(1), lot_size=Fraction(1)))
    pq.write_table(pa.table({"time_ns": np.arange(3)}), tmp_path / "path.parquet")
    TAPE.to_parquet(tmp_path / "tape.parquet")
    with pytest.raises(InputError, match="no column ticks"):
        list(
            read_stretches(
                tmp_path / "path.parquet", tmp_path / "tape.parquet", tick_size=Fraction(1), lot_size=Fraction(1)
            )
        )
