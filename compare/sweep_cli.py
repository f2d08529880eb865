"""`lpmm sweep`: one scenario over a grid of two settings, and a map of who wins where."""

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from compare.progress import progress_bar

if TYPE_CHECKING:
    from rich.table import Table

    from compare.grid_sweep import Sweep


class Measure(StrEnum):
    """What a map compares."""

    HEDGED = "hedged_profit"
    BEYOND_HODL = "beyond_hodl"


def register(app: typer.Typer) -> None:
    """Add the command to an application."""
    app.command()(sweep)


def sweep(  # noqa: PLR0917 - typer turns each parameter into an option of the command line
    scenario: Annotated[
        Path | None, typer.Argument(help="A TOML file, as of `lpmm compare`; all defaults if not given.")
    ] = None,
    x: Annotated[
        str, typer.Option("--x", help="The setting across: a key and its values.")
    ] = "prices.volatility=0.2,0.4,0.8",
    y: Annotated[
        str, typer.Option("--y", help="The setting up: a key and its values.")
    ] = "takers.rate=30/h,60/h,120/h",
    seeds: Annotated[int, typer.Option(help="Seeds of each cell, the same in all of them.", min=2)] = 4,
    measure: Annotated[Measure, typer.Option(help="The profit by which a cell is won.")] = Measure.HEDGED,
    setting: Annotated[
        list[str] | None, typer.Option("--set", help="A key of the scenario, such as prices.days=1.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for sweep.csv, phase_map.png and runs.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the cells as JSON.")] = False,
) -> None:
    """Run a scenario over a grid of two settings with several seeds each, and say who wins where.

    Every cell has the same seeds, and a difference is taken run by run. An example:

        lpmm sweep scenario.toml --x prices.volatility=0.2,0.4,0.8 --y takers.rate=30/h,60/h --out results/sweep

    With --out every finished run is kept in the folder's runs: a sweep that was stopped, however hard, goes on from
    there when the same command is given again, and ends in the same bytes.

    Exit code 0: done. 1: the books do not close, a defect. 2: the input cannot be used; nothing is written.
    """
    # Imported here so that `lpmm --help` answers at once.
    from compare.cli import with_settings  # noqa: PLC0415 - keeps the command's start fast
    from compare.files import check_writable, write_whole  # noqa: PLC0415 - the same
    from compare.grid_sweep import SweepAxis  # noqa: PLC0415 - the same
    from compare.grid_sweep import sweep as run_sweep  # noqa: PLC0415 - the same
    from compare.kept_runs import KeptRuns  # noqa: PLC0415 - the same
    from compare.output import sweep_writers  # noqa: PLC0415 - the same
    from compare.scenario import Scenario  # noqa: PLC0415 - the same

    settings = with_settings({}, setting or [])
    one = Scenario.from_mapping(settings) if scenario is None else Scenario.read(scenario, settings)
    axes = SweepAxis.parse(x), SweepAxis.parse(y)
    if out is not None:
        check_writable(out)
    kept = None if out is None else KeptRuns(out / "runs")
    first = one.prices.seed
    with progress_bar("sweeping") as progress:
        found = run_sweep(one, *axes, range(first, first + seeds), progress=progress, kept=kept)
    written = [] if out is None else write_whole(out, sweep_writers(found, measure.value))
    if as_json:
        sys.stdout.write(found.to_frame(measure.value).to_json(orient="records", indent=2) + "\n")
        return
    console = Console()
    console.print(_table(found, measure.value))
    console.print(found.finding(measure.value) + ".", highlight=False)
    if kept is not None and kept.found:
        console.print(f"{kept.found} of {len(found.cells) * seeds} runs were there already", highlight=False)
    for path in written:
        console.print(f"wrote {path}", highlight=False, soft_wrap=True)


def _table(found: "Sweep", measure: str) -> "Table":
    """Return the grid as the map shows it: the last value of the second setting on top."""
    from rich.table import Table  # noqa: PLC0415 - keeps the command's start fast

    from compare.seed_study import MEASURES  # noqa: PLC0415 - the same

    first, second = found.pair
    what = f"{MEASURES[measure]} of the {first} less that of the {second}"
    table = Table(
        title=f"{what[0].upper()}{what[1:]}, in quote tokens; (?) is no more than chance",
        title_justify="left",
        pad_edge=False,
    )
    table.add_column(f"{found.y.key} by\n{found.x.key}", justify="right")
    for one in found.x.choices:
        table.add_column(str(one), justify="right")
    for row in reversed(range(len(found.y.choices))):
        cells = [_cell(found, column, row, measure) for column in range(len(found.x.choices))]
        table.add_row(str(found.y.choices[row]), *cells)
    return table


def _cell(found: "Sweep", column: int, row: int, measure: str) -> str:
    ahead = found.difference(column, row, measure)
    doubt = "" if found.leader(column, row, measure) else "(?) "
    return f"{doubt}{ahead.mean:+,.2f}\n+- {ahead.error:,.2f}"
