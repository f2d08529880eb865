"""Where an order of ours stands in recorded queues that it was never in.

An order that joins a queue stands behind all that is there, and whoever comes later stands behind it. Trades take from
the front. What a cancellation takes off, the front or the back, is known where the feed names orders; where it gives
only the size of the level, it is estimated. A model is a rule for that, behind one protocol:

* `TrueFifo`: what the feed says, order by order. It needs a feed that names orders.
* `RiskAverseQueue`: cancellations are all behind us, and only trades bring us forward.
* `OptimisticQueue`: cancellations are all ahead of us, as far as there is anybody.
* `PowerQueue`, `LogQueue`: a cancellation is ahead of us with the probability f(ahead) / (f(ahead) + f(behind)), where
  f(x) is x**n or log(1 + x); E. Rigtorp, "Estimating order queue position" (2013). Each part loses its expectation, so
  that nothing is drawn.
* `PowerShareQueue`: the same with the probability (ahead / (ahead + behind))**n.

Whatever the model, the lots ahead never grow and are never more than the level has; on the same market data the
risk-averse estimate is never less than any other one, or than the truth, and the optimistic one never more.

Positions are in lots times 2**32, in the names `_x32`, as an expectation is no whole number of lots. What is rounded is
rounded down where we advance.
"""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from orderbook._checks import require_int
from orderbook.feeds.errors import QueueNotKnownError
from orderbook.feeds.order_feed_book import QueuedLots

ONE_LOT_X32: Final = 1 << 32


class JoinedLevel(NamedTuple):
    """A level as it is when an order of ours joins it.

    Attributes:
        price: ticks.
        size: lots of the others.
        orders: the queue, the first to trade first; None where the feed does not name orders.
    """

    price: int
    size: int
    orders: Sequence[QueuedLots] | None


class OrderChange(NamedTuple):
    """What became of an order of the others at our level.

    Attributes:
        order_id: its id; None for the volume that the feed does not name.
        size: lots with which it keeps its place; 0 where it has left, or gone to the end.
    """

    order_id: int | None
    size: int


class QueuePlace(Protocol):
    """The place of one order of ours in the queue at its price."""

    @property
    def size_ahead_x32(self) -> int:
        """Lots of the others that trade before us, times 2**32; never negative."""
        ...

    def on_trade(self, size: int, maker_order_id: int | None) -> int:
        """So many lots trade at our price: come forward, and return the whole lots that are left for us.

        Args:
            size: lots.
            maker_order_id: whose order the feed says has traded; None for unnamed volume, or where it does not say.
        """
        ...

    def on_level(self, size: int, change: OrderChange | None) -> None:
        """The level has changed: trades that `on_trade` has heard of are no cancellations.

        Args:
            size: lots of the others, from now on.
            change: the order that left or shrank; None where the feed does not say, or none did.
        """
        ...


class QueueModel(Protocol):
    """A rule for where our orders stand."""

    def join(self, level: JoinedLevel) -> QueuePlace:
        """The place of an order that joins a level at its end."""
        ...


class KnownQueue:
    """A place among orders that the feed names."""

    __slots__ = ("_ahead",)

    def __init__(self, orders: Sequence[QueuedLots]) -> None:
        """Stand behind these orders."""
        self._ahead: dict[int | None, int] = dict(orders)

    @property
    def size_ahead_x32(self) -> int:
        """Lots of the orders ahead, times 2**32."""
        return sum(self._ahead.values()) * ONE_LOT_X32

    def on_trade(self, size: int, maker_order_id: int | None) -> int:
        """Who stood ahead has traded; or somebody behind us has, and then it would have been us."""
        had = self._ahead.get(maker_order_id, 0)
        self._keep(maker_order_id, had - size)
        return max(0, size - had)

    def on_level(self, size: int, change: OrderChange | None) -> None:  # noqa: ARG002 - the orders add up to the size
        """An order ahead may have less than before, or be gone."""
        if change is not None and change.order_id in self._ahead:
            self._keep(change.order_id, min(change.size, self._ahead[change.order_id]))

    def _keep(self, order_id: int | None, size: int) -> None:
        if size > 0:
            self._ahead[order_id] = size
        else:
            self._ahead.pop(order_id, None)


CancelledAhead = Callable[[int, int, int], int]
"""From lots ahead and behind, times 2**32, and the lots cancelled, to those of them that were ahead, times 2**32."""


class EstimatedQueue:
    """A place in a level of which only the size is known."""

    __slots__ = ("_ahead_x32", "_cancelled_ahead", "_size")

    def __init__(self, size: int, cancelled_ahead: CancelledAhead) -> None:
        """Stand behind so many lots; the rule is asked about every cancellation."""
        self._ahead_x32 = size * ONE_LOT_X32
        self._size = size
        self._cancelled_ahead = cancelled_ahead

    @property
    def size_ahead_x32(self) -> int:
        """Expected lots of the others that trade before us, times 2**32."""
        return self._ahead_x32

    def on_trade(self, size: int, maker_order_id: int | None) -> int:  # noqa: ARG002 - whoever it was, it is the front
        """The front trades; a level that loses these lots afterwards loses nothing more by it."""
        left_x32 = size * ONE_LOT_X32 - self._ahead_x32
        self._ahead_x32 = max(0, -left_x32)
        self._size = max(0, self._size - size)
        return max(0, left_x32) // ONE_LOT_X32  # rounded down: part of a lot does not trade

    def on_level(self, size: int, change: OrderChange | None) -> None:  # noqa: ARG002 - taken for not known
        """What is missing and has not traded was cancelled; what is more has come in behind us."""
        cancelled = self._size - size
        if cancelled > 0:
            behind_x32 = self._size * ONE_LOT_X32 - self._ahead_x32
            estimate_x32 = self._cancelled_ahead(self._ahead_x32, behind_x32, cancelled)
            least_x32 = cancelled * ONE_LOT_X32 - behind_x32  # more than there was behind cannot be from there
            self._ahead_x32 = max(0, self._ahead_x32 - max(estimate_x32, least_x32))
        self._size = size


@dataclass(frozen=True, slots=True)
class TrueFifo:
    """The position the feed gives, order by order."""

    def join(self, level: JoinedLevel) -> QueuePlace:
        """Stand behind the orders that are there.

        Raises:
            QueueNotKnownError: the feed does not name them.
        """
        if level.orders is None:
            raise QueueNotKnownError(level.price)
        return KnownQueue(level.orders)


@dataclass(frozen=True, slots=True)
class RiskAverseQueue:
    """Every cancellation is behind us."""

    def join(self, level: JoinedLevel) -> QueuePlace:
        """Stand behind the level."""
        return EstimatedQueue(level.size, lambda _ahead_x32, _behind_x32, _cancelled: 0)


@dataclass(frozen=True, slots=True)
class OptimisticQueue:
    """Every cancellation is ahead of us, as far as there is anybody ahead."""

    def join(self, level: JoinedLevel) -> QueuePlace:
        """Stand behind the level."""
        return EstimatedQueue(level.size, lambda _ahead_x32, _behind_x32, cancelled: cancelled * ONE_LOT_X32)


@dataclass(frozen=True, slots=True)
class PowerQueue:
    """A cancelled lot was ahead with the probability ahead**n / (ahead**n + behind**n).

    With n = 1 every lot of the level is as likely to be cancelled as any other; the greater n, the more the larger of
    the two parts loses.

    Attributes:
        exponent: n, at least 1.
    """

    exponent: int = 1

    def __post_init__(self) -> None:
        """Refuse what is no exponent.

        Raises:
            InvalidParameterError: no int of at least 1.
        """
        require_int("exponent", self.exponent, minimum=1)

    def join(self, level: JoinedLevel) -> QueuePlace:
        """Stand behind the level."""
        return EstimatedQueue(level.size, self.cancelled_ahead_x32)

    def cancelled_ahead_x32(self, ahead_x32: int, behind_x32: int, cancelled: int) -> int:
        """Expected lots ahead among so many cancelled; rounded down."""
        ahead: int = ahead_x32**self.exponent
        behind: int = behind_x32**self.exponent
        return cancelled * ONE_LOT_X32 * ahead // (ahead + behind)


@dataclass(frozen=True, slots=True)
class LogQueue:
    """A cancelled lot was ahead with the probability f(ahead) / (f(ahead) + f(behind)), where f(x) = log(1 + x).

    Unlike a power, a logarithm depends on what its argument is counted in.

    Attributes:
        lots_per_unit: lots in one unit of x, at least 1.
    """

    lots_per_unit: int = 1

    def __post_init__(self) -> None:
        """Refuse what is no unit.

        Raises:
            InvalidParameterError: no int of at least 1.
        """
        require_int("lots_per_unit", self.lots_per_unit, minimum=1)

    def join(self, level: JoinedLevel) -> QueuePlace:
        """Stand behind the level."""
        return EstimatedQueue(level.size, self.cancelled_ahead_x32)

    def cancelled_ahead_x32(self, ahead_x32: int, behind_x32: int, cancelled: int) -> int:
        """Expected lots ahead among so many cancelled; the probability is rounded down to a multiple of 2**-32."""
        unit_x32 = self.lots_per_unit * ONE_LOT_X32
        ahead, behind = math.log1p(ahead_x32 / unit_x32), math.log1p(behind_x32 / unit_x32)
        return cancelled * math.floor(ONE_LOT_X32 * (ahead / (ahead + behind)))


@dataclass(frozen=True, slots=True)
class PowerShareQueue:
    """A cancelled lot was ahead with the probability (ahead / (ahead + behind))**n.

    Attributes:
        exponent: n, at least 1.
    """

    exponent: int = 1

    def __post_init__(self) -> None:
        """Refuse what is no exponent.

        Raises:
            InvalidParameterError: no int of at least 1.
        """
        require_int("exponent", self.exponent, minimum=1)

    def join(self, level: JoinedLevel) -> QueuePlace:
        """Stand behind the level."""
        return EstimatedQueue(level.size, self.cancelled_ahead_x32)

    def cancelled_ahead_x32(self, ahead_x32: int, behind_x32: int, cancelled: int) -> int:
        """Expected lots ahead among so many cancelled; rounded down."""
        ahead: int = ahead_x32**self.exponent
        whole: int = (ahead_x32 + behind_x32) ** self.exponent
        return cancelled * ONE_LOT_X32 * ahead // whole
