"""Profit over time: of every provider, and of one provider by component."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from compare.report.figures.style import (
    PALE,
    blank,
    columns,
    component_look,
    component_name,
    hover,
    legend,
    line,
    looks,
    money_axis,
    zero_line,
)

if TYPE_CHECKING:
    from bokeh.models import DataRange1d
    from bokeh.plotting import figure

    from compare.record import ProviderRecord, Record
    from compare.report.figures.style import Items
    from compare.report.figures.time_axis import TimeAxis

_MONEY = "{+0,0.00}"


def profit(record: Record, times: TimeAxis) -> figure:
    """Draw each provider's profit beyond HODL; its hedged profit is in the legend, hidden until it is asked for."""
    on = blank("profit", **times.options)
    items: Items = []
    for provider, look in zip(record.providers, looks(len(record.providers)), strict=True):
        samples = provider.samples
        source = columns(
            time=times.places(samples.time_ns),
            beyond=np.array(samples.beyond_hodl),
            hedged=np.array(samples.hedged),
            who=[provider.name] * len(samples.time_ns),
        )
        beyond, hedged = line(on, ("time", "beyond"), source, look, 2), line(on, ("time", "hedged"), source, look, 1)
        hedged.visible = False
        items += [(provider.name, [beyond]), (f"{provider.name}, hedged", [hedged])]
        tips = [times.tip, ("", "@who"), ("beyond HODL", f"@beyond{_MONEY}"), ("hedged", f"@hedged{_MONEY}")]
        hover(on, [beyond], tips, mode="vline", formatters=times.tip_formats)
    zero_line(on)
    legend(on, items)
    money_axis(on, "profit")
    times.label_axis(on)
    return on


def components(provider: ProviderRecord, times: TimeAxis, scale: DataRange1d, name: str) -> figure:
    """Draw the running sum of every component of one provider's profit, on a scale that others share."""
    on = blank(name, y_range=scale, **times.options)
    samples = provider.samples
    used = {part: np.array(path) for part, path in samples.components.items() if any(path)}
    source = columns(time=times.places(samples.time_ns), beyond=np.array(samples.beyond_hodl), **used)
    total = on.line("time", "beyond", source=source, color=PALE, line_alpha=0.55, line_width=6, line_join="round")
    items: Items = [
        (component_name(part), [line(on, ("time", part), source, component_look(part), 1.8)]) for part in used
    ]
    tips = [times.tip, *((component_name(part), f"@{part}{_MONEY}") for part in used)]
    hover(on, [total], [*tips, ("sum", f"@beyond{_MONEY}")], mode="vline", formatters=times.tip_formats)
    zero_line(on)
    legend(on, [*items, ("sum: profit beyond HODL", [total])])
    money_axis(on, "profit so far")
    times.label_axis(on)
    return on
