"""compare.tape_file: a tape on disk is the tape, or it is refused."""

import re
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare.errors import InputError
from compare.paths import PricePath
from compare.tape import TakerTape

DAY = PricePath.constant(price=2_000, days=1)
ARRAYS = ("time_ns", "side", "lots", "tolerance_pips", "kind", "uid")


def a_tape(seed: int = 8) -> TakerTape:
    return TakerTape.poisson(DAY, rate="40/h", mean_size=0.5, seed=seed)


orders = st.lists(
    st.tuples(
        st.integers(-(2**63), 2**63 - 1),
        st.sampled_from([1, -1]),
        st.integers(1, 2**63 - 1),
        st.integers(0, 2**63 - 1),
        st.integers(0, 1),
        st.integers(0, 2**63 - 1),
    ),
    max_size=10,
    unique_by=lambda order: order[5],
)


@given(orders, st.fractions(min_value=Fraction(1, 10**18), max_value=10**6))
def test_what_is_written_reads_back(
    tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, ...]], lot: Fraction
) -> None:
    """Every array to the last bit, its type, the lot size, the words and the hash, for any tape."""
    table = np.array(sorted(rows), dtype=np.int64).reshape(-1, len(ARRAYS))
    columns: dict[str, Any] = dict(zip(ARRAYS, table.T, strict=True))
    tape = TakerTape(**columns, lot_size=lot, name="any", description="drawn at random")
    file = tmp_path_factory.getbasetemp() / "tape.parquet"
    tape.to_parquet(file)
    back = TakerTape.from_parquet(file)
    for key in ARRAYS:
        assert getattr(back, key).tolist() == getattr(tape, key).tolist()
        assert getattr(back, key).dtype == getattr(tape, key).dtype
    assert (back.lot_size, back.name, back.description, back.sha256) == (lot, "any", "drawn at random", tape.sha256)


def test_the_file_says_its_units(tmp_path: Path) -> None:
    """The schema, the lot size and the hash stand in the file, and each column says what it holds."""
    tape = a_tape()
    tape.to_parquet(tmp_path / "tape.parquet")
    schema = pq.read_schema(tmp_path / "tape.parquet")
    assert schema.metadata[b"schema"] == b"lpmm taker tape 1"
    assert schema.metadata[b"lot_size"] == b"1/10000"
    assert schema.metadata[b"sha256"] == tape.sha256.encode()
    assert [field.name for field in schema] == list(ARRAYS)
    assert b"nanoseconds since 1970-01-01 UTC" in schema.field("time_ns").metadata[b"meaning"]
    assert all(field.metadata[b"meaning"] for field in schema)


def test_writing_replaces_the_whole_file(tmp_path: Path) -> None:
    """A second tape replaces the first, and nothing else is left in the folder."""
    for seed in (1, 2):
        a_tape(seed).to_parquet(tmp_path / "tape.parquet")
    assert TakerTape.from_parquet(tmp_path / "tape.parquet") == a_tape(2)
    assert [file.name for file in tmp_path.iterdir()] == ["tape.parquet"]


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """A file where a folder should be: refused, nothing written."""
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(InputError, match=re.escape(str(tmp_path / "file"))):
        a_tape().to_parquet(tmp_path / "file" / "tape.parquet")


def test_files_that_hold_no_tape(tmp_path: Path) -> None:
    """A missing file, text, another table, and a tape whose orders were changed are refused, each for its reason."""
    file = tmp_path / "tape.parquet"
    with pytest.raises(InputError, match="there is no such file"):
        TakerTape.from_parquet(file)
    file.write_text("time_ns\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"this is not a Parquet file .*; a file that TakerTape.to_parquet wrote"):
        TakerTape.from_parquet(file)
    pq.write_table(pa.table({"time": [1]}), file)
    with pytest.raises(InputError, match="this holds no taker tape"):
        TakerTape.from_parquet(file)
    a_tape().to_parquet(file)
    table = pq.read_table(file)
    changed = table.set_column(2, table.schema.field("lots"), pa.array(np.ones(len(table), np.int64)))
    pq.write_table(changed, file)
    with pytest.raises(InputError, match=r"the orders hash to \w{8}, and the file says \w{8}"):
        TakerTape.from_parquet(file)
    pq.write_table(table.replace_schema_metadata(table.schema.metadata | {b"lot_size": b"none"}), file)
    with pytest.raises(InputError, match="metadata lot_size: the lot size is missing"):
        TakerTape.from_parquet(file)
