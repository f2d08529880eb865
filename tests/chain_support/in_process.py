"""A web3.py provider on an in-process EVM: the reader's own code, without a node or a socket."""

from typing import Any

from differential.engine import DEPLOYER, ContractRevertError, World, has_pyrevm, selector
from eth_abi.abi import encode
from web3.providers.base import BaseProvider
from web3.types import RPCEndpoint, RPCResponse

from amm.chain.multicall import MULTICALL3
from amm.chain.multicall_code import MULTICALL_CODE

CHAIN_ID = 31_337


def examples(number: int) -> int:
    """So many examples on the fast engine, two on the slow one."""
    return number if has_pyrevm() else 2


BLOCK_NUMBER = 1_000


class WorldProvider(BaseProvider):
    """One block of one world, the latest; `multicall` says whether Multicall3 stands there."""

    def __init__(self, world: World, timestamp: int, *, multicall: bool = True) -> None:
        super().__init__()
        self.requests: list[str] = []
        self.timestamp = timestamp
        self.block_hash = "0x" + "b1" * 32
        self._world = world
        place_code(world, MULTICALL3, bytes.fromhex(MULTICALL_CODE[2:]) if multicall else b"")

    def make_request(self, method: RPCEndpoint, params: Any) -> RPCResponse:  # noqa: ANN401  # as the base class has it
        self.requests.append(method)
        try:
            return {"jsonrpc": "2.0", "id": 1, "result": getattr(self, method)(*params)}
        except ContractRevertError as error:
            reason = encode(["string"], [error.reason])
            data = "0x" + (selector("Error(string)") + reason).hex() if error.reason else "0x"
            return {"jsonrpc": "2.0", "id": 1, "error": {"code": 3, "message": "execution reverted", "data": data}}

    def eth_chainId(self) -> str:  # noqa: N802  # the protocol's own name, as are the next
        return hex(CHAIN_ID)

    def eth_getBlockByNumber(self, reference: str, _full: bool) -> dict[str, str] | None:  # noqa: N802
        if reference not in {"latest", hex(BLOCK_NUMBER)}:
            return None
        return {"number": hex(BLOCK_NUMBER), "hash": self.block_hash, "timestamp": hex(self.timestamp)}

    def eth_getBlockByHash(self, reference: str, full: bool) -> dict[str, str] | None:  # noqa: N802
        return self.eth_getBlockByNumber("latest", full) if reference == self.block_hash else None

    def eth_call(
        self,
        transaction: dict[str, str],
        block: dict[str, object],
        lent: dict[str, dict[str, str]] | None = None,
    ) -> str:
        assert block == {"blockHash": self.block_hash, "requireCanonical": True}
        if lent is not None:
            place_code(self._world, MULTICALL3, bytes.fromhex(lent[MULTICALL3]["code"][2:]))
        try:
            answer = self._world.send(DEPLOYER, transaction["to"], bytes.fromhex(transaction["data"][2:]))
        finally:
            if lent is not None:
                place_code(self._world, MULTICALL3, b"")
        return "0x" + answer.hex()


def place_code(world: Any, address: str, code: bytes) -> None:  # noqa: ANN401  # either engine's world
    """Make code stand at an address."""
    if has_pyrevm():
        import pyrevm  # noqa: PLC0415  # has no wheel for every Python we support

        world._evm.insert_account_info(address, pyrevm.AccountInfo(code=code))
    else:
        world._state.set_code(bytes.fromhex(address[2:]), code)
