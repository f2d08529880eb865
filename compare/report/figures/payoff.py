"""What a position in a range does without fees at every last price, and where the run ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from bokeh.models import NumeralTickFormatter
from bokeh.models.annotations import Span

from amm.closed_form.concentrated import position_value
from compare.charts.payoff_cloud import Position
from compare.report.figures.style import (
    INK,
    PALE,
    TOTAL,
    blank,
    columns,
    hover,
    legend,
    line,
    looks,
    money_axis,
    zero_line,
)

if TYPE_CHECKING:
    from bokeh.plotting import figure

    from compare.record import ProviderRecord, Record
    from compare.report.figures.style import Items

_POINTS = 201
_BEYOND = 1.0  # of the span of prices that the run went through, drawn on either side of it
_LEAST = 0.02  # of the first price


def position_of(record: Record) -> tuple[ProviderRecord, Position] | None:
    """Return the first liquidity position that stayed where it was, and whose it is; None without one."""
    for provider in record.providers:
        if provider.price_range is None or provider.summary["components"].get("upkeep"):
            continue
        first, (lower, upper) = record.setting["first_price"], provider.price_range
        value = provider.endowment_base * first + provider.endowment_quote
        if lower < first < upper and value:
            return provider, Position(value / position_value(1.0, first, lower, upper), first, lower, upper)
    return None


def payoff(record: Record, position: Position) -> figure:
    """Draw the position against its last price in closed form, and mark where every provider ended."""
    on = blank("payoff")
    prices = _prices(record)
    loss = np.array([position.impermanent_loss(price) for price in prices])
    curve = line(on, ("price", "loss"), columns(price=prices, loss=loss), TOTAL, 1.8)
    hover(on, [curve], [("last price", "@price{0,0.00##}"), ("without fees", "@loss{+0,0.00} quote")], mode="vline")
    items: Items = [("the range without fees, closed form", [curve])]
    for provider, look in zip(record.providers, looks(len(record.providers)), strict=True):
        ended = (record.setting["last_price"], provider.summary["beyond_hodl"])
        end = columns(who=[provider.name], price=[ended[0]], beyond=[ended[1]])
        mark = on.scatter(
            "price", "beyond", source=end, marker=look.marker, size=12, fill_color=look.colour, line_color=INK
        )
        hover(on, [mark], [("", "@who"), ("last price", "@price{0,0.00##}"), ("beyond HODL", "@beyond{+0,0.00} quote")])
        items.append((f"{provider.name}, where it ended", [mark]))
    for bound in (position.price_lower, position.price_upper):
        if prices[0] < bound < prices[-1]:
            on.add_layout(Span(location=bound, dimension="height", line_color=PALE, line_dash=[6, 4]))
    on.add_layout(Span(location=position.first_price, dimension="height", line_color=PALE, line_dash=[2, 3]))
    zero_line(on)
    legend(on, items)
    on.xaxis.axis_label = "last price (quote per base)"
    on.xaxis.formatter = NumeralTickFormatter(format="0,0.[0000]")
    money_axis(on, "profit beyond HODL")
    return on


def _prices(record: Record) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    seen = record.providers[0].samples.fair_price
    low, high = min(seen), max(seen)
    room = max(_BEYOND * (high - low), _LEAST * seen[0])
    return np.linspace(max(low - room, low / 2), high + room, _POINTS)
