"""What the comparator needs from a venue: a pool with a liquidity provider, or a book with a market maker."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from compare.ledger import Amounts, FlowKind, Ledger

PIPS = 1_000_000
BUY, SELL = 1, -1


class TakerOrder(NamedTuple):
    """One order of the tape: immediate or cancel, limited by its all-in price.

    Attributes:
        time_ns: Time, nanoseconds.
        side: `BUY` or `SELL`, of the base token.
        lots: Size, lots.
        tolerance_pips: How far beyond the fair price the taker pays, fees included, in pips of the fair price.
        kind: Why the taker trades.
        uid: The order's number on the tape.
    """

    time_ns: int
    side: int
    lots: int
    tolerance_pips: int
    kind: FlowKind
    uid: int


class Venue(Protocol):
    """One venue's world: its provider, the takers who reach it, and its ledger."""

    name: str
    ledger: Ledger

    def arbitrage(self, time_ns: int, fair_ticks: int) -> None:
        """Let an arbitrageur trade whatever pays at the fair price."""

    def refresh(self, time_ns: int, fair_ticks: int) -> None:
        """Let the provider move its quotes; a passive provider does nothing."""

    def take(self, order: TakerOrder, fair_ticks: int) -> None:
        """Fill what the order's limit allows; the rest is abandoned."""

    def withdrawable(self) -> Amounts:
        """Return what the provider would hold if it left now, token units, read from the venue itself."""

    def touch(self) -> tuple[float | None, float | None]:
        """Return the marginal all-in prices (a taker sells at, buys at) in quote per base, for a person."""

    def price_range(self) -> tuple[float, float] | None:
        """Return the bounds of the provider's liquidity in quote per base, for a person; None in a book."""


def all_in_limit(order: TakerOrder, fair_ticks: int) -> int:
    """Return the all-in price beyond which an order does not trade, in millionths of a tick.

    A buyer pays at most ``fair * (1 + tolerance)`` and a seller receives at least ``fair * (1 - tolerance)``, fees
    included, at the margin: both venues fill an order up to this one price.
    """
    return fair_ticks * (PIPS + order.side * order.tolerance_pips)
