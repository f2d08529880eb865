"""One small world to run contracts in, on either of two in-process EVMs.

pyrevm is fast and has no wheel for Python 3.13; py-evm is pure Python and stands in where pyrevm is missing.
"""

from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from typing import Protocol

from eth_abi.abi import encode
from eth_hash.auto import keccak

WORD = 2**256
GAS = 2**28  # a call's allowance: enough for a swap across all bitmap words, and an end to an endless loop
DEPLOYER = "0x00000000000000000000000000000000000000de"
_ERROR_STRING = bytes.fromhex("08c379a0")  # the selector of Error(string)


class ContractRevertError(Exception):
    """The call failed; `reason` is the contract's own string, "" where it gives none."""

    def __init__(self, output: bytes) -> None:
        self.reason = reason_of(output)
        super().__init__(self.reason)


class World(Protocol):
    """A chain of its own, with a clock that the test sets."""

    def deploy(self, creation_code: bytes) -> str:
        """Create a contract and return its address."""

    def send(self, caller: str, to: str, calldata: bytes) -> bytes:
        """Call a contract and return its raw answer; ContractRevertError leaves the world unchanged."""

    def read_slot(self, address: str, slot: int) -> int:
        """One word of a contract's storage."""

    def write_slot(self, address: str, slot: int, value: int) -> None:
        """Set one word of a contract's storage."""

    def touched_slots(self, address: str) -> set[int]:
        """Every slot of a contract's storage that any call has read or written."""

    def set_time(self, timestamp: int) -> None:
        """Set the block's time in seconds."""


@cache
def has_pyrevm() -> bool:
    """Whether the fast engine is installed."""
    return find_spec("pyrevm") is not None


@cache
def selector(signature: str) -> bytes:
    """The four bytes that name a function in calldata."""
    return bytes(keccak(signature.encode())[:4])


def calldata(signature: str, *arguments: object) -> bytes:
    """A call, encoded; the signature is the contract's, such as `burn(int24,int24,uint128)`."""
    return selector(signature) + encode(_types(signature), arguments)


def words(answer: bytes) -> list[int]:
    """An answer of static values, as unsigned words."""
    return [int.from_bytes(answer[i : i + 32], "big") for i in range(0, len(answer), 32)]


def signed(word: int) -> int:
    """A word read as int256."""
    return word - WORD if word >= WORD // 2 else word


def reason_of(output: bytes) -> str:
    """The string of `Error(string)`, or "" for any other failure."""
    if output[:4] != _ERROR_STRING:
        return ""
    length = int.from_bytes(output[36:68], "big")
    return output[68 : 68 + length].decode()


@cache
def _types(signature: str) -> Sequence[str]:
    inside = signature[signature.index("(") + 1 : -1]
    return inside.split(",") if inside else ()
