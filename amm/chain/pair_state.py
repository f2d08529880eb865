"""The whole state of a Uniswap v2 pair at one block, as the model holds it, but for approvals, which nothing lists."""

from collections.abc import Mapping, Sequence

from amm.chain import contracts
from amm.chain.multicall import Call
from amm.uniswap_v2 import ZERO_ADDRESS, UniswapV2Pair

PLAIN_STATE = (
    contracts.GET_RESERVES,
    contracts.PRICE0_CUMULATIVE_LAST,
    contracts.PRICE1_CUMULATIVE_LAST,
    contracts.K_LAST,
    contracts.TOTAL_SUPPLY,
)
"""What is asked for before anything else is known."""


def plain_pair(address: str, token0: str, token1: str, values: Mapping[str, tuple[int, ...]]) -> UniswapV2Pair:
    """A pair with the plain state, and no holders yet."""
    pair = UniswapV2Pair(address=address, token0=token0, token1=token1)
    pair.reserve0, pair.reserve1, pair.block_timestamp_last = values["getReserves"]
    (pair.price0_cumulative_last,) = values["price0CumulativeLast"]
    (pair.price1_cumulative_last,) = values["price1CumulativeLast"]
    (pair.k_last,) = values["kLast"]
    (pair.total_supply,) = values["totalSupply"]
    return pair


def share_calls(pair: UniswapV2Pair, factory: str, holders: Sequence[str]) -> list[Call]:
    """The calls for the protocol's recipient and for the shares of each holder, the pair and the locked ones first."""
    every = dict.fromkeys((pair.address, ZERO_ADDRESS, *holders))
    return [Call(factory, contracts.FEE_TO), *(Call(pair.address, contracts.BALANCE_OF, (who,)) for who in every)]


def fill_shares(pair: UniswapV2Pair, calls: Sequence[Call], rows: Sequence[tuple[int | str, ...]]) -> None:
    """Enter the answers to share_calls."""
    (fee_to,) = rows[0]
    pair.fee_to = None if fee_to == ZERO_ADDRESS else str(fee_to)
    shares = {str(call.arguments[0]): row[0] for call, row in zip(calls[1:], rows[1:], strict=True)}
    pair.balance_of = {holder: held for holder, held in shares.items() if isinstance(held, int)}
