"""`lpmm reproduce`: published results beside what they should have been."""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich import box
from rich.console import Console
from rich.table import Table

from compare.errors import InputError
from compare.number_text import number_text
from compare.progress import progress_bar

if TYPE_CHECKING:
    from compare.reproduce import Reproduction
    from compare.reproduce.row import Row

_FEWEST_PATHS = 100  # for a standard error to mean anything


def reproduce(
    name: Annotated[str | None, typer.Argument(help="Which result; without it, their names are listed.")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every result.")] = False,
    paths: Annotated[int, typer.Option(help="Paths or draws of each simulation.")] = 100_000,
    seed: Annotated[int, typer.Option(help="Of the simulations.")] = 1,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Compute published results anew: what was printed, what is exact, and what a simulation gives.

    An example:

        lpmm reproduce avellaneda-stoikov

    A printed number agrees if it is within the rounding of its last digit, and where it came from a simulation within
    three of its standard deviations; a simulation agrees if it is within four standard errors of the exact value. With
    --all there is one table of every number: its source, what it is there, ours, the difference, and the verdict.

    Exit code 0: everything agrees. 1: something does not. 2: the input cannot be used.
    """
    # Imported here so that `lpmm --help` answers at once.
    from compare.reproduce import REPRODUCTIONS, find  # noqa: PLC0415 - keeps the command's start fast

    if paths < _FEWEST_PATHS:
        raise InputError(f"{paths} paths say nothing", place="--paths", remedy=f"give at least {_FEWEST_PATHS}")
    if seed < 0:
        raise InputError(f"a seed of {seed}", place="--seed", remedy="give 0 or more")
    if name is not None and everything:
        raise InputError(f"{name!r} and --all were both given", remedy="give one of them")
    console = Console()
    if name is None and not everything:
        for reproduction in REPRODUCTIONS.values():
            console.print(f"{reproduction.name:20} {reproduction.title}", highlight=False, soft_wrap=True)
        return
    wanted = list(REPRODUCTIONS.values()) if name is None else [find(name)]
    results: list[dict[str, Any]] = []
    found: list[tuple[str, list[Row]]] = []
    for reproduction in wanted:
        with progress_bar(reproduction.name) as progress:
            rows = reproduction.rows(paths, seed, progress)
        results.append(_as_dict(reproduction, rows))
        found.append((reproduction.title, rows))
    if as_json:
        sys.stdout.write(json.dumps(results, indent=2) + "\n")
    else:
        console.print(_one_table(found) if everything else _table(*found[0]))
    if not all(result["passed"] for result in results):
        raise typer.Exit(1)


def _as_dict(reproduction: Reproduction, rows: list[Row]) -> dict[str, Any]:
    return {
        "name": reproduction.name,
        "title": reproduction.title,
        "passed": all(row.passed for row in rows),
        "rows": [row.as_dict() for row in rows],
    }


def _one_table(found: list[tuple[str, list[Row]]]) -> Table:
    """Draw all results in one table: where a number comes from, what it is there, ours, the difference, the verdict."""
    table = Table(title="Published results, computed anew", title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False)
    table.add_column("source", ratio=2)
    table.add_column("number", ratio=2)
    for heading in ("its number", "ours", "difference"):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("verdict")
    for title, rows in found:
        table.add_section()
        said = ""
        for row in rows:
            source = f"{title}: {row.source}"
            numbers = row.source_number, number_text(row.own_number), f"{row.difference:+.1g}"
            table.add_row("" if source == said else source, row.what, *numbers, str(row.verdict))
            said = source
    agree = sum(row.passed for _, rows in found for row in rows)
    table.caption = f"{agree} of {sum(len(rows) for _, rows in found)} numbers agree"
    table.caption_justify = "left"
    return table


def _table(title: str, rows: list[Row]) -> Table:
    """Draw one line for each number; a simulated one with its standard error."""
    table = Table(title=title, title_justify="left", box=box.SIMPLE_HEAD, pad_edge=False, collapse_padding=True)
    table.add_column("")
    for heading in ("published", "exact", "simulated", "s.e."):
        table.add_column(heading, justify="right", no_wrap=True)
    table.add_column("verdict")
    for row in rows:
        published = "" if row.published is None else row.published.text
        simulated = error = ""
        if row.simulated is not None:
            simulated, error = number_text(row.simulated.value), f"{row.simulated.standard_error:.1g}"
        table.add_row(row.what, published, number_text(row.exact), simulated, error, str(row.verdict))
    table.caption = "; ".join(dict.fromkeys(row.source for row in rows))
    table.caption_justify = "left"
    return table
