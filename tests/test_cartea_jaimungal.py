"""Cartea, Jaimungal and Penalva, chapter 10: quotes of who dislikes inventory but not risk."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderbook import CarteaJaimungal, MarketView
from orderbook.errors import HorizonPassedError, InvalidParameterError, InventoryBoundError
from orderbook.quoting.cartea_jaimungal import CarteaJaimungalSolution

SECOND = 10**9


def solution(
    running_penalty: float = 0.01, terminal_penalty: float = 0.001, max_inventory: int = 100
) -> CarteaJaimungalSolution:
    return CarteaJaimungalSolution(
        fill_decay=1.5,
        arrival_intensity=140,
        running_penalty=running_penalty,
        terminal_penalty=terminal_penalty,
        max_inventory=max_inventory,
    )


REFERENCE = solution()


def test_the_reference_value_and_depth() -> None:
    """Lambda 140, kappa 1.5, phi .01, alpha .001, T 1, Q 100: worth 68.255835, and .672137 either way to begin with."""
    assert round(REFERENCE.value(0, 1), 6) == 68.255835
    assert [round(depth, 6) for depth in REFERENCE.depths(0, 1)] == [0.672137, 0.672137]


def naive_values(running: float, terminal: float, bound: int, time: float, steps: int) -> list[float]:
    """The dynamic programming equation for the value, the depths found by trying all of them."""
    depths = np.linspace(-2, 8, 20_001)
    rates = 3.0 * np.exp(-1.5 * depths)

    def slope(values: list[float]) -> list[float]:
        return [
            -running * held**2
            + sum(
                float(np.max(rates * (depths + values[index + step] - value)))
                for step in (-1, 1)
                if 0 <= index + step < len(values)
            )
            for index, value in enumerate(values)
            for held in [index - bound]
        ]

    def after(values: list[float], slopes: list[float], step: float) -> list[float]:
        return [value + step * change for value, change in zip(values, slopes, strict=True)]

    values, step = [-terminal * held**2 for held in range(-bound, bound + 1)], time / steps
    for _ in range(steps):
        middle = slope(after(values, slope(values), step / 2))
        values = after(values, middle, step)
    return values


def test_values_are_those_of_dynamic_programming() -> None:
    """The linear equation against the optimisation it was derived from; the twin halves its step to show its error."""
    exact = CarteaJaimungalSolution(
        fill_decay=1.5, arrival_intensity=3.0, running_penalty=0.2, terminal_penalty=0.3, max_inventory=2
    )
    coarse, fine = (naive_values(0.2, 0.3, 2, 1.0, steps) for steps in (40, 80))
    for inventory, (rough, better) in zip(range(-2, 3), zip(coarse, fine, strict=True), strict=True):
        error = abs(better - rough) + 1e-6
        assert abs(exact.value(inventory, 1.0) - better) < error


def test_without_penalties_and_bounds_the_depth_is_one_over_the_fill_decay() -> None:
    """Far inside the bound, who does not mind inventory asks 1 / kappa on both sides, and earns 2 A / (e kappa)."""
    free = solution(running_penalty=0.0, terminal_penalty=0.0, max_inventory=200)
    assert free.depths(3, 0.5) == pytest.approx((1 / 1.5, 1 / 1.5), abs=1e-9)
    assert free.value(0, 0.5) == pytest.approx(0.5 * 2 * 140 / (math.e * 1.5), rel=1e-9)


@given(st.floats(-100, 100), st.floats(0, 1))
def test_quotes_are_mirror_images(inventory: float, time: float) -> None:
    """The bid when long is the ask when short; at the bound one of them is absent."""
    bid, ask = REFERENCE.depths(inventory, time)
    mirrored = REFERENCE.depths(-inventory, time)
    assert (mirrored[1], mirrored[0]) == pytest.approx((bid, ask), rel=1e-8)
    assert math.isinf(bid) == (inventory > 99)


def strategy(size: int = 1, **changes: float) -> CarteaJaimungal:
    parameters: dict[str, float] = {
        "fill_decay": 0.015,
        "arrival_intensity": 140,
        "running_penalty": 1.0 / size,
        "terminal_penalty": 0.1 / size,
        "horizon_ns": SECOND,
        "max_inventory": 100 * size,
        "size": size,
    }
    return CarteaJaimungal(**(parameters | changes))  # type: ignore[arg-type] # ints where ints are due


@pytest.mark.parametrize("size", [1, 4])
def test_the_strategy_quotes_the_reference_depth_in_ticks(size: int) -> None:
    """A hundred ticks to the unit of price, any number of lots to one quote: 67.2137 ticks either way."""
    quotes = strategy(size).quote(MarketView(0, 10_000, 0))
    assert quotes.bid is not None
    assert quotes.ask is not None
    assert (quotes.bid.price, quotes.ask.price, quotes.ask.size) == (10_000 - 68, 10_000 + 68, size)


def test_what_has_no_quotes_is_refused() -> None:
    """Parameters out of range when the strategy is made; views after the horizon or beyond the bound."""
    for name, value in (
        ("fill_decay", 0.0),
        ("fill_decay", math.inf),
        ("arrival_intensity", -1.0),
        ("running_penalty", -1.0),
        ("terminal_penalty", math.nan),
        ("max_inventory", 0),
        ("horizon_ns", -5),
    ):
        with pytest.raises(InvalidParameterError, match=name):
            strategy(1, **{name: value})
    with pytest.raises(InvalidParameterError, match="a multiple of the size of 3 lots"):
        strategy(3, max_inventory=100)
    with pytest.raises(HorizonPassedError):
        strategy().quote(MarketView(SECOND + 1, 10_000, 0))
    with pytest.raises(InventoryBoundError):
        strategy().quote(MarketView(0, 10_000, 101))
