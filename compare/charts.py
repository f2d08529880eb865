"""Charts of a comparison: each a function from a result to a figure, readable in grey."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.dates import ConciseDateFormatter
from matplotlib.figure import Figure

if TYPE_CHECKING:
    from matplotlib.axes import Axes

    from compare.result import Comparison, ProviderResult

_BPS = 10_000
_FIRST_DATE_NS = 315_532_800_000_000_000  # 1980
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
    "upkeep": "gas and\nupkeep",
}


def comparison(result: Comparison) -> Figure:
    """Draw the price, what each venue offers around it, both profit paths, and the waterfalls on one scale."""
    figure = Figure(figsize=(11, 13), layout="constrained")
    figure.suptitle(finding(result), fontsize=13, fontweight="bold")
    grid = figure.add_gridspec(4, len(result.providers), height_ratios=(1, 0.9, 1, 1.2))
    samples = result.samples_frame()
    price = figure.add_subplot(grid[0, :])
    draw_price(price, result, samples)
    draw_quotes(figure.add_subplot(grid[1, :], sharex=price), result, samples)
    draw_profit(figure.add_subplot(grid[2, :], sharex=price), result, samples)
    _draw_waterfalls([figure.add_subplot(grid[3, column]) for column in range(len(result.providers))], result)
    return figure


def profit_and_loss(result: Comparison) -> Figure:
    """Draw each provider's profit beyond HODL over time."""
    figure = Figure(figsize=(9, 4.5), layout="constrained")
    draw_profit(figure.add_subplot(), result, result.samples_frame())
    figure.suptitle(finding(result), fontweight="bold")
    return figure


def waterfalls(result: Comparison) -> Figure:
    """Draw what each provider's profit beyond HODL is made of, on one scale."""
    figure = Figure(figsize=(5 * len(result.providers), 4.5), layout="constrained")
    _draw_waterfalls(list(figure.subplots(1, len(result.providers), squeeze=False)[0]), result)
    figure.suptitle(finding(result), fontweight="bold")
    return figure


def finding(result: Comparison) -> str:
    """Return what the comparison found, in one sentence."""
    parts = [
        f"the {provider.name} {'made' if provider.beyond_hodl >= 0 else 'lost'} "
        f"{abs(result.market.quote_float(provider.beyond_hodl)):,.0f}"
        for provider in sorted(result.providers, key=lambda provider: -provider.beyond_hodl)
    ]
    days = result.duration_ns / 86_400e9
    span = f"{days:,.1f} days" if days >= 1 else f"{days * 24:,.1f} hours"
    return f"Against holding, over {span}: " + ", ".join(parts)


def draw_price(axes: Axes, result: Comparison, samples: pd.DataFrame) -> None:
    """Draw the fair price, and the range of every liquidity position."""
    fair = samples[samples["provider"] == result.providers[0].name]
    axes.plot(_time(result, fair), fair["fair_price"], "-", color="black", linewidth=1.2, label="fair price")
    low, high = float(fair["fair_price"].min()), float(fair["fair_price"].max())
    shown = low * 0.7, high * 1.3  # a range much wider than the price would flatten it, and is left out
    for provider in result.providers:
        label = f"range of the {provider.name}"
        for bound in provider.price_range or ():
            if shown[0] < bound < shown[1]:
                axes.axhline(bound, linestyle="--", color=_PALE, linewidth=1, label=label)
                label = ""
    axes.set_ylabel("price (quote per base)")
    axes.yaxis.set_major_formatter("{x:,.10g}")
    axes.set_title("The fair price and where the liquidity lies", loc="left", fontsize=10)
    _finish(axes, result)


def draw_quotes(axes: Axes, result: Comparison, samples: pd.DataFrame) -> None:
    """Draw how far from the fair price each venue lets takers sell and buy, fees included."""
    for provider, (style, grey) in zip(result.providers, _STYLES, strict=False):
        rows = samples[samples["provider"] == provider.name]
        bid, ask = ((rows[side].astype(float) / rows["fair_price"] - 1) * _BPS for side in ("bid", "ask"))
        time = _time(result, rows)
        if provider.quoted:
            axes.plot(time, bid, style, color=grey, linewidth=0.9, label=f"{provider.name}: bid and ask")
            axes.plot(time, ask, style, color=grey, linewidth=0.9)
        else:
            axes.fill_between(
                time, bid, ask, color="0.8", linewidth=0.4, edgecolor="0.6", label=f"{provider.name}: from bid to ask"
            )
    axes.axhline(0, color="black", linewidth=1)
    axes.set_ylabel("distance from fair (bp)")
    axes.set_title("What takers are offered, fees included", loc="left", fontsize=10)
    _finish(axes, result)


def draw_profit(axes: Axes, result: Comparison, samples: pd.DataFrame) -> None:
    """Draw each provider's profit beyond leaving its endowment alone."""
    for provider, (style, grey) in zip(result.providers, _STYLES, strict=False):
        rows = samples[samples["provider"] == provider.name]
        axes.plot(_time(result, rows), rows["beyond_hodl"], style, color=grey, label=provider.name)
    axes.axhline(0, color=_PALE, linewidth=0.8)
    axes.set_ylabel("profit beyond HODL (quote)")
    axes.yaxis.set_major_formatter("{x:,.10g}")
    axes.set_title("Profit and loss beyond leaving the endowment alone", loc="left", fontsize=10)
    _finish(axes, result)


def _draw_waterfalls(panels: list[Axes], result: Comparison) -> None:
    for axes, provider in zip(panels, result.providers, strict=True):
        draw_waterfall(axes, result, provider)
    low, high = min(axes.get_ylim()[0] for axes in panels), max(axes.get_ylim()[1] for axes in panels)
    for axes in panels:
        axes.set_ylim(low, high)


def draw_waterfall(axes: Axes, result: Comparison, provider: ProviderResult) -> None:
    """Draw one provider's components as steps from nothing to its profit beyond HODL."""
    components = {name: result.market.quote_float(amount) for name, amount in provider.book.components().items()}
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
    axes.use_sticky_edges = False
    axes.margins(y=0.15)
    axes.set_ylabel("profit (quote)")
    axes.yaxis.set_major_formatter("{x:,.10g}")
    verb = "earns" if level >= 0 else "loses"
    axes.set_title(f"{provider.name} {verb} {abs(level):,.0f}", loc="left", fontsize=10)


def _bar(axes: Axes, place: int, amount: float, bottom: float, look: tuple[str, str]) -> None:
    face, hatch = look
    axes.bar(place, amount, bottom=bottom, width=0.62, linewidth=0.9, facecolor=face, edgecolor=_INK, hatch=hatch)


def _label(axes: Axes, place: int, amount: float, top: float) -> None:
    axes.annotate(
        f"{amount:+,.0f}",
        (place, top),
        xytext=(0, 3),
        textcoords="offset points",
        ha="center",
        va="bottom",
        fontsize=8,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.8},
    )


def _time(result: Comparison, rows: pd.DataFrame) -> list[Any]:
    """Return times as dates, or as days where the path has none."""
    if _has_dates(result):
        return list(rows["time"])
    return list((rows["time"] - rows["time"].iloc[0]) / pd.Timedelta(days=1))


def _has_dates(result: Comparison) -> bool:
    """Say whether times are real: a synthetic path starts at the epoch, and block numbers soon after it."""
    return result.path.start_ns >= _FIRST_DATE_NS


def _finish(axes: Axes, result: Comparison) -> None:
    if _has_dates(result):
        axes.set_xlabel("time (UTC)")
        axes.xaxis.set_major_formatter(ConciseDateFormatter(axes.xaxis.get_major_locator()))  # type: ignore[no-untyped-call] # matplotlib's dates have no types
    else:
        axes.set_xlabel("time (days)")
    axes.legend(loc="best", fontsize=8, frameon=False)
    axes.tick_params(axis="x", labelsize=8)
