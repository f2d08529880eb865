"""Numerical integration and maximisation, for checking closed forms: slow, obvious, sharing nothing with them."""

from collections.abc import Callable
from itertools import pairwise

import numpy as np

_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(20)


def integrate(function: Callable[[float], float], lower: float, upper: float, pieces: int = 50) -> float:
    """Integral of a function that is smooth on each of `pieces` equal pieces (20-point Gauss-Legendre on each)."""
    edges = np.linspace(lower, upper, pieces + 1)
    total = 0.0
    for left, right in pairwise(edges):
        half, middle = (right - left) / 2, (right + left) / 2
        values = [function(float(middle + half * node)) for node in _NODES]
        total += float(half * np.dot(_WEIGHTS, values))
    return total


def normal_density(deviation: float) -> float:
    return float(np.exp(-(deviation**2) / 2) / np.sqrt(2 * np.pi))


def lognormal_mean(
    payoff: Callable[[float], float], price: float, variance: float, kinks: tuple[float, ...] = ()
) -> float:
    """Mean of a payoff of a driftless lognormal price, integrated over its deviations between `kinks` in price."""
    root = float(np.sqrt(variance))

    def deviation(level: float) -> float:
        return (float(np.log(level / price)) + variance / 2) / root

    edges = [-12.0, *sorted(deviation(kink) for kink in kinks), 12.0]

    def integrand(z: float) -> float:
        return payoff(price * float(np.exp(root * z - variance / 2))) * normal_density(z)

    return sum(integrate(integrand, low, high) for low, high in pairwise(edges))


def maximise(function: Callable[[float], float], lower: float, upper: float, rounds: int = 12) -> float:
    """Argument of the maximum of a single-peaked function: the best of a grid, then a finer grid around it."""
    for _ in range(rounds):
        grid = np.linspace(lower, upper, 101)
        best = int(np.argmax([function(float(x)) for x in grid]))
        lower, upper = float(grid[max(best - 1, 0)]), float(grid[min(best + 1, 100)])
    return (lower + upper) / 2
