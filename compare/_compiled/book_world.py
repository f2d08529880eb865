"""A book with one quoting maker, through a path and a tape: `compare.book_venue`, compiled.

With one maker of one level a side, the book is that maker's two orders: whatever rests after a refresh is what it can
pay for of what it wants.
"""

from typing import Any, NamedTuple

from amm._compiled.addressing import get, load, put, store
from amm._compiled.limbs import as_signed, as_unsigned, to_machine, to_wide
from amm._compiled.plain_functions import compiled
from compare import taker_limits, venue
from compare._compiled import books
from compare._compiled.clock import ARBITRAGE, END, FAIR, ORDER_NEXT, REFRESH, TIME, next_event
from compare._compiled.quotes import View, wanted_prices, wanted_sizes
from compare._compiled.records import BOOK_VENUE, wide, word
from compare.provider_book import Amounts
from lpmm_numba.disk_cache import compiled_loop
from lpmm_numba.parts import part
from orderbook import _capital, fees

_all_in_limit = compiled(venue.all_in_limit)
_book_limit = compiled(taker_limits.book_limit)
_stale_ask_limit, _stale_bid_limit = compiled(taker_limits.stale_ask_limit), compiled(taker_limits.stale_bid_limit)
_taker_fee, _maker_rebate = compiled(fees.taker_fee), compiled(fees.maker_rebate)
_cost_of_lot = compiled(_capital.cost_of_lot)

DONE, REFUSED = 0, 1
"""Whether a loop got to its end, or met what the plain engine has to judge."""

CASH = wide(BOOK_VENUE, "cash")
HOLDING, TARGET, REFERENCE = (word(BOOK_VENUE, name) for name in ("holding", "target", "reference_ticks"))
REBATE, TAKER_FEE = word(BOOK_VENUE, "rebate_pips"), word(BOOK_VENUE, "taker_fee_pips")
BID_PRICE, BID_SIZE = word(BOOK_VENUE, "bid_price"), word(BOOK_VENUE, "bid_size")
ASK_PRICE, ASK_SIZE = word(BOOK_VENUE, "ask_price"), word(BOOK_VENUE, "ask_size")
LAG, PAST_TIMES, PAST_TICKS, PAST_COUNT, PAST_AT = (
    word(BOOK_VENUE, name) for name in ("lag_ns", "past_times", "past_ticks", "past_count", "past_at")
)
MAX_LONG, MAX_SHORT = word(BOOK_VENUE, "max_long"), word(BOOK_VENUE, "max_short")


class BookWorld(NamedTuple):
    """Where the parts of a world stand in memory."""

    venue: int
    provider: int
    ledger: int


class Taken(NamedTuple):
    """Who takes: the kind of flow, and the fair price in ticks."""

    kind: Any
    fair_ticks: Any


@compiled_loop
def live_in_book(world, clock, tape, strategy):
    """Live through every event up to the clock's end.

    Args:
        world: BookWorld.
        clock: The address of a CLOCK.
        tape: `compare._compiled.pool_world.Tape`.
        strategy: `compare._compiled.strategies.Strategy`.

    Returns:
        DONE, or REFUSED where the plain engine has to judge an event.
    """
    while True:
        event = next_event(clock)
        if event == END:
            return DONE
        if event == ARBITRAGE:
            status = _arbitrage(world, get(clock, FAIR))
        elif event == REFRESH:
            status = _refresh(world, get(clock, TIME), get(clock, FAIR), strategy)
        else:
            status = _take(world, clock, tape)
        if status != DONE:
            return status


@part
def _arbitrage(world, fair_ticks):
    """Take every stale quote that pays after the fee (BookVenue.arbitrage)."""
    fee = get(world.venue, TAKER_FEE)
    taken = Taken(books.ARBITRAGE, fair_ticks)
    size = get(world.venue, ASK_SIZE)
    if size > 0 and get(world.venue, ASK_PRICE) <= _stale_ask_limit(fair_ticks, fee):
        status = _fill(world, True, size, taken)
        if status != DONE:
            return status
    size = get(world.venue, BID_SIZE)
    if size > 0 and get(world.venue, BID_PRICE) >= _stale_bid_limit(fair_ticks, fee):
        return _fill(world, False, size, taken)
    return DONE


@part
def _take(world, clock, tape):
    """Fill an order up to its all-in price (BookVenue.take)."""
    number, fair_ticks = get(clock, ORDER_NEXT) - 1, get(clock, FAIR)
    side, fee = get(tape.side, number), get(world.venue, TAKER_FEE)
    buy = side > 0
    rests = get(world.venue, ASK_SIZE if buy else BID_SIZE)
    if rests == 0:
        return DONE
    limit = _book_limit(_all_in_limit(side, get(tape.tolerance_pips, number), fair_ticks), fee, buy)
    price = get(world.venue, ASK_PRICE if buy else BID_PRICE)
    if (price - limit) * side > 0:
        return DONE
    return _fill(world, buy, min(get(tape.lots, number), rests), Taken(get(tape.kind, number), fair_ticks))


@part
def _fill(world, buy, size, taken):
    """Let a taker trade with the maker's order, and book it (BookVenue._take)."""
    venue, units = world.venue, books.units_of(world.ledger)
    price = get(venue, ASK_PRICE if buy else BID_PRICE)
    notional = to_wide(price) * to_wide(size) * units.base_tick
    fee, rebate = _taker_fee(notional, get(venue, TAKER_FEE)), _maker_rebate(notional, get(venue, REBATE))
    lots = size if buy else -size
    paid = notional if buy else -notional
    base = to_wide(lots) * units.quote  # a lot is as many base units as a quote unit is wealth units
    cash, holding = as_signed(load(venue, CASH)) + paid + rebate, get(venue, HOLDING) - lots
    if cash < 0 or holding < 0:
        return REFUSED
    store(venue, CASH, as_unsigned(cash))
    put(venue, HOLDING, holding)
    rests = ASK_SIZE if buy else BID_SIZE
    put(venue, rests, get(venue, rests) - size)
    nothing = to_wide(0)
    taker, change = Amounts(base, -paid - fee), Amounts(-base, paid + rebate)
    prices = taken.fair_ticks, get(venue, REFERENCE)
    books.receive_quoted(world.provider, taken.kind, change, Amounts(nothing, rebate), prices, units)
    books.book_taker(world.ledger, taken.kind, taker, taken.fair_ticks, units)
    books.move(world.ledger, books.VENUE, Amounts(nothing, fee - rebate), units)
    return DONE


@part
def _refresh(world, time_ns, fair_ticks, strategy):
    """Let the maker see the fair price and quote anew (orderbook.MarketMaker.refresh)."""
    venue = world.venue
    seen_ticks = _look(venue, time_ns, fair_ticks)
    put(venue, REFERENCE, seen_ticks)
    holding = get(venue, HOLDING)
    view = View(time_ns, seen_ticks, holding - get(venue, TARGET))
    prices = wanted_prices(view, strategy)
    if not prices.right:
        return REFUSED
    sizes = wanted_sizes(view, strategy)
    bid_size = min(sizes.bid, get(venue, MAX_LONG) - view.inventory)
    ask_size = min(sizes.ask, get(venue, MAX_SHORT) + view.inventory, holding)
    put(venue, BID_PRICE, prices.bid)
    put(venue, BID_SIZE, _payable(world, prices.bid, bid_size) if prices.bid > 0 and bid_size > 0 else 0)
    put(venue, ASK_PRICE, prices.ask)
    put(venue, ASK_SIZE, ask_size if prices.ask > 0 and ask_size > 0 else 0)
    return DONE


@part
def _look(venue, time_ns, fair_ticks):
    """Return the fair price that the maker sees (compare.information.DelayedPrice.at)."""
    lag = get(venue, LAG)
    if lag == 0:
        return fair_ticks
    at, times, last = get(venue, PAST_AT), get(venue, PAST_TIMES), get(venue, PAST_COUNT) - 1
    while at < last and get(times, at + 1) <= time_ns - lag:
        at += 1
    put(venue, PAST_AT, at)
    return get(get(venue, PAST_TICKS), at)


@part
def _payable(world, price, size):
    """Return how many lots of a bid the cash pays for (orderbook's payable_bids)."""
    units = books.units_of(world.ledger)
    cost = _cost_of_lot(to_wide(price), units.base_tick, get(world.venue, REBATE))
    cash = as_signed(load(world.venue, CASH))
    if cash < cost * size:
        return to_machine(cash // cost) if cash >= cost else 0
    return size
