"""The list of bugs to plant keeps up with the models; planting them is its own command, as it takes minutes."""

import ast
from pathlib import Path

import pytest
from differential.bug_list import BUGS, Bug

PROJECT = Path(__file__).parents[2]


def test_the_list_is_long_enough() -> None:
    """At least 25 bugs, no two the same, in the maths, the v3 pool and the v2 pair."""
    assert len(set(BUGS)) == len(BUGS) >= 25
    assert {"amm/math", "amm/uniswap_v3", "amm/uniswap_v2"} <= {str(Path(bug.file).parent) for bug in BUGS}


@pytest.mark.parametrize("bug", BUGS, ids=str)
def test_a_bug_still_applies(bug: Bug, tmp_path: Path) -> None:
    """Its line stands in the source exactly once, and the broken file is still Python."""
    file = tmp_path / bug.file
    file.parent.mkdir(parents=True)
    file.write_bytes((PROJECT / bug.file).read_bytes())
    bug.plant(tmp_path)
    ast.parse(file.read_text(encoding="utf-8"))
