"""A pool from the part of its state that decides a price: price, active liquidity, and the liquidity of each tick."""

from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st
from naive_amm import uint

from amm import AmmError, ArgumentError, UniswapV3Pool
from amm.math.tick_math import MAX_SQRT_RATIO, MIN_SQRT_RATIO, get_sqrt_ratio_at_tick

ONE = 2**96
UNIT = 10**18
TICKS = {-120: (UNIT, UNIT), -60: (5, 5), 60: (5, -5), 120: (UNIT, -UNIT)}
NO_LIMIT = {True: MIN_SQRT_RATIO + 1, False: MAX_SQRT_RATIO - 1}
ENDS = st.tuples(st.integers(-20, 19), st.integers(1, 20)).map(lambda pair: (pair[0] * 60, (pair[0] + pair[1]) * 60))


def seeded(
    *, price: int = ONE, tick: int = 0, liquidity: int = UNIT + 5, ticks: Mapping[int, tuple[int, int]] = TICKS
) -> UniswapV3Pool:
    return UniswapV3Pool.from_state(
        3000, 60, sqrt_price_x96=price, tick=tick, liquidity=liquidity, ticks=ticks, block_timestamp=7
    )


@given(st.dictionaries(ENDS, uint(100, least=1), min_size=1, max_size=5), st.integers(-1300, 1300), st.booleans())
def test_a_seeded_pool_trades_as_the_minted_one(
    positions: dict[tuple[int, int], int], tick: int, zero_for_one: bool
) -> None:
    """Rebuilt from price and ticks alone, the pool quotes what the pool quotes that the positions were minted in."""
    minted = UniswapV3Pool(3000, 60)
    minted.initialize(get_sqrt_ratio_at_tick(tick))
    for ends, amount in positions.items():
        minted.mint("lp", *ends, amount)
    ticks = {index: info[:2] for index, info in minted.ticks.items()}
    pool = seeded(price=minted.slot0.sqrt_price_x96, tick=tick, liquidity=minted.liquidity, ticks=ticks)
    assert pool.tick_bitmap == minted.tick_bitmap
    for amount in (1, 10**15, 2**255 - 1, -1, -(2**90)):
        assert pool.quote(zero_for_one, amount, NO_LIMIT[zero_for_one]) == minted.quote(
            zero_for_one, amount, NO_LIMIT[zero_for_one]
        )
    # Rounded up for each stretch between two ticks, where the mints were for each position.
    assert abs(pool.balance0 - minted.balance0) <= len(ticks)
    assert abs(pool.balance1 - minted.balance1) <= len(ticks)


def test_a_seeded_pool_starts_afresh() -> None:
    """No growth, no positions, one observation at the time given, unlocked; and it can be minted in."""
    pool = seeded()
    assert pool.slot0 == (ONE, 0, 0, 1, 1, 0, True)
    assert (pool.fee_growth_global0_x128, pool.fee_growth_global1_x128) == (0, 0)
    assert pool.block_timestamp == 7
    assert not pool.positions
    assert pool.observe([0]) == ([0], [0])
    pool.mint("lp", -60, 60, UNIT)
    assert pool.liquidity == 2 * UNIT + 5


def test_a_price_on_a_tick_may_belong_to_the_tick_below() -> None:
    """As a swap downwards leaves it; two ticks below is a contradiction."""
    assert seeded(tick=-1).slot0.tick == -1
    with pytest.raises(ArgumentError, match="tick must be 0"):
        seeded(tick=-2)


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"price": 0}, "R: "),
        ({"price": ONE + 1, "tick": -1}, "tick must be 0"),
        ({"tick": 1}, "tick must be 0"),
        ({"liquidity": UNIT}, f"liquidity must be {UNIT + 5}, the sum of liquidity_net up to tick 0"),
        ({"ticks": {}}, "liquidity must be 0"),
        ({"ticks": TICKS | {30: (1, 1)}}, "tick must be a multiple of the tick spacing 60, not 30"),
        ({"ticks": TICKS | {887280: (1, 1)}}, "tick must be from"),
        ({"ticks": TICKS | {180: (1, 1)}}, "ticks must be zero in sum of liquidity_net over all ticks, not 1"),
        ({"ticks": TICKS | {-180: (1, -1)}}, "ticks must be never below zero in sum of liquidity_net"),
        ({"ticks": TICKS | {180: (0, 0)}}, "liquidity_gross of tick 180 must be from 1"),
        ({"ticks": TICKS | {180: (1, 2)}}, "liquidity_net of tick 180 must be within"),
        ({"ticks": TICKS | {180: (2**128, 0)}}, "liquidity_gross of tick 180"),
        ({"ticks": TICKS | {180: (1.0, 0)}}, "plain int"),
    ],
)
def test_parts_that_contradict_one_another_are_refused(change: dict[str, object], message: str) -> None:
    """The error names the part at fault and what it would have to be."""
    with pytest.raises(AmmError) as caught:
        seeded(**change)  # type: ignore[arg-type]  # each a different keyword
    assert message in str(caught.value)
