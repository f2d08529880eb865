"""The static site: it builds without a warning, holds every public name, and asks no other host for anything."""

import importlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import pytest

PROJECT = Path(__file__).parents[1]
PACKAGES = ("amm", "orderbook", "compare")
LOADED = re.compile(
    r"""<(?:script|img|iframe|source)[^>]*\ssrc="([^"]+)"|<link(?![^>]*rel="canonical")[^>]*\shref="([^"]+)"""
)

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The site, built as `make docs` builds it."""
    pytest.importorskip("sphinx")
    out = tmp_path_factory.mktemp("site")
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-q", "-j", "auto", "-c", "docs"]
    command += ["-d", str(out / "trees"), ".", str(out / "html")]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert not done.stderr, done.stderr
    return out / "html"


def pages(site: Path) -> Iterator[tuple[Path, str]]:
    for file in sorted(site.rglob("*.html")):
        yield file, file.read_text(encoding="utf-8")


def test_every_document_is_a_page(site: Path) -> None:
    """Each markdown file of the project and of docs is there, and the front page is where a browser looks for it."""
    documents = [*PROJECT.glob("*.md"), *PROJECT.glob("docs/*.md")]
    for document in documents:
        assert (site / document.relative_to(PROJECT)).with_suffix(".html").exists(), document
    assert "README.html" in (site / "index.html").read_text(encoding="utf-8")


def test_every_public_name_has_its_place(site: Path) -> None:
    """What a package exports is described where it is defined, and the package's page leads there."""
    anchors = {anchor for _, text in pages(site) for anchor in re.findall(r'id="([\w.]+)"', text)}
    for package in map(importlib.import_module, PACKAGES):
        page = (site / "docs" / "reference" / f"{package.__name__}.html").read_text(encoding="utf-8")
        for name in package.__all__:
            found = getattr(package, name)
            if isinstance(found, ModuleType):
                continue
            home = f"{getattr(found, '__module__', package.__name__)}.{name}"
            assert home in anchors, home
            assert f"#{home}" in page, home


def test_no_page_asks_another_host(site: Path) -> None:
    """Every script, style, font and picture is a file of the site."""
    for file, text in pages(site):
        for addresses in LOADED.findall(text):
            address = "".join(addresses)
            assert not re.match(r"(\w+:)?//", address), (file, address)
    for style in site.rglob("*.css"):
        assert not re.search(r"""(url\(|@import)\s*["']?(https?:)?//""", style.read_text(encoding="utf-8")), style
