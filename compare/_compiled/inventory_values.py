"""The values behind the quotes of GLFT and of Cartea and Jaimungal (`orderbook.quoting._inventory_values`), compiled.

The same sums in the same order, so that every float is the same.
"""

import math
from typing import Any, NamedTuple

from amm._compiled.addressing import get, get_float, put, put_float
from compare._compiled.records import VALUES, word
from lpmm_numba.disk_cache import compiled_loop
from lpmm_numba.parts import part
from orderbook.quoting import _inventory_values as plain

EPSILON, TERMS = plain.EPSILON, plain.TERMS
COUPLING, SHIFT, STEP, SLOPE = (word(VALUES, name) for name in ("coupling", "shift", "step", "slope"))
COUNT, ROWS, SETTLED = (word(VALUES, name) for name in ("count", "rows", "settled"))
TABLE, STAY, WORK = (word(VALUES, name) for name in ("table", "stay", "work"))
_FLOAT = 8
WORK_ROWS = 6
_UP, _DOWN, _TERM, _NEXT, _TOTAL, _LOGS = range(WORK_ROWS)


class Depths(NamedTuple):
    """How far below and above the fair price to quote; not right where the plain engine has to judge."""

    bid: Any
    ask: Any
    right: Any


@part
def _work(values, row):
    """Return the address of one of the rows to work in."""
    return get(values, WORK) + _FLOAT * get(values, COUNT) * row


@part
def _row(values, row):
    """Return the address of a row of the table."""
    return get(values, TABLE) + _FLOAT * get(values, COUNT) * row


@part
def _couple(values, start):
    """Write what neighbours add to each other in the scale of the values at `start`; return whether floats hold it."""
    up, down, count = _work(values, _UP), _work(values, _DOWN), get(values, COUNT)
    coupling = get_float(values, COUPLING)
    put_float(down, 0, 0.0)
    put_float(up, count - 1, 0.0)
    for place in range(count - 1):
        here, more = get_float(start, place), get_float(start, place + 1)
        above, below = coupling * math.exp(more - here), coupling * math.exp(here - more)
        if not (math.isfinite(above) and math.isfinite(below)):
            return False
        put_float(up, place, above)
        put_float(down, place + 1, below)
    return True


@part
def _add_term(values, term, following, share):
    """Write the next term of the series, and add it to the sums; return whether it still changes any of them."""
    up, down, stay, total = _work(values, _UP), _work(values, _DOWN), get(values, STAY), _work(values, _TOTAL)
    last, changes = get(values, COUNT) - 1, False
    for place in range(last + 1):
        above = get_float(term, place + 1) if place < last else 0.0
        below = get_float(term, place - 1) if place > 0 else 0.0
        new = share * (
            get_float(stay, place) * get_float(term, place)
            + get_float(up, place) * above
            + get_float(down, place) * below
        )
        old = get_float(total, place) + new
        put_float(following, place, new)
        put_float(total, place, old)
        if not new <= EPSILON / 2 * old:
            changes = True
    return changes


@part
def _advance(values, start, time, target):
    """Write the logarithms after a short time more than at `start`; return whether floats hold them."""
    if not _couple(values, start):
        return False
    term, following, total = _work(values, _TERM), _work(values, _NEXT), _work(values, _TOTAL)
    for place in range(get(values, COUNT)):
        put_float(term, place, 1.0)
        put_float(total, place, 1.0)
    number, changes = 0, True
    while changes or number % TERMS:
        number += 1
        changes = _add_term(values, term, following, time / number)
        term, following = following, term
    shift = get_float(values, SHIFT)
    for place in range(get(values, COUNT)):
        log = get_float(start, place) + math.log(get_float(total, place)) - shift * time
        put_float(target, place, log)
    return True


@compiled_loop
def tabulate(values, wanted):
    """Add rows to the table until there are so many, or the ratios of neighbours have settled.

    Args:
        values: the address of VALUES, with room for the rows.
        wanted: int64.

    Returns:
        Whether floats hold them all.
    """
    step, count = get_float(values, STEP), get(values, COUNT)
    while get(values, ROWS) < wanted and not get(values, SETTLED):
        rows = get(values, ROWS)
        before, after = _row(values, rows - 1), _row(values, rows)
        if not _advance(values, before, step, after):
            return False
        least, most, largest = math.inf, -math.inf, 1.0
        for place in range(count):
            change = get_float(after, place) - get_float(before, place)
            least, most, largest = min(least, change), max(most, change), max(largest, abs(get_float(after, place)))
        put(values, ROWS, rows + 1)
        if most - least <= 8 * EPSILON * largest:
            middle = count // 2
            put_float(values, SLOPE, (get_float(after, middle) - get_float(before, middle)) / step)
            put(values, SETTLED, 1)
    return True


@part
def _logs(values, time_left):
    """Return the address of the logarithms at a time, and whether floats hold them."""
    index, rest = divmod(time_left, get_float(values, STEP))
    rows, logs = get(values, ROWS), _work(values, _LOGS)
    if index < rows:
        start = _row(values, int(index))
        if rest == 0.0:
            return start, True
        return logs, _advance(values, start, rest, logs)
    beyond = (time_left - (rows - 1) * get_float(values, STEP)) * get_float(values, SLOPE)
    for place in range(get(values, COUNT)):
        put_float(logs, place, get_float(_row(values, rows - 1), place) + beyond)
    return logs, get(values, SETTLED) != 0


@part
def _depths_at(logs, inventory, most, margin, fill_decay):
    """Return both depths at a whole inventory."""
    here = get_float(logs, inventory + most)
    bid = ask = math.inf
    if inventory < most:
        bid = margin + (here - get_float(logs, inventory + most + 1)) / fill_decay
    if inventory > -most:
        ask = margin + (here - get_float(logs, inventory + most - 1)) / fill_decay
    return bid, ask


@part
def depths(values, held, time_left, margin, fill_decay):
    """Return both depths at an inventory of so many units (InventoryValues.depths)."""
    logs, right = _logs(values, time_left)
    below, most = math.floor(held), get(values, COUNT) // 2
    share = held - below
    if share == 1.0:
        below, share = below + 1, 0.0
    bid, ask = _depths_at(logs, below, most, margin, fill_decay)
    if share == 0.0:
        return Depths(bid, ask, right)
    next_bid, next_ask = _depths_at(logs, below + 1, most, margin, fill_decay)
    return Depths(bid + share * (next_bid - bid), next_ask + (1 - share) * (ask - next_ask), right)
