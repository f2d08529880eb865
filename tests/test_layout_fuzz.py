"""Whatever stands in a file, it is data or one `InputError`."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from layout_samples import SAMPLES

from compare.errors import InputError
from compare.formats import layouts, read_pool_events, read_prices, read_swaps, read_trades

LAYOUTS = list(layouts())
NAMES = sorted({name for layout in LAYOUTS for name in layout.columns} | {"symbol", "event", "block_time"})
CELLS = st.sampled_from(
    [
        *("", "0", "1", "-1", "1.5", "1e400", "nan", "true", "False", "buy", "x", "0x12", "0x" + "a" * 40, "Swap", "4"),
        *("2025-10-10", "2025-10-10 12:00:00.000 UTC", "1760097600", "1760097600000"),
        *(str(2**256), "-" + "9" * 80, '"'),
    ]
)
TABLES = st.lists(st.sampled_from(NAMES), min_size=1, max_size=8, unique=True).flatmap(
    lambda names: st.tuples(st.just(names), st.lists(st.tuples(*[CELLS] * len(names)), min_size=1, max_size=4))
)
BARE = st.integers(2, 13).flatmap(lambda width: st.lists(st.tuples(*[CELLS] * width), min_size=1, max_size=4))
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**300), 2**300) | st.floats() | st.text(max_size=4),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=12,
)


def read_all(folder: pytest.TempPathFactory, text: str) -> None:
    """Every reader on one file; anything but an answer or an `InputError` fails the test."""
    file = folder.getbasetemp() / "any.txt"
    file.write_text(text, encoding="utf-8")
    for reader in (read_prices, read_trades, read_swaps, read_pool_events):
        try:
            reader(file)
        except InputError:
            continue


@given(TABLES)
def test_tables_with_known_columns(
    tmp_path_factory: pytest.TempPathFactory, table: tuple[list[str], list[tuple[str, ...]]]
) -> None:
    """Columns of all formats in any company, with cells that suit none."""
    names, rows = table
    read_all(tmp_path_factory, "\n".join([",".join(names), *(",".join(row) for row in rows)]))


@given(st.sampled_from(LAYOUTS), st.data())
def test_tables_of_one_format(tmp_path_factory: pytest.TempPathFactory, layout: object, data: st.DataObject) -> None:
    """All columns of a format, with and without their names, and any cells."""
    columns = list(getattr(layout, "columns", {}))
    rows = data.draw(st.lists(st.tuples(*[CELLS] * len(columns)), min_size=1, max_size=4))
    head = [",".join(columns)] if data.draw(st.booleans()) else []
    read_all(tmp_path_factory, "\n".join([*head, *(",".join(row) for row in rows)]))


@given(BARE)
def test_tables_without_a_header_line(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[str, ...]]) -> None:
    """Rows of any width."""
    read_all(tmp_path_factory, "\n".join(",".join(row) for row in rows))


@given(VALUES)
def test_documents(tmp_path_factory: pytest.TempPathFactory, document: object) -> None:
    """Any JSON, numbers without end, and what JSON itself does not allow."""
    read_all(tmp_path_factory, json.dumps([document] if not isinstance(document, dict | list) else document))


@given(st.sampled_from(SAMPLES), st.data())
def test_damaged_samples(tmp_path_factory: pytest.TempPathFactory, sample: object, data: st.DataObject) -> None:
    """A good file with a piece cut out or something put in."""
    text = str(getattr(sample, "text", ""))
    first = data.draw(st.integers(0, len(text)))
    last = data.draw(st.integers(first, min(len(text), first + 9)))
    read_all(
        tmp_path_factory, text[:first] + data.draw(st.sampled_from(["", ",", "\n", "-", "9" * 30, "x"])) + text[last:]
    )
