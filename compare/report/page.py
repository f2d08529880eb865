"""What the page of a report says, as plain values for its template."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from compare.report import lines, sentences
from compare.report.blocks import Block, Fact, Place
from compare.report.charts import charts
from compare.report.definitions import DEFINITIONS, Definition
from compare.report.study_section import StudySection

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from bokeh.plotting import figure

    from compare.record import Record
    from compare.report.lines import Line
    from compare.study_record import StudyRecord

MODES = {
    "parallel": "each venue alone gets every taker",
    "routed": "each taker splits its order over the venues",
    "matched": "of each order only what every venue could fill is traded, in all of them",
}
"""How the takers meet the venues, in a few words."""


class Card(NamedTuple):
    """What one provider earned, in short."""

    name: str
    setting: str
    beyond: str
    rest: list[Fact]


class Residual(NamedTuple):
    """One identity of one provider."""

    provider: str
    name: str
    left: str
    right: str
    residual: str


@dataclass(frozen=True)
class Section:
    """One run on the page; `prefix` tells its links from those of other runs."""

    prefix: str
    mode: str
    mode_text: str
    finding: str
    names: list[str]
    cards: list[Card]
    ledger: list[Line]
    beside: list[Line]
    metrics: list[Line]
    blocks: list[Block]
    residuals: list[Residual]
    verdict: str
    setting_units: str
    facts: list[Fact]
    rerun: list[Fact]
    command: str | None


@dataclass(frozen=True)
class Page:
    """The whole page, and its figures by their place on it."""

    question: str
    finding: str
    sections: list[Section]
    study: StudySection | None
    definitions: dict[str, Definition]
    figures: dict[str, figure]

    @classmethod
    def of(cls, records: Mapping[str, Record], study: StudyRecord | None, drawn: Callable[[], object]) -> Page:
        """Return the page of one run, or of the runs of several modes, and of a study over seeds.

        Args:
            records: By mode; none where there is only a study.
            study: The study, if there is one.
            drawn: Called when a run has been drawn.
        """
        figures: dict[str, figure] = {}
        sections = []
        for mode, record in records.items():
            sections.append(_section(f"{mode}-" if len(records) > 1 else "", mode, record, figures))
            drawn()
        many = None if study is None else StudySection.of(study, figures)
        every = [line for one in sections for table in (one.ledger, one.beside, one.metrics) for line in table]
        used = {"beyond_hodl", "hodl", "hedged_profit", "edge", "markout", *lines.used(every)}
        names = sections[0].names if sections else _names(study)
        finding = sections[0].finding if sections else (many.finding if many else "")
        definitions = {key: one for key, one in DEFINITIONS.items() if key in used}
        return cls(sentences.question(names), finding, sections, many, definitions, figures)


def _names(study: StudyRecord | None) -> list[str]:
    return [] if study is None else list(dict.fromkeys(run["provider"] for run in study.runs))


def _section(prefix: str, mode: str, record: Record, figures: dict[str, figure]) -> Section:
    blocks = []
    for chart in charts(record):
        places = []
        for panel in chart.panels:
            place = f"{prefix}{panel.figure.name}"
            panel.figure.name = place
            figures[place] = panel.figure
            places.append(Place(place, panel.caption))
        blocks.append(Block(f"{prefix}{chart.name}", chart.finding, chart.note, places))
    residuals = [
        Residual(one.name, sums.name, sums.left, sums.right, str(sums.residual))
        for one in record.providers
        for sums in one.identities
    ]
    return Section(
        prefix=prefix,
        mode=mode,
        mode_text=MODES.get(mode, ""),
        finding=sentences.headline(record),
        names=[one.name for one in record.providers],
        cards=_cards(record),
        ledger=lines.ledger(record),
        beside=lines.beside(record),
        metrics=lines.metrics(record),
        blocks=blocks,
        residuals=residuals,
        verdict=_verdict(residuals),
        setting_units=f"{record.setting['wealth_units_per_quote_token']} make one quote token",
        facts=_facts(record),
        rerun=_rerun(record),
        command=record.rerun.command,
    )


def _verdict(residuals: list[Residual]) -> str:
    """Return whether the books close."""
    left = sum(one.residual != "0" for one in residuals)
    if left:
        return f"{left} of {len(residuals)} identities do not close, which is a defect"
    return f"All {len(residuals)} identities close with residual 0"


def _cards(record: Record) -> list[Card]:
    cards = []
    for provider in record.providers:
        summary = provider.summary
        volume = sum(amount for kind, amount in summary["volume"].items() if kind != "upkeep")
        rest = [
            Fact("hedged", lines.money(summary["metrics"]["hedged_profit"])),
            Fact("profit and loss", lines.money(summary["profit_and_loss"])),
            Fact("volume", lines.money(volume)),
        ]
        cards.append(Card(provider.name, summary["setting"], lines.money(summary["beyond_hodl"]), rest))
    return cards


def _facts(record: Record) -> list[Fact]:
    """Return what was compared, for a person."""
    setting = record.setting
    return [
        Fact("fair price", setting["path"]),
        Fact("takers", f"{setting['tape']}; {setting['orders']:,} orders"),
        Fact("length", sentences.span_text(setting["days"])),
        Fact("price", f"{setting['first_price']:,.8g} to {setting['last_price']:,.8g} quote per base"),
        Fact("capital", f"{setting['capital']:,.2f} quote each; {_capital_rule(setting)}"),
        Fact("takers meet the venues", f"{setting['mode']}: {MODES.get(setting['mode'], '')}"),
        Fact("clocks", setting["latency"]),
        Fact("first at one moment", "the arbitrageur" if setting["arbitrageur_first"] else "the maker"),
        Fact("gas of an arbitrage", f"{setting['gas']:,.6g} quote"),
        Fact("tick, lot", f"{setting['tick_size']} quote per base, {setting['lot_size']} base"),
    ]


def _capital_rule(setting: dict[str, Any]) -> str:
    return f"rule {setting['capital_rule']}, leverage {setting['leverage']:g}"


def _rerun(record: Record) -> list[Fact]:
    """Return what another person needs to arrive at the same numbers."""
    rerun, setting = record.rerun, record.setting
    seeds = {"seed of the path": rerun.path_seed, "seed of the takers": rerun.takers_seed}
    return [
        *(Fact(name, str(seed)) for name, seed in seeds.items() if seed is not None),
        Fact("path, SHA-256", setting["path_sha256"]),
        Fact("tape, SHA-256", setting["tape_sha256"]),
        Fact("versions", ", ".join(f"{name} {version}" for name, version in rerun.versions.items())),
    ]
