"""Markout fans: their sums are the metrics', their sides add up, the title quotes the ends."""

from fractions import Fraction

import numpy as np
import pytest
from figures import title_of
from worlds import gbm, market_of, poisson, providers, run

from compare import Comparison, PricePath, charts, replay
from compare.markout_curves import BOTH, BUYS, SELLS, markout_curves
from compare.metrics import HORIZONS_NS, markouts
from compare.provider_book import FlowKind
from compare.tape import TakerTape

RESULT = run()


@pytest.mark.parametrize("name", ["liquidity provider", "market maker"])
def test_curves_are_the_metrics_markouts(name: str) -> None:
    """By kind and horizon, markout and volume are those of the summary, which adds up integers."""
    provider = RESULT[name]
    curves = markout_curves(RESULT, provider).query("side == @BOTH").set_index(["kind", "horizon_ns"])
    exact = markouts(RESULT, provider)
    for kind in (FlowKind.NOISE, FlowKind.ARBITRAGE):
        volume = RESULT.market.quote_float(provider.book.sums.volume[kind])
        for horizon in HORIZONS_NS:
            value = RESULT.market.quote_float(exact[kind][horizon])
            assert curves["markout"][kind, horizon] == pytest.approx(value, rel=1e-9, abs=1e-9 * volume)
            assert curves["volume"][kind, horizon] == pytest.approx(volume, rel=1e-12)
            assert curves["trades"][kind, horizon] == provider.book.sums.trades[kind]


def test_both_sides_are_buys_and_sells_together() -> None:
    """Markout, volume and count of both sides are the sums of those of buys and of sells."""
    curves = markout_curves(RESULT, RESULT.providers[0]).set_index(["side", "kind", "horizon_ns"])
    columns = ["trades", "volume", "markout"]
    assert np.allclose(
        curves.loc[BOTH][columns].astype(float),
        (curves.loc[BUYS][columns] + curves.loc[SELLS][columns]).astype(float),
    )


def test_a_rise_is_bad_after_buys_and_good_after_sells() -> None:
    """The side is the taker's: while the price goes up, an hour later what takers bought has cost the provider."""
    path = PricePath.trend(price=2_000, end_price=2_100, volatility=0.01, days=2 / 24, step="12s", seed=7)
    market = market_of(path)
    result = replay(path, poisson(path, market), providers(), market=market, capital=200_000, samples=5)
    curves = markout_curves(result, result["market maker"]).set_index(["kind", "side", "horizon_ns"])["bps"]
    first, last = HORIZONS_NS[0], HORIZONS_NS[-1]
    assert curves[FlowKind.NOISE, BUYS, last] < curves[FlowKind.NOISE, BUYS, first] - 10
    assert curves[FlowKind.NOISE, SELLS, last] > curves[FlowKind.NOISE, SELLS, first] + 10


def test_the_lines_are_the_curves_and_the_title_quotes_their_ends() -> None:
    """The strong line of a panel is markout of volume in base points; its first and last value stand in the title."""
    figure = charts.markouts(RESULT)
    said = title_of(figure)
    panels = iter(figure.axes)
    for kind in (FlowKind.NOISE, FlowKind.ARBITRAGE):
        for provider in RESULT.providers:
            curves = markout_curves(RESULT, provider).set_index(["kind", "side", "horizon_ns"])["bps"]
            mine = curves[kind, BOTH].reindex(HORIZONS_NS).to_numpy()
            axes = next(panels)
            lines = [line for line in axes.lines if line.get_label() == "all"]
            assert np.array_equal(np.asarray(lines[0].get_ydata(), float), mine)
            assert f"{mine[0]:+.1f} bp to the {provider.name} ({mine[-1]:+.1f} after 1 h)" in said


def test_one_scale_across_the_providers() -> None:
    """The panels of one kind of taker have the same limits."""
    figure = charts.markouts(RESULT)
    limits = [axes.get_ylim() for axes in figure.axes]
    assert limits[0] == limits[1]
    assert limits[2] == limits[3]


def _nobody_trades() -> Comparison:
    path = gbm(volatility=0.0)
    market = market_of(path)
    tape = TakerTape.from_arrays([], [], [], tolerance_bps=1, lot_size=market.lot_size)
    return replay(path, tape, providers(), market=market, capital=Fraction(200_000), samples=5)


def test_a_run_without_trades_is_drawn_and_says_so() -> None:
    """No noise, no moves, no fills: every chart is still drawn, and says that nothing happened."""
    result = _nobody_trades()
    assert markout_curves(result, result.providers[0]).empty
    assert title_of(charts.markouts(result)) == "Nobody traded"
    assert "nothing changed hands" in title_of(charts.who_pays_whom(result))
    assert ": nothing, and no losses" in title_of(charts.components(result))
