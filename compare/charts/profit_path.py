"""Each provider's profit beyond HODL over time."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from compare.charts.sentence import finding
from compare.charts.style import LINES, PALE, caption, legend, money_axis, time_axis, times, title

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from compare.result import Comparison


def profit_and_loss(result: Comparison) -> Figure:
    """Draw each provider's profit beyond HODL over time."""
    figure = Figure(figsize=(9, 4.5), layout="constrained")
    draw_profit(figure.add_subplot(), result, result.samples_frame())
    title(figure, finding(result))
    return figure


def draw_profit(axes: Axes, result: Comparison, samples: pd.DataFrame) -> None:
    """Draw each provider's profit beyond leaving its endowment alone."""
    for provider, (style, grey) in zip(result.providers, cycle(LINES), strict=False):
        rows = samples[samples["provider"] == provider.name]
        axes.plot(times(result, rows), rows["beyond_hodl"], style, color=grey, label=provider.name)
    axes.axhline(0, color=PALE, linewidth=0.8)
    money_axis(axes, "profit beyond HODL")
    caption(axes, "Profit and loss beyond leaving the endowment alone")
    time_axis(axes, result)
    legend(axes)
