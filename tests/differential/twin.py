"""A contract and its model, driven by the same calls and compared word by word after each of them."""

import signal
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import ClassVar, NoReturn

from differential import tally
from differential.contracts import START_TIME, Deployment
from differential.engine import ContractRevertError
from differential.reentry import Call, Outcome, Paid, Values, make, payment, payment_after, read_report, static_values
from differential.storage_layout import Storage

from amm.callback import Callback
from amm.errors import RevertError

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
        self.inside: Sequence[Call] = ()
        """What the next callbacks call before they pay."""
        self._noted: list[Call] | None = None
        self._met: list[Outcome] = []
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
            theirs: Values | str = (decode or static_values)(contract())
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
        tally.count()
        if isinstance(ours, str):
            self.reverted += 1
            return None
        return ours

    def send(
        self,
        name: tuple[object, ...],
        caller: str,
        data: bytes,
        model: Callable[[], Values],
        *,
        decode: Callable[[bytes], Values] = static_values,
        target: str | None = None,
    ) -> Values | None:
        """Call the pool, or another contract, on both sides; while calls are noted, only do that."""
        to = target or self.chain.pool
        if self._noted is not None:
            self._noted.append(Call(name, to, data, model, decode))
            return None
        if caller == self.chain.callee:  # a contract sends no transactions of its own
            return self.both(name, lambda: self.chain.forward(to, data), model, decode)
        return self.both(name, lambda: self.chain.world.send(caller, to, data), model, decode)

    def forward(self, name: tuple[object, ...], data: bytes, model: Callable[[], Values]) -> Values | None:
        """Let the callee call the pool, so that it is the one the pool calls back."""
        if self._noted is not None:
            return self.send(name, self.chain.callee, data, model)
        inside = self.inside
        if not inside:
            return self.both(name, lambda: self.chain.forward(self.chain.pool, data), model)
        theirs: list[Outcome] = []

        def contract() -> bytes:
            result, met = read_report(self.chain.forward_and_report(self.chain.pool, data), inside)
            theirs.extend(met)
            return result

        def compared_model() -> Values:
            self._met.clear()
            values = model()
            if self._met != theirs:
                self.fail(f"the callback met {self._met!r}, the contract's {theirs!r}")
            return values

        return self.both((*name, "calling", [call.name for call in inside]), contract, compared_model)

    def noted(self, act: Callable[[], object]) -> list[Call]:
        """Note the calls that would be made, and make none."""
        calls: list[Call] = []
        self._noted = calls
        try:
            act()
        finally:
            self._noted = None
        return calls

    @contextmanager
    def calling_inside(self, calls: Sequence[Call]) -> Iterator[None]:
        """Let every callback meanwhile make these calls before it pays; the callee is the one who makes them."""
        self.inside = calls
        try:
            yield
        finally:
            self.inside = ()

    def paying(self, paid: Paid) -> bytes:
        """The data of a callback: what to call, if anything, and what to pay."""
        return payment_after(self.inside, paid) if self.inside else payment(paid)

    def callback(self) -> Callback | None:
        """The model's callback, if it has anything to do."""
        inside = self.inside
        return (lambda *amounts: make(inside, self._met, amounts)) if inside else None

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
