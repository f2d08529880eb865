"""Compiled loops on disk: kept until a source changes, and done without where the disk does not take them."""

import logging
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
