"""The figures and the table that a run fills: made once, their columns replaced at every run."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING, Any

import numpy as np
from bokeh.models import ColumnDataSource, DataRange1d, FactorRange, NumeralTickFormatter, Range1d
from bokeh.models.widgets import Div
from jinja2 import Environment

from compare.charts.style import amount_text
from compare.record import Samples
from compare.report.figures.style import (
    INK,
    LOSS_HATCH,
    TOTAL,
    blank,
    columns,
    component_look,
    component_name,
    hover,
    labels,
    legend,
    line,
    looks,
    money_axis,
    plain,
    shortened,
    zero_line,
)
from compare.report.lines import money

if TYPE_CHECKING:
    from bokeh.plotting import figure

    from compare.report.figures.style import Items
    from compare.result import Comparison, ProviderResult

_HOUR_NS = 3_600 * 10**9
_BPS = 10_000
_LETTERS = 40  # of a name below its bars
_SUM = "profit beyond HODL"
_TABLE = Environment(autoescape=True).from_string(
    """<table><caption>In quote tokens</caption>
<thead><tr><th scope="col"></th>{% for name in names %}<th scope="col">{{ name }}</th>{% endfor %}</tr></thead>
<tbody>{% for label, cells, total in rows %}
<tr{% if total %} class="total"{% endif %}><th scope="row">{{ label }}</th>
{%- for cell in cells %}<td>{{ cell }}</td>{% endfor %}</tr>
{%- endfor %}</tbody></table>"""
)


class View:
    """Everything that a run changes on the page.

    Attributes:
        figures: By name.
        table: Both ledgers.
    """

    def __init__(self, names: list[str]) -> None:
        """Make empty figures for providers of some names."""
        self._names = names
        self._price = columns(time=[], price=[])
        self._bounds = columns(first=[], last=[], bound=[])
        self._paths = {name: columns(time=[], beyond=[], hedged=[], bid=[], ask=[]) for name in names}
        self._steps = {name: _no_steps() for name in names}
        self._time = Range1d(start=0, end=1)
        self._scale = DataRange1d(range_padding=0.2)
        self._factors = {name: FactorRange(factors=[_SUM]) for name in names}
        self.table = Div(name="numbers", stylesheets=[_STYLE])
        self.figures = {
            **{f"waterfall-{place}": self._waterfall(place, name) for place, name in enumerate(names)},
            "profit": self._profit_figure(),
            "price": self._price_figure(),
            "quotes": self._quote_figure(),
        }

    def show(self, result: Comparison) -> None:
        """Fill every figure and the table with what a run found."""
        samples = {one.name: Samples.of(result, one) for one in result.providers}
        first = samples[self._names[0]]
        times = (np.array(first.time_ns) - first.time_ns[0]) / _HOUR_NS
        self._time.update(start=0.0, end=float(times[-1]))
        self._price.data = {"time": times, "price": np.array(first.fair_price)}
        bounds = [bound for one in result.providers for bound in one.price_range or ()]
        count = len(bounds)
        self._bounds.data = {"first": [0.0] * count, "last": [float(times[-1])] * count, "bound": bounds}
        for one in result.providers:
            path, fair = samples[one.name], np.array(first.fair_price)
            bid, ask = ((np.array(side, dtype=np.float64) / fair - 1) * _BPS for side in (path.bid, path.ask))
            beyond, hedged = np.array(path.beyond_hodl), np.array(path.hedged)
            self._paths[one.name].data = {"time": times, "beyond": beyond, "hedged": hedged, "bid": bid, "ask": ask}
            steps = _steps(result, one)
            self._factors[one.name].factors = list(steps["name"])
            self._steps[one.name].data = steps
        self.table.text = _table(result)

    def _waterfall(self, place: int, name: str) -> figure:
        on = blank(f"waterfall-{place}", height=340, x_range=self._factors[name], y_range=self._scale)
        bar: dict[str, Any] = {"fill_color": "colour", "fill_alpha": 0.85, "line_color": INK, **LOSS_HATCH}
        source = self._steps[name]
        drawn = on.vbar(x="name", bottom="bottom", top="top", width=0.66, source=source, **bar)
        labels(on, ("name", "peak"), source, y_offset=3, text_align="center")
        hover(on, [drawn], [("", "@name"), ("amount", "@amount{+0,0.00} quote")])
        zero_line(on)
        money_axis(on, "profit")
        on.xaxis.major_label_orientation = 0.5
        on.xaxis.axis_label = plain(shortened(name, _LETTERS))
        on.min_border_bottom = 110  # the same for all, so that they stand on one line
        on.xgrid.grid_line_color = None
        return on

    def _profit_figure(self) -> figure:
        on, items = blank("profit", x_range=self._time), []
        for name, look in zip(self._names, looks(len(self._names)), strict=True):
            source = self._paths[name]
            beyond, hedged = (
                line(on, ("time", "beyond"), source, look, 2),
                line(on, ("time", "hedged"), source, look, 1),
            )
            items += [(name, [beyond]), (f"{name}, hedged", [hedged])]
            tips = [
                ("time (hours)", "@time{0.00}"),
                ("beyond HODL", "@beyond{+0,0.00}"),
                ("hedged", "@hedged{+0,0.00}"),
            ]
            hover(on, [beyond], tips, mode="vline")
        zero_line(on)
        legend(on, items)
        money_axis(on, "profit")
        on.xaxis.axis_label = "time (hours)"
        return on

    def _price_figure(self) -> figure:
        on = blank("price", height=260, x_range=self._time)
        fair = line(on, ("time", "price"), self._price, TOTAL, 1.6)
        ends = on.segment("first", "bound", "last", "bound", source=self._bounds, color=looks(1)[0].colour)
        ends.glyph.update(line_dash=[6, 4], line_width=1.4)
        hover(on, [fair], [("time (hours)", "@time{0.00}"), ("fair price", "@price{0,0.00##}")], mode="vline")
        legend(on, [("fair price", [fair]), ("ends of the range", [ends])])
        on.yaxis.axis_label = "price (quote per base)"
        on.yaxis.formatter = NumeralTickFormatter(format="0,0.[0000]")
        on.xaxis.axis_label = "time (hours)"
        return on

    def _quote_figure(self) -> figure:
        on = blank("quotes", height=260, x_range=self._time)
        items: Items = []
        for name, look in zip(self._names, looks(len(self._names)), strict=True):
            drawn = [line(on, ("time", side), self._paths[name], look, 1.2) for side in ("bid", "ask")]
            tips = [("time (hours)", "@time{0.00}"), ("bid", "@bid{+0.0} bp"), ("ask", "@ask{+0.0} bp")]
            hover(on, drawn[:1], tips, mode="vline")
            items.append((f"{name}: bid and ask", drawn))
        zero_line(on)
        legend(on, items)
        on.yaxis.axis_label = "distance from fair (bp)"
        on.xaxis.axis_label = "time (hours)"
        return on


def _no_steps() -> ColumnDataSource:
    return columns(name=[], bottom=[], top=[], amount=[], text=[], peak=[], hatch=[], colour=[])


def _steps(result: Comparison, provider: ProviderResult) -> dict[str, Any]:
    """Return a waterfall's bars: where each starts and ends, and how it looks."""
    parts = {name: result.market.quote_float(amount) for name, amount in provider.book.components().items()}
    tops = list(accumulate(parts.values(), initial=0.0))
    names = [*map(component_name, parts), _SUM]
    bottoms, amounts = [*tops[:-1], 0.0], [*parts.values(), tops[-1]]
    ends = [bottom + amount for bottom, amount in zip(bottoms, amounts, strict=True)]
    return {
        "name": names,
        "bottom": bottoms,
        "top": ends,
        "amount": amounts,
        "text": [amount_text(amount, sign=True) for amount in amounts],
        "peak": [max(pair) for pair in zip(bottoms, ends, strict=True)],
        "hatch": ["/" if amount < 0 else " " for amount in amounts],
        "colour": [*(component_look(name).colour for name in parts), TOTAL.colour],
    }


def _table(result: Comparison) -> str:
    """Return both ledgers as a table; names are escaped."""
    books, quote = [one.book for one in result.providers], result.market.quote_float
    parts = dict.fromkeys(name for book in books for name in book.components())
    rows: list[tuple[str, list[int | None], bool]] = [
        (component_name(name), [book.components().get(name) for book in books], False) for name in parts
    ]
    rows += [
        (_SUM, [book.beyond_hodl() for book in books], True),
        ("profit hedged: all edge, less gas", [book.hedged_profit() for book in books], True),
        ("HODL: the endowment alone", [book.drift() for book in books], False),
        ("profit and loss", [book.profit_and_loss() for book in books], False),
        ("volume", [sum(book.sums.volume.values()) for book in books], False),
    ]
    cells = [(label, [money(None if one is None else quote(one)) for one in row], total) for label, row, total in rows]
    return _TABLE.render(names=[one.name for one in result.providers], rows=cells)


_STYLE = """
:host { width: 100%; }
table { border-collapse: collapse; width: 100%; font: 14px/1.5 Helvetica, Arial, sans-serif; color: #1d2733;
  font-variant-numeric: tabular-nums; }
caption { text-align: left; color: #5a6673; }
th, td { padding: 0.25rem 0.7rem 0.25rem 0; border-bottom: 1px solid #dfe4e9; text-align: right; }
th:last-child, td:last-child { padding-right: 0; }
th[scope="row"] { text-align: left; font-weight: normal; }
tr.total th, tr.total td { font-weight: bold; }
"""
