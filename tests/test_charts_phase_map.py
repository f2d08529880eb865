"""The phase map: cells are shaded by the winner, numbers are the sweep's, frontiers stand where a mean changes sign."""

from collections.abc import Callable

import pandas as pd
import pytest
from figures import png, points_of, require_greys, require_units, title_of
from matplotlib.colors import to_rgb
from matplotlib.contour import QuadContourSet
from matplotlib.patches import Rectangle

from compare import charts
from compare.charts.style import amount_text
from compare.grid_sweep import Sweep, SweepAxis
from compare.seed_study import Estimate, Study

PAIR = ("liquidity provider", "market maker")
X, Y = SweepAxis("prices.volatility", (0.2, 0.4, 0.8)), SweepAxis("takers.rate", ("30/h", "60/h"))


def made(provider: Callable[[int, int], float], maker: Callable[[int, int], float]) -> Sweep:
    """A sweep whose means are given, each with a standard error of ten."""
    cells = {}
    for row in range(2):
        for column in range(3):
            means = provider(column, row), maker(column, row)
            runs = pd.DataFrame({"seed": [1, 2], "offered_volume": [5e5 * (row + 1)] * 2, "days": [0.5] * 2})
            estimates = {
                (name, "hedged_profit"): Estimate(m, 100, 10, 100) for name, m in zip(PAIR, means, strict=True)
            }
            ahead = Estimate(means[0] - means[1], 100, 10, 100)
            cells[column, row] = Study(runs, estimates, {(*PAIR, "hedged_profit"): ahead})
    return Sweep(X, Y, cells, PAIR)


MIXED = made(lambda column, row: 100 - 100 * column + 50 * row, lambda _column, row: 15.0 + row)


def test_every_chart_rule_holds() -> None:
    """Units, greys, and the same bytes again."""
    require_units(charts.phase_map(MIXED))
    require_greys(charts.phase_map(MIXED))
    assert png(charts.phase_map(MIXED)) == png(charts.phase_map(MIXED))


def test_cells_are_shaded_by_the_winner() -> None:
    """Grey where the first earns more, white where the second does, dotted for chance; the number is written in it."""
    axes = charts.phase_map(MIXED).axes[0]
    boxes = [patch for patch in axes.patches if isinstance(patch, Rectangle)]
    assert len(boxes) == 6
    texts = {text.get_position(): text.get_text() for text in axes.texts}
    for box in boxes:
        column, row = round(box.get_x() + 0.5), round(box.get_y() + 0.5)
        ahead = MIXED.difference(column, row)
        grey = to_rgb(box.get_facecolor())[0]
        expected = 0.95 if abs(ahead.mean) <= 19.6 else 0.7 if ahead.mean > 0 else 1.0
        assert grey == pytest.approx(expected, abs=0.01)
        assert bool(box.get_hatch()) == (expected == 0.95)
        assert texts[column, row] == f"{amount_text(ahead.mean, sign=True)}\n+- 10"


def _frontiers(sweep: Sweep) -> list[QuadContourSet]:
    return [one for one in charts.phase_map(sweep).axes[0].collections if isinstance(one, QuadContourSet)]


def test_frontiers_run_where_the_mean_is_zero() -> None:
    """The provider earns 100 - 100 x + 50 y: it breaks even at x = 1 + y / 2, interpolated between the cells."""
    equal, breaks_even = _frontiers(MIXED)  # the maker earns everywhere and has none
    for x, y in points_of(breaks_even.get_paths()[0]):
        assert x == pytest.approx(1 + y / 2)
    for x, y in points_of(equal.get_paths()[0]):
        assert 100 - 100 * x + 50 * y == pytest.approx(15 + y)


def test_a_frontier_that_is_nowhere_is_said_to_be() -> None:
    """Where a provider gains in every cell, there is no line and the legend says so."""
    rich = made(lambda _column, _row: 500.0, lambda _column, _row: 100.0)
    assert not _frontiers(rich)
    texts = [text.get_text() for text in charts.phase_map(rich).legends[0].get_texts()]
    assert "liquidity provider breaks even: nowhere here, all is above" in texts
    assert "market maker breaks even: nowhere here, all is above" in texts


def test_takers_settings_show_the_volume_they_offer() -> None:
    """Beside a rate stands the mean volume a day of its row: half a million in half a day is a million."""
    axes = charts.phase_map(MIXED).axes[0]
    assert [text.get_text() for text in axes.get_yticklabels()] == ["30/h\n1 M a day", "60/h\n2 M a day"]
    assert [text.get_text() for text in axes.get_xticklabels()] == ["0.2", "0.4", "0.8"]


def test_the_title_is_the_sweeps_finding() -> None:
    """Who leads in how many cells."""
    assert title_of(charts.phase_map(MIXED)) == MIXED.finding()
    assert "of 6 cells of 2 seeds the liquidity provider leads in 3" in MIXED.finding()
