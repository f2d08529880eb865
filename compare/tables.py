"""A comparison as a person reads it on a terminal."""

from __future__ import annotations

from typing import TYPE_CHECKING

from rich.table import Table

from compare.charts import finding
from compare.ledger import Agent, FlowKind

if TYPE_CHECKING:
    from rich.console import Console

    from compare.result import Comparison, VenueResult

_NAMES = {
    "fees": "fees",
    "lvr": "loss versus rebalancing (LVR)",
    "rebalancing": "rebalancing beyond HODL",
    "spread_capture": "spread capture",
    "rebates": "maker rebates",
    "adverse_selection": "adverse selection",
    "inventory": "inventory beyond HODL",
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
    for venue in result.venues:
        table.add_column(venue.name, justify="right")
    for label, values in _rows(result):
        table.add_row(label, *values)
    console.print(table)
    console.print(finding(result) + ".", highlight=False)
    count = sum(len(venue.identities) for venue in result.venues)
    console.print(f"All {count} identities of the ledger close with residual 0.", highlight=False)


def _rows(result: Comparison) -> list[tuple[str, list[str]]]:
    venues, quote = result.venues, result.market.quote_float
    names = dict.fromkeys(name for venue in venues for name in venue.ledger.components())

    def money(amount: int | None) -> str:
        return "" if amount is None else f"{quote(amount):,.2f}"

    def row(label: str, pick: list[int | None]) -> tuple[str, list[str]]:
        return label, [money(amount) for amount in pick]

    rows = [row(_NAMES[name], [venue.ledger.components().get(name) for venue in venues]) for name in names]
    rows += [
        row("impermanent loss = LVR + rebalancing", [_impermanent_loss(venue) for venue in venues]),
        row("profit beyond HODL", [venue.beyond_hodl for venue in venues]),
        row("HODL: the endowment alone", [venue.ledger.drift() for venue in venues]),
        row("profit and loss", [venue.ledger.profit_and_loss() for venue in venues]),
        row("volume of noise takers", [venue.ledger.sums.volume[FlowKind.NOISE] for venue in venues]),
        row("volume of arbitrageurs", [venue.ledger.sums.volume[FlowKind.ARBITRAGE] for venue in venues]),
        row("arbitrageurs' profit", [venue.ledger.wealth(Agent.ARBITRAGEUR) for venue in venues]),
    ]
    return rows


def _impermanent_loss(venue: VenueResult) -> int | None:
    return None if venue.quoted else venue.ledger.impermanent_loss()
