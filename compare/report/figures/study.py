"""Many seeds: profit against the last price, and how far apart the two sides were in every run."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from bokeh.models import NumeralTickFormatter
from bokeh.models.annotations import Span

from compare.charts.payoff_cloud import position_of
from compare.report.figures.style import (
    INK,
    PALE,
    TOTAL,
    blank,
    columns,
    hover,
    legend,
    line,
    looks,
    money_axis,
    zero_line,
)

if TYPE_CHECKING:
    import pandas as pd
    from bokeh.plotting import figure

    from compare.report.figures.style import Items
    from compare.seed_study import Study

_POINTS = 201
_MARGIN = 0.05  # of the span of prices, drawn beyond it


def cloud(study: Study) -> figure:
    """Draw each run's profit beyond HODL against the price it ended at, and the range without fees behind them."""
    runs = study.runs
    on = blank("study-payoff", height=360)
    items: Items = []
    position = position_of(runs)
    if position is not None:
        prices = _prices(runs)
        loss = np.array([position.impermanent_loss(price) for price in prices])
        curve = line(on, ("price", "loss"), columns(price=prices, loss=loss), TOTAL, 1.6)
        hover(on, [curve], [("last price", "@price{0,0.00##}"), ("without fees", "@loss{+0,0.00} quote")])
        items.append(("the range without fees, closed form", [curve]))
    for (name, rows), look in zip(runs.groupby("provider"), looks(runs["provider"].nunique()), strict=True):
        source = columns(
            who=[str(name)] * len(rows),
            seed=rows["seed"].to_numpy(),
            price=rows["last_price"].to_numpy(),
            beyond=rows["beyond_hodl"].to_numpy(),
            hedged=rows["hedged_profit"].to_numpy(),
        )
        marks = on.scatter("price", "beyond", source=source, marker=look.marker, size=9, fill_color=look.colour)
        marks.glyph.update(line_color=INK, fill_alpha=0.8)
        tips = [
            ("", "@who"),
            ("seed", "@seed"),
            ("last price", "@price{0,0.00##}"),
            ("beyond HODL", "@beyond{+0,0.00}"),
        ]
        hover(on, [marks], [*tips, ("hedged", "@hedged{+0,0.00}")])
        items.append((f"{name}, one mark a run", [marks]))
    first = Span(location=float(runs["first_price"].iloc[0]), dimension="height", line_color=PALE, line_dash=[2, 3])
    on.add_layout(first)
    zero_line(on)
    legend(on, items)
    on.xaxis.axis_label = "last price (quote per base)"
    on.xaxis.formatter = NumeralTickFormatter(format="0,0.[0000]")
    money_axis(on, "profit beyond HODL")
    return on


def differences(study: Study, pair: tuple[str, str]) -> figure:
    """Draw by how much one provider's hedged profit was ahead of another's in every run, and the mean of that."""
    one, other = (study.runs[study.runs["provider"] == name].set_index("seed")["hedged_profit"] for name in pair)
    ahead = (one - other).sort_values()
    on = blank("study-differences", height=260)
    source = columns(rank=np.arange(len(ahead)) + 1, seed=ahead.index.to_numpy(), ahead=ahead.to_numpy())
    marks = on.scatter("rank", "ahead", source=source, marker="circle", size=7, fill_color=TOTAL.colour)
    stems = on.segment("rank", 0, "rank", "ahead", source=source, color=PALE)
    hover(on, [marks], [("seed", "@seed"), ("ahead by", "@ahead{+0,0.00} quote")])
    mean = study.differences[(*pair, "hedged_profit")].mean
    edges = columns(place=[1, len(ahead)], mean=[mean, mean])
    middle = on.line("place", "mean", source=edges, color=INK, line_dash=[6, 4])
    zero_line(on)
    legend(on, [(f"{pair[0]} less {pair[1]}", [marks, stems]), ("mean", [middle])])
    on.xaxis.axis_label = "runs, the smallest difference first (rank)"
    money_axis(on, "difference of hedged profits")
    return on


def _prices(runs: pd.DataFrame) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    low, high = float(runs["last_price"].min()), float(runs["last_price"].max())
    margin = (high - low) * _MARGIN or low * _MARGIN
    return np.linspace(low - margin, high + margin, _POINTS)
