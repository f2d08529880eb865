"""The command line: what it prints, what it writes, and how it refuses."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

SHORT = ("--days", "0.05", "--rate", "100/h")


def lpmm(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from compare.cli import main; main()", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def test_compare_writes_all_its_files_and_says_where(tmp_path: Path) -> None:
    """Exit code 0, the tables and the charts, and a summary of both venues."""
    done = lpmm("compare", *SHORT, "--out", str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "comparison.png",
        "components.parquet",
        "components.png",
        "executions.parquet",
        "flows.parquet",
        "identities.parquet",
        "markouts.parquet",
        "markouts.png",
        "metrics.parquet",
        "path.parquet",
        "record.json",
        "samples.parquet",
        "summary.json",
        "tape.parquet",
        "who_pays_whom.png",
    ]
    assert "liquidity provider" in done.stdout
    assert "residual 0" in done.stdout
    assert "\x1b" not in done.stdout  # no colours where there is no terminal


def test_json_is_for_machines_and_the_same_every_time() -> None:
    """`--json` prints the summary and nothing else; the same command prints the same bytes."""
    first, second = lpmm("compare", *SHORT, "--json"), lpmm("compare", *SHORT, "--json")
    assert first.stdout == second.stdout
    assert set(json.loads(first.stdout)) == {"setting", "providers", "identities"}


def test_a_file_of_prices(tmp_path: Path) -> None:
    """A CSV of a person's own runs end to end."""
    file = tmp_path / "prices.csv"
    rows = "".join(f"2024-01-01T00:{minute:02}:00Z,{2_000 + minute % 7}\n" for minute in range(60))
    file.write_text("time,price\n" + rows)
    done = lpmm("compare", "--prices", str(file), "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["setting"]["first_price"] == 2_000


BAD_FILES = {
    "empty": ("", "empty"),
    "no price": ("time,prize\n2024-01-01,1\n", "price"),
    "nan": ("time,price\n2024-01-01,1\n2024-01-02,nan\n", "line 3"),
    "zero": ("time,price\n2024-01-01,1\n2024-01-02,0\n", "line 3"),
    "negative": ("time,price\n2024-01-01,-1\n2024-01-02,1\n", "line 2"),
    "infinite": ("time,price\n2024-01-01,1\n2024-01-02,inf\n", "line 3"),
    "unsorted": ("time,price\n2024-01-02,1\n2024-01-01,1\n2024-01-03,1\n", "line 3"),
    "repeated": ("time,price\n2024-01-01,1\n2024-01-01,1\n", "line 3"),
    "mixed zones": ("time,price\n2024-01-01T00:00:00Z,1\n2024-01-01T02:00:00+01:00,1\n", "zone"),
}


@pytest.mark.parametrize("name", BAD_FILES)
def test_bad_files_get_one_line_and_exit_code_2(name: str, tmp_path: Path) -> None:
    """One clear line that names the file and the row or column, no traceback, nothing written."""
    content, message = BAD_FILES[name]
    file, out = tmp_path / "prices.csv", tmp_path / "out"
    file.write_text(content)
    done = lpmm("compare", "--prices", str(file), "--out", str(out))
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert str(file) in done.stderr
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1
    assert not out.exists() or not list(out.iterdir())


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--prices", "nowhere.csv"), "nowhere.csv"),
        (("nowhere.toml",), "nowhere.toml"),
        (("--capital", "0"), "run.capital"),
        (("--range", "2200:1800"), "2200:1800"),
        (("--fee", "3000", "--range", "ticks 1:61"), "off the spacing"),
        (("--strategy", "hope"), "maker.strategy"),
        (("--set", "maker.hope=1"), "hope"),
        (("--set", "hope"), "--set"),
        (("--out", "/dev/null/out"), "/dev/null/out"),
        (("--price", "1e60"), "price"),
    ],
)
def test_bad_options_get_one_line_and_exit_code_2(arguments: tuple[str, ...], message: str) -> None:
    """One clear line that names the option's key and what would be right."""
    done = lpmm("compare", *SHORT, *arguments)
    assert done.returncode == 2
    assert "Traceback" not in done.stderr
    assert message in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_the_first_answer_is_quick_to_import() -> None:
    """`lpmm --help` loads none of the heavy packages."""
    script = (
        "import sys\nimport compare.cli\n"
        "sys.exit(bool({'pandas', 'numpy', 'pyarrow', 'matplotlib', 'web3'} & set(sys.modules)))"
    )
    assert subprocess.run([sys.executable, "-c", script], check=False).returncode == 0


def test_version_and_help() -> None:
    """Both answer with exit code 0, and help has a worked example and the exit codes."""
    assert lpmm("--version").stdout.startswith("lpmm ")
    text = lpmm("compare", "--help").stdout
    assert "lpmm compare --prices prices.csv" in text
    assert "Exit code" in text
