"""py-evm, in Python: the engine where the fast one has no wheel."""

import rlp
from differential.engine import DEPLOYER, GAS, ContractRevertError
from eth.chains.base import MiningChain
from eth.constants import CREATE_CONTRACT_ADDRESS
from eth.db.atomic import AtomicDB
from eth.vm.forks import CancunVM
from eth.vm.message import Message
from eth_hash.auto import keccak


class PyEvmWorld:
    """py-evm, driven message by message: no chain of blocks, no transactions, no fees."""

    def __init__(self) -> None:
        chain = MiningChain.configure("Chain", vm_configuration=((0, CancunVM),), chain_id=1)
        genesis = chain.from_genesis(AtomicDB(), {"difficulty": 0, "gas_limit": 2**62, "timestamp": 0})
        self._state = genesis.get_vm().state

    def deploy(self, creation_code: bytes) -> str:
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
