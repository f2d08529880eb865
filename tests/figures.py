"""What holds for every chart: greys only, a unit on every axis, the same bytes again."""

import io
import re
from typing import Any

import numpy as np
from matplotlib.collections import Collection
from matplotlib.colors import to_rgb
from matplotlib.figure import Figure
from matplotlib.path import Path


def title_of(figure: Figure) -> str:
    """The title as one line, however it was broken."""
    return figure.get_suptitle().replace("\n", " ")


def png(figure: Figure) -> bytes:
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", metadata={"Software": None})
    return buffer.getvalue()


def require_units(figure: Figure) -> None:
    """Every label of an axis names its unit in brackets, and at least one axis of the figure has a label."""
    labels = [label for axes in figure.axes for label in (axes.get_xlabel(), axes.get_ylabel()) if label]
    assert labels
    for label in labels:
        assert re.search(r"\(.+\)", label), label


def require_greys(figure: Figure) -> None:
    """Every line, marker, bar, area and text is grey."""
    for axes in figure.axes:
        colours: list[Any] = [line.get_color() for line in axes.lines]
        colours += [line.get_markerfacecolor() for line in axes.lines]
        colours += [colour for patch in axes.patches for colour in (patch.get_facecolor(), patch.get_edgecolor())]
        colours += [text.get_color() for text in axes.texts]
        for collection in axes.collections:
            colours += _colours_of(collection)
        for colour in colours:
            red, green, blue = to_rgb(colour)
            assert red == green == blue, colour


def points_of(path: Path) -> list[list[float]]:
    """The points of a path that was drawn, as [x, y] each."""
    points: list[list[float]] = np.asarray(path.vertices, dtype=float).tolist()
    return points


def _colours_of(collection: Collection) -> list[Any]:
    return [colour for array in (collection.get_facecolor(), collection.get_edgecolor()) for colour in array]
