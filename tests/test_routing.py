"""Routing: no other split of an order costs its taker less."""

from collections.abc import Sequence

from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import gbm, market_of

from compare.liquidity_provider import LiquidityProvider
from compare.market_maker import MarketMaker
from compare.pair_venue import PairLiquidityProvider
from compare.provider_book import FlowKind
from compare.routing import split
from compare.venue import BUY, SELL, TakerOrder, Venue, all_in_limit
from compare.world import Mode, Provider, World, open_worlds
from orderbook import FeeSchedule, ProportionalSpread

FAIR = 2_000_000
SLICES = 24


def shared_world(sides: Sequence[Provider]) -> World:
    """Return a small shared world whose makers have just quoted."""
    market = market_of(gbm())
    capital = 50_000 * market.wealth_units_per_quote
    (world,) = open_worlds(sides, Mode.ROUTED, market, FAIR, capital=capital, gas=0)
    for venue in world.venues:
        venue.refresh(0, FAIR)
    return world


def sides() -> list[Provider]:
    return [
        LiquidityProvider("20%", 500),
        LiquidityProvider("5%", 3_000, name="second pool"),
        PairLiquidityProvider(),
        MarketMaker(ProportionalSpread(1_200, 2_000), FeeSchedule(0, 100)),
        MarketMaker(ProportionalSpread(2_500, 3_000), FeeSchedule(0, 100), name="wide maker"),
    ]


def order_of(side: int, base: int, tolerance: int = 500_000) -> TakerOrder:
    return TakerOrder(0, side, base, all_in_limit(side, tolerance, FAIR), FlowKind.NOISE, 0)


def cost(world: World) -> int:
    """Return what takers paid beyond the fair value of what they got, wealth units."""
    market = world.ledger.market
    trades = world.ledger.trades
    return -sum(market.cash(t.taker.quote) + market.value(t.taker.base, FAIR) for t in trades)


@settings(max_examples=12)
@given(st.sampled_from([BUY, SELL]), st.integers(1, 30))
def test_no_single_venue_is_cheaper(side: int, tokens: int) -> None:
    """The split costs no more than the whole order in any one venue that can fill it."""
    base = tokens * 10**18 // 4
    routed = shared_world(sides())
    assert split(routed.venues, order_of(side, base), FAIR) == base
    for number in range(len(routed.venues)):
        single = shared_world(sides())
        venue: Venue = single.venues[number]
        if venue.fillable(order_of(side, base)) == base:
            venue.take(order_of(side, base), FAIR)
            assert cost(routed) <= cost(single)


@settings(max_examples=6)
@given(st.sampled_from([BUY, SELL]), st.integers(1, 12))
def test_brute_force_finds_nothing_cheaper(side: int, tokens: int) -> None:
    """Every split into twenty-fourths over a pool and a book costs at least as much, up to roundings of a few units."""
    base = tokens * 10**18 // 2
    two: list[Provider] = [sides()[0], sides()[3]]
    routed = shared_world(two)
    split(routed.venues, order_of(side, base), FAIR)
    slack = 4 * routed.ledger.market.cash(1)  # each venue rounds its amounts to whole units
    for part in range(SLICES + 1):
        tried = shared_world(two)
        first, second = tried.venues
        lot = tried.ledger.market.base_units(1)
        here = base * part // SLICES // lot * lot
        wanted = (here, base - here)
        taken = [
            venue.take(order_of(side, amount), FAIR) if amount else 0
            for venue, amount in zip((first, second), wanted, strict=True)
        ]
        if tuple(taken) == wanted:
            assert cost(routed) <= cost(tried) + slack


@settings(max_examples=20)
@given(st.sampled_from([BUY, SELL]), st.integers(0, 4_000))
def test_the_limit_holds_in_every_venue(side: int, tolerance: int) -> None:
    """However large the order, no venue trades beyond its all-in limit at the margin, and together they stop there."""
    world = shared_world(sides())
    order = order_of(side, 10**24, tolerance)
    together = sum(venue.fillable(order) for venue in world.venues)
    # Two swaps of a pair leave its fee inside between them, which moves its limit by the share of one last millionth.
    assert abs(split(world.venues, order, FAIR) - together) <= together // 10**9 + 2 * len(world.venues)
    assert all(venue.fillable(order) <= together // 10**9 + 10**6 for venue in world.venues)
