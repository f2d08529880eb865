"""A ladder of orders of one lot at every tick, and the identity of its profit (Chakraborty and Kearns 2011).

The market maker offers a lot at every tick above the price and bids for one at every tick below. As the price moves
through orders they fill, and each is answered with one on the other side a tick nearer to where it came from. Whatever
the path, with K for the sum of its moves' sizes and z for the move from its first price to its last,

    profit = (K - z^2) / 2,

in ticks times lots: K / 2 is spread earned, z^2 / 2 what the inventory lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import pairwise

from orderbook._checks import require_int
from orderbook.book import OrderBook
from orderbook.errors import InvalidParameterError, InvalidPriceError
from orderbook.types import Fill, Instrument, Side

_MAKER, _TAKER = "maker", "taker"
_NONE = Fraction(0)
_ONE_TO_ONE = Instrument(0, 0, base_units_per_lot=1, quote_units_per_tick_lot=1)


@dataclass(frozen=True, slots=True)
class LadderRun:
    """What the ladder did along a path.

    Attributes:
        fills: every lot traded, in order.
        profit: cash, and the inventory at the last price; ticks times lots.
        inventory: lots at the end.
    """

    fills: tuple[Fill, ...]
    profit: int
    inventory: int


def run_unit_ladder(prices: Sequence[int]) -> LadderRun:
    """Run the ladder along a path of prices in ticks, in a book of its own; each move trades through to the new price.

    >>> run_unit_ladder([100, 101, 102, 101]).profit
    1

    Raises:
        InvalidParameterError: no prices.
        InvalidPriceError: a price that is not a positive int of ticks.
    """
    if not prices:
        raise InvalidParameterError("prices", prices, "at least one price")
    for price in prices:
        if type(price) is not int or price <= 0:
            raise InvalidPriceError(price)
    book = OrderBook(_ONE_TO_ONE)
    first = prices[0]
    for price in range(min(prices), first):
        book.limit(_MAKER, Side.BUY, price, 1)
    for price in range(first + 1, max(prices) + 1):
        book.limit(_MAKER, Side.SELL, price, 1)
    fills: list[Fill] = []
    for before, after in pairwise(prices):
        if after != before:
            fills += _trade_through(book, Side.BUY if after > before else Side.SELL, abs(after - before))
    inventory = sum(fill.inventory_change(_MAKER) for fill in fills)
    profit = sum(fill.cash_change(_MAKER) for fill in fills) + inventory * prices[-1]
    return LadderRun(tuple(fills), profit, inventory)


def ladder_profit(path_length: int, displacement: int) -> int:
    """Profit of the ladder after moves of so many ticks in all and this far from the start; exact.

    >>> ladder_profit(path_length=60, displacement=-60)
    -1770

    Raises:
        InvalidParameterError: no path is so long and ends there.
    """
    if path_length < abs(displacement) or (path_length - displacement) % 2:
        raise InvalidParameterError(
            "path_length", path_length, f"at least the displacement of {displacement}, and as odd or even as it is"
        )
    return (path_length - displacement**2) // 2


def expected_ladder_profit(steps: int, *, drift: Fraction = _NONE, reversion: Fraction = _NONE) -> Fraction:
    """Mean profit over random paths of steps of one tick, up with probability (1 + drift) / 2 - reversion * z; exact.

    Here z is the distance from the start. A reversion keeps it within 1 / (2 reversion), where the next step is sure to
    turn back; that must be a whole number, and there is no drift then.

    Args:
        steps: how many.
        drift: the mean of a step, where nothing pulls.
        reversion: by how much a step away gets less likely with every tick away from the start.

    Raises:
        InvalidParameterError: a drift beyond one or beside a reversion, or a reversion that is not 1 / (2 n).
    """
    require_int("steps", steps, minimum=0)
    if abs(drift) > 1 or (drift and reversion):
        raise InvalidParameterError("drift", drift, "between -1 and 1, and 0 beside a reversion")
    if reversion and (reversion < 0 or (1 / (2 * reversion)).denominator != 1):
        raise InvalidParameterError("reversion", reversion, "1 / (2 n) for a whole n")
    if reversion:
        # E[z^2] becomes 1 + (1 - 4 reversion) E[z^2] with every step.
        mean_square = (1 - (1 - 4 * reversion) ** steps) / (4 * reversion)
    else:
        mean_square = steps * (1 - drift**2) + (steps * drift) ** 2
    return (steps - mean_square) / 2


def _trade_through(book: OrderBook, side: Side, size: int) -> list[Fill]:
    """Take so many lots from the ladder, and answer each fill a tick nearer to where the price came from."""
    fills = book.market(_TAKER, side, size).fills
    for fill in fills:
        book.limit(_MAKER, side, fill.price - side.sign, fill.size)
    return list(fills)
