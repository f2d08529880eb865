"""A pool of the user's own, model against chain: quotes at one block, and the events of many replayed.

A mismatch is counted and named by its first field; nothing is ever corrected.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from amm.chain import (
    QUOTER_V2,
    ROUTER_V2,
    Block,
    Node,
    NotAPoolError,
    Quote,
    Reading,
    Swap,
    ask_quotes,
    read_pool,
)
from amm.event_replay import replay, touched_holders, touched_positions
from amm.events import Replayed, ReplayMismatchError
from amm.state_difference import first_difference
from amm.uniswap_v2 import UniswapV2Pair
from amm.uniswap_v3.pool import UniswapV3Pool
from compare.errors import InputError
from compare.pool_quotes import model_quote, plan_swaps

if TYPE_CHECKING:
    from collections.abc import Sequence

    from amm.events import EventRecord
    from amm.snapshot import Snapshot

RANDOM_QUOTES: Final = 50


@dataclass(frozen=True)
class Check:
    """How one comparison came out: how many of how many agreed, and the first that did not, in words.

    A note says what differs without being a mismatch.
    """

    name: str
    agreed: int
    total: int
    mismatch: str = ""
    note: str = ""


def quoting_contract(reading: Reading, named: str | None) -> str:
    """The contract to ask for quotes: the one named, or the known one of the chain.

    Raises:
        InputError: None is named, and none is known on this chain.
    """
    is_v3 = isinstance(reading.snapshot.pool, UniswapV3Pool)
    known = (QUOTER_V2 if is_v3 else ROUTER_V2).get(reading.snapshot.chain_id or 0)
    contract = named or known
    if contract is None:
        problem = f"no {'QuoterV2' if is_v3 else 'Router02'} is known on chain {reading.snapshot.chain_id}"
        raise InputError(problem, remedy="name one with --quoter, or leave the quotes out with --quotes -1")
    return contract


def verify_quotes(node: Node, reading: Reading, contract: str, random_quotes: int, seed: int) -> Check:
    """Quote boundary and random swaps on the model and on the chain, at the reading's block.

    Raises:
        ChainError: As ask_quotes.
    """
    pool = reading.snapshot.pool
    swaps = plan_swaps(pool, random_quotes, seed)
    answers = ask_quotes(node, reading, contract, swaps)
    pairs = zip(swaps, answers, strict=True)
    wrong = [(swap, answer, mine) for swap, answer in pairs if (mine := model_quote(pool, swap)) != answer]
    mismatch = _quote_difference(*wrong[0]) if wrong else ""
    return Check("quotes", len(swaps) - len(wrong), len(swaps), mismatch)


def verify_snapshot(snapshot: Snapshot, reading: Reading) -> Check:
    """Compare a snapshot with the same block of the chain read anew."""
    found = first_difference(snapshot.pool, reading.snapshot.pool)
    mismatch = f"{found.field} is {found.right} on the chain and {found.left} in the snapshot" if found else ""
    return Check("snapshot", int(found is None), 1, mismatch)


def read_touched(node: Node, reading: Reading, events: Sequence[EventRecord], block: Block) -> Reading:
    """Read a pool at another block, with every position or holder that the reading has or the events touch.

    A pool that is not yet there is empty.

    Raises:
        ChainError: As read_pool.
    """
    address, pool = reading.snapshot.address or "", reading.snapshot.pool
    try:
        if isinstance(pool, UniswapV3Pool):
            positions = dict.fromkeys((*pool.positions, *touched_positions(events)))
            return read_pool(node, address, block.hash, positions=list(positions))
        holders = dict.fromkeys((*pool.balance_of, *touched_holders(events)))
        return read_pool(node, address, block.hash, holders=list(holders))
    except NotAPoolError:
        return replace(reading, snapshot=replace(reading.snapshot, pool=_empty(pool)), block=block)


def verify_replay(before: Reading, events: Sequence[EventRecord], after: Reading) -> list[Check]:
    """Replay events on a copy of one reading, each against its log, and the end against another reading."""
    pool = before.snapshot.pool.copy()
    try:
        replayed = replay(pool, events)
    except ReplayMismatchError as error:
        return [Check("events", error.agreed, len(events), str(error))]
    check = Check("events", replayed.events, len(events), note=_swaps(replayed))
    found = first_difference(pool, after.snapshot.pool)
    if found is not None:
        mismatch = f"{found.field} is {found.right} on the chain and {found.left} in the model after the last event"
        return [check, Check("end state", 0, 1, mismatch)]
    return [check, _balances(pool, after.snapshot.pool)]


def _swaps(replayed: Replayed) -> str:
    """By which call each swap was found again; a limit, which takes the chain's price, should be the exception."""
    _, exact_input, exact_output, price_limit = replayed
    if exact_input + exact_output + price_limit == 0:
        return ""
    return f"swaps: {exact_input} by exact input, {exact_output} by exact output, {price_limit} by price limit"


def _balances(model: UniswapV3Pool | UniswapV2Pair, chain: UniswapV3Pool | UniswapV2Pair) -> Check:
    """Tokens can be sent to a pool without an event, but never leave it without one."""
    notes = []
    for name in ("balance0", "balance1"):
        # a pair's skim sends out what it has above its reserves, without an event
        ours = getattr(model, name.replace("balance", "reserve") if isinstance(model, UniswapV2Pair) else name)
        theirs = getattr(chain, name)
        if theirs < ours:
            return Check("end state", 0, 1, f"{name} is {theirs} on the chain and {ours} in the model")
        if theirs > ours:
            notes.append(f"{name} holds {theirs - ours} that came in without an event")
    return Check("end state", 1, 1, note="; ".join(notes))


def _empty(pool: UniswapV3Pool | UniswapV2Pair) -> UniswapV3Pool | UniswapV2Pair:
    if isinstance(pool, UniswapV3Pool):
        return UniswapV3Pool(pool.fee, pool.tick_spacing)
    return UniswapV2Pair(address=pool.address, token0=pool.token0, token1=pool.token1, fee_to=pool.fee_to)


def _quote_difference(swap: Swap, chain: Quote, model: Quote) -> str:
    """Which field of a quote differs first, in words."""
    asked = f"{'token0' if swap.zero_for_one else 'token1'} in, amount {swap.amount_specified}"
    limit = f", limit {swap.sqrt_price_limit_x96}" if swap.sqrt_price_limit_x96 else ""
    for name in ("revert", "amount", "sqrt_price_after_x96"):
        theirs, ours = getattr(chain, name), getattr(model, name)
        if theirs != ours:
            return f"{asked}{limit}: {name} is {theirs!r} on the chain and {ours!r} in the model"
    return ""
