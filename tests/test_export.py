"""Tables for other programs: the same numbers in Parquet, CSV and JSON, and the same integers when they are read."""

import json
from fractions import Fraction
from pathlib import Path

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pool_life import FEE, POOL, SPACING, live
from typer.testing import CliRunner
from worlds import run

from amm.snapshot import Token
from compare.cli import app
from compare.errors import InputError
from compare.exact_columns import exact_table, integer_array
from compare.export import (
    SCHEMAS,
    ExportKind,
    comparison_tables,
    exact_frame,
    export_folder,
    history_table,
    integers,
    read_table,
    table_document,
    write_table,
)
from compare.formats import read_pool_events
from compare.history import History, Origin
from compare.history_file import Head
from compare.path_file import write_path
from compare.paths import PricePath
from compare.tape import TakerTape

RESULT = run()
TABLES = comparison_tables(RESULT)
KINDS = list(ExportKind)
ENDS = [0, 1, -1, 10**38 - 1, 10**38, 10**76 - 1, 10**76, 2**255, -(2**255), 2**256 - 1]
WHOLE = st.sampled_from(ENDS) | st.integers(-(2**256), 2**256 - 1)


def write(table: pa.Table, folder: Path, kind: ExportKind, name: str = "table") -> Path:
    file = folder / f"{name}.{kind}"
    write_table(table, file)
    return file


@given(values=st.lists(st.none() | WHOLE, max_size=6), kind=st.sampled_from(KINDS))
@example(values=[2**256 - 1, None, -(2**255)], kind=ExportKind.CSV)
@example(values=[10**76 - 1, 0], kind=ExportKind.JSON)
@example(values=[10**38 - 1, -(10**38) + 1], kind=ExportKind.PARQUET)
def test_whole_numbers_keep_every_digit(
    tmp_path_factory: pytest.TempPathFactory, values: list[int | None], kind: ExportKind
) -> None:
    """Any integers up to 2^256 - 1, in whatever type they need, are the same integers after every kind of file."""
    field = pa.field("amount", pa.decimal128(38, 0), metadata={"type": "integer", "unit": "wei"})
    table = exact_table({"amount": values}, pa.schema([field]), {"schema": "test"})
    folder = tmp_path_factory.mktemp("export")
    found = read_table(write(table, folder, kind))
    assert integers(found["amount"]) == values
    assert found.equals(table, check_metadata=True)
    assert exact_frame(found).amount.tolist() == values


@given(st.lists(WHOLE, min_size=1, max_size=4))
def test_the_type_is_as_narrow_as_it_can_be(values: list[int]) -> None:
    """Up to 38 digits decimal128, up to 76 decimal256, text above."""
    digits = max(len(str(abs(value))) for value in values)
    wanted = pa.decimal128(38, 0) if digits <= 38 else pa.decimal256(76, 0) if digits <= 76 else pa.string()
    assert integer_array(values).type == wanted


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("name", TABLES)
def test_every_table_through_every_kind_of_file(tmp_path: Path, name: str, kind: ExportKind) -> None:
    """Values, types, units and meanings: what is read is what was written."""
    found = read_table(write(TABLES[name], tmp_path, kind, name))
    assert found.equals(TABLES[name], check_metadata=True)


def test_tables_are_what_their_schemas_say() -> None:
    """Every table of a comparison has the columns of its schema, each with a meaning or a unit."""
    assert set(TABLES) == {name for name in SCHEMAS if "history" not in name}
    for name, schema in SCHEMAS.items():
        assert all(field.metadata for field in schema), name
    for name, table in TABLES.items():
        assert table.column_names == SCHEMAS[name].names
        assert [field.metadata for field in table.schema] == [field.metadata for field in SCHEMAS[name]]
        assert table.schema.metadata[b"schema"].startswith(b"lpmm ")


def test_the_tables_add_up() -> None:
    """Identities close; components sum to the profit beyond HODL, in the books and at the last sample."""
    for row in TABLES["identities"].to_pylist():
        assert row["left"] == row["right"]
    frame = exact_frame(TABLES["components"])
    last = exact_frame(TABLES["samples"]).groupby("provider").last()
    for one in RESULT.providers:
        amounts = frame[frame.provider == one.name].set_index("component").amount
        parts = one.book.components()
        assert amounts["beyond_hodl"] == sum(parts.values()) == one.beyond_hodl == last.beyond_hodl[one.name]
        assert amounts["profit_and_loss"] == amounts["hodl"] + amounts["beyond_hodl"]
        assert {name: amounts[name] for name in parts} == parts
        flows = exact_frame(TABLES["flows"]).query("provider == @one.name").set_index("kind")
        assert flows.edge.sum() - one.book.sums.gas == amounts["hedged"]


def test_a_path_and_a_tape_come_back_as_themselves(tmp_path: Path) -> None:
    """The path and the tape in a folder of results are those of the comparison, to the last bit."""
    write_table(TABLES["path"], tmp_path / "path.parquet")
    write_table(TABLES["tape"], tmp_path / "tape.parquet")
    assert PricePath.from_file(tmp_path / "path.parquet") == RESULT.path
    assert TakerTape.from_parquet(tmp_path / "tape.parquet") == RESULT.tape
    path = PricePath.from_arrays([0, 1, 5], [0.125, 3.5, 2.0], tick_size=Fraction(1, 8))
    write_path(path, tmp_path / "other.parquet")
    again = PricePath.from_parquet(tmp_path / "other.parquet")
    assert (again, again.tick_size, again.name, again.description) == (
        path,
        Fraction(1, 8),
        path.name,
        path.description,
    )
    assert PricePath.from_file(tmp_path / "other.parquet", step="5ns").ticks.tolist() == [1, 16]
    table = pq.read_table(tmp_path / "other.parquet")
    changed = table.set_column(1, table.schema.field("ticks"), pa.array([1, 28, 17]))
    pq.write_table(changed, tmp_path / "changed.parquet")
    with pytest.raises(InputError, match=r"the path hashes to \w{8}, and the file says \w{8}"):
        PricePath.from_file(tmp_path / "changed.parquet")
    pq.write_table(changed.replace_schema_metadata({"schema": "lpmm price path 1"}), tmp_path / "changed.parquet")
    with pytest.raises(InputError, match="the price path is damaged"):
        PricePath.from_file(tmp_path / "changed.parquet")


def history(folder: Path) -> tuple[History, list[object]]:
    """A pool's history of its own making, and its events."""
    events, _ = live(3, 30)
    made = History.create(folder, Origin(1, POOL, "uniswap_v3", (Token("0x1"), Token("0x2")), FEE, SPACING))
    made.write(100, events[-1].block_number, events, Head(events[-1].block_number, ""))
    return made, list(events)


@pytest.mark.parametrize("kind", KINDS)
def test_a_history_is_the_same_events_in_every_kind_of_file(tmp_path: Path, kind: ExportKind) -> None:
    """What is exported of a pool's history is itself an export that can be read as its events."""
    made, events = history(tmp_path / "history")
    [file, *_] = export_folder(made.folder, kind, tmp_path)
    assert file.name == f"history.{kind}"
    assert read_table(file).equals(history_table(made), check_metadata=True)
    assert read_pool_events(file) == events


def test_the_command_writes_what_a_spreadsheet_reads(tmp_path: Path) -> None:
    """`lpmm export` of a folder: plain CSV with the numbers of the tables, and a schema beside each."""
    for name in ("executions", "metrics"):
        write_table(TABLES[name], tmp_path / f"{name}.parquet")
    done = CliRunner().invoke(app, ["export", str(tmp_path)], catch_exceptions=False)
    assert done.exit_code == 0
    assert len(done.output.split("wrote ")) == 5
    rows = pd.read_csv(tmp_path / "executions.csv", dtype=str, keep_default_na=False)
    assert rows.provider_base.tolist() == [str(value) for value in integers(TABLES["executions"]["provider_base"])]
    document = json.loads((tmp_path / "executions.schema.json").read_text())
    assert document == table_document(TABLES["executions"])
    units = {column["name"]: column.get("unit") for column in document["columns"]}
    assert (units["provider_base"], units["time_ns"]) == ("base token units", "nanoseconds since 1970-01-01 UTC")
    done = CliRunner().invoke(
        app, ["export", str(tmp_path / "metrics.parquet"), "--to", "json"], catch_exceptions=False
    )
    assert json.loads((tmp_path / "metrics.json").read_text())["rows"] == TABLES["metrics"].to_pylist()


def test_folders_inside_a_folder_keep_their_names(tmp_path: Path) -> None:
    """A comparison in several modes has a folder for each; so does its export."""
    write_table(TABLES["metrics"], tmp_path / "result" / "parallel" / "metrics.parquet")
    [file, schema] = export_folder(tmp_path / "result", ExportKind.CSV, tmp_path / "out")
    assert file == tmp_path / "out" / "parallel" / "metrics.csv"
    assert schema == tmp_path / "out" / "parallel" / "metrics.schema.json"
    assert read_table(file).equals(TABLES["metrics"], check_metadata=True)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--to", "xlsx"], "--to: 'xlsx' is no kind of table; one of parquet, csv, json"),
        ([], "holds no table; a folder that lpmm compare --out wrote"),
        (["--to", "parquet"], "the tables are Parquet already; name another folder with --out"),
    ],
)
def test_what_cannot_be_exported(tmp_path: Path, arguments: list[str], said: str) -> None:
    """Another kind, an empty folder, and tables over themselves."""
    with pytest.raises(InputError) as caught:
        CliRunner().invoke(app, ["export", str(tmp_path), *arguments], catch_exceptions=False)
    assert said in str(caught.value)


def test_files_that_are_no_tables(tmp_path: Path) -> None:
    """Another ending, a missing file, a missing schema and damaged contents: one typed error each."""
    table = TABLES["metrics"]
    with pytest.raises(InputError, match=r"\.xlsx is no kind of table; a name that ends with one of \.parquet, \.csv"):
        write_table(table, tmp_path / "metrics.xlsx")
    for kind in KINDS:
        with pytest.raises(InputError, match="cannot be read"):
            read_table(tmp_path / f"nowhere.{kind}")
    file = write(table, tmp_path, ExportKind.CSV)
    (tmp_path / "table.schema.json").unlink()
    with pytest.raises(InputError, match=r"table\.schema\.json: cannot be read"):
        read_table(file)
    for kind in (ExportKind.PARQUET, ExportKind.JSON):
        damaged = tmp_path / f"damaged.{kind}"
        damaged.write_text("{}")
        with pytest.raises(InputError, match="is no table of this program"):
            read_table(damaged)
    pq.write_table(pa.table({"time": [1]}), tmp_path / "other.parquet")
    with pytest.raises(InputError, match="is no table of this program; one that lpmm compare --out wrote"):
        export_folder(tmp_path / "other.parquet", ExportKind.CSV)
    with pytest.raises(InputError, match="is no Parquet file"):
        export_folder(tmp_path / "damaged.parquet", ExportKind.CSV)
    with pytest.raises(InputError, match="there is no such file"):
        export_folder(tmp_path / "nowhere.parquet", ExportKind.CSV)


def test_formats_are_listed() -> None:
    """`lpmm formats` names every one, and shows the columns of one."""
    done = CliRunner().invoke(app, ["formats"], catch_exceptions=False)
    assert all(name in done.output for name in ("binance-klines", "dune-swaps", "lobster"))
    done = CliRunner().invoke(app, ["formats", "bybit-spot-trades"], catch_exceptions=False)
    assert "rpi (may be missing)" in done.output
    with pytest.raises(InputError, match="'bybit' is no known format; one of binance-klines"):
        CliRunner().invoke(app, ["formats", "bybit"], catch_exceptions=False)
