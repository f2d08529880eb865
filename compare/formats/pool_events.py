"""A pool's events from what query engines, indexers and extractors export: every argument to the last digit.

Dune's decoded tables (`evt_block_number`, `evt_index`, ..., one event a file), cryo's logs with an event signature
(`event__amount0_string`, ...) or raw (topics and data), a subgraph's answer (`swaps`, `mints`, `burns`; amounts in
whole tokens), and any table with the same columns, one event a file or told apart by a column `event`.
"""

from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np

from amm.events import UNISWAP_V2_EVENTS, UNISWAP_V3_EVENTS, EventRecord, EventSpec
from compare.errors import InputError
from compare.formats import names
from compare.formats.event_places import Blocks, Places, of_one_pool
from compare.formats.files import is_numpy, unpacked
from compare.formats.integers import counts_whole_tokens, read_integers
from compare.formats.json_file import list_table, read_lists
from compare.formats.raw_logs import EVENT_OF_TOPIC, decode, is_raw, read_bytes, require_range, topics_and_data
from compare.formats.source import Source, is_file, read_source
from compare.formats.table import Table

_SPECS: Final[Mapping[str, Mapping[str, EventSpec]]] = {
    "uniswap_v3": UNISWAP_V3_EVENTS,
    "uniswap_v2": UNISWAP_V2_EVENTS,
}
# The first event of which all marks are among the columns; columns that every event has mark none.
_MARKS: Final[Mapping[str, tuple[tuple[str, set[str]], ...]]] = {
    "uniswap_v3": (
        ("Flash", {"paid0"}),
        ("SetFeeProtocol", {"fee_protocol0_new"}),
        ("IncreaseObservationCardinalityNext", {"observation_cardinality_next_new"}),
        ("Swap", {"sqrt_price_x96", "amount0"}),
        ("Initialize", {"sqrt_price_x96"}),
        ("Mint", {"tick_lower", "amount", "sender"}),
        ("Burn", {"tick_lower", "amount"}),
        ("Collect", {"tick_lower"}),
        ("CollectProtocol", {"sender", "recipient", "amount0"}),
    ),
    "uniswap_v2": (
        ("Swap", {"amount0_in"}),
        ("Sync", {"reserve0"}),
        ("Approval", {"value", "spender"}),
        ("Transfer", {"value"}),
        ("Burn", {"amount0", "recipient"}),
        ("Mint", {"amount0"}),
    ),
}
_ALIASES: Final = {"to": "recipient", "from": "sender", "sqrtpricex96": "sqrt_price_x96", "src": "owner"} | {
    "ticklower": "tick_lower",
    "tickupper": "tick_upper",
    "dst": "recipient",
    "wad": "value",
}
_SUFFIXES: Final = ("_string", "_binary", "_f64")
_EVENT_COLUMNS: Final = ("event", "event_name", "evt_name", "ev")
_AMOUNTS: Final = {"amount0": 0, "amount1": 1, "amount0_in": 0, "amount1_in": 1, "amount0_out": 0, "amount1_out": 1}


def read_pool_events(
    *sources: Source,
    kind: str = "uniswap_v3",
    address: str | None = None,
    decimals: tuple[int, int] | None = None,
    blocks: Source | None = None,
) -> list[EventRecord]:
    """The events in exports of one pool, in the chain's order; amounts in the tokens' smallest units.

    What the exports do not hold is "" (block_hash) or -1 (transaction_index) in the records; nothing that a replay of
    the events needs may be missing.

    Args:
        *sources: Files or frames; see the module.
        kind: uniswap_v3 or uniswap_v2.
        address: The pool's, where the exports hold several.
        decimals: Of token0 and token1, where amounts count whole tokens and the export does not say.
        blocks: A file or frame of blocks (block_number, timestamp), where the exports have no times.

    Raises:
        InputError: A source cannot be read so, an event lacks something (the message says what), a number does not fit
            its contract type, or an event is there twice.
    """
    if kind not in _SPECS:
        raise InputError(f"{kind!r} is no kind of pool", place="kind", remedy=f"one of {', '.join(_SPECS)}")
    clock = None if blocks is None else Blocks.of(read_source(blocks))
    events: list[EventRecord] = []
    for source in sources:
        for table in _tables(source):
            events += _events(of_one_pool(table, address), _SPECS[kind], kind, decimals, clock)
    if not events:
        raise InputError("there is no event", place="sources", remedy="exports of a pool's events")
    events.sort(key=lambda event: event.place)
    for before, after in pairwise(events):
        if before.place == after.place:
            problem = f"log {after.log_index} of block {after.block_number} is there twice"
            raise InputError(problem, place="sources", remedy="give each event once, and events of one pool")
    return events


def _tables(source: Source) -> Iterator[Table]:
    """A document may hold several lists, one of each event; everything else is one table."""
    if is_file(source):
        path = Path(source)
        data = unpacked(path) if path.is_file() else b""
        if not is_numpy(data) and data.lstrip()[:1] in (b"{", b"["):
            for rows in read_lists(source, data).values():
                yield list_table(rows, str(source))
            return
    yield read_source(source)


def _events(
    table: Table,
    specs: Mapping[str, EventSpec],
    kind: str,
    decimals: tuple[int, int] | None,
    clock: Blocks | None,
) -> Iterator[EventRecord]:
    if is_raw(table):
        yield from _raw_events(table, kind, clock)
        return
    arguments = _arguments(table)
    for name, rows in _by_event(table, arguments, kind):
        spec = specs[name]
        missing = [field.name for field in spec.fields if field.name not in arguments]
        if missing:
            problem = f"a {name} lacks {', '.join(missing)}, without which it cannot be replayed"
            raise table.error(problem, remedy=f"export the event as the contract has it; its columns are {table.names}")
        places = Places.of(rows, clock)
        columns = [_column(rows, arguments[field.name], field.type, field.name, decimals) for field in spec.fields]
        for row, values in enumerate(zip(*columns, strict=True)):
            fields = dict(zip((field.name for field in spec.fields), values, strict=True))
            yield EventRecord(name, **places.at(row), fields=fields)


def _arguments(table: Table) -> dict[str, str]:
    """The column of each argument: of those that cryo writes for one, the text before the bytes before the double."""
    found: dict[str, str] = {}
    columns = sorted(
        table.columns, key=lambda name: next((at for at, s in enumerate(_SUFFIXES) if name.endswith(s)), 0)
    )
    for name in columns:
        core = name.removeprefix("event__")
        for suffix in _SUFFIXES if name.startswith("event__") else ():
            core = core.removesuffix(suffix)
        plain = names.plain(core)
        found.setdefault(_ALIASES.get(plain, plain), name)
    return found


def _by_event(table: Table, arguments: Mapping[str, str], kind: str) -> Iterator[tuple[str, Table]]:
    """The rows of each event: by a column that says it, or all of them by the columns there are."""
    column = names.find(table, _EVENT_COLUMNS)
    if column is None:
        for name, marks in _MARKS[kind]:
            if marks <= arguments.keys():
                yield name, table
                return
        remedy = f"the arguments of an event, or a column event; its columns are {table.names}"
        raise table.error(f"these are no events of a {kind} pool", remedy=remedy)
    words = np.array([str(word) for word in table.column(column).to_pylist()])
    known = _SPECS[kind]
    for word in dict.fromkeys(words.tolist()):
        found = [one for one in known if one.lower() == names.plain(word).replace("_", "")]
        if not found:
            row = int(np.argmax(words == word))
            raise table.error(f"{word!r} is no event", row=row, column=column, remedy=f"one of {', '.join(known)}")
        yield found[0], table.where(words == word)


def _column(
    table: Table, column: str, kind: str, argument: str, decimals: tuple[int, int] | None
) -> Sequence[int | str]:
    """One argument of every row, checked against its contract type."""
    if kind == "address":
        return _addresses(table, column)
    values = read_integers(table, column, signed=kind.startswith("int"), decimals=_scale(table, argument, decimals))
    for row, value in enumerate(values):
        if value is None:
            raise table.error("the value is missing", row=row, column=column, remedy=f"{argument} of every event")
        try:
            require_range(kind, value, argument)
        except ValueError as error:
            raise table.error(str(error), row=row, column=column, remedy="numbers as the contract has them") from None
    return [value for value in values if value is not None]


def _scale(table: Table, argument: str, decimals: tuple[int, int] | None) -> int:
    """By how many powers of ten an amount is to be scaled: none, unless amounts count whole tokens."""
    if argument not in _AMOUNTS:
        return 0
    columns = [name for name in map(_arguments(table).get, _AMOUNTS) if name is not None]
    if not any(counts_whole_tokens(table, name) for name in columns):
        return 0
    token = _AMOUNTS[argument]
    said = names.find(table, (f"pool_token{token}_decimals", f"token{token}_decimals"))
    if said is not None:
        places = {value for value in read_integers(table, said) if value is not None}
        if len(places) == 1:
            return places.pop()
    if decimals is None:
        problem = f"{argument} counts whole tokens"
        raise table.error(problem, column=argument, remedy="give the decimals of token0 and token1, such as (6, 18)")
    return decimals[token]


def _addresses(table: Table, column: str) -> list[str]:
    values: list[str] = []
    for row, word in enumerate(read_bytes(table, column)):
        if word is None or len(word) != 20:  # noqa: PLR2004  the bytes of an address
            raise table.error("this is no address", row=row, column=column, remedy="20 bytes, such as 0x12ab...")
        values.append("0x" + word.hex())
    return values


def _raw_events(table: Table, kind: str, clock: Blocks | None) -> Iterator[EventRecord]:
    topics, data = topics_and_data(table)
    places = Places.of(table, clock)
    for row, words in enumerate(topics):
        signature = words[0].hex() if words else ""
        spec = EVENT_OF_TOPIC[kind].get(signature)
        if spec is None:
            remedy = f"logs of one {kind} pool alone; name it with address"
            raise table.error(f"0x{signature[:8]}... is no event of it", row=row, column="topic0", remedy=remedy)
        try:
            fields: dict[str, Any] = decode(spec, words, data[row])
        except ValueError as error:
            raise table.error(str(error), row=row, remedy="logs as the chain has them") from None
        yield EventRecord(spec.name, **places.at(row), fields=fields)
