"""docs/data.md says what the formats and the schemas say."""

from pathlib import Path

from data_page import EXAMPLES, PAGE, whole_page

from compare.formats import layouts


def test_the_page_is_what_the_formats_and_schemas_say(tmp_path: Path) -> None:
    """Columns, units and examples follow from the code: `python tests/data_page.py` writes them anew."""
    text = PAGE.read_text(encoding="utf-8")
    assert whole_page(text, tmp_path) == text


def test_every_format_has_an_example() -> None:
    """One for each, and none for what there is not."""
    assert {layout.name for layout in layouts()} == set(EXAMPLES)
