"""Real contracts on a loopback node, over true JSON-RPC: what is read is what the chain says, and replays to it."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import pytest
from chain_support.anvil import FUNDED, Anvil, running_anvil
from chain_support.http_node import Reply, http_node
from chain_support.live import Live, live_chain, relay
from chain_support.misbehaving import Misbehaving
from chain_support.uniswap import OWNERS, QUOTER_ADDRESS, V3_FACTORY_ADDRESS, LivePool, deploy_uniswap
from differential.artifacts import creation_code
from differential.contracts import ERC20
from differential.engine import calldata, words
from differential.storage_layout import balance_slot, v3_storage
from web3 import HTTPProvider
from web3.types import RPCResponse

from amm.accounting import uncollected_fees
from amm.chain import (
    MULTICALL3,
    QUOTER_V2,
    LogReader,
    Node,
    NodeError,
    NotAPoolError,
    Reading,
    ReorganisedError,
    Retry,
    StateUnavailableError,
    Swap,
    WrongChainError,
    ask_quotes,
    read_pool,
)
from amm.event_replay import replay, touched_holders, touched_positions
from amm.events import UNISWAP_V2_EVENTS, UNISWAP_V3_EVENTS, EventRecord, ReplayMismatchError
from amm.math.tick_math import MAX_SQRT_RATIO, MIN_SQRT_RATIO
from amm.snapshot import Snapshot
from amm.state_difference import first_difference
from amm.uniswap_v3.pool import UniswapV3Pool
from compare.pool_quotes import model_quote, plan_swaps

POOL_EVENTS = {"Mint", "Burn", "Collect", "Swap", "Flash", "SetFeeProtocol", "IncreaseObservationCardinalityNext"}
WBTC_WETH = "0xcbcdf9626bc03e24f779434178a73a0b4bad62ed"
WBTC, WETH = "0x2260fac5e5542a773aa44fbcfedf7c193bc2c599", "0xc02aaa39b223fe8d0a0e5c4f27ead9083c756cc2"


@pytest.fixture(scope="module")
def live() -> Iterator[Live]:
    with live_chain() as live:
        yield live


@pytest.fixture
def node(live: Live) -> Iterator[Node]:
    with Node.connect(live.node.url) as node:
        yield node


def events_of(node: Node, address: str, first: int, kind: str = "v3") -> list[EventRecord]:
    specs = UNISWAP_V3_EVENTS if kind == "v3" else UNISWAP_V2_EVENTS
    reader = LogReader(node, address, specs, node.block("latest"))
    return [event for chunk in reader.ranges(first, reader.head.number) for event in chunk.events]


def test_the_pools_lives_are_worth_testing(live: Live, node: Node) -> None:
    """Nearly every event there is has happened, swaps of all three kinds among them."""
    pool_events = events_of(node, live.pool.address, live.pool.created)
    assert {event.event for event in pool_events} >= POOL_EVENTS | {"Initialize"}
    pool = UniswapV3Pool(3000, 60)
    replayed = replay(pool, pool_events)
    assert min(replayed) > 3
    pair_events = {event.event for event in events_of(node, live.pair.address, live.pair.created, "v2")}
    assert pair_events >= {"Transfer", "Mint", "Burn", "Swap", "Sync"}


@pytest.mark.parametrize("part", [0.0, 0.3, 0.8])
def test_a_pool_read_at_a_block_and_its_events_lead_to_the_pool_read_later(live: Live, node: Node, part: float) -> None:
    """From its creation, or from any block: the model ends in the state the node holds, to the last unit."""
    events = events_of(node, live.pool.address, live.pool.created)
    first = events[int(part * len(events))].block_number
    following = [event for event in events if event.block_number >= first]
    positions = touched_positions(events)
    start = UniswapV3Pool(3000, 60)
    if part:
        read = read_pool(node, live.pool.address, first - 1, positions=positions).snapshot.pool
        assert isinstance(read, UniswapV3Pool)
        start = read
    assert replay(start, following).events == len(following)
    end = read_pool(node, live.pool.address, positions=positions).snapshot.pool
    assert first_difference(start, end) is None
    assert (start.balance0, start.balance1) == (end.balance0, end.balance1)


@pytest.mark.parametrize("part", [0.0, 0.3, 0.8])
def test_a_pair_read_at_a_block_and_its_events_lead_to_the_pair_read_later(live: Live, node: Node, part: float) -> None:
    """Mints with the protocol's share, burns, swaps, flash swaps, syncs and transfers of shares."""
    events = events_of(node, live.pair.address, live.pair.created, "v2")
    first = events[int(part * len(events))].block_number
    following = [event for event in events if event.block_number >= first]
    holders = touched_holders(events)
    start = read_pool(node, live.pair.address, first - 1, holders=holders).snapshot.pool
    assert replay(start, following).events == len(following)
    end = read_pool(node, live.pair.address, holders=holders).snapshot.pool
    assert first_difference(start, end) is None


@pytest.mark.parametrize("kind", ["v3", "v2"])
def test_a_log_left_out_of_the_history_is_noticed(live: Live, node: Node, kind: str) -> None:
    """Any one log that moved tokens: without it the replay stops, or ends in another state than the node's."""
    address, created = (
        (live.pool.address, live.pool.created) if kind == "v3" else (live.pair.address, live.pair.created)
    )
    events = events_of(node, address, created, kind)
    keys: dict[str, Any] = (
        {"positions": touched_positions(events)} if kind == "v3" else {"holders": touched_holders(events)}
    )
    start = read_pool(node, address, created, **keys).snapshot.pool
    end = read_pool(node, address, **keys).snapshot.pool
    for index, event in enumerate(events):
        moved = any(event.fields.get(name) for name in ("amount0", "amount1", "value", "amount"))
        if event.event == "Approval" or not moved:
            continue
        pool = start.copy()
        try:
            replay(pool, events[:index] + events[index + 1 :])
        except ReplayMismatchError:
            continue
        assert first_difference(pool, end) is not None, event


def test_model_and_quoter_agree_at_any_block(live: Live, node: Node) -> None:
    """Boundary and random swaps at three moments of the pool's life, through the chain's own QuoterV2."""
    for block in (live.pool.created + 5, live.head - 60, live.head):
        reading = read_pool(node, live.pool.address, block)
        swaps = plan_swaps(reading.snapshot.pool, 20, block)
        answers = ask_quotes(node, reading, live.chain.quoter, swaps)
        assert [model_quote(reading.snapshot.pool, swap) for swap in swaps] == answers


def test_uncollected_fees_are_what_a_collect_would_pay(live: Live, node: Node) -> None:
    """Worked out without touching the chain; then the chain is asked, on a state that is thrown away again."""
    events = events_of(node, live.pool.address, live.pool.created)
    positions = touched_positions(events)
    pool = read_pool(node, live.pool.address, positions=positions).snapshot.pool
    assert isinstance(pool, UniswapV3Pool)
    foreseen = [uncollected_fees(pool, *key) for key in positions]
    assert sum(min(fees) > 0 for fees in foreseen) >= 3
    kept = live.node.rpc("evm_snapshot")
    try:
        for (owner, lower, upper), fees in zip(positions, foreseen, strict=True):
            live.node.send(owner, live.pool.address, calldata("burn(int24,int24,uint128)", lower, upper, 0))
            most = 2**128 - 1
            collect = calldata("collect(address,int24,int24,uint128,uint128)", owner, lower, upper, most, most)
            assert tuple(words(live.node.call(live.pool.address, collect, owner))) == tuple(fees)
    finally:
        live.node.rpc("evm_revert", kept)


def test_a_block_named_by_number_hash_or_tag_is_the_same(live: Live, node: Node) -> None:
    """And nothing is sent to the chain: its head stays where it was."""
    by_tag = read_pool(node, live.pool.address)
    assert by_tag.snapshot == read_pool(node, live.pool.address, live.head).snapshot
    assert by_tag.snapshot == read_pool(node, live.pool.address, by_tag.block.hash).snapshot
    assert live.node.block_number() == live.head


def test_a_pool_is_built_from_its_file_without_a_node(live: Live, node: Node, tmp_path: Path) -> None:
    """The file alone gives the pool and the block it is of."""
    snapshot = read_pool(node, live.pool.address, positions=[(OWNERS[0], -887220, 887220)]).snapshot
    (tmp_path / "pool.json").write_text(snapshot.to_json(), encoding="utf-8")
    again = Snapshot.from_json((tmp_path / "pool.json").read_text(encoding="utf-8"))
    assert again == snapshot
    assert (again.chain_id, again.block_number) == (31337, live.head)


def test_how_many_requests_over_http(live: Live, node: Node) -> None:
    """Six for a pool, five for a pair."""
    read_pool(node, live.pool.address)
    assert node.requests == 6
    read_pool(node, live.pair.address)
    assert node.requests == 6 + 5 - 1  # the chain's id is known by now


def test_without_multicall3_its_code_is_lent(live: Live) -> None:
    """A real node runs lent code at the address; the snapshot is the same."""
    kept = live.node.rpc("evm_snapshot")
    try:
        with Node.connect(live.node.url) as node:
            expected = read_pool(node, live.pool.address).snapshot
        live.node.rpc("anvil_setCode", MULTICALL3, "0x")
        with Node.connect(live.node.url) as node:
            assert read_pool(node, live.pool.address).snapshot == expected
            assert node.requests == 7
    finally:
        live.node.rpc("evm_revert", kept)


# When the node fails --------------------------------------------------------------------------------------------------


FAILURES = (
    Reply(status=429),
    Reply(status=503),
    Reply(status=500, body=b"oops"),
    Reply("0x", sent=20),
    Reply(body=b'{"error": {"code": -32005, "message": "too many requests"}}'),
)


@pytest.mark.parametrize("seed", range(4))
def test_a_node_that_fails_every_other_time_is_read_all_the_same(live: Live, node: Node, seed: int) -> None:
    """429, 5xx, connections dropped in the middle of a batch: the same snapshot and the same events, or nothing."""
    random = Random(seed)  # noqa: S311  # samples for a test, not secrets

    def script(method: str, params: list[Any], count: int) -> Reply:
        if random.random() < 0.5:
            return random.choice(FAILURES)
        return relay(live.node)(method, params, count)

    expected = read_pool(node, live.pool.address).snapshot
    events = events_of(node, live.pool.address, live.pool.created)
    with http_node(script) as proxy, Node.connect(proxy.url, retry=Retry(40, 40, 0.0, 0.0)) as unsteady:
        assert read_pool(unsteady, live.pool.address).snapshot == expected
        assert events_of(unsteady, live.pool.address, live.pool.created) == events
        assert unsteady.requests > 10


@pytest.mark.parametrize("kept", range(1, 7))
def test_a_node_that_breaks_off_ends_in_an_error(live: Live, kept: int) -> None:
    """Whichever request is the last that is answered, nothing half-read comes back."""

    def script(method: str, params: list[Any], count: int) -> Reply:
        return relay(live.node)(method, params, count) if count < kept else Reply("0x", sent=10)

    with http_node(script) as proxy, Node.connect(proxy.url, retry=Retry(2, 2, 0.0, 0.0)) as node:
        if kept == 6:
            read_pool(node, live.pool.address)
        else:
            with pytest.raises(NodeError):
                read_pool(node, live.pool.address)


@pytest.fixture(scope="module")
def shaky() -> Iterator[LivePool]:
    """A pool on a node whose last blocks may go at any time."""
    with running_anvil() as anvil:
        pool = LivePool(deploy_uniswap(anvil), 500, seed=3)
        pool.begin()
        yield pool


@pytest.mark.parametrize("request_number", range(2, 6))
def test_a_reorganisation_under_the_reader_is_noticed(shaky: LivePool, request_number: int) -> None:
    """Whenever the block is replaced after it was pinned, the reading is not believed."""
    shaky.node.mine(5)
    head, made = shaky.node.block_number(), 0

    def meddle(_method: str, _params: object, honest: Callable[[], RPCResponse]) -> RPCResponse:
        nonlocal made
        if made == request_number:
            shaky.node.rpc("anvil_reorg", 3, [])
        made += 1
        return honest()

    honest = HTTPProvider(shaky.node.url, exception_retry_configuration=None)
    with pytest.raises(ReorganisedError) as caught:
        read_pool(Node(Misbehaving(honest, meddle)), shaky.address)
    assert caught.value.block == head


def test_another_chain_is_refused(node: Node, live: Live) -> None:
    """The chain's id is compared before anything is read."""
    with pytest.raises(WrongChainError):
        read_pool(node, live.pool.address, chain_id=1)


def test_a_pool_that_did_not_exist_yet(live: Live, node: Node) -> None:
    """One block before its creation the address holds nothing."""
    with pytest.raises(NotAPoolError):
        read_pool(node, live.pool.address, live.pool.created - 1)
    assert read_pool(node, live.pool.address, live.pool.created).snapshot.block_number == live.pool.created


def test_a_node_without_old_states_is_named() -> None:
    """A node that prunes reads its head, and says what it lacks for an old block."""
    with live_chain("--prune-history", "10") as pruned, Node.connect(pruned.node.url) as node:
        assert read_pool(node, pruned.pool.address).block.number == pruned.head
        with pytest.raises(StateUnavailableError, match=f"block {pruned.pool.created}"):
            read_pool(node, pruned.pool.address, pruned.pool.created)


# Recorded mainnet state -----------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def mainnet(shared_data: Path) -> Iterator[tuple[Node, Reading]]:
    """WBTC/WETH 0.3 % at block 24407242, at its own address, made by the factory at its own address."""
    document = json.loads((shared_data / "uniswap_v3_wbtc_weth_quoter" / "snapshot_24407242.json").read_text())
    with running_anvil("--chain-id", "1") as anvil:
        chain = deploy_uniswap(anvil)
        assert (chain.v3_factory, chain.quoter) == (V3_FACTORY_ADDRESS, QUOTER_ADDRESS)
        _load(anvil, document)
        with Node.connect(anvil.url) as node:
            yield node, read_pool(node, WBTC_WETH, chain_id=1)


def _load(anvil: Anvil, document: dict[str, Any]) -> None:
    ticks = {int(tick): (gross, net) for tick, (gross, net, _) in document["tick_data"].items()}
    scalars = document["scalars"]
    pool = UniswapV3Pool.from_state(
        scalars["fee"],
        scalars["tick_spacing"],
        sqrt_price_x96=scalars["sqrt_price_x96"],
        tick=scalars["tick"],
        liquidity=scalars["liquidity"],
        ticks=ticks,
    )
    token = anvil.rpc("eth_getCode", anvil.deploy(creation_code(*ERC20) + bytes(32)), "latest")
    anvil.send(FUNDED, V3_FACTORY_ADDRESS, calldata("createPool(address,address,uint24)", WBTC, WETH, 3000))
    for address, balance in ((WBTC, pool.balance0), (WETH, pool.balance1)):
        anvil.rpc("anvil_setCode", address, token)
        anvil.rpc("anvil_setStorageAt", address, hex(balance_slot(WBTC_WETH)), f"0x{balance:064x}")
    for slot, (word, _) in v3_storage(pool).items():
        anvil.rpc("anvil_setStorageAt", WBTC_WETH, hex(slot), f"0x{word:064x}")
    anvil.mine()


def test_recorded_mainnet_state_is_read_at_its_own_address(mainnet: tuple[Node, Reading]) -> None:
    """All 458 ticks, through the pool's real code, in six requests."""
    node, reading = mainnet
    pool = reading.snapshot.pool
    assert isinstance(pool, UniswapV3Pool)
    assert (len(pool.ticks), pool.slot0.tick, pool.liquidity) == (458, 265269, 77835804873159631)
    assert node.requests == 6


def test_mainnets_quotes_three_ways(mainnet: tuple[Node, Reading], shared_data: Path) -> None:
    """The 80 answers recorded on mainnet, the model's, and QuoterV2's on the loopback are the same."""
    node, reading = mainnet
    entries = json.loads((shared_data / "uniswap_v3_wbtc_weth_quoter" / "quoter_24407242.json").read_text())["entries"]
    swaps = []
    for key in entries:
        _, function, way, amount = key.split("|")
        sign = 1 if "Input" in function else -1
        # the recorded calls named the furthest limit, which lets an exact output be less than asked for
        limit = MIN_SQRT_RATIO + 1 if way == "WBTC->WETH" else MAX_SQRT_RATIO - 1
        swaps.append(Swap(way == "WBTC->WETH", sign * int(amount), limit))
    recorded = [entry["value"] for entry in entries.values()]
    answers = ask_quotes(node, reading, QUOTER_V2[1], swaps)
    assert [model_quote(reading.snapshot.pool, swap) for swap in swaps] == answers
    given = [0 if answer.revert is not None else answer.amount for answer in answers]
    assert given == recorded
