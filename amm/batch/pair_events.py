"""Swaps, mints and burns of a v2 pair in one stream, with what is sent to it and taken from it besides."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Final, NamedTuple

import numpy as np

from amm._records import PAIR_EVENT, PAIR_EVENT_RESULT, PairCall, from_limbs, to_limbs
from amm.batch.engine import Records, check_records, reverted, room_for
from amm.errors import AmmError, ArgumentError
from amm.uniswap_v2 import PairSwap, UniswapV2Pair
from lpmm_numba import has_compiler

_NOTHING: Final = PairSwap(0, 0, 0, 0)


class PairEventRun(NamedTuple):
    """What became of every event.

    Attributes:
        results: shape (events,), dtype PAIR_EVENT_RESULT.
        errors: the error of each event that reverted, by its index.
    """

    results: Records
    errors: dict[int, AmmError]


class PairEvent(NamedTuple):
    """One row of a PAIR_EVENT array; see there for units."""

    kind: PairCall
    amount: int = 0
    amount1: int = 0
    zero_for_one: bool = False
    owner: int = 0
    block_timestamp: int = 0


def pair_events(rows: Iterable[PairEvent]) -> Records:
    """Make an array of events: shape (events,), dtype PAIR_EVENT."""
    listed = list(rows)
    events = np.zeros(len(listed), dtype=PAIR_EVENT)
    for field in PairEvent._fields:
        column = [getattr(row, field) for row in listed]
        events[field] = to_limbs(column) if field in {"amount", "amount1"} else column
    return events


def run_pair_events(
    pair: UniswapV2Pair,
    events: Records,
    owners: Sequence[str],
    *,
    out: Records | None = None,
    compiled: bool | None = None,
) -> PairEventRun:
    """Do all events with the pair, one after the other; one that reverts changes nothing, and the next one follows.

    The compiled loop runs without Python's lock, so that threads can each drive a pair of their own. It does swaps,
    mints and burns; skim, sync and what is sent in besides are left to the plain pair, and so is the call after that.

    Args:
        pair: changed in place.
        events: shape (n,), dtype PAIR_EVENT.
        owners: the names that the events' owners are indices of.
        out: where the results are written, shape (n,), dtype PAIR_EVENT_RESULT, contiguous; None makes an array.
        compiled: whether to use the compiled engine; None uses it where numba is installed.

    Raises:
        ArgumentError: if an array has another dtype or shape, time goes backwards in it, there is no such kind of
            call, or an owner has no name.
        ImportError: if the compiled engine is asked for, and numba is not installed.

    Example:
        >>> pair = UniswapV2Pair.from_reserves(1_000_000, 4_000_000)
        >>> mint = PairEvent(PairCall.MINT, 10_000, 40_000)
        >>> burn = PairEvent(PairCall.BURN, 20_000, block_timestamp=12)
        >>> run = run_pair_events(pair, pair_events([mint, burn, burn]), ["alice"], compiled=False)
        >>> from_limbs(run.results["shares"][0]), from_limbs(run.results["amount1_out"][1]), str(run.errors[2])
        (20000, 40000, 'ds-math-sub-underflow: the difference must not be negative (x=0, y=20000)')
    """
    check_records("events", events, PAIR_EVENT, pair.block_timestamp, "zero_for_one")
    _check_calls(events, owners)
    results = room_for(events, PAIR_EVENT_RESULT, out)
    if compiled is None:
        compiled = has_compiler()
    if not compiled:
        return PairEventRun(results, _run_plain(pair, events, owners, results))
    from amm._compiled.pair_event_batch import run_compiled  # noqa: PLC0415 - numba takes long, and may be absent

    return PairEventRun(results, run_compiled(pair, np.ascontiguousarray(events), owners, results))


def call_plainly(pair: UniswapV2Pair, event: np.void, owners: Sequence[str], result: Records) -> AmmError | None:
    """Do one event with the plain pair, write what it moved to the one result, and return the error if it reverts."""
    pair.block_timestamp = int(event["block_timestamp"])
    owner = owners[int(event["owner"])]
    try:
        with _all_or_nothing(pair, owner):
            moved, shares = _called(pair, event, owner)
    except AmmError as error:
        result[0] = reverted(PAIR_EVENT_RESULT)
        return error
    reserves = to_limbs((pair.reserve0, pair.reserve1))[:, :2]
    result[0] = (*to_limbs((*moved, shares, pair.total_supply)), *reserves, 0)
    return None


def _called(pair: UniswapV2Pair, event: np.void, owner: str) -> tuple[PairSwap, int]:
    """Return the tokens moved, and the shares given or burnt."""
    kind, amount = event["kind"], from_limbs(event["amount"])
    if kind in {PairCall.SWAP_EXACT_INPUT, PairCall.SWAP_EXACT_OUTPUT}:
        swap = pair.swap_exact_input if kind == PairCall.SWAP_EXACT_INPUT else pair.swap_exact_output
        return swap(bool(event["zero_for_one"]), amount, owner), 0
    if kind == PairCall.BURN:
        return _burned(pair, amount, owner)
    if kind == PairCall.SKIM:
        return PairSwap(0, 0, *pair.skim(owner)), 0
    if kind == PairCall.SYNC:
        pair.sync()
        return _NOTHING, 0
    return _brought(pair, amount, from_limbs(event["amount1"]), owner if kind == PairCall.MINT else None)


def _brought(pair: UniswapV2Pair, amount0: int, amount1: int, owner: str | None) -> tuple[PairSwap, int]:
    """Send tokens in, and mint for an owner what is there then."""
    pair.transfer_in(amount0, amount1)
    if owner is None:
        return PairSwap(amount0, amount1, 0, 0), 0
    came = PairSwap(pair.balance0 - pair.reserve0, pair.balance1 - pair.reserve1, 0, 0)
    return came, pair.mint(owner)


def _burned(pair: UniswapV2Pair, shares: int, owner: str) -> tuple[PairSwap, int]:
    """Burn an owner's shares, with those that the pair holds already, as it does."""
    pair.transfer(owner, pair.address, shares)
    burnt = pair.balance_of[pair.address]
    return PairSwap(0, 0, *pair.burn(owner)), burnt


@contextmanager
def _all_or_nothing(pair: UniswapV2Pair, owner: str) -> Iterator[None]:
    """Take back what was sent ahead of a call that reverts."""
    balances, holders = (pair.balance0, pair.balance1), (owner, pair.address)
    shares = {holder: pair.balance_of[holder] for holder in holders if holder in pair.balance_of}
    try:
        yield
    except AmmError:
        pair.balance0, pair.balance1 = balances
        for holder in holders:
            pair.balance_of.pop(holder, None)
        pair.balance_of.update(shares)
        raise


def _run_plain(pair: UniswapV2Pair, events: Records, owners: Sequence[str], results: Records) -> dict[int, AmmError]:
    errors: dict[int, AmmError] = {}
    for index, event in enumerate(events):
        if error := call_plainly(pair, event, owners, results[index : index + 1]):
            errors[index] = error
    return errors


def _check_calls(events: Records, owners: Sequence[str]) -> None:
    kinds, named = events["kind"], events["owner"]
    if ((kinds < min(PairCall)) | (kinds > max(PairCall))).any():
        raise ArgumentError("kind", kinds, "a PairCall")
    if ((named < 0) | (named >= len(owners))).any():
        raise ArgumentError("owner", named, f"the index of one of {len(owners)} names")
