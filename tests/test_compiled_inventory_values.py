"""The values behind the quotes of GLFT and of Cartea and Jaimungal, compiled: every float is the plain one's."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderbook.quoting._inventory_values import InventoryValues

pytest.importorskip("numba", reason="these are functions of the compiler")

from loops import loop

from compare._compiled.inventory_values import depths
from compare._compiled.value_table import ValueTable

NS = 1_000_000_000


@loop
def _depths(values: int, held: float, time_left: float, margin: float, decay: float) -> tuple[float, float, bool]:
    found = depths(values, held, time_left, margin, decay)
    return found.bid, found.ask, found.right


@st.composite
def equations(draw: st.DrawFn) -> InventoryValues:
    """Inventories from one to eight units either way, values near one another and far apart."""
    most = draw(st.integers(1, 8))
    number = st.floats(0, 3)
    decay = [draw(number) for _ in range(2 * most + 1)]
    at_horizon = [draw(st.floats(-30, 30)) for _ in decay]
    return InventoryValues(decay, draw(st.floats(0.01, 2)), at_horizon)


@given(equations(), st.integers(0, 400 * NS), st.integers(0, 400 * NS), st.floats(-1, 1))
def test_depths_are_the_same_to_the_last_bit(values: InventoryValues, reach_ns: int, left_ns: int, held: float) -> None:
    """At any time within the table and beyond it, at whole inventories, between them and at the bound."""
    table = ValueTable(values)
    assert table.reach(reach_ns)
    left = min(left_ns, reach_ns) / NS
    for inventory in (held * values.max_inventory, math.floor(held * values.max_inventory)):
        *found, right = _depths(table.address, float(inventory), left, 0.5, 0.3)
        assert right
        assert tuple(found) == values.depths(inventory, left, margin=0.5, fill_decay=0.3)


def test_what_no_float_holds_is_left_to_the_plain_engine() -> None:
    """Neighbours whose values differ by more than a float's range: an error there, and no answer here."""
    table = ValueTable(InventoryValues([0.0] * 3, 1.0, [0.0, 800.0, 0.0]))
    assert not table.reach(100 * NS)
    assert not _depths(table.address, 0.0, 1e-3, 0.5, 0.3)[2]
