"""What the comparator needs from a venue: a pool with liquidity providers, or a book with market makers."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

from compare.provider_book import FlowKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from compare.provider_book import Amounts

PIPS = 1_000_000
BUY, SELL = 1, -1
_EVERYTHING = 2**120  # base token units beyond what any venue holds


class TakerOrder(NamedTuple):
    """One order as it reaches a venue: immediate or cancel, limited by its all-in price.

    Attributes:
        time_ns: Time, nanoseconds.
        side: `BUY` or `SELL`, of the base token.
        base: Size, base token units.
        limit: The all-in price beyond which it does not trade, in millionths of a tick (see `all_in_limit`).
        kind: Why the taker trades.
        uid: The order's number on the tape.
    """

    time_ns: int
    side: int
    base: int
    limit: int
    kind: FlowKind
    uid: int


class Venue(Protocol):
    """One venue: its providers, and the takers who reach it. Its ledger may be shared with other venues."""

    name: str

    def arbitrage(self, time_ns: int, fair_ticks: int) -> None:
        """Let an arbitrageur trade whatever pays at the fair price."""

    def refresh(self, time_ns: int, fair_ticks: int) -> None:
        """Let the providers move their quotes or positions; a passive provider does nothing."""

    def fillable(self, order: TakerOrder) -> int:
        """Return the base token units that the order would trade now; changes nothing."""

    def take(self, order: TakerOrder, fair_ticks: int) -> int:
        """Fill what the order's limit allows, and return the base token units traded; the rest is abandoned."""

    def withdrawable(self) -> Mapping[str, Amounts]:
        """Return what each provider would hold if it left now, token units, read from the venue itself."""

    def touch(self) -> tuple[float | None, float | None]:
        """Return the marginal all-in prices (a taker sells at, buys at) in quote per base, for a person."""

    def price_range(self, name: str) -> tuple[float, float] | None:
        """Return the bounds of a provider's liquidity in quote per base, for a person; None in a book."""


def all_in_limit(side: int, tolerance_pips: int, fair_ticks: int) -> int:
    """Return the all-in price beyond which an order does not trade, in millionths of a tick.

    A buyer pays at most ``fair * (1 + tolerance)`` and a seller receives at least ``fair * (1 - tolerance)``, fees
    included, at the margin: both venues fill an order up to this one price.
    """
    return fair_ticks * (PIPS + side * tolerance_pips)


def depth_within(venue: Venue, fair_ticks: int, pips: int) -> tuple[int, int]:
    """Return what takers could buy and sell up to `pips` from the fair price, fees included, base token units."""
    buy, sell = (
        TakerOrder(0, side, _EVERYTHING, all_in_limit(side, pips, fair_ticks), FlowKind.NOISE, -1)
        for side in (BUY, SELL)
    )
    return venue.fillable(buy), venue.fillable(sell)
