"""Orders in their queues, and the table that finds them by id."""

import numpy as np

from orderbook._compiled.book_arrays import NONE
from orderbook._compiled.compiler import inlined
from orderbook._compiled.price_tree import insert, level_at, remove


@inlined
def find(book, order_id):
    """Return the slot of an order that rests, or NONE."""
    slot = np.int64(book.chains[order_id & (len(book.chains) - 1)])
    while slot != NONE and book.orders[slot].order_id != order_id:
        slot = np.int64(book.orders[slot].chained)
    return slot


@inlined
def _forget(book, slot):
    """Take an order out of the table of ids."""
    place = book.orders[slot].order_id & (len(book.chains) - 1)
    at = np.int64(book.chains[place])
    if at == slot:
        book.chains[place] = book.orders[slot].chained
        return
    while book.orders[at].chained != slot:
        at = np.int64(book.orders[at].chained)
    book.orders[at].chained = book.orders[slot].chained


@inlined
def _append(book, slot, level):
    """Put an order at the end of a queue."""
    order, queue = book.orders[slot], book.levels[level]
    last = np.int64(queue.last)
    order.ahead, order.behind = last, NONE
    queue.last = slot
    if last == NONE:
        queue.first = slot
    else:
        book.orders[last].behind = slot


@inlined
def _unlink(book, slot, level):
    """Take an order out of its queue."""
    order, queue = book.orders[slot], book.levels[level]
    ahead, behind = np.int64(order.ahead), np.int64(order.behind)
    if ahead == NONE:
        queue.first = behind
    else:
        book.orders[ahead].behind = behind
    if behind == NONE:
        queue.last = ahead
    else:
        book.orders[behind].ahead = ahead


@inlined
def rest(book, side, order_id, owner, price, shown, hidden, display):
    """Put an order into the book, at the end of the queue at its price."""
    level = level_at(book, side, price)
    if level == NONE:
        level = np.int64(book.state[0].free_level)
        queue = book.levels[level]
        book.state[0].free_level = np.int64(queue.first)
        queue.price, queue.side, queue.shown, queue.hidden, queue.orders = price, side, 0, 0, 0
        queue.first = queue.last = NONE
        insert(book, side, level)
    slot = np.int64(book.state[0].free_order)
    order = book.orders[slot]
    book.state[0].free_order = np.int64(order.behind)
    order.order_id, order.owner, order.price, order.display = order_id, owner, price, display
    order.shown, order.hidden, order.level = shown, hidden, level
    _append(book, slot, level)
    queue = book.levels[level]
    queue.orders += 1
    queue.shown += shown
    queue.hidden += hidden
    book.halves[side].notional += price * (shown + hidden) * book.state[0].unit
    place = order_id & (len(book.chains) - 1)
    order.chained = book.chains[place]
    book.chains[place] = slot


@inlined
def take_out(book, slot):
    """Take an order out of the book with all it has, and the level with it if it was the last."""
    order = book.orders[slot]
    level = np.int64(order.level)
    queue = book.levels[level]
    side = queue.side
    size = order.shown + order.hidden
    _unlink(book, slot, level)
    _forget(book, slot)
    queue.orders -= 1
    queue.shown -= order.shown
    queue.hidden -= order.hidden
    book.halves[side].notional -= order.price * size * book.state[0].unit
    order.behind = book.state[0].free_order
    book.state[0].free_order = slot
    if queue.orders == 0:
        remove(book, side, level)
        queue.first = book.state[0].free_level
        book.state[0].free_level = level
    return size


@inlined
def consume(book, slot, size):
    """Take lots off what an order shows; with nothing more to show it is finished."""
    order = book.orders[slot]
    queue = book.levels[order.level]
    if size == order.shown and order.hidden == 0:
        take_out(book, slot)
        return
    order.shown -= size
    queue.shown -= size
    book.halves[queue.side].notional -= order.price * size * book.state[0].unit
    if order.shown == 0:
        shown = min(order.display, order.hidden)
        order.shown = shown
        order.hidden -= shown
        queue.shown += shown
        queue.hidden -= shown
        if queue.last != slot:
            level = np.int64(order.level)
            _unlink(book, slot, level)
            _append(book, slot, level)


@inlined
def reduce(book, slot, by):
    """Take lots off an order, the hidden ones first, which leaves it at least one; it keeps its place."""
    order = book.orders[slot]
    queue = book.levels[order.level]
    hidden = min(by, order.hidden)
    order.hidden -= hidden
    queue.hidden -= hidden
    order.shown -= by - hidden
    queue.shown -= by - hidden
    book.halves[queue.side].notional -= order.price * by * book.state[0].unit
