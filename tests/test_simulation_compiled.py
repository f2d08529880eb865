"""Simulated steps compiled and with numpy: the same floats to the last bit, from words that anyone can draw again."""

import dataclasses
import math
import tracemalloc
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import lpmm_numba
from orderbook.errors import FillProbabilityError, InvalidParameterError
from orderbook.exact_avellaneda_stoikov import (
    DepthPolicy,
    FillMode,
    SimulationSetting,
    bounded_policy,
    inventory_policy,
    symmetric_policy,
)
from orderbook.quoting.glft import GLFTModel, GLFTSolution
from orderbook.simulation import Simulation, simulate
from orderbook.simulation._step_arithmetic import CERTAIN, GAMMA, WORD, mixed, step_of

PAPER = SimulationSetting()
POISSON = dataclasses.replace(PAPER, fill_mode=FillMode.POISSON_STEP, steps=130)


@pytest.fixture(scope="module")
def compiler() -> None:
    """The steps, compiled once for all tests of this file."""
    pytest.importorskip("numba", reason="compiled steps need numba")
    simulate(PAPER, inventory_policy(PAPER, 0.1), paths=1, seed=1, compiled=True)


def glft_policy(max_inventory: int) -> DepthPolicy:
    """The exact optimal quotes; none that would pass the bound."""
    model = GLFTModel(risk_aversion=0.1, volatility=2.0, fill_decay=1.5, arrival_intensity=140.0)
    solution = GLFTSolution(model, max_inventory)
    return lambda time_left, inventory: solution.depths(inventory, time_left)


def bits(run: Simulation) -> list[bytes | float]:
    """Every number of a simulation, the floats as their bits."""
    values = (getattr(run, field.name) for field in dataclasses.fields(run))
    return [value.tobytes() if isinstance(value, np.ndarray) else value for value in values]


# One source, two machines ---------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("compiler")
@pytest.mark.parametrize(
    ("setting", "policy", "paths"),
    [
        pytest.param(PAPER, inventory_policy(PAPER, 0.1), 10_500, id="two chunks of paths"),
        pytest.param(PAPER, inventory_policy(PAPER, 1.0), 2_000, id="clamped and negative depths"),
        pytest.param(PAPER, symmetric_policy(PAPER, 0.1), 3_000, id="inventories that wander"),
        pytest.param(POISSON, glft_policy(6), 2_000, id="infinite depths"),
        pytest.param(POISSON, lambda *_: (-1.0, math.inf), 300, id="all paths on one side"),
        pytest.param(dataclasses.replace(POISSON, steps=1), inventory_policy(PAPER, 0.1), 1, id="one step of one path"),
    ],
)
def test_compiled_steps_give_the_same_bits(setting: SimulationSetting, policy: DepthPolicy, paths: int) -> None:
    """Every path's sums and every share, with drift and impact."""
    fast, plain = (
        simulate(setting, policy, paths=paths, seed=11, drift=0.7, impact=0.03, compiled=compiled)
        for compiled in (True, False)
    )
    assert bits(fast) == bits(plain)


@pytest.mark.usefixtures("compiler")
@given(
    depths=st.lists(st.floats(-3, 6) | st.just(math.inf), min_size=4, max_size=40),
    steps=st.integers(1, 70),
    paths=st.integers(1, 60),
    seed=st.integers(0, 2**70),
)
@settings(max_examples=30)
def test_any_policy_is_the_same_compiled(depths: list[float], steps: int, paths: int, seed: int) -> None:
    """Depths without rhyme or reason by time and inventory: the same bits, and the same questions once each."""
    setting = dataclasses.replace(PAPER, steps=steps)
    asked: list[Counter[tuple[float, int]]] = []
    runs = []
    for compiled in (True, False):
        questions: Counter[tuple[float, int]] = Counter()

        def policy(
            time_left: float, inventory: int, questions: Counter[tuple[float, int]] = questions
        ) -> tuple[float, float]:
            questions[time_left, inventory] += 1
            place = round(1000 * time_left) + 7 * inventory
            return depths[place % len(depths)], depths[3 * place % len(depths)]

        runs.append(bits(simulate(setting, policy, paths=paths, seed=seed, compiled=compiled)))
        asked.append(questions)
    assert runs[0] == runs[1]
    assert asked[0] == asked[1]
    assert set(asked[0].values()) == {1}


@pytest.mark.usefixtures("compiler")
def test_refused_policies_are_refused_alike() -> None:
    """The error, its values and its text: an unclamped probability that a path reaches, and a depth that is none."""
    strict = dataclasses.replace(PAPER, clamp=False)
    for policy, error in (
        (inventory_policy(PAPER, 1.0), FillProbabilityError),
        (lambda time_left, _: (math.nan if time_left < 0.5 else 1.0, 1.0), InvalidParameterError),
    ):
        texts = []
        for compiled in (True, False):
            with pytest.raises(error) as raised:
                simulate(strict, policy, paths=2_000, seed=3, compiled=compiled)
            texts.append(str(raised.value))
        assert texts[0] == texts[1]


@pytest.mark.usefixtures("compiler")
def test_a_policy_that_no_path_makes_wild_is_not_asked_there() -> None:
    """Beyond the bound the policy has no answer, and nobody asks for one."""

    def policy(_time_left: float, inventory: int) -> tuple[float, float]:
        if abs(inventory) > 2:
            raise AssertionError(inventory)
        return 0.5, 0.5

    run = simulate(PAPER, bounded_policy(policy, 2), paths=500, seed=4, compiled=True)
    assert set(run.inventory.tolist()) <= {-2, -1, 0, 1, 2}


@pytest.mark.usefixtures("compiler")
def test_threads_simulate_at_once_what_they_do_in_turn() -> None:
    """Four seeds of one policy in four threads."""
    policy = inventory_policy(PAPER, 0.1)

    def profit(seed: int) -> bytes:
        return simulate(PAPER, policy, paths=2_000, seed=seed, compiled=True).profit.tobytes()

    with ThreadPoolExecutor(4) as threads:
        assert list(threads.map(profit, range(4))) == [profit(seed) for seed in range(4)]


def test_without_a_compiler_numpy_does_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """And gives what it gives where it is asked for."""
    monkeypatch.setattr(lpmm_numba, "find_spec", lambda _name: None)
    lpmm_numba.has_compiler.cache_clear()
    policy = inventory_policy(PAPER, 0.1)
    by_default, asked_for = (simulate(PAPER, policy, paths=50, seed=5, compiled=engine) for engine in (None, False))
    assert bits(by_default) == bits(asked_for)
    lpmm_numba.has_compiler.cache_clear()


@pytest.mark.parametrize("compiled", [True, False])
def test_memory_does_not_grow_with_the_length_of_the_paths(*, compiled: bool) -> None:
    """Ten times the steps, and the peak is no more than half as high again: of ten tables there is one at a time."""
    if compiled:
        pytest.importorskip("numba", reason="compiled steps need numba")
    policy = bounded_policy(symmetric_policy(PAPER, 0.1), 3)
    peaks = []
    for steps in (1_300, 130, 1_300):  # the first one warms up
        tracemalloc.start()
        simulate(dataclasses.replace(POISSON, steps=steps), policy, paths=100, seed=6, compiled=compiled)
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[2] < 1.5 * peaks[1]


# The random words -----------------------------------------------------------------------------------------------------


def test_words_are_those_of_splitmix64() -> None:
    """The reference generator's first five from the seed 1234567, and the first from zero."""
    counters = np.array([(1_234_567 + GAMMA * n) % WORD for n in range(1, 6)] + [GAMMA], dtype=np.uint64)
    assert mixed(counters).tolist() == [
        6457827717110365317,
        3203168211198807973,
        9817491932198370423,
        4593380528125082431,
        16408922859458223821,
        0xE220A8397B1DCDAF,
    ]


def test_the_parts_of_a_word_are_independent_of_each_other() -> None:
    """A million words: sides that fill with given probabilities and a fair coin, alone, in pairs and all three."""
    words = mixed(np.arange(1, 1_000_001, dtype=np.uint64) * np.uint64(GAMMA))
    nothing = np.zeros(words.size, dtype=np.int64)
    shares = np.uint64(round(0.3 * CERTAIN)), np.uint64(round(0.45 * CERTAIN))
    step = step_of(words, nothing, *shares)
    bought, sold = step.outcome % 2 == 1, step.outcome >= 2
    rises = words % np.uint64(2) == 1
    for what, probability in (
        (bought, 0.3),
        (sold, 0.45),
        (rises, 0.5),
        (bought & sold, 0.3 * 0.45),
        (bought & rises, 0.15),
        (sold & rises, 0.225),
        (bought & sold & rises, 0.0675),
        (bought[1:] & bought[:-1], 0.09),
        (rises[1:] & rises[:-1], 0.25),
    ):
        deviation = math.sqrt(probability * (1 - probability) * (1 + 2 * probability) / words.size)
        assert abs(what.mean() - probability) < 4 * deviation
    assert (step.swing == step.inventory * np.where(rises, 1, -1)).all()


def test_what_is_certain_always_fills_and_what_is_impossible_never() -> None:
    """At both ends of the words."""
    words = np.array([0, 1, WORD - 1, WORD - 2], dtype=np.uint64)
    held = np.zeros(4, dtype=np.int64)
    both = step_of(words, held, np.uint64(CERTAIN), np.uint64(CERTAIN))
    assert both.outcome.tolist() == [3] * 4
    assert step_of(words, held, np.uint64(0), np.uint64(0)).fills.tolist() == [0] * 4
