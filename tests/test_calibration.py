"""Calibration from data: known values are recovered, and the stated errors are the true ones (S21, S24)."""

import math
import subprocess
import sys

import numpy as np
import pytest

from orderbook import FeeSchedule
from orderbook.calibration import CalibrationRecord, FillCurve, Sample, fit_fill_curve, volatilities
from orderbook.errors import InvalidParameterError

DISTANCES = np.linspace(0.0, 4.0, 17)


def simulated(seed: int, exposure: float, intensity: float = 140.0, decay: float = 1.5) -> FillCurve:
    """A fit to Poisson fills of quotes that stood equally long at 17 distances."""
    exposures = np.full(DISTANCES.size, exposure)
    fills = np.random.default_rng(seed).poisson(intensity * np.exp(-decay * DISTANCES) * exposures)
    return fit_fill_curve(DISTANCES, exposures, fills)


def test_s24_a_million_fills_recover_the_fill_decay_within_a_percent() -> None:
    """A fill decay of 1.5 and A = 140: both within one percent, and within four of the stated errors."""
    curve = simulated(24, exposure=1e6 / (140 * np.exp(-1.5 * DISTANCES).sum()))
    assert abs(curve.fills - 1_000_000) < 5_000
    assert curve.fill_decay == pytest.approx(1.5, rel=0.01)
    assert curve.arrival_intensity == pytest.approx(140, rel=0.01)
    assert abs(curve.fill_decay - 1.5) < 4 * curve.fill_decay_error
    assert abs(curve.arrival_intensity - 140) < 4 * curve.arrival_intensity_error
    assert curve.fill_decay_error < 0.01 * 1.5


def test_s24_the_stated_errors_are_the_spread_of_many_fits() -> None:
    """Five hundred fits: each parameter is right on average, and deviates by its stated error within ten percent."""
    curves = [simulated(seed, exposure=100.0) for seed in range(500)]
    for values, errors, truth in (
        ([c.fill_decay for c in curves], [c.fill_decay_error for c in curves], 1.5),
        ([c.arrival_intensity for c in curves], [c.arrival_intensity_error for c in curves], 140.0),
    ):
        assert np.std(values) == pytest.approx(np.mean(errors), rel=0.1)
        assert abs(np.mean(values) - truth) < 4 * np.std(values) / math.sqrt(500)
    # Of independent fills that do thin out exponentially, the deviance is chi-squared.
    deviances = [curve.deviance for curve in curves]
    assert {curve.degrees_of_freedom for curve in curves} == {15}
    assert abs(np.mean(deviances) - 15) < 4 * math.sqrt(2 * 15 / 500)


def test_s24_exact_rates_give_back_the_curve() -> None:
    """Fills in exact proportion to a curve, whatever the exposures and however steep: that curve, to ten digits."""
    for decay in (-0.3, 0.02, 1.0, 9.0):
        exposures = np.array([1.0, 3.0, 0.0, 2.0])
        distances = np.array([0.0, 1.0, 5.0, 2.0])
        # Whole fills in the ratio of the curve: exposures are chosen for it.
        fills = np.array([4.0, 12.0, 0.0, 7.0])
        exposures = np.where(fills > 0, fills / (50 * np.exp(-decay * distances)), exposures)
        curve = fit_fill_curve(distances, exposures, fills)
        assert curve.fill_decay == pytest.approx(decay, rel=1e-10, abs=1e-10)
        assert curve.arrival_intensity == pytest.approx(50, rel=1e-10)
        assert curve.deviance == pytest.approx(0, abs=1e-9)
        assert curve.rate(1.0) == pytest.approx(50 * math.exp(-decay), rel=1e-9)


def test_s24_order_sizes_and_their_variance() -> None:
    """Exponential sizes of mean 20: mean 20 and variance 400, within four of the stated errors, which are right too."""
    rng = np.random.default_rng(240)
    samples = [Sample.of(rng.exponential(20.0, 2_000)) for _ in range(300)]
    large = Sample.of(rng.exponential(20.0, 1_000_000))
    assert abs(large.mean - 20) < 4 * large.mean_error
    assert abs(large.variance - 400) < 4 * large.variance_error
    assert np.std([sample.mean for sample in samples]) == pytest.approx(20 / math.sqrt(2_000), rel=0.15)
    assert np.std([sample.variance for sample in samples]) == pytest.approx(
        np.mean([sample.variance_error for sample in samples]), rel=0.15
    )


def test_s21_s24_short_term_volatility_and_its_variance() -> None:
    """Minutes that move .04 give .005164 a second; calm and wild ones in turn give their mean and their spread."""
    rng = np.random.default_rng(210)
    even = volatilities(np.cumsum(rng.normal(0, 0.04 / math.sqrt(60), 60_001)), window=60)
    assert abs(even.mean - 0.005164) < 4 * even.mean_error + 0.005164 / (4 * 60)  # a root's mean is below the root
    assert math.sqrt(even.variance) == pytest.approx(0.005164 / math.sqrt(120), rel=0.1)
    scales = np.repeat([0.002, 0.006] * 500, 60)
    uneven = volatilities(np.cumsum(np.append(0, rng.normal(0, scales))), window=60)
    assert uneven.count == 1_000
    assert uneven.mean == pytest.approx(0.004, rel=0.02)
    assert math.sqrt(uneven.variance) == pytest.approx(0.002, rel=0.1)
    assert volatilities([0, 1, 0, 1, 0], window=2, interval=0.25).mean == 2


def test_s24_the_record_holds_all_of_it() -> None:
    """What the articles list: volume, sizes, depth, volatility, fees, latency, and how fills thin out."""
    sample = Sample.of([1.0, 2.0, 4.0])
    record = CalibrationRecord(simulated(1, 5.0), sample, sample, sample, sample, FeeSchedule(100, 250), sample)
    assert (record.volume.count, round(record.order_size.mean, 6), record.fees.taker_fee_pips) == (3, 2.333333, 250)


@pytest.mark.parametrize(
    ("distances", "exposures", "fills", "match"),
    [
        ([1, 2], [1, 1], [1, 2, 3], "equally many"),
        ([1, 2], [1, -1], [1, 1], "exposures is -1.0"),
        ([1, 2], [1, 1], [1, 0.5], "whole numbers"),
        ([1, 2], [1, 1], [1, -1], "whole numbers"),
        ([1, 2, 3], [1, 0, 1], [1, 1, 1], "0 wherever no quote stood"),
        ([1, 1], [1, 1], [1, 1], "at least two at which a quote stood"),
        ([1, 2], [1, 1], [0, 5], "at two distances"),
        ([1, math.inf], [1, 1], [1, 1], "distances is inf"),
        ([1, 2], [1, 1], [1, math.nan], "fills is nan"),
    ],
)
def test_data_no_curve_can_be_fitted_to_is_refused(
    distances: list[float], exposures: list[float], fills: list[float], match: str
) -> None:
    """The error says which of the numbers and why."""
    with pytest.raises(InvalidParameterError, match=match):
        fit_fill_curve(distances, exposures, fills)


def test_samples_without_a_variance_are_refused() -> None:
    """One measurement, one window, a window or an interval of nothing, a number that is none."""
    with pytest.raises(InvalidParameterError, match="at least two measurements"):
        Sample.of([1.0])
    with pytest.raises(InvalidParameterError, match="values is nan"):
        Sample.of([1.0, math.nan])
    with pytest.raises(InvalidParameterError, match="at least 121 prices"):
        volatilities(list(range(100)), window=60)
    with pytest.raises(InvalidParameterError, match="window"):
        volatilities([1, 2, 3], window=0)
    with pytest.raises(InvalidParameterError, match="interval"):
        volatilities([1, 2, 3], window=1, interval=0)


def test_the_package_does_not_import_numpy() -> None:
    """Nor anything else from outside the standard library."""
    code = "import sys, orderbook; print([name for name in ('numpy', 'pandas', 'amm') if name in sys.modules])"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
