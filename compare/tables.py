"""A comparison as a person reads it on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from compare.charts import finding
from compare.ledger import Agent
from compare.provider_book import FlowKind
from compare.study import MEASURES

if TYPE_CHECKING:
    from rich.console import Console

    from compare.result import Comparison, ProviderResult
    from compare.study import Study

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
    market, path = result.market, result.path
    first, last = market.price_float(int(path.ticks[0])), market.price_float(int(path.ticks[-1]))
    console.print(
        f"[bold]{path.name}[/bold]: {result.duration_ns / 86_400e9:,.2f} days, {first:,.6g} to {last:,.6g}; "
        f"{len(result.tape):,} taker orders; capital {market.quote_float(result.capital):,.2f} each",
        highlight=False,
    )
    table = Table(title="Profit and loss, in quote tokens", title_justify="left", pad_edge=False)
    table.add_column("")
    for provider in result.providers:
        table.add_column(provider.name, justify="right")
    for label, values in _rows(result):
        table.add_row(label, *values)
    console.print(table)
    console.print(finding(result) + ".", highlight=False)
    count = sum(len(provider.identities) for provider in result.providers)
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


def _rows(result: Comparison) -> list[tuple[str, list[str]]]:
    venues, quote = result.providers, result.market.quote_float
    names = dict.fromkeys(name for provider in venues for name in provider.book.components())

    def money(amount: int | None) -> str:
        return "" if amount is None else f"{quote(amount):,.2f}"

    def row(label: str, pick: list[int | None]) -> tuple[str, list[str]]:
        return label, [money(amount) for amount in pick]

    rows = [row(_NAMES[name], [provider.book.components().get(name) for provider in venues]) for name in names]
    rows += [
        row("impermanent loss = LVR + rebalancing", [_impermanent_loss(provider) for provider in venues]),
        row("profit hedged: all edge, less gas", [_hedged(provider) for provider in venues]),
        row("profit beyond HODL", [provider.beyond_hodl for provider in venues]),
        row("HODL: the endowment alone", [provider.book.drift() for provider in venues]),
        row("profit and loss", [provider.book.profit_and_loss() for provider in venues]),
        row("volume of noise takers", [provider.book.sums.volume[FlowKind.NOISE] for provider in venues]),
        row("volume of arbitrageurs", [provider.book.sums.volume[FlowKind.ARBITRAGE] for provider in venues]),
        row("arbitrageurs' profit", [provider.world.wealth(Agent.ARBITRAGEUR) for provider in venues]),
    ]
    return rows


def _impermanent_loss(provider: ProviderResult) -> int | None:
    return None if provider.quoted else provider.book.impermanent_loss()


def _hedged(provider: ProviderResult) -> int:
    return sum(provider.book.sums.edge.values()) - provider.book.sums.gas
