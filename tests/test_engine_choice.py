"""Which engine the runs of a study are given to."""

import pytest

from compare import Scenario, engine_choice

_SCENARIO = Scenario.from_mapping({"prices": {"days": 0.01, "step": "12s"}})


def _asked(monkeypatch: pytest.MonkeyPatch, runs: int) -> list[bool | None]:
    """Return what each run of a study asks of the engine, with every run done on the plain one."""
    asked: list[bool | None] = []
    plain = Scenario.summarise

    def summarise(scenario: Scenario, *, compiled: bool | None = None) -> object:
        asked.append(compiled)
        return plain(scenario, compiled=False)

    monkeypatch.setattr(Scenario, "summarise", summarise)
    choice = engine_choice.EngineChoice(runs)
    for seed in range(runs):
        choice.summarise(_SCENARIO.with_seed(seed))
    return asked


def test_a_short_study_is_not_compiled_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """Three runs of a quarter of an hour are done before loops would be compiled."""
    assert _asked(monkeypatch, 3) == [False, False, False]


def test_a_long_study_is_compiled_after_its_first_run(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first run shows how long the others will be, and those still to come decide."""
    run = _SCENARIO.with_seed(0).summarise(compiled=False)
    monkeypatch.setattr(engine_choice, "_WORTH_COMPILING", len(run.path) + len(run.tape))
    monkeypatch.setattr(engine_choice, "has_compiler", lambda: True)
    asked = _asked(monkeypatch, 4)
    assert asked[:2] == [False, None]
    assert asked[2] is None


def test_without_a_compiler_every_run_is_plain(monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the study."""
    monkeypatch.setattr(engine_choice, "_WORTH_COMPILING", 1)
    monkeypatch.setattr(engine_choice, "has_compiler", lambda: False)
    assert _asked(monkeypatch, 3) == [False, False, False]
