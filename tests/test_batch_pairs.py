"""Batches of swaps of a v2 pair: the compiled engine beside the plain one, state by state and error by error."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from naive_amm import uint

from amm import ArgumentError, UniswapV2Pair
from amm.batch import PAIR_ORDER, PAIR_RESULT, PairRun, from_limbs, pair_orders, run_pair_swaps

Order = tuple[bool, int, bool, int]
FIELDS = ("amount0_in", "amount1_in", "amount0_out", "amount1_out")


@pytest.fixture(scope="module")
def compiler() -> None:
    """The loop, compiled once for all tests of this file."""
    pytest.importorskip("numba", reason="the compiled engine needs numba")
    run_pair_swaps(UniswapV2Pair.from_reserves(10, 10), pair_orders([(True, 1, True, 0)]), compiled=True)


def assert_same(pair: UniswapV2Pair, orders: list[Order], to: str = "trader") -> PairRun:
    """Run both engines from one state: equal results, equal errors with equal values, equal states."""
    twin, batch = pair.copy(), pair_orders(orders)
    fast, plain = (run_pair_swaps(each, batch, to=to, compiled=each is pair) for each in (pair, twin))
    assert (fast.results == plain.results).all()
    assert [(at, type(error), error.args) for at, error in fast.errors.items()] == [
        (at, type(error), error.args) for at, error in plain.errors.items()
    ]
    assert pair == twin
    return plain


@st.composite
def histories(draw: st.DrawFn) -> tuple[UniswapV2Pair, list[Order], str]:
    """A pair of any size, with tokens sent to it or not, and swaps of any amount over time, many refused."""
    time = draw(st.sampled_from([0, 2**32 - 5, 1_700_000_000]))
    pair = UniswapV2Pair.from_reserves(draw(uint(112, least=1)), draw(uint(112, least=1)), block_timestamp=time)
    if draw(st.booleans()):
        pair.transfer_in(draw(uint(100)), draw(uint(100)))
    orders = []
    for _ in range(draw(st.integers(1, 12))):
        time += draw(st.sampled_from([0, 0, 1, 12, 2**33]))
        share = draw(st.integers(1, 10**6))
        amount = draw(st.sampled_from([draw(uint(256)), pair.reserve0 // share, pair.reserve1 // share]))
        orders.append((draw(st.booleans()), amount, draw(st.booleans()), time))
    return pair, orders, draw(st.sampled_from(["trader", "trader", "pair", "token0"]))


@pytest.mark.usefixtures("compiler")
@given(histories())
def test_random_histories_are_the_same_compiled(history: tuple[UniswapV2Pair, list[Order], str]) -> None:
    """Every amount, every error with its values, and the pair afterwards, its price sums included."""
    assert_same(*history)


@pytest.mark.usefixtures("compiler")
@pytest.mark.parametrize("reserves", [(5 * 10**13, 15 * 10**21), (10**9, 10**30), (2**112 - 10**30, 2**111)])
def test_long_histories_are_the_same_compiled(reserves: tuple[int, int]) -> None:
    """3,000 swaps with exact input and exact output over many blocks, in pairs of very different sizes."""
    generator = np.random.default_rng(7)
    pair = UniswapV2Pair.from_reserves(*reserves)
    orders: list[Order] = []
    time = 0
    for _ in range(3_000):
        time += int(generator.choice([0, 0, 12, 3_600]))
        zero_for_one, exact_input = (bool(generator.random() < 0.5) for _ in range(2))
        amount = reserves[zero_for_one ^ exact_input] // int(generator.integers(100, 10**7))
        orders.append((zero_for_one, amount, exact_input, time))
    run = assert_same(pair, orders)
    assert len(run.errors) < 1_000


@pytest.mark.usefixtures("compiler")
@pytest.mark.parametrize(
    ("amount", "reserve0", "reserve1", "expected"),
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
def test_the_contracts_own_prices_compiled(amount: int, reserve0: int, reserve1: int, expected: int) -> None:
    """The table of the contract's tests, in units of 10**18, asked for by input."""
    unit = 10**18
    pair = UniswapV2Pair.from_reserves(reserve0 * unit, reserve1 * unit)
    run = run_pair_swaps(pair, pair_orders([(True, amount * unit, True, 0)]), compiled=True)
    assert [from_limbs(run.results[field][0]) for field in FIELDS] == [amount * unit, 0, 0, expected]


@pytest.mark.usefixtures("compiler")
def test_refusals_carry_the_contracts_reasons() -> None:
    """Of nothing, for nothing, all of a reserve and more, and amounts that no term or no reserve can hold."""
    pair = UniswapV2Pair.from_reserves(10**6, 10**20)
    run = assert_same(
        pair,
        [
            (True, 0, True, 0),
            (True, 0, False, 1),
            (False, 1, True, 2),
            (True, 10**20, False, 3),
            (True, 10**20 + 1, False, 4),
            (True, 2**256 - 1, True, 5),
            (True, 2**112, True, 6),
        ],
    )
    assert [getattr(error, "reason", None) for error in run.errors.values()] == [
        "UniswapV2Library: INSUFFICIENT_INPUT_AMOUNT",
        "UniswapV2Library: INSUFFICIENT_OUTPUT_AMOUNT",
        "UniswapV2: INSUFFICIENT_OUTPUT_AMOUNT",
        "",
        "ds-math-sub-underflow",
        "ds-math-mul-overflow",
        "UniswapV2: OVERFLOW",
    ]


@pytest.mark.usefixtures("compiler")
def test_tokens_sent_to_the_pair_are_input_of_the_next_swap() -> None:
    """The first swap finds them, as the contract does; the loop goes on from there."""
    pair = UniswapV2Pair.from_reserves(10**12, 10**12)
    pair.transfer_in(5_000, 7_000)
    run = assert_same(pair, [(True, 10**6, True, 0), (False, 10**6, True, 0)])
    amounts = [[from_limbs(row[field]) for field in FIELDS] for row in run.results]
    assert amounts[0][:2] == [1_005_000, 7_000]
    assert amounts[1][0] == 0


@pytest.mark.usefixtures("compiler")
def test_a_locked_pair_refuses_every_order() -> None:
    """As inside another call, on either engine."""
    pair = UniswapV2Pair.from_reserves(10**6, 10**6)
    pair.unlocked = False
    run = assert_same(pair, [(True, 1_000, True, 0)] * 2)
    assert [getattr(error, "reason", None) for error in run.errors.values()] == ["UniswapV2: LOCKED"] * 2


@pytest.mark.usefixtures("compiler")
def test_results_go_where_they_are_told_to() -> None:
    """An array that is given is written over and returned, on either engine."""
    orders = pair_orders([(True, 1_000, True, 0), (False, 0, True, 0), (False, 500, False, 12)])
    for compiled in (True, False):
        out = np.full(3 * PAIR_RESULT.itemsize, 0xFF, dtype=np.uint8).view(PAIR_RESULT)
        run = run_pair_swaps(UniswapV2Pair.from_reserves(10**6, 10**6), orders, out=out, compiled=compiled)
        assert run.results is out
        amounts = [[from_limbs(row[field]) for field in FIELDS] for row in out]
        assert amounts == [[1_000, 0, 0, 996], [0, 0, 0, 0], [0, 501, 500, 0]]
        assert out["reverted"].tolist() == [0, 1, 0]


def test_orders_that_are_no_orders_are_refused() -> None:
    """Another dtype, time that goes backwards, a flag that is none, and no room; the pair is as before."""
    pair = UniswapV2Pair.from_reserves(10**6, 10**6, block_timestamp=100)
    before = pair.copy()
    backwards = pair_orders([(True, 1, True, 101), (True, 1, True, 100)])
    flagged = pair_orders([(True, 1, True, 101)])
    flagged["exact_input"] = 2
    for orders in (np.zeros(3, dtype=[("price", "f8")]), np.zeros((2, 2), dtype=PAIR_ORDER), backwards, flagged):
        with pytest.raises(ArgumentError):
            run_pair_swaps(pair, orders)
    with pytest.raises(ArgumentError):
        run_pair_swaps(pair, pair_orders([(True, 1, True, 101)]), out=np.empty(2, dtype=PAIR_RESULT))
    assert pair == before
