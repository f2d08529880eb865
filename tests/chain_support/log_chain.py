"""A chain of nothing but one contract's logs, as a web3.py provider: blocks can be replaced, and lists can lie."""

from collections.abc import Callable  # noqa: TC003  # the class's own annotations
from typing import Any

from web3.providers.base import BaseProvider
from web3.types import RPCEndpoint, RPCResponse

from amm.chain.abi import encode_word, topic
from amm.events import UNISWAP_V2_EVENTS

ADDRESS = "0x" + "aa" * 20
START_TIME = 1_700_000_000
Log = dict[str, Any]


class LogChain(BaseProvider):
    """Blocks 0 to `head`, with so many Sync logs in each block as `logs_in` says.

    Attributes:
        limit: The longest range of blocks that is answered.
        cap: The longest list of logs that is given; longer ones are cut without a word.
        alter: What happens to each list before it is given.
        with_time: Whether logs say their block's time.
    """

    def __init__(self, head: int, logs_in: dict[int, int]) -> None:
        super().__init__()
        self.head, self.logs_in = head, logs_in
        self.limit = head + 1
        self.cap: int | None = None
        self.alter: Callable[[list[Log]], list[Log]] = lambda logs: logs
        self.before: Callable[[int], None] = lambda _count: None
        self.with_time = True
        self.forked_from = head + 1
        self.asked: list[tuple[int, int]] = []
        self.requests: list[str] = []

    def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:  # noqa: ANN401  # as the base class has it
        self.before(len(self.requests))
        self.requests.append(method)
        if method == "eth_chainId":
            return {"jsonrpc": "2.0", "id": 1, "result": "0x1"}
        if method == "eth_getBlockByNumber":
            number = self.head if params[0] == "latest" else int(params[0], 16)
            return {"jsonrpc": "2.0", "id": 1, "result": self.header(number) if number <= self.head else None}
        first, last = int(params[0]["fromBlock"], 16), int(params[0]["toBlock"], 16)
        self.asked.append((first, last))
        if last - first + 1 > self.limit:
            error = {"code": -32005, "message": f"block range limit is {self.limit}"}
            return {"jsonrpc": "2.0", "id": 1, "error": error}  # type: ignore[typeddict-item]  # data may be missing
        logs = [log for number in range(first, last + 1) for log in self.logs_of(number)]
        return {"jsonrpc": "2.0", "id": 1, "result": self.alter(logs)[: self.cap]}

    def reorganise(self, from_block: int) -> None:
        """Replace every block from here on."""
        self.forked_from = from_block

    def header(self, number: int) -> dict[str, str]:
        return {"number": hex(number), "hash": self.hash_of(number), "timestamp": hex(START_TIME + 12 * number)}

    def hash_of(self, number: int) -> str:
        return f"0x{number + 1:063x}{int(number >= self.forked_from)}"

    def logs_of(self, number: int) -> list[Log]:
        return [
            {
                "address": ADDRESS,
                "topics": ["0x" + topic(UNISWAP_V2_EVENTS["Sync"]).hex()],
                "data": "0x" + (encode_word(number) + encode_word(index)).hex(),
                "blockNumber": hex(number),
                "blockHash": self.hash_of(number),
                "transactionHash": f"0x{number * 1000 + index:064x}",
                "transactionIndex": "0x0",
                "logIndex": hex(index),
                **({"blockTimestamp": hex(START_TIME + 12 * number)} if self.with_time else {}),
            }
            for index in range(self.logs_in.get(number, 0))
        ]

    def places(self, first: int, last: int) -> list[tuple[int, int]]:
        """Block and index of every log of a range."""
        return [(number, index) for number in range(first, last + 1) for index in range(self.logs_in.get(number, 0))]
