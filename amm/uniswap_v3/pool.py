"""UniswapV3Pool: the contract's functions under the contract's names, each of them compute first and commit last."""

from collections.abc import Mapping
from typing import Self

from amm.callback import Callback
from amm.errors import (
    AlreadyInitializedError,
    CastOverflowError,
    InsufficientInputError,
    Mint0NotPaidError,
    Mint1NotPaidError,
    ZeroLiquidityError,
    check_int,
)
from amm.math.fixed_point import (
    MAX_INT128,
    MAX_INT256,
    MAX_UINT32,
    MAX_UINT128,
    MAX_UINT160,
    MAX_UINT256,
    MIN_INT256,
    PIPS,
)
from amm.math.liquidity_math import tick_spacing_to_max_liquidity_per_tick
from amm.math.tick_math import get_tick_at_sqrt_ratio
from amm.uniswap_v3.commit import commit_flash, commit_position, commit_swap
from amm.uniswap_v3.flash import compute_flash, lend
from amm.uniswap_v3.guards import check_range, locked, require_unlocked
from amm.uniswap_v3.owner_actions import OwnerActions
from amm.uniswap_v3.payments import receive, require_balances
from amm.uniswap_v3.pool_oracle import PoolOracle
from amm.uniswap_v3.position import EMPTY, modify_position
from amm.uniswap_v3.seed import backing_balances, check_liquidity, check_price, seeded_ticks
from amm.uniswap_v3.state import Observation, Slot0
from amm.uniswap_v3.swap import SwapChange, SwapResult, compute_swap
from amm.uniswap_v3.tick import bitmap_of

MAX_TICK_SPACING = 16383


class UniswapV3Pool(PoolOracle, OwnerActions):
    """One Uniswap v3 pool, exact to the last unit.

    Functions, arguments and reverts are the contract's. What the contract learns from a callback (how much was paid) is
    a keyword here: None pays exactly what is owed. `callback` is what else the caller does there: it sees the pool
    locked, with the call's changes written and the payment not yet in. Owners are strings. A call that raises, in its
    callback or anywhere, has changed nothing.

    Args:
        fee: the fee on the input in pips (3000 is 0.3 %), below one million.
        tick_spacing: from 1 to 16383.

    Raises:
        ArgumentError: if the factory would not have made such a pool.

    Example:
        >>> pool = UniswapV3Pool(fee=3000, tick_spacing=60)
        >>> pool.initialize(2**96)
        0
        >>> pool.mint("alice", -60, 60, 10**18)
        (2995354955910781, 2995354955910781)
        >>> result = pool.swap(True, 10**15, 2**95)
        >>> result.amount0, result.amount1
        (1000000000000000, -996006981039903)
    """

    __slots__ = ()

    def __init__(self, fee: int, tick_spacing: int) -> None:
        """Make a pool that is not yet initialised."""
        check_int("fee", fee, 0, PIPS - 1)
        check_int("tick_spacing", tick_spacing, 1, MAX_TICK_SPACING)
        super().__init__(fee, tick_spacing, tick_spacing_to_max_liquidity_per_tick(tick_spacing))

    @classmethod
    def from_state(
        cls,
        fee: int,
        tick_spacing: int,
        *,
        sqrt_price_x96: int,
        tick: int,
        liquidity: int,
        ticks: Mapping[int, tuple[int, int]],
        block_timestamp: int = 0,
    ) -> Self:
        """Build a pool from what a price quote needs: the price and the liquidity of every initialised tick.

        Fee growth, oracle and protocol fee start at zero and there are no positions: the liquidity is there to trade
        against, and is nobody's. The balances are what that liquidity is worth at the price, rounded up.

        Args:
            fee: in pips.
            tick_spacing: from 1 to 16383.
            sqrt_price_x96: slot0's price.
            tick: slot0's tick.
            liquidity: the active liquidity.
            ticks: liquidity_gross and liquidity_net of each initialised tick.
            block_timestamp: seconds.

        Raises:
            ArgumentError: if the parts contradict one another.
            SqrtPriceOutOfRangeError: ("R") if there is no such price.
        """
        pool = cls(fee, tick_spacing)
        check_int("block_timestamp", block_timestamp, 0, MAX_UINT256)
        check_price(sqrt_price_x96, tick)
        pool.ticks = seeded_ticks(pool, ticks)
        check_liquidity(pool.ticks, tick, liquidity)
        pool.tick_bitmap = bitmap_of(ticks, tick_spacing)
        pool.balance0, pool.balance1 = backing_balances(pool.ticks, sqrt_price_x96)
        pool.liquidity = liquidity
        pool.timestamp = block_timestamp
        pool.slot0 = Slot0(sqrt_price_x96, tick, 0, 1, 1, 0, True)
        pool.observations = [Observation(block_timestamp & MAX_UINT32, 0, 0, True)]
        return pool

    @property
    def block_timestamp(self) -> int:
        """The time of the current block in seconds. Set it to let time pass; it never goes backwards."""
        return self.timestamp

    @block_timestamp.setter
    def block_timestamp(self, seconds: int) -> None:
        check_int("block_timestamp", seconds, self.timestamp, MAX_UINT256)
        self.timestamp = seconds

    def copy(self) -> Self:
        """Return an independent copy."""
        twin = type(self)(self.fee, self.tick_spacing)
        twin.slot0, twin.liquidity = self.slot0, self.liquidity
        twin.fee_growth_global0_x128 = self.fee_growth_global0_x128
        twin.fee_growth_global1_x128 = self.fee_growth_global1_x128
        twin.protocol_fees = self.protocol_fees
        # The records are immutable: copying what holds them is enough.
        twin.ticks, twin.tick_bitmap = self.ticks.copy(), self.tick_bitmap.copy()
        twin.positions, twin.observations = self.positions.copy(), self.observations.copy()
        twin.balance0, twin.balance1, twin.timestamp = self.balance0, self.balance1, self.timestamp
        twin.factory_owner = self.factory_owner
        return twin

    # Life of the pool -------------------------------------------------------------------------------------------------

    def initialize(self, sqrt_price_x96: int) -> int:
        """Set the first price, and return its tick.

        Raises:
            AlreadyInitializedError: ("AI") if there is a price.
            SqrtPriceOutOfRangeError: ("R") if the price is out of range.
        """
        check_int("sqrt_price_x96", sqrt_price_x96, 0, MAX_UINT160)
        if self.slot0.sqrt_price_x96 != 0:
            raise AlreadyInitializedError(self.slot0.sqrt_price_x96)
        tick = get_tick_at_sqrt_ratio(sqrt_price_x96)
        self.observations = [Observation(self.timestamp & MAX_UINT32, 0, 0, True)]
        self.slot0 = Slot0(sqrt_price_x96, tick, 0, 1, 1, 0, True)
        return tick

    def mint(
        self,
        owner: str,
        tick_lower: int,
        tick_upper: int,
        amount: int,
        *,
        paid0: int | None = None,
        paid1: int | None = None,
        callback: Callback | None = None,
    ) -> tuple[int, int]:
        """Add `amount` of liquidity to a position, and return what both tokens cost.

        Args:
            owner: whose position.
            tick_lower: where it begins.
            tick_upper: where it ends.
            amount: the liquidity to add, uint128.
            paid0: token0 paid; None pays what is owed.
            paid1: token1 paid; None pays what is owed.
            callback: uniswapV3MintCallback, with what is owed.

        Raises:
            PoolLockedError: ("LOK") before initialize, or inside another call.
            ZeroLiquidityError: if there is nothing to add.
            TickOrderError, TickLowerTooLowError, TickUpperTooHighError: ("TLU", "TLM", "TUM") for such a range.
            TickLiquidityOverflowError: ("LO") if a tick would reference too much.
            LiquidityAdditionError: ("LA") if a sum needs more than 128 bits.
            TickSpacingError: if a tick is not a multiple of the spacing.
            Mint0NotPaidError, Mint1NotPaidError: ("M0", "M1") if less was paid than is owed.
        """
        check_int("amount", amount, 0, MAX_UINT128)
        check_range(tick_lower, tick_upper)
        require_unlocked(self)
        if amount == 0:
            raise ZeroLiquidityError(amount)
        if amount > MAX_INT128:
            raise CastOverflowError(amount, "int128")
        change = modify_position(self, owner, tick_lower, tick_upper, amount)
        owed = (change.amount0, change.amount1)
        if callback is None and paid0 is None and paid1 is None:
            commit_position(self, change)
            self.balance0 += change.amount0
            self.balance1 += change.amount1
            return owed
        with locked(self):
            commit_position(self, change)
            received0, received1 = receive(self, callback, owed, owed, (paid0, paid1))
            if received0 < change.amount0:
                raise Mint0NotPaidError(change.amount0, received0)
            if received1 < change.amount1:
                raise Mint1NotPaidError(change.amount1, received1)
        return owed

    def burn(self, owner: str, tick_lower: int, tick_upper: int, amount: int) -> tuple[int, int]:
        """Take `amount` of liquidity from a position, and return what of both tokens is now owed for it.

        Nothing is paid out: collect does that. An amount of zero brings the position's fees up to date.

        Raises:
            PoolLockedError: ("LOK") before initialize, or inside another call.
            TickOrderError, TickLowerTooLowError, TickUpperTooHighError: ("TLU", "TLM", "TUM") for such a range.
            LiquiditySubtractionError: ("LS") if the position has less.
            NoPositionError: ("NP") if a position without liquidity is burned by zero.
        """
        check_int("amount", amount, 0, MAX_UINT128)
        check_range(tick_lower, tick_upper)
        require_unlocked(self)
        if amount > MAX_INT128:
            raise CastOverflowError(amount, "int128")
        change = modify_position(self, owner, tick_lower, tick_upper, -amount)
        amount0, amount1 = -change.amount0, -change.amount1
        commit_position(self, change)
        position = change.position
        self.positions[change.key] = position._replace(
            tokens_owed0=(position.tokens_owed0 + amount0) & MAX_UINT128,
            tokens_owed1=(position.tokens_owed1 + amount1) & MAX_UINT128,
        )
        return amount0, amount1

    def collect(
        self, owner: str, tick_lower: int, tick_upper: int, amount0_requested: int, amount1_requested: int
    ) -> tuple[int, int]:
        """Pay out what a position is owed, up to the amounts requested, and return what was paid.

        Raises:
            PoolLockedError: ("LOK") before initialize, or inside another call.
            TransferFailedError: ("TF") if the pool holds less than that.
        """
        check_int("amount0_requested", amount0_requested, 0, MAX_UINT128)
        check_int("amount1_requested", amount1_requested, 0, MAX_UINT128)
        check_range(tick_lower, tick_upper)
        require_unlocked(self)
        key = (owner, tick_lower, tick_upper)
        position = self.positions.get(key, EMPTY)
        amount0 = min(amount0_requested, position.tokens_owed0)
        amount1 = min(amount1_requested, position.tokens_owed1)
        require_balances(self, amount0, amount1)
        if amount0 or amount1:
            self.positions[key] = position._replace(
                tokens_owed0=position.tokens_owed0 - amount0, tokens_owed1=position.tokens_owed1 - amount1
            )
            self.balance0 -= amount0
            self.balance1 -= amount1
        return amount0, amount1

    # Trading ----------------------------------------------------------------------------------------------------------

    def quote(self, zero_for_one: bool, amount_specified: int, sqrt_price_limit_x96: int) -> SwapResult:
        """Return what swap would, and change nothing.

        Raises:
            ZeroAmountError, PoolLockedError, SqrtPriceLimitError, CastOverflowError: as swap.
            TransferFailedError: ("TF") if the pool holds less than the output.
        """
        return self._compute_swap(zero_for_one, amount_specified, sqrt_price_limit_x96).result

    def swap(
        self,
        zero_for_one: bool,
        amount_specified: int,
        sqrt_price_limit_x96: int,
        *,
        paid0: int | None = None,
        paid1: int | None = None,
        callback: Callback | None = None,
    ) -> SwapResult:
        """Swap one token for the other until the amount is done or the price reaches the limit.

        Args:
            zero_for_one: token0 in and token1 out, so that the price falls; otherwise the reverse.
            amount_specified: int256; the exact input, fee included, where positive; the exact output where negative.
            sqrt_price_limit_x96: where to stop; strictly between the price and the end of the range.
            paid0: token0 paid in; None pays what is owed.
            paid1: token1 paid in; None pays what is owed.
            callback: uniswapV3SwapCallback, with both amounts.

        Returns:
            The amounts, positive into the pool, the state of price, liquidity and tick after, and the fees.

        Raises:
            ZeroAmountError: ("AS") if there is nothing to swap.
            PoolLockedError: ("LOK") before initialize, or inside another call.
            SqrtPriceLimitError: ("SPL") if the limit is not beyond the price, or out of range.
            CastOverflowError: if an amount needs more than 255 bits.
            TransferFailedError: ("TF") if the pool holds less than the output.
            InsufficientInputError: ("IIA") if less was paid than is owed.
        """
        change = self._compute_swap(zero_for_one, amount_specified, sqrt_price_limit_x96)
        result = change.result
        if callback is None and paid0 is None and paid1 is None:
            commit_swap(self, change, zero_for_one)
            self.balance0 += result.amount0
            self.balance1 += result.amount1
            return result
        owed0, owed1 = max(result.amount0, 0), max(result.amount1, 0)
        with locked(self):
            commit_swap(self, change, zero_for_one)
            self.balance0 += result.amount0 - owed0
            self.balance1 += result.amount1 - owed1
            amounts = (result.amount0, result.amount1)
            received0, received1 = receive(self, callback, amounts, (owed0, owed1), (paid0, paid1))
            owed, received = (owed0, received0) if zero_for_one else (owed1, received1)
            if received < owed:
                raise InsufficientInputError(owed, received)
        return result

    def flash(
        self,
        amount0: int,
        amount1: int,
        *,
        paid0: int | None = None,
        paid1: int | None = None,
        callback: Callback | None = None,
    ) -> tuple[int, int]:
        """Lend both tokens inside one call, and return the fees owed on them.

        Whatever comes back beyond the loan is shared among the liquidity in range, as a swap's fee would be.

        Args:
            amount0: token0 lent.
            amount1: token1 lent.
            paid0: token0 that comes back; None pays the loan and its fee.
            paid1: token1 that comes back; None pays the loan and its fee.
            callback: uniswapV3FlashCallback, with both fees.

        Raises:
            PoolLockedError: ("LOK") before initialize, or inside another call.
            FlashWithoutLiquidityError: ("L") if no liquidity is in range.
            TransferFailedError: ("TF") if the pool holds less than the loan.
            Flash0NotRepaidError, Flash1NotRepaidError: ("F0", "F1") if less comes back than is owed.
            MulDivOverflowError: if so much more comes back that the fee growth overflows.
        """
        check_int("amount0", amount0, 0, MAX_UINT256)
        check_int("amount1", amount1, 0, MAX_UINT256)
        require_unlocked(self)
        loan = lend(self, amount0, amount1)
        fees = (loan.fee0, loan.fee1)
        with locked(self):
            self.balance0 -= amount0
            self.balance1 -= amount1
            received = receive(self, callback, fees, (amount0 + loan.fee0, amount1 + loan.fee1), (paid0, paid1))
            commit_flash(self, compute_flash(self, loan, *received))
        return fees

    def _compute_swap(self, zero_for_one: bool, amount_specified: int, sqrt_price_limit_x96: int) -> SwapChange:
        check_int("amount_specified", amount_specified, MIN_INT256, MAX_INT256)
        check_int("sqrt_price_limit_x96", sqrt_price_limit_x96, 0, MAX_UINT160)
        change = compute_swap(self, zero_for_one, amount_specified, sqrt_price_limit_x96)
        require_balances(self, -change.result.amount0, -change.result.amount1)
        return change
