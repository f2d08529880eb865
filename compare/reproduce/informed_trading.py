"""Informed trading: Glosten and Milgrom (1985), Kyle (1985), and the free options of Copeland and Galai (1983)."""

import math
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from compare.reproduce.row import Progress, Published, Row, no_progress
from orderbook import Side
from orderbook.glosten_milgrom import GlostenMilgrom
from orderbook.kyle import Kyle
from orderbook.quoting.optimal_half_spread import copeland_galai_value, touch_revenue
from orderbook.simulation.estimate import Estimate, mean_of

_SIGMA = 0.04
_ARTICLE = "article 4, whose fill rates are whole percents"
_IN_ARTICLE = ((1.0, "0.0128"), (0.75, "0.0135"), (0.5, "0.0122"))


def glosten_milgrom(paths: int, seed: int, progress: Progress = no_progress) -> list[Row]:
    """Two values 99 and 101, three takers in ten informed: the quotes, and what a maker earns at them.

    Args:
        paths: takers drawn.
        seed: of the draws.
        progress: in takers.
    """
    belief = GlostenMilgrom(low=99, high=101, informed_share=Fraction(3, 10))
    rng = np.random.default_rng(seed)
    values = np.where(rng.random(paths) < 0.5, 101.0, 99.0)  # noqa: PLR2004 - either value is as likely
    knows = np.where(values > 100.0, 1, -1)  # noqa: PLR2004 - the middle of the two
    noise = np.where(rng.random(paths) < 0.5, 1, -1)  # noqa: PLR2004 - a fair coin
    sides = np.where(rng.random(paths) < float(belief.informed_share), knows, noise)
    profit = sides * (np.where(sides > 0, float(belief.ask), float(belief.bid)) - values)
    progress(paths, paths)
    source = "two values, trades of one unit"
    return [
        Row("spread: share times range", source, float(belief.spread), Published("0.6")),
        Row("ask: value given a buy", source, float(belief.ask), simulated=mean_of(values[sides > 0])),
        Row("bid: value given a sell", source, float(belief.bid), simulated=mean_of(values[sides < 0])),
        Row(
            "profit of the maker",
            source,
            float(belief.expected_profit(Side.BUY, belief.ask) + belief.expected_profit(Side.SELL, belief.bid)),
            Published("0"),
            mean_of(profit),
        ),
    ]


def kyle(paths: int, seed: int, progress: Progress = no_progress) -> list[Row]:
    """One auction with deviations of 2 for the value and 10 for noise.

    Args:
        paths: auctions drawn.
        seed: of the draws.
        progress: in auctions.
    """
    auction = Kyle(value_volatility=2.0, noise_volatility=10.0)
    rng = np.random.default_rng(seed)
    values = rng.normal(0.0, auction.value_volatility, paths)
    noise = rng.normal(0.0, auction.noise_volatility, paths)
    informed = auction.trading_intensity * values
    net = informed + noise
    prices = auction.price_impact * net
    progress(paths, paths)
    source = "theorem 1"
    profit = auction.expected_informed_profit
    return [
        Row("price impact, regressed", source, auction.price_impact, simulated=_slope(net, values)),
        Row("profit of the informed", source, profit, simulated=mean_of((values - prices) * informed)),
        Row("profit of noise", source, -profit, simulated=mean_of((values - prices) * noise)),
        Row("profit of the maker", source, 0.0, simulated=mean_of((prices - values) * net)),
        Row("posterior variance", source, auction.posterior_variance, simulated=mean_of((values - prices) ** 2)),
    ]


def copeland_galai(paths: int, seed: int, progress: Progress = no_progress) -> list[Row]:
    """Article 4's revenue of three half-spreads, and the same quotes marked where the price ends.

    Args:
        paths: moves of the price drawn.
        seed: of the draws.
        progress: in moves.
    """
    moves = np.abs(np.random.default_rng(seed).normal(0.0, _SIGMA, paths))
    found = []
    for deviations, printed in _IN_ARTICLE:
        half_spread = deviations * _SIGMA
        filled = moves > half_spread
        revenue = Published(printed, half_spread * 0.01)  # its fill rate is up to a percent off
        found += [
            Row(
                f"{deviations:g} sigma: credited in full",
                _ARTICLE,
                touch_revenue(half_spread, _SIGMA),
                revenue,
                mean_of(np.where(filled, half_spread, 0.0)),
            ),
            Row(
                f"{deviations:g} sigma: marked at the end",
                "Copeland and Galai (1983)",
                copeland_galai_value(half_spread, _SIGMA),
                simulated=mean_of(np.where(filled, half_spread - moves, 0.0)),
            ),
        ]
    progress(paths, paths)
    return found


def _slope(independent: NDArray[np.float64], dependent: NDArray[np.float64]) -> Estimate:
    """Least squares through the origin."""
    square = float(independent @ independent)
    slope = float(independent @ dependent) / square
    residual = dependent - slope * independent
    return Estimate(slope, math.sqrt(float((independent * residual) @ (independent * residual))) / square)
