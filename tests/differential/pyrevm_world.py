"""revm, compiled: the fast engine."""

import re

import pyrevm
from differential.engine import DEPLOYER, GAS, ContractRevertError


class PyrevmWorld:
    """A world in revm."""

    _SLOT = re.compile(r"(\d+): StorageSlot")
    _OUTPUT = re.compile(r"output: 0x([0-9a-f]*)")

    def __init__(self) -> None:
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
        self._evm.set_block_env(pyrevm.BlockEnv(number=1, timestamp=timestamp, gas_limit=2**63))
