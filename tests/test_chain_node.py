"""Requests over true HTTP: what is tried again, what is not, and what each failure becomes."""

import logging
import socket
import traceback
from collections.abc import Callable
from typing import Any

import pytest
from chain_support.http_node import HttpNode, Reply, http_node

from amm.chain import (
    BadAnswerError,
    Block,
    BlockNotFoundError,
    CallRevertedError,
    ChainError,
    Node,
    NodeError,
    NodeRefusedError,
    NodeUnreachableError,
    RateLimitedError,
    ReorganisedError,
    Retry,
    StateUnavailableError,
    WrongChainError,
)

KEY = "5ecr3tKey0fTheProvider"
RETRY = Retry(attempts=4, first_pause_s=0.5, longest_pause_s=1.5)
HASH = "0x" + "ab" * 32
BLOCK = Block(7, HASH, 1_700_000_000)
HEADER = {"number": "0x7", "hash": HASH, "timestamp": "0x6553f100"}


class Pauses(list[float]):
    """What a node would have slept."""


def connected(server: HttpNode, path: str = "", timeout_s: float = 5.0) -> tuple[Node, Pauses]:
    """A node that notes its pauses instead of making them."""
    pauses = Pauses()
    node = Node.connect(server.url + path, timeout_s=timeout_s, retry=RETRY)
    node._sleep = pauses.append
    return node, pauses


def failing(times: int, failure: Reply) -> Callable[[str, list[Any], int], Reply]:
    """Fail so many times, then say that this is chain 1."""
    return lambda _method, _params, count: failure if count < times else Reply("0x1")


TRANSIENT = {
    "429": Reply(status=429),
    "500": Reply(status=500),
    "502": Reply(status=502, body=b"<html>bad gateway</html>"),
    "503": Reply(status=503),
    "504": Reply(status=504),
    "a body cut in the middle": Reply("0x1", sent=9),
    "no body at all": Reply("0x1", sent=0),
    "half a JSON text": Reply(body=b'{"jsonrpc": "2.0", "id": 0, "resu'),
    "no JSON-RPC response": Reply(body=b"[]"),
    "neither result nor error": Reply(body=b'{"jsonrpc": "2.0", "id": 0}'),
    "an internal error": Reply(body=b'{"error": {"code": -32603, "message": "internal error"}}'),
    "a rate limit in words": Reply(body=b'{"error": {"code": -32005, "message": "daily request count exceeded"}}'),
    "a lagging backend": Reply(body=b'{"error": {"code": -32000, "message": "header not found"}}'),
}


@pytest.mark.parametrize("failure", TRANSIENT.values(), ids=TRANSIENT)
def test_what_may_pass_is_tried_again_with_growing_pauses(failure: Reply) -> None:
    """Three failures in a row cost three more requests and three pauses, each twice the last, up to the longest."""
    with http_node(failing(3, failure)) as server:
        node, pauses = connected(server)
        with node:
            assert node.chain_id() == 1
            assert node.requests == 4
    assert pauses == [0.5, 1.0, 1.5]


@pytest.mark.parametrize("failure", TRANSIENT.values(), ids=TRANSIENT)
def test_what_never_passes_ends_in_a_typed_error(failure: Reply) -> None:
    """The attempts are counted out, and the error says which request failed and why."""
    with http_node(failing(99, failure)) as server:
        node, _ = connected(server)
        with node, pytest.raises((NodeUnreachableError, RateLimitedError), match="eth_chainId"):
            node.chain_id()
        assert node.requests == RETRY.attempts


def test_a_request_without_an_answer_times_out() -> None:
    """A node that is silent for longer than the time-out is asked again, and given up at last."""
    with http_node(failing(1, Reply("0x1", delay_s=0.4))) as server:
        node, pauses = connected(server, timeout_s=0.2)
        with node:
            assert node.chain_id() == 1
    assert pauses == [0.5]


def test_a_node_that_is_not_there() -> None:
    """A refused connection is retried like a dropped one."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}/{KEY}"
    node = Node.connect(url, retry=RETRY)
    pauses: list[float] = []
    node._sleep = pauses.append
    with node, pytest.raises(NodeUnreachableError, match=r"^http://127.0.0.1:\d+ did not answer eth_chainId"):
        node.chain_id()
    assert len(pauses) == RETRY.attempts - 1


def test_no_proxy_stands_before_the_loopback(monkeypatch: pytest.MonkeyPatch) -> None:
    """A proxy in the environment is for other machines."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    with http_node(failing(0, Reply())) as server:
        node, _ = connected(server)
        with node:
            assert node.chain_id() == 1


def test_the_node_says_how_long_to_wait() -> None:
    """Retry-After lengthens a pause, up to the longest."""
    failure = Reply(status=429, headers={"Retry-After": "1"})
    with http_node(failing(1, failure)) as server:
        node, pauses = connected(server)
        with node:
            node.chain_id()
    assert pauses == [1.0]


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (Reply(status=401), "HTTP 401"),
        (Reply(status=403, body=f"key {KEY} is not allowed".encode()), "HTTP 403"),
        (Reply(status=404), "HTTP 404"),
        (Reply(body=b'{"error": {"code": -32601, "message": "no such method"}}'), "no such method"),
        (Reply(status=400, body=b'{"error": {"code": -32602, "message": "too wide"}}'), "HTTP 400: too wide"),
        (Reply(body=b'{"error": "nothing today"}'), "nothing today"),
    ],
)
def test_a_refusal_is_not_repeated(failure: Reply, words: str) -> None:
    """Asking again would change nothing, so one request is all; the provider's own words are in the error."""
    with http_node(failing(99, failure)) as server:
        node, pauses = connected(server)
        with node, pytest.raises(NodeRefusedError, match=words):
            node.chain_id()
        assert (node.requests, pauses) == (1, [])


@pytest.mark.parametrize("path", [f"/v3/{KEY}", f"/?apikey={KEY}", f"/{KEY}?token={KEY}"])
@pytest.mark.parametrize(
    "failure", [*TRANSIENT.values(), Reply(status=401), Reply(body=b'{"error": {"message": "KEY"}}')]
)
def test_the_key_is_in_no_error_and_no_log(path: str, failure: Reply, caplog: pytest.LogCaptureFixture) -> None:
    """Message, repr, cause and context of the error, and every log record at DEBUG, are free of the key."""
    reply = Reply(failure.result, failure.status, failure.body, failure.headers, failure.sent)
    if failure.body is not None:
        reply.body = failure.body.replace(b"KEY", KEY.encode())
    with http_node(failing(99, reply)) as server, caplog.at_level(logging.DEBUG):
        node, _ = connected(server, path)
        with node, pytest.raises(NodeError) as caught:
            node.chain_id()
        assert KEY in server.paths[0]
    assert KEY not in "".join(traceback.format_exception(caught.value))
    assert KEY not in repr(caught.value) + repr(node)
    assert caught.value.__context__ is None
    assert caplog.records
    assert KEY not in caplog.text


def test_the_key_in_user_info_is_sent_and_not_shown() -> None:
    """Basic authentication works, and its password stays hidden."""
    with http_node(failing(99, Reply(status=401))) as server:
        node = Node.connect(server.url.replace("http://", f"http://user:{KEY}@"), retry=RETRY)
        with node, pytest.raises(NodeRefusedError) as caught:
            node.chain_id()
    assert KEY not in "".join(traceback.format_exception(caught.value))


def test_a_revert_carries_the_contracts_reason() -> None:
    """Error(string) is read from the data of the answer; a failed assertion of old Solidity has no reason."""
    reason = "0x08c379a0" + f"{32:064x}{3:064x}" + b"SPL".hex().ljust(64, "0")
    answers = iter(
        (
            f'{{"error": {{"code": 3, "message": "execution reverted: SPL", "data": "{reason}"}}}}',
            f'{{"error": {{"code": -32015, "message": "VM execution error.", "data": "Reverted {reason}"}}}}',
            '{"error": {"code": -32603, "message": "EVM error InvalidFEOpcode"}}',
        )
    )
    with http_node(lambda *_: Reply(body=next(answers).encode())) as server:
        node, _ = connected(server)
        with node:
            for expected in ("SPL", "SPL", ""):
                with pytest.raises(CallRevertedError) as caught:
                    node.call("0x" + "11" * 20, b"\x12\x34\x56\x78", BLOCK)
                assert caught.value.reason == expected


@pytest.mark.parametrize(
    "words",
    [
        "missing trie node 1f98 (path ) state 0x1 is not available",
        "required historical state unavailable (reexec=128)",
        "No state available for block 7",
        "state at block #7 is pruned",
        "this request needs an archive node",
    ],
)
def test_a_node_without_the_state_is_named(words: str) -> None:
    """What geth, erigon, nethermind and reth say of a state they do not keep becomes one typed error."""
    body = f'{{"error": {{"code": -32000, "message": "{words}"}}}}'.encode()

    def script(method: str, _params: list[Any], _count: int) -> Reply:
        return Reply(body=body) if method == "eth_call" else Reply(HEADER)

    with http_node(script) as server:
        node, _ = connected(server)
        with node, pytest.raises(StateUnavailableError, match="block 7"):
            node.call("0x" + "11" * 20, b"", BLOCK)


def test_a_block_that_is_gone_is_a_reorganisation() -> None:
    """A refused call whose block no longer has its number on the chain says so, not that the node failed."""
    other = HEADER | {"hash": "0x" + "cd" * 32}

    def script(method: str, _params: list[Any], _count: int) -> Reply:
        return (
            Reply(body=b'{"error": {"code": -32001, "message": "not found"}}') if method == "eth_call" else Reply(other)
        )

    with http_node(script) as server:
        node, _ = connected(server)
        with node, pytest.raises(ReorganisedError) as caught:
            node.call("0x" + "11" * 20, b"", BLOCK)
    assert (caught.value.expected_hash, caught.value.found_hash) == (HASH, other["hash"])


@pytest.mark.parametrize(
    ("answer", "error"),
    [
        (None, BlockNotFoundError),
        ({**HEADER, "number": "0x8"}, BadAnswerError),
        ({**HEADER, "hash": "0x12"}, BadAnswerError),
        ({**HEADER, "timestamp": 5}, BadAnswerError),
        ("0x7", BadAnswerError),
    ],
)
def test_a_header_must_be_the_one_asked_for(answer: object, error: type[ChainError]) -> None:
    """Another number, no hash, no hexadecimal time: none of them is taken for block 7."""
    with http_node(lambda *_: Reply(answer)) as server:
        node, _ = connected(server)
        with node, pytest.raises(error):
            node.block(7)


@pytest.mark.parametrize("reference", [-1, "first", "0x12", "7"])
def test_a_block_needs_a_number_a_hash_or_a_name(reference: int | str) -> None:
    """Nothing is asked for a reference that can name no block."""
    with http_node(lambda *_: Reply(HEADER)) as server:
        node, _ = connected(server)
        with node, pytest.raises(BlockNotFoundError):
            node.block(reference)
        assert node.requests == 0


def test_another_chain_is_refused() -> None:
    """The chain's id is compared, and asked for once only."""
    with http_node(lambda *_: Reply("0x89")) as server:
        node, _ = connected(server)
        with node, pytest.raises(WrongChainError) as caught:
            node.require_chain(1)
        assert (caught.value.expected, caught.value.found, node.chain_id(), node.requests) == (1, 137, 137, 1)


ADDRESS = "0x" + "aa" * 20
LOG = {
    "address": ADDRESS,
    "topics": [HASH],
    "data": "0x",
    "blockNumber": "0x7",
    "blockHash": HASH,
    "transactionHash": HASH,
    "transactionIndex": "0x0",
    "logIndex": "0x0",
    "removed": False,
}


@pytest.mark.parametrize(
    "logs",
    [
        {},
        [{}],
        [{**LOG, "address": "0x" + "bb" * 20}],
        [{**LOG, "blockNumber": "0xb"}],
        [{**LOG, "blockNumber": None}],
        [{**LOG, "removed": True}],
        [{**LOG, "topics": ["0x12"]}],
        [{**LOG, "data": "0x1"}],
        [LOG, LOG],
        [LOG, {**LOG, "logIndex": "0x1", "blockHash": "0x" + "cd" * 32}],
    ],
    ids=["object", "empty", "contract", "range", "pending", "removed", "topic", "data", "twice", "two blocks"],
)
def test_logs_that_were_not_asked_for_are_refused(logs: object) -> None:
    """Whatever is wrong with one log, none of the answer is taken."""
    with http_node(lambda *_: Reply(logs)) as server:
        node, _ = connected(server)
        with node, pytest.raises(BadAnswerError, match="eth_getLogs"):
            node.logs(ADDRESS, 5, 9)
