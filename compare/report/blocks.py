"""Pieces of a page that every kind of section is made of."""

from __future__ import annotations

from typing import NamedTuple


class Fact(NamedTuple):
    """One line of a list."""

    name: str
    value: str


class Place(NamedTuple):
    """Where one figure goes."""

    place: str
    caption: str


class Block(NamedTuple):
    """One chart of the page."""

    name: str
    finding: str
    note: str
    places: list[Place]
