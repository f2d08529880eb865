"""Which formats are known by name, and which of them a table is."""

from collections.abc import Iterator
from typing import Final

from compare.errors import InputError
from compare.formats import exchange_bars, exchange_trades, pool_layouts, recordings
from compare.formats.layout import Content, Layout
from compare.formats.source import Source, read_source
from compare.formats.table import FileKind, Table

AUTO: Final = "auto"
"""The format is recognised by the columns."""
TABLE: Final = "table"
"""Any table with a header line: its columns are recognised by their names, one by one."""

_PLAIN: Final = (
    Layout(
        "prices",
        "times and prices without a header line",
        Content.PRICES,
        {"time": "s, ms, us or ns, or ISO 8601", "price": "quote per base"},
        time="time",
        price="price",
        headerless=True,
        header=False,
    ),
    Layout(
        "ohlc",
        "bars without a header line",
        Content.BARS,
        {
            "time": "s, ms, us or ns, or ISO 8601; when the bar opens",
            **dict.fromkeys(("open", "high", "low", "close"), "quote per base"),
        },
        time="time",
        price="close",
        headerless=True,
        header=False,
    ),
)
_layouts: Final[dict[str, Layout]] = {
    layout.name: layout
    for layout in (
        *exchange_bars.LAYOUTS,
        *exchange_trades.LAYOUTS,
        *pool_layouts.LAYOUTS,
        *recordings.LAYOUTS,
        *_PLAIN,
    )
}


def register(layout: Layout) -> Layout:
    """Make a format known by its name, and let `auto` recognise it.

    Raises:
        InputError: A format of this name is known.
    """
    if layout.name in (*_layouts, AUTO, TABLE):
        raise InputError(f"a format {layout.name!r} is known", place="layout", remedy="choose another name")
    _layouts[layout.name] = layout
    return layout


def layouts() -> Iterator[Layout]:
    """Every format that is known by name."""
    yield from _layouts.values()


def open_source(source: Source, kind: FileKind | None, wanted: Layout | str | None) -> tuple[Table, Layout | None]:
    """The table in a source, its columns named, and its format; None where it is any table with a header line.

    Args:
        source: A file, a frame, an array or rows.
        kind: What a file has to be; None takes what it is.
        wanted: A format, its name, `table`, or `auto` (and None) to recognise it.

    Raises:
        InputError: The source cannot be read, no such format is known, or the table is not of this format, of none, or
            of several.
    """
    table = read_source(source, kind)
    if wanted is None or wanted == AUTO:
        return _recognised(table)
    if wanted == TABLE:
        if not table.has_header:
            raise table.error("there is no header line", remedy="name the format, or add a line of column names")
        return table, None
    layout = wanted if isinstance(wanted, Layout) else _known(wanted)
    named = layout.named(table, certain=True)
    if named is None:
        raise table.error(f"this is no {layout.name}: {_difference(layout, table)}", remedy=_columns(layout))
    return named, layout


def looked_for() -> str:
    """What `auto` tries, for the end of an error."""
    return f"looked for {', '.join(_layouts)} (lpmm formats shows their columns), and for known names of columns"


def _recognised(table: Table) -> tuple[Table, Layout | None]:
    named = {name: layout.named(table) for name, layout in _layouts.items()}
    found = {name: table for name, table in named.items() if table is not None}
    if table.has_header:
        # What needs more columns says more: a table that has them all is of that format.
        needs = {name: _layouts[name].required for name in found}
        found = {name: one for name, one in found.items() if not any(needs[name] < other for other in needs.values())}
    if len(found) == 1:
        name, one = next(iter(found.items()))
        return one, _layouts[name]
    if found:
        said = " and ".join(_layouts[name].describe() for name in found)
        raise table.error(f"this is {said} alike", remedy="name one of them with format")
    if not table.has_header:
        width = len(table.columns)
        known = [layout.describe() for layout in _layouts.values() if layout.headerless and _may_have(layout, width)]
        problem = f"there is no header line, and no known table has {width} columns like these"
        tried = f"; not {' nor '.join(known)}" if known else ""
        remedy = f"add a header line that names a time and a price column, or name the format{tried}"
        raise table.error(problem, row=0, remedy=remedy)
    return table, None


def _known(name: str) -> Layout:
    if name not in _layouts:
        remedy = f"one of {AUTO}, {TABLE}, {', '.join(_layouts)}"
        raise InputError(f"{name!r} is no known format", place="format", remedy=remedy)
    return _layouts[name]


def _may_have(layout: Layout, width: int) -> bool:
    at_least = len(layout.columns) - len(layout.optional) <= width
    return at_least and (layout.open_ended or width <= len(layout.columns))


def _difference(layout: Layout, table: Table) -> str:
    if not table.has_header:
        there = f"{len(table.columns)} columns without a header line"
        return there if layout.headerless else f"{there}, and this has one"
    if not layout.header:
        return "it has a header line, and this has none"
    present = {name for name in layout.columns if layout.has(table, name)}
    missing = [name for name in layout.columns if name not in layout.optional | present]
    return f"it lacks {', '.join(missing)}" if missing else "the columns hold something else"


def _columns(layout: Layout) -> str:
    return f"its columns are {', '.join(layout.columns)}"
