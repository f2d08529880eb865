"""The contracts under test, deployed into a world: tokens, factory, one pool, and the counterparty that pays it."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from differential.artifacts import SOLC, V2_CORE, V2_PERIPHERY, V3_CORE, creation_code
from differential.engine import DEPLOYER, World, calldata, has_pyrevm
from differential.solidity import SETTINGS, compile_contract


def _engine() -> Callable[[], World]:
    """The fast engine where it is installed."""
    if has_pyrevm():
        from differential.pyrevm_world import PyrevmWorld  # noqa: PLC0415  # only one of the two is installed

        return PyrevmWorld
    from differential.py_evm_world import PyEvmWorld  # noqa: PLC0415  # as above

    return PyEvmWorld


new_world = _engine()  # at once: py-evm raises Python's recursion limit, which must not happen inside a test

HERE = Path(__file__).parent
CALLEE_SOURCE = HERE / "callee.sol"
MATH_SOURCE = HERE / "math_libraries.sol"
CALLEE_BUILD = HERE / "callee.json"

V2_FACTORY = (V2_CORE, "build/UniswapV2Factory.json")
V2_PAIR = (V2_CORE, "build/UniswapV2Pair.json")
V2_ROUTER = (V2_PERIPHERY, "build/UniswapV2Router02.json")
ERC20 = (V2_CORE, "build/ERC20.json")
V3_FACTORY = (V3_CORE, "artifacts/contracts/UniswapV3Factory.sol/UniswapV3Factory.json")
V3_POOL = (V3_CORE, "artifacts/contracts/UniswapV3Pool.sol/UniswapV3Pool.json")

STANDARD_FEES = (500, 3000, 10_000)  # what the v3 factory enables itself
CALLEE_FUNDS = 2**255  # of each token; the deployer keeps the rest of the supply
START_TIME = 1_700_000_000


@dataclass(frozen=True)
class Deployment:
    """The addresses of one pool and of what it needs."""

    world: World
    factory: str
    token0: str
    token1: str
    pool: str
    callee: str

    def forward(self, to: str, data: bytes) -> bytes:
        """Let the callee make a call, so that it is the one the pool calls back."""
        return self.world.send(DEPLOYER, self.callee, calldata("forward(address,bytes)", to, data))

    def forward_and_report(self, to: str, data: bytes) -> bytes:
        """The same, and hear what its callback met."""
        return self.world.send(DEPLOYER, self.callee, calldata("forwardAndReport(address,bytes)", to, data))

    def transfer(self, token: str, to: str, amount: int) -> None:
        """Send tokens from the deployer's own."""
        self.world.send(DEPLOYER, token, calldata("transfer(address,uint256)", to, amount))


def deploy_v3(fee: int, tick_spacing: int) -> Deployment:
    """A v3 pool that is not initialized yet; a fee the factory does not know is enabled first."""
    world, token0, token1, callee = _deploy_tokens()
    factory = world.deploy(creation_code(*V3_FACTORY))
    if fee not in STANDARD_FEES:
        world.send(DEPLOYER, factory, calldata("enableFeeAmount(uint24,int24)", fee, tick_spacing))
    answer = world.send(DEPLOYER, factory, calldata("createPool(address,address,uint24)", token0, token1, fee))
    return Deployment(world, factory, token0, token1, "0x" + answer[-20:].hex(), callee)


def deploy_v2() -> Deployment:
    """A v2 pair without liquidity, with the protocol fee off."""
    world, token0, token1, callee = _deploy_tokens()
    factory = world.deploy(creation_code(*V2_FACTORY) + bytes(12) + bytes.fromhex(DEPLOYER[2:]))
    answer = world.send(DEPLOYER, factory, calldata("createPair(address,address)", token0, token1))
    return Deployment(world, factory, token0, token1, "0x" + answer[-20:].hex(), callee)


def deploy_math_libraries() -> tuple[World, str]:
    """The v3 libraries behind one contract of external functions; compiled from the package's sources."""
    world = new_world()
    return world, world.deploy(compile_contract(MATH_SOURCE, "MathLibraries"))


def deploy_v2_router() -> tuple[World, str]:
    """The v2 router, whose pure functions show UniswapV2Library; it gets no factory, as they need none."""
    world = new_world()
    return world, world.deploy(creation_code(*V2_ROUTER) + bytes(64))


def callee_record() -> dict[str, Any]:
    """What callee.json holds: the callee's creation code, and all it takes to make it again."""
    return {
        "source": CALLEE_SOURCE.name,
        "contract": "Callee",
        "compiler": {"package": SOLC.name, "version": SOLC.version, "integrity": SOLC.integrity},
        "settings": SETTINGS,
        "bytecode": compile_contract(CALLEE_SOURCE, "Callee").hex(),
    }


@cache
def _callee_code() -> bytes:
    build: dict[str, str] = json.loads(CALLEE_BUILD.read_text(encoding="utf-8"))
    return bytes.fromhex(build["bytecode"])


def _deploy_tokens() -> tuple[World, str, str, str]:
    world = new_world()
    world.set_time(START_TIME)
    supply = (2**256 - 1).to_bytes(32, "big")
    tokens = (world.deploy(creation_code(*ERC20) + supply) for _ in range(2))
    token0, token1 = sorted(tokens, key=lambda address: int(address, 16))
    callee = world.deploy(_callee_code())
    for token in (token0, token1):
        world.send(DEPLOYER, token, calldata("transfer(address,uint256)", callee, CALLEE_FUNDS))
    return world, token0, token1, callee


if __name__ == "__main__":
    CALLEE_BUILD.write_text(json.dumps(callee_record(), indent=2) + "\n", encoding="utf-8")
