"""What a provider's profit beyond HODL is made of, step by step."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from bokeh.models import FactorRange

from compare.charts.style import amount_text
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
    money_axis,
    zero_line,
)

if TYPE_CHECKING:
    from bokeh.models import DataRange1d
    from bokeh.plotting import figure

    from compare.record import ProviderRecord
    from compare.report.figures.style import Drawn, Items, Look

_SUM = "profit beyond HODL"


def waterfall(provider: ProviderRecord, scale: DataRange1d, name: str) -> figure:
    """Draw one provider's components as steps from nothing to its profit beyond HODL, losses hatched."""
    amounts: dict[str, float] = provider.summary["components"]
    tops = [0.0, *accumulate(amounts.values())]
    steps = [
        (component_name(part), component_look(part), bottom, amount)
        for (part, amount), bottom in zip(amounts.items(), tops[:-1], strict=True)
    ]
    steps.append((_SUM, TOTAL, 0.0, tops[-1]))
    on = blank(name, height=320, x_range=FactorRange(factors=[what for what, *_ in steps]), y_range=scale)
    items: Items = [(what, [_bar(on, what, look, bottom, amount)]) for what, look, bottom, amount in steps]
    zero_line(on)
    legend(on, items)
    money_axis(on, "profit")
    on.xaxis.visible = False
    on.xgrid.grid_line_color = None
    return on


def _bar(on: figure, what: str, look: Look, bottom: float, amount: float) -> Drawn:
    """Draw one step, with its amount above it."""
    top = bottom + amount
    source = columns(
        name=[what],
        bottom=[bottom],
        top=[top],
        amount=[amount],
        text=[amount_text(amount, sign=True)],
        peak=[max(bottom, top)],
        hatch=["/" if amount < 0 else " "],
    )
    bar = {"fill_color": look.colour, "fill_alpha": 0.85, "line_color": INK, **LOSS_HATCH}
    drawn: Drawn = on.vbar(x="name", bottom="bottom", top="top", width=0.66, source=source, **bar)
    labels(on, ("name", "peak"), source, y_offset=3, text_align="center")
    hover(on, [drawn], [("", "@name"), ("amount", "@amount{+0,0.00} quote"), ("level after it", "@top{0,0.00} quote")])
    return drawn
