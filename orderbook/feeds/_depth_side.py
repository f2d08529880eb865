"""A book as sizes at prices, side by side, whatever keeps them up to date."""

from bisect import bisect_left, insort
from fractions import Fraction

from orderbook.feeds.events import PriceLevel
from orderbook.types import Side


class DepthSide:
    """The sizes on one side.

    A key is the price for bids and minus the price for asks, so that "better" is "greater" on both sides.

    Attributes:
        side: BUY for bids, SELL for asks.
        sign: of its keys.
        keys: in order, the best last.
        sizes: lots by price.
    """

    __slots__ = ("keys", "side", "sign", "sizes")

    def __init__(self, side: Side) -> None:
        """Start without a level."""
        self.side = side
        self.sign = side.sign
        self.keys: list[int] = []
        self.sizes: dict[int, int] = {}

    def set(self, price: int, size: int) -> int:
        """Let so many lots stand at a price, 0 for none, and return how many stood there."""
        before = self.sizes.get(price, 0)
        if size:
            self.sizes[price] = size
            if not before:
                insort(self.keys, price * self.sign)
        elif before:
            del self.sizes[price]
            del self.keys[bisect_left(self.keys, price * self.sign)]
        return before

    def best_price(self) -> int | None:
        """The best price in ticks; None when the side is empty."""
        return self.keys[-1] * self.sign if self.keys else None

    def best(self) -> PriceLevel | None:
        """The best level; None when the side is empty."""
        price = self.best_price()
        return None if price is None else PriceLevel(price, self.sizes[price])

    def through(self, price: int | None) -> list[PriceLevel]:
        """The levels from the best as far as a price, the best first; all of them for None."""
        first = 0 if price is None else bisect_left(self.keys, price * self.sign)
        return [PriceLevel(key * self.sign, self.sizes[key * self.sign]) for key in reversed(self.keys[first:])]


class RecordedDepth:
    """Both sides, and what can be read off them."""

    def __init__(self) -> None:
        """Start without a level."""
        self._sides = {side: DepthSide(side) for side in Side}

    @property
    def best_bid(self) -> int | None:
        """The highest bid in ticks; None without one."""
        return self._sides[Side.BUY].best_price()

    @property
    def best_ask(self) -> int | None:
        """The lowest ask in ticks; None without one."""
        return self._sides[Side.SELL].best_price()

    @property
    def mid_price(self) -> Fraction | None:
        """Half way between best bid and best ask, in ticks, exact; None unless there are both."""
        bid, ask = self.best_bid, self.best_ask
        return None if bid is None or ask is None else Fraction(bid + ask, 2)

    def best(self, side: Side) -> PriceLevel | None:
        """The best level of a side; None when it is empty."""
        return self._sides[side].best()

    def size_at(self, side: Side, price: int) -> int:
        """Lots at a price, of all orders together; 0 where nothing stands."""
        return self._sides[side].sizes.get(price, 0)

    def levels(self, side: Side, through: int | None = None) -> list[PriceLevel]:
        """The levels of a side, the best first, as far as a price in ticks or all of them."""
        return self._sides[side].through(through)
