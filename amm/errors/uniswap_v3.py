"""Reverts of UniswapV3Pool and of its libraries."""

from amm.errors.base import RevertError

# Price and liquidity --------------------------------------------------------------------------------------------------


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


# The pool -------------------------------------------------------------------------------------------------------------


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


class NotFactoryOwnerError(RevertError):
    """UniswapV3Pool.onlyFactoryOwner."""

    rule = "only the factory's owner may"
    sender: str
    factory_owner: str


# The oracle -----------------------------------------------------------------------------------------------------------


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
