"""Slow, obvious twins of the exact arithmetic: fractions, integer square roots, linear searches."""

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import ceil, floor, isqrt
from typing import NamedTuple

from hypothesis import strategies as st

from amm.math.tick_math import MAX_SQRT_RATIO, MAX_TICK, MIN_SQRT_RATIO, MIN_TICK, get_sqrt_ratio_at_tick

Q96 = Fraction(2**96)
Range = tuple[int, int]
"""tick_lower, tick_upper."""


def uint(bits: int, *, least: int = 0) -> st.SearchStrategy[int]:
    """Unsigned integers, every length equally likely, often next to a power of two or the largest."""
    largest = 2**bits - 1
    by_length = st.integers(0, bits).flatmap(lambda length: st.integers(2**length >> 1, max(2**length - 1, 0)))
    edges = st.integers(0, bits).flatmap(lambda bit: st.sampled_from([2**bit - 1, 2**bit, 2**bit + 1]))
    return st.one_of(by_length, edges, st.just(largest)).map(lambda value: min(max(value, least), largest))


TICKS = st.integers(MIN_TICK, MAX_TICK - 1)
SQRT_PRICES = st.one_of(
    st.integers(MIN_SQRT_RATIO, MAX_SQRT_RATIO - 1),
    uint(160).map(lambda price: min(max(price, MIN_SQRT_RATIO), MAX_SQRT_RATIO - 1)),
    TICKS.map(get_sqrt_ratio_at_tick),
    TICKS.map(lambda tick: get_sqrt_ratio_at_tick(tick) + 1),
)
"""Prices that a pool can have, often at a tick or just above one."""
LIQUIDITY = uint(128)


def amount0(sqrt_a_x96: int, sqrt_b_x96: int, liquidity: int) -> Fraction:
    """L * (1 / sqrt(pa) - 1 / sqrt(pb)), whichever is lower (Uniswap v3 whitepaper, 6.29)."""
    low, high = sorted((sqrt_a_x96, sqrt_b_x96))
    return liquidity * (Q96 / low - Q96 / high)


def amount1(sqrt_a_x96: int, sqrt_b_x96: int, liquidity: int) -> Fraction:
    """L * (sqrt(pb) - sqrt(pa)), whichever is lower (Uniswap v3 whitepaper, 6.30)."""
    low, high = sorted((sqrt_a_x96, sqrt_b_x96))
    return liquidity * (high / Q96 - low / Q96)


def price_after_amount0(sqrt_price_x96: int, liquidity: int, amount: int) -> Fraction:
    """The price at which the liquidity holds `amount` more token0, in Q64.96: 1 / sqrt(p) grows by amount / L."""
    return Q96 / (Q96 / sqrt_price_x96 + Fraction(amount, liquidity))


def price_after_amount1(sqrt_price_x96: int, liquidity: int, amount: int) -> Fraction:
    """The price at which the liquidity holds `amount` more token1, in Q64.96: sqrt(p) grows by amount / L."""
    return sqrt_price_x96 + Q96 * Fraction(amount, liquidity)


def swap_step(price_x96: int, target_x96: int, liquidity: int, amount: int, fee_pips: int) -> tuple[int, int, int, int]:
    """One step of a swap from the definitions: next price, input without fee, output, fee.

    The trader gets the price rounded against them, pays what the move costs rounded up, and gets what it frees rounded
    down, at most what was asked for.
    """
    down = target_x96 <= price_x96
    token_in, token_out = (amount0, amount1) if down else (amount1, amount0)
    keep = Fraction(1_000_000 - fee_pips, 1_000_000)
    if amount >= 0:
        spendable = floor(amount * keep)
        if spendable >= ceil(token_in(price_x96, target_x96, liquidity)):
            next_x96 = target_x96
        elif down:
            next_x96 = ceil(price_after_amount0(price_x96, liquidity, spendable))
        else:
            next_x96 = floor(price_after_amount1(price_x96, liquidity, spendable))
    elif -amount >= floor(token_out(price_x96, target_x96, liquidity)):
        next_x96 = target_x96
    elif down:
        next_x96 = floor(price_after_amount1(price_x96, liquidity, amount))
    else:
        next_x96 = ceil(price_after_amount0(price_x96, liquidity, amount))
    paid = ceil(token_in(price_x96, next_x96, liquidity))
    got = floor(token_out(price_x96, next_x96, liquidity))
    if amount >= 0 and next_x96 != target_x96:
        return next_x96, paid, got, amount - paid
    return next_x96, paid, got if amount >= 0 else min(got, -amount), ceil(paid / keep) - paid


def next_initialized(initialized: Iterable[int], compressed: int, at_or_below: bool) -> tuple[int, bool]:
    """Walk from tick to tick until one is initialised or the word of 256 ends."""
    ticks = set(initialized)
    if at_or_below:
        while compressed not in ticks and compressed % 256 != 0:
            compressed -= 1
    else:
        compressed += 1
        while compressed not in ticks and compressed % 256 != 255:
            compressed += 1
    return compressed, compressed in ticks


def sqrt_of_power(tick: int, bits: int) -> int:
    """floor(sqrt(1.0001**tick) * 2**bits), from the power itself; for ticks that are not too large."""
    if tick >= 0:
        return isqrt((10_001**tick << 2 * bits) // 10_000**tick)
    return isqrt((10_000**-tick << 2 * bits) // 10_001**-tick)


class Walk(NamedTuple):
    """Where a swap through some positions ends, and who earned what on the way."""

    amount0: int
    amount1: int
    sqrt_price_x96: int
    tick: int
    fees: dict[Range, Fraction]
    """The fee of the input token that each range earned, exactly."""


def swap_through(
    positions: Mapping[Range, int], start: tuple[int, int], zero_for_one: bool, amount: int, *, limit: int, fee: int
) -> Walk:
    """Swap through positions given as (tick_lower, tick_upper) -> liquidity, without ticks, bitmap or accumulators.

    At each stop the active liquidity is counted anew from the positions that hold the tick, and the fee is shared out
    among them. The tick spacing is one. `start` is the price and the tick.
    """
    price, tick = start
    ends = {end for position, liquidity in positions.items() if liquidity for end in position}
    fees = dict.fromkeys(positions, Fraction(0))
    remaining, total_in, total_out = amount, 0, 0
    while remaining != 0 and price != limit:
        following, _ = next_initialized(ends, tick, zero_for_one)
        following = min(max(following, MIN_TICK), MAX_TICK)
        edge = get_sqrt_ratio_at_tick(following)
        target = max(edge, limit) if zero_for_one else min(edge, limit)
        inside = {ends: size for ends, size in positions.items() if ends[0] <= tick < ends[1] and size}
        liquidity = sum(inside.values())
        before = price
        price, paid, got, fee_paid = swap_step(price, target, liquidity, remaining, fee)
        for position, size in inside.items():
            fees[position] += Fraction(fee_paid * size, liquidity)
        total_in, total_out = total_in + paid + fee_paid, total_out + got
        remaining += got if amount < 0 else -(paid + fee_paid)
        if price == edge:
            tick = following - 1 if zero_for_one else following
        elif price != before:
            tick = greatest_tick(price)
    amounts = (total_in, -total_out) if zero_for_one else (-total_out, total_in)
    return Walk(*amounts, price, tick, fees)


def greatest_tick(sqrt_price_x96: int) -> int:
    """The greatest tick whose price is not above, by halving the range of all ticks."""
    low, high = MIN_TICK, MAX_TICK
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if get_sqrt_ratio_at_tick(middle) <= sqrt_price_x96 else (low, middle)
    return low
