"""Four regimes of volatility, how they are told apart, and what is quoted in each (S28)."""

import numpy as np
import pytest

from orderbook import (
    AveragingDown,
    FeeSchedule,
    FixedSpread,
    MarketView,
    RegimeThresholds,
    VolatilityRegime,
    VolatilityRegimes,
)
from orderbook.errors import ClockReversedError, InvalidParameterError
from orderbook.quoting.volatility_regimes import RegimeClock, RegimeSizes, four_regimes

SECOND = 10**9
FEES = FeeSchedule(maker_rebate_pips=100)
SIZES = RegimeSizes(small=1, normal=5, large=20)
THRESHOLDS = RegimeThresholds(short_volatility=5.0, long_volatility=5.0, interval_ns=SECOND, lag=30, window=600)
QUIET, CHOPPY, TRENDING, WILD = VolatilityRegime


def prices(regime: VolatilityRegime, seed: int = 28) -> list[int]:
    """Ten minutes of one-second prices in ticks."""
    rng = np.random.default_rng(seed)
    noise = rng.normal(0, 1, 600)
    path = {
        QUIET: np.cumsum(noise),
        CHOPPY: 10 * noise,
        TRENDING: np.cumsum(noise) + 4 * np.arange(600),
        WILD: np.cumsum(20 * noise),
    }[regime]
    return [100_000 + round(float(price)) for price in path]


@pytest.mark.parametrize("regime", list(VolatilityRegime))
@pytest.mark.parametrize("seed", range(5))
def test_s28_each_regime_is_told_from_its_prices(regime: VolatilityRegime, seed: int) -> None:
    """Small or large moves over a second, that do or do not add up over thirty: the ratio tells chop from trend."""
    clock = RegimeClock(THRESHOLDS)
    for second, price in enumerate(prices(regime, seed)):
        clock.observe(second * SECOND, price)
    assert clock.regime is regime
    assert clock.diagnosis is not None
    if regime is CHOPPY:
        assert clock.diagnosis.variance_ratio < 0.1
    if regime is TRENDING:
        assert clock.diagnosis.variance_ratio > 10


def test_s28_the_table_of_the_articles() -> None:
    """Narrow when quiet and in trends; wide, larger and averaging down in chop; wide and smaller when wild."""
    table = four_regimes(2, 9, SIZES, FEES)
    assert table == {
        QUIET: FixedSpread(2, 5),
        CHOPPY: AveragingDown(9, 20, FEES),
        TRENDING: FixedSpread(2, 5),
        WILD: FixedSpread(9, 1),
    }
    assert VolatilityRegime.of(long_is_high=False, short_is_high=True) is CHOPPY
    assert VolatilityRegime.of(long_is_high=True, short_is_high=False) is TRENDING


def test_s28_the_strategy_changes_with_the_regime() -> None:
    """Quiet until the window is full, then whatever the window says, and back when the market calms down."""
    strategy = VolatilityRegimes(four_regimes(2, 9, SIZES, FEES), THRESHOLDS)
    spreads = []
    flow = prices(WILD) + [price - 100_000 + prices(WILD)[-1] for price in prices(QUIET)]
    for second, price in enumerate(flow):
        quotes = strategy.quote(MarketView(second * SECOND, price, 0))
        spreads.append((quotes.spread, quotes.asks[0].size))
    assert spreads[598] == (4, 5)
    assert spreads[599] == (18, 1)
    assert spreads[-1] == (4, 5)


def test_a_price_that_never_moves_is_quiet() -> None:
    """Without a move there is no ratio, and nothing to be wide for."""
    assert THRESHOLDS.diagnose([5.0] * 600).regime is QUIET


def test_tables_and_thresholds_without_meaning_are_refused() -> None:
    """A regime without a strategy, sizes or half-spreads out of order, a window shorter than its lag, time reversed."""
    table = four_regimes(2, 9, SIZES, FEES)
    with pytest.raises(InvalidParameterError, match="WILD"):
        VolatilityRegimes({regime: table[regime] for regime in (QUIET, CHOPPY, TRENDING)}, THRESHOLDS)
    with pytest.raises(InvalidParameterError, match="wide"):
        four_regimes(2, 2, SIZES, FEES)
    with pytest.raises(InvalidParameterError, match="normal"):
        RegimeSizes(5, 5, 6)
    with pytest.raises(InvalidParameterError, match="window"):
        RegimeThresholds(1.0, 1.0, SECOND, 30, 31)
    with pytest.raises(InvalidParameterError, match="short_volatility"):
        RegimeThresholds(0.0, 1.0, SECOND, 30, 60)
    strategy = VolatilityRegimes(table, THRESHOLDS)
    strategy.quote(MarketView(5, 100, 0))
    with pytest.raises(ClockReversedError):
        strategy.quote(MarketView(4, 100, 0))
