"""What every chart shares: greys, line styles and hatches, numbers as text, the time axis, the title."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

import pandas as pd
from matplotlib.dates import ConciseDateFormatter

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

    from compare.result import Comparison

INK, PALE = "0.15", "0.55"
LINES = (
    ("-", "0.1"),
    ("--", "0.35"),
    ("-.", "0.5"),
    (":", "0.25"),
    ("-", "0.65"),
    ("--", "0.7"),
    ("-.", "0.15"),
    (":", "0.6"),
)
"""Line styles and greys that are told apart without colour, the first the strongest."""
GAIN, LOSS, TOTAL = ("0.78", ""), ("white", "////"), ("0.3", "")
"""Face and hatch of a bar."""
COMPONENT_NAMES = {
    "fees": "fees",
    "lvr": "loss versus rebalancing",
    "rebalancing": "rebalancing beyond HODL",
    "spread_capture": "spread capture",
    "rebates": "maker rebates",
    "adverse_selection": "adverse selection",
    "inventory": "inventory beyond HODL",
    "upkeep": "gas and upkeep",
}

FIRST_DATE_NS = 315_532_800_000_000_000  # 1980
_WHOLE = 100  # amounts from here on need no decimals
_LETTERS_PER_INCH = 10  # of a title
_SPANS = ((86_400e9, "days"), (3_600e9, "hours"), (60e9, "minutes"))
_LABEL_GAP = 0.06  # of an axis, between two labels


def amount_text(amount: float, *, sign: bool = False) -> str:
    """Return an amount of money as a person reads it: whole from 100 on, else three digits.

    >>> amount_text(-1234.5), amount_text(0.012345), amount_text(7, sign=True)
    ('-1,234', '0.0123', '+7')
    """
    spec = ",.0f" if abs(amount) >= _WHOLE else ".3g"
    return f"{amount:{'+' if sign else ''}{spec}}"


def listed(parts: Sequence[str]) -> str:
    """Return parts as a sentence lists them.

    >>> listed(["a"]), listed(["a", "b", "c"])
    ('a', 'a, b and c')
    """
    return " and ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def title(figure: Figure, text: str) -> None:
    """Write what was found over the whole figure, in as many lines as its width asks for."""
    width = int(figure.get_figwidth() * _LETTERS_PER_INCH)
    lines = [wrapped for line in text.split("\n") for wrapped in textwrap.wrap(line, width)]
    figure.suptitle("\n".join(lines), fontsize=11, fontweight="bold")


def caption(axes: Axes, text: str) -> None:
    """Write what one panel shows."""
    axes.set_title(text, loc="left", fontsize=10)


def money_axis(axes: Axes, label: str) -> None:
    """Label the y axis as money in quote tokens."""
    axes.set_ylabel(f"{label} (quote)")
    axes.yaxis.set_major_formatter("{x:,.10g}")


def same_scale(panels: Sequence[Axes]) -> None:
    """Give panels one y scale, the widest of theirs."""
    low, high = min(axes.get_ylim()[0] for axes in panels), max(axes.get_ylim()[1] for axes in panels)
    for axes in panels:
        axes.set_ylim(low, high)


def legend(axes: Axes) -> None:
    """Draw the legend as every chart has it; none where nothing has a name."""
    if axes.get_legend_handles_labels()[0]:
        axes.legend(loc="best", fontsize=8, facecolor="white", framealpha=0.8, edgecolor="none")


def label_ends(axes: Axes, ends: Sequence[tuple[float, str]]) -> None:
    """Write, right of the axes, what each line is that ends at a height; labels keep clear of each other."""
    low, high = axes.get_ylim()
    places = apart([(height - low) / (high - low) for height, _ in ends])
    for (height, text), place in zip(ends, places, strict=True):
        axes.annotate(
            text,
            (1, (height - low) / (high - low)),
            xytext=(1.03, place),
            xycoords="axes fraction",
            va="center",
            fontsize=8,
            arrowprops={"arrowstyle": "-", "color": PALE, "linewidth": 0.5, "shrinkA": 0, "shrinkB": 0},
            annotation_clip=False,
        )


def apart(places: Sequence[float], gap: float = _LABEL_GAP) -> list[float]:
    """Return places moved apart to a least distance, their order and the middle of each crowd kept.

    >>> [round(place, 2) for place in apart([0.5, 0.1, 0.5], 0.1)]
    [0.45, 0.1, 0.55]
    """
    order = sorted(range(len(places)), key=lambda index: places[index])
    crowds: list[tuple[float, list[int]]] = []
    for index in order:
        middle, members = places[index], [index]
        while crowds and middle - crowds[-1][0] < gap * (len(members) + len(crowds[-1][1])) / 2:
            before, others = crowds.pop()
            middle = (before * len(others) + middle * len(members)) / (len(others) + len(members))
            members = others + members
        crowds.append((middle, members))
    moved = dict.fromkeys(order, 0.0)
    for middle, members in crowds:
        for rank, index in enumerate(members):
            moved[index] = middle + gap * (rank - (len(members) - 1) / 2)
    return [moved[index] for index in range(len(places))]


def times(result: Comparison, rows: pd.DataFrame) -> list[Any]:
    """Return times as dates, or as days where the path has none."""
    if _has_dates(result):
        return list(rows["time"])
    return list((rows["time"] - rows["time"].iloc[0]) / pd.Timedelta(days=1))


def time_axis(axes: Axes, result: Comparison) -> None:
    """Label the x axis as time."""
    if _has_dates(result):
        axes.set_xlabel("time (UTC)")
        axes.xaxis.set_major_formatter(ConciseDateFormatter(axes.xaxis.get_major_locator()))  # type: ignore[no-untyped-call] # matplotlib's dates have no types
    else:
        axes.set_xlabel("time (days)")
    axes.tick_params(axis="x", labelsize=8)


def span_text(result: Comparison) -> str:
    """Return the length of a comparison in words."""
    for unit, name in _SPANS:
        if result.duration_ns >= unit:
            return f"{result.duration_ns / unit:,.1f} {name}"
    return f"{result.duration_ns / 1e9:,.1f} seconds"


def _has_dates(result: Comparison) -> bool:
    """Say whether times are real: a synthetic path starts at the epoch, and block numbers soon after it."""
    return result.path.start_ns >= FIRST_DATE_NS
