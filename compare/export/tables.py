"""The tables of a comparison, of a price path, of a taker tape and of a pool's history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from compare.exact_columns import exact_table
from compare.export.schemas import (
    COMPONENTS,
    FLOWS,
    IDENTITIES,
    MARKOUTS,
    METRICS,
    SAMPLES,
    SCHEMAS,
)
from compare.history_file import event_rows
from compare.metrics import markouts, metrics
from compare.path_file import path_table
from compare.provider_book import FlowKind

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from compare.history import History
    from compare.result import Comparison, ProviderResult
    from compare.tape import TakerTape

_PARTS = ("fees", "lvr", "rebalancing", "spread_capture", "rebates", "adverse_selection", "inventory", "upkeep")


def comparison_tables(result: Comparison) -> dict[str, Any]:
    """Every table of a comparison, by name: pyarrow tables of `SCHEMAS`."""
    providers, units = result.providers, _units(result)
    return {
        "components": _table(COMPONENTS, (row for one in providers for row in _components(one)), units),
        "executions": result.executions(),
        "flows": _table(FLOWS, (row for one in providers for row in _flows(one)), units),
        "identities": _table(IDENTITIES, (row for one in providers for row in _identities(one)), units),
        "markouts": _table(MARKOUTS, (row for one in providers for row in _markouts(result, one)), units),
        "metrics": _table(METRICS, (row for one in providers for row in _metrics(result, one)), units),
        "path": path_table(result.path),
        "samples": _table(SAMPLES, (row for one in providers for row in _samples(one)), units),
        "tape": tape_table(result.tape),
    }


def tape_table(tape: TakerTape) -> Any:  # noqa: ANN401  pyarrow ships no types
    """A taker tape, exact, as `TakerTape.to_parquet` writes it."""
    schema = SCHEMAS["tape"]
    columns = {name: np.asarray(getattr(tape, name)) for name in schema.names}
    return pa.table(columns, schema=schema.with_metadata({**schema.metadata, **tape.about()}))


def history_table(history: History) -> Any:  # noqa: ANN401  pyarrow ships no types
    """All events of a pool's history, in the chain's order; large numbers are text."""
    origin = history.origin
    said = {"chain_id": str(origin.chain_id), "address": origin.address, "kind": origin.kind}
    schema = SCHEMAS[f"history ({origin.kind})"]
    rows = event_rows(event for part in history.parts for event in history.events(part.first_block, part.last_block))
    table = pa.Table.from_pylist(rows, schema=schema)
    return table.replace_schema_metadata({**schema.metadata, **said})


def _units(result: Comparison) -> dict[str, str]:
    market = result.market
    return {
        "base_decimals": str(market.instrument.base_decimals),
        "quote_decimals": str(market.instrument.quote_decimals),
        "wealth_units_per_quote_token": str(market.wealth_units_per_quote),
        "tick_size": str(market.tick_size),
    }


def _table(schema: Any, rows: Iterable[Mapping[str, Any]], said: Mapping[str, str]) -> Any:  # noqa: ANN401  pyarrow ships no types
    kept = list(rows)
    return exact_table({name: [row.get(name) for row in kept] for name in schema.names}, schema, said)


def _components(one: ProviderResult) -> Iterable[dict[str, Any]]:
    book = one.book
    totals = {
        "hodl": book.drift(),
        "beyond_hodl": book.beyond_hodl(),
        "profit_and_loss": book.profit_and_loss(),
        "hedged": sum(book.sums.edge.values()) - book.sums.gas,
    }
    for name, amount in (book.components() | totals).items():
        yield {"provider": one.name, "component": name, "amount": amount}


def _flows(one: ProviderResult) -> Iterable[dict[str, Any]]:
    sums = one.book.sums
    names = ("trades", "volume", "edge", "fees", "spread_capture", "adverse_selection")
    for kind in FlowKind:
        yield {"provider": one.name, "kind": kind.value} | {name: getattr(sums, name).get(kind, 0) for name in names}


def _identities(one: ProviderResult) -> Iterable[dict[str, Any]]:
    for identity in one.identities:
        yield {"provider": one.name, "identity": identity.name, "left": identity.left, "right": identity.right}


def _markouts(result: Comparison, one: ProviderResult) -> Iterable[dict[str, Any]]:
    for kind, values in markouts(result, one).items():
        for horizon_ns, markout in values.items():
            yield {"provider": one.name, "kind": kind.value, "horizon_ns": horizon_ns, "markout": markout}


def _metrics(result: Comparison, one: ProviderResult) -> Iterable[dict[str, Any]]:
    for name, value in metrics(result, one).items():
        yield {"provider": one.name, "metric": name, "value": value}


def _samples(one: ProviderResult) -> Iterable[dict[str, Any]]:
    for sample in one.samples:
        yield {
            "time_ns": sample.time_ns,
            "provider": one.name,
            "fair_ticks": sample.fair_ticks,
            "bid": sample.bid,
            "ask": sample.ask,
            "base": sample.base,
            "depth_buy": sample.depth[0],
            "depth_sell": sample.depth[1],
            "hodl": sample.drift,
            "beyond_hodl": sum(sample.components.values()),
            "hedged": sample.hedged,
            **{part: sample.components.get(part) for part in _PARTS},
        }
