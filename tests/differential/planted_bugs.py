"""Plant each bug of the list in a copy of the models and see the differential tests find it.

Run as `python -m differential.planted_bugs`. The working tree is never touched. A bug whose line is no longer in the
source is an error, and so is a list of which anything survives.
"""

import argparse
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

from differential.bug_list import BUGS, Bug, BugError

PROJECT = Path(__file__).parents[2]
TESTS = Path("tests/differential")
TEST_FILES = ("test_contract_v3.py", "test_contract_v2.py", "test_math_libraries.py", "test_every_tick.py")
# Every file is run until a test fails; the one most likely to find a bug comes first.
LIKELY = {"amm/uniswap_v2": "test_contract_v2.py", "amm/math": "test_math_libraries.py"}
_PASSED, _FAILED = 0, 1  # pytest's exit statuses
_TIMEOUT_S = 900


def main() -> int:
    """Run from the command line; the exit status is 1 where a bug survives."""
    parser = argparse.ArgumentParser(prog="python -m differential.planted_bugs", description=__doc__)
    parser.add_argument("--only", nargs="+", default=[""], help="plant only the bugs whose text has one of these in it")
    only = parser.parse_args().only
    chosen = [bug for bug in BUGS if any(text in str(bug) for text in only)]
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="planted-bugs-") as folder:
        root = Path(folder)
        _copy_project(root)
        if _failing_test(root, "the models as they are", TEST_FILES) is not None:
            raise BugError("the tests fail without any bug planted")
        survivors = list(_survivors(root, chosen))
    _say(f"{len(chosen)} bugs planted, {len(survivors)} survived, {time.monotonic() - start:,.0f} s")
    for bug in survivors:
        _say(f"survived: {bug}")
    return 1 if survivors else 0


def _survivors(root: Path, bugs: Iterable[Bug]) -> Iterable[Bug]:
    for bug in bugs:
        intact = bug.plant(root)
        likely = LIKELY.get(str(Path(bug.file).parent))
        try:
            killer = _failing_test(root, str(bug), sorted(TEST_FILES, key=lambda name: name != likely))
        finally:
            (root / bug.file).write_text(intact, encoding="utf-8")
            shutil.rmtree(root / ".hypothesis", ignore_errors=True)  # or the next bug meets the examples of this one
        _say(f"{'SURVIVED' if killer is None else 'killed'}  {bug}  {killer or ''}")
        if killer is None:
            yield bug


def _copy_project(root: Path) -> None:
    """Only what the tests need; the fetched artifacts are shared, the models are a copy."""
    shutil.copytree(PROJECT / "amm", root / "amm", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(PROJECT / TESTS, root / TESTS, ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copy(PROJECT / "tests" / "conftest.py", root / "tests")
    shutil.copy(PROJECT / "pyproject.toml", root)
    (PROJECT / ".artifacts").mkdir(exist_ok=True)
    (root / ".artifacts").symlink_to(PROJECT / ".artifacts")


def _failing_test(root: Path, what: str, names: Iterable[str]) -> str | None:
    """The first test that fails with the copy as it is now; None if all pass."""
    files = [str(TESTS / name) for name in names]
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--no-header", "--tb=no", *files]
    environment = os.environ | {"PYTHONPATH": str(root), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run(
        command, cwd=root, env=environment, capture_output=True, text=True, check=False, timeout=_TIMEOUT_S
    )
    if done.returncode not in {_PASSED, _FAILED}:
        raise BugError(f"with {what}, the tests did not run ({done.returncode}):\n{done.stdout}{done.stderr}")
    if done.returncode == _PASSED:
        return None
    summary = next(line for line in done.stdout.splitlines() if line.startswith("FAILED"))
    return summary.removeprefix("FAILED ").removeprefix(f"{TESTS}/").split(" - ")[0]


def _say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
