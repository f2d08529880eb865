"""An anvil node on the loopback: fetched with npm, pinned, started on a free port, and spoken to in plain JSON-RPC."""

import hashlib
import platform
import re
import subprocess
import sys
import tarfile
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

import pytest
import requests
from differential.artifacts import CACHE, ArtifactError, Package, tarball, write_atomically

ANVIL = Package(
    "@foundry-rs/anvil-linux-amd64",
    "1.7.1",
    "sha512-+XmShybEaxfCrr0OUUZwYEy2OnYZt5pHH9TzBtLv3+VrK0O/ANuNSVEahqNhKHlgX7GRJ59383ofNhxkRWIYTg==",
)
FUNDED = "0x00000000000000000000000000000000000000de"
START_TIME = 1_700_000_000
_LISTENING = re.compile(r"Listening on 127\.0\.0\.1:(\d+)")


class RpcError(Exception):
    """The node's own error."""


class Anvil:
    """One running node."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self._session = requests.Session()
        self._session.trust_env = False

    def close(self) -> None:
        self._session.close()

    def rpc(self, method: str, *params: object) -> Any:  # noqa: ANN401  # whatever the method answers
        answer = self.answer(method, params)
        if "error" in answer:
            raise RpcError(f"{method}: {answer['error']}")
        return answer["result"]

    def answer(self, method: str, params: Sequence[object]) -> dict[str, Any]:
        """The whole JSON-RPC response, an error as well."""
        body: Any = {"jsonrpc": "2.0", "id": 1, "method": method, "params": list(params)}
        response: dict[str, Any] = self._session.post(self.url, json=body, timeout=60).json()
        return response

    def queue(self, sender: str, to: str | None, data: bytes) -> str:
        """Send a transaction from any account, to be mined with the next block; returns its hash."""
        transaction = {"from": sender, "data": "0x" + data.hex(), "gas": hex(30_000_000), "gasPrice": "0x0"}
        return str(self.rpc("eth_sendTransaction", transaction if to is None else {**transaction, "to": to}))

    def send(self, sender: str, to: str | None, data: bytes) -> dict[str, Any]:
        """Send a transaction and mine it in a block of its own; returns its receipt, whether or not it reverted."""
        transaction = self.queue(sender, to, data)
        self.rpc("evm_mine")
        receipt: dict[str, Any] = self.rpc("eth_getTransactionReceipt", transaction)
        return receipt

    def deploy(self, creation_code: bytes, sender: str = FUNDED) -> str:
        """Create a contract and return its address."""
        receipt = self.send(sender, None, creation_code)
        if receipt["status"] != "0x1":
            raise RpcError("the contract's creation reverted")
        return str(receipt["contractAddress"])

    def call(self, to: str, data: bytes, sender: str = FUNDED, block: object = "latest") -> bytes:
        answer: str = self.rpc("eth_call", {"from": sender, "to": to, "data": "0x" + data.hex()}, block)
        return bytes.fromhex(answer[2:])

    def mine(self, blocks: int = 1, seconds: int = 12) -> None:
        """Mine empty blocks so many seconds apart."""
        self.rpc("anvil_mine", hex(blocks), hex(seconds))

    def block_number(self) -> int:
        return int(self.rpc("eth_blockNumber"), 16)


@contextmanager
def running_anvil(*options: str) -> Iterator[Anvil]:
    """A fresh chain, on which every account may send without a key and pays nothing for gas."""
    command = [
        str(_program()),
        *("--port", "0", "--accounts", "1", "--timestamp", str(START_TIME), "--order", "fifo", "--no-mining"),
        *("--gas-price", "0", "--block-base-fee-per-gas", "0", "--gas-limit", "1000000000", *options),
    ]
    # a pipe that nobody reads would fill up with its log, and stop it
    with (
        tempfile.TemporaryFile("w+") as log,
        subprocess.Popen(command, stdout=log, stderr=subprocess.DEVNULL, text=True) as process,
    ):
        try:
            node = Anvil(_port(process, log))
            node.rpc("anvil_autoImpersonateAccount", True)
            yield node
            node.close()
        finally:
            process.terminate()


def _port(process: subprocess.Popen[str], log: IO[str]) -> int:
    """Wait until the node says where it listens."""
    text = ""
    while process.poll() is None:
        log.seek(len(text))
        text += log.read()
        listening = _LISTENING.search(text)
        if listening:
            return int(listening[1])
        time.sleep(0.01)
    raise ArtifactError("anvil ended before it listened")


def _program() -> Path:
    """The executable, unpacked next to its tarball under a name that its pin determines."""
    if sys.platform != "linux" or platform.machine() != "x86_64":
        pytest.skip("npm has no anvil for this machine; the in-process provider's tests run everywhere")
    pin = hashlib.sha256(ANVIL.integrity.encode()).hexdigest()[:16]
    path = CACHE / f"anvil-{ANVIL.version}-{pin}"
    if not path.exists():
        with tarfile.open(tarball(ANVIL)) as archive:
            file = archive.extractfile("package/bin/anvil")
            if file is None:
                raise ArtifactError(f"{ANVIL.name} has no bin/anvil")
            write_atomically(path, file.read())
    path.chmod(0o755)
    return path
