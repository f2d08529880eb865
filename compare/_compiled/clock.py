"""The next event of a run, found from the path, the tape and the two clocks as time goes on.

The order is that of `compare.clocks.Timeline`: at one moment the fair price moves first, then the arbitrageur and the
maker act in the order of the clocks, then the takers of the tape. A clock ticks only after news: a move of the fair
price, an order just before, and for the maker an arbitrage just before, or a move that reaches it late.
"""

from amm._compiled.addressing import get, put
from compare._compiled.records import CLOCK, NEVER, word
from lpmm_numba.parts import part

ARBITRAGE, REFRESH, ORDER, END = 0, 1, 2, 3

TIME, FAIR, STAGE, UNTIL, START = (
    word(CLOCK, name) for name in ("time_ns", "fair_ticks", "stage", "until_ns", "start_ns")
)
PATH_TIMES, PATH_TICKS, PATH_NEXT, PATH_COUNT = (
    word(CLOCK, name) for name in ("path_times", "path_ticks", "path_next", "path_count")
)
ORDER_TIMES, ORDER_NEXT, ORDER_COUNT = (word(CLOCK, name) for name in ("order_times", "order_next", "order_count"))
LATE_TIMES, LATE_NEXT, LATE_COUNT = (word(CLOCK, name) for name in ("late_times", "late_next", "late_count"))
ARBITRAGEUR_FIRST, LATE_REFRESH = word(CLOCK, "arbitrageur_first"), word(CLOCK, "late_refresh")
PENDING, INTERVAL, TICKS, TICK_NEXT, TICK_COUNT = (
    word(CLOCK, name) for name in ("pending", "interval_ns", "ticks", "tick_next", "tick_count")
)


@part
def next_event(clock):
    """Go on to the next event, and return which it is; an order's number is the one before the clock's ORDER_NEXT."""
    while True:
        stage, time = get(clock, STAGE), get(clock, TIME)
        if stage < 2:  # noqa: PLR2004 - both clocks have had their turn after two
            put(clock, STAGE, stage + 1)
            which = stage if get(clock, ARBITRAGEUR_FIRST) else 1 - stage
            if get(clock, PENDING + which) == time:
                if which == ARBITRAGE:
                    put(clock, PENDING + ARBITRAGE, NEVER)
                    if get(clock, PENDING + REFRESH) == time:
                        put(clock, LATE_REFRESH, 1)  # what is news now comes after the refresh of this moment
                    else:
                        _hear(clock, REFRESH, time + 1)
                    return ARBITRAGE
                put(clock, PENDING + REFRESH, NEVER)
                if get(clock, LATE_REFRESH):
                    put(clock, LATE_REFRESH, 0)
                    _hear(clock, REFRESH, time + 1)
                return REFRESH
            continue
        number = get(clock, ORDER_NEXT)
        if number < get(clock, ORDER_COUNT) and get(get(clock, ORDER_TIMES), number) == time:
            put(clock, ORDER_NEXT, number + 1)
            _hear(clock, ARBITRAGE, time + 1)
            _hear(clock, REFRESH, time + 1)
            return ORDER
        moment = _next_moment(clock)
        if moment > get(clock, UNTIL):
            return END
        put(clock, TIME, moment)
        put(clock, STAGE, 0)
        _move(clock, moment)


@part
def _next_moment(clock):
    """Return when anything happens next; NEVER where nothing is known to."""
    moment = min(get(clock, PENDING + ARBITRAGE), get(clock, PENDING + REFRESH))
    point, number = get(clock, PATH_NEXT), get(clock, ORDER_NEXT)
    if point < get(clock, PATH_COUNT):
        moment = min(moment, get(get(clock, PATH_TIMES), point))
    if number < get(clock, ORDER_COUNT):
        moment = min(moment, get(get(clock, ORDER_TIMES), number))
    late = get(clock, LATE_NEXT)
    if late < get(clock, LATE_COUNT):
        moment = min(moment, get(get(clock, LATE_TIMES), late))
    return moment


@part
def _move(clock, moment):
    """Take the fair price of this moment; a move is news to both clocks, and once more to a maker that sees it late."""
    point = get(clock, PATH_NEXT)
    if point < get(clock, PATH_COUNT) and get(get(clock, PATH_TIMES), point) == moment:
        put(clock, PATH_NEXT, point + 1)
        ticks = get(get(clock, PATH_TICKS), point)
        if ticks != get(clock, FAIR):
            put(clock, FAIR, ticks)
            _hear(clock, ARBITRAGE, moment)
            _hear(clock, REFRESH, moment)
    late = get(clock, LATE_NEXT)
    if late < get(clock, LATE_COUNT) and get(get(clock, LATE_TIMES), late) == moment:
        put(clock, LATE_NEXT, late + 1)
        _hear(clock, REFRESH, moment)


@part
def _hear(clock, which, news):
    """Let a clock tick at its first time at or after some news, unless it will tick anyway."""
    if get(clock, PENDING + which) != NEVER:
        return
    ticks = get(clock, TICKS + which)
    if ticks == 0:
        start, interval = get(clock, START), get(clock, INTERVAL + which)
        put(clock, PENDING + which, start + (news - start + interval - 1) // interval * interval)
        return
    at, count = get(clock, TICK_NEXT + which), get(clock, TICK_COUNT + which)
    while at < count and get(ticks, at) < news:
        at += 1
    put(clock, TICK_NEXT + which, at)
    put(clock, PENDING + which, get(ticks, at) if at < count else NEVER)
