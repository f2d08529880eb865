"""The v2 pair: the contract's accounting step by step, its reverts, and what must hold whatever happens."""

import json
from collections.abc import Callable
from fractions import Fraction
from math import isqrt
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amm import ArgumentError, RevertError, UniswapV2Pair
from amm.errors import ConstantProductError
from amm.uniswap_v2 import MINIMUM_LIQUIDITY, ZERO_ADDRESS, PairSwap

UNIT = 10**18
AMOUNTS = st.integers(1, 10**24)


def pair_of(reserve0: int, reserve1: int, *, fee_to: str | None = None) -> UniswapV2Pair:
    pair = UniswapV2Pair(fee_to=fee_to)
    pair.transfer_in(reserve0, reserve1)
    pair.mint("alice")
    return pair


# The contract's own examples ------------------------------------------------------------------------------------------


def test_a_first_mint_locks_the_minimum() -> None:
    """One and four tokens give two shares, of which a thousand units are nobody's for ever."""
    pair = pair_of(UNIT, 4 * UNIT)
    assert pair.total_supply == 2 * UNIT
    assert pair.balance_of == {ZERO_ADDRESS: MINIMUM_LIQUIDITY, "alice": 2 * UNIT - MINIMUM_LIQUIDITY}
    assert (pair.reserve0, pair.reserve1) == (pair.balance0, pair.balance1) == (UNIT, 4 * UNIT)


@pytest.mark.parametrize(
    ("swap_amount", "reserve0", "reserve1", "expected"),
    [
        (1, 5, 10, 1662497915624478906),
        (1, 10, 5, 453305446940074565),
        (2, 5, 10, 2851015155847869602),
        (2, 10, 5, 831248957812239453),
        (1, 10, 10, 906610893880149131),
        (1, 100, 100, 987158034397061298),
        (1, 1000, 1000, 996006981039903216),
    ],
)
def test_the_contracts_own_prices(swap_amount: int, reserve0: int, reserve1: int, expected: int) -> None:
    """The table of the contract's tests: the output is accepted, and one unit more is refused with K."""
    pair = pair_of(reserve0 * UNIT, reserve1 * UNIT)
    assert pair.quote_exact_input(True, swap_amount * UNIT) == expected
    pair.transfer_in(swap_amount * UNIT, 0)
    with pytest.raises(ConstantProductError, match="UniswapV2: K"):
        pair.swap(0, expected + 1, "bob")
    assert pair.swap(0, expected, "bob") == PairSwap(swap_amount * UNIT, 0, 0, expected)


@pytest.mark.parametrize("paid", [1003009027081243732, 1003009027081243731])
def test_a_flash_swap_repaid_in_kind(paid: int) -> None:
    """One token out and back costs 1/997 of it: one unit less is refused with K."""
    pair = pair_of(5 * UNIT, 10 * UNIT)
    before = pair.copy()
    if paid == 1003009027081243732:
        assert pair.swap(UNIT, 0, "bob", paid0=paid) == PairSwap(paid, 0, UNIT, 0)
    else:
        with pytest.raises(ConstantProductError):
            pair.swap(UNIT, 0, "bob", paid0=paid)
        assert pair == before


def test_a_burn_returns_both_tokens() -> None:
    """All of three shares but the locked minimum gives back all but a thousand units of each token."""
    pair = pair_of(3 * UNIT, 3 * UNIT)
    pair.transfer("alice", pair.address, 3 * UNIT - MINIMUM_LIQUIDITY)
    assert pair.burn("alice") == (3 * UNIT - 1000, 3 * UNIT - 1000)
    assert (pair.total_supply, pair.reserve0, pair.reserve1) == (MINIMUM_LIQUIDITY, 1000, 1000)


@pytest.mark.parametrize(("fee_to", "supply"), [(None, 1000), ("treasury", 1000 + 249750499251388)])
def test_the_protocols_fee_on_growth(fee_to: str | None, supply: int) -> None:
    """The contract's own numbers: after a swap and a full exit the treasury holds a sixth of the growth, or nothing."""
    pair = pair_of(1000 * UNIT, 1000 * UNIT, fee_to=fee_to)
    pair.transfer_in(0, UNIT)
    pair.swap(996006981039903216, 0, "bob")
    pair.transfer("alice", pair.address, 1000 * UNIT - MINIMUM_LIQUIDITY)
    pair.burn("alice")
    assert pair.total_supply == supply
    if fee_to:
        assert pair.balance_of[fee_to] == 249750499251388
        assert (pair.balance0, pair.balance1) == (1000 + 249501683697445, 1000 + 250000187312969)


def test_the_price_accumulators() -> None:
    """The sums grow by the price before each change, times its seconds, in UQ112x112."""
    pair = pair_of(3 * UNIT, 3 * UNIT)
    one = 2**112
    pair.block_timestamp += 1
    pair.sync()
    assert (pair.price0_cumulative_last, pair.price1_cumulative_last) == (one, one)
    pair.transfer_in(3 * UNIT, 0)
    pair.block_timestamp += 9
    pair.swap(0, UNIT, "bob")
    assert (pair.price0_cumulative_last, pair.price1_cumulative_last) == (10 * one, 10 * one)
    assert pair.block_timestamp_last == 10
    pair.block_timestamp += 10
    pair.sync()
    assert (pair.price0_cumulative_last, pair.price1_cumulative_last) == (10 * one + one // 3 * 10, 40 * one)


def test_the_accumulators_and_the_clock_wrap() -> None:
    """Differences stay right when the uint32 clock and the uint256 sums pass their end."""
    pair = UniswapV2Pair.from_reserves(UNIT, 2 * UNIT, block_timestamp=2**32 - 5)
    pair.price0_cumulative_last = 2**256 - 1
    pair.block_timestamp += 20
    pair.sync()
    assert pair.block_timestamp_last == 15
    assert (pair.price0_cumulative_last + 1) % 2**256 == 20 * 2 * 2**112


def test_skim_and_sync() -> None:
    """What came in unasked is either sent on or taken into the reserves."""
    pair = pair_of(UNIT, UNIT)
    pair.transfer_in(5, 7)
    assert pair.copy().skim("bob") == (5, 7)
    pair.sync()
    assert (pair.reserve0, pair.reserve1) == (UNIT + 5, UNIT + 7)
    assert pair.skim("bob") == (0, 0)


# Reverts --------------------------------------------------------------------------------------------------------------

REVERTS: list[tuple[str, Callable[[UniswapV2Pair], object]]] = [
    ("UniswapV2: INSUFFICIENT_OUTPUT_AMOUNT", lambda pair: pair.swap(0, 0, "token0")),
    ("UniswapV2: INSUFFICIENT_LIQUIDITY", lambda pair: pair.swap(0, 2 * UNIT, "token0")),
    ("UniswapV2: INSUFFICIENT_LIQUIDITY", lambda pair: pair.swap(UNIT, 1, "token0")),
    ("UniswapV2: INVALID_TO", lambda pair: pair.swap(0, 1, "token0")),
    ("UniswapV2: INVALID_TO", lambda pair: pair.swap(1, 0, "token1", paid0=UNIT)),
    ("UniswapV2: INSUFFICIENT_INPUT_AMOUNT", lambda pair: pair.swap(0, 1, "bob")),
    ("UniswapV2: K", lambda pair: pair.swap(0, UNIT, "bob", paid0=1)),
    ("UniswapV2: OVERFLOW", lambda pair: pair.swap(0, 1, "bob", paid0=2**112)),
    ("ds-math-mul-overflow", lambda pair: pair.swap(0, 1, "bob", paid0=2**250)),
    ("ds-math-mul-overflow", lambda pair: pair.swap(0, 1, "bob", paid0=2**190)),
    ("UniswapV2: INSUFFICIENT_LIQUIDITY_MINTED", lambda pair: pair.mint("bob")),
    ("UniswapV2: INSUFFICIENT_LIQUIDITY_BURNED", lambda pair: pair.burn("bob")),
    ("ds-math-sub-underflow", lambda pair: pair.transfer("bob", "alice", 1)),
    ("UniswapV2Library: INSUFFICIENT_INPUT_AMOUNT", lambda pair: pair.swap_exact_input(True, 0, "bob")),
    ("UniswapV2: INSUFFICIENT_OUTPUT_AMOUNT", lambda pair: pair.swap_exact_input(False, 1, "bob")),
    ("ds-math-sub-underflow", lambda pair: pair.swap_exact_output(True, 3 * UNIT, "bob")),
]


@pytest.mark.parametrize(("reason", "call"), REVERTS)
def test_a_revert_has_the_contracts_reason_and_leaves_no_trace(
    reason: str, call: Callable[[UniswapV2Pair], object]
) -> None:
    """The contract's reason, in the contract's order of checks, and the pair as it was."""
    pair = pair_of(UNIT, 2 * UNIT, fee_to="treasury")
    before = pair.copy()
    with pytest.raises(RevertError) as caught:
        call(pair)
    assert caught.value.reason == reason
    assert pair == before


def test_a_balance_beyond_112_bits_blocks_every_update() -> None:
    """OVERFLOW on mint and sync; skim gives the surplus away and frees the pair."""
    pair = pair_of(UNIT, UNIT)
    pair.transfer_in(2**112, UNIT)
    for call in (pair.sync, lambda: pair.mint("bob")):
        with pytest.raises(RevertError, match="UniswapV2: OVERFLOW"):
            call()
    pair.skim("bob")
    pair.sync()


def test_a_first_mint_below_the_minimum() -> None:
    """Less than a thousand shares underflow; exactly a thousand leave nothing to give."""
    for amount, reason in ((999, "ds-math-sub-underflow"), (1000, "UniswapV2: INSUFFICIENT_LIQUIDITY_MINTED")):
        pair = UniswapV2Pair()
        pair.transfer_in(amount, amount)
        with pytest.raises(RevertError) as caught:
            pair.mint("alice")
        assert caught.value.reason == reason


def test_a_burn_of_an_empty_pair_has_no_reason() -> None:
    """No shares at all: the contract divides by zero, an invalid opcode."""
    with pytest.raises(RevertError) as caught:
        UniswapV2Pair().burn("alice")
    assert caught.value.reason == ""


def test_a_locked_pair_refuses_every_call() -> None:
    """Inside another call nothing may be called: LOCKED, before anything else is looked at."""
    pair = pair_of(UNIT, UNIT)
    pair.unlocked = False
    for call in (lambda: pair.mint("a"), lambda: pair.burn("a"), lambda: pair.swap(0, 0, "a"), pair.sync):
        with pytest.raises(RevertError, match="UniswapV2: LOCKED"):
            call()
    with pytest.raises(RevertError, match="UniswapV2: LOCKED"):
        pair.skim("a")


def test_time_does_not_go_backwards() -> None:
    """A block is never older than the one before."""
    pair = UniswapV2Pair()
    pair.block_timestamp = 10
    with pytest.raises(ArgumentError, match="block_timestamp"):
        pair.block_timestamp = 9


# What must hold whatever happens --------------------------------------------------------------------------------------


@given(AMOUNTS, AMOUNTS, st.lists(st.tuples(st.booleans(), AMOUNTS), max_size=10))
def test_s50_k_never_falls_by_a_swap(reserve0: int, reserve1: int, trades: list[tuple[bool, int]]) -> None:
    """Any sequence of exact inputs, accepted or refused, leaves reserve0 * reserve1 at least where it was."""
    pair = UniswapV2Pair.from_reserves(reserve0, reserve1)
    for zero_for_one, amount in trades:
        k = pair.reserve0 * pair.reserve1
        try:
            quoted = pair.quote_exact_input(zero_for_one, amount)
            swap = pair.swap_exact_input(zero_for_one, amount, "bob")
        except RevertError:
            assert pair.reserve0 * pair.reserve1 == k
            continue
        assert swap.amount0_out + swap.amount1_out == quoted
        assert pair.reserve0 * pair.reserve1 >= k


@given(AMOUNTS, AMOUNTS, st.booleans(), st.data())
def test_the_least_input_for_an_output(reserve0: int, reserve1: int, zero_for_one: bool, data: st.DataObject) -> None:
    """The contract takes exactly the inputs whose 997 thousandths keep the product, so two less than quoted fails."""
    pair = UniswapV2Pair.from_reserves(reserve0, reserve1)
    reserve_in, reserve_out = (reserve0, reserve1) if zero_for_one else (reserve1, reserve0)
    amount_out = data.draw(st.integers(0, reserve_out - 1))
    if amount_out == 0:
        return
    least = next(
        amount
        for amount in range(max(pair.quote_exact_output(zero_for_one, amount_out) - 2, 1), 10**60)
        if (reserve_in * 1000 + amount * 997) * (reserve_out - amount_out) >= reserve_in * reserve_out * 1000
    )
    for paid in (least, least - 1):
        twin = pair.copy()
        outs = (0, amount_out) if zero_for_one else (amount_out, 0)
        paid0, paid1 = (paid, 0) if zero_for_one else (0, paid)
        if paid == least:
            twin.swap(*outs, "bob", paid0=paid0, paid1=paid1)
        else:
            with pytest.raises(RevertError):
                twin.swap(*outs, "bob", paid0=paid0, paid1=paid1)


@given(AMOUNTS.map(lambda amount: amount + 10**6), AMOUNTS.map(lambda amount: amount + 10**6), AMOUNTS, AMOUNTS)
def test_mint_then_burn_never_profits(reserve0: int, reserve1: int, amount0: int, amount1: int) -> None:
    """Shares bought and sold at once return no more of either token than was paid."""
    pair = pair_of(reserve0, reserve1)
    pair.transfer_in(amount0, amount1)
    try:
        shares = pair.mint("bob")
        pair.transfer("bob", pair.address, shares)
        back0, back1 = pair.burn("bob")
    except RevertError:
        return
    assert back0 <= amount0
    assert back1 <= amount1


@given(st.lists(st.integers(10**6, 10**24), min_size=1, max_size=4), st.integers(10**15, 10**24))
def test_s52_fees_belong_to_the_shares(deposits: list[int], volume: int) -> None:
    """What all holders can take out is never more than there is, and each part is its share rounded down."""
    pair = pair_of(10**20, 10**20)
    held = {}
    for index, deposit in enumerate(deposits):
        pair.transfer_in(deposit, deposit)
        held[f"lp{index}"] = pair.mint(f"lp{index}")
    pair.swap_exact_input(True, volume, "taker")
    supply, reserves = pair.total_supply, (pair.reserve0, pair.reserve1)
    paid = [0, 0]
    for owner, shares in held.items():
        twin = pair.copy()
        twin.transfer(owner, twin.address, shares)
        amounts = twin.burn(owner)
        for token in (0, 1):
            assert amounts[token] == reserves[token] * shares // supply
            paid[token] += amounts[token]
    assert paid[0] <= reserves[0]
    assert paid[1] <= reserves[1]


@given(st.integers(10**18, 10**24), st.integers(10**18, 10**24), st.integers(10**10, 10**26))
def test_the_protocol_gets_a_sixth_of_the_growth(reserve0: int, reserve1: int, volume: int) -> None:
    """The treasury's part of sqrt(k) is at most a sixth of its growth, and less by no more than rounding."""
    pair = pair_of(reserve0, reserve1, fee_to="treasury")
    root_before = isqrt(pair.k_last)
    pair.swap_exact_input(True, volume, "taker")
    root = isqrt(pair.reserve0 * pair.reserve1)
    shares = pair._protocol_shares()
    growth = root - root_before
    worth = Fraction(shares * root, pair.total_supply + shares)
    assert worth <= Fraction(growth, 6)
    assert Fraction(growth, 6) - worth <= Fraction(root, pair.total_supply) + 1


def test_turning_the_protocols_fee_off_forgets_k() -> None:
    """After the fee is turned off the next mint clears k_last, so that later growth is not charged."""
    pair = pair_of(UNIT, UNIT, fee_to="treasury")
    assert pair.k_last == UNIT * UNIT
    pair.swap_exact_input(True, UNIT // 10, "taker")
    pair.fee_to = None
    pair.transfer_in(pair.reserve0, pair.reserve1)
    pair.mint("bob")
    assert pair.k_last == 0
    assert "treasury" not in pair.balance_of


def test_a_pair_that_sends_to_itself_keeps_its_tokens() -> None:
    """Tokens sent by the pair to the pair do not leave: a swap to itself returns its output as another input."""
    pair = pair_of(UNIT, UNIT)
    assert pair.swap(0, 1000, pair.address, paid0=4) == PairSwap(4, 1000, 0, 1000)
    pair.transfer_in(5, 5)
    assert pair.skim(pair.address) == (5, 5)
    assert (pair.balance0, pair.balance1) == (UNIT + 9, UNIT + 5)


def test_a_pair_from_recorded_reserves_quotes(shared_data: Path) -> None:
    """Reserves read from mainnet's WBTC/WETH pair at block 17600000: one WBTC buys what the formula says."""
    record = json.loads(
        (shared_data / "uniswap_v3_wbtc_weth_quoter" / "v2_reserves_17600000.json").read_text(encoding="utf-8")
    )
    reserve0, reserve1 = record["reserves_token0"], record["reserves_token1"]
    pair = UniswapV2Pair.from_reserves(reserve0, reserve1)
    assert pair.quote_exact_input(True, 10**8) == 10**8 * 997 * reserve1 // (reserve0 * 1000 + 10**8 * 997)
    assert pair.total_supply == isqrt(reserve0 * reserve1)
