"""A Uniswap v2 pair twice: every call of its public interface that moves its state, on contract and model alike."""

from collections.abc import Callable

from differential.contracts import START_TIME, deploy_v2
from differential.engine import DEPLOYER, calldata
from differential.permit import Permit, Signature, address_of, digest, signer_of
from differential.reentry import Values
from differential.storage_layout import Storage, balance_slot, v2_storage
from differential.twin import Twin

from amm.uniswap_v2 import ZERO_ADDRESS, UniswapV2Pair

KEYS = (0xA1, 0xA2)
OWNERS = tuple(map(address_of, KEYS))


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
        model = _done(lambda: self.model.transfer(sender, to, value))
        return self._send(("transfer", sender, to, value), sender, "transfer(address,uint256)", (to, value), model)

    def approve(self, sender: str, spender: str, value: int) -> Values | None:
        model = _done(lambda: self.model.approve(sender, spender, value))
        name = ("approve", sender, spender, value)
        return self._send(name, sender, "approve(address,uint256)", (spender, value), model)

    def transfer_from(self, sender: str, owner: str, to: str, value: int) -> Values | None:
        model = _done(lambda: self.model.transfer_from(sender, owner, to, value))
        name = ("transfer_from", sender, owner, to, value)
        return self._send(name, sender, "transferFrom(address,address,uint256)", (owner, to, value), model)

    def permit(self, owner: str, spender: str, value: int, deadline: int, signature: Signature) -> Values | None:
        """The contract gets the signature, the model whom it names as the signer of what the contract expects."""

        def model() -> Values:
            expected = Permit(owner, spender, value, self.model.nonces.get(owner, 0), deadline)
            signer = signer_of(self.chain.world, digest(self.chain.pool, expected), signature)
            self.model.permit(owner, spender, value, deadline, signer)
            return ()

        types = "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)"
        v, r, s = signature
        arguments = (owner, spender, value, deadline, v, r.to_bytes(32, "big"), s.to_bytes(32, "big"))
        return self._send(("permit", owner, spender, value, deadline, signature), DEPLOYER, types, arguments, model)

    def look(self) -> None:
        """Ask the getters for what a callback could see of the pair, and the tokens for its balances."""
        model, chain = self.model, self.chain
        reserves = lambda: (model.reserve0, model.reserve1, model.block_timestamp_last)  # noqa: E731  # read later
        self._send(("getReserves",), DEPLOYER, "getReserves()", (), reserves)
        self._send(("totalSupply",), DEPLOYER, "totalSupply()", (), lambda: (model.total_supply,))
        ask = calldata("balanceOf(address)", chain.pool)
        self.send(("balance0",), DEPLOYER, ask, lambda: (model.balance0,), target=chain.token0)
        self.send(("balance1",), DEPLOYER, ask, lambda: (model.balance1,), target=chain.token1)

    def pay_in(self, amount0: int) -> Values | None:
        """Send token0 to the pair from the callee's own, which it can do from inside a callback."""
        model = _done(lambda: self.model.transfer_in(amount0, 0))
        data = calldata("transfer(address,uint256)", self.chain.pool, amount0)
        return self.send(("pay_in", amount0), self.chain.callee, data, model, target=self.chain.token0)

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
            callback = self.callback()
            self.model.swap(amount0_out, amount1_out, callee, paid0=paid0, paid1=paid1, callback=callback)
            return ()

        arguments = (amount0_out, amount1_out, callee, self.paying((paid0, paid1)))
        data = calldata("swap(uint256,uint256,address,bytes)", *arguments)
        return self.forward(("flash_swap", amount0_out, amount1_out, paid0, paid1), data, model)

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
        name: tuple[object, ...],
        caller: str,
        signature: str,
        arguments: tuple[object, ...],
        model: Callable[[], Values],
    ) -> Values | None:
        return self.send(name, caller, calldata(signature, *arguments), model)


def _done(act: Callable[[], object]) -> Callable[[], Values]:
    """A call that answers nothing but that it was done."""

    def model() -> Values:
        act()
        return (1,)

    return model
