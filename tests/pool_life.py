"""A v3 pool's life from its first event, and the same events as other programs would export them."""

import json
from collections.abc import Callable, Iterable
from pathlib import Path
from random import Random
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from amm.chain.abi import encode_word, topic
from amm.events import UNISWAP_V3_EVENTS, EventRecord
from amm.math.tick_math import MAX_SQRT_RATIO, MIN_SQRT_RATIO, get_sqrt_ratio_at_tick
from amm.uniswap_v3.pool import UniswapV3Pool

POOL = "0x" + "8a" * 20
ALICE, BOB = "0x" + "a1" * 20, "0x" + "b0" * 20
START_S = 1_704_412_800
FEE, SPACING = 3_000, 60


def live(seed: int, steps: int) -> tuple[list[EventRecord], UniswapV3Pool]:
    """The events of a pool from Initialize on, two a block, and the pool after them."""
    random = Random(seed)  # noqa: S311  a reproducible life, no secret
    pool = UniswapV3Pool(FEE, SPACING)
    events: list[EventRecord] = []

    def note(event: str, *values: int | str) -> None:
        names = [field.name for field in UNISWAP_V3_EVENTS[event].fields]
        number = len(events)
        place = (100 + number // 2, "", pool.block_timestamp, f"0x{number:064x}", number % 7, 3 * number)
        events.append(EventRecord(event, *place, dict(zip(names, values, strict=True))))
        pool.block_timestamp = START_S + 12 * (len(events) // 2)

    pool.block_timestamp = START_S
    price = get_sqrt_ratio_at_tick(random.randint(-60_000, 60_000))
    note("Initialize", price, pool.initialize(price))
    _mint(pool, note, -887_220, 887_220, 10**22)
    for _ in range(steps):
        chance = random.random()
        if chance < 0.2:
            lower = SPACING * random.randint(-2_000, 1_990)
            _mint(pool, note, lower, lower + SPACING * random.randint(1, 9), random.randint(1, 10**24))
        elif chance < 0.4:
            owner, lower, upper = random.choice(list(pool.positions))
            amount = random.randint(0, pool.positions[owner, lower, upper].liquidity // 2)
            note("Burn", owner, lower, upper, amount, *pool.burn(owner, lower, upper, amount))
            note("Collect", owner, BOB, lower, upper, *pool.collect(owner, lower, upper, 2**128 - 1, 2**128 - 1))
        else:
            zero_for_one = random.random() < 0.5
            limit = MIN_SQRT_RATIO + 1 if zero_for_one else MAX_SQRT_RATIO - 1
            result = pool.swap(zero_for_one, random.randint(1, 10**21), limit)
            after = (result.sqrt_price_x96, result.liquidity, result.tick)
            note("Swap", BOB, ALICE, result.amount0, result.amount1, *after)
    return events, pool


def _mint(pool: UniswapV3Pool, note: Callable[..., None], lower: int, upper: int, amount: int) -> None:
    note("Mint", BOB, ALICE, lower, upper, amount, *pool.mint(ALICE, lower, upper, amount))


def camel(name: str) -> str:
    """The contract's own name of an argument."""
    first, *rest = name.split("_")
    return first + "".join(word.capitalize() for word in rest)


def by_event(events: Iterable[EventRecord]) -> dict[str, list[EventRecord]]:
    """The events of each kind, in order."""
    found: dict[str, list[EventRecord]] = {}
    for event in events:
        found.setdefault(event.event, []).append(event)
    return found


def dune(events: list[EventRecord], folder: Path) -> list[Path]:
    """One CSV file for each event, with Dune's columns."""
    files = []
    for name, records in by_event(events).items():
        arguments = list(records[0].fields)
        head = "contract_address,evt_tx_hash,evt_tx_index,evt_index,evt_block_time,evt_block_number,"
        rows = [head + ",".join(map(camel, arguments))]
        for one in records:
            place = (
                f"{POOL},{one.transaction_hash},{one.transaction_index},{one.log_index},{_utc(one.block_timestamp)},"
            )
            rows.append(place + f"{one.block_number}," + ",".join(str(one.fields[argument]) for argument in arguments))
        files.append(folder / f"dune_{name}.csv")
        files[-1].write_text("\n".join(rows) + "\n")
    return files


def cryo(events: list[EventRecord], folder: Path) -> list[Path]:
    """One Parquet file for each event, decoded as cryo does: text, bytes and doubles of every large number."""
    files = []
    for name, records in by_event(events).items():
        columns: dict[str, Any] = _cryo_places(records)
        for field in UNISWAP_V3_EVENTS[name].fields:
            values = [one.fields[field.name] for one in records]
            key = f"event__{camel(field.name)}"
            if field.type == "address":
                columns[key] = [bytes.fromhex(str(value)[2:]) for value in values]
            elif field.type == "int24":
                columns[key] = [int(value) for value in values]
            else:
                columns[f"{key}_binary"] = [encode_word(value) for value in values]
                columns[f"{key}_string"] = [str(value) for value in values]
                columns[f"{key}_f64"] = [float(value) for value in values]
        files.append(folder / f"cryo_{name}.parquet")
        pq.write_table(pa.table(columns), files[-1])
    return files


def raw_logs(events: list[EventRecord], folder: Path, encode: Callable[[bytes], Any] = bytes) -> Path:
    """All events as topics and data in one Parquet file."""
    columns = _cryo_places(events)
    topics: list[list[Any]] = []
    data = []
    for one in events:
        spec = UNISWAP_V3_EVENTS[one.event]
        words = [topic(spec)] + [encode_word(one.fields[field.name]) for field in spec.fields if field.indexed]
        topics.append([encode(word) for word in words] + [None] * (4 - len(words)))
        data.append(encode(b"".join(encode_word(one.fields[f.name]) for f in spec.fields if not f.indexed)))
    columns |= {f"topic{at}": [row[at] for row in topics] for at in range(4)}
    pq.write_table(pa.table(columns | {"data": data}), folder / "logs.parquet")
    return folder / "logs.parquet"


def subgraph(events: list[EventRecord], decimals: tuple[int, int], file: Path) -> Path:
    """Mints and burns of a saved answer, amounts in whole tokens."""
    lists = {}
    for name, key in (("Mint", "mints"), ("Burn", "burns")):
        lists[key] = [_entity(one, decimals) for one in by_event(events).get(name, [])]
    file.write_text(json.dumps({"data": {key: rows for key, rows in lists.items() if rows}}))
    return file


def blocks(events: list[EventRecord]) -> dict[str, list[int]]:
    """The blocks of the events, as cryo's dataset of blocks has them."""
    times = {one.block_number: one.block_timestamp for one in events}
    return {"block_number": list(times), "timestamp": list(times.values())}


def _entity(one: EventRecord, decimals: tuple[int, int]) -> dict[str, Any]:
    fields: dict[str, Any] = {camel(name): str(value) for name, value in one.fields.items()}
    for token, places in enumerate(decimals):
        digits = str(one.fields[f"amount{token}"]).rjust(places + 1, "0")
        fields[f"amount{token}"] = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    transaction = {"id": one.transaction_hash, "blockNumber": str(one.block_number)}
    return fields | {"timestamp": str(one.block_timestamp), "logIndex": str(one.log_index), "transaction": transaction}


def _cryo_places(records: list[EventRecord]) -> dict[str, Any]:
    return {
        "block_number": pa.array([one.block_number for one in records], pa.uint32()),
        "transaction_index": pa.array([one.transaction_index for one in records], pa.uint32()),
        "log_index": pa.array([one.log_index for one in records], pa.uint32()),
        "transaction_hash": [bytes.fromhex(one.transaction_hash[2:]) for one in records],
        "address": [bytes.fromhex(POOL[2:])] * len(records),
    }


def _utc(seconds: int) -> str:
    at = pa.scalar(seconds, pa.timestamp("s")).as_py()
    return f"{at:%Y-%m-%d %H:%M:%S}.000 UTC"
