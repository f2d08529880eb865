"""Charts of a whole comparison: the finding in the title, units on every axis, one scale for what is compared."""

from collections.abc import Callable

import pytest
from figures import png, require_greys, require_units, title_of
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from worlds import run

from compare import Comparison, charts
from compare.charts.style import amount_text
from compare.scenario import Scenario

RESULT = run()
DRAWINGS = [
    charts.comparison,
    charts.components,
    charts.markouts,
    charts.profit_and_loss,
    charts.waterfalls,
    charts.who_pays_whom,
]
each_chart = pytest.mark.parametrize("draw", DRAWINGS, ids=lambda draw: str(draw.__name__))


@each_chart
def test_every_axis_has_a_unit(draw: Callable[[Comparison], Figure]) -> None:
    """Every labelled axis of every chart says in what it measures."""
    require_units(draw(RESULT))


@each_chart
def test_no_colour_is_needed(draw: Callable[[Comparison], Figure]) -> None:
    """Everything drawn is grey: a chart reads the same in black and white."""
    require_greys(draw(RESULT))


@each_chart
def test_same_result_same_picture(draw: Callable[[Comparison], Figure]) -> None:
    """Drawing one result twice gives the same bytes."""
    assert png(draw(RESULT)) == png(draw(RESULT))


def test_the_title_is_the_finding() -> None:
    """The title says who made and who lost how much, the best first."""
    found = charts.finding(RESULT)
    best = max(RESULT.providers, key=lambda venue: venue.beyond_hodl)
    assert found.startswith(f"Against holding, over 2.0 hours: the {best.name} ")
    for provider in RESULT.providers:
        assert amount_text(abs(RESULT.market.quote_float(provider.beyond_hodl))) in found
    for draw in (charts.comparison, charts.profit_and_loss, charts.waterfalls):
        assert title_of(draw(RESULT)) == found


def test_waterfalls_share_one_scale_and_end_at_the_profit() -> None:
    """Both waterfalls have the same limits, and the last bar is the profit beyond HODL."""
    figure = charts.waterfalls(RESULT)
    limits = {axes.get_ylim() for axes in figure.axes}
    assert len(limits) == 1
    for axes, venue in zip(figure.axes, RESULT.providers, strict=True):
        last = axes.patches[-1]
        assert isinstance(last, Rectangle)
        assert abs(last.get_height() - RESULT.market.quote_float(venue.beyond_hodl)) < 1e-6


def test_the_whole_picture_says_what_was_equal() -> None:
    """Below it: equal latency here, and what differed where a maker sees late."""
    assert charts.comparison(RESULT).get_supxlabel() == (
        "equal latency: arbitrageur and makers act every 12 s; equal endowment"
    )
    late = Scenario.from_mapping({"prices": {"days": 0.02}, "maker": {"information_lag": "2s"}}).run_all(samples=5)
    assert (
        charts.comparison(late).get_supxlabel().startswith("unequal latency: arbitrageur every 12 s, makers every 12 s")
    )
    assert "the market maker sees the price 2 s late" in charts.comparison(late).get_supxlabel()
