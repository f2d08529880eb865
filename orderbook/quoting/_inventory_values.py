"""The linear equation behind the quotes of Gueant-Lehalle-Fernandez-Tapia and of Cartea-Jaimungal.

With the inventory bounded by Q either way, both models reduce to one value v_q for each inventory q = -Q, ..., Q, and

    dv_q / d(time left) = coupling (v_{q-1} + v_{q+1}) - decay_q v_q,

from known values at the horizon: v(time left) is the exponential of a tridiagonal matrix applied to those.

It is computed so that every v_q is right to its own last digits, however small beside the others, because quotes are
made of the ratios of neighbours. First, a multiple of the identity is taken out of the matrix, so that no entry of the
rest is negative and its power series adds positive terms only. Second, the values are kept as logarithms, and each step
of time starts from ones, in the scale of the values where it starts.
"""

import itertools
import math
from collections.abc import Sequence
from itertools import pairwise

from orderbook._checks import require_int
from orderbook.errors import InvalidParameterError, InventoryBoundError

Depths = tuple[float, float]
"""How far the bid is below, and the ask above, the price they are quoted around; infinite where there is no quote."""

_STEP = 4.0  # time between two tabulated values, in units of one over the matrix: each takes some 25 terms
TERMS = 5  # added between two looks at whether any more would change the sums
EPSILON = 2.0**-52


class InventoryValues:
    """The logarithms of the values, tabulated as far from the horizon as anybody asked.

    Far enough from it the ratios of neighbours no longer change, and the table ends.

    Attributes:
        max_inventory: Q.
        coupling: one over time.
        shift: what is taken out of the matrix; one over time.
        stay: what is left on its diagonal, for each inventory.
        step: time between two tabulated values.
        at_horizon: the logarithms when no time is left.
    """

    def __init__(self, decay: Sequence[float], coupling: float, at_horizon: Sequence[float]) -> None:
        """Take the equation's numbers, the inventory rising from -Q to Q.

        Args:
            decay: one over time, for each inventory.
            coupling: one over time, not negative.
            at_horizon: the logarithm of each value when no time is left.
        """
        self.max_inventory = len(decay) // 2
        self.coupling = coupling
        self.shift = max(decay)
        self.stay = [self.shift - rate for rate in decay]
        self.step = _STEP / (self.shift - min(decay) + 2 * coupling)
        self.at_horizon = list(at_horizon)
        self._table = [self.at_horizon]
        self._slope: float | None = None  # of every logarithm beyond the table, once the ratios have settled
        self._last: tuple[float, list[float]] = (0.0, self._table[0])

    def log_value(self, inventory: int, time_left: float) -> float:
        """The logarithm of one value."""
        return self.logs(time_left)[inventory + self.max_inventory]

    def logs(self, time_left: float) -> list[float]:
        """The logarithms of all values, from -Q to Q."""
        if self._last[0] != time_left:
            self._last = (time_left, self._compute(time_left))
        return self._last[1]

    def depths(self, inventory: float, time_left: float, *, margin: float, fill_decay: float) -> Depths:
        """What every quote asks, and what one more unit bought or sold costs in value: ln(v_q / v_{q+-1}) / fill_decay.

        Infinite where a whole unit more would pass the bound. Between two whole inventories it is the line through the
        depths at both.
        """
        logs, below = self.logs(time_left), math.floor(inventory)
        share = inventory - below
        if share == 1:  # of an inventory below a whole one by less than a float's last digit
            below, share = below + 1, 0.0
        bid, ask = self._depths(logs, below, margin, fill_decay)
        if not share:
            return bid, ask
        next_bid, next_ask = self._depths(logs, below + 1, margin, fill_decay)
        return bid + share * (next_bid - bid), next_ask + (1 - share) * (ask - next_ask)

    def _depths(self, logs: list[float], inventory: int, margin: float, fill_decay: float) -> Depths:
        index = inventory + self.max_inventory
        bid = margin + (logs[index] - logs[index + 1]) / fill_decay if inventory < self.max_inventory else math.inf
        ask = margin + (logs[index] - logs[index - 1]) / fill_decay if inventory > -self.max_inventory else math.inf
        return bid, ask

    def _compute(self, time_left: float) -> list[float]:
        index, rest = divmod(time_left, self.step)
        while index >= len(self._table) and self._slope is None:
            self._extend()
        if index < len(self._table):
            start = self._table[int(index)]
            return self._advance(start, rest) if rest else start
        beyond = (time_left - (len(self._table) - 1) * self.step) * (self._slope or 0.0)
        return [log + beyond for log in self._table[-1]]

    def _extend(self) -> None:
        """Tabulate one more step, or find that the ratios have settled."""
        before = self._table[-1]
        after = self._advance(before, self.step)
        changes = [new - old for new, old in zip(after, before, strict=True)]
        self._table.append(after)
        # What is left of a change is the rounding of the logarithms themselves.
        if max(changes) - min(changes) <= 8 * EPSILON * max(1.0, *map(abs, after)):
            self._slope = changes[self.max_inventory] / self.step

    def _advance(self, logs: list[float], time: float) -> list[float]:
        """The logarithms after a short time more."""
        try:
            up = [self.coupling * math.exp(more - here) for here, more in pairwise(logs)] + [0.0]
            down = [0.0] + [self.coupling * math.exp(less - here) for less, here in pairwise(logs)]
        except OverflowError:
            rule = "large enough for the values of neighbouring inventories to differ by no more than a float holds"
            raise InvalidParameterError("coupling", self.coupling, rule) from None
        total = term = [1.0] * len(logs)
        for count in itertools.count(1):
            share = time / count
            term = [
                share * (stay * here + more * above + less * below)
                for stay, here, more, above, less, below in zip(
                    self.stay, term, up, [*term[1:], 0.0], down, [0.0, *term[:-1]], strict=True
                )
            ]
            total = [old + new for old, new in zip(total, term, strict=True)]
            if count % TERMS == 0 and all(new <= EPSILON / 2 * old for new, old in zip(term, total, strict=True)):
                break
        return [log + math.log(sum_) - self.shift * time for log, sum_ in zip(logs, total, strict=True)]


def require_units(max_inventory: int, size: int) -> int:
    """The bound in units of one quote.

    Raises:
        InvalidParameterError: the bound is not a whole number of quotes.
    """
    require_int("size", size, minimum=1)
    require_int("max_inventory", max_inventory, minimum=1)
    if max_inventory % size:
        raise InvalidParameterError("max_inventory", max_inventory, f"a multiple of the size of {size} lots")
    return max_inventory // size


def require_within(inventory: int, bound: int) -> None:
    """Refuse an inventory for which there is no value.

    Raises:
        InventoryBoundError: it is beyond the bound.
    """
    if abs(inventory) > bound:
        raise InventoryBoundError(inventory, bound)
