"""Hypothesis profiles and the real data that stands beside the project."""

import os
import sys
from pathlib import Path

import pytest
from differential.tally import PROPERTY
from hypothesis import HealthCheck, Phase, settings

# The suite also runs as on a machine without numba: nothing finds it then.
if os.environ.get("LPMM_TEST_WITHOUT_NUMBA"):
    for _absent in ("numba", "llvmlite"):
        sys.modules[_absent] = None  # type: ignore[assignment]  # so that an import of it raises ModuleNotFoundError

# Shrinking is slow on stateful tests, so the profiles that run unattended do without it.
_UNATTENDED = (Phase.explicit, Phase.reuse, Phase.generate)
_SLOW_IS_FINE = (HealthCheck.too_slow, HealthCheck.data_too_large)

settings.register_profile("quick", max_examples=20, deadline=None, suppress_health_check=_SLOW_IS_FINE)
settings.register_profile(
    "ci", max_examples=100, deadline=None, suppress_health_check=_SLOW_IS_FINE, phases=_UNATTENDED
)
settings.register_profile("deep", max_examples=5_000, deadline=None, suppress_health_check=_SLOW_IS_FINE)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "ci"))

PROJECT = Path(__file__).parents[1]


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say how many transactions the tests that passed compared with the contracts, whoever ran them."""
    reports = terminalreporter.stats.get("passed", [])
    total = sum(value for report in reports for name, value in report.user_properties if name == PROPERTY)
    if total:
        terminalreporter.write_line(f"{total:,} {PROPERTY}")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder of real histories, which is no part of the project."""
    folder = PROJECT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real histories (../shared/data) are not beside this checkout")
    return folder
