"""The fair price with the range of every position, and what takers are offered around it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from bokeh.models import NumeralTickFormatter
from bokeh.models.annotations import BoxAnnotation

from compare.charts.style import listed
from compare.report.figures.style import (
    TOTAL,
    blank,
    columns,
    hover,
    legend,
    line,
    looks,
    price_text,
    zero_line,
)

if TYPE_CHECKING:
    from bokeh.plotting import figure

    from compare.record import ProviderRecord, Record
    from compare.report.figures.style import Drawn, Items
    from compare.report.figures.time_axis import TimeAxis

_BPS = 10_000
_ROOM = 1.5  # of the span of prices: bounds farther off would flatten the price
_BOUND_DASH = [6, 4]


def price(record: Record, times: TimeAxis) -> figure:
    """Draw the fair price, and the range of every liquidity position near it."""
    on = blank("price", **times.options)
    samples = record.providers[0].samples
    source = columns(time=times.places(samples.time_ns), price=np.array(samples.fair_price))
    fair = line(on, ("time", "price"), source, TOTAL, 1.6)
    items: Items = [("fair price", [fair])]
    low, high = min(samples.fair_price), max(samples.fair_price)
    room = _ROOM * (high - low)
    for provider, look in zip(record.providers, looks(len(record.providers)), strict=True):
        lower, upper = provider.price_range or (None, None)
        if lower is None or upper is None:
            continue
        near = [bound for bound in (lower, upper) if low - room <= bound <= high + room]
        ends = columns(
            first=[times.first] * len(near), last=[times.last] * len(near), bound=near, who=[provider.name] * len(near)
        )
        bounds = on.segment(
            "first", "bound", "last", "bound", source=ends, color=look.colour, line_dash=_BOUND_DASH, line_width=1.4
        )
        if near:
            inside = BoxAnnotation(bottom=lower, top=upper, fill_color=look.colour, fill_alpha=0.05, line_color=None)
            on.add_layout(inside)
        hover(on, [bounds], [("end of the range of the", "@who"), ("price", "@bound{0,0.00##}")])
        items.append((f"range, {provider.name}: {price_text(lower)} to {price_text(upper)}", [bounds]))
    hover(on, [fair], [times.tip, ("fair price", "@price{0,0.00##}")], mode="vline", formatters=times.tip_formats)
    legend(on, items)
    on.yaxis.axis_label = "price (quote per base)"
    on.yaxis.formatter = NumeralTickFormatter(format="0,0.[0000]")
    times.label_axis(on)
    return on


def quotes(record: Record, times: TimeAxis) -> figure:
    """Draw how far from the fair price each venue lets takers sell and buy, fees included."""
    on = blank("quotes", **times.options)
    items: Items = []
    for inside, look in zip(_venues(record), looks(len(record.providers)), strict=False):
        samples = inside[0].samples
        fair = np.array(samples.fair_price)
        bid, ask = ((np.array(side, dtype=np.float64) / fair - 1) * _BPS for side in (samples.bid, samples.ask))
        band = {"low": np.nan_to_num(bid), "high": np.nan_to_num(ask)}  # no band where there is no quote
        source = columns(time=times.places(samples.time_ns), bid=bid, ask=ask, **band)
        drawn: list[Drawn] = [line(on, ("time", side), source, look, 1.2) for side in ("bid", "ask")]
        if not inside[0].quoted:
            drawn.append(on.varea("time", "low", "high", source=source, fill_color=look.colour, fill_alpha=0.16))
        items.append((f"{listed([one.name for one in inside])}: bid and ask", drawn))
        venue = "order book" if inside[0].quoted else "pool"
        tips = [times.tip, (f"{venue}, bid", "@bid{+0.0} bp"), (f"{venue}, ask", "@ask{+0.0} bp")]
        hover(on, drawn[:1], tips, mode="vline", formatters=times.tip_formats)
    zero_line(on)
    legend(on, items)
    on.yaxis.axis_label = "distance from fair (bp)"
    times.label_axis(on)
    return on


def _venues(record: Record) -> list[list[ProviderRecord]]:
    """Return who is in each venue."""
    names = dict.fromkeys(provider.venue_name for provider in record.providers)
    return [[provider for provider in record.providers if provider.venue_name == name] for name in names]
