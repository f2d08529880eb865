"""What a caller pays in and what the pool can pay out."""

from amm.errors import TransferFailedError, check_int
from amm.math.fixed_point import MAX_UINT256
from amm.uniswap_v3.state import PoolState


def payment(name: str, paid: int | None, owed: int) -> int:
    """Return what the caller pays: None stands for exactly what is owed.

    Raises:
        ArgumentError: if it is not a number of units.
    """
    if paid is None:
        return owed
    check_int(name, paid, 0, MAX_UINT256)
    return paid


def require_balances(state: PoolState, amount0: int, amount1: int) -> None:
    """Refuse to send more than the pool holds.

    Raises:
        TransferFailedError: ("TF") if a balance is smaller than its amount.
    """
    if amount0 > state.balance0:
        raise TransferFailedError("token0", amount0, state.balance0)
    if amount1 > state.balance1:
        raise TransferFailedError("token1", amount1, state.balance1)
