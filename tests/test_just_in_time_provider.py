"""A just-in-time provider at work in a replay."""

import pytest
from worlds import gbm, market_of, poisson

from compare.errors import InputError
from compare.just_in_time_provider import JustInTime
from compare.liquidity_provider import LiquidityProvider
from compare.provider_book import FlowKind
from compare.run import replay
from compare.venue import SELL, TakerOrder, all_in_limit
from compare.world import Mode, Provider, open_worlds


def test_an_order_with_a_bundle_is_not_filled_twice() -> None:
    """Routed over two pools, an order trades at most its size, whoever minted around it."""
    path = gbm()
    market = market_of(path)
    tape = poisson(path, market, mean_size=20)
    sides: list[Provider] = [LiquidityProvider("20%", 3_000), LiquidityProvider("20%", 500, name="other"), JustInTime()]
    result = replay(path, tape, sides, capital=1_000_000, market=market, mode=Mode.ROUTED)
    assert result["just-in-time provider"].book.sums.trades[FlowKind.NOISE] > 10
    sizes = dict(zip(tape.uid.tolist(), tape.lots.tolist(), strict=True))
    traded = dict.fromkeys(sizes, 0)
    for trade in result.worlds[0].trades:
        if trade.kind is FlowKind.NOISE:
            traded[trade.uid] += abs(trade.taker.base)
    assert all(base <= market.base_units(sizes[uid]) for uid, base in traded.items())


def test_a_venue_says_what_the_taker_traded_not_what_was_hedged() -> None:
    """The last trade after a bundle is its holder's own hedge, which is smaller than the order."""
    path = gbm()
    market = market_of(path)
    sides: list[Provider] = [LiquidityProvider("20%", 3_000), JustInTime(capital_share=1)]
    fair = int(path.ticks[0])
    (world,) = open_worlds(sides, Mode.PARALLEL, market, fair, capital=10**6 * market.wealth_units_per_quote, gas=0)
    (venue,) = world.venues
    base = 10**18
    order = TakerOrder(0, SELL, base, all_in_limit(SELL, 10**5, fair), FlowKind.NOISE, 0)
    assert venue.take(order, fair) == base
    swap, hedge = world.ledger.trades
    assert (swap.kind, hedge.kind) == (FlowKind.NOISE, FlowKind.UPKEEP)
    assert 0 < abs(hedge.taker.base) < base == abs(swap.taker.base)


@pytest.mark.parametrize(
    ("key", "value"), [("gas", -1.0), ("visibility", 1.1), ("capital_share", 0.0), ("gas", float("nan"))]
)
def test_numbers_out_of_range_are_refused(key: str, value: float) -> None:
    """A setting that makes no sense is refused by name."""
    with pytest.raises(InputError, match=key):
        JustInTime(**{key: value})  # type: ignore[arg-type] # one of its floats


def test_a_swap_that_takes_everything_is_not_wrapped() -> None:
    """A seller at any price pushes a narrow pool to the last tick there is: no range covers that, so none is minted."""
    path = gbm()
    market = market_of(path)
    sides: list[Provider] = [LiquidityProvider("0.3%", 3_000), JustInTime()]
    fair = int(path.ticks[0])
    (world,) = open_worlds(sides, Mode.PARALLEL, market, fair, capital=10**6 * market.wealth_units_per_quote, gas=0)
    (venue,) = world.venues
    base = 10**24
    order = TakerOrder(0, SELL, base, all_in_limit(SELL, 10**6, fair), FlowKind.NOISE, 0)
    assert 0 < venue.take(order, fair) < base
    assert [trade.kind for trade in world.ledger.trades] == [FlowKind.NOISE]
    world.ledger.audit(world.withdrawable())
