"""Draws docs/images/architecture.svg: `python docs/draw_architecture.py`. Every module it names is one of the code."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from itertools import pairwise
from pathlib import Path

WIDTH, HEIGHT = 1000, 618
PICTURE = Path(__file__).parent / "images" / "architecture.svg"
INK, SHADE, PAPER = "#1a1a1a", "#e4e4e4", "#ffffff"
LINE, SMALL = 17, 13


@dataclass(frozen=True)
class Box:
    """A part of the code: where it is drawn, what it is called, what it does and which modules it is.

    Attributes:
        x: Left edge.
        y: Upper edge.
        width: Pixels.
        height: Pixels.
        title: A few words.
        notes: Lines of text below.
        modules: Full names, drawn below those without what comes before the last dot.
        floats: Whether floats may be in it; its ground is shaded.
    """

    x: int
    y: int
    width: int
    height: int
    title: str
    notes: tuple[str, ...] = ()
    modules: tuple[str, ...] = ()
    floats: bool = False

    def svg(self) -> str:
        """Return the box and its text."""
        ground = SHADE if self.floats else PAPER
        place = f'x="{self.x}" y="{self.y}" width="{self.width}" height="{self.height}" rx="4"'
        parts = [
            f'<rect {place} fill="{ground}" stroke="{INK}" stroke-width="1.5"/>',
            text(self.x + 10, self.y + 21, self.title, size=15, weight="bold"),
        ]
        lines = [*((note, "normal") for note in self.notes), *((name, "italic") for name in wrapped(self))]
        for number, (line, style) in enumerate(lines, start=1):
            parts.append(text(self.x + 10, self.y + 22 + LINE * number, line, size=SMALL, style=style))
        return "\n".join(parts)


BOXES = {
    "compare": Box(20, 20, 960, 280, "compare: on top, knows both"),
    "person": Box(
        36,
        54,
        928,
        66,
        "what a person sees",
        ("numbers for the eye, made at the end from exact books",),
        (
            "compare.cli",
            "compare.scenario",
            "compare.result",
            "compare.metrics",
            "compare.tables",
            "compare.charts",
            "compare.report",
        ),
        floats=True,
    ),
    "data": Box(
        36,
        158,
        156,
        126,
        "data",
        ("files, frames, a node;", "or a seed and a law"),
        ("compare.formats", "compare.history", "compare.synthetic"),
        floats=True,
    ),
    "inputs": Box(
        226,
        158,
        176,
        126,
        "path and tape",
        ("prices in ticks, takers", "in lots, nanoseconds;", "drawn and hashed first"),
        ("compare.paths", "compare.tape"),
    ),
    "run": Box(
        436,
        158,
        146,
        126,
        "run",
        ("events in the order", "of time; the same for", "every venue"),
        ("compare.run", "compare.world"),
    ),
    "venues": Box(
        616,
        158,
        180,
        126,
        "venues",
        ("token units, ticks and lots", "convert here"),
        ("compare.pool_venue", "compare.pair_venue", "compare.curve_venue", "compare.book_venue"),
    ),
    "ledger": Box(
        820,
        158,
        144,
        126,
        "ledger",
        ("who holds what, and", "why; closes to the", "last unit"),
        ("compare.ledger", "compare.provider_book"),
    ),
    "amm": Box(20, 360, 470, 210, "amm", ("pools as the contracts compute them, every rounding and every revert",)),
    "pools": Box(36, 416, 212, 64, "pools", ("state as data, a thin shell",), ("amm.uniswap_v2", "amm.uniswap_v3")),
    "math": Box(36, 490, 212, 64, "math", ("int to int, no state",), ("amm.math",)),
    "books": Box(
        262,
        416,
        212,
        64,
        "what a position earned",
        ("on top of pools",),
        ("amm.accounting", "amm.arbitrage", "amm.just_in_time"),
    ),
    "closed": Box(262, 490, 212, 64, "closed forms", ("from the papers",), ("amm.closed_form",), floats=True),
    "orderbook": Box(510, 360, 470, 210, "orderbook", ("price-time priority, quoting makers and recorded markets",)),
    "book": Box(526, 416, 212, 64, "book", ("ticks and lots",), ("orderbook.book", "orderbook.market_maker")),
    "feeds": Box(
        526, 490, 212, 64, "recorded markets", ("level 2 and level 3",), ("orderbook.feeds", "orderbook.market_replay")
    ),
    "quoting": Box(
        752, 416, 212, 64, "strategies", ("quotes are rounded outwards",), ("orderbook.quoting",), floats=True
    ),
    "simulation": Box(
        752, 490, 212, 64, "simulations", ("of the papers' models",), ("orderbook.simulation",), floats=True
    ),
}
FLOW = ("data", "inputs", "run", "venues", "ledger")


def wrapped(box: Box) -> list[str]:
    """Return the last parts of a box's modules as lines that fit into it."""
    lines: list[str] = []
    for name in box.modules:
        last = name.rpartition(".")[2]
        if lines and len(lines[-1]) + len(last) + 2 < box.width / 6:
            lines[-1] += f", {last}"
        else:
            lines.append(last)
    return lines


def text(x: float, y: float, words: str, *, size: int, weight: str = "normal", style: str = "normal") -> str:
    """Return a line of text."""
    look = f'font-size="{size}" font-weight="{weight}" font-style="{style}"'
    return f'<text x="{x}" y="{y}" {look} fill="{INK}">{escape(words)}</text>'


def arrow(path: str, words: str = "", at: tuple[int, int] = (0, 0)) -> str:
    """Return an arrow along a path, with words beside it."""
    line = f'<path d="{path}" fill="none" stroke="{INK}" stroke-width="1.5" marker-end="url(#head)"/>'
    return "\n".join([line, text(*at, words, size=SMALL)] if words else [line])


def arrows() -> list[str]:
    """Return what flows along the middle row and up to a person, and the calls down."""
    row = [(BOXES[one], BOXES[other]) for one, other in pairwise(FLOW)]
    return [
        *(arrow(f"M{one.x + one.width} {one.y + 63}H{other.x - 2}") for one, other in row),
        arrow("M897 158V122", "books", (905, 144)),
        arrow("M650 284V330H255V358", "swaps, mints and burns", (270, 348)),
        arrow("M745 284V358", "orders and quotes", (755, 348)),
    ]


def legend() -> list[str]:
    """Return what the two grounds mean."""
    words = (
        (PAPER, 20, "kept in integers: rounded where a contract rounds, and where a name says so"),
        (SHADE, 580, "floats too: for the eye, for closed forms, inside a strategy"),
    )
    parts = []
    for ground, x, line in words:
        parts.append(f'<rect x="{x}" y="588" width="18" height="14" fill="{ground}" stroke="{INK}"/>')
        parts.append(text(x + 26, 600, line, size=SMALL))
    return parts


def picture() -> str:
    """Return the whole picture."""
    head = '<marker id="head" viewBox="0 0 8 8" refX="7" refY="4" markerWidth="7" markerHeight="7" orient="auto">'
    size = f'viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    font = 'font-family="Helvetica, Arial, sans-serif"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} {font} role="img" aria-label="The layers of lpmm">',
        f'<defs>{head}<path d="M0 0 8 4 0 8z" fill="{INK}"/></marker></defs>',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{PAPER}"/>',
        *(box.svg() for box in BOXES.values()),
        *arrows(),
        *legend(),
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    PICTURE.write_text(picture(), encoding="utf-8")
