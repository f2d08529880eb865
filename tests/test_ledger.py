"""The ledger: identities close, and what does not add up is refused."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare.errors import LedgerError
from compare.ledger import NOTHING, Agent, Amounts, FlowKind, Ledger, Trade
from compare.market import Market

MARKET = Market.from_tick_size(Fraction(1, 100), Fraction(2_000))
AMOUNT = st.integers(-(10**24), 10**24)
PRICE = st.integers(1, 10**7)


def trade(  # noqa: PLR0917 - hypothesis builds it
    kind: FlowKind, fair: int, base: int, quote: int, fee: int, venue: int, reference: int
) -> Trade:
    """A taker receives base and quote; the maker gives them, less what the venue keeps."""
    return Trade(
        time_ns=0,
        kind=kind,
        uid=0,
        fair_ticks=fair,
        taker=Amounts(base, quote),
        provider=Amounts(-base, -quote - venue),
        fee=Amounts(quote=fee),
        venue=Amounts(quote=venue),
        reference_ticks=reference,
    )


TRADES = st.lists(st.builds(trade, st.sampled_from(FlowKind), PRICE, AMOUNT, AMOUNT, AMOUNT, AMOUNT, PRICE), max_size=8)


@given(TRADES, st.integers(0, 10**24), st.integers(0, 10**24), PRICE)
def test_identities_close_after_every_trade(trades: list[Trade], base: int, quote: int, end: int) -> None:
    """Whatever the trades, all identities close to the last unit after each of them and after a last move."""
    ledger = Ledger(MARKET, 200_000, Amounts(base, quote), quoted=True)
    for one in trades:
        ledger.book(one)
        base, quote = base + one.provider.base, quote + one.provider.quote
        ledger.audit(Amounts(base, quote))
    ledger.mark(end)
    ledger.audit(Amounts(base, quote))


@given(TRADES, PRICE)
def test_components_add_up_to_the_profit_beyond_hodl(trades: list[Trade], end: int) -> None:
    """In a book and in a pool alike, the parts of a waterfall add up to its last bar."""
    for quoted in (True, False):
        ledger = Ledger(MARKET, 200_000, Amounts(10**18, 10**9), quoted=quoted)
        for one in trades:
            ledger.book(one)
        ledger.mark(end)
        assert sum(ledger.components().values()) == ledger.profit_and_loss() - ledger.drift()


def test_amounts_that_do_not_add_up_are_refused_and_nothing_is_booked() -> None:
    """One unit from nowhere is an error, and the books stay as they were."""
    ledger = Ledger(MARKET, 200_000, Amounts(10**18, 10**9))
    with pytest.raises(LedgerError, match="1 base and 0 quote"):
        ledger.book(Trade(5, FlowKind.NOISE, 3, 200_100, Amounts(1, 0), NOTHING, NOTHING))
    assert ledger.profit_and_loss() == 0
    assert ledger.fair_ticks == 200_000
    assert not ledger.trades


def test_an_audit_against_the_venue_sees_one_missing_unit() -> None:
    """The audit compares the books with the venue: one unit less in the venue breaks identity 1."""
    ledger = Ledger(MARKET, 200_000, Amounts(10**18, 10**9))
    ledger.audit(Amounts(10**18, 10**9))
    with pytest.raises(LedgerError, match="identity 1 master"):
        ledger.audit(Amounts(10**18, 10**9 - 1))


def test_claims_beyond_reserves_are_an_error() -> None:
    """A venue that owes more than it holds breaks identity 8."""
    ledger = Ledger(MARKET, 200_000, Amounts(10**18, 0))
    overdrawn = Trade(0, FlowKind.NOISE, 0, 200_000, NOTHING, Amounts(1), NOTHING, dust=Amounts(-1))
    ledger.book(overdrawn)
    with pytest.raises(LedgerError, match="identity 8"):
        ledger.audit(Amounts(10**18 + 1, 0))


def test_an_arbitrageur_ends_flat_and_keeps_the_edge() -> None:
    """Its position is hedged at the fair price, so its money is what the provider lost, less gas."""
    ledger = Ledger(MARKET, 200_000, Amounts(10**18, 0))
    bought = Trade(0, FlowKind.ARBITRAGE, -1, 210_000, Amounts(10**18, -2_000 * 10**6),
                   Amounts(-(10**18), 2_000 * 10**6), NOTHING, gas=MARKET.cash(10**6))  # fmt: skip
    ledger.book(bought)
    arbitrageur = ledger.accounts[Agent.ARBITRAGEUR]
    assert arbitrageur.base == 0
    assert MARKET.quote_float(arbitrageur.cash) == 99.0
    assert MARKET.quote_float(ledger.profit_and_loss() - ledger.drift()) == -100.0
