"""What a terminal is sent, and what a pipe is not: colours, progress, and both kept from where they do not belong."""

import errno
import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

COLOUR = re.compile(r"\x1b\[(?:\d+;)*(?:3[0-8]|4[0-8]|9[0-7]|10[0-7])(?:;\d+)*m")
ESCAPE = "\x1b"
COMPARE = "from compare.cli import main; import sys; sys.argv = ['lpmm', 'compare', '--days', '0.01']; main()"
HELP = "from compare.cli import main; import sys; sys.argv = ['lpmm', '--help']; main()"
WORK = """
import time
from compare.progress import progress_bar
with progress_bar("counting") as progress:
    for done in range(30):
        progress(done, 30)
        time.sleep(0.06)
print("done")
"""


def on_a_terminal(script: str, **environment: str) -> str:
    """What a script writes to a terminal of a hundred columns."""
    clean = {name: value for name, value in os.environ.items() if name not in {"NO_COLOR", "FORCE_COLOR", "CI"}}
    ours, theirs = pty.openpty()
    settings = clean | {"TERM": "xterm-256color", "COLUMNS": "100", "PYTHONWARNINGS": "ignore"} | environment
    process = subprocess.Popen([sys.executable, "-c", script], stdin=theirs, stdout=theirs, stderr=theirs, env=settings)
    os.close(theirs)
    written = b""
    try:
        while part := os.read(ours, 65_536):
            written += part
    except OSError as error:  # how Linux says that the other end is closed
        if error.errno != errno.EIO:
            raise
    os.close(ours)
    assert process.wait() == 0, written
    return written.decode()


def in_a_pipe(script: str, folder: Path, **environment: str) -> tuple[str, str]:
    """What a script writes to its standard output and error when they are pipes."""
    done = subprocess.run(
        [sys.executable, "-c", script],
        cwd=folder,
        capture_output=True,
        text=True,
        check=True,
        env=os.environ | environment,
    )
    return done.stdout, done.stderr


def test_a_terminal_is_shown_progress_with_the_time_left() -> None:
    """After a second: what is done, how much of it, and how long it will take; at the end it is gone."""
    shown = on_a_terminal(WORK)
    assert "counting" in shown
    assert re.search(r"\d+%.*0:00:0\d", shown)
    assert shown.rstrip().endswith("done")


def test_a_pipe_is_shown_no_progress(tmp_path: Path) -> None:
    """Neither output nor error has anything of it."""
    assert in_a_pipe(WORK, tmp_path) == ("done\n", "")


def test_a_dumb_terminal_is_sent_no_escape_codes() -> None:
    """TERM=dumb: words only, also while something takes long."""
    assert ESCAPE not in on_a_terminal(WORK, TERM="dumb")
    assert ESCAPE not in on_a_terminal(COMPARE, TERM="dumb")


def test_no_color_is_respected() -> None:
    """A terminal gets colours in the help; with NO_COLOR it gets none, and neither does the progress bar."""
    assert COLOUR.search(on_a_terminal(HELP))
    assert not COLOUR.search(on_a_terminal(HELP, NO_COLOR="1"))
    assert COLOUR.search(on_a_terminal(WORK))
    assert not COLOUR.search(on_a_terminal(WORK, NO_COLOR="1"))


@pytest.mark.parametrize("term", ["xterm-256color", "dumb"])
def test_a_pipe_is_sent_no_escape_codes(term: str, tmp_path: Path) -> None:
    """Whatever the terminal beside it can do."""
    for text in in_a_pipe(COMPARE, tmp_path, TERM=term):
        assert ESCAPE not in text


def test_a_narrow_terminal_breaks_no_number(tmp_path: Path) -> None:
    """In sixty columns the words of the table wrap, and every number stands whole."""
    wide, _ = in_a_pipe(COMPARE, tmp_path, COLUMNS="120")
    narrow, _ = in_a_pipe(COMPARE, tmp_path, COLUMNS="60")
    assert max(map(len, narrow.splitlines())) <= 60
    numbers = r"-?\d[\d,]*\.\d\d%?(?=\s*│)"
    assert re.findall(numbers, narrow) == re.findall(numbers, wide)
