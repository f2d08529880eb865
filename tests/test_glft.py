"""Gueant, Lehalle and Fernandez-Tapia: exact quotes, their limit, drift and impact (O-41, O-42)."""

import math
from fractions import Fraction
from functools import cache
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderbook import GLFT, FeeSchedule, GLFTAsymptotic, Instrument, MarketMaker, MarketView, OrderBook, Side
from orderbook.errors import HorizonPassedError, InvalidParameterError, InventoryBoundError
from orderbook.exact_avellaneda_stoikov import FillMode, SimulationSetting, symmetric_policy
from orderbook.quoting.avellaneda_stoikov import indifference_prices, liquidity_half_spread
from orderbook.quoting.glft import GLFTModel, GLFTSolution
from orderbook.simulation import continuous_time_moments, simulate

PAPER = GLFTModel(risk_aversion=0.01, volatility=0.3, fill_decay=0.3, arrival_intensity=0.9)
EXACT = GLFTSolution(PAPER, max_inventory=30)
SECOND = 10**9


def test_o41_the_papers_parameters() -> None:
    """The constant 3.278982 and the slope .067866; at 600 s 3.313045 either way, and 3.653479 and 2.972522 at five."""
    assert round(PAPER.half_spread_without_risk, 6) == 3.278982
    assert round(PAPER.skew_per_unit, 6) == 0.067866
    assert [round(depth, 6) for depth in EXACT.depths(0, 600)] == [3.313045, 3.313045]
    assert [round(depth, 6) for depth in EXACT.depths(5, 600)] == [3.653479, 2.972522]
    assert [round(depth, 6) for depth in EXACT.depths(-5, 600)] == [2.972522, 3.653479]


def test_o42_exact_beside_asymptotic_beside_avellaneda_and_stoikov() -> None:
    """3.3130 and 3.3129 without inventory; 3.6535, 3.6522 and 6.249 at five; an asymptotic spread of 6.62583."""
    assert (round(EXACT.depths(0, 600)[0], 4), round(PAPER.depths(0)[0], 4)) == (3.3130, 3.3129)
    assert (round(EXACT.depths(5, 600)[0], 4), round(PAPER.depths(5)[0], 4)) == (3.6535, 3.6522)
    bid, _ = indifference_prices(0.0, 5, risk_aversion=0.01, volatility=0.3, time_left=600)
    assert round(liquidity_half_spread(risk_aversion=0.01, fill_decay=0.3) - bid, 3) == 6.249
    assert round(PAPER.spread, 5) == 6.62583
    assert sum(PAPER.depths(17)) == pytest.approx(PAPER.spread, abs=1e-12)


def test_o42_near_the_horizon_the_exact_quotes_are_avellaneda_and_stoikovs() -> None:
    """Half a second before it both ask 3.27921; the two models differ only in what happens later."""
    bid, _ = indifference_prices(0.0, 0, risk_aversion=0.01, volatility=0.3, time_left=0.5)
    theirs = liquidity_half_spread(risk_aversion=0.01, fill_decay=0.3) - bid
    assert round(theirs, 5) == round(EXACT.depths(0, 0.5)[0], 5) == 3.27921


def test_o41_the_certainty_equivalent_of_the_published_simulation() -> None:
    """With sigma 2, k 1.5, A 140 and gamma .1, one unit of time is worth 64.13."""
    model = GLFTModel(risk_aversion=0.1, volatility=2, fill_decay=1.5, arrival_intensity=140)
    assert round(GLFTSolution(model, 40).certainty_equivalent(0, 1), 2) == 64.13


def naive_certainty_equivalents(model: GLFTModel, bound: int, time: float, steps: int) -> list[float]:
    """The dynamic programming equation for the certainty equivalent itself, the quotes found by trying all of them.

    Holding q adds drift q - risk_aversion (volatility q)^2 / 2 per time. A fill at depth d that moves the certainty
    equivalent by x in all, which is d, the difference of holding one more, and the impact on everything then held,
    adds (1 - exp(-risk_aversion x)) / risk_aversion at the rate A exp(-fill_decay d).
    """
    depths = np.linspace(-1, 6, 14_001)
    rates = model.arrival_intensity * np.exp(-model.fill_decay * depths)

    def gain(change: float) -> float:
        return float(np.max(rates * -np.expm1(-model.risk_aversion * (depths + change)))) / model.risk_aversion

    def slope(values: list[float]) -> list[float]:
        result = []
        for index, value in enumerate(values):
            held = index - bound
            total = model.drift * held - model.risk_aversion * (model.volatility * held) ** 2 / 2
            if held < bound:
                total += gain(values[index + 1] - value - (held + 1) * model.impact)
            if held > -bound:
                total += gain(values[index - 1] - value + (held - 1) * model.impact)
            result.append(total)
        return result

    def after(values: list[float], slopes: list[float], step: float) -> list[float]:
        return [value + step * change for value, change in zip(values, slopes, strict=True)]

    values, step = [0.0] * (2 * bound + 1), time / steps
    for _ in range(steps):
        first = slope(values)
        second = slope(after(values, first, step / 2))
        third = slope(after(values, second, step / 2))
        fourth = slope(after(values, third, step))
        mean = [(a + 2 * b + 2 * c + d) / 6 for a, b, c, d in zip(first, second, third, fourth, strict=True)]
        values = after(values, mean, step)
    return values


@pytest.mark.parametrize(
    ("drift", "impact"), [(0.0, 0.0), (0.25, 0.0), (0.0, 0.2), (-0.2, 0.1)], ids=["plain", "drift", "impact", "both"]
)
def test_o41_certainty_equivalents_are_those_of_dynamic_programming(drift: float, impact: float) -> None:
    """The linear equation, drift and impact included, against the optimisation it was derived from."""
    model = GLFTModel(0.4, 0.8, 1.2, 2.0, drift=drift, impact=impact)
    solution = GLFTSolution(model, 3)
    naive = naive_certainty_equivalents(model, 3, time=1.5, steps=60)
    for inventory, value in zip(range(-3, 4), naive, strict=True):
        assert solution.certainty_equivalent(inventory, 1.5) == pytest.approx(value, abs=2e-6)
    # The best quotes are those that leave the margin beyond what one more unit and the impact on it change.
    for inventory, (here, more) in zip(range(-3, 3), pairwise(naive), strict=True):
        margin = liquidity_half_spread(risk_aversion=0.4, fill_decay=1.2)
        bid, _ = solution.depths(inventory, 1.5)
        _, ask = solution.depths(inventory + 1, 1.5)
        assert bid == pytest.approx(margin + here - more + (inventory + 1) * impact, abs=1e-5)
        assert ask == pytest.approx(margin + more - here - inventory * impact, abs=1e-5)


@pytest.mark.parametrize(("drift", "impact"), [(0.0, 0.0), (1.0, 0.0), (0.0, 0.1)], ids=["plain", "drift", "impact"])
def test_o41_a_simulation_of_the_exact_quotes_earns_the_certainty_equivalent(drift: float, impact: float) -> None:
    """Ten thousand paths in continuous time, of quotes that follow time and inventory: within four standard errors."""
    model = GLFTModel(0.1, 2.0, 1.5, 140.0, drift=drift, impact=impact)
    solution = GLFTSolution(model, 20)
    run = simulate(
        SimulationSetting(fill_mode=FillMode.EVENT_DRIVEN),
        lambda time_left, inventory: solution.depths(inventory, time_left),
        paths=10_000,
        seed=41,
        drift=drift,
        impact=impact,
    )
    assert abs(run.certainty_equivalent(0.1).deviations_from(solution.certainty_equivalent(0, 1))) < 4


def test_o42_the_asymptotic_quotes_are_worth_nearly_as_much_and_no_fixed_ones_more() -> None:
    """Of the optimum's 64.13 the closed form keeps 64.07; the symmetric quotes of the paper are worth 43.17."""
    setting = SimulationSetting()
    asymptotic = GLFTModel(0.1, 2.0, 1.5, 140.0)
    values = [
        continuous_time_moments(setting, policy, max_inventory=25).certainty_equivalent(0.1)
        for policy in (lambda _, inventory: asymptotic.depths(inventory), symmetric_policy(setting, 0.1))
    ]
    assert [round(value, 2) for value in values] == [64.07, 43.17]
    assert max(values) < GLFTSolution(asymptotic, 25).certainty_equivalent(0, 1)


def test_o42_the_asymptotic_quotes_are_the_limit_with_drift_and_impact() -> None:
    """Far from horizon and bound, for many fills per unit of risk: both quotes to a thousandth of their distance."""
    model = GLFTModel(0.01, 0.3, 0.3, 9.0, drift=2e-4, impact=0.4)
    solution = GLFTSolution(model, 45)
    for inventory in (-6, 0, 3, 9):
        exact, limit = solution.depths(inventory, 1e5), model.depths(inventory)
        assert exact == pytest.approx(limit, rel=1e-3)
    plain = GLFTModel(0.01, 0.3, 0.3, 9.0)
    assert model.half_spread_without_risk == plain.half_spread_without_risk + 0.2
    assert model.skew_per_unit == pytest.approx(plain.skew_per_unit * math.exp(0.3 * 0.4 / 4), rel=1e-12)


@given(st.floats(-30, 30), st.floats(0, 1000))
def test_quotes_lean_against_the_inventory_at_any_time(inventory: float, time: float) -> None:
    """More inventory moves the bid away and the ask closer; at the bound there is no quote that would pass it."""
    bid, ask = EXACT.depths(inventory, time)
    assert math.isinf(bid) == (inventory > 29)
    assert math.isinf(ask) == (inventory < -29)
    more = min(inventory + 0.5, 30.0)
    next_bid, next_ask = EXACT.depths(more, time)
    assert next_bid >= bid - 1e-9
    assert next_ask <= ask + 1e-9 or inventory < -29
    mirrored = EXACT.depths(-inventory, time)
    assert (mirrored[1], mirrored[0]) == pytest.approx((bid, ask), rel=1e-9)


@given(st.integers(-25, 25), st.floats(0, 1), st.floats(0, 900))
def test_between_two_inventories_the_depths_are_on_a_line(inventory: int, share: float, time: float) -> None:
    """Where a quote is partly filled the next one is interpolated, on both sides alike."""
    mixed = EXACT.depths(inventory + share, time)
    for side in (0, 1):
        here, there = EXACT.depths(inventory, time)[side], EXACT.depths(inventory + 1, time)[side]
        assert mixed[side] == pytest.approx(here + share * (there - here), abs=1e-9)


@cache
def glft(impact: float = 0.0, size: int = 1) -> GLFT:
    return GLFT(
        risk_aversion=1e-4 / size,
        volatility=30.0,
        fill_decay=0.003,
        arrival_intensity=0.9,
        horizon_ns=600 * SECOND,
        max_inventory=30 * size,
        size=size,
        impact=impact,
    )


@pytest.mark.parametrize("size", [1, 7])
def test_o41_the_strategy_quotes_the_papers_depths_in_ticks(size: int) -> None:
    """A hundred ticks to the unit of price, any number of lots to one quote: 331.3045 ticks, and 365.35 and 297.25."""
    strategy = glft(size=size)
    quotes = strategy.quote(MarketView(0, 10_000, 0))
    assert quotes.bid is not None
    assert quotes.ask is not None
    assert (quotes.bid.price, quotes.ask.price, quotes.bid.size) == (10_000 - 332, 10_000 + 332, size)
    quotes = strategy.quote(MarketView(0, 10_000, 5 * size))
    assert quotes.bid is not None
    assert quotes.ask is not None
    assert (quotes.bid.price, quotes.ask.price) == (10_000 - 366, 10_000 + 298)
    assert strategy.quote(MarketView(0, 10_000, 30 * size)).bids == ()
    assert strategy.quote(MarketView(0, 10_000, -30 * size)).asks == ()


def test_o42_the_asymptotic_strategy_quotes_whatever_the_time() -> None:
    """331.29 ticks either way without inventory; 365.22 and 297.36 at five lots."""
    strategy = GLFTAsymptotic(risk_aversion=1e-4, volatility=30.0, fill_decay=0.003, arrival_intensity=0.9, size=1)
    for inventory, bid, ask in ((0, 332, 332), (5, 366, 298)):
        quotes = strategy.quote(MarketView(10**18, Fraction(10_000), inventory))
        assert quotes.bid is not None
        assert quotes.ask is not None
        assert (10_000 - quotes.bid.price, quotes.ask.price - 10_000) == (bid, ask)


@given(st.lists(st.sampled_from(Side), max_size=80))
def test_o41_impact_costs_half_of_itself_on_every_fill_and_on_the_square_of_the_inventory(flow: list[Side]) -> None:
    """Every fill's markout is exactly -impact, and all of them cost (impact / 2)(fills + inventory^2), path by path."""
    impact, unit = 14, 3
    book = OrderBook(Instrument(0, 0, 1, unit), FeeSchedule())
    maker = MarketMaker("maker", glft(impact=impact), cash=10**9, holding=100)
    fair, captured, fills = 100_000, 0, 0
    start = maker.wealth(book.instrument, fair)
    for side in flow:
        maker.refresh(book, 0, fair)
        for fill in book.market("client", side, 1).fills:
            maker.book_fills([fill])
            after = fair + impact * side.sign
            captured += abs(fair - fill.price) * unit
            gain = fill.cash_change("maker") + fill.inventory_change("maker") * after * unit
            assert gain - abs(fair - fill.price) * unit == -impact * unit
            fair, fills = after, fills + 1
    # What the target earned as the price moved is no part of it.
    profit = maker.wealth(book.instrument, fair) - start - maker.target * (fair - 100_000) * unit
    assert profit == captured - Fraction(impact, 2) * (fills + maker.inventory**2) * unit


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("risk_aversion", 0.0),
        ("risk_aversion", math.inf),
        ("fill_decay", 0.0),
        ("fill_decay", math.inf),
        ("volatility", -1.0),
        ("arrival_intensity", math.nan),
        ("drift", math.inf),
        ("impact", -0.1),
        ("horizon_ns", -1),
        ("max_inventory", 0),
        ("size", 0),
    ],
)
def test_parameters_without_quotes_are_refused(name: str, value: float) -> None:
    """The error names the parameter, and is raised when the strategy is made."""
    good = {
        "risk_aversion": 1e-4,
        "volatility": 30.0,
        "fill_decay": 0.003,
        "arrival_intensity": 0.9,
        "horizon_ns": SECOND,
        "max_inventory": 30,
        "size": 1,
    }
    with pytest.raises(InvalidParameterError, match=name):
        GLFT(**(good | {name: value}))  # type: ignore[arg-type] # wrong on purpose
    if name not in {"horizon_ns", "max_inventory"}:
        unbounded = {key: value for key, value in good.items() if key not in {"horizon_ns", "max_inventory"}}
        with pytest.raises(InvalidParameterError, match=name):
            GLFTAsymptotic(**(unbounded | {name: value}))  # type: ignore[arg-type] # wrong on purpose


def test_a_view_outside_the_model_is_refused() -> None:
    """After the horizon, or beyond the bound."""
    with pytest.raises(HorizonPassedError, match="after the horizon"):
        glft().quote(MarketView(601 * SECOND, 10_000, 0))
    with pytest.raises(InventoryBoundError, match="-31"):
        glft().quote(MarketView(0, 10_000, -31))
