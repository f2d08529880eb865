"""Staleness curves: the laws as drawn, the dots with their bars, and a title that counts those on the law."""

import math

import numpy as np
import pytest
from figures import png, points_of, require_greys, require_units, title_of
from matplotlib.container import ErrorbarContainer

from compare import charts
from compare.charts import StalenessDot
from compare.seed_study import Estimate
from compare.staleness import passive_share, requoting_share, simulate_staleness


def _simulated() -> list[StalenessDot]:
    dots = []
    for random_looks in (True, False):
        found = simulate_staleness(1.0, random_looks=random_looks, runs=100, looks=400, seed=5)
        dots.append(StalenessDot(1.0, random_looks, found.passive, found.requoting))
    return dots


DOTS = _simulated()


def test_every_chart_rule_holds() -> None:
    """Units, greys, and the same bytes again."""
    require_units(charts.staleness(DOTS))
    require_greys(charts.staleness(DOTS))
    assert png(charts.staleness(DOTS)) == png(charts.staleness(DOTS))


def test_o51_the_curves_are_the_laws() -> None:
    """At random looks 1 / (1 + eta g) and e^(-eta g) with eta g = sqrt(2) c; at fixed ones the laws of O-51."""
    at_random, fixed = charts.staleness().axes
    for place, line in enumerate(at_random.lines[:2]):
        for x, y in zip(np.asarray(line.get_xdata(), float), np.asarray(line.get_ydata(), float), strict=True):
            spread = math.sqrt(2) * x
            assert y == pytest.approx(math.exp(-spread) if place else 1 / (1 + spread))
    for line, share in zip(fixed.lines[:2], (passive_share, requoting_share), strict=True):
        for x, y in zip(np.asarray(line.get_xdata(), float), np.asarray(line.get_ydata(), float), strict=True):
            assert y == share(float(x), random_looks=False)


def test_dots_stand_at_their_estimates_with_three_standard_errors() -> None:
    """Each panel has its own clock's dots, and the bars span three standard errors either way."""
    for axes, dot in zip(charts.staleness(DOTS).axes, DOTS, strict=True):
        bars = [one for one in axes.containers if isinstance(one, ErrorbarContainer)]
        for container, found in zip(bars, (dot.passive, dot.requoting), strict=True):
            line, _, (bar,) = container
            assert np.asarray(line.get_ydata(), float).tolist() == [found.mean]
            low, high = (y for _, y in points_of(bar.get_paths()[0]))
            assert (high - low) / 2 == pytest.approx(3 * found.error)


def test_o51_simulated_dots_lie_on_the_laws_and_the_title_counts_them() -> None:
    """All four dots are within three standard errors; one put elsewhere is not counted."""
    assert title_of(charts.staleness(DOTS)).endswith("4 of 4 simulated dots lie within 3 standard errors of the laws")
    off = DOTS[0]._replace(passive=Estimate(0.9, 0.01, 0.001, 100))
    assert "3 of 4 simulated dots" in title_of(charts.staleness([off, DOTS[1]]))
    assert "dots" not in title_of(charts.staleness())
