"""Quotes that lean against the inventory (S30, S31, S32)."""

import math
from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderbook import FixedSpread, HorizonSkew, Ladder, LinearSkew, MarketView, Skewed
from orderbook.errors import HorizonPassedError, InvalidParameterError
from orderbook.quoting.avellaneda_stoikov import linear_reservation_price, reservation_price

SECOND = 10**9


def test_s30_the_toy_reservation_price() -> None:
    """Three lots at a risk aversion of .1 lower both quotes by .3, in ticks of a hundredth by 30."""
    assert linear_reservation_price(100, 3, 0.1) == pytest.approx(99.7, rel=1e-12)
    flat, long = (Skewed(FixedSpread(50, 1), LinearSkew(10)).quote(MarketView(0, 10_000, q)) for q in (0, 3))
    assert flat.bid is not None
    assert flat.ask is not None
    assert long.bid is not None
    assert long.ask is not None
    assert (long.bid.price - flat.bid.price, long.ask.price - flat.ask.price) == (-30, -30)


def test_s31_the_reservation_price_of_avellaneda_and_stoikov() -> None:
    """Three lots, gamma .1, sigma 2, .4 left: 99.52; the same lean as a part, in ticks of a hundredth."""
    assert reservation_price(100, 3, risk_aversion=0.1, volatility=2, time_left=0.4) == pytest.approx(99.52)
    skew = HorizonSkew(risk_aversion=0.001, volatility=200, horizon_ns=SECOND)
    assert skew.ticks(MarketView(600_000_000, 10_000, 3)) == pytest.approx(48)
    with pytest.raises(HorizonPassedError):
        skew.ticks(MarketView(SECOND + 1, 10_000, 3))


def test_s32_after_a_client_has_bought_both_quotes_go_up() -> None:
    """Short one lot, r - s is +.01 at a slope of .01: the next purchase is dearer, not cheaper."""
    strategy = Skewed(FixedSpread(5, 1), LinearSkew(1))
    before, after = (strategy.quote(MarketView(0, 10_000, q)) for q in (0, -1))
    assert before.bid is not None
    assert before.ask is not None
    assert after.bid is not None
    assert after.ask is not None
    assert (after.bid.price, after.ask.price) == (before.bid.price + 1, before.ask.price + 1)


def test_s32_claim_fails_splitting_a_purchase_makes_the_next_parts_cheaper() -> None:
    """Ten purchases in a row, each taken from the ask: every one is dearer than the one before."""
    strategy = Skewed(FixedSpread(5, 1), LinearSkew(1))
    asks = [strategy.quote(MarketView(0, 10_000, -bought)).asks[0].price for bought in range(10)]
    assert all(later > earlier for earlier, later in pairwise(asks))


@given(st.fractions(1_000, 10**6), st.integers(-50, 50), st.fractions(0, 5))
def test_the_base_quotes_around_the_leaning_price(fair: Fraction, inventory: int, slope: Fraction) -> None:
    """Whatever the base: exactly its quotes at the price less the skew, ladders included."""
    base = Ladder(3, 2, (1, 2, 3))
    skew = LinearSkew(float(slope))
    leaning = fair - Fraction(float(slope) * inventory)
    assert Skewed(base, skew).quote(MarketView(7, fair, inventory)) == base.quote(MarketView(7, leaning, inventory))


@pytest.mark.parametrize("slope", [-1.0, math.inf, math.nan])
def test_a_slope_without_meaning_is_refused(slope: float) -> None:
    """A negative one would lean into the inventory."""
    with pytest.raises(InvalidParameterError, match="ticks_per_lot"):
        LinearSkew(slope)
    with pytest.raises(InvalidParameterError, match="risk_aversion"):
        HorizonSkew(slope, 1.0, 0)
