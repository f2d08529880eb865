"""Compiled loops on disk: kept until a source changes, and done without where the disk does not take them."""

import errno
import logging
import os
from pathlib import Path

import pytest

pytest.importorskip("numba", reason="the compiled engines need numba")
from lpmm_numba import disk_cache


def one_more(value: int) -> int:
    return value + 1


def test_a_folder_that_cannot_be_written_is_said_and_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The loop compiles and runs, and the message names the folder and the setting."""
    blocked = tmp_path / "a file"
    blocked.write_text("in the way")
    monkeypatch.setenv("LPMM_CACHE_DIR", str(blocked / "cache"))
    with caplog.at_level(logging.INFO, logger="lpmm"):
        assert disk_cache.compiled_loop(one_more)(1) == 2
    assert f"cannot be kept in {blocked / 'cache'}" in caplog.text
    assert "LPMM_CACHE_DIR" in caplog.text
    assert "compiled one_more in" in caplog.text


def test_a_loop_is_compiled_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """The second process, here a second dispatcher, takes it from the disk; another source does not."""
    monkeypatch.setenv("LPMM_CACHE_DIR", str(tmp_path))
    with caplog.at_level(logging.INFO, logger="lpmm"):
        assert [disk_cache.compiled_loop(one_more)(value) for value in (1, 2)] == [2, 3]
        assert caplog.text.count("compiling") == 1
        monkeypatch.setattr(disk_cache, "source_stamp", lambda _package: "another source")
        assert disk_cache.compiled_loop(one_more)(3) == 4
    assert caplog.text.count("compiling") == 2


def test_a_stamp_covers_what_a_package_stands_on() -> None:
    """Every package has a stamp of its own: a change in one does not compile the others' loops again."""
    stamps = {disk_cache.source_stamp(package) for package in ("amm", "orderbook", "compare")}
    assert len(stamps) == 3


def test_a_full_disk_is_said_and_done_without(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Nothing half-written is left behind, and the next run, with room again, keeps its code."""

    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setenv("LPMM_CACHE_DIR", str(tmp_path))
    with monkeypatch.context() as without_room:
        without_room.setattr(os, "replace", full)
        assert disk_cache.compiled_loop(one_more)(1) == 2
    assert f"cannot be kept in {tmp_path} ([Errno {errno.ENOSPC}]" in caplog.text
    assert list(tmp_path.iterdir()) == []
    assert disk_cache.compiled_loop(one_more)(1) == 2
    assert len(list(tmp_path.iterdir())) == 2


def test_damaged_files_are_said_and_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """As a machine leaves them that was switched off too soon."""
    monkeypatch.setenv("LPMM_CACHE_DIR", str(tmp_path))
    assert disk_cache.compiled_loop(one_more)(1) == 2
    for file in tmp_path.iterdir():
        file.write_bytes(file.read_bytes()[:100])
    assert disk_cache.compiled_loop(one_more)(1) == 2
    assert "compiling again" in caplog.text
    caplog.clear()
    with caplog.at_level(logging.INFO, logger="lpmm"):
        assert disk_cache.compiled_loop(one_more)(1) == 2
    assert caplog.text == ""


def test_without_a_home_nothing_is_kept(monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    """No folder that others can write to takes its place."""

    def homeless() -> Path:
        raise RuntimeError("no home")

    for variable in ("LPMM_CACHE_DIR", "NUMBA_CACHE_DIR", "XDG_CACHE_HOME"):
        monkeypatch.delenv(variable, raising=False)
    monkeypatch.setattr(Path, "home", homeless)
    assert disk_cache.compiled_loop(one_more)(1) == 2
    assert "set LPMM_CACHE_DIR" in caplog.text
