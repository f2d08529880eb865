"""A pool at a pinned block, read whole: what kind it is, its tokens, and its state as the model holds it.

How many requests that takes, where the node makes no trouble and C is the number of calls in one:

- one each for the chain's id, the block, the plain state, and the block once more at the end;
- v3: ceil((6 + words of the bitmap) / C), then ceil((ticks + observations + positions) / C);
- v2: ceil((9 + holders) / C).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from eth_abi.abi import decode
from eth_abi.exceptions import DecodingError

from amm.chain import contracts, pair_state, pool_state
from amm.chain.abi import AbiError
from amm.chain.errors import NotAPoolError, UnsupportedPoolError
from amm.chain.multicall import CALLS_PER_REQUEST, Answer, Call, Multicall, decoded
from amm.chain.node import Block, Node
from amm.errors import ArgumentError
from amm.math.tick_math import MAX_TICK, MIN_TICK
from amm.snapshot import Snapshot, Token
from amm.uniswap_v2 import UniswapV2Pair
from amm.uniswap_v3.pool import UniswapV3Pool
from amm.uniswap_v3.state import PositionKey

_ADDRESS = re.compile(r"0x[0-9a-f]{40}", re.IGNORECASE)
_COMMON = (contracts.FACTORY, contracts.TOKEN0, contracts.TOKEN1)
_PAIR_NAME = "Uniswap V2"
_LONGEST_SYMBOL = 32


@dataclass(frozen=True)
class Reading:
    """What was read: the pool's state, the block it is of, and what the pool itself is made for."""

    snapshot: Snapshot
    block: Block
    factory: str
    tokens: tuple[Token, Token]


@dataclass(frozen=True)
class _Plain:
    """The answers of the first request: what kind of pool it is shows in which of them there are."""

    factory: str
    token0: str
    token1: str
    is_v3: bool
    numbers: dict[str, tuple[int, ...]]


def read_pool(
    node: Node,
    address: str,
    block: int | str = "latest",
    *,
    positions: Sequence[PositionKey] = (),
    holders: Sequence[str] = (),
    chain_id: int | None = None,
    calls_per_request: int = CALLS_PER_REQUEST,
) -> Reading:
    """Read a v2 pair or a v3 pool, whole, as it was after one block.

    Not read are a pair's allowances and permit numbers, which nothing lists, and the owner of a v3 pool's factory.

    Args:
        node: Where to read.
        address: The pool.
        block: A number, a hash, or `latest`, `safe` or `finalized`.
        positions: The v3 positions to include: owner, tick_lower, tick_upper. One that does not exist is empty.
        holders: The owners of v2 shares to include.
        chain_id: The chain it must be, if given.
        calls_per_request: How many calls go into one request.

    Raises:
        ArgumentError: an address or a position that is none.
        WrongChainError: the node sits on another chain.
        BlockNotFoundError: there is no such block.
        NotAPoolError: the address holds no pool at that block.
        UnsupportedPoolError: a fork with other rules.
        ReorganisedError: the block was replaced while it was read.
        InconsistentStateError: what was read contradicts itself.
        NodeError: the node does not answer, refuses, or no longer has the state.
    """
    address = check_address(address)
    positions = [(check_address(owner), *_check_ends(lower, upper)) for owner, lower, upper in positions]
    holders = [check_address(holder) for holder in holders]
    if chain_id is not None:
        node.require_chain(chain_id)
    found_chain_id, pinned = node.chain_id(), node.block(block)
    multicall = Multicall(node, pinned, calls_per_request)
    plain = _read_plain(multicall, address)
    pool: UniswapV3Pool | UniswapV2Pair
    if plain.is_v3:
        pool, tokens = _read_v3(multicall, address, plain, positions)
    else:
        pool, tokens = _read_v2(multicall, address, plain, holders)
    node.check_canonical(pinned)
    pool.timestamp = pinned.timestamp
    snapshot = Snapshot(pool, found_chain_id, pinned.number, pinned.hash, address, tokens)
    return Reading(snapshot, pinned, plain.factory, tokens)


def check_address(address: str) -> str:
    """The address in lower case.

    Raises:
        ArgumentError: it is none.
    """
    if not _ADDRESS.fullmatch(address):
        raise ArgumentError("address", address, "0x and forty hexadecimal digits")
    return address.lower()


def _check_ends(tick_lower: int, tick_upper: int) -> tuple[int, int]:
    if not MIN_TICK <= tick_lower < tick_upper <= MAX_TICK:
        expected = f"two ticks in order, from {MIN_TICK} to {MAX_TICK}"
        raise ArgumentError("position", f"{tick_lower}:{tick_upper}", expected)
    return tick_lower, tick_upper


def _read_plain(multicall: Multicall, address: str) -> _Plain:
    """Find out what the address holds, and read all that can be asked for before that is known."""
    functions = (*_COMMON, contracts.NAME, *pool_state.PLAIN_STATE, *pair_state.PLAIN_STATE)
    calls = [Call(address, function) for function in functions]
    answers = dict(zip(functions, multicall.run(calls), strict=True))
    block = multicall.block.number
    is_v3, is_v2 = (bool(answers[f].success and answers[f].data) for f in (contracts.SLOT0, contracts.GET_RESERVES))
    if not is_v3 and not is_v2:
        raise NotAPoolError(address, block, "it answers neither slot0() nor getReserves()")
    try:
        common = [str(decoded(Call(address, function), answers[function])[0]) for function in _COMMON]
    except UnsupportedPoolError as error:
        raise NotAPoolError(address, block, f"{error.field}: {error.problem}") from None
    if is_v2 and not is_v3 and (name := _text(answers[contracts.NAME])) != _PAIR_NAME:
        raise UnsupportedPoolError(address, "name", f"{name!r}, a fork whose fee it does not say, not {_PAIR_NAME!r}")
    plain_state = pool_state.PLAIN_STATE if is_v3 else pair_state.PLAIN_STATE
    rows = {function.name: decoded(Call(address, function), answers[function]) for function in plain_state}
    factory, token0, token1 = common
    numbers = {name: tuple(value for value in row if isinstance(value, int)) for name, row in rows.items()}
    return _Plain(factory, token0, token1, is_v3, numbers)


def _read_v3(
    multicall: Multicall, address: str, plain: _Plain, positions: Sequence[PositionKey]
) -> tuple[UniswapV3Pool, tuple[Token, Token]]:
    pool = pool_state.plain_pool(address, plain.numbers)
    words = pool_state.word_calls(address, pool.tick_spacing)
    token_calls = _token_calls(address, plain)
    answers = multicall.run([*token_calls, *words])
    tokens = _enter_tokens(pool, plain, token_calls, answers)
    rows = [decoded(call, answer) for call, answer in zip(words, answers[len(token_calls) :], strict=True)]
    pool_state.fill(pool, address, [word for (word,) in rows if isinstance(word, int)], positions, multicall)
    return pool, tokens


def _read_v2(
    multicall: Multicall, address: str, plain: _Plain, holders: Sequence[str]
) -> tuple[UniswapV2Pair, tuple[Token, Token]]:
    pair = pair_state.plain_pair(address, plain.token0, plain.token1, plain.numbers)
    shares = pair_state.share_calls(pair, plain.factory, holders)
    token_calls = _token_calls(address, plain)
    answers = multicall.run([*token_calls, *shares])
    tokens = _enter_tokens(pair, plain, token_calls, answers)
    rows = [decoded(call, answer) for call, answer in zip(shares, answers[len(token_calls) :], strict=True)]
    pair_state.fill_shares(pair, shares, rows)
    return pair, tokens


def _token_calls(address: str, plain: _Plain) -> list[Call]:
    return [
        call
        for token in (plain.token0, plain.token1)
        for call in (
            Call(token, contracts.BALANCE_OF, (address,)),
            Call(token, contracts.DECIMALS),
            Call(token, contracts.SYMBOL),
        )
    ]


def _enter_tokens(
    pool: UniswapV3Pool | UniswapV2Pair, plain: _Plain, calls: Sequence[Call], answers: Sequence[Answer]
) -> tuple[Token, Token]:
    """Enter both balances, and return both tokens; only the balances are needed to be exact."""
    (balance0,), (balance1,) = (decoded(calls[i], answers[i]) for i in (0, 3))
    if isinstance(balance0, int) and isinstance(balance1, int):
        pool.balance0, pool.balance1 = balance0, balance1
    return (
        Token(plain.token0, _text(answers[2]), _decimals(answers[1])),
        Token(plain.token1, _text(answers[5]), _decimals(answers[4])),
    )


def _decimals(answer: Answer) -> int | None:
    try:
        (decimals,) = contracts.DECIMALS.decode(answer.data)
    except AbiError:
        return None
    return decimals if answer.success and isinstance(decimals, int) else None


def _text(answer: Answer) -> str | None:
    """A name or symbol: a string, or bytes32 as some old tokens have it; nothing that a terminal would act on."""
    if not answer.success:
        return None
    try:
        (text,) = decode(["string"], answer.data)
    except (DecodingError, OverflowError, UnicodeDecodeError):
        text = answer.data.rstrip(b"\0").decode(errors="replace")
    shown = "".join(letter for letter in text if letter.isprintable())[:_LONGEST_SYMBOL]
    return shown or None
