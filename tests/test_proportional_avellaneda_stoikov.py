"""The proportional strategy is the paper's at every price, and scales with it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderbook import AvellanedaStoikov, MarketView, ProportionalAvellanedaStoikov
from orderbook.errors import HorizonPassedError, InvalidParameterError

STRATEGY = ProportionalAvellanedaStoikov(
    risk_aversion=1e-7, relative_volatility=1e-4, relative_fill_decay=1_000, horizon_ns=10**12, size=10
)


@given(st.integers(1_000, 10**9), st.integers(-500, 500), st.integers(0, 10**12))
def test_it_is_the_papers_strategy_at_the_views_price(price: int, inventory: int, time_ns: int) -> None:
    """At any view the quotes are those of the paper's strategy with the parameters of that price."""
    view = MarketView(time_ns, price, inventory)
    paper = AvellanedaStoikov(
        risk_aversion=1e-7, volatility=1e-4 * price, fill_decay=1_000 / price, horizon_ns=10**12, size=10
    )
    assert STRATEGY.quote(view) == paper.quote(view)


def test_the_spread_keeps_its_share_of_the_price() -> None:
    """Without inventory and almost without risk aversion, ten times the price has ten times the spread."""
    careless = ProportionalAvellanedaStoikov(
        risk_aversion=1e-15, relative_volatility=1e-4, relative_fill_decay=1_000, horizon_ns=0, size=1
    )
    spreads = [careless.quote(MarketView(0, price, 0)).spread for price in (100_000, 1_000_000, 10_000_000)]
    assert spreads == [200, 2_000, 20_000]


def test_bad_parameters_and_late_views_are_refused() -> None:
    """The rules are those of the paper's strategy, and are checked when the strategy is made."""
    with pytest.raises(InvalidParameterError, match="relative_fill_decay"):
        ProportionalAvellanedaStoikov(1e-7, 1e-4, 0, 1, 1)
    with pytest.raises(HorizonPassedError):
        STRATEGY.quote(MarketView(10**12 + 1, 1_000, 0))
