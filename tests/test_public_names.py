"""The flat public names: what `__all__` says is what there is to import."""

import importlib
import subprocess
import sys

import pytest


@pytest.mark.parametrize("package", ["amm", "orderbook", "compare"])
def test_every_public_name_is_there(package: str) -> None:
    """Each name in `__all__` can be imported, the list is sorted as ruff sorts it, and nothing is there twice."""
    module = importlib.import_module(package)
    assert len(set(module.__all__)) == len(module.__all__)
    for name in module.__all__:
        assert getattr(module, name) is not None


@pytest.mark.parametrize("package", ["amm", "orderbook"])
def test_the_cores_need_only_the_standard_library(package: str) -> None:
    """A fresh interpreter that imports a core has loaded no third-party package."""
    script = (
        f"import sys, {package}\n"
        "own = {'amm', 'orderbook', 'compare'}\n"
        "roots = {name.partition('.')[0] for name in sys.modules}\n"
        "third = {r for r in roots if r not in sys.stdlib_module_names and r not in own and not r.startswith('_')}\n"
        "third = {r for r in third if getattr(sys.modules.get(r), '__file__', None) and 'site-packages' in sys.modules[r].__file__}\n"
        "sys.exit(', '.join(sorted(third)))"
    )
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
