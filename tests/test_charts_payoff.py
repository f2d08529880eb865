"""Payoff against the last price: dots are the study's runs, the curve is the closed form, the title counts."""

import numpy as np
import pytest
from figures import png, require_greys, require_units, title_of
from matplotlib.collections import PathCollection
from worlds import gbm, market_of, run

from compare import Comparison, LiquidityProvider, TakerTape, charts, replay
from compare.charts.payoff_cloud import position_of
from compare.seed_study import Study, study

FOUND = study(run, range(4))


def _without_takers(seed: int) -> Comparison:
    """A position of no fee to speak of, brought to the fair price in every block by arbitrage alone."""
    path = gbm(seed, hours=6)
    market = market_of(path)
    nobody = TakerTape.from_arrays([], [], [], tolerance_bps=1, lot_size=market.lot_size)
    return replay(path, nobody, [LiquidityProvider("5%", 100)], market=market, capital=200_000, samples=5)


def test_every_chart_rule_holds() -> None:
    """Units, greys, and the same bytes again."""
    require_units(charts.payoff(FOUND))
    require_greys(charts.payoff(FOUND))
    assert png(charts.payoff(FOUND)) == png(charts.payoff(FOUND))


def test_dots_are_the_runs() -> None:
    """Each provider's cloud has the last prices and profits of the study, above beyond HODL, below in all."""
    for axes, column in zip(charts.payoff(FOUND).axes, ("beyond_hodl", "profit_and_loss"), strict=True):
        clouds = [artist for artist in axes.collections if isinstance(artist, PathCollection)]
        for cloud, (name, rows) in zip(clouds, FOUND.runs.groupby("provider"), strict=True):
            assert cloud.get_label() == name
            assert np.array_equal(np.asarray(cloud.get_offsets()), rows[["last_price", column]].to_numpy())


def test_the_position_is_the_one_that_was_entered() -> None:
    """Its closed form is worth the endowment at the first price, and loses nothing where it began."""
    position = position_of(FOUND.runs)
    assert position is not None
    assert position.impermanent_loss(position.first_price) == 0
    assert position.impermanent_loss(position.price_upper) < 0


@pytest.mark.parametrize("seed", range(3))
def test_without_fees_a_run_ends_on_the_curve(seed: int) -> None:
    """Of a fee of one base point, arbitrage alone leaves a profit beyond HODL of the closed form and the fees."""
    result = _without_takers(seed)
    provider = result.providers[0]
    runs = study(_without_takers, [seed, seed + 10]).runs
    row = runs[runs["seed"] == seed].iloc[0]
    position = position_of(runs)
    assert position is not None
    fees = result.market.quote_float(provider.book.fee_value())
    # The pool ends within one base point of the fair price; there its value is off by that squared times its depth.
    depth = position.liquidity * position.first_price**0.5 / 2
    expected = position.impermanent_loss(float(row["last_price"])) + fees
    assert row["beyond_hodl"] == pytest.approx(expected, abs=depth * 1e-4**2 + 1e-2)


def test_the_title_counts_who_beat_holding() -> None:
    """The counts are of the study's rows, and the distance from the curve is stated."""
    said = title_of(charts.payoff(FOUND))
    for name, rows in FOUND.runs.groupby("provider"):
        assert f"the {name} in {(rows['beyond_hodl'] > 0).sum()}" in said
    assert said.startswith("Of 4 runs, ")
    assert "its range without fees" in said


def test_a_range_that_moved_has_no_curve() -> None:
    """Where runs end in different ranges, no closed form is drawn and none is spoken of."""
    runs = FOUND.runs.copy()
    runs.loc[runs["seed"] == 1, "range_lower"] *= 0.9
    moved = Study(runs, FOUND.estimates, FOUND.differences)
    assert position_of(moved.runs) is None
    assert "without fees" not in title_of(charts.payoff(moved))
