"""What the compiled comparison adds to wide integers, beside Python's own: signed quotients, roots, seconds, events."""

from fractions import Fraction
from math import isqrt

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from amm import ArgumentError
from amm.math.price import sqrt_price_x96_rounding_down, sqrt_price_x96_rounding_up
from compare.clocks import SECOND_NS, Clocks, Event, Timeline
from compare.paths import PricePath
from compare.tape import TakerTape

pytest.importorskip("numba", reason="these are functions of the compiler")

from loops import loop

from amm._compiled.limbs import as_signed
from amm._compiled.plain_functions import compiled
from amm._compiled.wide_type import WideConstant
from compare._compiled.clock import ARBITRAGE, END, ORDER, REFRESH, next_event
from compare._compiled.quotes import seconds
from compare._compiled.records import address
from compare._compiled.world_clock import WorldClock, chunks_of

_root_down, _root_up = compiled(sqrt_price_x96_rounding_down), compiled(sqrt_price_x96_rounding_up)


@loop
def _roots(numerator: int, denominator: int) -> tuple[int, int]:
    return _root_down(numerator, denominator), _root_up(numerator, denominator)


@loop
def _signed(a: int, b: int) -> tuple[int, int]:
    return as_signed(a) // as_signed(b), abs(as_signed(a))


def wide(bits: int) -> st.SearchStrategy[int]:
    """Integers of every length up to so many bits."""
    return st.integers(1, bits).flatmap(lambda length: st.integers(1, 2**length - 1))


squares = st.builds(lambda root, factor: (root * root * factor, factor), wide(100), wide(50))
near_squares = st.builds(lambda root, off: (root * root + off, 1), wide(120), st.sampled_from([-1, 1]))


@given(st.one_of(st.tuples(wide(256), wide(256)), squares, near_squares.filter(lambda ratio: ratio[0] > 0)))
@example((2**256 - 1, 1))
@example((1, 2**256 - 1))
def test_roots_of_prices_are_exact(ratio: tuple[int, int]) -> None:
    """Both roundings, of any ratio of two 256-bit integers: exact squares, their neighbours and the ends."""
    numerator, denominator = ratio
    below = isqrt((numerator << 192) // denominator)
    assert _roots(*map(WideConstant, ratio)) == (below, sqrt_price_x96_rounding_up(numerator, denominator))


def test_a_price_of_nothing_has_no_root() -> None:
    """The error is that of the plain function, with its values."""
    with pytest.raises(ArgumentError, match="numerator"):
        _roots(WideConstant(0), WideConstant(1))
    with pytest.raises(ArgumentError, match="denominator"):
        _roots(WideConstant(1), WideConstant(0))


@given(st.integers(-(2**254), 2**254), st.integers(-(2**200), 2**200).filter(bool))
@example(-7, 2)
@example(7, -2)
def test_signed_quotients_round_down(a: int, b: int) -> None:
    """As Python's do, whatever the signs."""
    assert _signed(WideConstant(a), WideConstant(b)) == (a // b, abs(a))


@given(st.integers(0, 2**62))
@example(2**53)
@example(2**61 - 1)
@example(2**61)
def test_nanoseconds_are_rounded_once(time_ns: int) -> None:
    """As seconds they are the float that Python's division of two int gives, also where a float cannot hold them."""
    assert _seconds(time_ns) == time_ns / SECOND_NS


@loop
def _seconds(time_ns: int) -> float:
    value: float = seconds(time_ns)
    return value


@loop
def _next_event(clock: int) -> int:
    event: int = next_event(clock)
    return event


# The order of events --------------------------------------------------------------------------------------------------

EVENTS = {ARBITRAGE: Event.ARBITRAGE, REFRESH: Event.REFRESH, ORDER: Event.ORDER}
STEPS = st.integers(1, 30)


@st.composite
def settings(draw: st.DrawFn) -> tuple[PricePath, TakerTape, Clocks]:
    """A path and a tape on which much happens at one moment, with clocks of few nanoseconds."""
    steps = draw(st.lists(STEPS, max_size=30))
    times = np.cumsum([draw(st.integers(0, 50)), *steps])
    ticks = draw(st.lists(st.integers(1, 3), min_size=len(times), max_size=len(times)))
    path = PricePath(times, np.array(ticks), Fraction(1))
    moments = sorted(draw(st.lists(st.integers(path.start_ns, path.end_ns), max_size=30)))
    ones = np.ones(len(moments), dtype=np.int64)
    tape = TakerTape(np.array(moments, dtype=np.int64), ones, ones, ones, ones, np.arange(len(ones)), Fraction(1))  # type: ignore[arg-type] # any whole numbers
    seed = draw(st.one_of(st.none(), st.integers(0, 3)))
    return path, tape, Clocks(draw(STEPS), draw(STEPS), draw(st.booleans()), seed)


@given(settings(), st.integers(1, 5), st.lists(st.integers(0, 60), max_size=2))
def test_events_come_in_the_order_of_the_timeline(
    setting: tuple[PricePath, TakerTape, Clocks], size: int, lags: list[int]
) -> None:
    """One at a time, from pieces of any size, they are those that the plain engine lists, fair prices included."""
    path, tape, clocks = setting
    timeline = Timeline.build(path, tape, clocks, 2, lags)
    columns = (timeline.event, timeline.time_ns, timeline.fair_ticks, timeline.number)
    rows = zip(*(column.tolist() for column in columns), strict=True)
    expected = [(*row[:3], row[3] if row[0] == Event.ORDER else None) for row in rows if row[0] != Event.SAMPLE]
    clock = WorldClock(clocks, (path.start_ns, path.end_ns), lags)
    record = clock.record
    found: list[tuple[int, int, int, int | None]] = []
    orders = 0
    for chunk in chunks_of(path, tape, size):
        arrays = clock.fill(chunk)
        while (event := _next_event(address(record))) != END:
            number = orders + int(record["order_next"][0]) - 1 if event == ORDER else None
            found.append((EVENTS[event], int(record["time_ns"][0]), int(record["fair_ticks"][0]), number))
        orders += len(arrays["time_ns"])
    assert found == expected
