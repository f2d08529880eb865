"""A pool's event logs as a Parquet dataset: one folder, one manifest, one file for each range of blocks.

A file appears whole or not at all, under a name that says which blocks it covers; nothing else records what is done.
So a pull that is stopped at any moment is taken up where it stood, without a loss and without a duplicate.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, Self

from amm.snapshot import Token
from compare.errors import InputError
from compare.history_file import EVENTS, PARTIAL_SUFFIX, Head, Part, is_part, read_events, read_part, write_part
from compare.history_file import write_whole as write_file

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from amm.events import EventRecord

FORMAT: Final = "lpmm pool history"
VERSION: Final = 1
MANIFEST: Final = "manifest.json"


@dataclass(frozen=True)
class Origin:
    """Whose history it is; fee and tick spacing are None for a v2 pair."""

    chain_id: int
    address: str
    kind: str
    tokens: tuple[Token, Token]
    fee: int | None = None
    tick_spacing: int | None = None


class History:
    """The dataset in one folder.

    Attributes:
        folder: Where it lies.
        origin: Whose history it is.
        parts: What its files hold, in the order of their blocks.
    """

    def __init__(self, folder: Path, origin: Origin, parts: Sequence[Part]) -> None:
        """Hold what `open` found."""
        self.folder, self.origin, self.parts = folder, origin, list(parts)

    @classmethod
    def open(cls, folder: Path) -> Self:
        """Open a dataset.

        Raises:
            InputError: There is none, or it is of another version, or its files do not belong together.
        """
        origin = _read_manifest(folder / MANIFEST)
        parts = sorted((_own(path, origin) for path in folder.iterdir() if is_part(path)), key=_first_block)
        for before, after in pairwise(parts):
            if after.first_block <= before.last_block:
                problem = f"covers blocks that {before.file_name} covers too"
                raise InputError(problem, source=folder / after.file_name, remedy="remove one of the two")
        return cls(folder, origin, parts)

    @classmethod
    def create(cls, folder: Path, origin: Origin) -> Self:
        """Open the dataset of this origin, making it if there is none; what a stopped pull left half-written goes.

        Raises:
            InputError: The folder cannot be written, or holds another history.
        """
        try:
            folder.mkdir(parents=True, exist_ok=True)
            for left in folder.glob(f".*{PARTIAL_SUFFIX}"):
                left.unlink(missing_ok=True)
        except OSError as error:
            raise InputError(f"cannot be written ({error.strerror})", source=folder) from None
        if not (folder / MANIFEST).exists():
            document = {"format": FORMAT, "version": VERSION, **asdict(origin)}
            write_file(folder / MANIFEST, (json.dumps(document, indent=1) + "\n").encode())
        history = cls.open(folder)
        if history.origin != origin:
            found = f"{history.origin.address} on chain {history.origin.chain_id}"
            raise InputError(f"holds the history of {found}", source=folder, remedy="name another folder")
        return history

    def missing(self, first_block: int, last_block: int) -> list[tuple[int, int]]:
        """The blocks of a range that no part covers yet, as ranges in order."""
        gaps, start = [], first_block
        for part in self._parts_of(first_block, last_block):
            if part.first_block > start:
                gaps.append((start, part.first_block - 1))
            start = part.last_block + 1
        return [*gaps, (start, last_block)] if start <= last_block else gaps

    def heads(self) -> list[Head]:
        """The blocks that the chain was pinned to when the parts were pulled, each once; an import knows none."""
        return list(dict.fromkeys(part.head for part in self.parts if part.head.hash))

    def write(self, first_block: int, last_block: int, events: Sequence[EventRecord], head: Head) -> None:
        """Add the events of a range of blocks, all of them.

        Raises:
            InputError: The folder cannot be written.
        """
        origin = self.origin
        part = Part(origin.chain_id, origin.address, origin.kind, first_block, last_block, head, len(events))
        write_part(self.folder, part, events)
        self.parts = sorted([*self.parts, part], key=_first_block)

    def events(self, first_block: int, last_block: int) -> Iterator[EventRecord]:
        """The events of a range of blocks, in the chain's order.

        Raises:
            InputError: Not every block of the range has been pulled, or a file is damaged.
        """
        for start, end in self.missing(first_block, last_block):
            raise InputError(f"lacks blocks {start} to {end}", source=self.folder, remedy="pull them first")
        for part in self._parts_of(first_block, last_block):
            for event in read_events(self.folder / part.file_name, part):
                if first_block <= event.block_number <= last_block:
                    yield event

    def _parts_of(self, first_block: int, last_block: int) -> list[Part]:
        return [part for part in self.parts if part.last_block >= first_block and part.first_block <= last_block]


def _read_manifest(path: Path) -> Origin:
    try:
        document: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
        form, version = document.pop("format"), document.pop("version")
        token0, token1 = (Token(**token) for token in document.pop("tokens"))
        origin = Origin(tokens=(token0, token1), **document)
    except FileNotFoundError:
        raise InputError("holds no pool history", source=path.parent, remedy="lpmm pool history makes one") from None
    except (OSError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise InputError(f"is no manifest of a pool history ({type(error).__name__})", source=path) from None
    if (form, version) != (FORMAT, VERSION) or origin.kind not in EVENTS:
        raise InputError(f"is {form!r}, version {version}", source=path, remedy=f"this is {FORMAT!r}, {VERSION}")
    return origin


def _own(path: Path, origin: Origin) -> Part:
    part = read_part(path)
    if (part.chain_id, part.address, part.kind) != (origin.chain_id, origin.address, origin.kind):
        raise InputError(f"is of {part.address} on chain {part.chain_id}", source=path, remedy="remove it")
    return part


def _first_block(part: Part) -> int:
    return part.first_block
