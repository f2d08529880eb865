"""A quoting market maker, as an experiment describes it."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from orderbook import FeeSchedule

if TYPE_CHECKING:
    from compare.book_venue import BookVenue
    from compare.provider_book import Amounts
    from orderbook import InventoryLimits, KillSwitch, QuotingStrategy


@dataclass(frozen=True, slots=True)
class MarketMaker:
    """One maker in an order book. Strategy and switch are as they are to start: each run works on copies.

    Attributes:
        strategy: What turns its view into quotes; prices in ticks, sizes in lots.
        fees: Maker rebate and taker fee of the book.
        limits: How far its inventory may go; None for no limit.
        kill_switch: What ends its quoting, looked at on every refresh.
        name: The provider's name in results.
    """

    strategy: QuotingStrategy
    fees: FeeSchedule = field(default_factory=FeeSchedule)
    limits: InventoryLimits | None = None
    kill_switch: KillSwitch | None = None
    name: str = "market maker"

    def __str__(self) -> str:
        """Say how the maker quotes and what its venue charges."""
        rebate, fee = self.fees.maker_rebate_pips / 100, self.fees.taker_fee_pips / 100
        return f"{self.strategy}, maker rebate {rebate:g} bp, taker fee {fee:g} bp"

    def enter(self, venue: BookVenue, endowment: Amounts) -> None:
        """Enter a book with an endowment; the first quotes come with the first refresh."""
        # A strategy or a switch may remember what it has seen: each run starts with a fresh one.
        strategy, switch = deepcopy(self.strategy), deepcopy(self.kill_switch)
        venue.enter(self.name, strategy, endowment, limits=self.limits, kill_switch=switch)
