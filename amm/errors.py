"""Every error of the package: a contract's revert carries the contract's own reason and the offending values.

`AmmError` is the root. A `RevertError` is a call that the contract would have reverted; its `reason` is the string the
contract reverts with, empty where the contract gives none. Whatever is raised, the pool's state is as it was before.

Example:
    >>> str(TickOrderError(60, -60))
    'TLU: tick_lower must be below tick_upper (tick_lower=60, tick_upper=-60)'
"""

from typing import ClassVar, dataclass_transform


class AmmError(Exception):
    """Root of everything this package raises on purpose."""


@dataclass_transform(eq_default=False)
class _ValuedError(AmmError):
    """An error that is one rule and the values that break it: a subclass names them by annotation."""

    rule: ClassVar[str] = ""
    _names: ClassVar[tuple[str, ...]] = ()

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        cls._names = cls._names + tuple(cls.__annotations__)

    def __init__(self, *values: object) -> None:
        super().__init__(*values)
        for name, value in zip(self._names, values, strict=True):
            setattr(self, name, value)

    def __str__(self) -> str:
        """Say the rule and the values."""
        values = ", ".join(f"{name}={getattr(self, name)!r}" for name in self._names)
        return f"{self.rule} ({values})" if values else self.rule


class ArgumentError(_ValuedError, ValueError):
    """An argument that the contract's own types could not hold, or that makes no pool."""

    name: str
    value: object
    expected: str

    def __str__(self) -> str:
        """Say which argument, what it must be, and what it is."""
        return f"{self.name} must be {self.expected}, not {self.value!r}"


class RevertError(_ValuedError):
    """The contract reverts: `reason` is its own string, empty where it gives none."""

    reason = ""

    def __str__(self) -> str:
        """Say the contract's reason, the rule and the values."""
        text = super().__str__()
        return f"{self.reason}: {text}" if self.reason else text


# Arithmetic shared by the contracts -----------------------------------------------------------------------------------


class MulDivOverflowError(RevertError):
    """FullMath.mulDiv: the quotient needs more than 256 bits, or the denominator is zero."""

    rule = "a * b / denominator must fit 256 bits"
    a: int
    b: int
    denominator: int


class CastOverflowError(RevertError):
    """SafeCast: a value does not fit the narrower type."""

    rule = "the value must fit the type"
    value: int
    type_name: str


class DivisionByZeroError(RevertError):
    """A division the contract does not guard: an invalid opcode, without a reason."""

    rule = "the divisor must not be zero"
    dividend: int


# Uniswap v3: price and liquidity --------------------------------------------------------------------------------------


class TickOutOfRangeError(RevertError):
    """TickMath.getSqrtRatioAtTick."""

    reason = "T"
    rule = "the tick must be within MIN_TICK and MAX_TICK"
    tick: int


class SqrtPriceOutOfRangeError(RevertError):
    """TickMath.getTickAtSqrtRatio."""

    reason = "R"
    rule = "the square-root price must be at least MIN_SQRT_RATIO and below MAX_SQRT_RATIO"
    sqrt_price_x96: int


class ZeroPriceError(RevertError):
    """SqrtPriceMath: a square-root price of zero."""

    rule = "the square-root price must not be zero"
    sqrt_price_x96: int


class ZeroLiquidityError(RevertError):
    """SqrtPriceMath: a price cannot move through no liquidity; UniswapV3Pool.mint of nothing."""

    rule = "the liquidity must not be zero"
    liquidity: int


class OutputTooLargeError(RevertError):
    """SqrtPriceMath: more output than the range can give."""

    rule = "the output must be less than the liquidity holds"
    amount: int
    liquidity: int
    sqrt_price_x96: int


class LiquiditySubtractionError(RevertError):
    """LiquidityMath.addDelta: the result would be negative."""

    reason = "LS"
    rule = "liquidity must not fall below zero"
    liquidity: int
    liquidity_delta: int


class LiquidityAdditionError(RevertError):
    """LiquidityMath.addDelta: the result needs more than 128 bits."""

    reason = "LA"
    rule = "liquidity must fit 128 bits"
    liquidity: int
    liquidity_delta: int


# Uniswap v3: the pool -------------------------------------------------------------------------------------------------


class PoolLockedError(RevertError):
    """The pool is not initialised, or a call is in progress."""

    reason = "LOK"
    rule = "the pool must be unlocked: initialised, and not inside another call"


class AlreadyInitializedError(RevertError):
    """UniswapV3Pool.initialize, a second time."""

    reason = "AI"
    rule = "a pool is initialised once"
    sqrt_price_x96: int


class TickOrderError(RevertError):
    """UniswapV3Pool.checkTicks."""

    reason = "TLU"
    rule = "tick_lower must be below tick_upper"
    tick_lower: int
    tick_upper: int


class TickLowerTooLowError(RevertError):
    """UniswapV3Pool.checkTicks."""

    reason = "TLM"
    rule = "tick_lower must not be below MIN_TICK"
    tick_lower: int


class TickUpperTooHighError(RevertError):
    """UniswapV3Pool.checkTicks."""

    reason = "TUM"
    rule = "tick_upper must not be above MAX_TICK"
    tick_upper: int


class TickSpacingError(RevertError):
    """TickBitmap.flipTick: only multiples of the spacing can be initialised."""

    rule = "an initialised tick must be a multiple of the tick spacing"
    tick: int
    tick_spacing: int


class TickLiquidityOverflowError(RevertError):
    """Tick.update: more liquidity on one tick than the pool allows."""

    reason = "LO"
    rule = "liquidity_gross must not exceed max_liquidity_per_tick"
    tick: int
    liquidity_gross: int
    max_liquidity_per_tick: int


class TickNotInitializedError(RevertError):
    """UniswapV3Pool.snapshotCumulativesInside: both ticks must be initialised."""

    rule = "the tick must be initialised"
    tick: int


class NoPositionError(RevertError):
    """Position.update: a poke of a position that holds no liquidity."""

    reason = "NP"
    rule = "a position without liquidity cannot be poked"
    owner: str
    tick_lower: int
    tick_upper: int


class Mint0NotPaidError(RevertError):
    """UniswapV3Pool.mint: the callback paid too little token0."""

    reason = "M0"
    rule = "the token0 owed must be paid"
    owed: int
    paid: int


class Mint1NotPaidError(RevertError):
    """UniswapV3Pool.mint: the callback paid too little token1."""

    reason = "M1"
    rule = "the token1 owed must be paid"
    owed: int
    paid: int


class ZeroAmountError(RevertError):
    """UniswapV3Pool.swap of nothing."""

    reason = "AS"
    rule = "amount_specified must not be zero"


class SqrtPriceLimitError(RevertError):
    """UniswapV3Pool.swap: the limit is on the wrong side of the price, or out of range."""

    reason = "SPL"
    rule = "the limit must lie beyond the current price in the swap's direction, strictly inside the range of prices"
    zero_for_one: bool
    sqrt_price_limit_x96: int
    sqrt_price_x96: int


class InsufficientInputError(RevertError):
    """UniswapV3Pool.swap: the callback paid too little."""

    reason = "IIA"
    rule = "the input owed must be paid"
    owed: int
    paid: int


class FlashWithoutLiquidityError(RevertError):
    """UniswapV3Pool.flash: there is nobody in range to earn the fee."""

    reason = "L"
    rule = "a flash loan needs liquidity in range"


class Flash0NotRepaidError(RevertError):
    """UniswapV3Pool.flash: token0 came back short."""

    reason = "F0"
    rule = "the token0 lent must come back with its fee"
    owed: int
    paid: int


class Flash1NotRepaidError(RevertError):
    """UniswapV3Pool.flash: token1 came back short."""

    reason = "F1"
    rule = "the token1 lent must come back with its fee"
    owed: int
    paid: int


class TransferFailedError(RevertError):
    """TransferHelper.safeTransfer: the pool holds less than it has to send."""

    reason = "TF"
    rule = "the pool must hold what it sends"
    token: str
    amount: int
    balance: int


class FeeProtocolError(RevertError):
    """UniswapV3Pool.setFeeProtocol."""

    rule = "each protocol fee must be 0, or a denominator from 4 to 10"
    fee_protocol0: int
    fee_protocol1: int


# Uniswap v3: the oracle -----------------------------------------------------------------------------------------------


class OracleNotInitializedError(RevertError):
    """Oracle.observe and Oracle.grow before the pool is initialised."""

    reason = "I"
    rule = "the oracle must hold an observation"


class ObservationTooOldError(RevertError):
    """Oracle: the moment asked for is older than the oldest observation kept."""

    reason = "OLD"
    rule = "the target must not be older than the oldest observation"
    oldest: int
    target: int


class ObservationOrderError(RevertError):
    """Oracle.binarySearch in a ring with a gap, as no pool writes it: the contract would run out of gas."""

    rule = "the observations kept must be written without a gap"
    target: int


# Uniswap v2 -----------------------------------------------------------------------------------------------------------


class PairLockedError(RevertError):
    """UniswapV2Pair.lock: a call is in progress."""

    reason = "UniswapV2: LOCKED"
    rule = "the pair must not be inside another call"


class ReserveOverflowError(RevertError):
    """UniswapV2Pair._update: a balance needs more than 112 bits."""

    reason = "UniswapV2: OVERFLOW"
    rule = "both balances must fit 112 bits"
    balance0: int
    balance1: int


class InsufficientLiquidityMintedError(RevertError):
    """UniswapV2Pair.mint: the deposit is worth no share."""

    reason = "UniswapV2: INSUFFICIENT_LIQUIDITY_MINTED"
    rule = "the deposit must be worth at least one unit of liquidity"
    amount0: int
    amount1: int


class InsufficientLiquidityBurnedError(RevertError):
    """UniswapV2Pair.burn: the shares are worth nothing of one token."""

    reason = "UniswapV2: INSUFFICIENT_LIQUIDITY_BURNED"
    rule = "the shares burned must be worth something of both tokens"
    amount0: int
    amount1: int


class InsufficientOutputAmountError(RevertError):
    """UniswapV2Pair.swap for nothing."""

    reason = "UniswapV2: INSUFFICIENT_OUTPUT_AMOUNT"
    rule = "a swap must ask for some output"
    amount0_out: int
    amount1_out: int


class InsufficientLiquidityError(RevertError):
    """UniswapV2Pair.swap: the output must be less than the reserve."""

    reason = "UniswapV2: INSUFFICIENT_LIQUIDITY"
    rule = "each output must be less than its reserve"
    amount0_out: int
    amount1_out: int
    reserve0: int
    reserve1: int


class InvalidRecipientError(RevertError):
    """UniswapV2Pair.swap to one of its own tokens."""

    reason = "UniswapV2: INVALID_TO"
    rule = "the recipient must not be a token of the pair"
    to: str


class InsufficientInputAmountError(RevertError):
    """UniswapV2Pair.swap without any payment."""

    reason = "UniswapV2: INSUFFICIENT_INPUT_AMOUNT"
    rule = "something must be paid in"


class ConstantProductError(RevertError):
    """UniswapV2Pair.swap: the product after fees would fall."""

    reason = "UniswapV2: K"
    rule = "the product of the balances, less fees, must not fall"
    balance0_adjusted: int
    balance1_adjusted: int
    reserve0: int
    reserve1: int


class AdditionOverflowError(RevertError):
    """SafeMath.add."""

    reason = "ds-math-add-overflow"
    rule = "the sum must fit 256 bits"
    x: int
    y: int


class SubtractionUnderflowError(RevertError):
    """SafeMath.sub."""

    reason = "ds-math-sub-underflow"
    rule = "the difference must not be negative"
    x: int
    y: int


class MultiplicationOverflowError(RevertError):
    """SafeMath.mul."""

    reason = "ds-math-mul-overflow"
    rule = "the product must fit 256 bits"
    x: int
    y: int


class QuoteInputError(RevertError):
    """UniswapV2Library.getAmountOut of nothing."""

    reason = "UniswapV2Library: INSUFFICIENT_INPUT_AMOUNT"
    rule = "the input must not be zero"


class QuoteOutputError(RevertError):
    """UniswapV2Library.getAmountIn for nothing."""

    reason = "UniswapV2Library: INSUFFICIENT_OUTPUT_AMOUNT"
    rule = "the output must not be zero"


class QuoteAmountError(RevertError):
    """UniswapV2Library.quote of nothing."""

    reason = "UniswapV2Library: INSUFFICIENT_AMOUNT"
    rule = "the amount must not be zero"


class QuoteLiquidityError(RevertError):
    """UniswapV2Library: a reserve is empty."""

    reason = "UniswapV2Library: INSUFFICIENT_LIQUIDITY"
    rule = "both reserves must hold something"
    reserve_a: int
    reserve_b: int


# Ours -----------------------------------------------------------------------------------------------------------------


class SnapshotError(_ValuedError, ValueError):
    """A snapshot that cannot be read: `key` is the path of the entry at fault."""

    key: str
    problem: str

    def __str__(self) -> str:
        """Say which entry, and what is wrong with it."""
        return f"snapshot entry {self.key!r}: {self.problem}"


def check_int(name: str, value: int, low: int, high: int) -> None:
    """Accept a plain `int` from `low` to `high`, both included.

    Floats and fixed-width integers are refused because they would lose digits without a word; `bool` because it is
    never an amount.

    Raises:
        ArgumentError: if `value` is anything else.
    """
    if type(value) is not int:
        raise ArgumentError(name, value, "a plain int")
    if not low <= value <= high:
        raise ArgumentError(name, value, f"from {low} to {high}")
