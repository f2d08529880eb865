"""A pool driven by the events that its contract emitted, each of which must come out as the chain recorded it.

A mismatch is an error that names the first field that differs; nothing is ever taken over from the chain. What a log
does not carry is found again: a swap's amount and limit by trying exact input, exact output and then the limit, and
what was paid to a v2 pair from the reserves it reports.
"""

from collections.abc import Iterable, Iterator

from amm import _pair_replay, _pool_replay
from amm.events import EventRecord, Replayed
from amm.math.tick_math import MAX_TICK, MIN_TICK
from amm.uniswap_v2 import UniswapV2Pair
from amm.uniswap_v3.pool import UniswapV3Pool
from amm.uniswap_v3.state import PositionKey


def replay(pool: UniswapV3Pool | UniswapV2Pair, events: Iterable[EventRecord]) -> Replayed:
    """Drive the pool through its events, in the chain's order, and return how many came out as recorded.

    The pool must hold every position (v3) or holder's shares (v2) that the events touch, as they were at the start.

    Raises:
        ReplayMismatchError: the model gives something else than the chain recorded.
    """
    if isinstance(pool, UniswapV3Pool):
        return _pool_replay.replay(pool, events)
    return _pair_replay.replay(pool, events)


def touched_positions(events: Iterable[EventRecord]) -> list[PositionKey]:
    """The v3 positions that the events change, each once, in order of appearance.

    A collect of nothing may name ends that no position can have; those are left out.
    """
    return list(dict.fromkeys(_positions(events)))


def touched_holders(events: Iterable[EventRecord]) -> list[str]:
    """The owners of v2 shares that the events change, each once, in order of appearance."""
    transfers = (event for event in events if event.event == "Transfer")
    return list(dict.fromkeys(event.text(end) for event in transfers for end in ("sender", "recipient")))


def _positions(events: Iterable[EventRecord]) -> Iterator[PositionKey]:
    for event in events:
        if event.event in {"Mint", "Burn", "Collect"}:
            tick_lower, tick_upper = event.integers("tick_lower", "tick_upper")
            if MIN_TICK <= tick_lower < tick_upper <= MAX_TICK:
                yield event.text("owner"), tick_lower, tick_upper
