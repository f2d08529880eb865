"""A pool's ticks from the part of its state that decides a price: the liquidity of every initialised tick."""

from collections.abc import Mapping
from itertools import pairwise

from amm.errors import ArgumentError, check_int
from amm.math.fixed_point import MAX_INT128, MAX_UINT128, MAX_UINT160, MIN_INT128
from amm.math.sqrt_price_math import get_amount0_delta_rounding_up, get_amount1_delta_rounding_up
from amm.math.tick_math import MAX_TICK, MIN_TICK, get_sqrt_ratio_at_tick, get_tick_at_sqrt_ratio
from amm.uniswap_v3.state import PoolState, TickInfo


def seeded_ticks(state: PoolState, ticks: Mapping[int, tuple[int, int]]) -> dict[int, TickInfo]:
    """Return the ticks of a pool in order, from the liquidity_gross and liquidity_net of each.

    Raises:
        ArgumentError: if a tick could not have been initialised with this liquidity.
    """
    infos = {}
    for index in sorted(ticks):
        liquidity_gross, liquidity_net = ticks[index]
        check_int("tick", index, MIN_TICK, MAX_TICK)
        if index % state.tick_spacing:
            raise ArgumentError("tick", index, f"a multiple of the tick spacing {state.tick_spacing}")
        check_int(f"liquidity_gross of tick {index}", liquidity_gross, 1, state.max_liquidity_per_tick)
        check_int(f"liquidity_net of tick {index}", liquidity_net, MIN_INT128, MAX_INT128)
        if abs(liquidity_net) > liquidity_gross:
            raise ArgumentError(f"liquidity_net of tick {index}", liquidity_net, f"within +-{liquidity_gross}")
        infos[index] = TickInfo(liquidity_gross, liquidity_net, initialized=True)
    return infos


def check_price(sqrt_price_x96: int, tick: int) -> None:
    """Refuse a tick that is not the price's.

    Raises:
        ArgumentError: if the two contradict each other.
        SqrtPriceOutOfRangeError: if there is no such price.
    """
    check_int("sqrt_price_x96", sqrt_price_x96, 0, MAX_UINT160)
    check_int("tick", tick, MIN_TICK, MAX_TICK)
    expected = get_tick_at_sqrt_ratio(sqrt_price_x96)
    # A swap downwards that stops exactly on a tick leaves the pool one tick below its price.
    on_the_edge = sqrt_price_x96 == get_sqrt_ratio_at_tick(expected)
    if tick != expected and not (on_the_edge and tick == expected - 1):
        raise ArgumentError("tick", tick, f"{expected}, the tick of the price {sqrt_price_x96}")


def check_liquidity(ticks: Mapping[int, TickInfo], tick: int, liquidity: int) -> None:
    """Refuse an active liquidity that the ticks do not add up to.

    Raises:
        ArgumentError: if the sum of liquidity_net up to the tick is something else, falls below zero anywhere, or does
            not end at zero.
    """
    check_int("liquidity", liquidity, 0, MAX_UINT128)
    active = running = 0
    for index in sorted(ticks):
        running += ticks[index].liquidity_net
        if running < 0:
            raise ArgumentError(
                "ticks", running, f"never below zero in sum of liquidity_net, as it is from tick {index}"
            )
        if index <= tick:
            active = running
    if running != 0:
        raise ArgumentError("ticks", running, "zero in sum of liquidity_net over all ticks")
    if active != liquidity:
        raise ArgumentError("liquidity", liquidity, f"{active}, the sum of liquidity_net up to tick {tick}")


def backing_balances(ticks: Mapping[int, TickInfo], sqrt_price_x96: int) -> tuple[int, int]:
    """Return what the liquidity between each two neighbouring ticks is worth at the price, rounded up."""
    balance0 = balance1 = liquidity = 0
    indices = sorted(ticks)
    for index, following in pairwise(indices):
        liquidity += ticks[index].liquidity_net
        low_x96, high_x96 = get_sqrt_ratio_at_tick(index), get_sqrt_ratio_at_tick(following)
        at_x96 = min(max(sqrt_price_x96, low_x96), high_x96)
        balance0 += get_amount0_delta_rounding_up(at_x96, high_x96, liquidity)
        balance1 += get_amount1_delta_rounding_up(low_x96, at_x96, liquidity)
    return balance0, balance1
