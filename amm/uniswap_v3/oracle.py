"""The price and liquidity oracle: a ring of observations (Oracle library). Reads are pure; a write is returned."""

from collections.abc import Sequence

from amm.errors import ObservationOrderError, ObservationTooOldError, OracleNotInitializedError
from amm.math.fixed_point import MAX_UINT32, MAX_UINT160, wrap_int56
from amm.uniswap_v3.state import Observation, Slot0

PREPARED = Observation(block_timestamp=1)
"""A slot that grow has paid for and nothing has been written to yet."""


def transform(last: Observation, time: int, tick: int, liquidity: int) -> Observation:
    """Carry the running sums from `last` to `time`, over which tick and liquidity did not change."""
    seconds = (time - last.block_timestamp) & MAX_UINT32
    return Observation(
        time,
        wrap_int56(last.tick_cumulative + tick * seconds),
        (last.seconds_per_liquidity_cumulative_x128 + (seconds << 128) // (liquidity or 1)) & MAX_UINT160,
        True,
    )


def write(
    observations: Sequence[Observation], slot0: Slot0, time: int, liquidity: int
) -> tuple[int, int, Observation | None]:
    """Work out the observation that a change of tick or liquidity leaves behind, at most one a block.

    Args:
        observations: the ring.
        slot0: as it was before the change: it holds the tick and the place in the ring.
        time: seconds, uint32.
        liquidity: the active liquidity before the change.

    Returns:
        The index and the cardinality after the write, and what to put there; None if this block has its observation.
    """
    index, cardinality = slot0.observation_index, slot0.observation_cardinality
    last = observations[index]
    if last.block_timestamp == time:
        return index, cardinality, None
    if slot0.observation_cardinality_next > cardinality and index == cardinality - 1:
        cardinality = slot0.observation_cardinality_next
    return (index + 1) % cardinality, cardinality, transform(last, time, slot0.tick, liquidity)


def observe_single(
    observations: Sequence[Observation], slot0: Slot0, time: int, seconds_ago: int, liquidity: int
) -> tuple[int, int]:
    """Return tick_cumulative and seconds_per_liquidity_cumulative_x128 as of `seconds_ago` (Oracle.observeSingle).

    Raises:
        ObservationTooOldError: ("OLD") if the ring does not reach back that far.
    """
    if seconds_ago == 0:
        last = observations[slot0.observation_index]
        if last.block_timestamp != time:
            last = transform(last, time, slot0.tick, liquidity)
        return last.tick_cumulative, last.seconds_per_liquidity_cumulative_x128
    target = (time - seconds_ago) & MAX_UINT32
    before, after = _surrounding(observations, slot0, time, target, liquidity)
    if target == before.block_timestamp:
        return before.tick_cumulative, before.seconds_per_liquidity_cumulative_x128
    if target == after.block_timestamp:
        return after.tick_cumulative, after.seconds_per_liquidity_cumulative_x128
    return _interpolate(before, after, target)


def observe(
    observations: Sequence[Observation], slot0: Slot0, time: int, seconds_agos: Sequence[int], liquidity: int
) -> tuple[list[int], list[int]]:
    """Return both running sums at several moments (Oracle.observe).

    Raises:
        OracleNotInitializedError: ("I") before the pool is initialised.
        ObservationTooOldError: ("OLD") if the ring does not reach back that far.
    """
    if slot0.observation_cardinality == 0:
        raise OracleNotInitializedError
    sums = [observe_single(observations, slot0, time, seconds_ago, liquidity) for seconds_ago in seconds_agos]
    return [tick_cumulative for tick_cumulative, _ in sums], [per_liquidity for _, per_liquidity in sums]


def _interpolate(before: Observation, after: Observation, target: int) -> tuple[int, int]:
    seconds_between = (after.block_timestamp - before.block_timestamp) & MAX_UINT32
    seconds_to_target = (target - before.block_timestamp) & MAX_UINT32
    ticks_between = wrap_int56(after.tick_cumulative - before.tick_cumulative)
    # Solidity divides towards zero, Python downwards.
    mean_tick = ticks_between // seconds_between if ticks_between >= 0 else -(-ticks_between // seconds_between)
    per_liquidity = (
        after.seconds_per_liquidity_cumulative_x128 - before.seconds_per_liquidity_cumulative_x128
    ) & MAX_UINT160
    return (
        wrap_int56(before.tick_cumulative + mean_tick * seconds_to_target),
        (before.seconds_per_liquidity_cumulative_x128 + per_liquidity * seconds_to_target // seconds_between)
        & MAX_UINT160,
    )


def _not_later(time: int, a: int, b: int) -> bool:
    """Compare two uint32 moments that both lie at or before `time`, across one overflow of the clock (Oracle.lte)."""
    if (a <= time) == (b <= time):
        return a <= b
    return a > time


def _surrounding(
    observations: Sequence[Observation], slot0: Slot0, time: int, target: int, liquidity: int
) -> tuple[Observation, Observation]:
    """Return the observations on both sides of `target` (Oracle.getSurroundingObservations)."""
    newest = observations[slot0.observation_index]
    if _not_later(time, newest.block_timestamp, target):
        if newest.block_timestamp == target:
            return newest, newest
        return newest, transform(newest, target, slot0.tick, liquidity)
    oldest = observations[(slot0.observation_index + 1) % slot0.observation_cardinality]
    if not oldest.initialized:
        oldest = observations[0]
    if not _not_later(time, oldest.block_timestamp, target):
        raise ObservationTooOldError(oldest.block_timestamp, target)
    return _binary_search(observations, slot0, time, target)


def _binary_search(
    observations: Sequence[Observation], slot0: Slot0, time: int, target: int
) -> tuple[Observation, Observation]:
    """Find two neighbours in the ring that enclose `target` (Oracle.binarySearch)."""
    cardinality = slot0.observation_cardinality
    left = (slot0.observation_index + 1) % cardinality
    right = left + cardinality - 1
    while left <= right:
        middle = (left + right) // 2
        before = observations[middle % cardinality]
        if not before.initialized:
            left = middle + 1
            continue
        after = observations[(middle + 1) % cardinality]
        starts_before = _not_later(time, before.block_timestamp, target)
        if starts_before and _not_later(time, target, after.block_timestamp):
            return before, after
        if starts_before:
            left = middle + 1
        else:
            right = middle - 1
    raise ObservationOrderError(target)
