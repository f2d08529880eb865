"""A pool with a rule of one's own: held against the v2 pair, whose rule is one of them."""

from dataclasses import dataclass
from fractions import Fraction

import pytest
from audited import AuditedVenue
from hypothesis import given
from hypothesis import strategies as st
from worlds import gbm, market_of, poisson, run

from compare.clocks import SECOND_NS
from compare.curve_venue import CurveLiquidityProvider, CurveVenue
from compare.errors import InputError
from compare.market_maker import MarketMaker
from compare.pair_venue import PairLiquidityProvider
from compare.provider_book import Amounts, FlowKind
from compare.run import replay
from compare.venue import BUY, SELL, TakerOrder, all_in_limit
from compare.world import Mode, Provider, open_worlds
from orderbook import ProportionalSpread

FAIR = 2_000_000


@dataclass(frozen=True)
class ConstantProduct:
    """x y = k, rounded against the taker."""

    def __str__(self) -> str:
        return "x y = k"

    def cost(self, reserves: Amounts, base: int) -> int | None:
        left = reserves.base - base
        return None if left <= 0 else -(-reserves.base * reserves.quote // left) - reserves.quote


@dataclass(frozen=True)
class ConstantSum:
    """One base unit for so many quote units, always."""

    price: Fraction

    def cost(self, reserves: Amounts, base: int) -> int | None:  # noqa: ARG002 - the same price at any reserves
        return -(-base * self.price.numerator // self.price.denominator)


def open_curve(provider: CurveLiquidityProvider, gas: int = 0) -> AuditedVenue:
    market = market_of(gbm())
    capital = 10**6 * market.wealth_units_per_quote
    (world,) = open_worlds([provider], Mode.PARALLEL, market, FAIR, capital=capital, gas=gas)
    return AuditedVenue(world.venues[0], world)


def pool_of(audited: AuditedVenue) -> CurveVenue:
    assert isinstance(audited.venue, CurveVenue)
    return audited.venue


def peg() -> ConstantSum:
    spec = market_of(gbm()).instrument
    return ConstantSum(Fraction(FAIR * spec.quote_units_per_tick_lot, spec.base_units_per_lot))


def order(side: int, tolerance_pips: int, base: int = 10**30) -> TakerOrder:
    return TakerOrder(0, side, base, all_in_limit(side, tolerance_pips, FAIR), FlowKind.NOISE, 0)


STEPS = st.lists(st.tuples(st.sampled_from([BUY, SELL]), st.integers(0, 40_000), st.integers(1_500_000, 2_500_000)))


@given(STEPS, st.sampled_from([0, 500, 3_000]), st.sampled_from([Fraction(1, 2), Fraction(1, 5)]))
def test_the_books_close_after_every_trade(steps: list[tuple[int, int, int]], fee: int, base_share: Fraction) -> None:
    """Whatever takers and arbitrageurs do, every identity closes, and the rule's product never falls."""
    audited = open_curve(CurveLiquidityProvider(ConstantProduct(), fee, base_share))
    pool = pool_of(audited)
    for number, (side, tolerance, fair_ticks) in enumerate(steps):
        before = pool.reserves.base * pool.reserves.quote
        audited.arbitrage(number * SECOND_NS, fair_ticks)
        audited.take(TakerOrder(0, side, 10**19, all_in_limit(side, tolerance, fair_ticks), FlowKind.NOISE, 0), FAIR)
        assert pool.reserves.base * pool.reserves.quote >= before


@given(st.sampled_from([BUY, SELL]), st.integers(0, 40_000))
def test_an_order_stops_where_its_next_unit_would_cost_too_much(side: int, tolerance: int) -> None:
    """What an order trades is the closed form of x y = k: all-in price at the margin equal to its limit."""
    pool = pool_of(open_curve(CurveLiquidityProvider(ConstantProduct(), 3_000)))
    base, spec = pool.reserves.base, pool.market.instrument
    limit = order(side, tolerance).limit * spec.quote_units_per_tick_lot / spec.base_units_per_lot / 1e6
    keep = 0.997
    marginal = limit * keep if side == BUY else limit / keep
    wanted = side * (base - (base * pool.reserves.quote / marginal) ** 0.5)
    # One lot, and one more where the gain is flat and a rounding hides it.
    assert abs(pool.fillable(order(side, tolerance)) - max(wanted, 0)) < 2 * pool.market.base_units(1)


@given(st.lists(st.integers(1_500_000, 2_500_000), min_size=1, max_size=5))
def test_arbitrage_leaves_the_fair_price_inside_the_band(prices: list[int]) -> None:
    """After the best trade, the fair price lies within the marginal prices after fees."""
    pool = pool_of(open_curve(CurveLiquidityProvider(ConstantProduct(), 3_000)))
    for seconds, fair_ticks in enumerate(prices):
        pool.arbitrage(seconds * SECOND_NS, fair_ticks)
        bid, ask = pool.touch()
        assert bid is not None
        assert ask is not None
        assert bid * (1 - 1e-5) <= pool.market.price_float(fair_ticks) <= ask * (1 + 1e-5)


def test_a_rule_of_one_s_own_beside_the_pair() -> None:
    """With the pair's rule and fee it earns what the pair earns: nearly the same fees and loss on the same flow."""
    path = gbm()
    market = market_of(path)
    sides: list[Provider] = [PairLiquidityProvider(), CurveLiquidityProvider(ConstantProduct(), 3_000)]
    result = replay(path, poisson(path, market, mean_size=3), sides, capital=1_000_000, market=market)
    pair, own = result["pair liquidity provider"].book, result["curve liquidity provider"].book
    # An order that the pair fills by less than one lot is none here.
    assert (
        50 < own.sums.trades[FlowKind.NOISE] <= pair.sums.trades[FlowKind.NOISE] <= own.sums.trades[FlowKind.NOISE] + 3
    )
    assert abs(own.fee_value() - pair.fee_value()) < pair.fee_value() / 100
    assert abs(own.impermanent_loss() - pair.impermanent_loss()) < pair.fee_value() / 100
    assert result["curve liquidity provider"].setting == "x y = k, with a fee of 30 bp"


def test_a_constant_sum_is_emptied_when_the_price_leaves_its_peg() -> None:
    """Inside the fee nobody arbitrages; outside it the whole side goes, to the last lot."""
    pool = pool_of(open_curve(CurveLiquidityProvider(peg(), 500)))
    pool.arbitrage(0, FAIR + FAIR // 2_500)  # 4 basis points, less than the fee
    assert not pool.ledger.trades
    pool.arbitrage(SECOND_NS, FAIR + FAIR // 1_000)
    assert pool.reserves.base < pool.market.base_units(1)
    assert pool.fillable(order(BUY, 10_000)) == 0
    assert pool.fillable(order(SELL, 10_000)) > 0


def test_an_arbitrage_that_does_not_pay_for_its_gas_is_left() -> None:
    """The same gap is taken without gas and left with more gas than it is worth."""
    for gas, trades in ((0, 1), (10**12, 0)):
        pool = pool_of(open_curve(CurveLiquidityProvider(peg(), 500), gas))
        pool.arbitrage(0, FAIR + FAIR // 1_000)
        assert len(pool.ledger.trades) == trades


def test_routed_and_with_the_maker_s_tokens() -> None:
    """It shares a world with a maker that starts with its tokens, and takers are split over both."""
    path = gbm()
    market = market_of(path)
    maker = MarketMaker(ProportionalSpread(half_spread_pips=3_000, size=3_000))
    own = CurveLiquidityProvider(ConstantProduct(), 500, Fraction(1, 4))
    result = replay(path, poisson(path, market), [own, maker], capital=1_000_000, market=market, mode=Mode.ROUTED)
    assert result[own.name].book.endowment == result[maker.name].book.endowment
    assert all(result[name].book.sums.trades[FlowKind.NOISE] > 10 for name in (own.name, maker.name))


@pytest.mark.parametrize("fee", [-1, 10**6])
def test_a_fee_that_is_none_is_refused(fee: int) -> None:
    """A fee that takes all, or pays, is named and refused."""
    with pytest.raises(InputError, match="fee"):
        CurveLiquidityProvider(ConstantProduct(), fee)


@pytest.mark.parametrize("base_share", [Fraction(0), Fraction(1)])
def test_a_pool_of_one_token_is_refused(base_share: Fraction) -> None:
    """A pool needs some of both tokens."""
    with pytest.raises(InputError, match="base_share"):
        CurveLiquidityProvider(ConstantProduct(), base_share=base_share)


def test_too_little_capital_is_refused() -> None:
    """A capital that buys less than one lot of base opens no pool."""
    with pytest.raises(InputError, match="capital"):
        CurveLiquidityProvider(ConstantProduct()).endowment(market_of(gbm()), FAIR, 1)


def test_other_runs_are_as_they_were() -> None:
    """A comparison without such a pool knows nothing of it."""
    assert [provider.venue_name for provider in run().providers] == ["liquidity provider", "market maker"]
