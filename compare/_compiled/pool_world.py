"""A v3 pool with a passive liquidity provider, through a path and a tape: `compare.pool_venue`, compiled."""

from typing import Any, NamedTuple

import numpy as np

from amm import accounting, arbitrage
from amm._compiled import v3_swaps
from amm._compiled.addressing import get, load, put
from amm._compiled.limbs import as_signed, as_unsigned, to_float, to_wide
from amm._compiled.plain_functions import compiled
from amm._compiled.v3_positions import load_position, slot_of, view_of
from amm._compiled.v3_swaps import load_tick
from amm._compiled.wide_type import WideConstant
from amm.uniswap_v3 import position as positions
from amm.uniswap_v3 import tick as ticks
from compare import taker_limits, venue
from compare._compiled import books, bundle
from compare._compiled.clock import ARBITRAGE, END, FAIR, ORDER, ORDER_NEXT, REFRESH, TIME, next_event
from compare._compiled.records import POOL_VENUE, POSITION, wide, word
from compare.pool_venue import NANOSECONDS
from compare.provider_book import Amounts
from lpmm_numba.disk_cache import compiled_loop
from lpmm_numba.parts import part

_all_in_limit = compiled(venue.all_in_limit)
_pool_limit_x96 = compiled(taker_limits.pool_limit_x96)
_limit_at_ratio = compiled(arbitrage.limit_at_ratio)
_amounts_around = compiled(accounting.amounts_around)
_fee_growth_inside = compiled(ticks.fee_growth_inside)
_position_updated = compiled(positions.updated)

EVERYTHING = WideConstant(2**127)  # more than any pool holds; the price limit ends the swap

PIPS = venue.PIPS
_SURELY_LESS, _SURELY_MORE = 1 - 1e-9, 1 + 1e-9  # roundings of floats here add up to some 1e-15
_Q192 = 2.0**192

DONE, REFUSED, PASSED, OUTSIDE = 0, 1, 2, 3
"""Whether a loop got to its end, or met what the plain engine has to judge; that nobody wrapped an order; and that a
provider who follows the price is outside of it, and moves now."""

PRINCIPAL, CLAIMED_FEES = wide(POOL_VENUE, "principal_base"), wide(POOL_VENUE, "fees_base")
PROTOCOL, DUST, GAS = wide(POOL_VENUE, "protocol_base"), wide(POOL_VENUE, "dust_base"), wide(POOL_VENUE, "gas")
RANGES, SETTLED, BASE_IS_TOKEN0, FOLLOWS = (
    word(POOL_VENUE, name) for name in ("ranges", "settled", "base_is_token0", "follows")
)
LOW, HIGH, LIQUIDITY = (wide(POSITION, name) for name in ("low_x96", "high_x96", "liquidity"))
TICK_LOWER, TICK_UPPER = word(POSITION, "tick_lower"), word(POSITION, "tick_upper")
POSITION_SIZE = POSITION.itemsize


class PoolWorld(NamedTuple):
    """Where the parts of a world stand in memory."""

    pool: Any
    """`amm._compiled.pool_arrays.Addresses`."""
    venue: int
    positions: int
    provider: int
    ledger: int


class Watcher(NamedTuple):
    """Where a just-in-time provider stands in memory: a BUNDLER and its page of the ledger."""

    bundler: int
    page: int


class Tape(NamedTuple):
    """Where the columns of the orders stand in memory, as int64 each."""

    side: int
    lots: int
    tolerance_pips: int
    kind: int
    uid: int


class Aim(NamedTuple):
    """A swap to do: its direction, amount and limit."""

    zero_for_one: Any
    amount_specified: Any
    limit_x96: Any


@compiled_loop
def live_in_pool(world, clock, tape, fee, watcher):
    """Live through every event up to the clock's end.

    Args:
        world: PoolWorld.
        clock: The address of a CLOCK.
        tape: Tape.
        fee: The pool's, pips.
        watcher: Watcher, or None, for which a loop without bundles is compiled.

    Returns:
        DONE, REFUSED where the plain engine has to judge an event, or OUTSIDE where it has to do one, after which the
        loop can go on.
    """
    while True:
        event = next_event(clock)
        if event == END:
            return DONE
        if event == REFRESH:
            if get(world.venue, FOLLOWS) and _outside(world):
                return OUTSIDE
            continue
        if event == ARBITRAGE:
            kind = books.ARBITRAGE
            wanted, aim = _edge(world, get(clock, FAIR), fee)
        else:
            kind = get(tape.kind, get(clock, ORDER_NEXT) - 1)
            wanted, aim = _order(world, clock, tape, fee)
        status = PASSED if wanted else DONE
        if watcher is not None and wanted and event == ORDER:
            uid = get(tape.uid, get(clock, ORDER_NEXT) - 1)
            if bundle.sees(watcher.bundler, uid):
                status = _wrap(world, watcher, aim, kind, get(clock, TIME), get(clock, FAIR), fee)
        if status == PASSED:
            status = _swap(world, aim, kind, get(clock, TIME), get(clock, FAIR))
        if status != DONE:
            return REFUSED


@part
def _outside(world):
    """Return whether the pool's price is in no range of the provider's."""
    tick = get(world.pool.small, v3_swaps.TICK)
    for index in range(get(world.venue, RANGES)):
        position = world.positions + POSITION_SIZE * index
        if get(position, TICK_LOWER) <= tick < get(position, TICK_UPPER):
            return False
    return True


@part
def _nothing():
    """Return that there is no swap to do."""
    return False, Aim(False, to_wide(0), as_unsigned(to_wide(0)))


@part
def _edge(world, fair_ticks, fee):
    """Return whether there is an arbitrage, and the swap to the edge of the band (PoolVenue.arbitrage)."""
    if fair_ticks == get(world.venue, SETTLED):
        return _nothing()
    put(world.venue, SETTLED, fair_ticks)
    units = books.units_of(world.ledger)
    quote, base = to_wide(fair_ticks) * units.base_tick, units.quote
    token0 = get(world.venue, BASE_IS_TOKEN0) != 0
    over, under = quote if token0 else base, base if token0 else quote
    now_x96, keep = load(world.pool.wide, v3_swaps.SQRT_PRICE), 1.0 - fee / PIPS
    if _surely_below(over, under, keep, now_x96) and _surely_above(over, under, 1.0 / keep, now_x96):
        return _nothing()
    found, zero_for_one, limit_x96 = _limit_at_ratio(now_x96, fee, over, under)
    return found, Aim(zero_for_one, as_signed(EVERYTHING), as_unsigned(limit_x96))


@part
def _order(world, clock, tape, fee):
    """Return whether an order can trade at all, and its swap (PoolVenue.swap_for)."""
    number, fair_ticks = get(clock, ORDER_NEXT) - 1, get(clock, FAIR)
    units = books.units_of(world.ledger)
    side = get(tape.side, number)
    buy, token0 = side > 0, get(world.venue, BASE_IS_TOKEN0) != 0
    limit = to_wide(_all_in_limit(side, get(tape.tolerance_pips, number), fair_ticks))
    zero_for_one = buy != token0
    now_x96 = load(world.pool.wide, v3_swaps.SQRT_PRICE)
    if limit > 0:
        # A buyer pays P / (1 - fee) at the margin and a seller receives P (1 - fee).
        quote, keep = limit * units.base_tick, 1.0 - fee / PIPS
        base, factor = units.quote, (keep if buy else 1.0 / keep) / PIPS
        over, under = quote if token0 else base, base if token0 else quote
        share = factor if token0 else 1.0 / factor
        if zero_for_one and _surely_above(over, under, share, now_x96):
            return _nothing()
        if not zero_for_one and _surely_below(over, under, share, now_x96):
            return _nothing()
    limit_x96 = as_unsigned(_pool_limit_x96(limit, fee, units.quote, units.base_tick, buy, token0))
    wanted = limit_x96 < now_x96 if zero_for_one else limit_x96 > now_x96
    base = to_wide(get(tape.lots, number)) * units.quote  # a lot is as many base units as a quote unit is wealth units
    return wanted, Aim(zero_for_one, as_signed(-base if buy else base), limit_x96)


@part
def _surely_below(over, under, factor, now_x96):
    """Say whether sqrt(over / under * factor) is below the pool's price by more than floats can be wrong."""
    return np.sqrt(_ratio(over, under) * factor) < _SURELY_LESS * to_float(now_x96)


@part
def _surely_above(over, under, factor, now_x96):
    """Say whether sqrt(over / under * factor) is above the pool's price by more than floats can be wrong."""
    return np.sqrt(_ratio(over, under) * factor) > _SURELY_MORE * to_float(now_x96)


@part
def _ratio(over, under):
    """Return a ratio of positive integers times 2**192, nearly."""
    return to_float(over) / to_float(under) * _Q192


@part
def _wrap(world, watcher, aim, kind, time_ns, fair_ticks, fee):
    """Let the just-in-time provider execute a bundle around a swap if it pays (JustInTimeProvider.wrap)."""
    pool, bundler, token0 = world.pool, watcher.bundler, get(world.venue, BASE_IS_TOKEN0) != 0
    units = books.units_of(world.ledger)
    try:
        planned = bundle.plan(pool, bundler, aim, fee, token0)
    except Exception:
        return REFUSED
    if planned.liquidity == 0:
        return PASSED
    bundle.prepare(pool, bundler, planned)
    put(pool.small, v3_swaps.TIMESTAMP, time_ns // NANOSECONDS)
    try:
        done = bundle.execute(pool, bundler, planned, aim)
    except Exception:
        return REFUSED
    collected = books.ordered(*done.collected, token0)
    paid, burned = books.ordered(*done.paid, token0), books.ordered(*done.burned, token0)
    change = Amounts(collected.base - paid.base, collected.quote - paid.quote)
    gas = as_signed(load(bundler, bundle.GAS))
    if (change.quote - gas) * units.quote + change.base * (fair_ticks * units.base_tick) <= 0:
        bundle.undo(pool, bundler, planned)
        return PASSED
    put(bundler, bundle.BUNDLES, get(bundler, bundle.BUNDLES) + 1)
    bundle.fill_pocket(bundler, change)
    taker = _taker(aim.zero_for_one, done.total_in, done.total_out, token0)
    if _book(world, taker, to_wide(0), kind, fair_ticks, change) != DONE:
        return REFUSED
    fee_income = Amounts(collected.base - burned.base, collected.quote - burned.quote)
    books.receive(watcher.page, kind, change, fee_income, fair_ticks, units)
    bundle.hedge(watcher.page, world.ledger, bundler, change.base, fair_ticks, units)
    return DONE


@part
def _swap(world, aim, kind, time_ns, fair_ticks):
    """Swap and book it; an arbitrage only where it pays (PoolVenue._swap)."""
    pool, venue, token0 = world.pool, world.venue, get(world.venue, BASE_IS_TOKEN0) != 0
    units = books.units_of(world.ledger)
    zero_for_one = aim.zero_for_one
    if v3_swaps.check_swap(pool, zero_for_one, aim.amount_specified, aim.limit_x96) != v3_swaps.DONE:
        return REFUSED
    try:
        done = v3_swaps.walk_inlined(pool, zero_for_one, aim.amount_specified, aim.limit_x96)
    except Exception:
        return REFUSED
    if done.total_out > load(pool.wide, v3_swaps.BALANCE0 + (1 if zero_for_one else 0)):
        return REFUSED
    taker = _taker(zero_for_one, as_signed(done.total_in), as_signed(done.total_out), token0)
    gas = as_signed(load(venue, GAS)) if kind == books.ARBITRAGE else to_wide(0)
    if kind == books.ARBITRAGE:
        profit = (taker.quote - gas) * units.quote + taker.base * (fair_ticks * units.base_tick)
        if profit <= 0:
            return DONE
    put(pool.small, v3_swaps.TIMESTAMP, time_ns // NANOSECONDS)
    v3_swaps.commit_swap(pool, done, zero_for_one)
    return _book(world, taker, gas, kind, fair_ticks, Amounts(to_wide(0), to_wide(0)))


@part
def _taker(zero_for_one, total_in, total_out, token0):
    """Return what a taker received: token0 is what was paid where the swap goes down."""
    return Amounts(-total_in, total_out) if zero_for_one == token0 else Amounts(total_out, -total_in)


@part
def _book(world, taker, gas, kind, fair_ticks, others):
    """Book a swap that has happened, of which others have received so much (PoolVenue.book_swap)."""
    token0, units = get(world.venue, BASE_IS_TOKEN0) != 0, books.units_of(world.ledger)
    principal, fees = _look(world, token0)
    protocol, dust = _left(world, token0)
    if taker.base == 0 and taker.quote == 0:
        return DONE
    if kind != books.ARBITRAGE:
        put(world.venue, SETTLED, -1)
    change = Amounts(principal.base + fees.base, principal.quote + fees.quote)
    base = taker.base + change.base + protocol.base + dust.base + others.base
    quote = taker.quote + change.quote + protocol.quote + dust.quote + others.quote
    if base != 0 or quote != 0:
        return REFUSED
    books.receive(world.provider, kind, change, fees, fair_ticks, units)
    books.book_taker(world.ledger, kind, taker, fair_ticks, units)
    books.move(world.ledger, books.VENUE, protocol, units)
    books.move(world.ledger, books.DUST, dust, units)
    books.book_gas(world.ledger, kind, gas, units)
    return DONE


@part
def _look(world, token0):
    """Read the provider's claims anew, and return how principal and fees have changed (PoolPosition.look)."""
    pool = world.pool
    price_x96 = load(pool.wide, v3_swaps.SQRT_PRICE)
    principal0 = principal1 = fees0 = fees1 = as_unsigned(to_wide(0))
    for index in range(get(world.venue, RANGES)):
        position = world.positions + POSITION_SIZE * index
        low_x96, high_x96, liquidity = load(position, LOW), load(position, HIGH), load(position, LIQUIDITY)
        at_x96 = min(max(price_x96, low_x96), high_x96)
        amount0, amount1 = _amounts_around(low_x96, at_x96, high_x96, liquidity)
        principal0 += amount0
        principal1 += amount1
        owed0, owed1 = _uncollected(pool, index, get(position, TICK_LOWER), get(position, TICK_UPPER))
        fees0 += owed0
        fees1 += owed1
    principal = books.update(world.venue, PRINCIPAL, books.ordered(principal0, principal1, token0))
    return principal, books.update(world.venue, CLAIMED_FEES, books.ordered(fees0, fees1, token0))


@part
def _uncollected(pool, slot, lower, upper):
    """Return what a poke and a collect would pay of both tokens (amm.accounting.uncollected_fees)."""
    ends = load_tick(pool, slot_of(pool, lower)), load_tick(pool, slot_of(pool, upper))
    inside_x128 = _fee_growth_inside(view_of(pool), *ends, to_wide(lower), to_wide(upper))
    position = _position_updated(load_position(pool, slot), to_wide(0), inside_x128)
    return position.tokens_owed0, position.tokens_owed1


@part
def _left(world, token0):
    """Return how the protocol's fees and the rounding dust have changed (PoolVenue._protocol_change, _dust_change)."""
    pool, venue = world.pool, world.venue
    fees0, fees1 = load(pool.wide, v3_swaps.PROTOCOL_FEES0), load(pool.wide, v3_swaps.PROTOCOL_FEES0 + 1)
    held = books.ordered(load(pool.wide, v3_swaps.BALANCE0), load(pool.wide, v3_swaps.BALANCE0 + 1), token0)
    protocol = books.update(venue, PROTOCOL, books.ordered(fees0, fees1, token0))
    dust = Amounts(
        held.base - books.signed(venue, PROTOCOL) - books.signed(venue, PRINCIPAL) - books.signed(venue, CLAIMED_FEES),
        held.quote
        - books.signed(venue, PROTOCOL + 1)
        - books.signed(venue, PRINCIPAL + 1)
        - books.signed(venue, CLAIMED_FEES + 1),
    )
    return protocol, books.update(venue, DUST, dust)
