"""`lpmm export` and `lpmm formats`: results for other programs, and which formats of data are read."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from compare.errors import InputError


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("export")(export)
    app.command("formats")(formats)


def export(
    result: Annotated[
        Path,
        typer.Argument(help="A folder of results, the history of a pool, or one Parquet file of them."),
    ],
    to: Annotated[str, typer.Option(help="csv, json or parquet.")] = "csv",
    out: Annotated[Path | None, typer.Option(help="Folder of the new files; the same folder if not given.")] = None,
) -> None:
    """Write the tables of a result as CSV, JSON or Parquet, to the last digit, with the unit of every column.

    Beside each CSV file NAME.csv stands NAME.schema.json with types, units and meanings. An example:

        lpmm export results/mine --to csv
    """
    # Imported here so that `lpmm --help` answers at once.
    from compare.export import ExportKind, export_folder  # noqa: PLC0415 - keeps the command's start fast

    if to not in list(ExportKind):
        raise InputError(f"{to!r} is no kind of table", place="--to", remedy=f"one of {', '.join(ExportKind)}")
    for path in export_folder(result, ExportKind(to), out):
        Console().print(f"wrote {path}", highlight=False, markup=False, soft_wrap=True)


def formats(
    name: Annotated[str | None, typer.Argument(help="Show the columns of one format.")] = None,
) -> None:
    """List the formats of prices, trades and pool events that are read by name or recognised.

    With a name, its columns and their units. With --set prices.format=okx-trades, `lpmm compare` reads a file as that
    and nothing else. An example:

        lpmm formats okx-trades
    """
    from compare.formats import layouts  # noqa: PLC0415 - keeps the command's start fast

    known = {layout.name: layout for layout in layouts()}
    if name is not None and name not in known:
        raise InputError(f"{name!r} is no known format", place="format", remedy=f"one of {', '.join(known)}")
    table = Table(pad_edge=False)
    if name is None:
        for column in ("format", "a row is", "who publishes it"):
            table.add_column(column)
        for layout in known.values():
            table.add_row(layout.name, layout.content.value, layout.title)
    else:
        for column in ("column", "what it holds"):
            table.add_column(column)
        for column, meaning in known[name].columns.items():
            table.add_row(column + " (may be missing)" * (column in known[name].optional), meaning)
    console = Console()
    if name is not None:
        console.print(known[name].title + ".", highlight=False)
    console.print(table)
