"""The batch of requests over a book in arrays: what the methods of OrderBook check and do, and in their order."""

import numpy as np

from orderbook._book_records import MAX_SIDE_NOTIONAL, RequestKind, RequestStatus
from orderbook._compiled.book_arrays import ASKS, BIDS, NONE, SPARE_NODES
from orderbook._compiled.compiler import inlined, loop, prefetch
from orderbook._compiled.matching import fills_whole, meets, trade
from orderbook._compiled.price_tree import level_at
from orderbook._compiled.queues import find, reduce, rest, take_out
from orderbook.types import SelfTradePrevention, TimeInForce

LIMIT, MARKET, CANCEL, REDUCE, REPLACE = (int(kind) for kind in RequestKind)
(
    DONE,
    WOULD_TAKE,
    NOT_FILLABLE,
    INVALID_KIND,
    INVALID_OWNER,
    INVALID_SIDE,
    INVALID_PRICE,
    INVALID_SIZE,
    INVALID_DISPLAY,
    INVALID_TIME_IN_FORCE,
    INVALID_SELF_TRADE,
    UNKNOWN_ORDER,
    FINISHED_ORDER,
    REDUCE_TOO_LARGE,
    NOTIONAL_TOO_LARGE,
) = (int(status) for status in RequestStatus)
GTC, IOC, FOK, POST_ONLY, POST_ONLY_REPRICE = range(len(TimeInForce))
SELF_TRADES = len(SelfTradePrevention)
HIGHEST = 2**63 - 1
SMALL = 31
AHEAD = 4
CACHED_ORDERS = 1 << 13


@inlined
def _too_large(book, side, price, size):
    """Return whether so many lots at this price would make a side worth more than MAX_SIDE_NOTIONAL."""
    state = book.state[0]
    most = state.most_lots_times_ticks
    if (price | size) >> SMALL != 0 and price > most // size:
        return True
    product = price * size
    return product > most or book.halves[side].notional > MAX_SIDE_NOTIONAL - product * state.unit


@inlined
def _checked_limit(request):
    """Return what is wrong with the terms of a limit order, or DONE."""
    if request.price <= 0:
        return INVALID_PRICE
    if request.size <= 0:
        return INVALID_SIZE
    if request.display < 0:
        return INVALID_DISPLAY
    if request.time_in_force < 0 or request.time_in_force > POST_ONLY_REPRICE:
        return INVALID_TIME_IN_FORCE
    if request.self_trade < 0 or request.self_trade >= SELF_TRADES:
        return INVALID_SELF_TRADE
    return DONE


@inlined
def _resting(book, order_id, result):
    """Return the slot of an order; NONE where it does not rest, with the status in the result."""
    slot = np.int64(NONE)
    if order_id > 0:
        slot = find(book, order_id)
    if slot == NONE:
        known = 0 < order_id < book.state[0].next_order_id
        result.status = FINISHED_ORDER if known else UNKNOWN_ORDER
    return slot


@inlined
def _arrive(book, side, owner, request, price, worst):
    """Make a taker with the next id, which trades down to a worst price."""
    taker, state = book.taker[0], book.state[0]
    taker.order_id = state.next_order_id
    state.next_order_id += 1
    taker.side, taker.owner, taker.price, taker.worst, taker.left = side, owner, price, worst, request.size
    taker.self_trade, taker.display, taker.rests = np.int64(request.self_trade), 0, 0
    taker.filled = taker.notional = taker.taker_fee = taker.maker_rebate = taker.fills = 0


@inlined
def _complete(book, size, result, fills, prevented):
    """Let the taker trade, rest what is left of it if it may, and report; return whether that is done."""
    if not trade(book, fills, prevented):
        return False
    taker = book.taker[0]
    result.order_id = taker.order_id
    if taker.fills != 0:
        result.filled, result.notional, result.fills = taker.filled, taker.notional, taker.fills
        result.taker_fee, result.maker_rebate = taker.taker_fee, taker.maker_rebate
    resting = np.int64(0)
    if taker.rests != 0 and taker.left > 0:
        resting = taker.left
        result.price = taker.price
        shown = min(taker.display, resting) if taker.display > 0 else resting
        rest(book, taker.side, taker.order_id, taker.owner, taker.price, shown, resting - shown, taker.display)
    result.resting = resting
    result.cancelled = size - taker.filled - resting
    return True


@inlined
def _checked_market(book, request):
    """Return what is wrong with a market order, or with the owner and the side of a limit order; DONE if nothing."""
    if request.owner < 0 or request.owner >= book.state[0].owners:
        return INVALID_OWNER
    if request.side not in (1, -1):
        return INVALID_SIDE
    if request.kind == LIMIT:
        return DONE
    if request.size <= 0:
        return INVALID_SIZE
    if request.self_trade < 0 or request.self_trade >= SELF_TRADES:
        return INVALID_SELF_TRADE
    return DONE


@inlined
def _market(book, request, result):
    """Make a market order the taker; return whether it is one."""
    result.status = _checked_market(book, request)
    if result.status != DONE:
        return False
    side, worst = (BIDS, HIGHEST) if request.side == 1 else (ASKS, 0)
    _arrive(book, side, np.int64(request.owner), request, 0, worst)
    return True


@inlined
def _refusal(book, time_in_force):
    """Return why the taker cannot be honoured, or DONE."""
    taker = book.taker[0]
    if time_in_force == FOK:
        whole = fills_whole(book, taker.side, taker.owner, taker.price, taker.left, taker.self_trade)
        return DONE if whole else NOT_FILLABLE
    if taker.price == 0 or (time_in_force == POST_ONLY and meets(book, taker.side, taker.price)):
        return WOULD_TAKE
    return DONE


@inlined
def _limit(book, request, result):
    """Make a limit order the taker, in place of an old one where it replaces one; return whether it is one."""
    old = np.int64(NONE)
    if request.kind == REPLACE:
        old = _resting(book, request.order_id, result)
        if old == NONE:
            return False
        order = book.orders[old]
        side, owner = book.levels[order.level].side, np.int64(order.owner)
    else:
        result.status = _checked_market(book, request)
        if result.status != DONE:
            return False
        side, owner = np.int64(BIDS if request.side == 1 else ASKS), np.int64(request.owner)
    result.status = _checked_limit(request)
    if result.status != DONE:
        return False
    price, size, time_in_force = request.price, request.size, request.time_in_force
    if time_in_force == POST_ONLY_REPRICE and meets(book, side, price):
        best = book.levels[np.int64(book.halves[1 - side].best)].price
        price = best - 1 if side == BIDS else best + 1
    if price > 0 and _too_large(book, side, price, size):
        result.status = NOTIONAL_TOO_LARGE
        return False
    _arrive(book, side, owner, request, price, price)
    result.status = _refusal(book, time_in_force)
    taker = book.taker[0]
    if result.status != DONE:
        result.order_id, result.cancelled = taker.order_id, size
        return False
    if old != NONE:
        take_out(book, old)
    taker.rests = 0 if time_in_force in (IOC, FOK) else 1
    taker.display = request.display if request.display < size else 0
    return True


@inlined
def _cancel(book, request, result):
    slot = _resting(book, request.order_id, result)
    if slot != NONE:
        result.order_id = request.order_id
        result.cancelled = take_out(book, slot)


@inlined
def _reduce(book, request, result):
    slot = _resting(book, request.order_id, result)
    if slot == NONE:
        return
    order, by = book.orders[slot], request.size
    if by <= 0:
        result.status = INVALID_SIZE
    elif by >= order.shown + order.hidden:
        result.status, result.resting = REDUCE_TOO_LARGE, order.shown + order.hidden
    else:
        reduce(book, slot, by)
        result.order_id, result.resting = request.order_id, order.shown + order.hidden


@inlined
def _clear(result):
    """Make a result that of a request that did nothing."""
    result.order_id = result.filled = result.resting = result.price = result.cancelled = result.notional = 0
    result.taker_fee = result.maker_rebate = result.status = result.fills = 0


@inlined
def _has_room(book):
    """Return whether one more order can be put into the book, wherever that is."""
    state = book.state[0]
    return max(state.free_order, state.free_level) != NONE and state.spare_nodes >= SPARE_NODES


@inlined
def _do(book, request, result, fills, prevented):
    """Do a request that is no cancel, or what is left of one that waits; return whether it is done."""
    kind, trades = request.kind, False
    if book.taker[0].waits != 0:
        trades = True
    elif kind == REDUCE:
        _reduce(book, request, result)
    elif kind == MARKET:
        trades = _market(book, request, result)
    elif kind not in (LIMIT, REPLACE):
        result.status = INVALID_KIND
    elif not _has_room(book):
        return False
    else:
        trades = _limit(book, request, result)
    return not trades or _complete(book, request.size, result, fills, prevented)


@inlined
def _look_ahead(book, requests, index):
    """Bring what coming requests will touch into the cache, a step of the way at a time."""
    if index + 3 * AHEAD >= len(requests):
        return
    chains, orders = book.chains, book.orders
    last = len(chains) - 1
    prefetch(chains, requests[index + 3 * AHEAD].order_id & last)
    slot = np.int64(chains[requests[index + 2 * AHEAD].order_id & last])
    if slot != NONE:
        prefetch(orders, slot)
    soon = requests[index + AHEAD]
    if soon.kind == LIMIT:
        level = level_at(book, BIDS if soon.side == 1 else ASKS, max(np.int64(0), soon.price))
        if level != NONE:
            prefetch(orders, np.int64(book.levels[level].last))
        return
    if soon.kind == MARKET:
        best = np.int64(book.halves[ASKS if soon.side == 1 else BIDS].best)
        if best != NONE:
            prefetch(orders, np.int64(book.levels[best].first))
        return
    slot = np.int64(chains[soon.order_id & last])
    if slot != NONE:
        order = orders[slot]
        prefetch(book.levels, np.int64(order.level))
        if order.ahead != NONE:
            prefetch(orders, np.int64(order.ahead))
        if order.behind != NONE:
            prefetch(orders, np.int64(order.behind))


@loop
def run_requests(book, requests, results, fills, prevented, first):
    """Do the requests from `first` on.

    Args:
        book: BookArrays.
        requests: shape (n,), dtype BOOK_REQUEST.
        results: shape (n,), dtype BOOK_RESULT, written over.
        fills: shape (any,), dtype BOOK_FILL, used from state.fills on where state.keeps_fills is not 0.
        prevented: shape (any,), dtype PREVENTED_TRADE, used from state.prevented on.
        first: int64.

    Returns:
        How many are done; where that is not all, more room is needed for fills, for prevented trades (then the next
        request waits half done), or for orders.
    """
    large = len(book.orders) > CACHED_ORDERS
    for index in range(first, len(requests)):
        if large:
            _look_ahead(book, requests, index)
        request, result = requests[index], results[index]
        _clear(result)
        if request.kind == CANCEL:
            _cancel(book, request, result)
        elif not _do(book, request, result, fills, prevented):
            return index
    return len(requests)


@loop
def put_orders(book, orders, first):
    """Put orders into a book, from `first` on, as far as there is room; return how many are there then.

    Args:
        book: BookArrays.
        orders: shape (n,), dtype BOOK_ORDER, those at one price in queue order.
        first: int64.
    """
    for index in range(first, len(orders)):
        if not _has_room(book):
            return index
        order = orders[index]
        rest(book, order.side, order.order_id, order.owner, order.price, order.shown, order.hidden, order.display)
    return len(orders)
