"""The closed forms of Avellaneda and Stoikov, and the strategies that quote them in ticks and lots."""

import math
from fractions import Fraction
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from orderbook import AvellanedaStoikov, AvellanedaStoikovInfiniteHorizon, Instrument, MarketView
from orderbook.errors import HorizonPassedError, InvalidParameterError, InventoryBoundError
from orderbook.quoting.avellaneda_stoikov import (
    bounding_discount_rate,
    fill_factor,
    indifference_prices,
    infinite_horizon_indifference_prices,
    linear_reservation_price,
    liquidity_half_spread,
    mean_total_spread,
    reservation_price,
    total_spread,
    volatility_from_annual,
)

SECOND = 1_000_000_000
PAPER: dict[str, float] = {"risk_aversion": 0.1, "volatility": 2.0}


def test_s30_the_toy_reservation_price() -> None:
    """Three units at 0.1 a unit: 0.3 below the mid price."""
    assert linear_reservation_price(0.0, 3, 0.1) == pytest.approx(-0.3, abs=1e-15)


def test_s31_o40_the_reservation_price_and_its_two_indifference_prices() -> None:
    """At s = 100, q = 3, gamma = .1, sigma = 2, T - t = .4: r = 99.52, between a bid of 99.44 and an ask of 99.60."""
    assert reservation_price(100, 3, time_left=0.4, **PAPER) == pytest.approx(99.52, abs=1e-12)
    bid, ask = indifference_prices(100, 3, time_left=0.4, **PAPER)
    assert [bid, ask] == pytest.approx([99.44, 99.60], abs=1e-12)


@pytest.mark.parametrize("inventory", [-4, 0, 3])
def test_o40_indifference_prices_leave_expected_utility_as_it_is(inventory: int) -> None:
    """From the definition: E[-exp(-gamma W)] of a normal W is the same with one unit more or less, paid for at them."""
    gamma, sigma, time_left, mid = 0.1, 2.0, 0.4, 100.0

    def log_utility(cash: float, held: int) -> float:
        mean, variance = cash + held * mid, held**2 * sigma**2 * time_left
        return -gamma * mean + gamma**2 * variance / 2

    bid, ask = indifference_prices(mid, inventory, time_left=time_left, **PAPER)
    assert log_utility(-bid, inventory + 1) == pytest.approx(log_utility(0, inventory), abs=1e-9)
    assert log_utility(ask, inventory - 1) == pytest.approx(log_utility(0, inventory), abs=1e-9)


def test_s32_quotes_go_up_after_a_client_buys() -> None:
    """A client who buys leaves the maker short: at q = -1 and gamma sigma^2 (T - t) = .01, r - s = +0.01."""
    assert reservation_price(0, -1, risk_aversion=0.01, volatility=1.0, time_left=1.0) == 0.01
    flat, short = (
        AvellanedaStoikov(0.001, 200, 0.015, SECOND, 1).quote(MarketView(0, 10_000, inventory)) for inventory in (0, -1)
    )
    assert flat.bid is not None
    assert flat.ask is not None
    assert short.bid is not None
    assert short.ask is not None
    assert short.bid.price > flat.bid.price
    assert short.ask.price > flat.ask.price


def test_s32_claim_fails_each_next_lot_is_cheaper_after_a_client_buys() -> None:
    """Ten lots bought one after another are offered at prices that rise every time, not fall."""
    strategy = AvellanedaStoikov(0.001, 200, 0.015, SECOND, 1)
    quotes = [strategy.quote(MarketView(0, 10_000, -bought)) for bought in range(10)]
    asks = [quote.ask.price for quote in quotes if quote.ask is not None]
    assert len(asks) == 10
    assert all(later > earlier for earlier, later in pairwise(asks))


def test_s33_o40_the_spread_widens_with_risk() -> None:
    """At gamma = .1, sigma = 2, k = 1.5, T = 1: 1.6908 at the start, 1.491 on average over time."""
    assert round(total_spread(fill_decay=1.5, time_left=1.0, **PAPER), 4) == 1.6908
    assert round(mean_total_spread(fill_decay=1.5, horizon=1.0, **PAPER), 3) == 1.491


@pytest.mark.parametrize(("risk_aversion", "spread"), [(0.1, 1.49), (0.01, 1.35), (1.0, 3.02)])
def test_o40_the_mean_spreads_of_the_published_tables(risk_aversion: float, spread: float) -> None:
    """Tables 1 to 3 of the paper print 1.49, 1.35 and 3.02."""
    mean = mean_total_spread(risk_aversion=risk_aversion, volatility=2.0, fill_decay=1.5, horizon=1.0)
    assert round(mean, 2) == spread


@pytest.mark.parametrize(("risk_aversion", "spread", "factor"), [(0.1, "1.69", 0.281), (10.0, "40.4", 6.9e-14)])
def test_s36_risk_aversion_without_end_is_withdrawal(risk_aversion: float, spread: str, factor: float) -> None:
    """At sigma = 2, T - t = 1, k = 1.5 the spread and the fill rate that is left of the rate at the mid price."""
    total = total_spread(risk_aversion=risk_aversion, volatility=2.0, fill_decay=1.5, time_left=1.0)
    assert f"{total:.3g}" == spread
    assert fill_factor(total / 2, fill_decay=1.5) == pytest.approx(factor, rel=5e-3)


def test_the_liquidity_half_spread_tends_to_the_risk_neutral_one() -> None:
    """ln(1 + gamma / k) / gamma goes to 1 / k."""
    assert liquidity_half_spread(risk_aversion=1e-12, fill_decay=1.5) == pytest.approx(1 / 1.5, rel=1e-11)


# Without a horizon


def discounted_log_value(cash: float, held: float, *, gamma: float, sigma: float, omega: float) -> float:
    """Log of minus the value of holding for ever at a price of 0: the integral of e^(-omega t) E[e^(-gamma W_t)]."""
    return -gamma * cash - math.log(omega - gamma**2 * sigma**2 * held**2 / 2)


@given(st.floats(0.01, 2), st.floats(0.1, 3), st.integers(1, 12), st.integers(-12, 12))
def test_infinite_horizon_prices_leave_discounted_utility_as_it_is(
    gamma: float, sigma: float, bound: int, inventory: int
) -> None:
    """From the definition of the value, and at the bound the side that would pass it has no price."""
    assume(abs(inventory) <= bound)
    omega = bounding_discount_rate(risk_aversion=gamma, volatility=sigma, max_inventory=bound + 0.5)
    bid, ask = infinite_horizon_indifference_prices(
        0.0, inventory, risk_aversion=gamma, volatility=sigma, discount_rate=omega
    )
    here = discounted_log_value(0, inventory, gamma=gamma, sigma=sigma, omega=omega)
    after_buying = discounted_log_value(-bid, inventory + 1, gamma=gamma, sigma=sigma, omega=omega)
    after_selling = discounted_log_value(ask, inventory - 1, gamma=gamma, sigma=sigma, omega=omega)
    assert after_buying == pytest.approx(here, abs=1e-9)
    assert after_selling == pytest.approx(here, abs=1e-9)


@given(st.floats(0.01, 2), st.floats(0.1, 3), st.integers(-10, 10))
def test_infinite_horizon_prices_mirror(gamma: float, sigma: float, inventory: int) -> None:
    """The ask when long is as far above the mid price as the bid when short by as much is below it."""
    omega = bounding_discount_rate(risk_aversion=gamma, volatility=sigma, max_inventory=10.5)
    terms: dict[str, float] = {"risk_aversion": gamma, "volatility": sigma, "discount_rate": omega}
    bid, ask = infinite_horizon_indifference_prices(0.0, inventory, **terms)
    mirrored_bid, mirrored_ask = infinite_horizon_indifference_prices(0.0, -inventory, **terms)
    assert (ask, bid) == (-mirrored_bid, -mirrored_ask)
    assert bid < ask


def test_infinite_horizon_prices_end_at_the_bound() -> None:
    """One unit short of no value there is no bid, and beyond it no price at all."""
    terms: dict[str, float] = {"risk_aversion": 1.0, "volatility": 1.0, "discount_rate": 8.0}
    bid, ask = infinite_horizon_indifference_prices(0.0, 3, **terms)
    assert bid == -math.inf
    assert ask == pytest.approx(-math.log(12 / 7))
    assert infinite_horizon_indifference_prices(0.0, -3, **terms)[1] == math.inf
    with pytest.raises(InventoryBoundError):
        infinite_horizon_indifference_prices(0.0, 4, **terms)


# The strategies


def paper_strategy(size: int = 1) -> AvellanedaStoikov:
    """The paper's parameters, one tick a cent, the unit of inventory `size` lots, the unit of time a second."""
    return AvellanedaStoikov.in_currency(
        Instrument(0, 2, base_units_per_lot=1, quote_units_per_tick_lot=1),
        risk_aversion=0.1 / size,
        volatility=2.0,
        fill_decay=1.5,
        horizon_ns=SECOND,
        size=size,
    )


@given(st.integers(0, SECOND), st.integers(-20, 20), st.integers(1, 50))
def test_quotes_are_the_reservation_price_and_half_the_spread_rounded_outwards(
    time_ns: int, inventory: int, size: int
) -> None:
    """In ticks of a cent, for any size that counts as the unit of inventory."""
    quotes = paper_strategy(size).quote(MarketView(time_ns, 10_000, inventory * size))
    time_left = (SECOND - time_ns) / SECOND
    middle = 100 * reservation_price(100, inventory, time_left=time_left, **PAPER)
    half = 50 * total_spread(fill_decay=1.5, time_left=time_left, **PAPER)
    assert quotes.bid is not None
    assert quotes.ask is not None
    assert -1e-9 < middle - half - quotes.bid.price < 1 + 1e-9
    assert -1e-9 < quotes.ask.price - middle - half < 1 + 1e-9
    assert (quotes.bid.size, quotes.ask.size) == (size, size)


def test_a_view_after_the_horizon_is_refused() -> None:
    """At the horizon there is a quote, a nanosecond later an error that names both times."""
    strategy = paper_strategy()
    assert strategy.quote(MarketView(SECOND, 10_000, 5)).spread is not None
    with pytest.raises(HorizonPassedError, match="1000000001 ns is after the horizon 1000000000 ns"):
        strategy.quote(MarketView(SECOND + 1, 10_000, 0))


def test_a_mid_price_between_ticks_is_quoted_exactly() -> None:
    """Ten ticks either way of 1000 are 990 and 1010, of 1000.5 they are 990 and 1011."""
    strategy = AvellanedaStoikov(1e-9, 0.0, 0.1, 0, 1)
    whole, half = strategy.quote(MarketView(0, 1_000, 0)), strategy.quote(MarketView(0, Fraction(2_001, 2), 0))
    assert (whole.spread, half.spread) == (20, 21)


def test_without_a_horizon_the_bound_is_never_passed() -> None:
    """Towards the bound the quote shrinks to what is left, at it there is none, and the skew grows all the way."""
    strategy = AvellanedaStoikovInfiniteHorizon(risk_aversion=0.001, fill_decay=0.015, max_inventory=25, size=10)
    at = {inventory: strategy.quote(MarketView(0, 10_000, inventory)) for inventory in range(-25, 26, 5)}
    assert [quote.bid.size if quote.bid else 0 for quote in at.values()][-4:] == [10, 10, 5, 0]
    assert [quote.ask.size if quote.ask else 0 for quote in at.values()][:4] == [0, 5, 10, 10]
    bids = [quote.bid.price for quote in at.values() if quote.bid]
    assert bids == sorted(bids, reverse=True)
    with pytest.raises(InventoryBoundError, match="26"):
        strategy.quote(MarketView(0, 10_000, 26))


def test_without_a_horizon_the_volatility_cancels_out() -> None:
    """The strategy's quotes are the paper's with any volatility and the discount rate that bounds the inventory."""
    strategy = AvellanedaStoikovInfiniteHorizon(risk_aversion=0.01, fill_decay=0.1, max_inventory=8, size=1)
    quotes = strategy.quote(MarketView(0, 10_000, 3))
    margin = liquidity_half_spread(risk_aversion=0.01, fill_decay=0.1)
    for volatility in (0.5, 40.0):
        omega = bounding_discount_rate(risk_aversion=0.01, volatility=volatility, max_inventory=8)
        bid, ask = infinite_horizon_indifference_prices(
            10_000, 3, risk_aversion=0.01, volatility=volatility, discount_rate=omega
        )
        assert quotes.bid is not None
        assert quotes.ask is not None
        assert (quotes.bid.price, quotes.ask.price) == (math.floor(bid - margin), math.ceil(ask + margin))


def test_annual_volatility_in_ticks_per_root_second() -> None:
    """60 % a year on a price of 200 000 ticks, over a year of seconds, is 120 000 ticks."""
    per_root_second = volatility_from_annual(200_000, 0.6)
    assert per_root_second * math.sqrt(365 * 86_400) == pytest.approx(120_000)


GOOD: dict[str, Any] = {"risk_aversion": 0.1, "volatility": 2.0, "fill_decay": 1.5, "horizon_ns": SECOND, "size": 1}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("risk_aversion", 0),
        ("risk_aversion", math.inf),
        ("risk_aversion", math.nan),
        ("risk_aversion", True),
        ("volatility", -1.0),
        ("volatility", math.inf),
        ("fill_decay", 0.0),
        ("fill_decay", math.inf),
        ("horizon_ns", -1),
        ("horizon_ns", 1.5),
        ("size", 0),
    ],
)
def test_parameters_without_quotes_are_refused(name: str, value: float) -> None:
    """The error names the parameter and the rule."""
    with pytest.raises(InvalidParameterError, match=f"{name} is .*; it must be"):
        AvellanedaStoikov(**(GOOD | {name: value}))


@pytest.mark.parametrize("name", ["risk_aversion", "fill_decay", "max_inventory", "size"])
def test_parameters_without_quotes_are_refused_without_a_horizon(name: str) -> None:
    """Zero of any of them."""
    good: dict[str, Any] = {"risk_aversion": 0.1, "fill_decay": 1.5, "max_inventory": 5, "size": 1}
    with pytest.raises(InvalidParameterError, match=name):
        AvellanedaStoikovInfiniteHorizon(**(good | {name: 0}))
