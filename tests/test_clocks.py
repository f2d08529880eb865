"""The clocks: fixed and random ticks, drawn before any venue runs."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from worlds import gbm

from compare.clocks import SECOND_NS, Clocks, Event, Timeline, random_ticks
from compare.errors import InputError
from compare.tape import TakerTape

HOUR_NS = 3_600 * SECOND_NS


def times_of(timeline: Timeline, event: Event) -> set[int]:
    return set(timeline.time_ns[timeline.event == event].tolist())


@given(
    st.lists(st.integers(0, 1_000), min_size=1).map(sorted), st.integers(1, 50), st.one_of(st.none(), st.integers(0, 9))
)
def test_ticks_are_the_first_at_or_after_news(news: list[int], interval: int, seed: int | None) -> None:
    """Against a look at every tick there is: a tick is kept where it is the first at or after some news."""
    clocks = Clocks(interval, interval, seed=seed)
    every = list(range(0, 1_001, interval)) if seed is None else random_ticks(0, 1_000, interval, seed).tolist()
    first = {min((tick for tick in every if tick >= one), default=None) for one in news} - {None}
    assert clocks.blocks_after(np.array(news), 0, 1_000).tolist() == sorted(t for t in first if t is not None)


def test_random_ticks_are_a_poisson_process() -> None:
    """The gaps between ticks have the mean and the deviation of an exponential law, and no memory of the last gap."""
    ticks = random_ticks(5, 5 + 20_000 * SECOND_NS, SECOND_NS, seed=1)
    gaps = np.diff(ticks) / SECOND_NS
    assert ticks[0] == 5
    error = 1 / np.sqrt(len(gaps))
    assert abs(gaps.mean() - 1) < 3 * error
    assert abs(gaps.std() - 1) < 3 * np.sqrt(2) * error  # a sample deviation of an exponential errs by sqrt(2 / n)
    assert abs(np.corrcoef(gaps[1:], gaps[:-1])[0, 1]) < 3 * error


@given(st.integers(0, 99), st.integers(0, 10**4), st.integers(0, 10**4), st.integers(1, 100))
def test_a_longer_span_has_the_random_ticks_of_a_shorter(seed: int, short: int, more: int, interval: int) -> None:
    """Where a path ends plays no part in the ticks before."""
    ticks, longer = (random_ticks(0, end, interval, seed) for end in (short, short + more))
    assert np.array_equal(longer[longer <= short], ticks)
    assert (np.diff(longer) > 0).all()


def test_random_clocks_of_one_interval_tick_together_and_others_do_not() -> None:
    """Equal clocks share every tick; a faster refresh has ticks of its own, and leaves the blocks where they were."""
    path = gbm(hours=1)
    tape = TakerTape.empty()
    equal = Timeline.build(path, tape, Clocks(seed=3), samples=2)
    fast = Timeline.build(path, tape, Clocks(refresh_ns=SECOND_NS, seed=3), samples=2)
    assert Clocks(seed=3).equal
    assert not Clocks(refresh_ns=SECOND_NS).equal
    ticks = set(random_ticks(path.start_ns, path.end_ns, Clocks().block_ns, seed=3).tolist())
    blocks = times_of(equal, Event.ARBITRAGE)
    # The maker also looks at the tick after an arbitrage, so it may look where the arbitrageur has nothing new to see.
    assert blocks <= times_of(equal, Event.REFRESH) <= ticks
    assert times_of(fast, Event.ARBITRAGE) == blocks
    assert (blocks & times_of(fast, Event.REFRESH)) == {path.start_ns}


def test_the_seed_of_the_clocks_is_its_own() -> None:
    """Another seed gives other blocks; the same seed the same; none gives the fixed grid."""
    one, again, other = (random_ticks(0, HOUR_NS, SECOND_NS, seed) for seed in (1, 1, 2))
    assert np.array_equal(one, again)
    assert not np.array_equal(one, other)
    fixed = Timeline.build(gbm(hours=1), TakerTape.empty(), Clocks(), samples=2)
    assert all(time % (12 * SECOND_NS) == 0 for time in times_of(fixed, Event.ARBITRAGE))


@pytest.mark.parametrize("seed", [-1, 1.5])
def test_a_seed_is_a_whole_number(seed: float) -> None:
    """A seed that numpy would not take is refused by name."""
    with pytest.raises(InputError, match="seed"):
        Clocks(seed=seed)  # type: ignore[arg-type] # the point of the test


def test_too_many_ticks_are_refused() -> None:
    """A clock of nanoseconds over an hour would draw more ticks than memory holds."""
    with pytest.raises(InputError, match="seed"):
        random_ticks(0, HOUR_NS, 1, seed=1)
