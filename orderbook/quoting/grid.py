"""Several levels on each side: a ladder that follows the fair price, and a grid that stands still."""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import accumulate, islice, pairwise

from orderbook._checks import require_exact_positive, require_int
from orderbook.errors import InvalidParameterError, InventoryBoundError
from orderbook.quoting.protocol import MarketView, Quote, Quotes


@dataclass(frozen=True, slots=True)
class Ladder:
    """Levels at even steps from the fair price, each rounded outwards.

    >>> ladder = Ladder(half_spread_ticks=2, step_ticks=3, sizes=(1, 5))
    >>> ladder.quote(MarketView(time_ns=0, fair_price=100, inventory=0)).bids
    (Quote(price=98, size=1), Quote(price=95, size=5))

    Attributes:
        half_spread_ticks: distance of the best level from the fair price; need not be whole.
        step_ticks: distance from one level to the next, at least one tick.
        sizes: lots of each level, the best first.
    """

    half_spread_ticks: int | Fraction
    step_ticks: int | Fraction
    sizes: tuple[int, ...]

    def __post_init__(self) -> None:
        """Refuse distances and sizes out of range.

        Raises:
            InvalidParameterError: a distance or a size is not positive, the step is less than a tick, or there is no
                level.
        """
        require_exact_positive("half_spread_ticks", self.half_spread_ticks)
        require_exact_positive("step_ticks", self.step_ticks)
        if self.step_ticks < 1:
            raise InvalidParameterError("step_ticks", self.step_ticks, "at least one tick")
        _require_sizes(self.sizes)

    def quote(self, view: MarketView) -> Quotes:
        """The same levels either way; the time and the inventory play no part, and no level is below one tick."""
        distances = [self.half_spread_ticks + level * self.step_ticks for level in range(len(self.sizes))]
        bids = (
            (math.floor(view.fair_price - distance), size) for distance, size in zip(distances, self.sizes, strict=True)
        )
        asks = (
            (math.ceil(view.fair_price + distance), size) for distance, size in zip(distances, self.sizes, strict=True)
        )
        return Quotes(
            tuple(Quote(price, size) for price, size in bids if price > 0),
            tuple(Quote(price, size) for price, size in asks if price > 0),
        )


@dataclass(frozen=True, slots=True)
class Grid:
    """Standing levels: what was bought at one price is offered at the next one up, and the other way round.

    Between each two neighbouring prices the grid trades so many lots: it bids for them at the lower price while it does
    not have them, and offers them at the upper one while it has. Which of them it has is what its inventory says, so it
    needs no memory, and neither the fair price nor the time plays a part. On unit steps a path's P&L is half of its
    length less half of its displacement squared (Chakraborty and Kearns 2011), and with a pool's liquidity between the
    prices it is that of a position in the pool.

    >>> quotes = Grid.even(centre=100, step=10, size=1, levels=3).quote(MarketView(0, fair_price=90, inventory=1))
    >>> [bid.price for bid in quotes.bids], [ask.price for ask in quotes.asks]
    ([80, 70], [100, 110, 120, 130])

    Attributes:
        prices: ticks, rising.
        sizes: lots between each price and the next, so one fewer.
        start: the index of the price at which the inventory is 0: what is above it is held, what is below it is not.
        shown: at most so many levels are quoted on each side; None for all.
    """

    prices: tuple[int, ...]
    sizes: tuple[int, ...]
    start: int
    shown: int | None = None
    _held_below: tuple[int, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Refuse a grid that is none.

        Raises:
            InvalidParameterError: prices that do not rise or are not positive, sizes that are not positive or not one
                between each two prices, or a start that is no price's index.
        """
        for price in self.prices:
            require_int("prices", price, minimum=1)
        for lower, upper in pairwise(self.prices):
            if upper <= lower:
                raise InvalidParameterError("prices", upper, f"above the price of {lower} ticks before it")
        _require_sizes(self.sizes)
        if len(self.sizes) != len(self.prices) - 1:
            raise InvalidParameterError(
                "sizes", self.sizes, f"{len(self.prices) - 1} sizes, one between each two prices"
            )
        require_int("start", self.start, minimum=0)
        if self.start >= len(self.prices):
            raise InvalidParameterError("start", self.start, f"the index of one of {len(self.prices)} prices")
        if self.shown is not None:
            require_int("shown", self.shown, minimum=1)
        object.__setattr__(self, "_held_below", tuple(accumulate(self.sizes, initial=0)))

    @classmethod
    def even(cls, centre: int, step: int, size: int, levels: int, shown: int | None = None) -> "Grid":
        """A grid of equal steps and sizes, with so many levels on either side of a centre, where the inventory is 0."""
        require_int("levels", levels, minimum=1)
        require_int("step", step, minimum=1)
        prices = tuple(centre + index * step for index in range(-levels, levels + 1))
        return cls(prices, (size,) * (2 * levels), levels, shown)

    def quote(self, view: MarketView) -> Quotes:
        """Bids for what the grid does not have, and asks for what it has.

        Raises:
            InventoryBoundError: the inventory is more than the grid could have bought or sold.
        """
        bought = self._held_below[self.start]
        missing = bought - view.inventory
        if not 0 <= missing <= self._held_below[-1]:
            raise InventoryBoundError(view.inventory, bought if missing < 0 else self._held_below[-1] - bought)
        return Quotes(tuple(islice(self._bids(missing), self.shown)), tuple(islice(self._asks(missing), self.shown)))

    def _bids(self, missing: int) -> Iterator[Quote]:
        """Bids for the missing lots, which are the first so many from the lowest price up; the highest bid first."""
        for index in range(bisect_left(self._held_below, missing) - 1, -1, -1):
            size = min(missing, self._held_below[index + 1]) - self._held_below[index]
            yield Quote(self.prices[index], size)

    def _asks(self, missing: int) -> Iterator[Quote]:
        """Asks for all other lots, the lowest first."""
        for index in range(bisect_right(self._held_below, missing) - 1, len(self.sizes)):
            size = self._held_below[index + 1] - max(missing, self._held_below[index])
            yield Quote(self.prices[index + 1], size)


def _require_sizes(sizes: tuple[int, ...]) -> None:
    if not sizes:
        raise InvalidParameterError("sizes", sizes, "at least one size")
    for size in sizes:
        require_int("sizes", size, minimum=1)
