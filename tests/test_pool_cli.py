"""`lpmm pool` on a loopback node: what it prints, what it writes, how it ends, and what it never shows."""

import json
import logging
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from chain_support.anvil import FUNDED
from chain_support.http_node import Reply, http_node
from chain_support.live import Live, live_chain, relay
from chain_support.uniswap import OWNERS
from eth_abi.abi import decode, encode
from typer.testing import CliRunner

from amm.snapshot import Snapshot
from compare.errors import CompareError, InputError
from compare.history import History
from compare.pool_cli import MismatchError, app

KEY = "5ecr3tKey0fTheProvider"
EVERYWHERE = "0x00000000000000000000000000000000000000a1:-887220:887220"


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    with live_chain() as live:
        yield live


@pytest.fixture(autouse=True)
def _in_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def lpmm(*arguments: object) -> str:
    """What a command prints; raises what it ends in."""
    done = CliRunner().invoke(app, [str(argument) for argument in arguments])
    if done.exception is not None and not isinstance(done.exception, SystemExit):
        raise done.exception
    assert done.exit_code == 0, done.output
    return done.output


def test_pull_writes_what_show_prints(live: Live, tmp_path: Path) -> None:
    """The file is named after pool and block, and both commands print the same of it."""
    printed = lpmm("pull", live.pool.address, "--rpc", live.node.url, "--position", EVERYWHERE)
    path = tmp_path / f"pool-31337-{live.pool.address}-{live.head}.json"
    assert printed.endswith(f"wrote {path.name}, 6 requests\n")
    shown = lpmm("show", path)
    assert printed.startswith(shown)
    assert f"position {EVERYWHERE}" in shown
    assert "  uncollected" in shown
    rows = json.loads(lpmm("show", path, "--json"))
    assert rows["kind"] == "Uniswap v3, fee 3000 pips, tick spacing 60"
    assert Snapshot.from_json(path.read_text(encoding="utf-8")).block_number == live.head


def test_pull_of_a_pair_at_an_old_block(live: Live, tmp_path: Path) -> None:
    """A v2 pair, the shares of one owner, and the block that was named."""
    block = live.pair.created + 10
    arguments = ("--rpc", live.node.url, "--block", block, "--position", OWNERS[0], "--out", tmp_path / "pair.json")
    printed = lpmm("pull", live.pair.address, *arguments)
    assert "Uniswap v2" in printed
    assert f"protocol fee       to {FUNDED}" in printed
    assert f"holder {OWNERS[0]}" in printed
    assert Snapshot.from_json((tmp_path / "pair.json").read_text(encoding="utf-8")).block_number == block


def test_verify_a_pool_in_one_command(live: Live) -> None:
    """Quotes, every event, and the end state agree, and each says how many."""
    arguments = ("--rpc", live.node.url, "--quoter", live.chain.quoter, "--blocks", 1000)
    printed = lpmm("verify", live.pool.address, *arguments)
    assert "quotes    " in printed
    assert "end state 1 of 1 agree" in printed
    for line in printed.splitlines():
        if line.endswith(" agree"):
            agreed, total = (int(word) for word in line[10:].split() if word.isdecimal())
            assert agreed == total > 0
    printed = lpmm("verify", live.pair.address, "--rpc", live.node.url, "--quoter", live.chain.router, "--blocks", 30)
    assert "end state 1 of 1 agree" in printed


def test_verify_a_snapshot_and_the_history_that_follows_it(live: Live, tmp_path: Path) -> None:
    """Pull at a block, pull what came after, verify both: the same replay from files."""
    block = live.pool.created + 20
    rpc = ("--rpc", live.node.url)
    lpmm("pull", live.pool.address, *rpc, "--block", block, "--out", "pool.json")
    printed = lpmm("history", live.pool.address, *rpc, "--from-block", block + 1, "--out", "events")
    history = History.open(tmp_path / "events")
    assert f"events holds {sum(part.rows for part in history.parts)} events" in printed
    printed = lpmm("verify", "pool.json", *rpc, "--quoter", live.chain.quoter, "--history", "events")
    for check in ("snapshot  1 of 1 agree", "end state 1 of 1 agree"):
        assert check in printed


def test_verify_completes_a_history_and_uses_it_again(live: Live, tmp_path: Path) -> None:
    """The folder is filled the first time, and asked for the second."""
    arguments = ("verify", live.pool.address, "--rpc", live.node.url, "--quotes", -1, "--history", "events")
    first = lpmm(*arguments, "--blocks", 100)
    second = lpmm(*arguments, "--blocks", 100)
    assert [line for line in first.splitlines() if "requests" not in line] == second.splitlines()[:-1]
    assert int(second.split()[-2]) < int(first.split()[-2])
    assert History.open(tmp_path / "events").missing(live.head - 99, live.head) == []


# Mismatches -----------------------------------------------------------------------------------------------------------


def test_a_quote_that_differs_is_an_error(live: Live) -> None:
    """One unit more in the quoter's answers: it is counted, named by its field, and the command fails."""

    def change(method: str, params: list[Any], answer: Any) -> Any:  # noqa: ANN401  # whatever the method answers
        if method != "eth_call" or live.chain.quoter[2:] not in params[0]["data"]:
            return answer
        (results,) = decode(["(bool,bytes)[]"], bytes.fromhex(answer[2:]))
        quotes = [(good, _one_more(data) if len(data) == 128 else data) for good, data in results]
        return "0x" + encode(["(bool,bytes)[]"], [quotes]).hex()

    with (
        http_node(relay(live.node, change)) as proxy,
        pytest.raises(MismatchError, match=r"quotes: token. in, amount \d+"),
    ):
        lpmm("verify", live.pool.address, "--rpc", proxy.url, "--quoter", live.chain.quoter, "--blocks", 0)


def _one_more(data: bytes) -> bytes:
    """The first word, raised by one."""
    return (int.from_bytes(data[:32], "big") + 1).to_bytes(32, "big") + data[32:]


def test_a_changed_snapshot_is_an_error(live: Live, tmp_path: Path) -> None:
    """A digit changed in the file is named by its field, and not put right."""
    lpmm("pull", live.pool.address, "--rpc", live.node.url, "--out", "pool.json")
    path = tmp_path / "pool.json"
    document = json.loads(path.read_text(encoding="utf-8"))
    document["state"]["fee_growth_global0_x128"] = str(int(document["state"]["fee_growth_global0_x128"]) + 1)
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(MismatchError, match="snapshot: fee_growth_global0_x128 is"):
        lpmm("verify", path, "--rpc", live.node.url, "--quotes", -1)


def test_a_log_withheld_from_every_answer_is_an_error(live: Live) -> None:
    """What no question to the node shows, the replay does."""

    def change(method: str, _params: list[Any], answer: Any) -> Any:  # noqa: ANN401  # whatever the method answers
        hidden = hex(live.pool.created + 2)
        return answer if method != "eth_getLogs" else [log for log in answer if log["blockNumber"] != hidden]

    arguments = ("--quotes", -1, "--blocks", 1000)
    with http_node(relay(live.node, change)) as proxy, pytest.raises(MismatchError, match="model and chain differ, e"):
        lpmm("verify", live.pool.address, "--rpc", proxy.url, *arguments)


# Errors ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("pull", FUNDED), "must hold a Uniswap v2 pair or v3 pool"),
        (("pull", "vitalik.eth"), "forty hexadecimal digits"),
        (("pull", "POOL", "--block", 10**9), "the block must exist"),
        (("pull", "POOL", "--block", "soon"), "the block must exist"),
        (("pull", "POOL", "--chain-id", 1), "expected=1, found=31337"),
        (("pull", "POOL", "--position", OWNERS[0]), "write OWNER:TICK_LOWER:TICK_UPPER"),
        (("pull", "POOL", "--position", f"{OWNERS[0]}:x:y"), "names no position"),
        (("pull", "POOL", "--position", f"{OWNERS[0]}:60:-60"), "two ticks in order"),
        (("pull", "PAIR", "--position", EVERYWHERE), "write OWNER"),
        (("pull", "POOL", "--out", "no/such/folder/pool.json"), "cannot be written"),
        (("history", "POOL", "--from-block", 10**6, "--out", "events"), "after its end"),
        (("verify", "POOL"), "no QuoterV2 is known on chain 31337"),
        (("verify", "POOL", "--quoter", FUNDED), "must follow Uniswap's own contract"),
        (("verify", "nothing.json"), "cannot be read"),
    ],
)
def test_what_cannot_be_used_is_said_in_one_line(live: Live, arguments: tuple[object, ...], message: str) -> None:
    """Nothing of it is a traceback, and the exit code will be 2."""
    addresses = {"POOL": live.pool.address, "PAIR": live.pair.address}
    with pytest.raises(InputError, match=message) as caught:
        lpmm(*(addresses.get(str(argument), argument) for argument in arguments), "--rpc", live.node.url)
    assert "\n" not in str(caught.value)


def test_a_history_that_does_not_follow_the_snapshot(live: Live, tmp_path: Path) -> None:
    """Another pool's, one that ended before, one with a gap: each says so."""
    rpc = ("--rpc", live.node.url)
    lpmm("pull", live.pool.address, *rpc, "--block", live.head - 20, "--out", "pool.json")
    verify = ("verify", "pool.json", *rpc, "--quotes", -1, "--history")
    lpmm("history", live.pair.address, *rpc, "--from-block", live.head - 5, "--out", "pair")
    with pytest.raises(InputError, match="is the history of another pool"):
        lpmm(*verify, "pair")
    span = ("--from-block", live.head - 40, "--to-block", live.head - 30)
    lpmm("history", live.pool.address, *rpc, *span, "--out", "early")
    with pytest.raises(InputError, match="before the snapshot's next"):
        lpmm(*verify, "early")
    lpmm("history", live.pool.address, *rpc, "--from-block", live.head - 10, "--out", "late")
    with pytest.raises(InputError, match="lacks blocks"):
        lpmm(*verify, "late")
    lpmm("pull", live.pool.address, *rpc, "--out", "made.json")
    document = json.loads((tmp_path / "made.json").read_text(encoding="utf-8")) | {"block_hash": None}
    (tmp_path / "made.json").write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(InputError, match="was not read from a chain"):
        lpmm("verify", "made.json", *rpc)


def test_a_file_that_is_no_snapshot(tmp_path: Path) -> None:
    """Show and verify name the file."""
    (tmp_path / "bad.json").write_text("{}", encoding="utf-8")
    with pytest.raises(InputError, match=r"bad\.json: is no snapshot"):
        lpmm("show", "bad.json")


def test_a_node_that_fails_ends_in_one_line(tmp_path: Path) -> None:
    """A node that refuses everything is no fault of the input: the exit code will be 1."""
    with http_node(lambda *_: Reply(status=403)) as proxy, pytest.raises(CompareError, match="HTTP 403") as caught:
        lpmm("pull", "0x" + "11" * 20, "--rpc", f"{proxy.url}/{KEY}")
    assert not isinstance(caught.value, InputError)
    assert list(tmp_path.iterdir()) == []


def test_without_web3_the_command_says_what_to_install() -> None:
    """Only the commands that speak to a node need it; the others work."""
    program = (
        "import sys; sys.modules['web3'] = None\n"
        "from compare.pool_cli import app\n"
        "from compare.errors import InputError\n"
        "try: app(['pull', '0x', '--rpc', 'http://localhost'])\n"
        "except InputError as error: print(error)\n"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "reading a node needs web3 (no web3): pip install 'lpmm[chain]'"


def test_importing_the_models_does_not_import_web3() -> None:
    """`import amm` and the command line stay free of it until a node is spoken to."""
    program = "import sys, amm, compare.pool_cli, amm.event_replay; sys.exit('web3' in sys.modules)"
    subprocess.run([sys.executable, "-c", program], check=True)


@pytest.mark.parametrize("place", ["path", "query", "user-info"])
def test_the_key_is_in_nothing_printed_and_in_no_file(
    live: Live, tmp_path: Path, place: str, caplog: pytest.LogCaptureFixture
) -> None:
    """Snapshot, history, output, errors and logs at DEBUG: all of them without the key that the node was asked with."""
    failing = False

    def script(method: str, params: list[Any], count: int) -> Reply:
        return Reply(status=401, body=f"bad key {KEY}".encode()) if failing else relay(live.node)(method, params, count)

    with http_node(script) as proxy, caplog.at_level(logging.DEBUG):
        url = {
            "path": f"{proxy.url}/v3/{KEY}",
            "query": f"{proxy.url}/?apikey={KEY}",
            "user-info": proxy.url.replace("http://", f"http://me:{KEY}@"),
        }[place]
        printed = lpmm("pull", live.pool.address, "--rpc", url)
        printed += lpmm("history", live.pool.address, "--rpc", url, "--from-block", live.head - 50, "--out", "events")
        printed += lpmm("verify", live.pool.address, "--rpc", url, "--quotes", -1)
        failing = True
        with pytest.raises(CompareError) as caught:
            lpmm("pull", live.pool.address, "--rpc", url)
    assert KEY not in printed + str(caught.value) + repr(caught.value) + caplog.text
    assert caplog.records
    files = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(files) >= 3
    assert not [path for path in files if KEY.encode() in path.read_bytes()]


def test_a_history_killed_again_and_again_is_whole_in_the_end(live: Live, tmp_path: Path) -> None:
    """The system kills the process at random moments; the last run takes up what is there, and nothing is lost."""
    random = Random(5)  # noqa: S311  # samples for a test, not secrets

    def slow(method: str, params: list[Any], count: int) -> Reply:
        reply = relay(live.node)(method, params, count)
        reply.delay_s = 0.01 if method == "eth_getLogs" else 0.0
        return reply

    with http_node(slow) as proxy:
        options = ("--from-block", "1", "--blocks-per-file", "7", "--blocks-per-request", "5", "--out", "events")
        command = [sys.executable, "-c", "from compare.pool_cli import app; app()", "history", live.pool.address]
        command += ["--rpc", proxy.url, *options]
        files = 0
        for _ in range(2):
            with subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) as process:
                wanted = files + random.randint(2, 4)
                while files < wanted and process.poll() is None:
                    files = len(list((tmp_path / "events").glob("*.parquet")))
                    time.sleep(0.002)
                os.kill(process.pid, signal.SIGKILL)
        assert 0 < files < live.head // 7
        lpmm(*command[3:])
    lpmm("history", live.pool.address, "--rpc", live.node.url, "--from-block", 1, "--out", "at once")
    stopped, whole = (list(History.open(tmp_path / name).events(1, live.head)) for name in ("events", "at once"))
    assert stopped == whole
