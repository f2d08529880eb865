"""Ticks and prices: the published ends, the definition, and one the inverse of the other."""

from decimal import Decimal, localcontext

import pytest
from hypothesis import given
from naive_amm import SQRT_PRICES, TICKS, sqrt_of_power

from amm.errors import SqrtPriceOutOfRangeError, TickOutOfRangeError
from amm.math import tick_math
from amm.math.tick_math import (
    MAX_SQRT_RATIO,
    MAX_TICK,
    MIN_SQRT_RATIO,
    MIN_TICK,
    get_sqrt_ratio_at_tick,
    get_tick_at_sqrt_ratio,
)


def test_the_published_ends() -> None:
    """The contract's constants: ticks of +-887272, and the prices there and one tick inside."""
    assert (MIN_TICK, MAX_TICK) == (-887272, 887272)
    assert get_sqrt_ratio_at_tick(MIN_TICK) == MIN_SQRT_RATIO == 4295128739
    assert get_sqrt_ratio_at_tick(MIN_TICK + 1) == 4295343490
    assert get_sqrt_ratio_at_tick(MAX_TICK) == MAX_SQRT_RATIO == 1461446703485210103287273052203988822378723970342
    assert get_sqrt_ratio_at_tick(MAX_TICK - 1) == 1461373636630004318706518188784493106690254656249
    assert get_sqrt_ratio_at_tick(0) == 2**96


def test_the_published_ends_of_the_inverse() -> None:
    """The lowest price has the lowest tick, and no price has the highest: it is one below."""
    assert get_tick_at_sqrt_ratio(MIN_SQRT_RATIO) == MIN_TICK
    assert get_tick_at_sqrt_ratio(4295343490) == MIN_TICK + 1
    assert get_tick_at_sqrt_ratio(MAX_SQRT_RATIO - 1) == MAX_TICK - 1
    assert get_tick_at_sqrt_ratio(1461373636630004318706518188784493106690254656249) == MAX_TICK - 1


@pytest.mark.parametrize("tick", [MIN_TICK - 1, MAX_TICK + 1, 2**23 - 1, -(2**23)])
def test_a_tick_out_of_range_is_refused(tick: int) -> None:
    """Revert T, with the tick."""
    with pytest.raises(TickOutOfRangeError) as caught:
        get_sqrt_ratio_at_tick(tick)
    assert (caught.value.reason, caught.value.tick) == ("T", tick)


@pytest.mark.parametrize("sqrt_price_x96", [0, MIN_SQRT_RATIO - 1, MAX_SQRT_RATIO, 2**160 - 1])
def test_a_price_out_of_range_is_refused(sqrt_price_x96: int) -> None:
    """Revert R, with the price."""
    with pytest.raises(SqrtPriceOutOfRangeError) as caught:
        get_tick_at_sqrt_ratio(sqrt_price_x96)
    assert (caught.value.reason, caught.value.sqrt_price_x96) == ("R", sqrt_price_x96)


@given(TICKS)
def test_a_tick_comes_back_from_its_price(tick: int) -> None:
    """The tick's own price has the tick, and one unit below it has the tick before."""
    price = get_sqrt_ratio_at_tick(tick)
    assert get_tick_at_sqrt_ratio(price) == tick
    if tick > MIN_TICK:
        assert get_tick_at_sqrt_ratio(price - 1) == tick - 1


@given(SQRT_PRICES)
def test_a_price_lies_between_its_tick_and_the_next(sqrt_price_x96: int) -> None:
    """The definition of the inverse: the greatest tick whose price is not above."""
    tick = get_tick_at_sqrt_ratio(sqrt_price_x96)
    assert get_sqrt_ratio_at_tick(tick) <= sqrt_price_x96 < get_sqrt_ratio_at_tick(tick + 1)


@pytest.mark.parametrize("tick", [-5000, -1024, -257, -256, -3, -2, -1, 1, 2, 3, 255, 256, 1024, 5000])
def test_a_price_is_the_root_of_the_power(tick: int) -> None:
    """Near zero the result is sqrt(1.0001**tick) rounded up to the unit of Q64.96, or one unit beside it."""
    assert abs(get_sqrt_ratio_at_tick(tick) - 1 - sqrt_of_power(tick, 96)) <= 1


@given(TICKS)
def test_a_price_is_the_root_of_the_power_everywhere(tick: int) -> None:
    """Over the whole range the error is below one part in 2**55, and the rounding up to the unit."""
    with localcontext(prec=60):
        exact = Decimal("1.0001") ** tick
        exact = exact.sqrt() * 2**96
        assert abs(get_sqrt_ratio_at_tick(tick) - exact) <= exact / 2**55 + 1


def test_each_factor_is_a_power_of_the_base() -> None:
    """The twenty constants are sqrt(1.0001)**-(2**i) in Q128.128, rounded to the nearest unit."""
    with localcontext(prec=80):
        for index, factor_x128 in enumerate(tick_math._FACTORS_X128):
            exact = Decimal("1.0001") ** (Decimal(-(2**index)) / 2) * 2**128
            assert abs(factor_x128 - exact) <= Decimal("0.5"), index
