"""The page of the scenario's keys is complete: every table, every key, every default."""

import re
import tomllib
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

from compare.scenario import Scenario
from compare.sections import Section

PAGE = (Path(__file__).parents[1] / "docs" / "scenario.md").read_text(encoding="utf-8")
TABLES = {field.name: field.type for field in msgspec.structs.fields(Scenario)}


def rows(table: str) -> dict[str, Any]:
    """Each key of a table of the page with its default; None where it says none."""
    part = PAGE.partition(f"\n## [{table}]\n")[2].partition("\n## ")[0]
    found = re.findall(r"^\| `(\w+)` \| (none|`.*?`) \|", part, re.MULTILINE)
    return {
        key: None if text == "none" else tomllib.loads(f"value = {text.strip('`')}")["value"] for key, text in found
    }


def section(table: str) -> type[Section]:
    kinds = [TABLES[table], *get_args(TABLES[table])]
    return next(kind for kind in kinds if isinstance(kind, type) and issubclass(kind, Section))


def test_every_table_has_its_part() -> None:
    """In the order of the scenario, and no other."""
    assert re.findall(r"^## \[(\w+)\]$", PAGE, re.MULTILINE) == list(TABLES)


@pytest.mark.parametrize("table", TABLES)
def test_every_key_is_there_with_its_default(table: str) -> None:
    """In the order of the code, with the value that leaving it out means."""
    fields = msgspec.structs.fields(section(table))
    assert rows(table) == {field.name: field.default for field in fields}
    assert list(rows(table)) == [field.name for field in fields]
