"""A change of one position: what it does to the position, its two ticks, the active liquidity and the oracle."""

from typing import NamedTuple

from amm.errors import (
    NoPositionError,
    TickLowerTooLowError,
    TickNotInitializedError,
    TickOrderError,
    TickUpperTooHighError,
)
from amm.math.fixed_point import MAX_UINT32, MAX_UINT128, MAX_UINT160, MAX_UINT256, Q128, wrap_int56
from amm.math.full_math import mul_div
from amm.math.liquidity_math import add_delta
from amm.math.sqrt_price_math import get_amount0_delta, get_amount1_delta
from amm.math.tick_math import MAX_TICK, MIN_TICK, get_sqrt_ratio_at_tick
from amm.uniswap_v3 import oracle, tick
from amm.uniswap_v3.state import Observation, PoolState, PositionInfo, PositionKey, TickInfo

EMPTY = PositionInfo()


class PositionChange(NamedTuple):
    """Everything a change of liquidity writes, worked out before any of it is written."""

    key: PositionKey
    position: PositionInfo
    amount0: int
    """Token0 that flows into the pool; negative flows out."""
    amount1: int
    liquidity: int
    """The pool's active liquidity afterwards."""
    ticks: tuple[tuple[int, TickInfo], ...]
    """The ticks that change; one without liquidity is to be cleared."""
    flipped: tuple[int, ...]
    """The ticks whose bit turns over."""
    observation: tuple[int, int, Observation | None] | None
    """Index, cardinality and record of the oracle's write, where the active liquidity changes."""


def check_ticks(tick_lower: int, tick_upper: int) -> None:
    """Refuse a range that is empty or leaves the ticks there are (UniswapV3Pool.checkTicks).

    Raises:
        TickOrderError: ("TLU") if the range is empty or upside down.
        TickLowerTooLowError: ("TLM") if it begins below MIN_TICK.
        TickUpperTooHighError: ("TUM") if it ends above MAX_TICK.
    """
    if tick_lower >= tick_upper:
        raise TickOrderError(tick_lower, tick_upper)
    if tick_lower < MIN_TICK:
        raise TickLowerTooLowError(tick_lower)
    if tick_upper > MAX_TICK:
        raise TickUpperTooHighError(tick_upper)


def modify_position(
    state: PoolState, owner: str, tick_lower: int, tick_upper: int, liquidity_delta: int
) -> PositionChange:
    """Work out a change of one position's liquidity; zero brings its fees up to date (UniswapV3Pool._modifyPosition).

    Raises:
        TickOrderError, TickLowerTooLowError, TickUpperTooHighError: as check_ticks.
        LiquiditySubtractionError, LiquidityAdditionError, TickLiquidityOverflowError: as tick.updated.
        TickSpacingError: if a tick that would be initialised is not a multiple of the spacing.
        NoPositionError: ("NP") if a position without liquidity is to be changed by zero.
    """
    check_ticks(tick_lower, tick_upper)
    key = (owner, tick_lower, tick_upper)
    lower, upper = state.ticks.get(tick_lower, tick.EMPTY), state.ticks.get(tick_upper, tick.EMPTY)
    if liquidity_delta == 0:
        position = _changed(state, key, lower, upper, 0)
        return PositionChange(key, position, 0, 0, state.liquidity, (), (), None)

    time = state.timestamp & MAX_UINT32
    sums = oracle.observe_single(state.observations, state.slot0, time, 0, state.liquidity)
    gross_before = lower.liquidity_gross, upper.liquidity_gross
    lower = tick.updated(state, lower, tick_lower, liquidity_delta, sums, upper=False)
    upper = tick.updated(state, upper, tick_upper, liquidity_delta, sums, upper=True)
    flipped = []
    for index, gross_then, gross_now in (
        (tick_lower, gross_before[0], lower.liquidity_gross),
        (tick_upper, gross_before[1], upper.liquidity_gross),
    ):
        if (gross_then == 0) != (gross_now == 0):
            tick.check_spacing(index, state.tick_spacing)
            flipped.append(index)
    position = _changed(state, key, lower, upper, liquidity_delta)
    amount0, amount1 = amounts(state, tick_lower, tick_upper, liquidity_delta)
    liquidity, observation = state.liquidity, None
    if tick_lower <= state.slot0.tick < tick_upper:
        observation = oracle.write(state.observations, state.slot0, time, state.liquidity)
        liquidity = add_delta(state.liquidity, liquidity_delta)
    return PositionChange(
        key,
        position,
        amount0,
        amount1,
        liquidity,
        ((tick_lower, lower), (tick_upper, upper)),
        tuple(flipped),
        observation,
    )


def amounts(state: PoolState, tick_lower: int, tick_upper: int, liquidity_delta: int) -> tuple[int, int]:
    """Return both tokens that the change moves, at the pool's price."""
    sqrt_lower_x96, sqrt_upper_x96 = get_sqrt_ratio_at_tick(tick_lower), get_sqrt_ratio_at_tick(tick_upper)
    # The tick decides, not the price: they differ after a swap that stopped exactly on an initialised tick.
    if state.slot0.tick < tick_lower:
        return get_amount0_delta(sqrt_lower_x96, sqrt_upper_x96, liquidity_delta), 0
    if state.slot0.tick >= tick_upper:
        return 0, get_amount1_delta(sqrt_lower_x96, sqrt_upper_x96, liquidity_delta)
    sqrt_price_x96 = state.slot0.sqrt_price_x96
    return (
        get_amount0_delta(sqrt_price_x96, sqrt_upper_x96, liquidity_delta),
        get_amount1_delta(sqrt_lower_x96, sqrt_price_x96, liquidity_delta),
    )


def _changed(
    state: PoolState, key: PositionKey, lower: TickInfo, upper: TickInfo, liquidity_delta: int
) -> PositionInfo:
    """Return the position with its fees brought up to date and its liquidity changed."""
    owner, tick_lower, tick_upper = key
    position = state.positions.get(key, EMPTY)
    if liquidity_delta == 0 and position.liquidity == 0:
        raise NoPositionError(owner, tick_lower, tick_upper)
    inside_x128 = tick.fee_growth_inside(state, lower, upper, tick_lower, tick_upper)
    return updated(position, liquidity_delta, inside_x128)


def updated(position: PositionInfo, liquidity_delta: int, fee_growth_inside_x128: tuple[int, int]) -> PositionInfo:
    """Return the position with the fees of both tokens added to what it is owed, and its liquidity changed.

    Source: Position.update.

    Raises:
        LiquiditySubtractionError: ("LS") if the position has less liquidity than is taken away.
        LiquidityAdditionError: ("LA") if its liquidity needs more than 128 bits.
    """
    inside0_x128, inside1_x128 = fee_growth_inside_x128
    liquidity = add_delta(position.liquidity, liquidity_delta)
    fees0 = mul_div((inside0_x128 - position.fee_growth_inside0_last_x128) & MAX_UINT256, position.liquidity, Q128)
    fees1 = mul_div((inside1_x128 - position.fee_growth_inside1_last_x128) & MAX_UINT256, position.liquidity, Q128)
    # The sum wraps: an owner must collect before 2**128 is reached.
    return PositionInfo(
        liquidity,
        inside0_x128,
        inside1_x128,
        (position.tokens_owed0 + fees0) & MAX_UINT128,
        (position.tokens_owed1 + fees1) & MAX_UINT128,
    )


def cumulatives_inside(state: PoolState, tick_lower: int, tick_upper: int) -> tuple[int, int, int]:
    """Return cumulative tick, seconds per liquidity (Q128) and seconds inside a range (snapshotCumulativesInside).

    Raises:
        TickOrderError, TickLowerTooLowError, TickUpperTooHighError: as check_ticks.
        TickNotInitializedError: if a tick is not initialised.
    """
    check_ticks(tick_lower, tick_upper)
    lower, upper = _outside(state, tick_lower), _outside(state, tick_upper)
    if state.slot0.tick < tick_lower:
        inside = tuple(a - b for a, b in zip(lower, upper, strict=True))
    elif state.slot0.tick >= tick_upper:
        inside = tuple(b - a for a, b in zip(lower, upper, strict=True))
    else:
        time = state.timestamp & MAX_UINT32
        now = (*oracle.observe_single(state.observations, state.slot0, time, 0, state.liquidity), time)
        inside = tuple(total - a - b for total, a, b in zip(now, lower, upper, strict=True))
    return wrap_int56(inside[0]), inside[1] & MAX_UINT160, inside[2] & MAX_UINT32


def _outside(state: PoolState, index: int) -> tuple[int, int, int]:
    if index not in state.ticks:
        raise TickNotInitializedError(index)
    info = state.ticks[index]
    return info.tick_cumulative_outside, info.seconds_per_liquidity_outside_x128, info.seconds_outside
