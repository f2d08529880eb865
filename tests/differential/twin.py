"""A contract and its model, driven by the same calls and compared word by word after each of them."""

import signal
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import ClassVar, NoReturn

from differential.contracts import START_TIME, Deployment
from differential.engine import ContractRevertError, signed, words
from differential.storage_layout import Storage

from amm.errors import RevertError

Values = tuple[int, ...]
_LAST_CALLS = 12  # how many calls a mismatch shows


_MODEL_LIMIT_S = 20  # the longest swap there is takes a fraction of a second


class MismatchError(AssertionError):
    """The model is not the contract."""


class Twin(ABC):
    """One pool twice: a contract in its own world, and the model."""

    constant_slots: ClassVar[frozenset[int]] = frozenset()
    """What the contract stores and the model has no need of, because it never changes."""

    def __init__(self, chain: Deployment, start_time: int = START_TIME) -> None:
        self.chain = chain
        self.time = start_time
        self.compared = 0
        """Transactions after which the whole state was compared."""
        self.reverted = 0
        """Those among them that failed, on both sides for the same reason."""
        self.calls: list[tuple[object, ...]] = []
        self._seen: dict[str, set[int]] = {}

    @abstractmethod
    def storage(self) -> dict[str, Storage]:
        """Each contract's storage as the model has it, by address."""

    @abstractmethod
    def set_model_time(self) -> None:
        """Give the model the block's time."""

    def wait(self, seconds: int) -> None:
        """Let time pass on both sides."""
        self.time += seconds
        self.calls.append(("wait", seconds))
        self.chain.world.set_time(self.time)
        self.set_model_time()

    def both(
        self,
        call: tuple[object, ...],
        contract: Callable[[], bytes],
        model: Callable[[], Values],
        decode: Callable[[bytes], Values] | None = None,
    ) -> Values | None:
        """Make one call on both sides and compare its outcome and all state; None where both revert.

        Raises:
            MismatchError: another result, another reason to revert, or any word of storage that differs.
        """
        self.calls.append(call)
        try:
            theirs: Values | str = (decode or _static_values)(contract())
        except ContractRevertError as error:
            theirs = error.reason
        try:
            with _time_limit(_MODEL_LIMIT_S):
                ours: Values | str = model()
        except RevertError as error:
            ours = error.reason
        except TimeoutError as error:
            self.fail(str(error))
        if ours != theirs:
            self.fail(f"returned {ours!r}, the contract {theirs!r}")
        self.compare_storage()
        self.compared += 1
        if isinstance(ours, str):
            self.reverted += 1
            return None
        return ours

    def compare_storage(self) -> None:
        """Compare every word that either side has ever written."""
        read = self.chain.world.read_slot
        for address, storage in self.storage().items():
            seen = self._seen.setdefault(address, set())
            seen.update(storage)
            for slot in seen:
                ours, name = storage.get(slot, (0, ("cleared", slot)))
                theirs = read(address, slot)
                if ours != theirs:
                    self.fail(f"{name}: {ours:#x}, the contract {theirs:#x}")

    def compare_touched_storage(self) -> None:
        """Compare every word the contract itself has ever touched, whether or not the model knows of it."""
        world, pool = self.chain.world, self.chain.pool
        unknown = world.touched_slots(pool) - self._seen[pool] - self.constant_slots
        nonzero = sorted(slot for slot in unknown if world.read_slot(pool, slot))
        if nonzero:
            self.fail(f"slots {nonzero} are the contract's alone")

    def fail(self, what: str) -> NoReturn:
        """Stop, showing the calls that led here."""
        calls = "\n  ".join(map(repr, self.calls[-_LAST_CALLS:]))
        raise MismatchError(f"{what}\nafter {len(self.calls)} calls, the last:\n  {calls}")


def _static_values(answer: bytes) -> Values:
    return tuple(signed(word) for word in words(answer))


@contextmanager
def _time_limit(seconds: int) -> Iterator[None]:
    """Turn an endless loop into an error, where the system has alarms."""
    if not hasattr(signal, "SIGALRM"):
        yield
        return

    def stop(*_: object) -> None:
        raise TimeoutError(f"no end within {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)
