"""A comparison as a person reads it on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from compare.charts import finding
from compare.ledger import Agent
from compare.metrics import metrics
from compare.provider_book import FlowKind
from compare.result import latency_text
from compare.seed_study import MEASURES

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from rich.console import Console

    from compare.modes import ModeComparison
    from compare.result import Comparison, ProviderResult
    from compare.seed_study import Study

_NAMES = {
    "fees": "fees",
    "lvr": "loss versus rebalancing (LVR)",
    "rebalancing": "rebalancing beyond HODL",
    "spread_capture": "spread capture",
    "rebates": "maker rebates",
    "adverse_selection": "adverse selection",
    "inventory": "inventory beyond HODL",
    "upkeep": "gas and upkeep",
}


def print_comparison(console: Console, result: Comparison) -> None:
    """Print the setting, one column of numbers for each provider, the finding and the state of the books."""
    _print_setting(console, result)
    table = _table()
    for provider in result.providers:
        table.add_column(provider.name, justify="right")
    for label, values in _rows([(result, provider) for provider in result.providers]):
        table.add_row(label, *values)
    console.print(table)
    console.print(finding(result) + ".", highlight=False)
    _print_books(console, [result])


def print_modes(console: Console, found: ModeComparison) -> None:
    """Print the same of several modes: one column for each mode, the providers below each other."""
    results = list(found.by_mode.values())
    _print_setting(console, results[0])
    table = _table()
    for mode in found.by_mode:
        table.add_column(mode.value, justify="right")
    for name in found.names:
        table.add_section()
        table.add_row(f"[bold]{name}[/bold]")
        cells = [(result, one) for result in results for one in result.providers if one.name == name]
        here = [any(one.name == name for one in result.providers) for result in results]
        for label, values in _rows(cells):
            given = iter(values)
            table.add_row(label, *(next(given) if there else "" for there in here))
    console.print(table)
    console.print(found.finding() + ".", highlight=False)
    _print_books(console, results)


def _table() -> Table:
    table = Table(title="Profit and loss, in quote tokens", title_justify="left", pad_edge=False)
    table.add_column("")
    return table


def _print_setting(console: Console, result: Comparison) -> None:
    market, path = result.market, result.path
    first, last = market.price_float(int(path.ticks[0])), market.price_float(int(path.ticks[-1]))
    levered = "" if result.leverage == 1 else f", positions {float(result.leverage):g} times as large"
    console.print(
        f"[bold]{path.name}[/bold]: {result.duration_ns / 86_400e9:,.2f} days, {first:,.6g} to {last:,.6g}; "
        f"{len(result.tape):,} taker orders; capital {market.quote_float(result.capital):,.2f} each{levered}; "
        f"{result.rule}; {latency_text(result)}",
        highlight=False,
    )


def _print_books(console: Console, results: Sequence[Comparison]) -> None:
    count = sum(len(result.identities(provider)) for result in results for provider in result.providers)
    console.print(f"All {count} identities of the ledger close with residual 0.", highlight=False)


def print_study(console: Console, found: Study) -> None:
    """Print every mean with its standard error, the paired differences below, and the finding."""
    table = Table(title="Mean over seeds +- standard error, in quote tokens", title_justify="left", pad_edge=False)
    for column in ("", "beyond HODL", "hedged"):
        table.add_column(column, justify="left" if not column else "right")
    frame = found.to_frame()
    for what in dict.fromkeys(frame["what"]):
        rows = frame[frame["what"] == what].set_index("measure")
        cells = [f"{rows['mean'][m]:,.2f} +- {rows['standard_error'][m]:,.2f}" for m in MEASURES]
        table.add_row(str(what), *cells)
    console.print(table)
    console.print(found.finding() + ".", highlight=False)


Cell = tuple["Comparison", "ProviderResult"]


def _rows(cells: Sequence[Cell]) -> list[tuple[str, list[str]]]:
    """Return the label of each row, and its text for each provider of a comparison."""
    books = [provider.book for _, provider in cells]
    names = dict.fromkeys(name for book in books for name in book.components())
    rows = [(_NAMES[name], [_money(cell, cell[1].book.components().get(name)) for cell in cells]) for name in names]
    sums: list[tuple[str, Callable[[ProviderResult], int | None]]] = [
        ("impermanent loss = LVR + rebalancing", lambda one: None if one.quoted else one.book.impermanent_loss()),
        ("profit hedged: all edge, less gas", lambda one: one.book.hedged_profit()),
        ("profit beyond HODL", lambda one: one.beyond_hodl),
        ("HODL: the endowment alone", lambda one: one.book.drift()),
        ("profit and loss", lambda one: one.book.profit_and_loss()),
        ("volume of noise takers", lambda one: one.book.sums.volume[FlowKind.NOISE]),
        ("volume of arbitrageurs", lambda one: one.book.sums.volume[FlowKind.ARBITRAGE]),
        ("arbitrageurs' profit", lambda one: one.world.wealth(Agent.ARBITRAGEUR)),
    ]
    rows += [(label, [_money(cell, pick(cell[1])) for cell in cells]) for label, pick in sums]
    if any(result.arbitrage for result, _ in cells):
        rows += [
            (f"arbitrage that {what} causes", [_money(cell, _split(cell, key)) for cell in cells])
            for key, what in (("path", "the price path"), ("noise", "noise"))
        ]
    return [(label, texts) for label, texts in rows + _ratio_rows(cells) if any(texts)]


def _ratio_rows(cells: Sequence[Cell]) -> list[tuple[str, list[str]]]:
    """Return the rows that are the metrics': the break-even, and what was earned on the capital."""
    measured = [metrics(*cell) for cell in cells]

    def row(label: str, key: str, spec: str) -> tuple[str, list[str]]:
        return label, ["" if (value := one[key]) is None else format(value, spec) for one in measured]

    rows = [
        row("break-even: noise volume, hedged", "break_even_noise_volume", ",.2f"),
        row("profit hedged: bp of volume", "hedged_bps", ",.2f"),
        row("profit beyond HODL: bp of volume", "beyond_hodl_bps", ",.2f"),
        row("profit beyond HODL: a year, on capital", "beyond_hodl_apr", ",.2%"),
        row("profit hedged: a year, on capital", "hedged_apr", ",.2%"),
        row("profit hedged: a year, on peak locked", "hedged_apr_on_locked", ",.2%"),
    ]
    if any(result.leverage != 1 for result, _ in cells):
        rows.append(row("lowest equity", "lowest_equity", ",.2f"))
    return rows


def _money(cell: Cell, amount: int | None) -> str:
    return "" if amount is None else f"{cell[0].market.quote_float(amount):,.2f}"


def _split(cell: Cell, part: str) -> int | None:
    """Return one part of a provider's edge against arbitrageurs."""
    result, provider = cell
    if result.arbitrage is None:
        return None
    amount: int = getattr(result.arbitrage[provider.name], part)
    return amount
