"""A pool's history from other programs' exports, and any history replayed; no node is needed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from amm.event_replay import replay
from amm.snapshot import Snapshot
from amm.uniswap_v2 import UniswapV2Pair
from amm.uniswap_v3.pool import UniswapV3Pool
from compare.errors import InputError
from compare.formats import read_pool_events
from compare.history import History, Origin
from compare.history_file import Head

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from amm.events import EventRecord, Replayed
    from compare.formats import Source

UNKNOWN_HASH = ""
"""The hash of the last block of an import: an export does not say which chain it is from."""


def import_history(
    folder: Path,
    origin: Origin,
    sources: Sequence[Source],
    *,
    first_block: int | None = None,
    last_block: int | None = None,
    decimals: tuple[int, int] | None = None,
    blocks: Source | None = None,
) -> History:
    """Add the events of exports to a history; what it holds already, event for event, is not added again.

    Args:
        folder: The history's; it is made if there is none.
        origin: Whose history it is.
        sources: Files or frames, with all events of the pool in these blocks: nobody can see one that is missing here;
            a replay does.
        first_block: The first block that the exports cover; that of their first event by default.
        last_block: The last one; that of their last event by default.
        decimals: Of token0 and token1, where amounts count whole tokens.
        blocks: A file or frame of blocks, where the exports have no times.

    Raises:
        InputError: A source cannot be read as events, an event lies outside the blocks, blocks are there already, or
            the folder cannot be written.
    """
    address = origin.address.lower()
    events = read_pool_events(*sources, kind=origin.kind, address=address, decimals=decimals, blocks=blocks)
    first = events[0].block_number if first_block is None else first_block
    last = events[-1].block_number if last_block is None else last_block
    for event in (events[0], events[-1]):
        if not first <= event.block_number <= last:
            problem = f"an event lies in block {event.block_number}, outside blocks {first} to {last}"
            raise InputError(problem, place="sources", remedy="name the blocks that the exports cover")
    history = History.create(folder, origin)
    missing = history.missing(first, last)
    if not missing and list(history.events(first, last)) == events:
        return history  # the same import once more
    if missing != [(first, last)]:
        raise InputError(f"holds some of blocks {first} to {last} already", source=folder, remedy="name another folder")
    history.write(first, last, events, Head(last, UNKNOWN_HASH))
    return history


@dataclass(frozen=True)
class Replay:
    """What a replay of a history came to.

    Attributes:
        snapshot: The pool after the last event, and where in the chain that is.
        replayed: How many events came out as recorded, and by which call each swap was found again.
    """

    snapshot: Snapshot
    replayed: Replayed


def replay_history(history: History, before: Snapshot | None = None) -> Replay:
    """Drive a pool through every event of a history, each of which must come out as recorded.

    Args:
        history: All events from the snapshot's block on, or from the pool's first.
        before: The pool before the first event, with every position that the events touch; None for a pool that begins
            with them.

    Raises:
        InputError: The history begins in the middle of the pool's life and there is no snapshot, or blocks are missing
            after it.
        ReplayMismatchError: The model gives something else than the chain recorded.
    """
    first = history.parts[0].first_block if history.parts else 0
    last = history.parts[-1].last_block if history.parts else 0
    if before is not None and before.block_number is not None:
        first = before.block_number + 1
    events = list(history.events(first, last)) if history.parts else []
    if not events:
        raise InputError("holds no event to replay", source=history.folder, remedy="a history with events")
    pool = _new_pool(history, events[0]) if before is None else before.pool.copy()
    replayed = replay(pool, events)
    origin = history.origin
    return Replay(
        Snapshot(pool, origin.chain_id, last, events[-1].block_hash or None, origin.address, origin.tokens), replayed
    )


def _new_pool(history: History, first: EventRecord) -> UniswapV3Pool | UniswapV2Pair:
    origin = history.origin
    if origin.kind == "uniswap_v2":
        token0, token1 = (token.address for token in origin.tokens)
        return UniswapV2Pair(address=origin.address, token0=token0, token1=token1)
    if first.event != "Initialize" or origin.fee is None or origin.tick_spacing is None:
        problem = f"begins with a {first.event} in block {first.block_number}, not with the pool's Initialize"
        remedy = f"give a snapshot of the pool at block {first.block_number - 1}, or its history from the start"
        raise InputError(problem, source=history.folder, remedy=remedy)
    return UniswapV3Pool(origin.fee, origin.tick_spacing)
