"""Runs the examples of the documents: Python as it stands, console commands as a reader would type them."""

import os
import subprocess
import sysconfig
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from sybil import Example, Sybil
from sybil.parsers.markdown import CodeBlockParser, PythonCodeBlockParser

# The compiled engine cannot be imported without its compiler, and the site's scripts are run by their own tests.
collect_ignore_glob = ["docs/*.py", *([] if find_spec("numba") else ["*/_compiled/*"])]

_MINUTES = 600
_PROMPT = "$ "


def _enter_folder(namespace: dict[str, Any]) -> None:
    """Give the document's commands a folder with a file of prices, which the document speaks of."""
    namespace["home"] = Path.cwd()
    folder = Path(namespace["home"], ".pytest_cache", "documents")
    folder.mkdir(parents=True, exist_ok=True)
    rows = (f"{1_704_067_200 + 60 * i},{2_000 + (i * 37) % 41 / 10}\n" for i in range(_MINUTES))
    (folder / "prices.csv").write_text("time,price\n" + "".join(rows))
    os.chdir(folder)


def _leave_folder(namespace: dict[str, Any]) -> None:
    os.chdir(namespace["home"])


def _save_scenario(example: Example) -> None:
    """Keep the document's scenario, so that a later command can read it."""
    Path("scenario.toml").write_text(example.parsed)


def _run_commands(example: Example) -> str | None:
    """Run each command of a console block; say which failed."""
    path = os.pathsep.join((sysconfig.get_path("scripts"), os.environ["PATH"]))
    for line in example.parsed.splitlines():
        if line.startswith(_PROMPT):
            command = line.removeprefix(_PROMPT)
            done = subprocess.run(  # noqa: S602 - a reader types it into a shell
                command, shell=True, capture_output=True, text=True, check=False, env=os.environ | {"PATH": path}
            )
            if done.returncode:
                return f"{command!r} ended with {done.returncode}:\n{done.stderr}"
    return None


pytest_collect_file = Sybil(
    parsers=[
        PythonCodeBlockParser(),
        CodeBlockParser(language="console", evaluator=_run_commands),
        CodeBlockParser(language="toml", evaluator=_save_scenario),
    ],
    patterns=["README.md", "docs/*.md"],
    setup=_enter_folder,
    teardown=_leave_folder,
).pytest()
