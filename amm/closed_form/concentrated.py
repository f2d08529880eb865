"""A position of constant liquidity between two prices (Uniswap v3).

Source: Uniswap v3 whitepaper, equations 6.29 and 6.30, for the holdings; everything else follows from them. Liquidity
is in sqrt(token0 * token1).
"""

import math
from typing import NamedTuple

from amm.closed_form.domain import require_fraction, require_not_negative, require_positive, require_range


class Amounts(NamedTuple):
    """Amounts of both tokens."""

    amount0: float
    amount1: float


def _clipped_sqrt(price: float, price_lower: float, price_upper: float) -> float:
    return math.sqrt(min(max(price, price_lower), price_upper))


def holdings(liquidity: float, price: float, price_lower: float, price_upper: float) -> Amounts:
    """What the position holds: token0 alone below its range, token1 alone above it."""
    require_not_negative(liquidity=liquidity)
    require_positive(price=price)
    require_range(price_lower, price_upper)
    root = _clipped_sqrt(price, price_lower, price_upper)
    return Amounts(
        amount0=liquidity * (1 / root - 1 / math.sqrt(price_upper)),
        amount1=liquidity * (root - math.sqrt(price_lower)),
    )


def position_value(liquidity: float, price: float, price_lower: float, price_upper: float) -> float:
    """Value of the holdings in token1 at the pool's own price.

    Example:
        >>> round(position_value(1_000, 2_000, 1_500, 2_600), 6)
        11489.65861
    """
    amount0, amount1 = holdings(liquidity, price, price_lower, price_upper)
    return amount0 * price + amount1


def capital_efficiency(price: float, price_lower: float, price_upper: float) -> float:
    """Full-range capital over this position's capital, for the same liquidity, at a price inside the range."""
    require_positive(price=price)
    require_range(price_lower, price_upper)
    return 1 / (1 - (math.sqrt(price / price_upper) + math.sqrt(price_lower / price)) / 2)


def centred_capital_efficiency(price_lower: float, price_upper: float) -> float:
    """Capital efficiency at the geometric centre of the range, where both tokens are worth the same."""
    require_range(price_lower, price_upper)
    return 1 / (1 - math.sqrt(math.sqrt(price_lower / price_upper)))


def impermanent_loss_amount(
    liquidity: float, initial_price: float, final_price: float, price_lower: float, price_upper: float
) -> float:
    """Value of the position less the value of its initial holdings, in token1 at the final price: at most zero.

    Inside the range it is that of a full-range position of the same liquidity, -L sqrt(P0) (sqrt(r) - 1)^2. The range
    may contain both prices, one or neither.
    """
    require_not_negative(liquidity=liquidity)
    require_positive(initial_price=initial_price, final_price=final_price)
    require_range(price_lower, price_upper)
    before = _clipped_sqrt(initial_price, price_lower, price_upper)
    after = _clipped_sqrt(final_price, price_lower, price_upper)
    # P1 * dx + dy with dx = L (1/after - 1/before) and dy = L (after - before), factored so that nothing cancels.
    return liquidity * (after - before) * (1 - final_price / (after * before))


def impermanent_loss(initial_price: float, final_price: float, price_lower: float, price_upper: float) -> float:
    """Value of the position over the value of holding its initial amounts, less one: at most zero."""
    loss = impermanent_loss_amount(1.0, initial_price, final_price, price_lower, price_upper)
    amount0, amount1 = holdings(1.0, initial_price, price_lower, price_upper)
    return loss / (amount0 * final_price + amount1)


def crossing_price(price_lower: float, price_upper: float, fee: float = 0.0) -> float:
    """Average price in token1 at which a range sells its token0 when the price rises through all of it.

    With the fee the buyers pay on top. A limit order sells there too, but stays sold; the range buys back if the
    price returns.
    """
    require_range(price_lower, price_upper)
    require_fraction(fee=fee)
    return math.sqrt(price_lower) * math.sqrt(price_upper) / (1 - fee)


def depth_up(liquidity: float, price: float, move: float) -> float:
    """Token1 that must be paid in, before fees, to raise the price by the fraction `move` within one range."""
    require_not_negative(liquidity=liquidity, move=move)
    require_positive(price=price)
    return liquidity * math.sqrt(price) * (math.sqrt(1 + move) - 1)


def depth_down(liquidity: float, price: float, move: float) -> float:
    """Token1 that is paid out while the price falls by the fraction `move` within one range."""
    require_not_negative(liquidity=liquidity)
    require_positive(price=price)
    require_fraction(move=move)
    return liquidity * math.sqrt(price) * (1 - math.sqrt(1 - move))


def depth_density(liquidity: float, price: float) -> float:
    """Token1 traded per unit of log price, on one side of the pool: L sqrt(P) / 2.

    For capital W it is W times `capital_efficiency` over four.
    """
    require_not_negative(liquidity=liquidity)
    require_positive(price=price)
    return liquidity * math.sqrt(price) / 2
