"""The order book against its slow twin, and the places where other books broke."""

import random
from collections import Counter
from collections.abc import Callable
from fractions import Fraction
from functools import partial
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from naive_book import NaiveBook

from orderbook import (
    DepthLevel,
    FeeSchedule,
    Instrument,
    OrderBook,
    OrderBookError,
    QueuePosition,
    Rejection,
    SelfTradePrevention,
    Side,
    TimeInForce,
)
from orderbook.errors import (
    FinishedOrderError,
    InvalidInstructionError,
    InvalidPriceError,
    InvalidSideError,
    InvalidSizeError,
    ReduceTooLargeError,
    UnknownOrderError,
)

PLAIN = Instrument(0, 0, base_units_per_lot=1, quote_units_per_tick_lot=1)
SEVEN = Instrument(0, 0, base_units_per_lot=1, quote_units_per_tick_lot=7)
ODD_FEES = FeeSchedule(maker_rebate_pips=137, taker_fee_pips=20_011)


def book_state(book: OrderBook) -> dict[str, Any]:
    """All that can be seen of a book."""
    orders = [order for side in Side for order in book.orders(side)]
    return {
        "orders": orders,
        "positions": [book.queue_position(order.order_id) for order in orders],
        "depth": [book.depth(side) for side in Side],
        "best": (book.best_bid, book.best_ask, book.mid_price, book.spread),
        "count": len(book),
    }


def naive_state(naive: NaiveBook) -> dict[str, Any]:
    """The same of the twin, each number from its definition."""
    orders = [order for side in Side for order in naive.orders(side)]
    depth = []
    for side in Side:
        prices = sorted({order.price for order in naive.orders(side)}, reverse=side is Side.BUY)
        at = {price: [order for order in naive.orders(side) if order.price == price] for price in prices}
        depth.append([DepthLevel(price, sum(o.shown for o in at[price]), len(at[price])) for price in prices])
    bid, ask = (levels[0].price if levels else None for levels in depth)
    both = None if bid is None or ask is None else (Fraction(bid + ask, 2), ask - bid)
    return {
        "orders": orders,
        "positions": [naive.queue_position(order.order_id) for order in orders],
        "depth": depth,
        "best": (bid, ask, *(both or (None, None))),
        "count": len(orders),
    }


def outcome(call: Callable[[], object]) -> object:
    """What a call returns, or the class of the error it raises."""
    try:
        return call()
    except OrderBookError as error:
        return type(error)


OWNERS = ("ann", "bob", "cat")
PRICES = st.integers(1, 8)
SIZES = st.integers(1, 12)
DISPLAYS = st.none() | st.integers(1, 5)


class BookBesideTwin(RuleBasedStateMachine):
    """Any stream of requests: same placements, same fills, same book, same queue positions, same errors."""

    def __init__(self) -> None:
        super().__init__()
        self.book = OrderBook(SEVEN, ODD_FEES)
        self.naive = NaiveBook(SEVEN, ODD_FEES)
        self.given = 0

    def both(self, method: str, *arguments: object, **keywords: object) -> None:
        mine = outcome(partial(getattr(self.book, method), *arguments, **keywords))
        assert mine == outcome(partial(getattr(self.naive, method), *arguments, **keywords))
        self.given = self.naive.ids_given

    @rule(
        owner=st.sampled_from(OWNERS),
        side=st.sampled_from(Side),
        price=PRICES,
        size=SIZES,
        time_in_force=st.sampled_from(TimeInForce),
        display=DISPLAYS,
        self_trade=st.sampled_from(SelfTradePrevention),
    )
    def limit(
        self,
        *,
        owner: str,
        side: Side,
        price: int,
        size: int,
        time_in_force: TimeInForce,
        display: int | None,
        self_trade: SelfTradePrevention,
    ) -> None:
        self.both("limit", owner, side, price, size, time_in_force, display=display, self_trade=self_trade)

    @rule(
        owner=st.sampled_from(OWNERS),
        side=st.sampled_from(Side),
        size=st.integers(1, 40),
        self_trade=st.sampled_from(SelfTradePrevention),
    )
    def market(self, owner: str, side: Side, size: int, self_trade: SelfTradePrevention) -> None:
        self.both("market", owner, side, size, self_trade=self_trade)

    @rule(back=st.integers(-1, 15))
    def cancel(self, back: int) -> None:
        self.both("cancel", self.given - back)

    @rule(back=st.integers(-1, 15), by=st.integers(1, 6))
    def reduce(self, back: int, by: int) -> None:
        self.both("reduce", self.given - back, by)

    @rule(
        back=st.integers(-1, 15),
        price=PRICES,
        size=SIZES,
        time_in_force=st.sampled_from(TimeInForce),
        display=DISPLAYS,
        self_trade=st.sampled_from(SelfTradePrevention),
    )
    def replace(
        self,
        *,
        back: int,
        price: int,
        size: int,
        time_in_force: TimeInForce,
        display: int | None,
        self_trade: SelfTradePrevention,
    ) -> None:
        self.both("replace", self.given - back, price, size, time_in_force, display=display, self_trade=self_trade)

    @invariant()
    def same_book(self) -> None:
        assert book_state(self.book) == naive_state(self.naive)

    @invariant()
    def never_crossed(self) -> None:
        spread = self.book.spread
        assert spread is None or spread > 0


BookBesideTwin.TestCase.settings = settings(stateful_step_count=40)
TestBookBesideTwin = BookBesideTwin.TestCase


def random_request(rng: random.Random, naive: NaiveBook) -> tuple[str, tuple[Any, ...], dict[str, Any]]:
    """A request from a stream like an exchange's: mostly limit orders near the middle, then cancels, then the rest."""
    kind = rng.choices(("limit", "cancel", "market", "replace", "reduce"), (48, 30, 13, 5, 4))[0]
    resting = [order["id"] for order in naive.resting]
    target = rng.choice(resting) if resting and rng.random() < 0.8 else naive.ids_given - rng.randrange(-1, 40)
    terms = {
        "time_in_force": rng.choices(tuple(TimeInForce), (75, 5, 5, 10, 5))[0],
        "display": rng.choice((None, None, None, rng.randint(1, 4))),
        "self_trade": rng.choices(tuple(SelfTradePrevention), (60, 10, 10, 10, 10))[0],
    }
    if kind == "limit":
        side = rng.choice(tuple(Side))
        price = 100 - side.sign * rng.choice((-2, -1, 0, 1, 2, 3, 4, 5))
        return kind, (rng.choice(OWNERS), side, price, rng.randint(1, 9)), terms
    if kind == "market":
        return kind, (rng.choice(OWNERS), rng.choice(tuple(Side)), rng.randint(1, 15)), {}
    if kind == "replace":
        return kind, (target, rng.randint(95, 105), rng.randint(1, 9)), terms
    return kind, (target, rng.randint(1, 4)) if kind == "reduce" else (target,), {}


def agree_over(requests: int, seed: int) -> Counter[str]:
    """Send a random stream to book and twin, compare every answer and now and then the whole; count the answers."""
    rng = random.Random(seed)  # noqa: S311 - a stream that can be repeated, not a secret
    book, naive = OrderBook(SEVEN, ODD_FEES), NaiveBook(SEVEN, ODD_FEES)
    answers: Counter[str] = Counter()
    for number in range(requests):
        method, arguments, keywords = random_request(rng, naive)
        mine = outcome(partial(getattr(book, method), *arguments, **keywords))
        twins = outcome(partial(getattr(naive, method), *arguments, **keywords))
        assert mine == twins, (number, method, arguments, keywords)
        answers[f"{method} refused" if isinstance(mine, type) else method] += 1
        if number % 100 == 0:
            assert book_state(book) == naive_state(naive)
    return answers


@pytest.mark.parametrize("seed", range(2))
def test_a_random_stream_agrees_with_the_twin(seed: int) -> None:
    """Ten thousand requests a seed, each answered alike; every kind of request is honoured often."""
    answers = agree_over(10_000, seed)
    assert min(answers[method] for method in ("limit", "cancel", "market", "replace", "reduce")) > 50


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(100, 108))
def test_a_million_random_requests_agree_with_the_twin(seed: int) -> None:
    """The same, 125 thousand a seed, eight seeds."""
    agree_over(125_000, seed)


def test_price_comes_before_time() -> None:
    """A later order at a better price trades first, and at its own price."""
    book = OrderBook(PLAIN)
    book.limit("early", Side.SELL, 102, 1)
    book.limit("late", Side.SELL, 101, 1)
    fills = book.limit("taker", Side.BUY, 105, 2).fills
    assert [(fill.maker_owner, fill.price) for fill in fills] == [("late", 101), ("early", 102)]


def test_many_orders_at_one_price_trade_in_the_order_of_arrival() -> None:
    """A thousand orders at one price and one moment are a thousand orders, and none is lost or overtaken."""
    book = OrderBook(PLAIN)
    ids = [book.limit("maker", Side.BUY, 50, 1 + number % 3).order_id for number in range(1_000)]
    assert book.queue_position(ids[-1]) == QueuePosition(999, sum(1 + number % 3 for number in range(999)))
    fills = book.market("taker", Side.SELL, 10_000).fills
    assert [fill.maker_order_id for fill in fills] == ids
    assert book.depth(Side.BUY) == []


def test_a_cancel_after_a_partial_fill_leaves_no_phantom_level() -> None:
    """The rest of a partly filled order is cancelled, and the next market order finds the next level, then nothing."""
    book = OrderBook(PLAIN)
    partly = book.limit("maker", Side.SELL, 100, 5).order_id
    book.limit("maker", Side.SELL, 101, 1)
    book.market("taker", Side.BUY, 2)
    assert book.cancel(partly) == 3
    assert [level.price for level in book.depth(Side.SELL)] == [101]
    placement = book.market("taker", Side.BUY, 4)
    assert [(fill.price, fill.size) for fill in placement.fills] == [(101, 1)]
    assert (placement.filled, placement.cancelled, book.depth(Side.SELL)) == (1, 3, [])


def test_replacing_in_the_middle_of_a_queue_moves_only_that_order_to_the_end() -> None:
    """Those behind move up, those ahead stay, and the new order is last even at its old price."""
    book = OrderBook(PLAIN)
    first, middle, last = (book.limit(name, Side.BUY, 10, 4).order_id for name in ("first", "middle", "last"))
    new = book.replace(middle, 10, 4).order_id
    assert [order.order_id for order in book.orders(Side.BUY)] == [first, last, new]
    with pytest.raises(FinishedOrderError):
        book.cancel(middle)


def test_reducing_keeps_the_place_in_the_queue() -> None:
    """The first of two stays first with fewer lots."""
    book = OrderBook(PLAIN)
    first = book.limit("first", Side.BUY, 10, 4).order_id
    second = book.limit("second", Side.BUY, 10, 4).order_id
    assert book.reduce(first, 3) == 1
    assert book.queue_position(second) == QueuePosition(1, 1)
    assert book.market("taker", Side.SELL, 1).fills[0].maker_order_id == first


def test_an_iceberg_shows_its_next_lots_at_the_end_of_the_queue() -> None:
    """Hidden lots do not show in the depth, and queue behind what came while they were hidden."""
    book = OrderBook(PLAIN)
    iceberg = book.limit("iceberg", Side.SELL, 100, 7, display=3).order_id
    plain = book.limit("plain", Side.SELL, 100, 2).order_id
    assert book.depth(Side.SELL) == [DepthLevel(price=100, size=5, orders=2)]
    fills = book.market("taker", Side.BUY, 4).fills
    assert [(fill.maker_order_id, fill.size) for fill in fills] == [(iceberg, 3), (plain, 1)]
    assert book.queue_position(iceberg) == QueuePosition(1, 1)
    fills = book.market("taker", Side.BUY, 9).fills
    assert [(fill.maker_order_id, fill.size) for fill in fills] == [(plain, 1), (iceberg, 3), (iceberg, 1)]


def test_an_iceberg_that_takes_shows_only_its_display_afterwards() -> None:
    """The whole size trades on arrival; what is left rests behind the display."""
    book = OrderBook(PLAIN)
    book.limit("maker", Side.SELL, 100, 5)
    placement = book.limit("iceberg", Side.BUY, 100, 12, display=2)
    assert (placement.filled, placement.resting) == (5, 7)
    assert book.order(placement.order_id).shown == 2


def test_fill_or_kill_counts_hidden_lots() -> None:
    """It trades whole against what an iceberg hides, and is refused for one lot more."""
    book = OrderBook(PLAIN)
    book.limit("iceberg", Side.SELL, 100, 7, display=1)
    assert book.limit("taker", Side.BUY, 100, 8, TimeInForce.FOK).rejection is Rejection.NOT_FILLABLE
    assert book.limit("taker", Side.BUY, 100, 7, TimeInForce.FOK).filled == 7


def test_post_only_never_takes() -> None:
    """At a price that would trade it is refused, or moved one tick short of the other side; else it rests."""
    book = OrderBook(PLAIN)
    book.limit("maker", Side.SELL, 100, 5)
    refused = book.limit("poster", Side.BUY, 103, 2, TimeInForce.POST_ONLY)
    assert (refused.rejection, refused.cancelled, book.best_bid) == (Rejection.WOULD_TAKE, 2, None)
    moved = book.limit("poster", Side.BUY, 103, 2, TimeInForce.POST_ONLY_REPRICE)
    assert (moved.rejection, moved.price, moved.fills) == (None, 99, ())
    assert book.limit("poster", Side.BUY, 99, 2, TimeInForce.POST_ONLY).resting == 2


def test_post_only_is_not_repriced_to_nothing() -> None:
    """Below an ask of one tick there is no price, so the bid is refused."""
    book = OrderBook(PLAIN)
    book.limit("maker", Side.SELL, 1, 5)
    assert book.limit("poster", Side.BUY, 1, 2, TimeInForce.POST_ONLY_REPRICE).rejection is Rejection.WOULD_TAKE


@pytest.mark.parametrize(
    ("mode", "maker_left", "filled", "cancelled", "resting"),
    [
        (SelfTradePrevention.ALLOW, 0, 8, 0, 2),
        (SelfTradePrevention.CANCEL_NEWEST, 5, 1, 9, 0),
        (SelfTradePrevention.CANCEL_OLDEST, 0, 3, 0, 7),
        (SelfTradePrevention.CANCEL_BOTH, 0, 1, 9, 0),
        (SelfTradePrevention.DECREMENT, 0, 3, 5, 2),
    ],
)
def test_self_trade_prevention(
    mode: SelfTradePrevention, maker_left: int, filled: int, cancelled: int, resting: int
) -> None:
    """Ten lots meet 1 of another's, 5 of their own, 2 of another's: every lot is accounted for in every mode."""
    book = OrderBook(PLAIN)
    book.limit("other", Side.SELL, 100, 1)
    mine = book.limit("me", Side.SELL, 100, 5).order_id
    book.limit("other", Side.SELL, 101, 2)
    placement = book.limit("me", Side.BUY, 101, 10, self_trade=mode)
    assert (placement.filled, placement.cancelled, placement.resting) == (filled, cancelled, resting)
    assert (book.order(mine).size if mine in book else 0) == maker_left
    prevented = sum(trade.taker_cancelled for trade in placement.prevented)
    assert prevented == cancelled
    if mode is not SelfTradePrevention.ALLOW:
        assert all(fill.maker_owner != "me" for fill in placement.fills)


def test_every_lot_and_unit_of_a_fill_is_on_record() -> None:
    """The fill names both orders, both owners, the taker's side, and what the venue charged and paid."""
    book = OrderBook(Instrument(0, 0, 1, quote_units_per_tick_lot=1_000), FeeSchedule(100, 250))
    maker = book.limit("maker", Side.BUY, 30, 5)
    taker = book.market("taker", Side.SELL, 3)
    (fill,) = taker.fills
    assert fill == (maker.order_id, taker.order_id, "maker", "taker", Side.SELL, 30, 3, 90_000, 23, 9)
    assert (fill.inventory_change("maker"), fill.inventory_change("taker")) == (3, -3)
    assert (fill.cash_change("maker"), fill.cash_change("taker"), fill.venue_income) == (-89_991, 89_977, 14)
    assert (fill.cash_change("bystander"), fill.inventory_change("bystander")) == (0, 0)


def test_orders_of_an_owner_come_oldest_first() -> None:
    """Both sides, and nobody else's."""
    book = OrderBook(PLAIN)
    book.limit("me", Side.SELL, 12, 1)
    book.limit("other", Side.BUY, 9, 1)
    book.limit("me", Side.BUY, 8, 2, display=1)
    assert [(order.side, order.size, order.shown) for order in book.orders_of("me")] == [
        (Side.SELL, 1, 1),
        (Side.BUY, 2, 1),
    ]


def test_depth_stops_at_the_number_of_levels_asked_for() -> None:
    """The best levels, the best first."""
    book = OrderBook(PLAIN)
    for price in (3, 5, 4):
        book.limit("me", Side.BUY, price, price)
    assert [level.price for level in book.depth(Side.BUY, levels=2)] == [5, 4]


@pytest.fixture
def standing() -> OrderBook:
    """A book with one order on each side, of which the first has been cut once."""
    book = OrderBook(PLAIN)
    book.limit("me", Side.BUY, 9, 5)
    book.limit("me", Side.SELL, 11, 5)
    book.market("other", Side.SELL, 1)
    return book


Request = Callable[[OrderBook], object]


@pytest.mark.parametrize(
    ("request_", "error"),
    [
        (lambda book: book.limit("me", Side.BUY, 0, 1), InvalidPriceError),
        (lambda book: book.limit("me", Side.BUY, -3, 1), InvalidPriceError),
        (lambda book: book.limit("me", Side.BUY, 9.0, 1), InvalidPriceError),
        (lambda book: book.limit("me", Side.BUY, True, 1), InvalidPriceError),
        (lambda book: book.limit("me", Side.BUY, 9, 0), InvalidSizeError),
        (lambda book: book.limit("me", Side.BUY, 9, 1.0), InvalidSizeError),
        (lambda book: book.limit("me", Side.BUY, 9, True), InvalidSizeError),
        (lambda book: book.limit("me", Side.BUY, 9, 1, display=0), InvalidSizeError),
        (lambda book: book.limit("me", "buy", 9, 1), InvalidSideError),
        (lambda book: book.limit("me", Side.BUY, 9, 1, "GTC"), InvalidInstructionError),
        (lambda book: book.limit("me", Side.BUY, 9, 1, self_trade=True), InvalidInstructionError),
        (lambda book: book.market("me", "sell", 1), InvalidSideError),
        (lambda book: book.market("me", Side.SELL, -1), InvalidSizeError),
        (lambda book: book.market("me", Side.SELL, 1, self_trade=None), InvalidInstructionError),
        (lambda book: book.cancel(4), UnknownOrderError),
        (lambda book: book.cancel(0), UnknownOrderError),
        (lambda book: book.cancel(True), UnknownOrderError),
        (lambda book: book.cancel(3), FinishedOrderError),
        (lambda book: book.order(3), FinishedOrderError),
        (lambda book: book.queue_position(99), UnknownOrderError),
        (lambda book: book.reduce(1, 4), ReduceTooLargeError),
        (lambda book: book.reduce(1, 0), InvalidSizeError),
        (lambda book: book.reduce(3, 1), FinishedOrderError),
        (lambda book: book.replace(1, 0, 1), InvalidPriceError),
        (lambda book: book.replace(1, 9, 0), InvalidSizeError),
        (lambda book: book.replace(3, 9, 1), FinishedOrderError),
        (lambda book: book.depth("buy"), InvalidSideError),
    ],
)
def test_a_malformed_request_is_a_typed_error_and_changes_nothing(
    standing: OrderBook, request_: Request, error: type[OrderBookError]
) -> None:
    """The error names the value; the book, and the next id it will give, are as before."""
    before = book_state(standing)
    with pytest.raises(error):
        request_(standing)
    assert book_state(standing) == before
    assert standing.limit("me", Side.BUY, 1, 1).order_id == 4


def test_a_refused_replacement_leaves_the_old_order_where_it_was(standing: OrderBook) -> None:
    """A post-only price that would trade, or a fill-or-kill that would not: the old order keeps its place."""
    before = book_state(standing)
    assert standing.replace(1, 11, 5, TimeInForce.POST_ONLY).rejection is Rejection.WOULD_TAKE
    assert standing.replace(1, 11, 6, TimeInForce.FOK).rejection is Rejection.NOT_FILLABLE
    assert book_state(standing) == before
