"""What a provider's books must say, told anew from the list of its trades and the whole price path."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from compare.ledger import Ledger, Trade
from compare.market import Market
from compare.paths import PricePath
from compare.provider_book import Amounts, FlowKind, Share


def _sums() -> defaultdict[FlowKind, int]:
    return defaultdict(int)


@dataclass
class Retold:
    """A provider's profit in its parts, wealth units; the names are those of `Attribution`."""

    inventory: int = 0
    rebalancing: int = 0
    fee_inventory: int = 0
    beyond_endowment: int = 0
    """Sum of (initial less held) times the move of the fair price, fee income left out: what IL has beyond LVR."""
    edge: defaultdict[FlowKind, int] = field(default_factory=_sums)
    trading_edge: defaultdict[FlowKind, int] = field(default_factory=_sums)
    fees: defaultdict[FlowKind, int] = field(default_factory=_sums)


def retell(ledger: Ledger, name: str, path: PricePath) -> Retold:
    """Live through every price of the path, one by one, with the trades between it and the next."""
    market, told = ledger.market, Retold()
    endowment = ledger.providers[name].endowment
    held, fees = endowment.base, 0
    mine = _parts(ledger.trades, name)
    trade = next(mine, None)
    before = int(path.ticks[0])
    ends = [*path.time_ns[1:].tolist(), None]
    for price, end in zip(path.ticks.tolist(), ends, strict=True):
        move = price - before
        told.inventory += market.value(held, move)
        told.rebalancing += market.value(held - fees, move)
        told.fee_inventory += market.value(fees, move)
        told.beyond_endowment += market.value(endowment.base - (held - fees), move)
        while trade is not None and (end is None or trade[0].time_ns < end):
            done, share = trade
            assert done.fair_ticks == price
            edge, fee, kind = (
                _worth(market, share.change, price),
                _worth(market, share.fee, price),
                share.kind or done.kind,
            )
            told.edge[kind] += edge
            told.fees[kind] += fee
            told.trading_edge[kind] += edge - fee
            held, fees = held + share.change.base, fees + share.fee.base
            trade = next(mine, None)
        before = price
    assert trade is None
    return told


def _parts(trades: list[Trade], name: str) -> Iterator[tuple[Trade, Share]]:
    return ((trade, share) for trade in trades for share in trade.shares if share.name == name)


def _worth(market: Market, amounts: Amounts, ticks: int) -> int:
    return market.cash(amounts.quote) + market.value(amounts.base, ticks)
