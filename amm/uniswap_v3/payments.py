"""What a caller pays in and what the pool can pay out."""

from amm.callback import Callback
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


def receive(
    state: PoolState,
    callback: Callback | None,
    amounts: tuple[int, int],
    owed: tuple[int, int],
    paid: tuple[int | None, int | None],
) -> tuple[int, int]:
    """Call back with the amounts, take in what is then paid, and return what has come in of both tokens in all."""
    before0, before1 = state.balance0, state.balance1
    if callback is not None:
        callback(*amounts)
    state.balance0 += payment("paid0", paid[0], owed[0])
    state.balance1 += payment("paid1", paid[1], owed[1])
    return state.balance0 - before0, state.balance1 - before1


def require_balances(state: PoolState, amount0: int, amount1: int) -> None:
    """Refuse to send more than the pool holds.

    Raises:
        TransferFailedError: ("TF") if a balance is smaller than its amount.
    """
    if amount0 > state.balance0:
        raise TransferFailedError("token0", amount0, state.balance0)
    if amount1 > state.balance1:
        raise TransferFailedError("token1", amount1, state.balance1)
