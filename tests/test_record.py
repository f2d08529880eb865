"""The record of a comparison: plain data that says the same as the result, and how to run it again."""

import json
import shlex
from pathlib import Path

import pandas as pd
import pytest
from worlds import run

from compare.cli import with_settings
from compare.errors import InputError
from compare.markout_curves import markout_curves
from compare.record import VERSION, Record
from compare.rerun import Rerun, command
from compare.scenario import Scenario
from compare.seed_study import study
from compare.study_record import StudyRecord

RESULT = run()
RECORD = Record.of(RESULT)


def test_a_record_is_read_back_as_it_was_written(tmp_path: Path) -> None:
    """Nothing is lost in the file, and writing it again gives the same bytes."""
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    RECORD.write(first)
    read = Record.read(first)
    read.write(second)
    assert read == RECORD
    assert first.read_bytes() == second.read_bytes()


def test_the_samples_end_with_the_numbers_of_the_summary() -> None:
    """The last sample of every provider is its profit, in all and in its components."""
    for provider in RECORD.providers:
        assert provider.samples.beyond_hodl[-1] == provider.summary["beyond_hodl"]
        assert {name: path[-1] for name, path in provider.samples.components.items()} == provider.summary["components"]


def test_markouts_are_those_of_the_curves() -> None:
    """Every kind, side and horizon is there, at the value that the curves have."""
    for provider, one in zip(RECORD.providers, RESULT.providers, strict=True):
        frame = markout_curves(RESULT, one)
        assert [markout.markout for markout in provider.markouts] == list(frame["markout"])
        assert {markout.side for markout in provider.markouts} == {"both", "buys", "sells"}


def test_identities_and_transfers_close_in_the_record() -> None:
    """Both sides of every identity are written, and are equal; the gains of everyone are zero together."""
    identities = [sums for provider in RECORD.providers for sums in provider.identities]
    assert len(identities) == 13
    assert all(sums.residual == 0 and sums.left == sums.right for sums in identities)
    for world in RECORD.worlds:
        assert sum(int(gain.exact) for gain in world.gains) == int(world.residual) == 0


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        (b"", "is no record of a result"),
        (b"\xff\xfe", "is no record of a result"),
        (b'{"version": 1}', "is no record of a comparison"),
        (json.dumps({"version": VERSION + 1}).encode(), f"version {VERSION + 1}, not {VERSION}"),
    ],
)
def test_what_is_no_record_is_refused(tmp_path: Path, content: bytes, problem: str) -> None:
    """The error names the file and what to do."""
    file = tmp_path / "record.json"
    file.write_bytes(content)
    with pytest.raises(InputError, match=problem) as caught:
        Record.read(file)
    assert str(file) in str(caught.value)
    assert "lpmm compare" in str(caught.value)


def test_a_missing_record_is_refused(tmp_path: Path) -> None:
    """The error says how to make one."""
    with pytest.raises(InputError, match=r"cannot be read .*lpmm compare --out"):
        Record.read(tmp_path / "record.json")


@pytest.mark.parametrize(
    "tables",
    [
        {},
        {"prices": {"volatility": 0.9, "days": 0.5}, "takers": {"rate": "120/h", "branching": 0.3}},
        {"prices": {"file": "a 'strange' name $(x).csv", "symbol": "true", "start": "2024-01-01"}},
        {"pool": {"range": ["5%", "10%"], "fee": 3_000, "base_is_token0": False}, "just_in_time": {"gas": 2.0}},
        {"pool": {"range": "ticks 199080:201060"}, "run": {"clock_seed": 3, "mode": "routed"}},
        {"just_in_time": {}, "maker": {"strategy": "glft", "rebate_bps": -1.5}},
    ],
)
def test_the_command_sets_the_scenario_it_was_made_from(tables: dict[str, dict[str, object]]) -> None:
    """A shell's words of the command, read as the command line reads them, are the scenario again."""
    scenario = Scenario.from_mapping(tables)
    words = shlex.split(command(scenario))
    assert words[:2] == ["lpmm", "compare"]
    assert set(words[2::2]) <= {"--set"}
    assert Scenario.from_mapping(with_settings({}, words[3::2])) == scenario


def test_a_study_is_read_back_as_it_was(tmp_path: Path) -> None:
    """Every row and every estimate, and a number that one side does not have stays out."""
    found = study(run, range(2))
    file = tmp_path / "study.json"
    StudyRecord.of(found).write(file)
    read = StudyRecord.read(file).study()
    assert (read.estimates, read.differences) == (found.estimates, found.differences)
    pd.testing.assert_frame_equal(read.runs, found.runs)
    file.write_bytes(b'{"version": 1, "runs": 3}')
    with pytest.raises(InputError, match="is no record of a study"):
        StudyRecord.read(file)


def test_what_was_made_in_a_program_has_no_command() -> None:
    """A record without a scenario claims none, and still says the versions."""
    assert Rerun.of(None).command is None
    assert RECORD.rerun.versions["lpmm"]
    drawn = Rerun.of(Scenario())
    assert (drawn.path_seed, drawn.takers_seed) == (7, 8)
