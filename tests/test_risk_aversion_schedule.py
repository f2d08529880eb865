"""A risk aversion that follows a schedule, and withdrawal as its limit (S36)."""

import math

import pytest

from orderbook import (
    AvellanedaStoikov,
    Instrument,
    MarketMaker,
    MarketView,
    OrderBook,
    RiskAversionSchedule,
    ScheduledRiskAversion,
    Side,
    Withdrawal,
    WithdrawalReason,
)
from orderbook.errors import InvalidParameterError
from orderbook.quoting.avellaneda_stoikov import fill_factor, total_spread

SECOND = 10**9
BASE = AvellanedaStoikov(risk_aversion=1e-3, volatility=200.0, fill_decay=0.015, horizon_ns=SECOND, size=1)


@pytest.mark.parametrize(
    ("risk_aversion", "spread", "factor"), [(0.1, 1.69, 0.281), (10.0, 40.4, 6.9e-14), (1e3, 4000.0, 0.0)]
)
def test_s36_the_spread_grows_with_risk_aversion_and_fills_cease(
    risk_aversion: float, spread: float, factor: float
) -> None:
    """Volatility 2, one second left, fill decay 1.5: 1.69 and .281 at .1, 40.4 and 6.9e-14 at 10."""
    wide = total_spread(risk_aversion=risk_aversion, volatility=2, fill_decay=1.5, time_left=1)
    assert wide == pytest.approx(spread, rel=1e-3)
    assert fill_factor(wide / 2, fill_decay=1.5) == pytest.approx(factor, rel=6e-3, abs=1e-300)


def test_s36_the_strategy_follows_the_schedule_and_withdraws_at_infinity() -> None:
    """Each step quotes as the paper's strategy with that step's risk aversion; infinity quotes nothing and says why."""
    schedule = RiskAversionSchedule(((0, 1e-3), (10, 1e-1), (20, math.inf), (30, 1e-3)))
    strategy = ScheduledRiskAversion(BASE, schedule)
    for time_ns, risk_aversion in ((0, 1e-3), (9, 1e-3), (10, 1e-1), (19, 1e-1), (30, 1e-3), (99, 1e-3)):
        view = MarketView(time_ns, 100_000, inventory=3)
        assert strategy.quote(view) == AvellanedaStoikov(risk_aversion, 200.0, 0.015, SECOND, 1).quote(view)
    quotes = strategy.quote(MarketView(20, 100_000, inventory=3))
    assert (quotes.bids, quotes.asks, quotes.absence) == ((), (), WithdrawalReason.RISK_AVERSION)


def test_s36_the_withdrawal_is_in_the_market_makers_record() -> None:
    """It cancels both quotes at the step to infinity, records when and why, and quotes again at the next step."""
    book = OrderBook(Instrument(0, 0, 1, 1))
    schedule = RiskAversionSchedule(((0, 1e-3), (20, math.inf), (30, 1e-3)))
    maker = MarketMaker("maker", ScheduledRiskAversion(BASE, schedule), cash=10**9, holding=100)
    orders = []
    for time_ns in range(0, 40, 5):
        maker.refresh(book, time_ns, 100_000)
        orders.append(len(book))
    assert orders == [2, 2, 2, 2, 0, 0, 2, 2]
    assert maker.withdrawals == [Withdrawal(20, tuple(Side), WithdrawalReason.RISK_AVERSION, 0)]


def test_before_its_first_step_a_schedule_says_the_same_as_at_it() -> None:
    """And it reads as what it holds."""
    schedule = RiskAversionSchedule(((5, 2.0), (7, 3.0)))
    assert (schedule.at(-1), schedule.at(6), schedule.at(7)) == (2.0, 2.0, 3.0)
    assert repr(ScheduledRiskAversion(BASE, schedule)).startswith("ScheduledRiskAversion(5: AvellanedaStoikov(risk_av")


@pytest.mark.parametrize(
    ("steps", "match"),
    [
        ((), "at least one step"),
        (((5, 1.0), (5, 2.0)), "after the step at 5 ns"),
        (((0, 0.0),), "risk_aversion is 0.0"),
        (((0, -1.0),), "risk_aversion is -1.0"),
        (((0, math.nan),), "risk_aversion is nan"),
    ],
)
def test_a_schedule_without_meaning_is_refused(steps: tuple[tuple[int, float], ...], match: str) -> None:
    """No steps, steps out of order, a risk aversion that is none."""
    with pytest.raises(InvalidParameterError, match=match):
        RiskAversionSchedule(steps)
