"""Figures as one JSON document whose bytes depend on the figures alone."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from bokeh.document import Document

from compare.report.figures.style import THEME

if TYPE_CHECKING:
    from collections.abc import Mapping

    from bokeh.plotting import figure


def embedded(figures: Mapping[str, figure]) -> str:
    """Return a JSON text with the document of some figures, and the id of each figure's root by its place on the page.

    Bokeh numbers its models over the life of a process; here they are numbered anew in the order of the document, so
    the same figures give the same text. It is safe inside a script element of a page.
    """
    document = Document()
    document.theme = THEME
    with document.models.freeze():  # it is told once of all models, not at every root
        for one in figures.values():
            document.add_root(one)
    content = document.to_json(deferred=False)
    roots = {one.id: place for place, one in figures.items()}
    numbers: dict[str, str] = {}
    _number(content, numbers)
    text = json.dumps(
        {"document": _renamed(content, numbers), "roots": {numbers[name]: place for name, place in roots.items()}},
        separators=(",", ":"),
        allow_nan=False,
    )
    return text.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026")


def _number(node: Any, numbers: dict[str, str]) -> None:  # noqa: ANN401 - any JSON
    """Give every id under a node a number, in the order in which they come."""
    if isinstance(node, dict):
        name = node.get("id")
        if isinstance(name, str):
            numbers.setdefault(name, f"m{len(numbers)}")
        for value in node.values():
            _number(value, numbers)
    elif isinstance(node, list):
        for value in node:
            _number(value, numbers)


def _renamed(node: Any, numbers: Mapping[str, str]) -> Any:  # noqa: ANN401 - any JSON
    """Return a node with its ids replaced; a text that happens to be an id is left alone."""
    if isinstance(node, dict):
        renamed = {key: _renamed(value, numbers) for key, value in node.items()}
        if isinstance(node.get("id"), str):
            renamed["id"] = numbers[node["id"]]
        return renamed
    return [_renamed(value, numbers) for value in node] if isinstance(node, list) else node
