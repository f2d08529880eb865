"""A just-in-time provider around one swap: `compare.just_in_time_provider`, compiled.

The trial, which the plain provider makes on a copy of the pool, is made on the pool itself, and undone where it does
not pay.
"""

from typing import Any, NamedTuple

import numpy as np

from amm._compiled import v3_swaps
from amm._compiled.addressing import get, load, put, store
from amm._compiled.division import divide
from amm._compiled.floats import nearest_float, to_integer
from amm._compiled.limbs import as_signed, as_unsigned, multiply_full, to_wide
from amm._compiled.operators import ZERO
from amm._compiled.plain_functions import compiled
from amm._compiled.pool_arrays import POSITION_WIDE, TICK_WIDE, PositionWide
from amm._compiled.v3_positions import modify_position, slot_of
from amm._compiled.wide_type import WideConstant
from compare import just_in_time_provider as plain
from compare._compiled import books
from compare._compiled.records import BUNDLER, wide, word
from compare.liquidity import MOST_LIQUIDITY
from compare.provider_book import Amounts
from lpmm_numba.parts import part

_best_for_input, _best_for_output = compiled(plain.best_for_input), compiled(plain.best_for_output)

MOST = WideConstant(MOST_LIQUIDITY - 1)
MAX_UINT128 = WideConstant(2**128 - 1)
LARGEST_AMOUNT = WideConstant(1 << 96)  # below it no term here needs more than 512 bits
GOLDEN = np.uint64(plain.GOLDEN)
LEAST_SHARE = plain.LEAST_SHARE
_Q96 = 2.0**96
_LARGEST_SIZE = 2.0**127

POCKET, THRESHOLD, GAS = wide(BUNDLER, "pocket_base"), wide(BUNDLER, "threshold"), wide(BUNDLER, "gas")
SLOT, SPARE, TICK_SLOTS = word(BUNDLER, "slot"), word(BUNDLER, "spare"), word(BUNDLER, "tick_slots")
BUNDLES, UNDO = word(BUNDLER, "bundles"), word(BUNDLER, "undo")
OWED0 = int(PositionWide.TOKENS_OWED0)
MIN_TICK, MAX_TICK = v3_swaps.MIN_TICK, v3_swaps.MAX_TICK


class Bundle(NamedTuple):
    """A range, and the liquidity to mint in it; none where there is nothing to do."""

    lower: Any
    upper: Any
    liquidity: Any


class Outcome(NamedTuple):
    """What a bundle did, in signed pool amounts."""

    total_in: Any
    """What the taker's swap paid in."""
    total_out: Any
    paid: Any
    """What minting cost of both tokens."""
    burned: Any
    collected: Any


@part
def sees(bundler, uid):
    """Say whether an order is among the visible share, by its number alone."""
    return as_unsigned(np.uint64(uid) * GOLDEN) < load(bundler, THRESHOLD)


@part
def plan(pool, bundler, aim, fee, token0):
    """Return the range of a swap's move and the best liquidity for it (JustInTimeProvider._bundle).

    Raises:
        What the walk raises, and ValueError for what else the plain engine refuses.
    """
    nothing = Bundle(0, 0, as_unsigned(ZERO))
    if v3_swaps.check_swap(pool, aim.zero_for_one, aim.amount_specified, aim.limit_x96) != v3_swaps.DONE:
        raise ValueError
    alone = v3_swaps.walk(pool, aim.zero_for_one, aim.amount_specified, aim.limit_x96)
    if alone.total_out > load(pool.wide, v3_swaps.BALANCE0 + (1 if aim.zero_for_one else 0)):
        raise ValueError
    there = load(pool.wide, v3_swaps.LIQUIDITY)
    if alone.total_in == 0 or alone.total_out == 0 or there == 0:
        return nothing
    spacing, tick = get(pool.small, v3_swaps.TICK_SPACING), get(pool.small, v3_swaps.TICK)
    lower = min(tick, alone.tick) // spacing * spacing
    upper = (max(tick, alone.tick) // spacing + 1) * spacing
    if lower < MIN_TICK or upper > MAX_TICK:
        return nothing
    now_x96 = load(pool.wide, v3_swaps.SQRT_PRICE)
    low_x96, high_x96 = v3_swaps.sqrt_ratio_at_tick(pool, lower), v3_swaps.sqrt_ratio_at_tick(pool, upper)
    base, quote = books.signed(bundler, POCKET), books.signed(bundler, POCKET + 1)
    amount0, amount1 = base if token0 else quote, quote if token0 else base
    liquidity = _liquidity_of_amounts(low_x96, now_x96, high_x96, amount0, amount1)
    root = nearest_float(now_x96) / _Q96
    if aim.amount_specified > 0:
        best = _best_for_input(nearest_float(there), nearest_float(alone.total_in), root, fee, aim.zero_for_one)
    else:
        best = _best_for_output(nearest_float(there), nearest_float(alone.total_out), root, fee, aim.zero_for_one)
    if best < _LARGEST_SIZE:
        liquidity = min(liquidity, to_integer(max(best, 0.0)))
    return Bundle(lower, upper, liquidity) if liquidity * LEAST_SHARE > there else nothing


@part
def _liquidity_of_amounts(low_x96, now_x96, high_x96, amount0, amount1):
    """Return the most liquidity that so much of both tokens mints (compare.liquidity.liquidity_of_amounts).

    Raises:
        OverflowError: An amount is 2**96 or more.
    """
    if amount0 >= LARGEST_AMOUNT or amount1 >= LARGEST_AMOUNT:
        raise OverflowError
    if amount0 < 0 or amount1 < 0:
        return as_unsigned(ZERO)
    inside_x96, most = min(max(now_x96, low_x96), high_x96), as_unsigned(MOST)
    if inside_x96 < high_x96:
        width = high_x96 - inside_x96
        high, low = multiply_full(as_unsigned(amount0) * inside_x96, high_x96)
        high, low = high >> 96, (high << 160) | (low >> 96)
        if high < width:
            most = min(most, divide(high, low, width)[0])
    if inside_x96 > low_x96:
        most = min(most, (as_unsigned(amount1) << 96) // (inside_x96 - low_x96))
    return most


@part
def execute(pool, bundler, bundle, aim):
    """Mint, swap, burn and collect.

    Raises:
        What these raise, and ValueError for what else the plain engine refuses.
    """
    slot = get(bundler, SLOT)
    paid = modify_position(pool, slot, bundle.lower, bundle.upper, as_signed(bundle.liquidity))
    _pay(pool, paid)
    if v3_swaps.check_swap(pool, aim.zero_for_one, aim.amount_specified, aim.limit_x96) != v3_swaps.DONE:
        raise ValueError
    done = v3_swaps.walk(pool, aim.zero_for_one, aim.amount_specified, aim.limit_x96)
    if done.total_out > load(pool.wide, v3_swaps.BALANCE0 + (1 if aim.zero_for_one else 0)):
        raise ValueError
    v3_swaps.commit_swap(pool, done, aim.zero_for_one)
    returned = modify_position(pool, slot, bundle.lower, bundle.upper, -as_signed(bundle.liquidity))
    burned = -returned[0], -returned[1]
    row = POSITION_WIDE * slot + OWED0
    owed0 = (load(pool.position_wide, row) + as_unsigned(burned[0])) & MAX_UINT128
    owed1 = (load(pool.position_wide, row + 1) + as_unsigned(burned[1])) & MAX_UINT128
    if owed0 > load(pool.wide, v3_swaps.BALANCE0) or owed1 > load(pool.wide, v3_swaps.BALANCE0 + 1):
        raise ValueError
    store(pool.position_wide, row, as_unsigned(ZERO))
    store(pool.position_wide, row + 1, as_unsigned(ZERO))
    collected = as_signed(owed0), as_signed(owed1)
    _pay(pool, (-collected[0], -collected[1]))
    return Outcome(as_signed(done.total_in), as_signed(done.total_out), paid, burned, collected)


@part
def _pay(pool, amounts):
    """Let tokens flow into the pool."""
    store(pool.wide, v3_swaps.BALANCE0, as_unsigned(load(pool.wide, v3_swaps.BALANCE0) + amounts[0]))
    store(pool.wide, v3_swaps.BALANCE0 + 1, as_unsigned(load(pool.wide, v3_swaps.BALANCE0 + 1) + amounts[1]))


@part
def prepare(pool, bundler, bundle):
    """Give the range's ticks their slots, and remember all that a bundle may change."""
    _give_slot(pool, bundler, get(bundler, SPARE), bundle.lower)
    _give_slot(pool, bundler, get(bundler, SPARE) + 1, bundle.upper)
    _keep(pool, bundler, bundle, True)


@part
def undo(pool, bundler, bundle):
    """Put back what a bundle has changed since `prepare`."""
    _keep(pool, bundler, bundle, False)


@part
def _give_slot(pool, bundler, slot, tick):
    """Let a tick stand in a spare slot, unless it has one of its own: positions that stay end there."""
    first = get(bundler, SPARE)
    now = slot_of(pool, tick)
    if not first <= now < first + 2 and get(pool.tick_small, 3 * now) == tick:
        return
    compressed = tick // get(pool.small, v3_swaps.TICK_SPACING) - get(pool.small, v3_swaps.LOWEST_COMPRESSED)
    put(pool.slot_of, compressed, slot)
    put(pool.tick_small, 3 * slot, tick)


@part
def _keep(pool, bundler, bundle, saving):
    """Copy the state that a bundle may change to where it is remembered, or back."""
    place, slots = get(bundler, UNDO), get(bundler, TICK_SLOTS)
    place = _copy(pool.wide, 4 * 9, place, saving)
    place = _copy(pool.small, 10, place, saving)
    place = _copy(pool.tick_wide, 4 * TICK_WIDE * slots, place, saving)
    place = _copy(pool.tick_small, 3 * slots, place, saving)
    place = _copy(pool.observation_wide, 4, place, saving)
    place = _copy(pool.observation_small, 3, place, saving)
    place = _copy(pool.position_wide, 4 * POSITION_WIDE * (get(bundler, SLOT) + 1), place, saving)
    place = _copy(pool.position_small, get(bundler, SLOT) + 1, place, saving)
    for tick in (bundle.lower, bundle.upper):
        word = (tick // get(pool.small, v3_swaps.TICK_SPACING) >> 8) - get(pool.small, v3_swaps.LOWEST_WORD)
        place = _copy(pool.bitmap + 32 * word, 4, place, saving)


@part
def _copy(start, words, place, saving):
    """Copy so many words from `start` to `place`, or back; return the place after them."""
    for index in range(words):
        if saving:
            put(place, index, get(start, index))
        else:
            put(start, index, get(place, index))
    return place + 8 * words


@part
def hedge(provider, ledger, bundler, base, fair_ticks, units):
    """Sell what a bundle left outside at the fair price, and pay the bundle's gas (JustInTimeProvider._hedge)."""
    quote = base * (fair_ticks * units.base_tick) // units.quote  # rounded down
    change, gas = Amounts(-base, quote), as_signed(load(bundler, GAS))
    books.receive(provider, books.UPKEEP, change, Amounts(to_wide(0), to_wide(0)), fair_ticks, units)
    books.move(ledger, books.OUTSIDE, Amounts(base, -quote), units)
    books.pay_gas(provider, ledger, gas, units)
    fill_pocket(bundler, Amounts(-base, quote - gas))


@part
def fill_pocket(bundler, amounts):
    """Add to what the provider holds."""
    books.add(bundler, POCKET, amounts.base)
    books.add(bundler, POCKET + 1, amounts.quote)
