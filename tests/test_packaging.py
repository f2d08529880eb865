"""What is shipped: the wheel and the sdist hold what they should, install, and work outside the source tree."""

import os
import subprocess
import sys
import sysconfig
import tarfile
import zipfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
PACKAGES = {"amm", "orderbook", "compare", "lpmm_numba"}
DOCUMENTS = {"README.md", "CHANGELOG.md", "CONTRIBUTING.md", "GLOSSARY.md"}

pytestmark = pytest.mark.slow


def run(*command: object, folder: Path) -> str:
    """What a command prints, in a folder and without this checkout on the path."""
    clean = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    words = [str(word) for word in command]
    done = subprocess.run(words, cwd=folder, capture_output=True, text=True, check=False, env=clean)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def build(kind: str, source: Path, out: Path) -> Path:
    run(sys.executable, "-m", "hatchling", "build", "-t", kind, "-d", out, folder=source)
    (built,) = out.glob("*.whl" if kind == "wheel" else "*.tar.gz")
    return built


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("wheel", PROJECT, tmp_path_factory.mktemp("wheel"))


@pytest.fixture(scope="module")
def sdist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return build("sdist", PROJECT, tmp_path_factory.mktemp("sdist"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The scripts of a fresh environment with the wheel in it.

    What the wheel depends on is borrowed from the running environment, by a path file: the test needs no index, and has
    the very versions that the suite runs on. The wheel itself comes first on the path.
    """
    home = tmp_path_factory.mktemp("environment")
    run(sys.executable, "-m", "venv", "--without-pip", home, folder=home)
    python = home / "bin" / "python"
    site = Path(run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", folder=home).strip())
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--python", python)
    run(*pip, "install", "--quiet", "--no-index", "--no-deps", "--force-reinstall", wheel, folder=home)
    return home / "bin"


def wheel_files(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_the_packages_and_nothing_else(wheel: Path) -> None:
    """Every file of the packages, typed, and what wheels say of themselves; no test, no notebook, no cache."""
    files = wheel_files(wheel)
    tops = {name.partition("/")[0] for name in files}
    assert tops - PACKAGES == {next(top for top in tops if top.endswith(".dist-info"))}
    assert {f"{package}/py.typed" for package in PACKAGES} <= files
    ours = {
        str(file.relative_to(PROJECT))
        for package in PACKAGES
        for file in (PROJECT / package).rglob("*")
        if file.is_file() and "__pycache__" not in file.parts
    }
    assert {name for name in files if name.partition("/")[0] in PACKAGES} == ours
    assert any(name.endswith("licenses/LICENSE") for name in files)


def test_the_sdist_holds_what_git_does(sdist: Path) -> None:
    """Code, tests, documents and what they are run with; nothing that git does not know or would ignore."""
    with tarfile.open(sdist) as archive:
        files = {name.partition("/")[2] for name in archive.getnames()}
    listed = run("git", "ls-files", "--cached", "--others", "--exclude-standard", folder=PROJECT).splitlines()
    assert files - set(listed) == {"PKG-INFO"}
    assert {"pyproject.toml", "LICENSE", "Makefile", "conftest.py", "constraints.txt", *DOCUMENTS} <= files
    assert {name.partition("/")[0] for name in files if "/" in name} == PACKAGES | {"tests", "docs", "notebooks"}


def test_the_sdist_builds_the_same_wheel(sdist: Path, wheel: Path, tmp_path: Path) -> None:
    """Who builds from the sdist gets file by file what the wheel holds."""
    with tarfile.open(sdist) as archive:
        archive.extractall(tmp_path / "source", filter="data")
    (source,) = (tmp_path / "source").iterdir()
    assert wheel_files(build("wheel", source, tmp_path / "out")) == wheel_files(wheel)


def test_the_demo_runs_from_the_wheel(installed: Path, tmp_path: Path) -> None:
    """In an environment of its own and outside the source tree: the command, its tables and its charts."""
    where = "import amm, orderbook, compare; print(amm.__file__, orderbook.__file__, compare.__file__)"
    for file in run(installed / "python", "-c", where, folder=tmp_path).split():
        assert Path(file).is_relative_to(installed.parent)
    printed = run(installed / "lpmm", "compare", "--days", "0.02", "--out", "results/demo", folder=tmp_path)
    assert "residual 0" in printed
    assert (tmp_path / "results" / "demo" / "comparison.png").stat().st_size > 10_000


def test_a_typed_program_of_a_user_passes_in_strict_mode(installed: Path, tmp_path: Path) -> None:
    """Outside the source tree mypy finds the packages' types, and the program runs."""
    program = tmp_path / "program.py"
    program.write_text((PROJECT / "tests" / "typed_program.py").read_text(encoding="utf-8"))
    mypy = (sys.executable, "-m", "mypy", "--strict", "--python-executable", installed / "python")
    cache = ("--cache-dir", PROJECT / ".mypy_cache" / "user", "--config-file", os.devnull)
    assert "Success" in run(*mypy, *cache, program.name, folder=tmp_path)
    assert run(installed / "python", program.name, folder=tmp_path)
