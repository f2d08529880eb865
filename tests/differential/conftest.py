"""What the differential tests share with pytest: which engine there is, and how much each test compares."""

from collections.abc import Generator

import pytest
from differential import tally
from differential.engine import has_pyrevm

# Python's own doctest collection would import the engine that is not installed.
collect_ignore = ["py_evm_world.py" if has_pyrevm() else "pyrevm_world.py"]


@pytest.hookimpl(wrapper=True)
def pytest_runtest_call(item: pytest.Item) -> Generator[None]:
    """Let each test that passes report how many transactions it compared."""
    before = tally.total()
    yield
    item.user_properties.append((tally.PROPERTY, tally.total() - before))
