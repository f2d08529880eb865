"""A loopback node on which a pool and a pair have lived."""

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from chain_support.anvil import Anvil, running_anvil
from chain_support.http_node import Reply, Script
from chain_support.uniswap import Chain, LivePair, LivePool, deploy_uniswap


@dataclass(frozen=True)
class Live:
    """What lives there."""

    node: Anvil
    chain: Chain
    pool: LivePool
    pair: LivePair
    head: int


@contextmanager
def live_chain(*options: str) -> Iterator[Live]:
    """A node with a v3 pool of some eighty events and a v2 pair of as many, its protocol fee on."""
    with running_anvil(*options) as node:
        chain = deploy_uniswap(node)
        chain.set_fee_to()
        pool = LivePool(chain, 3000, seed=1)
        pool.begin()
        pool.live(60)
        pair = LivePair(chain, seed=2)
        pair.live(40)
        node.mine(2)
        yield Live(node, chain, pool, pair, node.block_number())


def relay(
    node: Anvil, change: Callable[[str, list[Any], Any], Any] = lambda _method, _params, result: result
) -> Script:
    """A provider that hands every request on, errors too, and may change a result."""

    def script(method: str, params: list[Any], _count: int) -> Reply:
        answer = node.answer(method, params)
        if "error" in answer:
            return Reply(body=json.dumps(answer).encode())
        return Reply(change(method, params, answer["result"]))

    return script
