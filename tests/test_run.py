"""The replay: both venues live through the same events, and every identity closes."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import CLOCKS, gbm, market_of, poisson, providers, run

from compare.clocks import SECOND_NS, Clocks
from compare.errors import InputError
from compare.just_in_time_provider import JustInTime
from compare.ledger import Agent
from compare.liquidity_provider import LiquidityProvider
from compare.market import Market
from compare.market_maker import MarketMaker
from compare.paths import PricePath
from compare.provider_book import FlowKind
from compare.result import Comparison
from compare.run import replay
from compare.tape import TakerTape
from compare.world import Mode, Provider, open_worlds
from orderbook import FeeSchedule, InventoryLimits, KillSwitch, ProportionalSpread, WithdrawalReason


@settings(max_examples=25)
@given(
    seed=st.integers(0, 1_000),
    clocks=CLOCKS,
    fee=st.sampled_from([100, 500, 3_000, 10_000]),
    price_range=st.sampled_from(["0.3%", "2%", "50%", "full"]),
    half_spread=st.integers(10, 3_000),
    rebate=st.integers(-200, 200),
    base_is_token0=st.booleans(),
    gas=st.sampled_from([0, 3]),
    mode=st.sampled_from(Mode),
    capital_share=st.sampled_from([0.01, 10.0]),
)
def test_identities_close_in_random_worlds(  # noqa: PLR0917 - hypothesis names them all
    seed: int,
    clocks: Clocks,
    fee: int,
    price_range: str,
    half_spread: int,
    rebate: int,
    base_is_token0: bool,
    gas: int,
    mode: Mode,
    capital_share: float,
) -> None:
    """Whatever the setting, identities 1 to 6 and 8 close at every sample (the replay audits them) and at the end."""
    path = gbm(seed, hours=0.5, volatility=3)
    market = market_of(path, base_is_token0=base_is_token0)
    sides = providers(price_range=price_range, fee=fee, half_spread_pips=half_spread, rebate=rebate)
    sides += [
        LiquidityProvider(("1%", "4%"), 500, recentre=True, outside_cost_bps=gas, gas=gas, name="re-centred ladder"),
        MarketMaker(ProportionalSpread(half_spread + 7, 900), FeeSchedule(rebate, 200), name="second maker"),
        JustInTime(gas=gas / 10, capital_share=capital_share),
    ]
    tape = poisson(path, market, seed, rate="400/h", mean_size=5)
    result = replay(path, tape, sides, capital=50_000, mode=mode, market=market, clocks=clocks, gas=gas, samples=12)
    for venue in result.providers:
        assert [identity.residual for identity in venue.identities] == [0] * len(venue.identities)
        assert sum(venue.book.components().values()) == venue.beyond_hodl


@pytest.mark.parametrize("mode", Mode)
def test_the_order_of_the_venues_changes_no_bit(mode: Mode) -> None:
    """The same providers in another order give the same summary, executions and samples."""
    path = gbm()
    market = market_of(path)
    tape = poisson(path, market)

    def outcome(*, turned: bool) -> Comparison:
        sides = [*providers(), JustInTime(), LiquidityProvider("3%", 3_000, name="second pool")]
        sides = sides[::-1] if turned else sides
        return replay(path, tape, sides, market=market, capital=200_000, samples=20, mode=mode)

    one, other = outcome(turned=False), outcome(turned=True)
    assert one.summary() == other.summary()
    assert one.executions().equals(other.executions(), check_metadata=True)
    assert one.samples_frame().equals(other.samples_frame())


def test_same_seed_same_bits() -> None:
    """A second run from the same seeds is the same to the last bit."""
    assert run().summary() == run().summary()
    assert run(seed=8).summary() != run().summary()


def test_providers_start_with_the_same_tokens() -> None:
    """The maker's endowment is what the liquidity position holds, and it is worth the capital within a few units."""
    result = run()
    pool, book = result["liquidity provider"].book, result["market maker"].book
    assert pool.endowment == book.endowment
    value = result.market.quote_float(pool.hodl_value(pool.start_ticks))
    assert value == pytest.approx(200_000, abs=1e-4)
    assert value <= 200_000


def test_nothing_happens_where_nothing_moves() -> None:
    """With a price that never moves and no takers, nothing happens in either venue."""
    path = PricePath.constant(price=2_000, days=0.1)
    market = market_of(path)
    nobody = TakerTape.poisson(path, rate="0/h", mean_size=1, lot_size=market.lot_size, seed=1)
    result = replay(path, nobody, providers(), market=market, capital=200_000)
    for venue in result.providers:
        assert venue.beyond_hodl == 0
        assert not venue.trades


def test_no_takers_leaves_the_maker_hit_only_by_arbitrage() -> None:
    """Without noise the maker and the pool lose to arbitrage alone, and both lose."""
    path = gbm(volatility=2)
    market = market_of(path)
    nobody = TakerTape.poisson(path, rate="0/h", mean_size=1, lot_size=market.lot_size, seed=1)
    result = replay(path, nobody, providers(half_spread_pips=50), market=market, capital=200_000)
    for venue in result.providers:
        assert {trade.kind for trade in venue.trades} == {FlowKind.ARBITRAGE}
        assert venue.book.sums.edge[FlowKind.ARBITRAGE] < 0
        assert venue.world.wealth(Agent.ARBITRAGEUR) > 0


@given(st.lists(st.integers(1_500_000, 2_500_000), min_size=1, max_size=6), st.sampled_from([100, 500, 10_000]))
def test_arbitrage_leaves_the_fair_price_inside_the_band(prices: list[int], fee: int) -> None:
    """After an arbitrage without gas, a taker at either marginal price, fees included, gains nothing."""
    path = gbm()
    market = market_of(path)
    (world,) = open_worlds(
        [LiquidityProvider("full", fee)],
        Mode.PARALLEL,
        market,
        2_000_000,
        capital=10**6 * market.wealth_units_per_quote,
        gas=0,
    )
    (venue,) = world.venues
    for seconds, fair_ticks in enumerate(prices):
        venue.arbitrage(seconds * SECOND_NS, fair_ticks)
        bid, ask = venue.touch()
        fair = market.price_float(fair_ticks)
        assert bid is not None
        assert ask is not None
        # Floats show the marginal prices to sixteen digits; a tick is a millionth of the price.
        assert bid * (1 - 1e-9) <= fair <= ask * (1 + 1e-9)


def test_an_arbitrageur_pays_gas_and_waits_for_it() -> None:
    """With gas there are fewer arbitrage swaps, each with a profit above the gas, and the gas is booked."""
    free, dear = run(), run(gas=2)
    pool = dear["liquidity provider"]
    swaps = [trade for trade in pool.trades if trade.kind is FlowKind.ARBITRAGE]
    assert 0 < len(swaps) < sum(t.kind is FlowKind.ARBITRAGE for t in free["liquidity provider"].trades)
    market = dear.market
    for trade in swaps:
        profit = market.cash(trade.taker.quote) + market.value(trade.taker.base, trade.fair_ticks)
        assert profit > market.cash(trade.gas) == 2 * market.wealth_units_per_quote
    assert pool.world.wealth(Agent.GAS) == len(swaps) * 2 * market.wealth_units_per_quote


def test_takers_never_pay_more_than_they_tolerate() -> None:
    """Every noise fill in either venue is within the order's tolerance of the fair price, fees included."""
    result = run()
    tolerance = dict(zip(result.tape.uid.tolist(), result.tape.tolerance_pips.tolist(), strict=True))
    for venue in result.providers:
        for trade in venue.trades:
            if trade.kind is FlowKind.NOISE:
                fair = result.market.value(abs(trade.taker.base), trade.fair_ticks)
                cost = -result.market.cash(trade.taker.quote) - result.market.value(trade.taker.base, trade.fair_ticks)
                # Rounding of amounts to token units can cost one unit of the quote token and one of the base's value.
                slack = 3 * result.market.cash(1)
                assert cost <= Fraction(fair * tolerance[trade.uid], 1_000_000) + slack


def test_zero_impact_and_equal_cost_fill_the_same_orders() -> None:
    """A deep pool whose fee is the maker's half-spread, at a constant price, fills the very orders the maker fills.

    The pool is so deep that an order does not move it; the maker's quote is refreshed before each order.
    """
    path = PricePath.constant(price=2_000, days=0.2)
    market = market_of(path)
    tape = TakerTape.poisson(path, rate="100/h", mean_size=1e-3, lot_size=market.lot_size, mean_tolerance_bps=5, seed=3)
    # phi on the input: a taker buys at P / (1 - phi) and sells at P (1 - phi); 500 pips are 5.0025 and 5 bp.
    sides: list[Provider] = [
        LiquidityProvider("0.1%", 500),
        MarketMaker(ProportionalSpread(500, 10**6), FeeSchedule()),
    ]
    clocks = Clocks(block_ns=SECOND_NS, refresh_ns=SECOND_NS)
    result = replay(path, tape, sides, market=market, capital=10**12, clocks=clocks)
    filled = [{trade.uid for trade in venue.trades} for venue in result.providers]
    tolerated = tape.tolerance_pips
    surely = set(tape.uid[tolerated >= 502].tolist())
    surely_not = set(tape.uid[tolerated < 500].tolist())
    for orders in filled:
        assert surely <= orders
        assert not orders & surely_not
    assert len(surely) > 100


def test_equal_clocks_by_default_and_news_only() -> None:
    """A tick of a clock without news changes nothing: a slow path replayed with a fast clock has the same trades."""
    slow = PricePath.gbm(price=2_000, volatility=1, days=1, step="10m", seed=4)
    market = market_of(slow)
    nobody = TakerTape.poisson(slow, rate="0/h", mean_size=1, lot_size=market.lot_size, seed=1)

    def trades(seconds: int) -> list[tuple[int, int]]:
        clocks = Clocks(block_ns=seconds * SECOND_NS, refresh_ns=seconds * SECOND_NS)
        result = replay(slow, nobody, providers(), market=market, capital=200_000, clocks=clocks)
        return [(trade.fair_ticks, trade.taker.base) for venue in result.providers for trade in venue.trades]

    assert trades(1) == trades(12) == trades(600)


def test_price_beyond_the_pool_is_refused() -> None:
    """A path that leaves the pool's range of ticks is refused before anything runs."""
    path = PricePath.from_arrays(np.array([0, 10**9]), np.array([1e-5, 2e-5]))
    market = Market.from_tick_size(
        path.tick_size, path.tick_size * int(path.ticks[0]), quote_decimals=0, base_decimals=36
    )
    tape = TakerTape.poisson(path, rate="0/h", mean_size=1e12, lot_size=market.lot_size, seed=1)
    with pytest.raises(InputError, match="leaves the pool's range of ticks"):
        replay(path, tape, providers(price_range="full"), market=market, capital=1)


@pytest.mark.parametrize("capital", [0, -1, "nothing"])
def test_capital_must_be_positive(capital: int | str) -> None:
    """No capital, a debt and a word are refused with the name of the argument."""
    path = gbm()
    market = market_of(path)
    with pytest.raises(InputError, match="capital"):
        replay(path, poisson(path, market), providers(), market=market, capital=capital)


def test_providers_need_names_of_their_own() -> None:
    """Two providers of one name could not be told apart in the result."""
    path = gbm()
    market = market_of(path)
    with pytest.raises(InputError, match="not told apart"):
        replay(path, poisson(path, market), providers() * 2, market=market, capital=1_000)


def test_in_matched_mode_every_venue_trades_the_same() -> None:
    """Volume-matched: both venues trade the same base amount of the same orders, so only prices differ."""
    path = gbm()
    market = market_of(path)
    result = replay(path, poisson(path, market), providers(), capital=200_000, market=market, mode=Mode.MATCHED)
    pool, book = (
        [(trade.uid, trade.taker.base) for trade in one.trades if trade.kind is FlowKind.NOISE]
        for one in result.providers
    )
    assert pool == book
    assert len(pool) > 100


def test_in_routed_mode_no_order_trades_twice_and_each_is_shared() -> None:
    """Routed: what the venues trade of an order is at most the order, and some orders are split over both."""
    path = gbm()
    market = market_of(path)
    tape = poisson(path, market, mean_size=5)
    result = replay(path, tape, providers(), capital=200_000, market=market, mode=Mode.ROUTED)
    traded: dict[int, list[int]] = {}
    for trade in result.providers[0].world.trades:
        if trade.kind is FlowKind.NOISE:
            traded.setdefault(trade.uid, []).append(abs(trade.taker.base))
    sizes = dict(zip(tape.uid.tolist(), tape.lots.tolist(), strict=True))
    assert all(sum(parts) <= market.base_units(sizes[uid]) for uid, parts in traded.items())
    both = {name: {t.uid for t in result[name].trades if t.uid >= 0} for name in ("liquidity provider", "market maker")}
    assert both["liquidity provider"] & both["market maker"]


def test_a_router_gives_takers_no_worse_a_deal() -> None:
    """Routed takers trade at least as much as with either venue alone, at the same all-in limits."""
    path = gbm()
    market = market_of(path)
    tape = poisson(path, market, mean_size=5)

    def volume(mode: Mode, sides: list[Provider]) -> int:
        result = replay(path, tape, sides, capital=200_000, market=market, mode=mode)
        trades = [trade for world in result.worlds for trade in world.trades if trade.kind is FlowKind.NOISE]
        return sum(abs(trade.taker.base) for trade in trades)

    together = volume(Mode.ROUTED, providers())
    assert together > max(volume(Mode.PARALLEL, [one]) for one in providers())


def test_a_narrow_position_that_recentres_stays_in_range() -> None:
    """A passive narrow position is left behind by a trend; a re-centred one follows it and pays for its moves."""
    path = PricePath.trend(price=2_000, end_price=2_200, volatility=0.2, days=0.2, seed=5)
    market = market_of(path)
    sides: list[Provider] = [
        LiquidityProvider("0.5%", 500, name="left alone"),
        LiquidityProvider("0.5%", 500, recentre=True, gas=1, outside_cost_bps=2, name="re-centred"),
    ]
    result = replay(path, poisson(path, market), sides, capital=200_000, market=market)
    left, followed = result["left alone"], result["re-centred"]
    last = market.price_float(int(path.ticks[-1]))
    assert left.price_range is not None
    assert followed.price_range is not None
    assert left.price_range[1] < last < followed.price_range[1] * 1.001
    moves = followed.book.sums.trades[FlowKind.UPKEEP]
    assert moves > 3
    assert followed.book.upkeep() > moves * market.wealth_units_per_quote
    assert left.book.upkeep() == 0


def test_just_in_time_liquidity_dilutes_and_adds_up() -> None:
    """With a just-in-time provider the pool's takers pay less and its passive provider earns less on noise."""
    path = gbm()
    market = market_of(path)
    tape = poisson(path, market, mean_size=20)

    def outcome(*extra: Provider) -> Comparison:
        sides: list[Provider] = [LiquidityProvider("20%", 3_000), *extra]
        return replay(path, tape, sides, capital=1_000_000, market=market)

    alone, beside = outcome(), outcome(JustInTime(gas=1))
    watcher = beside["just-in-time provider"].book
    assert watcher.sums.trades[FlowKind.NOISE] > 10
    assert watcher.beyond_hodl() > 0
    assert watcher.account.base == watcher.endowment.base  # hedged after every bundle
    noise = FlowKind.NOISE
    passive = "liquidity provider"
    assert beside[passive].book.sums.fees[noise] < alone[passive].book.sums.fees[noise]
    assert beside.worlds[0].zero_sum().residual == 0


def test_a_just_in_time_provider_waits_for_what_pays_its_gas() -> None:
    """No bundle where the gas is more than any order's fee, and every bundle earns more than its gas."""
    path = gbm()
    market = market_of(path)
    tape = poisson(path, market, mean_size=20)
    sides: list[Provider] = [LiquidityProvider("20%", 3_000), JustInTime(gas=10**6)]
    idle = replay(path, tape, sides, capital=1_000_000, market=market)
    assert not idle["just-in-time provider"].book.sums.trades
    sides[1] = JustInTime(gas=20)
    busy = replay(path, tape, sides, capital=1_000_000, market=market)["just-in-time provider"].book
    assert busy.sums.trades[FlowKind.NOISE] > 0
    assert busy.beyond_hodl() > 0


def falling() -> PricePath:
    """A price that falls by a fifth in two hours, around its line by little."""
    return PricePath.trend(price=2_000, end_price=1_600, volatility=0.3, days=1 / 12, seed=9)


def test_a_kill_switch_withdraws_while_a_pool_stays() -> None:
    """In a fall the switch trips on a loss, the maker says when and why and trades no more; the pool trades on."""
    path = falling()
    market = market_of(path)
    one_hundred = 100 * 10**6  # quote token units
    careful = MarketMaker(ProportionalSpread(300, 3_000), kill_switch=KillSwitch(max_loss=one_hundred), name="careful")
    sides: list[Provider] = [LiquidityProvider("30%", 500), careful, MarketMaker(ProportionalSpread(300, 3_000))]
    result = replay(path, poisson(path, market), sides, capital=200_000, market=market)
    (trip, *_) = result["careful"].withdrawals
    assert trip.reason is WithdrawalReason.LOSS
    assert max(trade.time_ns for trade in result["careful"].trades) <= trip.time_ns
    assert max(trade.time_ns for trade in result["liquidity provider"].trades) > trip.time_ns
    assert not result["market maker"].withdrawals or result["market maker"].withdrawals[0].time_ns > trip.time_ns
    assert careful.kill_switch is not None
    assert not careful.kill_switch.trips  # the run worked on a copy


def test_a_kill_switch_sees_a_fill_when_it_happens() -> None:
    """Two buyers come between two refreshes: the first takes the inventory to its limit, the second finds no quote.

    Without a switch the second trades too. The maker says that it stood aside at the time of the fill.
    """
    path = PricePath.constant(price=2_000, days=0.01)
    market, second = market_of(path), 1_000_000_000
    tape = TakerTape.from_arrays(
        [15 * second, 16 * second], [1, 1], [0.3, 0.3], tolerance_bps=20, lot_size=market.lot_size
    )
    size = int(Fraction(3, 10) / market.lot_size)
    limits = InventoryLimits(4 * size, 4 * size)
    switch = KillSwitch(max_fill=size - 1, cut_to=10 * size)
    sides: list[Provider] = [
        MarketMaker(ProportionalSpread(500, 2 * size), limits=limits, kill_switch=switch, name="careful"),
        MarketMaker(ProportionalSpread(500, 2 * size), limits=limits, name="careless"),
    ]
    result = replay(path, tape, sides, capital=200_000, market=market)
    assert [trade.time_ns for trade in result["careful"].trades] == [15 * second]
    assert [trade.time_ns for trade in result["careless"].trades] == [15 * second, 16 * second]
    (aside,) = result["careful"].withdrawals
    assert (aside.time_ns, aside.reason) == (15 * second, WithdrawalReason.FILL_SPEED)


def test_a_switch_that_a_fill_trips_cuts_against_the_others_at_once() -> None:
    """The cut is booked at the moment of the fill, and trips the other maker's switch in its turn; the books close."""
    path = PricePath.constant(price=2_000, days=0.01)
    market, second = market_of(path), 1_000_000_000
    tape = TakerTape.from_arrays([15 * second], [-1], [0.3], tolerance_bps=20, lot_size=market.lot_size)
    size = int(Fraction(3, 10) / market.lot_size)
    sides: list[Provider] = [
        MarketMaker(ProportionalSpread(500, size), kill_switch=KillSwitch(max_fill=size - 1), name="first"),
        MarketMaker(ProportionalSpread(700, size), kill_switch=KillSwitch(max_fill=size - 1), name="second"),
        MarketMaker(ProportionalSpread(900, size), name="third"),
    ]
    result = replay(path, tape, sides, capital=200_000, market=market, mode=Mode.ROUTED)
    trades = result["first"].trades
    assert [(trade.time_ns, trade.kind) for trade in trades] == [
        (15 * second, FlowKind.NOISE),
        (15 * second, FlowKind.PROVIDER),
        (15 * second, FlowKind.PROVIDER),
    ]
    assert [[share.name for share in trade.shares] for trade in trades] == [
        ["first"],
        ["first", "second"],
        ["second", "third"],
    ]
    assert all(identity.residual == 0 for one in result.providers for identity in one.identities)


def test_a_maker_cuts_its_inventory_against_the_others() -> None:
    """In one book, a tripped switch sells to the other maker: upkeep for the one, a fill for the other."""
    path = falling()
    market = market_of(path)
    switch = KillSwitch(max_inventory=9_000, cut_to=1_000)
    sides: list[Provider] = [
        MarketMaker(ProportionalSpread(200, 3_000), kill_switch=switch, name="careful"),
        MarketMaker(ProportionalSpread(900, 9_000), name="wide"),
    ]
    tape = poisson(path, market, mean_size=3)
    result = replay(path, tape, sides, capital=200_000, market=market, mode=Mode.ROUTED)
    careful, wide = result["careful"].book.sums, result["wide"].book.sums
    assert careful.trades[FlowKind.UPKEEP] == wide.trades[FlowKind.PROVIDER] > 0
    assert careful.edge[FlowKind.UPKEEP] == -wide.edge[FlowKind.PROVIDER]
    assert all(identity.residual == 0 for one in result.providers for identity in one.identities)
