"""What the page says of a study over seeds."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from compare.charts.style import listed
from compare.report.blocks import Block, Fact, Place
from compare.report.figures.study import cloud, differences
from compare.report.lines import Line, money
from compare.seed_study import MEASURES

if TYPE_CHECKING:
    from bokeh.plotting import figure

    from compare.seed_study import Study
    from compare.study_record import StudyRecord


@dataclass(frozen=True)
class StudySection:
    """Many seeds on the page.

    Attributes:
        finding: Who earns more, and how sure that is.
        names: Of the measures.
        lines: Every mean with its standard error, the paired differences below.
        blocks: The charts.
        rerun: How to run it again.
        command: The command, where there is one.
    """

    finding: str
    names: list[str]
    lines: list[Line]
    blocks: list[Block]
    rerun: list[Fact]
    command: str | None

    @classmethod
    def of(cls, record: StudyRecord, figures: dict[str, figure]) -> StudySection:
        """Return the section of a study, and put its figures among the others."""
        study = record.study()
        payoff = cloud(study)
        figures["study-payoff"] = payoff
        note = "The dotted line is the first price."
        blocks = [Block("study-payoff", _beaten(study), note, [Place("study-payoff", "Profit against the last price")])]
        pair = next(((one, other) for one, other, measure in study.differences if measure == "hedged_profit"), None)
        if pair is not None:
            figures["study-differences"] = differences(study, pair)
            caption = f"Hedged profit of the {pair[0]} less that of the {pair[1]}, on the same path and takers"
            place = Place("study-differences", caption)
            blocks.append(Block("study-differences", study.finding(), "Each mark is one seed.", [place]))
        versions = ", ".join(f"{name} {version}" for name, version in record.rerun.versions.items())
        rerun = [Fact("first seed of the path", str(record.rerun.path_seed)), Fact("versions", versions)]
        return cls(study.finding(), list(MEASURES.values()), _lines(study), blocks, rerun, record.rerun.command)


def _lines(study: Study) -> list[Line]:
    means = {(name, measure): one for (name, measure), one in study.estimates.items()}
    means |= {(f"{one} less {other}", measure): found for (one, other, measure), found in study.differences.items()}
    return [
        Line(
            what,
            "",
            [f"{money(means[what, one].mean)} \u00b1 {money(means[what, one].error)}" for one in MEASURES],
            " less " in what,
        )
        for what in dict.fromkeys(what for what, _ in means)
    ]


def _beaten(study: Study) -> str:
    """Return how often each provider beat holding."""
    count = study.runs["seed"].nunique()
    times = [f"the {name} in {int((rows['beyond_hodl'] > 0).sum())}" for name, rows in study.runs.groupby("provider")]
    return f"Of {count} runs, holding was beaten by {listed(times)}"
