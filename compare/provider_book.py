"""One provider's page of the ledger: its holdings, and running sums that say why they are worth what they are."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, NamedTuple

from compare.booking import booking, capture, revaluation

if TYPE_CHECKING:
    from compare.market import Market


class FlowKind(StrEnum):
    """Why a trade happens."""

    NOISE = "noise"
    INFORMED = "informed"
    ARBITRAGE = "arbitrage"
    PROVIDER = "provider"  # another provider takes, to cut its inventory
    UPKEEP = "upkeep"  # a provider's own trade with the outside, to move its position


class Amounts(NamedTuple):
    """Both tokens, or a change of them, in token units; positive flows to the agent."""

    base: int = 0
    quote: int = 0

    def plus(self, other: Amounts) -> Amounts:
        """Return the sum, token by token."""
        return Amounts(self.base + other.base, self.quote + other.quote)

    def minus(self, other: Amounts) -> Amounts:
        """Return the difference, token by token."""
        return Amounts(self.base - other.base, self.quote - other.quote)


NOTHING = Amounts()


@dataclass(slots=True)
class Account:
    """What an agent holds: base token units, and cash in wealth units."""

    base: int = 0
    cash: int = 0

    def wealth(self, market: Market, ticks: int) -> int:
        """Return the account's wealth units at a fair price in ticks."""
        return self.cash + market.value(self.base, ticks)


class Share(NamedTuple):
    """A provider's part of one trade.

    Attributes:
        name: The provider.
        change: Change of what it could withdraw.
        fee: The part of that which is fee income (a pool's fees, a book's rebates).
        reference_ticks: The price it quoted around, ticks; None in a pool.
        kind: Why the trade happened as it saw it; None where that is the trade's own kind.
    """

    name: str
    change: Amounts
    fee: Amounts
    reference_ticks: int | None = None
    kind: FlowKind | None = None


class Identity(NamedTuple):
    """A statement of the ledger: two independent sums that must be equal, in wealth units."""

    name: str
    left: int
    right: int

    @property
    def residual(self) -> int:
        """Left minus right; anything but zero is a defect."""
        return self.left - self.right


def _sums() -> defaultdict[FlowKind, int]:
    return defaultdict(int)


@dataclass(slots=True)
class Attribution:
    """Running sums over a provider's trades, in wealth units, split by the kind of flow where that has a meaning.

    The provider's tokens are told apart into what trades (the curve's holdings in a pool, everything in a book) and
    fee income.
    """

    inventory: int = 0  # sum of holdings before the move times the move of the fair price: all tokens
    rebalancing: int = 0  # the same for what trades, without fee income
    fee_inventory: int = 0  # the same for fee income
    gas: int = 0  # gas of the provider's own transactions
    edge: defaultdict[FlowKind, int] = field(default_factory=_sums)
    trading_edge: defaultdict[FlowKind, int] = field(default_factory=_sums)
    fees: defaultdict[FlowKind, int] = field(default_factory=_sums)
    spread_capture: defaultdict[FlowKind, int] = field(default_factory=_sums)
    adverse_selection: defaultdict[FlowKind, int] = field(default_factory=_sums)
    volume: defaultdict[FlowKind, int] = field(default_factory=_sums)
    trades: defaultdict[FlowKind, int] = field(default_factory=_sums)


class ProviderBook:
    """The books of one provider.

    Args:
        name: The provider.
        market: Units.
        fair_ticks: Fair price at the start, ticks.
        endowment: What it starts with, token units.
        quoted: Whether it quotes around a reference price (a book) or along a curve (a pool).
    """

    def __init__(self, name: str, market: Market, fair_ticks: int, endowment: Amounts, *, quoted: bool) -> None:
        """Open the books with the endowment."""
        self.name = name
        self.market = market
        self.start_ticks = fair_ticks
        self.fair_ticks = fair_ticks
        self.endowment = endowment
        self.quoted = quoted
        self.account = Account(endowment.base, market.cash(endowment.quote))
        self.fee_income = Account()
        self.sums = Attribution()

    def mark(self, fair_ticks: int) -> None:
        """Move the fair price: holdings before the move earn the move."""
        if fair_ticks == self.fair_ticks:
            return
        moved = revaluation(self.account.base, self.fee_income.base, fair_ticks - self.fair_ticks, self.market.units)
        self.sums.inventory += moved.all_tokens
        self.sums.rebalancing += moved.trading
        self.sums.fee_inventory += moved.fees
        self.fair_ticks = fair_ticks

    def receive(self, kind: FlowKind, share: Share) -> None:
        """Book this provider's part of a trade at the fair price of the moment."""
        units, sums = self.market.units, self.sums
        booked = booking(share.change, share.fee, self.fair_ticks, units)
        self.account.base += share.change.base
        self.account.cash += booked.cash
        self.fee_income.base += share.fee.base
        self.fee_income.cash += booked.fee_cash
        sums.edge[kind] += booked.edge
        sums.fees[kind] += booked.fee
        sums.trading_edge[kind] += booked.edge - booked.fee
        sums.volume[kind] += booked.volume
        sums.trades[kind] += 1
        if share.reference_ticks is not None and kind is not FlowKind.UPKEEP:
            captured = capture(share.change, share.fee, self.fair_ticks, share.reference_ticks, units)
            sums.spread_capture[kind] += captured.spread_capture
            sums.adverse_selection[kind] += captured.adverse_selection

    def pay(self, quote: int) -> None:
        """Book the gas of the provider's own transactions, quote token units."""
        self.account.cash -= self.market.cash(quote)
        self.sums.gas += self.market.cash(quote)

    def _at_fair(self, amounts: Amounts) -> int:
        return self.market.cash(amounts.quote) + self.market.value(amounts.base, self.fair_ticks)

    # What the books say now; money in wealth units.

    def wealth(self) -> int:
        """Return what the provider holds at the fair price."""
        return self.account.wealth(self.market, self.fair_ticks)

    def hodl_value(self, ticks: int | None = None) -> int:
        """Return the endowment's value, left alone, at a price in ticks (default: the fair price)."""
        price = self.fair_ticks if ticks is None else ticks
        return self.market.cash(self.endowment.quote) + self.market.value(self.endowment.base, price)

    def profit_and_loss(self) -> int:
        """Return wealth now less wealth at the start."""
        return self.wealth() - self.hodl_value(self.start_ticks)

    def drift(self) -> int:
        """Return what holding the endowment alone would have earned."""
        return self.hodl_value() - self.hodl_value(self.start_ticks)

    def beyond_hodl(self) -> int:
        """Return the profit beyond leaving the endowment alone."""
        return self.wealth() - self.hodl_value()

    def hedged_profit(self) -> int:
        """Return what the provider would have earned with its holdings hedged all the time: all edge, less gas."""
        return sum(self.sums.edge.values()) - self.sums.gas

    def fee_value(self) -> int:
        """Return all fee income, marked at the fair price now."""
        return self.fee_income.wealth(self.market, self.fair_ticks)

    def upkeep(self) -> int:
        """Return what moving positions and hedging has cost: gas, and trades with the outside (a cost is >= 0)."""
        return self.sums.gas - self.sums.trading_edge[FlowKind.UPKEEP]

    def impermanent_loss(self) -> int:
        """Return what trades, marked now and before upkeep, less the endowment left alone (a loss is <= 0)."""
        return self.wealth() + self.upkeep() - self.fee_value() - self.hodl_value()

    def lvr(self) -> int:
        """Return loss-versus-rebalancing (a loss is >= 0)."""
        return -sum(edge for kind, edge in self.sums.trading_edge.items() if kind is not FlowKind.UPKEEP)

    def components(self) -> dict[str, int]:
        """Return what the profit beyond HODL is made of; the parts add up to the whole.

        In a pool: fee income (marked now), loss-versus-rebalancing (<= 0 where it loses), and rebalancing, what the
        curve's holdings earned beyond the endowment's as the price moved; the last two are the impermanent loss. In a
        book: spread capture (against the price the maker quoted around), rebates, adverse selection (the move of the
        fair price from there to the fill), and inventory, what the holdings earned beyond the endowment's. In either,
        upkeep where there is any.
        """
        sums, drift = self.sums, self.drift()
        if self.quoted:
            parts = {
                "spread_capture": sum(sums.spread_capture.values()),
                "rebates": self.fee_value(),
                "adverse_selection": sum(sums.adverse_selection.values()),
                "inventory": sums.inventory - drift,
            }
        else:
            parts = {"fees": self.fee_value(), "lvr": -self.lvr(), "rebalancing": sums.rebalancing - drift}
        return parts | ({"upkeep": -self.upkeep()} if self.upkeep() else {})

    def identities(self, withdrawable: Amounts) -> list[Identity]:
        """Return identities 1 to 5 as they stand, in wealth units.

        Args:
            withdrawable: What the provider would hold if it left its venue now, token units, read from the venue and
                not from these books.
        """
        sums = self.sums
        wealth = self._at_fair(withdrawable)
        earned = wealth - self.hodl_value(self.start_ticks)
        upkeep = self.upkeep()
        curve = earned + upkeep - self.fee_value()
        identities = [
            Identity(
                "1 master: P&L = inventory + edge - gas", earned, sums.inventory + sum(sums.edge.values()) - sums.gas
            ),
            Identity(
                "2 HODL: P&L - HODL = fees + IL - upkeep",
                earned - self.drift(),
                self.fee_value() + self.impermanent_loss() - upkeep,
            ),
            Identity("3 LVR: trading P&L = rebalancing - LVR", curve, sums.rebalancing - self.lvr()),
            Identity(
                "4 IL: IL = rebalancing beyond HODL - LVR",
                wealth + upkeep - self.fee_value() - self.hodl_value(),
                sums.rebalancing - self.drift() - self.lvr(),
            ),
            Identity(
                "2b fees: accrued at fair + fee inventory = marked now",
                sum(sums.fees.values()) + sums.fee_inventory,
                self.fee_value(),
            ),
        ]
        if self.quoted:
            split = sums.inventory + sum(sums.fees.values()) - upkeep
            split += sum(sums.spread_capture.values()) + sum(sums.adverse_selection.values())
            name = "5 maker: P&L = spread capture + rebates + adverse selection + inventory - upkeep"
            identities.append(Identity(name, earned, split))
        return identities
