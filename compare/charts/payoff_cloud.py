"""Profit against the last price, over many seeds."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from matplotlib.figure import Figure

from amm.closed_form.concentrated import impermanent_loss_amount, position_value
from compare.charts.style import INK, PALE, amount_text, caption, legend, listed, money_axis, title

if TYPE_CHECKING:
    import pandas as pd
    from matplotlib.axes import Axes
    from numpy.typing import NDArray

    from compare.seed_study import Study

_MARKS = (("o", "white", INK), ("x", INK, INK), ("s", "0.6", INK), ("^", "white", INK))  # shape, face, edge
_POINTS = 400
_MARGIN = 0.05  # of the span of prices, drawn beyond it


class Position(NamedTuple):
    """A passive position whose payoff has a closed form; prices in quote per base."""

    liquidity: float
    first_price: float
    price_lower: float
    price_upper: float

    def impermanent_loss(self, price: float) -> float:
        """Return value less HODL at a last price, quote tokens: at most zero."""
        return impermanent_loss_amount(self.liquidity, self.first_price, price, self.price_lower, self.price_upper)


def payoff(study: Study) -> Figure:
    """Draw each run's profit beyond HODL, and its profit and loss, against the price it ended at.

    Behind them stands what a position in the liquidity provider's range does without fees, in closed form, if every run
    had the same range from the same price.
    """
    runs = study.runs
    position = position_of(runs)
    figure = Figure(figsize=(9, 9), layout="constrained")
    beyond, total = figure.subplots(2, 1, sharex=True)
    prices = _prices(runs)
    _draw_closed_form(beyond, total, runs, position, prices)
    for axes, column in ((beyond, "beyond_hodl"), (total, "profit_and_loss")):
        for (name, rows), (marker, face, edge) in zip(runs.groupby("provider"), _MARKS, strict=False):
            look = {
                "marker": marker,
                "c": face if marker != "x" else edge,
                "edgecolors": edge if marker != "x" else None,
            }
            axes.scatter(rows["last_price"], rows[column], s=26, linewidths=0.9, label=str(name), zorder=3, **look)
        axes.axhline(0, color=PALE, linewidth=0.8, zorder=0)
        axes.axvline(float(runs["first_price"].iloc[0]), color=PALE, linewidth=0.8, linestyle=":", zorder=0)
        legend(axes)
    money_axis(beyond, "profit beyond HODL")
    money_axis(total, "profit and loss")
    caption(beyond, "Against leaving the endowment alone; one mark a run")
    caption(total, "In all; the dotted line is the first price")
    total.set_xlabel("last price (quote per base)")
    total.xaxis.set_major_formatter("{x:,.10g}")
    title(figure, _finding(runs, position))
    return figure


def position_of(runs: pd.DataFrame) -> Position | None:
    """Return the one position that every run of a study had; None if there is none, or if it moved."""
    placed = runs.dropna(subset=["range_lower", "range_upper"])
    setting = placed[
        ["first_price", "range_lower", "range_upper", "endowment_base", "endowment_quote"]
    ].drop_duplicates()
    if len(setting) != 1:
        return None
    price, lower, upper, base, quote = (float(value) for value in setting.iloc[0])
    return Position((base * price + quote) / position_value(1.0, price, lower, upper), price, lower, upper)


def _prices(runs: pd.DataFrame) -> NDArray[np.float64]:
    low, high = runs["last_price"].min(), runs["last_price"].max()
    margin = (high - low) * _MARGIN or low * _MARGIN
    return np.linspace(low - margin, high + margin, _POINTS)


def _draw_closed_form(
    beyond: Axes, total: Axes, runs: pd.DataFrame, position: Position | None, prices: NDArray[np.float64]
) -> None:
    endowments = runs.drop_duplicates("endowment_base")
    for (_, row), style in zip(endowments.iterrows(), ("-", (0, (8, 3)), (0, (8, 3, 1, 3))), strict=False):
        label = "HODL" if len(endowments) == 1 else f"HODL of the {row['provider']}"
        hodl = row["endowment_base"] * (prices - row["first_price"])
        total.plot(prices, hodl, linestyle=style, color="0.5", linewidth=1.0, label=label)
    if position is None:
        return
    row = runs.dropna(subset=["range_lower"]).iloc[0]
    hodl = row["endowment_base"] * (prices - row["first_price"])
    loss = np.array([position.impermanent_loss(price) for price in prices])
    beyond.plot(prices, loss, "--", color="0.5", linewidth=1.2, label="the range without fees, closed form")
    total.plot(prices, hodl + loss, "--", color="0.5", linewidth=1.2, label="the range without fees, closed form")
    for axes in (beyond, total):
        label = "ends of the range"
        for bound in (position.price_lower, position.price_upper):
            if prices[0] < bound < prices[-1]:
                axes.axvline(bound, color=PALE, linewidth=0.8, linestyle="-.", zorder=0, label=label)
                label = ""


def _finding(runs: pd.DataFrame, position: Position | None) -> str:
    """Return how often each provider beat holding, and what the position earned above its closed form."""
    count = runs["seed"].nunique()
    times = [f"the {name} in {int((rows['beyond_hodl'] > 0).sum())}" for name, rows in runs.groupby("provider")]
    text = f"Of {count} runs, holding was beaten by {listed(times)}"
    if position is None:
        return text
    placed = runs.dropna(subset=["range_lower"])
    loss = np.array([position.impermanent_loss(price) for price in placed["last_price"]])
    above = float((placed["beyond_hodl"] - loss).mean())
    return (
        f"{text}; the {placed['provider'].iloc[0]} ended {amount_text(above)} above its range without fees on average"
    )
