"""What waiting for a maker exit is worth when the price moves meanwhile: touch probabilities and expected losses.

An ask fills when the price first touches it; if it has not by the end of one's patience, the position is sold to the
best bid as a taker. `orderbook.exits` has the exact arithmetic of either ending; here are the odds, in floats.
"""

import math

from orderbook._checks import require_int, require_not_negative, require_positive
from orderbook.errors import InvalidParameterError
from orderbook.fees import FeeSchedule
from orderbook.types import Side

_DEVIATIONS_BELOW = 6  # where the lattice ends: what lies further down weighs less than 1e-9


def touch_probability(price: float, ask: float, *, volatility: float, patience: float) -> float:
    """Probability that a driftless Brownian price reaches the ask in time (reflection principle).

    Args:
        price: now, not above the ask.
        ask: same unit.
        volatility: price per square root of time.
        patience: time.
    """
    _check(price, ask, volatility, patience)
    return math.erfc((ask - price) / (volatility * math.sqrt(2 * patience)))


def touch_probability_geometric(price: float, ask: float, *, volatility: float, patience: float) -> float:
    """Probability that a geometric Brownian price without drift reaches the ask in time.

    Args:
        price: now, positive and not above the ask.
        ask: same unit.
        volatility: of the log price, per square root of time.
        patience: time.
    """
    _check(price, ask, volatility, patience)
    require_positive("price", price)
    distance, deviation = math.log(ask / price), volatility * math.sqrt(patience)
    up = math.erfc((distance + deviation**2 / 2) / (deviation * math.sqrt(2))) / 2
    down = math.erfc((distance - deviation**2 / 2) / (deviation * math.sqrt(2))) / 2
    return up + down * price / ask


def expected_loss_of_waiting(
    touch_probability: float, *, cost: float, price: float, ask: float, fees: FeeSchedule
) -> float:
    """Loss to expect from waiting at an ask, for any price without drift.

    Without drift the price at the end of the wait, touched or not, is worth what it is now. So the expected price of
    the fallback follows from the probability alone, and waiting beats selling at once by exactly the fees it saves:
    touch_probability * ask * (rebate + fee).
    """
    filled = touch_probability * (cost - float(fees.maker_price(Side.SELL, 1)) * ask)
    price_when_not_touched = price - touch_probability * ask
    return filled + (1 - touch_probability) * cost - float(fees.taker_price(Side.SELL, 1)) * price_when_not_touched


def expected_loss_of_waiting_mean_reverting(
    *,
    cost: float,
    price: float,
    ask: float,
    fees: FeeSchedule,
    volatility: float,
    mean: float,
    reversion_rate: float,
    patience: float,
    steps: int = 400,
) -> float:
    """Loss to expect from waiting at an ask, when the price is pulled back to a mean.

    The price follows dX = reversion_rate (mean - X) dt + volatility dW. The expectation is solved backwards on a
    trinomial lattice one of whose nodes is the ask; the error is of the order of one over `steps`.

    Raises:
        InvalidParameterError: a parameter out of range, or too few steps for so strong a pull.
    """
    _check(price, ask, volatility, patience)
    require_not_negative("reversion_rate", reversion_rate)
    require_int("steps", steps, minimum=1)
    time_step = patience / steps
    price_step = volatility * math.sqrt(3 * time_step)
    lowest = min(price, mean) - _DEVIATIONS_BELOW * volatility * math.sqrt(patience)
    prices = [ask - index * price_step for index in range(math.ceil((ask - lowest) / price_step) + 1)]
    # A third of the weight on the neighbours matches the variance, and leaves room to lean by up to a sixth.
    leans = [reversion_rate * (mean - node) * time_step / (2 * price_step) for node in prices]
    if max(abs(leans[0]), abs(leans[-1])) > 1 / 6:
        raise InvalidParameterError("steps", steps, "more, for so strong a pull over so wide a range")
    filled = cost - float(fees.maker_price(Side.SELL, 1)) * ask
    kept = float(fees.taker_price(Side.SELL, 1))
    losses = [filled, *(cost - kept * node for node in prices[1:])]
    for _ in range(steps):
        below = [*losses[2:], losses[-1]]
        losses[1:] = [
            (1 / 6 + lean) * up + 2 / 3 * here + (1 / 6 - lean) * down
            for lean, up, here, down in zip(leans[1:], losses[:-1], losses[1:], below, strict=True)
        ]
    distance = (ask - price) / price_step
    index = math.floor(distance)
    share = distance - index
    return losses[index] * (1 - share) + losses[index + 1] * share


def _check(price: float, ask: float, volatility: float, patience: float) -> None:
    require_positive("volatility", volatility)
    require_positive("patience", patience)
    if not price <= ask:
        raise InvalidParameterError("ask", ask, f"at least the price of {price}")
