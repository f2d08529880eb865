"""How much liquidity tokens buy: the search, the closed form, and what the contract would charge."""

from hypothesis import given
from hypothesis import strategies as st

from amm.math.sqrt_price_math import get_amount0_delta_rounding_up, get_amount1_delta_rounding_up
from amm.math.tick_math import get_sqrt_ratio_at_tick
from compare.liquidity import MOST_LIQUIDITY, liquidity_of_amounts, most_liquidity

TICKS = st.integers(-200_000, 200_000)
AMOUNTS = st.one_of(st.integers(0, 10**6), st.integers(0, 2**100), st.integers(-5, 0))


@given(st.tuples(TICKS, TICKS).filter(lambda ends: ends[0] != ends[1]), TICKS, st.integers(0, 2**60), AMOUNTS, AMOUNTS)
def test_the_closed_form_is_what_the_search_finds(
    ends: tuple[int, int], tick: int, above: int, amount0: int, amount1: int
) -> None:
    """Below, inside and above the range, for amounts of any size, also none; and one unit more costs too much."""
    low, high = map(get_sqrt_ratio_at_tick, sorted(ends))
    now = get_sqrt_ratio_at_tick(tick) + above
    found = liquidity_of_amounts((low, now, high), amount0, amount1)
    inside = min(max(now, low), high)

    def affordable(liquidity: int) -> bool:
        cost0 = get_amount0_delta_rounding_up(inside, high, liquidity)
        cost1 = get_amount1_delta_rounding_up(low, inside, liquidity)
        return not liquidity or (cost0 <= amount0 and cost1 <= amount1)

    assert found == most_liquidity((low, now, high), lambda *cost: cost[0] <= amount0 and cost[1] <= amount1)
    assert affordable(found)
    assert found == MOST_LIQUIDITY - 1 or min(amount0, amount1) < 0 or not affordable(found + 1)
