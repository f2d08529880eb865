"""A flash loan: everything it writes, worked out before any of it is written (UniswapV3Pool.flash)."""

from typing import NamedTuple

from amm.errors import Flash0NotRepaidError, Flash1NotRepaidError, FlashWithoutLiquidityError
from amm.math.fixed_point import MAX_UINT128, MAX_UINT256, PIPS, Q128
from amm.math.full_math import mul_div, mul_div_rounding_up
from amm.uniswap_v3.payments import payment, require_balances
from amm.uniswap_v3.state import PoolState, ProtocolFees


class FlashChange(NamedTuple):
    """What a flash loan earns and where that goes."""

    fee0: int
    """The least token0 that is owed on top of the loan."""
    fee1: int
    earned0: int
    """Token0 that came back on top of the loan."""
    earned1: int
    fee_growth_global0_x128: int
    """Afterwards."""
    fee_growth_global1_x128: int
    protocol_fees: ProtocolFees
    """Afterwards."""


def compute_flash(state: PoolState, amount0: int, amount1: int, paid0: int | None, paid1: int | None) -> FlashChange:
    """Lend both tokens and take back what was paid.

    Raises:
        FlashWithoutLiquidityError: ("L") if no liquidity is in range.
        TransferFailedError: ("TF") if the pool holds less than the loan.
        Flash0NotRepaidError, Flash1NotRepaidError: ("F0", "F1") if less comes back than is owed.
        MulDivOverflowError: if so much more comes back that the fee growth overflows.
    """
    if state.liquidity == 0:
        raise FlashWithoutLiquidityError
    fee0 = mul_div_rounding_up(amount0, state.fee, PIPS)
    fee1 = mul_div_rounding_up(amount1, state.fee, PIPS)
    require_balances(state, amount0, amount1)
    paid0 = payment("paid0", paid0, amount0 + fee0)
    paid1 = payment("paid1", paid1, amount1 + fee1)
    if paid0 < amount0 + fee0:
        raise Flash0NotRepaidError(amount0 + fee0, paid0)
    if paid1 < amount1 + fee1:
        raise Flash1NotRepaidError(amount1 + fee1, paid1)
    earned0, earned1 = paid0 - amount0, paid1 - amount1
    protocol0, growth0_x128 = _split(earned0, state.slot0.fee_protocol & 0xF, state.liquidity)
    protocol1, growth1_x128 = _split(earned1, state.slot0.fee_protocol >> 4, state.liquidity)
    return FlashChange(
        fee0,
        fee1,
        earned0,
        earned1,
        (state.fee_growth_global0_x128 + growth0_x128) & MAX_UINT256,
        (state.fee_growth_global1_x128 + growth1_x128) & MAX_UINT256,
        ProtocolFees(
            (state.protocol_fees.token0 + protocol0) & MAX_UINT128,
            (state.protocol_fees.token1 + protocol1) & MAX_UINT128,
        ),
    )


def _split(earned: int, fee_protocol: int, liquidity: int) -> tuple[int, int]:
    """Return the protocol's part of what a loan earned, and the fee growth that the rest makes."""
    protocol_part = earned // fee_protocol if fee_protocol else 0
    return protocol_part, mul_div(earned - protocol_part, Q128, liquidity)
