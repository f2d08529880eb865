"""Just-in-time liquidity against its size and the swap's: closed forms, and exact bundles on them (O-30 to O-32)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from matplotlib.figure import Figure

from compare.bundle_sizes import BundleSize, best_size, closed_form, exact, kink
from compare.charts.style import INK, LINES, caption, legend, title
from compare.venue import PIPS

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

_SWAPS = (1.0, 4.0, 16.0)  # moves, in fees, whose bundles are drawn against their size
_SIZES = np.logspace(-2, 2, 9)  # minted over passive liquidity, where there are dots
_MOVES = 2.0 ** np.arange(-2, 7)  # in fees, where there are dots
_FINE = 12  # points of a curve between two dots
_MARKS = ("o", "s", "^")


def just_in_time(fee_pips: int = 3_000, capital: float = 100.0) -> Figure:
    """Draw what a just-in-time provider earns against the liquidity it mints, and against the size of the swap.

    Curves are closed forms, dots are bundles on an integer pool; the dashed upright is the kink of O-32.

    Args:
        fee_pips: Fee of the pool: 100, 500, 3000 or 10000.
        capital: The most it can mint, over the passive liquidity; below the kink it would mint without bound.
    """
    figure = Figure(figsize=(15, 4.8), layout="constrained")
    sizes, shares, money = figure.subplots(1, 3)
    worst = _draw_sizes(sizes, fee_pips)
    found = [(move, exact(fee_pips, move * fee_pips / PIPS, _best(fee_pips, move, capital))) for move in _MOVES]
    worst = max(worst, *(_apart(one, _at_best(fee_pips, move, capital)) for move, one in found))
    for axes, names in ((shares, ("share",)), (money, ("profit", "dilution", "saving"))):
        _draw_swaps(axes, names, fee_pips, capital, found)
    shares.set_ylim(0, 1.05)
    shares.set_ylabel("share of the swap's fees (of all of them)")
    caption(shares, f"The share it takes at its best size, {capital:g} times the passive at most")
    money.set_ylabel("money (fees of the swap)")
    money.set_yscale("log")
    money.yaxis.set_major_formatter("{x:g}")
    caption(money, "What the best bundle moves")
    for axes in (sizes, shares, money):
        legend(axes)
    title(figure, _finding(fee_pips, worst, len(found) + len(_SWAPS) * len(_SIZES)))
    return figure


def _best(fee_pips: int, move: float, capital: float) -> float:
    return min(best_size(fee_pips, move * fee_pips / PIPS), capital)


def _at_best(fee_pips: int, move: float, capital: float) -> BundleSize:
    return closed_form(fee_pips, move * fee_pips / PIPS, _best(fee_pips, move, capital))


def _apart(one: BundleSize, other: BundleSize) -> float:
    """Return the largest difference of two bundles, in parts of one or of the number itself where that is larger."""
    return max(abs(a - b) / max(abs(b), 1.0) for a, b in zip(one, other, strict=True))


def _draw_sizes(axes: Axes, fee_pips: int) -> float:
    """Draw profit against minted liquidity for a few swaps; return how far a dot lies off its curve at most."""
    curve, worst = _between(_SIZES), 0.0
    for move, (style, grey), mark in zip(_SWAPS, LINES, _MARKS, strict=False):
        at = move * fee_pips / PIPS
        profits = [closed_form(fee_pips, at, minted).profit for minted in curve]
        axes.plot(curve, profits, style, color=grey, linewidth=1.2)
        dots = [exact(fee_pips, at, minted) for minted in _SIZES.tolist()]
        label = f"move of the swap alone: {move:g} {'fee' if move == 1 else 'fees'}"
        axes.plot(_SIZES, [dot.profit for dot in dots], mark, color=grey, markersize=4, label=label)
        worst = max(worst, *(_apart(d, closed_form(fee_pips, at, m)) for d, m in zip(dots, _SIZES, strict=True)))
        best = best_size(fee_pips, at)
        if best < _SIZES[-1]:
            top = closed_form(fee_pips, at, best).profit
            axes.plot(best, top, "*", color="black", markersize=11, zorder=3)
            axes.annotate(
                f"best {best:.2f}", (best, top), xytext=(0, 7), textcoords="offset points", fontsize=8, ha="center"
            )
    axes.set_xscale("log")
    axes.set_xlabel("liquidity minted (passive liquidity)")
    axes.set_ylabel("profit before gas (fees of the swap)")
    axes.margins(y=0.12)
    axes.set_ylim(bottom=0)
    caption(axes, "Profit against liquidity minted")
    return worst


def _draw_swaps(
    axes: Axes, names: tuple[str, ...], fee_pips: int, capital: float, found: list[tuple[float, BundleSize]]
) -> None:
    """Draw some of a best bundle's numbers against the size of the swap."""
    texts = {
        "share": "just-in-time provider",
        "profit": "just-in-time provider earns",
        "dilution": "passive providers lose",
        "saving": "taker saves",
    }
    curve = _between(_MOVES)
    best = [_at_best(fee_pips, move, capital) for move in curve]
    for name, (style, grey), mark in zip(names, LINES, _MARKS, strict=False):
        axes.plot(curve, [getattr(one, name) for one in best], style, color=grey, linewidth=1.2)
        dots = [getattr(one, name) for _, one in found]
        axes.plot(_MOVES, dots, mark, color=grey, markersize=4, label=texts[name])
    bend = kink(fee_pips) * PIPS / fee_pips
    axes.axvline(bend, color=INK, linewidth=0.9, linestyle=(0, (6, 3)), label=f"kink, {bend:.3f} fees")
    axes.set_xscale("log", base=2)
    axes.xaxis.set_major_formatter("{x:g}")
    axes.set_xlabel("price move of the swap alone (fees)")


def _between(dots: NDArray[np.floating[Any]]) -> list[float]:
    """Return the points of a curve from the first dot to the last."""
    return [float(at) for at in np.geomspace(dots[0], dots[-1], len(dots) * _FINE)]


def _finding(fee_pips: int, worst: float, count: int) -> str:
    """Return where the kink is, the best bundle of the largest swap, and how far the dots lie off the curves."""
    largest = _SWAPS[-1]
    best = best_size(fee_pips, largest * fee_pips / PIPS)
    profit = closed_form(fee_pips, largest * fee_pips / PIPS, best).profit
    return (
        f"At a fee of {fee_pips / 1e4:g} % more just-in-time liquidity always pays until a swap alone moves the price "
        f"by {kink(fee_pips):.3%}; for a move of {largest:g} fees {best:.2f} times the passive liquidity is best and "
        f"earns {profit:.2f} fees; {count} exact bundles agree to {worst:.0e}"
    )
