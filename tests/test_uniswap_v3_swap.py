"""Swaps through several positions, beside a walk that knows positions only: no ticks, no bitmap, no accumulators."""

from fractions import Fraction
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st
from naive_amm import Range, Walk, swap_through, uint

from amm import UniswapV3Pool
from amm.math.tick_math import MAX_SQRT_RATIO, MIN_SQRT_RATIO, get_sqrt_ratio_at_tick

TICKS = st.integers(-600, 600)
RANGES = st.tuples(TICKS, TICKS).filter(lambda ends: ends[0] < ends[1])
POSITIONS = st.dictionaries(RANGES, uint(100, least=1), min_size=1, max_size=5)
FEES = st.sampled_from([0, 100, 500, 3000, 10_000, 250_000])
AMOUNTS = st.builds(lambda size, out: -size if out else size, uint(110, least=1), st.booleans())
# Far away, a tick's own price, or one unit beside it.
LIMITS = st.tuples(TICKS, st.sampled_from([-1, 0, 1]))


def make_pool(positions: dict[Range, int], tick: int, fee: int) -> UniswapV3Pool:
    pool = UniswapV3Pool(fee, 1)
    pool.initialize(get_sqrt_ratio_at_tick(tick))
    for (lower, upper), liquidity in positions.items():
        pool.mint("lp", lower, upper, liquidity)
    return pool


def limit_of(pool: UniswapV3Pool, zero_for_one: bool, wanted: tuple[int, int] | None) -> int:
    """The price of a tick, or beside it, where it lies in the swap's direction; else a price far outside all ranges."""
    tick, beside = wanted or (0, 0)
    limit = get_sqrt_ratio_at_tick(tick) + beside
    if wanted and (limit < pool.slot0.sqrt_price_x96 if zero_for_one else limit > pool.slot0.sqrt_price_x96):
        return limit
    return get_sqrt_ratio_at_tick(-700 if zero_for_one else 700)


@given(POSITIONS, TICKS, FEES, st.lists(st.tuples(st.booleans(), AMOUNTS, st.none() | LIMITS), min_size=1, max_size=4))
def test_swaps_are_what_the_walk_finds(
    positions: dict[Range, int], tick: int, fee: int, swaps: list[tuple[bool, int, tuple[int, int] | None]]
) -> None:
    """Amounts, price, tick and active liquidity of swaps in a row, exact in and out, limits at and beside ticks."""
    pool = make_pool(positions, tick, fee)
    for zero_for_one, amount, wanted in swaps:
        limit = limit_of(pool, zero_for_one, wanted)
        if limit == pool.slot0.sqrt_price_x96:
            continue
        start = pool.slot0.sqrt_price_x96, pool.slot0.tick
        walk = swap_through(positions, start, zero_for_one, amount, limit=limit, fee=fee)
        result = pool.swap(zero_for_one, amount, limit)
        assert (result.amount0, result.amount1) == (walk.amount0, walk.amount1)
        assert (result.sqrt_price_x96, result.tick) == (walk.sqrt_price_x96, walk.tick) == pool.slot0[:2]
        held = sum(size for (lower, upper), size in positions.items() if lower <= walk.tick < upper)
        assert result.liquidity == pool.liquidity == held


@given(POSITIONS, TICKS, FEES, st.lists(st.tuples(st.booleans(), AMOUNTS), min_size=1, max_size=4))
def test_s52_each_position_earns_its_share_of_each_step(
    positions: dict[Range, int], tick: int, fee: int, swaps: list[tuple[bool, int]]
) -> None:
    """Uncollected fees are the exact shares rounded down: never more, and less by what Q128 loses, which is bounded."""
    pool = make_pool(positions, tick, fee)
    earned: list[dict[Range, Fraction]] = [dict.fromkeys(positions, Fraction(0)) for _ in range(2)]
    for zero_for_one, amount in swaps:
        limit = limit_of(pool, zero_for_one, None)
        if limit == pool.slot0.sqrt_price_x96:
            continue
        start = pool.slot0.sqrt_price_x96, pool.slot0.tick
        walk: Walk = swap_through(positions, start, zero_for_one, amount, limit=limit, fee=fee)
        for position, share in walk.fees.items():
            earned[0 if zero_for_one else 1][position] += share
        pool.swap(zero_for_one, amount, limit)
    for (lower, upper), size in positions.items():
        pool.burn("lp", lower, upper, 0)
        info = pool.positions["lp", lower, upper]
        # Each step's growth is rounded down to a unit of Q128, and the sum once more to a unit of the token.
        slack = 1 + Fraction(size * 200, 2**128)
        for owed, by_range in zip((info.tokens_owed0, info.tokens_owed1), earned, strict=True):
            exact = by_range[lower, upper]
            assert exact - slack < owed <= exact


def test_a_stop_at_each_word_rounds() -> None:
    """A swap through an empty stretch of ticks stops at every 256th: skipping the words would give another amount.

    One position of liquidity 10**6 over 2560 ticks; input and fee are rounded up at each of the five stops.
    """
    pool = make_pool({(-1280, 1280): 10**6}, 0, 500)
    result = pool.quote(False, 10**9, get_sqrt_ratio_at_tick(1279))
    words = [get_sqrt_ratio_at_tick(edge) for edge in (0, 255, 511, 767, 1023, 1279)]
    moved = [-(-(10**6) * (high - low) // 2**96) for low, high in pairwise(words)]
    assert result.amount1 == sum(part + -(-part * 500 // 999_500) for part in moved)
    straight = -(-(10**6) * (words[-1] - words[0]) // 2**96)
    assert result.amount1 > straight + -(-straight * 500 // 999_500)


def test_an_empty_pool_is_crossed_for_nothing() -> None:
    """Without liquidity the price goes to the limit and no token moves."""
    pool = UniswapV3Pool(3000, 60)
    pool.initialize(2**96)
    for zero_for_one, limit in ((True, MIN_SQRT_RATIO + 1), (False, MAX_SQRT_RATIO - 1)):
        result = pool.quote(zero_for_one, 10**18, limit)
        assert (result.amount0, result.amount1, result.sqrt_price_x96) == (0, 0, limit)
