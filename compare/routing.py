"""How one taker order meets several venues."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compare.venue import BUY, TakerOrder, Venue

if TYPE_CHECKING:
    from collections.abc import Sequence


def split(venues: Sequence[Venue], order: TakerOrder, fair_ticks: int) -> int:
    """Fill an order over several venues at equal marginal prices, and return the base token units traded.

    The order reaches the all-in price at which the venues together just fill it, found by bisection over quotes: every
    unit better than that is taken wherever it is, and what is left at that very price in the venues' own order. No
    other split pays less. A book trades whole lots, so a rest below one lot may be left: it goes to whoever takes it
    within the order's own limit.
    """
    limit = _common_limit(venues, order)
    better = order._replace(limit=limit - order.side)
    traded = 0
    for one in (better, order._replace(limit=limit), order):
        for venue in venues:
            left = order.base - traded
            if left > 0:
                traded += venue.take(one._replace(base=left), fair_ticks)
    return traded


def _common_limit(venues: Sequence[Venue], order: TakerOrder) -> int:
    """Return the least generous limit at which the venues together fill the order; its own if they never do."""

    def filled(limit: int) -> bool:
        return sum(venue.fillable(order._replace(limit=limit)) for venue in venues) >= order.base

    # A buyer's limit rises from nothing to its own; a seller's falls to its own from far above any bid.
    enough, too_little = order.limit, 0 if order.side == BUY else 2 * max(order.limit, 1)
    while order.side != BUY and filled(too_little):
        too_little *= 2
    if not filled(enough):
        return enough
    while abs(enough - too_little) > 1:
        middle = (enough + too_little) // 2
        if filled(middle):
            enough = middle
        else:
            too_little = middle
    return enough


def matched(venues: Sequence[Venue], order: TakerOrder, unit: int) -> TakerOrder:
    """Return the part of an order that every venue could fill, in whole units of base."""
    least = min(venue.fillable(order) for venue in venues)
    return order._replace(base=least // unit * unit)
