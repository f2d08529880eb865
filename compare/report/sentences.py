"""What each chart of a report found, in one sentence, from the record's own numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from compare.charts.style import amount_text, listed
from compare.report.figures.style import component_name, price_text

if TYPE_CHECKING:
    from compare.record import ProviderRecord, Record, WorldRecord

KINDS = {
    "noise": "noise takers",
    "informed": "informed takers",
    "arbitrage": "arbitrageurs",
    "provider": "other providers",
}
"""Kinds of takers as a person calls them, in the order of the charts."""
_BPS = 10_000
_SMALL = 1e-4  # of the largest amount: what is below it goes unsaid
_SPANS = ((1.0, "days"), (1 / 24, "hours"), (1 / 1_440, "minutes"))
_UNITS = ((3_600_000_000_000, "h"), (60_000_000_000, "min"), (1_000_000_000, "s"))


def span_text(days: float) -> str:
    """Return a length of time in words.

    >>> span_text(7.0), span_text(0.5), span_text(0.0005)
    ('7.0 days', '12.0 hours', '43.2 seconds')
    """
    for unit, name in _SPANS:
        if days >= unit:
            return f"{days / unit:,.1f} {name}"
    return f"{days * 86_400:,.1f} seconds"


def horizon_text(horizon_ns: int) -> str:
    """Return a horizon as a person says it.

    >>> horizon_text(0), horizon_text(10**9), horizon_text(3 * 10**11)
    ('0', '1 s', '5 min')
    """
    for unit, name in _UNITS:
        if horizon_ns >= unit:
            return f"{horizon_ns / unit:g} {name}"
    return f"{horizon_ns / _UNITS[-1][0]:g}"


def question(names: list[str]) -> str:
    """Return what a comparison asks.

    >>> question(["pool", "book", "other"])
    'Who earned more from the same price and the same takers: the pool, the book or the other?'
    """
    if len(names) == 1:
        return f"What did the {names[0]} earn?"
    every = [f"the {name}" for name in names]
    return f"Who earned more from the same price and the same takers: {', '.join(every[:-1])} or {every[-1]}?"


def headline(record: Record) -> str:
    """Return who made and who lost how much against holding, the best first."""
    ranked = sorted(record.providers, key=lambda provider: -provider.summary["beyond_hodl"])
    parts = [
        f"the {one.name} {'made' if one.summary['beyond_hodl'] >= 0 else 'lost'} "
        f"{amount_text(abs(one.summary['beyond_hodl']))}"
        for one in ranked
    ]
    return f"Against holding, over {span_text(record.setting['days'])}: {', '.join(parts)}"


def price(record: Record) -> str:
    """Return where the price went, and how long liquidity lay around it."""
    first, last = record.setting["first_price"], record.setting["last_price"]
    text = f"The price went from {price_text(first)} to {price_text(last)} ({last / first - 1:+.1%})"
    shares = [
        f"the {one.name} was in range {one.summary['metrics']['time_quoting']:.0%} of the time"
        for one in record.providers
        if not one.quoted
    ]
    return f"{text}; {listed(shares)}" if shares else text


def quotes(record: Record) -> str:
    """Return the mean half-spread of each provider's venue, where it quotes both sides."""
    parts = []
    for provider in record.providers:
        samples = provider.samples
        spreads = [
            (ask - bid) / 2 / fair * _BPS
            for bid, ask, fair in zip(samples.bid, samples.ask, samples.fair_price, strict=True)
            if bid is not None and ask is not None
        ]
        if spreads:
            parts.append(f"{sum(spreads) / len(spreads):.1f} bp with the {provider.name}")
    return f"Half the spread was {listed(parts)} on average" if parts else "Nobody offered both sides"


def profit(record: Record) -> str:
    """Return each provider's largest fall on the way."""
    falls = [(one.name, one.summary["metrics"]["max_drawdown"]) for one in record.providers]
    return "On the way, " + listed([f"the {name} fell by {amount_text(fall)} at most" for name, fall in falls])


def components(provider: ProviderRecord) -> str:
    """Return whether one provider's gains cover its losses, the largest of each first."""
    beyond, parts = provider.summary["beyond_hodl"], provider.summary["components"]
    ranked = sorted(((name, amount) for name, amount in parts.items() if amount), key=lambda item: -abs(item[1]))
    gains = listed(
        [f"{component_name(name)} {amount_text(amount, sign=True)}" for name, amount in ranked if amount > 0]
    )
    losses = listed(
        [f"{component_name(name)} {amount_text(amount, sign=True)}" for name, amount in ranked if amount < 0]
    )
    left = f"{provider.name} {amount_text(beyond, sign=True)}"
    if not gains or not losses:
        return f"{left}: {gains or losses or 'nothing'}, and no {'losses' if not losses else 'gains'}"
    return f"{left}: {gains} {'cover' if beyond >= 0 else 'do not cover'} {losses}"


def movers(record: Record) -> str:
    """Return which component moved each provider's profit most on the way."""
    parts = []
    for provider in record.providers:
        spans = {name: (min(path), max(path)) for name, path in provider.samples.components.items() if path}
        if spans:
            name, (low, high) = max(spans.items(), key=lambda item: item[1][1] - item[1][0])
            span = f"{amount_text(low, sign=True)} to {amount_text(high, sign=True)}"
            parts.append(f"that of the {provider.name} by {component_name(name)} ({span})")
    return f"On the way, profit was moved most: {listed(parts)}"


def markouts(record: Record, kind: str) -> str:
    """Return what a kind of taker was worth to each provider, when it traded and at the last horizon."""
    parts = []
    for provider in record.providers:
        rows = [row for row in provider.markouts if (row.kind, row.side) == (kind, "both") and row.bps is not None]
        if rows:
            now, later = (pick(rows, key=lambda row: row.horizon_ns) for pick in (min, max))
            after = horizon_text(later.horizon_ns)
            parts.append(f"{now.bps:+.1f} bp to the {provider.name} ({later.bps:+.1f} after {after})")
    return f"{KINDS.get(kind, kind).capitalize()} were worth {listed(parts)}"


def payments(world: WorldRecord) -> str:
    """Return who lost and who gained how much in a world, the largest first."""
    ranked = sorted(world.gains, key=lambda one: -abs(one.amount))
    said = [one for one in ranked if abs(one.amount) > abs(ranked[0].amount) * _SMALL]
    if not said:
        return f"Around the {listed(world.providers)}: nothing changed hands"
    losers, winners = (
        listed([f"{one.party} ({amount_text(abs(one.amount))})" for one in said if (one.amount < 0) is lost])
        for lost in (True, False)
    )
    return f"Around the {listed(world.providers)}: {losers} lost to {winners}"


def payoff(provider: ProviderRecord, without_fees: float) -> str:
    """Return what the range alone would have done at the last price, and where its provider ended."""
    above = provider.summary["beyond_hodl"] - without_fees
    return (
        f"At the last price the range without fees is {amount_text(without_fees, sign=True)} against holding; the "
        f"{provider.name} ended {amount_text(abs(above))} {'above' if above >= 0 else 'below'} that"
    )
