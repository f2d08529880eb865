"""compare.errors: what was wrong, where, and what would be right, in one line."""

from pathlib import Path

import pytest

from compare.errors import CompareError, InputError


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ({}, "no price"),
        ({"remedy": "give one"}, "no price; give one"),
        ({"source": Path("a.csv")}, "a.csv: no price"),
        ({"place": "line 3"}, "line 3: no price"),
        ({"source": "a.csv", "place": "line 3", "remedy": "give one"}, "a.csv, line 3: no price; give one"),
    ],
)
def test_the_message_names_what_there_is(parts: dict[str, str], message: str) -> None:
    """Each part that is given shows, and no punctuation stands for one that is not."""
    assert str(InputError("no price", **parts)) == message


def test_it_is_a_value_error_and_ours() -> None:
    """A caller may catch it as a ValueError or as the comparator's own."""
    assert issubclass(InputError, ValueError)
    assert issubclass(InputError, CompareError)
