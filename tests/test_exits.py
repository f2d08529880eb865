"""The worked examples of a round trip and of the three ways out, exactly; and the same trades in a real book."""

from fractions import Fraction

import pytest

from orderbook import FeeSchedule, Fill, Instrument, OrderBook, Side, TimeInForce
from orderbook.errors import InvalidParameterError
from orderbook.exits import (
    Position,
    average_down,
    exit_maker,
    exit_taker,
    expected_exit_loss,
    pick_off_bid,
    round_trip,
    venue_share,
)

TENTH = FeeSchedule(maker_rebate_pips=100, taker_fee_pips=200)
"""Of the book 1000.0/1000.1."""
HUNDREDTH = FeeSchedule(maker_rebate_pips=100, taker_fee_pips=250)
"""Of the book 100/100.01."""

# A tick of one lot is worth a million quote units, so that no fee is rounded and amounts read in millionths of a tick.
TICK = 10**6
IN_TENTHS = Instrument(0, 7, base_units_per_lot=1, quote_units_per_tick_lot=TICK)
IN_HUNDREDTHS = Instrument(0, 8, base_units_per_lot=1, quote_units_per_tick_lot=TICK)


def exact(text: str) -> Fraction:
    return Fraction(text)


def cash(instrument: Instrument, fills: list[Fill], owner: str) -> Fraction:
    """An owner's change in cash over these fills, in quote currency."""
    return Fraction(sum(fill.cash_change(owner) for fill in fills), 10**instrument.quote_decimals)


def venue(instrument: Instrument, fills: list[Fill]) -> Fraction:
    return Fraction(sum(fill.venue_income for fill in fills), 10**instrument.quote_decimals)


def quoted(instrument: Instrument, fees: FeeSchedule, bid: str, ask: str) -> OrderBook:
    """A book with one market maker's bid and ask in it."""
    book = OrderBook(instrument, fees)
    book.limit("maker", Side.BUY, instrument.ticks_of(bid), 1, TimeInForce.POST_ONLY)
    book.limit("maker", Side.SELL, instrument.ticks_of(ask), 1, TimeInForce.POST_ONLY)
    return book


def test_s04_round_trip_is_spread_plus_two_rebates() -> None:
    """0.1 + 0.1 + 0.10001 = 0.30001, by formula and in a book that sees one seller and one buyer."""
    trip = round_trip(1000, exact("1000.1"), TENTH)
    assert (trip.spread, trip.rebate_on_bid, trip.rebate_on_ask) == (exact("0.1"), exact("0.1"), exact("0.10001"))
    assert trip.profit == exact("0.30001")
    book = quoted(IN_TENTHS, TENTH, "1000.0", "1000.1")
    fills = [*book.market("seller", Side.SELL, 1).fills, *book.market("buyer", Side.BUY, 1).fills]
    assert cash(IN_TENTHS, fills, "maker") == trip.profit


def test_s05_the_venue_keeps_fee_less_rebate_and_all_sums_to_nothing() -> None:
    """The buyer pays 1000.30002, the seller gets 999.80, the venue keeps 0.20001, and the sum is zero."""
    book = quoted(IN_TENTHS, TENTH, "1000.0", "1000.1")
    fills = [*book.market("seller", Side.SELL, 1).fills, *book.market("buyer", Side.BUY, 1).fills]
    assert cash(IN_TENTHS, fills, "seller") == exact("999.80")
    assert cash(IN_TENTHS, fills, "buyer") == -exact("1000.30002")
    assert venue(IN_TENTHS, fills) == venue_share(1000, exact("1000.1"), TENTH) == exact("0.20001")
    everyone = sum(cash(IN_TENTHS, fills, owner) for owner in ("maker", "seller", "buyer"))
    assert everyone + venue(IN_TENTHS, fills) == 0


def test_s06_a_stale_bid_is_picked_off() -> None:
    """The price has gone from 1000 to 998: taker +1.8, maker -1.9, venue +0.1, together nothing."""
    result = pick_off_bid(1000, 998, TENTH)
    assert (result.taker, result.maker, result.venue) == (exact("1.8"), exact("-1.9"), exact("0.1"))
    book = quoted(IN_TENTHS, TENTH, "1000.0", "1000.1")
    fills = list(book.market("informed", Side.SELL, 1).fills)
    assert cash(IN_TENTHS, fills, "informed") - 998 == result.taker
    assert cash(IN_TENTHS, fills, "maker") + 998 == result.maker
    assert venue(IN_TENTHS, fills) == result.venue


COST = exact("999.9")
"""What a maker paid who was hit at 1000, after the rebate."""


def test_s07_option_1_exit_as_taker() -> None:
    """Bought for 999.9, sold to the bid at 998: 2.0996 lost."""
    assert exit_taker(COST, 998, TENTH) == exact("2.0996")
    book = quoted(IN_TENTHS, TENTH, "1000.0", "1000.1")
    fills = list(book.market("seller", Side.SELL, 1).fills)
    book.limit("other", Side.BUY, 9980, 1)
    fills += book.market("maker", Side.SELL, 1).fills
    assert cash(IN_TENTHS, fills, "maker") == -exact("2.0996")


def test_s08_option_2_exit_as_maker_one_tick_up() -> None:
    """Bought for 999.9, sold at an ask of 998.1: 1.70019 lost."""
    assert exit_maker(COST, exact("998.1"), TENTH) == exact("1.70019")


def test_s09_option_3_average_down() -> None:
    """A second unit at 998.0 brings the average to 998.9001, and the ask that breaks even from 999.8 to 998.8."""
    result = average_down(Position().bought(1000, TENTH), 998, TENTH)
    assert result.average_cost == exact("998.9001")
    assert round(result.break_even_ask_before, 5) == exact("999.80002")
    assert round(result.break_even_ask, 5) == exact("998.80022")
    assert (round(result.break_even_ask_before, 1) - 998, round(result.break_even_ask, 1) - 998) == (
        exact("1.8"),
        exact("0.8"),
    )
    assert -exit_maker(result.average_cost, exact("998.8"), TENTH) == exact("-0.00022")


def test_s09_claim_fails_the_first_ask_is_998_8() -> None:
    """An ask of 998.8 on the first purchase loses 1.00012 a unit, so the text's 998.8 must read 999.8."""
    assert exit_maker(COST, exact("998.8"), TENTH) == exact("1.00012")
    assert 0 < exit_maker(COST, exact("999.8"), TENTH) < exact("0.0001")


def test_s09_claim_fails_the_ask_comes_down_to_998_9() -> None:
    """At 998.9 the averaged position earns 0.09979 a unit: it does not merely break even."""
    after = average_down(Position().bought(1000, TENTH), 998, TENTH)
    assert -exit_maker(after.average_cost, exact("998.9"), TENTH) == exact("0.09979")


def test_s10_averaging_down_fails_in_a_trend() -> None:
    """Hit at 1000, then at every dollar from 998 to 900: 100 units at 949.42 on average, 4941.50 under water."""
    position = Position().bought(1000, TENTH)
    for price in range(998, 899, -1):
        position = position.bought(price, TENTH)
    assert position.size == 100
    assert round(position.average_cost, 2) == exact("949.42")
    assert round(position.profit_at(900), 2) == exact("-4941.50")


@pytest.mark.parametrize(("probability", "loss"), [("1", "1.70019"), ("0", "2.0996"), ("0.5", "1.899895")])
def test_s11_waiting_with_a_fallback_is_linear_in_the_fill_probability(probability: str, loss: str) -> None:
    """Filled for sure 1.70019, never filled and no move 2.0996, and half way between at one half."""
    assert expected_exit_loss(exact(probability), COST, exact("998.1"), 998, TENTH) == exact(loss)


def test_s12_selling_what_was_bought_earns_two_ticks_and_with_the_rebate_three() -> None:
    """Paid 99.99 after the rebate, sold at 100.01: 0.02, and 0.030001 with the rebate on the sale."""
    cost = HUNDREDTH.maker_price(Side.BUY, 100)
    assert exact("100.01") - cost == exact("0.02")
    book = quoted(IN_HUNDREDTHS, HUNDREDTH, "100", "100.01")
    fills = [*book.market("seller", Side.SELL, 1).fills, *book.market("buyer", Side.BUY, 1).fills]
    assert cash(IN_HUNDREDTHS, fills, "maker") == round_trip(100, exact("100.01"), HUNDREDTH).profit
    assert cash(IN_HUNDREDTHS, fills, "maker") == exact("0.030001")
    assert cash(IN_HUNDREDTHS, fills, "seller") == exact("99.975")


def test_s13_cutting_the_ask_after_the_price_has_fallen() -> None:
    """The price falls from 100 to 99.80: selling at 99.81 what cost 99.99 loses 0.170019, rebate included."""
    assert exit_maker(exact("99.99"), exact("99.81"), HUNDREDTH) == exact("0.170019")


def test_s15_averaging_down_at_99_80() -> None:
    """The bid of 99.80 costs 99.79002 after the rebate, and the average is 99.89001."""
    assert HUNDREDTH.maker_price(Side.BUY, exact("99.80")) == exact("99.79002")
    result = average_down(Position().bought(100, HUNDREDTH), exact("99.80"), HUNDREDTH)
    assert result.average_cost == exact("99.89001")


def test_s15_claim_fails_a_market_buy_hits_the_best_bid() -> None:
    """A market buy trades with the best ask and leaves the bid alone; it is a market sell that hits the bid."""
    book = quoted(IN_HUNDREDTHS, HUNDREDTH, "99.80", "99.81")
    (bought,) = book.market("buyer", Side.BUY, 1).fills
    assert (bought.price, book.best_bid) == (9981, 9980)
    (sold,) = book.market("seller", Side.SELL, 1).fills
    assert sold.price == 9980


def test_s16_averaging_down_halves_the_spread() -> None:
    """From an ask of 99.98 to one of 99.89 over the bid of 99.80: 0.18 to 0.09."""
    before, after = exact("99.98") - exact("99.80"), exact("99.89") - exact("99.80")
    assert (before, after, after / before) == (exact("0.18"), exact("0.09"), Fraction(1, 2))


def test_s16_claim_fails_99_89_is_the_break_even_ask() -> None:
    """It still earns 0.009979 a unit; with the rebate the break-even is 99.88."""
    result = average_down(Position().bought(100, HUNDREDTH), exact("99.80"), HUNDREDTH)
    assert round(result.break_even_ask, 2) == exact("99.88")
    assert -exit_maker(result.average_cost, exact("99.89"), HUNDREDTH) == exact("0.009979")


def test_s17_a_shock_costs_in_proportion_to_what_is_held() -> None:
    """-0.2 %, -5 % and -10 % of 1000 on 1, 2 and 10 units held: size times shock, so linear in either."""
    free = FeeSchedule()
    for size in (1, 2, 10):
        held = Position().bought(1000, free, size)
        for shock in (exact("0.002"), exact("0.05"), exact("0.1")):
            assert held.profit_at(1000 * (1 - shock)) == -1000 * shock * size


@pytest.mark.parametrize("ticks", [1, 10, 60])
def test_s17_quoting_through_a_shock_costs_its_square(ticks: int) -> None:
    """A bid of one lot at each tick, all hit on the way down, marked at the bottom: (z - z^2) / 2 by O-49, exactly."""
    book = OrderBook(Instrument(0, 0, 1, 1))
    for tick in range(1, ticks + 1):
        book.limit("maker", Side.BUY, 1000 - tick, 1)
    fills = book.market("shock", Side.SELL, ticks).fills
    end = 1000 - ticks
    profit = sum(fill.cash_change("maker") + end * fill.inventory_change("maker") for fill in fills)
    assert 2 * profit == ticks - ticks**2


def test_an_average_of_nothing_and_an_impossible_probability_are_refused() -> None:
    """Each error names the value."""
    with pytest.raises(InvalidParameterError, match="size is 0"):
        _ = Position().average_cost
    with pytest.raises(InvalidParameterError, match="fill_probability"):
        expected_exit_loss(Fraction(3, 2), COST, 998, 998, TENTH)
