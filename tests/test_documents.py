"""Documents: links lead somewhere, and what they say of tests is so."""

import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[1]
PAGES = sorted([*PROJECT.glob("*.md"), *PROJECT.glob("docs/*.md")])
LINK = re.compile(r"\]\(([^)#]+)")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_to_a_file_leads_to_one(page: Path) -> None:
    """Relative links of every page are files of the project."""
    for target in LINK.findall(page.read_text(encoding="utf-8")):
        if not target.startswith("http"):
            assert (page.parent / target).exists(), target


def test_every_row_of_the_mechanisms_is_tested_where_it_says() -> None:
    """Each row names test files, and each of those has a test with the row's id."""
    page = (PROJECT / "docs" / "mechanisms.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (S\d\d) \|(.*)$", page, re.MULTILINE)
    assert len(rows) > 50
    for row, rest in rows:
        files = LINK.findall(rest)
        assert files, row
        for file in files:
            text = (PROJECT / "docs" / file).read_text(encoding="utf-8")
            assert re.search(rf"def test_\w*{row.lower()}(_|\W)", text), (row, file)
