"""A world with one pair, in arrays."""

import numpy as np

from amm._compiled import pair_arrays
from compare._compiled.ledger_memory import LedgerMemory, Page
from compare._compiled.pair_world import DONE, PairWorld, live_in_pair
from compare._compiled.pool_world import Tape
from compare._compiled.records import PAIR_VENUE, Record, address, get_amounts, set_amounts, set_wide
from compare.pair_venue import PairVenue
from compare.provider_book import Amounts
from compare.world import World


class PairMemory:
    """A world with one pair and its only provider, in arrays."""

    def __init__(self, world: World, venue: PairVenue) -> None:
        """Copy the world."""
        (self._name,) = venue.claims
        self._plain, self._rows = venue, pair_arrays.to_rows(venue.pair)
        self._ledger, self._page = LedgerMemory(world.ledger), Page(world.ledger.providers[self._name])
        self._venue = np.zeros(1, dtype=PAIR_VENUE)
        set_amounts(self._venue, "claim", venue.claims[self._name])
        set_amounts(self._venue, "dust", venue.dust)
        set_wide(self._venue, "shares", venue.pair.balance_of[self._name])
        set_wide(self._venue, "gas", venue.gas)
        self._venue["settled"], self._venue["base_is_token0"] = -1, venue.market.base_is_token0

    def live(self, clock: Record, tape: Tape) -> bool:
        """Live up to the clock's end; return whether no event was for the plain engine to judge."""
        places = PairWorld(
            address(self._rows), address(self._venue), address(self._page.record), address(self._ledger.record)
        )
        return bool(live_in_pair(places, address(clock), tape) == DONE)

    def leave(self) -> None:
        """Make the plain world what the arrays say."""
        self._ledger.leave()
        self._page.leave()
        pair_arrays.write_back(self._rows, self._plain.pair)
        self._plain.claims[self._name] = get_amounts(self._venue, "claim")
        self._plain.dust = get_amounts(self._venue, "dust")

    def withdrawable(self) -> dict[str, Amounts]:
        """Return what the provider would hold if it left the pair now, token units; after `leave`."""
        return self._plain.withdrawable()
