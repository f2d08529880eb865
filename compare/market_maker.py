"""A quoting market maker, as an experiment describes it."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from compare.checks import whole
from compare.errors import InputError
from compare.information import DelayedPrice
from orderbook import FeeSchedule

if TYPE_CHECKING:
    from compare.book_venue import BookVenue
    from compare.paths import PricePath
    from compare.provider_book import Amounts
    from orderbook import InventoryLimits, KillSwitch, QuotingStrategy


@dataclass(frozen=True, slots=True)
class MarketMaker:
    """One maker in an order book. Strategy and switch are as they are to start: each run works on copies.

    Attributes:
        strategy: What turns its view into quotes; prices in ticks, sizes in lots.
        fees: Maker rebate and taker fee of the book.
        limits: How far its inventory may go; None for no limit.
        kill_switch: What ends its quoting, looked at on every refresh and on every fill; on a fill the inventory is
            valued at the price the maker last saw.
        name: The provider's name in results.
        information_lag_ns: How late the fair price reaches it, nanoseconds: at time t it quotes around that of
            t - information_lag_ns.
    """

    strategy: QuotingStrategy
    fees: FeeSchedule = field(default_factory=FeeSchedule)
    limits: InventoryLimits | None = None
    kill_switch: KillSwitch | None = None
    name: str = "market maker"
    information_lag_ns: int = 0

    def __post_init__(self) -> None:
        """Check the lag."""
        whole(self.information_lag_ns, "information_lag_ns")

    def __str__(self) -> str:
        """Say how the maker quotes, what its venue charges, and how late it sees."""
        rebate, fee = self.fees.maker_rebate_pips / 100, self.fees.taker_fee_pips / 100
        late = f", sees the price {self.information_lag_ns / 1e9:g} s late" if self.information_lag_ns else ""
        return f"{self.strategy}, maker rebate {rebate:g} bp, taker fee {fee:g} bp{late}"

    def enter(self, venue: BookVenue, endowment: Amounts, path: PricePath | None = None) -> None:
        """Enter a book with an endowment; the first quotes come with the first refresh.

        Args:
            venue: The book.
            endowment: What it brings, token units.
            path: The fair price, which a maker that sees it late looks back on.

        Raises:
            InputError: The maker sees the price late, and there is no path.
        """
        delayed = None
        if self.information_lag_ns:
            if path is None:
                problem = f"{self.name} sees the price late"
                raise InputError(problem, place="path", remedy="give the path it looks back on")
            delayed = DelayedPrice(path, self.information_lag_ns)
        # A strategy or a switch may remember what it has seen: each run starts with a fresh one.
        strategy, switch = deepcopy(self.strategy), deepcopy(self.kill_switch)
        venue.enter(self.name, strategy, endowment, limits=self.limits, kill_switch=switch, delayed=delayed)
