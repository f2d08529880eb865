"""Metrics: one definition for both sides, each held against an obvious sum."""

from fractions import Fraction

import pytest
from worlds import run

from compare.metrics import HORIZONS_NS, metrics
from compare.metrics import markouts as markouts_of
from compare.provider_book import FlowKind

RESULT = run()


@pytest.mark.parametrize("name", ["liquidity provider", "market maker"])
def test_markouts_are_the_obvious_sum(name: str) -> None:
    """Each markout is the sum, trade by trade, of the provider's tokens at the fair price that much later."""
    provider, market = RESULT[name], RESULT.market
    found = markouts_of(RESULT, provider)
    for horizon in HORIZONS_NS:
        for kind in (FlowKind.NOISE, FlowKind.ARBITRAGE):
            total = 0
            for trade in provider.trades:
                if trade.kind is kind:
                    later = min(trade.time_ns + horizon, RESULT.path.end_ns)
                    price = int(RESULT.path.ticks_at([later])[0])
                    change = trade.shares[0].change
                    total += market.cash(change.quote) + market.value(change.base, price)
            assert found[kind][horizon] == total


@pytest.mark.parametrize("name", ["liquidity provider", "market maker"])
def test_markout_at_zero_is_the_edge_of_the_ledger(name: str) -> None:
    """At horizon zero the markout is what the ledger booked as edge, to the last unit."""
    provider = RESULT[name]
    found = markouts_of(RESULT, provider)
    for kind in (FlowKind.NOISE, FlowKind.ARBITRAGE):
        assert found[kind][0] == provider.book.sums.edge[kind]


@pytest.mark.parametrize("name", ["liquidity provider", "market maker"])
def test_markouts_at_the_end_are_the_profit_beyond_hodl(name: str) -> None:
    """Marked at the last price, what the trades brought is what there is beyond the endowment left alone."""
    marked = RESULT.summary()["providers"][name]["markouts"]
    assert list(marked["noise"]) == ["0s", "1s", "10s", "60s", "300s", "3600s", "end"]
    total = sum(kinds["end"] for kinds in marked.values())
    assert total == pytest.approx(RESULT.market.quote_float(RESULT[name].beyond_hodl))


@pytest.mark.parametrize("name", ["liquidity provider", "market maker"])
def test_hedged_profit_is_profit_less_the_inventory_term(name: str) -> None:
    """Hedging at the fair price takes out what holding earned, and nothing else: identity 1, read the other way."""
    book = RESULT[name].book
    hedged = metrics(RESULT, RESULT[name])["hedged_profit"]
    assert hedged == RESULT.market.quote_float(book.profit_and_loss() - book.sums.inventory)


def test_break_even_volume_brings_the_hedged_profit_to_nothing() -> None:
    """Noise edge at the break-even volume is what arbitrage took."""
    provider = RESULT["liquidity provider"]
    sums = provider.book.sums
    volume = metrics(RESULT, provider)["break_even_noise_volume"]
    assert volume is not None
    exact = Fraction(-sums.edge[FlowKind.ARBITRAGE] * sums.volume[FlowKind.NOISE], sums.edge[FlowKind.NOISE])
    assert volume == pytest.approx(float(exact / RESULT.market.wealth_units_per_quote))


def test_arbitrage_is_toxic_and_noise_is_not() -> None:
    """Arbitrage costs the provider from the first moment, noise pays, and the toxic share lies between."""
    for provider in RESULT.providers:
        numbers = metrics(RESULT, provider)
        noise, arbitrage, toxic = (numbers[key] for key in ("noise_edge_bps", "arbitrage_edge_bps", "toxic_share"))
        assert noise is not None
        assert arbitrage is not None
        assert toxic is not None
        assert arbitrage < 0 < noise
        assert 0 < toxic < 1
