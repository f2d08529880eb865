"""Contract calls and logs as bytes: selectors, topics and words, checked against the types the contract declares.

Every argument and answer of a pool is a static word, so each is decoded on its own and an error can name it. A word
that does not fit its type means that the contract is not the one it seems to be.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from amm.chain.transport import keccak
from amm.events import EventSpec

WORD = 32
_MAX_WORD = (1 << 8 * WORD) - 1
_NUMBER = re.compile(r"(u?)int(\d+)")


class AbiError(ValueError):
    """Bytes that are not what the contract's own interface would hold; the message says which entry and why."""


@dataclass(frozen=True)
class Function:
    """A function of a contract: its signature, and the names and types of what it answers."""

    signature: str
    outputs: tuple[tuple[str, str], ...]

    @property
    def name(self) -> str:
        """The function's name in the contract."""
        return self.signature.partition("(")[0]

    @cached_property
    def selector(self) -> bytes:
        """The four bytes that name it in a call."""
        return keccak(self.signature.encode())[:4]

    def encode(self, *arguments: int | str | bytes) -> bytes:
        """Selector and arguments; each argument is one word."""
        return self.selector + b"".join(map(encode_word, arguments))

    def decode(self, answer: bytes) -> tuple[int | str, ...]:
        """What it answered.

        Raises:
            AbiError: the answer is not of these types.
        """
        return decode_words(self.outputs, answer, self.name)


def function(signature: str, *outputs: str) -> Function:
    """A function from its signature and `type name` pairs."""
    return Function(signature, tuple((name, kind) for kind, name in (output.split() for output in outputs)))


def topic(spec: EventSpec) -> bytes:
    """Topic 0 of an event."""
    return keccak(spec.signature.encode())


def decode_event(spec: EventSpec, topics: Sequence[bytes], data: bytes) -> dict[str, int | str]:
    """The arguments of a log: the indexed ones from the topics after the first, the others from the data.

    Raises:
        AbiError: the log is not of these types.
    """
    indexed = tuple((field.name, field.type) for field in spec.fields if field.indexed)
    plain = tuple((field.name, field.type) for field in spec.fields if not field.indexed)
    values = dict(zip((name for name, _ in indexed), decode_words(indexed, b"".join(topics), spec.name), strict=True))
    values |= zip((name for name, _ in plain), decode_words(plain, data, spec.name), strict=True)
    return {field.name: values[field.name] for field in spec.fields}


def encode_word(value: int | str | bytes) -> bytes:
    """One argument: a number, an address, or bytes32."""
    if isinstance(value, bytes):
        return value.ljust(WORD, b"\0")
    number = int(value, 16) if isinstance(value, str) else value
    return (number & _MAX_WORD).to_bytes(WORD, "big")


def decode_words(fields: Sequence[tuple[str, str]], data: bytes, of: str) -> tuple[int | str, ...]:
    """Static words, one for each name and type.

    Raises:
        AbiError: the length differs, or a word does not fit its type.
    """
    if len(data) != WORD * len(fields):
        raise AbiError(f"{of} holds {len(data)} bytes, not {WORD * len(fields)}")
    words = (data[at : at + WORD] for at in range(0, len(data), WORD))
    return tuple(_decode_word(kind, word, f"{of}.{name}") for (name, kind), word in zip(fields, words, strict=True))


def _decode_word(kind: str, word: bytes, name: str) -> int | str:
    number = int.from_bytes(word, "big")
    if kind == "address":
        _require(number < 2**160, kind, number, name)
        return "0x" + word[-20:].hex()
    if kind == "bool":
        _require(number in {0, 1}, kind, number, name)
        return number
    match = _NUMBER.fullmatch(kind)
    if match is None:
        raise AbiError(f"{name} has a type that is no single word: {kind}")
    bits = int(match[2])
    if match[1]:
        _require(number < 2**bits, kind, number, name)
        return number
    signed = int.from_bytes(word, "big", signed=True)
    _require(-(2 ** (bits - 1)) <= signed < 2 ** (bits - 1), kind, signed, name)
    return signed


def _require(fits: bool, kind: str, number: int, name: str) -> None:
    if not fits:
        raise AbiError(f"{name} is no {kind}: {number}")
