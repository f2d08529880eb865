"""`lpmm explore`: the comparison live in a browser."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from compare.errors import InputError


def register(app: typer.Typer) -> None:
    """Add the command to an application."""
    app.command()(explore)


def explore(
    scenario: Annotated[
        Path | None,
        typer.Argument(help="A TOML file, as of `lpmm compare`; a few hours of a synthetic price if not given."),
    ] = None,
    setting: Annotated[
        list[str] | None, typer.Option("--set", help="A key of the scenario, such as prices.days=0.2.")
    ] = None,
    host: Annotated[
        str, typer.Option(help="Address to serve on; only this machine can reach the default.")
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Port; 0 takes any free one.")] = 5006,
    browser: Annotated[bool, typer.Option("--open", help="Open a browser, too.")] = False,
) -> None:
    """Turn volatility, fee, range, noise, latency and risk aversion in a browser, and see both ledgers follow.

    The page is served on this machine alone until Ctrl-C. An example:

        lpmm explore --set run.gas=5 --port 8080

    Exit code 0: done. 2: the scenario cannot be run, or the address cannot be used.
    """
    from compare.cli import with_settings  # noqa: PLC0415 - keeps the command's start fast
    from compare.scenario import merge, read_toml  # noqa: PLC0415 - the same

    try:
        from compare.explore.knobs import brisk  # noqa: PLC0415 - all else works without bokeh
        from compare.explore.server import serve  # noqa: PLC0415 - the same
    except ModuleNotFoundError as error:
        raise InputError(f"exploring needs bokeh (no {error.name})", remedy="pip install 'lpmm[web]'") from None
    tables = {} if scenario is None else read_toml(scenario)
    console = Console()

    def ready(url: str) -> None:
        console.print(f"open {url} in a browser; Ctrl-C ends it", highlight=False, soft_wrap=True)

    wanted = brisk(merge(tables, with_settings({}, setting or [])))
    serve(wanted, host=host, port=port, browser=browser, ready=ready)
