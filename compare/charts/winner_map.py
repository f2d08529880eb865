"""Who wins where: a sweep over two settings, and the frontiers on which each side breaks even."""

from __future__ import annotations

from functools import partial
from itertools import product
from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch, Rectangle

from compare.charts.style import INK, amount_text, caption, title
from compare.seed_study import MEASURES

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes
    from matplotlib.typing import LineStyleType
    from numpy.typing import NDArray

    from compare.grid_sweep import Sweep, SweepAxis
    from compare.seed_study import Estimate

_FIRST, _SECOND, _CHANCE = ("0.7", ""), ("white", ""), ("0.95", "...")  # face and hatch of a cell
_UNITS = {
    "prices.volatility": "annual volatility of the fair price (1 is 100 %)",
    "takers.rate": "taker orders (number per time; volume offered in quote)",
    "takers.mean_value": "mean taker order (quote; volume offered in quote)",
    "takers.mean_tolerance_bps": "mean tolerance of takers (bp)",
    "pool.fee": "fee of the pool (pips)",
    "pool.range": "range of the position (of the price)",
    "maker.half_spread_bps": "half-spread of the maker (bp)",
    "run.block": "block time (s, m, h)",
    "run.refresh": "refresh time of the maker (s, m, h)",
    "run.gas": "gas of an arbitrage (quote)",
}
_MOST_TEXTS = 12  # cells along an axis, up to which each has its number written in it


def phase_map(sweep: Sweep, measure: str = "hedged_profit") -> Figure:
    """Draw, for every cell of a sweep, which of two providers earned more, and where each of them breaks even.

    A cell is dotted where the 95 % interval of the difference holds zero. Frontiers are interpolated
    between the cells' means.
    """
    columns, rows = len(sweep.x.choices), len(sweep.y.choices)
    figure = Figure(figsize=(3.6 + 1.35 * columns, 3.2 + 0.85 * rows), layout="constrained")
    axes = figure.add_subplot()
    for place in product(range(columns), range(rows)):
        _draw_cell(axes, sweep, place, measure, written=max(columns, rows) <= _MOST_TEXTS)
    lines = _draw_frontiers(axes, sweep, measure)
    axes.set_xlim(-0.5, columns - 0.5)
    axes.set_ylim(-0.5, rows - 0.5)
    axes.set_xticks(range(columns), _tick_texts(sweep, sweep.x, 0))
    axes.set_yticks(range(rows), _tick_texts(sweep, sweep.y, 1))
    axes.set_xlabel(_label(sweep.x))
    axes.set_ylabel(_label(sweep.y))
    first, second = sweep.pair
    areas = [
        Patch(facecolor=face, hatch=hatch, edgecolor=INK, label=text)
        for (face, hatch), text in (
            (_FIRST, f"{first} earns more"),
            (_SECOND, f"{second} earns more"),
            (_CHANCE, "no more than chance"),
        )
    ]
    caption(axes, f"in each cell {MEASURES[measure]} of the {first} less that of the {second} (quote)")
    figure.legend(handles=[*areas, *lines], loc="outside lower center", ncols=2, fontsize=8, frameon=False)
    title(figure, sweep.finding(measure))
    return figure


def _draw_cell(axes: Axes, sweep: Sweep, place: tuple[int, int], measure: str, *, written: bool) -> None:
    column, row = place
    ahead = sweep.difference(column, row, measure)
    first, second = sweep.pair
    face, hatch = {first: _FIRST, second: _SECOND, None: _CHANCE}[sweep.leader(*place, measure)]
    box = Rectangle((column - 0.5, row - 0.5), 1, 1, facecolor=face, hatch=hatch, edgecolor="0.6", linewidth=0.6)
    axes.add_patch(box)
    if written:
        text = f"{amount_text(ahead.mean, sign=True)}\n+- {amount_text(ahead.error)}"
        back = {"facecolor": face, "edgecolor": "none", "pad": 1.5}
        axes.text(column, row, text, ha="center", va="center", fontsize=8, bbox=back, zorder=4)


def _draw_frontiers(axes: Axes, sweep: Sweep, measure: str) -> list[Line2D]:
    """Draw where both earn the same, and where each earns nothing; return what the legend says of it."""
    ahead = _means(sweep, lambda place: sweep.difference(*place, measure))
    frontiers: list[tuple[NDArray[np.float64], str, LineStyleType]] = [(ahead, "both earn the same", "-")]
    dashed: tuple[LineStyleType, LineStyleType] = ("--", ":")
    for name, style in zip(sweep.pair, dashed, strict=True):
        frontiers.append((_means(sweep, partial(_estimate, sweep, name, measure)), f"{name} breaks even", style))
    entries = []
    for means, text, style in frontiers:
        if means.min() < 0 < means.max():
            axes.contour(means, levels=[0.0], colors="black", linestyles=[style], linewidths=2.0, zorder=3)
            entries.append(Line2D([], [], color="black", linestyle=style, linewidth=2.0, label=text))
        else:
            side = "above" if means.min() >= 0 else "below"
            entries.append(Line2D([], [], linestyle="none", label=f"{text}: nowhere here, all is {side}"))
    return entries


def _estimate(sweep: Sweep, name: str, measure: str, place: tuple[int, int]) -> Estimate:
    return sweep.estimate(*place, name, measure)


def _means(sweep: Sweep, pick: Callable[[tuple[int, int]], Estimate]) -> NDArray[np.float64]:
    """Return one number a cell, float64[rows, columns]."""
    return np.reshape([pick(place).mean for place in _places(sweep)], (len(sweep.y.choices), len(sweep.x.choices)))


def _places(sweep: Sweep) -> list[tuple[int, int]]:
    return [(column, row) for row in range(len(sweep.y.choices)) for column in range(len(sweep.x.choices))]


def _label(axis: SweepAxis) -> str:
    return _UNITS.get(axis.key, f"{axis.key} (as set)")


def _tick_texts(sweep: Sweep, axis: SweepAxis, which: int) -> list[str]:
    """Return each value, and for the takers' settings the volume that they offer a day."""
    texts = [_value_text(one) for one in axis.choices]
    if not axis.key.startswith("takers."):
        return texts
    volumes = []
    for place in range(len(axis.choices)):
        cells = [cell.runs for where, cell in sweep.cells.items() if where[which] == place]
        daily = [float((runs["offered_volume"] / runs["days"]).mean()) for runs in cells]
        volumes.append(sum(daily) / len(daily))
    return [f"{text}\n{_short(volume)} a day" for text, volume in zip(texts, volumes, strict=True)]


def _value_text(value: Any) -> str:  # noqa: ANN401 - a setting of any type
    return f"{value:g}" if isinstance(value, float) else str(value)


def _short(amount: float) -> str:
    """Return an amount with three digits and its magnitude.

    >>> _short(1_234_567.0), _short(45_600.0), _short(12.3)
    ('1.23 M', '45.6 k', '12.3')
    """
    for unit, name in ((1e9, " G"), (1e6, " M"), (1e3, " k")):
        if abs(amount) >= unit:
            return f"{amount / unit:.3g}{name}"
    return f"{amount:.3g}"
