"""Charts of a comparison: each a function from a result to a figure, readable in grey."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from compare.result import Comparison, VenueResult

_INK, _PALE = "0.15", "0.55"
_STYLES = (("-", "0.1"), ("--", "0.35"), ("-.", "0.5"), (":", "0.25"))
_GAIN, _LOSS, _TOTAL = ("0.78", ""), ("white", "////"), ("0.3", "")  # face and hatch of a bar
_LABELS = {
    "fees": "fees",
    "lvr": "loss versus\nrebalancing",
    "rebalancing": "rebalancing\nbeyond HODL",
    "spread_capture": "spread\ncapture",
    "rebates": "maker\nrebates",
    "adverse_selection": "adverse\nselection",
    "inventory": "inventory\nbeyond HODL",
}


def comparison(result: Comparison) -> Figure:
    """Draw the price with both venues' quotes, both profit paths, and the decompositions as waterfalls on one scale."""
    figure = Figure(figsize=(11, 11), layout="constrained")
    figure.suptitle(finding(result), fontsize=13, fontweight="bold")
    grid = figure.add_gridspec(3, max(len(result.venues), 1), height_ratios=(1.1, 1, 1.2))
    samples = result.samples_frame()
    price, profit = figure.add_subplot(grid[0, :]), figure.add_subplot(grid[1, :])
    draw_quotes(price, result, samples)
    draw_profit(profit, result, samples)
    waterfalls: list[Axes] = []
    for column, venue in enumerate(result.venues):
        axes = figure.add_subplot(grid[2, column], sharey=waterfalls[0] if waterfalls else None)
        draw_waterfall(axes, result, venue)
        waterfalls.append(axes)
    return figure


def profit_and_loss(result: Comparison) -> Figure:
    """Draw each provider's profit beyond HODL over time."""
    figure = Figure(figsize=(9, 4.5), layout="constrained")
    draw_profit(figure.add_subplot(), result, result.samples_frame())
    figure.suptitle(finding(result), fontweight="bold")
    return figure


def waterfalls(result: Comparison) -> Figure:
    """Draw what each provider's profit beyond HODL is made of, on one scale."""
    figure = Figure(figsize=(5 * len(result.venues), 4.5), layout="constrained")
    axes = figure.subplots(1, len(result.venues), sharey=True, squeeze=False)[0]
    for venue, ax in zip(result.venues, axes, strict=True):
        draw_waterfall(ax, result, venue)
    figure.suptitle(finding(result), fontweight="bold")
    return figure


def finding(result: Comparison) -> str:
    """Return what the comparison found, in one sentence."""
    parts = [
        f"the {venue.name} {'made' if venue.beyond_hodl >= 0 else 'lost'} "
        f"{abs(result.market.quote_float(venue.beyond_hodl)):,.0f}"
        for venue in sorted(result.venues, key=lambda venue: -venue.beyond_hodl)
    ]
    days = result.duration_ns / 86_400e9
    span = f"{days:,.1f} days" if days >= 1 else f"{days * 24:,.1f} hours"
    return f"Against holding, over {span}: " + ", ".join(parts)


def draw_quotes(axes: Axes, result: Comparison, samples: pd.DataFrame) -> None:
    """Draw the fair price, and the band between the prices at which takers sell to and buy from each venue."""
    first = samples[samples["provider"] == result.venues[0].name]
    for venue, (style, grey) in zip(result.venues, _STYLES, strict=False):
        rows = samples[samples["provider"] == venue.name]
        for side, label in (("bid", f"{venue.name}: bid and ask, fees in"), ("ask", None)):
            axes.plot(rows["time"], rows[side].astype(float), style, color=grey, linewidth=0.8, label=label)
    axes.plot(first["time"], first["fair_price"], "-", color="black", linewidth=1.4, label="fair price")
    axes.set_ylabel("price (quote per base)")
    axes.set_title("What takers are offered around the fair price", loc="left", fontsize=10)
    _finish(axes)


def draw_profit(axes: Axes, result: Comparison, samples: pd.DataFrame) -> None:
    """Draw each provider's profit beyond leaving its endowment alone."""
    for venue, (style, grey) in zip(result.venues, _STYLES, strict=False):
        rows = samples[samples["provider"] == venue.name]
        axes.plot(rows["time"], rows["beyond_hodl"], style, color=grey, label=venue.name)
    axes.axhline(0, color=_PALE, linewidth=0.8)
    axes.set_ylabel("profit beyond HODL (quote)")
    axes.set_title("Profit and loss beyond leaving the endowment alone", loc="left", fontsize=10)
    _finish(axes)


def draw_waterfall(axes: Axes, result: Comparison, venue: VenueResult) -> None:
    """Draw one provider's components as steps from nothing to its profit beyond HODL."""
    components = {name: result.market.quote_float(amount) for name, amount in venue.ledger.components().items()}
    level, tops = 0.0, []
    for place, amount in enumerate(components.values()):
        look = _GAIN if amount >= 0 else _LOSS
        _bar(axes, place, amount, level, look)
        level += amount
        tops.append(level)
        _label(axes, place, amount, max(level, level - amount))
    _bar(axes, len(components), level, 0.0, _TOTAL)
    _label(axes, len(components), level, max(level, 0.0))
    for place, (here, _) in enumerate(pairwise([*tops, level])):
        axes.plot((place + 0.31, place + 0.69), (here, here), color=_INK, linewidth=0.8)
    names = [_LABELS[name] for name in components] + ["beyond\nHODL"]
    axes.set_xticks(range(len(names)), names, fontsize=8)
    axes.axhline(0, color=_INK, linewidth=0.8)
    axes.margins(y=0.15)
    axes.set_ylabel("profit (quote)")
    verb = "earns" if level >= 0 else "loses"
    axes.set_title(f"{venue.name} {verb} {abs(level):,.0f}", loc="left", fontsize=10)


def _bar(axes: Axes, place: int, amount: float, bottom: float, look: tuple[str, str]) -> None:
    face, hatch = look
    axes.bar(place, amount, bottom=bottom, width=0.62, linewidth=0.9, facecolor=face, edgecolor=_INK, hatch=hatch)


def _label(axes: Axes, place: int, amount: float, top: float) -> None:
    axes.annotate(
        f"{amount:+,.0f}", (place, top), xytext=(0, 3), textcoords="offset points", ha="center", va="bottom", fontsize=8
    )


def _finish(axes: Axes) -> None:
    axes.set_xlabel("time (UTC)")
    axes.legend(loc="best", fontsize=8, frameon=False)
    axes.tick_params(axis="x", labelsize=8)
