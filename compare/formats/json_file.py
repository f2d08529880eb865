"""JSON documents as tables: what an exchange's or a subgraph's HTTP answer looks like when it is saved.

Every number stays the text it is, so that no digit is lost.
"""

import json
import os
from collections.abc import Iterator
from typing import Any

import pyarrow as pa

from compare.errors import InputError
from compare.formats.array_table import rows_table
from compare.formats.table import Table, make_table

_REMEDY = "a list of rows, or of objects with the same keys"


def read_json(file: str | os.PathLike[str], data: bytes) -> Table:
    """The one list of rows or objects in a document, wherever in its objects it stands.

    Raises:
        InputError: It is not JSON, or holds no such list or several.
    """
    lists = read_lists(file, data)
    if len(lists) > 1:
        lists = {name: rows for name, rows in lists.items() if name.endswith("swaps")} or lists
    if len(lists) != 1:
        problem = f"the document holds {len(lists)} lists: {', '.join(lists)}"
        raise InputError(problem, source=file, remedy="a document with one")
    return list_table(next(iter(lists.values())), os.fspath(file))


def read_lists(file: str | os.PathLike[str], data: bytes) -> dict[str, list[Any]]:
    """Every list of rows or objects in a document that is not empty, by the keys that lead to it.

    Raises:
        InputError: It is not JSON, or there is none.
    """
    try:
        # A number becomes text of all its digits: a double keeps some 15 of them.
        document = json.loads(data, parse_float=str, parse_int=str, parse_constant=str)
    except (UnicodeDecodeError, RecursionError, ValueError) as error:
        raise InputError(f"this is not JSON ({error})", source=file, remedy="one JSON document") from None
    lists = dict(_lists("", document))
    if lists.keys() == {"columns", "rows"}:
        del lists["columns"]  # of a table that `lpmm export` wrote: its schema
    if not lists:
        raise InputError("the document holds no row", source=file, remedy=_REMEDY)
    return lists


def list_table(rows: list[Any], source: str) -> Table:
    """Rows without names, or objects whose keys are the columns; keys inside keys are joined with a point.

    Raises:
        InputError: The rows are of several kinds.
    """
    if all(isinstance(row, list) for row in rows):
        return rows_table(
            [[_cell(value, source, number) for value in row] for number, row in enumerate(rows, 1)], source
        )
    flat: list[dict[str, str | None]] = []
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            raise InputError(f"{row!r:.60} is no object", source=source, place=f"row {number}", remedy=_REMEDY)
        flat.append({name: _cell(value, source, number) for name, value in _flat("", row)})
    columns = dict.fromkeys(name for row in flat for name in row)
    arrays = {name: pa.array([row.get(name) for row in flat], pa.string()) for name in columns}
    return make_table(source, pa.table(arrays), lambda row: f"row {row + 1}")


def _lists(path: str, node: object) -> Iterator[tuple[str, list[Any]]]:
    if isinstance(node, list):
        if node and all(isinstance(row, dict | list) for row in node):
            yield path or "the document", node
    elif isinstance(node, dict):
        for key, value in node.items():
            yield from _lists(f"{path}.{key}" if path else key, value)


def _flat(path: str, node: dict[str, Any]) -> Iterator[tuple[str, Any]]:
    for key, value in node.items():
        name = f"{path}.{key}" if path else key
        if isinstance(value, dict):
            yield from _flat(name, value)
        else:
            yield name, value


def _cell(value: object, source: str, number: int) -> str | None:
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, list):
        return json.dumps(value)
    raise InputError(f"{value!r:.60} is no value", source=source, place=f"row {number}", remedy=_REMEDY)
