"""Results appear whole or not at all."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from compare.errors import InputError
from compare.progress import progress_bar

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping


def check_writable(folder: Path) -> None:
    """Check that results can be written into a folder, making it if need be.

    Raises:
        InputError: They cannot.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder):
            pass
    except OSError as error:
        raise InputError(
            f"cannot be written ({error.strerror})", source=str(folder), remedy="name a folder that can be written"
        ) from None


def write_whole(folder: Path, writers: Mapping[str, Callable[[Path], object]]) -> list[Path]:
    """Write several files into a folder: all of them are made elsewhere first and moved in at the end.

    On a terminal, progress is shown if it takes more than a second.

    Args:
        folder: Where the files go; it is made if need be.
        writers: For each file name, what writes the file at the path it is given; a name may begin with a folder.

    Returns:
        The files written.

    Raises:
        InputError: The folder cannot be written; it holds what it held before.
    """
    check_writable(folder)
    staging = Path(tempfile.mkdtemp(prefix=".lpmm-", dir=folder))
    try:
        with progress_bar("writing") as progress:
            for done, (name, write) in enumerate(writers.items()):
                progress(done, len(writers))
                (staging / name).parent.mkdir(parents=True, exist_ok=True)
                write(staging / name)
        for name in writers:
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (staging / name).replace(folder / name)
    except OSError as error:
        raise InputError(
            f"cannot be written ({error.strerror})", source=str(folder), remedy="free some space or name another folder"
        ) from None
    finally:
        shutil.rmtree(staging, ignore_errors=True)
    return [folder / name for name in writers]
