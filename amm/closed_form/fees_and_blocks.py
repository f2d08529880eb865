"""How a fee, the time between blocks and gas change what arbitrage takes from a pool.

Sources: Milionis, Moallemi and Roughgarden, "Automated market making and arbitrage profits in the presence of fees"
(2023, arXiv 2305.14604) for blocks at random (Poisson) times; Nezlobin and Tassy (2025, arXiv 2505.05113) for blocks
at fixed intervals; Lambert (2021) for implied volatility. The fair price is a driftless geometric Brownian motion.

Words used below: the log half-spread is -ln(1 - fee), the width of the no-arbitrage band on either side; the
mispricing is the log of the fair over the pool's price; the excess is how far it lies outside the band; the
mispricing decay is sqrt(2 * block rate) / volatility; depth is token1 traded per unit of log price on one side.
"""

import math

from amm.closed_form.domain import require_fraction, require_not_negative, require_positive
from amm.errors import ArgumentError

# |zeta(1/2)| of Riemann, the constant of a random walk watched at fixed intervals.
_ZETA_HALF = 1.4603545088095868


def log_half_spread(fee: float) -> float:
    """Width of the no-arbitrage band on either side of the pool's log price: -ln(1 - fee)."""
    require_fraction(fee=fee)
    return -math.log1p(-fee)


def mispricing_decay(volatility: float, block_rate: float) -> float:
    """Rate at which the tails of the mispricing fall off outside the band: sqrt(2 * block_rate) / volatility."""
    require_positive(volatility=volatility, block_rate=block_rate)
    return math.sqrt(2 * block_rate) / volatility


def mispricing_density(mispricing: float, half_spread: float, decay: float) -> float:
    """Stationary density of the log mispricing a block finds: flat inside the band, exponential outside."""
    require_not_negative(half_spread=half_spread)
    require_positive(decay=decay)
    excess = max(abs(mispricing) - half_spread, 0.0)
    return decay * math.exp(-decay * excess) / (2 * (1 + decay * half_spread))


def trade_probability(volatility: float, block_rate: float, half_spread: float) -> float:
    """Share of blocks that find the pool outside its band, and so hold an arbitrage trade.

    Example:
        >>> round(trade_probability(0.05, 86_400 / 12, log_half_spread(0.003)), 4)
        0.1218
    """
    require_not_negative(half_spread=half_spread)
    return 1 / (1 + mispricing_decay(volatility, block_rate) * half_spread)


def _block_correction(volatility: float, block_rate: float) -> float:
    correction = 1 - volatility**2 / (8 * block_rate)
    if correction <= 0:
        raise ArgumentError("block_rate", block_rate, f"above volatility ** 2 / 8 = {volatility**2 / 8!r}")
    return correction


def arbitrage_loss_rate(
    volatility: float, block_rate: float, half_spread: float, *, fee_on_input: bool = False
) -> float:
    """Fraction of its value (at the fair price) a full-range pool loses to arbitrage per unit of time, fees deducted.

    Args:
        volatility: per square root of time.
        block_rate: blocks per unit of time, at random times.
        half_spread: log half-spread.
        fee_on_input: False charges the fee in token1 on both sides, as the source's model does: factor cosh(g / 2).
            True charges it on what is paid in, as Uniswap does: factor exp(g / 2) on both sides.

    Raises:
        ArgumentError: blocks are so rare that the mean does not exist.
    """
    probability = trade_probability(volatility, block_rate, half_spread)
    factor = math.exp(half_spread / 2) if fee_on_input else math.cosh(half_spread / 2)
    return volatility**2 / 8 * probability * factor / _block_correction(volatility, block_rate)


def arbitrage_fee_rate(
    volatility: float, block_rate: float, half_spread: float, *, fee_on_input: bool = False
) -> float:
    """Fees arbitrage pays a full-range pool per unit of time, as a fraction of its value at the fair price.

    Arguments as of `arbitrage_loss_rate`. For a small fee and fast blocks, loss and fees add up to the rate without a
    fee.
    """
    decay = mispricing_decay(volatility, block_rate)
    probability = trade_probability(volatility, block_rate, half_spread)
    correction = 1 + 1 / (2 * decay) if fee_on_input else _block_correction(volatility, block_rate)
    return volatility**2 / 8 * probability * 2 * decay * math.sinh(half_spread / 2) / correction


def break_even_turnover(volatility: float, block_rate: float, fee: float) -> float:
    """Noise volume per unit of time, over the pool's value, whose fees pay for arbitrage in a full-range pool."""
    require_positive(fee=fee)
    return arbitrage_loss_rate(volatility, block_rate, log_half_spread(fee)) / fee


def arbitrage_profit(liquidity: float, fair_price: float, excess: float, half_spread: float) -> float:
    """Token1 gained, before gas, by trading a pool from `excess` outside its band to the edge, fee on the input.

    It is the same in both directions: 2 L sqrt(S) e^(g/2) (cosh(u/2) - 1).
    """
    require_not_negative(liquidity=liquidity, excess=excess, half_spread=half_spread)
    require_positive(fair_price=fair_price)
    # cosh(u/2) - 1 = 2 sinh(u/4)^2 keeps its digits for a small excess.
    return 4 * liquidity * math.sqrt(fair_price) * math.exp(half_spread / 2) * math.sinh(excess / 4) ** 2


def gas_threshold(liquidity: float, fair_price: float, gas_cost: float, half_spread: float) -> float:
    """Excess, as a log price, at which `arbitrage_profit` pays for `gas_cost` in token1.

    It is about sqrt(4 G / (L sqrt(S))).
    """
    require_positive(liquidity=liquidity, fair_price=fair_price)
    require_not_negative(gas_cost=gas_cost, half_spread=half_spread)
    scale = 4 * liquidity * math.sqrt(fair_price) * math.exp(half_spread / 2)
    return 4 * math.asinh(math.sqrt(gas_cost / scale))


def fixed_interval_loss(block_volatility: float, half_spread: float) -> float:
    """Loss to arbitrage per block and unit of depth, blocks at fixed intervals.

    An approximation: it stands within 2e-4 of the stationary law where the half-spread is at least half a block's
    volatility, and .6 % below it at a tenth.

    Args:
        block_volatility: volatility times the square root of the time between blocks.
        half_spread: log half-spread.
    """
    require_positive(block_volatility=block_volatility)
    require_not_negative(half_spread=half_spread)
    width = 2 * half_spread / block_volatility
    return block_volatility**2 / (2 + math.sqrt(2 * math.pi) / _ZETA_HALF * width)


def random_interval_loss(block_volatility: float, half_spread: float) -> float:
    """Loss to arbitrage per block and unit of depth, blocks at random times of the same mean interval."""
    require_positive(block_volatility=block_volatility)
    require_not_negative(half_spread=half_spread)
    return block_volatility**2 / (2 * (1 + math.sqrt(2) * half_spread / block_volatility))


def break_even_fee_rate(volatility: float) -> float:
    """Fees over value, per unit of time, at which a hedged full-range position breaks even: sigma^2 / 8."""
    require_not_negative(volatility=volatility)
    return volatility**2 / 8


def break_even_volatility(fee_income: float, depth: float) -> float:
    """Volatility at which fee income per unit of time equals sigma^2 D / 2; above it, a hedged provider loses."""
    require_not_negative(fee_income=fee_income)
    require_positive(depth=depth)
    return math.sqrt(2 * fee_income / depth)


def implied_volatility(fee: float, daily_volume: float, tick_liquidity_value: float) -> float:
    """Annual volatility that one day's volume implies (Lambert 2021): 2 fee sqrt(volume / tick value) sqrt(365).

    It is `break_even_volatility` of a range as wide in log price as two fees.

    Args:
        fee: fraction of the input.
        daily_volume: token1 traded in a day.
        tick_liquidity_value: token1 value of the liquidity in that range.
    """
    require_not_negative(daily_volume=daily_volume)
    require_fraction(fee=fee)
    require_positive(tick_liquidity_value=tick_liquidity_value)
    return 2 * fee * math.sqrt(daily_volume / tick_liquidity_value) * math.sqrt(365)


def rung_crossing_rate(volatility: float, rung_width: float) -> float:
    """Crossings per unit of time of a ladder whose rungs lie `rung_width` apart in log price: sigma^2 / w^2.

    Each crossing trades depth * w and, the fee being half a rung, pays depth * w^2 / 2: watched without pause,
    arbitrage pays back exactly the loss-versus-rebalancing.
    """
    require_not_negative(volatility=volatility)
    require_positive(rung_width=rung_width)
    return (volatility / rung_width) ** 2
