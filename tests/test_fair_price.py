"""Sources of a fair price, late and wrong ones among them, and what being wrong costs (S23)."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderbook import FixedSpread, Instrument, Ladder, MarketMaker, OrderBook, Side, TimeInForce, WithdrawalReason
from orderbook.errors import ClockReversedError, InvalidParameterError
from orderbook.fair_price import (
    DepthPrice,
    FairPriceSource,
    MicroPrice,
    MidPrice,
    Poisoned,
    Recorded,
    Stale,
    poisoned_reference_loss,
)

PLAIN = Instrument(0, 0, base_units_per_lot=1, quote_units_per_tick_lot=1)


def quoted(*orders: tuple[str, Side, int, int]) -> OrderBook:
    book = OrderBook(PLAIN)
    for owner, side, price, size in orders:
        book.limit(owner, side, price, size)
    return book


def test_s23_mid_price_and_micro_price() -> None:
    """100 bid and 100.01 asked, in ticks of a hundredth: 100.005; with three lots bid for one asked, 100.0075."""
    book = quoted(("a", Side.BUY, 10_000, 3), ("b", Side.SELL, 10_001, 1))
    assert MidPrice(book).at(0) == Fraction("10000.5")
    assert MicroPrice(book).at(0) == Fraction("10000.75")
    book.cancel(book.orders(Side.BUY)[0].order_id)
    assert (MidPrice(book).at(0), MicroPrice(book).at(0), DepthPrice(book, 1).at(0)) == (None, None, None)


def test_s23_a_deeper_look_is_not_moved_by_a_small_order() -> None:
    """Two lots far inside move the mid price by 4 and the price of ten lots by less than 1."""
    book = quoted(("a", Side.BUY, 990, 20), ("b", Side.SELL, 1_010, 20))
    assert DepthPrice(book, 10).at(0) == MidPrice(book).at(0) == 1_000
    book.limit("c", Side.BUY, 998, 2)
    assert MidPrice(book).at(0) == 1_004
    assert DepthPrice(book, 10).at(0) == Fraction(8 * 990 + 2 * 998 + 10 * 1_010, 20) == Fraction("1000.8")
    assert DepthPrice(book, 23).at(0) is None


@given(
    st.lists(st.tuples(st.sampled_from("xyz"), st.integers(1, 9), st.integers(1, 9)), max_size=8),
    st.lists(st.tuples(st.sampled_from("xyz"), st.integers(10, 19), st.integers(1, 9)), max_size=8),
    st.integers(1, 12),
)
def test_a_market_maker_does_not_follow_itself(
    bids: list[tuple[str, int, int]], asks: list[tuple[str, int, int]], size: int
) -> None:
    """Looking through an owner gives what the book gives once that owner's orders are cancelled."""
    book = OrderBook(PLAIN)
    for side, orders in ((Side.BUY, bids), (Side.SELL, asks)):
        for owner, price, lots in orders:
            book.limit(owner, side, price, lots)
    sources: list[tuple[FairPriceSource, FairPriceSource]] = [
        (MidPrice(book, "x"), MidPrice(book)),
        (MicroPrice(book, "x"), MicroPrice(book)),
        (DepthPrice(book, size, "x"), DepthPrice(book, size)),
    ]
    looked_through = [source.at(0) for source, _ in sources]
    for order in book.orders_of("x"):
        book.cancel(order.order_id)
    assert looked_through == [plain.at(0) for _, plain in sources]


def test_s23_another_venue_and_a_stale_one() -> None:
    """A record holds until its next price; a late reference repeats what was seen that long ago, or knows nothing."""
    record = Recorded([10, 20, 30], [100, 101, Fraction("101.5")])
    assert [record.at(time) for time in (9, 10, 19, 20, 35)] == [None, 100, 100, 101, Fraction("101.5")]
    late = Stale(record, delay_ns=15)
    assert [late.at(time) for time in (10, 20, 25, 34, 40, 60)] == [None, None, 100, 100, 101, Fraction("101.5")]
    with pytest.raises(ClockReversedError):
        late.at(59)
    other = quoted(("a", Side.BUY, 99, 1), ("b", Side.SELL, 101, 1))
    assert Stale(MidPrice(other), 0).at(5) == 100


def test_s23_quotes_around_a_stale_reference_are_picked_off() -> None:
    """The price has fallen by 10, the reference has not: a bid 2 below the old price loses 8 on each of 5 lots."""
    book = OrderBook(PLAIN)
    truth = Recorded([0, 100], [1_000, 990])
    maker = MarketMaker("maker", FixedSpread(2, 5), cash=10**6, holding=5)
    late = Stale(truth, delay_ns=50)
    losses = []
    for time_ns in (0, 60, 110, 160):
        maker.refresh(book, time_ns, late.at(time_ns))
        fair = truth.at(time_ns)
        assert fair is not None
        before = maker.wealth(PLAIN, fair)
        maker.book_fills(book.limit("arbitrageur", Side.SELL, int(fair) + 1, 100, TimeInForce.IOC).fills)
        losses.append(before - maker.wealth(PLAIN, fair))
    assert losses == [0, 0, 40, 0]
    assert maker.withdrawals[0].reason is WithdrawalReason.NO_FAIR_PRICE


def test_s23_a_poisoned_reference_costs_nothing_from_flow_that_pays_any_price() -> None:
    """A buy and a sale earn 2 delta together, whatever the bias: (delta - eps) + (delta + eps)."""
    for bias_pips in (-20_000, -300, 0, 300, 20_000):
        book = OrderBook(PLAIN)
        maker = MarketMaker("maker", FixedSpread(500, 1), cash=10**9, holding=10)
        reference = Poisoned(Recorded([0], [1_000_000]), bias_pips)
        start = maker.wealth(PLAIN, 1_000_000)
        for side in Side:
            maker.refresh(book, 0, reference.at(0))
            maker.book_fills(book.market("client", side, 1).fills)
        assert maker.wealth(PLAIN, 1_000_000) - start == 2 * 500


@pytest.mark.parametrize("bias_pips", [2_000, -2_000, 501, 500, 100])
def test_s23_arbitrage_takes_half_the_depth_times_the_square_of_the_excess(bias_pips: int) -> None:
    """Depth 2e6, bias 20 bp, half-spread 5 bp: 2.25 a refresh; levels a tick apart make it one part in 1500 more."""
    book, fair, levels = OrderBook(PLAIN), 1_000_000, 2_000
    maker = MarketMaker("maker", Ladder(500, 1, (1,) * levels), cash=10**11, holding=10**5)
    maker.refresh(book, 0, Poisoned(Recorded([0], [fair]), bias_pips).at(0))
    start = maker.wealth(PLAIN, fair)
    side = Side.SELL if bias_pips > 0 else Side.BUY
    maker.book_fills(book.limit("arbitrageur", side, fair, 10**6, TimeInForce.IOC).fills)
    money = Fraction(2 * 10**6, fair**2)  # one lot to a tick is a depth of fair^2 per unit of relative price
    loss = (start - maker.wealth(PLAIN, fair)) * money
    excess = max(abs(bias_pips) - 500, 0)
    continuous = poisoned_reference_loss(2e6, bias=bias_pips / 1e6, half_spread=5e-4)
    assert loss == Fraction(excess * (excess + 1), 2) * money
    assert float(loss) == pytest.approx(continuous * (1 + 1 / excess if excess else 1), rel=1e-9)
    if abs(bias_pips) == 2_000:
        assert continuous == pytest.approx(2.25, rel=1e-12)


def test_sources_without_meaning_are_refused() -> None:
    """A record out of order or of two lengths, a negative delay, a bias of the whole price, a depth of no lots."""
    with pytest.raises(InvalidParameterError, match="after the time of 5 ns"):
        Recorded([5, 5], [1, 2])
    with pytest.raises(InvalidParameterError, match="2 prices"):
        Recorded([5, 6], [1])
    with pytest.raises(InvalidParameterError, match="delay_ns"):
        Stale(Recorded([0], [1]), -1)
    with pytest.raises(InvalidParameterError, match="bias_pips"):
        Poisoned(Recorded([0], [1]), -1_000_000)
    with pytest.raises(InvalidParameterError, match="size"):
        DepthPrice(OrderBook(PLAIN), 0)
    with pytest.raises(InvalidParameterError, match="half_spread"):
        poisoned_reference_loss(1.0, bias=0.1, half_spread=-0.1)
