"""Spreads that widen with risk, and parts that compose to the paper's strategy (S33)."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderbook import (
    AvellanedaStoikov,
    FixedSpread,
    HorizonSkew,
    HorizonWidening,
    InventoryWidening,
    Ladder,
    MarketView,
    Quote,
    Quotes,
    RiskNeutral,
    Skewed,
    Widened,
)
from orderbook.errors import HorizonPassedError, InvalidParameterError
from orderbook.quoting.avellaneda_stoikov import liquidity_half_spread, mean_total_spread, total_spread

SECOND = 10**9


def test_s33_the_spread_of_the_paper() -> None:
    """Gamma .1, sigma 2, k 1.5: 1.6908 with all the time left, 1.4908 on average, 1.2908 at the end."""
    spreads = [total_spread(risk_aversion=0.1, volatility=2, fill_decay=1.5, time_left=left) for left in (1, 0)]
    assert [round(spread, 4) for spread in spreads] == [1.6908, 1.2908]
    mean = mean_total_spread(risk_aversion=0.1, volatility=2, fill_decay=1.5, horizon=1)
    assert round(mean, 3) == 1.491
    assert mean == pytest.approx(sum(spreads) / 2)


@given(st.integers(0, SECOND), st.integers(-30, 30))
def test_s33_skew_and_widening_around_a_fixed_margin_are_avellaneda_and_stoikov(time_ns: int, inventory: int) -> None:
    """The parts compose to the paper's quotes: never inside them, and within the two ticks of rounding twice."""
    paper = AvellanedaStoikov(risk_aversion=1e-4, volatility=200.0, fill_decay=0.015, horizon_ns=SECOND, size=1)
    margin = liquidity_half_spread(risk_aversion=1e-4, fill_decay=0.015)
    parts = Widened(
        Skewed(RiskNeutral(fill_decay=1 / margin, size=1), HorizonSkew(1e-4, 200.0, SECOND)),
        HorizonWidening(1e-4, 200.0, SECOND),
    )
    view = MarketView(time_ns, 100_000, inventory)
    whole, composed = paper.quote(view), parts.quote(view)
    assert whole.bid is not None
    assert whole.ask is not None
    assert composed.bid is not None
    assert composed.ask is not None
    assert 0 <= whole.bid.price - composed.bid.price <= 2
    assert 0 <= composed.ask.price - whole.ask.price <= 2


def test_parts_compose_in_either_order() -> None:
    """A widening moves what the skew has centred, and a skew centres what the widening has moved: the same quotes."""
    base, skew, widening = FixedSpread(5, 1), HorizonSkew(1e-4, 200.0, SECOND), InventoryWidening(0.7)
    for inventory in (-9, 0, 4):
        view = MarketView(0, 10_000, inventory)
        assert Widened(Skewed(base, skew), widening).quote(view) == Skewed(Widened(base, widening), skew).quote(view)


def test_every_level_moves_and_bids_end_where_prices_do() -> None:
    """Three lots at .7 ticks each are 2.1, counted as three; a bid at three ticks or less is left out."""
    strategy = Widened(Ladder(2, 3, (1, 1, 1)), InventoryWidening(0.7))
    quotes = strategy.quote(MarketView(0, 10, -3))
    assert quotes == Quotes((Quote(5, 1), Quote(2, 1)), (Quote(15, 1), Quote(18, 1), Quote(21, 1)))
    assert strategy.quote(MarketView(0, 10, 0)) == Ladder(2, 3, (1, 1, 1)).quote(MarketView(0, 10, 0))


@pytest.mark.parametrize("slope", [-1.0, math.inf, math.nan])
def test_a_widening_without_meaning_is_refused(slope: float) -> None:
    """A negative one would narrow; after its horizon there is none."""
    with pytest.raises(InvalidParameterError, match="ticks_per_lot"):
        InventoryWidening(slope)
    with pytest.raises(InvalidParameterError, match="volatility"):
        HorizonWidening(1.0, slope, 0)
    with pytest.raises(HorizonPassedError):
        HorizonWidening(1.0, 1.0, 5).ticks(MarketView(6, 1, 1))
