"""The replay: both venues live through the same events, and every identity closes."""

from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import CLOCKS, gbm, market_of, poisson, providers, run

from compare.clocks import SECOND_NS, Clocks
from compare.errors import InputError
from compare.ledger import Agent, FlowKind
from compare.liquidity_provider import LiquidityProvider
from compare.market import Market
from compare.market_maker import MarketMaker
from compare.paths import PricePath
from compare.price_range import PriceRange
from compare.result import Comparison
from compare.run import Provider, replay
from compare.tape import TakerTape
from orderbook import FeeSchedule, ProportionalSpread


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
) -> None:
    """Whatever the setting, identities 1 to 6 and 8 close at every sample (the replay audits them) and at the end."""
    path = gbm(seed, hours=0.5, volatility=3)
    market = market_of(path, base_is_token0=base_is_token0)
    sides = providers(price_range=price_range, fee=fee, half_spread_pips=half_spread, rebate=rebate)
    tape = poisson(path, market, seed, rate="400/h", mean_size=5)
    result = replay(path, tape, sides, market=market, capital=50_000, clocks=clocks, gas=gas, samples=12)
    for venue in result.venues:
        assert [identity.residual for identity in venue.identities] == [0] * len(venue.identities)
        assert sum(venue.ledger.components().values()) == venue.beyond_hodl


def test_the_order_of_the_venues_changes_no_bit() -> None:
    """The same providers in another order give the same summary, executions and samples."""
    path = gbm()
    market = market_of(path)
    tape = poisson(path, market)

    def outcome(*, turned: bool) -> Comparison:
        sides = providers()[::-1] if turned else providers()
        return replay(path, tape, sides, market=market, capital=200_000, samples=20)

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
    pool, book = result["liquidity provider"].ledger, result["market maker"].ledger
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
    for venue in result.venues:
        assert venue.beyond_hodl == 0
        assert not venue.trades


def test_no_takers_leaves_the_maker_hit_only_by_arbitrage() -> None:
    """Without noise the maker and the pool lose to arbitrage alone, and both lose."""
    path = gbm(volatility=2)
    market = market_of(path)
    nobody = TakerTape.poisson(path, rate="0/h", mean_size=1, lot_size=market.lot_size, seed=1)
    result = replay(path, nobody, providers(half_spread_pips=50), market=market, capital=200_000)
    for venue in result.venues:
        assert {trade.kind for trade in venue.trades} == {FlowKind.ARBITRAGE}
        assert venue.ledger.sums.edge[FlowKind.ARBITRAGE] < 0
        assert venue.ledger.wealth(Agent.ARBITRAGEUR) > 0


@given(st.lists(st.integers(1_500_000, 2_500_000), min_size=1, max_size=6), st.sampled_from([100, 500, 10_000]))
def test_arbitrage_leaves_the_fair_price_inside_the_band(prices: list[int], fee: int) -> None:
    """After an arbitrage without gas, a taker at either marginal price, fees included, gains nothing."""
    path = gbm()
    market = market_of(path)
    venue = LiquidityProvider("full", fee).open(market, 2_000_000, 10**6 * market.wealth_units_per_quote, 0)
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
        assert profit > trade.gas == 2 * market.wealth_units_per_quote
    assert pool.ledger.wealth(Agent.GAS) == len(swaps) * 2 * market.wealth_units_per_quote


def test_takers_never_pay_more_than_they_tolerate() -> None:
    """Every noise fill in either venue is within the order's tolerance of the fair price, fees included."""
    result = run()
    tolerance = dict(zip(result.tape.uid.tolist(), result.tape.tolerance_pips.tolist(), strict=True))
    for venue in result.venues:
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
        LiquidityProvider(PriceRange.parse("0.1%"), 500),
        MarketMaker(ProportionalSpread(500, 10**6), FeeSchedule()),
    ]
    clocks = Clocks(block_ns=SECOND_NS, refresh_ns=SECOND_NS)
    result = replay(path, tape, sides, market=market, capital=10**12, clocks=clocks)
    filled = [{trade.uid for trade in venue.trades} for venue in result.venues]
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
        return [(trade.fair_ticks, trade.taker.base) for venue in result.venues for trade in venue.trades]

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
