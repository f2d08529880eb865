"""Batches of requests: the compiled book beside OrderBook, order by order, fill by fill and error by error."""

import logging
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

import lpmm_numba
from orderbook import FeeSchedule, Instrument, OrderBook, OrderBookError, SelfTradePrevention, Side, TimeInForce
from orderbook.batch import (
    BOOK_FILL,
    BOOK_REQUEST,
    BOOK_RESULT,
    MAX_SIDE_NOTIONAL,
    BatchBook,
    BookRun,
    RequestKind,
    RequestStatus,
)
from orderbook.errors import InvalidInstructionError, InvalidParameterError, NotionalTooLargeError

Records = NDArray[np.void]

OWNERS = ("ann", "bob", "cat")
SEVEN = Instrument(0, 0, base_units_per_lot=1, quote_units_per_tick_lot=7)
ODD_FEES = FeeSchedule(maker_rebate_pips=137, taker_fee_pips=20_011)
NO_SLOT = 2**32 - 1
PLACED = (RequestKind.LIMIT, RequestKind.MARKET, RequestKind.REPLACE)


@pytest.fixture(scope="module")
def compiler() -> None:
    """The book, compiled once for all tests of this file."""
    pytest.importorskip("numba", reason="the compiled book needs numba")
    BatchBook(OrderBook(SEVEN), OWNERS, compiled=True).run(np.zeros(1, dtype=BOOK_REQUEST))


def visible(book: OrderBook) -> dict[str, Any]:
    """All that can be seen of a book; of two orders at one price the first in the list is the first in the queue."""
    return {
        "orders": [book.orders(side) for side in Side],
        "depth": [book.depth(side) for side in Side],
        "best": (book.best_bid, book.best_ask),
        "of": [book.orders_of(owner) for owner in OWNERS],
        "next": book.next_order_id,
    }


def rows(*requests: dict[str, int]) -> Records:
    """Requests by the names of their fields; what is left out is zero."""
    array = np.zeros(len(requests), dtype=BOOK_REQUEST)
    for index, request in enumerate(requests):
        for name, value in request.items():
            array[name][index] = value
    return array


def errors_of(run: BookRun) -> list[tuple[int, type[OrderBookError], tuple[object, ...]]]:
    """Index, class and arguments of every error."""
    found = ((index, run.error(index)) for index in np.flatnonzero(run.results["status"]).tolist())
    return [(index, type(error), error.args) for index, error in found if error is not None]


class Pair:
    """One book on either engine."""

    def __init__(self, book: OrderBook) -> None:
        self.fast, self.plain = (BatchBook(book, OWNERS, compiled=compiled) for compiled in (True, False))

    def run(self, requests: Records) -> BookRun:
        """Run a batch on both, one into a used array: every number the same, and the books alike afterwards."""
        used = np.full(len(requests) * BOOK_RESULT.itemsize, 0xFF, dtype=np.uint8).view(BOOK_RESULT)
        fast, plain = self.fast.run(requests, out=used), self.plain.run(requests)
        assert fast.results is used
        differing = np.flatnonzero(fast.results != plain.results)
        assert not differing.size, (requests[differing[0]], fast.results[differing[0]], plain.results[differing[0]])
        assert np.array_equal(fast.fills, plain.fills)
        assert np.array_equal(fast.prevented, plain.prevented)
        assert visible(self.fast.to_book()) == visible(self.plain.to_book())
        return fast


# Random streams -------------------------------------------------------------------------------------------------------


def random_requests(generator: np.random.Generator, count: int, book: OrderBook, spread: int = 6) -> Records:
    """Requests like an exchange's: mostly limit orders around 100 ticks, then cancels, then the rest; 1 % malformed.

    Half of what names an order names one of the book's, and the others one of the batch's own.
    """
    requests = np.zeros(count, dtype=BOOK_REQUEST)
    kind = requests["kind"] = generator.choice(5, count, p=[0.48, 0.13, 0.30, 0.04, 0.05])
    side = requests["side"] = generator.choice([-1, 1], count)
    requests["price"] = np.maximum(1, 100 - side * generator.integers(-2, spread, count))
    requests["size"] = generator.integers(1, np.where(kind == RequestKind.MARKET, 25, 10))
    requests["display"] = generator.choice(4, count, p=[0.7, 0.1, 0.1, 0.1])
    requests["owner"] = generator.integers(0, len(OWNERS), count)
    requests["time_in_force"] = generator.choice(5, count, p=[0.75, 0.05, 0.05, 0.10, 0.05])
    requests["self_trade"] = generator.choice(5, count, p=[0.6, 0.1, 0.1, 0.1, 0.1])
    given_out = book.next_order_id + np.cumsum(np.isin(kind, PLACED))
    requests["order_id"] = given_out - generator.geometric(0.04, count)
    resting = [order.order_id for side in Side for order in book.orders(side)]
    if resting:
        requests["order_id"] = np.where(
            generator.random(count) < 0.5, generator.choice(resting, count), requests["order_id"]
        )
    for name in ("price", "size", "display", "owner", "side", "time_in_force", "self_trade", "kind"):
        at = generator.random(count) < 0.001
        requests[name][at] = generator.choice([-1, 0, 7], at.sum())
    return requests


@pytest.mark.usefixtures("compiler")
@pytest.mark.parametrize(("batches", "size", "spread"), [(40, 500, 6), (100, 10_000, 6), (4, 20_000, 3_000)])
def test_random_streams_are_the_same_compiled(batches: int, size: int, spread: int) -> None:
    """20 thousand requests, a million, and 80 thousand on thousands of levels; the books compared after each batch."""
    generator = np.random.default_rng(batches)
    pair, seen = Pair(OrderBook(SEVEN, ODD_FEES)), np.zeros(len(RequestStatus), dtype=np.int64)
    for _ in range(batches):
        run = pair.run(random_requests(generator, size, pair.plain.to_book(), spread))
        seen += np.bincount(run.results["status"], minlength=len(RequestStatus))
    assert seen[RequestStatus.DONE] > batches * size // 2
    assert (np.delete(seen, RequestStatus.NOTIONAL_TOO_LARGE) > 0).all()


CODES = st.sampled_from([-1, 0, 0, 0, 1, 2, 3, 4, 5])
REQUESTS = st.fixed_dictionaries(
    {
        "kind": st.sampled_from([0, 0, 0, 1, 2, 3, 4, 5]),
        "order_id": st.integers(-1, 12),
        "price": st.integers(0, 8) | st.sampled_from([2**18, 2**40, 2**62, 2**63 - 1]),
        "size": st.integers(-1, 12) | st.sampled_from([2**9, 2**63 - 1]),
        "display": st.sampled_from([0, 0, 1, 2, 5, -1, 2**63 - 1]),
        "owner": st.integers(-1, 3),
        "side": st.sampled_from([1, -1, 1, -1, 0]),
        "time_in_force": CODES,
        "self_trade": CODES,
    }
)


@pytest.mark.usefixtures("compiler")
@given(batches=st.lists(st.lists(REQUESTS, min_size=1, max_size=30), min_size=1, max_size=3), data=st.data())
def test_any_requests_are_the_same_compiled(batches: list[list[dict[str, int]]], data: st.DataObject) -> None:
    """Any codes, sizes up to the end of 64 bits, and prices on any height of the tree; fees of either sign."""
    pips = st.integers(-999_999, 999_999)
    unit = data.draw(st.sampled_from([1, 7, 10**12, 10**30]))
    pair = Pair(OrderBook(Instrument(0, 0, 1, unit), FeeSchedule(data.draw(pips), data.draw(pips))))
    for requests in batches:
        pair.run(rows(*requests))


@pytest.mark.usefixtures("compiler")
@given(st.lists(st.tuples(st.integers(0, 62), st.integers(0, 2**62), st.booleans()), min_size=1, max_size=40))
def test_levels_are_found_at_every_price(draws: list[tuple[int, int, bool]]) -> None:
    """Orders on up to eleven digits of price, then every other one cancelled, then the market swept level by level."""
    pair = Pair(OrderBook(Instrument(0, 0, 1, 1)))
    prices = [max(1, wide % 2**bits) for bits, wide, _ in draws]
    middle = sorted(prices)[len(prices) // 2]
    limits = [
        {"price": price, "size": 1, "side": 1 if price < middle or (price == middle and buys) else -1}
        for price, (_, _, buys) in zip(prices, draws, strict=True)
    ]
    pair.run(rows(*limits))
    pair.run(rows(*({"kind": RequestKind.CANCEL, "order_id": index} for index in range(1, len(limits) + 1, 2))))
    for side in (1, -1):
        whole = {"price": 2**62 if side > 0 else 1, "size": 3, "side": side, "time_in_force": 2}
        pair.run(rows(whole, {"kind": RequestKind.MARKET, "side": side, "size": 2}))
        pair.run(rows({"kind": RequestKind.MARKET, "side": side, "size": 100}))


# What is left open by random streams ----------------------------------------------------------------------------------


@pytest.mark.usefixtures("compiler")
def test_a_sweep_of_more_fills_than_requests_waits_for_room() -> None:
    """One market order of 5,000 lots against an iceberg that shows one: 5,000 fills, and as many trades prevented."""
    iceberg = {"price": 50, "size": 5_000, "display": 1, "side": -1}
    for self_trade in (0, 4):
        pair = Pair(OrderBook(SEVEN, ODD_FEES))
        sweep = {"kind": RequestKind.MARKET, "size": 4_999, "side": 1, "self_trade": self_trade}
        run = pair.run(rows(iceberg, sweep, {"kind": RequestKind.CANCEL, "order_id": 1}))
        assert run.results["cancelled"].tolist() == [0, 4_999 if self_trade else 0, 1]
        assert (len(run.fills), len(run.prevented)) == ((0, 4_999) if self_trade else (4_999, 0))


@pytest.mark.usefixtures("compiler")
def test_a_batch_starts_where_a_book_stands() -> None:
    """Icebergs half shown, ids and queues are taken over; the book itself stays as it is, and so does a copy of it."""
    book = OrderBook(SEVEN, ODD_FEES)
    book.limit("ann", Side.SELL, 104, 9, display=4)
    book.limit("bob", Side.SELL, 104, 2)
    book.limit("cat", Side.BUY, 90, 3, display=10**30)
    book.market("cat", Side.BUY, 3)
    before = visible(book)
    pair = Pair(book)
    assert before["orders"] == visible(pair.fast.to_book())["orders"]
    copy = pair.fast.to_book()
    run = pair.run(rows({"kind": RequestKind.MARKET, "side": 1, "size": 8, "owner": 2}))
    assert run.fills["maker_order_id"].tolist() == [1, 2, 1, 1]
    assert (visible(book), visible(copy)["orders"]) == (before, before["orders"])


@pytest.mark.usefixtures("compiler")
def test_every_slot_comes_back() -> None:
    """A stream over all heights of the tree, and every order cancelled: all is free again, but for a root a side."""
    generator = np.random.default_rng(7)
    batch = BatchBook(OrderBook(SEVEN), OWNERS, compiled=True)
    sizes = []
    for _ in range(2):
        requests = random_requests(generator, 5_000, batch.to_book(), 60)
        requests["price"] *= generator.choice([1, 2**20, 2**45], len(requests))
        batch.run(requests)
        resting = [order.order_id for side in Side for order in batch.to_book().orders(side)]
        batch.run(rows(*({"kind": RequestKind.CANCEL, "order_id": order_id} for order_id in resting)))
        engine: Any = batch._engine
        arrays = engine._arrays
        state = arrays.state[0]
        assert chain(arrays.orders["behind"], state["free_order"]) == len(arrays.orders)
        assert chain(arrays.levels["first"], state["free_level"]) == len(arrays.levels)
        assert chain(arrays.children[:, 0], state["free_node"]) == state["spare_nodes"] == len(arrays.bits) - 2
        assert (arrays.chains == NO_SLOT).all()
        assert not arrays.halves["notional"].any()
        sizes.append(len(arrays.bits))
    assert sizes[0] == sizes[1]


def chain(links: NDArray[np.uint32], first: int) -> int:
    """How many slots a free list has."""
    count, at = 0, int(first)
    while at != NO_SLOT:
        count, at = count + 1, int(links[at])
    return count


@pytest.mark.parametrize("compiled", [True, False])
def test_fills_are_not_kept_where_they_are_not_asked_for(*, compiled: bool) -> None:
    """Their sums are in the results."""
    if compiled:
        pytest.importorskip("numba", reason="the compiled book needs numba")
    requests = rows({"price": 9, "size": 5, "side": -1}, {"kind": RequestKind.MARKET, "size": 3, "side": 1})
    kept, bare = (
        BatchBook(OrderBook(SEVEN, ODD_FEES), OWNERS, compiled=compiled).run(requests, fills=fills)
        for fills in (True, False)
    )
    assert (len(kept.fills), len(bare.fills)) == (1, 0)
    assert np.array_equal(kept.results, bare.results)
    assert bare.results["notional"].tolist() == [0, 9 * 3 * 7]
    for name in ("notional", "taker_fee", "maker_rebate"):
        assert kept.results[name].sum() == kept.fills[name].sum()


@pytest.mark.usefixtures("compiler")
def test_a_side_is_worth_no_more_than_it_can_add_up() -> None:
    """Up to 2**62 quote units to the last one, counted again after cancels and fills; the other side has its own."""
    pair = Pair(OrderBook(Instrument(0, 0, 1, 1), FeeSchedule(taker_fee_pips=999_999, maker_rebate_pips=-999_999)))
    half = 2**61
    bids = [{"price": half, "size": 1, "side": 1}, {"price": 2**31, "size": 2**30, "side": 1}]
    too_much = {"price": 1, "size": 1, "side": 1}
    run = pair.run(rows(*bids, too_much, {"kind": RequestKind.REPLACE, "order_id": 2, "price": 1, "size": 1}))
    assert run.results["status"].tolist() == [0, 0, *[RequestStatus.NOTIONAL_TOO_LARGE] * 2]
    error = run.error(2)
    assert isinstance(error, NotionalTooLargeError)
    assert (error.price, error.size) == (1, 1)
    sweep = {"kind": RequestKind.MARKET, "side": -1, "size": 2**63 - 1}
    run = pair.run(rows({"kind": RequestKind.REDUCE, "order_id": 2, "size": 1}, too_much, sweep))
    assert run.results["notional"].tolist() == [0, 0, MAX_SIDE_NOTIONAL - 2**31 + 1]
    # A post-only sell that is repriced is worth more than at its own price.
    reprice = {"price": 1, "size": 4, "side": -1, "time_in_force": 4}
    run = pair.run(rows({"price": 2**60, "size": 1, "side": 1}, reprice, reprice | {"size": 3}))
    assert run.results["status"].tolist() == [0, RequestStatus.NOTIONAL_TOO_LARGE, 0]


@pytest.mark.parametrize("compiled", [True, False])
def test_malformed_requests_have_the_errors_that_the_book_raises(*, compiled: bool) -> None:
    """Class and arguments, for each rule there is; nothing changes, and no id is used up."""
    if compiled:
        pytest.importorskip("numba", reason="the compiled book needs numba")
    book = OrderBook(SEVEN)
    book.limit("ann", Side.BUY, 9, 5)
    book.market("bob", Side.SELL, 1)
    unknown: Any = 9
    none: Any = 0
    calls: list[tuple[dict[str, int], Any]] = [
        ({"side": 0, "price": 0}, lambda: book.limit("ann", none, 0, 0)),
        ({"side": 1, "price": -3, "size": 1}, lambda: book.limit("ann", Side.BUY, -3, 1)),
        ({"side": 1, "price": 1, "size": 0}, lambda: book.limit("ann", Side.BUY, 1, 0)),
        ({"side": 1, "price": 1, "size": 1, "display": -2}, lambda: book.limit("ann", Side.BUY, 1, 1, display=-2)),
        ({"side": 1, "price": 1, "size": 1, "time_in_force": 9}, lambda: book.limit("ann", Side.BUY, 1, 1, unknown)),
        (
            {"side": 1, "price": 1, "size": 1, "self_trade": 9},
            lambda: book.limit("ann", Side.BUY, 1, 1, self_trade=unknown),
        ),
        ({"kind": 1, "side": 1, "size": -1}, lambda: book.market("ann", Side.BUY, -1)),
        (
            {"kind": 1, "side": -1, "size": 1, "self_trade": 9},
            lambda: book.market("a", Side.SELL, 1, self_trade=unknown),
        ),
        ({"kind": 2, "order_id": 77}, lambda: book.cancel(77)),
        ({"kind": 2, "order_id": 2}, lambda: book.cancel(2)),
        ({"kind": 3, "order_id": 1}, lambda: book.reduce(1, 0)),
        ({"kind": 3, "order_id": 1, "size": 4}, lambda: book.reduce(1, 4)),
        ({"kind": 4, "order_id": -1, "price": 1, "size": 1}, lambda: book.replace(-1, 1, 1)),
        ({"kind": 4, "order_id": 1, "price": 0, "size": 1}, lambda: book.replace(1, 0, 1)),
        ({"kind": 4, "order_id": 1, "price": 5, "size": 1, "display": -1}, lambda: book.replace(1, 5, 1, display=-1)),
    ]
    batch = BatchBook(book, OWNERS, compiled=compiled)
    run = batch.run(rows(*(request for request, _ in calls)))
    expected = []
    for index, (_, call) in enumerate(calls):
        with pytest.raises(OrderBookError) as raised:
            call()
        expected.append((index, raised.type, raised.value.args))
    assert errors_of(run) == expected
    assert visible(batch.to_book()) == visible(book)
    run = batch.run(rows({"kind": 5}, {"kind": -1}, {"owner": 3}, {"owner": -1}))
    assert [kind for _, kind, _ in errors_of(run)] == [InvalidInstructionError] * 4
    assert batch.to_book().next_order_id == 3


def test_every_code_is_the_position_in_its_enum() -> None:
    """And there is a room for each of them."""
    assert [member.name for member in TimeInForce] == ["GTC", "IOC", "FOK", "POST_ONLY", "POST_ONLY_REPRICE"]
    names = [member.name for member in SelfTradePrevention]
    assert names == ["ALLOW", "CANCEL_NEWEST", "CANCEL_OLDEST", "CANCEL_BOTH", "DECREMENT"]


@pytest.mark.parametrize("compiled", [True, False])
def test_a_batch_that_is_none_is_refused(*, compiled: bool) -> None:
    """Another dtype or shape, owners that are missing or twice there, and a book that is worth too much."""
    if compiled:
        pytest.importorskip("numba", reason="the compiled book needs numba")
    book = OrderBook(SEVEN)
    batch = BatchBook(book, OWNERS, compiled=compiled)
    for requests in (np.zeros(2, dtype=BOOK_FILL), np.zeros((2, 2), dtype=BOOK_REQUEST)):
        with pytest.raises(InvalidParameterError, match="requests is"):
            batch.run(requests)
    for out in (np.zeros(2, dtype=BOOK_RESULT), np.zeros(3, dtype=BOOK_FILL), np.zeros(6, dtype=BOOK_RESULT)[::2]):
        with pytest.raises(InvalidParameterError, match="out is"):
            batch.run(np.zeros(3, dtype=BOOK_REQUEST), out=out)
    with pytest.raises(InvalidParameterError, match="names that differ"):
        BatchBook(book, ["ann", "ann"], compiled=compiled)
    book.limit("dan", Side.BUY, 1, 1)
    with pytest.raises(InvalidParameterError, match="'dan' among them"):
        BatchBook(book, OWNERS, compiled=compiled)
    book.limit("dan", Side.BUY, 1, 2**62)
    with pytest.raises(NotionalTooLargeError):
        BatchBook(book, ["dan"], compiled=compiled)


@pytest.mark.usefixtures("compiler")
def test_requests_are_read_as_they_stand() -> None:
    """Every other one of an array, an array that cannot be written, and none at all."""
    requests = random_requests(np.random.default_rng(3), 1_000, OrderBook(SEVEN))
    requests.flags.writeable = False
    pair = Pair(OrderBook(SEVEN))
    assert len(pair.run(requests[::2]).results) == 500
    assert len(pair.run(requests[1::2]).results) == 500
    assert len(pair.run(requests[:0]).results) == 0


@pytest.mark.usefixtures("compiler")
def test_threads_drive_books_of_their_own() -> None:
    """Four streams at once give what they give one after the other."""
    streams = [random_requests(np.random.default_rng(seed), 20_000, OrderBook(SEVEN)) for seed in range(4)]

    def results(requests: Records) -> Records:
        return BatchBook(OrderBook(SEVEN, ODD_FEES), OWNERS, compiled=True).run(requests).results

    with ThreadPoolExecutor(4) as threads:
        at_once = list(threads.map(results, streams))
    assert all(np.array_equal(one, results(stream)) for one, stream in zip(at_once, streams, strict=True))


def test_without_a_compiler_the_plain_book_does_it(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """And that is said once."""
    monkeypatch.setattr(lpmm_numba, "find_spec", lambda _name: None)
    lpmm_numba.has_compiler.cache_clear()
    with caplog.at_level(logging.INFO, logger="lpmm"):
        for _ in range(2):
            run = BatchBook(OrderBook(SEVEN), OWNERS).run(rows({"price": 9, "size": 5, "side": -1}))
            assert run.results["resting"].tolist() == [5]
    assert caplog.text.count("numba is not installed") == 1
    lpmm_numba.has_compiler.cache_clear()


def test_the_book_itself_needs_neither_numpy_nor_numba() -> None:
    """A fresh interpreter that imports orderbook has loaded neither, nor what the packages share."""
    program = "import sys, orderbook; print(sorted({'numpy', 'numba', 'lpmm_numba'} & set(sys.modules)))"
    run = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    assert run.stdout.strip() == "[]"
