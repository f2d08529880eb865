"""What the samples of a run say: how a provider's books moved over time, the same for both sides."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from compare.result import Comparison, ProviderResult

YEAR_NS = 365 * 86_400 * 10**9
_DAY_NS = 86_400 * 10**9
_WORST = 20  # one in so many steps is bad enough for the conditional value at risk
_DEPTH_SHARE = 0.02  # of the fair price, within which depth is sampled


def path_metrics(result: Comparison, provider: ProviderResult) -> dict[str, float | None]:
    """Return what the samples over time say."""
    quote, samples = result.market.quote_float, provider.samples
    earned = [sample.drift + sum(sample.components.values()) for sample in samples]
    hedged = np.array([quote(sample.hedged) for sample in samples])
    beyond = np.array([quote(sum(sample.components.values())) for sample in samples])
    holding = np.array([result.market.base_float(sample.base) for sample in samples])
    steps = np.diff(hedged)
    step_ns = (samples[-1].time_ns - samples[0].time_ns) / max(len(samples) - 1, 1)
    span = step_ns / YEAR_NS
    deviation = float(steps.std(ddof=1)) if len(steps) > 1 else 0.0
    in_range = [sample.bid is not None or sample.ask is not None for sample in samples]
    depth = [min(sample.depth) for sample in samples]
    mean_depth = result.market.base_float(sum(depth)) / len(depth)
    mean_price = sum(result.market.price_float(sample.fair_ticks) for sample in samples) / len(samples)
    holding_steps, depth_steps = half_life_steps(holding), half_life_steps(np.array(depth, dtype=np.float64))
    return {
        "hedged_sharpe": float(steps.mean()) / deviation / math.sqrt(span) if deviation > 0 and span else None,
        "max_drawdown": max_drawdown(beyond),
        "hedged_max_drawdown": max_drawdown(hedged),
        "hedged_cvar": expected_shortfall(steps),
        "days_to_recover": longest_below(beyond) * step_ns / _DAY_NS,
        "lowest_equity": quote(result.own_capital(provider) + min(earned)),
        "inventory_deviation": float(holding.std()),
        "inventory_half_life_seconds": _seconds(holding_steps, step_ns),
        "time_quoting": sum(in_range) / len(in_range),
        "mean_depth": mean_depth,
        "depth_half_life_seconds": _seconds(depth_steps, step_ns),
        "kyle_lambda": _DEPTH_SHARE * mean_price / mean_depth if mean_depth else None,
    }


def _seconds(steps: float | None, step_ns: float) -> float | None:
    return None if steps is None else steps * step_ns / 1e9


def max_drawdown(path: NDArray[np.float64]) -> float:
    """Return the largest fall from a running maximum, zero or more.

    >>> max_drawdown(np.array([0.0, 3.0, 1.0, 4.0, 2.5]))
    2.0
    """
    return float((np.maximum.accumulate(path) - path).max())


def longest_below(path: NDArray[np.float64]) -> int:
    """Return the most steps in a row that a path stays below its running maximum, to its end if it never recovers.

    >>> longest_below(np.array([0.0, 3.0, 1.0, 2.0, 4.0, 2.5]))
    2
    """
    longest = here = 0
    for below in (path < np.maximum.accumulate(path)).tolist():
        here = here + 1 if below else 0
        longest = max(longest, here)
    return longest


def expected_shortfall(steps: NDArray[np.float64]) -> float | None:
    """Return the mean of the worst twentieth of steps, one at least, as it is: a loss is below zero.

    >>> expected_shortfall(np.array([1.0, -4.0, 2.0]))
    -4.0
    """
    if not steps.size:
        return None
    return float(np.sort(steps)[: max(steps.size // _WORST, 1)].mean())


def half_life_steps(path: NDArray[np.float64]) -> float | None:
    """Return in how many steps a deviation from the mean halves: -ln 2 / ln r, r the correlation of neighbours.

    None where there is no such correlation between 0 and 1.

    >>> half_life_steps(np.array([1.0, 1.0, 1.0]))
    """
    away = path - path.mean()
    square = float(away[:-1] @ away[:-1])
    kept = float(away[:-1] @ away[1:]) / square if square else 0.0
    return -math.log(2) / math.log(kept) if 0 < kept < 1 else None
