"""A quoting market maker, as an experiment describes it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from compare.book_venue import BookVenue
from orderbook import FeeSchedule

if TYPE_CHECKING:
    from compare.ledger import Amounts
    from compare.market import Market
    from orderbook import QuotingStrategy


@dataclass(frozen=True, slots=True)
class MarketMaker:
    """One maker, alone in a book of its own.

    Attributes:
        strategy: What turns its view into quotes; prices in ticks, sizes in lots.
        fees: Maker rebate and taker fee of the book.
        name: The provider's name in results.
    """

    strategy: QuotingStrategy
    fees: FeeSchedule = field(default_factory=FeeSchedule)
    name: str = "market maker"

    def __str__(self) -> str:
        """Say how the maker quotes and what its venue charges."""
        rebate, fee = self.fees.maker_rebate_pips / 100, self.fees.taker_fee_pips / 100
        return f"{self.strategy}, maker rebate {rebate:g} bp, taker fee {fee:g} bp"

    def open(self, market: Market, fair_ticks: int, endowment: Amounts) -> BookVenue:
        """Open the book; the maker holds the endowment and quotes from its first refresh on."""
        return BookVenue(self.name, market, self.strategy, self.fees, endowment=endowment, fair_ticks=fair_ticks)
