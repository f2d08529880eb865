"""Batches of swaps: the compiled engine beside the plain one, state by state and error by error."""

import json
import logging
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from naive_amm import uint

import lpmm_numba
from amm import ArgumentError, UniswapV2Pair, UniswapV3Pool
from amm.batch import (
    SWAP_ORDER,
    PoolCall,
    PoolEvent,
    SwapRun,
    from_limbs,
    pair_orders,
    pool_events,
    run_pair_swaps,
    run_pool_events,
    run_swaps,
    swap_orders,
    to_limbs,
)
from amm.math.tick_math import MAX_SQRT_RATIO, MIN_SQRT_RATIO, get_sqrt_ratio_at_tick

Order = tuple[bool, int, int, int]
LOWEST, HIGHEST = MIN_SQRT_RATIO + 1, MAX_SQRT_RATIO - 1


@pytest.fixture(scope="module")
def compiler() -> None:
    """The swap loop, compiled once for all tests of this file."""
    pytest.importorskip("numba", reason="the compiled engine needs numba")
    run_swaps(small_pool(), swap_orders([(True, 1, LOWEST, 0)]), compiled=True)


def small_pool() -> UniswapV3Pool:
    pool = UniswapV3Pool(fee=3000, tick_spacing=60)
    pool.initialize(2**96)
    pool.mint("alice", -600, 600, 10**18)
    pool.mint("bob", -60, 120, 10**17)
    return pool


def assert_same(pool: UniswapV3Pool, orders: list[Order]) -> SwapRun:
    """Run both engines from one state: equal results, equal errors with equal values, equal states."""
    twin, batch = pool.copy(), swap_orders(orders)
    fast, plain = run_swaps(pool, batch, compiled=True), run_swaps(twin, batch, compiled=False)
    assert (fast.results == plain.results).all()
    assert [(at, type(error), error.args) for at, error in fast.errors.items()] == [
        (at, type(error), error.args) for at, error in plain.errors.items()
    ]
    assert pool == twin
    return plain


# Random histories -----------------------------------------------------------------------------------------------------

AMOUNTS = st.one_of(
    st.integers(-(10**20), 10**20), st.integers(-1000, 1000), uint(255).map(lambda amount: amount - 2**254)
)
LIMITS = st.one_of(
    st.integers(-887_272, 887_272).map(get_sqrt_ratio_at_tick),
    st.integers(-700, 700).map(get_sqrt_ratio_at_tick),
    st.integers(-700, 700).map(lambda tick: get_sqrt_ratio_at_tick(tick) + 1),
    uint(256),
)


@st.composite
def pools(draw: st.DrawFn) -> UniswapV3Pool:
    """A pool of any fee and spacing, with some positions, a protocol fee and room for observations."""
    spacing = draw(st.sampled_from([1, 10, 60, 200, 16383]))
    pool = UniswapV3Pool(draw(st.integers(0, 999_999)), spacing)
    pool.block_timestamp = draw(st.sampled_from([0, 2**32 - 5, 1_700_000_000]))
    pool.initialize(get_sqrt_ratio_at_tick(draw(st.integers(-100, 100))) + draw(st.integers(0, 10**20)))
    pool.set_fee_protocol(draw(st.sampled_from([0, 4, 10])), draw(st.sampled_from([0, 7])))
    pool.increase_observation_cardinality_next(draw(st.integers(1, 4)))
    for owner in range(draw(st.integers(0, 5))):
        lower = draw(st.integers(-6, 5))
        upper = draw(st.integers(lower + 1, 6))
        pool.mint(str(owner), lower * spacing, upper * spacing, draw(uint(104, least=1)))
    return pool


@st.composite
def histories(draw: st.DrawFn) -> tuple[UniswapV3Pool, list[Order]]:
    """A pool, and swaps of every kind over time: most with no limit but the end of the range, many refused."""
    pool = draw(pools())
    time, orders = pool.block_timestamp, []
    for _ in range(draw(st.integers(1, 12))):
        time += draw(st.sampled_from([0, 0, 1, 12, 100_000]))
        zero_for_one = draw(st.booleans())
        limit = draw(st.one_of(st.just(LOWEST if zero_for_one else HIGHEST), LIMITS))
        orders.append((zero_for_one, draw(AMOUNTS), limit, time))
    return pool, orders


@pytest.mark.usefixtures("compiler")
@given(histories())
def test_random_histories_are_the_same_compiled(history: tuple[UniswapV3Pool, list[Order]]) -> None:
    """Every result, every error with its values, and the whole state afterwards, oracle and ticks included."""
    assert_same(*history)


@pytest.mark.usefixtures("compiler")
@pytest.mark.parametrize("seed", range(3))
def test_long_histories_are_the_same_compiled(seed: int) -> None:
    """2,000 swaps across twelve ticks with protocol fees: exact in, exact out and to a limit, over many blocks."""
    generator = np.random.default_rng(seed)
    pool = UniswapV3Pool(fee=500, tick_spacing=10)
    pool.initialize(2**96)
    pool.set_fee_protocol(5, 9)
    pool.increase_observation_cardinality_next(50)
    for owner in range(6):
        lower, upper = sorted(generator.choice(np.arange(-40, 41), 2, replace=False).tolist())
        pool.mint(str(owner), lower * 10, upper * 10, int(generator.integers(10**15, 10**18)))
    orders: list[Order] = []
    time = 0
    for _ in range(2_000):
        time += int(generator.choice([0, 0, 12, 3_600]))
        zero_for_one = bool(generator.random() < 0.5)
        limit = LOWEST if zero_for_one else HIGHEST
        if generator.random() < 0.5:
            limit = get_sqrt_ratio_at_tick(int(generator.integers(-450, 450)))
        orders.append((zero_for_one, int(generator.integers(-(10**16), 10**17)), limit, time))
    run = assert_same(pool, orders)
    assert 100 < len(run.errors) < 1_000  # limits on the wrong side


@pytest.mark.usefixtures("compiler")
def test_refusals_carry_the_contracts_reasons() -> None:
    """Nothing to swap, a limit on the wrong side, no such limit, and more than the pool holds."""
    pool = small_pool()
    pool.balance1 = 10
    nothing, wrong_side, no_limit = (True, 0, LOWEST, 0), (True, 1, HIGHEST, 1), (True, 1, 2**160, 1)
    too_much_out, all_of_it = (True, -(10**6), LOWEST, 2), (True, 10**30, LOWEST, 3)
    run = assert_same(pool, [nothing, wrong_side, no_limit, too_much_out, all_of_it])
    reasons = [getattr(error, "reason", type(error).__name__) for error in run.errors.values()]
    assert reasons == ["AS", "SPL", "ArgumentError", "TF", "TF"]


def test_a_pool_without_a_price_refuses_every_order() -> None:
    """As the contract before initialize, on either engine."""
    run = run_swaps(UniswapV3Pool(3000, 60), swap_orders([(True, 1, LOWEST, 0)] * 2))
    assert [getattr(error, "reason", None) for error in run.errors.values()] == ["LOK", "LOK"]


# The chain's own answers ----------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("compiler")
def test_all_quotes_of_the_chain_are_exact_compiled(shared_data: Path) -> None:
    """80 of 80 answers of the on-chain Quoter on WBTC/WETH, each from the same state."""
    folder = shared_data / "uniswap_v3_wbtc_weth_quoter"
    pool = recorded_pool(folder)
    entries = json.loads((folder / "quoter_24407242.json").read_text(encoding="utf-8"))["entries"]
    answers = {}
    for key in entries:
        _, function, direction, amount = key.split("|")
        zero_for_one, exact_in = direction == "WBTC->WETH", function == "quoteExactInputSingle"
        order = (zero_for_one, int(amount) if exact_in else -int(amount), LOWEST if zero_for_one else HIGHEST, 0)
        (result,) = run_swaps(pool.copy(), swap_orders([order]), compiled=True).results
        amounts = [from_limbs(result[name], signed=True) for name in ("amount0", "amount1")]
        answers[key] = -min(amounts) if exact_in else max(amounts)
    assert answers == {key: entry["value"] for key, entry in entries.items()}
    assert len(answers) == 80


@pytest.mark.usefixtures("compiler")
def test_two_recorded_years_are_the_same_compiled(shared_data: Path) -> None:
    """Every eighth of 161,984 swaps of WBTC/WETH, exact in or out by the satoshi, on one recorded state of the pool."""
    table = pq.read_table(shared_data / "uniswap_v3_wbtc_weth_3000_2021_2023" / "swaps.parquet")
    orders: list[Order] = []
    columns = (table.column(name).to_pylist()[::8] for name in ("block", "amount0_wbtc_sat"))
    for block, satoshi in zip(*columns, strict=True):
        zero_for_one = satoshi > 0
        orders.append((zero_for_one, satoshi, LOWEST if zero_for_one else HIGHEST, 12 * block))
    run = assert_same(recorded_pool(shared_data / "uniswap_v3_wbtc_weth_quoter"), orders)
    assert len(orders) == 20_248
    assert len(run.errors) < 100  # where the sample has emptied the pool


def recorded_pool(folder: Path) -> UniswapV3Pool:
    """WBTC/WETH 0.3 % at one block, with 458 initialised ticks."""
    snapshot = json.loads((folder / "snapshot_24407242.json").read_text(encoding="utf-8"))
    scalars = {name: snapshot["scalars"][name] for name in ("sqrt_price_x96", "tick", "liquidity")}
    ticks = {int(tick): (gross, net) for tick, (gross, net, _) in snapshot["tick_data"].items()}
    return UniswapV3Pool.from_state(3000, 60, **scalars, ticks=ticks)


# Arrays and arguments -------------------------------------------------------------------------------------------------


@given(st.lists(st.integers(-(2**255), 2**255 - 1)))
@settings(max_examples=20)
def test_limbs_hold_every_integer(values: list[int]) -> None:
    """Into rows of limbs and back, with the sign."""
    assert [from_limbs(row, signed=True) for row in to_limbs(values)] == values


def test_orders_that_are_no_orders_are_refused() -> None:
    """Another dtype, time that goes backwards, and a direction that is none; the pool is as before."""
    pool = small_pool()
    pool.block_timestamp = 100
    before = pool.copy()
    backwards = swap_orders([(True, 1, LOWEST, 101), (True, 1, LOWEST, 100)])
    early = swap_orders([(True, 1, LOWEST, 99)])
    sideways = np.zeros(1, dtype=SWAP_ORDER)
    sideways["block_timestamp"], sideways["zero_for_one"] = 100, 2
    for orders in (
        np.zeros(3, dtype=[("price", "f8")]),
        np.zeros((2, 2), dtype=SWAP_ORDER),
        backwards,
        early,
        sideways,
    ):
        with pytest.raises(ArgumentError):
            run_swaps(pool, orders)
    assert pool == before


def test_without_numba_every_batch_runs_and_that_is_said_once(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Swaps, events and a pair, on the plain engine; one line names the extra to install."""
    monkeypatch.setattr(lpmm_numba, "find_spec", lambda _name: None)
    lpmm_numba.has_compiler.cache_clear()
    pair = UniswapV2Pair.from_reserves(10**6, 10**6)
    with caplog.at_level(logging.INFO, logger="lpmm"):
        assert run_swaps(small_pool(), swap_orders([(True, 10**6, LOWEST, 0)])).errors == {}
        assert run_pool_events(small_pool(), pool_events([PoolEvent(PoolCall.SWAP, 10**6, LOWEST, True)])).errors == {}
        assert run_pair_swaps(pair, pair_orders([(True, 1_000, True, 0)])).errors == {}
    lpmm_numba.has_compiler.cache_clear()
    assert len(caplog.records) == 1
    assert "pip install lpmm[fast]" in caplog.text


def test_no_orders_change_nothing() -> None:
    """An empty batch is a batch."""
    pool = small_pool()
    assert run_swaps(pool, swap_orders([])).results.shape == (0,)
    assert pool == small_pool()


@pytest.mark.usefixtures("compiler")
def test_strided_orders_are_read_as_they_stand() -> None:
    """Every other order of an array."""
    orders = swap_orders([(bool(index % 2), 10**12 + index, (HIGHEST, LOWEST)[index % 2], index) for index in range(9)])
    fast, plain = small_pool(), small_pool()
    assert (run_swaps(fast, orders[::2]).results == run_swaps(plain, orders[::2], compiled=False).results).all()
    assert fast == plain
