"""Swaps, mints, burns and collects of a v3 pool in one stream."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

import numpy as np

from amm._records import POOL_EVENT, POOL_RESULT, PoolCall, from_limbs, to_limbs
from amm.batch.engine import Records, check_records, reverted, room_for
from amm.errors import AmmError, ArgumentError
from amm.uniswap_v3.pool import UniswapV3Pool
from lpmm_numba import has_compiler

_MAX_OWNERS = 1 << 15


class EventRun(NamedTuple):
    """What became of every event.

    Attributes:
        results: shape (events,), dtype POOL_RESULT.
        errors: the error of each event that reverted, by its index.
    """

    results: Records
    errors: dict[int, AmmError]


class PoolEvent(NamedTuple):
    """One row of a POOL_EVENT array; see there for units."""

    kind: PoolCall
    amount: int
    limit: int = 0
    zero_for_one: bool = False
    owner: int = 0
    tick_lower: int = 0
    tick_upper: int = 0
    block_timestamp: int = 0


def pool_events(rows: Iterable[PoolEvent]) -> Records:
    """Make an array of events: shape (events,), dtype POOL_EVENT."""
    listed = list(rows)
    events = np.zeros(len(listed), dtype=POOL_EVENT)
    for field in PoolEvent._fields:
        column = [getattr(row, field) for row in listed]
        events[field] = to_limbs(column) if field in {"amount", "limit"} else column
    return events


def run_pool_events(
    pool: UniswapV3Pool,
    events: Records,
    owners: Sequence[str] = (),
    *,
    out: Records | None = None,
    compiled: bool | None = None,
) -> EventRun:
    """Make every call on the pool, one after the other; one that reverts changes nothing, and the next one follows.

    The compiled loop runs without Python's lock, so that threads can each drive a pool of their own.

    Args:
        pool: changed in place.
        events: shape (n,), dtype POOL_EVENT.
        owners: the names that the events' owners are indices of.
        out: where the results are written, shape (n,), dtype POOL_RESULT, contiguous; None makes an array.
        compiled: whether to use the compiled engine; None uses it where numba is installed.

    Raises:
        ArgumentError: if an array has another dtype or shape, time goes backwards in it, there is no such kind of
            call, or an owner has no name.
        ImportError: if the compiled engine is asked for, and numba is not installed.

    Example:
        >>> pool = UniswapV3Pool(fee=3000, tick_spacing=60)
        >>> pool.initialize(2**96)
        0
        >>> mint = PoolEvent(PoolCall.MINT, 10**18, tick_lower=-60, tick_upper=60)
        >>> swap = PoolEvent(PoolCall.SWAP, 10**15, 2**95, zero_for_one=True)
        >>> run = run_pool_events(pool, pool_events([mint, swap]), ["alice"], compiled=False)
        >>> [from_limbs(amount, signed=True) for amount in run.results["amount1"]]
        [2995354955910781, -996006981039903]
    """
    check_records("events", events, POOL_EVENT, pool.block_timestamp, "zero_for_one")
    _check_calls(events, owners)
    results = room_for(events, POOL_RESULT, out)
    if compiled is None:
        compiled = has_compiler()
    # Without a price every call reverts; the arrays are of a pool that has one.
    if not compiled or not pool.slot0.unlocked:
        return EventRun(results, _run_plain(pool, events, owners, results))
    from amm._compiled.event_batch import run_compiled  # noqa: PLC0415 - numba takes long to import, and may be absent

    return EventRun(results, run_compiled(pool, np.ascontiguousarray(events), owners, results))


def call_plainly(pool: UniswapV3Pool, event: np.void, owners: Sequence[str], result: Records) -> AmmError | None:
    """Make one call on the plain pool, write what it did to the one result, and return the error if it reverts."""
    pool.block_timestamp = int(event["block_timestamp"])
    try:
        amounts, fee, protocol_fee = _called(pool, event, owners)
    except AmmError as error:
        result[0] = reverted(POOL_RESULT)
        return error
    slot0, growths = pool.slot0, (pool.fee_growth_global0_x128, pool.fee_growth_global1_x128)
    wide = to_limbs((*amounts, slot0.sqrt_price_x96, pool.liquidity, fee, protocol_fee, *growths))
    result[0] = (*wide, slot0.tick, 0)
    return None


def _called(pool: UniswapV3Pool, event: np.void, owners: Sequence[str]) -> tuple[tuple[int, int], int, int]:
    """Return both amounts, the fee and the protocol's part of it."""
    amount, limit = from_limbs(event["amount"], signed=True), from_limbs(event["limit"])
    if event["kind"] == PoolCall.SWAP:
        swap = pool.swap(bool(event["zero_for_one"]), amount, limit)
        return (swap.amount0, swap.amount1), swap.fee0 + swap.fee1, swap.protocol_fee0 + swap.protocol_fee1
    key = owners[int(event["owner"])], int(event["tick_lower"]), int(event["tick_upper"])
    if event["kind"] == PoolCall.COLLECT:
        return pool.collect(*key, amount, limit), 0, 0
    call = pool.mint if event["kind"] == PoolCall.MINT else pool.burn
    return call(*key, amount), 0, 0


def _run_plain(pool: UniswapV3Pool, events: Records, owners: Sequence[str], results: Records) -> dict[int, AmmError]:
    errors: dict[int, AmmError] = {}
    for index, event in enumerate(events):
        if error := call_plainly(pool, event, owners, results[index : index + 1]):
            errors[index] = error
    return errors


def _check_calls(events: Records, owners: Sequence[str]) -> None:
    kinds, named = events["kind"], events["owner"][events["kind"] != PoolCall.SWAP]
    if ((kinds < PoolCall.SWAP) | (kinds > PoolCall.COLLECT)).any():
        raise ArgumentError("kind", kinds, "a PoolCall")
    if len(owners) > _MAX_OWNERS:
        raise ArgumentError("owners", len(owners), f"at most {_MAX_OWNERS} names")
    if ((named < 0) | (named >= len(owners))).any():
        raise ArgumentError("owner", named, f"the index of one of {len(owners)} names")
