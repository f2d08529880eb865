"""Plain worlds into arrays, and through the loops."""

from collections.abc import Iterable

from compare._compiled.book_memory import BookMemory
from compare._compiled.pair_memory import PairMemory
from compare._compiled.pool_memory import PoolMemory
from compare._compiled.pool_world import Tape
from compare._compiled.records import TAPE, address
from compare._compiled.strategies import in_numbers
from compare._compiled.world_clock import Chunk, WorldClock
from compare.book_venue import BookVenue
from compare.market_maker import MarketMaker
from compare.pair_venue import PairVenue
from compare.pool_venue import PoolVenue
from compare.world import World

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
