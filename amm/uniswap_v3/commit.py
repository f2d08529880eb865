"""What writes to a pool's price, fees, ticks, positions and oracle; each function takes a change already computed."""

from amm.math.fixed_point import MAX_UINT128
from amm.uniswap_v3.flash import FlashChange
from amm.uniswap_v3.position import PositionChange
from amm.uniswap_v3.state import Observation, PoolState, ProtocolFees, Slot0
from amm.uniswap_v3.swap import SwapChange
from amm.uniswap_v3.tick import flip


def commit_swap(state: PoolState, change: SwapChange, zero_for_one: bool) -> None:
    """Write a swap: price, liquidity, fee growth, protocol fees, the ticks crossed and the oracle."""
    result, slot0 = change.result, state.slot0
    index, cardinality = _write_observation(state, change.observation)
    state.slot0 = Slot0(
        result.sqrt_price_x96,
        result.tick,
        index,
        cardinality,
        slot0.observation_cardinality_next,
        slot0.fee_protocol,
        slot0.unlocked,
    )
    state.liquidity = result.liquidity
    if zero_for_one:
        state.fee_growth_global0_x128 = change.fee_growth_global_x128
    else:
        state.fee_growth_global1_x128 = change.fee_growth_global_x128
    if slot0.fee_protocol:
        # The sums wrap: the protocol must collect before 2**128 is reached.
        fees = state.protocol_fees
        state.protocol_fees = ProtocolFees(
            (fees.token0 + result.protocol_fee0) & MAX_UINT128, (fees.token1 + result.protocol_fee1) & MAX_UINT128
        )
    if change.ticks:
        state.ticks.update(change.ticks)


def commit_position(state: PoolState, change: PositionChange) -> None:
    """Write a change of liquidity: the position, its ticks and their bits, the active liquidity and the oracle."""
    for index in change.flipped:
        flip(state.tick_bitmap, index, state.tick_spacing)
    for index, info in change.ticks:
        if info.liquidity_gross:
            state.ticks[index] = info
        else:
            del state.ticks[index]
    state.positions[change.key] = change.position
    state.liquidity = change.liquidity
    if change.observation is not None:
        index, cardinality = _write_observation(state, change.observation)
        state.slot0 = state.slot0._replace(observation_index=index, observation_cardinality=cardinality)


def commit_flash(state: PoolState, change: FlashChange) -> None:
    """Write what a flash loan earned: fee growth and protocol fees."""
    state.fee_growth_global0_x128 = change.fee_growth_global0_x128
    state.fee_growth_global1_x128 = change.fee_growth_global1_x128
    state.protocol_fees = change.protocol_fees


def _write_observation(state: PoolState, write: tuple[int, int, Observation | None] | None) -> tuple[int, int]:
    """Put a new observation in its place, and return the index and the cardinality afterwards."""
    if write is None:
        return state.slot0.observation_index, state.slot0.observation_cardinality
    index, cardinality, record = write
    if record is not None:
        state.observations[index] = record
    return index, cardinality
