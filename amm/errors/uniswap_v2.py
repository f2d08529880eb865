"""Reverts of UniswapV2Pair, of the ERC-20 in it, and of UniswapV2Library."""

from amm.errors.base import RevertError


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


class PermitExpiredError(RevertError):
    """UniswapV2ERC20.permit after its deadline."""

    reason = "UniswapV2: EXPIRED"
    rule = "the deadline must not be before the block's time"
    deadline: int
    block_timestamp: int


class InvalidSignatureError(RevertError):
    """UniswapV2ERC20.permit: nobody signed it, or somebody else did."""

    reason = "UniswapV2: INVALID_SIGNATURE"
    rule = "the owner must have signed the permit"
    owner: str
    signer: str | None


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
