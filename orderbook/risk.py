"""What keeps a market maker from losing more than it meant to: limits on its inventory, and a switch that ends quoting.

The third means, a risk aversion that grows without limit, is a matter of the strategy:
`orderbook.quoting.risk_aversion_schedule`.
"""

from collections import deque
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from orderbook._checks import require_int
from orderbook.errors import ClockReversedError, InvalidParameterError
from orderbook.quoting.protocol import Quote, Quotes
from orderbook.withdrawals import WithdrawalReason


@dataclass(frozen=True, slots=True)
class InventoryLimits:
    """How far the inventory may go: no quote is shown whose fill would pass it.

    Attributes:
        max_long: lots above the target.
        max_short: lots below the target.
    """

    max_long: int
    max_short: int

    def __post_init__(self) -> None:
        """Refuse what is no int of at least nothing.

        Raises:
            InvalidParameterError: either limit is out of range.
        """
        require_int("max_long", self.max_long, minimum=0)
        require_int("max_short", self.max_short, minimum=0)

    def clip(self, quotes: Quotes, inventory: int) -> Quotes:
        """The quotes with no more lots on a side, the best level first, than the limit leaves room for."""
        bids = clip_levels(quotes.bids, self.max_long - inventory)
        asks = clip_levels(quotes.asks, self.max_short + inventory)
        if bids is quotes.bids and asks is quotes.asks:
            return quotes
        return Quotes(bids, asks, quotes.absence)


def clip_levels(levels: tuple[Quote, ...], room: int) -> tuple[Quote, ...]:
    """The first levels of a side, with so many lots in all; the levels themselves if they have no more than that."""
    kept: list[Quote] = []
    for level in levels:
        if room < level.size:
            return (*kept, Quote(level.price, room)) if room > 0 else tuple(kept)
        kept.append(level)
        room -= level.size
    return levels


class Trip(NamedTuple):
    """What made a kill switch trip.

    Attributes:
        time_ns: when.
        reason: which limit.
        value: what was measured, in the limit's unit.
        limit: the limit.
        cut_to: lots, either way, to which the inventory is to be cut.
    """

    time_ns: int
    reason: WithdrawalReason
    value: int | Fraction
    limit: int
    cut_to: int


class KillSwitch:
    """Ends quoting, and has the inventory cut, when any of three limits is reached.

    * Loss: wealth has fallen by more than `max_loss` quote units over the window; that is an average loss per unit of
      time of more than max_loss / loss_window_ns.
    * Speed of fill: the inventory has changed by more than `max_fill` lots, either way, over the window.
    * Inventory: it has reached `max_inventory` lots, either way.

    A switch has seen what it was shown, so each market maker needs one of its own.

    Attributes:
        max_loss: quote units; None without this limit.
        loss_window_ns: nanoseconds.
        max_fill: lots; None without this limit.
        fill_window_ns: nanoseconds.
        max_inventory: lots; None without this limit.
        cut_to: lots, either way, to which the inventory is cut at market once the switch has tripped.
        pause_ns: how long the switch stays tripped; None until `reset`.
        trips: all of them, the oldest first.
    """

    def __init__(
        self,
        *,
        max_loss: int | None = None,
        loss_window_ns: int = 60_000_000_000,
        max_fill: int | None = None,
        fill_window_ns: int = 1_000_000_000,
        max_inventory: int | None = None,
        cut_to: int = 0,
        pause_ns: int | None = None,
    ) -> None:
        """Start untripped, having seen nothing.

        Raises:
            InvalidParameterError: a limit or a window is no positive int, or the cut would not go below the limit.
        """
        for name, limit in (("max_loss", max_loss), ("max_fill", max_fill), ("max_inventory", max_inventory)):
            if limit is not None:
                require_int(name, limit, minimum=1)
        require_int("loss_window_ns", loss_window_ns, minimum=1)
        require_int("fill_window_ns", fill_window_ns, minimum=1)
        require_int("cut_to", cut_to, minimum=0)
        if max_inventory is not None and cut_to >= max_inventory:
            raise InvalidParameterError("cut_to", cut_to, f"less than the max_inventory of {max_inventory}")
        if pause_ns is not None:
            require_int("pause_ns", pause_ns, minimum=1)
        self.max_loss = max_loss
        self.loss_window_ns = loss_window_ns
        self.max_fill = max_fill
        self.fill_window_ns = fill_window_ns
        self.max_inventory = max_inventory
        self.cut_to = cut_to
        self.pause_ns = pause_ns
        self.trips: list[Trip] = []
        self._wealth = _Window(loss_window_ns)
        self._inventory = _Window(fill_window_ns)
        self._tripped = False
        self._last_ns: int | None = None

    @property
    def tripped(self) -> Trip | None:
        """The trip that holds; None while quoting is allowed."""
        return self.trips[-1] if self._tripped else None

    def reset(self) -> None:
        """Allow quoting again, and forget what was seen."""
        self._tripped = False
        self._wealth.clear()
        self._inventory.clear()

    def observe(self, time_ns: int, *, inventory: int, wealth: int | Fraction) -> Trip | None:
        """Look at a market maker, and return the trip that holds now.

        Args:
            time_ns: now; not before the time of the last look.
            inventory: lots beyond the target.
            wealth: quote units, with the inventory (not the target) at the fair price.

        Raises:
            ClockReversedError: the time is before that of the last look.
        """
        if self._last_ns is not None and time_ns < self._last_ns:
            raise ClockReversedError(time_ns, self._last_ns)
        self._last_ns = time_ns
        if self._tripped and self.pause_ns is not None and time_ns >= self.trips[-1].time_ns + self.pause_ns:
            self.reset()
        if self._tripped:
            return self.trips[-1]
        loss = self._wealth.at_start(time_ns, wealth) - wealth
        change = inventory - self._inventory.at_start(time_ns, inventory)
        fill = max(change, -change)
        if self.max_inventory is not None and abs(inventory) >= self.max_inventory:
            return self._trip(time_ns, WithdrawalReason.MAX_INVENTORY, abs(inventory), self.max_inventory)
        if self.max_fill is not None and fill > self.max_fill:
            return self._trip(time_ns, WithdrawalReason.FILL_SPEED, fill, self.max_fill)
        if self.max_loss is not None and loss > self.max_loss:
            return self._trip(time_ns, WithdrawalReason.LOSS, loss, self.max_loss)
        return None

    def clip(self, quotes: Quotes, inventory: int) -> Quotes:
        """The quotes without the lots that would take the inventory past its limit."""
        if self.max_inventory is None:
            return quotes
        return InventoryLimits(self.max_inventory, self.max_inventory).clip(quotes, inventory)

    def _trip(self, time_ns: int, reason: WithdrawalReason, value: int | Fraction, limit: int) -> Trip:
        self._tripped = True
        self.trips.append(Trip(time_ns, reason, value, limit, self.cut_to))
        return self.trips[-1]


class _Window:
    """What was seen, as far back as a window's length."""

    __slots__ = ("_length_ns", "_seen")

    def __init__(self, length_ns: int) -> None:
        self._length_ns = length_ns
        self._seen: deque[tuple[int, int | Fraction]] = deque()

    def at_start(self, time_ns: int, value: int | Fraction) -> int | Fraction:
        """Take in a value, and return the one that stood when the window began; the first seen if it began before."""
        self._seen.append((time_ns, value))
        while len(self._seen) > 1 and self._seen[1][0] <= time_ns - self._length_ns:
            self._seen.popleft()
        return self._seen[0][1]

    def clear(self) -> None:
        self._seen.clear()
