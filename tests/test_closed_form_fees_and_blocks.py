"""Arbitrage with fees, blocks and gas: published numbers, and the laws behind them worked out numerically."""

import math
from itertools import pairwise

import numpy as np
import pytest
from quadrature import integrate

from amm.closed_form import fees_and_blocks as fab
from amm.closed_form.concentrated import depth_density, position_value
from amm.errors import ArgumentError

DAY = 86_400.0
VOLATILITY = 0.05  # per square root of a day
FEES = {"1bp": 0.0001, "5bp": 0.0005, "30bp": 0.003, "100bp": 0.01}


@pytest.mark.parametrize(
    ("seconds", "percents"),
    [
        (12, {"5bp": 45.45, "30bp": 12.18, "100bp": 3.98}),
        (2, {"5bp": 25.38, "30bp": 5.36, "100bp": 1.66}),
        (120, {"5bp": 72.49, "30bp": 30.49, "100bp": 11.59}),
        (600, {"5bp": 85.49, "30bp": 49.51, "100bp": 22.67}),
    ],
)
def test_o15_trade_probability_table(seconds: int, percents: dict[str, float]) -> None:
    """The published share of blocks with an arbitrage trade, at 5 % a day."""
    for name, percent in percents.items():
        probability = fab.trade_probability(VOLATILITY, DAY / seconds, fab.log_half_spread(FEES[name]))
        assert probability * 100 == pytest.approx(percent, abs=5.1e-3)


def test_o15_the_density_is_stationary() -> None:
    """Trading back to the band, then one block's move (a Laplace law), gives the same density; outside lies P_trade."""
    half_spread, decay = 0.3, 4.0

    def after_one_block(mispricing: float) -> float:
        def moved_from(start: float) -> float:
            return decay / 2 * math.exp(-decay * abs(mispricing - start))

        probability = 1 / (1 + decay * half_spread)
        edges = [-half_spread, *sorted({min(max(mispricing, -half_spread), half_spread)}), half_spread]
        inside = sum(
            integrate(lambda x: fab.mispricing_density(x, half_spread, decay) * moved_from(x), low, high, pieces=4)
            for low, high in pairwise(edges)
        )
        return inside + probability / 2 * (moved_from(half_spread) + moved_from(-half_spread))

    for mispricing in (0.0, 0.1, 0.29, 0.31, 1.0):
        density = fab.mispricing_density(mispricing, half_spread, decay)
        assert after_one_block(mispricing) == pytest.approx(density, rel=1e-12)
    inside = integrate(lambda x: fab.mispricing_density(x, half_spread, decay), -half_spread, half_spread)
    assert 1 - inside == pytest.approx(1 / (1 + decay * half_spread), rel=1e-12)


def one_trade(mispricing: float, half_spread: float, *, fee_on_input: bool) -> tuple[float, float]:
    """Profit and fee of trading x * y = 1, fair price one, to the edge of its band, per unit of its value at one (two).

    The fee is charged in token1, or on what is paid in.
    """
    root_start = math.exp(-mispricing / 2)
    markup = math.exp(half_spread)
    if mispricing > 0:
        root_end = math.exp(-half_spread / 2)
        bought, paid = 1 / root_start - 1 / root_end, root_end - root_start
        fee = paid * (markup - 1)
        return (bought - paid - fee) / 2, fee / 2
    root_end = math.exp(half_spread / 2)
    sold, received = 1 / root_end - 1 / root_start, root_start - root_end
    fee = sold * (markup - 1) if fee_on_input else received * (1 - 1 / markup)
    return (received - sold - fee) / 2, fee / 2


@pytest.mark.parametrize("fee_on_input", [False, True])
@pytest.mark.parametrize(("volatility", "block_rate", "half_spread"), [(1.0, 10.0, 0.3), (0.05, 7_200.0, 0.003)])
def test_o16_rates_are_the_stationary_means(
    volatility: float, block_rate: float, half_spread: float, *, fee_on_input: bool
) -> None:
    """Loss and fees are one trade's, averaged over the stationary mispricing, times the rate of blocks."""
    decay = fab.mispricing_decay(volatility, block_rate)

    def mean(part: int) -> float:
        def integrand(excess: float) -> float:
            density = fab.mispricing_density(half_spread + excess, half_spread, decay)
            both = (
                one_trade(sign * (half_spread + excess), half_spread, fee_on_input=fee_on_input) for sign in (1, -1)
            )
            return density * sum(trade[part] for trade in both)

        return block_rate * integrate(integrand, 0.0, 60 / decay)

    loss = fab.arbitrage_loss_rate(volatility, block_rate, half_spread, fee_on_input=fee_on_input)
    fees = fab.arbitrage_fee_rate(volatility, block_rate, half_spread, fee_on_input=fee_on_input)
    # One trade's profit is what is left of terms 1 / excess larger.
    assert loss == pytest.approx(mean(0), rel=1e-9)
    assert fees == pytest.approx(mean(1), rel=1e-11)


def test_o16_stress() -> None:
    """Wide fee, slow blocks: the published .05467 and .07280."""
    assert fab.arbitrage_loss_rate(1.0, 10.0, 0.3) == pytest.approx(0.05467, abs=5e-6)
    assert fab.arbitrage_fee_rate(1.0, 10.0, 0.3) == pytest.approx(0.07280, abs=5e-6)


def test_o16_small_fees_and_fast_blocks() -> None:
    """Then the loss is LVR times the probability of a trade, and the fees are the rest of LVR."""
    half_spread, lvr = 1e-5, VOLATILITY**2 / 8
    probability = fab.trade_probability(VOLATILITY, 1e6, half_spread)
    assert fab.arbitrage_loss_rate(VOLATILITY, 1e6, half_spread) == pytest.approx(lvr * probability, rel=1e-8)
    assert fab.arbitrage_fee_rate(VOLATILITY, 1e6, half_spread) == pytest.approx(lvr * (1 - probability), rel=1e-8)


def test_o16_needs_blocks_often_enough() -> None:
    """At a block rate of sigma^2 / 8 the mean loss of a block is infinite."""
    with pytest.raises(ArgumentError, match="block_rate must be above"):
        fab.arbitrage_loss_rate(1.0, 0.125, 0.3)


@pytest.mark.parametrize(("name", "turnover"), [("1bp", 2.52), ("5bp", 0.284), ("30bp", 0.0127), ("100bp", 0.0012)])
def test_o17_noise_turnover_that_pays_for_arbitrage(name: str, turnover: float) -> None:
    """The published daily turnover of a full-range pool at 12 s blocks and 5 % a day, to its printed digits."""
    last_digit = 10.0 ** -len(str(turnover).split(".")[1])
    assert fab.break_even_turnover(VOLATILITY, DAY / 12, FEES[name]) == pytest.approx(turnover, abs=last_digit * 0.51)


def test_s61_passive_liquidity_needs_noise() -> None:
    """A passive 30 bp pool at 12 s blocks needs 1.27 % of its value in noise volume a day."""
    assert fab.break_even_turnover(VOLATILITY, DAY / 12, 0.003) * 100 == pytest.approx(1.27, abs=5e-3)


def test_o17_without_noise_the_provider_loses() -> None:
    """The loss is above zero at any block rate, and vanishes as blocks become continuous."""
    losses = [fab.arbitrage_loss_rate(VOLATILITY, 10.0**power, 0.003) for power in (3, 6, 9, 12)]
    assert all(before > after > 0 for before, after in pairwise(losses))
    assert losses[-1] < 1e-4 * VOLATILITY**2 / 8


def fixed_interval_loss(half_spread: float) -> float:
    """Loss per block and unit of depth at block volatility one, from the stationary law of the clipped random walk."""
    nodes, weights = np.polynomial.legendre.leggauss(60)
    nodes, weights = nodes * half_spread, weights * half_spread

    def kernel(distance: np.ndarray) -> np.ndarray:
        density: np.ndarray = np.exp(-(distance**2) / 2) / math.sqrt(2 * math.pi)
        return density

    # After trading, weight one sits on each edge; the density inside solves p = edges + integral of p times the kernel.
    matrix = np.eye(len(nodes)) - kernel(nodes[:, None] - nodes[None, :]) * weights[None, :]
    density = np.linalg.solve(matrix, kernel(nodes - half_spread) + kernel(nodes + half_spread))

    def overshoot(distance: float) -> float:
        """Half the mean squared excess of one step over `distance`."""
        tail = math.erfc(distance / math.sqrt(2)) / 2
        height = math.exp(-(distance**2) / 2) / math.sqrt(2 * math.pi)
        return ((1 + distance**2) * tail - distance * height) / 2

    def loss_from(place: float) -> float:
        return overshoot(half_spread - place) + overshoot(half_spread + place)

    total = 2 + float(np.dot(weights, density))
    losses = 2 * loss_from(half_spread) + float(np.dot(weights * density, [loss_from(float(x)) for x in nodes]))
    return losses / total


def test_o18_fixed_and_random_intervals() -> None:
    """At a half-spread of one block's volatility: .18406 at fixed, .20711 at random intervals."""
    assert fab.fixed_interval_loss(1.0, 1.0) == pytest.approx(0.18406, abs=6e-6)
    assert fab.random_interval_loss(1.0, 1.0) == pytest.approx(0.20711, abs=5e-6)


@pytest.mark.parametrize("half_spread", [0.5, 1.0, 2.0, 5.0])
def test_o18_fixed_intervals_against_the_exact_law(half_spread: float) -> None:
    """The formula stands within 2e-4 of the stationary law from half a block's volatility on, and at 2 within 2e-6."""
    exact = fixed_interval_loss(half_spread)
    assert fab.fixed_interval_loss(1.0, half_spread) == pytest.approx(exact, rel=2e-4 if half_spread < 2 else 2e-6)
    assert fab.random_interval_loss(1.0, half_spread) > exact


def test_o18_random_intervals_are_the_small_fee_limit() -> None:
    """Per block and unit of depth, the random-interval loss is LVR times the probability of a trade."""
    block_volatility, half_spread = 0.05 / math.sqrt(7_200), 0.003
    probability = fab.trade_probability(VOLATILITY, 7_200.0, half_spread)
    expected = block_volatility**2 / 2 * probability
    assert fab.random_interval_loss(block_volatility, half_spread) == pytest.approx(expected, rel=1e-12)


def test_o19_gas_threshold() -> None:
    """10 of gas against L = 1e5 at 2000 keeps arbitrage 29.9 bp outside the band; there, profit pays for gas."""
    half_spread = fab.log_half_spread(0.003)
    threshold = fab.gas_threshold(1e5, 2_000.0, 10.0, half_spread)
    assert threshold * 10_000 == pytest.approx(29.9, abs=0.05)
    assert threshold == pytest.approx(math.sqrt(4 * 10 / (1e5 * math.sqrt(2_000))), rel=1e-3)
    assert fab.arbitrage_profit(1e5, 2_000.0, threshold, half_spread) == pytest.approx(10.0, rel=1e-12)
    exact = 2 * math.acosh(1 + 10 / (2 * 1e5 * math.sqrt(2_000) * math.exp(half_spread / 2)))
    assert threshold == pytest.approx(exact, rel=1e-9)


@pytest.mark.parametrize("sign", [1, -1])
def test_o19_profit_outside_the_band(sign: int) -> None:
    """The profit formula is one trade's, its fee on the input, in both directions."""
    profit, _ = one_trade(sign * 0.35, 0.3, fee_on_input=True)
    assert fab.arbitrage_profit(1.0, 1.0, 0.05, 0.3) == pytest.approx(2 * profit, rel=1e-12)


def test_o20_break_even_fee_rate() -> None:
    """At 80 % a year fees of 8.0 % of value pay for LVR: 7.31 % of it in volume a day at 30 bp."""
    rate = fab.break_even_fee_rate(0.8)
    assert rate == pytest.approx(0.080, rel=1e-12)
    assert rate / 365 / 0.003 * 100 == pytest.approx(7.31, abs=5e-3)


def test_o20_implied_volatility_is_the_break_even() -> None:
    """50 M a day over 2 M in the tick at 30 bp imply .573149, which is the break-even of a range two fees wide."""
    implied = fab.implied_volatility(0.003, 50e6, 2e6)
    assert implied == pytest.approx(0.573149, abs=5e-7)
    assert fab.break_even_volatility(365 * 0.003 * 50e6, depth=2e6 / (2 * 0.003)) == pytest.approx(implied, rel=1e-12)


def test_o20_break_even_volatility_inverts_the_fee_rate() -> None:
    """For a full-range pool both break-evens are the same statement."""
    value = position_value(1.0, 2_000.0, 1e-12, 1e18)
    depth = depth_density(1.0, 2_000.0)
    fees = fab.break_even_fee_rate(0.8) * 4 * depth
    assert value == pytest.approx(4 * depth, rel=1e-6)
    assert fab.break_even_volatility(fees, depth) == pytest.approx(0.8, rel=1e-12)


def test_o21_rung_crossings_pay_back_lvr() -> None:
    """At 5 % a day rungs of .6 % are crossed 69.4 times a day, and half a rung on each crossing is LVR."""
    crossings = fab.rung_crossing_rate(VOLATILITY, 0.006)
    assert crossings == pytest.approx(69.4, abs=0.05)
    depth = 3.0
    assert crossings * depth * 0.006**2 / 2 == pytest.approx(VOLATILITY**2 / 2 * depth, rel=1e-12)


def test_o21_crossing_rate_solves_the_exit_problem() -> None:
    """From a rung, a fine random walk takes (w / h)^2 steps of h to reach a neighbour: the linear equations say so."""
    parts = 12
    size = 2 * parts - 1
    matrix = np.eye(size) - np.eye(size, k=1) / 2 - np.eye(size, k=-1) / 2
    steps = float(np.linalg.solve(matrix, np.ones(size))[parts - 1])
    step = 0.006 / parts
    assert fab.rung_crossing_rate(VOLATILITY, 0.006) == pytest.approx((VOLATILITY / step) ** 2 / steps, rel=1e-12)
