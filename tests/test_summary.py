"""The compiled comparison beside the plain one: every sum of every provider, every agent, every identity."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import fields
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import gbm, market_of, poisson, providers

from compare.clocks import SECOND_NS, Clocks
from compare.curve_venue import CurveLiquidityProvider
from compare.errors import CompareError, InputError, NotCompiledError
from compare.just_in_time_provider import JustInTime
from compare.liquidity_provider import LiquidityProvider
from compare.market import Market
from compare.market_maker import MarketMaker
from compare.pair_venue import PairLiquidityProvider
from compare.paths import PricePath
from compare.provider_book import Amounts, Attribution, FlowKind, ProviderBook
from compare.summary import Summary, summarise
from compare.tape import TakerTape
from compare.world import Provider
from orderbook import (
    GLFT,
    AvellanedaStoikov,
    AvellanedaStoikovInfiniteHorizon,
    CarteaJaimungal,
    FeeSchedule,
    FixedSpread,
    GLFTAsymptotic,
    InventoryLimits,
    KillSwitch,
    ProportionalAvellanedaStoikov,
    ProportionalSpread,
    QuotingStrategy,
)
from orderbook.errors import HorizonPassedError, OrderBookError

PRICE = 2_000_000  # ticks of the paths drawn here


@pytest.fixture(scope="module")
def compiler() -> None:
    """Both loops, compiled once for all tests of this file."""
    pytest.importorskip("numba", reason="the compiled comparison needs numba")
    path = gbm(hours=0.1)
    market = market_of(path)
    summarise(path, poisson(path, market), providers(), market=market, capital=1_000_000, compiled=True)


def books_of(book: ProviderBook) -> dict[str, object]:
    """Everything a page of the ledger holds, sums of nothing left out."""
    sums: dict[str, object] = {}
    for field in fields(Attribution):
        value = getattr(book.sums, field.name)
        sums[field.name] = value if isinstance(value, int) else {kind: one for kind, one in value.items() if one}
    return sums | {
        "account": book.account,
        "fee_income": book.fee_income,
        "endowment": book.endowment,
        "components": book.components(),
        "fair_ticks": book.fair_ticks,
    }


def contents(summary: Summary) -> dict[str, object]:
    """Everything a summary says."""
    return {
        one.name: (books_of(one.book), one.agents, one.identities, one.price_range, one.setting)
        for one in summary.providers
    }


def assert_same(path: PricePath, tape: TakerTape, who: list[Provider], **options: Any) -> Summary | Exception:  # noqa: ANN401 - the options of summarise
    """Run both engines: equal books, or an error of one type that says the same."""

    def outcome(*, compiled: bool) -> Summary | Exception:
        try:
            return summarise(path, tape, who, compiled=compiled, **options)
        except (CompareError, OrderBookError) as error:
            return error

    fast, plain = outcome(compiled=True), outcome(compiled=False)
    if isinstance(plain, Exception):
        assert (type(fast), str(fast)) == (type(plain), str(plain))
        return plain
    assert isinstance(fast, Summary), fast
    assert contents(fast) == contents(plain)
    assert fast.plain_because is None
    return fast


# Random scenarios -----------------------------------------------------------------------------------------------------

STEPS = st.sampled_from([1, SECOND_NS, 12 * SECOND_NS, 12 * SECOND_NS, 7 * SECOND_NS + 1, 3_600 * SECOND_NS])
MOVES = st.sampled_from([0, 0, 1, -1, 700, -700, 5_000, -5_000, 60_000, -60_000])
RANGES = st.sampled_from(["0.2%", "5%", "full", ("1%", "10%"), "1900:2100", "3000:4000"])


@st.composite
def paths(draw: st.DrawFn) -> PricePath:
    """A path with gaps, standstills and jumps."""
    moves = draw(st.lists(st.tuples(STEPS, MOVES), min_size=1, max_size=40))
    start = draw(st.sampled_from([0, 1_700_000_000 * SECOND_NS]))
    times = start + np.cumsum([0, *(step for step, _ in moves)])
    ticks = np.maximum(PRICE + np.cumsum([0, *(move for _, move in moves)]), 1)
    return PricePath(times, ticks, Fraction(1, 1_000))


@st.composite
def tapes(draw: st.DrawFn, path: PricePath) -> TakerTape:
    """Orders of both kinds, many at the moments at which the price moves, some that take any price."""
    moments = st.one_of(st.sampled_from(path.time_ns.tolist()), st.integers(path.start_ns, path.end_ns))
    times = sorted(draw(st.lists(moments, max_size=40)))
    count = len(times)

    def column(values: st.SearchStrategy[int]) -> list[int]:
        return draw(st.lists(values, min_size=count, max_size=count))

    return TakerTape(
        np.array(times, dtype=np.int64),
        np.array(column(st.sampled_from([1, -1])), dtype=np.int8),
        np.array(column(st.one_of(st.integers(1, 30_000), st.integers(1, 10**9))), dtype=np.int64),
        np.array(column(st.sampled_from([0, 100, 1_000, 5_000, 50_000, 2_000_000])), dtype=np.int64),
        np.array(column(st.integers(0, 1)), dtype=np.uint8),
        np.arange(count),
        Fraction(1, 10_000),
    )


def floats(low: float, high: float) -> st.SearchStrategy[float]:
    return st.floats(np.log(low), np.log(high)).map(np.exp).map(float)


SIZES = st.integers(1, 50_000)
STRATEGIES: st.SearchStrategy[QuotingStrategy] = st.one_of(
    st.builds(ProportionalSpread, st.integers(1, 20_000), SIZES),
    st.builds(
        FixedSpread,
        st.one_of(st.integers(1, 5_000), st.fractions(Fraction(1, 50), 3_000, max_denominator=1_000)),
        SIZES,
    ),
    st.builds(
        AvellanedaStoikov,
        risk_aversion=floats(1e-12, 1e-5),
        volatility=floats(1, 1e4),
        fill_decay=floats(1e-5, 1e-1),
        horizon_ns=st.just(1_800_000_000 * SECOND_NS),
        size=SIZES,
    ),
    st.builds(
        ProportionalAvellanedaStoikov,
        risk_aversion=floats(1e-12, 1e-5),
        relative_volatility=floats(1e-7, 1e-3),
        relative_fill_decay=floats(10, 1e5),
        horizon_ns=st.integers(0, 4_000_000_000).map(lambda seconds: seconds * SECOND_NS),
        size=SIZES,
    ),
    st.builds(
        AvellanedaStoikovInfiniteHorizon,
        risk_aversion=floats(1e-10, 1e-5),
        fill_decay=floats(1e-5, 1e-1),
        max_inventory=st.integers(1, 10**6),
        size=SIZES,
    ),
    st.builds(
        GLFTAsymptotic,
        risk_aversion=floats(1e-10, 1e-6),
        volatility=floats(1, 1e3),
        fill_decay=floats(1e-4, 1e-1),
        arrival_intensity=floats(1e-3, 1),
        size=SIZES,
        drift=st.sampled_from([0.0, 0.01]),
    ),
    st.builds(
        GLFT,
        risk_aversion=floats(1e-10, 1e-6),
        volatility=floats(1, 1e3),
        fill_decay=floats(1e-4, 1e-1),
        arrival_intensity=floats(1e-3, 1),
        horizon_ns=st.integers(0, 2_000_000_000).map(lambda seconds: seconds * SECOND_NS),
        max_inventory=st.integers(1, 9).map(lambda quotes: 1_000 * quotes),
        size=st.just(1_000),
        impact=st.sampled_from([0.0, 10.0]),
    ),
    st.builds(
        CarteaJaimungal,
        fill_decay=floats(1e-4, 1e-1),
        arrival_intensity=floats(1e-3, 1),
        running_penalty=floats(1e-6, 1e-2),
        terminal_penalty=floats(1e-3, 1),
        horizon_ns=st.integers(0, 20_000).map(lambda seconds: seconds * SECOND_NS),
        max_inventory=st.integers(1, 9).map(lambda quotes: 1_000 * quotes),
        size=st.just(1_000),
    ),
)
MAKERS = st.builds(
    MarketMaker,
    STRATEGIES,
    st.builds(FeeSchedule, st.integers(-500, 500), st.integers(-500, 1_000)),
    limits=st.one_of(st.none(), st.builds(InventoryLimits, st.integers(0, 10**5), st.integers(0, 10**5))),
    information_lag_ns=st.sampled_from([0, 0, 1, 12 * SECOND_NS, 3_600 * SECOND_NS, 10**12]),
)
PROVIDERS: st.SearchStrategy[Provider] = st.one_of(
    st.just(PairLiquidityProvider()),
    st.builds(LiquidityProvider, RANGES, st.sampled_from([100, 500, 3_000, 10_000])),
    st.builds(LiquidityProvider, RANGES, st.integers(0, 500_000), tick_spacing=st.sampled_from([1, 10, 2_000])),
    st.builds(
        LiquidityProvider,
        st.sampled_from(["0.2%", "5%", ("1%", "2%")]),
        st.sampled_from([100, 3_000]),
        st.just(True),
        st.sampled_from([0.0, 5.0]),
        st.sampled_from([0.0, 0.5]),
    ),
)
RANDOM_CLOCKS = st.builds(
    Clocks,
    st.sampled_from([1, 12, 12, 60, 4_000]).map(lambda seconds: seconds * SECOND_NS),
    st.sampled_from([1, 12, 12, 60, 4_000]).map(lambda seconds: seconds * SECOND_NS),
    st.booleans(),
    st.one_of(st.none(), st.none(), st.integers(0, 5)),
)


WATCHERS: st.SearchStrategy[list[JustInTime]] = st.one_of(
    st.just([]),
    st.builds(
        JustInTime,
        gas=st.sampled_from([0.0, 0.0, 0.5]),
        visibility=st.sampled_from([1.0, 1.0, 0.5, 0.0]),
        capital_share=st.sampled_from([10.0, 0.1, 1000.0]),
    ).map(lambda one: [one]),
)


@st.composite
def scenarios(draw: st.DrawFn) -> tuple[PricePath, TakerTape, list[Provider], dict[str, Any]]:
    """A whole setting."""
    path = draw(paths())
    tape = draw(tapes(path))
    market = Market.of(path, tape, base_is_token0=draw(st.booleans()), base_decimals=draw(st.sampled_from([8, 18])))
    options = {
        "market": market,
        "capital": draw(st.sampled_from([500, 100_000, 10**9])),
        "clocks": draw(RANDOM_CLOCKS),
        "gas": draw(st.sampled_from([0, 0, 1, 40])),
    }
    passive = draw(PROVIDERS)
    watching = draw(WATCHERS) if isinstance(passive, LiquidityProvider) else []
    return path, tape, [passive, draw(MAKERS), *watching], options


@pytest.mark.usefixtures("compiler")
@given(scenarios())
def test_random_scenarios_are_the_same_compiled(
    scenario: tuple[PricePath, TakerTape, list[Provider], dict[str, Any]],
) -> None:
    """Every sum, every agent, every identity, on any path, tape, range, fee, strategy and clock; or the same error."""
    path, tape, who, options = scenario
    assert_same(path, tape, who, **options)


@pytest.mark.usefixtures("compiler")
@settings(max_examples=15)
@given(scenarios(), st.integers(1, 7))
def test_a_path_in_pieces_is_the_same(
    scenario: tuple[PricePath, TakerTape, list[Provider], dict[str, Any]], size: int
) -> None:
    """However few points and orders the loops are given at a time, they end where they end when given all at once."""
    path, tape, who, options = scenario
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("compare.summary._CHUNK", size)
        assert_same(path, tape, who, **options)


@pytest.mark.usefixtures("compiler")
@pytest.mark.parametrize("base_is_token0", [True, False])
def test_a_day_of_many_trades_is_the_same_compiled(base_is_token0: bool) -> None:
    """Thousands of trades with gas, in pools of either order of tokens, with two providers and two makers."""
    path = gbm(11, hours=8)
    market = market_of(path, base_is_token0=base_is_token0)
    who = [
        *providers(),
        LiquidityProvider(("1%", "30%"), 3_000, name="ladder"),
        MarketMaker(GLFTAsymptotic(1e-7, 200.0, 1e-3, 0.05, size=2_000), FeeSchedule(-20, 50), name="model"),
    ]
    found = assert_same(path, poisson(path, market), who, market=market, capital=200_000, gas=Fraction(1, 2))
    assert isinstance(found, Summary)
    for one in found.providers:
        trades = one.book.sums.trades
        assert trades[FlowKind.NOISE] > 200
        assert trades[FlowKind.ARBITRAGE] > 10


@pytest.mark.usefixtures("compiler")
@pytest.mark.parametrize("watched", [False, True])
def test_a_range_that_follows_the_price_is_the_same_compiled(watched: bool) -> None:
    """Every move is the plain engine's, with gas and a trade outside, and the loop goes on after it."""
    path = gbm(4, hours=12)
    market = market_of(path)
    follower = LiquidityProvider(("0.4%", "0.6%"), 500, recentre=True, outside_cost_bps=2.0, gas=0.3)
    who: list[Provider] = [follower, *([JustInTime(gas=0.1)] if watched else [])]
    found = assert_same(path, poisson(path, market, mean_size=3), who, market=market, capital=200_000)
    assert isinstance(found, Summary)
    sums = found["liquidity provider"].book.sums
    assert sums.trades[FlowKind.UPKEEP] > 5
    assert sums.trades[FlowKind.NOISE] > 100


@pytest.mark.usefixtures("compiler")
@pytest.mark.parametrize("lag", [1, 60 * SECOND_NS, 3_600 * SECOND_NS])
def test_a_maker_that_sees_late_is_the_same_compiled(lag: int) -> None:
    """It quotes around old prices, and pays for that, in chunks of a path far shorter than the lag too."""
    path = gbm(4, hours=4)
    market = market_of(path)
    late = MarketMaker(ProportionalSpread(1_000, 500), information_lag_ns=lag)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("compare.summary._CHUNK", 50)
        found = assert_same(path, poisson(path, market), [late], market=market, capital=200_000)
    assert isinstance(found, Summary)
    sums = found.providers[0].book.sums
    assert sums.trades[FlowKind.ARBITRAGE] > 10
    assert sums.adverse_selection[FlowKind.ARBITRAGE] < 0


@pytest.mark.usefixtures("compiler")
@pytest.mark.parametrize("base_is_token0", [True, False])
def test_days_in_a_pair_are_the_same_compiled(base_is_token0: bool) -> None:
    """Hundreds of orders of both kinds and of arbitrages that pay for their gas, fees left in the reserves."""
    path = gbm(11, hours=36)
    market = market_of(path, base_is_token0=base_is_token0)
    tape = poisson(path, market, mean_size=3)
    found = assert_same(path, tape, [PairLiquidityProvider()], market=market, capital=200_000, gas=Fraction(1, 2))
    assert isinstance(found, Summary)
    trades = found.providers[0].book.sums.trades
    assert trades[FlowKind.NOISE] > 200
    assert trades[FlowKind.ARBITRAGE] > 10


@pytest.mark.usefixtures("compiler")
@pytest.mark.parametrize("base_is_token0", [True, False])
def test_a_day_of_bundles_is_the_same_compiled(base_is_token0: bool) -> None:
    """Hundreds of bundles that pay and others that do not, over a ladder whose ticks they share."""
    path = gbm(5, hours=8)
    market = market_of(path, base_is_token0=base_is_token0)
    tape = poisson(path, market, mean_size=40)
    who: list[Provider] = [LiquidityProvider(("0.2%", "2%", "full"), 100), JustInTime(gas=2.0, visibility=0.8)]
    found = assert_same(path, tape, who, market=market, capital=2_000_000)
    assert isinstance(found, Summary)
    trades = found["just-in-time provider"].book.sums.trades
    assert 100 < trades[FlowKind.UPKEEP] == trades[FlowKind.NOISE] < len(tape) / 2


@pytest.mark.parametrize("compiled", [True, False])
def test_a_golden_scenario_keeps_its_integers(compiled: bool, request: pytest.FixtureRequest) -> None:
    """Either engine gives the integers written down here."""
    if compiled:
        request.getfixturevalue("compiler")
    path = gbm()
    market = market_of(path)
    found = summarise(
        path, poisson(path, market), providers(), market=market, capital=200_000, gas=1, compiled=compiled
    )
    assert {one.name: one.book.beyond_hodl() for one in found.providers} == GOLDEN
    assert all(identity.residual == 0 for one in found.providers for identity in one.identities)


GOLDEN = {"liquidity provider": 304_917_491_360_150_613_898_352, "market maker": 64_318_997_000_000_000_000_000}


# Threads --------------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("compiler")
def test_threads_change_nothing() -> None:
    """Worlds of several seeds, lived through at once, end as they do one by one."""

    def one(seed: int) -> dict[str, object]:
        path = gbm(seed)
        market = market_of(path)
        tape = poisson(path, market, seed + 1)
        return contents(summarise(path, tape, providers(), market=market, capital=200_000, compiled=True))

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(one, range(6))) == [one(seed) for seed in range(6)]


# What it refuses ------------------------------------------------------------------------------------------------------

HORIZON = 3_600 * SECOND_NS
SWITCHED = MarketMaker(ProportionalSpread(500, 10), kill_switch=KillSwitch(max_inventory=10))


class Curve:
    """A curve of one's own: x y = k, without a rounding worth its name."""

    def cost(self, reserves: Amounts, base: int) -> int | None:
        left = reserves.base - base
        return None if left <= 0 else reserves.base * reserves.quote // left - reserves.quote + 1


class OwnSpread(ProportionalSpread):
    """A strategy of one's own, made from a known one."""


OWN = MarketMaker(OwnSpread(500, 10))


@pytest.mark.parametrize(
    ("who", "options", "reason"),
    [
        ([LiquidityProvider(), JustInTime(), JustInTime(name="another")], {}, "more than one just-in-time provider"),
        ([CurveLiquidityProvider(Curve())], {}, "a venue of the kind CurveVenue"),
        ([SWITCHED], {}, "kill_switch"),
        ([OWN], {}, "the strategy OwnSpread"),
        ([LiquidityProvider()], {"mode": "routed"}, "the mode routed"),
    ],
)
def test_what_it_cannot_do_is_refused_by_name(who: list[Provider], options: dict[str, Any], reason: str) -> None:
    """Asked for, it says what it cannot do; not asked for, the plain engine runs, and the outcome says why."""
    pytest.importorskip("numba", reason="the compiled comparison needs numba")
    path = gbm(hours=0.1)
    market = market_of(path)
    tape = poisson(path, market)
    with pytest.raises(NotCompiledError, match=reason):
        summarise(path, tape, who, market=market, capital=1_000_000, compiled=True, **options)
    plain = summarise(path, tape, who, market=market, capital=1_000_000, **options)
    assert plain.plain_because is not None
    assert reason in plain.plain_because


@pytest.mark.usefixtures("compiler")
def test_an_error_on_the_way_has_its_own_name() -> None:
    """A strategy asked for quotes after its horizon refuses on either engine, with the same words."""
    path = gbm(hours=2)
    market = market_of(path)
    late = MarketMaker(AvellanedaStoikov(1e-9, 100.0, 1e-3, HORIZON, size=100))
    error = assert_same(path, poisson(path, market), [late], market=market, capital=200_000)
    assert isinstance(error, HorizonPassedError)


@pytest.mark.usefixtures("compiler")
def test_what_no_machine_word_holds_is_refused() -> None:
    """A price and a tolerance whose product needs more than 62 bits; the plain engine runs it."""
    path = PricePath(np.array([0, SECOND_NS]), np.array([2**45, 2**45 + 10**6]), Fraction(1, 10**10))
    columns = (np.array([0]), np.array([-1]), np.array([1]), np.array([10**6]), np.array([0]), np.array([0]))
    tape = TakerTape(*columns, Fraction(1, 10_000))
    who: list[Provider] = [MarketMaker(ProportionalSpread(500, 1))]
    with pytest.raises(NotCompiledError, match="a price times a tolerance"):
        summarise(path, tape, who, capital=10**6, compiled=True)
    assert summarise(path, tape, who, capital=10**6).providers[0].book.sums.trades[FlowKind.NOISE] == 1


def test_a_setting_that_makes_no_sense_is_the_same_error() -> None:
    """A wrong capital is refused as `replay` refuses it."""
    path = gbm(hours=0.1)
    market = market_of(path)
    for compiled in (None, False):
        with pytest.raises(InputError, match="capital"):
            summarise(path, poisson(path, market), providers(), market=market, capital=-1, compiled=compiled)
