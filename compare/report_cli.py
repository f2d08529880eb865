"""`lpmm report`: the page of a result."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from compare.errors import InputError
from compare.progress import progress_bar

if TYPE_CHECKING:
    from collections.abc import Callable


def register(app: typer.Typer) -> None:
    """Add the command to an application."""
    app.command()(report)


def report(
    result: Annotated[Path, typer.Argument(help="The folder that `lpmm compare --out` wrote.")],
    out: Annotated[Path, typer.Option(help="The page to write.")] = Path("report.html"),
) -> None:
    """Write a result as one page for a browser: both ledgers, every chart to point at and zoom, how to run it again.

    The page is one file that needs no network and can be sent to a colleague, or printed. An example, after
    `lpmm compare --out results/mine`:

        lpmm report results/mine --out report.html

    Exit code 0: done. 2: the folder holds no result, or the page cannot be written.
    """
    with progress_bar("writing") as progress:
        written = _writer()(result, out, progress)
    Console().print(f"wrote {written}", highlight=False, markup=False, soft_wrap=True)


def _writer() -> "Callable[[Path, Path, Callable[[int, int], None]], Path]":
    """Return what writes a page; it needs bokeh, which only an extra installs.

    Raises:
        InputError: It is not installed.
    """
    try:
        from compare.report import write_report  # noqa: PLC0415 - all else works without bokeh
    except ModuleNotFoundError as error:
        raise InputError(f"a report needs bokeh (no {error.name})", remedy="pip install 'lpmm[web]'") from None
    return write_report
