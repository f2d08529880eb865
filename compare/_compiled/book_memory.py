"""A world with one book, in arrays."""

import numpy as np
from numpy.typing import NDArray

from compare._compiled.book_world import DONE, BookWorld, live_in_book
from compare._compiled.ledger_memory import LedgerMemory, Page
from compare._compiled.pool_world import Tape
from compare._compiled.records import BOOK_VENUE, Record, address, get_wide, set_wide
from compare._compiled.strategies import Strategy
from compare._compiled.value_table import ValueTable
from compare.book_venue import BookVenue
from compare.market_maker import MarketMaker
from compare.provider_book import Amounts
from compare.world import World
from orderbook import GLFT, CarteaJaimungal

Ticks = NDArray[np.int64]
NO_LIMIT = 1 << 62


class BookMemory:
    """A world with one book and one maker, in arrays."""

    def __init__(self, world: World, venue: BookVenue, setting: MarketMaker, strategy: Strategy) -> None:
        """Start with what the maker brings."""
        self._name, self._market, self._strategy = setting.name, venue.market, strategy
        self._table = None
        if isinstance(setting.strategy, GLFT | CarteaJaimungal):
            self._table = ValueTable(setting.strategy.solution.values)
            self._strategy = strategy._replace(values=self._table.address)
        book = world.ledger.providers[setting.name]
        self._ledger, self._page = LedgerMemory(world.ledger), Page(book)
        self._venue = np.zeros(1, dtype=BOOK_VENUE)
        lots, self._idle_base = divmod(book.endowment.base, venue.market.instrument.base_units_per_lot)
        set_wide(self._venue, "cash", book.endowment.quote)
        self._venue["holding"] = self._venue["target"] = lots
        self._venue["reference_ticks"] = book.start_ticks
        self._venue["rebate_pips"] = setting.fees.maker_rebate_pips
        self._venue["taker_fee_pips"] = setting.fees.taker_fee_pips
        limits = setting.limits
        self._venue["max_long"] = NO_LIMIT if limits is None else limits.max_long
        self._venue["max_short"] = NO_LIMIT if limits is None else limits.max_short
        self._venue["lag_ns"] = setting.information_lag_ns
        self._past = np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)

    def hear(self, path_times: Ticks, ticks: Ticks) -> None:
        """Learn the points of a path before the loop gets to them, for a maker that sees them late."""
        if self._venue["lag_ns"][0]:
            seen = int(self._venue["past_at"][0])
            times, prices = self._past
            self._past = np.concatenate([times[seen:], path_times]), np.concatenate([prices[seen:], ticks])
            self._venue["past_times"], self._venue["past_ticks"] = map(address, self._past)
            self._venue["past_count"], self._venue["past_at"] = len(self._past[0]), 0

    def live(self, clock: Record, tape: Tape) -> bool:
        """Live up to the clock's end; return whether no event was for the plain engine to judge."""
        if self._table is not None and not self._table.reach(self._strategy.whole[0] - int(clock["start_ns"][0])):
            return False
        places = BookWorld(address(self._venue), address(self._page.record), address(self._ledger.record))
        return bool(live_in_book(places, address(clock), tape, self._strategy) == DONE)

    def leave(self) -> None:
        """Make the plain ledger what the arrays say."""
        self._ledger.leave()
        self._page.leave()

    def withdrawable(self) -> dict[str, Amounts]:
        """Return what the maker's account holds, token units."""
        base = self._idle_base + self._market.base_units(int(self._venue["holding"][0]))
        return {self._name: Amounts(base, get_wide(self._venue, "cash"))}
