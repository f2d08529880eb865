"""Logs as a node gives them: taken apart and checked, not yet decoded."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise

_QUANTITY = re.compile(r"0x[0-9a-f]+", re.IGNORECASE)
_BYTES = re.compile(r"0x(?:[0-9a-f]{2})*", re.IGNORECASE)
_HASH_LENGTH = 32


@dataclass(frozen=True)
class RawLog:
    """One log; `block_timestamp` is None where the node does not say it."""

    address: str
    topics: tuple[bytes, ...]
    data: bytes
    block_number: int
    block_hash: str
    block_timestamp: int | None
    transaction_hash: str
    transaction_index: int
    log_index: int

    @property
    def place(self) -> tuple[int, int]:
        """Block number and index inside the block: the order in which things happened."""
        return self.block_number, self.log_index


def parse_quantity(value: object) -> int:
    """A JSON-RPC quantity.

    Raises:
        ValueError: it is none.

    Example:
        >>> parse_quantity("0x1f")
        31
    """
    if not isinstance(value, str) or not _QUANTITY.fullmatch(value):
        raise ValueError("no hexadecimal quantity")
    return int(value, 16)


def parse_bytes(value: object, length: int | None = None) -> bytes:
    """JSON-RPC data, of `length` bytes where that is given.

    Raises:
        ValueError: it is none.
    """
    if not isinstance(value, str) or not _BYTES.fullmatch(value):
        raise ValueError("no hexadecimal bytes")
    data = bytes.fromhex(value[2:])
    if length is not None and len(data) != length:
        raise ValueError(f"{len(data)} bytes instead of {length}")
    return data


def parse_logs(answer: object, address: str, first_block: int, last_block: int) -> list[RawLog]:
    """The logs of an answer, in the chain's order.

    Raises:
        ValueError: the answer is no list of logs, or holds one that was not asked for, twice the same, or logs of two
            blocks of one number.
    """
    if not isinstance(answer, list):
        raise ValueError("no list of logs")  # noqa: TRY004  # what a node says is a value
    logs = sorted(map(_parse, answer), key=lambda log: log.place)
    for log in logs:
        if log.address != address.lower():
            raise ValueError(f"a log of another contract, {log.address}")
        if not first_block <= log.block_number <= last_block:
            raise ValueError(f"a log of block {log.block_number}, outside {first_block} to {last_block}")
    for before, log in pairwise(logs):
        if before.place == log.place:
            raise ValueError(f"two logs at index {log.log_index} of block {log.block_number}")
        if before.block_number == log.block_number and before.block_hash != log.block_hash:
            raise ValueError(f"logs of two different blocks {log.block_number}")
    return logs


def _parse(entry: object) -> RawLog:
    if not isinstance(entry, Mapping) or not isinstance(entry.get("topics"), list):
        raise ValueError("a log without topics")  # noqa: TRY004  # as above
    if entry.get("removed"):
        raise ValueError("a log of a block that is no longer part of the chain")
    timestamp = entry.get("blockTimestamp")
    return RawLog(
        address="0x" + parse_bytes(entry.get("address"), 20).hex(),
        topics=tuple(parse_bytes(topic, _HASH_LENGTH) for topic in entry["topics"]),
        data=parse_bytes(entry.get("data")),
        block_number=parse_quantity(entry.get("blockNumber")),
        block_hash="0x" + parse_bytes(entry.get("blockHash"), _HASH_LENGTH).hex(),
        block_timestamp=None if timestamp is None else parse_quantity(timestamp),
        transaction_hash="0x" + parse_bytes(entry.get("transactionHash"), _HASH_LENGTH).hex(),
        transaction_index=parse_quantity(entry.get("transactionIndex")),
        log_index=parse_quantity(entry.get("logIndex")),
    )
