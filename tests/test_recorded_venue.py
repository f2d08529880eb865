"""Our orders in a recorded market, beside a matching engine that they are really in."""

from fractions import Fraction
from typing import NamedTuple

import pytest
from recorded_flow import PLAIN, Operation, RecordedFlow, operate

from orderbook import FeeSchedule, Fill, OrderBook, Side
from orderbook._recorded_venue import MARKET, OWNER, RecordedFill, RecordedVenue
from orderbook.feeds import (
    ClearedRange,
    DepthBook,
    DepthDiff,
    DepthSnapshot,
    FeedEvent,
    OrderAdded,
    OrderDeleted,
    OrderExecuted,
    OrderFeedBook,
    OrderModified,
    OrdersCleared,
    PriceLevel,
    Trade,
)
from orderbook.queue_models import (
    ONE_LOT_X32,
    LogQueue,
    OptimisticQueue,
    PowerQueue,
    PowerShareQueue,
    QueueModel,
    RiskAverseQueue,
    TrueFifo,
)

MODELS: dict[str, QueueModel] = {
    "true": TrueFifo(),
    "risk-averse": RiskAverseQueue(),
    "power 1": PowerQueue(1),
    "power 2": PowerQueue(2),
    "log": LogQueue(),
    "share": PowerShareQueue(2),
    "optimistic": OptimisticQueue(),
}
SIZE = 6


class Beside(NamedTuple):
    """After each operation until the first that reaches us: lots ahead of us, and lots that traded with us.

    Attributes:
        engine: (ahead, filled) in a book that our order is in.
        models: the same by model, from the feed of a book that it is not in.
    """

    engine: list[tuple[Fraction, int]]
    models: dict[str, list[tuple[Fraction, int]]]


def copy_of(flow: RecordedFlow) -> tuple[OrderBook, dict[int, int]]:
    """The same book once more, and its ids by the first one's."""
    book, ids = OrderBook(PLAIN), {}
    for side in Side:
        for order in flow.book.orders(side):
            ids[order.order_id] = book.limit("others", side, order.price, order.size).order_id
    return book, ids


def venue_of(flow: RecordedFlow, model: QueueModel) -> RecordedVenue:
    venue = RecordedVenue(OrderFeedBook(), model, PLAIN, FeeSchedule())
    for event in flow.events:
        venue.on_event(event)
    return venue


def takes_all(flow: RecordedFlow, operation: Operation) -> bool:
    """Whether this is a market order that empties the other side."""
    name, side, size, _ = operation
    if name != "market" or not isinstance(side, Side):
        return False
    return size >= sum(level.size for level in flow.levels(side.opposite))


def beside(seed: int, *, markets: int = 6) -> Beside:
    """Join a random level of a random book, and let it go on until an operation reaches us, or 400 have not."""
    flow = RecordedFlow(seed, sizes=5, patient=0.9, markets=markets)
    flow.run(200)
    while not all(flow.levels(side) for side in Side):
        flow.run(1)
    engine, ids = copy_of(flow)
    side = flow.random.choice(tuple(Side))
    price = flow.random.choice(flow.levels(side)[:3]).price
    ours = engine.limit("us", side, price, SIZE).order_id
    venues = {name: venue_of(flow, model) for name, model in MODELS.items()}
    assert all(venue.place(1, side, price, SIZE) for venue in venues.values())
    result = Beside([], {name: [] for name in venues})
    for _ in range(400):
        operation = flow.choose()
        if takes_all(flow, operation):
            continue  # what a market order does not get is not in the feed
        placement = operate(engine, operation, ids)
        said = flow.do(operation)
        if placement is not None:
            ids[flow.book._next_order_id - 1] = placement.order_id
        left = engine.order(ours).size if ours in engine else 0
        waiting = engine.queue_position(ours).size_ahead if left else 0
        result.engine.append((Fraction(waiting), SIZE - left))
        for name, venue in venues.items():
            filled = sum(recorded.fill.size for event in said for recorded in venue.on_event(event))
            waits = venue.orders[1].place.size_ahead_x32 if 1 in venue.orders else 0
            result.models[name].append((Fraction(waits, ONE_LOT_X32), filled))
        if left < SIZE:
            break
    return result


@pytest.mark.parametrize("seed", range(120))
def test_true_fifo_is_what_an_engine_does_with_our_order_in_it(seed: int) -> None:
    """The same lots ahead after every operation, and the same fill by the first one that reaches us."""
    run = beside(seed)
    assert run.models["true"] == run.engine


@pytest.mark.parametrize("seed", range(60))
def test_the_truth_lies_between_the_risk_averse_and_the_optimistic_estimate(seed: int) -> None:
    """Lots ahead, at every step: optimistic <= truth <= risk-averse, and every other estimate lies between them too."""
    run = beside(seed)
    for step, (true, _) in enumerate(run.engine[:-1]):
        low, high = run.models["optimistic"][step][0], run.models["risk-averse"][step][0]
        assert low <= true <= high
        assert all(low <= positions[step][0] <= high for positions in run.models.values())


def test_estimates_in_the_middle_are_nearer_to_the_truth_than_either_end() -> None:
    """Over 15 random flows in which anyone may cancel, the linear and the logarithmic one have smaller mean errors."""
    errors = dict.fromkeys(MODELS, Fraction(0))
    steps = 0
    for seed in range(15):
        run = beside(seed, markets=4)
        steps += len(run.engine)
        for name, positions in run.models.items():
            errors[name] += sum(abs(mine - true) for (mine, _), (true, _) in zip(positions, run.engine, strict=True))
    assert steps > 2_000
    assert errors["true"] == 0
    for middle in ("power 1", "log"):
        assert errors[middle] < min(errors["risk-averse"], errors["optimistic"])


# The rules of a fill, in a book known level by level: bids 99 x 10 and 98 x 4, asks 101 x 10.


@pytest.fixture
def venue() -> RecordedVenue:
    venue = RecordedVenue(DepthBook(), RiskAverseQueue(), PLAIN, FeeSchedule(maker_rebate_pips=10_000))
    venue.on_event(DepthSnapshot(0, 0, None, (PriceLevel(99, 10), PriceLevel(98, 4)), (PriceLevel(101, 10),)))
    return venue


def sold(price: int | Fraction, size: int, *, hidden: bool = False) -> Trade:
    return Trade(5, 6, price, size, Side.SELL, hidden=hidden)


def asks(*levels: tuple[int, int]) -> DepthDiff:
    """The other side moves: bids at 98 and above are gone, and these asks stand."""
    cleared = tuple(ClearedRange(side, None) for side in Side)
    return DepthDiff(7, 8, None, (), tuple(PriceLevel(*level) for level in levels), cleared=cleared)


def sizes(fills: list[RecordedFill]) -> list[tuple[int, int, int]]:
    """(order, price, size) of each fill."""
    return [(fill.maker_order_id, fill.price, fill.size) for _, fill, _ in fills]


def test_at_our_price_those_before_us_come_first(venue: RecordedVenue) -> None:
    """Behind 10 lots: a trade of 8 gives us nothing, one of 6 gives us 4; the rest of 2 waits for the next."""
    assert venue.place(1, Side.BUY, 99, 6)
    assert sizes(venue.on_event(sold(99, 8))) == []
    [recorded] = venue.on_event(sold(99, 6))
    assert recorded == RecordedFill(5, Fill(1, 0, OWNER, MARKET, Side.SELL, 99, 4, 396, 0, 3), Fraction(100))
    assert sizes(venue.on_event(sold(99, 9))) == [(1, 99, 2)]
    assert venue.orders == {}


def test_a_trade_beyond_our_price_would_have_met_us_first(venue: RecordedVenue) -> None:
    """A seller at 98 passes our bids at 100 and 99 on its way: they share its 7 lots, the better one first."""
    assert venue.place(1, Side.BUY, 99, 6)
    assert venue.place(2, Side.BUY, 100, 3)
    assert sizes(venue.on_event(sold(98, 7))) == [(2, 100, 3), (1, 99, 4)]


def test_two_orders_at_one_price_stand_behind_each_other(venue: RecordedVenue) -> None:
    """Both behind the same 10 lots: of the 5 that a trade of 15 leaves, the older takes 4 and the younger 1."""
    assert venue.place(1, Side.BUY, 99, 4)
    assert venue.place(2, Side.BUY, 99, 4)
    assert sizes(venue.on_event(sold(99, 15))) == [(1, 99, 4), (2, 99, 1)]


def test_a_trade_on_the_other_side_or_short_of_our_price_is_not_ours(venue: RecordedVenue) -> None:
    """A buyer meets no bid, and a seller at 100 none at 99."""
    assert venue.place(1, Side.BUY, 99, 6)
    assert venue.on_event(Trade(5, 6, 101, 50, Side.BUY)) == []
    assert venue.on_event(sold(100, 50)) == []
    assert venue.on_event(sold(Fraction(199, 2), 50)) == []


def test_a_hidden_order_trades_after_what_is_shown(venue: RecordedVenue) -> None:
    """A hidden bid at our price trades: not ours while others stand before us; ours when we are alone, or better."""
    assert venue.place(1, Side.BUY, 99, 6)
    assert venue.place(2, Side.BUY, 100, 1)
    assert sizes(venue.on_event(sold(Fraction(199, 2), 5, hidden=True))) == [(2, 100, 1)]
    assert venue.on_event(sold(99, 5, hidden=True)) == []
    venue.on_event(DepthDiff(7, 8, None, (PriceLevel(99, 0),), ()))
    assert sizes(venue.on_event(sold(99, 5, hidden=True))) == [(1, 99, 5)]


def test_what_stands_across_fills_us_once(venue: RecordedVenue) -> None:
    """Asks come down to our bid: we get the 4 lots at 99 or below, not again while they stand, and the 3 that join.

    What leaves again is what we had; once the asks are above our bid, all that comes back is new.
    """
    assert venue.place(1, Side.BUY, 99, 20)
    assert sizes(venue.on_event(asks((99, 3), (98, 1), (100, 50)))) == [(1, 99, 4)]
    assert venue.on_event(asks((99, 3), (98, 1))) == []
    assert sizes(venue.on_event(asks((99, 7)))) == [(1, 99, 3)]
    assert venue.on_event(asks((99, 5))) == []
    assert sizes(venue.on_event(asks((99, 6)))) == [(1, 99, 1)]
    assert venue.on_event(asks((100, 9))) == []
    assert sizes(venue.on_event(asks((99, 2)))) == [(1, 99, 2)]


def test_an_order_that_would_trade_on_arrival_is_refused(venue: RecordedVenue) -> None:
    """A bid at the ask, an ask at the bid; one tick away they rest."""
    assert not venue.place(1, Side.BUY, 101, 1)
    assert not venue.place(2, Side.SELL, 99, 1)
    assert venue.place(3, Side.BUY, 100, 1)
    assert venue.place(4, Side.SELL, 100, 1)  # ours never meet each other
    assert list(venue.orders) == [3, 4]


def test_taking_lots_off_keeps_the_place_and_taking_all_ends_it(venue: RecordedVenue) -> None:
    """Reduced by 2 of 6, still behind 10; by the last 4, gone. What is gone can be neither reduced nor cancelled."""
    assert venue.place(1, Side.BUY, 99, 6)
    venue.on_event(sold(99, 7))
    venue.reduce(1, 2)
    assert (venue.orders[1].left, venue.orders[1].place.size_ahead_x32) == (4, 3 * ONE_LOT_X32)
    venue.reduce(1, 4)
    venue.reduce(1, 4)
    assert not venue.cancel(1)


def test_where_the_venue_drops_all_orders_ours_are_dropped() -> None:
    """Bids are cleared: ours is gone, our ask stays."""
    venue = RecordedVenue(OrderFeedBook(), TrueFifo(), PLAIN, FeeSchedule())
    venue.on_event(OrderAdded(1, 1, 7, Side.BUY, 99, 5))
    assert venue.place(1, Side.BUY, 99, 5)
    assert venue.place(2, Side.SELL, 101, 5)
    cleared = OrdersCleared(2, 2, Side.BUY)
    venue.on_event(cleared)
    assert venue.expired_by(cleared) == [1]
    assert list(venue.orders) == [2]


def test_orders_of_the_others_that_have_no_name_or_move_are_followed() -> None:
    """Behind 5 unnamed lots, order 7 of 4 and order 8 of 1: unnamed lots trade, 7 goes away and comes back behind us.

    8 grows, and has to queue behind us for it.
    """
    venue = RecordedVenue(OrderFeedBook(), TrueFifo(), PLAIN, FeeSchedule())
    venue.on_event(DepthSnapshot(0, 0, None, (PriceLevel(99, 5),), ()))
    venue.on_event(OrderAdded(1, 1, 7, Side.BUY, 99, 4))
    venue.on_event(OrderAdded(1, 1, 8, Side.BUY, 99, 1))
    assert venue.place(1, Side.BUY, 99, 3)
    waits = []
    events: list[FeedEvent] = [
        OrderExecuted(2, 2, 50, Side.BUY, 99, 2),
        OrderDeleted(3, 3, 51, Side.BUY, 99, 1),
        OrderModified(4, 4, 7, 99, 3),
        OrderModified(5, 5, 7, 98, 3),
        OrderModified(6, 6, 7, 99, 3),
        OrderModified(6, 6, 8, 99, 2),
    ]
    for event in events:
        assert venue.on_event(event) == []
        waits.append(venue.orders[1].place.size_ahead_x32 // ONE_LOT_X32)
    assert waits == [8, 7, 6, 3, 3, 2]
    assert venue.on_event(OrderExecuted(7, 7, 52, Side.BUY, 99, 2)) == []
    assert sizes(venue.on_event(OrderExecuted(8, 8, 7, Side.BUY, 99, 3))) == [(1, 99, 3)]


def test_an_order_that_moves_to_our_price_is_no_cancellation_less() -> None:
    """Behind order 8 of 5 lots: order 9 moves in with 3, then 8 loses 2; the optimist sees these 2 go, ahead of us."""
    venue = RecordedVenue(OrderFeedBook(), OptimisticQueue(), PLAIN, FeeSchedule())
    venue.on_event(OrderAdded(1, 1, 8, Side.BUY, 99, 5))
    venue.on_event(OrderAdded(1, 1, 9, Side.BUY, 98, 3))
    assert venue.place(1, Side.BUY, 99, 3)
    venue.on_event(OrderModified(2, 2, 9, 99, 3))
    venue.on_event(OrderModified(3, 3, 8, 99, 3))
    assert venue.orders[1].place.size_ahead_x32 == 3 * ONE_LOT_X32


def test_a_fill_that_names_its_maker_and_the_cancellation_after_it_count_once() -> None:
    """Behind orders 7 and 8 of 4 lots each: 7 trades whole, and its cancellation after that takes nobody else away."""
    for model in (TrueFifo(), OptimisticQueue()):
        venue = RecordedVenue(OrderFeedBook(), model, PLAIN, FeeSchedule())
        venue.on_event(OrderAdded(1, 1, 7, Side.BUY, 99, 4))
        venue.on_event(OrderAdded(1, 1, 8, Side.BUY, 99, 4))
        assert venue.place(1, Side.BUY, 99, 3)
        venue.on_event(Trade(2, 2, 99, 4, Side.SELL, maker_order_id=7))
        venue.on_event(OrderDeleted(2, 2, 7))
        assert venue.orders[1].place.size_ahead_x32 == 4 * ONE_LOT_X32
