"""`lpmm sweep`: what it prints, what it writes, and that it writes nothing when it fails."""

import json
from pathlib import Path

import pandas as pd
import pytest
import typer
from typer.testing import CliRunner, Result

from compare.errors import InputError
from compare.sweep_cli import register

SHORT = (
    "--set",
    "prices.days=0.004",
    "--y",
    "takers.rate=300/h,3000/h",
    "--x",
    "prices.volatility=0.3,1.5",
    "--seeds",
    "2",
)


def lpmm(*arguments: str) -> Result:
    app = typer.Typer()
    app.callback()(lambda: None)
    register(app)
    return CliRunner().invoke(app, list(arguments))


def test_it_writes_the_runs_and_the_map(tmp_path: Path) -> None:
    """Two files beside the kept runs, a grid of four cells on the terminal, and the finding."""
    done = lpmm("sweep", *SHORT, "--out", str(tmp_path))
    assert done.exit_code == 0, done.output
    assert sorted(path.name for path in tmp_path.iterdir()) == ["phase_map.png", "runs", "sweep.csv"]
    runs = pd.read_csv(tmp_path / "sweep.csv")
    assert len(runs) == 2 * 2 * 2 * 2
    assert set(runs["takers.rate"]) == {"300/h", "3000/h"}
    assert "of 4 cells of 2 seeds" in done.output.replace("\n", " ")
    assert done.output.count("+-") == 4


def test_json_is_the_cells() -> None:
    """`--json` prints one record a cell, by the measure that was asked for, and the same every time."""
    first, second = (lpmm("sweep", *SHORT, "--measure", "beyond_hodl", "--json").stdout for _ in range(2))
    assert first == second
    cells = json.loads(first)
    assert len(cells) == 4
    assert cells[0]["liquidity provider"] - cells[0]["market maker"] == pytest.approx(cells[0]["difference"])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--x", "prices.hope=1,2"), "hope"),
        (("--x", "prices.volatility=1"), "span no axis"),
        (("--x", "takers.rate=1/h,2/h"), "both axes"),
        (("nowhere.toml",), "nowhere.toml"),
    ],
)
def test_a_wrong_setting_is_refused_and_nothing_is_written(
    arguments: tuple[str, ...], message: str, tmp_path: Path
) -> None:
    """An input error, which the command line turns into one line and exit code 2; the folder stays empty."""
    done = lpmm("sweep", *SHORT, *arguments, "--out", str(tmp_path))
    assert isinstance(done.exception, InputError)
    assert message in str(done.exception)
    assert not list(tmp_path.iterdir())
