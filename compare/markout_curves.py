"""Markout curves: what a provider's fills are worth as time passes, by the kind and the side of the taker."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from compare.metrics import HORIZONS_NS
from compare.provider_book import FlowKind

if TYPE_CHECKING:
    from compare.result import Comparison, ProviderResult

_BPS = 10_000
BOTH, BUYS, SELLS = 0, 1, -1
"""Sides of the taker."""


def markout_curves(
    result: Comparison, provider: ProviderResult, horizons_ns: tuple[int, ...] = HORIZONS_NS
) -> pd.DataFrame:
    """Return a provider's markouts: one row for each kind of taker that traded, each side, and each horizon.

    Columns: kind (a `FlowKind`), side (of the taker: `BUYS`, `SELLS` or `BOTH`), horizon_ns, trades, volume and markout
    (quote tokens), bps (markout of volume, basis points). A provider's own upkeep is left out. At a horizon of zero,
    the markout of both sides is the edge of the summary.
    """
    fills = _fills(result, provider)
    path, columns = result.path, []
    for horizon in horizons_ns:
        later = np.minimum(fills["time_ns"].to_numpy() + horizon, path.end_ns)
        price = path.ticks_at(later) * float(path.tick_size)
        columns.append(fills.assign(horizon_ns=horizon, markout=fills["quote"] + fills["base"] * price, trades=1))
    every = pd.concat(columns)
    both = pd.concat([every, every.assign(side=BOTH)])
    sums = both.groupby(["kind", "side", "horizon_ns"], as_index=False)[["trades", "volume", "markout"]].sum()
    return sums.assign(bps=sums["markout"] / sums["volume"] * _BPS)


def _fills(result: Comparison, provider: ProviderResult) -> pd.DataFrame:
    """Return a provider's part of each taker trade, what it received in tokens."""
    market = result.market
    rows = [
        (
            trade.kind,
            SELLS if trade.taker.base < 0 else BUYS,
            trade.time_ns,
            market.base_float(share.change.base),
            share.change.quote / 10**market.instrument.quote_decimals,
            abs(market.quote_float(market.value(share.change.base - share.fee.base, trade.fair_ticks))),
        )
        for trade in provider.trades
        for share in trade.shares
        if share.name == provider.name and trade.kind is not FlowKind.UPKEEP
    ]
    return pd.DataFrame(rows, columns=["kind", "side", "time_ns", "base", "quote", "volume"])
