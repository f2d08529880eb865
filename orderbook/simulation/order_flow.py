"""What taker orders do: which way they trade, and how far from the mid price they reach.

Noise trades either way by chance; informed orders know where the mid price will be a while later. Sides are +1 for a
taker who buys and -1 for one who sells.
"""

import math
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from orderbook._checks import require_int, require_not_negative, require_positive
from orderbook.errors import InvalidParameterError
from orderbook.simulation._randomness import Stream, generator_of
from orderbook.simulation.arrivals import Times

Sides = NDArray[np.int8]


@dataclass(frozen=True, slots=True, eq=False)
class MidPath:
    """A mid price that holds from each of its times to the next.

    Attributes:
        times: rising, in any unit.
        prices: in the price's unit.
    """

    times: Times
    prices: NDArray[np.float64]

    def __post_init__(self) -> None:
        """Refuse what is no path.

        Raises:
            InvalidParameterError: no times, times that do not rise, or not one price for each.
        """
        if not self.times.size or not bool(np.all(np.diff(self.times) > 0)):
            raise InvalidParameterError("times", self.times, "at least one, and rising")
        if self.times.shape != self.prices.shape:
            raise InvalidParameterError("prices", self.prices.shape, f"of the times' shape {self.times.shape}")

    def at(self, times: Times) -> NDArray[np.float64]:
        """The price in force at each time; the first one also before its own time."""
        return self.prices[np.maximum(np.searchsorted(self.times, times, side="right") - 1, 0)]


def brownian_path(volatility: float, horizon: float, steps: int, *, seed: int) -> MidPath:
    """A Brownian motion from zero, read at `steps` equal intervals up to the horizon.

    Raises:
        InvalidParameterError: a parameter out of range.
    """
    require_not_negative("volatility", volatility)
    require_positive("horizon", horizon)
    require_int("steps", steps, minimum=1)
    moves = generator_of(seed, Stream.MID_PRICE).standard_normal(steps) * volatility * math.sqrt(horizon / steps)
    return MidPath(np.linspace(0.0, horizon, steps + 1), np.concatenate(([0.0], np.cumsum(moves))))


@dataclass(frozen=True, slots=True, eq=False)
class OrderFlow:
    """Taker orders of one unit, in order of arrival. All arrays have one entry an order.

    Attributes:
        times: of arrival.
        sides: +1 buys, -1 sells.
        reaches: how far beyond the mid price it trades, in the price's unit; at least 0.
    """

    times: Times
    sides: Sides
    reaches: NDArray[np.float64]


def order_flow(times: Times, sides: Sides, *, fill_decay: float, seed: int) -> OrderFlow:
    """Orders that reach a depth d with probability exp(-fill_decay * d), each by itself.

    With Poisson arrivals of the rate A on each side, a quote at the depth d fills at the rate A exp(-fill_decay * d).

    Raises:
        InvalidParameterError: the fill decay is not positive, or there is not one side for each time.
    """
    require_positive("fill_decay", fill_decay)
    if times.shape != sides.shape:
        raise InvalidParameterError("sides", sides.shape, f"of the times' shape {times.shape}")
    return OrderFlow(times, sides, generator_of(seed, Stream.REACHES).standard_exponential(times.size) / fill_decay)


def noise_sides(count: int, *, buy_probability: float = 0.5, seed: int) -> Sides:
    """Sides drawn by chance.

    Raises:
        InvalidParameterError: a negative count, or a probability that is none.
    """
    require_int("count", count, minimum=0)
    _require_share("buy_probability", buy_probability)
    return np.where(generator_of(seed, Stream.SIDES).random(count) < buy_probability, 1, -1).astype(np.int8)


def informed_sides(times: Times, path: MidPath, *, informed_share: float, foresight: float, seed: int) -> Sides:
    """Sides of which a share is informed: it buys if the mid price will be higher `foresight` later, else sells.

    An informed order that sees no move, and every other, trades either way by chance.

    Args:
        times: of arrival.
        path: the mid price.
        informed_share: probability that an order is informed.
        foresight: how far it sees, in the unit of the times.
        seed: at least 0.

    Raises:
        InvalidParameterError: a share that is none, or a foresight that is not positive.
    """
    _require_share("informed_share", informed_share)
    require_positive("foresight", foresight)
    generator = generator_of(seed, Stream.SIDES)
    move = np.sign(path.at(times + foresight) - path.at(times)).astype(np.int8)
    noise = np.where(generator.random(times.size) < 0.5, 1, -1).astype(np.int8)  # noqa: PLR2004 - a fair coin
    informed = generator.random(times.size) < informed_share
    return np.where(informed & (move != 0), move, noise).astype(np.int8)


def expected_imbalance(orders: int, buy_probability: Fraction) -> Fraction:
    """Mean of buys less sells among so many independent orders: n (2p - 1), exact.

    >>> expected_imbalance(1000, Fraction(55, 100))
    Fraction(100, 1)
    """
    return orders * (2 * buy_probability - 1)


def expected_net_flow(orders: int) -> Fraction:
    """Mean of what is left of so many fair orders of one unit after netting buys against sells, exact.

    n C(n - 1, floor((n - 1) / 2)) / 2^(n - 1), which tends to sqrt(2 n / pi): it grows, but ever less than the flow.

    >>> expected_net_flow(4)
    Fraction(3, 2)

    Raises:
        InvalidParameterError: the number of orders is negative.
    """
    require_int("orders", orders, minimum=0)
    if not orders:
        return Fraction(0)
    return Fraction(orders * math.comb(orders - 1, (orders - 1) // 2), 2 ** (orders - 1))


def netting_ratio(orders: int) -> Fraction:
    """Share of the flow that nets out on average: near zero for a few orders, near one for many.

    Raises:
        InvalidParameterError: there is no order.
    """
    require_int("orders", orders, minimum=1)
    return 1 - expected_net_flow(orders) / orders


def _require_share(name: str, value: float) -> None:
    if not 0 <= value <= 1:
        raise InvalidParameterError(name, value, "between 0 and 1")
