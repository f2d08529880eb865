"""The ledger: identities close, and what does not add up is refused."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare.errors import InputError, LedgerError
from compare.ledger import Agent, Ledger, Trade
from compare.market import Market
from compare.provider_book import NOTHING, Amounts, FlowKind, Share

MARKET = Market.from_tick_size(Fraction(1, 100), Fraction(2_000))
AMOUNT = st.integers(-(10**24), 10**24)
PRICE = st.integers(1, 10**7)
START = 200_000


def trade(  # noqa: PLR0917 - hypothesis builds it
    kind: FlowKind, fair: int, base: int, quote: int, fee: int, venue: int, reference: int
) -> Trade:
    """A taker receives base and quote; the maker gives them, less what the venue keeps."""
    share = Share("maker", Amounts(-base, -quote - venue), Amounts(quote=fee), reference)
    return Trade(0, "book", kind, 0, fair, Amounts(base, quote), (share,), Amounts(quote=venue))


TRADES = st.lists(st.builds(trade, st.sampled_from(FlowKind), PRICE, AMOUNT, AMOUNT, AMOUNT, AMOUNT, PRICE), max_size=8)


def opened(endowment: Amounts, *, quoted: bool = True) -> Ledger:
    ledger = Ledger(MARKET, START)
    ledger.open("maker", endowment, quoted=quoted)
    return ledger


@given(TRADES, st.integers(0, 10**24), st.integers(0, 10**24), st.integers(0, 10**9), PRICE)
def test_identities_close_after_every_trade(trades: list[Trade], base: int, quote: int, gas: int, end: int) -> None:
    """Whatever the trades and the gas, all identities close to the last unit after each of them and a last move."""
    held = Amounts(base, quote)
    ledger = opened(held)
    for one in trades:
        ledger.book(one)
        ledger.pay_gas("maker", gas)
        held = held.plus(one.shares[0].change).minus(Amounts(quote=gas))
        ledger.audit({"maker": held})
    ledger.mark(end)
    ledger.audit({"maker": held})


@given(TRADES, PRICE)
def test_components_add_up_to_the_profit_beyond_hodl(trades: list[Trade], end: int) -> None:
    """In a book and in a pool alike, the parts of a waterfall add up to its last bar."""
    for quoted in (True, False):
        ledger = opened(Amounts(10**18, 10**9), quoted=quoted)
        for one in trades:
            ledger.book(one)
        ledger.mark(end)
        book = ledger.providers["maker"]
        assert sum(book.components().values()) == book.beyond_hodl()


def test_amounts_that_do_not_add_up_are_refused_and_nothing_is_booked() -> None:
    """One unit from nowhere is an error, and the books stay as they were."""
    ledger = opened(Amounts(10**18, 10**9))
    with pytest.raises(LedgerError, match="1 base and 0 quote"):
        ledger.book(Trade(5, "book", FlowKind.NOISE, 3, 200_100, Amounts(1, 0), ()))
    assert ledger.providers["maker"].profit_and_loss() == 0
    assert ledger.fair_ticks == START
    assert not ledger.trades


def test_an_audit_against_the_venue_sees_one_missing_unit() -> None:
    """The audit compares the books with the venue: one unit less in the venue breaks identity 1."""
    ledger = opened(Amounts(10**18, 10**9))
    ledger.audit({"maker": Amounts(10**18, 10**9)})
    with pytest.raises(LedgerError, match="maker: identity 1 master"):
        ledger.audit({"maker": Amounts(10**18, 10**9 - 1)})


def test_claims_beyond_reserves_are_an_error() -> None:
    """A venue that owes more than it holds breaks identity 8."""
    ledger = opened(Amounts(10**18, 0), quoted=False)
    share = Share("maker", Amounts(1), NOTHING)
    ledger.book(Trade(0, "pool", FlowKind.NOISE, 0, START, NOTHING, (share,), dust=Amounts(-1)))
    with pytest.raises(LedgerError, match="identity 8"):
        ledger.audit({"maker": Amounts(10**18 + 1, 0)})


def test_an_arbitrageur_ends_flat_and_keeps_the_edge() -> None:
    """Its position is hedged at the fair price, so its money is what the provider lost, less gas."""
    ledger = opened(Amounts(10**18, 0), quoted=False)
    share = Share("maker", Amounts(-(10**18), 2_000 * 10**6), NOTHING)
    taker = Amounts(10**18, -2_000 * 10**6)
    ledger.book(Trade(0, "pool", FlowKind.ARBITRAGE, -1, 210_000, taker, (share,), gas=10**6))
    arbitrageur = ledger.accounts[Agent.ARBITRAGEUR]
    assert arbitrageur.base == 0
    assert MARKET.quote_float(arbitrageur.cash) == 99.0
    assert MARKET.quote_float(ledger.providers["maker"].beyond_hodl()) == -100.0
    assert ledger.zero_sum().residual == 0


def test_a_provider_is_entered_once() -> None:
    """Two providers of one name could not be told apart."""
    ledger = opened(NOTHING)
    with pytest.raises(InputError, match="'maker' is there twice"):
        ledger.open("maker", NOTHING)
