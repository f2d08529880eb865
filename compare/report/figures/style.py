"""What every figure of the report shares: size, fonts, tools, colours that differ in grey too, plain text."""

from __future__ import annotations

from itertools import cycle, islice
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeAlias

from bokeh.models import ColumnDataSource, HoverTool, NumeralTickFormatter
from bokeh.models.annotations import LabelSet, Legend, LegendItem, Span
from bokeh.plotting import figure
from bokeh.themes import Theme

from compare.charts.style import COMPONENT_NAMES

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from bokeh.models.renderers import GlyphRenderer

    Drawn: TypeAlias = GlyphRenderer[Any]
    Items: TypeAlias = list[tuple[str, list[Drawn]]]

INK, GREY, PALE, GRID = "#1d2733", "#5a6673", "#9aa5b1", "#e4e8ec"
FONT = "Helvetica, Arial, sans-serif"
_LARGE = 100_000.0
_LEGEND_ROW, _LEGEND_LETTERS = 20, 48  # pixels; letters
LOSS_HATCH: dict[str, Any] = {
    "hatch_pattern": "hatch",
    "hatch_color": "#ffffff",
    "hatch_alpha": 0.7,
    "hatch_weight": 2,
    "hatch_scale": 10,
}
"""Of bars whose column `hatch` says where they are losses."""


class Look(NamedTuple):
    """How a line, a marker and a bar of one thing are told apart, in colour and in grey."""

    colour: str
    dash: str | list[int]
    marker: str
    hatch: str


PROVIDERS = (
    Look("#1f4e79", "solid", "circle", " "),
    Look("#d0782a", [7, 3], "square", "/"),
    Look("#5b8c5a", [10, 3, 2, 3], "triangle", "."),
    Look("#9b6bb3", [2, 3], "diamond", "x"),
    Look("#303030", [12, 4], "inverted_triangle", "-"),
    Look("#b08d9b", [4, 2, 1, 2], "hex", "+"),
)
"""Of providers, in their order; a seventh starts again."""
_COMPONENTS = {
    "fees": Look("#4b9b78", "solid", "circle", " "),
    "spread_capture": Look("#4b9b78", "solid", "circle", " "),
    "lvr": Look("#8c2d19", [7, 3], "square", "/"),
    "adverse_selection": Look("#8c2d19", [7, 3], "square", "/"),
    "rebalancing": Look("#e0a63c", [10, 3, 2, 3], "triangle", "."),
    "inventory": Look("#e0a63c", [10, 3, 2, 3], "triangle", "."),
    "rebates": Look("#7fa6cf", [2, 3], "diamond", "x"),
    "upkeep": Look("#6b6f75", [12, 4], "hex", "-"),
}
_OTHER = Look("#303030", [1, 2], "star", "+")
TOTAL = Look("#1d2733", "solid", "circle", " ")

THEME = Theme(
    json={
        "attrs": {
            "Plot": {
                "background_fill_color": "#ffffff",
                "border_fill_color": "#ffffff",
                "outline_line_color": None,
                "min_border_right": 12,
            },
            "Grid": {"grid_line_color": GRID},
            "Axis": {
                "axis_line_color": PALE,
                "major_tick_line_color": PALE,
                "minor_tick_line_color": None,
                "major_label_text_color": INK,
                "major_label_text_font": FONT,
                "major_label_text_font_size": "13px",
                "axis_label_text_color": GREY,
                "axis_label_text_font": FONT,
                "axis_label_text_font_size": "13px",
                "axis_label_text_font_style": "normal",
            },
            "Legend": {
                "label_text_color": INK,
                "label_text_font": FONT,
                "label_text_font_size": "13px",
                "border_line_color": None,
                "background_fill_alpha": 0.0,
                "padding": 2,
                "margin": 0,
                "spacing": 2,
                "glyph_width": 26,
                "label_standoff": 5,
                "inactive_fill_color": "#ffffff",
                "inactive_fill_alpha": 0.7,
            },
        }
    }
)


def component_look(name: str) -> Look:
    """Return how a component of the ledger looks, everywhere."""
    return _COMPONENTS.get(name, _OTHER)


def component_name(name: str) -> str:
    """Return what a person calls a component.

    >>> component_name("lvr"), component_name("something_new")
    ('loss versus rebalancing', 'something new')
    """
    return COMPONENT_NAMES.get(name, name.replace("_", " "))


def looks(count: int) -> list[Look]:
    """Return a look for each provider."""
    return list(islice(cycle(PROVIDERS), count))


def price_text(price: float) -> str:
    """Return a price as a person reads it: six digits, and never an exponent where it is large.

    >>> price_text(115_060.4), price_text(1817.156), price_text(0.000123)
    ('115,060', '1,817.16', '0.000123')
    """
    return f"{price:,.0f}" if price >= _LARGE else f"{price:,.6g}"


def plain(text: str) -> str:
    r"""Return a text that no chart takes for a formula: those start at ``$$``, ``\[`` or ``\(``.

    >>> plain("ETH $$x$$") == "ETH $\u200b$x$\u200b$"
    True
    """
    for mark in ("$$", r"\[", r"\("):
        text = text.replace(mark, f"{mark[0]}\u200b{mark[1]}")
    return text


def shortened(text: str, letters: int) -> str:
    """Return a text that a phone has room for; its tip and the tables have it whole.

    >>> shortened("liquidity provider", 12), shortened("book", 12)
    ('liquidity...', 'book')
    """
    return text if len(text) <= letters else f"{text[: letters - 3]}..."


def blank(name: str, *, height: int = 300, **options: Any) -> figure:  # noqa: ANN401 - figure's own options
    """Return an empty figure with the tools that every figure has."""
    made = figure(  # on a canvas: with the SVG backend bokeh 3.9 lays a legend out wrongly
        name=name,
        height=height,
        sizing_mode="stretch_width",
        tools="pan,box_zoom,wheel_zoom,reset,save",
        active_drag="box_zoom",
        active_scroll=None,
        toolbar_location="above",
        min_width=280,
        **options,
    )
    made.toolbar.logo = None
    made.toolbar.autohide = True
    return made


def columns(**named: Any) -> ColumnDataSource:  # noqa: ANN401 - a list or an array each
    """Return columns of one length."""
    return ColumnDataSource(named)


def line(on: figure, places: tuple[str, str], source: ColumnDataSource, look: Look, width: float) -> Drawn:
    """Draw a line in the look of what it stands for."""
    drawn: Drawn = on.line(*places, source=source, color=look.colour, line_dash=look.dash, line_width=width)
    return drawn


def labels(on: figure, places: tuple[str, str], source: ColumnDataSource, **options: Any) -> None:  # noqa: ANN401 - the annotation's own options
    """Write the column `text` at places."""
    fonts: dict[str, Any] = {"text_color": INK, "text_font": {"value": FONT}, "text_font_size": "13px"}
    on.add_layout(LabelSet(x=places[0], y=places[1], text="text", source=source, **fonts, **options))


def hover(on: figure, drawn: Sequence[Drawn], tips: Iterable[tuple[str, str]], **options: Any) -> None:  # noqa: ANN401 - the tool's own options
    """Show a tip over some glyphs; the names in it are ours, what a user named comes from a column."""
    on.add_tools(HoverTool(renderers=list(drawn), tooltips=list(tips), **options))


def legend(on: figure, items: Items) -> None:
    """Put a legend below a figure, one entry a line so that it fits a phone; a click hides what an entry names."""
    entries = [
        LegendItem(label={"value": plain(shortened(text, _LEGEND_LETTERS))}, renderers=list(drawn))
        for text, drawn in items
    ]
    on.add_layout(Legend(items=entries, click_policy="hide", location="left"), "below")
    on.height = (on.height or 0) + _LEGEND_ROW * len(entries)


def money_axis(on: figure, label: str) -> None:
    """Label the y axis as money in quote tokens."""
    on.yaxis.axis_label = f"{label} (quote)"
    on.yaxis.formatter = NumeralTickFormatter(format="0,0[.]00")


def zero_line(on: figure, dimension: Literal["width", "height"] = "width") -> None:
    """Draw where nothing is gained."""
    on.add_layout(Span(location=0, dimension=dimension, line_color=PALE, line_width=1))
