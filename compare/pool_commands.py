"""The commands of `lpmm pool` that speak to a node; importing this needs web3."""

from __future__ import annotations

from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from amm.chain import (
    BLOCKS_PER_REQUEST,
    Block,
    BlockNotFoundError,
    ChainError,
    EndpointError,
    LogReader,
    Node,
    PoolKindError,
    Reading,
    WrongChainError,
    read_pool,
)
from amm.errors import ArgumentError, SnapshotError
from amm.uniswap_v3.pool import UniswapV3Pool
from compare.errors import CompareError, InputError
from compare.history import History
from compare.history_file import EVENTS, write_whole
from compare.pool_pull import BLOCKS_PER_PART, origin_of, pull_history
from compare.pool_verify import (
    Check,
    quoting_contract,
    read_touched,
    verify_quotes,
    verify_replay,
    verify_snapshot,
)
from compare.progress import progress_bar

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from amm.events import EventRecord
    from amm.snapshot import Snapshot
    from amm.uniswap_v3.state import PositionKey


@dataclass(frozen=True)
class Pace:
    """How a history is asked for."""

    blocks_per_request: int = BLOCKS_PER_REQUEST
    blocks_per_part: int = BLOCKS_PER_PART
    cross_check: bool = True


@dataclass(frozen=True)
class Quotes:
    """Which contract to ask for quotes, where it is not the known one, and how many random swaps."""

    contract: str | None
    random_quotes: int
    seed: int


@contextmanager
def node_at(url: str, chain_id: int | None, timeout_s: float) -> Iterator[Node]:
    """A node for one command; what goes wrong with it becomes one line and an exit code.

    Raises:
        InputError: What was asked for does not exist there.
        CompareError: The node failed, or what it answers cannot be true.
    """
    try:
        with Node.connect(url, timeout_s=timeout_s) as node:
            if chain_id is not None:
                node.require_chain(chain_id)
            yield node
    except (EndpointError, WrongChainError, BlockNotFoundError, PoolKindError, ArgumentError, SnapshotError) as error:
        raise InputError(str(error)) from None
    except ChainError as error:
        raise CompareError(str(error)) from None


def block_reference(text: str) -> int | str:
    """A block as it stands on the command line: a number, or a hash or a name as it is."""
    return int(text) if text.isascii() and text.isdecimal() else text


def parse_positions(texts: Sequence[str]) -> tuple[list[PositionKey], list[str]]:
    """The v3 positions OWNER:TICK_LOWER:TICK_UPPER and the v2 holders OWNER among some texts.

    Raises:
        InputError: A text is neither.
    """
    positions, holders = [], []
    for text in texts:
        owner, *ticks = text.split(":")
        try:
            numbers = [int(tick) for tick in ticks]
        except ValueError:
            numbers = [0]
        if len(numbers) not in {0, 2}:
            raise InputError(f"{text!r} names no position", place="--position", remedy="OWNER:TICK_LOWER:TICK_UPPER")
        if numbers:
            positions.append((owner, numbers[0], numbers[1]))
        else:
            holders.append(owner)
    return positions, holders


def pull(node: Node, address: str, block: str, positions: Sequence[str], out: Path | None) -> tuple[Path, Snapshot]:
    """Read a pool and write its snapshot, and return the file and what is in it.

    Raises:
        InputError: A position of another kind of pool, or a file that cannot be written.
        ChainError: As read_pool.
    """
    ranges, holders = parse_positions(positions)
    snapshot = read_pool(node, address, block_reference(block), positions=ranges, holders=holders).snapshot
    is_v3 = isinstance(snapshot.pool, UniswapV3Pool)
    if holders if is_v3 else ranges:
        form = "OWNER:TICK_LOWER:TICK_UPPER" if is_v3 else "OWNER"
        raise InputError("names no position of this kind of pool", place="--position", remedy=f"write {form}")
    path = out or Path(f"pool-{snapshot.chain_id}-{snapshot.address}-{snapshot.block_number}.json")
    write_whole(path, snapshot.to_json().encode())
    return path, snapshot


def history(node: Node, address: str, *, first_block: int, last_block: str, out: Path, pace: Pace) -> History:
    """Pull a pool's events into a folder, or what it still lacks of them.

    Raises:
        InputError: The folder cannot be used, or the blocks are in the wrong order.
        ChainError: As pull_history.
    """
    reading = read_pool(node, address, block_reference(last_block))
    if first_block > reading.block.number:
        problem = f"begins at block {first_block}, after its end {reading.block.number}"
        raise InputError(problem, place="--from-block", remedy="name an earlier block")
    return _pull(node, reading, first_block, out, pace)


def verify_pool(
    node: Node, address: str, *, block: str, blocks: int, folder: Path | None, quotes: Quotes | None, pace: Pace
) -> tuple[Reading, list[Check]]:
    """Check the model against the chain: quotes at a block, and the events of the blocks before it replayed.

    Raises:
        InputError: No quoting contract is known, or the folder cannot be used.
        ChainError: As read_pool and pull_history.
    """
    reading = read_pool(node, address, block_reference(block))
    checks = [] if quotes is None else [_quotes(node, reading, quotes)]
    if blocks:
        first_block = max(reading.block.number - blocks + 1, 1)
        events = _events(node, reading, first_block, folder, pace)
        before = read_touched(node, reading, events, node.block(first_block - 1))
        checks += verify_replay(before, events, read_touched(node, reading, events, reading.block))
    return reading, checks


def verify_file(
    node: Node, snapshot: Snapshot, folder: Path | None, quotes: Quotes | None
) -> tuple[Reading, list[Check]]:
    """Check a snapshot against its own block of the chain, and a history that begins there by replaying it.

    Raises:
        InputError: The snapshot is not from a chain, the history does not follow it, or no quoting contract is known.
        ChainError: As read_pool.
    """
    if snapshot.chain_id is None or snapshot.block_hash is None or snapshot.address is None:
        raise InputError("the snapshot was not read from a chain", remedy="make one with lpmm pool pull")
    node.require_chain(snapshot.chain_id)
    pool = snapshot.pool
    if isinstance(pool, UniswapV3Pool):
        reading = read_pool(node, snapshot.address, snapshot.block_hash, positions=list(pool.positions))
    else:
        reading = read_pool(node, snapshot.address, snapshot.block_hash, holders=list(pool.balance_of))
    checks = [verify_snapshot(snapshot, reading)]
    if quotes is not None:
        checks.append(_quotes(node, replace(reading, snapshot=snapshot), quotes))
    if folder is not None:
        stored = History.open(folder)
        if stored.origin != origin_of(reading):
            raise InputError("is the history of another pool", source=folder)
        first_block, last_block = reading.block.number + 1, max((part.last_block for part in stored.parts), default=0)
        if last_block < first_block:
            raise InputError(f"ends at block {last_block}, before the snapshot's next, {first_block}", source=folder)
        for head in stored.heads():
            node.check_canonical(Block(head.number, head.hash, 0))
        events = list(stored.events(first_block, last_block))
        before = read_touched(node, reading, events, reading.block)
        checks += verify_replay(before, events, read_touched(node, before, events, node.block(last_block)))
    return reading, checks


def _quotes(node: Node, reading: Reading, quotes: Quotes) -> Check:
    contract = quoting_contract(reading, quotes.contract)
    return verify_quotes(node, reading, contract, quotes.random_quotes, quotes.seed)


def _pull(node: Node, reading: Reading, first_block: int, folder: Path, pace: Pace) -> History:
    with progress_bar("pulling events") as progress:
        return pull_history(
            node,
            origin_of(reading),
            folder,
            first_block,
            reading.block,
            blocks_per_request=pace.blocks_per_request,
            blocks_per_part=pace.blocks_per_part,
            cross_check=pace.cross_check,
            progress=progress,
        )


def _events(node: Node, reading: Reading, first_block: int, folder: Path | None, pace: Pace) -> list[EventRecord]:
    """The events up to the reading's block: from the folder, which is completed first, or else only held in memory."""
    last_block = reading.block.number
    if folder is not None:
        return list(_pull(node, reading, first_block, folder, pace).events(first_block, last_block))
    origin = origin_of(reading)
    specs = EVENTS[origin.kind]
    reader = LogReader(node, origin.address, specs, reading.block, pace.blocks_per_request, pace.cross_check)
    events: list[EventRecord] = []
    with progress_bar("pulling events") as progress:
        for chunk in reader.ranges(first_block, last_block):
            events += chunk.events
            progress(chunk.last_block - first_block + 1, last_block - first_block + 1)
    node.check_canonical(reading.block)
    return events
