"""Simulated policies against exact moments, in each of the three fill modes."""

import functools
import math
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from orderbook.errors import FillProbabilityError, InvalidParameterError
from orderbook.exact_avellaneda_stoikov import (
    DepthPolicy,
    FillMode,
    Moments,
    SimulationSetting,
    bounded_policy,
    exact_certainty_equivalent,
    exact_moments,
    inventory_policy,
    symmetric_policy,
)
from orderbook.simulation import Simulation, continuous_time_moments, simulate
from orderbook.simulation.continuous_time import matrix_exponential
from orderbook.simulation.estimate import Estimate, certainty_equivalent_of, deviation_of, mean_of

PAPER = SimulationSetting()
POISSON = replace(PAPER, fill_mode=FillMode.POISSON_STEP)
EVENTS = replace(PAPER, fill_mode=FillMode.EVENT_DRIVEN)
ROWS = [
    pytest.param(risk_aversion, policy, id=f"{policy.__name__}-{risk_aversion}")
    for risk_aversion in (0.1, 0.01, 1.0)
    for policy in (inventory_policy, symmetric_policy)
]


def leaning_policy(_time_left: float, inventory: int) -> tuple[float, float]:
    """Both quotes .08 down for every unit held, and on to the other side of the mid price beyond nine."""
    return 0.7 + 0.08 * inventory, 0.7 - 0.08 * inventory


def glft_value(risk_aversion: float, max_inventory: int) -> Callable[[float], np.ndarray]:
    """V of O-41 by inventory, for the paper's market: the exponential of minus M times the time left, on ones."""
    ratio = risk_aversion / PAPER.fill_decay
    inventories = np.arange(-max_inventory, max_inventory + 1)
    off_diagonal = PAPER.arrival_intensity * (1 + ratio) ** -(1 + 1 / ratio)
    matrix = np.diag(-0.5 * PAPER.fill_decay * risk_aversion * (PAPER.volatility * inventories) ** 2)
    matrix += off_diagonal * (np.eye(inventories.size, k=1) + np.eye(inventories.size, k=-1))

    @functools.cache
    def value(time_left: float) -> np.ndarray:
        by_inventory: np.ndarray = matrix_exponential(matrix * time_left).sum(axis=1)
        return by_inventory

    return value


def glft_policy(risk_aversion: float, max_inventory: int) -> DepthPolicy:
    """O-41's depths; a side that would pass the bound is not quoted."""
    value = glft_value(risk_aversion, max_inventory)
    margin = math.log1p(risk_aversion / PAPER.fill_decay) / risk_aversion

    def depths(time_left: float, inventory: int) -> tuple[float, float]:
        values = np.concatenate(([0.0], value(time_left), [0.0]))
        index = inventory + max_inventory + 1
        here, longer, shorter = values[index], values[index + 1], values[index - 1]
        return (
            margin + math.log(here / longer) / PAPER.fill_decay if longer else math.inf,
            margin + math.log(here / shorter) / PAPER.fill_decay if shorter else math.inf,
        )

    return depths


def assert_agrees(run: Simulation, moments: Moments) -> None:
    assert run.mean_profit.deviations_from(moments.mean_profit) < 4
    assert run.sd_profit.deviations_from(moments.sd_profit) < 4
    assert run.mean_inventory.deviations_from(moments.mean_inventory) < 4
    assert run.sd_inventory.deviations_from(moments.sd_inventory) < 4
    assert run.mean_fills.deviations_from(moments.mean_fills) < 4


@pytest.mark.parametrize(("risk_aversion", "policy"), ROWS)
def test_o40_a_hundred_thousand_paths_lie_within_four_standard_errors(
    risk_aversion: float, policy: Callable[[SimulationSetting, float], DepthPolicy]
) -> None:
    """Five numbers of each published row, against the recursion without sampling error."""
    depths = policy(PAPER, risk_aversion)
    assert_agrees(simulate(PAPER, depths, paths=100_000, seed=2008), exact_moments(PAPER, depths))


def test_o40_at_a_risk_aversion_of_one_the_clamp_is_needed() -> None:
    """2.6 % of the fill probabilities exceed one and 3.9 % of the depths are negative; unclamped, that is an error."""
    policy = inventory_policy(PAPER, 1.0)
    run = simulate(PAPER, policy, paths=20_000, seed=1)
    assert (round(100 * run.clamped_share, 1), round(100 * run.negative_depth_share, 1)) == (2.6, 3.9)
    with pytest.raises(FillProbabilityError, match=r"a depth of -.* would fill in a step with probability"):
        simulate(replace(PAPER, clamp=False), policy, paths=1_000, seed=1)
    with pytest.raises(FillProbabilityError):
        exact_moments(replace(PAPER, clamp=False), policy)
    calm = symmetric_policy(PAPER, 0.1)
    clamped, unclamped = (simulate(replace(PAPER, clamp=clamp), calm, paths=100, seed=1) for clamp in (True, False))
    assert clamped.profit.tolist() == unclamped.profit.tolist()


@pytest.mark.parametrize("policy", [inventory_policy(PAPER, 0.1), leaning_policy])
def test_a_poisson_step_agrees_with_its_recursion(policy: DepthPolicy) -> None:
    """The paper's strategy gives 57.2 in place of 64.9, in the simulation as in the exact moments."""
    assert_agrees(simulate(POISSON, policy, paths=20_000, seed=3), exact_moments(POISSON, policy))


def test_events_agree_with_the_matrix_exponential() -> None:
    """A leaning policy, and a symmetric one stopped at a bound: five moments and the certainty equivalent."""
    bounded = bounded_policy(symmetric_policy(PAPER, 0.1), 6)
    for policy in (leaning_policy, bounded):
        exact = continuous_time_moments(EVENTS, policy, max_inventory=6 if policy is bounded else 40)
        run = simulate(replace(EVENTS, steps=1), policy, paths=40_000, seed=4)
        assert_agrees(run, exact.moments)
        assert run.certainty_equivalent(0.1).deviations_from(exact.certainty_equivalent(0.1)) < 4
        assert run.clamped_share == 0


@pytest.mark.parametrize("mode", [FillMode.LINEAR_STEP, FillMode.POISSON_STEP])
def test_both_steps_tend_to_continuous_time(mode: FillMode) -> None:
    """At four times the steps the recursion's error is a quarter: in the mean, the fills and the expected utility."""
    policy = bounded_policy(leaning_policy, 12)
    exact = continuous_time_moments(EVENTS, policy, max_inventory=12)
    errors = []
    for steps in (200, 800):
        setting = replace(PAPER, fill_mode=mode, steps=steps)
        moments = exact_moments(setting, policy)
        utility = exact_certainty_equivalent(setting, policy, 0.1)
        errors.append(
            (
                moments.mean_profit - exact.moments.mean_profit,
                moments.mean_fills - exact.moments.mean_fills,
                utility - exact.certainty_equivalent(0.1),
            )
        )
    for coarse, fine in zip(*errors, strict=True):
        assert coarse / fine == pytest.approx(4, rel=0.12)


def test_o41_stepping_biases_the_certainty_equivalent() -> None:
    """GLFT at gamma .1: ln v_0(0) / k = 64.13, a Poisson step of 1/200 gives 57.0, one of 1/2000 63.4."""
    assert round(math.log(glft_value(0.1, 30)(1.0)[30]) / PAPER.fill_decay, 2) == 64.13
    policy = glft_policy(0.1, 20)
    assert round(exact_certainty_equivalent(POISSON, policy, 0.1), 1) == 57.0
    assert round(exact_certainty_equivalent(replace(POISSON, steps=2_000), policy, 0.1), 1) == 63.4


def test_o41_events_earn_the_certainty_equivalent() -> None:
    """Without steps the optimal policy's simulated utility is the value function's, within four standard errors."""
    run = simulate(EVENTS, glft_policy(0.1, 30), paths=40_000, seed=41)
    assert run.certainty_equivalent(0.1).deviations_from(64.1335) < 4


def test_o41_impact_costs_by_the_fill_and_by_the_square() -> None:
    """-(xi / 2)(N + q^2) on every path when no two fills coincide; the same fills without it earn that much more."""
    run = simulate(replace(EVENTS, steps=1), leaning_policy, paths=2_000, seed=5, impact=0.03)
    assert run.impact_profit == pytest.approx(-0.015 * (run.fills + run.inventory**2), abs=1e-9)
    free = simulate(replace(EVENTS, steps=1), leaning_policy, paths=2_000, seed=5)
    assert (free.profit + run.impact_profit).tolist() == run.profit.tolist()


def test_impact_in_steps_is_zero_where_both_sides_fill() -> None:
    """One step, in which everything fills: the mid price stays where it was; where only the bid fills, it falls."""
    setting = SimulationSetting(arrival_intensity=1e9, steps=1)
    both = simulate(setting, lambda *_: (0.5, 0.5), paths=50, seed=6, impact=1.0)
    assert both.fills.tolist() == [2] * 50
    assert not both.impact_profit.any()
    one = simulate(setting, lambda *_: (0.5, math.inf), paths=50, seed=6, impact=1.0)
    assert one.impact_profit.tolist() == [-1.0] * 50
    assert one.edge.tolist() == [0.5] * 50


@pytest.mark.parametrize("setting", [PAPER, POISSON, EVENTS])
def test_drift_moves_what_is_held(setting: SimulationSetting) -> None:
    """Bought at once and held: the mean profit is the depth and the drift, the deviation the volatility."""
    hold = bounded_policy(lambda _time_left, _inventory: (-4.0, math.inf), 1)
    run = simulate(replace(setting, arrival_intensity=1e6), hold, paths=20_000, seed=7, drift=3.0)
    assert run.inventory.tolist() == [1] * 20_000
    assert run.mean_profit.deviations_from(-4.0 + 3.0) < 4
    assert run.sd_profit.deviations_from(2.0) < 4


def test_the_same_seed_gives_the_same_paths() -> None:
    """More paths begin with those of fewer, another seed gives others, and progress ends with all of them."""
    policy = inventory_policy(PAPER, 0.1)
    seen: list[tuple[int, int]] = []
    many = simulate(PAPER, policy, paths=12_000, seed=8, progress=lambda done, total: seen.append((done, total)))
    few = simulate(PAPER, policy, paths=10_000, seed=8)
    assert many.profit[:10_000].tolist() == few.profit.tolist()
    assert simulate(PAPER, policy, paths=100, seed=9).profit.tolist() != few.profit[:100].tolist()
    assert seen == [(3_840, 12_000), (7_680, 12_000), (11_520, 12_000), (12_000, 12_000)]


def test_the_matrix_exponential_is_that_of_its_eigenvalues() -> None:
    """A symmetric matrix with a norm of some hundred, zero, and a rotation by half a turn."""
    matrix = np.random.default_rng(10).normal(0, 10, (6, 6))
    matrix = matrix + matrix.T - 60 * np.eye(6)
    values, vectors = np.linalg.eigh(matrix)
    assert matrix_exponential(matrix) == pytest.approx(
        vectors @ np.diag(np.exp(values)) @ vectors.T, rel=1e-9, abs=1e-12
    )
    assert matrix_exponential(np.zeros((2, 2))) == pytest.approx(np.eye(2))
    assert matrix_exponential(np.array([[0, -math.pi], [math.pi, 0]])) == pytest.approx(-np.eye(2), abs=1e-12)


def test_standard_errors_are_those_of_repeated_samples() -> None:
    """Four hundred samples of a skewed law: the spread of each estimate is its standard error, to a tenth."""
    samples = np.random.default_rng(11).gamma(2.0, 1.0, (400, 2_000))
    for estimate in (mean_of, deviation_of, functools.partial(certainty_equivalent_of, risk_aversion=0.5)):
        estimates: list[Estimate] = [estimate(sample) for sample in samples]
        spread = np.std([estimate.value for estimate in estimates])
        assert spread == pytest.approx(np.mean([estimate.standard_error for estimate in estimates]), rel=0.1)
    constant = np.ones(5)
    assert deviation_of(constant) == (0.0, 0.0)
    assert (mean_of(constant).deviations_from(1.0), mean_of(constant).deviations_from(2.0)) == (0.0, math.inf)


@pytest.mark.parametrize(("paths", "seed"), [(0, 1), (1.5, 1), (10, -1), (10, 0.5)])
def test_no_paths_and_no_seed_are_refused(paths: int, seed: int) -> None:
    """Both must be ints, of at least one and zero."""
    with pytest.raises(InvalidParameterError, match=r"(paths|seed) is"):
        simulate(PAPER, leaning_policy, paths=paths, seed=seed)


def test_depths_without_a_fill_rate_are_refused() -> None:
    """No number, minus infinity, and, event-driven, one so far inside that its rate is no float."""
    for depth in (math.nan, -math.inf):
        with pytest.raises(InvalidParameterError, match=r"depth is (nan|-inf)"):
            simulate(PAPER, lambda *_, depth=depth: (depth, 0.0), paths=1, seed=1)
    with pytest.raises(InvalidParameterError, match="depth is -1000"):
        simulate(EVENTS, lambda *_: (-1000.0, 0.0), paths=1, seed=1)


@pytest.mark.parametrize("setting", [PAPER, POISSON, EVENTS])
def test_a_market_maker_who_quotes_nothing_earns_nothing(setting: SimulationSetting) -> None:
    """Infinite depths on both sides, in every mode: no fill, no profit, no inventory."""
    run = simulate(setting, lambda *_: (math.inf, math.inf), paths=10, seed=12, drift=1.0, impact=1.0)
    assert not run.profit.any()
    assert not run.fills.any()


@pytest.mark.parametrize("name", ["drift", "impact"])
def test_a_market_that_moves_without_bound_is_refused(name: str) -> None:
    """An infinite drift or impact: the error names it."""
    moves: dict[str, Any] = {name: math.inf}
    with pytest.raises(InvalidParameterError, match=name):
        simulate(PAPER, leaning_policy, paths=1, seed=1, **moves)


def test_a_mode_without_steps_has_no_recursion_and_no_bound_is_refused() -> None:
    """The error names the fill mode, and the bound."""
    with pytest.raises(InvalidParameterError, match="fill_mode"):
        exact_moments(EVENTS, leaning_policy)
    with pytest.raises(InvalidParameterError, match="max_inventory"):
        continuous_time_moments(EVENTS, leaning_policy, max_inventory=0)
    with pytest.raises(InvalidParameterError, match="risk_aversion"):
        exact_certainty_equivalent(PAPER, leaning_policy, 0)
    with pytest.raises(InvalidParameterError, match="risk_aversion"):
        continuous_time_moments(EVENTS, leaning_policy, max_inventory=2).certainty_equivalent(0)


def test_importing_the_order_book_does_not_import_numpy() -> None:
    """Nor do the exact moments; the simulation does."""
    code = "import sys, orderbook, orderbook.exact_avellaneda_stoikov; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"
