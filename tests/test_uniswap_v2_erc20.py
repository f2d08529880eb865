"""The shares of a pair: who may move whose, and how an allowance comes and goes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amm import ArgumentError, RevertError, UniswapV2Pair
from amm.errors import InvalidSignatureError, PermitExpiredError, SubtractionUnderflowError

NO_END = 2**256 - 1
NAMES = ("alice", "bob", "carol")


def pair_of_alice(shares: int = 1000) -> UniswapV2Pair:
    pair = UniswapV2Pair()
    pair.balance_of, pair.total_supply = {"alice": shares}, shares
    return pair


def test_an_allowance_is_what_is_left_of_it() -> None:
    """Each transfer takes its part; what is left does for that much and for no unit more."""
    pair = pair_of_alice()
    pair.approve("alice", "bob", 100)
    pair.transfer_from("bob", "alice", "carol", 60)
    assert pair.allowance == {("alice", "bob"): 40}
    with pytest.raises(SubtractionUnderflowError, match="ds-math-sub-underflow"):
        pair.transfer_from("bob", "alice", "carol", 41)
    pair.transfer_from("bob", "alice", "carol", 40)
    assert (pair.balance_of, pair.allowance) == ({"alice": 900, "carol": 100}, {("alice", "bob"): 0})


def test_an_allowance_without_an_end_stays() -> None:
    """The largest number there is is not counted down; the one below it is."""
    pair = pair_of_alice()
    for allowed, left in ((NO_END, NO_END), (NO_END - 1, NO_END - 11)):
        pair.approve("alice", "bob", allowed)
        pair.transfer_from("bob", "alice", "bob", 10)
        assert pair.allowance["alice", "bob"] == left


def test_a_transfer_that_fails_changes_nothing() -> None:
    """Neither too small an allowance nor too few shares leaves a trace."""
    pair = pair_of_alice(5)
    pair.approve("alice", "bob", 10)
    before = pair.copy()
    for value in (6, 11, NO_END):
        with pytest.raises(SubtractionUnderflowError):
            pair.transfer_from("bob", "alice", "carol", value)
        assert pair == before


def test_a_permit_approves_and_counts() -> None:
    """The owner's signature sets the allowance, up to and in the last second, and uses one number up."""
    pair = pair_of_alice()
    pair.block_timestamp = 2**32 + 7
    pair.permit("alice", "bob", 5, 2**32 + 7, "alice")
    assert (pair.allowance, pair.nonces) == ({("alice", "bob"): 5}, {"alice": 1})
    pair.permit("alice", "bob", 3, NO_END, "alice")
    assert (pair.allowance, pair.nonces) == ({("alice", "bob"): 3}, {"alice": 2})


@pytest.mark.parametrize(
    ("deadline", "signer", "error", "reason"),
    [
        (99, "alice", PermitExpiredError, "UniswapV2: EXPIRED"),
        (99, None, PermitExpiredError, "UniswapV2: EXPIRED"),
        (100, "bob", InvalidSignatureError, "UniswapV2: INVALID_SIGNATURE"),
        (100, None, InvalidSignatureError, "UniswapV2: INVALID_SIGNATURE"),
    ],
)
def test_a_permit_is_refused(deadline: int, signer: str | None, error: type[RevertError], reason: str) -> None:
    """Too late, signed by somebody else or by nobody: the contract's reason, in its order, and no number used up."""
    pair = pair_of_alice()
    pair.block_timestamp = 100
    before = pair.copy()
    with pytest.raises(error) as caught:
        pair.permit("alice", "bob", 5, deadline, signer)
    assert caught.value.reason == reason
    assert pair == before


def test_what_is_no_uint256_is_refused() -> None:
    """An argument of the contract's own types, or an error that names it."""
    pair = pair_of_alice()
    with pytest.raises(ArgumentError, match="value"):
        pair.approve("alice", "bob", 2**256)
    with pytest.raises(ArgumentError, match="value"):
        pair.transfer_from("bob", "alice", "carol", -1)
    with pytest.raises(ArgumentError, match="deadline"):
        pair.permit("alice", "bob", 1, 2**256, "alice")


def test_a_copy_shares_nothing() -> None:
    """What happens to the copy's allowances and numbers does not happen to the pair's."""
    pair = pair_of_alice()
    twin = pair.copy()
    twin.approve("alice", "bob", 1)
    twin.permit("alice", "carol", 1, 0, "alice")
    assert (pair.allowance, pair.nonces) == ({}, {})


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["transfer", "approve", "transfer_from", "permit"]),
            st.sampled_from(NAMES),
            st.sampled_from(NAMES),
            st.sampled_from(NAMES),
            st.sampled_from([0, 1, 7, 100, NO_END - 1, NO_END]),
        ),
        max_size=30,
    )
)
def test_shares_are_neither_made_nor_lost(calls: list[tuple[str, str, str, str, int]]) -> None:
    """Whatever is called, holders' shares add up to the supply, and none is below zero."""
    pair = pair_of_alice()
    for name, first, second, third, value in calls:
        before = pair.copy()
        try:
            if name == "transfer":
                pair.transfer(first, second, value)
            elif name == "approve":
                pair.approve(first, second, value)
            elif name == "transfer_from":
                pair.transfer_from(first, second, third, value)
            else:
                pair.permit(first, second, value, 0, third)
        except RevertError:
            assert pair == before
        assert sum(pair.balance_of.values()) == pair.total_supply
        assert min(pair.balance_of.values()) >= 0
