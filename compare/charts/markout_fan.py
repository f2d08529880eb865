"""What a provider's fills are worth as time passes, by the kind and the side of the taker."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from compare.charts.style import INK, PALE, caption, legend, listed, same_scale, title
from compare.markout_curves import BOTH, BUYS, SELLS, markout_curves
from compare.metrics import HORIZONS_NS
from compare.provider_book import FlowKind

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes

    from compare.result import Comparison

_KINDS = (FlowKind.NOISE, FlowKind.INFORMED, FlowKind.ARBITRAGE)
_TAKERS = {FlowKind.NOISE: "noise takers", FlowKind.INFORMED: "informed takers", FlowKind.ARBITRAGE: "arbitrageurs"}
_UNITS = ((3_600_000_000_000, "h"), (60_000_000_000, "min"), (1_000_000_000, "s"))
_LOOKS = {
    BUYS: {"linestyle": "--", "marker": "^", "color": "0.45", "linewidth": 0.9, "markersize": 5, "label": "they buy"},
    SELLS: {"linestyle": ":", "marker": "v", "color": "0.45", "linewidth": 0.9, "markersize": 5, "label": "they sell"},
    BOTH: {"linestyle": "-", "marker": "o", "color": "black", "linewidth": 1.8, "markersize": 4, "label": "all"},
}


def markouts(result: Comparison, horizons_ns: tuple[int, ...] = HORIZONS_NS) -> Figure:
    """Draw each provider's markouts at every horizon: a row for each kind of taker, on one scale across.

    The fan opens between the takers' buys and their sells: a trend pulls those apart, information pulls both down.
    """
    curves = {one.name: markout_curves(result, one, horizons_ns) for one in result.providers}
    kinds = [kind for kind in _KINDS if any((frame["kind"] == kind).any() for frame in curves.values())]
    rows, columns = max(len(kinds), 1), len(result.providers)
    figure = Figure(figsize=(1 + 4.5 * columns, 1.2 + 2.7 * rows), layout="constrained")
    panels = figure.subplots(rows, columns, squeeze=False, sharex=True)
    for row, kind in zip(panels, kinds or _KINDS[:1], strict=True):
        for axes, provider in zip(row, result.providers, strict=True):
            frame = curves[provider.name]
            _draw(axes, frame[frame["kind"] == kind], horizons_ns)
            caption(axes, f"{provider.name}: {_TAKERS[kind]}")
        same_scale(list(row))
    for axes in panels.flat:
        axes.label_outer()
    for axes in panels[-1]:
        axes.set_xlabel("time after the trade (s, min, h)")
    legend(next((axes for axes in panels[0] if axes.get_legend_handles_labels()[0]), panels[0][0]))
    title(figure, _finding(result, curves, kinds, horizons_ns))
    return figure


def _draw(axes: Axes, frame: pd.DataFrame, horizons_ns: tuple[int, ...]) -> None:
    places = range(len(horizons_ns))
    sides = {side: frame[frame["side"] == side].set_index("horizon_ns")["bps"] for side in _LOOKS}
    if not sides[BUYS].empty and not sides[SELLS].empty:
        buys, sells = (sides[side].reindex(horizons_ns).to_numpy() for side in (BUYS, SELLS))
        axes.fill_between(places, buys, sells, color="0.9")
    for side, bps in sides.items():
        if not bps.empty:
            axes.plot(places, bps.reindex(horizons_ns), **_LOOKS[side])  # type: ignore[arg-type] # a table of options
    if frame.empty:
        axes.text(0.5, 0.5, "none traded", transform=axes.transAxes, ha="center", va="center", color=INK)
    axes.axhline(0, color=PALE, linewidth=0.8)
    axes.set_xticks(places, [_horizon_text(horizon) for horizon in horizons_ns])
    axes.set_ylabel("markout (bp of volume)")


def _horizon_text(horizon_ns: int) -> str:
    """Return a horizon as a person says it.

    >>> _horizon_text(0), _horizon_text(10**9), _horizon_text(3 * 10**11)
    ('0', '1 s', '5 min')
    """
    for unit, name in _UNITS:
        if horizon_ns >= unit:
            return f"{horizon_ns / unit:g} {name}"
    return f"{horizon_ns / _UNITS[-1][0]:g}"


def _finding(
    result: Comparison, curves: dict[str, pd.DataFrame], kinds: list[FlowKind], horizons_ns: tuple[int, ...]
) -> str:
    """Return what each kind of taker is worth to each provider, when it trades and at the last horizon."""
    lines, last = [], _horizon_text(horizons_ns[-1])
    for kind in kinds:
        parts = []
        for provider in result.providers:
            frame = curves[provider.name]
            bps = frame[(frame["kind"] == kind) & (frame["side"] == BOTH)].set_index("horizon_ns")["bps"]
            if not bps.empty:
                now, later = bps[horizons_ns[0]], bps[horizons_ns[-1]]
                parts.append(f"{now:+.1f} bp to the {provider.name} ({later:+.1f} after {last})")
        lines.append(f"{_TAKERS[kind].capitalize()} were worth {listed(parts)}")
    return "\n".join(lines) or "Nobody traded"
