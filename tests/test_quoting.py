"""What holds of every strategy: the same protocol, quotes a book can hold, limits that are kept."""

from collections.abc import Callable
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orderbook import (
    GLFT,
    AvellanedaStoikov,
    AvellanedaStoikovInfiniteHorizon,
    AveragingDown,
    CarteaJaimungal,
    FeeSchedule,
    FixedSpread,
    GLFTAsymptotic,
    Grid,
    HorizonSkew,
    HorizonWidening,
    Instrument,
    InventoryLimits,
    InventoryWidening,
    KillSwitch,
    Ladder,
    LinearSkew,
    MarketMaker,
    OptimalHalfSpread,
    OrderBook,
    ProportionalAvellanedaStoikov,
    ProportionalSpread,
    QuotingStrategy,
    RegimeThresholds,
    RiskAversionSchedule,
    RiskNeutral,
    ScheduledRiskAversion,
    Side,
    Skewed,
    ThreeClocks,
    VolatilityRegimes,
    Widened,
)
from orderbook.quoting.volatility_regimes import RegimeSizes, four_regimes

SECOND = 10**9
HORIZON = 600 * SECOND
FEES = FeeSchedule(100, 250)
LIMIT = 8
BASE = AvellanedaStoikov(1e-4, 20.0, 0.05, HORIZON, 2)
TABLE = four_regimes(3, 20, RegimeSizes(1, 2, 4), FEES)
THRESHOLDS = RegimeThresholds(3.0, 3.0, SECOND, 3, 8)
# The models with a bound of their own have it at the limit, beyond which they have no quotes.
STRATEGIES: dict[str, Callable[[], QuotingStrategy]] = {
    "fixed": lambda: FixedSpread(Fraction(7, 2), 2),
    "proportional": lambda: ProportionalSpread(300, 2),
    "optimal half-spread": lambda: OptimalHalfSpread(10.0, 2),
    "risk-neutral": lambda: RiskNeutral(0.05, 2, 100),
    "ladder": lambda: Ladder(3, Fraction(5, 2), (1, 2, 3)),
    "grid": lambda: Grid.even(10_000, 25, 2, LIMIT // 2, shown=2),
    "Avellaneda-Stoikov": lambda: BASE,
    "infinite horizon": lambda: AvellanedaStoikovInfiniteHorizon(1e-3, 0.05, LIMIT, 2),
    "proportional Avellaneda-Stoikov": lambda: ProportionalAvellanedaStoikov(1e-4, 2e-3, 500.0, HORIZON, 2),
    "scheduled": lambda: ScheduledRiskAversion(
        BASE, RiskAversionSchedule(((0, 1e-4), (10 * SECOND, float("inf")), (20 * SECOND, 1e-2)))
    ),
    "GLFT": lambda: GLFT(1e-4, 20.0, 0.05, 1.0, HORIZON, LIMIT, 2, drift=0.1, impact=1.0),
    "GLFT asymptotic": lambda: GLFTAsymptotic(1e-4, 20.0, 0.05, 1.0, 2, drift=0.1, impact=1.0),
    "Cartea-Jaimungal": lambda: CarteaJaimungal(0.05, 1.0, 0.01, 0.1, HORIZON, LIMIT, 2),
    "averaging down": lambda: AveragingDown(4, 2, FEES),
    "skewed and widened": lambda: Widened(
        Skewed(Skewed(Ladder(3, 2, (1, 1)), LinearSkew(0.3)), HorizonSkew(1e-4, 20.0, HORIZON)),
        HorizonWidening(1e-4, 20.0, HORIZON),
    ),
    "wider when long": lambda: Widened(FixedSpread(3, 2), InventoryWidening(1.5)),
    "four regimes": lambda: VolatilityRegimes(TABLE, THRESHOLDS),
    "three clocks": lambda: ThreeClocks(TABLE, THRESHOLDS, samples=3),
}

Move = tuple[int, int, Side, int]
MOVES = st.lists(
    st.tuples(st.integers(0, 3 * SECOND), st.integers(-30, 30), st.sampled_from(Side), st.integers(1, 12)), max_size=25
)


@pytest.mark.parametrize("name", STRATEGIES)
@settings(max_examples=25)
@given(moves=MOVES)
def test_a_market_maker_with_any_strategy_keeps_its_limits(name: str, moves: list[Move]) -> None:
    """Any prices and any flow: quotes the book takes, an inventory within the limits, and money that adds up."""
    book = OrderBook(Instrument(0, 0, 1, 1_000), FEES)
    limits = InventoryLimits(max_long=LIMIT, max_short=LIMIT)
    maker = MarketMaker("maker", STRATEGIES[name](), cash=10**9, holding=100, limits=limits)
    time_ns, fair, client, venue = 0, 10_000, 0, 0
    for wait, step, side, size in moves:
        time_ns, fair = time_ns + wait, fair + step
        result = maker.refresh(book, time_ns, fair)
        assert all(placement.rejection is None for placement in result.placements)
        shown = {quote_side: [(level.price, level.size) for level in book.depth(quote_side)] for quote_side in Side}
        for quote_side in Side:
            assert shown[quote_side] == [(quote.price, quote.size) for quote in result.affordable.levels(quote_side)]
        fills = book.market("client", side, size).fills
        maker.book_fills(fills)
        client += sum(fill.cash_change("client") for fill in fills)
        venue += sum(fill.venue_income for fill in fills)
        assert abs(maker.inventory) <= LIMIT
        assert maker.cash + client + venue == 10**9


@pytest.mark.parametrize("name", STRATEGIES)
def test_a_tripped_switch_silences_every_strategy(name: str) -> None:
    """Once it has tripped nothing rests, whatever the strategy would quote."""
    book = OrderBook(Instrument(0, 0, 1, 1_000), FEES)
    switch = KillSwitch(max_loss=1)
    maker = MarketMaker("maker", STRATEGIES[name](), cash=10**9, holding=100, target=98, kill_switch=switch)
    maker.refresh(book, 0, 10_000)
    maker.refresh(book, SECOND, 9_999)
    assert len(book) == 0
    assert switch.tripped is not None
    assert [withdrawal.time_ns for withdrawal in maker.withdrawals][-1] == SECOND
