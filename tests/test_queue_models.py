"""Queue positions: against the true one, between their bounds, and by numbers worked out by hand."""

import math
import random
from fractions import Fraction
from typing import NamedTuple

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderbook.errors import InvalidParameterError
from orderbook.feeds import QueuedLots, QueueNotKnownError
from orderbook.queue_models import (
    ONE_LOT_X32,
    JoinedLevel,
    LogQueue,
    OptimisticQueue,
    OrderChange,
    PowerQueue,
    PowerShareQueue,
    QueueModel,
    QueuePlace,
    RiskAverseQueue,
    TrueFifo,
)

ESTIMATES: dict[str, QueueModel] = {
    "risk-averse": RiskAverseQueue(),
    "power 1": PowerQueue(1),
    "power 3": PowerQueue(3),
    "log": LogQueue(),
    "log of hundreds": LogQueue(lots_per_unit=100),
    "power of the share": PowerShareQueue(2),
    "optimistic": OptimisticQueue(),
}


def joined(model: QueueModel, size: int) -> QueuePlace:
    return model.join(JoinedLevel(100, size, None))


def ahead(place: QueuePlace) -> Fraction:
    return Fraction(place.size_ahead_x32, ONE_LOT_X32)


class Step(NamedTuple):
    """A trade of so many lots at the level, then its new size by cancellations and arrivals."""

    traded: int
    cancelled: int
    added: int


STEPS = st.lists(st.builds(Step, st.integers(0, 30), st.integers(0, 30), st.integers(0, 30)), max_size=25)


@given(st.integers(0, 100), STEPS, st.sampled_from(list(ESTIMATES)))
def test_a_position_is_within_its_level_and_never_falls_back(size: int, steps: list[Step], name: str) -> None:
    """Whatever happens, 0 <= ahead <= the level; ahead never grows; and only trades leave lots for us."""
    place = joined(ESTIMATES[name], size)
    before = ahead(place)
    assert before == size
    for step in steps:
        passed = place.on_trade(step.traded, None) if step.traded else 0
        assert passed == max(0, math.floor(step.traded - before))
        size = max(0, size - step.traded)
        size -= min(size, step.cancelled)
        size += step.added
        place.on_level(size, None)
        assert 0 <= ahead(place) <= before
        assert ahead(place) <= size
        before = ahead(place)


@given(st.integers(0, 100), STEPS)
def test_every_estimate_lies_between_the_optimistic_and_the_risk_averse_one(size: int, steps: list[Step]) -> None:
    """On the same data, at every moment, and so do the lots that have been left for us."""
    places = {name: joined(model, size) for name, model in ESTIMATES.items()}
    passed = dict.fromkeys(places, 0)
    for step in steps:
        size = max(0, size - step.traded)
        size += step.added - min(size, step.cancelled)
        for name, place in places.items():
            passed[name] += place.on_trade(step.traded, None) if step.traded else 0
            place.on_level(size, None)
        for name, place in places.items():
            assert ahead(places["optimistic"]) <= ahead(place) <= ahead(places["risk-averse"])
            assert passed["risk-averse"] <= passed[name] <= passed["optimistic"]


@pytest.mark.parametrize(
    ("model", "left"),
    [
        (RiskAverseQueue(), Fraction(60)),
        (OptimisticQueue(), Fraction(50)),
        (PowerQueue(1), Fraction(54)),
        (PowerQueue(2), 60 - Fraction(10 * 3_600, 3_600 + 1_600)),
        (PowerShareQueue(1), Fraction(54)),
        (PowerShareQueue(3), Fraction(5_784, 100)),
        (LogQueue(), Fraction(60 - 10 * math.log(61) / (math.log(61) + math.log(41)))),
        (LogQueue(lots_per_unit=20), Fraction(60 - 10 * math.log(4) / (math.log(4) + math.log(3)))),
    ],
)
def test_ten_lots_cancelled_with_sixty_ahead_and_forty_behind(model: QueueModel, left: Fraction) -> None:
    """Each model's formula by hand: f(60) / (f(60) + f(40)) of the ten were ahead; rounded against us, under 1e-8."""
    place = joined(model, 60)
    place.on_level(100, None)  # 40 lots join behind
    place.on_level(90, None)
    assert 0 <= ahead(place) - left < Fraction(1, 10**8)


def test_what_has_traded_was_not_cancelled() -> None:
    """A trade of 5 and then a level that is 5 smaller: the second is the first seen again, and moves nobody."""
    place = joined(OptimisticQueue(), 20)
    assert place.on_trade(5, None) == 0
    place.on_level(15, None)
    assert ahead(place) == 15
    place.on_level(12, None)
    assert ahead(place) == 12


def test_a_trade_that_was_replaced_at_once_still_brings_us_forward() -> None:
    """5 of 20 trade and 5 come in behind: the level's size is as it was, and 15 are ahead."""
    place = joined(RiskAverseQueue(), 20)
    place.on_trade(5, None)
    place.on_level(20, None)
    assert ahead(place) == 15


def test_cancellations_beyond_what_is_behind_were_ahead() -> None:
    """With 10 behind, a level that shrinks from 30 to 12 lost at least 8 ahead of us, even to the risk-averse."""
    place = joined(RiskAverseQueue(), 20)
    place.on_level(30, None)
    place.on_level(12, None)
    assert ahead(place) == 12


def test_no_cancellation_fills_us() -> None:
    """The whole level goes; we are first, and the next trade is ours from its first lot."""
    for model in ESTIMATES.values():
        place = joined(model, 50)
        place.on_level(0, None)
        assert ahead(place) == 0
        assert place.on_trade(3, None) == 3


def test_part_of_a_lot_is_not_ours() -> None:
    """With 53.8 lots ahead (10 of 65 cancelled, 62 % ahead), a trade of 55 leaves one whole lot for us, not 1.2."""
    place = joined(PowerQueue(1), 60)
    place.on_level(97, None)
    place.on_level(87, None)
    assert 53 < ahead(place) < 54
    assert place.on_trade(55, None) == 1


def test_where_each_lot_is_as_likely_to_be_cancelled_the_share_is_right_on_average() -> None:
    """300 queues of 150 lots, 60 cancelled at random: the linear estimate's mean error is within 4 standard errors."""
    errors = []
    for seed in range(300):
        rng = random.Random(seed)  # noqa: S311 - a test's seeded draws
        place = joined(PowerQueue(1), 90)
        place.on_level(150, None)
        queue = list(range(150))  # the first 90 are ahead
        for _ in range(60):
            queue.remove(rng.choice(queue))
            place.on_level(len(queue), None)
        errors.append(float(ahead(place)) - sum(order < 90 for order in queue))
    mean = sum(errors) / len(errors)
    deviation = math.sqrt(sum((error - mean) ** 2 for error in errors) / (len(errors) - 1))
    assert abs(mean) < 4 * deviation / math.sqrt(len(errors))
    assert deviation > 1


def test_the_true_position_needs_names() -> None:
    """On a feed that gives only sizes, true FIFO is an error that names the level."""
    with pytest.raises(QueueNotKnownError, match="level at 100 ticks as one size"):
        joined(TrueFifo(), 5)


def test_the_true_position_knows_who_leaves() -> None:
    """Behind 3 unnamed lots and orders of 5 and 7: what shrinks, leaves or trades ahead counts, and nothing behind."""
    place = TrueFifo().join(JoinedLevel(100, 15, [QueuedLots(None, 3), QueuedLots(1, 5), QueuedLots(2, 7)]))
    place.on_level(14, OrderChange(2, 6))
    assert ahead(place) == 14
    place.on_level(40, OrderChange(9, 4))
    place.on_level(39, None)
    assert ahead(place) == 14
    assert place.on_trade(2, None) == 0
    place.on_level(37, OrderChange(None, 1))
    assert ahead(place) == 12
    assert place.on_trade(1, None) == 0
    assert place.on_trade(5, 1) == 0
    place.on_level(31, OrderChange(1, 0))
    assert ahead(place) == 6
    assert place.on_trade(4, 2) == 0
    place.on_level(30, OrderChange(2, 5))  # of the 6 lots it had, 4 have traded: the message is older than that
    assert ahead(place) == 2
    place.on_level(25, OrderChange(2, 0))
    assert ahead(place) == 0
    assert place.on_trade(4, 9) == 4


@pytest.mark.parametrize("exponent", [0, -1, 1.5, True])
def test_an_exponent_is_a_positive_int(exponent: int) -> None:
    """Zero, negative, fractional or a bool: a typed error."""
    for model in (PowerQueue, PowerShareQueue):
        with pytest.raises(InvalidParameterError, match="exponent"):
            model(exponent)
    with pytest.raises(InvalidParameterError, match="lots_per_unit is 0"):
        LogQueue(0)
