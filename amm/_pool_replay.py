"""The events of a Uniswap v3 pool, replayed."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping

from amm.errors import AmmError, RevertError
from amm.events import EventRecord, Replayed, ReplayMismatchError
from amm.math.fixed_point import MAX_INT256
from amm.math.tick_math import MAX_SQRT_RATIO, MIN_SQRT_RATIO
from amm.uniswap_v3.pool import UniswapV3Pool
from amm.uniswap_v3.swap import SwapResult

_UNSEEN = 1 << 255
"""Tokens may reach a pool without an event and be lent or paid out: what a pool holds never makes a replay fail."""
Outcome = Mapping[str, int]
"""What the model gives for arguments of the event, by name."""


def replay(pool: UniswapV3Pool, events: Iterable[EventRecord]) -> Replayed:
    """Drive the pool through its events and return how many came out as recorded.

    Raises:
        ReplayMismatchError: the model gives something else than the chain recorded.
    """
    pool.balance0, pool.balance1 = pool.balance0 + _UNSEEN, pool.balance1 + _UNSEEN
    agreed, swaps = 0, Counter[str]()
    try:
        for event in events:
            swaps[_apply(pool, event, agreed)] += 1
            agreed += 1
    finally:
        pool.balance0, pool.balance1 = (max(balance - _UNSEEN, 0) for balance in (pool.balance0, pool.balance1))
    del swaps[""]
    return Replayed(agreed, **swaps)


def _apply(pool: UniswapV3Pool, event: EventRecord, agreed: int) -> str:
    """Make the call that leaves this event, and say of a swap which kind it was."""
    try:
        pool.block_timestamp = event.block_timestamp
        if event.event == "Swap":
            return _swap(pool, event)
        _check(event, _APPLY[event.event](pool, event))
    except ReplayMismatchError as error:
        raise ReplayMismatchError(event, error.field, error.chain, error.model, agreed) from None
    except AmmError as error:
        raise ReplayMismatchError(event, "the call", "accepted", f"refused: {error}", agreed) from error
    return ""


def _check(event: EventRecord, outcome: Outcome) -> None:
    for field, value in outcome.items():
        if event.fields[field] != value:
            raise ReplayMismatchError(event, field, event.fields[field], value)


def _initialize(pool: UniswapV3Pool, event: EventRecord) -> Outcome:
    (sqrt_price_x96,) = event.integers("sqrt_price_x96")
    return {"tick": pool.initialize(sqrt_price_x96)}


def _mint(pool: UniswapV3Pool, event: EventRecord) -> Outcome:
    tick_lower, tick_upper, amount = event.integers("tick_lower", "tick_upper", "amount")
    return _amounts(pool.mint(event.text("owner"), tick_lower, tick_upper, amount))


def _burn(pool: UniswapV3Pool, event: EventRecord) -> Outcome:
    tick_lower, tick_upper, amount = event.integers("tick_lower", "tick_upper", "amount")
    return _amounts(pool.burn(event.text("owner"), tick_lower, tick_upper, amount))


def _collect(pool: UniswapV3Pool, event: EventRecord) -> Outcome:
    """What was paid is asked for: the position must hold that much, and the rest stays whatever was asked for."""
    tick_lower, tick_upper, amount0, amount1 = event.integers("tick_lower", "tick_upper", "amount0", "amount1")
    return _amounts(pool.collect(event.text("owner"), tick_lower, tick_upper, amount0, amount1))


def _swap(pool: UniswapV3Pool, event: EventRecord) -> str:
    """Make the call that leaves this log, and say which kind it was."""
    outcomes = []
    for kind, zero_for_one, amount_specified, limit in _possible_swaps(pool, event):
        try:
            outcome = _swap_outcome(pool.quote(zero_for_one, amount_specified, limit))
        except RevertError:
            continue
        if all(event.fields[field] == value for field, value in outcome.items()):
            pool.swap(zero_for_one, amount_specified, limit)
            return kind
        outcomes.append(outcome)
    for outcome in outcomes:
        _check(event, outcome)
    raise ReplayMismatchError(event, "the call", "made", "not possible")


def _possible_swaps(pool: UniswapV3Pool, event: EventRecord) -> Iterator[tuple[str, bool, int, int]]:
    """The calls that could have left this log: exact input, exact output, and a swap that stopped at its limit."""
    amount0, amount1, sqrt_price_x96 = event.integers("amount0", "amount1", "sqrt_price_x96")
    before_x96 = pool.slot0.sqrt_price_x96
    zero_for_one = amount0 > 0 or amount1 < 0 or (amount0 == amount1 == 0 and sqrt_price_x96 < before_x96)
    amount_in, amount_out = (amount0, -amount1) if zero_for_one else (amount1, -amount0)
    end_x96 = MIN_SQRT_RATIO + 1 if zero_for_one else MAX_SQRT_RATIO - 1
    if amount_in > 0:
        yield "exact_input", zero_for_one, amount_in, end_x96
    if amount_out > 0:
        yield "exact_output", zero_for_one, -amount_out, end_x96
    yield "price_limit", zero_for_one, MAX_INT256, sqrt_price_x96


def _swap_outcome(result: SwapResult) -> Outcome:
    names = ("amount0", "amount1", "sqrt_price_x96", "liquidity", "tick")
    return {name: getattr(result, name) for name in names}


def _flash(pool: UniswapV3Pool, event: EventRecord) -> Outcome:
    """The log's paid amounts are what came back beyond the loan."""
    amount0, amount1, paid0, paid1 = event.integers("amount0", "amount1", "paid0", "paid1")
    pool.flash(amount0, amount1, paid0=amount0 + paid0, paid1=amount1 + paid1)
    return {}


def _increase_observation_cardinality_next(pool: UniswapV3Pool, event: EventRecord) -> Outcome:
    before = pool.slot0.observation_cardinality_next
    pool.increase_observation_cardinality_next(*event.integers("observation_cardinality_next_new"))
    return {"observation_cardinality_next_old": before}


def _set_fee_protocol(pool: UniswapV3Pool, event: EventRecord) -> Outcome:
    before = pool.slot0.fee_protocol
    fee_protocol0, fee_protocol1 = event.integers("fee_protocol0_new", "fee_protocol1_new")
    pool.set_fee_protocol(fee_protocol0, fee_protocol1)
    return {"fee_protocol0_old": before & 0xF, "fee_protocol1_old": before >> 4}


def _collect_protocol(pool: UniswapV3Pool, event: EventRecord) -> Outcome:
    return _amounts(pool.collect_protocol(*event.integers("amount0", "amount1")))


def _amounts(amounts: tuple[int, int]) -> Outcome:
    return {"amount0": amounts[0], "amount1": amounts[1]}


_APPLY: Mapping[str, Callable[[UniswapV3Pool, EventRecord], Outcome]] = {
    "Initialize": _initialize,
    "Mint": _mint,
    "Burn": _burn,
    "Collect": _collect,
    "Flash": _flash,
    "IncreaseObservationCardinalityNext": _increase_observation_cardinality_next,
    "SetFeeProtocol": _set_fee_protocol,
    "CollectProtocol": _collect_protocol,
}
