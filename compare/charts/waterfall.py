"""What each provider's profit beyond HODL is made of, step by step."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from compare.charts.sentence import finding
from compare.charts.style import (
    COMPONENT_NAMES,
    GAIN,
    INK,
    LOSS,
    TOTAL,
    amount_text,
    caption,
    money_axis,
    same_scale,
    title,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from compare.result import Comparison, ProviderResult


def waterfalls(result: Comparison) -> Figure:
    """Draw what each provider's profit beyond HODL is made of, on one scale."""
    figure = Figure(figsize=(5 * len(result.providers), 4.5), layout="constrained")
    draw_waterfalls(list(figure.subplots(1, len(result.providers), squeeze=False)[0]), result)
    title(figure, finding(result))
    return figure


def draw_waterfalls(panels: Sequence[Axes], result: Comparison) -> None:
    """Draw one waterfall a provider, on one scale."""
    for axes, provider in zip(panels, result.providers, strict=True):
        draw_waterfall(axes, result, provider)
    same_scale(panels)


def draw_waterfall(axes: Axes, result: Comparison, provider: ProviderResult) -> None:
    """Draw one provider's components as steps from nothing to its profit beyond HODL."""
    components = {name: result.market.quote_float(amount) for name, amount in provider.book.components().items()}
    level, tops = 0.0, []
    for place, amount in enumerate(components.values()):
        look = GAIN if amount >= 0 else LOSS
        _bar(axes, place, amount, level, look)
        level += amount
        tops.append(level)
        _label(axes, place, amount, max(level, level - amount))
    _bar(axes, len(components), level, 0.0, TOTAL)
    _label(axes, len(components), level, max(level, 0.0))
    for place, (here, _) in enumerate(pairwise([*tops, level])):
        axes.plot((place + 0.31, place + 0.69), (here, here), color=INK, linewidth=0.8)
    names = [_in_two_lines(COMPONENT_NAMES[name]) for name in components] + ["beyond\nHODL"]
    axes.set_xticks(range(len(names)), names, fontsize=8)
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.use_sticky_edges = False
    axes.margins(y=0.15)
    money_axis(axes, "profit")
    verb = "earns" if level >= 0 else "loses"
    caption(axes, f"{provider.name} {verb} {amount_text(abs(level))}")


def _in_two_lines(name: str) -> str:
    r"""Break a name near its middle, at a space.

    >>> _in_two_lines("loss versus rebalancing"), _in_two_lines("fees")
    ('loss versus\nrebalancing', 'fees')
    """
    spaces = [place for place, letter in enumerate(name) if letter == " "]
    if not spaces:
        return name
    middle = min(spaces, key=lambda place: abs(2 * place - len(name)))
    return name[:middle] + "\n" + name[middle + 1 :]


def _bar(axes: Axes, place: int, amount: float, bottom: float, look: tuple[str, str]) -> None:
    face, hatch = look
    axes.bar(place, amount, bottom=bottom, width=0.62, linewidth=0.9, facecolor=face, edgecolor=INK, hatch=hatch)


def _label(axes: Axes, place: int, amount: float, top: float) -> None:
    axes.annotate(
        amount_text(amount, sign=True),
        (place, top),
        xytext=(0, 3),
        textcoords="offset points",
        ha="center",
        va="bottom",
        fontsize=8,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.8},
    )
