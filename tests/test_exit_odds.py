"""What waiting for a maker exit is worth under a moving price (S11)."""

import math
from fractions import Fraction

import numpy as np
import pytest

from orderbook import FeeSchedule
from orderbook.errors import InvalidParameterError
from orderbook.exit_odds import (
    expected_loss_of_waiting,
    expected_loss_of_waiting_mean_reverting,
    touch_probability,
    touch_probability_geometric,
)
from orderbook.exits import exit_maker, exit_taker

FEES = FeeSchedule(maker_rebate_pips=100, taker_fee_pips=200)
COST, PRICE, ASK = 999.9, 998.0, 998.1


def test_s11_touch_probabilities_are_those_of_a_simulation() -> None:
    """Twenty thousand bridges, exact between steps: each probability within four standard errors."""
    rng = np.random.default_rng(11)
    volatility, patience, steps, paths = 0.2, 1.0, 20, 20_000
    moves = rng.normal(0, volatility * math.sqrt(patience / steps), (paths, steps))
    for drift, barrier, probability in (
        (0.0, ASK - PRICE, touch_probability(PRICE, ASK, volatility=volatility, patience=patience)),
        (
            -(volatility**2) / 2 * patience / steps,
            math.log(1.1),
            touch_probability_geometric(100.0, 110.0, volatility=volatility, patience=patience),
        ),
    ):
        after = np.cumsum(moves + drift, axis=1)
        before = np.hstack([np.zeros((paths, 1)), after[:, :-1]])
        exponent = -2 * np.maximum(barrier - before, 0) * np.maximum(barrier - after, 0)
        missed = np.prod(1 - np.exp(exponent / (volatility**2 * patience / steps)), axis=1)
        assert abs(1 - missed.mean() - probability) < 4 * missed.std() / math.sqrt(paths)


def test_s11_without_drift_waiting_gains_exactly_the_fees_it_saves() -> None:
    """Against selling at once: touch probability times ask times rebate plus fee."""
    at_once = float(exit_taker(Fraction("999.9"), 998, FEES))
    for probability in (0.0, 0.3, 1.0):
        waiting = expected_loss_of_waiting(probability, cost=COST, price=PRICE, ask=ASK, fees=FEES)
        assert at_once - waiting == pytest.approx(probability * ASK * 0.0003, abs=1e-9)


@pytest.mark.parametrize("patience", [0.5, 2.0, 30.0])
def test_s11_the_lattice_tends_to_the_closed_form_where_nothing_pulls(patience: float) -> None:
    """At a reversion rate of zero the error at least halves whenever the steps are quadrupled."""
    probability = touch_probability(PRICE, ASK, volatility=0.2, patience=patience)
    closed = expected_loss_of_waiting(probability, cost=COST, price=PRICE, ask=ASK, fees=FEES)
    errors = []
    for steps in (200, 800, 3200):
        lattice = expected_loss_of_waiting_mean_reverting(
            cost=COST,
            price=PRICE,
            ask=ASK,
            fees=FEES,
            volatility=0.2,
            mean=PRICE,
            reversion_rate=0.0,
            patience=patience,
            steps=steps,
        )
        errors.append(abs(lattice - closed))
    assert errors[1] < errors[0] / 2
    assert errors[2] < errors[1] / 2


def test_s11_a_strong_pull_towards_a_higher_mean_fills_the_ask_for_sure() -> None:
    """The expected loss falls from option 1's 2.0996 to option 2's 1.70019 as patience grows."""
    losses = [
        expected_loss_of_waiting_mean_reverting(
            cost=COST,
            price=PRICE,
            ask=ASK,
            fees=FEES,
            volatility=0.05,
            mean=1000.0,
            reversion_rate=0.2,
            patience=patience,
            steps=steps,
        )
        for patience, steps in ((0.01, 400), (0.1, 400), (1.0, 1000), (2.0, 1600))
    ]
    assert losses == sorted(losses, reverse=True)
    assert losses[0] < float(exit_taker(Fraction("999.9"), 998, FEES))
    assert losses[-1] == pytest.approx(float(exit_maker(Fraction("999.9"), Fraction("998.1"), FEES)), abs=1e-6)


def test_s11_mean_reversion_agrees_with_a_simulation() -> None:
    """Exact steps of the process with bridges between them: within four standard errors."""
    rng = np.random.default_rng(29)
    volatility, mean, rate, patience, steps, paths = 0.2, 998.05, 0.5, 2.0, 200, 20_000
    step = patience / steps
    decay, deviation = math.exp(-rate * step), volatility * math.sqrt((1 - math.exp(-2 * rate * step)) / (2 * rate))
    price, alive = np.full(paths, PRICE), np.ones(paths)
    for _ in range(steps):
        after = mean + (price - mean) * decay + deviation * rng.normal(size=paths)
        exponent = -2 * np.maximum(ASK - price, 0) * np.maximum(ASK - after, 0) / deviation**2
        alive *= 1 - np.exp(exponent)
        price = after
    losses = (1 - alive) * (COST - ASK * 1.0001) + alive * (COST - price * 0.9998)
    lattice = expected_loss_of_waiting_mean_reverting(
        cost=COST,
        price=PRICE,
        ask=ASK,
        fees=FEES,
        volatility=volatility,
        mean=mean,
        reversion_rate=rate,
        patience=patience,
        steps=3200,
    )
    assert abs(losses.mean() - lattice) < 4 * losses.std() / math.sqrt(paths)


def test_odds_without_meaning_are_refused() -> None:
    """A price above the ask, no volatility, no patience, or a pull the steps cannot follow."""
    with pytest.raises(InvalidParameterError, match="ask"):
        touch_probability(101.0, 100.0, volatility=1.0, patience=1.0)
    with pytest.raises(InvalidParameterError, match="volatility"):
        touch_probability(99.0, 100.0, volatility=0.0, patience=1.0)
    with pytest.raises(InvalidParameterError, match="patience"):
        touch_probability_geometric(99.0, 100.0, volatility=1.0, patience=-1.0)
    with pytest.raises(InvalidParameterError, match="steps"):
        expected_loss_of_waiting_mean_reverting(
            cost=COST,
            price=PRICE,
            ask=ASK,
            fees=FEES,
            volatility=0.01,
            mean=1000.0,
            reversion_rate=5.0,
            patience=10.0,
            steps=10,
        )
