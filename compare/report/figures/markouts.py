"""What a provider's fills are worth as time passes, by the kind and the side of the taker."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from bokeh.models import FixedTicker

from compare.report.figures.style import INK, blank, columns, hover, legend, zero_line
from compare.report.sentences import horizon_text

if TYPE_CHECKING:
    from bokeh.models import DataRange1d
    from bokeh.plotting import figure

    from compare.record import Markout, ProviderRecord, Side
    from compare.report.figures.style import Items

_LOOKS: dict[Side, tuple[str, str, str, str | list[int], float]] = {
    "buys": ("they buy", "triangle", "#4b7fb0", [6, 3], 1.4),
    "sells": ("they sell", "inverted_triangle", "#c07a3e", [2, 3], 1.4),
    "both": ("all", "circle", INK, "solid", 2.2),
}


def markouts(provider: ProviderRecord, kind: str, scale: DataRange1d, name: str) -> figure:
    """Draw the markouts of one kind of taker: the fan opens between the takers' buys and their sells."""
    on = blank(name, height=260, y_range=scale)
    rows = [row for row in provider.markouts if row.kind == kind]
    horizons = sorted({row.horizon_ns for row in provider.markouts})
    sides = {side: _columns([row for row in rows if row.side == side], horizons) for side in _LOOKS}
    items: Items = []
    fan = columns(place=sides["buys"]["place"], one=sides["buys"]["bps"], other=sides["sells"]["bps"])
    band = on.varea("place", "one", "other", source=fan, fill_color="#7d8894", fill_alpha=0.15)
    for side, (text, marker, colour, dash, width) in _LOOKS.items():
        source = columns(**sides[side])
        line = on.line("place", "bps", source=source, color=colour, line_dash=dash, line_width=width)
        marks = on.scatter("place", "bps", source=source, color=colour, marker=marker, size=7)
        items.append((text, [line, marks]))
        tips = [
            (f"{text}, after", "@horizon"),
            ("markout", "@bps{+0.00} bp of volume"),
            ("in all", "@markout{+0,0.00} quote"),
            ("trades", "@trades{0,0}"),
        ]
        hover(on, [marks], tips)
    zero_line(on)
    legend(on, [*items, ("between them", [band])])
    on.xaxis.ticker = FixedTicker(ticks=list(range(len(horizons))))
    on.xaxis.major_label_overrides = {place: horizon_text(ns) for place, ns in enumerate(horizons)}
    on.xaxis.axis_label = "time after the trade (s, min, h)"
    on.yaxis.axis_label = "markout (bp of volume)"
    return on


def _columns(rows: list[Markout], horizons: list[int]) -> dict[str, list[float | str]]:
    """Return one place a horizon; a horizon without volume is a gap."""
    found = {row.horizon_ns: row for row in rows}
    table: dict[str, list[float | str]] = {"place": [], "horizon": [], "bps": [], "markout": [], "trades": []}
    for place, horizon in enumerate(horizons):
        row = found.get(horizon)
        table["place"].append(place)
        table["horizon"].append(horizon_text(horizon))
        table["bps"].append(math.nan if row is None or row.bps is None else row.bps)
        table["markout"].append(math.nan if row is None else row.markout)
        table["trades"].append(0 if row is None else row.trades)
    return table
