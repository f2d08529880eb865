"""The ladder of one lot a tick: its profit path by path, and on average over random paths (O-49)."""

import itertools
import math
from fractions import Fraction
from itertools import accumulate, pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderbook import FixedSpread, Instrument, MarketMaker, OrderBook, Side
from orderbook.attribution import FairPrices, TimedFill, attribute
from orderbook.errors import InvalidParameterError, InvalidPriceError
from orderbook.simulation.unit_ladder import expected_ladder_profit, ladder_profit, run_unit_ladder

UNIT = Instrument(0, 0, base_units_per_lot=1, quote_units_per_tick_lot=1)
paths = st.lists(st.integers(-9, 9), max_size=40).map(
    lambda moves: [price - min(accumulate([0, *moves])) + 1 for price in accumulate([0, *moves])]
)


@given(paths)
def test_o49_the_ladder_earns_half_of_path_length_less_squared_displacement(prices: list[int]) -> None:
    """On the real book, for moves of any size and any path: (K - z^2) / 2 to the last unit."""
    length = sum(abs(after - before) for before, after in pairwise(prices))
    displacement = prices[-1] - prices[0]
    run = run_unit_ladder(prices)
    assert 2 * run.profit == length - displacement**2
    assert run.profit == ladder_profit(length, displacement)
    assert run.inventory == -displacement
    assert len(run.fills) == length


def test_o49_every_path_of_ten_steps() -> None:
    """All 1024 of them, one by one."""
    for moves in itertools.product((-1, 1), repeat=10):
        prices = list(accumulate(moves, initial=20))
        assert 2 * run_unit_ladder(prices).profit == 10 - (prices[-1] - 20) ** 2


@given(paths)
def test_o49_half_the_path_is_spread_and_half_the_square_is_inventory(prices: list[int]) -> None:
    """Marked half a tick inside each fill, the split says K / 2 of spread and -z^2 / 2 of inventory."""
    half_ticks = Instrument(0, 0, base_units_per_lot=1, quote_units_per_tick_lot=1)
    fills, times, fair = [], [0], [2 * prices[0]]
    for index, done in enumerate(run_unit_ladder(prices).fills):
        # The fair price passes half a tick short of an order, which then fills, and goes on to it.
        short = 2 * done.price - done.taker_side.sign
        times += [3 * index + 1, 3 * index + 3]
        fair += [short, 2 * done.price]
        fills.append(TimedFill(3 * index + 2, done._replace(price=2 * done.price, notional=2 * done.price)))
    split = attribute("maker", fills, FairPrices(tuple(times), tuple(fair)), half_ticks)
    length, displacement = len(fills), prices[-1] - prices[0]
    assert (split.spread_capture, split.inventory) == (length, -(displacement**2))
    assert split.residual == 0


@given(st.lists(st.sampled_from([-1, 1]), max_size=60))
def test_o49_s72_a_market_maker_with_a_spread_of_two_ticks_is_the_ladder(moves: list[int]) -> None:
    """`FixedSpread` of one tick either way, quoting anew after each step, has the same fills and the same profit."""
    prices = list(accumulate(moves, initial=100))
    book = OrderBook(UNIT)
    maker = MarketMaker("maker", FixedSpread(1, 1), cash=10_000, holding=100)
    maker.refresh(book, 0, prices[0])
    for time, (before, after) in enumerate(pairwise(prices), start=1):
        maker.book_fills(book.market("taker", Side.BUY if after > before else Side.SELL, 1).fills)
        maker.refresh(book, time, after)
    ladder = run_unit_ladder(prices)
    assert maker.wealth(UNIT, prices[-1]) - (10_000 + 100 * prices[-1]) == ladder.profit
    assert maker.inventory == ladder.inventory


def test_s72_chop_pays_and_a_trend_costs() -> None:
    """Twenty steps to and fro: +10; ten steps one way: -45."""
    assert run_unit_ladder([100, 101] * 10 + [100]).profit == ladder_profit(20, 0) == 10
    assert run_unit_ladder(list(range(100, 111))).profit == ladder_profit(10, 10) == -45


def test_s73_a_one_sided_market_is_what_market_makers_fear() -> None:
    """Z = 10 either way with K = 10: the inventory loses 50, of which the spread gives back 5."""
    for end in (90, 110):
        step = 1 if end > 100 else -1
        assert run_unit_ladder(list(range(100, end + step, step))).profit == -45 == 5 - 50


def test_s88_sixty_ticks_straight_down() -> None:
    """(60 - 3600) / 2 = -1770."""
    assert run_unit_ladder(list(range(100, 39, -1))).profit == ladder_profit(60, -60) == -1770


def test_s28_a_drift_of_ten_percent_loses_4995_in_a_thousand_steps() -> None:
    """In closed form: (1000 - (990 + 10000)) / 2; and a random walk earns nothing."""
    assert expected_ladder_profit(1_000, drift=Fraction(1, 10)) == -4995
    assert expected_ladder_profit(1_000, drift=Fraction(-1, 10)) == -4995
    assert expected_ladder_profit(1_000) == 0


def final_displacements(steps: int, reversion: Fraction) -> dict[int, Fraction]:
    """Where a reverting path is, with what probability: one step after the other."""
    law = {0: Fraction(1)}
    for _ in range(steps):
        after: dict[int, Fraction] = {}
        for place, probability in law.items():
            up = Fraction(1, 2) - reversion * place
            for move, share in ((1, up), (-1, 1 - up)):
                if share:
                    after[place + move] = after.get(place + move, Fraction(0)) + probability * share
        law = after
    return law


def test_s28_chop_earns_half_of_the_path() -> None:
    """At a reversion of .05, 497.5 on average; the row's 497.6 is within four standard errors of a run of 100."""
    expected = expected_ladder_profit(1_000, reversion=Fraction(1, 20))
    assert float(expected) == pytest.approx(497.5, abs=1e-9)
    law = final_displacements(200, Fraction(1, 20))
    second, fourth = (sum(share * place**power for place, share in law.items()) for power in (2, 4))
    assert abs(497.6 - expected) < 4 * math.sqrt(fourth - second**2) / 2 / math.sqrt(100)


@pytest.mark.parametrize(("steps", "reversion"), [(1, "1/20"), (8, "1/20"), (7, "1/6"), (30, "1/2")])
def test_s28_the_closed_form_is_the_mean_over_the_law_of_the_end(steps: int, reversion: str) -> None:
    """Exactly, and no step leaves the range in which its probability is one."""
    pull = Fraction(reversion)
    law = final_displacements(steps, pull)
    assert sum(law.values()) == 1
    assert max(map(abs, law)) <= 1 / (2 * pull)
    mean = sum(share * Fraction(steps - place**2, 2) for place, share in law.items())
    assert expected_ladder_profit(steps, reversion=pull) == mean


def test_s28_simulated_ladders_earn_the_closed_forms() -> None:
    """A hundred paths of 200 steps on the book, drifting and reverting: within four standard errors."""
    rng = np.random.default_rng(28)
    for drift, reversion in ((Fraction(1, 10), Fraction(0)), (Fraction(0), Fraction(1, 20))):
        profits = []
        for draws in rng.random((100, 200)).tolist():
            prices = [500]
            for draw in draws:
                up = (1 + drift) / 2 - reversion * (prices[-1] - 500)
                prices.append(prices[-1] + (1 if draw < up else -1))
            profits.append(run_unit_ladder(prices).profit)
        expected = float(expected_ladder_profit(200, drift=drift, reversion=reversion))
        assert abs(np.mean(profits) - expected) < 4 * np.std(profits) / math.sqrt(100)


def test_paths_that_are_none_are_refused() -> None:
    """No price, a price of zero or between ticks, and a displacement no path of the length has."""
    with pytest.raises(InvalidParameterError, match="prices"):
        run_unit_ladder([])
    for price in (0, 1.5, True):
        with pytest.raises(InvalidPriceError):
            run_unit_ladder([1, price])  # type: ignore[list-item] # what is refused
    for length, displacement in ((3, 4), (3, 2)):
        with pytest.raises(InvalidParameterError, match="path_length"):
            ladder_profit(length, displacement)
    for drift, reversion in ((2, 0), (Fraction(1, 2), Fraction(1, 2)), (0, Fraction(3, 20)), (0, Fraction(-1, 2))):
        with pytest.raises(InvalidParameterError, match=r"^(drift|reversion) is"):
            expected_ladder_profit(1, drift=Fraction(drift), reversion=Fraction(reversion))
