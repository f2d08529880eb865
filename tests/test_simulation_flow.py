"""Arrivals, sides, and a policy against a flow: each against the law it was drawn from."""

import itertools
import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderbook.errors import InvalidParameterError
from orderbook.exact_avellaneda_stoikov import FillMode, SimulationSetting
from orderbook.simulation import (
    MidPath,
    OrderFlow,
    brownian_path,
    continuous_time_moments,
    expected_imbalance,
    expected_net_flow,
    hawkes_arrivals,
    hawkes_mean_count,
    informed_sides,
    netting_ratio,
    noise_sides,
    order_flow,
    poisson_arrivals,
    stationary_hawkes_rate,
    trade_against,
)
from orderbook.simulation.estimate import deviation_of, mean_of

HAWKES = {"base_rate": 2.0, "excitation": 3.0, "decay": 5.0}


def kolmogorov_distance(sample: np.ndarray, distribution: Callable[[np.ndarray], np.ndarray]) -> float:
    """Greatest distance between the sample's distribution and another, times the root of the sample's size."""
    ordered = distribution(np.sort(sample))
    ranks = np.arange(sample.size + 1) / sample.size
    return math.sqrt(sample.size) * float(max((ranks[1:] - ordered).max(), (ordered - ranks[:-1]).max()))


def test_poisson_counts_have_their_mean_and_variance_and_times_are_uniform() -> None:
    """Three thousand runs: mean and variance both rate times horizon, and times in order anywhere up to it."""
    runs = [poisson_arrivals(4.0, 5.0, seed=seed) for seed in range(3_000)]
    counts = np.array([run.size for run in runs])
    assert mean_of(counts).deviations_from(20.0) < 4
    assert deviation_of(counts).deviations_from(math.sqrt(20.0)) < 4
    assert all(bool((np.diff(run) > 0).all()) for run in runs)
    # A distance above 1.95 has odds of 1 in 1000 (Kolmogorov).
    assert kolmogorov_distance(np.concatenate(runs), lambda times: times / 5.0) < 1.95


def test_hawkes_counts_have_the_mean_of_the_closed_form() -> None:
    """From no history the mean rate rises to base / (1 - excitation / decay): short and long horizons."""
    assert stationary_hawkes_rate(**HAWKES) == pytest.approx(5.0)
    for horizon in (0.3, 4.0):
        counts = np.array([hawkes_arrivals(**HAWKES, horizon=horizon, seed=seed).size for seed in range(2_000)])
        assert mean_of(counts).deviations_from(hawkes_mean_count(**HAWKES, horizon=horizon)) < 4
    assert hawkes_mean_count(**HAWKES, horizon=1e6) / 1e6 == pytest.approx(5.0, rel=1e-5)


def test_hawkes_arrivals_reach_the_stationary_rate_and_clump() -> None:
    """A long run: the rate is 5, and counts vary by 1 / (1 - excitation / decay)^2 = 6.25 times those of Poisson."""
    times = hawkes_arrivals(**HAWKES, horizon=20_000.0, seed=12)
    counts = np.histogram(times, bins=np.arange(100.0, 20_001.0, 50.0))[0]
    assert mean_of(counts).deviations_from(5.0 * 50) < 4
    # Edges of the bins cost a share of the order of 1 / (50 * (decay - excitation)).
    assert counts.var() / counts.mean() == pytest.approx(6.25, rel=0.25)


def test_hawkes_thinning_is_exact() -> None:
    """Time change (Papangelou): the integrals of the rate between arrivals are exponential with mean one."""
    times = hawkes_arrivals(**HAWKES, horizon=2_000.0, seed=13)
    before, excess, waits = 0.0, 0.0, []
    for time in times.tolist():
        gap = time - before
        decayed = excess * math.exp(-HAWKES["decay"] * gap)
        waits.append(HAWKES["base_rate"] * gap + (excess - decayed) / HAWKES["decay"])
        before, excess = time, decayed + HAWKES["excitation"]
    assert kolmogorov_distance(np.array(waits), lambda wait: -np.expm1(-wait)) < 1.95


def test_without_excitation_hawkes_is_poisson() -> None:
    """The mean count is rate times horizon, and with no rate nothing ever arrives."""
    assert hawkes_mean_count(2.0, 0.0, 5.0, 3.0) == pytest.approx(6.0)
    counts = np.array([hawkes_arrivals(2.0, 0.0, 5.0, 3.0, seed=seed).size for seed in range(2_000)])
    assert deviation_of(counts).deviations_from(math.sqrt(6.0)) < 4
    assert hawkes_arrivals(0.0, 0.0, 5.0, 3.0, seed=1).size == poisson_arrivals(0.0, 3.0, seed=1).size == 0


@pytest.mark.parametrize(
    ("orders", "share", "imbalance"), [(1000, "0.55", 100), (1000, "0.5", 0), (1000, "0.45", -100)]
)
def test_s38_balanced_two_way_flow_leaves_no_inventory_on_average(orders: int, share: str, imbalance: int) -> None:
    """N (2p - 1): +100 of a thousand at 55 %, exactly; and the mean of 400 draws within four standard errors."""
    assert expected_imbalance(orders, Fraction(share)) == imbalance
    sums = np.array(
        [noise_sides(orders, buy_probability=float(share), seed=seed).sum(dtype=np.int64) for seed in range(400)]
    )
    assert mean_of(sums).deviations_from(imbalance) < 4


@given(st.integers(0, 12))
def test_s40_the_expected_net_flow_is_the_mean_over_all_flows(orders: int) -> None:
    """Every sequence of buys and sells listed: the exact mean of what is left after netting."""
    total = sum(abs(sum(sides)) for sides in itertools.product((1, -1), repeat=orders))
    assert expected_net_flow(orders) == Fraction(total, 2**orders)


def test_s40_few_orders_do_not_net() -> None:
    """Four orders leave 1.50 (exact), four hundred 15.96 by the square root of 2n / pi and 15.95 exactly."""
    assert expected_net_flow(4) == Fraction(3, 2)
    assert round(math.sqrt(2 * 400 / math.pi), 2) == 15.96
    assert round(float(expected_net_flow(400)), 2) == 15.95
    assert (float(netting_ratio(4)), round(float(netting_ratio(400)), 2)) == (0.625, 0.96)


def test_informed_orders_know_where_the_price_goes() -> None:
    """All of them trade with the move, none of them by chance half; a price that stands tells nothing."""
    path = MidPath(np.array([0.0, 1.0, 2.0]), np.array([5.0, 7.0, 4.0]))
    times = np.array([0.5, 1.5, 1.9, 2.5])
    sides = informed_sides(times, path, informed_share=1.0, foresight=0.6, seed=1)
    assert sides[:3].tolist() == [1, -1, -1]
    many = np.full(20_000, 0.5)
    for share in (0.0, 0.3, 1.0):
        drawn = informed_sides(many, path, informed_share=share, foresight=1.0, seed=2).astype(np.int64)
        assert mean_of(drawn).deviations_from(share) < 4
    still = informed_sides(np.full(20_000, 5.0), path, informed_share=1.0, foresight=1.0, seed=3).astype(np.int64)
    assert mean_of(still).deviations_from(0.0) < 4


def test_one_seed_gives_unrelated_streams() -> None:
    """Times, sides and reaches drawn with the same seed: no correlation above four standard errors."""
    times = poisson_arrivals(20_000.0, 1.0, seed=5)
    sides = noise_sides(times.size, seed=5)
    reaches = order_flow(times, sides, fill_decay=1.0, seed=5).reaches
    path = brownian_path(1.0, 1.0, times.size, seed=5)
    columns = np.array([np.random.default_rng(5).random(times.size), sides, reaches, np.diff(path.prices)])
    correlations = np.corrcoef(columns)[np.triu_indices(4, k=1)]
    assert np.abs(correlations).max() < 4 / math.sqrt(times.size)


def test_a_mid_path_is_read_at_or_before_a_time() -> None:
    """Between times the earlier price, at a time its own, before the first the first."""
    path = MidPath(np.array([1.0, 2.0]), np.array([10.0, 20.0]))
    assert path.at(np.array([0.0, 1.0, 1.9, 2.0, 9.0])).tolist() == [10.0, 10.0, 10.0, 20.0, 20.0]


def test_poisson_flow_fills_like_the_event_driven_simulation() -> None:
    """A leaning policy with depths never negative: profit, inventory and fills of 2000 runs against exact moments."""
    setting = SimulationSetting(fill_mode=FillMode.EVENT_DRIVEN, arrival_intensity=20.0)

    def policy(_time_left: float, inventory: int) -> tuple[float, float]:
        return max(0.0, 0.5 + 0.2 * inventory), max(0.0, 0.5 - 0.2 * inventory)

    exact = continuous_time_moments(setting, policy, max_inventory=30).moments
    runs = []
    for seed in range(2_000):
        times = poisson_arrivals(2 * setting.arrival_intensity, 1.0, seed=seed)
        sides = noise_sides(times.size, seed=seed)
        flow = order_flow(times, sides, fill_decay=setting.fill_decay, seed=seed)
        path = brownian_path(setting.volatility, 1.0, 1_000, seed=seed)
        runs.append(trade_against(flow, policy, path, horizon=1.0))
    profits = np.array([run.profit for run in runs])
    assert mean_of(profits).deviations_from(exact.mean_profit) < 4
    assert deviation_of(profits).deviations_from(exact.sd_profit) < 4
    assert deviation_of(np.array([run.inventory for run in runs])).deviations_from(exact.sd_inventory) < 4
    assert mean_of(np.array([run.times.size for run in runs])).deviations_from(exact.mean_fills) < 4


def test_clumped_flow_of_the_same_rate_leaves_more_inventory() -> None:
    """Hawkes arrivals that come on one side at a time against Poisson ones: the same fills, a wider inventory."""
    path = MidPath(np.array([0.0]), np.array([0.0]))
    spread = []
    for clumped in (False, True):
        inventories = []
        for seed in range(600):
            sides_times = []
            for side in (1, -1):
                each = 2 * seed + (side > 0)
                times = (
                    hawkes_arrivals(2.0, 4.0, 5.0, 4.0, seed=each)
                    if clumped
                    else poisson_arrivals(hawkes_mean_count(2.0, 4.0, 5.0, 4.0) / 4.0, 4.0, seed=each)
                )
                sides_times += [(time, side) for time in times.tolist()]
            ordered = sorted(sides_times)
            flow = OrderFlow(
                np.array([time for time, _ in ordered]),
                np.array([side for _, side in ordered], dtype=np.int8),
                np.full(len(ordered), 1.0),
            )
            inventories.append(trade_against(flow, lambda *_: (0.5, 0.5), path, horizon=4.0).inventory)
        spread.append(float(np.std(inventories)))
    assert spread[1] > 2 * spread[0]


def test_orders_fill_where_they_reach_and_each_sees_fresh_quotes() -> None:
    """Four orders by hand: two reach, one falls short, one comes after the horizon."""
    flow = OrderFlow(
        np.array([0.1, 0.2, 0.3, 0.9]), np.array([1, 1, -1, 1], dtype=np.int8), np.array([1.0, 1.0, 3.0, 9.0])
    )
    path = MidPath(np.array([0.0, 0.25, 0.5]), np.array([100.0, 101.0, 99.0]))
    run = trade_against(flow, lambda time_left, held: (2.0 + held + time_left, 0.5 - held), path, horizon=0.5)
    assert run.times.tolist() == [0.1, 0.3]
    assert run.depths.tolist() == pytest.approx([0.5, 1.2])
    assert run.inventory == 0
    assert run.edge == pytest.approx(1.7)
    assert run.profit == pytest.approx(1.7 + 1.0 - 2.0)
    assert run.markouts(0.0).tolist() == run.depths.tolist()
    assert run.markouts(0.15).tolist() == pytest.approx([0.5 - 1.0, 1.2])


@pytest.mark.parametrize(
    ("call", "name"),
    [
        (lambda: poisson_arrivals(-1.0, 1.0, seed=1), "rate"),
        (lambda: poisson_arrivals(1.0, 0.0, seed=1), "horizon"),
        (lambda: poisson_arrivals(1.0, 1.0, seed=-1), "seed"),
        (lambda: hawkes_arrivals(1.0, 5.0, 5.0, 1.0, seed=1), "excitation"),
        (lambda: stationary_hawkes_rate(1.0, 6.0, 5.0), "excitation"),
        (lambda: hawkes_mean_count(1.0, 1.0, 5.0, -1.0), "horizon"),
        (lambda: noise_sides(-1, seed=1), "count"),
        (lambda: noise_sides(1, buy_probability=1.1, seed=1), "buy_probability"),
        (lambda: brownian_path(1.0, 1.0, 0, seed=1), "steps"),
        (lambda: order_flow(np.zeros(2), np.zeros(1, dtype=np.int8), fill_decay=1.0, seed=1), "sides"),
        (lambda: order_flow(np.zeros(0), np.zeros(0, dtype=np.int8), fill_decay=0.0, seed=1), "fill_decay"),
        (lambda: MidPath(np.zeros(0), np.zeros(0)), "times"),
        (lambda: MidPath(np.zeros(2), np.zeros(2)), "times"),
        (lambda: MidPath(np.zeros(1), np.zeros(2)), "prices"),
        (lambda: netting_ratio(0), "orders"),
        (lambda: expected_net_flow(-1), "orders"),
    ],
)
def test_what_is_no_flow_is_refused(call: Callable[[], object], name: str) -> None:
    """Rates, times, seeds and shares out of range: the error names the parameter."""
    with pytest.raises(InvalidParameterError, match=f"^{name} is"):
        call()


def test_informed_shares_and_foresights_out_of_range_are_refused() -> None:
    """A share above one, and no foresight; and a horizon or a markout in the past."""
    path = MidPath(np.zeros(1), np.zeros(1))
    flow = OrderFlow(np.zeros(0), np.zeros(0, dtype=np.int8), np.zeros(0))
    with pytest.raises(InvalidParameterError, match="informed_share"):
        informed_sides(np.zeros(1), path, informed_share=1.5, foresight=1.0, seed=1)
    with pytest.raises(InvalidParameterError, match="foresight"):
        informed_sides(np.zeros(1), path, informed_share=0.5, foresight=0.0, seed=1)
    with pytest.raises(InvalidParameterError, match="horizon"):
        trade_against(flow, lambda *_: (0.0, 0.0), path, horizon=0.0)
    with pytest.raises(InvalidParameterError, match="horizon"):
        trade_against(flow, lambda *_: (0.0, 0.0), path, horizon=1.0).markouts(-1.0)
