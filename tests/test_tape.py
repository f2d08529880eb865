"""compare.tape: the orders of a tape, their laws, and what one change leaves alone."""

import math
import re
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare.errors import InputError
from compare.paths import PricePath
from compare.tape import TakerKind, TakerTape

SECOND = 10**9
MONTH = PricePath.constant(price=2_000, days=30, step="1h", start="2025-10-10")
ARRAYS = ("time_ns", "side", "lots", "tolerance_pips", "kind", "uid")


def poisson(**changes: Any) -> TakerTape:  # noqa: ANN401  any argument of the constructor
    arguments: dict[str, Any] = {"rate": "40/h", "mean_size": 0.5, "mean_tolerance_bps": 10.0, "seed": 8} | changes
    return TakerTape.poisson(MONTH, **arguments)


def tape_of(**changes: list[int]) -> TakerTape:
    columns: dict[str, Any] = {
        "time_ns": [1, 2],
        "side": [1, -1],
        "lots": [5, 6],
        "tolerance_pips": [0, 9],
        "kind": [0, 1],
        "uid": [0, 1],
    } | changes
    arrays: dict[str, Any] = {key: np.array(values) for key, values in columns.items()}
    return TakerTape(**arrays, lot_size=Fraction(1, 10))


def by_uid(tape: TakerTape) -> dict[int, tuple[int, ...]]:
    """Each order by its number: time, side, lots, tolerance."""
    columns = (tape.time_ns, tape.side, tape.lots, tape.tolerance_pips)
    return dict(zip(tape.uid.tolist(), zip(*(column.tolist() for column in columns), strict=True), strict=True))


def test_the_same_seed_gives_the_same_bytes() -> None:
    """Golden hashes at seed 0: a machine, Python or numpy that draws otherwise shows here."""
    hashes = {law: poisson(seed=0, size_law=law).sha256[:16] for law in ("exponential", "lognormal", "constant")}
    assert hashes == {
        "exponential": "9e471bc387b17ea9",
        "lognormal": "8aeec607519e688d",
        "constant": "79352b0ddecec1b1",
    }


def test_arrivals_are_poisson() -> None:
    """28,800 orders expected: their number, the mean and deviation of gaps, and evenness over 24 hours of the day."""
    tape = poisson()
    expected = 40 * 24 * 30
    assert abs(len(tape) - expected) < 4 * math.sqrt(expected)
    gaps = np.diff(tape.time_ns) / (3_600 * SECOND)
    assert abs(gaps.mean() * 40 - 1) < 4 / math.sqrt(len(tape))
    assert abs(gaps.std() / gaps.mean() - 1) < 4 * math.sqrt(2 / len(tape))
    hours = np.bincount((tape.time_ns // (3_600 * SECOND) % 24).astype(np.int64), minlength=24)
    chi_squared = float(((hours - expected / 24) ** 2).sum() / (expected / 24))
    assert abs(chi_squared - 23) < 4 * math.sqrt(2 * 23)


def test_orders_lie_inside_the_path() -> None:
    """After the first price and up to the last, in order, each with a number of its own."""
    tape = poisson()
    assert MONTH.start_ns < tape.time_ns[0] <= tape.time_ns[-1] <= MONTH.end_ns
    assert (np.diff(tape.time_ns) >= 0).all()
    assert sorted(tape.uid.tolist()) == list(range(len(tape)))
    assert set(tape.kind.tolist()) == {TakerKind.NOISE}


@pytest.mark.parametrize("probability", [0.0, 0.3, 0.5, 1.0])
def test_buys_have_their_probability(probability: float) -> None:
    """The share of buys, within four standard errors; none at 0 and all at 1."""
    tape = poisson(buy_probability=probability)
    error = 4 * math.sqrt(probability * (1 - probability) / len(tape))
    assert abs(np.mean(tape.side == 1) - probability) <= error


@pytest.mark.parametrize(
    ("law", "relative_deviation"), [("exponential", 1.0), ("lognormal", math.sqrt(math.e - 1)), ("constant", 0.0)]
)
def test_sizes_have_their_mean_and_deviation(law: str, relative_deviation: float) -> None:
    """Mean 0.5 base tokens under each law, within four standard errors, rounding to lots included."""
    tape = poisson(size_law=law, rate="400/h")
    sizes = tape.lots * float(tape.lot_size)
    assert abs(sizes.mean() / 0.5 - 1) <= 4 * relative_deviation / math.sqrt(len(tape))
    # The deviation of a lognormal converges slowly: a tenth is some four of its standard errors here.
    assert abs(sizes.std() / 0.5 - relative_deviation) < 0.1
    assert tape.lot_size == Fraction(1, 10_000)


def test_exponential_sizes_have_their_whole_law() -> None:
    """P(size > s) = exp(-s / mean) at ten sizes, within four standard errors."""
    tape = poisson(rate="400/h")
    sizes = tape.lots * float(tape.lot_size)
    for size in np.linspace(0.05, 3, 10):
        law = math.exp(-size / 0.5)
        assert abs(np.mean(sizes > size) - law) < 4 * math.sqrt(law * (1 - law) / len(tape))


def test_a_cost_is_accepted_with_the_exponential_probability() -> None:
    """P(tolerance >= d) = exp(-k d) for whole d in pips, with 1/k = 1,000 pips: A exp(-k delta) on any venue."""
    tape = poisson(rate="400/h")
    for cost_pips in (1, 10, 100, 500, 1_000, 3_000, 5_000):
        law = math.exp(-cost_pips / 1_000)
        accepted = np.mean(tape.tolerance_pips >= cost_pips)
        assert abs(accepted - law) < 4 * math.sqrt(law * (1 - law) / len(tape))


def test_no_tolerance_at_all() -> None:
    """A mean of zero makes takers who accept no cost."""
    assert set(poisson(mean_tolerance_bps=0).tolerance_pips.tolist()) == {0}


def test_columns_are_independent() -> None:
    """Side, size and tolerance of one order have no correlation, nor with its place in the tape."""
    tape = poisson(rate="400/h")
    columns = [tape.side, tape.lots, tape.tolerance_pips, tape.time_ns - tape.time_ns[0], tape.uid]
    table = np.asarray(np.corrcoef(np.array(columns, dtype=np.float64)))
    assert np.abs(table[~np.eye(5, dtype=bool)]).max() < 4 / math.sqrt(len(tape))


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ({"mean_size": 5.0}, ("time_ns", "side", "tolerance_pips", "kind", "uid")),
        ({"size_law": "lognormal"}, ("time_ns", "side", "tolerance_pips", "kind", "uid")),
        ({"mean_tolerance_bps": 50.0}, ("time_ns", "side", "lots", "kind", "uid")),
        ({"buy_probability": 0.9}, ("time_ns", "lots", "tolerance_pips", "kind", "uid")),
    ],
)
def test_one_change_leaves_all_else_alone(change: dict[str, Any], kept: tuple[str, ...]) -> None:
    """Common random numbers: another size, tolerance or side law moves its own column only."""
    one, other = poisson(lot_size="0.001"), poisson(lot_size="0.001", **change)
    for key in ARRAYS:
        assert (getattr(one, key) == getattr(other, key)).all() == (key in kept), key


def test_a_higher_rate_adds_orders_and_changes_none() -> None:
    """Every order of the thin tape is in the thick one: same number, time, side, size and tolerance."""
    thin, thick = by_uid(poisson(rate="10/h")), by_uid(poisson(rate="40/h"))
    assert len(thin) < len(thick)
    assert all(thick[uid] == order for uid, order in thin.items())


def test_a_tape_shares_nothing_with_a_path_of_its_seed() -> None:
    """Returns of a path and sides of a tape with the same seed, drawn in the same order, are uncorrelated."""
    path = PricePath.gbm(price=1, volatility=0.5, days=30, step="2m", seed=3)
    tape = TakerTape.poisson(path, rate="40/h", mean_size=1, seed=3)
    sides = tape.side[np.argsort(tape.uid)][: len(path) - 1]
    returns = np.diff(np.log(path.prices))[: sides.size]
    assert abs(np.corrcoef(sides, returns)[0, 1]) < 4 / math.sqrt(sides.size)


def test_a_tape_may_be_empty() -> None:
    """No takers: by name, by a rate of zero, on a path of one price."""
    assert len(TakerTape.empty("0.001")) == len(poisson(rate="0/h")) == 0
    assert TakerTape.empty("0.001").lot_size == Fraction(1, 1_000)
    alone = PricePath(np.array([5]), np.array([1]), Fraction(1))
    assert len(TakerTape.poisson(alone, rate="40/h", mean_size=1, seed=0)) == 0


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"rate": "40"}, "rate: '40' is not a rate"),
        ({"rate": "1/ns"}, "rate: that makes 2.59e+15 points; at most 100000000"),
        ({"mean_size": 0}, "mean_size: 0 is not positive"),
        ({"mean_size": float("nan")}, "mean_size: nan is not a number"),
        ({"mean_size": 0.05, "lot_size": 0.1}, "lot_size 1/10: the mean size 0.05 is less than one lot; 1/100 or less"),
        ({"lot_size": 0}, "lot_size: 0 is not a size"),
        ({"lot_size": "1e-30"}, "a size of .* is 2**53 lots or more; give a larger lot"),
        ({"size_law": "pareto"}, "size_law: 'pareto' is no law of sizes; one of exponential, lognormal, constant"),
        ({"size_law": "lognormal", "log_deviation": -1}, "log_deviation: -1 is negative"),
        ({"mean_tolerance_bps": -1}, "mean_tolerance_bps: -1 is negative"),
        ({"mean_tolerance_bps": 1e300}, "mean_tolerance_bps: a mean tolerance of 1e+300 bp is 2**48 pips or more"),
        ({"buy_probability": 1.1}, "buy_probability: 1.1 is not a probability; give a number from 0 to 1"),
        ({"seed": -1}, "seed: -1 is not a whole number"),
    ],
)
def test_what_no_tape_can_have_is_refused_by_name(change: dict[str, Any], problem: str) -> None:
    """Each wrong argument is named with its value and its rule."""
    with pytest.raises(InputError, match=re.escape(problem).replace(r"\.\*", ".*")):
        poisson(**change)


@pytest.mark.parametrize("size", [1e-7, 0.1, 1e-3, 3e-9])
def test_a_mean_size_of_one_lot_is_one_lot(size: float) -> None:
    """A mean of 1e-7 in lots of "1e-7" is what its decimal text says, although the float is a little less."""
    tape = TakerTape.poisson(MONTH, rate="40/h", mean_size=size, lot_size=str(size), size_law="constant", seed=1)
    assert set(tape.lots.tolist()) == {1}


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        ({"time_ns": [2, 1]}, "time_ns, index 1"),
        ({"side": [1, 0]}, "side, index 1: the value is 0; +1 where the taker buys, -1 where it sells"),
        ({"lots": [0, 1]}, "lots, index 0: the value is 0; an order is at least one lot"),
        ({"tolerance_pips": [-1, 0]}, "tolerance_pips, index 0: the value is -1; a tolerance is zero or more"),
        ({"kind": [0, 7]}, "kind, index 1: the value is 7; 0 noise, 1 informed"),
        ({"uid": [-1, 0]}, "uid, index 0: the value is -1"),
        ({"uid": [3, 3]}, "uid: the number 3 is there twice; one number an order"),
        ({"lots": [1]}, "lots: 1 values for 2 orders; give one value an order"),
        ({"side": [1, 300]}, "side: values from 1 to 300; integers from -128 to 127"),
        ({"lots": [1.5, 2.0]}, "lots: an array of float64 with the shape (2,); one row of integers"),
    ],
)
def test_what_is_no_tape_is_refused(change: dict[str, list[int]], problem: str) -> None:
    """Each rule of a tape is checked when it is made."""
    with pytest.raises(InputError, match=re.escape(problem)):
        tape_of(**change)


def test_orders_may_share_a_time() -> None:
    """Recorded trades do; their order is that of the tape."""
    assert tape_of(time_ns=[1, 1]).uid.tolist() == [0, 1]


def test_arrays_are_copied_and_read_only() -> None:
    """Nothing can change a tape behind its hash."""
    tape = tape_of()
    for key in ARRAYS:
        with pytest.raises(ValueError, match="read-only"):
            getattr(tape, key)[0] = 1


CHANGES: list[Callable[[], TakerTape]] = [
    lambda: tape_of(time_ns=[1, 3]),
    lambda: tape_of(side=[1, 1]),
    lambda: tape_of(lots=[5, 7]),
    lambda: tape_of(tolerance_pips=[0, 8]),
    lambda: tape_of(kind=[0, 0]),
    lambda: tape_of(uid=[0, 2]),
]


def test_equality_is_content() -> None:
    """Every array and the lot size count, and the name does not."""
    tape = tape_of()
    assert tape == tape_of()
    assert hash(tape) == hash(tape_of())
    assert all(tape != change() for change in CHANGES)
    assert tape != replace(tape, lot_size=Fraction(1, 100))
    assert tape == replace(tape, name="x")
    assert tape != "tape"


def test_recorded_orders_round_to_lots() -> None:
    """To the nearest, ties to even, and never below one lot."""
    tape = TakerTape.from_arrays([1, 2, 3, 4], [1, 1, -1, 1], [0.01, 0.25, 0.35, 1.0], tolerance_bps=2.5, lot_size=0.1)
    assert tape.lots.tolist() == [1, 2, 4, 10]
    assert tape.tolerance_pips.tolist() == [250] * 4
    assert tape.uid.tolist() == [0, 1, 2, 3]


@pytest.mark.parametrize("size", [0.0, -1.0, float("nan"), float("inf")])
def test_recorded_sizes_are_positive(size: float) -> None:
    """A size that is not is refused."""
    with pytest.raises(InputError, match="a size is not positive"):
        TakerTape.from_arrays([1], [1], [size], tolerance_bps=1)


@given(st.lists(st.integers(0, 100), max_size=20), st.integers(0, 100), st.integers(0, 100))
def test_a_slice_is_half_open(times: list[int], start: int, end: int) -> None:
    """Orders from start on and before end, none where there is none."""
    times.sort()
    tape = TakerTape.from_arrays(
        np.array(times, dtype=np.int64), np.ones(len(times), np.int8), np.ones(len(times)), tolerance_bps=1
    )
    part = tape.between(start, max(start, end))
    assert part.time_ns.tolist() == [time for time in times if start <= time < end]
    assert tape.between() == tape
