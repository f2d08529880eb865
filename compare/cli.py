"""The `lpmm` command.

Exit codes: 0 all went well; 1 a check failed (an identity that does not close, a published number that is not met);
2 the input cannot be used.
"""

import json
import sys
import tomllib
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console

from compare import explore_cli, export_cli, pool_cli, report_cli, sweep_cli
from compare.errors import CompareError, InputError
from compare.progress import progress_bar
from compare.reproduce_cli import reproduce

if TYPE_CHECKING:
    from compare.modes import ModeComparison
    from compare.result import Comparison
    from compare.scenario import Scenario
    from compare.summary import Summary

app = typer.Typer(
    name="lpmm",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
)

PRICES, TAKERS, POOL, MAKER, RUN = "Prices", "Takers", "Pool", "Market maker", "Run"


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"lpmm {version('lpmm')}")
        raise typer.Exit


@app.callback()
def lpmm(
    _version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print the version and exit.")
    ] = False,
) -> None:
    """LP versus market maker: one price path and one taker flow through an exact AMM pool and an order book.

    An example, on a day of a synthetic price; each verb's own help has one of it:

        lpmm compare --days 1 --out results/first
    """


@app.command()
def compare(  # noqa: PLR0917 - typer turns each parameter into an option of the command line
    scenario: Annotated[
        Path | None, typer.Argument(help="A TOML file with the tables prices, takers, pool, maker and run.")
    ] = None,
    prices: Annotated[str | None, typer.Option(help="File of prices, trades or swaps.", rich_help_panel=PRICES)] = None,
    price_format: Annotated[
        str | None, typer.Option("--format", help="Its format by name: see lpmm formats.", rich_help_panel=PRICES)
    ] = None,
    column: Annotated[str | None, typer.Option(help="Its price column.", rich_help_panel=PRICES)] = None,
    time_column: Annotated[str | None, typer.Option(help="Its time column.", rich_help_panel=PRICES)] = None,
    missing: Annotated[
        str | None, typer.Option(help="Missing prices (empty or zero): refuse or drop.", rich_help_panel=PRICES)
    ] = None,
    start: Annotated[str | None, typer.Option(help="First moment of the file to use.", rich_help_panel=PRICES)] = None,
    end: Annotated[str | None, typer.Option(help="First moment to leave out.", rich_help_panel=PRICES)] = None,
    resample: Annotated[str | None, typer.Option(help="One price every 1s, 1m, ...", rich_help_panel=PRICES)] = None,
    synthetic: Annotated[
        str | None, typer.Option(help="gbm, ornstein-uhlenbeck, jump, trend or constant.", rich_help_panel=PRICES)
    ] = None,
    price: Annotated[float | None, typer.Option(help="First synthetic price.", rich_help_panel=PRICES)] = None,
    volatility: Annotated[float | None, typer.Option(help="Annual, 0.6 is 60 %.", rich_help_panel=PRICES)] = None,
    days: Annotated[float | None, typer.Option(help="Length of a synthetic path.", rich_help_panel=PRICES)] = None,
    step: Annotated[str | None, typer.Option(help="Step of a synthetic path.", rich_help_panel=PRICES)] = None,
    seed: Annotated[
        int | None, typer.Option(help="Seed of a synthetic path; the takers' seed is the next number.")
    ] = None,
    rate: Annotated[str | None, typer.Option(help="Taker orders, such as 60/h.", rich_help_panel=TAKERS)] = None,
    mean_value: Annotated[
        float | None, typer.Option(help="Mean order, in quote tokens.", rich_help_panel=TAKERS)
    ] = None,
    tolerance_bps: Annotated[
        float | None, typer.Option(help="Mean cost that takers tolerate.", rich_help_panel=TAKERS)
    ] = None,
    fee: Annotated[int | None, typer.Option(help="100, 500, 3000 or 10000 pips.", rich_help_panel=POOL)] = None,
    price_range: Annotated[
        str | None,
        typer.Option("--range", help="10%, 1800:2200, 'ticks 199080:201060' or full.", rich_help_panel=POOL),
    ] = None,
    strategy: Annotated[
        str | None,
        typer.Option(
            help="avellaneda-stoikov (also -proportional, -infinite), glft (also -asymptotic), fixed-spread.",
            rich_help_panel=MAKER,
        ),
    ] = None,
    half_spread_bps: Annotated[float | None, typer.Option(help="Of the fixed spread.", rich_help_panel=MAKER)] = None,
    risk_aversion: Annotated[float | None, typer.Option(help="Per quote token.", rich_help_panel=MAKER)] = None,
    fill_decay: Annotated[
        float | None, typer.Option(help="Per quote token of distance, at the first price.", rich_help_panel=MAKER)
    ] = None,
    quote_value: Annotated[
        float | None, typer.Option(help="One quote, in quote tokens.", rich_help_panel=MAKER)
    ] = None,
    rebate_bps: Annotated[float | None, typer.Option(help="Maker rebate.", rich_help_panel=MAKER)] = None,
    taker_fee_bps: Annotated[float | None, typer.Option(help="Taker fee.", rich_help_panel=MAKER)] = None,
    information_lag: Annotated[
        str | None, typer.Option(help="How late the maker sees the fair price, such as 500ms.", rich_help_panel=MAKER)
    ] = None,
    mode: Annotated[
        str | None,
        typer.Option(help="parallel, routed, matched or all: how takers meet the venues.", rich_help_panel=RUN),
    ] = None,
    capital: Annotated[float | None, typer.Option(help="Of each side, in quote tokens.", rich_help_panel=RUN)] = None,
    capital_rule: Annotated[
        str | None,
        typer.Option(
            help="What is equal beside the capital: endowment (nothing), equal-depth or equal-curve.",
            rich_help_panel=RUN,
        ),
    ] = None,
    depth_at_bps: Annotated[
        float | None, typer.Option(help="How far from the fair price depth is made equal.", rich_help_panel=RUN)
    ] = None,
    leverage: Annotated[float | None, typer.Option(help="Position over capital.", rich_help_panel=RUN)] = None,
    block: Annotated[str | None, typer.Option(help="The arbitrageur's clock.", rich_help_panel=RUN)] = None,
    refresh: Annotated[str | None, typer.Option(help="The maker's clock.", rich_help_panel=RUN)] = None,
    gas: Annotated[float | None, typer.Option(help="Per arbitrage swap.", rich_help_panel=RUN)] = None,
    split_arbitrage: Annotated[
        bool,
        typer.Option("--split-arbitrage", help="Tell what noise has to do with arbitrage, too.", rich_help_panel=RUN),
    ] = False,
    setting: Annotated[
        list[str] | None, typer.Option("--set", help="Any other key of a scenario, such as maker.volatility=0.8.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Folder for summary, executions and chart.")] = None,
    seeds: Annotated[
        int | None, typer.Option(help="Run this many seeds and give means and paired differences.", min=2)
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print the summary as JSON.")] = False,
) -> None:
    """Replay one price path and one taker flow through a pool and an order book, and say who earned what.

    Without any option this runs a week of a synthetic price. An example with a file of prices:

        lpmm compare --prices prices.csv --fee 3000 --range 20% --out results/mine

    Exit code 0: done. 1: the books do not close, a defect. 2: the input cannot be used.
    """
    options: dict[str, dict[str, Any]] = {
        "prices": {
            "file": prices,
            "format": price_format,
            "column": column,
            "time_column": time_column,
            "missing": missing,
            "start": start,
            "end": end,
            "resample": resample,
            "synthetic": synthetic,
            "price": price,
            "volatility": volatility,
            "days": days,
            "step": step,
            "seed": seed,
        },
        "takers": {
            "rate": rate,
            "mean_value": mean_value,
            "mean_tolerance_bps": tolerance_bps,
            "seed": None if seed is None else seed + 1,
        },
        "pool": {"fee": fee, "range": price_range},
        "maker": {
            "strategy": strategy,
            "half_spread_bps": half_spread_bps,
            "risk_aversion": risk_aversion,
            "fill_decay": fill_decay,
            "quote_value": quote_value,
            "rebate_bps": rebate_bps,
            "taker_fee_bps": taker_fee_bps,
            "information_lag": information_lag,
        },
        "run": {
            "mode": mode,
            "capital": capital,
            "capital_rule": capital_rule,
            "depth_at_bps": depth_at_bps,
            "leverage": leverage,
            "block": block,
            "refresh": refresh,
            "gas": gas,
            "split_arbitrage": split_arbitrage or None,
        },
    }
    run_comparison(scenario, with_settings(_given(options), setting or []), out, seeds=seeds, as_json=as_json)


def run_comparison(
    file: Path | None, overrides: dict[str, dict[str, Any]], out: Path | None, *, seeds: int | None, as_json: bool
) -> None:
    """Run a scenario, write its results, and print them."""
    # Imported here so that `lpmm --help` answers at once.
    from compare.files import check_writable, write_whole  # noqa: PLC0415 - keeps the command's start fast
    from compare.output import mode_writers, writers  # noqa: PLC0415 - the same
    from compare.scenario import Scenario  # noqa: PLC0415 - the same
    from compare.tables import print_comparison, print_modes  # noqa: PLC0415 - the same

    scenario = Scenario.from_mapping(overrides) if file is None else Scenario.read(file, overrides)
    if out is not None:
        check_writable(out)
    if seeds is not None:
        run_study(scenario, seeds, out, as_json=as_json)
        return
    found: Comparison | ModeComparison
    if scenario.run.mode == "all":
        with progress_bar("replaying") as progress:
            found = modes = scenario.run_modes(progress)
        files, show = mode_writers(modes, scenario), partial(print_modes, found=modes)
    else:
        with progress_bar("replaying") as progress:
            found = result = scenario.run_all(progress)
        files, show = writers(result, scenario), partial(print_comparison, result=result)
    written = [] if out is None else write_whole(out, files)
    if as_json:
        sys.stdout.write(json.dumps(found.summary(), indent=2) + "\n")
        return
    console = Console()
    show(console)
    for path in written:
        console.print(f"wrote {path}", highlight=False, soft_wrap=True)


def run_study(scenario: "Scenario", count: int, out: Path | None, *, as_json: bool) -> None:
    """Run a scenario for several seeds, write the runs, and print the estimates."""
    from compare.engine_choice import EngineChoice  # noqa: PLC0415 - keeps the command's start fast
    from compare.files import write_whole  # noqa: PLC0415 - the same
    from compare.output import study_writers  # noqa: PLC0415 - the same
    from compare.seed_study import study  # noqa: PLC0415 - the same
    from compare.tables import print_study  # noqa: PLC0415 - the same

    first, engine = scenario.prices.seed, EngineChoice(count)
    with progress_bar("seeds") as progress:

        def run(seed: int) -> "Summary":
            progress(seed - first, count)
            return engine.summarise(scenario.with_seed(seed))

        found = study(run, range(first, first + count))
    frame = found.to_frame()
    if out is not None:
        write_whole(out, study_writers(found, scenario))
    if as_json:
        sys.stdout.write(frame.to_json(orient="records", indent=2) + "\n")
        return
    print_study(Console(), found)


def _given(options: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the options that were given, by table."""
    tables = {
        name: {key: value for key, value in table.items() if value is not None} for name, table in options.items()
    }
    return {name: table for name, table in tables.items() if table}


def with_settings(tables: dict[str, dict[str, Any]], settings: list[str]) -> dict[str, dict[str, Any]]:
    """Return tables with keys written as ``table.key=value`` added, each value as TOML has it, or else as text.

    Raises:
        InputError: A setting is not written so.
    """
    for setting in settings:
        name, equals, text = setting.partition("=")
        table, dot, key = name.strip().partition(".")
        if not (equals and dot and key):
            raise InputError(f"{setting!r} sets nothing", place="--set", remedy="write it as maker.volatility=0.8")
        try:
            value = tomllib.loads(f"value = {text}")["value"]
        except tomllib.TOMLDecodeError:
            value = text
        tables.setdefault(table, {})[key] = value
    return tables


app.command()(reproduce)
sweep_cli.register(app)
export_cli.register(app)
report_cli.register(app)
explore_cli.register(app)
app.add_typer(pool_cli.app)


def main() -> None:
    """Run the command; turn an error of ours into one line and an exit code."""
    try:
        app(standalone_mode=True)
    except CompareError as error:
        Console(stderr=True).print(f"lpmm: {error}", style=None, highlight=False, markup=False, soft_wrap=True)
        sys.exit(2 if isinstance(error, InputError) else 1)
