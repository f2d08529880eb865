"""Orders through several pieces of liquidity, against brute force."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from quadrature import integrate, maximise

from amm.closed_form import constant_product
from amm.closed_form.constant_product import NO_ARBITRAGE
from amm.closed_form.routing import (
    Level,
    LiquidityRange,
    Reserves,
    range_arbitrage,
    split_between_pools,
    split_with_ladder,
)
from amm.errors import ArgumentError

FEE = 0.003
RANGES = (
    LiquidityRange(1_500.0, 2_600.0, 500.0),
    LiquidityRange(1_900.0, 2_050.0, 1_500.0),
    LiquidityRange(2_040.0, 2_080.0, 3_000.0),
)


def walked_profit(root_end: float, fair_price: float) -> float:
    """Profit of moving sqrt(price) from that of 2000 to `root_end`: each range's marginal profit, integrated."""
    root_start = math.sqrt(2_000.0)
    rising = root_end > root_start

    def marginal(root: float) -> float:
        if rising:
            return fair_price / root**2 - 1 / (1 - FEE)
        return 1 - fair_price / root**2 / (1 - FEE)

    profit = 0.0
    for price_lower, price_upper, liquidity in RANGES:
        low = max(min(root_start, root_end), math.sqrt(price_lower))
        high = min(max(root_start, root_end), math.sqrt(price_upper))
        if low < high:
            profit += liquidity * integrate(marginal, low, high, pieces=1)
    return profit


@pytest.mark.parametrize("fair_price", [2_100.0, 1_870.0])
def test_o25_the_edge_of_the_band_is_the_numeric_optimum(fair_price: float) -> None:
    """Of all stopping prices the best is sqrt(S (1 - fee)) or sqrt(S / (1 - fee)), for the stated profit."""
    trade = range_arbitrage(RANGES, 2_000.0, fair_price, FEE)
    edge = fair_price * (1 - FEE) if fair_price > 2_000 else fair_price / (1 - FEE)
    best = maximise(lambda root: walked_profit(root, fair_price), 42.0, 47.0, rounds=6)
    # A maximum is flat: half the digits of the profit are left for the argument.
    assert best == pytest.approx(math.sqrt(edge), rel=1e-8)
    assert trade.profit == pytest.approx(walked_profit(best, fair_price), rel=1e-11)


def test_o25_input_is_liquidity_times_the_move_of_the_root() -> None:
    """Sum of L times the move of sqrt(P) over one less the fee; through one range it is the pool's own O-03b."""
    trade = range_arbitrage(RANGES, 2_000.0, 2_100.0, FEE)
    root = math.sqrt
    end = root(2_100 * (1 - FEE))
    expected = 500 * (end - root(2_000)) + 1_500 * (root(2_050) - root(2_000)) + 3_000 * (root(2_080) - root(2_040))
    assert trade.zero_for_one is False
    assert trade.amount_in == pytest.approx(expected / (1 - FEE), rel=1e-12)
    full = (LiquidityRange(1e-12, 1e15, math.sqrt(100 * 200_000)),)
    for fair_price in (1_900.0, 2_100.0):
        ranged = range_arbitrage(full, 2_000.0, fair_price, FEE)
        pooled = constant_product.arbitrage(100.0, 200_000.0, fair_price, FEE)
        assert ranged.zero_for_one is pooled.zero_for_one
        assert ranged.amount_in == pytest.approx(pooled.amount_in, rel=1e-10)
        assert ranged.profit == pytest.approx(pooled.profit, rel=1e-8)


def test_o25_inside_the_band_there_is_no_trade() -> None:
    """Between 1994.00 and 2006.02 nothing is to be gained."""
    assert range_arbitrage(RANGES, 2_000.0, 1_995.0, FEE) == NO_ARBITRAGE
    assert range_arbitrage(RANGES, 2_000.0, 2_006.0, FEE) == NO_ARBITRAGE


def both_pay_out(first: Reserves, second: Reserves, amount_in: float, part: float) -> float:
    one = constant_product.amount_out(first.reserve_in, first.reserve_out, part, first.fee)
    rest = max(amount_in - part, 0.0)  # amount_in * 20 / 20 can exceed amount_in by its last digit
    return one + constant_product.amount_out(second.reserve_in, second.reserve_out, rest, second.fee)


def test_o26_split_between_two_pools() -> None:
    """300.484 of 500 go to a pool of 1500 at 30 bp beside one of 1000 at 50 bp: one set of pools with that answer."""
    first, second = Reserves(1_500.0, 1_500.0, 0.003), Reserves(1_000.0, 1_000.0, 0.005)
    part = split_between_pools(first, second, 500.0)
    assert part == pytest.approx(300.484, abs=5e-4)
    brute = maximise(lambda x: both_pay_out(first, second, 500.0, x), 0.0, 500.0)
    # A maximum is flat: half the digits of the output are left for the argument.
    assert part == pytest.approx(brute, rel=1e-6)


def test_s59_the_best_split_has_one_marginal_price() -> None:
    """After the split, one more unit buys the same in either pool."""
    first, second = Reserves(1_500.0, 1_500.0, 0.003), Reserves(1_000.0, 1_000.0, 0.005)
    part = split_between_pools(first, second, 500.0)

    def marginal(pool: Reserves, amount_in: float) -> float:
        keep = 1 - pool.fee
        return pool.reserve_in * pool.reserve_out * keep / (pool.reserve_in + keep * amount_in) ** 2

    assert part == pytest.approx(300.484, abs=5e-4)
    assert marginal(first, part) == pytest.approx(marginal(second, 500.0 - part), rel=1e-12)


POOLS = st.builds(Reserves, st.floats(10.0, 1e6), st.floats(10.0, 1e6), st.floats(0.0, 0.05))


@given(POOLS, POOLS, st.floats(0.01, 1e6))
def test_o26_no_other_split_pays_more(first: Reserves, second: Reserves, amount_in: float) -> None:
    """Any of a grid of other splits pays out at most as much."""
    best = both_pay_out(first, second, amount_in, split_between_pools(first, second, amount_in))
    for index in range(21):
        assert both_pay_out(first, second, amount_in, amount_in * index / 20) <= best * (1 + 1e-12)


LADDERS = st.lists(st.tuples(st.floats(0.5, 3.0), st.floats(0.0, 200.0)), max_size=4).map(
    lambda levels: tuple(Level(*level) for level in sorted(levels))
)


@given(LADDERS, st.floats(0.0, 2_000.0))
def test_o26_pool_and_ladder_by_brute_force(levels: tuple[Level, ...], amount_in: float) -> None:
    """All is spent, and no other share for the pool, the rest going down the ladder best price first, buys more."""
    pool = Reserves(1_000.0, 1_000.0, 0.003)

    def bought(to_pool: float) -> float:
        out, left = (
            constant_product.amount_out(pool.reserve_in, pool.reserve_out, to_pool, pool.fee),
            amount_in - to_pool,
        )
        for price, size in levels:
            spent = min(price * size, left)
            out, left = out + spent / price, left - spent
        return out if left <= 1e-9 * amount_in else -math.inf

    split = split_with_ladder(pool, levels, amount_in)
    assert split.pool + sum(split.levels) == pytest.approx(amount_in, abs=1e-9)
    best = bought(split.pool)
    for index in range(51):
        assert bought(amount_in * index / 50) <= best + 1e-9 * (1 + amount_in)


def test_pools_are_checked() -> None:
    """An empty pool and a fee of everything are refused."""
    good = Reserves(1.0, 1.0, 0.0)
    with pytest.raises(ArgumentError, match="reserve_in"):
        split_between_pools(Reserves(0.0, 1.0, 0.0), good, 1.0)
    with pytest.raises(ArgumentError, match="fee"):
        split_with_ladder(Reserves(1.0, 1.0, 1.0), (), 1.0)
