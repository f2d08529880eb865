"""A Uniswap v2 pair twice: every call of its public interface that moves its state, on contract and model alike."""

from collections.abc import Callable

from differential.contracts import START_TIME, deploy_v2
from differential.engine import DEPLOYER, calldata
from differential.storage_layout import Storage, balance_slot, v2_storage
from differential.twin import Twin, Values
from eth_abi.abi import encode

from amm.uniswap_v2 import ZERO_ADDRESS, UniswapV2Pair

OWNERS = ("0x00000000000000000000000000000000000000a1", "0x00000000000000000000000000000000000000a2")


class V2Twin(Twin):
    """A v2 pair without liquidity."""

    constant_slots = frozenset((3, 5, 6, 7))  # DOMAIN_SEPARATOR, factory, token0, token1

    def __init__(self, start_time: int = START_TIME) -> None:
        chain = deploy_v2()
        super().__init__(chain, start_time)
        self.model = UniswapV2Pair(address=chain.pool, token0=chain.token0, token1=chain.token1)
        self.wait(0)

    def set_model_time(self) -> None:
        self.model.block_timestamp = self.time

    def storage(self) -> dict[str, Storage]:
        chain = self.chain
        balance = balance_slot(chain.pool)
        return {
            chain.pool: v2_storage(self.model),
            chain.token0: {balance: (self.model.balance0, ("balance0",))},
            chain.token1: {balance: (self.model.balance1, ("balance1",))},
        }

    def transfer_in(self, amount0: int, amount1: int) -> Values | None:
        """Send tokens to the pair without calling it."""

        def contract() -> bytes:
            self.chain.transfer(self.chain.token0, self.chain.pool, amount0)
            self.chain.transfer(self.chain.token1, self.chain.pool, amount1)
            return b""

        def model() -> Values:
            self.model.transfer_in(amount0, amount1)
            return ()

        return self.both(("transfer_in", amount0, amount1), contract, model)

    def transfer(self, sender: str, to: str, value: int) -> Values | None:
        """Hand shares over; the contract's answer is always true."""

        def model() -> Values:
            self.model.transfer(sender, to, value)
            return (1,)

        return self._send(("transfer", sender, to, value), sender, "transfer(address,uint256)", (to, value), model)

    def mint(self, to: str) -> Values | None:
        return self._send(("mint", to), DEPLOYER, "mint(address)", (to,), lambda: (self.model.mint(to),))

    def burn(self, to: str) -> Values | None:
        return self._send(("burn", to), DEPLOYER, "burn(address)", (to,), lambda: tuple(self.model.burn(to)))

    def swap(self, amount0_out: int, amount1_out: int, to: str) -> Values | None:
        """Swap against what was sent in before."""

        def model() -> Values:
            self.model.swap(amount0_out, amount1_out, to)
            return ()

        signature = "swap(uint256,uint256,address,bytes)"
        arguments = (amount0_out, amount1_out, to, b"")
        return self._send(("swap", amount0_out, amount1_out, to), DEPLOYER, signature, arguments, model)

    def flash_swap(self, amount0_out: int, amount1_out: int, paid0: int, paid1: int) -> Values | None:
        """Take the output first and pay inside the call."""
        callee = self.chain.callee

        def model() -> Values:
            self.model.swap(amount0_out, amount1_out, callee, paid0=paid0, paid1=paid1)
            return ()

        signature = "swap(uint256,uint256,address,bytes)"
        arguments = (amount0_out, amount1_out, callee, encode(("uint256", "uint256"), (paid0, paid1)))
        call = ("flash_swap", amount0_out, amount1_out, paid0, paid1)
        return self._send(call, DEPLOYER, signature, arguments, model)

    def skim(self, to: str) -> Values | None:
        """The model also returns what was sent; the contract returns nothing."""

        def model() -> Values:
            self.model.skim(to)
            return ()

        return self._send(("skim", to), DEPLOYER, "skim(address)", (to,), model)

    def sync(self) -> Values | None:
        def model() -> Values:
            self.model.sync()
            return ()

        return self._send(("sync",), DEPLOYER, "sync()", (), model)

    def set_fee_to(self, fee_to: str | None) -> Values | None:
        """Switch the protocol fee on or off at the factory."""
        data = calldata("setFeeTo(address)", fee_to or ZERO_ADDRESS)

        def model() -> Values:
            self.model.fee_to = fee_to
            return ()

        return self.both(
            ("set_fee_to", fee_to), lambda: self.chain.world.send(DEPLOYER, self.chain.factory, data), model
        )

    def _send(
        self,
        call: tuple[object, ...],
        caller: str,
        signature: str,
        arguments: tuple[object, ...],
        model: Callable[[], Values],
    ) -> Values | None:
        data = calldata(signature, *arguments)
        return self.both(call, lambda: self.chain.world.send(caller, self.chain.pool, data), model)
