"""A sweep that is stopped goes on where it stopped: finished runs are whole files, and the result is the same bytes."""

import json
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from compare.errors import InputError
from compare.files import write_whole
from compare.grid_sweep import SweepAxis, sweep, with_values
from compare.kept_runs import KeptRuns, run_key
from compare.output import sweep_writers
from compare.scenario import Scenario
from compare.summary import Summary

SHORT = Scenario.from_mapping({"prices": {"days": 0.02}, "takers": {"rate": "300/h"}, "run": {"mode": "matched"}})
X, Y = SweepAxis("prices.volatility", (0.3, 1.5)), SweepAxis("takers.rate", ("60/h", "600/h"))
# In the matched mode, which has no compiled engine: runs that last long enough to be interrupted.
SETTING = {"prices": {"days": 0.04}, "run": {"mode": "matched"}}
GRID = ("--x", "prices.volatility=0.3,1.5", "--y", "takers.rate=60/h,600/h", "--seeds", "2")
SET = ("--set", "prices.days=0.04", "--set", "run.mode=matched")


def start(out: Path) -> subprocess.Popen[str]:
    command = [sys.executable, "-c", "from compare.cli import main; main()", "sweep", *GRID, *SET, "--out", str(out)]
    return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def finish(process: subprocess.Popen[str]) -> str:
    said, wrong = process.communicate()
    assert process.returncode == 0, wrong
    return said


def finished(out: Path) -> dict[str, int]:
    """When each finished run was written."""
    return {file.name: file.stat().st_mtime_ns for file in (out / "runs").glob("*.json")}


def test_a_sweep_that_is_killed_goes_on_where_it_stopped(tmp_path: Path) -> None:
    """SIGKILL in the middle, the same command again: the finished runs are read and not made again, the bytes equal."""
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    process = start(broken)
    while process.poll() is None and len(finished(broken)) < 2:
        time.sleep(0.005)
    process.send_signal(signal.SIGKILL)
    process.communicate()
    assert process.returncode == -signal.SIGKILL
    before = finished(broken)
    assert 2 <= len(before) < 8
    assert not (broken / "sweep.csv").exists()
    said = finish(start(broken))
    assert f"{len(before)} of 8 runs were there already" in said
    after = finished(broken)
    assert len(after) == 8
    assert {name: after[name] for name in before} == before  # read, and not written again
    found = sweep(Scenario.from_mapping(SETTING), X, Y, (7, 8), kept=KeptRuns(whole / "runs"))
    write_whole(whole, sweep_writers(found, "hedged_profit"))
    for name in ("sweep.csv", "phase_map.png"):
        assert (broken / name).read_bytes() == (whole / name).read_bytes()
    assert finished(whole).keys() == after.keys()
    for name in after:
        assert (broken / "runs" / name).read_bytes() == (whole / "runs" / name).read_bytes()


def test_kept_or_not_a_sweep_finds_the_same(tmp_path: Path) -> None:
    """Without a folder, with one, and from the folder alone: equal tables, to the last bit."""
    plain = sweep(SHORT, X, Y, (3, 4))
    first = sweep(SHORT, X, Y, (3, 4), kept=KeptRuns(tmp_path))
    again = KeptRuns(tmp_path)
    seen: list[tuple[int, int]] = []
    second = sweep(SHORT, X, Y, (3, 4), kept=again, progress=lambda done, total: seen.append((done, total)))
    assert again.found == 8
    assert seen == [(8, 8)]
    for one in (first, second):
        assert one.runs().to_csv() == plain.runs().to_csv()
        assert one.to_frame().equals(plain.to_frame())
        assert list(one.runs().dtypes) == list(plain.runs().dtypes)


def test_a_larger_sweep_uses_the_runs_of_a_smaller_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One more seed makes only the runs that are new: so many scenarios are run, and no more."""
    sweep(SHORT, X, Y, (3, 4), kept=KeptRuns(tmp_path))
    made: list[int] = []
    summarise = Scenario.summarise

    def counted(scenario: Scenario, *, compiled: bool | None = None) -> Summary:
        made.append(scenario.prices.seed)
        return summarise(scenario, compiled=compiled)

    monkeypatch.setattr(Scenario, "summarise", counted)
    more = sweep(SHORT, X, Y, (3, 4, 5), kept=KeptRuns(tmp_path))
    assert made == [5] * 4
    assert more.runs().equals(sweep(SHORT, X, Y, (3, 4, 5)).runs())


def test_a_key_is_everything_a_result_depends_on(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Another seed, setting, version or content of a file is another run; the same of each is the same one."""
    file = tmp_path / "prices.csv"
    file.write_text("time,price\n2024-01-01,1\n2024-01-02,2\n")
    recorded = with_values(SHORT, {"prices.file": str(file)})
    keys = {run_key(SHORT), run_key(SHORT.with_seed(9)), run_key(with_values(SHORT, {"pool.fee": 3_000}))}
    keys |= {run_key(recorded)}
    assert len(keys) == 4
    assert run_key(SHORT) in keys
    file.write_text("time,price\n2024-01-01,1\n2024-01-02,3\n")
    keys |= {run_key(recorded)}
    assert len(keys) == 5
    monkeypatch.setattr("compare.kept_runs.version", lambda _: "0.0.0")
    assert run_key(SHORT) not in keys
    file.unlink()
    with pytest.raises(InputError, match=r"prices\.csv"):
        run_key(recorded)


@pytest.mark.parametrize("content", ["", "{", "[]", '{"key": "another", "rows": []}', '{"rows": []}'])
def test_a_damaged_file_is_named_and_not_passed_over(tmp_path: Path, content: str) -> None:
    """Kept runs appear whole; one that is not was changed by hand, and the message says what to do."""
    (tmp_path / "key.json").write_text(content)
    with pytest.raises(InputError, match=r"key\.json: is no kept run .*remove the file"):
        KeptRuns(tmp_path).rows("key")


def test_what_a_killed_process_left_half_written_is_no_run(tmp_path: Path) -> None:
    """A part is not read, and goes when the run is kept."""
    part = tmp_path / ".key.1.part"
    part.write_text("half")
    kept = KeptRuns(tmp_path)
    assert kept.rows("key") is None
    rows = [{"seed": 1, "provider": "market maker", "range_lower": None, "days": 0.1 + 0.2}]
    assert kept.keep("key", rows) == rows == kept.rows("key")
    assert [file.name for file in tmp_path.iterdir()] == ["key.json"]
    assert re.search(r'"days": 0.30000000000000004', (tmp_path / "key.json").read_text())
    assert json.loads((tmp_path / "key.json").read_text())["key"] == "key"


def test_a_folder_that_cannot_be_written_is_refused(tmp_path: Path) -> None:
    """Runs are not lost in silence."""
    (tmp_path / "runs").write_text("")
    with pytest.raises(InputError, match="cannot be written"):
        KeptRuns(tmp_path / "runs" / "here").keep("key", [])
