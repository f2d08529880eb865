"""Plain worlds into arrays, through the loops, and back."""

import math
from collections.abc import Iterable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from amm import UniswapV3Pool
from amm._compiled import pair_arrays
from amm._compiled.pool_arrays import addresses_of, to_arrays, write_back
from amm.math.tick_math import MAX_TICK, get_sqrt_ratio_at_tick
from compare._compiled.book_world import DONE, BookWorld, live_in_book
from compare._compiled.pair_world import PairWorld, live_in_pair
from compare._compiled.pool_world import OUTSIDE, PoolWorld, Tape, Watcher, live_in_pool
from compare._compiled.records import (
    AGENTS,
    BOOK_VENUE,
    BUNDLER,
    KINDS,
    LEDGER,
    PAIR_VENUE,
    POOL_VENUE,
    POSITION,
    PROVIDER,
    SUMS,
    TAPE,
    Record,
    address,
    get_amounts,
    get_wide,
    set_amounts,
    set_wide,
)
from compare._compiled.strategies import Strategy, in_numbers
from compare._compiled.value_table import ValueTable
from compare._compiled.world_clock import Chunk, WorldClock
from compare.book_venue import BookVenue
from compare.just_in_time_provider import JustInTimeProvider
from compare.ledger import Ledger
from compare.market_maker import MarketMaker
from compare.pair_venue import PairVenue
from compare.pool_venue import PoolVenue
from compare.provider_book import Amounts, ProviderBook
from compare.world import World
from orderbook import GLFT, CarteaJaimungal

Ticks = NDArray[np.int64]
NO_LIMIT = 1 << 62
_UNDO_WORDS = 64  # more than a tick's slot, a position's or the rest of a pool needs, over the number of slots
_NOBODY = "nobody"
_PLAIN_SUMS = ("inventory", "rebalancing", "fee_inventory", "gas")


class MakerState(NamedTuple):
    """Where a maker's account and orders stand: quote token units, lots, ticks; no price where nothing is quoted."""

    cash: int
    holding: int
    bid: tuple[int, int] | None
    ask: tuple[int, int] | None


class _LedgerMemory:
    """What every agent of a world holds, and the units, in arrays."""

    def __init__(self, ledger: Ledger) -> None:
        self._plain, self.record = ledger, np.zeros(1, dtype=LEDGER)
        units = ledger.market.units
        set_wide(self.record, "quote", units.quote)
        set_wide(self.record, "base_tick", units.base_tick)
        for place, agent in enumerate(AGENTS):
            account = ledger.accounts[agent]
            for column, value in enumerate((account.base, account.cash)):
                self.record["agents"][0, place, column] = _limbs(value)

    def leave(self) -> None:
        """Make the plain accounts what the arrays say."""
        for place, agent in enumerate(AGENTS):
            account = self._plain.accounts[agent]
            account.base, account.cash = (get_wide(self.record, "agents", place, column) for column in (0, 1))


class _Page:
    """One provider's page of the ledger, in arrays."""

    def __init__(self, book: ProviderBook) -> None:
        self._plain, self.record = book, np.zeros(1, dtype=PROVIDER)
        page, sums = self.record, book.sums
        for prefix, account in (("", book.account), ("fee_", book.fee_income)):
            set_wide(page, f"{prefix}base", account.base)
            set_wide(page, f"{prefix}cash", account.cash)
        for name in _PLAIN_SUMS:
            set_wide(page, name, getattr(sums, name))
        for place, kind in enumerate(KINDS):
            page["trades"][0, place] = sums.trades.get(kind, 0)
            for name in SUMS:
                page[name][0, place] = _limbs(getattr(sums, name).get(kind, 0))
        page["fair_ticks"] = book.fair_ticks

    def leave(self) -> None:
        """Make the plain page what the arrays say."""
        book, page = self._plain, self.record
        book.account.base, book.account.cash = get_wide(page, "base"), get_wide(page, "cash")
        book.fee_income.base, book.fee_income.cash = get_wide(page, "fee_base"), get_wide(page, "fee_cash")
        sums = book.sums
        for name in _PLAIN_SUMS:
            setattr(sums, name, get_wide(page, name))
        for place, kind in enumerate(KINDS):
            trades = int(page["trades"][0, place])
            if trades:
                sums.trades[kind] = trades
                for name in SUMS:
                    getattr(sums, name)[kind] = get_wide(page, name, place)
        book.fair_ticks = int(page["fair_ticks"][0])


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
        self._follows = getattr(world.settings[self._position.owner], "recentre", False)
        self._enter()

    def _enter(self) -> None:
        """Make the arrays what the plain world says."""
        world, venue, position = self._world, self._plain, self._position
        self._ledger = _LedgerMemory(world.ledger)
        self._page = _Page(world.ledger.providers[position.owner])
        self._keys = [(position.owner, *bounds) for bounds in position.ranges]
        self._bundler: _Bundler | None = None
        spare: tuple[int, ...] = ()
        if venue.just_in_time:
            (provider,) = venue.just_in_time
            spare = _spare_ticks(venue.pool)
            slots = len(venue.pool.ticks) + len(spare)
            self._bundler = _Bundler(provider, (len(self._keys), 0, slots), _UNDO_WORDS * (slots + len(self._keys) + 2))
            self._bundler_page = _Page(world.ledger.providers[provider.name])
            self._keys.append((_NOBODY, *spare))
        # The spare ticks come first, in the slots 0 and 1.
        self._arrays = to_arrays(venue.pool, ticks=spare, positions=self._keys)
        self._venue = self._venue_record()
        self._positions = np.zeros(len(position.ranges), dtype=POSITION)
        for row, key in zip(self._positions, self._keys, strict=False):
            _, lower, upper = key
            row["low_x96"], row["high_x96"] = (_limbs(get_sqrt_ratio_at_tick(tick)) for tick in (lower, upper))
            row["liquidity"] = _limbs(venue.pool.positions[key].liquidity)
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


class PairMemory:
    """A world with one pair and its only provider, in arrays."""

    def __init__(self, world: World, venue: PairVenue) -> None:
        """Copy the world."""
        (self._name,) = venue.claims
        self._plain, self._rows = venue, pair_arrays.to_rows(venue.pair)
        self._ledger, self._page = _LedgerMemory(world.ledger), _Page(world.ledger.providers[self._name])
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


class BookMemory:
    """A world with one book and one maker, in arrays."""

    def __init__(self, world: World, venue: BookVenue, setting: MarketMaker, strategy: Strategy) -> None:
        """Start with what the maker brings."""
        self.name, self._market, self._strategy = setting.name, venue.market, strategy
        self._table = None
        if isinstance(setting.strategy, GLFT | CarteaJaimungal):
            self._table = ValueTable(setting.strategy.solution.values)
            self._strategy = strategy._replace(values=self._table.address)
        book = world.ledger.providers[setting.name]
        self._ledger, self._page = _LedgerMemory(world.ledger), _Page(book)
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
        state = self.state()
        return {self.name: Amounts(self._idle_base + self._market.base_units(state.holding), state.cash)}

    def state(self) -> MakerState:
        """Return the maker's account and orders."""
        row = {
            name: int(self._venue[name][0]) for name in ("holding", "bid_price", "bid_size", "ask_price", "ask_size")
        }
        bid = (row["bid_price"], row["bid_size"]) if row["bid_size"] else None
        ask = (row["ask_price"], row["ask_size"]) if row["ask_size"] else None
        return MakerState(get_wide(self._venue, "cash"), row["holding"], bid, ask)


Memory = PoolMemory | PairMemory | BookMemory


def enter(world: World) -> Memory:
    """Copy a world with one venue and its providers, of the kinds that `compare.compiled_scope` lets through.

    Raises:
        TypeError: It is of another kind.
    """
    (venue,), (setting, *_) = world.venues, world.settings.values()
    if isinstance(venue, PoolVenue):
        return PoolMemory(world, venue)
    if isinstance(venue, PairVenue):
        return PairMemory(world, venue)
    strategy = in_numbers(setting.strategy) if isinstance(setting, MarketMaker) else None
    if isinstance(venue, BookVenue) and isinstance(setting, MarketMaker) and strategy is not None:
        return BookMemory(world, venue, setting, strategy)
    raise TypeError(f"no loop lives in {venue.name}")


def live(memory: Memory, chunks: Iterable[Chunk], clock: WorldClock) -> bool:
    """Live through chunks of a path and a tape in one world; return whether no event was for the plain engine to judge.

    Args:
        memory: The world.
        chunks: Everything that happens, in the order of time.
        clock: The world's own.
    """
    return all(live_on(memory, clock, chunk) for chunk in chunks)


def live_on(memory: Memory, clock: WorldClock, chunk: Chunk) -> bool:
    """Live through one more chunk; return whether no event was for the plain engine to judge."""
    columns = clock.fill(chunk)
    if isinstance(memory, BookMemory):
        memory.hear(columns["path_times"], columns["ticks"])
    return memory.live(clock.record, Tape(*(address(columns[name]) for name in TAPE[1:])))


def _limbs(value: int) -> NDArray[np.uint64]:
    record = np.zeros(1, dtype=[("value", "<u8", (4,))])
    set_wide(record, "value", value)
    limbs: NDArray[np.uint64] = record["value"][0]
    return limbs
