"""Published results computed anew: that they agree, and that one that did not would be seen."""

import json
import math

import pytest
import typer
from typer.testing import CliRunner

from compare.errors import InputError
from compare.number_text import number_text
from compare.reproduce import REPRODUCTIONS, Published, Reproduction, Row, Verdict, find
from compare.reproduce.registry import Rows
from compare.reproduce.row import no_progress
from compare.reproduce_cli import reproduce
from orderbook.simulation import Estimate

app = typer.Typer()
app.command()(reproduce)
FEW = ["--paths", "2000"]


@pytest.mark.parametrize("name", REPRODUCTIONS)
def test_every_published_number_agrees(name: str) -> None:
    """With two thousand paths: each print within its tolerance, each simulation within four standard errors."""
    rows = find(name).rows(paths=2_000, seed=11)
    assert [row for row in rows if not row.passed] == []
    assert len({row.what for row in rows}) == len(rows)


def test_o40_the_command_prints_paper_exact_value_and_simulation_side_by_side() -> None:
    """All thirty numbers of the three tables: as printed, to four decimals, and simulated; exit code 0."""
    result = CliRunner().invoke(app, ["avellaneda-stoikov", *FEW], env={"COLUMNS": "120"})
    assert result.exit_code == 0
    for printed, exact in (("65.0", "64.8925"), ("68.4", "68.2282"), ("68.6", "68.3996"), ("68.8", "68.6662")):
        (line,) = [line for line in result.output.splitlines() if f" {printed} " in line]
        assert exact in line
    assert result.output.count("agrees") == 30


def test_o40_the_command_gives_the_same_rows_as_json() -> None:
    """One entry a number, with what it was held to."""
    (tables,) = json.loads(CliRunner().invoke(app, ["avellaneda-stoikov", *FEW, "--json"]).stdout)
    assert (tables["name"], tables["passed"], len(tables["rows"])) == ("avellaneda-stoikov", True, 30)
    profit = tables["rows"][1]
    assert (profit["published"], round(profit["exact"], 4), profit["verdict"]) == (65.0, 64.8925, "agrees")
    assert abs(profit["simulated"] - profit["exact"]) < 4 * profit["standard_error"]
    assert profit["tolerance"] == pytest.approx(0.05 + 3 * 6.5432 / math.sqrt(1_000), rel=1e-4)


def test_the_seed_decides_the_simulation() -> None:
    """The same one gives the same bytes, another one others."""
    runs = [CliRunner().invoke(app, ["kyle", "--json", "--seed", seed]).stdout for seed in ("1", "1", "2")]
    assert runs[0] == runs[1] != runs[2]


def test_without_a_name_the_names_are_listed() -> None:
    """Each with its title; nothing is computed."""
    result = CliRunner().invoke(app, [])
    assert result.exit_code == 0
    assert [line.split()[0] for line in result.output.splitlines()] == list(REPRODUCTIONS)


def test_a_number_that_differs_ends_the_command_with_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of a wrong print and of a biased simulation; `--all` runs every result and one failure is enough."""
    wrong = [
        Row("print", "nowhere", 1.0, Published("1.1")),
        Row("simulation", "nowhere", 1.0, simulated=Estimate(1.5, 0.1)),
        Row("right", "nowhere", 1.0, Published("1.0"), Estimate(1.3, 0.1)),
    ]

    def give(kept: slice) -> Rows:
        return lambda paths, seed, progress=no_progress: wrong[kept]  # noqa: ARG005 - the same call

    broken = {
        "right": Reproduction("right", "Right", give(slice(2, 3))),
        "wrong": Reproduction("wrong", "Wrong", give(slice(0, 3))),
    }
    monkeypatch.setattr("compare.reproduce.REPRODUCTIONS", broken)
    monkeypatch.setattr("compare.reproduce.registry.REPRODUCTIONS", broken)
    for argument, code in (("right", 0), ("wrong", 1), ("--all", 1)):
        result = CliRunner().invoke(app, [argument], env={"COLUMNS": "120"})
        assert result.exit_code == code
        assert ("the simulation differs" in result.output) == bool(code)
    assert [row.verdict for row in wrong] == [Verdict.PRINT_DIFFERS, Verdict.SIMULATION_DIFFERS, Verdict.AGREES]


def test_all_results_are_one_table_of_source_number_ours_difference_and_verdict(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """One heading, a line for each number with its source above it, and how many agree; the numbers are the rows'."""
    few = {name: REPRODUCTIONS[name] for name in ("kyle", "impermanent-loss", "trade-probability", "stale-prices")}
    monkeypatch.setattr("compare.reproduce.REPRODUCTIONS", few)
    result = CliRunner().invoke(app, ["--all", *FEW], env={"COLUMNS": "300"})
    assert result.exit_code == 0, result.output
    assert result.output.count("its number") == 1
    lines = [[cell.strip() for cell in line.split("  ") if cell.strip()] for line in result.output.splitlines()]
    count, said = 0, ""
    for reproduction in few.values():
        for row in reproduction.rows(2_000, 1):
            source = f"{reproduction.title}: {row.source}"
            numbers = [row.source_number, number_text(row.own_number), f"{row.difference:+.1g}", str(row.verdict)]
            assert [*([] if source == said else [source]), row.what, *numbers] in lines
            count, said = count + 1, source
    assert f"{count} of {count} numbers agree" in result.output


def test_a_difference_is_ours_less_the_sources() -> None:
    """Beside a print stands what is exact; beside a formula, what a simulation gives."""
    printed = Row("", "", 64.89, Published("65.0"), Estimate(64.9, 0.1))
    assert (printed.source_number, printed.own_number) == ("65.0", 64.89)
    assert printed.difference == pytest.approx(-0.11)
    formula = Row("", "", 2.0, None, Estimate(1.98, 0.1))
    assert (formula.source_number, formula.own_number) == ("2.0000", 1.98)
    assert formula.difference == pytest.approx(-0.02)
    assert Row("", "", 2.0).difference == 0
    assert printed.as_dict()["difference"] == printed.difference


def test_a_print_may_be_off_by_its_rounding_and_by_three_deviations() -> None:
    """1.49 stands for 1.485 to 1.495, and with a sampling deviation of .1 for .3 more either way."""
    assert Published("1.49").tolerance == pytest.approx(0.005)
    assert Published("10").tolerance == 0.5
    assert Published.simulated("1.49", 0.1).tolerance == pytest.approx(0.305)
    assert Row("", "", 1.4949, Published("1.49")).passed
    assert not Row("", "", 1.4951, Published("1.49")).passed


@pytest.mark.parametrize("line", ["nothing", "kyle --paths 99", "kyle --seed -1", "kyle --all"])
def test_what_cannot_be_reproduced_is_refused(line: str) -> None:
    """An unknown name, too few paths, a negative seed, and a name beside `--all`: each an error of the input."""
    result = CliRunner().invoke(app, line.split())
    assert isinstance(result.exception, InputError)


def test_an_unknown_name_is_answered_with_those_there_are() -> None:
    """The error lists them."""
    with pytest.raises(InputError, match="'nothing'; one of avellaneda-stoikov, glft"):
        find("nothing")


def test_progress_is_told_of_every_path() -> None:
    """It rises to the total, which never changes."""
    for name in ("avellaneda-stoikov", "kyle", "chakraborty-kearns"):
        seen: list[tuple[int, int]] = []

        def report(done: int, total: int, seen: list[tuple[int, int]] = seen) -> None:
            seen.append((done, total))

        find(name).rows(200, 1, report)
        assert [done for done, _ in seen] == sorted(done for done, _ in seen)
        assert {total for _, total in seen} == {seen[-1][0]}
