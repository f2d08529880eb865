"""Just-in-time liquidity against size: exact bundles on the closed forms of O-30 to O-32, the kink where it belongs."""

import math

import numpy as np
import pytest
from figures import png, require_greys, require_units, title_of

from compare import charts
from compare.bundle_sizes import best_size, closed_form, exact, kink
from compare.errors import InputError

FIGURE = charts.just_in_time()


def test_every_chart_rule_holds() -> None:
    """Units, greys, and the same bytes again."""
    require_units(FIGURE)
    require_greys(FIGURE)
    assert png(charts.just_in_time(500)) == png(charts.just_in_time(500))


@pytest.mark.parametrize("fee_pips", [100, 500, 3_000, 10_000])
@pytest.mark.parametrize("moves", [0.5, 2.0, 9.0])
@pytest.mark.parametrize("minted", [0.02, 1.0, 40.0])
def test_o30_o31_integer_bundles_have_the_closed_forms(fee_pips: int, moves: float, minted: float) -> None:
    """Share, profit, dilution and saving of a real mint, swap, burn and collect, to nine digits; and they add up."""
    move = moves * fee_pips / 1e6
    bundle = exact(fee_pips, move, minted)
    assert bundle == pytest.approx(closed_form(fee_pips, move, minted), rel=1e-9, abs=1e-12)
    assert bundle.profit + bundle.saving == pytest.approx(bundle.dilution, abs=1e-12)


def test_o32_the_kink_is_at_two_fees() -> None:
    """Just below it more liquidity is always better, just above it there is a best size; it is 2 fees and a little."""
    for fee_pips in (100, 500, 3_000, 10_000):
        bend = kink(fee_pips)
        assert math.isinf(best_size(fee_pips, bend * (1 - 1e-9)))
        assert math.isfinite(best_size(fee_pips, bend * (1 + 1e-9)))
        assert 2 < bend / (fee_pips / 1e6) < 2.05


def test_o32_no_other_integer_bundle_earns_more() -> None:
    """Around the best size, a tenth more or less earns less."""
    best = best_size(3_000, 0.048)
    profits = [exact(3_000, 0.048, best * scale).profit for scale in (0.9, 1.0, 1.1)]
    assert max(profits) == profits[1]


def test_the_kink_is_drawn_and_the_share_bends_there() -> None:
    """The upright stands at the kink; the best share is the capital's below it and falls beyond."""
    axes = FIGURE.axes[1]
    (upright,) = (line for line in axes.lines if str(line.get_label()).startswith("kink"))
    bend = float(np.asarray(upright.get_xdata(), float)[0])
    assert bend == pytest.approx(kink(3_000) / 0.003)
    curve = axes.lines[0]
    x, share = np.asarray(curve.get_xdata(), float), np.asarray(curve.get_ydata(), float)
    assert np.allclose(share[x < bend], 100 / 101)
    assert (np.diff(share[x > bend]) < 0).all()


def test_dots_lie_on_their_curves() -> None:
    """Every dot is on the curve drawn with it, to half a percent: the curve between its points is a chord."""
    for axes in FIGURE.axes:
        lines = [line for line in axes.lines if len(np.atleast_1d(np.asarray(line.get_xdata()))) > 2]
        for curve, dots in zip(lines[::2], lines[1::2], strict=True):
            curve_y = np.interp(
                np.log(np.asarray(dots.get_xdata(), float)),
                np.log(np.asarray(curve.get_xdata(), float)),
                np.asarray(curve.get_ydata(), float),
            )
            assert np.allclose(np.asarray(dots.get_ydata(), float), curve_y, rtol=5e-3, atol=5e-3)


def test_the_title_is_computed() -> None:
    """Kink, best size and its profit of the drawn fee, and the agreement of the bundles."""
    said = title_of(FIGURE)
    best = best_size(3_000, 0.048)
    assert f"{kink(3_000):.3%}" in said
    assert f"{best:.2f} times the passive liquidity" in said
    assert f"earns {closed_form(3_000, 0.048, best).profit:.2f} fees" in said
    assert float(said.rsplit(" ", 1)[1]) < 1e-12
    assert f"{kink(500):.3%}" in title_of(charts.just_in_time(500))


@pytest.mark.parametrize(("move", "minted"), [(0.0, 1.0), (0.01, 0.0), (-0.1, 1.0)])
def test_a_bundle_of_nothing_is_refused(move: float, minted: float) -> None:
    """A swap that moves nothing and a mint of nothing are no bundle."""
    with pytest.raises(InputError):
        exact(3_000, move, minted)
