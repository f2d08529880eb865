"""Many calls in one request, all of them on the state of one block, through Multicall3.

Multicall3 stands at the same address on some two hundred chains. Where a chain does not have it at the block (Ethereum
before block 14,353,601), the same request lends that address the code of multicall.sol for the one call.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from eth_abi.abi import decode, encode
from eth_abi.exceptions import DecodingError

from amm.chain.abi import AbiError, Function, function
from amm.chain.errors import (
    BadAnswerError,
    CallRevertedError,
    MulticallMissingError,
    NodeRefusedError,
    NodeUnreachableError,
    StaleStateError,
    StateUnavailableError,
    UnsupportedPoolError,
)
from amm.chain.multicall_code import MULTICALL_CODE
from amm.chain.node import Block, Node

MULTICALL3 = "0xcA11bde05977b3631167028862bE2a173976CA11"
CALLS_PER_REQUEST = 500
"""Reading 500 ticks takes some 8 million gas, below the limit that nodes set to one `eth_call`."""

_AGGREGATE3 = function("aggregate3((address,bool,bytes)[])")
_TIMESTAMP = function("getCurrentBlockTimestamp()", "uint256 timestamp")


@dataclass(frozen=True)
class Call:
    """One function of one contract, with its arguments."""

    contract: str
    function: Function
    arguments: tuple[int | str | bytes, ...] = ()

    @property
    def data(self) -> bytes:
        """Selector and arguments."""
        return self.function.encode(*self.arguments)


@dataclass(frozen=True)
class Answer:
    """What one call returned, or reverted with."""

    success: bool
    data: bytes


@dataclass
class Multicall:
    """Calls on the state after one block.

    Each request also asks for the block's time, which shows a node that evaluates it on another block. A request that
    the node finds too large is halved.
    """

    node: Node
    block: Block
    calls_per_request: int = CALLS_PER_REQUEST
    _lend_code: bool = field(default=False, init=False)
    _has_lent: bool = field(default=False, init=False)

    def run(self, calls: Sequence[Call]) -> list[Answer]:
        """The answer of each call, in ceil(len(calls) / calls_per_request) requests if the node makes no trouble.

        Raises:
            StaleStateError: the node answered for another block.
            MulticallMissingError: there is no Multicall3 and the node lends no code.
            ChainError: as Node.call.
        """
        answers: list[Answer] = []
        for start in range(0, len(calls), self.calls_per_request):
            answers += self._divided(calls[start : start + self.calls_per_request])
        return answers

    def values(self, calls: Sequence[Call]) -> list[tuple[int | str, ...]]:
        """The decoded answer of each call; requests as run.

        Raises:
            UnsupportedPoolError: a contract reverts, or answers something of other types.
            ChainError: as run.
        """
        return [decoded(call, answer) for call, answer in zip(calls, self.run(calls), strict=True)]

    def integers(self, calls: Sequence[Call]) -> list[tuple[int, ...]]:
        """The decoded answer of each call, where every answer is numbers; requests and errors as values."""
        return [tuple(value for value in row if isinstance(value, int)) for row in self.values(calls)]

    def _divided(self, calls: Sequence[Call]) -> list[Answer]:
        try:
            return self._request(calls)
        except (StateUnavailableError, MulticallMissingError):
            raise
        except (NodeRefusedError, NodeUnreachableError, CallRevertedError):
            if len(calls) == 1:
                raise
        half = len(calls) // 2
        return self._divided(calls[:half]) + self._divided(calls[half:])

    def _request(self, calls: Sequence[Call]) -> list[Answer]:
        every = [Call(MULTICALL3, _TIMESTAMP), *calls]
        output = self._aggregate3([(call.contract, True, call.data) for call in every], divisible=len(calls) > 1)
        try:
            (results,) = decode(["(bool,bytes)[]"], output)
        except (DecodingError, OverflowError):
            results = ()
        if len(results) != len(every):
            raise BadAnswerError(self.node.label, "eth_call", "no results of Multicall3")
        timestamp = int.from_bytes(results[0][1], "big")
        if timestamp != self.block.timestamp:
            raise StaleStateError(self.block.number, self.block.timestamp, timestamp)
        return [Answer(success, data) for success, data in results[1:]]

    def _aggregate3(self, triples: Sequence[tuple[str, bool, bytes]], *, divisible: bool) -> bytes:
        data = _AGGREGATE3.selector + encode(["(address,bool,bytes)[]"], [triples])
        if not self._lend_code:
            output = self.node.call(MULTICALL3, data, self.block, divisible=divisible)
            if output:
                return output
            self._lend_code = True
        lent = {MULTICALL3: MULTICALL_CODE}
        try:
            output = self.node.call(MULTICALL3, data, self.block, code=lent, divisible=divisible)
        except NodeRefusedError as error:
            if self._has_lent:
                raise
            raise self._missing(error.problem) from None
        if not output:
            raise self._missing("the code lent was not run")
        self._has_lent = True
        return output

    def _missing(self, problem: str) -> MulticallMissingError:
        what = f"no Multicall3 at block {self.block.number}, and the node lends no code to a call"
        return MulticallMissingError(self.node.label, "eth_call", f"{what}: {problem}")


def decoded(call: Call, answer: Answer) -> tuple[int | str, ...]:
    """What the contract answered, by the function's own types.

    Raises:
        UnsupportedPoolError: it reverted, or answered something else.
    """
    if not answer.success:
        raise UnsupportedPoolError(call.contract, call.function.name, "it reverts")
    try:
        return call.function.decode(answer.data)
    except AbiError as error:
        raise UnsupportedPoolError(call.contract, call.function.name, str(error)) from None
