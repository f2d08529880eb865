"""Who pays whom: wealth that passed between the parties, and what each gained in all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from matplotlib.figure import Figure

from compare.charts.style import GAIN, INK, LOSS, TOTAL, amount_text, caption, listed, title
from compare.transfers import Transfers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from matplotlib.axes import Axes

    from compare.market import Market
    from compare.result import Comparison

_SMALL = 1e-4  # of the largest amount: what is below it goes unsaid in a sentence


def who_pays_whom(result: Comparison) -> Figure:
    """Draw, for each world, who paid whom how much at the fair price of each trade, and what each party gained.

    What holdings earned as the price moved is nobody's payment and is left out, so a provider's gain is its hedged
    profit.
    """
    worlds = [Transfers.of(world) for world in result.worlds]
    names = [listed([one.name for one in result.providers if one.world is world]) for world in result.worlds]
    heights = [max(len(one.paid), len(one.parties), 2) + 1 for one in worlds]
    figure = Figure(figsize=(12, 1.4 + 0.33 * sum(heights) + 0.7 * len(worlds)), layout="constrained")
    panels = figure.subplots(len(worlds), 2, squeeze=False, height_ratios=heights, width_ratios=(1, 1), sharex="col")
    for (payments, gains), name, transfers in zip(panels, names, worlds, strict=True):
        _draw_payments(payments, result.market, transfers)
        caption(payments, f"{name}: who paid whom")
        _draw_gains(gains, result.market, transfers)
        total = "0" if not transfers.residual else f"{transfers.residual} wealth units, a defect"
        caption(gains, f"what each gained; everyone together: {total}")
    panels[0][0].set_xlim(left=0)
    lines = [_finding(result.market, name, transfers) for name, transfers in zip(names, worlds, strict=True)]
    title(figure, "\n".join(lines))
    return figure


def _draw_payments(axes: Axes, market: Market, transfers: Transfers) -> None:
    ranked = sorted(transfers.paid.items(), key=lambda item: -item[1])
    names = [f"{payer.name} to {receiver.name}" for (payer, receiver), _ in ranked]
    _draw_bars(axes, [market.quote_float(amount) for _, amount in ranked], names, TOTAL)
    axes.set_xlabel("paid, at the fair price of each trade (quote)")


def _draw_gains(axes: Axes, market: Market, transfers: Transfers) -> None:
    gains = [market.quote_float(transfers.gains[party]) for party in transfers.parties]
    _draw_bars(axes, gains, [party.name for party in transfers.parties], GAIN)
    axes.axvline(0, color=INK, linewidth=0.8)
    axes.set_xlabel("gained (quote)")


def _draw_bars(axes: Axes, amounts: Sequence[float], names: Sequence[str], look: tuple[str, str]) -> None:
    """Draw one bar a name, from the top, with its amount beside it; losses are hatched."""
    for place, amount in enumerate(amounts):
        face, hatch = look if amount >= 0 else LOSS
        axes.barh(place, amount, height=0.6, facecolor=face, edgecolor=INK, hatch=hatch, linewidth=0.9)
        axes.annotate(
            amount_text(amount, sign=look is GAIN),
            (max(amount, 0.0), place),
            xytext=(4, 0),
            textcoords="offset points",
            va="center",
            fontsize=8,
        )
    axes.set_yticks(range(len(names)), names, fontsize=8)
    axes.set_ylim(max(len(names), 1) - 0.4, -0.6)
    axes.use_sticky_edges = False
    axes.margins(x=0.2)
    axes.xaxis.set_major_formatter("{x:,.10g}")
    axes.tick_params(axis="x", labelsize=8, labelbottom=True)
    axes.tick_params(axis="y", length=0)
    axes.locator_params(axis="x", nbins=5)


def _finding(market: Market, name: str, transfers: Transfers) -> str:
    """Return who lost and who gained how much in a world, the largest first; crumbs go unsaid."""
    ranked = sorted(transfers.gains.items(), key=lambda item: -abs(item[1]))
    said = [(party, gain) for party, gain in ranked if abs(gain) > abs(ranked[0][1]) * _SMALL]
    if not said:
        return f"{name}: nothing changed hands"
    texts = [(f"{party.name} ({amount_text(abs(market.quote_float(gain)))})", gain) for party, gain in said]
    losers = listed([text for text, gain in texts if gain < 0])
    winners = listed([text for text, gain in texts if gain > 0])
    return f"Around the {name}: {losers} lost to {winners}"
