"""What takers get from a venue: what they pay, what of it is impact, what they wanted and did not get.

Of the noise takers' trades in a provider's venue. A taker's cost is what it gave less what it got, both tokens at a
fair price: that of the moment (the effective spread), or a later one (the realised spread); the rest is impact.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from compare.provider_book import FlowKind
from compare.tape import TakerKind

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from compare.paths import PricePath
    from compare.result import Comparison, ProviderResult

REALISED_NS = 10 * 10**9
"""How much later the realised spread is marked."""
MISSED_NS = 300 * 10**9
"""How much later what was not traded is marked."""

_BPS = 10_000
_SIZES = ("small", "medium", "large")


def taker_metrics(result: Comparison, provider: ProviderResult) -> dict[str, float | None]:
    """Return the numbers of the noise takers in a provider's venue; None where nobody traded, or asked."""
    market, path = result.market, result.path
    trades = [trade for trade in provider.trades if trade.kind is FlowKind.NOISE]
    times = np.array([trade.time_ns for trade in trades], dtype=np.int64)
    now, later = (_later(path, times, wait).tolist() for wait in (0, REALISED_NS))
    cash = [market.cash(trade.taker.quote) for trade in trades]
    base = [trade.taker.base for trade in trades]
    volume = sum(abs(market.value(size, price)) for size, price in zip(base, now, strict=True))
    effective, realised = (
        -sum(money + market.value(size, price) for money, size, price in zip(cash, base, prices, strict=True))
        for prices in (now, later)
    )
    spreads = [2 * cost / volume * _BPS if volume else None for cost in (effective, realised, effective - realised)]
    names = ("effective_spread_bps", "realised_spread_bps", "price_impact_bps")
    return {**dict(zip(names, spreads, strict=True)), **_shortfall(result, provider)}


def _later(path: PricePath, time_ns: NDArray[np.int64], wait_ns: int) -> NDArray[np.int64]:
    return path.ticks_at(np.minimum(time_ns + wait_ns, path.end_ns))


def _shortfall(result: Comparison, provider: ProviderResult) -> dict[str, float | None]:
    """Return what share of the demand was abandoned, and what takers fell short of the price at which they came."""
    market, path, tape = result.market, result.path, result.tape
    filled: dict[int, tuple[int, int]] = {}
    for trade in provider.trades:
        if trade.kind is FlowKind.NOISE:
            base, cost = filled.get(trade.uid, (0, 0))
            paid = -market.cash(trade.taker.quote) - market.value(trade.taker.base, trade.fair_ticks)
            filled[trade.uid] = base + trade.taker.base, cost + paid
    noise = tape.kind == TakerKind.NOISE
    lots, times = tape.lots[noise], tape.time_ns[noise]
    columns = (tape.uid[noise], tape.side[noise], lots, _later(path, times, 0), _later(path, times, MISSED_NS))
    bucket = _buckets(lots)
    offered, missed, short = ([0] * len(_SIZES) for _ in range(3))
    for place, uid, side, size, price, then in zip(bucket, *(column.tolist() for column in columns), strict=True):
        wanted = side * market.base_units(size)
        base, cost = filled.get(uid, (0, 0))
        offered[place] += market.value(abs(wanted), price)
        missed[place] += market.value(abs(wanted - base), price)
        short[place] += cost + market.value(wanted - base, then - price)
    numbers = {
        "abandonment_rate": sum(missed) / sum(offered) if sum(offered) else None,
        "shortfall_bps": sum(short) / sum(offered) * _BPS if sum(offered) else None,
    }
    for place, name in enumerate(_SIZES):
        numbers[f"shortfall_bps_{name}"] = short[place] / offered[place] * _BPS if offered[place] else None
    return numbers


def _buckets(lots: NDArray[np.int64]) -> list[int]:
    """Return the third that each order's size is in: smallest, middle or largest, the earlier of equals first."""
    places = np.empty(lots.size, dtype=np.int64)
    places[np.argsort(lots, kind="stable")] = np.arange(lots.size)
    thirds: list[int] = (places * len(_SIZES) // max(lots.size, 1)).tolist()
    return thirds
