"""Pulling a pool's events into its history, and taking a pull up again where it was stopped."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from amm.chain import BLOCKS_PER_REQUEST, Block, LogReader, Node, Reading
from amm.uniswap_v3.pool import UniswapV3Pool
from compare.history import History, Origin
from compare.history_file import EVENTS, Head

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from amm.events import EventRecord

BLOCKS_PER_PART: Final = 10_000
"""A pull that is stopped repeats at most so many blocks."""


def origin_of(reading: Reading) -> Origin:
    """Whose history it will be, from a reading of the pool."""
    snapshot = reading.snapshot
    chain_id, address = snapshot.chain_id or 0, snapshot.address or ""
    if isinstance(snapshot.pool, UniswapV3Pool):
        pool = snapshot.pool
        return Origin(chain_id, address, "uniswap_v3", reading.tokens, pool.fee, pool.tick_spacing)
    return Origin(chain_id, address, "uniswap_v2", reading.tokens)


def pull_history(
    node: Node,
    origin: Origin,
    folder: Path,
    first_block: int,
    head: Block,
    *,
    blocks_per_request: int = BLOCKS_PER_REQUEST,
    blocks_per_part: int = BLOCKS_PER_PART,
    cross_check: bool = True,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> History:
    """Pull every event from `first_block` to `head` that the folder's history lacks.

    Each file is written after its blocks were read and the head was found unchanged, so all files are of one chain.
    Before anything is added to a history, the heads of its files must still be part of the chain.

    Raises:
        InputError: The folder cannot be used.
        ReorganisedError: A block that this or an earlier pull relied on was replaced.
        ChainError: As LogReader.ranges.
    """
    history = History.create(folder, origin)
    for old in history.heads():
        node.check_canonical(Block(old.number, old.hash, 0))
    reader = LogReader(node, origin.address, EVENTS[origin.kind], head, blocks_per_request, cross_check)
    gaps = history.missing(first_block, head.number)
    total = sum(last - first + 1 for first, last in gaps)
    done = 0
    for first, last in _parts(gaps, blocks_per_part):
        events: list[EventRecord] = []
        for chunk in reader.ranges(first, last):
            events += chunk.events
            progress(done + chunk.last_block - first + 1, total)
        node.check_canonical(head)
        history.write(first, last, events, Head(head.number, head.hash))
        done += last - first + 1
    return history


def _parts(gaps: list[tuple[int, int]], blocks_per_part: int) -> Iterator[tuple[int, int]]:
    """The ranges cut at every multiple of the part's length."""
    for first, last in gaps:
        start = first
        while start <= last:
            end = min(last, (start // blocks_per_part + 1) * blocks_per_part - 1)
            yield start, end
            start = end + 1
