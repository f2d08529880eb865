"""The table of `InventoryValues` in an array that grows, for the compiled loops."""

from typing import Final

import numpy as np

from compare._compiled.inventory_values import WORK_ROWS, tabulate
from compare._compiled.records import VALUES, address
from orderbook.quoting._inventory_values import InventoryValues

_NS_PER_SECOND: Final = 1_000_000_000
_FIRST_ROWS: Final = 256


class ValueTable:
    """As many rows as a horizon asks for, or until the ratios of neighbours settle.

    Attributes:
        address: Where the record VALUES stands.
    """

    def __init__(self, values: InventoryValues) -> None:
        """Start with the values at the horizon."""
        count = len(values.at_horizon)
        self._record = np.zeros(1, dtype=VALUES)
        self._table = np.zeros((_FIRST_ROWS, count))
        self._table[0] = values.at_horizon
        self._stay, self._work = np.array(values.stay), np.zeros((WORK_ROWS, count))
        for name in ("coupling", "shift", "step"):
            self._record[name] = getattr(values, name)
        self._record["count"], self._record["rows"] = count, 1
        self._record["table"], self._record["stay"] = address(self._table), address(self._stay)
        self._record["work"] = address(self._work)
        self.address = address(self._record)

    def reach(self, left_ns: int) -> bool:
        """Tabulate up to a time before the horizon, nanoseconds; return whether floats hold what is there."""
        wanted = int(max(left_ns, 0) / _NS_PER_SECOND // float(self._record["step"][0])) + 1
        while not self._record["settled"][0] and (rows := int(self._record["rows"][0])) < wanted:
            if rows == len(self._table):
                self._table = np.concatenate([self._table, np.zeros_like(self._table)])
                self._record["table"] = address(self._table)
            if not tabulate(self.address, min(wanted, len(self._table))):
                return False
        return True
