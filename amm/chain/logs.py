"""The event logs of one pool over a range of blocks: whole, in order, in ranges that the node is willing to answer.

What a node leaves out cannot be seen in one answer, so each range that has logs is asked for again in two parts. A cap
on the number of logs shows there, and is then worked around with smaller ranges; an answer that contradicts another is
an error. A log left out of every answer shows only when the history is replayed: the pool ends in another state.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from amm.chain.abi import AbiError, decode_event, topic
from amm.chain.errors import NodeRefusedError, ReorganisedError, TruncatedLogsError, UnknownEventError
from amm.chain.node import Block, Node
from amm.chain.raw_log import RawLog
from amm.events import EventRecord, EventSpec

BLOCKS_PER_REQUEST = 2_000
_CALM = 16  # ranges in a row without a refusal, after which a halved range doubles again


@dataclass(frozen=True)
class EventRange:
    """Every event of the pool from one block to another, both included."""

    first_block: int
    last_block: int
    events: tuple[EventRecord, ...]


@dataclass
class LogReader:
    """Reads the logs of one pool up to a pinned block.

    Requests: one for each range of `blocks_per_request` blocks; two more where the range has logs and `cross_check` is
    on; one for each block with logs where the node's logs do not say their block's time. More where the node refuses.

    Attributes:
        node: Where to read.
        address: The pool.
        specs: The events its contract has, by name.
        head: The block that pins the chain; no later one can be read.
        blocks_per_request: The longest range asked for at once.
        cross_check: Whether every range with logs is asked for again in two parts.
    """

    node: Node
    address: str
    specs: Mapping[str, EventSpec]
    head: Block
    blocks_per_request: int = BLOCKS_PER_REQUEST
    cross_check: bool = True
    _cap: int | None = field(default=None, init=False)
    _header: Block | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        """Look the topics up."""
        self._topics = {topic(spec): spec for spec in self.specs.values()}

    def ranges(self, first_block: int, last_block: int) -> Iterator[EventRange]:
        """The events of consecutive ranges that cover `first_block` to `last_block`, one range at a time.

        Raises:
            ReorganisedError: a block that was read is no longer part of the chain.
            TruncatedLogsError: the node leaves logs out.
            UnknownEventError: a log that the pool's contract does not have.
            NodeError: the node does not answer, or refuses even a single block.
        """
        span, calm, start = self.blocks_per_request, 0, first_block
        while start <= last_block:
            end = min(last_block, start + span - 1)
            logs = self._whole(start, end)
            if logs is None:
                span, calm = (end - start + 1) // 2, 0
                continue
            yield EventRange(start, end, tuple(self._record(log) for log in logs))
            start, calm = end + 1, calm + 1
            if calm == _CALM:
                span, calm = min(2 * span, self.blocks_per_request), 0

    def _whole(self, first_block: int, last_block: int) -> list[RawLog] | None:
        """Every log of the range, or None if a smaller range must be asked for."""
        single = first_block == last_block
        try:
            logs = self.node.logs(self.address, first_block, last_block)
            if self._cap is not None and len(logs) >= self._cap:
                if single:
                    problem = f"no answer holds more than {self._cap} logs, and one block may have more"
                    raise TruncatedLogsError(first_block, last_block, problem)
                return None
            if not logs or single or not self.cross_check:
                return logs
            middle = min(max(logs[len(logs) // 2].block_number, first_block), last_block - 1)
            parts = self.node.logs(self.address, first_block, middle)
            parts += self.node.logs(self.address, middle + 1, last_block)
        except NodeRefusedError:
            if single:
                raise
            return None
        if parts == logs:
            return logs
        self._explain_difference(logs, parts, first_block, last_block)
        self._cap = len(logs)
        return None

    def _explain_difference(self, logs: list[RawLog], parts: list[RawLog], first_block: int, last_block: int) -> None:
        """Return if the longer list has all of the shorter: only a cap on the length does that."""
        self.node.check_canonical(self.head)
        missing = [log.place for log in logs if log not in set(parts)]
        if missing or len(parts) <= len(logs):
            problem = f"asked again in two parts, the node gave {len(parts)} logs instead of {len(logs)}"
            raise TruncatedLogsError(first_block, last_block, problem)

    def _record(self, log: RawLog) -> EventRecord:
        spec = self._topics.get(log.topics[0]) if log.topics else None
        if spec is None:
            name = "0x" + log.topics[0].hex() if log.topics else "none"
            raise UnknownEventError(self.address, log.block_number, log.log_index, f"topic {name}")
        try:
            fields = decode_event(spec, log.topics[1:], log.data)
        except AbiError as error:
            raise UnknownEventError(self.address, log.block_number, log.log_index, str(error)) from None
        return EventRecord(
            spec.name,
            log.block_number,
            log.block_hash,
            self._timestamp(log),
            log.transaction_hash,
            log.transaction_index,
            log.log_index,
            fields,
        )

    def _timestamp(self, log: RawLog) -> int:
        """The time of the log's block: from the log where it says so, otherwise from the block's header."""
        if log.block_timestamp is not None:
            return log.block_timestamp
        if self._header is None or self._header.number != log.block_number:
            self._header = self.node.block(log.block_number)
        if self._header.hash != log.block_hash:
            raise ReorganisedError(log.block_number, log.block_hash, self._header.hash)
        return self._header.timestamp
