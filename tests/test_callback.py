"""Calls from inside a call: what a callback is told, what it sees, what it may do, and what is left if it fails."""

from collections.abc import Callable
from typing import NoReturn

import pytest

from amm import RevertError, UniswapV2Pair, UniswapV3Pool
from amm.errors import (
    AlreadyInitializedError,
    ConstantProductError,
    InsufficientInputError,
    PairLockedError,
    PoolLockedError,
)
from amm.math.tick_math import MIN_SQRT_RATIO

UNIT = 10**18
LOWEST = MIN_SQRT_RATIO + 1


class HumanError(Exception):
    """Something that is no business of a pool's."""


def pool_with_liquidity() -> UniswapV3Pool:
    pool = UniswapV3Pool(fee=3000, tick_spacing=60)
    pool.initialize(2**96)
    pool.mint("alice", -600, 600, UNIT)
    pool.increase_observation_cardinality_next(3)
    pool.block_timestamp += 60
    return pool


def pair_with_liquidity() -> UniswapV2Pair:
    pair = UniswapV2Pair()
    pair.transfer_in(UNIT, UNIT)
    pair.mint("alice")
    return pair


V3Act = Callable[[UniswapV3Pool, Callable[[int, int], object] | None], object]
V3_ACTS: dict[str, V3Act] = {
    "mint": lambda pool, callback: pool.mint("bob", -60, 120, UNIT, callback=callback),
    "swap": lambda pool, callback: pool.swap(True, UNIT // 100, LOWEST, callback=callback),
    "flash": lambda pool, callback: pool.flash(UNIT // 100, 0, callback=callback),
}


@pytest.mark.parametrize("act", V3_ACTS.values(), ids=V3_ACTS)
def test_a_callback_that_does_nothing_changes_nothing(act: V3Act) -> None:
    """With it and without it, the result and the state afterwards are the same, and the lock is free."""
    pool, twin = pool_with_liquidity(), pool_with_liquidity()
    assert act(pool, lambda *_: None) == act(twin, None)
    assert pool == twin
    assert pool.slot0.unlocked


def test_a_callback_is_told_what_the_contract_tells_it() -> None:
    """What is owed for a mint, what a swap moves with its signs, the fees of a loan, the output of a flash swap."""
    pool, told = pool_with_liquidity(), []
    minted = pool.mint("bob", -60, 120, UNIT, callback=lambda *amounts: told.append(amounts))
    swapped = pool.swap(True, UNIT // 100, LOWEST, callback=lambda *amounts: told.append(amounts))
    fees = pool.flash(UNIT // 100, 7, callback=lambda *amounts: told.append(amounts))
    pair_with_liquidity().swap(0, 5, "bob", paid0=6, callback=lambda *amounts: told.append(amounts))
    assert told == [minted, (swapped.amount0, swapped.amount1), fees, (0, 5)]
    assert swapped.amount0 > 0 > swapped.amount1


@pytest.mark.parametrize("act", V3_ACTS.values(), ids=V3_ACTS)
def test_inside_a_callback_a_pool_refuses_and_answers(act: V3Act) -> None:
    """LOK for whatever would change it, AI for initialize, and an answer from whatever only reads."""
    pool = pool_with_liquidity()
    refused: list[Callable[[], object]] = [
        lambda: pool.mint("bob", -60, 60, 1),
        lambda: pool.burn("alice", -600, 600, 1),
        lambda: pool.collect("alice", -600, 600, 1, 1),
        lambda: pool.swap(True, 1, LOWEST),
        lambda: pool.quote(True, 1, LOWEST),
        lambda: pool.flash(1, 1),
        lambda: pool.set_fee_protocol(4, 4, sender="a stranger"),
        lambda: pool.collect_protocol(1, 1),
        lambda: pool.increase_observation_cardinality_next(9),
    ]
    seen = []

    def callback(*_: int) -> None:
        for call in refused:
            with pytest.raises(PoolLockedError, match="LOK"):
                call()
        with pytest.raises(AlreadyInitializedError):
            pool.initialize(2**96)
        seen.append((pool.observe([0]), pool.snapshot_cumulatives_inside(-600, 600)))

    act(pool, callback)
    assert len(seen) == 1
    for call in refused[:1]:
        call()


def test_a_swap_shows_its_callback_what_it_has_written() -> None:
    """Price, tick and liquidity are the new ones; the output has left, the input has not come in."""
    pool = pool_with_liquidity()
    before, seen = pool.copy(), list[UniswapV3Pool]()
    result = pool.swap(True, UNIT // 100, LOWEST, callback=lambda *_: seen.append(pool.copy()))
    (inside,) = seen
    assert (inside.slot0.sqrt_price_x96, inside.slot0.tick) == (result.sqrt_price_x96, result.tick)
    assert (inside.slot0.unlocked, inside.observations) == (False, pool.observations)
    assert (inside.balance0, inside.balance1) == (before.balance0, before.balance1 + result.amount1)


def test_what_a_callback_sends_counts_as_paid() -> None:
    """A swap whose callback brings all but one unit needs that one, and no other."""
    owed = pool_with_liquidity().swap(True, UNIT // 100, LOWEST).amount0

    def bring(pool: UniswapV3Pool) -> Callable[[int, int], None]:
        def callback(*_: int) -> None:
            pool.balance0 += owed - 1

        return callback

    pool = pool_with_liquidity()
    with pytest.raises(InsufficientInputError, match="IIA"):
        pool.swap(True, UNIT // 100, LOWEST, paid0=0, callback=bring(pool))
    assert pool == pool_with_liquidity()
    pool.swap(True, UNIT // 100, LOWEST, paid0=1, callback=bring(pool))


def _fail(*_: int) -> NoReturn:
    raise HumanError


@pytest.mark.parametrize("act", V3_ACTS.values(), ids=V3_ACTS)
def test_a_callback_that_fails_undoes_a_call_of_the_pool(act: V3Act) -> None:
    """Whatever is raised gets out, and every part of the state is as it was, in the very objects it was in."""
    pool = pool_with_liquidity()
    before, ticks, positions, observations = pool.copy(), pool.ticks, pool.positions, pool.observations
    for callback in (_fail, lambda *_: pool.burn("alice", -600, 600, 1)):
        with pytest.raises((HumanError, PoolLockedError)):
            act(pool, callback)
        assert pool == before
    assert (pool.ticks, pool.positions, pool.observations) == (before.ticks, before.positions, before.observations)
    assert pool.ticks is ticks
    assert pool.positions is positions
    assert pool.observations is observations
    act(pool, None)


def test_inside_a_flash_swap_a_pair_is_locked_and_its_shares_are_not() -> None:
    """LOCKED for the pair's five functions; shares move, tokens come in, and the reserves still are the old ones."""
    pair = pair_with_liquidity()

    def callback(*_: int) -> None:
        for call in (lambda: pair.mint("a"), lambda: pair.burn("a"), lambda: pair.swap(0, 0, "a"), pair.sync):
            with pytest.raises(PairLockedError, match="UniswapV2: LOCKED"):
                call()
        with pytest.raises(PairLockedError):
            pair.skim("a")
        assert (pair.reserve0, pair.balance0) == (UNIT, UNIT - 1000)
        pair.transfer("alice", "bob", 5)
        pair.transfer_in(1004, 0)

    assert pair.swap(1000, 0, "bob", callback=callback).amount0_in == 1004
    assert pair.balance_of["bob"] == 5
    assert pair.unlocked


def test_a_flash_swap_that_fails_undoes_what_its_callback_did() -> None:
    """Repaid short by one unit, or not at all: shares, allowances and balances are as they were."""
    pair = pair_with_liquidity()
    before, shares = pair.copy(), pair.balance_of

    def callback(*_: int) -> None:
        pair.transfer("alice", "bob", 5)
        pair.approve("bob", "carol", 5)
        pair.transfer_in(1003, 0)

    with pytest.raises(ConstantProductError):
        pair.swap(1000, 0, "bob", callback=callback)
    with pytest.raises(HumanError):
        pair.swap(1000, 0, "bob", paid0=1004, callback=_fail)
    assert pair == before
    assert pair.balance_of is shares


def test_a_refusal_inside_may_be_taken_or_passed_on() -> None:
    """A callback that catches it lets the outer call go on; one that does not makes it the outer call's own reason."""
    pool = pool_with_liquidity()

    def catches(*_: int) -> None:
        with pytest.raises(RevertError):
            pool.flash(1, 0)

    assert pool.flash(UNIT // 100, 0, callback=catches)[0] > 0
    with pytest.raises(PoolLockedError):
        pool.flash(UNIT // 100, 0, callback=lambda *_: pool.flash(1, 0))
