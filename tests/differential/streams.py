"""Long runs of seeded calls on fresh pools, contract and model compared after each: the bulk of the comparison.

The same rules also run under hypothesis, which finds shorter failing cases; a seeded stream is several times as fast.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Generic, TypeVar

from differential import v2_rules, v3_rules
from differential.boundary import seeded
from differential.reentry_rules import V2_REENTRY, V3_REENTRY
from differential.twin import MismatchError, Twin
from differential.v2_twin import V2Twin
from differential.v3_twin import V3Twin

T = TypeVar("T", bound=Twin)

RULES_A_WORLD = 80  # then a fresh world: the engine keeps a journal, which grows


@dataclass(frozen=True)
class Kind(Generic[T]):
    """One kind of pool: how one begins, and what can happen to it."""

    name: str
    new_twin: Callable[[Random], T]
    rules: Sequence[Callable[[T, Random], object]]

    def run_world(self, seed: int | str) -> T:
        """Play one world out; the same seed gives the same calls.

        Raises:
            MismatchError: model and contract differ; its note names this seed.
        """
        random = seeded(seed)
        try:
            twin = self.new_twin(random)
            for _ in range(RULES_A_WORLD):
                random.choice(self.rules)(twin, random)
        except MismatchError as error:
            error.add_note(f"to see it again: {self.name}.run_world({seed!r})")
            raise
        return twin

    def run(self, name: str, transactions: int) -> Iterator[T]:
        """Play worlds out until so many transactions are compared."""
        compared = world = 0
        while compared < transactions:
            twin = self.run_world(f"{name} {world}")
            compared += twin.compared
            world += 1
            yield twin


V2: Kind[V2Twin] = Kind("V2", v2_rules.new_twin, v2_rules.RULES + V2_REENTRY * 6)
V3: Kind[V3Twin] = Kind("V3", v3_rules.new_twin, v3_rules.RULES + V3_REENTRY * 10)
