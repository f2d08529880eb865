"""The architecture page: its picture is the one its script draws, and what it names is there."""

import importlib
import importlib.util
import re
import sys
from pathlib import Path
from types import ModuleType

import pytest

DOCS = Path(__file__).parents[1] / "docs"
NAMED = re.compile(r"`((?:amm|orderbook|compare|lpmm_numba)(?:\.\w+)*)`")


@pytest.fixture(scope="module")
def drawing() -> ModuleType:
    """The script that draws the picture."""
    spec = importlib.util.spec_from_file_location("draw_architecture", DOCS / "draw_architecture.py")
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_picture_is_what_its_script_draws(drawing: ModuleType) -> None:
    """Nobody has edited the one without the other."""
    assert drawing.PICTURE.read_text(encoding="utf-8") == drawing.picture()


def test_every_module_in_the_picture_is_one(drawing: ModuleType) -> None:
    """The picture names modules of the code."""
    for box in drawing.BOXES.values():
        for name in box.modules:
            assert importlib.util.find_spec(name) is not None, name


@pytest.mark.parametrize("page", sorted(DOCS.glob("*.md")), ids=lambda page: page.name)
def test_every_name_in_a_document_is_one_of_the_code(page: Path) -> None:
    """A module, a class or a function that a page names in full can be imported under that name."""
    for name in NAMED.findall(page.read_text(encoding="utf-8")):
        assert _exists(name), name


def _exists(name: str) -> bool:
    parts = name.split(".")
    for length in range(len(parts), 0, -1):
        try:
            found: object = importlib.import_module(".".join(parts[:length]))
        except ModuleNotFoundError:
            continue
        try:
            for part in parts[length:]:
                found = getattr(found, part)
        except AttributeError:
            return False
        return True
    return False
