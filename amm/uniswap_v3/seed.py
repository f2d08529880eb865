"""A pool's ticks from the part of its state that decides a price: the liquidity of every initialised tick."""

from collections.abc import Mapping

from amm.errors import ArgumentError, check_int
from amm.math.fixed_point import MAX_INT128, MAX_UINT128, MAX_UINT160, MIN_INT128
from amm.math.sqrt_price_math import get_amount0_delta_rounding_up, get_amount1_delta_rounding_up
from amm.math.tick_math import MAX_TICK, MIN_TICK, get_sqrt_ratio_at_tick, get_tick_at_sqrt_ratio
from amm.uniswap_v3 import tick as tick_
from amm.uniswap_v3.state import PoolState, TickInfo


def seeded_ticks(
    state: PoolState, sqrt_price_x96: int, tick: int, liquidity: int, ticks: Mapping[int, tuple[int, int]]
) -> tuple[dict[int, TickInfo], dict[int, int], int, int]:
    """Return ticks, bitmap and both balances of a pool that has this price and this liquidity.

    Raises:
        ArgumentError: if the tick is not the price's, if a tick could not be initialised, or if the liquidity is not
            the sum of liquidity_net up to the tick.
    """
    check_int("sqrt_price_x96", sqrt_price_x96, 0, MAX_UINT160)
    check_int("tick", tick, MIN_TICK, MAX_TICK)
    check_int("liquidity", liquidity, 0, MAX_UINT128)
    expected = get_tick_at_sqrt_ratio(sqrt_price_x96)
    # A swap downwards that stops exactly on a tick leaves the pool one tick below its price.
    on_the_edge = sqrt_price_x96 == get_sqrt_ratio_at_tick(expected)
    if tick != expected and not (on_the_edge and tick == expected - 1):
        raise ArgumentError("tick", tick, f"{expected}, the tick of the price {sqrt_price_x96}")
    infos, bitmap = {}, dict[int, int]()
    for index in sorted(ticks):
        infos[index] = _info(state, index, *ticks[index])
        tick_.flip(bitmap, index, state.tick_spacing)
    active = sum(info.liquidity_net for index, info in infos.items() if index <= tick)
    if active != liquidity:
        raise ArgumentError("liquidity", liquidity, f"{active}, the sum of liquidity_net up to tick {tick}")
    return infos, bitmap, *_balances(infos, sqrt_price_x96)


def _info(state: PoolState, index: int, liquidity_gross: int, liquidity_net: int) -> TickInfo:
    check_int("tick", index, MIN_TICK, MAX_TICK)
    if index % state.tick_spacing:
        raise ArgumentError("tick", index, f"a multiple of the tick spacing {state.tick_spacing}")
    check_int(f"liquidity_gross of tick {index}", liquidity_gross, 1, state.max_liquidity_per_tick)
    check_int(f"liquidity_net of tick {index}", liquidity_net, MIN_INT128, MAX_INT128)
    if abs(liquidity_net) > liquidity_gross:
        raise ArgumentError(f"liquidity_net of tick {index}", liquidity_net, f"at most {liquidity_gross} either way")
    return TickInfo(liquidity_gross, liquidity_net, initialized=True)


def _balances(infos: Mapping[int, TickInfo], sqrt_price_x96: int) -> tuple[int, int]:
    """Return what the liquidity between each two neighbouring ticks is worth, rounded up."""
    balance0 = balance1 = liquidity = 0
    indices = list(infos)
    for index, following in zip(indices, [*indices[1:], MAX_TICK], strict=True):
        liquidity += infos[index].liquidity_net
        if liquidity < 0:
            raise ArgumentError("ticks", liquidity, f"never below zero in sum, as it is from tick {index}")
        low_x96, high_x96 = get_sqrt_ratio_at_tick(index), get_sqrt_ratio_at_tick(following)
        at_x96 = min(max(sqrt_price_x96, low_x96), high_x96)
        balance0 += get_amount0_delta_rounding_up(at_x96, high_x96, liquidity)
        balance1 += get_amount1_delta_rounding_up(low_x96, at_x96, liquidity)
    if liquidity != 0:
        raise ArgumentError("ticks", liquidity, "zero in sum of liquidity_net over all ticks")
    return balance0, balance1
