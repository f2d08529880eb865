"""Documents: links lead somewhere, and what they say of tests is so."""

import importlib
import re
import shlex
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer.main

from compare.cli import app

PROJECT = Path(__file__).parents[1]
PAGES = sorted([*PROJECT.glob("*.md"), *PROJECT.glob("docs/*.md")])
PROGRAM = re.compile(r"^```python\n(.*?)^```", re.MULTILINE | re.DOTALL)
SHELL = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
INLINE = re.compile(r"`((?:make|lpmm) [^`\n]+)`")
HOW_TO = sorted(PROJECT.glob("docs/add_a_*.md"))
MOST_LINES = 30
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


@pytest.mark.parametrize("page", HOW_TO, ids=lambda page: page.name)
def test_how_to_add_something_takes_thirty_lines_at_most(page: Path) -> None:
    """Each page has one program, which the documents' own run executes, and it is short."""
    (program,) = PROGRAM.findall(page.read_text(encoding="utf-8"))
    assert len([line for line in program.splitlines() if line.strip()]) <= MOST_LINES


def shell_lines(page: Path) -> list[str]:
    """What a page tells a reader to type, and no test runs as it stands: shell blocks, and commands in a sentence."""
    text = page.read_text(encoding="utf-8")
    blocks = [line.partition(" #")[0].strip() for block in SHELL.findall(text) for line in block.splitlines()]
    return [line for line in [*blocks, *INLINE.findall(text)] if line]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_make_target_that_a_page_names_is_one(page: Path) -> None:
    """`make demo` and the rest are in the Makefile; the first two are what continuous integration begins with."""
    targets = set(re.findall(r"^([\w-]+):", (PROJECT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    for line in shell_lines(page):
        if line.startswith("make "):
            assert line.split()[1] in targets, line


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_lpmm_command_that_a_page_names_is_understood(page: Path) -> None:
    """Verbs, arguments and options are the command line's own, also where a command needs a node and is not run."""
    for line in shell_lines(page):
        if line.startswith("lpmm "):
            understood(line)


def understood(line: str) -> None:
    """Parse a command without running it; a verb alone stands for its help."""
    command: Any = typer.main.get_command(app)
    words = shlex.split(line)[1:]
    while words and words[0] in getattr(command, "commands", {}):
        command = command.commands[words.pop(0)]
    options = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)} | {
        "--help"
    }
    unknown = {word for word in words if word.startswith("--")} - options
    assert not unknown, (line, unknown)
    assert not getattr(command, "commands", {}) or not words or words[0].startswith("--"), line


def test_every_extra_that_a_page_names_is_one() -> None:
    """`pip install '.[chain]'` installs something."""
    extras = tomllib.loads((PROJECT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    named = {name for page in PAGES for name in re.findall(r"(?:\.|lpmm)\[(\w+)\]'", page.read_text(encoding="utf-8"))}
    assert named <= set(extras)


@pytest.mark.parametrize("package", ["amm", "orderbook", "compare"])
def test_every_public_name_has_its_place_in_the_glossary(package: str) -> None:
    """What a package exports is in its table."""
    glossary = (PROJECT / "GLOSSARY.md").read_text(encoding="utf-8")
    table = re.search(rf"^### {package}\n(.*?)(?=^###|\Z)", glossary, re.MULTILINE | re.DOTALL)
    assert table is not None
    assert set(importlib.import_module(package).__all__) <= set(re.findall(r"`(\w+)`", table[1]))
