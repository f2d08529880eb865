"""Who earns what, and who trades how much, in each way that takers can meet the venues."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from compare.charts.style import GAIN, INK, LOSS, TOTAL, amount_text, caption, money_axis, title
from compare.provider_book import FlowKind

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from compare.modes import ModeComparison
    from compare.world import Mode

_LOOKS = (TOTAL, LOSS, GAIN, ("white", "...."), ("0.55", "xx"), ("0.9", "\\\\"))
_WIDTH = 0.8  # of one mode's bars together


def modes(found: ModeComparison) -> Figure:
    """Draw each provider's hedged profit, and the volume of noise takers it filled, mode by mode."""
    figure = Figure(figsize=(max(9, 3 * len(found.names)), 7.5), layout="constrained")
    above, below = figure.subplots(2, 1, sharex=True)
    _bars(above, found, [[found.hedged(mode, name) for mode in found.by_mode] for name in found.names])
    money_axis(above, "hedged profit")
    caption(above, "what each earns, its holdings hedged at the fair price")
    _bars(below, found, [[_noise_volume(found, mode, name) for mode in found.by_mode] for name in found.names])
    money_axis(below, "volume")
    caption(below, "what noise takers traded with each")
    below.set_xticks(range(len(found.by_mode)), [mode.value for mode in found.by_mode])
    below.set_xlabel("how takers meet the venues (mode)")
    figure.legend(*above.get_legend_handles_labels(), loc="outside lower center", ncols=3, fontsize=8, frameon=False)
    title(figure, found.finding())
    return figure


def _bars(axes: Axes, found: ModeComparison, rows: Sequence[Sequence[float | None]]) -> None:
    """Draw one bar a provider and mode, side by side, each with its amount."""
    width = _WIDTH / len(rows)
    for number, (name, amounts) in enumerate(zip(found.names, rows, strict=True)):
        face, hatch = _LOOKS[number % len(_LOOKS)]
        places = [mode + (number - (len(rows) - 1) / 2) * width for mode in range(len(amounts))]
        heights = [amount or 0.0 for amount in amounts]
        axes.bar(
            places,
            heights,
            width=0.9 * width,
            label=name,
            facecolor=face,
            edgecolor=INK,
            hatch=hatch,
            linewidth=0.9,
        )
        for place, amount in zip(places, amounts, strict=True):
            if amount is not None:
                _label(axes, place, amount)
    axes.axhline(0, color=INK, linewidth=0.8)
    axes.margins(y=0.15)


def _label(axes: Axes, place: float, amount: float) -> None:
    axes.annotate(
        amount_text(amount),
        (place, max(amount, 0.0)),
        xytext=(0, 3),
        textcoords="offset points",
        ha="center",
        va="bottom",
        fontsize=8,
        bbox={"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.8},
    )


def _noise_volume(found: ModeComparison, mode: Mode, name: str) -> float | None:
    result = found.by_mode[mode]
    for provider in result.providers:
        if provider.name == name:
            return result.market.quote_float(provider.book.sums.volume[FlowKind.NOISE])
    return None
