"""A v3 pool as numpy arrays, and back: what the compiled loops read and write.

The loops are given addresses, not arrays: counting references to arrays took half of their time.
"""

from collections.abc import Iterable, Sequence
from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from amm._records import Wide, from_limbs, rows_from_limbs, to_limbs
from amm.math.tick_math import MAX_TICK, MIN_TICK
from amm.uniswap_v3.pool import UniswapV3Pool
from amm.uniswap_v3.position import EMPTY as EMPTY_POSITION
from amm.uniswap_v3.state import Observation, PositionInfo, PositionKey, ProtocolFees, Slot0, TickInfo
from amm.uniswap_v3.tick import EMPTY as EMPTY_TICK

Small = NDArray[np.int64]

_CACHED_RATIOS = 1 << 12
_SIGN_BIT = 255


class WideRow(IntEnum):
    """The rows of `PoolArrays.wide`."""

    SQRT_PRICE = 0
    LIQUIDITY = 1
    FEE_GROWTH0 = 2
    FEE_GROWTH1 = 3
    PROTOCOL_FEES0 = 4
    PROTOCOL_FEES1 = 5
    BALANCE0 = 6
    BALANCE1 = 7
    MAX_LIQUIDITY_PER_TICK = 8


class SmallRow(IntEnum):
    """The entries of `PoolArrays.small`."""

    FEE = 0
    TICK_SPACING = 1
    TICK = 2
    FEE_PROTOCOL = 3
    OBSERVATION_INDEX = 4
    OBSERVATION_CARDINALITY = 5
    OBSERVATION_CARDINALITY_NEXT = 6
    TIMESTAMP = 7
    LOWEST_WORD = 8
    LOWEST_COMPRESSED = 9
    REVERTS = 10


class TickWide(IntEnum):
    """The wide fields of a tick: row slot * 5 + field of `PoolArrays.tick_wide`."""

    LIQUIDITY_GROSS = 0
    LIQUIDITY_NET = 1
    FEE_GROWTH_OUTSIDE0 = 2
    FEE_GROWTH_OUTSIDE1 = 3
    SECONDS_PER_LIQUIDITY_OUTSIDE = 4


TICK_WIDE = len(TickWide)


class PositionWide(IntEnum):
    """The fields of a position: row slot * 5 + field of `PoolArrays.position_wide`."""

    LIQUIDITY = 0
    FEE_GROWTH_INSIDE0_LAST = 1
    FEE_GROWTH_INSIDE1_LAST = 2
    TOKENS_OWED0 = 3
    TOKENS_OWED1 = 4


POSITION_WIDE = len(PositionWide)


class Addresses(NamedTuple):
    """Where each of PoolArrays begins in memory, as int64: valid for as long as the arrays live."""

    wide: int
    small: int
    tick_wide: int
    tick_small: int
    bitmap: int
    slot_of: int
    observation_wide: int
    observation_small: int
    cached_ticks: int
    cached_ratios: int
    crossed_slots: int
    crossed_growth: int
    position_wide: int
    position_small: int


class PoolArrays(NamedTuple):
    """A pool's state, a cache of prices at ticks, and room for one swap's crossings.

    Ticks and positions stand in slots. A tick without liquidity is not initialised, and all zeros.
    """

    wide: Wide
    """Shape (9, 4): see WideRow."""
    small: Small
    """Shape (11,): see SmallRow."""
    tick_wide: Wide
    """Shape (5 * slots, 4): see TickWide."""
    tick_small: Small
    """Shape (slots, 3): tick, tick_cumulative_outside, seconds_outside."""
    bitmap: Wide
    """Shape (words, 4): one word for 256 ticks that the spacing allows, from the lowest."""
    slot_of: Small
    """Shape (ticks that the spacing allows,): the slot of each tick that has one, from the lowest tick."""
    observation_wide: Wide
    """Shape (observations, 4): seconds_per_liquidity_cumulative_x128."""
    observation_small: Small
    """Shape (observations, 3): block_timestamp, tick_cumulative, initialized."""
    cached_ticks: Small
    """Shape (4096,): the tick whose price is cached there, or one beyond all ticks."""
    cached_ratios: Wide
    """Shape (4096, 4): its square-root price."""
    crossed_slots: Small
    """Shape (slots + 1,): the ticks one swap has crossed, in order."""
    crossed_growth: Wide
    """Shape (slots + 1, 4): the fee growth of the input token at each crossing."""
    position_wide: Wide
    """Shape (5 * positions, 4): see PositionWide."""
    position_small: Small
    """Shape (positions,): whether the pool knows the position."""


def to_arrays(pool: UniswapV3Pool, *, ticks: Iterable[int] = (), positions: Sequence[PositionKey] = ()) -> PoolArrays:
    """Copy the state of an initialised pool into arrays.

    Args:
        pool: the pool.
        ticks: further ticks that calls may initialise.
        positions: the positions that calls may change, in the order of their slots.
    """
    slot0, spacing = pool.slot0, pool.tick_spacing
    lowest, highest = MIN_TICK // spacing, MAX_TICK // spacing
    lowest_word, highest_word = lowest >> 8, highest >> 8
    tick_infos = dict.fromkeys(ticks, EMPTY_TICK) | pool.ticks
    slots = len(tick_infos)
    bitmap = np.zeros((highest_word - lowest_word + 1, 4), dtype=np.uint64)
    for word, bits in pool.tick_bitmap.items():
        bitmap[word - lowest_word] = to_limbs([bits])[0]
    slot_of = np.zeros(highest - lowest + 1, dtype=np.int64)
    for slot, tick in enumerate(tick_infos):
        slot_of[tick // spacing - lowest] = slot
    return PoolArrays(
        wide=to_limbs(
            [
                slot0.sqrt_price_x96,
                pool.liquidity,
                pool.fee_growth_global0_x128,
                pool.fee_growth_global1_x128,
                *pool.protocol_fees,
                pool.balance0,
                pool.balance1,
                pool.max_liquidity_per_tick,
            ]
        ),
        small=np.array(
            [
                pool.fee,
                spacing,
                slot0.tick,
                slot0.fee_protocol,
                slot0.observation_index,
                slot0.observation_cardinality,
                slot0.observation_cardinality_next,
                pool.timestamp,
                lowest_word,
                lowest,
                0,
            ],
            dtype=np.int64,
        ),
        tick_wide=to_limbs(value for info in tick_infos.values() for value in _wide_fields(info)),
        tick_small=np.array(
            [(tick, info.tick_cumulative_outside, info.seconds_outside) for tick, info in tick_infos.items()],
            dtype=np.int64,
        ).reshape(-1, 3),
        bitmap=bitmap,
        slot_of=slot_of,
        observation_wide=to_limbs(each.seconds_per_liquidity_cumulative_x128 for each in pool.observations),
        observation_small=np.array(
            [(each.block_timestamp, each.tick_cumulative, each.initialized) for each in pool.observations],
            dtype=np.int64,
        ),
        cached_ticks=np.full(_CACHED_RATIOS, MAX_TICK + 1, dtype=np.int64),
        cached_ratios=np.zeros((_CACHED_RATIOS, 4), dtype=np.uint64),
        crossed_slots=np.zeros(slots + 1, dtype=np.int64),
        crossed_growth=np.zeros((slots + 1, 4), dtype=np.uint64),
        position_wide=to_limbs(value for key in positions for value in pool.positions.get(key, EMPTY_POSITION)),
        position_small=np.array([key in pool.positions for key in positions], dtype=np.int64),
    )


def write_back(arrays: PoolArrays, pool: UniswapV3Pool, positions: Sequence[PositionKey] = ()) -> None:
    """Make the pool that the arrays were made of what they say.

    Args:
        arrays: the state.
        pool: changed in place.
        positions: those that the arrays were made with.
    """
    wide = rows_from_limbs(arrays.wide)
    small = arrays.small.tolist()
    pool.slot0 = Slot0(
        wide[WideRow.SQRT_PRICE],
        small[SmallRow.TICK],
        small[SmallRow.OBSERVATION_INDEX],
        small[SmallRow.OBSERVATION_CARDINALITY],
        small[SmallRow.OBSERVATION_CARDINALITY_NEXT],
        small[SmallRow.FEE_PROTOCOL],
        pool.slot0.unlocked,
    )
    pool.liquidity = wide[WideRow.LIQUIDITY]
    pool.fee_growth_global0_x128, pool.fee_growth_global1_x128 = wide[WideRow.FEE_GROWTH0 : WideRow.FEE_GROWTH1 + 1]
    pool.protocol_fees = ProtocolFees(*wide[WideRow.PROTOCOL_FEES0 : WideRow.PROTOCOL_FEES1 + 1])
    pool.balance0, pool.balance1 = wide[WideRow.BALANCE0 : WideRow.BALANCE1 + 1]
    pool.timestamp = small[SmallRow.TIMESTAMP]
    tick_wide = rows_from_limbs(arrays.tick_wide)
    pool.ticks = {
        tick: _tick_info(tick_wide[TICK_WIDE * slot : TICK_WIDE * (slot + 1)], cumulative, seconds)
        for slot, (tick, cumulative, seconds) in enumerate(arrays.tick_small.tolist())
        if tick_wide[TICK_WIDE * slot + TickWide.LIQUIDITY_GROSS]
    }
    words = np.flatnonzero(arrays.bitmap.any(axis=1)).tolist()
    pool.tick_bitmap = {small[SmallRow.LOWEST_WORD] + word: from_limbs(arrays.bitmap[word]) for word in words}
    position_wide = rows_from_limbs(arrays.position_wide)
    for slot in np.flatnonzero(arrays.position_small).tolist():
        fields = position_wide[POSITION_WIDE * slot : POSITION_WIDE * (slot + 1)]
        pool.positions[positions[slot]] = PositionInfo(*fields)
    pool.observations = [
        Observation(time, cumulative, per_liquidity, bool(initialized))
        for (time, cumulative, initialized), per_liquidity in zip(
            arrays.observation_small.tolist(), rows_from_limbs(arrays.observation_wide), strict=True
        )
    ]


def _wide_fields(info: TickInfo) -> tuple[int, ...]:
    """Return the fields of TickWide, in its order."""
    return (
        info.liquidity_gross,
        info.liquidity_net,
        info.fee_growth_outside0_x128,
        info.fee_growth_outside1_x128,
        info.seconds_per_liquidity_outside_x128,
    )


def _tick_info(wide: Sequence[int], tick_cumulative_outside: int, seconds_outside: int) -> TickInfo:
    gross, net, growth0, growth1, per_liquidity = wide
    net -= (net >> _SIGN_BIT) << _SIGN_BIT + 1
    return TickInfo(gross, net, growth0, growth1, tick_cumulative_outside, per_liquidity, seconds_outside, True)


def addresses_of(arrays: PoolArrays) -> Addresses:
    """Return where the arrays stand in memory."""
    return Addresses(*(array.ctypes.data for array in arrays))
