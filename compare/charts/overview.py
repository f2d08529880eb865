"""The whole comparison on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from compare.charts.price_panel import draw_price, draw_quotes
from compare.charts.profit_path import draw_profit
from compare.charts.sentence import finding
from compare.charts.style import INK, title
from compare.charts.waterfall import draw_waterfalls
from compare.result import latency_text

if TYPE_CHECKING:
    from compare.result import Comparison


def comparison(result: Comparison) -> Figure:
    """Draw the price, what each venue offers around it, both profit paths, and the waterfalls on one scale.

    Below them stands what was equal: the clocks, or what differs in them, and the rule of the capital.
    """
    figure = Figure(figsize=(max(11, 5 * len(result.providers)), 13), layout="constrained")
    title(figure, finding(result))
    grid = figure.add_gridspec(4, len(result.providers), height_ratios=(1, 0.9, 1, 1.2))
    samples = result.samples_frame()
    price = figure.add_subplot(grid[0, :])
    draw_price(price, result, samples)
    quotes = figure.add_subplot(grid[1, :], sharex=price)
    draw_quotes(quotes, result, samples)
    for axes in (price, quotes):  # the panel below them has the times
        axes.set_xlabel("")
        axes.tick_params(labelbottom=False)
        axes.xaxis.get_offset_text().set_visible(False)
    draw_profit(figure.add_subplot(grid[2, :], sharex=price), result, samples)
    draw_waterfalls([figure.add_subplot(grid[3, column]) for column in range(len(result.providers))], result)
    figure.supxlabel(f"{latency_text(result)}; {result.rule}", fontsize=8, color=INK)
    return figure
