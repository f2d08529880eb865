"""What only the factory's owner may do with a pool: set the protocol's part of the fee, and collect it."""

from typing import Final

from amm.errors import FeeProtocolError, NotFactoryOwnerError, check_int
from amm.math.fixed_point import MAX_UINT128
from amm.uniswap_v3.guards import require_unlocked
from amm.uniswap_v3.payments import require_balances
from amm.uniswap_v3.state import PoolState, ProtocolFees

_FEE_PROTOCOLS: Final = (0, *range(4, 11))
"""The protocol takes 1/n of the fee; zero takes nothing."""


class OwnerActions(PoolState):
    """The protocol's side of a pool: IUniswapV3PoolOwnerActions."""

    __slots__ = ()

    def set_fee_protocol(self, fee_protocol0: int, fee_protocol1: int, *, sender: str | None = None) -> None:
        """Set the protocol's part of each token's fee to 1/n, or to nothing where n is zero.

        Args:
            fee_protocol0: n of token0.
            fee_protocol1: n of token1.
            sender: who calls; None is the factory's owner.

        Raises:
            PoolLockedError: ("LOK") before initialize, or inside another call.
            NotFactoryOwnerError: if the sender is not the factory's owner.
            FeeProtocolError: if n is neither 0 nor from 4 to 10.
        """
        check_int("fee_protocol0", fee_protocol0, 0, 0xFF)
        check_int("fee_protocol1", fee_protocol1, 0, 0xFF)
        require_unlocked(self)
        self._require_factory_owner(sender)
        for denominator in (fee_protocol0, fee_protocol1):
            if denominator not in _FEE_PROTOCOLS:
                raise FeeProtocolError(fee_protocol0, fee_protocol1)
        self.slot0 = self.slot0._replace(fee_protocol=fee_protocol0 + (fee_protocol1 << 4))

    def collect_protocol(
        self, amount0_requested: int, amount1_requested: int, *, sender: str | None = None
    ) -> tuple[int, int]:
        """Pay out the protocol's fees, up to the amounts requested, and return what was paid.

        One unit of each always stays, as in the contract, which keeps its storage slot from being emptied.

        Args:
            amount0_requested: the most of token0, uint128.
            amount1_requested: the most of token1, uint128.
            sender: who calls; None is the factory's owner.

        Raises:
            PoolLockedError: ("LOK") before initialize, or inside another call.
            NotFactoryOwnerError: if the sender is not the factory's owner.
            TransferFailedError: ("TF") if the pool holds less than that.
        """
        check_int("amount0_requested", amount0_requested, 0, MAX_UINT128)
        check_int("amount1_requested", amount1_requested, 0, MAX_UINT128)
        require_unlocked(self)
        self._require_factory_owner(sender)
        fees = self.protocol_fees
        amount0 = min(amount0_requested, max(fees.token0 - 1, 0))
        amount1 = min(amount1_requested, max(fees.token1 - 1, 0))
        require_balances(self, amount0, amount1)
        self.protocol_fees = ProtocolFees(fees.token0 - amount0, fees.token1 - amount1)
        self.balance0 -= amount0
        self.balance1 -= amount1
        return amount0, amount1

    def _require_factory_owner(self, sender: str | None) -> None:
        if sender is not None and sender != self.factory_owner:
            raise NotFactoryOwnerError(sender, self.factory_owner)
