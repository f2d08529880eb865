"""A v2 pair with one liquidity provider, through a path and a tape: `compare.pair_venue`, compiled."""

from typing import Any, NamedTuple

from amm import arbitrage
from amm._compiled import pair_swaps
from amm._compiled.addressing import get, load, put
from amm._compiled.limbs import as_signed, as_unsigned, leading_zeros, to_float, to_wide
from amm._compiled.pair_arrays import PairRow
from amm._compiled.plain_functions import compiled
from amm.math import constant_product, pair_shares
from compare import pair_venue, taker_limits, venue
from compare._compiled import books
from compare._compiled.clock import ARBITRAGE, END, FAIR, ORDER_NEXT, REFRESH, TIME, next_event
from compare._compiled.records import PAIR_VENUE, wide, word
from compare.clocks import SECOND_NS
from compare.provider_book import Amounts
from lpmm_numba.disk_cache import compiled_loop
from lpmm_numba.parts import part

_all_in_limit = compiled(venue.all_in_limit)
_pair_limit = compiled(taker_limits.pair_limit)
_pair_trade_at_ratio = compiled(arbitrage.pair_trade_at_ratio)
_get_amount_out = compiled(constant_product.get_amount_out)
_amounts_redeemed = compiled(pair_shares.amounts_redeemed)
_fee_share = compiled(pair_venue.fee_share)

DONE, REFUSED = 0, 1
"""Whether a loop got to its end, or met what the plain engine has to judge."""

RESERVE0, RESERVE1, TOTAL_SUPPLY = int(PairRow.RESERVE0), int(PairRow.RESERVE1), int(PairRow.TOTAL_SUPPLY)
CLAIM, DUST = wide(PAIR_VENUE, "claim_base"), wide(PAIR_VENUE, "dust_base")
SHARES, GAS = wide(PAIR_VENUE, "shares"), wide(PAIR_VENUE, "gas")
SETTLED, BASE_IS_TOKEN0 = word(PAIR_VENUE, "settled"), word(PAIR_VENUE, "base_is_token0")

KEEP = pair_venue.KEEP / pair_venue.WHOLE
_LEAST_ZEROS = 3 * 256 - 244  # of three factors, for a thousand times their product to fit a signed wide integer
_SURELY_LESS, _SURELY_MORE = 1 - 1e-9, 1 + 1e-9  # roundings of floats here add up to some 1e-15


class PairWorld(NamedTuple):
    """Where the parts of a world stand in memory; the pair is the rows of `amm._compiled.pair_arrays`."""

    pair: int
    venue: int
    provider: int
    ledger: int


class Swap(NamedTuple):
    """A swap to do: its direction, and the amount paid or bought."""

    zero_for_one: Any
    exact_input: Any
    amount: Any


class Moment(NamedTuple):
    """When something happens, by whom, and the fair price in ticks."""

    time_ns: Any
    kind: Any
    fair_ticks: Any


@compiled_loop
def live_in_pair(world, clock, tape):
    """Live through every event up to the clock's end.

    Args:
        world: PairWorld.
        clock: The address of a CLOCK.
        tape: `compare._compiled.pool_world.Tape`.

    Returns:
        DONE, or REFUSED where the plain engine has to judge an event.
    """
    while True:
        event = next_event(clock)
        if event == END:
            return DONE
        if event == REFRESH:
            continue
        try:
            if event == ARBITRAGE:
                status = _arbitrage(world, get(clock, TIME), get(clock, FAIR))
            else:
                status = _take(world, clock, tape)
        except Exception:
            return REFUSED
        if status != DONE:
            return REFUSED


@part
def _reserves(world):
    """Return the reserves of base and of quote."""
    reserve0, reserve1 = as_signed(load(world.pair, RESERVE0)), as_signed(load(world.pair, RESERVE1))
    return Amounts(reserve0, reserve1) if get(world.venue, BASE_IS_TOKEN0) else Amounts(reserve1, reserve0)


@part
def _fits(base, quote, factor):
    """Whether products of both reserves and a factor, times a thousand, stay below 2**255."""
    return leading_zeros(base) + leading_zeros(quote) + leading_zeros(factor) > _LEAST_ZEROS


@part
def _arbitrage(world, time_ns, fair_ticks):
    """Make the best trade at the fair price, if it pays for its gas (PairVenue.arbitrage)."""
    if fair_ticks == get(world.venue, SETTLED):
        return DONE
    put(world.venue, SETTLED, fair_ticks)
    units, token0 = books.units_of(world.ledger), get(world.venue, BASE_IS_TOKEN0) != 0
    base, quote = units.quote, to_wide(fair_ticks) * units.base_tick
    held = _reserves(world)
    if _in_band(held, base, quote):
        return DONE
    if not _fits(held.base, held.quote, base) or not _fits(held.base, held.quote, quote):
        return REFUSED
    over, under = (quote, base) if token0 else (base, quote)
    reserve0, reserve1 = as_signed(load(world.pair, RESERVE0)), as_signed(load(world.pair, RESERVE1))
    zero_for_one, trade = _pair_trade_at_ratio(reserve0, reserve1, over, under)
    if trade.gain <= 0:
        return DONE
    gas = as_signed(load(world.venue, GAS))
    taker = _taker(zero_for_one, as_signed(trade.amount_in), as_signed(trade.amount_out), token0)
    if (taker.quote - gas) * units.quote + taker.base * (fair_ticks * units.base_tick) <= 0:
        return DONE
    swap = Swap(zero_for_one, True, as_unsigned(trade.amount_in))
    return _swap(world, swap, gas, Moment(time_ns, books.ARBITRAGE, fair_ticks))


@part
def _in_band(held, base, quote):
    """Say whether the fair price quote / base lies within the pair's fees by more than floats can be wrong."""
    ratio = to_float(held.quote) * to_float(base) / (to_float(held.base) * to_float(quote))
    return KEEP * _SURELY_MORE < ratio < _SURELY_LESS / KEEP


@part
def _take(world, clock, tape):
    """Swap for what an order's limit allows (PairVenue.take)."""
    number, fair_ticks = get(clock, ORDER_NEXT) - 1, get(clock, FAIR)
    side, units = get(tape.side, number), books.units_of(world.ledger)
    buy, token0 = side > 0, get(world.venue, BASE_IS_TOKEN0) != 0
    amount = to_wide(get(tape.lots, number)) * units.quote  # a lot: as many base units as a quote unit is wealth units
    limit = to_wide(_all_in_limit(side, get(tape.tolerance_pips, number), fair_ticks))
    held = _reserves(world)
    if buy or limit > 0:
        over, under = limit * units.base_tick, units.quote * venue.PIPS
        if not _fits(held.base, held.quote, over) or not _fits(held.base, held.quote, under):
            return REFUSED
        amount = min(amount, _pair_limit(limit, held.base, held.quote, units.quote, units.base_tick, buy))
    if amount == 0:
        return DONE
    if not buy and _get_amount_out(as_unsigned(amount), as_unsigned(held.base), as_unsigned(held.quote)) == 0:
        return DONE
    put(world.venue, SETTLED, -1)
    swap = Swap(buy != token0, not buy, as_unsigned(amount))
    return _swap(world, swap, to_wide(0), Moment(get(clock, TIME), get(tape.kind, number), fair_ticks))


@part
def _swap(world, swap, gas, moment):
    """Swap and book it."""
    time = moment.time_ns // SECOND_NS
    put(world.pair, pair_swaps.TIMESTAMP, time)
    done, amount_in, amount_out = pair_swaps.trade(world.pair, time, swap.zero_for_one, swap.exact_input, swap.amount)
    if not done:
        return REFUSED
    _book(world, swap.zero_for_one, as_signed(amount_in), as_signed(amount_out), gas, moment)
    return DONE


@part
def _taker(zero_for_one, amount_in, amount_out, token0):
    """Return what a taker received: base is what was paid where the swap goes down and base is token0, or neither."""
    return Amounts(-amount_in, amount_out) if zero_for_one == token0 else Amounts(amount_out, -amount_in)


@part
def _book(world, zero_for_one, amount_in, amount_out, gas, moment):
    """Book a swap that has happened (PairVenue._book)."""
    venue, token0, units = world.venue, get(world.venue, BASE_IS_TOKEN0) != 0, books.units_of(world.ledger)
    reserve0, reserve1 = load(world.pair, RESERVE0), load(world.pair, RESERVE1)
    shares, supply = load(venue, SHARES), load(world.pair, TOTAL_SUPPLY)
    claim0, claim1 = _amounts_redeemed(shares, reserve0, reserve1, supply)
    claim = books.ordered(claim0, claim1, token0)
    change, held = books.update(venue, CLAIM, claim), _reserves(world)
    dust = books.update(venue, DUST, Amounts(held.base - claim.base, held.quote - claim.quote))
    part, nothing = _fee_share(amount_in, as_signed(shares), as_signed(supply)), to_wide(0)
    fee = Amounts(part, nothing) if zero_for_one == token0 else Amounts(nothing, part)
    taker = _taker(zero_for_one, amount_in, amount_out, token0)
    books.receive(world.provider, moment.kind, change, fee, moment.fair_ticks, units)
    books.book_taker(world.ledger, moment.kind, taker, moment.fair_ticks, units)
    books.move(world.ledger, books.DUST, dust, units)
    books.book_gas(world.ledger, moment.kind, gas, units)
