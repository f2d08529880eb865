"""Changes of a tape keep what they do not change, and follow the law they name."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from compare.errors import InputError
from compare.paths import PricePath
from compare.tape import TakerKind, TakerTape
from compare.tape_changes import cluster, inform, resize, split_orders

PATH = PricePath.gbm(price=2_000, volatility=0.8, days=1, step="12s", seed=3)
TAPE = TakerTape.poisson(PATH, rate="200/h", mean_size=1, seed=4)


def counts(tape: TakerTape, step_ns: int) -> np.ndarray[tuple[int], np.dtype[np.int64]]:
    edges = np.arange(PATH.start_ns, PATH.end_ns + 1, step_ns)
    return np.histogram(tape.time_ns, edges)[0]


def test_clustered_orders_come_in_bunches_at_the_same_rate() -> None:
    """With branching n, counts in windows far longer than the memory vary 1 / (1 - n)^2 times as much as Poisson's.

    Twenty days at 200 an hour; the ratio of variance to mean over 960 half-hour windows has a standard error of about
    sqrt(2 / 960) of itself, 4.6 %, and the mean count one of sqrt(V / N): both are held to four of them.
    """
    days = PricePath.constant(price=2_000, days=20)
    tape = TakerTape.poisson(days, rate="220/h", mean_size=1, seed=4)
    clustered = cluster(tape, days, branching=0.5, memory="20s", seed=5)
    edges = np.arange(days.start_ns, days.end_ns + 1, 1_800 * 10**9)
    found = np.histogram(clustered.time_ns, edges)[0]
    ratio = found.var(ddof=1) / found.mean()
    assert abs(ratio - 4) < 4 * 4 * (2 / found.size) ** 0.5
    assert abs(found.mean() - 110) < 4 * (4 * 110 / found.size) ** 0.5


def test_without_branching_nothing_clusters() -> None:
    """Branching zero is a Poisson process: counts vary as their mean, within four standard errors."""
    found = counts(cluster(TAPE, PATH, branching=0, memory="20s", seed=5), 300 * 10**9)
    ratio = found.var(ddof=1) / found.mean()
    assert abs(ratio - 1) < 4 * (2 / found.size) ** 0.5


def test_clustering_keeps_the_orders_themselves() -> None:
    """Sides, sizes and tolerances come in the same sequence; only times are new."""
    clustered = cluster(TAPE, PATH, branching=0.3, memory="1m", seed=5)
    count = len(clustered)
    assert count > len(TAPE) * 0.8
    for key in ("side", "lots", "tolerance_pips"):
        assert np.array_equal(getattr(clustered, key), getattr(TAPE, key)[:count])


@given(st.integers(1, 12))
def test_children_add_up_to_their_parents(children: int) -> None:
    """Every lot of every order is in its children, on the side of the parent, and the children come in order."""
    split = split_orders(TAPE, children, "1ns")
    assert split.lots.sum() == TAPE.lots.sum()
    assert (split.lots * split.side).sum() == (TAPE.lots * TAPE.side).sum()
    assert len(split) == np.minimum(TAPE.lots, children).sum()
    assert (np.diff(split.time_ns) >= 0).all()


def test_children_of_one_order() -> None:
    """Ten lots in four children, a second apart, are 3, 3, 2 and 2 lots."""
    one = TakerTape.from_arrays([10], [1], [10.0], tolerance_bps=5, lot_size=1)
    split = split_orders(one, 4, "1s")
    assert split.lots.tolist() == [3, 3, 2, 2]
    assert split.time_ns.tolist() == [10, 10 + 10**9, 10 + 2 * 10**9, 10 + 3 * 10**9]


def test_informed_takers_are_on_the_side_of_the_move() -> None:
    """All informed and always right: every order whose price moves within the horizon is on the side of the move."""
    known = inform(TAPE, PATH, share=1, horizon="1m", seed=6)
    later = PATH.ticks_at(np.minimum(known.time_ns + 60 * 10**9, PATH.end_ns))
    move = np.sign(later - PATH.ticks_at(known.time_ns))
    informed = known.kind == TakerKind.INFORMED
    assert np.array_equal(informed, move != 0)
    assert np.array_equal(known.side[informed], move[informed])
    assert np.array_equal(known.lots, TAPE.lots)


def test_share_and_accuracy_are_what_was_asked() -> None:
    """A third informed and right nine times in ten: both shares within four standard errors."""
    known = inform(TAPE, PATH, share=1 / 3, horizon="1h", accuracy=0.9, seed=6)
    informed = known.kind == TakerKind.INFORMED
    later = PATH.ticks_at(np.minimum(known.time_ns + 3_600 * 10**9, PATH.end_ns))
    right = known.side[informed] == np.sign(later - PATH.ticks_at(known.time_ns))[informed]
    assert abs(informed.mean() - 1 / 3) < 4 * (2 / 9 / len(known)) ** 0.5
    assert abs(right.mean() - 0.9) < 4 * (0.09 / informed.sum()) ** 0.5
    assert np.array_equal(known.side[~informed], TAPE.side[~informed])


def test_sizes_from_data() -> None:
    """Every size is a recorded one, and everything else is as it was."""
    sized = resize(TAPE, [0.5, 2.0], seed=7)
    lots = sized.lots * float(sized.lot_size)
    assert set(lots.tolist()) == {0.5, 2.0}
    assert np.array_equal(sized.time_ns, TAPE.time_ns)


@pytest.mark.parametrize(
    "change",
    [
        lambda: cluster(TAPE, PATH, branching=1.0, memory="1s", seed=1),
        lambda: split_orders(TAPE, 0, "1s"),
        lambda: inform(TAPE, PATH, share=1.5, horizon="1s", seed=1),
        lambda: inform(TAPE, PATH, share=0.5, horizon="1s", accuracy=-1, seed=1),
        lambda: resize(TAPE, [], seed=1),
        lambda: resize(TAPE, [1.0, -1.0], seed=1),
    ],
)
def test_what_makes_no_sense_is_refused(change: object) -> None:
    """Each argument out of range is named with its rule."""
    assert callable(change)
    with pytest.raises(InputError):
        change()
