"""Python's own doctest collection would import the engine that is not installed."""

from differential.engine import has_pyrevm

collect_ignore = ["py_evm_world.py" if has_pyrevm() else "pyrevm_world.py"]
