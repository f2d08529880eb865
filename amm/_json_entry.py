"""A JSON document read entry by entry: each complaint names the path of the entry at fault."""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from amm.errors import SnapshotError

Limits = tuple[int, int]
"""The least and the greatest value of an integer."""
Fields = Mapping[str, Limits | None]
"""The fields of an object that are integers; None stands for true or false."""

_DECIMAL = re.compile(r"0|-?[1-9][0-9]{0,77}")
"""An integer of up to 256 bits, in the one way there is to write it."""


@dataclass(frozen=True)
class Entry:
    """A value of the document, and where it stands."""

    path: str
    value: object

    def members(self, *names: str) -> dict[str, "Entry"]:
        """Return the members of an object; where names are given, it must have these and no others."""
        if not isinstance(self.value, dict):
            raise SnapshotError(self.path, "must be an object")
        found = {name: Entry(f"{self.path}.{name}".lstrip("."), value) for name, value in self.value.items()}
        for name in names:
            if name not in found:
                raise SnapshotError(f"{self.path}.{name}".lstrip("."), "is missing")
        for name, entry in found.items():
            if names and name not in names:
                raise SnapshotError(entry.path, "is not known")
        return found

    def elements(self) -> Iterator["Entry"]:
        """Return the elements of an array."""
        if not isinstance(self.value, list):
            raise SnapshotError(self.path, "must be an array")
        return (Entry(f"{self.path}[{index}]", value) for index, value in enumerate(self.value))

    def text(self) -> str:
        """Return a string."""
        if not isinstance(self.value, str):
            raise SnapshotError(self.path, f"must be a string, not {self.value!r}")
        return self.value

    def flag(self) -> bool:
        """Return true or false."""
        if not isinstance(self.value, bool):
            raise SnapshotError(self.path, f"must be true or false, not {self.value!r}")
        return self.value

    def integer(self, limits: Limits) -> int:
        """Return an integer that is written as a decimal string."""
        if not isinstance(self.value, str) or not _DECIMAL.fullmatch(self.value):
            raise SnapshotError(self.path, f"must be an integer in a string, not {self.value!r}")
        value = int(self.value)
        if not limits[0] <= value <= limits[1]:
            raise SnapshotError(self.path, f"must be from {limits[0]} to {limits[1]}, not {value}")
        return value

    def integers(self, fields: Fields) -> dict[str, Any]:
        """Return the members of an object that has these fields and no others."""
        members = self.members(*fields)
        return {name: read(members[name], limits) for name, limits in fields.items()}


def read(entry: Entry, limits: Limits | None) -> int | bool:
    """Return an integer, or a flag where there are no limits."""
    return entry.flag() if limits is None else entry.integer(limits)


def write(record: object, fields: Fields) -> dict[str, str | bool]:
    """Return the fields of a record as they stand in a document."""
    return {
        name: getattr(record, name) if limits is None else str(getattr(record, name)) for name, limits in fields.items()
    }


def parse(text: str) -> Entry:
    """Return the root of a document.

    Raises:
        SnapshotError: if it is not JSON, or an object has a key twice.
    """
    try:
        return Entry("", json.loads(text, object_pairs_hook=_unique))
    except ValueError as error:
        if isinstance(error, SnapshotError):
            raise
        raise SnapshotError("", f"is not JSON: {error}") from error


def _unique(pairs: list[tuple[str, object]]) -> dict[str, object]:
    members: dict[str, object] = {}
    for key, value in pairs:
        if key in members:
            raise SnapshotError(key, "stands there twice")
        members[key] = value
    return members
