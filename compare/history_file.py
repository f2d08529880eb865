"""One file of a pool's history: Parquet, with the pool, the blocks it covers and the chain's head inside.

A number of more than 32 bits stands as a decimal string, because no column type holds 256 bits.
"""

from __future__ import annotations

import json
import os
import re
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
from pyarrow import parquet

from amm.events import UNISWAP_V2_EVENTS, UNISWAP_V3_EVENTS, EventRecord, EventSpec
from compare.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence
    from pathlib import Path

VERSION: Final = 1
PARTIAL_SUFFIX: Final = ".partial"
EVENTS: Final[Mapping[str, Mapping[str, EventSpec]]] = {
    "uniswap_v2": UNISWAP_V2_EVENTS,
    "uniswap_v3": UNISWAP_V3_EVENTS,
}
"""The events of each kind of pool, by name."""
_NAME: Final = re.compile(r"events-(\d{12})-(\d{12})\.parquet")
_METADATA: Final = b"lpmm"
_SMALL: Final = frozenset({"int24", "uint8", "uint16"})
_PLACE: Final = {
    "event": pa.string(),
    "block_number": pa.int64(),
    "block_hash": pa.string(),
    "block_timestamp": pa.int64(),
    "transaction_hash": pa.string(),
    "transaction_index": pa.int32(),
    "log_index": pa.int32(),
}
_MEANINGS: Final = {
    "event": "its name in the contract",
    "block_number": "block",
    "block_hash": "hash of the block, empty where an import did not have it",
    "block_timestamp": "seconds since 1970-01-01 UTC",
    "transaction_hash": "hash of the transaction",
    "transaction_index": "place in the block, -1 where an import did not have it",
    "log_index": "index of the log in the block",
}


@dataclass(frozen=True)
class Head:
    """The block that the chain was pinned to while a part was pulled: if it stands, so does every block below it."""

    number: int
    hash: str


@dataclass(frozen=True)
class Part:
    """What one file holds: whose events, of which blocks (both ends included), and how many."""

    chain_id: int
    address: str
    kind: str
    first_block: int
    last_block: int
    head: Head
    rows: int

    @property
    def file_name(self) -> str:
        """The name says which blocks the file covers."""
        return f"events-{self.first_block:012d}-{self.last_block:012d}.parquet"


def is_part(path: Path) -> bool:
    """Whether a file is named as a part is."""
    return _NAME.fullmatch(path.name) is not None


def write_part(folder: Path, part: Part, events: Sequence[EventRecord]) -> None:
    """Write a part whole or not at all.

    Raises:
        InputError: The folder cannot be written.
    """
    metadata = {_METADATA: json.dumps({"version": VERSION, **asdict(part)}).encode()}
    table = pa.Table.from_pylist(event_rows(events), schema=schema(part.kind).with_metadata(metadata))
    sink = pa.BufferOutputStream()
    parquet.write_table(table, sink, compression="zstd")
    write_whole(folder / part.file_name, sink.getvalue().to_pybytes())


def read_part(path: Path) -> Part:
    """What a file says it holds.

    Raises:
        InputError: It is damaged, or no part of a history of this version.
    """
    try:
        document: dict[str, Any] = json.loads(parquet.read_schema(path).metadata[_METADATA])
        version = document.pop("version")
        head = Head(**document.pop("head"))
        part = Part(head=head, **document)
    except (OSError, pa.ArrowException, KeyError, TypeError, ValueError) as error:
        raise InputError(f"is no part of a pool history ({type(error).__name__})", source=path) from None
    if version != VERSION:
        raise InputError(f"is of version {version}", source=path, remedy=f"this program reads version {VERSION}")
    if path.name != part.file_name or part.kind not in EVENTS:
        raise InputError(f"holds what belongs into {part.file_name}", source=path)
    return part


def read_events(path: Path, part: Part) -> Iterator[EventRecord]:
    """The events of a part, in the chain's order.

    Raises:
        InputError: The file is damaged.
    """
    try:
        rows: list[dict[str, Any]] = parquet.read_table(path, schema=schema(part.kind)).to_pylist()
    except (OSError, pa.ArrowException) as error:
        raise InputError(f"cannot be read ({type(error).__name__})", source=path) from None
    if len(rows) != part.rows:
        raise InputError(f"holds {len(rows)} events instead of {part.rows}", source=path)
    before = (part.first_block, -1)
    for row in rows:
        event = _event(row, EVENTS[part.kind])
        if not before < event.place or event.block_number > part.last_block:
            raise InputError("holds events out of order", source=path, place=f"block {event.block_number}")
        before = event.place
        yield event


def write_whole(path: Path, content: bytes) -> None:
    """Write a file under another name, and rename it when it is on the disk.

    Raises:
        InputError: It cannot be written.
    """
    partial = path.with_name(f".{path.name}{PARTIAL_SUFFIX}")
    try:
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        raise InputError(f"cannot be written ({error.strerror})", source=path) from None


def schema(kind: str) -> pa.Schema:
    """The columns of a part: where an event stands in the chain, and every argument of every event."""
    fields = [pa.field(name, column, metadata={"meaning": _MEANINGS[name]}) for name, column in _PLACE.items()]
    arguments: dict[str, dict[str, list[str]]] = {}
    for spec in EVENTS[kind].values():
        for field in spec.fields:
            arguments.setdefault(field.name, {}).setdefault(field.type, []).append(spec.name)
    for name, events in arguments.items():
        meaning = "; ".join(f"{type_name} of {', '.join(of)}" for type_name, of in events.items())
        is_small, is_text = set(events) <= _SMALL, "address" in events
        said = {"meaning": meaning, "unit": "as in the contract"} | ({} if is_small or is_text else {"type": "integer"})
        fields.append(pa.field(name, pa.int32() if is_small else pa.string(), metadata=said))
    return pa.schema(fields)


def event_rows(events: Iterable[EventRecord]) -> list[dict[str, object]]:
    """Events as rows of a part."""
    return [_row(event) for event in events]


def _row(event: EventRecord) -> dict[str, object]:
    spec = UNISWAP_V3_EVENTS.get(event.event) or UNISWAP_V2_EVENTS[event.event]
    place = {name: getattr(event, name) for name in _PLACE}
    small = {field.name for field in spec.fields if field.type in _SMALL}
    return place | {name: value if name in small else str(value) for name, value in event.fields.items()}


def _event(row: Mapping[str, Any], specs: Mapping[str, EventSpec]) -> EventRecord:
    fields = {
        field.name: row[field.name] if field.type == "address" else int(row[field.name])
        for field in specs[row["event"]].fields
    }
    return EventRecord(**{name: row[name] for name in _PLACE}, fields=fields)
