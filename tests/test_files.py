"""Results appear whole or not at all."""

from pathlib import Path

import pytest

from compare.errors import InputError
from compare.files import write_whole


def test_all_files_appear(tmp_path: Path) -> None:
    """Every file is where it was asked for, and nothing else."""
    folder = tmp_path / "new" / "folder"
    written = write_whole(folder, {"a": lambda path: path.write_text("1"), "b": lambda path: path.write_text("2")})
    assert [path.read_text() for path in written] == ["1", "2"]
    assert sorted(path.name for path in folder.iterdir()) == ["a", "b"]


def test_a_failure_leaves_what_was_there(tmp_path: Path) -> None:
    """When one file cannot be made, earlier results stay as they were and nothing half-written is left."""
    write_whole(tmp_path, {"a": lambda path: path.write_text("old")})

    def fail(path: Path) -> None:
        path.write_text("half")
        raise OSError(28, "No space left on device")

    with pytest.raises(InputError, match="No space left on device"):
        write_whole(tmp_path, {"a": lambda path: path.write_text("new"), "b": fail})
    assert [path.name for path in tmp_path.iterdir()] == ["a"]
    assert (tmp_path / "a").read_text() == "old"


def test_a_folder_that_is_a_file_is_refused(tmp_path: Path) -> None:
    """A path that is a file is no place for results, and the message names it."""
    (tmp_path / "file").write_text("")
    with pytest.raises(InputError, match=r"file: cannot be written"):
        write_whole(tmp_path / "file", {})
