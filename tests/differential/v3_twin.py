"""A Uniswap v3 pool twice: every call of the pool's public interface, made on contract and model alike."""

from collections.abc import Callable

from differential.contracts import START_TIME, deploy_v3
from differential.engine import DEPLOYER, calldata, signed, words
from differential.storage_layout import V3_FEE_GROWTH_GLOBAL, Storage, balance_slot, v3_storage
from differential.twin import Twin, Values
from eth_abi.abi import encode

from amm.uniswap_v3.pool import UniswapV3Pool

OWNERS = ("0x00000000000000000000000000000000000000a1", "0x00000000000000000000000000000000000000a2")
Paid = tuple[int, int] | None
"""What the callback pays; None: exactly what is owed."""


class V3Twin(Twin):
    """A v3 pool that is not initialized yet."""

    def __init__(self, fee: int, tick_spacing: int, start_time: int = START_TIME) -> None:
        super().__init__(deploy_v3(fee, tick_spacing), start_time)
        self.model = UniswapV3Pool(fee, tick_spacing)
        self.wait(0)

    def set_model_time(self) -> None:
        self.model.block_timestamp = self.time

    def storage(self) -> dict[str, Storage]:
        chain = self.chain
        balance = balance_slot(chain.pool)
        return {
            chain.pool: v3_storage(self.model),
            chain.token0: {balance: (self.model.balance0, ("balance0",))},
            chain.token1: {balance: (self.model.balance1, ("balance1",))},
        }

    def set_fee_growth_global(self, growth0_x128: int, growth1_x128: int) -> None:
        """Set both counters, as if so much had been earned; harmless only before the first mint."""
        for slot, growth in zip(V3_FEE_GROWTH_GLOBAL, (growth0_x128, growth1_x128), strict=True):
            self.chain.world.write_slot(self.chain.pool, slot, growth)
        self.model.fee_growth_global0_x128 = growth0_x128
        self.model.fee_growth_global1_x128 = growth1_x128

    def initialize(self, sqrt_price_x96: int) -> Values | None:
        return self._send(
            ("initialize", sqrt_price_x96),
            DEPLOYER,
            calldata("initialize(uint160)", sqrt_price_x96),
            _without_result(self.model.initialize, sqrt_price_x96),
        )

    def mint(self, owner: str, tick_lower: int, tick_upper: int, amount: int, paid: Paid = None) -> Values | None:
        signature = "mint(address,int24,int24,uint128,bytes)"
        data = calldata(signature, owner, tick_lower, tick_upper, amount, _payment(paid))
        paid0, paid1 = paid or (None, None)
        return self._forward(
            ("mint", owner, tick_lower, tick_upper, amount, paid),
            data,
            lambda: tuple(self.model.mint(owner, tick_lower, tick_upper, amount, paid0=paid0, paid1=paid1)),
        )

    def burn(self, owner: str, tick_lower: int, tick_upper: int, amount: int) -> Values | None:
        return self._send(
            ("burn", owner, tick_lower, tick_upper, amount),
            owner,
            calldata("burn(int24,int24,uint128)", tick_lower, tick_upper, amount),
            lambda: tuple(self.model.burn(owner, tick_lower, tick_upper, amount)),
        )

    def collect(self, owner: str, tick_lower: int, tick_upper: int, amount0: int, amount1: int) -> Values | None:
        signature = "collect(address,int24,int24,uint128,uint128)"
        return self._send(
            ("collect", owner, tick_lower, tick_upper, amount0, amount1),
            owner,
            calldata(signature, owner, tick_lower, tick_upper, amount0, amount1),
            lambda: tuple(self.model.collect(owner, tick_lower, tick_upper, amount0, amount1)),
        )

    def swap(
        self, zero_for_one: bool, amount_specified: int, sqrt_price_limit_x96: int, paid: Paid = None
    ) -> Values | None:
        signature = "swap(address,bool,int256,uint160,bytes)"
        data = calldata(signature, OWNERS[0], zero_for_one, amount_specified, sqrt_price_limit_x96, _payment(paid))
        paid0, paid1 = paid or (None, None)

        def model() -> Values:
            result = self.model.swap(zero_for_one, amount_specified, sqrt_price_limit_x96, paid0=paid0, paid1=paid1)
            return result.amount0, result.amount1

        return self._forward(("swap", zero_for_one, amount_specified, sqrt_price_limit_x96, paid), data, model)

    def flash(self, amount0: int, amount1: int, paid: tuple[int, int]) -> Values | None:
        data = calldata("flash(address,uint256,uint256,bytes)", OWNERS[0], amount0, amount1, _payment(paid))
        return self._forward(
            ("flash", amount0, amount1, paid),
            data,
            _without_result(self.model.flash, amount0, amount1, paid0=paid[0], paid1=paid[1]),
        )

    def set_fee_protocol(self, fee_protocol0: int, fee_protocol1: int) -> Values | None:
        return self._send(
            ("set_fee_protocol", fee_protocol0, fee_protocol1),
            DEPLOYER,
            calldata("setFeeProtocol(uint8,uint8)", fee_protocol0, fee_protocol1),
            _without_result(self.model.set_fee_protocol, fee_protocol0, fee_protocol1),
        )

    def collect_protocol(self, amount0: int, amount1: int) -> Values | None:
        return self._send(
            ("collect_protocol", amount0, amount1),
            DEPLOYER,
            calldata("collectProtocol(address,uint128,uint128)", DEPLOYER, amount0, amount1),
            lambda: tuple(self.model.collect_protocol(amount0, amount1)),
        )

    def increase_observation_cardinality_next(self, cardinality: int) -> Values | None:
        return self._send(
            ("increase_observation_cardinality_next", cardinality),
            DEPLOYER,
            calldata("increaseObservationCardinalityNext(uint16)", cardinality),
            _without_result(self.model.increase_observation_cardinality_next, cardinality),
        )

    def observe(self, seconds_agos: list[int]) -> Values | None:
        def model() -> Values:
            tick_cumulatives, per_liquidity = self.model.observe(seconds_agos)
            return *tick_cumulatives, *per_liquidity

        return self.both(
            ("observe", seconds_agos),
            lambda: self.chain.world.send(DEPLOYER, self.chain.pool, calldata("observe(uint32[])", seconds_agos)),
            model,
            _two_arrays,
        )

    def snapshot_cumulatives_inside(self, tick_lower: int, tick_upper: int) -> Values | None:
        return self._send(
            ("snapshot_cumulatives_inside", tick_lower, tick_upper),
            DEPLOYER,
            calldata("snapshotCumulativesInside(int24,int24)", tick_lower, tick_upper),
            lambda: tuple(self.model.snapshot_cumulatives_inside(tick_lower, tick_upper)),
        )

    def donate(self, amount0: int, amount1: int) -> None:
        """Send tokens to the pool without calling it."""

        def contract() -> bytes:
            self.chain.transfer(self.chain.token0, self.chain.pool, amount0)
            self.chain.transfer(self.chain.token1, self.chain.pool, amount1)
            return b""

        def model() -> Values:
            self.model.balance0 += amount0
            self.model.balance1 += amount1
            return ()

        self.both(("donate", amount0, amount1), contract, model)

    def _send(self, call: tuple[object, ...], caller: str, data: bytes, model: Callable[[], Values]) -> Values | None:
        return self.both(call, lambda: self.chain.world.send(caller, self.chain.pool, data), model)

    def _forward(self, call: tuple[object, ...], data: bytes, model: Callable[[], Values]) -> Values | None:
        return self.both(call, lambda: self.chain.forward(self.chain.pool, data), model)


def _payment(paid: Paid) -> bytes:
    return b"" if paid is None else encode(("uint256", "uint256"), paid)


def _without_result(call: Callable[..., object], *arguments: int, **payment: int) -> Callable[[], Values]:
    """A call whose result, if any, the contract does not return."""

    def model() -> Values:
        call(*arguments, **payment)
        return ()

    return model


def _two_arrays(answer: bytes) -> Values:
    """The elements of two dynamic arrays, one after the other."""
    head, *rest = (signed(word) for word in words(answer))
    assert head == 64
    count = rest[1]
    return *rest[2 : 2 + count], *rest[3 + count : 3 + 2 * count]
