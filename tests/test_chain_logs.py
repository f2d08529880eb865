"""Logs of a range of blocks: every one, once, in order, or an error; whatever the node does."""

from collections.abc import Callable
from random import Random

import pytest
from chain_support.log_chain import ADDRESS, START_TIME, Log, LogChain
from hypothesis import given
from hypothesis import strategies as st

from amm.chain import LogReader, Node, NodeRefusedError, ReorganisedError, TruncatedLogsError, UnknownEventError
from amm.chain.errors import IntegrityError
from amm.events import UNISWAP_V2_EVENTS, UNISWAP_V3_EVENTS, EventRecord

LOGS_IN = st.dictionaries(st.integers(0, 120), st.integers(1, 4), max_size=40)


def reader_of(chain: LogChain, span: int = 50, *, cross_check: bool = True) -> LogReader:
    node = Node(chain)
    return LogReader(node, ADDRESS, UNISWAP_V2_EVENTS, node.block("latest"), span, cross_check)


def pulled(reader: LogReader, first: int, last: int) -> list[EventRecord]:
    return [event for chunk in reader.ranges(first, last) for event in chunk.events]


def places(events: list[EventRecord]) -> list[tuple[int, int]]:
    return [event.place for event in events]


@given(logs_in=LOGS_IN, span=st.integers(1, 130), limit=st.integers(1, 130), cap=st.integers(1, 60))
def test_every_log_once_and_in_order_or_an_error(logs_in: dict[int, int], span: int, limit: int, cap: int) -> None:
    """Whatever ranges the node refuses and wherever it cuts its lists, as long as one block's logs fit into a list.

    Where they do not, no other question shows what is missing, unless a list was seen to be cut before.
    """
    chain = LogChain(120, logs_in)
    chain.limit, chain.cap = limit, cap
    fullest_block = max(logs_in.values(), default=0)
    try:
        events = pulled(reader_of(chain, span), 3, 117)
    except TruncatedLogsError:
        assert fullest_block >= cap
        return
    assert fullest_block > cap or places(events) == chain.places(3, 117)


@given(logs_in=LOGS_IN, span=st.integers(1, 130), limit=st.integers(1, 130))
def test_ranges_cover_every_block_once(logs_in: dict[int, int], span: int, limit: int) -> None:
    """Consecutive ranges leave no block out and overlap nowhere, and each event lies in its range."""
    chain = LogChain(120, logs_in)
    chain.limit = limit
    following = 5
    for chunk in reader_of(chain, span).ranges(5, 120):
        assert chunk.first_block == following
        assert all(chunk.first_block <= event.block_number <= chunk.last_block for event in chunk.events)
        following = chunk.last_block + 1
    assert following == 121


@given(logs_in=LOGS_IN.filter(lambda logs: sum(logs.values()) > 8), seed=st.integers(0, 2**32))
def test_a_node_that_forgets_logs_at_random_is_an_error_or_whole(logs_in: dict[int, int], seed: int) -> None:
    """Lists that lack one log here and there contradict each other; nothing that contradicts another is taken."""
    random, chain = Random(seed), LogChain(120, logs_in)  # noqa: S311  # samples for a test, not secrets

    def forget(logs: list[Log]) -> list[Log]:
        return [log for log in logs if random.random() > 0.3]

    chain.alter = forget
    try:
        events = pulled(reader_of(chain, 121), 0, 120)
    except IntegrityError:
        return
    assert set(places(events)) <= set(chain.places(0, 120))


@pytest.mark.parametrize(
    "alter",
    [
        lambda logs: logs[:-1],
        lambda logs: logs[1:],
        lambda logs: logs[: len(logs) // 2],
        lambda logs: logs[::3],
    ],
    ids=["the last", "the first", "the second half", "two of three"],
)
def test_a_list_with_logs_left_out_is_noticed(alter: Callable[[list[Log]], list[Log]]) -> None:
    """What is left out by its place in the list differs when the range is asked for in parts."""
    chain = LogChain(120, dict.fromkeys(range(121), 2))
    chain.alter = alter
    with pytest.raises(TruncatedLogsError, match="instead of"):
        pulled(reader_of(chain, 121), 0, 120)


def test_a_log_left_out_of_every_answer_is_not_noticed_here() -> None:
    """No two answers contradict each other then; the state that the replayed history ends in does."""
    chain = LogChain(120, dict.fromkeys(range(121), 2))
    chain.alter = lambda logs: [log for log in logs if log["blockNumber"] != hex(60)]
    assert len(pulled(reader_of(chain, 121), 0, 120)) == 240


@pytest.mark.parametrize("kept", [slice(None, 100), slice(-100, None)], ids=["the first", "the latest"])
def test_a_cap_is_worked_around_with_smaller_ranges(kept: slice) -> None:
    """A node that gives 100 logs at most yields all 242, and is never trusted with a list that long again."""
    chain = LogChain(120, dict.fromkeys(range(121), 2))
    chain.alter = lambda logs: logs[kept]
    assert places(pulled(reader_of(chain, 121), 0, 120)) == chain.places(0, 120)


def test_a_single_block_that_fills_the_cap_is_an_error() -> None:
    """Where no smaller range is left, a list that may be cut is not taken."""
    chain = LogChain(10, {4: 3, 5: 7})
    chain.cap = 5
    with pytest.raises(TruncatedLogsError, match="one block may have more") as caught:
        pulled(reader_of(chain), 0, 10)
    assert (caught.value.first_block, caught.value.last_block) == (5, 5)


def test_how_many_requests_a_range_takes() -> None:
    """One for each range without logs, three for each with some; without the cross-check, one for each."""
    chain = LogChain(400, {10: 1, 12: 1, 230: 1})
    pulled(reader_of(chain, 100), 0, 399)
    assert len(chain.asked) == 3 + 1 + 3 + 1
    chain.asked.clear()
    pulled(reader_of(chain, 100, cross_check=False), 0, 399)
    assert chain.asked == [(0, 99), (100, 199), (200, 299), (300, 399)]


def test_a_refused_range_is_halved_and_grows_again() -> None:
    """2,000 blocks become 500 where only 600 are allowed; after sixteen such ranges a longer one is tried."""
    chain = LogChain(19_999, {})
    chain.limit = 600
    pulled(reader_of(chain, 2_000), 0, 19_999)
    lengths = [last - first + 1 for first, last in chain.asked]
    assert lengths[:19] == [2000, 1000, *[500] * 16, 1000]
    assert sum(length for length in lengths if length <= 600) == 20_000


def test_a_node_that_refuses_one_block_is_given_up() -> None:
    """The error has the node's own words."""
    chain = LogChain(10, {})
    chain.limit = 0
    with pytest.raises(NodeRefusedError, match="block range limit is 0"):
        pulled(reader_of(chain), 0, 10)


@pytest.mark.parametrize("with_time", [True, False])
def test_every_event_has_its_blocks_time(with_time: bool) -> None:
    """Where logs do not say it, one header for each block that has logs does."""
    chain = LogChain(20, {3: 2, 7: 1})
    chain.with_time = with_time
    events = pulled(reader_of(chain), 0, 20)
    assert [event.block_timestamp - START_TIME for event in events] == [36, 36, 84]
    assert [dict(event.fields) for event in events] == [
        {"reserve0": 3, "reserve1": 0},
        {"reserve0": 3, "reserve1": 1},
        {"reserve0": 7, "reserve1": 0},
    ]
    assert chain.requests.count("eth_getBlockByNumber") == (1 if with_time else 3)


def test_a_log_of_a_replaced_block_is_a_reorganisation() -> None:
    """A log whose block is no longer on the chain is not given its successor's time."""
    chain = LogChain(20, {3: 1})
    chain.with_time = False
    reader = reader_of(chain)
    chain.before = lambda count: chain.reorganise(2) if count == 4 else None
    with pytest.raises(ReorganisedError) as caught:
        pulled(reader, 0, 20)
    assert caught.value.block == 3


def test_answers_that_differ_because_the_chain_changed_are_a_reorganisation() -> None:
    """A contradiction between two answers is blamed on the node only while its head stands."""
    chain = LogChain(20, {3: 2, 9: 2})
    reader = reader_of(chain)
    chain.before = lambda count: chain.reorganise(2) if count == 2 else None
    with pytest.raises(ReorganisedError) as caught:
        pulled(reader, 0, 20)
    assert caught.value.block == 20


def test_an_event_of_another_contract_is_refused() -> None:
    """A log that Uniswap's contract never emits means a fork, and is not skipped."""
    chain = LogChain(20, {3: 1})
    node = Node(chain)
    reader = LogReader(node, ADDRESS, UNISWAP_V3_EVENTS, node.block("latest"))
    with pytest.raises(
        UnknownEventError, match="topic 0x1c411e9a96e071241c2f21f7726b17ae89e3cab4c78be50e062b03a9fffbbad1"
    ):
        pulled(reader, 0, 20)


def test_an_event_of_another_shape_is_refused() -> None:
    """The right topic with one word more is a fork's, too."""
    chain = LogChain(20, {3: 1})
    chain.alter = lambda logs: [log | {"data": log["data"] + "00" * 32} for log in logs]
    with pytest.raises(UnknownEventError, match="Sync holds 96 bytes, not 64"):
        pulled(reader_of(chain), 0, 20)


def test_an_anonymous_log_is_refused() -> None:
    """A log without topics is no event of the contract either."""
    chain = LogChain(20, {3: 1})
    chain.alter = lambda logs: [log | {"topics": []} for log in logs]
    with pytest.raises(UnknownEventError, match="topic none"):
        pulled(reader_of(chain), 0, 20)
