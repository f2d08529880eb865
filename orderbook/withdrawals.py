"""When and why a market maker stood aside."""

import enum
from typing import NamedTuple

from orderbook.types import Side


class WithdrawalReason(enum.Enum):
    """Why there is no quote on a side."""

    NO_FAIR_PRICE = "there is no fair price to quote around"
    NO_QUOTE = "the strategy has no quote there"
    RISK_AVERSION = "the risk aversion is without limit"
    INVENTORY_LIMIT = "one more lot would pass the inventory limit"
    CAPITAL = "the capital covers no lot"
    LOSS = "the loss over the window passed its limit"
    FILL_SPEED = "the inventory changed too much within the window"
    MAX_INVENTORY = "the inventory reached the most the kill switch allows"


class Withdrawal(NamedTuple):
    """A market maker begins to stand aside, or goes on for another reason.

    Attributes:
        time_ns: when.
        sides: where it no longer quotes.
        reason: why.
        inventory: lots beyond its target at that moment.
    """

    time_ns: int
    sides: tuple[Side, ...]
    reason: WithdrawalReason
    inventory: int
