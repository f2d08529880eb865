"""`twin_of`, once the compiler knows wide integers and every second body is registered."""

from amm._compiled import operators, pair_bodies, second_bodies, step_bodies
from amm._compiled.translation import twin_of

__all__ = ["operators", "pair_bodies", "second_bodies", "step_bodies", "twin_of"]
