"""Calls made from inside a pool's callback, on both sides, and what came of them."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from differential.engine import reason_of, signed, words
from eth_abi.abi import decode, encode

from amm.errors import RevertError

Values = tuple[int, ...]
Paid = tuple[int, int] | None
"""What a callback pays; None: exactly what is owed."""
Outcome = Values | str
"""What a call returned, or its reason to revert."""


@dataclass(frozen=True)
class Call:
    """One call as both sides make it."""

    name: tuple[object, ...]
    target: str
    data: bytes
    model: Callable[[], Values]
    decode: Callable[[bytes], Values]
    required: bool = False
    """Whether its failure is the callback's own; otherwise the callback goes on."""

    def insisted(self) -> "Call":
        """The same call, required."""
        return replace(self, required=True)


def static_values(answer: bytes) -> Values:
    """An answer of static values, as signed words."""
    return tuple(signed(word) for word in words(answer))


def payment(paid: Paid) -> bytes:
    """A callback's data that only says what to pay."""
    return b"" if paid is None else encode(("uint256", "uint256"), paid)


def payment_after(calls: Sequence[Call], paid: Paid) -> bytes:
    """A callback's data that says what to call, and what to pay then."""
    made = [(call.target, call.data, call.required) for call in calls]
    return encode(("bool", "uint256", "uint256", "(address,bytes,bool)[]"), (paid is None, *(paid or (0, 0)), made))


def make(calls: Sequence[Call], met: list[Outcome], amounts: Values) -> None:
    """Make the calls on the model, noting the amounts the callback was told and what came of each call."""
    met.append(amounts)
    for call in calls:
        try:
            met.append(call.model())
        except RevertError as error:
            if call.required:
                raise
            met.append(error.reason)


def read_report(answer: bytes, calls: Sequence[Call]) -> tuple[bytes, list[Outcome]]:
    """The answer of the callee's forwardAndReport: what the forwarded call returned, and what its callback met."""
    result, (told, *made) = decode(("bytes", "(bool,bytes)[]"), answer)
    met: list[Outcome] = [static_values(told[1])]
    for call, (success, data) in zip(calls, made, strict=True):
        met.append(call.decode(data) if success else reason_of(data))
    return result, met
