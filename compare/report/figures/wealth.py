"""Who pays whom in a world, and what each party gained."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bokeh.models import FixedTicker, NumeralTickFormatter, Range1d

from compare.charts.style import amount_text
from compare.report.figures.style import (
    INK,
    LOSS_HATCH,
    TOTAL,
    blank,
    columns,
    hover,
    labels,
    legend,
    plain,
    shortened,
    zero_line,
)

if TYPE_CHECKING:
    from bokeh.plotting import figure

    from compare.record import Amount, WorldRecord
    from compare.report.figures.style import Drawn, Items

_ROW, _FRAME = 34, 110  # pixels
_LETTERS = 36  # of a name beside a bar
_ROOM = 0.3  # of the span of amounts
_GAIN, _LOSS = "#4b9b78", "#8c2d19"


def payments(world: WorldRecord, name: str) -> figure:
    """Draw who paid whom how much, the largest first."""
    rows = list(enumerate(world.paid))
    on = _blank(name, world.paid)
    legend(on, [("paid, at the fair price of each trade", [_bars(on, rows, TOTAL.colour)])])
    on.xaxis.axis_label = "paid (quote)"
    return on


def gains(world: WorldRecord, name: str) -> figure:
    """Draw what each party gained in all, losses hatched."""
    rows = list(enumerate(world.gains))
    won, lost = ([row for row in rows if (row[1].amount >= 0) is sign] for sign in (True, False))
    on = _blank(name, world.gains)
    groups = (("gained", won, _GAIN), ("lost", lost, _LOSS))
    items: Items = [(text, [_bars(on, group, colour, sign=True)]) for text, group, colour in groups if group]
    zero_line(on, "height")
    legend(on, items)
    on.xaxis.axis_label = "gained (quote)"
    return on


def _name(one: Amount) -> str:
    return one.party if one.receiver is None else f"{one.party} to {one.receiver}"


def _blank(name: str, amounts: list[Amount]) -> figure:
    """Return a figure with a row for each amount, from the top."""
    height, count = _FRAME + _ROW * max(len(amounts), 2), max(len(amounts), 1)
    low, high = (pick([0.0, *(one.amount for one in amounts)]) for pick in (min, max))
    room = (high - low) * _ROOM or 1.0  # for the amounts beside the bars
    across = Range1d(start=low - (room / 4 if low else 0), end=high + room)
    on = blank(name, height=height, y_range=Range1d(start=count - 0.5, end=-0.5), x_range=across)
    on.xaxis.formatter = NumeralTickFormatter(format="0,0[.]00")
    on.yaxis.ticker = FixedTicker(ticks=list(range(len(amounts))))
    on.yaxis.major_label_overrides = {row: plain(shortened(_name(one), _LETTERS)) for row, one in enumerate(amounts)}
    on.ygrid.grid_line_color = None
    return on


def _bars(on: figure, rows: list[tuple[int, Amount]], colour: str, *, sign: bool = False) -> Drawn:
    source = columns(
        row=[row for row, _ in rows],
        name=[_name(one) for _, one in rows],
        amount=[one.amount for _, one in rows],
        text=[amount_text(one.amount, sign=sign) for _, one in rows],
        end=[max(one.amount, 0.0) for _, one in rows],
        hatch=["/" if one.amount < 0 else " " for _, one in rows],
    )
    bar = {"fill_color": colour, "fill_alpha": 0.85, "line_color": INK, **LOSS_HATCH}
    drawn: Drawn = on.hbar(y="row", right="amount", height=0.6, source=source, **bar)
    labels(on, ("end", "row"), source, x_offset=4, text_baseline="middle")
    hover(on, [drawn], [("", "@name"), ("amount", "@amount{+0,0.00} quote")])
    return drawn
