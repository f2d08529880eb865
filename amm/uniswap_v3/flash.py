"""A flash loan: everything it writes, worked out before any of it is written (UniswapV3Pool.flash)."""

from typing import NamedTuple

from amm.errors import Flash0NotRepaidError, Flash1NotRepaidError, FlashWithoutLiquidityError
from amm.math.fixed_point import MAX_UINT128, MAX_UINT256, PIPS, Q128
from amm.math.full_math import mul_div, mul_div_rounding_up
from amm.uniswap_v3.payments import require_balances
from amm.uniswap_v3.state import PoolState, ProtocolFees


class Loan(NamedTuple):
    """What is lent, and the least that is owed on top of it."""

    amount0: int
    amount1: int
    fee0: int
    fee1: int


class FlashChange(NamedTuple):
    """Where that goes which came back on top of a loan."""

    fee_growth_global0_x128: int
    """Afterwards."""
    fee_growth_global1_x128: int
    protocol_fees: ProtocolFees
    """Afterwards."""


def lend(state: PoolState, amount0: int, amount1: int) -> Loan:
    """Say what a loan costs, if there is somebody to earn that, and something to lend.

    Raises:
        FlashWithoutLiquidityError: ("L") if no liquidity is in range.
        TransferFailedError: ("TF") if the pool holds less than the loan.
    """
    if state.liquidity == 0:
        raise FlashWithoutLiquidityError
    fee0 = mul_div_rounding_up(amount0, state.fee, PIPS)
    fee1 = mul_div_rounding_up(amount1, state.fee, PIPS)
    require_balances(state, amount0, amount1)
    return Loan(amount0, amount1, fee0, fee1)


def compute_flash(state: PoolState, loan: Loan, paid0: int, paid1: int) -> FlashChange:
    """Take back what was paid, and share what is beyond the loan.

    Raises:
        Flash0NotRepaidError, Flash1NotRepaidError: ("F0", "F1") if less comes back than is owed.
        MulDivOverflowError: if so much more comes back that the fee growth overflows.
    """
    if paid0 < loan.amount0 + loan.fee0:
        raise Flash0NotRepaidError(loan.amount0 + loan.fee0, paid0)
    if paid1 < loan.amount1 + loan.fee1:
        raise Flash1NotRepaidError(loan.amount1 + loan.fee1, paid1)
    fee_protocol = state.slot0.fee_protocol
    protocol0, growth0_x128 = _split(paid0 - loan.amount0, fee_protocol & 0xF, state.liquidity)
    protocol1, growth1_x128 = _split(paid1 - loan.amount1, fee_protocol >> 4, state.liquidity)
    return FlashChange(
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
