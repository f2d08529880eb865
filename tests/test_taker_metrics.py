"""What takers pay and miss: each number by an obvious loop over orders and trades, and by cases worked by hand."""

from fractions import Fraction

import pytest
from worlds import gbm, market_of, poisson, providers, run

from compare.liquidity_provider import LiquidityProvider
from compare.market_maker import MarketMaker
from compare.metrics import metrics
from compare.paths import PricePath
from compare.provider_book import FlowKind
from compare.run import replay
from compare.taker_metrics import MISSED_NS, REALISED_NS, taker_metrics
from compare.tape import TakerTape
from compare.world import Mode
from orderbook import FeeSchedule, ProportionalSpread

RESULT = run()
NAMES = ["liquidity provider", "market maker"]


def price_at(time_ns: int) -> Fraction:
    path = RESULT.path
    return int(path.ticks_at([min(time_ns, path.end_ns)])[0]) * path.tick_size


@pytest.mark.parametrize("name", NAMES)
def test_spreads_are_the_obvious_sums(name: str) -> None:
    """Trade by trade, in quote tokens: what the taker gave less what it got, at the price then and ten seconds on."""
    spec = RESULT.market.instrument
    volume = effective = realised = Fraction(0)
    for trade in RESULT[name].trades:
        if trade.kind is FlowKind.NOISE:
            base, quote = (
                Fraction(amount, 10**decimals)
                for amount, decimals in zip(trade.taker, (spec.base_decimals, spec.quote_decimals), strict=True)
            )
            volume += abs(base) * price_at(trade.time_ns)
            effective -= quote + base * price_at(trade.time_ns)
            realised -= quote + base * price_at(trade.time_ns + REALISED_NS)
    found = taker_metrics(RESULT, RESULT[name])
    assert found["effective_spread_bps"] == pytest.approx(float(effective / volume * 20_000))
    assert found["realised_spread_bps"] == pytest.approx(float(realised / volume * 20_000))
    assert found["price_impact_bps"] == pytest.approx(float((effective - realised) / volume * 20_000))


@pytest.mark.parametrize("name", NAMES)
def test_shortfall_and_abandonment_are_the_obvious_sums(name: str) -> None:
    """Order by order: what it paid, and what the price did to the rest; the thirds are those of the sorted sizes."""
    tape, spec = RESULT.tape, RESULT.market.instrument
    sizes = sorted(range(len(tape)), key=lambda place: (tape.lots[place], place))
    offered, missed, short = [Fraction(0)] * 3, [Fraction(0)] * 3, [Fraction(0)] * 3
    for rank, place in enumerate(sizes):
        third, uid, time_ns = rank * 3 // len(tape), int(tape.uid[place]), int(tape.time_ns[place])
        wanted = int(tape.side[place]) * int(tape.lots[place]) * tape.lot_size
        trades = [trade for trade in RESULT[name].trades if trade.uid == uid]
        base = sum((Fraction(trade.taker.base, 10**spec.base_decimals) for trade in trades), Fraction(0))
        quote = sum((Fraction(trade.taker.quote, 10**spec.quote_decimals) for trade in trades), Fraction(0))
        now, then = price_at(time_ns), price_at(time_ns + MISSED_NS)
        offered[third] += abs(wanted) * now
        missed[third] += abs(wanted - base) * now
        short[third] += -quote - base * now + (wanted - base) * (then - now)
    found = taker_metrics(RESULT, RESULT[name])
    assert found["abandonment_rate"] == pytest.approx(float(sum(missed) / sum(offered)))
    assert found["shortfall_bps"] == pytest.approx(float(sum(short) / sum(offered) * 10_000))
    for third, word in enumerate(("small", "medium", "large")):
        assert found[f"shortfall_bps_{word}"] == pytest.approx(float(short[third] / offered[third] * 10_000))


def test_at_a_constant_price_a_maker_costs_its_half_spread_and_the_fee() -> None:
    """Five basis points and a taker fee of two: an effective spread of fourteen, no impact, and nothing missed."""
    path = PricePath.constant(price=2_000, days=0.01)
    market = market_of(path)
    tape = TakerTape.from_arrays(
        [20 * 10**9, 40 * 10**9], [1, -1], [0.1, 0.2], tolerance_bps=9, lot_size=market.lot_size
    )
    maker = MarketMaker(ProportionalSpread(500, 10_000), FeeSchedule(0, 200))
    result = replay(path, tape, [maker], capital=100_000, market=market)
    found = metrics(result, result.providers[0])
    assert found["effective_spread_bps"] == pytest.approx(14, abs=0.01)
    assert found["realised_spread_bps"] == found["effective_spread_bps"]
    assert found["price_impact_bps"] == 0
    assert found["abandonment_rate"] == 0
    assert found["shortfall_bps"] == pytest.approx(7, abs=0.005)


def test_who_asks_more_than_is_there_is_short_of_the_move() -> None:
    """Nothing is filled and the price rises by a percent within five minutes: all is abandoned, a percent is missed."""
    path = PricePath.from_arrays([0, 60 * 10**9, 600 * 10**9], [2_000.0, 2_020.0, 2_020.0], tick_size="0.01")
    market = market_of(path)
    tape = TakerTape.from_arrays([30 * 10**9], [1], [0.5], tolerance_bps=1, lot_size=market.lot_size)
    maker = MarketMaker(ProportionalSpread(5_000, 10_000))
    result = replay(path, tape, [maker], capital=100_000, market=market)
    found = metrics(result, result.providers[0])
    assert (found["abandonment_rate"], found["effective_spread_bps"]) == (1, None)
    assert found["shortfall_bps"] == pytest.approx(100)
    assert (found["shortfall_bps_small"], found["shortfall_bps_large"]) == (found["shortfall_bps"], None)


def test_nobody_pays_nothing() -> None:
    """Without takers there is no number."""
    path = gbm(hours=0.1)
    result = replay(path, TakerTape.empty(market_of(path).lot_size), providers(), capital=1_000, market=market_of(path))
    assert set(taker_metrics(result, result.providers[0]).values()) == {None}


@pytest.mark.parametrize("mode", Mode)
def test_what_takers_pay_is_what_everyone_else_gets(mode: Mode) -> None:
    """Half the effective spread times the volume is the provider's noise edge in the ledger, but for dust."""
    path = gbm(hours=0.5)
    market = market_of(path)
    sides = [LiquidityProvider("5%", 500)]
    result = replay(path, poisson(path, market), sides, capital=200_000, market=market, mode=mode)
    (pool,) = result.providers
    spread = taker_metrics(result, pool)["effective_spread_bps"]
    assert spread is not None
    sums = pool.book.sums
    paid = market.quote_float(sums.edge[FlowKind.NOISE])
    taken = (
        sum(
            abs(trade.taker.base) * market.price_float(trade.fair_ticks)
            for trade in pool.trades
            if trade.kind == "noise"
        )
        / 10**market.instrument.base_decimals
    )
    assert spread / 20_000 * taken == pytest.approx(paid, rel=1e-6)
