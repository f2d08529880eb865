"""What importing the package brings with it, and what it offers."""

import subprocess
import sys

import amm

PROGRAM = """
import sys
before = set(sys.modules)
import amm
roots = {name.partition(".")[0] for name in set(sys.modules) - before}
print(sorted(roots - set(sys.stdlib_module_names)))
"""


def test_the_package_needs_only_the_standard_library() -> None:
    """A fresh interpreter that imports amm has loaded amm and standard modules, and nothing else."""
    run = subprocess.run([sys.executable, "-S", "-c", PROGRAM], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "['amm']"


def test_every_public_name_is_there() -> None:
    """What __all__ names can be imported, is sorted, and says where it comes from."""
    assert sorted(amm.__all__) == amm.__all__
    for name in amm.__all__:
        assert getattr(amm, name).__module__.startswith("amm.")
