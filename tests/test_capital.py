"""What is equal between a liquidity provider and a maker: the tokens, the depth near the fair price, or the curve."""

import json
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import gbm, market_of, poisson, providers

from amm.math.tick_math import MAX_SQRT_RATIO, MIN_SQRT_RATIO
from compare.capital import EqualCurve, EqualDepth, EqualEndowment, ScaledQuotes, pool_liquidity
from compare.curve import RequotedCurve
from compare.curve_venue import CurveLiquidityProvider
from compare.errors import InputError
from compare.liquidity_provider import LiquidityProvider
from compare.market_maker import MarketMaker
from compare.metrics import metrics, peak_locked
from compare.pair_venue import PairLiquidityProvider
from compare.paths import PricePath
from compare.pool_venue import PoolVenue
from compare.price_range import pool_sqrt_price_x96
from compare.provider_book import Amounts, FlowKind
from compare.result import Comparison
from compare.run import replay
from compare.scenario import Scenario
from compare.tape import TakerTape
from compare.venue import Venue, depth_within
from compare.world import Mode, Provider, open_worlds
from orderbook import FeeSchedule, FixedSpread, InventoryLimits, MarketView, ProportionalSpread, Quote, Quotes

POOL, MAKER = "liquidity provider", "market maker"
PATH = gbm(hours=0.5)
MARKET = market_of(PATH)
CAPITAL = 200_000


class Ladder:
    """Three levels of other sizes on each side."""

    def quote(self, view: MarketView) -> Quotes:
        fair = int(view.fair_price)
        steps = ((10_003, 7), (10_007, 1_001), (10_030, 13))
        asks = tuple(Quote(fair * step // 10_000, lots) for step, lots in steps)
        bids = tuple(Quote(fair * (20_000 - step) // 10_000, 3 * lots) for step, lots in steps)
        return Quotes(bids, asks)


def opened(sides: list[Provider], rule: EqualDepth | EqualCurve, mode: Mode = Mode.PARALLEL) -> dict[str, Venue]:
    """Each provider's venue after the makers' first refresh."""
    first, wealth = int(PATH.ticks[0]), CAPITAL * MARKET.wealth_units_per_quote
    worlds = open_worlds(sides, mode, MARKET, first, capital=wealth, gas=0, path=PATH, rule=rule)
    found: dict[str, Venue] = {}
    for world in worlds:
        for venue in world.venues:
            venue.refresh(PATH.start_ns, first)
            found |= dict.fromkeys(venue.withdrawable(), venue)
    return found


@settings(max_examples=40)
@given(
    within=st.integers(60, 450),  # further out, a range of 5 % buys more than the same tokens do at the fair price
    width=st.sampled_from(["5%", "30%", "full"]),
    fee=st.sampled_from([100, 500, 3_000]),
    half_spread=st.integers(1, 4_000),
    taker_fee=st.integers(0, 1_000),
    ladder=st.booleans(),
    mode=st.sampled_from(Mode),
)
def test_equal_depth_is_equal_depth_to_a_lot(  # noqa: PLR0917 - as hypothesis draws them
    within: int, width: str, fee: int, half_spread: int, taker_fee: int, ladder: bool, mode: Mode
) -> None:
    """At the start takers could buy, and sell, as much from the maker as from the pool, each to less than a lot."""
    strategy = Ladder() if ladder else ProportionalSpread(half_spread, 3_000)
    sides: list[Provider] = [LiquidityProvider(width, fee), MarketMaker(strategy, FeeSchedule(0, taker_fee))]
    venues = opened(sides, EqualDepth(within), mode)
    fair = int(PATH.ticks[0])
    pool, book = (depth_within(venues[name], fair, within * 100) for name in (POOL, MAKER))
    for wanted, offered in zip(pool, book, strict=True):
        assert 0 <= wanted - offered < MARKET.base_units(1)
        assert offered > 0


def test_equal_depth_holds_beside_a_pair_too() -> None:
    """The rule asks the venue for its depth, whatever pool that is."""
    venues = opened([PairLiquidityProvider(), *providers()[1:]], EqualDepth(150))
    pair, book = (depth_within(venues[name], int(PATH.ticks[0]), 15_000) for name in ("pair liquidity provider", MAKER))
    assert all(0 <= wanted - offered < MARKET.base_units(1) for wanted, offered in zip(pair, book, strict=True))


@given(
    st.lists(st.integers(1, 10**6), min_size=1, max_size=6),
    st.fractions(0, 50, max_denominator=10**6),
    st.fractions(0, 50, max_denominator=10**6),
)
def test_scaled_quotes_add_up_to_the_scale(sizes: list[int], bids: Fraction, asks: Fraction) -> None:
    """The first levels together are the scale times as large, rounded down, for every number of levels."""

    class Levels:
        def quote(self, view: MarketView) -> Quotes:
            bids, asks = (
                tuple(Quote(int(view.fair_price) + sign * n, size) for n, size in enumerate(sizes, 1))
                for sign in (-1, 1)
            )
            return Quotes(bids, asks)

    quotes = ScaledQuotes(Levels(), bids, asks).quote(MarketView(0, 50, 0))
    for side, levels, scale in ((-1, quotes.bids, bids), (1, quotes.asks, asks)):
        for count in range(1, len(sizes) + 1):
            shown = sum(level.size for level in levels if (level.price - 50) * side <= count)
            assert shown == int(sum(sizes[:count]) * scale)


@pytest.mark.parametrize(
    ("sides", "message"),
    [
        ([LiquidityProvider("5%", 500), MarketMaker(ProportionalSpread(30_000, 3_000))], "nothing to buy"),
        ([MarketMaker(ProportionalSpread(500, 3_000))], "there are 0 liquidity providers"),
        (
            [
                LiquidityProvider("5%"),
                LiquidityProvider("6%", name="other"),
                MarketMaker(ProportionalSpread(500, 3_000)),
            ],
            "there are 2 liquidity providers",
        ),
        (
            [
                LiquidityProvider("5%", 500),
                MarketMaker(ProportionalSpread(500, 3_000), limits=InventoryLimits(4_000, 4_000)),
            ],
            "does not cover",
        ),
    ],
)
def test_what_cannot_be_made_equal_is_refused(sides: list[Provider], message: str) -> None:
    """A maker that quotes too far away, limits that clip it, and nobody or two to stand beside: each says so."""
    with pytest.raises(InputError, match=message):
        opened(sides, EqualDepth(200))


def with_rule(rule: EqualEndowment | EqualDepth | EqualCurve | None, sides: list[Provider], **more: Any) -> Comparison:  # noqa: ANN401 - of replay
    tape = poisson(PATH, MARKET, mean_size=0.5)
    return replay(PATH, tape, sides, capital=CAPITAL, market=MARKET, rule=rule, samples=10, **more)


def test_o50_equal_curve_is_the_curve_maker_made_by_hand() -> None:
    """The rule's maker, and the strategy built from the pool's liquidity step by step, have the same executions."""
    pool = LiquidityProvider("full", 500)
    venue = opened([pool], EqualCurve())[POOL]
    assert isinstance(venue, PoolVenue)
    by_hand = RequotedCurve.of(
        MARKET, venue.pool.liquidity, price=int(PATH.ticks[0]), step_pips=500, levels=60, fee_pips=500, shown=20
    )
    ruled = with_rule(EqualCurve(), [pool, MarketMaker(FixedSpread(1, 1))])
    made = with_rule(None, [pool, MarketMaker(by_hand)])
    assert ruled[MAKER].trades == made[MAKER].trades
    assert len(ruled[MAKER].trades) > 50
    assert ruled.rule == "equal curve, 20 levels of 5 bp on either side"
    assert made.rule == "equal endowment"


@pytest.mark.parametrize("base_is_token0", [True, False])
def test_o50_the_levels_are_the_ladder_a_pool_stands_on(*, base_is_token0: bool) -> None:
    """Three overlapping ranges: from edge to edge a pool without fee trades the lots of the level, to one a range."""
    market = market_of(PATH, base_is_token0=base_is_token0)
    side = LiquidityProvider(("0.5%", "2%", "1900:2300"), 0, tick_spacing=10)
    wealth = 10**6 * market.wealth_units_per_quote
    (world,) = open_worlds([side], Mode.PARALLEL, market, int(PATH.ticks[0]), capital=wealth, gas=0)
    venue = world.venues[0]
    assert isinstance(venue, PoolVenue)
    curve = EqualCurve(step_bps=7, shown=30).curve(market, venue, PATH)
    pool = venue.pool.copy()
    roots = [pool_sqrt_price_x96(market, ticks * market.tick_size) for ticks in curve.edges]
    pool.swap(roots[0] < pool.slot0.sqrt_price_x96, 2**127, roots[0])
    assert len(curve.lots) > 60
    for (low, high), lots in zip(pairwise(roots), curve.lots, strict=True):
        swap = pool.swap(high < low, 2**127, high)
        traded, _ = market.as_base_quote(swap.amount0, swap.amount1)
        assert 0 <= -traded - market.base_units(lots) + 3 <= 3 * market.base_units(1) + 6


def test_o50_the_first_fill_is_the_pools() -> None:
    """One buyer at the first price: the same lots from both, and the same money but for the fee's part of the curve.

    The pool adds its fee to the prices from S up, the maker shows the curve from S / (1 - fee) up: 0.75 bp of the size
    at most, and half a level of 0.5 bp.
    """
    path = PricePath.constant(price=2_000, days=0.01)
    market = market_of(path)
    tape = TakerTape.from_arrays([20 * 10**9], [1], [0.5], tolerance_bps=40, lot_size=market.lot_size)
    sides: list[Provider] = [LiquidityProvider("10%", 100), MarketMaker(FixedSpread(1, 1))]
    result = replay(path, tape, sides, capital=10**6, market=market, rule=EqualCurve(0.5, 40))
    pool, maker = (result[name].trades[0].taker for name in (POOL, MAKER))
    assert pool.base == maker.base == market.base_units(int(Fraction(1, 2) / market.lot_size))
    assert pool.quote == pytest.approx(maker.quote, rel=1e-4)


def test_a_pool_without_a_known_curve_is_refused() -> None:
    """A rule of one's own has no liquidity to copy; a pool without any in a level has a gap."""

    class Sum:
        def cost(self, reserves: Amounts, base: int) -> int | None:
            return base // 10**8 if base < reserves.base else None

    maker = MarketMaker(FixedSpread(1, 1))
    with pytest.raises(InputError, match="is not known"):
        opened([CurveLiquidityProvider(Sum()), maker], EqualCurve())
    with pytest.raises(InputError, match="gap"):
        opened([LiquidityProvider(("1000:1100", "1900:2100")), maker], EqualCurve(50, 2_000))


def test_a_pair_has_a_curve_too() -> None:
    """Its liquidity is the root of the product of its reserves, everywhere, and its fee 30 bp."""
    venue = opened([PairLiquidityProvider()], EqualCurve())["pair liquidity provider"]
    ((liquidity, lower, upper),), fee = pool_liquidity(venue)
    base, quote = venue.withdrawable()["pair liquidity provider"]
    assert liquidity**2 == pytest.approx(base * quote, rel=1e-6)
    assert (lower, upper, fee) == (MIN_SQRT_RATIO, MAX_SQRT_RATIO, 3_000)


@pytest.mark.parametrize(
    "make", [lambda: EqualDepth(0), lambda: EqualDepth(10_000), lambda: EqualCurve(0), lambda: EqualCurve(5, 0)]
)
def test_a_rule_out_of_range_is_refused(make: Any) -> None:  # noqa: ANN401 - a constructor
    """A distance, a step or a number of levels that makes no sense."""
    with pytest.raises(InputError, match=r"give|show"):
        make()


@pytest.mark.parametrize("mode", Mode)
def test_leverage_scales_the_position_and_not_the_capital(mode: Mode) -> None:
    """Twice the leverage is the run of twice the capital, trade by trade, with twice the return on one's own."""
    tape = poisson(PATH, MARKET, mean_size=0.5)
    setting: dict[str, Any] = {"market": MARKET, "mode": mode, "samples": 10}
    own = replay(PATH, tape, providers(), capital=2 * CAPITAL, **setting)
    levered = replay(PATH, tape, providers(), capital=CAPITAL, leverage=2, **setting)
    assert levered.executions() == own.executions()
    for name in (POOL, MAKER):
        one, other = levered[name], own[name]
        assert one.book.profit_and_loss() == other.book.profit_and_loss()
        assert levered.own_capital(one) == own.own_capital(other) // 2
        returns = [metrics(result, result[name])["hedged_apr"] for result in (levered, own)]
        assert returns[0] == pytest.approx(2 * returns[1])  # type: ignore[operator] # there are trades
        assert all(identity.residual == 0 for identity in one.identities)
    summary = levered.summary()
    assert (summary["setting"]["leverage"], summary["setting"]["capital"]) == (2.0, CAPITAL)
    assert summary["providers"][POOL]["position"] == pytest.approx(2 * CAPITAL)
    assert summary["providers"][POOL]["capital"] == pytest.approx(CAPITAL)


def test_who_would_have_been_liquidated_is_seen_in_the_lowest_equity() -> None:
    """Ten times levered, a position in a falling market has lost more than its owner had; unlevered it has not."""
    path = PricePath.trend(price=2_000, end_price=1_500, volatility=0.2, days=0.1, seed=1)
    market = market_of(path)
    for leverage, gone in ((1, False), (10, True)):
        sides: list[Provider] = [LiquidityProvider("50%", 500)]
        result = replay(path, TakerTape.empty(market.lot_size), sides, capital=1_000, market=market, leverage=leverage)
        (one,) = result.providers
        lowest = metrics(result, one)["lowest_equity"]
        assert lowest is not None
        assert (lowest < 0) == gone
        ends = market.quote_float(result.own_capital(one) + one.book.profit_and_loss())
        assert lowest <= ends + 1e-9


@pytest.mark.parametrize("rule", [EqualEndowment(), EqualDepth(), EqualCurve()], ids=str)
@pytest.mark.parametrize("mode", Mode)
def test_the_order_of_the_providers_changes_no_bit(mode: Mode, rule: EqualEndowment | EqualDepth | EqualCurve) -> None:
    """Under every rule and mode, levered, with a maker that sees late: named the other way round, the same bytes."""
    pool, maker = providers()
    assert isinstance(maker, MarketMaker)
    other = replace(maker, name="late maker", information_lag_ns=30 * 10**9)
    one, reverse = (
        with_rule(rule, sides, mode=mode, leverage=Fraction(3, 2))
        for sides in ([pool, maker, other], [other, maker, pool])
    )
    assert json.dumps(one.summary()) == json.dumps(reverse.summary())
    assert one.executions() == reverse.executions()


@pytest.mark.parametrize("leverage", [0, -1, "a lot", Fraction(1, 2)])
def test_less_than_ones_own_capital_is_no_leverage(leverage: Any) -> None:  # noqa: ANN401 - on purpose
    """The message names the value and the rule."""
    with pytest.raises(InputError, match="leverage"):
        with_rule(None, providers(), leverage=leverage)


def test_what_was_locked_is_what_the_trades_took_out() -> None:
    """An endowment of that much makes the same trades; one of a hundredth less does not. A pool locks all of it."""
    plain = with_rule(None, providers())
    assert peak_locked(plain[POOL]) == plain[POOL].book.hodl_value(plain[POOL].book.start_ticks)
    maker = plain[MAKER]
    base = quote = 0
    least = [0, 0]
    for trade in maker.trades:
        base, quote = base + trade.shares[0].change.base, quote + trade.shares[0].change.quote
        least = [min(least[0], base), min(least[1], quote)]
    assert least != [0, 0]
    first = int(PATH.ticks[0])
    assert peak_locked(maker) == MARKET.cash(-least[1]) + MARKET.value(-least[0], first)
    assert peak_locked(maker) < maker.book.hodl_value(first)


def test_equal_endowment_is_what_a_run_does_by_itself() -> None:
    """Naming the rule that holds anyway changes nothing."""
    assert with_rule(EqualEndowment(), providers()).summary() == with_rule(None, providers()).summary()


SHORT = {"prices": {"days": 0.05}, "takers": {"rate": "200/h"}}


@pytest.mark.parametrize(
    ("keys", "rule"),
    [
        ({}, "equal endowment"),
        (
            {"capital_rule": "equal-depth", "depth_at_bps": 100.0},
            "equal depth within 100 bp of the fair price at the start",
        ),
        ({"capital_rule": "equal-curve", "curve_step_bps": 10.0, "curve_levels": 5}, "equal curve, 5 levels of 10 bp"),
    ],
)
def test_a_scenario_names_the_rule_and_the_summary_says_which_ran(keys: dict[str, Any], rule: str) -> None:
    """The key of the table run, the rule in the summary, and books that close."""
    result = Scenario.from_mapping(SHORT | {"run": keys}).run_all()
    assert result.summary()["setting"]["capital_rule"].startswith(rule)
    assert result[MAKER].book.sums.trades[FlowKind.NOISE] > 0
    assert all(identity.residual == 0 for one in result.providers for identity in one.identities)


def test_a_scenario_with_leverage_quotes_for_the_whole_position() -> None:
    """Three times the leverage, three times the maker's quotes, and the same capital."""
    one, three = (
        Scenario.from_mapping(SHORT | {"run": {"leverage": times}, "maker": {"strategy": "fixed-spread"}})
        for times in (1.0, 3.0)
    )
    path = one.price_path()
    market = one.market(path)
    small, large = (scenario.strategy(path, market) for scenario in (one, three))
    assert isinstance(small, ProportionalSpread)
    assert large == replace(small, size=3 * small.size)
    assert three.run_all().summary()["setting"]["leverage"] == 3


def test_a_strategy_beside_the_pools_curve_is_refused() -> None:
    """Equal curves give the maker its strategy; another one named is a contradiction, not an override."""
    with pytest.raises(InputError, match=r"maker\.strategy: glft is not the pool's curve"):
        Scenario.from_mapping(SHORT | {"run": {"capital_rule": "equal-curve"}, "maker": {"strategy": "glft"}}).run_all()
