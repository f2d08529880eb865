"""UniswapV2Pair: the contract's functions under the contract's names, each of them compute first and commit last."""

from typing import Final, NamedTuple, Self

from amm.callback import Callback, all_or_nothing
from amm.errors import (
    ConstantProductError,
    InsufficientInputAmountError,
    InsufficientLiquidityError,
    InsufficientOutputAmountError,
    InvalidRecipientError,
    PairLockedError,
    ReserveOverflowError,
    check_int,
)
from amm.math import safe_math
from amm.math.constant_product import (
    FEE_DENOMINATOR,
    FEE_NUMERATOR,
    accumulated_price,
    get_amount_in,
    get_amount_out,
)
from amm.math.fixed_point import MAX_UINT32, MAX_UINT112, MAX_UINT256
from amm.math.pair_shares import MINIMUM_LIQUIDITY, amounts_redeemed, protocol_shares, shares_minted, square_root
from amm.uniswap_v2.erc20 import UniswapV2ERC20
from amm.uniswap_v2.state import PairState

ZERO_ADDRESS: Final = "0x0000000000000000000000000000000000000000"
"""Who holds the locked liquidity."""


class PairSwap(NamedTuple):
    """What a swap of a pair moved: the amounts of the contract's Swap event, in smallest units."""

    amount0_in: int
    amount1_in: int
    amount0_out: int
    amount1_out: int


class UniswapV2Pair(UniswapV2ERC20):
    """One Uniswap v2 pair, exact to the last unit.

    Functions, arguments and reverts are the contract's. Tokens move as on the chain: first `transfer_in`, or for the
    shares `transfer` to the pair, then the call that notices them. A call that raises has changed nothing.

    Example:
        >>> pair = UniswapV2Pair()
        >>> pair.transfer_in(1_000_000, 4_000_000)
        >>> pair.mint("alice")
        1999000
        >>> pair.swap_exact_input(True, 10_000, "bob")
        PairSwap(amount0_in=10000, amount1_in=0, amount0_out=0, amount1_out=39486)
    """

    __slots__ = ()

    def __init__(
        self, *, address: str = "pair", token0: str = "token0", token1: str = "token1", fee_to: str | None = None
    ) -> None:
        """Make an empty pair."""
        super().__init__(address, token0, token1, fee_to)

    @classmethod
    def from_reserves(
        cls, reserve0: int, reserve1: int, *, total_supply: int | None = None, block_timestamp: int = 0
    ) -> Self:
        """Build a pair from what a price quote needs: its reserves.

        Args:
            reserve0: token0, uint112.
            reserve1: token1, uint112.
            total_supply: all shares, here nobody's; None takes sqrt(reserve0 * reserve1), as if no fee had been earned.
            block_timestamp: seconds.

        Raises:
            ArgumentError: if a reserve is zero or needs more than 112 bits.
        """
        check_int("reserve0", reserve0, 1, MAX_UINT112)
        check_int("reserve1", reserve1, 1, MAX_UINT112)
        check_int("block_timestamp", block_timestamp, 0, MAX_UINT256)
        shares = square_root(reserve0 * reserve1) if total_supply is None else total_supply
        check_int("total_supply", shares, 1, MAX_UINT256)
        pair = cls()
        pair.reserve0 = pair.balance0 = reserve0
        pair.reserve1 = pair.balance1 = reserve1
        pair.total_supply, pair.balance_of = shares, {ZERO_ADDRESS: shares}
        pair.timestamp, pair.block_timestamp_last = block_timestamp, block_timestamp & MAX_UINT32
        return pair

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
        twin = type(self)()
        for name in PairState.__slots__:
            value = getattr(self, name)
            setattr(twin, name, value.copy() if isinstance(value, dict) else value)
        return twin

    def transfer_in(self, amount0: int, amount1: int) -> None:
        """Send tokens to the pair without calling it."""
        check_int("amount0", amount0, 0, MAX_UINT256 - self.balance0)
        check_int("amount1", amount1, 0, MAX_UINT256 - self.balance1)
        self.balance0 += amount0
        self.balance1 += amount1

    # Liquidity --------------------------------------------------------------------------------------------------------

    def mint(self, to: str) -> int:
        """Give shares for the tokens that came in since the last call, and return how many.

        Raises:
            PairLockedError: ("UniswapV2: LOCKED") inside another call.
            InsufficientLiquidityMintedError, SubtractionUnderflowError and the others of shares_minted.
            ReserveOverflowError: ("UniswapV2: OVERFLOW") if a balance needs more than 112 bits.
        """
        self._require_unlocked()
        amount0 = safe_math.sub(self.balance0, self.reserve0)
        amount1 = safe_math.sub(self.balance1, self.reserve1)
        for_protocol = self._protocol_shares()
        supply = self.total_supply + for_protocol
        shares = shares_minted(amount0, amount1, self.reserve0, self.reserve1, supply)
        self._require_reserves(self.balance0, self.balance1)
        self._mint_protocol_shares(for_protocol)
        if supply == 0:
            self._mint(ZERO_ADDRESS, MINIMUM_LIQUIDITY)
        self._mint(to, shares)
        self._update(self.balance0, self.balance1)
        self._remember_k()
        return shares

    def burn(self, to: str) -> tuple[int, int]:
        """Destroy the shares that the pair itself holds, and return the tokens sent to `to` for them.

        Raises:
            PairLockedError: ("UniswapV2: LOCKED") inside another call.
            InsufficientLiquidityBurnedError, DivisionByZeroError and the others of amounts_redeemed.
            ReserveOverflowError: ("UniswapV2: OVERFLOW") if a balance needs more than 112 bits.
        """
        self._require_unlocked()
        shares = self.balance_of.get(self.address, 0)
        for_protocol = self._protocol_shares()
        supply = self.total_supply + for_protocol
        amount0, amount1 = amounts_redeemed(shares, self.balance0, self.balance1, supply)
        balance0, balance1 = self._after_sending(to, amount0, amount1)
        self._require_reserves(balance0, balance1)
        self._mint_protocol_shares(for_protocol)
        self._burn(self.address, shares)
        self._update(balance0, balance1)
        self._remember_k()
        return amount0, amount1

    # Trading ----------------------------------------------------------------------------------------------------------

    def swap(
        self,
        amount0_out: int,
        amount1_out: int,
        to: str,
        *,
        paid0: int = 0,
        paid1: int = 0,
        callback: Callback | None = None,
    ) -> PairSwap:
        """Send the output asked for, and accept whatever came in for it if the product of the balances does not fall.

        Args:
            amount0_out: token0 asked for.
            amount1_out: token1 asked for.
            to: who receives it.
            paid0: token0 that comes in during the call, as a flash swap's repayment does.
            paid1: token1 that comes in during the call.
            callback: a flash swap's uniswapV2Call, with both outputs, before paid0 and paid1 come in. It may send
                tokens in and move shares; the reserves still are what they were.

        Raises:
            PairLockedError: ("UniswapV2: LOCKED") inside another call.
            InsufficientOutputAmountError: ("UniswapV2: INSUFFICIENT_OUTPUT_AMOUNT") if nothing is asked for.
            InsufficientLiquidityError: ("UniswapV2: INSUFFICIENT_LIQUIDITY") if a reserve would be emptied.
            InvalidRecipientError: ("UniswapV2: INVALID_TO") if `to` is one of the tokens.
            InsufficientInputAmountError: ("UniswapV2: INSUFFICIENT_INPUT_AMOUNT") if nothing came in.
            ConstantProductError: ("UniswapV2: K") if too little came in.
            ReserveOverflowError: ("UniswapV2: OVERFLOW") if a balance needs more than 112 bits.
        """
        check_int("amount0_out", amount0_out, 0, MAX_UINT256)
        check_int("amount1_out", amount1_out, 0, MAX_UINT256)
        check_int("paid0", paid0, 0, MAX_UINT256)
        check_int("paid1", paid1, 0, MAX_UINT256)
        self._require_unlocked()
        if amount0_out == 0 and amount1_out == 0:
            raise InsufficientOutputAmountError(amount0_out, amount1_out)
        if amount0_out >= self.reserve0 or amount1_out >= self.reserve1:
            raise InsufficientLiquidityError(amount0_out, amount1_out, self.reserve0, self.reserve1)
        if to in {self.token0, self.token1}:
            raise InvalidRecipientError(to)
        balance0, balance1 = self._after_sending(to, amount0_out, amount1_out)
        if callback is None:
            return self._settle_swap(amount0_out, amount1_out, balance0 + paid0, balance1 + paid1)
        with all_or_nothing(self):
            self.balance0, self.balance1 = balance0, balance1
            self.unlocked = False
            callback(amount0_out, amount1_out)
            swap = self._settle_swap(amount0_out, amount1_out, self.balance0 + paid0, self.balance1 + paid1)
            self.unlocked = True
        return swap

    def quote_exact_input(self, zero_for_one: bool, amount_in: int) -> int:
        """Return the most that `amount_in`, fee included, buys at the reserves; changes nothing.

        Raises:
            QuoteInputError, QuoteLiquidityError: as get_amount_out.
        """
        check_int("amount_in", amount_in, 0, MAX_UINT256)
        return get_amount_out(amount_in, *self._reserves_in_and_out(zero_for_one))

    def quote_exact_output(self, zero_for_one: bool, amount_out: int) -> int:
        """Return an input, fee included, that buys `amount_out` at the reserves; changes nothing.

        Raises:
            QuoteOutputError, QuoteLiquidityError, SubtractionUnderflowError, DivisionByZeroError: as get_amount_in.
        """
        check_int("amount_out", amount_out, 0, MAX_UINT256)
        return get_amount_in(amount_out, *self._reserves_in_and_out(zero_for_one))

    def swap_exact_input(self, zero_for_one: bool, amount_in: int, to: str) -> PairSwap:
        """Pay `amount_in` and take the most it buys: quote_exact_input, then swap.

        Raises:
            QuoteInputError, QuoteLiquidityError: as get_amount_out.
            InsufficientOutputAmountError and the other reverts of swap.
        """
        amount_out = self.quote_exact_input(zero_for_one, amount_in)
        if zero_for_one:
            return self.swap(0, amount_out, to, paid0=amount_in)
        return self.swap(amount_out, 0, to, paid1=amount_in)

    def swap_exact_output(self, zero_for_one: bool, amount_out: int, to: str) -> PairSwap:
        """Take `amount_out` and pay what it costs: quote_exact_output, then swap.

        Raises:
            QuoteOutputError, QuoteLiquidityError, SubtractionUnderflowError, DivisionByZeroError: as get_amount_in.
            The reverts of swap.
        """
        amount_in = self.quote_exact_output(zero_for_one, amount_out)
        if zero_for_one:
            return self.swap(0, amount_out, to, paid0=amount_in)
        return self.swap(amount_out, 0, to, paid1=amount_in)

    # Balances and reserves --------------------------------------------------------------------------------------------

    def skim(self, to: str) -> tuple[int, int]:
        """Send what the balances have above the reserves to `to`, and return it.

        Raises:
            PairLockedError: ("UniswapV2: LOCKED") inside another call.
            SubtractionUnderflowError: ("ds-math-sub-underflow") if a balance is below its reserve.
        """
        self._require_unlocked()
        amount0 = safe_math.sub(self.balance0, self.reserve0)
        amount1 = safe_math.sub(self.balance1, self.reserve1)
        self.balance0, self.balance1 = self._after_sending(to, amount0, amount1)
        return amount0, amount1

    def sync(self) -> None:
        """Make the reserves what the balances are.

        Raises:
            PairLockedError: ("UniswapV2: LOCKED") inside another call.
            ReserveOverflowError: ("UniswapV2: OVERFLOW") if a balance needs more than 112 bits.
        """
        self._require_unlocked()
        self._require_reserves(self.balance0, self.balance1)
        self._update(self.balance0, self.balance1)

    def _settle_swap(self, amount0_out: int, amount1_out: int, balance0: int, balance1: int) -> PairSwap:
        """Look at the balances a swap has left, and take them as reserves if they will do."""
        reserve0, reserve1 = self.reserve0, self.reserve1
        amount0_in = max(balance0 - (reserve0 - amount0_out), 0)
        amount1_in = max(balance1 - (reserve1 - amount1_out), 0)
        if amount0_in == 0 and amount1_in == 0:
            raise InsufficientInputAmountError
        adjusted0, adjusted1 = _less_fee(balance0, amount0_in), _less_fee(balance1, amount1_in)
        if safe_math.mul(adjusted0, adjusted1) < safe_math.mul(reserve0 * reserve1, FEE_DENOMINATOR**2):
            raise ConstantProductError(adjusted0, adjusted1, reserve0, reserve1)
        self._require_reserves(balance0, balance1)
        self._update(balance0, balance1)
        return PairSwap(amount0_in, amount1_in, amount0_out, amount1_out)

    def _require_unlocked(self) -> None:
        if not self.unlocked:
            raise PairLockedError

    def _require_reserves(self, balance0: int, balance1: int) -> None:
        if balance0 > MAX_UINT112 or balance1 > MAX_UINT112:
            raise ReserveOverflowError(balance0, balance1)

    def _reserves_in_and_out(self, zero_for_one: bool) -> tuple[int, int]:
        return (self.reserve0, self.reserve1) if zero_for_one else (self.reserve1, self.reserve0)

    def _after_sending(self, to: str, amount0: int, amount1: int) -> tuple[int, int]:
        """Return the balances after a transfer, which changes nothing where the pair sends to itself."""
        if to == self.address:
            return self.balance0, self.balance1
        return self.balance0 - amount0, self.balance1 - amount1

    def _update(self, balance0: int, balance1: int) -> None:
        """Take the balances as reserves; the first call of a block adds the old price to the sums."""
        now = self.timestamp & MAX_UINT32
        elapsed = (now - self.block_timestamp_last) & MAX_UINT32
        if elapsed and self.reserve0 and self.reserve1:
            price0, price1 = self.price0_cumulative_last, self.price1_cumulative_last
            self.price0_cumulative_last = accumulated_price(price0, self.reserve0, self.reserve1, elapsed)
            self.price1_cumulative_last = accumulated_price(price1, self.reserve1, self.reserve0, elapsed)
        self.reserve0, self.reserve1, self.block_timestamp_last = balance0, balance1, now
        self.balance0, self.balance1 = balance0, balance1

    def _protocol_shares(self) -> int:
        """Return what the next mint or burn gives the protocol first."""
        if self.fee_to is None:
            return 0
        return protocol_shares(self.reserve0, self.reserve1, self.k_last, self.total_supply)

    def _mint_protocol_shares(self, shares: int) -> None:
        if self.fee_to is not None and shares:
            self._mint(self.fee_to, shares)

    def _remember_k(self) -> None:
        self.k_last = self.reserve0 * self.reserve1 if self.fee_to is not None else 0


def _less_fee(balance: int, amount_in: int) -> int:
    """Return the balance in thousandths, less the fee on what came in."""
    fee = safe_math.mul(amount_in, FEE_DENOMINATOR - FEE_NUMERATOR)
    return safe_math.sub(safe_math.mul(balance, FEE_DENOMINATOR), fee)
