"""One ledger for both venues: who holds what, and why it changed, in integers that close to the last unit.

Amounts are token units, money is wealth units (`compare.market.Market`), the fair price is ticks. Every agent is booked
from its own source: the provider from what it could withdraw, the taker from what it paid, the venue from the fees it
holds, and the rounding dust from what is left in the pool. That they add up to nothing is therefore a check.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

from compare.errors import LedgerError

if TYPE_CHECKING:
    from compare.market import Market


class Agent(StrEnum):
    """Who can hold tokens in one venue's world."""

    PROVIDER = "provider"
    NOISE = "noise"
    INFORMED = "informed"
    ARBITRAGEUR = "arbitrageur"
    VENUE = "venue"
    GAS = "gas"
    DUST = "dust"
    OUTSIDE = "outside"  # the market at the fair price, where an arbitrageur hedges


class FlowKind(StrEnum):
    """Why a taker trades."""

    NOISE = "noise"
    INFORMED = "informed"
    ARBITRAGE = "arbitrage"


TAKER_OF = {
    FlowKind.NOISE: Agent.NOISE,
    FlowKind.INFORMED: Agent.INFORMED,
    FlowKind.ARBITRAGE: Agent.ARBITRAGEUR,
}


@dataclass(frozen=True, slots=True)
class Amounts:
    """A change of both tokens, in token units; positive flows to the agent."""

    base: int = 0
    quote: int = 0


NOTHING = Amounts()


@dataclass(slots=True)
class Account:
    """What an agent holds: base token units, and cash in wealth units."""

    base: int = 0
    cash: int = 0

    def wealth(self, market: Market, ticks: int) -> int:
        """Return the account's wealth units at a fair price in ticks."""
        return self.cash + market.value(self.base, ticks)


@dataclass(frozen=True, slots=True)
class Trade:
    """One taker trade as every agent saw it.

    Attributes:
        time_ns: Time, nanoseconds.
        kind: Why the taker traded.
        uid: The taker's order number on the tape; -1 for an arbitrage trade.
        fair_ticks: Fair price at the trade, ticks.
        taker: What the taker received, fees paid included.
        provider: Change of what the provider could withdraw.
        fee: The part of `provider` that is fee income (a pool's fees, a book's rebates).
        venue: What the venue took for itself.
        dust: Change of what the pool holds beyond all claims.
        reference_ticks: Price the provider quoted around, ticks; a pool has none.
        gas: Gas the taker paid, wealth units.
    """

    time_ns: int
    kind: FlowKind
    uid: int
    fair_ticks: int
    taker: Amounts
    provider: Amounts
    fee: Amounts
    venue: Amounts = NOTHING
    dust: Amounts = NOTHING
    reference_ticks: int | None = None
    gas: int = 0


@dataclass(frozen=True, slots=True)
class Identity:
    """A statement of the ledger: two independent sums that must be equal, in wealth units."""

    name: str
    left: int
    right: int

    @property
    def residual(self) -> int:
        """Left minus right; anything but zero is a defect."""
        return self.left - self.right


@dataclass(slots=True)
class Attribution:
    """Running sums over the provider's trades, in wealth units, split by the kind of flow where that has a meaning.

    The provider's tokens are told apart into what trades (the curve's holdings in a pool, everything in a book) and
    fee income.
    """

    inventory: int = 0  # sum of holdings before the move times the move of the fair price: all tokens
    rebalancing: int = 0  # the same for what trades, without fee income
    fee_inventory: int = 0  # the same for fee income
    edge: defaultdict[FlowKind, int] = field(default_factory=lambda: defaultdict(int))
    trading_edge: defaultdict[FlowKind, int] = field(default_factory=lambda: defaultdict(int))
    fees: defaultdict[FlowKind, int] = field(default_factory=lambda: defaultdict(int))
    spread_capture: defaultdict[FlowKind, int] = field(default_factory=lambda: defaultdict(int))
    adverse_selection: defaultdict[FlowKind, int] = field(default_factory=lambda: defaultdict(int))
    volume: defaultdict[FlowKind, int] = field(default_factory=lambda: defaultdict(int))
    trades: defaultdict[FlowKind, int] = field(default_factory=lambda: defaultdict(int))


class Ledger:
    """The books of one venue's world.

    Args:
        market: Units.
        fair_ticks: Fair price at the start, ticks.
        endowment: What the provider starts with, token units.
        dust: What opening the position rounded away, token units.
        quoted: Whether the provider quotes around a reference price (a book) or along a curve (a pool).
    """

    def __init__(
        self, market: Market, fair_ticks: int, endowment: Amounts, *, dust: Amounts = NOTHING, quoted: bool = False
    ) -> None:
        """Open the books: the provider holds its endowment, the venue its dust, everyone else nothing."""
        self.quoted = quoted
        self.market = market
        self.start_ticks = fair_ticks
        self.fair_ticks = fair_ticks
        self.endowment = endowment
        self.accounts = {agent: Account() for agent in Agent}
        self.accounts[Agent.PROVIDER] = Account(endowment.base, market.cash(endowment.quote))
        self.accounts[Agent.DUST] = Account(dust.base, market.cash(dust.quote))
        self.opening_dust = dust
        self.fee_income = Account()
        self.sums = Attribution()
        self.trades: list[Trade] = []

    def mark(self, fair_ticks: int) -> None:
        """Move the fair price: holdings before the move earn the move."""
        if fair_ticks == self.fair_ticks:
            return
        move = fair_ticks - self.fair_ticks
        holdings, fee_income = self.accounts[Agent.PROVIDER].base, self.fee_income.base
        self.sums.inventory += self.market.value(holdings, move)
        self.sums.rebalancing += self.market.value(holdings - fee_income, move)
        self.sums.fee_inventory += self.market.value(fee_income, move)
        self.fair_ticks = fair_ticks

    def book(self, trade: Trade) -> None:
        """Book one trade with every agent.

        Raises:
            LedgerError: The agents' amounts do not add up to nothing; nothing is booked.
        """
        _check_conserved(trade)
        self.mark(trade.fair_ticks)
        self._move(TAKER_OF[trade.kind], trade.taker)
        self._move(Agent.PROVIDER, trade.provider)
        self._move(Agent.VENUE, trade.venue)
        self._move(Agent.DUST, trade.dust)
        self.accounts[TAKER_OF[trade.kind]].cash -= trade.gas
        self.accounts[Agent.GAS].cash += trade.gas
        self.fee_income.base += trade.fee.base
        self.fee_income.cash += self.market.cash(trade.fee.quote)
        if trade.kind is FlowKind.ARBITRAGE:
            self._hedge_outside(trade.taker.base)
        self._attribute(trade)
        self.trades.append(trade)

    def _move(self, agent: Agent, amounts: Amounts) -> None:
        account = self.accounts[agent]
        account.base += amounts.base
        account.cash += self.market.cash(amounts.quote)

    def _hedge_outside(self, base: int) -> None:
        """Let the arbitrageur undo its position at the fair price."""
        money = self.market.value(base, self.fair_ticks)
        arbitrageur, outside = self.accounts[Agent.ARBITRAGEUR], self.accounts[Agent.OUTSIDE]
        arbitrageur.base -= base
        arbitrageur.cash += money
        outside.base += base
        outside.cash -= money

    def _attribute(self, trade: Trade) -> None:
        sums, kind, value = self.sums, trade.kind, self.market.value
        edge = self._value_at_fair(trade.provider)
        fee = self._value_at_fair(trade.fee)
        sums.edge[kind] += edge
        sums.fees[kind] += fee
        sums.trading_edge[kind] += edge - fee
        sums.volume[kind] += abs(value(trade.taker.base, self.fair_ticks))
        sums.trades[kind] += 1
        if trade.reference_ticks is not None:
            traded = trade.provider.base - trade.fee.base
            paid = self.market.cash(trade.provider.quote - trade.fee.quote)
            sums.spread_capture[kind] += paid + value(traded, trade.reference_ticks)
            sums.adverse_selection[kind] += value(traded, self.fair_ticks - trade.reference_ticks)

    def _value_at_fair(self, amounts: Amounts) -> int:
        return self.market.cash(amounts.quote) + self.market.value(amounts.base, self.fair_ticks)

    # What the books say now.

    def wealth(self, agent: Agent = Agent.PROVIDER) -> int:
        """Return an agent's wealth at the fair price, wealth units."""
        return self.accounts[agent].wealth(self.market, self.fair_ticks)

    def hodl_value(self, ticks: int | None = None) -> int:
        """Return the endowment's value, left alone, at a price (default: now), wealth units."""
        price = self.fair_ticks if ticks is None else ticks
        return self.market.cash(self.endowment.quote) + self.market.value(self.endowment.base, price)

    def profit_and_loss(self) -> int:
        """Return the provider's wealth now less its wealth at the start, wealth units."""
        return self.wealth() - self.hodl_value(self.start_ticks)

    def fee_value(self) -> int:
        """Return all fee income at the fair price now, wealth units."""
        return self.fee_income.wealth(self.market, self.fair_ticks)

    def impermanent_loss(self) -> int:
        """Return what trades, at the fair price now, less the endowment left alone (a loss is <= 0), wealth units."""
        return self.wealth() - self.fee_value() - self.hodl_value()

    def lvr(self) -> int:
        """Return loss-versus-rebalancing (a loss is >= 0), wealth units."""
        return -sum(self.sums.trading_edge.values())

    def drift(self) -> int:
        """Return what holding the endowment alone would have earned, wealth units."""
        return self.hodl_value() - self.hodl_value(self.start_ticks)

    def components(self) -> dict[str, int]:
        """Return what the provider's profit beyond HODL is made of, wealth units; the parts add up to the whole.

        In a pool: fee income (marked now), loss-versus-rebalancing (as a loss, <= 0 where it loses), and rebalancing,
        what the curve's holdings earned beyond the endowment's as the price moved; the last two are the impermanent
        loss. In a book: spread capture (against the price the maker quoted around), rebates, adverse selection (the
        move of the fair price from there to the fill), and inventory, what the holdings earned beyond the endowment's.
        """
        sums, drift = self.sums, self.drift()
        if not self.quoted:
            return {"fees": self.fee_value(), "lvr": -self.lvr(), "rebalancing": sums.rebalancing - drift}
        return {
            "spread_capture": sum(sums.spread_capture.values()),
            "rebates": self.fee_value(),
            "adverse_selection": sum(sums.adverse_selection.values()),
            "inventory": sums.inventory - drift,
        }

    def identities(self, withdrawable: Amounts) -> list[Identity]:
        """Return identities 1 to 6 as they stand.

        Args:
            withdrawable: What the provider would hold if it left the venue now, token units, read from the venue and
                not from these books.
        """
        market, sums = self.market, self.sums
        wealth = market.cash(withdrawable.quote) + market.value(withdrawable.base, self.fair_ticks)
        earned = wealth - self.hodl_value(self.start_ticks)
        curve = earned - self.fee_value()
        everyone = sum(account.wealth(market, self.fair_ticks) for account in self.accounts.values())
        brought = self.hodl_value() + self._value_at_fair(self.opening_dust)
        identities = [
            Identity("1 master: P&L = inventory + edge", earned, sums.inventory + sum(sums.edge.values())),
            Identity(
                "2 HODL: P&L - HODL = fees + IL", earned - self.drift(), self.fee_value() + self.impermanent_loss()
            ),
            Identity("3 LVR: trading P&L = rebalancing - LVR", curve, sums.rebalancing - self.lvr()),
            Identity(
                "4 IL: IL = rebalancing beyond HODL - LVR",
                wealth - self.fee_value() - self.hodl_value(),
                sums.rebalancing - self.drift() - self.lvr(),
            ),
            Identity(
                "2b fees: accrued at fair + fee inventory = marked now",
                sum(sums.fees.values()) + sums.fee_inventory,
                self.fee_value(),
            ),
            Identity("6 zero-sum: all agents together = what was brought", everyone, brought),
        ]
        if self.quoted:
            split = sums.inventory + sum(sums.spread_capture.values()) + sum(sums.fees.values())
            split += sum(sums.adverse_selection.values())
            name = "5 maker: P&L = spread capture + rebates + adverse selection + inventory"
            identities.append(Identity(name, earned, split))
        return identities

    def audit(self, withdrawable: Amounts) -> None:
        """Check every identity, and that the venue holds what it owes (identity 8).

        Raises:
            LedgerError: One does not close; it names the identity and the residual.
        """
        dust = self.accounts[Agent.DUST]
        if dust.base < 0 or dust.cash < 0:
            raise LedgerError(f"identity 8 claims <= reserves: {dust} is missing from the venue")
        for identity in self.identities(withdrawable):
            if identity.residual:
                raise LedgerError(f"identity {identity.name} leaves {identity.residual} wealth units")


def _check_conserved(trade: Trade) -> None:
    parties = (trade.taker, trade.provider, trade.venue, trade.dust)
    base, quote = sum(party.base for party in parties), sum(party.quote for party in parties)
    if base or quote:
        raise LedgerError(f"trade {trade.uid} at {trade.time_ns} ns leaves {base} base and {quote} quote units over")
