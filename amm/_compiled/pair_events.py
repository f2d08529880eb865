"""The loop over the events of a v2 pair: swaps, mints and burns in one stream."""

from amm._compiled.addressing import get, load, load_half, put, store, store_half
from amm._compiled.pair_arrays import PairRow
from amm._compiled.pair_swaps import MAX_UINT112, TIMESTAMP, ZERO, let_time_pass, trade
from amm._compiled.twins import twin_of
from amm._compiled.v3_swaps import place
from amm._records import PAIR_EVENT, PAIR_EVENT_RESULT, PairCall
from amm.math import pair_shares, safe_math
from lpmm_numba.disk_cache import compiled_loop
from lpmm_numba.parts import inlined_part, part

_add = twin_of(safe_math.add)
_shares_minted = twin_of(pair_shares.shares_minted)
_amounts_redeemed = twin_of(pair_shares.amounts_redeemed)
_protocol_shares = twin_of(pair_shares.protocol_shares)

OWN, PROTOCOL, FIRST_OWNER = 0, 1, 2
"""Slots of shares: those of the pair itself, of the protocol's account, and from there on of the owners."""

RESERVE0, RESERVE1, TOTAL_SUPPLY, K_LAST = (
    int(PairRow.RESERVE0),
    int(PairRow.RESERVE1),
    int(PairRow.TOTAL_SUPPLY),
    int(PairRow.K_LAST),
)
FEE_ON = 4 * int(PairRow.FEE_ON)
EXACT_INPUT, EXACT_OUTPUT, MINT, BURN = (
    int(PairCall.SWAP_EXACT_INPUT),
    int(PairCall.SWAP_EXACT_OUTPUT),
    int(PairCall.MINT),
    int(PairCall.BURN),
)
EVENT_SIZE, RESULT_SIZE = PAIR_EVENT.itemsize, PAIR_EVENT_RESULT.itemsize
AMOUNT, AMOUNT1 = (place(PAIR_EVENT, name, 32) for name in ("amount", "amount1"))
TIME, KIND, DIRECTION = (place(PAIR_EVENT, name) for name in ("block_timestamp", "kind", "zero_for_one"))
RESULT_IN, RESULT_OUT, RESULT_SHARES, RESULT_SUPPLY = (
    place(PAIR_EVENT_RESULT, name, 32) for name in ("amount0_in", "amount0_out", "shares", "total_supply")
)
RESULT_RESERVES = place(PAIR_EVENT_RESULT, "reserve0", 16)
RESULT_REVERTED = place(PAIR_EVENT_RESULT, "reverted")


@inlined_part
def credit(shares, known, slot, value):
    """Give shares to a holder, whom the pair knows from now on."""
    store(shares, slot, load(shares, slot) + value)
    put(known, slot, 1)


@part
def for_protocol(pair):
    """Return the shares that the protocol is given first."""
    if not get(pair, FEE_ON):
        return ZERO
    return _protocol_shares(load(pair, RESERVE0), load(pair, RESERVE1), load(pair, K_LAST), load(pair, TOTAL_SUPPLY))


@part
def settle(pair, shares, known, protocol, supply, reserve0, reserve1):
    """Write what a mint and a burn leave alike: the protocol's shares, all shares, and the reserves."""
    if protocol != 0:
        credit(shares, known, PROTOCOL, protocol)
    let_time_pass(pair, get(pair, TIMESTAMP))
    store(pair, TOTAL_SUPPLY, supply)
    store(pair, RESERVE0, reserve0)
    store(pair, RESERVE1, reserve1)
    if get(pair, FEE_ON):
        store(pair, K_LAST, reserve0 * reserve1)
    else:
        store(pair, K_LAST, ZERO)


@inlined_part
def report(result, way, other_way, amount0, amount1, shares):
    """Write what a mint or a burn moved: both tokens one way, and shares."""
    store(result, way, amount0)
    store(result, way + 1, amount1)
    store(result, other_way, ZERO)
    store(result, other_way + 1, ZERO)
    store(result, RESULT_SHARES, shares)


@part
def mint(pair, shares, known, slot, event, result):
    """Give shares for what is sent ahead; raise what the plain functions raise, or ValueError, where that cannot be."""
    amount0, amount1 = load(event, AMOUNT), load(event, AMOUNT1)
    reserve0, reserve1 = load(pair, RESERVE0), load(pair, RESERVE1)
    if amount0 > MAX_UINT112 - reserve0 or amount1 > MAX_UINT112 - reserve1:
        raise ValueError
    protocol = for_protocol(pair)
    supply = load(pair, TOTAL_SUPPLY) + protocol
    if supply == 0:  # the first mint, which also locks some
        raise ValueError
    minted = _shares_minted(amount0, amount1, reserve0, reserve1, supply)
    settle(pair, shares, known, protocol, supply + minted, reserve0 + amount0, reserve1 + amount1)
    credit(shares, known, slot, minted)
    report(result, RESULT_IN, RESULT_OUT, amount0, amount1, minted)


@part
def burn(pair, shares, known, slot, event, result):
    """Destroy the owner's shares and those of the pair itself; raise as mint does."""
    value, held = load(event, AMOUNT), load(shares, slot)
    if value > held:
        raise ValueError
    burnt = load(shares, OWN) + value
    reserve0, reserve1 = load(pair, RESERVE0), load(pair, RESERVE1)
    protocol = for_protocol(pair)
    supply = load(pair, TOTAL_SUPPLY) + protocol
    amount0, amount1 = _amounts_redeemed(burnt, reserve0, reserve1, supply)
    settle(pair, shares, known, protocol, supply - burnt, reserve0 - amount0, reserve1 - amount1)
    store(shares, slot, load(shares, slot) - value)
    put(known, slot, 1)
    store(shares, OWN, ZERO)
    put(known, OWN, 1)
    report(result, RESULT_OUT, RESULT_IN, amount0, amount1, burnt)


@part
def swap(pair, event, result, exact_input):
    """Do a swap; raise ValueError where it cannot be done."""
    zero_for_one = get(event, DIRECTION) != 0
    done, amount_in, amount_out = trade(pair, get(event, TIME), zero_for_one, exact_input, load(event, AMOUNT))
    if not done:
        raise ValueError
    token_in = 0 if zero_for_one else 1
    store(result, RESULT_IN + token_in, amount_in)
    store(result, RESULT_IN + 1 - token_in, ZERO)
    store(result, RESULT_OUT + token_in, ZERO)
    store(result, RESULT_OUT + 1 - token_in, amount_out)
    store(result, RESULT_SHARES, ZERO)


@part
def call(pair, shares, known, slot, event, result):
    """Do one event if all of it can be done; return whether it was."""
    kind = get(event, KIND)
    if slot < 0:
        return False
    try:
        if kind in (EXACT_INPUT, EXACT_OUTPUT):
            swap(pair, event, result, kind == EXACT_INPUT)
        elif kind == MINT:
            mint(pair, shares, known, slot, event, result)
        elif kind == BURN:
            burn(pair, shares, known, slot, event, result)
        else:
            return False
    except Exception:
        return False
    store(result, RESULT_SUPPLY, load(pair, TOTAL_SUPPLY))
    store_half(result, RESULT_RESERVES, load_half(pair, 2 * RESERVE0))
    store_half(result, RESULT_RESERVES + 1, load_half(pair, 2 * RESERVE1))
    put(result, RESULT_REVERTED, 0)
    return True


@compiled_loop
def run_events(pair, shares, known, slots, events, results, first, count):
    """Do the events from `first` on.

    Args:
        pair: the address of the state, see PairRow.
        shares: the address of the shares in each slot, uint256.
        known: the address of 1 for each slot whose holder the pair knows, else 0, int64.
        slots: the address of the slot of each event's owner, int64; below zero where the plain pair has to judge.
        events: the address of `count` records PAIR_EVENT.
        results: the address of as many records PAIR_EVENT_RESULT.
        first: the index of the first event.
        count: int64.

    Returns:
        The index of an event that the plain pair has to judge, or `count`.
    """
    for index in range(first, count):
        event, result = events + EVENT_SIZE * index, results + RESULT_SIZE * index
        put(pair, TIMESTAMP, get(event, TIME))
        if not call(pair, shares, known, get(slots, index), event, result):
            return index
    return count
