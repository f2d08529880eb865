"""What each provider's profit beyond HODL is made of, as it adds up over time."""

from __future__ import annotations

from itertools import cycle
from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from compare.charts.style import (
    COMPONENT_NAMES,
    LINES,
    PALE,
    amount_text,
    caption,
    label_ends,
    listed,
    money_axis,
    same_scale,
    time_axis,
    times,
    title,
)

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from compare.result import Comparison, ProviderResult


def components(result: Comparison) -> Figure:
    """Draw the running sum of every component, one panel a provider, on one scale."""
    count = len(result.providers)
    figure = Figure(figsize=(10, 1 + 3.3 * count), layout="constrained")
    panels = list(figure.subplots(count, 1, squeeze=False, sharex=True)[:, 0])
    samples = result.samples_frame()
    for axes, provider in zip(panels, result.providers, strict=True):
        _draw(axes, result, provider, samples[samples["provider"] == provider.name])
    same_scale(panels)
    for axes, provider in zip(panels, result.providers, strict=True):
        label_ends(axes, _ends(result, provider))
        axes.label_outer()
    title(figure, "\n".join(_finding(result, provider) for provider in result.providers))
    return figure


def _draw(axes: Axes, result: Comparison, provider: ProviderResult, rows: pd.DataFrame) -> None:
    time = times(result, rows)
    axes.plot(time, rows["beyond_hodl"], "-", color="0.75", linewidth=4.5, solid_joinstyle="round", zorder=1)
    for (style, grey), name in zip(cycle(LINES), _amounts(result, provider), strict=False):
        axes.plot(time, rows[name].fillna(0.0), style, color=grey, linewidth=1.2)
    axes.axhline(0, color=PALE, linewidth=0.8, zorder=0)
    axes.margins(x=0)
    money_axis(axes, "profit so far")
    caption(axes, f"{provider.name}; the broad line is the sum, its profit beyond HODL")
    time_axis(axes, result)


def _amounts(result: Comparison, provider: ProviderResult) -> dict[str, float]:
    """Return the components in quote tokens, those left out that were nothing all the time."""
    used = {name for sample in provider.samples for name, amount in sample.components.items() if amount}
    components = provider.book.components().items()
    return {name: result.market.quote_float(amount) for name, amount in components if name in used}


def _ends(result: Comparison, provider: ProviderResult) -> list[tuple[float, str]]:
    amounts = _amounts(result, provider)
    ends = [(amount, f"{COMPONENT_NAMES[name]} {amount_text(amount, sign=True)}") for name, amount in amounts.items()]
    beyond = result.market.quote_float(provider.beyond_hodl)
    return [*ends, (beyond, f"beyond HODL {amount_text(beyond, sign=True)}")]


def _finding(result: Comparison, provider: ProviderResult) -> str:
    """Return whether one provider's gains cover its losses, the largest of each first."""
    beyond = result.market.quote_float(provider.beyond_hodl)
    ranked = sorted(_amounts(result, provider).items(), key=lambda item: -abs(item[1]))
    said = [(f"{COMPONENT_NAMES[name]} {amount_text(amount, sign=True)}", amount > 0) for name, amount in ranked]
    gains, losses = listed([text for text, gain in said if gain]), listed([text for text, gain in said if not gain])
    left = f"{provider.name} {amount_text(beyond, sign=True)}"
    if not gains or not losses:
        return f"{left}: {gains or losses or 'nothing'}, and no {'losses' if not losses else 'gains'}"
    return f"{left}: {gains} {'cover' if beyond >= 0 else 'do not cover'} {losses}"
