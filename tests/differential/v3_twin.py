"""A Uniswap v3 pool twice: every call of the pool's public interface, made on contract and model alike."""

from collections.abc import Callable

from differential.contracts import START_TIME, deploy_v3
from differential.engine import DEPLOYER, calldata, signed, words
from differential.reentry import Paid, Values
from differential.storage_layout import V3_FEE_GROWTH_GLOBAL, Storage, balance_slot, v3_storage
from differential.twin import Twin

from amm.uniswap_v3.pool import UniswapV3Pool

OWNERS = ("0x00000000000000000000000000000000000000a1", "0x00000000000000000000000000000000000000a2")


class V3Twin(Twin):
    """A v3 pool that is not initialized yet."""

    def __init__(self, fee: int, tick_spacing: int, start_time: int = START_TIME) -> None:
        super().__init__(deploy_v3(fee, tick_spacing), start_time)
        self.model = UniswapV3Pool(fee, tick_spacing)
        self.model.factory_owner = DEPLOYER
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
        return self.send(
            ("initialize", sqrt_price_x96),
            DEPLOYER,
            calldata("initialize(uint160)", sqrt_price_x96),
            _without_result(self.model.initialize, sqrt_price_x96),
        )

    def mint(self, owner: str, tick_lower: int, tick_upper: int, amount: int, paid: Paid = None) -> Values | None:
        signature = "mint(address,int24,int24,uint128,bytes)"
        data = calldata(signature, owner, tick_lower, tick_upper, amount, self.paying(paid))
        paid0, paid1 = paid or (None, None)
        return self.forward(
            ("mint", owner, tick_lower, tick_upper, amount, paid),
            data,
            lambda: tuple(
                self.model.mint(
                    owner, tick_lower, tick_upper, amount, paid0=paid0, paid1=paid1, callback=self.callback()
                )
            ),
        )

    def burn(self, owner: str, tick_lower: int, tick_upper: int, amount: int) -> Values | None:
        return self.send(
            ("burn", owner, tick_lower, tick_upper, amount),
            owner,
            calldata("burn(int24,int24,uint128)", tick_lower, tick_upper, amount),
            lambda: tuple(self.model.burn(owner, tick_lower, tick_upper, amount)),
        )

    def collect(self, owner: str, tick_lower: int, tick_upper: int, amount0: int, amount1: int) -> Values | None:
        signature = "collect(address,int24,int24,uint128,uint128)"
        return self.send(
            ("collect", owner, tick_lower, tick_upper, amount0, amount1),
            owner,
            calldata(signature, owner, tick_lower, tick_upper, amount0, amount1),
            lambda: tuple(self.model.collect(owner, tick_lower, tick_upper, amount0, amount1)),
        )

    def swap(
        self, zero_for_one: bool, amount_specified: int, sqrt_price_limit_x96: int, paid: Paid = None
    ) -> Values | None:
        signature = "swap(address,bool,int256,uint160,bytes)"
        data = calldata(signature, OWNERS[0], zero_for_one, amount_specified, sqrt_price_limit_x96, self.paying(paid))
        paid0, paid1 = paid or (None, None)

        def model() -> Values:
            result = self.model.swap(
                zero_for_one, amount_specified, sqrt_price_limit_x96, paid0=paid0, paid1=paid1, callback=self.callback()
            )
            return result.amount0, result.amount1

        return self.forward(("swap", zero_for_one, amount_specified, sqrt_price_limit_x96, paid), data, model)

    def flash(self, amount0: int, amount1: int, paid: tuple[int, int]) -> Values | None:
        data = calldata("flash(address,uint256,uint256,bytes)", OWNERS[0], amount0, amount1, self.paying(paid))
        return self.forward(
            ("flash", amount0, amount1, paid),
            data,
            _without_result(
                lambda: self.model.flash(amount0, amount1, paid0=paid[0], paid1=paid[1], callback=self.callback())
            ),
        )

    def set_fee_protocol(self, fee_protocol0: int, fee_protocol1: int, sender: str | None = None) -> Values | None:
        """By the factory's owner, or by whom it says."""

        def model() -> Values:
            self.model.set_fee_protocol(fee_protocol0, fee_protocol1, sender=sender)
            return ()

        data = calldata("setFeeProtocol(uint8,uint8)", fee_protocol0, fee_protocol1)
        name = ("set_fee_protocol", fee_protocol0, fee_protocol1, sender)
        return self.send(name, sender or self.model.factory_owner, data, model)

    def collect_protocol(self, amount0: int, amount1: int, sender: str | None = None) -> Values | None:
        """By the factory's owner, or by whom it says."""
        return self.send(
            ("collect_protocol", amount0, amount1, sender),
            sender or self.model.factory_owner,
            calldata("collectProtocol(address,uint128,uint128)", DEPLOYER, amount0, amount1),
            lambda: tuple(self.model.collect_protocol(amount0, amount1, sender=sender)),
        )

    def set_factory_owner(self, owner: str) -> Values | None:
        """Hand the factory over."""

        def model() -> Values:
            self.model.factory_owner = owner
            return ()

        data = calldata("setOwner(address)", owner)
        name = ("set_factory_owner", owner)
        return self.send(name, self.model.factory_owner, data, model, target=self.chain.factory)

    def increase_observation_cardinality_next(self, cardinality: int) -> Values | None:
        return self.send(
            ("increase_observation_cardinality_next", cardinality),
            DEPLOYER,
            calldata("increaseObservationCardinalityNext(uint16)", cardinality),
            _without_result(self.model.increase_observation_cardinality_next, cardinality),
        )

    def observe(self, seconds_agos: list[int]) -> Values | None:
        def model() -> Values:
            tick_cumulatives, per_liquidity = self.model.observe(seconds_agos)
            return *tick_cumulatives, *per_liquidity

        data = calldata("observe(uint32[])", seconds_agos)
        return self.send(("observe", seconds_agos), DEPLOYER, data, model, decode=_two_arrays)

    def snapshot_cumulatives_inside(self, tick_lower: int, tick_upper: int) -> Values | None:
        return self.send(
            ("snapshot_cumulatives_inside", tick_lower, tick_upper),
            DEPLOYER,
            calldata("snapshotCumulativesInside(int24,int24)", tick_lower, tick_upper),
            lambda: tuple(self.model.snapshot_cumulatives_inside(tick_lower, tick_upper)),
        )

    def look(self) -> None:
        """Ask the getters for what a callback could see of the pool, and the tokens for its balances."""
        model, chain = self.model, self.chain
        getters: tuple[tuple[str, Callable[[], Values]], ...] = (
            ("slot0()", lambda: tuple(model.slot0)),
            ("liquidity()", lambda: (model.liquidity,)),
            ("feeGrowthGlobal0X128()", lambda: (signed(model.fee_growth_global0_x128),)),
            ("feeGrowthGlobal1X128()", lambda: (signed(model.fee_growth_global1_x128),)),
            ("protocolFees()", lambda: tuple(model.protocol_fees)),
        )
        for signature, read in getters:
            self.send((signature,), DEPLOYER, calldata(signature), read)
        ask = calldata("balanceOf(address)", chain.pool)
        self.send(("balance0",), DEPLOYER, ask, lambda: (signed(model.balance0),), target=chain.token0)
        self.send(("balance1",), DEPLOYER, ask, lambda: (signed(model.balance1),), target=chain.token1)

    def pay_in(self, amount0: int) -> Values | None:
        """Send token0 to the pool from the callee's own, which it can do from inside a callback."""

        def model() -> Values:
            self.model.balance0 += amount0
            return (1,)

        data = calldata("transfer(address,uint256)", self.chain.pool, amount0)
        return self.send(("pay_in", amount0), self.chain.callee, data, model, target=self.chain.token0)

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


def _without_result(call: Callable[..., object], *arguments: int) -> Callable[[], Values]:
    """A call whose result, if any, the contract does not return."""

    def model() -> Values:
        call(*arguments)
        return ()

    return model


def _two_arrays(answer: bytes) -> Values:
    """The elements of two dynamic arrays, one after the other."""
    head, *rest = (signed(word) for word in words(answer))
    assert head == 64
    count = rest[1]
    return *rest[2 : 2 + count], *rest[3 + count : 3 + 2 * count]
