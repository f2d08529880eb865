"""The charts of one run, in the order of the page: each a finding, a few words, and figures side by side."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from bokeh.models import DataRange1d

from compare.charts.style import amount_text
from compare.report import sentences
from compare.report.figures.markouts import markouts
from compare.report.figures.payoff import payoff, position_of
from compare.report.figures.price import price, quotes
from compare.report.figures.profit import components, profit
from compare.report.figures.time_axis import TimeAxis
from compare.report.figures.waterfall import waterfall
from compare.report.figures.wealth import gains, payments

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bokeh.plotting import figure

    from compare.record import Record


class Panel(NamedTuple):
    """One figure, and what it shows."""

    caption: str
    figure: figure


class Chart(NamedTuple):
    """Figures that say one thing.

    Attributes:
        name: Of the chart, for links.
        finding: What they show, in one sentence.
        note: How to read them.
        panels: The figures.
    """

    name: str
    finding: str
    note: str
    panels: list[Panel]


def charts(record: Record) -> Iterator[Chart]:
    """Yield every chart that a record has the numbers for."""
    times = TimeAxis.of(record)
    yield _waterfalls(record)
    yield Chart(
        "price",
        sentences.price(record),
        "Ends of a range that are far from the price are only named. A zoom in time is one in every chart over time.",
        [Panel("The fair price, and where the liquidity lies", price(record, times))],
    )
    yield Chart(
        "quotes",
        sentences.quotes(record),
        "How far from the fair price takers could sell (below zero) and buy (above), fees included. Where both of a "
        "venue's lines lie on one side of zero, an arbitrageur can earn the difference.",
        [Panel("What takers are offered", quotes(record, times))],
    )
    yield Chart(
        "profit",
        sentences.profit(record),
        "Hedged profits are hidden; click their names to see them.",
        [Panel("Profit beyond leaving the endowment alone", profit(record, times))],
    )
    yield _components(record, times)
    yield from _markouts(record)
    yield from _payments(record)
    found = position_of(record)
    if found is not None:
        provider, position = found
        at_end = position.impermanent_loss(record.setting["last_price"])
        yield Chart(
            "payoff",
            sentences.payoff(provider, at_end),
            f"Upright lines: the first price (dotted) and the range of the {provider.name} (dashed).",
            [Panel("Profit beyond HODL against the last price", payoff(record, position))],
        )


def _waterfalls(record: Record) -> Chart:
    scale = DataRange1d(range_padding=0.2)
    panels = []
    for place, provider in enumerate(record.providers):
        beyond = provider.summary["beyond_hodl"]
        verb = "earns" if beyond >= 0 else "loses"
        caption = f"The {provider.name} {verb} {amount_text(abs(beyond))} beyond HODL"
        panels.append(Panel(caption, waterfall(provider, scale, f"waterfall-{place}")))
    note = "Each bar starts where the one before it ends; losses are hatched. All panels have one scale."
    finding = "; ".join(sentences.components(one) for one in record.providers)
    return Chart("waterfalls", finding, note, panels)


def _components(record: Record, times: TimeAxis) -> Chart:
    scale = DataRange1d(range_padding=0.08)
    panels = [
        Panel(f"The {one.name}, component by component", components(one, times, scale, f"components-{place}"))
        for place, one in enumerate(record.providers)
    ]
    return Chart(
        "components", sentences.movers(record), "Running sums on one scale; the broad line is their sum.", panels
    )


def _markouts(record: Record) -> Iterator[Chart]:
    traded = {row.kind for provider in record.providers for row in provider.markouts}
    for kind in (kind for kind in sentences.KINDS if kind in traded):
        scale = DataRange1d(range_padding=0.1)
        panels = [
            Panel(f"{one.name}: {sentences.KINDS[kind]}", markouts(one, kind, scale, f"markouts-{kind}-{place}"))
            for place, one in enumerate(record.providers)
            if any(row.kind == kind for row in one.markouts)
        ]
        note = (
            "What their trades were worth to the provider as time passed. The fan opens between their buys and their "
            "sells: a trend pulls those apart, information pulls both down."
        )
        yield Chart(f"markouts-{kind}", sentences.markouts(record, kind), note, panels)


def _payments(record: Record) -> Iterator[Chart]:
    for place, world in enumerate(record.worlds):
        total = "exactly 0" if world.residual == "0" else f"{world.residual} wealth units, a defect"
        panels = [
            Panel("Who paid whom", payments(world, f"payments-{place}")),
            Panel(f"What each gained; everyone together: {total}", gains(world, f"gains-{place}")),
        ]
        note = (
            "Every trade at its fair price. What holdings earned as the price moved is nobody's payment, and left out."
        )
        yield Chart(f"payments-{place}", sentences.payments(world), note, panels)
