"""One definition of every number for both sides: what a provider earned, on what, and at what risk.

Sums are exact integers in wealth units up to the last division; ratios are floats for a person. The edge of a trade is
what the provider gained in it, fees included, both tokens at the fair price of the moment; its markout at a horizon is
the same at the fair price that much later (at the end of the path, if that comes first).
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from compare.path_metrics import YEAR_NS, path_metrics
from compare.provider_book import FlowKind
from compare.taker_metrics import taker_metrics

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from compare.market import Market
    from compare.paths import PricePath
    from compare.result import Comparison, ProviderResult

SECOND_NS = 1_000_000_000
HORIZONS_NS = tuple(seconds * SECOND_NS for seconds in (0, 1, 10, 60, 300, 3_600))
"""0, 1 s, 10 s, 1 min, 5 min and 1 h, as the markouts are usually quoted."""

_BPS = 10_000
_TOXIC_NS = 10 * SECOND_NS
_TAKERS = (FlowKind.NOISE, FlowKind.INFORMED, FlowKind.ARBITRAGE, FlowKind.PROVIDER)


@dataclass(frozen=True, slots=True)
class Fills:
    """One provider's part of every taker trade, as columns.

    Attributes:
        kind: Why the taker traded, one for each fill.
        time_ns: int64[n], nanoseconds.
        base: What the provider received of base, token units.
        quote: What it received of quote, token units.
    """

    kind: tuple[FlowKind, ...]
    time_ns: NDArray[np.int64]
    base: tuple[int, ...]
    quote: tuple[int, ...]

    @classmethod
    def of(cls, provider: ProviderResult) -> Fills:
        """Return the fills of a provider, its own upkeep left out."""
        rows = [
            (share.kind or trade.kind, trade.time_ns, share.change.base, share.change.quote)
            for trade in provider.trades
            for share in trade.shares
            if share.name == provider.name and (share.kind or trade.kind) is not FlowKind.UPKEEP
        ]
        kinds, times, base, quote = zip(*rows, strict=True) if rows else ((), (), (), ())
        return cls(kinds, np.array(times, dtype=np.int64), base, quote)

    def values(self, market: Market, ticks: NDArray[np.int64]) -> list[int]:
        """Return each fill's value to the provider at a price of its own, wealth units."""
        rows = zip(self.base, self.quote, ticks.tolist(), strict=True)
        return [market.cash(quote) + market.value(base, price) for base, quote, price in rows]


def markouts(
    result: Comparison, provider: ProviderResult, horizons_ns: tuple[int, ...] = HORIZONS_NS
) -> dict[FlowKind, dict[int, int]]:
    """Return the sum of markouts at each horizon, by the kind of taker, wealth units."""
    fills = Fills.of(provider)
    sums: dict[FlowKind, dict[int, int]] = {kind: {} for kind in _TAKERS}
    for horizon in horizons_ns:
        values = fills.values(result.market, _later(result.path, fills.time_ns, horizon))
        for kind in _TAKERS:
            mine = (value for value, one in zip(values, fills.kind, strict=True) if one is kind)
            sums[kind][horizon] = sum(mine)
    return sums


def _later(path: PricePath, time_ns: NDArray[np.int64], horizon_ns: int) -> NDArray[np.int64]:
    return path.ticks_at(np.minimum(time_ns + horizon_ns, path.end_ns))


def metrics(result: Comparison, provider: ProviderResult) -> dict[str, float | None]:
    """Return every number by which the two sides are compared; money in quote tokens, None where there is none.

    See the definitions page for each; the names say the unit (`_bps` of volume, `_apr` a year on capital).
    """
    book, quote = provider.book, result.market.quote_float
    capital, locked = result.own_capital(provider), peak_locked(provider)
    edge, gas = sum(book.sums.edge.values()), book.sums.gas
    volume = sum(volume for kind, volume in book.sums.volume.items() if kind is not FlowKind.UPKEEP)
    years = result.duration_ns / YEAR_NS
    hedged = edge - gas
    numbers: dict[str, float | None] = {
        "hedged_profit": quote(hedged),
        "hedged_bps": hedged / volume * _BPS if volume else None,
        "hedged_apr": hedged / capital / years if years else None,
        "beyond_hodl_bps": book.beyond_hodl() / volume * _BPS if volume else None,
        "beyond_hodl_apr": book.beyond_hodl() / capital / years if years else None,
        "peak_locked_capital": quote(locked),
        "hedged_apr_on_locked": hedged / locked / years if years and locked else None,
        "beyond_hodl_apr_on_locked": book.beyond_hodl() / locked / years if years and locked else None,
        "break_even_noise_volume": _break_even(result, provider),
        "fees_over_lvr": _ratio(sum(book.sums.fees.values()), book.lvr()) if not provider.quoted else None,
        "realised_over_implied_volatility": _volatility_ratio(provider),
        "trade_probability": _trade_probability(result, provider),
        "toxic_share": _toxic_share(result, provider),
        "fill_rate": _fill_rate(result, provider),
    }
    for kind in _TAKERS:
        traded = book.sums.volume[kind]
        numbers[f"{kind.value}_edge_bps"] = book.sums.edge[kind] / traded * _BPS if traded else None
    return numbers | taker_metrics(result, provider) | path_metrics(result, provider)


def peak_locked(provider: ProviderResult) -> int:
    """Return the least endowment, at the first price, with which the provider could have made its trades, wealth units.

    All that a liquidity provider brings is locked in its pool from the first moment. Of what a maker brings it is the
    most base and the most quote that its trades had ever taken out of it.
    """
    book, market = provider.book, provider.book.market
    if not provider.quoted:
        return book.hodl_value(book.start_ticks)
    base = quote = least_base = least_quote = 0
    for trade in provider.trades:
        for share in trade.shares:
            if share.name == provider.name:
                base, quote = base + share.change.base, quote + share.change.quote
                least_base, least_quote = min(least_base, base), min(least_quote, quote)
    return market.cash(-least_quote) + market.value(-least_base, book.start_ticks)


def _ratio(over: int, under: int) -> float | None:
    return over / under if under else None


def _break_even(result: Comparison, provider: ProviderResult) -> float | None:
    """Return the noise volume at which the hedged profit is nothing, other things equal; None without noise profit.

    Noise earns in proportion to its volume here, and the rest is as it was: more noise also displaces a pool more, so
    for a pool this is a little low.
    """
    sums = provider.book.sums
    noise = sums.edge[FlowKind.NOISE]
    rest = sum(edge for kind, edge in sums.edge.items() if kind is not FlowKind.NOISE) - sums.gas
    if noise <= 0:
        return None
    return result.market.quote_float(sums.volume[FlowKind.NOISE]) * max(-rest, 0) / noise


def _volatility_ratio(provider: ProviderResult) -> float | None:
    """Return the path's volatility over that at which LVR would have eaten the fees; LVR grows with its square."""
    fees, lvr = sum(provider.book.sums.fees.values()), provider.book.lvr()
    return math.sqrt(lvr / fees) if not provider.quoted and fees > 0 and lvr >= 0 else None


def _trade_probability(result: Comparison, provider: ProviderResult) -> float:
    """Return the share of the arbitrageur's looks at which it traded in the provider's venue."""
    times = {trade.time_ns for trade in provider.trades if trade.kind is FlowKind.ARBITRAGE}
    return len(times) / (result.duration_ns // result.clocks.block_ns + 1)


def _toxic_share(result: Comparison, provider: ProviderResult) -> float | None:
    """Return the share of volume that the provider had better not traded, ten seconds later."""
    fills, market = Fills.of(provider), result.market
    now = _later(result.path, fills.time_ns, 0)
    volumes = [abs(market.value(base, price)) for base, price in zip(fills.base, now.tolist(), strict=True)]
    later = fills.values(market, _later(result.path, fills.time_ns, _TOXIC_NS))
    toxic = sum(volume for volume, value in zip(volumes, later, strict=True) if value < 0)
    return _ratio(toxic, sum(volumes))


def _fill_rate(result: Comparison, provider: ProviderResult) -> float | None:
    """Return the share of the tape's orders that traded with the provider at all."""
    mine = {trade.uid for trade in provider.trades if any(share.name == provider.name for share in trade.shares)}
    return _ratio(len(mine - {-1}), len(result.tape))
