"""Finished runs of a sweep, kept as whole files: whatever stops the sweep, the next one goes on from there."""

from __future__ import annotations

import hashlib
import json
import os
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from compare.errors import InputError

if TYPE_CHECKING:
    from compare.scenario import Scenario

LAYOUT = 1
"""Of the files; it is part of every key."""

Rows = list[dict[str, Any]]


def run_key(scenario: Scenario) -> str:
    """Return what a run is kept under: a hash of everything its result depends on.

    That is the scenario with its seeds, the content of the files it names, and the version of this program.

    Raises:
        InputError: A file cannot be read.
    """
    files = {file: _hash_of(file) for file in (scenario.prices.file, scenario.takers.file) if file is not None}
    told = {
        "layout": LAYOUT,
        "version": version("lpmm"),
        "scenario": msgspec.to_builtins(scenario),
        "files": files,
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()


def _hash_of(file: str) -> str:
    try:
        with Path(file).open("rb") as content:
            return hashlib.file_digest(content, "sha256").hexdigest()
    except OSError as error:
        raise InputError(
            f"cannot be read ({error.strerror})", source=file, remedy="name a file that is there"
        ) from None


class KeptRuns:
    """Runs in a folder, one file each.

    Args:
        folder: Where; it is made when the first run is kept.

    Attributes:
        found: How many runs were asked for and there.
    """

    def __init__(self, folder: Path) -> None:
        """Take the folder as it is."""
        self._folder = folder
        self.found = 0

    def rows(self, key: str) -> Rows | None:
        """Return the rows of a run; None where it is not kept.

        Raises:
            InputError: Its file cannot be read, or was changed.
        """
        file = self._file(key)
        try:
            content = file.read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        except (OSError, UnicodeDecodeError) as error:
            raise _damaged(file, str(error)) from None
        try:
            kept = json.loads(content)
        except ValueError as error:
            raise _damaged(file, str(error)) from None
        if not isinstance(kept, dict) or kept.get("key") != key or not isinstance(kept.get("rows"), list):
            raise _damaged(file, "it is not the run of its name")
        self.found += 1
        rows: Rows = kept["rows"]
        return rows

    def keep(self, key: str, rows: Rows) -> Rows:
        """Write a run's rows, whole or not at all, and return them as they will be read.

        Raises:
            InputError: The folder cannot be written.
        """
        content = json.dumps({"key": key, "rows": rows}, indent=1, allow_nan=False)
        # Of a process that was killed as it wrote, a part with its number may be left; nobody reads it.
        part = self._folder / f".{key}.{os.getpid()}.part"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            for old in self._folder.glob(f".{key}.*.part"):
                old.unlink(missing_ok=True)
            with part.open("w", encoding="utf-8") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            part.replace(self._file(key))
        except OSError as error:
            remedy = "free some space or name another folder"
            raise InputError(f"cannot be written ({error.strerror})", source=str(self._folder), remedy=remedy) from None
        again: Rows = json.loads(content)["rows"]
        return again

    def _file(self, key: str) -> Path:
        return self._folder / f"{key}.json"


def _damaged(file: Path, problem: str) -> InputError:
    return InputError(
        f"is no kept run ({problem})", source=str(file), remedy="remove the file, and the run is made again"
    )
