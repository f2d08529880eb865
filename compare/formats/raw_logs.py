"""Raw logs as tables of topics and data: which event of a pool each is, and its arguments, exact."""

import re
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any, Final

import pyarrow as pa

from amm.events import UNISWAP_V2_EVENTS, UNISWAP_V3_EVENTS, EventSpec
from compare.formats import names
from compare.formats.table import Table

WORD: Final = 32
_NUMBER: Final = re.compile(r"(u?)int(\d+)")
_TOPICS: Final = ("topic0", "topic1", "topic2", "topic3")

# Topic 0 is the Keccak-256 hash of the event's signature.
EVENT_OF_TOPIC: Final[Mapping[str, Mapping[str, EventSpec]]] = {
    "uniswap_v3": {
        "98636036cb66a9c19a37435efc1e90142190214e8abeb821bdba3f2990dd4c95": UNISWAP_V3_EVENTS["Initialize"],
        "7a53080ba414158be7ec69b987b5fb7d07dee101fe85488f0853ae16239d0bde": UNISWAP_V3_EVENTS["Mint"],
        "70935338e69775456a85ddef226c395fb668b63fa0115f5f20610b388e6ca9c0": UNISWAP_V3_EVENTS["Collect"],
        "0c396cd989a39f4459b5fa1aed6a9a8dcdbc45908acfd67e028cd568da98982c": UNISWAP_V3_EVENTS["Burn"],
        "c42079f94a6350d7e6235f29174924f928cc2ac818eb64fed8004e115fbcca67": UNISWAP_V3_EVENTS["Swap"],
        "bdbdb71d7860376ba52b25a5028beea23581364a40522f6bcfb86bb1f2dca633": UNISWAP_V3_EVENTS["Flash"],
        "ac49e518f90a358f652e4400164f05a5d8f7e35e7747279bc3a93dbf584e125a": UNISWAP_V3_EVENTS[
            "IncreaseObservationCardinalityNext"
        ],
        "973d8d92bb299f4af6ce49b52a8adb85ae46b9f214c4c4fc06ac77401237b133": UNISWAP_V3_EVENTS["SetFeeProtocol"],
        "596b573906218d3411850b26a6b437d6c4522fdb43d2d2386263f86d50b8b151": UNISWAP_V3_EVENTS["CollectProtocol"],
    },
    "uniswap_v2": {
        "8c5be1e5ebec7d5bd14f71427d1e84f3dd0314c0f7b2291e5b200ac8c7c3b925": UNISWAP_V2_EVENTS["Approval"],
        "ddf252ad1be2c89b69c2b068fc378daa952ba7f163c4a11628f55a4df523b3ef": UNISWAP_V2_EVENTS["Transfer"],
        "4c209b5fc8ad50758f13e2e1088ba56a560dff690a1c6fef26394f4c03821c4f": UNISWAP_V2_EVENTS["Mint"],
        "dccd412f0b1252819cb1fd330b93224ca42612892bb3f4f789976e6d81936496": UNISWAP_V2_EVENTS["Burn"],
        "d78ad95fa46c994b6551d0da85fc275fe613ce37657fb8d5e3d130840159d822": UNISWAP_V2_EVENTS["Swap"],
        "1c411e9a96e071241c2f21f7726b17ae89e3cab4c78be50e062b03a9fffbbad1": UNISWAP_V2_EVENTS["Sync"],
    },
}


def is_raw(table: Table) -> bool:
    """Whether a table holds topics and data."""
    return all(names.find(table, (name,)) is not None for name in (*_TOPICS, "data"))


def topics_and_data(table: Table) -> tuple[list[tuple[bytes, ...]], list[bytes]]:
    """The topics of each row, without those that are not there, and its data.

    Raises:
        InputError: A value is no bytes; the message names the row.
    """
    columns = [read_bytes(table, names.find(table, (name,)) or name) for name in _TOPICS]
    topics = [tuple(topic for topic in row if topic) for row in zip(*columns, strict=True)]
    data = read_bytes(table, names.find(table, ("data",)) or "data")
    return topics, [word or b"" for word in data]


def read_bytes(table: Table, name: str) -> list[bytes | None]:
    """A column of bytes, or of hexadecimal text with or without 0x.

    Raises:
        InputError: A value is neither.
    """
    values: list[Any] = table.column(name).to_pylist()
    words: list[bytes | None] = []
    for row, value in enumerate(values):
        try:
            words.append(value if value is None or isinstance(value, bytes) else bytes.fromhex(_hex(value)))
        except (AttributeError, ValueError):
            problem = f"{str(value)[:40]!r} is no hexadecimal number"
            raise table.error(problem, row=row, column=name, remedy="bytes, or text such as 0x12ab") from None
    return words


def decode(spec: EventSpec, topics: Sequence[bytes], data: bytes) -> dict[str, int | str]:
    """The arguments of a log: the indexed ones from the topics after the first, the others from the data.

    Raises:
        ValueError: The log is not of these types; the text says what differs.
    """
    plain = [field for field in spec.fields if not field.indexed]
    indexed = [field for field in spec.fields if field.indexed]
    if len(topics) - 1 != len(indexed) or len(data) != WORD * len(plain):
        raise ValueError(f"a {spec.name} has {len(indexed) + 1} topics and {WORD * len(plain)} bytes of data")
    words = dict(zip((field.name for field in indexed), topics[1:], strict=True))
    words |= {field.name: data[at * WORD : (at + 1) * WORD] for at, field in enumerate(plain)}
    return {field.name: _word(field.type, words[field.name], field.name) for field in spec.fields}


def _word(kind: str, word: bytes, name: str) -> int | str:
    if len(word) != WORD:
        raise ValueError(f"{name} holds {len(word)} bytes instead of {WORD}")
    number = int.from_bytes(word, "big")
    if kind == "address":
        if number >> 160:
            raise ValueError(f"{name} is no address: 0x{word.hex()}")
        return "0x" + word[-20:].hex()
    match = _NUMBER.fullmatch(kind)
    if match is None:
        raise ValueError(f"{name} has the type {kind}")
    value = number if match[1] else int.from_bytes(word, "big", signed=True)
    return require_range(kind, value, name)


def require_range(kind: str, value: int, name: str) -> int:
    """A number that fits its contract type.

    Raises:
        ValueError: It does not.
    """
    low, high = _range(kind)
    if not low <= value < high:
        raise ValueError(f"{name} is no {kind}: {value}")
    return value


@cache
def _range(kind: str) -> tuple[int, int]:
    """The least number of a contract type, and the first that is too large."""
    match = _NUMBER.fullmatch(kind)
    bits = int(match[2]) if match else 256
    return (0, 2**bits) if match is None or match[1] else (-(2 ** (bits - 1)), 2 ** (bits - 1))


def swap_columns(table: Table) -> Table:
    """The v3 swaps among raw logs, with their amounts and ticks as columns.

    Raises:
        InputError: There is none, or one that its event's types do not allow; the message names the row.
    """
    topics, data = topics_and_data(table)
    kinds = EVENT_OF_TOPIC["uniswap_v3"]
    swaps = [bool(row) and kinds.get(row[0].hex()) is UNISWAP_V3_EVENTS["Swap"] for row in topics]
    if not any(swaps):
        remedy = "logs of a Uniswap v3 pool with its swaps"
        raise table.error("there is no v3 swap", column=names.find(table, ("topic0",)), remedy=remedy)
    decoded = []
    for row, is_swap in enumerate(swaps):
        if is_swap:
            try:
                decoded.append(decode(UNISWAP_V3_EVENTS["Swap"], topics[row], data[row]))
            except ValueError as error:
                raise table.error(str(error), row=row, remedy="logs as the chain has them") from None
    kept = table.where(pa.array(swaps).to_numpy(zero_copy_only=False))
    columns = {name: [str(fields[name]) for fields in decoded] for name in ("amount0", "amount1", "tick")}
    return kept.with_columns({name: pa.chunked_array([values]) for name, values in columns.items()})


def _hex(value: str) -> str:
    text = value.strip().lower()
    return text.removeprefix("0x") if text.startswith("0x") else text.removeprefix("\\x")
