"""A risk aversion that changes with time, and whose limit is withdrawal."""

import math
from bisect import bisect_right
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any, ClassVar, Protocol

from orderbook.errors import InvalidParameterError
from orderbook.quoting.protocol import MarketView, Quotes, QuotingStrategy
from orderbook.withdrawals import WithdrawalReason


@dataclass(frozen=True, slots=True)
class RiskAversionSchedule:
    """Risk aversion as a step function of time; infinity stands for withdrawal.

    >>> schedule = RiskAversionSchedule(((0, 0.1), (60, math.inf), (90, 1.0)))
    >>> schedule.at(59), schedule.at(60)
    (0.1, inf)

    Attributes:
        steps: from when (nanoseconds, rising) which risk aversion holds; before the first step, the first holds.
    """

    steps: tuple[tuple[int, float], ...]

    def __post_init__(self) -> None:
        """Refuse a schedule that says nothing, goes back in time, or names no risk aversion.

        Raises:
            InvalidParameterError: there are no steps, their times do not rise, or a risk aversion is not positive.
        """
        if not self.steps:
            raise InvalidParameterError("steps", self.steps, "at least one step")
        for (earlier, _), (later, _) in pairwise(self.steps):
            if later <= earlier:
                raise InvalidParameterError("steps", later, f"after the step at {earlier} ns before it")
        for _, risk_aversion in self.steps:
            if not risk_aversion > 0:
                raise InvalidParameterError("risk_aversion", risk_aversion, "positive, or infinite for a withdrawal")

    def at(self, time_ns: int) -> float:
        """The risk aversion at a time."""
        return self.steps[self.index(time_ns)][1]

    def index(self, time_ns: int) -> int:
        """Which step holds at a time."""
        return max(0, bisect_right(self.steps, (time_ns, math.inf)) - 1)


class RiskAverse(QuotingStrategy, Protocol):
    """A strategy that is a dataclass with a risk aversion."""

    __dataclass_fields__: ClassVar[dict[str, Any]]

    @property
    def risk_aversion(self) -> float:
        """In whatever unit the strategy has it."""
        ...


class ScheduledRiskAversion:
    """A strategy whose risk aversion follows a schedule, and which does not quote while it is infinite.

    The limit is a true one: as risk aversion grows the quotes of Avellaneda and Stoikov move away without bound, and
    long before infinity nothing fills.

    Attributes:
        schedule: when which risk aversion holds.
    """

    def __init__(self, base: RiskAverse, schedule: RiskAversionSchedule) -> None:
        """Make one strategy for each step of the schedule.

        Args:
            base: the strategy, whose own risk aversion is not used.
            schedule: in the unit of the base's.
        """
        self.schedule = schedule
        self._strategies = tuple(
            replace(base, risk_aversion=risk_aversion) if math.isfinite(risk_aversion) else None
            for _, risk_aversion in schedule.steps
        )

    def __repr__(self) -> str:
        """Name the strategies and when each begins."""
        steps = ", ".join(
            f"{time_ns}: {strategy}"
            for (time_ns, _), strategy in zip(self.schedule.steps, self._strategies, strict=True)
        )
        return f"ScheduledRiskAversion({steps})"

    def quote(self, view: MarketView) -> Quotes:
        """The quotes of the strategy that holds at the view's time."""
        strategy = self._strategies[self.schedule.index(view.time_ns)]
        return Quotes((), (), WithdrawalReason.RISK_AVERSION) if strategy is None else strategy.quote(view)
