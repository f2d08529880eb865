"""How `make docs` builds the site: the documents as they stand, and a reference made from the docstrings."""

from __future__ import annotations

import re
import sys
from importlib.metadata import version as version_of
from pathlib import Path
from typing import TYPE_CHECKING

FOLDER = Path(__file__).parents[1]
sys.path[:0] = [str(FOLDER), str(FOLDER / "docs")]

import reference_pages  # noqa: E402 - found by the line above

if TYPE_CHECKING:
    from docutils.nodes import Element
    from sphinx.addnodes import pending_xref
    from sphinx.application import Sphinx
    from sphinx.environment import BuildEnvironment

project = "lpmm"
author = project_copyright = "The lpmm authors"
version = release = version_of("lpmm")

extensions = ["myst_parser", "sphinx.ext.autodoc", "sphinx.ext.napoleon"]
root_doc = "README"
include_patterns = ["*.md", "docs/*.md", "docs/reference/*.rst"]
exclude_patterns = [".*", "results", "tests", "notebooks", *reference_pages.PACKAGES]
default_role = "py:obj"
nitpicky = True
nitpick_ignore_regex = [
    ("py:obj", r"(?s)(?!(amm|orderbook|compare)\.).*"),  # code in a sentence: a parameter, a call, a formula
    ("py:class", r"(?!(amm|orderbook|compare)\.).*"),  # the standard library and numpy: the build asks no network
    ("py:exc", r".* .*|.*\."),  # "The reverts of `mint`."
    ("py:.*", r".*\._[A-Za-z].*"),  # what is private has no page
]

html_theme = "furo"
html_title = f"lpmm {release}"
html_copy_source = False
html_show_sphinx = False
highlight_language = "none"  # what is not said to be code is a command, a formula or a line of a file

autodoc_member_order = "bysource"
autodoc_default_options = {"show-inheritance": True}
napoleon_numpy_docstring = False
napoleon_use_ivar = True
myst_heading_anchors = 3

OURS = ("add_a_pool", "add_a_strategy", "add_a_data_format")
TOOLKIT = sorted({page.stem for page in (FOLDER / "docs").glob("*.md")} - {*OURS})
CONTENTS = {
    "The toolkit": [*(f"docs/{page}" for page in TOOLKIT), "GLOSSARY"],
    "Making it yours": [*(f"docs/{page}" for page in OURS), "CONTRIBUTING", "CHANGELOG"],
    "Reference": [f"docs/reference/{page}" for page in ("lpmm", *reference_pages.PACKAGES)],
}
VALUES = {"attribute", "data", "property"}
ARRAY = r"(?:~?numpy\.)?ndarray\[tuple\[(?:~?typing\.)?Any, \.\.\.\], (?:~?numpy\.)?dtype\[(?:~?numpy\.)?(\w+)\]\]"
COLON = "\N{RATIO}"


def setup(app: Sphinx) -> None:
    """Say what happens when."""
    app.connect("builder-inited", lambda _app: reference_pages.write(FOLDER / "docs" / "reference"))
    app.connect("source-read", add_contents)
    app.connect("autodoc-process-docstring", prepare_docstring, priority=400)  # before napoleon
    app.connect("autodoc-process-docstring", finish_docstring, priority=600)
    app.connect("autodoc-process-signature", shorten_arrays)
    app.connect("missing-reference", find_home)
    app.connect("build-finished", write_index)


def add_contents(_app: Sphinx, name: str, source: list[str]) -> None:
    """Give the front page the table of contents, which a reader of the repository does not need."""
    if name == root_doc:
        for caption, pages in CONTENTS.items():
            source[0] += "\n".join(["\n\n```{toctree}", ":hidden:", f":caption: {caption}", "", *pages, "```"])


def prepare_docstring(_app: Sphinx, what: str, _name: str, _object: object, _options: object, lines: list[str]) -> None:
    """Let |x| be an absolute value, no substitution, and a colon in an attribute's first line a colon, no type."""
    for number, line in enumerate(lines):
        lines[number] = re.sub(r"(?<!`)\|(?!`)", r"\\|", line)
    if what in VALUES and lines:
        lines[0] = lines[0].replace(":", COLON)


def finish_docstring(_app: Sphinx, what: str, _name: str, _object: object, _options: object, lines: list[str]) -> None:
    """Undo what napoleon was not to see."""
    if what in VALUES:
        lines[:] = [line.replace(COLON, ":") for line in lines]


def shorten_arrays(
    _app: Sphinx, _what: str, _name: str, _object: object, _options: object, arguments: str | None, returns: str | None
) -> tuple[str | None, str | None]:
    """Write NDArray as it stands in the code."""
    texts = (re.sub(ARRAY, r"NDArray[\1]", text) if text else text for text in (arguments, returns))
    return next(texts), next(texts)


def find_home(_app: Sphinx, env: BuildEnvironment, node: pending_xref, content: Element) -> Element | None:
    """Lead a name that a package exports to where it is documented, the module that defines it."""
    home = reference_pages.home(node["reftarget"]) if node.get("refdomain") == "py" else None
    if home is None:
        return None
    domain = env.domains.python_domain
    return domain.resolve_xref(env, node["refdoc"], env.app.builder, "obj", home, node, content)


def write_index(app: Sphinx, error: Exception | None) -> None:
    """Send who opens the folder to the front page."""
    if error is None:
        page = f'<!doctype html>\n<meta http-equiv="refresh" content="0; url={root_doc}.html">\n<title>lpmm</title>\n'
        (Path(app.outdir) / "index.html").write_text(page, encoding="utf-8")
