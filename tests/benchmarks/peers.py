"""Other people's engines, each in an environment of its own under one folder."""

import shutil
import subprocess
from pathlib import Path

_MISSING = "cannot be installed here: measuring without it"


class Peers:
    """Makes the environment of a peer the first time that it is asked for."""

    def __init__(self, folder: Path, python: str) -> None:
        """Keep the environments in this folder, made with this interpreter unless a peer needs another."""
        self._folder, self._python = folder, python

    def python_with(self, *requirements: str, python: str | None = None) -> Path | None:
        """Return an interpreter that has what is required, or None where that cannot be installed.

        Args:
            requirements: pinned, as pip reads them; the first one's name is the environment's.
            python: the interpreter that the peer needs, if not the usual one.
        """
        home = self._folder / requirements[0].partition("==")[0]
        interpreter = home / "bin" / "python"
        if not interpreter.exists():
            pip = [str(interpreter), "-m", "pip", "--quiet", "install"]
            try:
                subprocess.run([python or self._python, "-m", "venv", home], check=True)
                subprocess.run([*pip, *requirements], check=True)
            except (OSError, subprocess.CalledProcessError):
                shutil.rmtree(home, ignore_errors=True)
                print(f"{requirements[0]} {_MISSING}")  # noqa: T201 - a command says what it leaves out
                return None
        return interpreter
