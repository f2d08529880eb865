"""Who minds no risk asks one over the fill decay, and passes the rebate on (O-43, O-44)."""

import math

import pytest
from quadrature import maximise

from orderbook import MarketView, RiskNeutral
from orderbook.errors import InvalidParameterError
from orderbook.quoting.avellaneda_stoikov import indifference_prices
from orderbook.quoting.risk_neutral import monopoly_half_spread, risk_neutral_half_spread


@pytest.mark.parametrize("rebate", [-0.2, 0.0, 0.1, 0.5, 0.9])
def test_o43_the_whole_rebate_is_passed_on(rebate: float) -> None:
    """1 / k less the rebate earns most, whether the rebate is a rebate or a fee, and however often takers come."""
    best = maximise(lambda distance: (distance + rebate) * math.exp(-1.5 * distance), -2, 5)
    assert risk_neutral_half_spread(1.5, rebate) == pytest.approx(best, abs=1e-6)
    assert risk_neutral_half_spread(1.5, rebate) == risk_neutral_half_spread(1.5) - rebate


@pytest.mark.parametrize("pips", [-5_000, 0, 100, 2_000])
def test_o43_the_strategy_is_best_for_a_rebate_on_its_own_price(pips: int) -> None:
    """Rounded outwards by less than a tick from the distances found by trying."""
    fair, decay, rebate = 100_000.0, 0.002, pips / 1e6
    quotes = RiskNeutral(fill_decay=decay, size=3, maker_rebate_pips=pips).quote(MarketView(0, 100_000, inventory=9))
    assert quotes.bid is not None
    assert quotes.ask is not None
    bid = maximise(lambda d: (d + rebate * (fair - d)) * math.exp(-decay * d), -2_000, 5_000)
    ask = maximise(lambda d: (d + rebate * (fair + d)) * math.exp(-decay * d), -2_000, 5_000)
    assert -1e-3 < fair - bid - quotes.bid.price < 1.001
    assert -1e-3 < quotes.ask.price - fair - ask < 1.001


def test_o44_linear_demand_and_the_price_of_risk() -> None:
    """Against falling demand the best two half-spreads are alpha / beta; the risk term is the indifference pair's."""
    best = maximise(lambda distance: distance * (3 - 4 * distance), 0, 1)
    assert monopoly_half_spread(3, 4) == pytest.approx(best, abs=1e-6)
    assert 2 * monopoly_half_spread(3, 4) == 3 / 4
    bid, ask = indifference_prices(100, 0, risk_aversion=0.1, volatility=2, time_left=0.5)
    assert ask - bid == pytest.approx(0.1 * 2**2 * 0.5, rel=1e-12)


@pytest.mark.parametrize("decay", [0.0, -1.0, math.inf, math.nan])
def test_a_fill_decay_of_nothing_or_infinity_is_refused(decay: float) -> None:
    """The error names it; so it does a rebate of the whole price, and one at which the quotes would cross."""
    with pytest.raises(InvalidParameterError, match="fill_decay"):
        RiskNeutral(decay, 1)
    with pytest.raises(InvalidParameterError, match="fill_decay"):
        risk_neutral_half_spread(decay)
    with pytest.raises(InvalidParameterError, match="maker_rebate_pips"):
        RiskNeutral(1.0, 1, 1_000_000)
    with pytest.raises(InvalidParameterError, match="below the ask"):
        RiskNeutral(1.0, 1, 1_000).quote(MarketView(0, 10_000, 0))
