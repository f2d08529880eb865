"""compare.paths: PricePath keeps a price in whole ticks, and says what it refuses."""

import math
from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare.errors import InputError
from compare.paths import PricePath

SECOND = 10**9


def gbm(**changes: float) -> PricePath:
    return PricePath.gbm(**({"price": 2_000, "volatility": 0.6, "days": 1, "seed": 7} | changes))  # type: ignore[arg-type]  # one type stands for all


def small(times: list[int], ticks: list[int]) -> PricePath:
    return PricePath(np.array(times), np.array(ticks), Fraction(1, 100))


paths = st.lists(st.tuples(st.integers(1, 50), st.integers(1, 10**6)), min_size=1, max_size=20).map(
    lambda points: small(np.cumsum([gap for gap, _ in points]).tolist(), [ticks for _, ticks in points])
)


def naive_price(path: PricePath, time_ns: int) -> int:
    """The last tick at or before a time, by looking at every point."""
    ticks = [tick for time, tick in zip(path.time_ns.tolist(), path.ticks.tolist(), strict=True) if time <= time_ns]
    return int(ticks[-1])


MODELS: dict[str, tuple[Callable[[int], PricePath], str]] = {
    "gbm": (
        lambda seed: PricePath.gbm(price=2_000, volatility=0.6, days=2, seed=seed),
        "654e915468b008c2",
    ),
    "ornstein_uhlenbeck": (
        lambda seed: PricePath.ornstein_uhlenbeck(price=2_000, volatility=0.6, half_life="6h", days=2, seed=seed),
        "1183f862db97dabf",
    ),
    "jump": (
        lambda seed: PricePath.jump(
            price=2_000, volatility=0.6, jump_rate="12/d", jump_volatility=0.01, days=2, seed=seed
        ),
        "7ff2a6ba559aec87",
    ),
    "trend": (
        lambda seed: PricePath.trend(price=1_000, end_price=900, volatility=0.6, days=2, seed=seed),
        "2e4cf6f4a3e63e9e",
    ),
}


@pytest.mark.parametrize("model", MODELS)
def test_the_same_seed_gives_the_same_bytes(model: str) -> None:
    """Golden hashes of every model at seed 0: another machine, Python or numpy that draws otherwise shows here."""
    draw, golden = MODELS[model]
    assert draw(0).sha256[:16] == golden


@pytest.mark.parametrize("model", MODELS)
def test_seeds_differ_and_share_a_tick(model: str) -> None:
    """Other seeds, zero among them, give other paths, all in the same tick of at most a tenth of a basis point."""
    draw, _ = MODELS[model]
    drawn = [draw(seed) for seed in range(4)]
    assert len({path.sha256 for path in drawn}) == 4
    assert len({path.tick_size for path in drawn}) == 1
    assert drawn[0].tick_size * 100_000 <= int(drawn[0].ticks.min()) * drawn[0].tick_size
    assert max(path.max_relative_error for path in drawn) < 1e-6


def test_a_seed_has_no_default() -> None:
    """Nothing is drawn from a seed that nobody named."""
    with pytest.raises(TypeError, match="seed"):
        PricePath.gbm(price=1, volatility=0.5, days=1)  # type: ignore[call-arg]  # that is what it refuses


def test_a_simulated_path_realises_its_volatility() -> None:
    """30 days of 12 seconds at 60 %: realised volatility within four standard errors, quantisation included."""
    path = gbm(days=30)
    assert len(path) == 30 * 7_200 + 1
    assert path.duration_ns == 30 * 86_400 * SECOND
    assert abs(path.realised_volatility() / 0.6 - 1) < 4 / math.sqrt(2 * len(path))


def test_a_trend_starts_and_ends_to_the_tick() -> None:
    """1,000 to 900: both prices exactly."""
    path = PricePath.trend(price=1_000, end_price=900, volatility=0.5, days=1, seed=11)
    assert (path.prices[0], path.prices[-1]) == (1_000, 900)


def test_a_constant_price_never_moves() -> None:
    """All ticks alike, no error, no volatility."""
    path = PricePath.constant(price=2_345.67, days=1, step="1h")
    assert set(path.ticks.tolist()) == {int(Fraction("2345.67") / path.tick_size)}
    assert path.max_relative_error == 0
    assert path.realised_volatility() == 0


def test_an_explicit_tick_is_taken_or_refused() -> None:
    """A cent does for 12-second moves at 2,000 dollars; ten dollars do not, and the message names a tick that does."""
    assert gbm(tick_size=0.01).tick_size == Fraction(1, 100)
    with pytest.raises(InputError, match=r"GBM, tick_size 10: too coarse .*; 1/\d+ would do") as refusal:
        gbm(tick_size=10)
    gbm(tick_size=float(Fraction(refusal.value.remedy.split()[0])))


def test_a_start_may_be_named() -> None:
    """The first price stands at the start, of any year."""
    path = PricePath.constant(price=1, days=1, start="2025-10-10T00:00:00Z")
    assert path.start_ns == 1_760_054_400 * SECOND
    assert path.end_ns - path.start_ns == path.duration_ns == 86_400 * SECOND


def test_arrays_are_copied_and_read_only() -> None:
    """Neither the caller's arrays nor the path's own can change a path behind its hash."""
    times, ticks = np.array([0, 1]), np.array([5, 6])
    path = PricePath(times, ticks, Fraction(1, 100))
    ticks[0] = 99
    assert path.ticks.tolist() == [5, 6]
    with pytest.raises(ValueError, match="read-only"):
        path.ticks[0] = 1
    with pytest.raises(AttributeError):
        path.ticks = ticks  # type: ignore[misc]  # that is what it refuses


def test_equality_is_content() -> None:
    """The name counts for nothing; each array and the tick size count."""
    path = small([0, 1], [5, 6])
    assert path == PricePath(path.time_ns, path.ticks, path.tick_size, name="another")
    assert hash(path) == hash(small([0, 1], [5, 6]))
    assert path != small([0, 2], [5, 6])
    assert path != small([0, 1], [5, 7])
    assert path != PricePath(path.time_ns, path.ticks, Fraction(1, 10))
    assert path != "path"


def test_from_arrays_takes_datetimes_and_nanoseconds() -> None:
    """The same instants in either form, in any unit, are the same path."""
    days = np.array(["2025-10-10", "2025-10-11"], dtype="datetime64[D]")
    nanoseconds = days.astype("datetime64[ns]").astype(np.int64)
    assert PricePath.from_arrays(days, [1.5, 1.25]) == PricePath.from_arrays(nanoseconds, [1.5, 1.25])


@pytest.mark.parametrize(
    ("times", "ticks", "problem"),
    [
        ([], [], "0 times and 0 prices make no path"),
        ([0, 1], [5], "2 times and 1 prices make no path"),
        ([0, 0], [5, 5], "index 1: 1970-01-01T00:00:00Z follows 1970-01-01T00:00:00Z; times are strictly increasing"),
        ([0, 2, 1], [5, 5, 5], "time_ns, index 2"),
        ([0, 1], [5, 0], "ticks, index 1: a price is below one tick"),
        ([0.5, 1.5], [5, 5], "time_ns: an array of float64"),
        ([[0], [1]], [5, 5], "shape"),
        ([2**63, 2**63 + 1], [5, 5], "integers from -9223372036854775808 to 9223372036854775807"),
    ],
)
def test_what_is_no_path_is_refused(times: list[float], ticks: list[int], problem: str) -> None:
    """Each rule of a path is checked when it is made, and the error names the index."""
    with pytest.raises(InputError, match=problem):
        PricePath(np.array(times), np.array(ticks), Fraction(1, 100))


@given(paths, st.lists(st.integers(0, 1_200), max_size=10))
def test_the_price_at_a_time_is_the_last_one_known(path: PricePath, times: list[int]) -> None:
    """Against a search through every point."""
    known = [time for time in times if time >= path.start_ns]
    assert path.ticks_at(known).tolist() == [naive_price(path, time) for time in known]


def test_there_is_no_price_before_the_first() -> None:
    """Asking for one is an error, not the first price."""
    with pytest.raises(InputError, match="no price before the first"):
        small([10, 20], [5, 6]).ticks_at([9])


@given(paths, st.integers(1, 40))
def test_resampling_keeps_the_last_price_known(path: PricePath, step: int) -> None:
    """Every multiple of the step inside the path, with the price that a search through every point finds."""
    grid = [time for time in range(0, path.end_ns + 1, step) if time >= path.start_ns]
    if not grid:
        with pytest.raises(InputError, match="no whole"):
            path.resample(f"{step}ns")
        return
    resampled = path.resample(f"{step}ns")
    assert resampled.time_ns.tolist() == grid
    assert resampled.ticks.tolist() == [naive_price(path, time) for time in grid]
    assert f"last price at every {step}ns" in resampled.description


@given(paths, st.integers(0, 1_200), st.integers(0, 1_200))
def test_a_slice_is_half_open(path: PricePath, start: int, end: int) -> None:
    """Points from start on and before end, or an error where there is none."""
    points = zip(path.time_ns.tolist(), path.ticks.tolist(), strict=True)
    expected = [(time, ticks) for time, ticks in points if start <= time < end]
    if not expected:
        with pytest.raises(InputError, match="no price from"):
            path.between(start, end)
        return
    part = path.between(start, end)
    assert list(zip(part.time_ns.tolist(), part.ticks.tolist(), strict=True)) == expected


def test_a_slice_takes_text_and_open_ends() -> None:
    """Two slices that meet are the whole."""
    path = gbm()
    first, second = path.between(end="1970-01-01T12:00:00Z"), path.between("1970-01-01 12:00")
    assert len(first) + len(second) == len(path)
    assert second.start_ns == 12 * 3_600 * SECOND


def test_one_price_has_no_volatility() -> None:
    """A path of one price is a path, and its volatility is refused."""
    with pytest.raises(InputError, match="one price has no volatility"):
        small([0], [5]).realised_volatility()


def test_the_representation_says_what_it_is() -> None:
    """Name, number, extent, tick and hash."""
    text = repr(small([0, 1_500_000_000], [5, 6]))
    assert text.startswith(
        "PricePath('', 2 prices from 1970-01-01T00:00:00Z to 1970-01-01T00:00:01.5Z, tick 1/100, sha"
    )
