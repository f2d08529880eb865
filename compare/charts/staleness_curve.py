"""What stale prices cost a passive pool and a maker who quotes anew (O-51): laws, and simulated dots on them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from matplotlib.figure import Figure

from compare.charts.style import INK, caption, legend, title
from compare.staleness import passive_share, requoting_share

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from matplotlib.axes import Axes

    from compare.seed_study import Estimate

_CERTAIN = 3  # standard errors on either side of a dot
_WIDEST = 3.0  # half-spread up to which the laws are drawn
_POINTS = 200
_PASSIVE, _REQUOTING = ("-", "o", "white"), ("--", "s", "0.5")  # line, marker and its face
_CLOCKS = {True: "prices renewed at random times", False: "prices renewed at fixed intervals"}


class StalenessDot(NamedTuple):
    """What a simulation found at one half-spread, as shares of the loss-versus-rebalancing.

    Attributes:
        half_spread: In units of the deviation of the fair log price from one look to the next.
        random_looks: Whether looks come as a Poisson process, or at fixed intervals.
        passive: Of the pool.
        requoting: Of the maker.
    """

    half_spread: float
    random_looks: bool
    passive: Estimate
    requoting: Estimate


def staleness(dots: Sequence[StalenessDot] = ()) -> Figure:
    """Draw the share of its loss-versus-rebalancing that each side loses, against the half-spread.

    The dots' bars are three standard errors long on either side.
    """
    figure = Figure(figsize=(11, 4.8), layout="constrained")
    widest = max([_WIDEST, *(dot.half_spread * 1.05 for dot in dots)])
    panels = figure.subplots(1, 2, sharey=True)
    for axes, random_looks in zip(panels, (True, False), strict=True):
        mine = [dot for dot in dots if dot.random_looks is random_looks]
        for law, name, look in (
            (passive_share, "passive pool", _PASSIVE),
            (requoting_share, "maker who quotes anew", _REQUOTING),
        ):
            _draw_law(axes, law, name, look, random_looks=random_looks, widest=widest)
        _draw_dots(axes, [(dot.half_spread, dot.passive) for dot in mine], _PASSIVE)
        _draw_dots(axes, [(dot.half_spread, dot.requoting) for dot in mine], _REQUOTING)
        caption(axes, _CLOCKS[random_looks])
        axes.set_xlabel("half-spread (deviations of the fair log price between two looks)")
        axes.set_xlim(0, widest)
        axes.set_ylim(bottom=0)
        legend(axes)
    panels[0].set_ylabel("lost to arbitrage (share of LVR)")
    title(figure, _finding(dots))
    return figure


def _draw_law(
    axes: Axes,
    law: Callable[..., float],
    name: str,
    look: tuple[str, str, str],
    *,
    random_looks: bool,
    widest: float,
) -> None:
    at = np.linspace(0, widest, _POINTS)
    shares = [law(float(half_spread), random_looks=random_looks) for half_spread in at]
    axes.plot(at, shares, look[0], color=INK, linewidth=1.4, label=name)


def _draw_dots(axes: Axes, dots: Sequence[tuple[float, Estimate]], look: tuple[str, str, str]) -> None:
    _, marker, face = look
    axes.errorbar(
        [at for at, _ in dots],
        [found.mean for _, found in dots],
        yerr=[_CERTAIN * found.error for _, found in dots],
        fmt=marker,
        color=INK,
        markerfacecolor=face,
        markersize=5,
        capsize=2.5,
        elinewidth=0.9,
        zorder=3,
    )


def _finding(dots: Sequence[StalenessDot]) -> str:
    """Return what a half-spread of one deviation leaves of the loss, and how many dots lie on their law."""
    passive, requoting = passive_share(1.0), requoting_share(1.0)
    text = (
        f"At a half-spread of one deviation and random looks a passive pool loses {passive:.0%} of its LVR, "
        f"a maker who quotes anew {requoting:.0%}"
    )
    on_law = [
        abs(found.mean - law(dot.half_spread, random_looks=dot.random_looks)) <= _CERTAIN * found.error
        for dot in dots
        for found, law in ((dot.passive, passive_share), (dot.requoting, requoting_share))
    ]
    if not on_law:
        return text
    return f"{text}; {sum(on_law)} of {len(on_law)} simulated dots lie within {_CERTAIN} standard errors of the laws"
