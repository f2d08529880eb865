"""Only the factory's owner sets the protocol's fee and collects it."""

import pytest

from amm import UniswapV3Pool
from amm.errors import FeeProtocolError, NotFactoryOwnerError, PoolLockedError
from amm.math.tick_math import MIN_SQRT_RATIO


def earning_pool() -> UniswapV3Pool:
    pool = UniswapV3Pool(fee=3000, tick_spacing=60)
    pool.initialize(2**96)
    pool.mint("alice", -60, 60, 10**18)
    pool.set_fee_protocol(4, 4)
    pool.swap(True, 10**15, MIN_SQRT_RATIO + 1)
    return pool


def test_a_stranger_is_refused_without_a_reason() -> None:
    """Neither function does anything for one who is not the owner, whatever is asked; the error names both."""
    pool = earning_pool()
    before = pool.copy()
    for call in (
        lambda: pool.set_fee_protocol(5, 5, sender="alice"),
        lambda: pool.set_fee_protocol(3, 3, sender="alice"),
        lambda: pool.collect_protocol(1, 1, sender="alice"),
    ):
        with pytest.raises(NotFactoryOwnerError) as caught:
            call()
        error = caught.value
        assert (error.reason, error.sender, error.factory_owner) == ("", "alice", "factory_owner")
    assert pool == before


def test_the_factory_may_be_handed_over() -> None:
    """The new owner is let in and the old one is not; a call that names nobody is the owner's, whoever that is."""
    pool = earning_pool()
    pool.factory_owner = "alice"
    assert pool.collect_protocol(1, 0, sender="alice") == (1, 0)
    pool.set_fee_protocol(0, 10, sender="alice")
    with pytest.raises(NotFactoryOwnerError):
        pool.set_fee_protocol(0, 10, sender="factory_owner")
    assert pool.collect_protocol(1, 0) == (1, 0)
    assert pool.copy().factory_owner == "alice"


def test_the_lock_comes_before_the_owner_and_the_owner_before_the_fee() -> None:
    """The contract's order: LOK before initialize even for a stranger, then who calls, then what they ask."""
    pool = UniswapV3Pool(fee=3000, tick_spacing=60)
    with pytest.raises(PoolLockedError):
        pool.set_fee_protocol(3, 3, sender="alice")
    pool.initialize(2**96)
    with pytest.raises(NotFactoryOwnerError):
        pool.set_fee_protocol(3, 3, sender="alice")
    with pytest.raises(FeeProtocolError):
        pool.set_fee_protocol(3, 3)
