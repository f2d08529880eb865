"""A pool read over JSON-RPC from an in-process EVM is the pool that the contract holds, to the last word of storage."""

from collections.abc import Callable
from pathlib import Path
from random import Random

import pytest
from chain_support.in_process import BLOCK_NUMBER, CHAIN_ID, WorldProvider, examples
from chain_support.misbehaving import Misbehaving, error, result
from chain_support.uniswap import QUOTER_V2, ROUTER_V2
from differential import v2_rules, v3_rules
from differential.artifacts import creation_code
from differential.contracts import Deployment
from differential.engine import DEPLOYER, calldata
from differential.solidity import compile_contract
from differential.storage_layout import v2_storage, v3_storage
from differential.v2_twin import V2Twin
from differential.v3_twin import OWNERS, V3Twin
from eth_abi.abi import encode
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from web3.types import RPCResponse

from amm.accounting import uncollected_fees
from amm.chain import (
    CALLS_PER_REQUEST,
    BadAnswerError,
    InconsistentStateError,
    MulticallMissingError,
    Node,
    NotAPoolError,
    PoolKindError,
    StaleStateError,
    UnsupportedPoolError,
    ask_quotes,
    read_pool,
)
from amm.errors import ArgumentError
from amm.math.tick_math import MAX_TICK
from amm.snapshot import Snapshot, Token
from amm.uniswap_v3.pool import UniswapV3Pool
from amm.uniswap_v3.position import EMPTY
from compare.pool_quotes import model_quote, plan_swaps

DRAWS = st.randoms(use_true_random=False)
FORKS = Path(__file__).parent / "chain_support" / "forks.sol"
NOBODY = "0x00000000000000000000000000000000000000ee"


def random_pool(random: Random) -> V3Twin:
    """A pool after a dozen calls; a tick spacing of one, with its 6,932 words, has a test of its own."""
    twin = v3_rules.new_twin(random)
    assume(twin.model.tick_spacing > 1)
    for _ in range(examples(12)):
        random.choice(v3_rules.RULES)(twin, random)
    return twin


def simple_pool(fee: int = 3000, spacing: int = 60) -> V3Twin:
    """A pool with two positions and some fees."""
    twin = V3Twin(fee, spacing)
    twin.initialize(2**96)
    last = MAX_TICK // spacing * spacing
    twin.mint(OWNERS[0], -last, last, 10**18)
    twin.mint(OWNERS[1], -spacing, spacing, 10**19)
    twin.wait(12)
    twin.swap(True, 10**16, 2**95)
    twin.swap(False, 10**15, 2**97)
    return twin


def node_of(chain: Deployment, timestamp: int, *, multicall: bool = True) -> tuple[Node, WorldProvider]:
    provider = WorldProvider(chain.world, timestamp, multicall=multicall)
    return Node(provider), provider


@settings(max_examples=examples(40))
@given(random=DRAWS)
def test_a_v3_pool_is_read_to_the_last_word(random: Random) -> None:
    """Storage made from what was read is the contract's: ticks, bitmap, positions, observations, fees; and balances."""
    twin = random_pool(random)
    node, _ = node_of(twin.chain, twin.time)
    reading = read_pool(node, twin.chain.pool, positions=list(twin.model.positions))
    pool = reading.snapshot.pool
    assert isinstance(pool, UniswapV3Pool)
    assert v3_storage(pool) == v3_storage(twin.model)
    assert (pool.balance0, pool.balance1, pool.block_timestamp) == (twin.model.balance0, twin.model.balance1, twin.time)
    assert (pool.fee, pool.tick_spacing) == (twin.model.fee, twin.model.tick_spacing)
    assert Snapshot.from_json(reading.snapshot.to_json()) == reading.snapshot


@settings(max_examples=examples(40))
@given(random=DRAWS)
def test_a_v2_pair_is_read_to_the_last_word(random: Random) -> None:
    """Reserves, sums, kLast, supply, the shares of every holder, the fee's recipient, the balances; no approvals."""
    twin = v2_rules.new_twin(random)
    for _ in range(12):
        random.choice(v2_rules.RULES)(twin, random)
    node, _ = node_of(twin.chain, twin.time)
    reading = read_pool(node, twin.chain.pool, holders=[who for who in twin.model.balance_of if who.startswith("0x")])
    pair = reading.snapshot.pool
    assert not isinstance(pair, UniswapV3Pool)
    readable = twin.model.copy()
    readable.allowance, readable.nonces = {}, {}
    assert v2_storage(pair) == v2_storage(readable)
    assert (pair.balance0, pair.balance1, pair.fee_to) == (twin.model.balance0, twin.model.balance1, twin.model.fee_to)
    assert Snapshot.from_json(reading.snapshot.to_json()) == reading.snapshot


@settings(max_examples=examples(15))
@given(random=DRAWS, seed=st.integers(0, 2**32))
def test_the_model_answers_as_quoter_v2(random: Random, seed: int) -> None:
    """Boundary and random swaps on random pools: the other amount, the price after, and the reason of a revert."""
    twin = random_pool(random)
    arguments = encode(["address", "address"], [twin.chain.factory, DEPLOYER])
    quoter = twin.chain.world.deploy(creation_code(*QUOTER_V2) + arguments)
    node, _ = node_of(twin.chain, twin.time)
    reading = read_pool(node, twin.chain.pool)
    swaps = plan_swaps(reading.snapshot.pool, 10, seed)
    answers = ask_quotes(node, reading, quoter, swaps)
    for swap, answer in zip(swaps, answers, strict=True):
        assert model_quote(reading.snapshot.pool, swap) == answer, swap


@settings(max_examples=examples(15))
@given(random=DRAWS, seed=st.integers(0, 2**32))
def test_the_model_answers_as_router02(random: Random, seed: int) -> None:
    """The router's own arithmetic on the pair's own reserves, reverts included."""
    twin = v2_rules.new_twin(random)
    arguments = encode(["address", "address"], [twin.chain.factory, DEPLOYER])
    router = twin.chain.world.deploy(creation_code(*ROUTER_V2) + arguments)
    node, _ = node_of(twin.chain, twin.time)
    reading = read_pool(node, twin.chain.pool)
    swaps = plan_swaps(reading.snapshot.pool, 10, seed)
    answers = ask_quotes(node, reading, router, swaps)
    for swap, answer in zip(swaps, answers, strict=True):
        assert model_quote(reading.snapshot.pool, swap) == answer, swap


def test_uncollected_fees_are_what_the_contract_would_pay() -> None:
    """They are worked out from the snapshot; only then are they collected, by a poke and a collect, to compare."""
    twin = simple_pool()
    keys = [(OWNERS[1], -60, 60), (OWNERS[0], -887220, 887220)]
    node, _ = node_of(twin.chain, twin.time)
    pool = read_pool(node, twin.chain.pool, positions=keys).snapshot.pool
    assert isinstance(pool, UniswapV3Pool)
    for owner, lower, upper in keys:
        foreseen = uncollected_fees(pool, owner, lower, upper)
        twin.burn(owner, lower, upper, 0)
        paid = twin.collect(owner, lower, upper, 2**128 - 1, 2**128 - 1)
        assert paid == tuple(foreseen)
        assert min(foreseen) > 0


@pytest.mark.parametrize(("spacing", "bitmap_requests"), [(1, 14), (60, 1), (16383, 1)])
def test_how_many_requests_a_v3_pool_takes(spacing: int, bitmap_requests: int) -> None:
    """Four, one for each 500 words of the bitmap and the tokens, one for each 500 ticks, observations and positions."""
    twin = simple_pool(spacing=spacing) if spacing == 60 else simple_pool(fee=77, spacing=spacing)
    node, provider = node_of(twin.chain, twin.time)
    read_pool(node, twin.chain.pool)
    around = ["eth_chainId", "eth_getBlockByNumber", "eth_call"], ["eth_getBlockByNumber"]
    assert provider.requests == [*around[0], *["eth_call"] * (bitmap_requests + 1), *around[1]]
    assert node.requests == len(provider.requests) == 5 + bitmap_requests


def test_how_many_requests_observations_and_small_batches_take() -> None:
    """1,200 observations are three more requests of 500; smaller requests are as many more."""
    twin = simple_pool()
    twin.increase_observation_cardinality_next(1200)
    node, _ = node_of(twin.chain, twin.time)
    pool = read_pool(node, twin.chain.pool).snapshot.pool
    assert isinstance(pool, UniswapV3Pool)
    assert len(pool.observations) == 1200
    assert (CALLS_PER_REQUEST, node.requests) == (500, 4 + 1 + 3)
    node, _ = node_of(twin.chain, twin.time)
    assert read_pool(node, twin.chain.pool, calls_per_request=100).snapshot.pool == pool
    plain, words_and_tokens, entries = 1, -(-(116 + 6) // 100), -(-(4 + 1200) // 100)
    assert node.requests == 3 + plain + words_and_tokens + entries


def test_how_many_requests_a_v2_pair_takes() -> None:
    """Five, with the shares of up to 490 holders."""
    twin = V2Twin()
    twin.transfer_in(10**6, 10**6)
    twin.mint(OWNERS[0])
    node, _ = node_of(twin.chain, twin.time)
    pair = read_pool(node, twin.chain.pool, holders=[OWNERS[0]]).snapshot.pool
    assert node.requests == 5
    assert not isinstance(pair, UniswapV3Pool)
    assert pair.balance_of == {twin.chain.pool.lower(): 0, **twin.model.balance_of}


def test_a_block_is_named_by_number_hash_or_tag() -> None:
    """All three read the same, and the snapshot says which block and chain it is of."""
    twin = simple_pool()
    node, provider = node_of(twin.chain, twin.time)
    for reference in (BLOCK_NUMBER, provider.block_hash, "latest"):
        snapshot = read_pool(node, twin.chain.pool.upper().replace("0X", "0x"), reference).snapshot
        assert (snapshot.chain_id, snapshot.block_number) == (CHAIN_ID, BLOCK_NUMBER)
        assert (snapshot.block_hash, snapshot.address) == (provider.block_hash, twin.chain.pool.lower())
        assert snapshot.pool == read_pool(node, twin.chain.pool).snapshot.pool


def test_a_pool_that_is_not_initialised_is_read_empty() -> None:
    """A price of zero is a state like any other."""
    twin = V3Twin(500, 10)
    node, _ = node_of(twin.chain, twin.time)
    snapshot = read_pool(node, twin.chain.pool, positions=[(OWNERS[0], -10, 10)]).snapshot
    assert isinstance(snapshot.pool, UniswapV3Pool)
    assert snapshot.pool.slot0.sqrt_price_x96 == 0
    assert snapshot.pool.positions == {(OWNERS[0], -10, 10): EMPTY}


@pytest.mark.parametrize("ends", [(60, -60), (0, 0), (-887273, 0), (0, 887273), (0, 2**40)])
def test_a_position_that_cannot_be(ends: tuple[int, int]) -> None:
    """Ends out of order or out of range are refused before anything is asked for."""
    twin = simple_pool()
    node, _ = node_of(twin.chain, twin.time)
    with pytest.raises(ArgumentError, match="two ticks in order"):
        read_pool(node, twin.chain.pool, positions=[(OWNERS[0], *ends)])
    assert node.requests == 0


# Where there is no Multicall3 -----------------------------------------------------------------------------------------


def test_without_multicall3_the_node_is_lent_its_code() -> None:
    """The same answers for one request more: the one that found nothing there."""
    twin = simple_pool()
    with_it, _ = node_of(twin.chain, twin.time)
    expected = read_pool(with_it, twin.chain.pool).snapshot
    node, _ = node_of(twin.chain, twin.time, multicall=False)
    assert read_pool(node, twin.chain.pool).snapshot == expected
    assert node.requests == with_it.requests + 1


def test_a_node_that_lends_no_code_is_named() -> None:
    """A node that does not know the state override ends in an error that says what it lacks."""
    twin = simple_pool()
    _, provider = node_of(twin.chain, twin.time, multicall=False)

    def meddle(method: str, params: list[object], honest: Callable[[], RPCResponse]) -> RPCResponse:
        if method == "eth_call" and len(params) > 2:
            return error(-32602, "too many arguments, want at most 2")
        return honest()

    with pytest.raises(MulticallMissingError, match="want at most 2"):
        read_pool(Node(Misbehaving(provider, meddle)), twin.chain.pool)


@pytest.mark.parametrize("damage", ["ff" * 64, f"{32:064x}{2**255:064x}", "", "00" * 31, f"{32:064x}{1:064x}{32:064x}"])
def test_results_that_are_no_results_are_refused(damage: str) -> None:
    """Garbage, impossible lengths and too few results are not taken apart by guesswork."""
    twin = simple_pool()
    _, provider = node_of(twin.chain, twin.time)

    def meddle(method: str, _params: object, honest: Callable[[], RPCResponse]) -> RPCResponse:
        return result("0x" + damage) if method == "eth_call" else honest()

    with pytest.raises((BadAnswerError, MulticallMissingError)):
        read_pool(Node(Misbehaving(provider, meddle)), twin.chain.pool)


# What is no pool of Uniswap's -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("which", ["nobody", "token", "factory"])
def test_an_address_that_is_no_pool(which: str) -> None:
    """An account, a token and a factory are refused by name and block."""
    twin = simple_pool()
    address = {"nobody": NOBODY, "token": twin.chain.token0, "factory": twin.chain.factory}[which]
    node, _ = node_of(twin.chain, twin.time)
    with pytest.raises(NotAPoolError) as caught:
        read_pool(node, address)
    assert (caught.value.address, caught.value.block) == (address.lower(), BLOCK_NUMBER)


@pytest.mark.parametrize("address", ["", "0x12", "vitalik.eth", "0x" + "zz" * 20, "11" * 20])
def test_a_text_that_is_no_address(address: str) -> None:
    """It is refused before anything is asked for."""
    twin = simple_pool()
    node, _ = node_of(twin.chain, twin.time)
    with pytest.raises(ArgumentError, match="forty hexadecimal digits"):
        read_pool(node, address)
    assert node.requests == 0


@pytest.mark.parametrize(
    ("contract", "field", "problem"),
    [
        ("WideFeeProtocol", "slot0", f"slot0.feeProtocol is no uint8: {3200 + (3200 << 16)}"),
        ("OddFeeProtocol", "slot0.feeProtocol", "3 is not two of 0 and 4 to 10"),
        ("NoFeeProtocol", "slot0", "slot0 holds 192 bytes, not 224"),
        ("OtherMaximum", "maxLiquidityPerTick", "it is not 11505743598341114571880798222544994"),
    ],
)
def test_a_fork_of_v3_is_refused_by_the_field_that_differs(contract: str, field: str, problem: str) -> None:
    """PancakeSwap's wide protocol fee, one that cannot be, none at all, another limit: each names its field."""
    twin = simple_pool()
    fork = twin.chain.world.deploy(compile_contract(FORKS, contract) + encode(["address"], [twin.chain.pool]))
    node, _ = node_of(twin.chain, twin.time)
    with pytest.raises(UnsupportedPoolError) as caught:
        read_pool(node, fork)
    assert (caught.value.field, caught.value.problem) == (field, problem)


def test_a_state_that_contradicts_itself_is_refused() -> None:
    """A bitmap without the ticks that the active liquidity comes from has not been read whole."""
    twin = simple_pool()
    fork = twin.chain.world.deploy(compile_contract(FORKS, "LostTicks") + encode(["address"], [twin.chain.pool]))
    node, _ = node_of(twin.chain, twin.time)
    with pytest.raises(InconsistentStateError, match="sum of liquidity_net"):
        read_pool(node, fork)


def test_a_fork_of_v2_is_refused_by_its_name() -> None:
    """A pair does not say its fee, so one that is not named Uniswap V2 is not taken for one."""
    twin = V2Twin()
    fork = twin.chain.world.deploy(compile_contract(FORKS, "OtherPair") + encode(["address"], [twin.chain.pool]))
    node, _ = node_of(twin.chain, twin.time)
    with pytest.raises(UnsupportedPoolError, match="'Other LPs', a fork whose fee it does not say"):
        read_pool(node, fork)


def test_a_quoter_of_another_factory_is_refused() -> None:
    """Its answers would be about another pool."""
    twin = simple_pool()
    node, _ = node_of(twin.chain, twin.time)
    reading = read_pool(node, twin.chain.pool)
    quoter = twin.chain.world.deploy(creation_code(*QUOTER_V2) + encode(["address", "address"], [NOBODY, NOBODY]))
    with pytest.raises(UnsupportedPoolError, match="it quotes the pools of"):
        ask_quotes(node, reading, quoter, [])
    with pytest.raises(PoolKindError):
        ask_quotes(node, reading, NOBODY, [])


@pytest.mark.parametrize(
    ("contract", "symbol"),
    [("BareToken", None), ("OldToken", "OLD[31m")],
)
def test_a_token_without_decimals_is_read_all_the_same(contract: str, symbol: str | None) -> None:
    """Only its balance counts; a symbol of bytes32 is read, and what would paint a terminal is left out of it."""
    twin = V3Twin(3000, 60)
    world = twin.chain.world
    tokens = sorted(
        (world.deploy(compile_contract(FORKS, contract)), twin.chain.token0), key=lambda each: int(each, 16)
    )
    answer = world.send(DEPLOYER, twin.chain.factory, calldata("createPool(address,address,uint24)", *tokens, 3000))
    node, _ = node_of(twin.chain, twin.time)
    reading = read_pool(node, "0x" + answer[-20:].hex())
    assert Token(twin.chain.token0.lower(), "UNI-V2", 18) in reading.tokens
    assert {(token.symbol, token.decimals) for token in reading.tokens} == {("UNI-V2", 18), (symbol, None)}
    assert Snapshot.from_json(reading.snapshot.to_json()) == reading.snapshot


def test_a_node_that_answers_for_another_block_is_found_out() -> None:
    """The state's own clock is asked for with every request, and must be the block's."""
    twin = simple_pool()
    node, provider = node_of(twin.chain, twin.time)
    twin.chain.world.set_time(twin.time + 12)
    with pytest.raises(StaleStateError) as caught:
        read_pool(node, twin.chain.pool)
    assert (caught.value.expected_timestamp, caught.value.found_timestamp) == (provider.timestamp, twin.time + 12)
