"""Initialised ticks: their update by a position, their crossing by a swap, and the fee growth between two (Tick)."""

from collections.abc import Iterable

from amm.errors import CastOverflowError, TickLiquidityOverflowError, TickSpacingError
from amm.math.fixed_point import MAX_INT128, MAX_UINT32, MAX_UINT160, MAX_UINT256, MIN_INT128, wrap_int56
from amm.math.liquidity_math import add_delta
from amm.math.tick_bitmap import position
from amm.uniswap_v3.state import PoolState, TickInfo

EMPTY = TickInfo()


def updated(
    state: PoolState, info: TickInfo, tick: int, liquidity_delta: int, oracle: tuple[int, int], *, upper: bool
) -> TickInfo:
    """Return the tick after a position that ends there changes by `liquidity_delta` (Tick.update).

    Args:
        state: the pool before the change.
        info: the tick before; EMPTY where it is not initialised.
        tick: its index.
        liquidity_delta: the change of the position's liquidity.
        oracle: tick_cumulative and seconds_per_liquidity_cumulative_x128 as of now.
        upper: whether the tick is the position's upper end.

    Raises:
        LiquiditySubtractionError: ("LS") if the tick has less liquidity than is taken away.
        LiquidityAdditionError: ("LA") if liquidity_gross needs more than 128 bits.
        TickLiquidityOverflowError: ("LO") if liquidity_gross exceeds the pool's maximum.
        CastOverflowError: if liquidity_net needs more than 128 bits.
    """
    liquidity_gross = add_delta(info.liquidity_gross, liquidity_delta)
    if liquidity_gross > state.max_liquidity_per_tick:
        raise TickLiquidityOverflowError(tick, liquidity_gross, state.max_liquidity_per_tick)
    liquidity_net = info.liquidity_net + (-liquidity_delta if upper else liquidity_delta)
    if not MIN_INT128 <= liquidity_net <= MAX_INT128:
        raise CastOverflowError(liquidity_net, "int128")
    if info.liquidity_gross == 0 and tick <= state.slot0.tick:
        # By convention, all growth before a tick is initialised happened below it.
        return TickInfo(
            liquidity_gross,
            liquidity_net,
            state.fee_growth_global0_x128,
            state.fee_growth_global1_x128,
            oracle[0],
            oracle[1],
            state.timestamp & MAX_UINT32,
            True,
        )
    return TickInfo(
        liquidity_gross,
        liquidity_net,
        info.fee_growth_outside0_x128,
        info.fee_growth_outside1_x128,
        info.tick_cumulative_outside,
        info.seconds_per_liquidity_outside_x128,
        info.seconds_outside,
        True,
    )


def crossed(info: TickInfo, fee_growth_global_x128: tuple[int, int], time: int, oracle: tuple[int, int]) -> TickInfo:
    """Return the tick after the price has crossed it: what was outside is now the other side (Tick.cross).

    Args:
        info: the tick before.
        fee_growth_global_x128: of token0 and of token1, as of now.
        time: seconds, uint32.
        oracle: tick_cumulative and seconds_per_liquidity_cumulative_x128 as of now.
    """
    return TickInfo(
        info.liquidity_gross,
        info.liquidity_net,
        (fee_growth_global_x128[0] - info.fee_growth_outside0_x128) & MAX_UINT256,
        (fee_growth_global_x128[1] - info.fee_growth_outside1_x128) & MAX_UINT256,
        wrap_int56(oracle[0] - info.tick_cumulative_outside),
        (oracle[1] - info.seconds_per_liquidity_outside_x128) & MAX_UINT160,
        (time - info.seconds_outside) & MAX_UINT32,
        info.initialized,
    )


def fee_growth_inside(
    state: PoolState, lower: TickInfo, upper: TickInfo, tick_lower: int, tick_upper: int
) -> tuple[int, int]:
    """Return the fee growth of both tokens between two ticks, modulo 2**256 (Tick.getFeeGrowthInside).

    Only differences of two such values mean something: one alone depends on when the ticks were initialised.
    """
    growth0_x128, growth1_x128 = state.fee_growth_global0_x128, state.fee_growth_global1_x128
    if state.slot0.tick < tick_lower:
        below0 = growth0_x128 - lower.fee_growth_outside0_x128
        below1 = growth1_x128 - lower.fee_growth_outside1_x128
    else:
        below0, below1 = lower.fee_growth_outside0_x128, lower.fee_growth_outside1_x128
    if state.slot0.tick < tick_upper:
        above0, above1 = upper.fee_growth_outside0_x128, upper.fee_growth_outside1_x128
    else:
        above0 = growth0_x128 - upper.fee_growth_outside0_x128
        above1 = growth1_x128 - upper.fee_growth_outside1_x128
    return (growth0_x128 - below0 - above0) & MAX_UINT256, (growth1_x128 - below1 - above1) & MAX_UINT256


def bitmap_of(ticks: Iterable[int], tick_spacing: int) -> dict[int, int]:
    """Return the bitmap in which exactly these ticks are initialised.

    Raises:
        TickSpacingError: if a tick is not a multiple of the spacing.
    """
    tick_bitmap: dict[int, int] = {}
    for tick in ticks:
        flip(tick_bitmap, tick, tick_spacing)
    return tick_bitmap


def flip(tick_bitmap: dict[int, int], tick: int, tick_spacing: int) -> None:
    """Turn a tick's bit over; a word that becomes zero is left out (TickBitmap.flipTick).

    Raises:
        TickSpacingError: if the tick is not a multiple of the spacing.
    """
    check_spacing(tick, tick_spacing)
    word_position, bit = position(tick // tick_spacing)
    word = tick_bitmap.get(word_position, 0) ^ (1 << bit)
    if word:
        tick_bitmap[word_position] = word
    else:
        del tick_bitmap[word_position]


def check_spacing(tick: int, tick_spacing: int) -> None:
    """Refuse a tick that the bitmap has no bit for.

    Raises:
        TickSpacingError: if the tick is not a multiple of the spacing.
    """
    if tick % tick_spacing:
        raise TickSpacingError(tick, tick_spacing)
