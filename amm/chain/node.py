"""One node: requests tried again where that is worth it, blocks, calls on a pinned block, and the logs of a range."""

import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import TracebackType
from typing import Self, TypeVar

from amm.chain.errors import (
    BadAnswerError,
    BlockNotFoundError,
    CallRevertedError,
    NodeError,
    NodeRefusedError,
    NodeUnreachableError,
    RateLimitedError,
    ReorganisedError,
    StateUnavailableError,
    WrongChainError,
)
from amm.chain.raw_log import RawLog, parse_bytes, parse_logs, parse_quantity
from amm.chain.redaction import Redactor
from amm.chain.transport import BaseProvider, Failure, Fault, HttpConnection, ask

T = TypeVar("T")

_BLOCK_TAGS = frozenset({"latest", "safe", "finalized", "earliest"})
_BLOCK_HASH = re.compile(r"0x[0-9a-f]{64}", re.IGNORECASE)
_NO_STATE = re.compile(
    r"missing trie node|historical state|state .{0,40}not available|no state available|pruned|archive|BlockOutOfRange",
    re.IGNORECASE,
)
_WORTH_ANOTHER_TRY = frozenset(
    {Fault.TIMED_OUT, Fault.DISCONNECTED, Fault.SERVER_ERROR, Fault.MALFORMED, Fault.RATE_LIMITED}
)


@dataclass(frozen=True)
class Retry:
    """How often a request is made, and how long to wait in between.

    Attributes:
        attempts: Tries of a request in all.
        divisible_attempts: Tries of one that can be asked in smaller pieces instead; a time-out then ends them at once.
        first_pause_s: Seconds before the second try; each pause is twice the one before.
        longest_pause_s: Seconds no pause exceeds, whatever the node's Retry-After says.
    """

    attempts: int = 6
    divisible_attempts: int = 3
    first_pause_s: float = 0.5
    longest_pause_s: float = 30.0


@dataclass(frozen=True)
class Block:
    """A block that reads are pinned to."""

    number: int
    hash: str
    timestamp: int


class Node:
    """A JSON-RPC node, read only.

    Attributes:
        label: The endpoint without its secrets.
        requests: How many requests were made so far, every retry counted.
    """

    def __init__(
        self,
        provider: BaseProvider,
        *,
        retry: Retry | None = None,
        redact: Redactor | None = None,
        sleep: Callable[[float], None] = time.sleep,
        close: Callable[[], None] | None = None,
    ) -> None:
        """Ask `provider`, any of web3.py's synchronous ones; `redact` keeps the secrets of its URL out of errors."""
        self.label = redact.label if redact is not None else "the node"
        self.requests = 0
        self._provider = provider
        self._retry = retry or Retry()
        self._redact = redact
        self._sleep = sleep
        self._close = close
        self._chain_id: int | None = None

    @classmethod
    def connect(cls, url: str, *, timeout_s: float = 30.0, retry: Retry | None = None) -> Self:
        """A node at an http or https URL.

        Raises:
            EndpointError: the URL is not usable.
        """
        connection = HttpConnection(url, timeout_s)
        return cls(connection.provider, retry=retry, redact=connection.redact, close=connection.close)

    def __enter__(self) -> Self:
        """The node itself."""
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        """Close."""
        self.close()

    def __repr__(self) -> str:
        """The endpoint without its secrets."""
        return f"Node({self.label!r})"

    def close(self) -> None:
        """Close every socket."""
        if self._close is not None:
            self._close()

    # Blocks -----------------------------------------------------------------------------------------------------------

    def chain_id(self) -> int:
        """The chain's id (EIP-155), asked for once."""
        if self._chain_id is None:
            self._chain_id = self._parsed("eth_chainId", parse_quantity, self._result("eth_chainId"))
        return self._chain_id

    def require_chain(self, expected: int) -> None:
        """Check the chain.

        Raises:
            WrongChainError: the node sits on another one.
        """
        if self.chain_id() != expected:
            raise WrongChainError(expected, self.chain_id())

    def block(self, reference: int | str = "latest") -> Block:
        """The header of a block by number, by hash, or by `latest`, `safe`, `finalized` or `earliest`.

        Raises:
            BlockNotFoundError: there is none.
        """
        if isinstance(reference, str) and _BLOCK_HASH.fullmatch(reference):
            method, name = "eth_getBlockByHash", reference
        elif isinstance(reference, str) and reference in _BLOCK_TAGS:
            method, name = "eth_getBlockByNumber", reference
        elif isinstance(reference, int) and reference >= 0:
            method, name = "eth_getBlockByNumber", hex(reference)
        else:
            raise BlockNotFoundError(reference)
        header = self._result(method, name, False)
        if header is None:
            raise BlockNotFoundError(reference)
        if not isinstance(header, dict):
            raise BadAnswerError(self.label, method, "no header")
        number, timestamp = (self._parsed(method, parse_quantity, header.get(key)) for key in ("number", "timestamp"))
        block_hash = str(header.get("hash")).lower()
        if not _BLOCK_HASH.fullmatch(block_hash) or reference not in {number, block_hash, *_BLOCK_TAGS, name}:
            raise BadAnswerError(self.label, method, f"the header of another block than {reference!r}")
        return Block(number, block_hash, timestamp)

    def check_canonical(self, block: Block) -> None:
        """Check that the block is still part of the chain.

        Raises:
            ReorganisedError: another block, or none, has its number now.
        """
        try:
            found = self.block(block.number).hash
        except BlockNotFoundError:
            found = "none"
        if found != block.hash:
            raise ReorganisedError(block.number, block.hash, found)

    # State ------------------------------------------------------------------------------------------------------------

    def call(
        self,
        to: str,
        data: bytes,
        block: Block,
        *,
        code: Mapping[str, str] | None = None,
        divisible: bool = False,
    ) -> bytes:
        """`eth_call` on the state after `block`, named by its hash (EIP-1898); nothing is sent to the chain.

        Args:
            to: The contract.
            data: Selector and arguments.
            block: The block, by its hash.
            code: Hexadecimal code to lend to addresses for this call alone (geth's state override).
            divisible: Whether the caller can ask for less instead.

        Raises:
            CallRevertedError: the contract reverts.
            ReorganisedError: the block is no longer part of the chain.
            StateUnavailableError: the node no longer holds that state.
            NodeError: any other failure.
        """
        transaction = {"to": to, "data": "0x" + data.hex()}
        at = {"blockHash": block.hash, "requireCanonical": True}
        overrides = [] if code is None else [{address: {"code": text} for address, text in code.items()}]
        answer = self._try("eth_call", [transaction, at, *overrides], divisible=divisible)
        if isinstance(answer, Failure):
            if answer.fault is Fault.REVERTED:
                raise CallRevertedError(to, "0x" + data[:4].hex(), revert_reason(answer.data))
            if answer.fault is Fault.REFUSED:
                self.check_canonical(block)
                if _NO_STATE.search(answer.text):
                    raise StateUnavailableError(self.label, "eth_call", f"block {block.number}: {answer.text}")
            raise self._error("eth_call", answer)
        return self._parsed("eth_call", parse_bytes, answer)

    # Logs -------------------------------------------------------------------------------------------------------------

    def logs(self, address: str, first_block: int, last_block: int) -> list[RawLog]:
        """Every log of one contract from `first_block` to `last_block`, both included, in the chain's order.

        Raises:
            NodeRefusedError: the node will not answer for so many blocks, or not in time.
            BadAnswerError: a log that was not asked for.
            NodeError: any other failure.
        """
        filters = {"address": address, "fromBlock": hex(first_block), "toBlock": hex(last_block)}
        divisible = last_block > first_block
        answer = self._try("eth_getLogs", [filters], divisible=divisible)
        if isinstance(answer, Failure):
            if divisible and answer.fault is not Fault.RATE_LIMITED:
                raise NodeRefusedError(
                    self.label, "eth_getLogs", f"blocks {first_block} to {last_block}: {answer.text}"
                )
            raise self._error("eth_getLogs", answer)
        return self._parsed("eth_getLogs", lambda value: parse_logs(value, address, first_block, last_block), answer)

    # Requests ---------------------------------------------------------------------------------------------------------

    def _result(self, method: str, *params: object) -> object:
        answer = self._try(method, params)
        if isinstance(answer, Failure):
            raise self._error(method, answer)
        return answer

    def _try(
        self, method: str, params: list[object] | tuple[object, ...], *, divisible: bool = False
    ) -> object | Failure:
        """Ask until there is a result, an answer that no repetition will change, or no attempt left."""
        made = 0
        while True:
            self.requests += 1
            made += 1
            answer = ask(self._provider, method, params, self._redact)
            if not isinstance(answer, Failure) or answer.fault not in _WORTH_ANOTHER_TRY:
                return answer
            attempts = self._retry.attempts
            if divisible and answer.fault is not Fault.RATE_LIMITED:
                attempts = 1 if answer.fault is Fault.TIMED_OUT else self._retry.divisible_attempts
            if made >= attempts:
                return answer
            pause = max(self._retry.first_pause_s * 2 ** (made - 1), answer.retry_after_s)
            self._sleep(min(pause, self._retry.longest_pause_s))

    def _error(self, method: str, failure: Failure) -> NodeError:
        if failure.fault is Fault.RATE_LIMITED:
            return RateLimitedError(self.label, method, failure.text)
        if failure.fault in _WORTH_ANOTHER_TRY:
            return NodeUnreachableError(self.label, method, failure.text)
        return NodeRefusedError(self.label, method, failure.text)

    def _parsed(self, method: str, parse: Callable[[object], T], answer: object) -> T:
        try:
            return parse(answer)
        except ValueError as error:
            raise BadAnswerError(self.label, method, str(error)) from None


def revert_reason(output: bytes) -> str:
    """The string of Solidity's `Error(string)`, "" for any other revert."""
    if output[:4] != bytes.fromhex("08c379a0"):
        return ""
    length = int.from_bytes(output[36:68], "big")
    return output[68 : 68 + length].decode(errors="replace")
