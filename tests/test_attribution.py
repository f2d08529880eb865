"""The parts of a market maker's profit: that they close, and what each row of the articles calls them."""

import math
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderbook import FeeSchedule, Fill, Instrument, OrderBook, Side
from orderbook.attribution import FairPrices, Hedge, HorizonSplit, ProfitSplit, TimedFill, attribute, markouts
from orderbook.carrying_cost import NS_PER_YEAR, interest, variance_cost
from orderbook.errors import InvalidParameterError, InvalidPriceError, InvalidSideError, InvalidSizeError
from orderbook.quoting.avellaneda_stoikov import reservation_price
from orderbook.simulation import brownian_path, informed_sides, noise_sides, order_flow, poisson_arrivals, trade_against

UNIT = Instrument(0, 0, base_units_per_lot=1, quote_units_per_tick_lot=1)
SEVENTHS = Instrument(0, 0, base_units_per_lot=1, quote_units_per_tick_lot=7)
OWNERS = ("maker", "other")


def fill(side: Side, price: int, size: int, *, taker_owner: str = "taker", rebate: int = 0, fee: int = 0) -> Fill:
    """A fill of an order of the maker's, in units of one."""
    return Fill(1, 2, "maker", taker_owner, side, price, size, price * size, fee, rebate)


prices_strategy = st.lists(st.tuples(st.integers(1, 50), st.integers(1, 300)), min_size=1, max_size=12).map(
    lambda steps: FairPrices(tuple(np.cumsum([gap for gap, _ in steps]).tolist()), tuple(price for _, price in steps))
)
fee_schedules = st.builds(FeeSchedule, st.integers(-5_000, 5_000), st.integers(-5_000, 9_000))
orders = st.lists(
    st.tuples(
        st.integers(0, 400),
        st.sampled_from(Side),
        st.integers(1, 300),
        st.integers(1, 9),
        *[st.sampled_from(OWNERS)] * 2,
    ),
    max_size=12,
)


@st.composite
def histories(draw: st.DrawFn) -> dict[str, Any]:
    """Fills of a real book, a fair price, hedges and a start: everything `attribute` takes."""
    prices = draw(prices_strategy)
    book = OrderBook(SEVENTHS, draw(fee_schedules))
    fills = []
    for gap, side, price, size, maker, taker in draw(orders):
        book.limit(maker, side, price, size)
        fills += [TimedFill(prices.times_ns[0] + gap, fill) for fill in book.market(taker, side.opposite, size).fills]
    hedges = [
        Hedge(prices.times_ns[0] + gap, side, price, size, fee)
        for gap, side, price, size, fee in draw(
            st.lists(
                st.tuples(
                    st.integers(0, 400),
                    st.sampled_from(Side),
                    st.integers(1, 300),
                    st.integers(1, 9),
                    st.integers(-50, 50),
                ),
                max_size=5,
            )
        )
    ]
    return {
        "fills": fills,
        "prices": prices,
        "instrument": SEVENTHS,
        "hedges": hedges,
        "starting_inventory": draw(st.integers(-20, 20)),
        "horizons_ns": draw(st.lists(st.integers(0, 500), max_size=3, unique=True)),
        "interest_rate_pips": draw(st.sampled_from([0, 50_000, 10**15])),
    }


@given(histories())
def test_o48_the_parts_add_up_to_the_change_of_wealth(history: dict[str, Any]) -> None:
    """To the last unit, at every horizon and by role, for either owner; and with no interest both owners sum up."""
    for owner in OWNERS:
        split = attribute(owner, **history)
        assert split.residual == 0
        for horizon in split.horizons:
            assert horizon.adverse_selection + horizon.later == split.inventory
            assert sum(split.by_role(horizon.horizon_ns)) == split.total


@given(histories())
def test_the_parts_are_those_of_a_sum_over_trades(history: dict[str, Any]) -> None:
    """Trade by trade against the last price, in the other order: the same spread, inventory, fees and total."""
    prices, last = history["prices"], history["prices"].ticks[-1]
    split = attribute("maker", **history)
    expected = dict.fromkeys(("capture", "paid", "rebates", "fees", "hedging", "inventory"), 0)
    expected["inventory"] += history["starting_inventory"] * (last - prices.ticks[0]) * 7
    for time, done in history["fills"]:
        fair = next(price for at, price in zip(prices.times_ns[::-1], prices.ticks[::-1], strict=True) if at <= time)
        for owner, sign, part in (
            (done.maker_owner, -done.taker_side.sign, "capture"),
            (done.taker_owner, done.taker_side.sign, "paid"),
        ):
            if owner == "maker":
                expected[part] += sign * done.size * (fair - done.price) * 7
                expected["inventory"] += sign * done.size * (last - fair) * 7
                expected["rebates" if part == "capture" else "fees"] += (
                    done.maker_rebate if part == "capture" else -done.taker_fee
                )
    for hedge in history["hedges"]:
        fair = prices.at(hedge.time_ns)
        expected["hedging"] += hedge.side.sign * hedge.size * (fair - hedge.price) * 7 - hedge.fee
        expected["inventory"] += hedge.side.sign * hedge.size * (last - fair) * 7
    assert tuple(expected.values()) == (
        split.spread_capture,
        split.spread_paid,
        split.rebates,
        split.taker_fees,
        split.hedging,
        split.inventory,
    )
    assert split.total == sum(expected.values()) + split.interest


@given(histories(), st.integers(0, 500))
def test_o48_s42_effective_is_realised_plus_impact_trade_by_trade(history: dict[str, Any], horizon_ns: int) -> None:
    """Of each fill, from three prices; and their sums are the split's spread capture and adverse selection."""
    prices = history["prices"]
    history["horizons_ns"] = [horizon_ns]
    split = attribute("maker", **history)
    marked = markouts("maker", history["fills"], prices, SEVENTHS, horizon_ns)
    made = [timed for timed in history["fills"] if timed.fill.maker_owner == "maker"]
    assert len(marked) == len(made)
    for (time, done), markout in zip(made, marked, strict=True):
        side = -done.taker_side.sign * done.size * 7
        assert markout.effective == side * (prices.at(time) - done.price)
        assert markout.realised == side * (prices.at(time + horizon_ns) - done.price)
        assert markout.impact == side * (prices.at(time) - prices.at(time + horizon_ns))
        assert markout.effective == markout.realised + markout.impact
    assert sum(markout.effective for markout in marked) == split.spread_capture
    assert -sum(markout.impact for markout in marked) == split.at_horizon(horizon_ns).adverse_selection


@pytest.mark.parametrize(("held", "profit"), [(10, -20), (-10, 20)])
def test_s37_inventory_risk_goes_both_ways(held: int, profit: int) -> None:
    """Ten lots long and the price down by two: -20; ten short: +20; nothing else happened."""
    split = attribute("maker", [], FairPrices((0, 1), (100, 98)), UNIT, starting_inventory=held)
    assert split == ProfitSplit(0, 0, 0, 0, 0, profit, 0, profit, ())


def test_s26_the_four_roles_sum_to_the_total() -> None:
    """S04's round trip around 1000.05: rebates .2 and a spread of .1 make .30001, and no role is left out."""
    micro = Instrument(0, 6, base_units_per_lot=1, quote_units_per_tick_lot=50_000)
    book = OrderBook(micro, FeeSchedule(maker_rebate_pips=100, taker_fee_pips=200))
    book.limit("maker", Side.BUY, 20_000, 1)
    book.limit("maker", Side.SELL, 20_002, 1)
    fills = [TimedFill(time, book.market("taker", side, 1).fills[0]) for time, side in ((1, Side.SELL), (2, Side.BUY))]
    split = attribute("maker", fills, FairPrices((0,), (20_001,)), micro, horizons_ns=[5])
    roles = split.by_role(5)
    assert roles == (200_010, 100_000, 0, 0)
    assert sum(roles) == split.total == 300_010


def test_s42_a_maker_who_is_picked_off_pays_for_price_discovery() -> None:
    """Hit at 99, a tick below a fair price that then falls by three: +1 of spread, -3 of adverse selection."""
    prices = FairPrices((0, 10, 20), (100, 97, 98))
    split = attribute("maker", [TimedFill(5, fill(Side.SELL, 99, 1))], prices, UNIT, horizons_ns=[0, 5, 15])
    assert (split.spread_capture, split.inventory, split.total) == (1, -2, -1)
    assert split.horizons == (HorizonSplit(0, 0, -2), HorizonSplit(5, -3, 1), HorizonSplit(15, -2, 0))
    assert split.by_role(5) == (0, 1, -3, 1)


def test_s41_s42_informed_takers_turn_the_markout_negative() -> None:
    """E[move times side] is the informed share times E|move|; at a depth below that, each fill loses on average."""
    volatility, foresight, share, depth = 2.0, 0.01, 0.3, 0.02
    path = brownian_path(volatility, 100.0, 100_000, seed=41)
    times = poisson_arrivals(400.0, 99.0, seed=42)
    expected_move = volatility * (2 * foresight / np.pi) ** 0.5
    for sides, informed in (
        (informed_sides(times, path, informed_share=share, foresight=foresight, seed=43), share),
        (noise_sides(times.size, seed=43), 0.0),
    ):
        flow = order_flow(times, sides, fill_decay=1.5, seed=44)
        run = trade_against(flow, lambda _time_left, _inventory: (depth, depth), path, horizon=99.0)
        marked = run.markouts(foresight)
        # Arrivals overlap within one foresight: the error of a mean over blocks of it, not over fills.
        blocks = np.array([block.mean() for block in np.array_split(marked, 1_000)])
        assert abs(marked.mean() - (depth - informed * expected_move)) < 4 * blocks.std() / np.sqrt(blocks.size)
        assert (marked.mean() < 0) == bool(informed)


@given(st.lists(st.tuples(st.sampled_from(Side), st.integers(1, 9)), min_size=1, max_size=9), st.data())
def test_s44_s70_a_hedge_at_the_fair_price_leaves_no_inventory_term(
    takers: list[tuple[Side, int]], data: st.DataObject
) -> None:
    """Every fill is passed on at once: what is left is the edge of the fills and the hedges' cost, exactly."""
    ticks = data.draw(st.lists(st.integers(50, 150), min_size=len(takers) + 1, max_size=len(takers) + 1))
    prices = FairPrices(tuple(range(0, 10 * len(ticks), 10)), tuple(ticks))
    fills, hedges = [], []
    for index, (side, size) in enumerate(takers):
        fair = ticks[index]
        fills.append(TimedFill(10 * index + 1, fill(side, fair + 3 * side.sign, size)))
        hedges.append(Hedge(10 * index + 1, side, fair, size, fee=2))
    split = attribute("maker", fills, prices, UNIT, hedges=hedges)
    assert split.inventory == 0
    assert split.total == 3 * sum(size for _, size in takers) - 2 * len(takers) == split.spread_capture + split.hedging


def test_s22_interest_on_two_units_for_a_day() -> None:
    """2 x 100 at 5 % a year for one day is .0274; in the split it is rounded up to the next unit."""
    day = NS_PER_YEAR // 365
    assert interest(2, 100, rate_pips=50_000, duration_ns=day) == Fraction(10, 365)
    assert round(10 / 365, 4) == 0.0274
    micro = Instrument(0, 6, base_units_per_lot=1, quote_units_per_tick_lot=10**6)
    held = attribute(
        "maker", [], FairPrices((0, day), (100, 100)), micro, starting_inventory=2, interest_rate_pips=50_000
    )
    assert held.interest == held.total == -27_398
    short = attribute(
        "maker", [], FairPrices((0, day), (100, 100)), micro, starting_inventory=-2, interest_rate_pips=50_000
    )
    assert short.interest == held.interest


def test_s22_the_cost_of_variance_is_what_the_reservation_price_adds_up() -> None:
    """Gamma sigma^2 q^2 t / 2: one more unit costs the reservation price's discount, half a unit of it either way."""
    parameters = {"risk_aversion": 0.1, "volatility": 2.0}
    assert variance_cost(2, duration=1.0, **parameters) == pytest.approx(0.8)
    for held in range(-5, 6):
        one_more = variance_cost(held + 0.5, duration=0.4, **parameters) - variance_cost(
            held - 0.5, duration=0.4, **parameters
        )
        assert -one_more == pytest.approx(reservation_price(0.0, held, time_left=0.4, **parameters))


@given(histories())
def test_interest_is_that_of_the_position_between_changes(history: dict[str, Any]) -> None:
    """Nanosecond by nanosecond, with the exact formula, rounded up once."""
    prices = history["prices"]
    history["interest_rate_pips"] = 10**15
    owed = Fraction(0)
    for time in range(prices.times_ns[0], prices.times_ns[-1]):
        position = history["starting_inventory"]
        position += sum(done.inventory_change("maker") for at, done in history["fills"] if at <= time)
        position += sum(hedge.side.sign * hedge.size for hedge in history["hedges"] if hedge.time_ns <= time)
        owed += interest(position, prices.at(time) * 7, rate_pips=10**15, duration_ns=1)
    assert attribute("maker", **history).interest == -math.ceil(owed)


EMPTY: dict[str, Any] = {"fills": [], "prices": FairPrices((0,), (100,)), "instrument": UNIT}


@pytest.mark.parametrize(
    "changed",
    [
        {"fills": [TimedFill(-1, fill(Side.BUY, 1, 1))]},
        {"horizons_ns": [-1]},
        {"interest_rate_pips": -1},
        {"starting_inventory": 0.5},
    ],
)
def test_what_has_no_fair_price_or_is_no_amount_is_refused(changed: dict[str, Any]) -> None:
    """A trade before the first price, a negative horizon or rate, half a lot."""
    with pytest.raises(InvalidParameterError):
        attribute("maker", **(EMPTY | changed))


@pytest.mark.parametrize(
    ("changed", "error"),
    [
        ({"price": 0}, InvalidPriceError),
        ({"size": 0}, InvalidSizeError),
        ({"side": "buy"}, InvalidSideError),
        ({"fee": 0.1}, InvalidParameterError),
    ],
)
def test_a_hedge_that_no_venue_would_book_is_refused(changed: dict[str, Any], error: type[Exception]) -> None:
    """No price, no size, no side, or a fee between two units."""
    hedge: dict[str, Any] = {"time_ns": 0, "side": Side.BUY, "price": 1, "size": 1} | changed
    with pytest.raises(error):
        attribute("maker", hedges=[Hedge(**hedge)], **EMPTY)


@pytest.mark.parametrize(("times", "ticks"), [((), ()), ((0, 0), (1, 1)), ((1, 0), (1, 1)), ((0,), (1, 2))])
def test_fair_prices_rise_in_time(times: tuple[int, ...], ticks: tuple[int, ...]) -> None:
    """No times, two at once, backwards, or prices that do not match them."""
    with pytest.raises(InvalidParameterError):
        FairPrices(times, ticks)
    with pytest.raises(InvalidPriceError):
        FairPrices((0,), (0,))


def test_a_horizon_that_was_not_asked_for_is_refused() -> None:
    """The error names those that were."""
    split = attribute("maker", [], FairPrices((0,), (100,)), UNIT, horizons_ns=[5])
    with pytest.raises(InvalidParameterError, match=r"horizon_ns is 6; it must be one of \(5,\)"):
        split.at_horizon(6)
