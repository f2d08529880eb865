"""Uniswap's own contracts on an anvil node, v3's at mainnet's addresses, and pools with a random life."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from random import Random

from chain_support.anvil import FUNDED, Anvil
from differential.artifacts import V2_PERIPHERY, V3_PERIPHERY, creation_code
from differential.contracts import CALLEE_BUILD, ERC20, V2_FACTORY, V3_FACTORY
from differential.engine import calldata, signed, words
from eth_abi.abi import encode

from amm.chain.multicall import MULTICALL3
from amm.chain.multicall_code import MULTICALL_CODE
from amm.math.tick_math import MAX_SQRT_RATIO, MAX_TICK, MIN_SQRT_RATIO, get_sqrt_ratio_at_tick

UNISWAP_DEPLOYER = "0x6c9fc64a53c1b71fb3f9af64d1ae3a4931a5f4e9"
"""Who deployed v3 on mainnet: first the factory, and QuoterV2 with nonce 13."""
QUOTER_NONCE = 13
V3_FACTORY_ADDRESS = "0x1f98431c8ad98523631ae4a59f267346ea31f984"
QUOTER_ADDRESS = "0x61ffe014ba17989e743c5f6cb21bf9697530b21e"
QUOTER_V2 = (V3_PERIPHERY, "artifacts/contracts/lens/QuoterV2.sol/QuoterV2.json")
ROUTER_V2 = (V2_PERIPHERY, "build/UniswapV2Router02.json")
OWNERS = ("0x00000000000000000000000000000000000000a1", "0x00000000000000000000000000000000000000a2")
_FUNDS = 2**255
_MAX_UINT128 = 2**128 - 1


@dataclass(frozen=True)
class Chain:
    """The contracts that every pool on a node shares."""

    node: Anvil
    v3_factory: str
    v2_factory: str
    quoter: str
    router: str
    callee: str

    def set_fee_to(self) -> None:
        """Turn the v2 protocol fee on."""
        self.node.send(FUNDED, self.v2_factory, calldata("setFeeTo(address)", FUNDED))

    def new_tokens(self) -> tuple[str, str]:
        """Two tokens, the callee rich in both."""
        supply = (2**256 - 1).to_bytes(32, "big")
        token0, token1 = sorted(self.node.deploy(creation_code(*ERC20) + supply) for _ in range(2))
        for token in (token0, token1):
            self.node.send(FUNDED, token, calldata("transfer(address,uint256)", self.callee, _FUNDS))
        return token0, token1


def deploy_uniswap(node: Anvil) -> Chain:
    """Both factories, the quoting contracts, Multicall3 at its address, and the counterparty that pays pools."""
    node.rpc("anvil_setCode", MULTICALL3, MULTICALL_CODE)
    v3_factory = node.deploy(creation_code(*V3_FACTORY), UNISWAP_DEPLOYER)
    node.rpc("anvil_setNonce", UNISWAP_DEPLOYER, hex(QUOTER_NONCE))
    quoter = node.deploy(
        creation_code(*QUOTER_V2) + encode(["address", "address"], [v3_factory, FUNDED]), UNISWAP_DEPLOYER
    )
    v2_factory = node.deploy(creation_code(*V2_FACTORY) + encode(["address"], [FUNDED]))
    router = node.deploy(creation_code(*ROUTER_V2) + encode(["address", "address"], [v2_factory, FUNDED]))
    callee = node.deploy(bytes.fromhex(json.loads(CALLEE_BUILD.read_text(encoding="utf-8"))["bytecode"]))
    return Chain(node, v3_factory, v2_factory, quoter, router, callee)


class LivePool:
    """A v3 pool on a node, and a random life for it."""

    def __init__(self, chain: Chain, fee: int, seed: int) -> None:
        self.chain, self.node = chain, chain.node
        self.random = Random(seed)  # noqa: S311  # samples for a test, not secrets
        self.token0, self.token1 = chain.new_tokens()
        data = calldata("createPool(address,address,uint24)", self.token0, self.token1, fee)
        receipt = self.node.send(FUNDED, chain.v3_factory, data)
        self.address = "0x" + receipt["logs"][0]["data"][-40:]
        self.created = int(receipt["blockNumber"], 16)
        self.spacing = words(self.node.call(self.address, calldata("tickSpacing()")))[0]
        self.ranges: list[tuple[str, int, int]] = []

    def live(self, blocks: int) -> None:
        """Some transactions in each of so many blocks; what reverts leaves no trace."""
        for _ in range(blocks):
            for _ in range(self.random.randint(0, 3)):
                self.random.choice(self._ACTIONS)(self)
            self._mine()

    def begin(self) -> None:
        """Initialise, and give liquidity over the whole range."""
        tick = self.random.randint(-50_000, 50_000)
        self._send(calldata("initialize(uint160)", get_sqrt_ratio_at_tick(tick) + self.random.randint(0, 10**9)))
        last = MAX_TICK // self.spacing * self.spacing
        self._mint(OWNERS[0], -last, last, 10**18)
        self._mine()

    def _mine(self) -> None:
        now = int(self.node.rpc("eth_getBlockByNumber", "latest", False)["timestamp"], 16)
        self.node.rpc("evm_mine", now + self.random.choice((1, 12, 12, 12, 3600)))

    def _mint(self, owner: str, lower: int, upper: int, amount: int) -> None:
        self.ranges.append((owner, lower, upper))
        self._forward(calldata("mint(address,int24,int24,uint128,bytes)", owner, lower, upper, amount, b""))

    def _mint_near(self) -> None:
        tick = self._tick()
        middle = tick // self.spacing
        lower = (middle + self.random.randint(-30, 5)) * self.spacing
        upper = lower + self.random.randint(1, 40) * self.spacing
        self._mint(self.random.choice(OWNERS), lower, upper, self.random.randint(1, 1 << self.random.randint(1, 70)))

    def _burn(self) -> None:
        owner, lower, upper = self.random.choice(self.ranges)
        amount = self.random.choice((0, 1, self.random.getrandbits(60)))
        self._send(calldata("burn(int24,int24,uint128)", lower, upper, amount), owner)

    def _collect(self) -> None:
        owner, lower, upper = self.random.choice(self.ranges)
        wanted = (self.random.choice((0, 1, _MAX_UINT128)) for _ in range(2))
        self._send(calldata("collect(address,int24,int24,uint128,uint128)", owner, lower, upper, *wanted), owner)

    def _swap(self) -> None:
        zero_for_one = self.random.random() < 0.5
        amount = self.random.randint(1, 1 << self.random.randint(1, 62)) * self.random.choice((1, -1))
        limit = MIN_SQRT_RATIO + 1 if zero_for_one else MAX_SQRT_RATIO - 1
        if self.random.random() < 0.4:
            tick = self._tick()
            away = self.random.randint(1, 20) * self.spacing
            edge = tick // self.spacing * self.spacing + (-away if zero_for_one else away)
            limit = get_sqrt_ratio_at_tick(edge) + self.random.choice((0, 0, 1, -1))
        self._forward(calldata("swap(address,bool,int256,uint160,bytes)", OWNERS[0], zero_for_one, amount, limit, b""))

    def _flash(self) -> None:
        lent = [self.random.randint(0, 10**9) for _ in range(2)]
        paid = [amount + amount // 50 + self.random.randint(1, 1000) for amount in lent]
        data = encode(["uint256", "uint256"], paid)
        self._forward(calldata("flash(address,uint256,uint256,bytes)", self.chain.callee, *lent, data))

    def _set_fee_protocol(self) -> None:
        fees = (self.random.choice((0, 4, 7, 10)) for _ in range(2))
        self._send(calldata("setFeeProtocol(uint8,uint8)", *fees), UNISWAP_DEPLOYER)

    def _collect_protocol(self) -> None:
        wanted = (self.random.choice((0, 1, _MAX_UINT128)) for _ in range(2))
        self._send(calldata("collectProtocol(address,uint128,uint128)", FUNDED, *wanted), UNISWAP_DEPLOYER)

    def _grow(self) -> None:
        self._send(calldata("increaseObservationCardinalityNext(uint16)", self.random.randint(1, 12)))

    def _tick(self) -> int:
        return signed(words(self.node.call(self.address, calldata("slot0()")))[1])

    def _send(self, data: bytes, sender: str = FUNDED) -> None:
        self.node.queue(sender, self.address, data)

    def _forward(self, data: bytes) -> None:
        self.node.queue(FUNDED, self.chain.callee, calldata("forward(address,bytes)", self.address, data))

    _ACTIONS: tuple[Callable[["LivePool"], None], ...] = (
        *(_swap,) * 8,
        *(_mint_near,) * 4,
        *(_burn,) * 2,
        *(_collect,) * 2,
        _flash,
        _set_fee_protocol,
        _collect_protocol,
        _grow,
    )


class LivePair:
    """A v2 pair on a node, and a random life for it."""

    def __init__(self, chain: Chain, seed: int) -> None:
        self.chain, self.node = chain, chain.node
        self.random = Random(seed)  # noqa: S311  # samples for a test, not secrets
        self.token0, self.token1 = chain.new_tokens()
        data = calldata("createPair(address,address)", self.token0, self.token1)
        receipt = self.node.send(FUNDED, chain.v2_factory, data)
        self.address = "0x" + receipt["logs"][0]["data"][26:66]
        self.created = int(receipt["blockNumber"], 16)

    def live(self, transactions: int) -> None:
        """So many calls of every kind, each in its block."""
        self._pay(10**20, 3 * 10**20)
        self._send(calldata("mint(address)", OWNERS[0]))
        for _ in range(transactions):
            self.random.choice(self._ACTIONS)(self)

    def _mint(self) -> None:
        self._pay(self.random.randint(1, 10**19), self.random.randint(1, 10**19))
        self._send(calldata("mint(address)", self.random.choice(OWNERS)))

    def _burn(self) -> None:
        owner = self.random.choice(OWNERS)
        (shares,) = words(self.node.call(self.address, calldata("balanceOf(address)", owner)))
        if shares > 1:
            value = self.random.randint(1, shares)
            self._send(calldata("transfer(address,uint256)", self.address, value), owner)
            self._send(calldata("burn(address)", owner))

    def _transfer(self) -> None:
        self._send(calldata("transfer(address,uint256)", OWNERS[1], self.random.randint(0, 10**12)), OWNERS[0])

    def _swap(self) -> None:
        reserves = words(self.node.call(self.address, calldata("getReserves()")))[:2]
        side = self.random.randrange(2)
        paid = self.random.randint(10**3, 10**18)
        got = paid * 997 * reserves[1 - side] // (reserves[side] * 1000 + paid * 997)
        self._pay(*((paid, 0) if side == 0 else (0, paid)))
        self._send(calldata("swap(uint256,uint256,address,bytes)", *((0, got) if side == 0 else (got, 0)), FUNDED, b""))

    def _flash_swap(self) -> None:
        out = self.random.randint(10**3, 10**15)
        paid = encode(["uint256", "uint256"], [out * 1004 // 1000 + 1, self.random.randint(0, 1000)])
        data = calldata("swap(uint256,uint256,address,bytes)", out, 0, self.chain.callee, paid)
        self.node.send(FUNDED, self.chain.callee, calldata("forward(address,bytes)", self.address, data))

    def _sync(self) -> None:
        self._pay(self.random.randint(0, 10**15), 0)
        self._send(calldata("sync()"))

    def _skim(self) -> None:
        self._pay(0, self.random.randint(0, 10**15))
        self._send(calldata("skim(address)", FUNDED))

    def _pay(self, amount0: int, amount1: int) -> None:
        for token, amount in ((self.token0, amount0), (self.token1, amount1)):
            if amount:
                self.node.send(FUNDED, token, calldata("transfer(address,uint256)", self.address, amount))

    def _send(self, data: bytes, sender: str = FUNDED) -> None:
        self.node.send(sender, self.address, data)

    _ACTIONS: tuple[Callable[["LivePair"], None], ...] = (
        _mint,
        _burn,
        _transfer,
        *(_swap,) * 4,
        _flash_swap,
        _sync,
        _skim,
    )
