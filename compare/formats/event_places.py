"""Where events stand in the chain: blocks, times, transactions and log indices, under the names exports give them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, Self

import numpy as np

from compare.durations import NS_PER_SECOND
from compare.formats import names
from compare.formats.integers import read_integers
from compare.formats.raw_logs import read_bytes
from compare.formats.table import Table
from compare.formats.timestamps import read_times

_BLOCK: Final = ("block_number", "evt_block_number", "block", "transaction_block_number", "number")
_TIME: Final = ("block_timestamp", "evt_block_time", "block_time", "timestamp", "transaction_timestamp", "ts", "time")
_LOG: Final = ("log_index", "evt_index", "log")
_HASH: Final = ("transaction_hash", "evt_tx_hash", "tx_hash", "transaction_id", "tx")
_INDEX: Final = ("transaction_index", "evt_tx_index", "tx_index", "txi")
_BLOCK_HASH: Final = ("block_hash", "evt_block_hash", "hash")
_ADDRESS: Final = ("address", "contract_address", "pool_id", "pool_address", "pool")
_UNKNOWN_INDEX: Final = -1


@dataclass(frozen=True)
class Blocks:
    """What a table of blocks says of each: its time in seconds, and its hash where there is one."""

    seconds: Mapping[int, int]
    hashes: Mapping[int, str]

    @classmethod
    def of(cls, table: Table) -> Self:
        """Read a table of blocks.

        Raises:
            InputError: It has no numbers or no times.
        """
        numbers = _whole(table, _required(table, _BLOCK, "block numbers"))
        seconds = _seconds(table, _required(table, _TIME, "times"))
        hashes = names.find(table, _BLOCK_HASH)
        words = [] if hashes is None else _hexadecimal(table, hashes)
        return cls(dict(zip(numbers, seconds, strict=True)), dict(zip(numbers, words, strict=bool(words))))


@dataclass(frozen=True)
class Places:
    """The place of every row of a table, column by column."""

    block_number: Sequence[int]
    block_hash: Sequence[str]
    block_timestamp: Sequence[int]
    transaction_hash: Sequence[str]
    transaction_index: Sequence[int]
    log_index: Sequence[int]

    @classmethod
    def of(cls, table: Table, clock: Blocks | None) -> Self:
        """Read the places of a table's events; times and hashes come from the clock where the table has none.

        Raises:
            InputError: Block numbers, log indices or times are missing.
        """
        blocks = _whole(table, _required(table, _BLOCK, "block numbers"))
        logs = _whole(table, _required(table, _LOG, "log indices"))
        time, hashes, index = (names.find(table, known) for known in (_TIME, _HASH, _INDEX))
        block_hash = None if names.find(table, _BLOCK_HASH) is None else names.find(table, _BLOCK_HASH[:2])
        return cls(
            blocks,
            _hexadecimal(table, block_hash)
            if block_hash
            else [clock.hashes.get(b, "") if clock else "" for b in blocks],
            _seconds(table, time) if time is not None else _looked_up(table, blocks, clock),
            [""] * len(table) if hashes is None else _hexadecimal(table, hashes),
            [_UNKNOWN_INDEX] * len(table) if index is None else _whole(table, index, _UNKNOWN_INDEX),
            logs,
        )

    def at(self, row: int) -> dict[str, Any]:
        """The place of one row, as the arguments of an event's record."""
        columns = (
            "block_number",
            "block_hash",
            "block_timestamp",
            "transaction_hash",
            "transaction_index",
            "log_index",
        )
        return {name: getattr(self, name)[row] for name in columns}


def of_one_pool(table: Table, address: str | None) -> Table:
    """The rows of one pool, where a table names pools.

    Raises:
        InputError: It names several and none is chosen, or the chosen one is not there.
    """
    column = names.find(table, _ADDRESS)
    if column is None:
        return table
    found = np.array(_hexadecimal(table, column))
    pools = list(dict.fromkeys(found.tolist()))
    wanted = address.lower() if address is not None else pools[0]
    if len(pools) > 1 and address is None:
        raise table.error(f"there are {len(pools)} pools", column=column, remedy=f"give the address of one: {pools[0]}")
    if wanted not in pools:
        remedy = f"its pools are {', '.join(pools[:3])}"
        raise table.error(f"there is no pool {wanted}", column=column, remedy=remedy)
    return table if len(pools) == 1 else table.where(found == wanted)


def _required(table: Table, known: tuple[str, ...], what: str) -> str:
    column = names.find(table, known)
    if column is None:
        remedy = f"a column {' or '.join(known[:2])}; its columns are {table.names}"
        raise table.error(f"the events have no {what}, and cannot be put in order", remedy=remedy)
    return column


def _whole(table: Table, column: str, least: int = 0) -> list[int]:
    numbers = read_integers(table, column)
    for row, number in enumerate(numbers):
        if number is None or number < least:
            raise table.error(f"{number} is no number of it", row=row, column=column, remedy="a number of zero or more")
    return [number for number in numbers if number is not None]


def _seconds(table: Table, column: str) -> list[int]:
    times = read_times(table, column, None)
    parts = times % NS_PER_SECOND
    if parts.any():
        row = int(np.argmax(parts > 0))
        raise table.error("the time is no whole second", row=row, column=column, remedy="the times of blocks")
    seconds: list[int] = (times // NS_PER_SECOND).tolist()
    return seconds


def _looked_up(table: Table, blocks: Sequence[int], clock: Blocks | None) -> list[int]:
    if clock is None:
        remedy = "give the blocks too, a table of block_number and timestamp (cryo blocks writes one)"
        raise table.error("the events have no times", remedy=remedy)
    for row, block in enumerate(blocks):
        if block not in clock.seconds:
            raise table.error(f"block {block} is not among the blocks", row=row, remedy="give all blocks of the events")
    return [clock.seconds[block] for block in blocks]


def _hexadecimal(table: Table, column: str) -> list[str]:
    return ["0x" + word.hex() if word else "" for word in read_bytes(table, column)]
