"""Three clocks: the spread by the second, the centre by the minute, the strategy by the hour (S27)."""

import math
from copy import deepcopy
from fractions import Fraction

import numpy as np
import pytest

from orderbook import (
    FeeSchedule,
    FixedSpread,
    MarketView,
    RegimeThresholds,
    ThreeClocks,
    VolatilityRegime,
    VolatilityRegimes,
)
from orderbook.errors import ClockReversedError, InvalidParameterError
from orderbook.quoting.three_clocks import CentreClock, SpreadClock
from orderbook.quoting.volatility_regimes import RegimeSizes, four_regimes

SECOND = 10**9
NOISE = 40
TABLE = four_regimes(50, 200, RegimeSizes(1, 5, 20), FeeSchedule())
BY_THE_HOUR = RegimeThresholds(60.0, 60.0, interval_ns=60 * SECOND, lag=10, window=60)


def noisy(mean: int, seconds: int, seed: int) -> list[int]:
    """Prices in ticks that come back to a mean every second."""
    return [mean + round(float(noise)) for noise in np.random.default_rng(seed).normal(0, NOISE, seconds)]


@pytest.mark.parametrize("seed", range(8))
@pytest.mark.parametrize("into_the_minute", [0, 1, 29, 59])
def test_s27_a_step_of_five_deviations_is_followed_within_a_minute(seed: int, into_the_minute: int) -> None:
    """Wherever in the minute the mean steps up, sixty seconds later the centre is within a deviation of the new one."""
    clock = CentreClock(SECOND, samples=60, threshold=3.0)
    before = noisy(100_000, 300 + into_the_minute, seed)
    after = noisy(100_000 + 5 * NOISE, 60, seed + 100)
    for second, price in enumerate(before):
        clock.observe(second * SECOND, price)
    assert clock.centre is not None
    assert abs(float(clock.centre) - 100_000) < 1.5 * NOISE
    for second, price in enumerate(after, len(before)):
        clock.observe(second * SECOND, price)
    assert abs(float(clock.centre) - (100_000 + 5 * NOISE)) < NOISE


def test_s27_without_a_step_the_centre_stays() -> None:
    """Once it is at the mean, an hour of noise moves it rarely, and never by as much as a deviation."""
    clock, moves = CentreClock(SECOND, samples=60, threshold=4.0), set()
    for second, price in enumerate(noisy(100_000, 3_600, seed=27)):
        clock.observe(second * SECOND, price)
        if second >= 60:
            moves.add(clock.centred_ns)
            assert clock.centre is not None
            assert abs(float(clock.centre) - 100_000) < NOISE
    assert len(moves) < 40


def test_s27_the_spread_follows_the_second() -> None:
    """Moves of 30 ticks a second widen each side by 30; a minute of calm takes all of it back."""
    clock = SpreadClock(SECOND, moves=60)
    for second in range(61):
        clock.observe(second * SECOND, 100_000 + 30 * (second % 2))
    assert clock.volatility == pytest.approx(30)
    for second in range(61, 122):
        clock.observe(second * SECOND, 100_000)
    assert clock.volatility == 0


def test_s27_all_three_together() -> None:
    """Each second's spread, each minute's centre, each hour's strategy, in one set of quotes."""
    strategy = ThreeClocks(TABLE, BY_THE_HOUR, spread_multiple=2.0)
    for second in range(3 * 3_600):
        swing = 500 * (second // 60 % 2) if 3_600 <= second < 7_200 else 0
        quotes = strategy.quote(MarketView(second * SECOND, 100_000 + swing, 0))
        if second in {3_599, 3 * 3_600 - 1}:
            assert strategy.regime_clock.regime is VolatilityRegime.QUIET
            assert (quotes.spread, quotes.asks[0].size) == (100, 5)
        if second == 7_199:
            assert strategy.regime_clock.regime is VolatilityRegime.CHOPPY
            # A jump of 500 in 60 seconds is 500 / sqrt(60) a second; twice that on each side, and the wide half-spread.
            extra = math.ceil(2 * 500 / math.sqrt(60))
            assert (quotes.spread, quotes.asks[0].size) == (2 * (200 + extra), 20)
            assert quotes.asks[0].price == 200 + extra + math.ceil(strategy.centre_clock.centre or 0)


def test_the_quotes_stand_around_the_centre_not_the_fair_price() -> None:
    """A lone tick up is noise: the quotes stay where they are."""
    strategy = ThreeClocks(dict.fromkeys(VolatilityRegime, FixedSpread(5, 1)), BY_THE_HOUR, spread_multiple=0.0)
    first = strategy.quote(MarketView(0, Fraction(1_000), 0))
    assert strategy.quote(MarketView(SECOND, 1_003, 0)) == first
    assert repr(strategy).startswith("ThreeClocks(strategies={")


def test_a_copy_keeps_a_clock_of_its_own() -> None:
    """A strategy that has seen prices can be copied before, and run again from the beginning."""
    for strategy in (ThreeClocks(TABLE, BY_THE_HOUR), VolatilityRegimes(TABLE, BY_THE_HOUR)):
        fresh = deepcopy(strategy)
        first = strategy.quote(MarketView(SECOND, 100_000, 0))
        assert fresh.quote(MarketView(0, 100_000, 0)) == first


def test_clocks_without_meaning_are_refused() -> None:
    """A regime without a strategy, a negative multiple, a window of one price, no threshold, a clock turned back."""
    with pytest.raises(InvalidParameterError, match="strategies"):
        ThreeClocks({}, BY_THE_HOUR)
    with pytest.raises(InvalidParameterError, match="spread_multiple"):
        ThreeClocks(TABLE, BY_THE_HOUR, spread_multiple=-1.0)
    with pytest.raises(InvalidParameterError, match="samples"):
        ThreeClocks(TABLE, BY_THE_HOUR, samples=1)
    with pytest.raises(InvalidParameterError, match="threshold"):
        ThreeClocks(TABLE, BY_THE_HOUR, shift_threshold=0.0)
    strategy = ThreeClocks(TABLE, BY_THE_HOUR)
    strategy.quote(MarketView(9, 100, 0))
    with pytest.raises(ClockReversedError):
        strategy.quote(MarketView(8, 100, 0))
