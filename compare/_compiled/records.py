"""How a world stands in memory: structured arrays of 64-bit words, of which four make a wide integer.

A wide integer has its lowest limb first, and is in two's complement where it can be negative. Wide fields come first in
every record, so that each stands at a multiple of its size.
"""

from typing import Any, Final

import numpy as np
from numpy.typing import NDArray

from amm.batch import from_limbs, to_limbs
from compare.ledger import Agent
from compare.provider_book import Amounts, FlowKind

Record = NDArray[np.void]
"""One record: shape (1,), one of the dtypes below."""

LIMBS: Final = 4
KINDS: Final = tuple(FlowKind)
"""The order in which sums by the kind of flow stand."""
AGENTS: Final = tuple(Agent)
SUMS: Final = ("edge", "trading_edge", "fees", "spread_capture", "adverse_selection", "volume")

_WORD = "<i8"
_WIDE = ("<u8", (LIMBS,))
_BY_KIND = ("<u8", (len(KINDS), LIMBS))

PROVIDER: Final = np.dtype(
    [
        *((name, *_WIDE) for name in ("base", "cash", "fee_base", "fee_cash")),
        *((name, *_WIDE) for name in ("inventory", "rebalancing", "fee_inventory", "gas")),
        *((name, *_BY_KIND) for name in SUMS),
        ("trades", _WORD, (len(KINDS),)),
        ("fair_ticks", _WORD),
        ("", _WORD, (2,)),
    ]
)
"""One provider's page: what it holds (base token units and wealth units), and `compare.provider_book.Attribution`."""

LEDGER: Final = np.dtype([("agents", "<u8", (len(AGENTS), 2, LIMBS)), ("quote", *_WIDE), ("base_tick", *_WIDE)])
"""What every agent holds, base token units and wealth units, and `compare.booking.Units`."""

POSITION: Final = np.dtype(
    [
        *((name, *_WIDE) for name in ("low_x96", "high_x96", "liquidity")),
        ("tick_lower", _WORD),
        ("tick_upper", _WORD),
        ("", _WORD, (2,)),
    ]
)
"""One range of a liquidity provider: its square-root prices, liquidity and ticks; the rest is the pool's own record."""

POOL_VENUE: Final = np.dtype(
    [
        *((name, *_WIDE) for name in ("principal_base", "principal_quote", "fees_base", "fees_quote")),
        *((name, *_WIDE) for name in ("protocol_base", "protocol_quote", "dust_base", "dust_quote", "gas")),
        ("ranges", _WORD),
        ("settled", _WORD),
        ("base_is_token0", _WORD),
        ("follows", _WORD),
    ]
)
"""What a pool's venue remembers (token units), what a swap costs an arbitrageur in it (quote token units), and whether
its provider follows the price."""

PAIR_VENUE: Final = np.dtype(
    [
        *((name, *_WIDE) for name in ("claim_base", "claim_quote", "dust_base", "dust_quote", "shares", "gas")),
        ("settled", _WORD),
        ("base_is_token0", _WORD),
        ("", _WORD, (2,)),
    ]
)
"""What a pair's venue remembers (token units), its provider's shares, and what a swap costs an arbitrageur in it (quote
token units)."""

BUNDLER: Final = np.dtype(
    [
        *((name, *_WIDE) for name in ("pocket_base", "pocket_quote", "threshold", "gas")),
        *((name, _WORD) for name in ("slot", "spare", "tick_slots", "bundles", "undo")),
        ("", _WORD, (3,)),
    ]
)
"""A just-in-time provider: what it holds and pays for a bundle (token units), below which mark (of 2**64) the scrambled
number of an order is seen, its position's slot, the first of its two tick slots and how many slots there are, how many
bundles it has executed, and the address at which the state before a bundle is remembered."""

BOOK_VENUE: Final = np.dtype(
    [
        ("cash", *_WIDE),
        *((name, _WORD) for name in ("holding", "target", "reference_ticks", "rebate_pips", "taker_fee_pips")),
        *((name, _WORD) for name in ("bid_price", "bid_size", "ask_price", "ask_size", "max_long", "max_short")),
        *((name, _WORD) for name in ("lag_ns", "past_times", "past_ticks", "past_count", "past_at")),
    ]
)
"""A maker's account (quote token units, lots), its two orders (ticks, lots; no lots where there is none), the fees of
its book, how far its inventory may go (lots), and how late it sees the price: the addresses of the points of the path
that it has seen last or has not seen yet, int64, how many they are, and which of them it has seen."""

VALUES: Final = np.dtype(
    [
        *((name, "<f8") for name in ("coupling", "shift", "step", "slope")),
        *((name, _WORD) for name in ("count", "rows", "settled", "table", "stay", "work")),
    ]
)
"""`orderbook.quoting._inventory_values.InventoryValues`: its numbers, how many inventories and rows there are, whether
the ratios have settled, so that `slope` holds beyond the table, and the addresses of float64 arrays: the table's rows,
the diagonal, and six rows to work in."""

CLOCK: Final = np.dtype(
    [
        *((name, _WORD) for name in ("time_ns", "fair_ticks", "stage", "until_ns", "start_ns", "arbitrageur_first")),
        *((name, _WORD) for name in ("path_times", "path_ticks", "path_next", "path_count")),
        *((name, _WORD) for name in ("order_times", "order_next", "order_count", "late_refresh")),
        *((name, _WORD) for name in ("late_times", "late_next", "late_count")),
        *((name, _WORD, (2,)) for name in ("pending", "interval_ns", "ticks", "tick_next", "tick_count")),
    ]
)
"""Where a run stands between events. Times are nanoseconds; `path_times`, `path_ticks`, `order_times`, `late_times` and
`ticks` are addresses of int64 arrays, the last zero for a clock of fixed intervals. Late are moves of the price when
they reach makers that see them late. Pairs are (arbitrageur, maker)."""

TAPE: Final = ("time_ns", "side", "lots", "tolerance_pips", "kind", "uid")
"""The columns of a tape, as int64[orders] each, that a loop is given the addresses of."""

NEVER: Final = 2**63 - 1


def word(record: "np.dtype[np.void]", field: str) -> int:
    """Return at which 64-bit word of a record a field begins."""
    return _offset(record, field) // 8


def wide(record: "np.dtype[np.void]", field: str) -> int:
    """Return at which wide integer of a record a field begins."""
    return _offset(record, field) // (8 * LIMBS)


def _offset(record: "np.dtype[np.void]", field: str) -> int:
    offsets = {name: entry[1] for name, entry in (record.fields or {}).items()}
    return int(offsets[field])


def set_wide(record: Record, field: str, value: int) -> None:
    """Put an integer into a field of a record."""
    record[field][0] = to_limbs([value])[0]


def get_wide(record: Record, field: str, *places: int) -> int:
    """Return the integer in a field of a record, signed."""
    limbs: Any = record[field][0]
    for place in places:
        limbs = limbs[place]
    return from_limbs(limbs, signed=True)


def set_amounts(record: Record, name: str, amounts: Amounts) -> None:
    """Put amounts into the two fields of a name."""
    set_wide(record, f"{name}_base", amounts.base)
    set_wide(record, f"{name}_quote", amounts.quote)


def get_amounts(record: Record, name: str) -> Amounts:
    """Return the amounts in the two fields of a name."""
    return Amounts(get_wide(record, f"{name}_base"), get_wide(record, f"{name}_quote"))


def address(array: NDArray[Any]) -> int:
    """Return where an array begins in memory, valid for as long as it lives."""
    return int(array.ctypes.data)
