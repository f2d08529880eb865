"""The lines of the two ledgers and of every other number, as cells of text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from compare.report.definitions import DEFINITIONS
from compare.report.figures.style import component_name
from compare.report.sentences import KINDS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from compare.record import Record

_MINUS = "\u2212"


class Line(NamedTuple):
    """One line of a table, with a cell for each provider; `definition` is a key of `DEFINITIONS` or ""."""

    label: str
    definition: str
    cells: list[str]
    total: bool = False


def money(amount: float | None) -> str:
    r"""Return an amount with two decimals and a real minus; "" where there is none.

    >>> money(-1234.567) == "\u22121,234.57", money(-0.001), money(None)
    (True, '0.00', '')
    """
    return "" if amount is None else _signed(f"{amount:,.2f}")


def _signed(text: str) -> str:
    return text.replace("-", "" if not text.strip("-0.,%") else _MINUS, 1)


def _number(value: float | None) -> str:
    return "" if value is None else _signed(f"{value:,.2f}")


def _percent(value: float | None) -> str:
    return "" if value is None else _signed(f"{value:.1%}")


_METRICS: dict[str, tuple[str, str, Callable[[float | None], str]]] = {
    "hedged_bps": ("profit hedged, bp of volume", "profit_bps", _number),
    "beyond_hodl_bps": ("profit beyond HODL, bp of volume", "profit_bps", _number),
    "hedged_apr": ("profit hedged, a year on capital", "profit_apr", _percent),
    "beyond_hodl_apr": ("profit beyond HODL, a year on capital", "profit_apr", _percent),
    "peak_locked_capital": ("most capital ever locked, quote", "peak_locked_capital", money),
    "hedged_apr_on_locked": ("profit hedged, a year on that", "profit_apr_on_locked", _percent),
    "beyond_hodl_apr_on_locked": ("profit beyond HODL, a year on that", "profit_apr_on_locked", _percent),
    **{f"{kind}_edge_bps": (f"edge against {name}, bp", "edge_bps", _number) for kind, name in KINDS.items()},
    "fees_over_lvr": ("fees over LVR", "fees_over_lvr", _number),
    "realised_over_implied_volatility": (
        "realised over implied volatility",
        "realised_over_implied_volatility",
        _number,
    ),
    "break_even_noise_volume": ("noise volume to break even, quote", "break_even_noise_volume", money),
    "toxic_share": ("share of volume that was toxic", "toxic_share", _percent),
    "trade_probability": ("share of looks at which it was arbitraged", "trade_probability", _percent),
    "effective_spread_bps": ("effective spread, bp", "effective_spread_bps", _number),
    "realised_spread_bps": ("realised spread after 10 s, bp", "realised_spread_bps", _number),
    "price_impact_bps": ("price impact after 10 s, bp", "realised_spread_bps", _number),
    "abandonment_rate": ("share of noise demand abandoned", "abandonment_rate", _percent),
    "shortfall_bps": ("noise takers' shortfall, bp", "shortfall_bps", _number),
    **{
        f"shortfall_bps_{size}": (f"shortfall of {size} orders, bp", "shortfall_bps", _number)
        for size in ("small", "medium", "large")
    },
    "fill_rate": ("share of orders that traded", "fill_rate", _percent),
    "hedged_sharpe": ("Sharpe ratio of the hedged profit, a year", "hedged_sharpe", _number),
    "max_drawdown": ("largest fall of profit beyond HODL, quote", "max_drawdown", money),
    "hedged_max_drawdown": ("largest fall of hedged profit, quote", "max_drawdown", money),
    "hedged_cvar": ("worst twentieth of hedged steps, quote", "hedged_cvar", money),
    "days_to_recover": ("longest time below a maximum, days", "days_to_recover", _number),
    "lowest_equity": ("lowest equity, quote", "lowest_equity", money),
    "inventory_deviation": ("deviation of the base held, base tokens", "inventory_deviation", _number),
    "inventory_half_life_seconds": ("half-life of the base held, s", "inventory_half_life_seconds", _number),
    "time_quoting": ("share of time offering (in range)", "time_quoting", _percent),
    "mean_depth": ("mean depth within 2 %, base tokens", "mean_depth", _number),
    "depth_half_life_seconds": ("half-life of that depth, s", "depth_half_life_seconds", _number),
    "kyle_lambda": ("Kyle's lambda, quote per base squared", "kyle_lambda", _number),
}


def ledger(record: Record) -> list[Line]:
    """Return both ledgers: what profit beyond HODL is made of, and what it becomes with HODL."""
    summaries = [provider.summary for provider in record.providers]
    parts = dict.fromkeys(name for summary in summaries for name in summary["components"])
    lines = [
        Line(component_name(name), _known(name), [money(one["components"].get(name)) for one in summaries])
        for name in parts
    ]
    lines += [
        Line("profit beyond HODL", "beyond_hodl", [money(one["beyond_hodl"]) for one in summaries], total=True),
        Line("HODL: the endowment alone", "hodl", [money(one["hodl"]) for one in summaries]),
        Line("profit and loss", "profit_and_loss", [money(one["profit_and_loss"]) for one in summaries], total=True),
    ]
    return lines


def beside(record: Record) -> list[Line]:
    """Return what stands beside the ledgers: impermanent loss, the hedged view, volume, edge and trades by taker."""
    summaries = [provider.summary for provider in record.providers]
    lines = [
        Line(
            "impermanent loss: LVR + rebalancing",
            "impermanent_loss",
            [money(one["impermanent_loss"]) for one in summaries],
        )
    ]
    kinds = [kind for kind in KINDS if any(one["trades"].get(kind) for one in summaries)]
    lines += [
        Line(f"edge against {KINDS[kind]}", "edge", [money(one["edge"][kind]) for one in summaries]) for kind in kinds
    ]
    lines += _arbitrage_split(summaries)
    hedged = [money(one["metrics"]["hedged_profit"]) for one in summaries]
    lines.append(Line("profit hedged: all edge, less gas", "hedged_profit", hedged, total=True))
    lines += [
        Line(f"volume of {KINDS[kind]}", "volume", [money(one["volume"][kind]) for one in summaries]) for kind in kinds
    ]
    lines += [
        Line(f"trades with {KINDS[kind]}", "", [f"{one['trades'][kind]:,}" for one in summaries]) for kind in kinds
    ]
    return lines


def _arbitrage_split(summaries: list[dict[str, Any]]) -> list[Line]:
    """Return the two parts of the edge against arbitrageurs, where a second run without noise told them apart."""
    split = [one.get("arbitrage_edge") for one in summaries]
    if not any(split):
        return []
    parts = {"price_path": "of it, the price path's doing", "noise": "of it, what noise adds"}
    return [
        Line(label, "arbitrage_edge", [money(None if one is None else one[part]) for one in split])
        for part, label in parts.items()
    ]


def metrics(record: Record) -> list[Line]:
    """Return every other number by which the two sides are compared; a number nobody has is left out."""
    tables = [provider.summary["metrics"] for provider in record.providers]
    names = dict.fromkeys(name for table in tables for name in table if name != "hedged_profit")
    lines = []
    for name in sorted(names, key=lambda name: list(_METRICS).index(name) if name in _METRICS else len(_METRICS)):
        label, definition, text = _METRICS.get(name, (name.replace("_", " "), _known(name), _text_of(name)))
        cells = [text(table.get(name)) for table in tables]
        if any(cells):
            lines.append(Line(label, definition, cells))
    return lines


def used(lines: Iterable[Line]) -> list[str]:
    """Return the definitions that lines refer to, in the order of the page of definitions."""
    mentioned = {line.definition for line in lines}
    return [key for key in DEFINITIONS if key in mentioned]


def _text_of(name: str) -> Callable[[float | None], str]:
    """Return how a number is written whose name says its unit."""
    return _percent if "_apr" in name or name.endswith("_share") else _number


def _known(name: str) -> str:
    return name if name in DEFINITIONS else ""
