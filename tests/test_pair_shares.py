"""Shares of a v2 pair: what they are worth, beside fractions, and what the contract refuses."""

from collections.abc import Callable
from fractions import Fraction
from math import floor, isqrt

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from naive_amm import uint

from amm import UniswapV2Pair
from amm.errors import (
    AdditionOverflowError,
    DivisionByZeroError,
    InsufficientLiquidityBurnedError,
    InsufficientLiquidityMintedError,
    MultiplicationOverflowError,
    SubtractionUnderflowError,
)
from amm.math.pair_shares import MINIMUM_LIQUIDITY, amounts_redeemed, protocol_shares, shares_minted, square_root

RESERVES = uint(112, least=1)


@given(uint(256))
def test_a_square_root_is_rounded_down(value: int) -> None:
    """Its square is not above the value, and that of the next integer is."""
    root = square_root(value)
    assert root * root <= value < (root + 1) * (root + 1)


@given(uint(112), uint(112))
def test_a_first_deposit_is_worth_its_geometric_mean(amount0: int, amount1: int) -> None:
    """Less what is locked; not even worth that is refused."""
    worth = isqrt(amount0 * amount1)
    if worth < MINIMUM_LIQUIDITY:
        with pytest.raises(SubtractionUnderflowError):
            shares_minted(amount0, amount1, 0, 0, 0)
    elif worth == MINIMUM_LIQUIDITY:
        with pytest.raises(InsufficientLiquidityMintedError):
            shares_minted(amount0, amount1, 0, 0, 0)
    else:
        assert shares_minted(amount0, amount1, 0, 0, 0) == worth - MINIMUM_LIQUIDITY


@given(uint(112), uint(112), RESERVES, RESERVES, uint(112))
def test_a_deposit_is_worth_what_it_adds_to_the_scarcer_side(
    amount0: int, amount1: int, reserve0: int, reserve1: int, growth: int
) -> None:
    """In fractions, rounded down; and what is redeemed for it at once is no more than was put in."""
    supply = max(isqrt(reserve0 * reserve1) - growth, 1)
    shares = floor(supply * min(Fraction(amount0, reserve0), Fraction(amount1, reserve1)))
    if not shares:
        with pytest.raises(InsufficientLiquidityMintedError):
            shares_minted(amount0, amount1, reserve0, reserve1, supply)
        return
    assert shares_minted(amount0, amount1, reserve0, reserve1, supply) == shares
    balances = reserve0 + amount0, reserve1 + amount1
    worth = [floor(Fraction(shares, supply + shares) * balance) for balance in balances]
    if not all(worth):
        with pytest.raises(InsufficientLiquidityBurnedError):
            amounts_redeemed(shares, *balances, supply + shares)
        return
    assert list(amounts_redeemed(shares, *balances, supply + shares)) == worth
    assert min(worth[0] - amount0, worth[1] - amount1) <= 0


@given(RESERVES, RESERVES, uint(224, least=1), uint(112, least=1))
def test_the_protocol_has_a_sixth_of_the_growth(reserve0: int, reserve1: int, k_last: int, supply: int) -> None:
    """The new shares are worth at most a sixth of what sqrt(k) has grown by, and one share more would be worth more."""
    root, root_last = isqrt(reserve0 * reserve1), isqrt(k_last)
    shares = protocol_shares(reserve0, reserve1, k_last, supply)
    if root <= root_last:
        assert shares == 0
        return
    growth = Fraction(root - root_last, 6)
    assert Fraction(shares * root, supply + shares) <= growth
    assert Fraction((shares + 1) * root, supply + shares + 1) > growth


def test_no_growth_is_known_before_the_fee_is_on() -> None:
    """A pair whose last product is zero gives the protocol nothing."""
    assert protocol_shares(10**6, 10**6, 0, 10**6) == 0


@pytest.mark.parametrize(
    ("error", "call"),
    [
        (MultiplicationOverflowError, lambda: shares_minted(2**128, 2**128, 0, 0, 0)),
        (MultiplicationOverflowError, lambda: shares_minted(2, 2, 1, 1, 2**255)),
        (AdditionOverflowError, lambda: shares_minted(1, 1, 1, 1, 2**255)),
        (DivisionByZeroError, lambda: shares_minted(1, 1, 0, 1, 1)),
        (MultiplicationOverflowError, lambda: amounts_redeemed(2, 2**255, 1, 2)),
        (DivisionByZeroError, lambda: amounts_redeemed(0, 1, 1, 0)),
        (MultiplicationOverflowError, lambda: protocol_shares(10**4, 10**4, 1, 2**255)),
        (AdditionOverflowError, lambda: protocol_shares(2, 2, 1, 2**256 - 1)),
    ],
)
def test_what_needs_more_than_256_bits_is_refused(error: type[Exception], call: Callable[[], object]) -> None:
    """With the reason of the contract's SafeMath, and a division by zero without one."""
    with pytest.raises(error):
        call()


@given(st.sampled_from(["mint", "burn"]), RESERVES, uint(256, least=1))
def test_a_pair_refuses_more_shares_than_there_are_numbers(call: str, reserve: int, supply: int) -> None:
    """Whatever the supply, a call that is refused leaves the pair as it was, and what is not keeps 256 bits."""
    assume(reserve < 2**111)
    pair = UniswapV2Pair.from_reserves(reserve, reserve, total_supply=supply)
    pair.fee_to, pair.k_last = "treasury", 1
    pair.balance_of["pair"] = pair.total_supply // 2
    pair.transfer_in(reserve, reserve)
    before = pair.copy()
    try:
        getattr(pair, call)("alice")
    except (MultiplicationOverflowError, AdditionOverflowError, InsufficientLiquidityBurnedError):
        assert pair == before
    assert pair.total_supply < 2**256
