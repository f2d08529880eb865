"""The fair price, and what takers are offered around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compare.charts.style import LINES, PALE, caption, legend, listed, time_axis, times

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from matplotlib.typing import LineStyleType

    from compare.result import Comparison, ProviderResult

_BPS = 10_000
_SHADES = ("0.8", "0.65", "0.9", "0.5")
_ROOM = 1.5  # of the span of prices


def draw_price(axes: Axes, result: Comparison, samples: pd.DataFrame) -> None:
    """Draw the fair price, and the range of every liquidity position."""
    fair = samples[samples["provider"] == result.providers[0].name]
    axes.plot(times(result, fair), fair["fair_price"], "-", color="black", linewidth=1.2, label="fair price")
    low, high = float(fair["fair_price"].min()), float(fair["fair_price"].max())
    room = _ROOM * (high - low)  # bounds farther off would flatten the price, and are only spoken of
    for provider in result.providers:
        lower, upper = provider.price_range or (None, None)
        if lower is None or upper is None:
            continue
        near = [bound for bound in (lower, upper) if low - room <= bound <= high + room]
        for bound in near:
            axes.axhline(bound, linestyle="--", color=PALE, linewidth=1)
        style: LineStyleType = "--" if near else "none"
        axes.plot([], [], linestyle=style, color=PALE, linewidth=1, label=_range_text(provider, lower, upper))
    axes.set_ylabel("price (quote per base)")
    axes.yaxis.set_major_formatter("{x:,.10g}")
    caption(axes, "The fair price and where the liquidity lies")
    time_axis(axes, result)
    legend(axes)


def _range_text(provider: ProviderResult, lower: float, upper: float) -> str:
    return f"range of the {provider.name}, {lower:,.6g} to {upper:,.6g}"


def draw_quotes(axes: Axes, result: Comparison, samples: pd.DataFrame) -> None:
    """Draw how far from the fair price each venue lets takers sell and buy, fees included."""
    venues = list(dict.fromkeys(provider.venue_name for provider in result.providers))
    for venue, (style, grey), shade in zip(venues, LINES, _SHADES, strict=False):
        inside = [provider for provider in result.providers if provider.venue_name == venue]
        rows = samples[samples["provider"] == inside[0].name]
        bid, ask = ((rows[side].astype(float) / rows["fair_price"] - 1) * _BPS for side in ("bid", "ask"))
        time, names = times(result, rows), listed([provider.name for provider in inside])
        if inside[0].quoted:
            axes.plot(time, bid, style, color=grey, linewidth=0.9, label=f"{names}: bid and ask")
            axes.plot(time, ask, style, color=grey, linewidth=0.9)
        else:
            axes.fill_between(
                time, bid, ask, color=shade, linewidth=0.4, edgecolor="0.6", label=f"{names}: from bid to ask"
            )
    axes.axhline(0, color="black", linewidth=1)
    axes.set_ylabel("distance from fair (bp)")
    caption(axes, "What takers are offered, fees included")
    time_axis(axes, result)
    legend(axes)
