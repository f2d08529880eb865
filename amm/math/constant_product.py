"""The constant-product curve with v2's fee: what an exact input buys, what an exact output costs (UniswapV2Library).

`fee_numerator` is the part of the input that trades, in thousandths: 997 in v2, 1000 for a curve without a fee.
"""

from typing import Final

from amm.errors import QuoteAmountError, QuoteInputError, QuoteLiquidityError, QuoteOutputError
from amm.math import safe_math
from amm.math.fixed_point import MAX_UINT256

FEE_NUMERATOR: Final = 997
"""The thousandths of the input that trade; the other three are the fee."""
FEE_DENOMINATOR: Final = 1000


def get_amount_out(amount_in: int, reserve_in: int, reserve_out: int, fee_numerator: int = FEE_NUMERATOR) -> int:
    """Return the most that `amount_in`, fee included, buys: rounded down.

    Raises:
        QuoteInputError: if `amount_in` is zero.
        QuoteLiquidityError: if a reserve is empty.
        MultiplicationOverflowError, AdditionOverflowError: if a term needs more than 256 bits.

    Example:
        >>> get_amount_out(1_000, 1_000_000, 1_000_000)
        996
    """
    if amount_in == 0:
        raise QuoteInputError
    if reserve_in == 0 or reserve_out == 0:
        raise QuoteLiquidityError(reserve_in, reserve_out)
    amount_less_fee = safe_math.mul(amount_in, fee_numerator)
    numerator = safe_math.mul(amount_less_fee, reserve_out)
    return numerator // safe_math.add(safe_math.mul(reserve_in, FEE_DENOMINATOR), amount_less_fee)


def get_amount_in(amount_out: int, reserve_in: int, reserve_out: int, fee_numerator: int = FEE_NUMERATOR) -> int:
    """Return an input, fee included, that buys `amount_out`: rounded up, and by one too many where it divides evenly.

    Raises:
        QuoteOutputError: if `amount_out` is zero.
        QuoteLiquidityError: if a reserve is empty.
        SubtractionUnderflowError: if more is asked for than the reserve holds.
        DivisionByZeroError: if all of the reserve is asked for.
        MultiplicationOverflowError, AdditionOverflowError: if a term needs more than 256 bits.

    Example:
        >>> get_amount_in(996, 1_000_000, 1_000_000)
        1000
    """
    if amount_out == 0:
        raise QuoteOutputError
    if reserve_in == 0 or reserve_out == 0:
        raise QuoteLiquidityError(reserve_in, reserve_out)
    numerator = safe_math.mul(safe_math.mul(reserve_in, amount_out), FEE_DENOMINATOR)
    denominator = safe_math.mul(safe_math.sub(reserve_out, amount_out), fee_numerator)
    return safe_math.add(safe_math.div(numerator, denominator), 1)


def quote(amount_a: int, reserve_a: int, reserve_b: int) -> int:
    """Return what `amount_a` is worth at the price of the reserves, without fee or price impact: rounded down.

    Raises:
        QuoteAmountError: if `amount_a` is zero.
        QuoteLiquidityError: if a reserve is empty.
        MultiplicationOverflowError: if the product needs more than 256 bits.
    """
    if amount_a == 0:
        raise QuoteAmountError
    if reserve_a == 0 or reserve_b == 0:
        raise QuoteLiquidityError(reserve_a, reserve_b)
    return safe_math.mul(amount_a, reserve_b) // reserve_a


def accumulated_price(price_cumulative: int, reserve_priced: int, reserve_other: int, seconds: int) -> int:
    """Return the running sum of a price after it has held for some seconds: UQ112x112 modulo 2**256.

    Source: UniswapV2Pair._update.
    """
    return (price_cumulative + (reserve_other << 112) // reserve_priced * seconds) & MAX_UINT256
