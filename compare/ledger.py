"""One ledger for both venues: who holds what, and why it changed, in integers that close to the last unit.

Amounts are token units, money is wealth units (`compare.market.Market`), the fair price is ticks. A ledger holds one
world: the providers of its venues, and everyone they trade with. Every agent is booked from its own source: a provider
from what it could withdraw, a taker from what it paid, a venue from the fees it holds, and the rounding dust from what
is left in a pool. That they add up to nothing is therefore a check.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING

from compare.errors import InputError, LedgerError
from compare.provider_book import NOTHING, Account, Amounts, FlowKind, Identity, ProviderBook, Share

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from compare.market import Market


class Agent(StrEnum):
    """Who can hold tokens in a world besides its providers."""

    NOISE = "noise"
    INFORMED = "informed"
    ARBITRAGEUR = "arbitrageur"
    VENUE = "venue"
    GAS = "gas"
    DUST = "dust"
    OUTSIDE = "outside"  # the market at the fair price, where positions are hedged


TAKER_OF = {
    FlowKind.NOISE: Agent.NOISE,
    FlowKind.INFORMED: Agent.INFORMED,
    FlowKind.ARBITRAGE: Agent.ARBITRAGEUR,
    FlowKind.PROVIDER: Agent.OUTSIDE,  # where the taker is a provider, nobody else receives anything
    FlowKind.UPKEEP: Agent.OUTSIDE,
}


@dataclass(frozen=True, slots=True)
class Trade:
    """One taker trade in one venue, as every agent saw it.

    Attributes:
        time_ns: Time, nanoseconds.
        venue_name: Where.
        kind: Why the taker traded.
        uid: The taker's order number on the tape; -1 for a trade that is on no tape.
        fair_ticks: Fair price at the trade, ticks.
        taker: What the taker received, fees paid included.
        shares: What each provider received.
        venue: What the venue took for itself.
        dust: Change of what the venue holds beyond all claims.
        gas: Gas the taker paid, quote token units.
    """

    time_ns: int
    venue_name: str
    kind: FlowKind
    uid: int
    fair_ticks: int
    taker: Amounts
    shares: tuple[Share, ...]
    venue: Amounts = NOTHING
    dust: Amounts = NOTHING
    gas: int = 0


class Ledger:
    """The books of one world.

    Args:
        market: Units.
        fair_ticks: Fair price at the start, ticks.
    """

    def __init__(self, market: Market, fair_ticks: int) -> None:
        """Open the books: nobody holds anything."""
        self.market = market
        self.start_ticks = fair_ticks
        self.fair_ticks = fair_ticks
        self.accounts = {agent: Account() for agent in Agent}
        self.providers: dict[str, ProviderBook] = {}
        self.trades: list[Trade] = []
        self._brought = Account()

    def open(self, name: str, endowment: Amounts, *, dust: Amounts = NOTHING, quoted: bool = False) -> ProviderBook:
        """Enter a provider with what it brings.

        Args:
            name: The provider's name.
            endowment: What it holds once its position stands, token units.
            dust: What opening the position rounded away, token units.
            quoted: Whether it quotes around a reference price (a book) or along a curve (a pool).

        Raises:
            InputError: The name is taken.
        """
        if name in self.providers:
            raise InputError(f"{name!r} is there twice", place="providers", remedy="give each provider its own name")
        book = self.providers[name] = ProviderBook(name, self.market, self.fair_ticks, endowment, quoted=quoted)
        self._move(Agent.DUST, dust)
        for amounts in (endowment, dust):
            self._brought.base += amounts.base
            self._brought.cash += self.market.cash(amounts.quote)
        return book

    def mark(self, fair_ticks: int) -> None:
        """Move the fair price: holdings before the move earn the move."""
        self.fair_ticks = fair_ticks
        for book in self.providers.values():
            book.mark(fair_ticks)

    def book(self, trade: Trade) -> None:
        """Book one trade with every agent.

        Raises:
            LedgerError: The agents' amounts do not add up to nothing; nothing is booked.
        """
        _check_conserved(trade)
        self.mark(trade.fair_ticks)
        taker = TAKER_OF[trade.kind]
        self._move(taker, trade.taker)
        self._move(Agent.VENUE, trade.venue)
        self._move(Agent.DUST, trade.dust)
        self._move(taker, Amounts(quote=-trade.gas))
        self._move(Agent.GAS, Amounts(quote=trade.gas))
        for share in trade.shares:
            self.providers[share.name].receive(share.kind or trade.kind, share)
        if trade.kind is FlowKind.ARBITRAGE:
            self._trade_outside(self.accounts[Agent.ARBITRAGEUR], -trade.taker.base)
        self.trades.append(trade)

    def pay_gas(self, name: str, quote: int) -> None:
        """Let a provider pay for its own transactions, quote token units."""
        self.providers[name].pay(quote)
        self.accounts[Agent.GAS].cash += self.market.cash(quote)

    def _move(self, agent: Agent, amounts: Amounts) -> None:
        account = self.accounts[agent]
        account.base += amounts.base
        account.cash += self.market.cash(amounts.quote)

    def _trade_outside(self, account: Account, base: int) -> None:
        money = self.market.value(base, self.fair_ticks)
        outside = self.accounts[Agent.OUTSIDE]
        account.base += base
        account.cash -= money
        outside.base -= base
        outside.cash += money

    # What the books say now.

    def wealth(self, agent: Agent) -> int:
        """Return an agent's wealth at the fair price, wealth units."""
        return self.accounts[agent].wealth(self.market, self.fair_ticks)

    def zero_sum(self) -> Identity:
        """Return identity 6: everyone's wealth together is what was brought."""
        everyone: list[Account] = [*self.accounts.values(), *(book.account for book in self.providers.values())]
        total = sum(account.wealth(self.market, self.fair_ticks) for account in everyone)
        brought = self._brought.wealth(self.market, self.fair_ticks)
        return Identity("6 zero-sum: all agents together = what was brought", total, brought)

    def identities(self, withdrawable: Mapping[str, Amounts]) -> dict[str, list[Identity]]:
        """Return every identity as it stands, by provider; the zero-sum of the world is under each.

        Args:
            withdrawable: What each provider would hold if it left its venue now, token units, read from the venues
                and not from these books.
        """
        zero_sum = self.zero_sum()
        return {name: [*book.identities(withdrawable[name]), zero_sum] for name, book in self.providers.items()}

    def audit(self, withdrawable: Mapping[str, Amounts]) -> None:
        """Check every identity, and that no venue owes more than it holds (identity 8).

        Raises:
            LedgerError: One does not close; it names the provider, the identity and the residual.
        """
        dust = self.accounts[Agent.DUST]
        if dust.base < 0 or dust.cash < 0:
            raise LedgerError(f"identity 8 claims <= reserves: {dust} is missing from the venue")
        for name, identities in self.identities(withdrawable).items():
            for identity in identities:
                if identity.residual:
                    raise LedgerError(f"{name}: identity {identity.name} leaves {identity.residual} wealth units")


def _check_conserved(trade: Trade) -> None:
    parties: Iterable[Amounts] = (trade.taker, trade.venue, trade.dust, *(share.change for share in trade.shares))
    base = quote = 0
    for party in parties:
        base += party.base
        quote += party.quote
    if base or quote:
        raise LedgerError(f"trade {trade.uid} at {trade.time_ns} ns leaves {base} base and {quote} quote units over")
