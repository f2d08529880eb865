"""One small world to run contracts in, on either of two in-process EVMs.

pyrevm is fast and has no wheel for Python 3.13; py-evm is pure Python and stands in where pyrevm is missing.
"""

import re
from collections.abc import Sequence
from functools import cache
from importlib.util import find_spec
from typing import Protocol

from eth_abi.abi import encode
from eth_hash.auto import keccak

WORD = 2**256
GAS = 2**30  # a call's allowance: enough for a swap across all bitmap words, and an end to an endless loop
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


def new_world() -> World:
    """A fresh world on the fastest engine this Python has."""
    return _PyrevmWorld() if has_pyrevm() else _PyEvmWorld()


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


class _PyrevmWorld:
    """revm."""

    _SLOT = re.compile(r"(\d+): StorageSlot")
    _OUTPUT = re.compile(r"output: 0x([0-9a-f]*)")

    def __init__(self) -> None:
        import pyrevm  # noqa: PLC0415  # has no wheel for every Python we support

        self._block_env = pyrevm.BlockEnv
        self._evm = pyrevm.EVM(spec_id="CANCUN")
        self._evm.set_balance(DEPLOYER, 10**24)

    def deploy(self, creation_code: bytes) -> str:
        return str(self._evm.deploy(DEPLOYER, creation_code))

    def send(self, caller: str, to: str, calldata: bytes) -> bytes:
        try:
            answer = self._evm.message_call(caller, to, calldata=calldata, gas=GAS)
        except RuntimeError as error:
            text = str(error)
            if not text.startswith(("Revert", "Halt")):
                raise
            output = self._OUTPUT.search(text)
            raise ContractRevertError(bytes.fromhex(output[1]) if output else b"") from None
        return bytes(answer)

    def read_slot(self, address: str, slot: int) -> int:
        value: int = self._evm.storage(address, slot)
        return value

    def write_slot(self, address: str, slot: int, value: int) -> None:
        self._evm.insert_account_storage(address, slot, value)

    def touched_slots(self, address: str) -> set[int]:
        # only the printed journal lists them
        _, _, account = self._evm.journal_str.partition(f"{address.lower()}: Account {{")
        storage = account[account.index("storage: {") : account.index("status: ")]
        return {int(slot) for slot in self._SLOT.findall(storage)}

    def set_time(self, timestamp: int) -> None:
        self._evm.set_block_env(self._block_env(number=1, timestamp=timestamp, gas_limit=2**63))


class _PyEvmWorld:
    """py-evm, driven message by message: no chain of blocks, no transactions, no fees."""

    def __init__(self) -> None:
        # the stand-in is installed only where pyrevm is not
        from eth.chains.base import MiningChain  # noqa: PLC0415
        from eth.db.atomic import AtomicDB  # noqa: PLC0415
        from eth.vm.forks import CancunVM  # noqa: PLC0415

        chain = MiningChain.configure("Chain", vm_configuration=((0, CancunVM),), chain_id=1)
        genesis = chain.from_genesis(AtomicDB(), {"difficulty": 0, "gas_limit": 2**62, "timestamp": 0})
        self._state = genesis.get_vm().state

    def deploy(self, creation_code: bytes) -> str:
        import rlp  # noqa: PLC0415  # as above
        from eth.constants import CREATE_CONTRACT_ADDRESS  # noqa: PLC0415

        sender = bytes.fromhex(DEPLOYER[2:])
        nonce = self._state.get_nonce(sender)
        address = keccak(rlp.encode([sender, nonce]))[12:]
        self._state.increment_nonce(sender)
        self._run(sender, CREATE_CONTRACT_ADDRESS, b"", creation_code, address)
        return "0x" + address.hex()

    def send(self, caller: str, to: str, calldata: bytes) -> bytes:
        target = bytes.fromhex(to[2:])
        return self._run(bytes.fromhex(caller[2:]), target, calldata, self._state.get_code(target))

    def read_slot(self, address: str, slot: int) -> int:
        return int(self._state.get_storage(bytes.fromhex(address[2:]), slot))

    def write_slot(self, address: str, slot: int, value: int) -> None:
        self._state.set_storage(bytes.fromhex(address[2:]), slot, value)

    def touched_slots(self, address: str) -> set[int]:
        return set(self._state._account_db._get_address_store(bytes.fromhex(address[2:]))._accessed_slots)

    def set_time(self, timestamp: int) -> None:
        self._state.execution_context._timestamp = timestamp

    def _run(self, sender: bytes, to: bytes, data: bytes, code: bytes, created: bytes | None = None) -> bytes:
        from eth.vm.message import Message  # noqa: PLC0415  # as above

        message = Message(
            gas=GAS, to=to, sender=sender, value=0, data=data, code=code, create_address=created, is_static=False
        )
        context = self._state.get_transaction_context_class()(gas_price=0, origin=sender)
        computation = self._state.computation_class
        run = computation.apply_message if created is None else computation.apply_create_message
        result = run(self._state, message, context)
        if result.is_error:
            raise ContractRevertError(bytes(result.output))
        return bytes(result.output)
