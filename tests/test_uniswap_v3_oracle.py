"""The oracle beside a plain history: the tick and the liquidity at every second, added up."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amm import Observation, RevertError, UniswapV3Pool
from amm.math.tick_math import get_sqrt_ratio_at_tick
from amm.uniswap_v3 import oracle
from amm.uniswap_v3.state import Slot0

# Steps of a history: seconds that pass, then the tick the price is moved to or the liquidity that is added.
MOVES = st.tuples(
    st.integers(0, 5), st.one_of(st.integers(-900, 900).map(lambda tick: ("move", tick)), st.just(("add", 7)))
)
STARTS = st.sampled_from([0, 1_000, 2**32 - 9, 2**33 + 5])


class History:
    """A pool, and for each second the tick and the liquidity it ended the block before with."""

    def __init__(self, start: int, cardinality: int) -> None:
        self.pool = UniswapV3Pool(3000, 1)
        self.pool.block_timestamp = self.start = start
        self.pool.initialize(2**96)
        self.pool.mint("lp", -1000, 1000, 3)
        self.pool.increase_observation_cardinality_next(cardinality)
        self.seconds: list[tuple[int, int]] = []

    def wait(self, seconds: int) -> None:
        self.seconds += [(self.pool.slot0.tick, self.pool.liquidity)] * seconds
        self.pool.block_timestamp += seconds

    def do(self, what: str, value: int) -> None:
        if what == "add":
            self.pool.mint("lp", -1000, 1000, value)
            return
        limit = get_sqrt_ratio_at_tick(value)
        if limit != self.pool.slot0.sqrt_price_x96:
            self.pool.swap(limit < self.pool.slot0.sqrt_price_x96, 2**200, limit)

    def tick_cumulative(self, seconds_ago: int) -> int:
        return sum(tick for tick, _ in self.seconds[: len(self.seconds) - seconds_ago])

    def per_liquidity(self, seconds_ago: int) -> float:
        return sum(1 / liquidity for _, liquidity in self.seconds[: len(self.seconds) - seconds_ago])


@given(STARTS, st.integers(1, 40), st.lists(MOVES, min_size=1, max_size=30))
def test_the_sums_are_those_of_the_history(
    start: int, cardinality: int, steps: list[tuple[int, tuple[str, int]]]
) -> None:
    """As far back as it reaches, the oracle gives the tick's sum exactly and that of 1 / liquidity to a few units.

    The clock starts anywhere, also just before it wraps at 2**32; blocks share a second; the ring wraps round.
    """
    history = History(start, cardinality)
    for seconds, (what, value) in steps:
        history.wait(seconds)
        history.do(what, value)
    history.wait(2)
    pool = history.pool
    kept = pool.observations[: pool.slot0.observation_cardinality]
    now = pool.block_timestamp % 2**32
    reach = max((now - observation.block_timestamp) % 2**32 for observation in kept if observation.initialized)
    ticks, per_liquidity = pool.observe(list(range(reach + 1)))
    assert ticks == [history.tick_cumulative(seconds_ago) for seconds_ago in range(reach + 1)]
    for seconds_ago, value in enumerate(per_liquidity):
        assert value / 2**128 == pytest.approx(history.per_liquidity(seconds_ago), rel=1e-9)
    with pytest.raises(RevertError, match=r"^OLD"):
        pool.observe([0, reach + 1])


@given(st.integers(1, 6), st.integers(1, 20))
def test_the_ring_grows_when_its_end_is_reached(cardinality: int, blocks: int) -> None:
    """The cardinality rises once the index comes to the end, never in between, and one write a block at most."""
    history = History(0, cardinality)
    slots = [Observation(0, 0, 0, True)] + [oracle.PREPARED] * (cardinality - 1)
    assert history.pool.observations == slots
    for block in range(1, blocks + 1):
        history.wait(1)
        history.do("move", block)
        history.do("move", -block)
        written = history.pool.slot0
        assert written.observation_index == block % cardinality
        assert written.observation_cardinality == cardinality
        assert history.pool.observations[written.observation_index].block_timestamp == block
    history.pool.increase_observation_cardinality_next(cardinality - 1)
    assert history.pool.slot0.observation_cardinality_next == cardinality


def test_a_larger_ring_waits_for_the_end() -> None:
    """Asked for in the middle of a round, the larger ring begins where the round ends."""
    history = History(0, 3)
    for block in (1, 2, 3, 4):
        history.wait(1)
        history.do("move", block)
    assert history.pool.slot0[2:5] == (1, 3, 3)
    history.pool.increase_observation_cardinality_next(5)
    seen = []
    for block in (5, 6, 7):
        history.wait(1)
        history.do("move", block)
        seen.append(history.pool.slot0[2:5])
    assert seen == [(2, 3, 5), (3, 5, 5), (4, 5, 5)]


def test_interpolation_divides_towards_zero() -> None:
    """Between two observations Solidity's division drops the fraction, also of a negative mean tick."""
    before, after = Observation(0, 0, 0, True), Observation(3, -10, 2**128 * 10, True)
    slot0 = Slot0(2**96, 0, 1, 2, 2, 0, True)
    assert oracle.observe_single([before, after], slot0, 3, 1, 0) == (-6, 2**128 * 20 // 3)
    assert oracle.observe_single([before, after._replace(tick_cumulative=10)], slot0, 3, 1, 0)[0] == 6


def test_the_sums_wrap() -> None:
    """tick_cumulative is int56 and seconds per liquidity uint160: both pass their end without notice."""
    last = Observation(0, 2**55 - 1, 2**160 - 1, True)
    assert oracle.transform(last, 1, 1, 1) == Observation(1, -(2**55), 2**128 - 1, True)
    assert oracle.transform(last, 1, 0, 0) == Observation(1, 2**55 - 1, 2**128 - 1, True)


def test_a_gap_in_the_ring_ends_in_an_error() -> None:
    """A slot never written between two that were sends the contract's search round for ever; here it is an error."""
    ring = [Observation(time, 0, 0, time != 20) for time in (50, 10, 20, 45)]
    with pytest.raises(RevertError, match="without a gap"):
        oracle.observe_single(ring, Slot0(2**96, 0, 0, 4, 4, 0, True), 60, 20, 1)


@given(st.lists(MOVES, min_size=1, max_size=20))
def test_seconds_inside_a_range(steps: list[tuple[int, tuple[str, int]]]) -> None:
    """Between two snapshots, the seconds, the tick's sum and seconds / liquidity of the time spent inside the range."""
    history = History(2**32 - 20, 1)
    history.pool.mint("range", -100, 300, 5)
    before = history.pool.snapshot_cumulatives_inside(-100, 300)
    for seconds, (what, value) in steps:
        history.wait(seconds)
        history.do(what, value)
    history.wait(1)
    inside = [(tick, liquidity) for tick, liquidity in history.seconds if -100 <= tick < 300]
    after = history.pool.snapshot_cumulatives_inside(-100, 300)
    assert after[0] - before[0] == sum(tick for tick, _ in inside)
    seconds_per_liquidity = (after[1] - before[1]) % 2**160 / 2**128
    assert seconds_per_liquidity == pytest.approx(sum(1 / liquidity for _, liquidity in inside), rel=1e-9)
    assert (after[2] - before[2]) % 2**32 == len(inside)
