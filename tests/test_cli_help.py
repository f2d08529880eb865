"""Help that shows how: every verb has an example, every example runs, and shells complete the verbs."""

import inspect
import os
import re
import shutil
import subprocess
import sysconfig
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pool_life
import pytest
import typer.main
from typer.testing import CliRunner

from amm.snapshot import Snapshot
from amm.uniswap_v3.pool import UniswapV3Pool
from compare.cli import app

COMMAND = re.compile(r"^ {4}(lpmm .*)$", re.MULTILINE)
ENVIRONMENT = os.environ | {"PATH": os.pathsep.join((sysconfig.get_path("scripts"), os.environ["PATH"]))}
ASKS_A_NODE = {"pool pull", "pool history", "pool verify"}
SERVES = {"explore"}  # until Ctrl-C
POOL = "0x8ad599c3a0ff1de082011efddc58f1908eb6e6d8"


def verbs(command: Any, name: str = "") -> Iterator[tuple[str, Any]]:  # noqa: ANN401 - typer keeps the types to itself
    below: dict[str, Any] = getattr(command, "commands", {})
    for verb, one in below.items():
        yield from verbs(one, f"{name} {verb}".strip())
    if not below:
        yield name, command


VERBS = dict(verbs(typer.main.get_command(app)))


def examples(verb: str) -> list[str]:
    return COMMAND.findall(inspect.cleandoc(VERBS[verb].help or ""))


def shell(command: str, folder: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S602 - a reader types it into a shell
        command, shell=True, cwd=folder, capture_output=True, text=True, check=False, env=ENVIRONMENT | environment
    )


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a reader of the help has: prices, a scenario, a result, a snapshot, and exports of a pool's events."""
    folder = tmp_path_factory.mktemp("help")
    rows = (f"{1_704_067_200 + 60 * i},{2_000 + (i * 37) % 41 / 10}\n" for i in range(120))
    (folder / "prices.csv").write_text("time,price\n" + "".join(rows))
    (folder / "scenario.toml").write_text("[prices]\ndays = 0.01\n")
    pool = UniswapV3Pool(fee=500, tick_spacing=10)
    pool.initialize(2**96)
    (folder / "pool.json").write_text(Snapshot(pool).to_json())
    events, _ = pool_life.live(seed=1, steps=20)
    for file in pool_life.dune(events, folder):
        file.write_text(file.read_text().replace(pool_life.POOL, POOL))
    made = shell("lpmm compare --days 0.01 --out results/mine", folder)
    assert made.returncode == 0, made.stderr
    return folder


def test_the_verbs_are_found() -> None:
    """The list below is not empty by accident."""
    assert {"compare", "sweep", "reproduce", "report", "pool show"} <= set(VERBS)


@pytest.mark.parametrize("verb", VERBS)
def test_every_verb_s_help_has_an_example(verb: str) -> None:
    """The word, and a command on a line of its own that begins with the verb."""
    assert re.search(r"\bexamples?\b", VERBS[verb].help or "", re.IGNORECASE)
    assert any(f"lpmm {verb}" in command for command in examples(verb))


def test_the_help_of_all_says_where_to_begin() -> None:
    """`lpmm --help` has an example too, and lists every verb with what it does."""
    group = typer.main.get_command(app)
    assert COMMAND.findall(inspect.cleandoc(group.help or ""))
    assert all(one.get_short_help_str() for one in VERBS.values())


@pytest.mark.parametrize("verb", [verb for verb in VERBS if verb not in ASKS_A_NODE | SERVES])
def test_every_example_runs(verb: str, folder: Path) -> None:
    """As it stands in the help, typed into a shell."""
    for command in examples(verb):
        done = shell(command, folder)
        assert done.returncode == 0, (command, done.stderr)


@pytest.mark.parametrize("verb", sorted(ASKS_A_NODE))
def test_an_example_that_asks_a_node_is_understood(verb: str) -> None:
    """Its arguments and options are the verb's own; what it does is tested on a loopback node."""
    for command in examples(verb):
        words = command.split()[1 + len(verb.split()) :]
        VERBS[verb].make_context(verb, [*words, "--rpc", "http://127.0.0.1"])


def test_the_example_of_a_server_is_understood() -> None:
    """Its options are the verb's own; what it serves is tested in a browser."""
    for verb in SERVES:
        for command in examples(verb):
            VERBS[verb].make_context(verb, command.split()[2:])


@pytest.mark.parametrize("verb", [*VERBS, ""])
def test_help_fits_a_narrow_terminal(verb: str) -> None:
    """Sixty columns are enough, and into a pipe go no escape codes."""
    done = CliRunner().invoke(app, [*verb.split(), "--help"], prog_name="lpmm", env={"COLUMNS": "60"})
    assert done.exit_code == 0
    assert max(map(len, done.output.splitlines())) <= 60
    assert "\x1b" not in done.output


@pytest.mark.parametrize("name", ["bash", "zsh"])
def test_shells_are_given_a_script(name: str, folder: Path) -> None:
    """`lpmm --show-completion` prints what the shell should load."""
    environment = {"_TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION": "1"}
    done = shell(f"lpmm --show-completion {name}", folder, **environment)
    assert done.returncode == 0, done.stderr
    assert "_LPMM_COMPLETE" in done.stdout


@pytest.mark.skipif(shutil.which("bash") is None, reason="bash is not installed")
def test_bash_completes_verbs_and_options(folder: Path) -> None:
    """With the script loaded, `lpmm com` and a tab give compare, and `--see` gives the seed options."""
    script = (
        "export _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION=1; source <(lpmm --show-completion bash);"
        'for words in "lpmm com" "lpmm compare --see"; do'
        "  COMP_WORDS=($words); COMP_CWORD=$((${#COMP_WORDS[@]} - 1)); _lpmm_completion lpmm;"
        '  echo "${COMPREPLY[@]}";'
        "done"
    )
    done = subprocess.run(
        ["bash", "-c", script], cwd=folder, capture_output=True, text=True, check=True, env=ENVIRONMENT
    )
    assert done.stdout.splitlines() == ["compare", "--seed --seeds"]


def test_zsh_completes_verbs(folder: Path) -> None:
    """What the zsh script asks for has the verb and what it does."""
    done = shell("lpmm", folder, _LPMM_COMPLETE="complete_zsh", _TYPER_COMPLETE_ARGS="lpmm com")
    assert '"compare"' in done.stdout


def test_a_slip_of_the_pen_is_told_what_was_meant(folder: Path) -> None:
    """A verb that is none, and an option that is none, are answered with those that are near."""
    assert "compare" in shell("lpmm compre", folder).stderr
    assert "--prices" in shell("lpmm compare --pirces prices.csv", folder).stderr
