"""The schema of every table that is written: its columns with type, unit and meaning."""

from typing import Any, Final

import pyarrow as pa

from compare.exact_columns import INTEGER, NARROW
from compare.history_file import EVENTS
from compare.history_file import schema as history_schema
from compare.path_file import FIELDS as PATH
from compare.result import EXECUTIONS
from compare.tape_file import FIELDS as TAPE

VERSION: Final = "1"
_NS: Final = "nanoseconds since 1970-01-01 UTC"
_WEALTH: Final = "wealth units"


def _field(name: str, kind: Any, meaning: str, unit: str = "") -> Any:  # noqa: ANN401  pyarrow ships no types
    return pa.field(name, kind, metadata={"meaning": meaning} | ({"unit": unit} if unit else {}))


def _amount(name: str, meaning: str, unit: str = _WEALTH) -> Any:  # noqa: ANN401  pyarrow ships no types
    return pa.field(name, NARROW, metadata={"meaning": meaning, "unit": unit, "type": INTEGER.decode()})


def _schema(name: str, *fields: Any) -> Any:  # noqa: ANN401  pyarrow ships no types
    return pa.schema(fields, metadata={"schema": f"lpmm {name} {VERSION}"})


_PROVIDER: Final = _field("provider", pa.string(), "whose books")

COMPONENTS: Final = _schema(
    "components",
    _PROVIDER,
    _field(
        "component",
        pa.string(),
        "what the profit beyond HODL is made of (see the definitions); then hodl, beyond_hodl, their sum "
        "profit_and_loss, and hedged, the edge less gas",
    ),
    _amount("amount", "what it came to"),
)
FLOWS: Final = _schema(
    "flows",
    _PROVIDER,
    _field(
        "kind", pa.string(), "why the takers traded: noise, informed, arbitrage, provider, or the provider's upkeep"
    ),
    _field("trades", pa.int64(), "number of trades", "trades"),
    _amount("volume", "traded at the fair price of the moment, without fees"),
    _amount("edge", "what the provider gained, fees included, at the fair price of the moment"),
    _amount("fees", "the part of it that is fee income"),
    _amount("spread_capture", "a maker's gain against the price it quoted around"),
    _amount("adverse_selection", "a maker's loss from that price's distance to the fair one"),
)
IDENTITIES: Final = _schema(
    "identities",
    _PROVIDER,
    _field("identity", pa.string(), "the statement"),
    _amount("left", "its left side"),
    _amount("right", "its right side, summed independently; equal to the left"),
)
MARKOUTS: Final = _schema(
    "markouts",
    _PROVIDER,
    _field("kind", pa.string(), "why the takers traded"),
    _field("horizon_ns", pa.int64(), "after each trade", "nanoseconds"),
    _amount("markout", "what all its trades were worth to the provider at the fair price that much later"),
)
METRICS: Final = _schema(
    "metrics",
    _PROVIDER,
    _field("metric", pa.string(), "see the definitions; the name says the unit"),
    _field("value", pa.float64(), "missing where there is none"),
)
SAMPLES: Final = _schema(
    "samples",
    _field("time_ns", pa.int64(), "when", _NS),
    _PROVIDER,
    _field("fair_ticks", pa.int64(), "the fair price", "ticks"),
    _field(
        "bid",
        pa.float64(),
        "marginal price a taker sells at, fees included; missing where there is none",
        "quote per base",
    ),
    _field("ask", pa.float64(), "the same for a taker who buys", "quote per base"),
    _amount("base", "what it holds of the base token", "base token units"),
    _amount("depth_buy", "what takers could buy within two percent of the fair price", "base token units"),
    _amount("depth_sell", "the same for sellers", "base token units"),
    _amount("hodl", "what the endowment alone has earned"),
    _amount("beyond_hodl", "the profit beyond that: the sum of the components"),
    _amount("hedged", "the edge less gas"),
    _amount("fees", "component of a pool's provider; missing for a maker"),
    _amount("lvr", "the same: loss-versus-rebalancing, with its sign turned"),
    _amount("rebalancing", "the same, beyond HODL"),
    _amount("spread_capture", "component of a maker; missing for a pool's provider"),
    _amount("rebates", "the same"),
    _amount("adverse_selection", "the same"),
    _amount("inventory", "the same, beyond HODL"),
    _amount(
        "upkeep", "component of either: gas and the cost of moving, with its sign turned; missing where there is none"
    ),
)

SCHEMAS: Final = {
    "components": COMPONENTS,
    "executions": EXECUTIONS.with_metadata({"schema": f"lpmm executions {VERSION}"}),
    "flows": FLOWS,
    "identities": IDENTITIES,
    "markouts": MARKOUTS,
    "metrics": METRICS,
    "path": _schema("price path", *PATH),
    "samples": SAMPLES,
    "tape": _schema("taker tape", *TAPE),
    **{
        f"history ({kind})": history_schema(kind).with_metadata({"schema": f"lpmm pool history {VERSION}"})
        for kind in EVENTS
    },
}
"""Every table by name; see `compare.export`."""
