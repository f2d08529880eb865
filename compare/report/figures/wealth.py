"""Who pays whom in a world, and what each party gained."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bokeh.models import DataRange1d, FactorRange, NumeralTickFormatter

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
    zero_line,
)

if TYPE_CHECKING:
    from bokeh.plotting import figure

    from compare.record import Amount, WorldRecord
    from compare.report.figures.style import Drawn, Items

_ROW, _FRAME = 34, 110  # pixels
_GAIN, _LOSS = "#4b9b78", "#8c2d19"


def payments(world: WorldRecord, name: str) -> figure:
    """Draw who paid whom how much, the largest first."""
    on = _blank(name, [_name(one) for one in world.paid])
    legend(on, [("paid, at the fair price of each trade", [_bars(on, world.paid, TOTAL.colour)])])
    on.xaxis.axis_label = "paid (quote)"
    return on


def gains(world: WorldRecord, name: str) -> figure:
    """Draw what each party gained in all, losses hatched."""
    on = _blank(name, [_name(one) for one in world.gains])
    won, lost = ([one for one in world.gains if (one.amount >= 0) is sign] for sign in (True, False))
    groups = (("gained", won, _GAIN), ("lost", lost, _LOSS))
    items: Items = [(text, [_bars(on, group, colour, sign=True)]) for text, group, colour in groups if group]
    zero_line(on, "height")
    legend(on, items)
    on.xaxis.axis_label = "gained (quote)"
    return on


def _name(one: Amount) -> str:
    return plain(one.party if one.receiver is None else f"{one.party} to {one.receiver}")


def _blank(name: str, names: list[str]) -> figure:
    rows = list(reversed(names)) or ["nobody"]
    height = _FRAME + _ROW * max(len(rows), 2)
    on = blank(name, height=height, y_range=FactorRange(factors=rows), x_range=DataRange1d(range_padding=0.3))
    on.xaxis.formatter = NumeralTickFormatter(format="0,0[.]00")
    on.ygrid.grid_line_color = None
    return on


def _bars(on: figure, amounts: list[Amount], colour: str, *, sign: bool = False) -> Drawn:
    source = columns(
        name=[_name(one) for one in amounts],
        amount=[one.amount for one in amounts],
        text=[amount_text(one.amount, sign=sign) for one in amounts],
        end=[max(one.amount, 0.0) for one in amounts],
        hatch=["/" if one.amount < 0 else " " for one in amounts],
    )
    bar = {"fill_color": colour, "fill_alpha": 0.85, "line_color": INK, **LOSS_HATCH}
    drawn: Drawn = on.hbar(y="name", right="amount", height=0.6, source=source, **bar)
    labels(on, ("end", "name"), source, x_offset=4, text_baseline="middle")
    hover(on, [drawn], [("", "@name"), ("amount", "@amount{+0,0.00} quote")])
    return drawn
