"""Charts: the finding in the title, units on every axis, one scale for what is compared."""

import io

from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle
from worlds import run

from compare import charts

RESULT = run()


def test_every_axis_has_a_unit_or_names() -> None:
    """Every panel of every chart says what its y axis measures and in what."""
    for draw in (charts.comparison, charts.profit_and_loss, charts.waterfalls):
        for axes in draw(RESULT).axes:
            assert "(" in axes.get_ylabel()


def test_the_title_is_the_finding() -> None:
    """The title says who made and who lost how much, the best first."""
    title = charts.finding(RESULT)
    best = max(RESULT.providers, key=lambda venue: venue.beyond_hodl)
    assert title.startswith(f"Against holding, over 2.0 hours: the {best.name} ")
    assert f"{abs(RESULT.market.quote_float(best.beyond_hodl)):,.0f}" in title


def test_waterfalls_share_one_scale_and_end_at_the_profit() -> None:
    """Both waterfalls have the same limits, and the last bar is the profit beyond HODL."""
    figure = charts.waterfalls(RESULT)
    limits = {axes.get_ylim() for axes in figure.axes}
    assert len(limits) == 1
    for axes, venue in zip(figure.axes, RESULT.providers, strict=True):
        last = axes.patches[-1]
        assert isinstance(last, Rectangle)
        assert abs(last.get_height() - RESULT.market.quote_float(venue.beyond_hodl)) < 1e-6


def test_no_colour_is_needed() -> None:
    """Every line, bar and area is grey: the chart reads the same in black and white."""
    for axes in charts.comparison(RESULT).axes:
        colours = [line.get_color() for line in axes.lines] + [patch.get_facecolor() for patch in axes.patches]
        for colour in colours:
            red, green, blue = to_rgb(colour)
            assert red == green == blue


def _png(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()


def test_same_result_same_picture() -> None:
    """Drawing one result twice gives the same bytes."""
    assert _png(charts.comparison(RESULT)) == _png(charts.comparison(RESULT))
