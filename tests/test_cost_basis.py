"""What an inventory cost: the running average, exact up to one quote unit a fill, always against the market maker."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from orderbook import FeeSchedule, FixedSpread, Instrument, MarketMaker, OrderBook, Side
from orderbook.cost_basis import CostBasis

UNIT = Instrument(0, 0, base_units_per_lot=1, quote_units_per_tick_lot=1_000)
FEES = FeeSchedule(maker_rebate_pips=100)


def trade(book: OrderBook, side: Side, price: int, size: int, basis: CostBasis) -> CostBasis:
    """The basis after the maker's resting order on a side has filled."""
    book.limit("maker", side, price, size)
    for fill in book.market("client", side.opposite, size).fills:
        basis = basis.after(fill, "maker")
    return basis


def test_s09_buying_lower_averages_the_cost_down() -> None:
    """Bought at 1000.0 and 998.0 with a rebate of 0.01 %: 998.9001 on average, in ticks of a tenth."""
    book, basis = OrderBook(UNIT, FEES), CostBasis()
    basis = trade(book, Side.BUY, 10_000, 1, basis)
    assert basis.average_cost == 9_999
    basis = trade(book, Side.BUY, 9_980, 1, basis)
    assert basis.average_cost == Fraction("9989.001")


def test_a_sale_takes_its_share_of_the_cost_and_one_through_zero_begins_anew() -> None:
    """Of three lots at 9999, one sold leaves two at 9999; five more leave three short at the last price."""
    book, basis = OrderBook(UNIT, FEES), CostBasis()
    basis = trade(book, Side.BUY, 10_000, 3, basis)
    basis = trade(book, Side.SELL, 12_000, 1, basis)
    assert (basis.inventory, basis.average_cost) == (2, Fraction(9_999))
    basis = trade(book, Side.SELL, 11_000, 5, basis)
    assert (basis.inventory, basis.average_cost) == (-3, Fraction("11001.1"))
    assert trade(book, Side.BUY, 11_000, 3, basis).average_cost is None


@given(st.lists(st.tuples(st.sampled_from(Side), st.integers(1, 50), st.integers(1, 9)), max_size=40))
def test_it_is_the_exact_average_or_at_most_a_unit_a_fill_dearer(flow: list[tuple[Side, int, int]]) -> None:
    """Beside the same average in Fractions, rounded nowhere."""
    book = OrderBook(Instrument(0, 0, 1, 7), FeeSchedule(maker_rebate_pips=12_345))
    basis, inventory, cost = CostBasis(), 0, Fraction(0)
    for count, (side, price, size) in enumerate(flow, 1):
        book.limit("maker", side, price, size)
        (fill,) = book.market("client", side.opposite, size).fills
        basis = basis.after(fill, "maker")
        change, paid = fill.inventory_change("maker"), Fraction(-fill.cash_change("maker"))
        after = inventory + change
        if inventory * change >= 0:
            cost += paid
        elif inventory * after >= 0:
            cost = cost * after / inventory
        else:
            cost = paid * after / change
        inventory = after
        assert basis.inventory == inventory
        assert basis.cost is not None
        assert 0 <= basis.cost - cost <= count
        assert basis.after(fill, "somebody else") is basis


def test_what_an_opening_inventory_cost_is_not_known_until_it_is_gone() -> None:
    """A market maker that starts off its target has no average cost before it has passed it."""
    book = OrderBook(UNIT)
    maker = MarketMaker("maker", FixedSpread(5, 2), cash=10**9, holding=5, target=3)
    assert maker.view(0, 100).average_cost is None
    maker.refresh(book, 0, 100)
    maker.book_fills(book.market("client", Side.SELL, 1).fills)
    assert maker.view(0, 100).average_cost is None
    for _ in range(2):
        maker.refresh(book, 0, 100)
        maker.book_fills(book.market("client", Side.BUY, 2).fills)
    assert (maker.inventory, maker.view(0, 100).average_cost) == (-1, Fraction(105))
