"""How to run a comparison again: the command, and the versions it was run with."""

from __future__ import annotations

import json
import platform
import shlex
import tomllib
from importlib.metadata import version
from typing import TYPE_CHECKING, Any, Self

import msgspec

if TYPE_CHECKING:
    from collections.abc import Iterator

    from compare.scenario import Scenario

_PACKAGES = ("lpmm", "numpy", "pandas", "pyarrow")


class Rerun(msgspec.Struct, frozen=True):
    """What another person needs to arrive at the same numbers.

    Attributes:
        command: A command line for a POSIX shell; None where the comparison came from a program of the user's own.
        seed: Of the path, and of the takers; None where it is not known or nothing was drawn.
        versions: Of Python and of the packages whose numbers are in the result.
    """

    command: str | None
    path_seed: int | None
    takers_seed: int | None
    versions: dict[str, str]

    @classmethod
    def of(cls, scenario: Scenario | None) -> Self:
        """Return how to run a scenario again on the versions that run now."""
        versions = {"Python": platform.python_version(), **{name: version(name) for name in _PACKAGES}}
        if scenario is None:
            return cls(None, None, None, versions)
        path_seed = scenario.prices.seed if scenario.prices.file is None else None
        return cls(command(scenario), path_seed, scenario.takers.seed, versions)


def command(scenario: Scenario) -> str:
    """Return the command that runs a scenario: every key that is not at its default is set.

    >>> from compare.scenario import Scenario
    >>> command(Scenario.from_mapping({"pool": {"fee": 3000}, "takers": {"rate": "120/h"}}))
    'lpmm compare --set takers.rate=120/h --set pool.fee=3000'
    """
    settings = [f"--set {shlex.quote(f'{key}={_toml(value)}')}" for key, value in _changes(scenario)]
    return " ".join(["lpmm compare", *settings])


def _changes(scenario: Scenario) -> Iterator[tuple[str, Any]]:
    """Yield each key whose value is not the default, and every key of a table that is not there by default."""
    defaults = type(scenario)()
    for table in msgspec.structs.fields(scenario):
        section, usual = getattr(scenario, table.name), getattr(defaults, table.name)
        if section is None:
            continue
        for key in msgspec.structs.fields(section):
            value = getattr(section, key.name)
            if usual is None or value != getattr(usual, key.name):
                yield f"{table.name}.{key.name}", value


def _toml(value: Any) -> str:  # noqa: ANN401 - a setting of any type
    """Return a value as `--set` reads it: a text bare where it can be, anything else as TOML has it."""
    if isinstance(value, str):
        return json.dumps(value) if _is_toml(value) else value
    if isinstance(value, list | tuple):
        return f"[{', '.join(json.dumps(one) if isinstance(one, str) else _toml(one) for one in value)}]"
    return json.dumps(value) if isinstance(value, bool) else repr(value)


def _is_toml(text: str) -> bool:
    try:
        tomllib.loads(f"value = {text}")
    except tomllib.TOMLDecodeError:
        return False
    return True
