"""The fair price, and what takers are offered around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compare.charts.style import LINES, PALE, caption, legend, time_axis, times

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from compare.result import Comparison

_BPS = 10_000


def draw_price(axes: Axes, result: Comparison, samples: pd.DataFrame) -> None:
    """Draw the fair price, and the range of every liquidity position."""
    fair = samples[samples["provider"] == result.providers[0].name]
    axes.plot(times(result, fair), fair["fair_price"], "-", color="black", linewidth=1.2, label="fair price")
    low, high = float(fair["fair_price"].min()), float(fair["fair_price"].max())
    shown = low * 0.7, high * 1.3  # a range much wider than the price would flatten it, and is left out
    for provider in result.providers:
        label = f"range of the {provider.name}"
        for bound in provider.price_range or ():
            if shown[0] < bound < shown[1]:
                axes.axhline(bound, linestyle="--", color=PALE, linewidth=1, label=label)
                label = ""
    axes.set_ylabel("price (quote per base)")
    axes.yaxis.set_major_formatter("{x:,.10g}")
    caption(axes, "The fair price and where the liquidity lies")
    time_axis(axes, result)
    legend(axes)


def draw_quotes(axes: Axes, result: Comparison, samples: pd.DataFrame) -> None:
    """Draw how far from the fair price each venue lets takers sell and buy, fees included."""
    for provider, (style, grey) in zip(result.providers, LINES, strict=False):
        rows = samples[samples["provider"] == provider.name]
        bid, ask = ((rows[side].astype(float) / rows["fair_price"] - 1) * _BPS for side in ("bid", "ask"))
        time = times(result, rows)
        if provider.quoted:
            axes.plot(time, bid, style, color=grey, linewidth=0.9, label=f"{provider.name}: bid and ask")
            axes.plot(time, ask, style, color=grey, linewidth=0.9)
        else:
            axes.fill_between(
                time, bid, ask, color="0.8", linewidth=0.4, edgecolor="0.6", label=f"{provider.name}: from bid to ask"
            )
    axes.axhline(0, color="black", linewidth=1)
    axes.set_ylabel("distance from fair (bp)")
    caption(axes, "What takers are offered, fees included")
    time_axis(axes, result)
    legend(axes)
