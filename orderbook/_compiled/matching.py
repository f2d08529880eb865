"""An incoming order against one side of a book, over arrays: what `orderbook._matching` does, with its numbers."""

import numpy as np

from orderbook import fees
from orderbook._compiled.book_arrays import BIDS, NONE
from orderbook._compiled.compiler import compiled, inlined, prefetch
from orderbook._compiled.price_tree import next_level
from orderbook._compiled.queues import consume, take_out
from orderbook.types import SelfTradePrevention

ALLOW, CANCEL_NEWEST, CANCEL_OLDEST, CANCEL_BOTH, DECREMENT = range(len(SelfTradePrevention))

share_rounded_down, share_rounded_up = inlined(fees.share_rounded_down), inlined(fees.share_rounded_up)


@inlined
def meets(book, side, price):
    """Return whether an order of this side at this limit price would find someone to trade with."""
    best = np.int64(book.halves[1 - side].best)
    if best == NONE:
        return False
    return book.levels[best].price <= price if side == BIDS else book.levels[best].price >= price


@compiled
def trade(book, fills, prevented):
    """Trade the taker with the other side, the best level first, until it is done or there is no room for a record.

    Returns:
        Whether it is done; if not, it waits, and goes on where it was.
    """
    taker, state = book.taker[0], book.state[0]
    side, owner, self_trade, worst = taker.side, taker.owner, taker.self_trade, taker.worst
    left = taker.left
    while left > 0 and meets(book, side, worst):
        slot = np.int64(book.levels[np.int64(book.halves[1 - side].best)].first)
        maker = book.orders[slot]
        if self_trade != ALLOW and maker.owner == owner:
            if state.prevented == len(prevented):
                taker.left, taker.waits = left, 1
                return False
            left -= _prevent(book, slot, left, prevented)
            continue
        if state.keeps_fills != 0 and state.fills == len(fills):
            taker.left, taker.waits = left, 1
            return False
        # What finishing the maker will touch.
        prefetch(book.chains, maker.order_id & (len(book.chains) - 1))
        prefetch(book.orders, max(np.int64(0), np.int64(maker.behind)))
        size = min(left, maker.shown)
        notional = maker.price * size * state.unit
        fee = share_rounded_up(notional, state.taker_fee_pips)
        rebate = share_rounded_down(notional, state.maker_rebate_pips)
        if state.keeps_fills != 0:
            fill = fills[state.fills]
            fill.maker_order_id, fill.taker_order_id = maker.order_id, taker.order_id
            fill.price, fill.size, fill.notional = maker.price, size, notional
            fill.taker_fee, fill.maker_rebate = fee, rebate
            fill.maker_owner, fill.taker_owner, fill.taker_side = maker.owner, owner, 1 if side == BIDS else -1
            state.fills += 1
        taker.filled += size
        taker.notional += notional
        taker.taker_fee += fee
        taker.maker_rebate += rebate
        taker.fills += 1
        left -= size
        consume(book, slot, size)
    taker.left, taker.waits = left, 0
    return True


@compiled
def _prevent(book, slot, left, prevented):
    """Do what the taker's instruction says about an order of its own owner; return the lots taken off the taker."""
    taker, maker, state = book.taker[0], book.orders[slot], book.state[0]
    record = prevented[state.prevented]
    state.prevented += 1
    record.taker_order_id, record.maker_order_id = taker.order_id, maker.order_id
    off_maker, off_taker = np.int64(0), left
    if taker.self_trade == DECREMENT:
        off_maker = off_taker = min(left, maker.shown)
        consume(book, slot, off_taker)
    elif taker.self_trade != CANCEL_NEWEST:
        off_maker = take_out(book, slot)
        if taker.self_trade == CANCEL_OLDEST:
            off_taker = np.int64(0)
    record.maker_cancelled, record.taker_cancelled = off_maker, off_taker
    return off_taker


@compiled
def fills_whole(book, side, owner, price, size, self_trade):
    """Return whether an incoming order would trade to its last lot within its price; changes nothing."""
    available = np.int64(0)
    level = np.int64(book.halves[1 - side].best)
    while level != NONE:
        queue = book.levels[level]
        if (queue.price > price) if side == BIDS else (queue.price < price):
            return False
        available += queue.shown + queue.hidden
        if self_trade != ALLOW:
            ahead = np.int64(0)
            slot = np.int64(queue.first)
            while slot != NONE:
                order = book.orders[slot]
                if order.owner == owner:
                    if self_trade != CANCEL_OLDEST:
                        # Meeting an order of its own ends or shrinks the taker; what is hidden ahead of it queues up
                        # behind it.
                        return available - queue.shown - queue.hidden + ahead >= size
                    available -= order.shown + order.hidden
                ahead += order.shown
                slot = np.int64(order.behind)
        if available >= size:
            return True
        level = next_level(book, 1 - side, level)
    return False
