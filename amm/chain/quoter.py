"""What the chain's own quoting contracts answer at a block: QuoterV2 for v3 pools, Router02 for v2 pairs."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from amm.chain import contracts
from amm.chain.abi import function
from amm.chain.errors import CallRevertedError, UnsupportedPoolError
from amm.chain.multicall import Answer, Call, Multicall, decoded
from amm.chain.node import Node
from amm.chain.reader import Reading
from amm.uniswap_v3.pool import UniswapV3Pool

QUOTER_V2: Final = {
    1: "0x61fFE014bA17989E743c5F6cB21bF9697530B21e",
    10: "0x61fFE014bA17989E743c5F6cB21bF9697530B21e",
    56: "0x78D78E420Da98ad378D7799bE8f4AF69033EB077",
    137: "0x61fFE014bA17989E743c5F6cB21bF9697530B21e",
    8453: "0x3d4e44Eb1374240CE5F1B871ab261CD16335B76a",
    42161: "0x61fFE014bA17989E743c5F6cB21bF9697530B21e",
    43114: "0xbe0F5544EC67e9B3b2D979aaA43f18Fd87E6257F",
    11155111: "0xEd1f6473345F45b75F8179591dd5bA1888cf2FB3",
}
"""Uniswap's QuoterV2 by chain id. An entry is never trusted: its factory must be the pool's."""
ROUTER_V2: Final = {
    1: "0x7a250d5630B4cF539739dF2C5dAcb4c659F2488D",
    10: "0x4A7b5Da61326A6379179b40d00F57E5bbDC962c2",
    56: "0x4752ba5DBc23f44D87826276BF6Fd6b1C372aD24",
    137: "0xedf6066a2b290C185783862C7F4776A2C8077AD1",
    8453: "0x4752ba5DBc23f44D87826276BF6Fd6b1C372aD24",
    42161: "0x4752ba5DBc23f44D87826276BF6Fd6b1C372aD24",
    43114: "0x4752ba5DBc23f44D87826276BF6Fd6b1C372aD24",
    11155111: "0xeE567Fe1712Faf6149d80dA1E6934E354124CfE3",
}
"""Uniswap's Router02 by chain id, likewise."""
QUOTES_PER_REQUEST: Final = 10
"""A quote runs the whole swap: some cross thousands of ticks."""

_STRUCT = "(address,address,uint256,uint24,uint160)"
_EXACT_INPUT = function(
    f"quoteExactInputSingle({_STRUCT})",
    "uint256 amountOut",
    "uint160 sqrtPriceX96After",
    "uint32 initializedTicksCrossed",
    "uint256 gasEstimate",
)
_EXACT_OUTPUT = replace(
    _EXACT_INPUT,
    signature=f"quoteExactOutputSingle({_STRUCT})",
    outputs=(("amountIn", "uint256"), *_EXACT_INPUT.outputs[1:]),
)
_ARRAY_OF_TWO = ("uint256 offset", "uint256 length", "uint256 amountIn", "uint256 amountOut")
_AMOUNTS_OUT = function("getAmountsOut(uint256,address[])", *_ARRAY_OF_TWO)
_AMOUNTS_IN = function("getAmountsIn(uint256,address[])", *_ARRAY_OF_TWO)


@dataclass(frozen=True)
class Swap:
    """One swap to be quoted, in the terms of UniswapV3Pool.swap; a limit of zero is no limit."""

    zero_for_one: bool
    amount_specified: int
    sqrt_price_limit_x96: int = 0


@dataclass(frozen=True)
class Quote:
    """What a quoting contract answers: the other amount and the price after the swap, or why it reverts.

    A v2 quote has no price after. A revert's reason is the contract's own string, empty where it gives none.
    """

    amount: int = 0
    sqrt_price_after_x96: int = 0
    revert: str | None = None


def ask_quotes(node: Node, reading: Reading, contract: str, swaps: Sequence[Swap]) -> list[Quote]:
    """Ask QuoterV2 (v3) or Router02 (v2) for each swap on the block of a reading, QUOTES_PER_REQUEST in one request.

    A swap that fails is asked for again alone, where it has a whole request's gas to itself.

    Raises:
        UnsupportedPoolError: the contract quotes the pools of another factory.
        ChainError: as Multicall.run.
    """
    multicall = Multicall(node, reading.block, QUOTES_PER_REQUEST)
    ((factory,),) = multicall.values([Call(contract, contracts.FACTORY)])
    if factory != reading.factory:
        problem = f"it quotes the pools of {factory}, not of {reading.factory}"
        raise UnsupportedPoolError(contract, "factory", problem)
    calls = [_call(contract, reading, swap) for swap in swaps]
    answers = multicall.run(calls)
    return [
        _quote(call, answer.data) if answer.success else _alone(multicall, call)
        for call, answer in zip(calls, answers, strict=True)
    ]


def _call(contract: str, reading: Reading, swap: Swap) -> Call:
    token0, token1 = (token.address for token in reading.tokens)
    way_in, way_out = (token0, token1) if swap.zero_for_one else (token1, token0)
    is_input, amount = swap.amount_specified >= 0, abs(swap.amount_specified)
    pool = reading.snapshot.pool
    if isinstance(pool, UniswapV3Pool):
        arguments = (way_in, way_out, amount, pool.fee, swap.sqrt_price_limit_x96)
        return Call(contract, _EXACT_INPUT if is_input else _EXACT_OUTPUT, arguments)
    # an array's words: where it begins, its length, its elements
    return Call(contract, _AMOUNTS_OUT if is_input else _AMOUNTS_IN, (amount, 64, 2, way_in, way_out))


def _alone(multicall: Multicall, call: Call) -> Quote:
    try:
        return _quote(call, multicall.node.call(call.contract, call.data, multicall.block))
    except CallRevertedError as error:
        return Quote(revert=error.reason)


def _quote(call: Call, answer: bytes) -> Quote:
    values = dict(zip((name for name, _ in call.function.outputs), decoded(call, Answer(True, answer)), strict=True))
    wanted = "amountOut" if call.function in {_EXACT_INPUT, _AMOUNTS_OUT} else "amountIn"
    return Quote(int(values[wanted]), int(values.get("sqrtPriceX96After", 0)))
