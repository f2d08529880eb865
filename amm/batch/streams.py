"""Streams of any length: the pool afterwards and the totals, in the memory of one chunk."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final, NamedTuple

import numpy as np
from numpy.typing import NDArray

from amm._records import LIMB_BITS, PAIR_EVENT_RESULT, PAIR_RESULT, POOL_RESULT, SWAP_RESULT, PairCall, PoolCall
from amm.batch.engine import Records
from amm.batch.pair_events import run_pair_events
from amm.batch.pair_swaps import run_pair_swaps
from amm.batch.pool_events import run_pool_events
from amm.batch.pool_swaps import run_swaps
from amm.uniswap_v2 import UniswapV2Pair
from amm.uniswap_v3.pool import UniswapV3Pool

_POOL_ROWS: Final = 1 << 16
_PAIR_ROWS: Final = 1 << 13
"""Few enough for a processor's cache: a pair is quickly taken apart and put together again."""
_HALF_LIMB: Final = LIMB_BITS // 2


class Totals(NamedTuple):
    """What many calls did together, in smallest units; those that reverted moved nothing."""

    done: int = 0
    reverted: int = 0
    amount0_in: int = 0
    """Token0 that flowed into the pool."""
    amount1_in: int = 0
    amount0_out: int = 0
    """Token0 that flowed out of the pool, or that it owes after a burn."""
    amount1_out: int = 0


def stream_pair_swaps(
    pair: UniswapV2Pair, batches: Iterable[Records], *, to: str = "trader", compiled: bool | None = None
) -> Totals:
    """Do what run_pair_swaps does with one array after another, and keep the totals alone.

    Args:
        pair: changed in place.
        batches: arrays of dtype PAIR_ORDER; each is let go of before the next is taken.
        to: who receives the output.
        compiled: whether to use the compiled engine; None uses it where numba is installed.

    Raises:
        ArgumentError: as run_pair_swaps; what came before has been done.
    """
    totals, room = Totals(), np.empty(_PAIR_ROWS, dtype=PAIR_RESULT)
    for orders in _chunks(batches, _PAIR_ROWS):
        results = run_pair_swaps(pair, orders, to=to, out=room[: len(orders)], compiled=compiled).results
        totals = _sum(totals, _unsigned(results))
    return totals


def stream_pair_events(
    pair: UniswapV2Pair, batches: Iterable[Records], owners: Sequence[str], *, compiled: bool | None = None
) -> dict[PairCall, Totals]:
    """Do what run_pair_events does with one array after another, and keep the totals of each kind of call alone.

    Args:
        pair: changed in place.
        batches: arrays of dtype PAIR_EVENT; each is let go of before the next is taken.
        owners: the names that the events' owners are indices of.
        compiled: whether to use the compiled engine; None uses it where numba is installed.

    Raises:
        ArgumentError: as run_pair_events; what came before has been done.
    """
    totals, room = dict.fromkeys(PairCall, Totals()), np.empty(_PAIR_ROWS, dtype=PAIR_EVENT_RESULT)
    for events in _chunks(batches, _PAIR_ROWS):
        results = run_pair_events(pair, events, owners, out=room[: len(events)], compiled=compiled).results
        for kind in PairCall:
            totals[kind] = _sum(totals[kind], _unsigned(results[events["kind"] == kind]))
    return totals


def stream_swaps(pool: UniswapV3Pool, batches: Iterable[Records], *, compiled: bool | None = None) -> Totals:
    """Do what run_swaps does with one array after another, and keep the totals alone.

    Args:
        pool: changed in place.
        batches: arrays of dtype SWAP_ORDER; each is let go of before the next is taken.
        compiled: whether to use the compiled engine; None uses it where numba is installed.

    Raises:
        ArgumentError: as run_swaps; what came before has been done.
    """
    totals, room = Totals(), np.empty(_POOL_ROWS, dtype=SWAP_RESULT)
    for orders in _chunks(batches, _POOL_ROWS):
        totals = _sum(totals, _signed(run_swaps(pool, orders, out=room[: len(orders)], compiled=compiled).results))
    return totals


def stream_pool_events(
    pool: UniswapV3Pool, batches: Iterable[Records], owners: Sequence[str] = (), *, compiled: bool | None = None
) -> dict[PoolCall, Totals]:
    """Do what run_pool_events does with one array after another, and keep the totals of each kind of call alone.

    Args:
        pool: changed in place.
        batches: arrays of dtype POOL_EVENT; each is let go of before the next is taken.
        owners: the names that the events' owners are indices of.
        compiled: whether to use the compiled engine; None uses it where numba is installed.

    Raises:
        ArgumentError: as run_pool_events; what came before has been done.
    """
    totals, room = dict.fromkeys(PoolCall, Totals()), np.empty(_POOL_ROWS, dtype=POOL_RESULT)
    for events in _chunks(batches, _POOL_ROWS):
        results = run_pool_events(pool, events, owners, out=room[: len(events)], compiled=compiled).results
        for kind in PoolCall:
            of_kind = _signed(results[events["kind"] == kind])
            if kind in {PoolCall.BURN, PoolCall.COLLECT}:
                of_kind = Totals(of_kind.done, of_kind.reverted, *of_kind[4:], *of_kind[2:4])
            totals[kind] = _sum(totals[kind], of_kind)
    return totals


def _chunks(batches: Iterable[Records], rows: int) -> Iterator[Records]:
    for batch in batches:
        for first in range(0, len(batch), rows):
            yield batch[first : first + rows]


def _sum(a: Totals, b: Totals) -> Totals:
    return Totals(*(x + y for x, y in zip(a, b, strict=True)))


def _counts(results: Records) -> tuple[int, int]:
    reverted = int(results["reverted"].sum())
    return len(results) - reverted, reverted


def _unsigned(results: Records) -> Totals:
    """Total results with a field for either way."""
    names = ("amount0_in", "amount1_in", "amount0_out", "amount1_out")
    return Totals(*_counts(results), *(_unsigned_sum(results[name]) for name in names))


def _signed(results: Records) -> Totals:
    """Total results whose amounts are positive into the pool."""
    (in0, out0), (in1, out1) = (_sums(results[name]) for name in ("amount0", "amount1"))
    return Totals(*_counts(results), in0, in1, out0, out1)


def _sums(limbs: NDArray[np.uint64]) -> tuple[int, int]:
    """Return the sum of the positive ones of many int256, and of the negative ones without their sign."""
    negative = limbs[:, -1] >> (LIMB_BITS - 1) != 0
    bits = LIMB_BITS * limbs.shape[1]
    below = (int(negative.sum()) << bits) - _unsigned_sum(limbs[negative])
    return _unsigned_sum(limbs[~negative]), below


def _unsigned_sum(limbs: NDArray[np.uint64]) -> int:
    """Add rows of limbs up in halves, of which a column of fewer than 2**32 cannot overflow."""
    low = (limbs & np.uint64((1 << _HALF_LIMB) - 1)).sum(axis=0).tolist()
    high = (limbs >> np.uint64(_HALF_LIMB)).sum(axis=0).tolist()
    return sum((a + (b << _HALF_LIMB)) << LIMB_BITS * place for place, (a, b) in enumerate(zip(low, high, strict=True)))
