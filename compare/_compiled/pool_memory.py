"""A world with one pool, in arrays."""

import math

import numpy as np

from amm import UniswapV3Pool
from amm._compiled.pool_arrays import addresses_of, to_arrays, write_back
from amm.batch import to_limbs
from amm.math.tick_math import MAX_TICK, get_sqrt_ratio_at_tick
from compare._compiled.ledger_memory import LedgerMemory, Page
from compare._compiled.pool_world import DONE, OUTSIDE, PoolWorld, Tape, Watcher, live_in_pool
from compare._compiled.records import BUNDLER, POOL_VENUE, POSITION, Record, address, get_amounts, set_amounts, set_wide
from compare.just_in_time_provider import JustInTimeProvider
from compare.liquidity_provider import LiquidityProvider
from compare.pool_venue import PoolVenue
from compare.provider_book import Amounts
from compare.world import World

_UNDO_WORDS = 64  # more than a tick's slot, a position's or the rest of a pool needs, over the number of slots
_NOBODY = "nobody"


class _Bundler:
    """A just-in-time provider, in arrays."""

    def __init__(self, provider: JustInTimeProvider, slots: tuple[int, int, int], words: int) -> None:
        """Start with a provider, the slots of its position and of its first tick, and how many ticks have one."""
        self._plain, self.record = provider, np.zeros(1, dtype=BUNDLER)
        self._undo = np.zeros(words, dtype=np.int64)
        set_amounts(self.record, "pocket", provider.pocket)
        set_wide(self.record, "gas", provider.gas)
        self.record["bundles"] = provider.bundles
        # An integer is below a float where it is below the float rounded up.
        set_wide(self.record, "threshold", math.ceil(provider.visibility * 2**64))
        self.record["slot"], self.record["spare"], self.record["tick_slots"] = slots
        self.record["undo"] = address(self._undo)

    def leave(self) -> None:
        """Make the plain provider what the arrays say."""
        self._plain.pocket = get_amounts(self.record, "pocket")
        self._plain.bundles = int(self.record["bundles"][0])


class PoolMemory:
    """A world with one pool, a passive provider and perhaps a just-in-time one, in arrays."""

    def __init__(self, world: World, venue: PoolVenue) -> None:
        """Copy the world."""
        (self._position,) = venue.positions
        self._world, self._plain = world, venue
        setting = world.settings[self._position.owner]
        self._follows = isinstance(setting, LiquidityProvider) and setting.recentre
        self._enter()

    def _enter(self) -> None:
        """Make the arrays what the plain world says."""
        world, venue, position = self._world, self._plain, self._position
        self._ledger = LedgerMemory(world.ledger)
        self._page = Page(world.ledger.providers[position.owner])
        self._keys = [(position.owner, *bounds) for bounds in position.ranges]
        self._bundler: _Bundler | None = None
        spare: tuple[int, ...] = ()
        if venue.just_in_time:
            (provider,) = venue.just_in_time
            spare = _spare_ticks(venue.pool)
            slots = len(venue.pool.ticks) + len(spare)
            self._bundler = _Bundler(provider, (len(self._keys), 0, slots), _UNDO_WORDS * (slots + len(self._keys) + 2))
            self._bundler_page = Page(world.ledger.providers[provider.name])
            self._keys.append((_NOBODY, *spare))
        # The spare ticks come first, in the slots 0 and 1.
        self._arrays = to_arrays(venue.pool, ticks=spare, positions=self._keys)
        self._venue = self._venue_record()
        self._positions = np.zeros(len(position.ranges), dtype=POSITION)
        for row, key in zip(self._positions, self._keys, strict=False):
            _, lower, upper = key
            row["low_x96"], row["high_x96"] = (to_limbs([get_sqrt_ratio_at_tick(tick)])[0] for tick in (lower, upper))
            row["liquidity"] = to_limbs([venue.pool.positions[key].liquidity])[0]
            row["tick_lower"], row["tick_upper"] = lower, upper

    def _venue_record(self) -> Record:
        """Return what the venue remembers."""
        venue, position, record = self._plain, self._position, np.zeros(1, dtype=POOL_VENUE)
        seen = {"principal": position.principal, "fees": position.fees, "protocol": venue.protocol, "dust": venue.dust}
        for name, amounts in seen.items():
            set_amounts(record, name, amounts)
        set_wide(record, "gas", venue.gas)
        record["ranges"], record["follows"] = len(position.ranges), self._follows
        record["settled"] = -1 if venue.settled is None else venue.settled
        record["base_is_token0"] = venue.market.base_is_token0
        return record

    def live(self, clock: Record, tape: Tape) -> bool:
        """Live up to the clock's end; return whether no event was for the plain engine to judge."""
        while (status := self._loop(clock, tape)) == OUTSIDE:
            time_ns, fair_ticks = int(clock["time_ns"][0]), int(clock["fair_ticks"][0])
            self.leave()
            self._world.ledger.mark(fair_ticks)
            self._plain.refresh(time_ns, fair_ticks)
            self._enter()
        return status == DONE

    def _loop(self, clock: Record, tape: Tape) -> int:
        """Go on with the compiled loop, and return where it has stopped."""
        places = PoolWorld(
            addresses_of(self._arrays),
            address(self._venue),
            address(self._positions),
            address(self._page.record),
            address(self._ledger.record),
        )
        watcher = None
        if self._bundler is not None:
            watcher = Watcher(address(self._bundler.record), address(self._bundler_page.record))
        return int(live_in_pool(places, address(clock), tape, self._plain.pool.fee, watcher))

    def leave(self) -> None:
        """Make the plain world what the arrays say; of bundles, which leave nothing in the pool, no trace is kept."""
        self._ledger.leave()
        self._page.leave()
        write_back(self._arrays, self._plain.pool, self._keys)
        if self._bundler is not None:
            self._bundler.leave()
            self._bundler_page.leave()
            self._plain.pool.positions.pop(self._keys[-1], None)
        venue, settled = self._plain, int(self._venue["settled"][0])
        self._position.look(venue.pool)
        venue.protocol, venue.dust = get_amounts(self._venue, "protocol"), get_amounts(self._venue, "dust")
        venue.settled = None if settled < 0 else settled

    def withdrawable(self) -> dict[str, Amounts]:
        """Return what the providers would hold if they left the pool now, token units; after `leave`."""
        return self._plain.withdrawable()


def _spare_ticks(pool: UniswapV3Pool) -> tuple[int, int]:
    """Return two ticks at which no liquidity ends, to keep two slots for those that bundles need."""
    lowest = -(MAX_TICK // pool.tick_spacing) * pool.tick_spacing
    free = (tick for tick in range(lowest, MAX_TICK, pool.tick_spacing) if tick not in pool.ticks)
    return next(free), next(free)
