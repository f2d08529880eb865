"""A Uniswap v2 pair as a venue: limits are exact, claims are withdrawals, and fees stay inside."""

from hypothesis import given
from hypothesis import strategies as st
from worlds import gbm, market_of, poisson

from compare.clocks import SECOND_NS
from compare.liquidity_provider import LiquidityProvider
from compare.pair_venue import PairLiquidityProvider, PairVenue
from compare.provider_book import FlowKind
from compare.run import replay
from compare.venue import BUY, SELL, TakerOrder, all_in_limit
from compare.world import Mode, Provider, open_worlds

FAIR = 2_000_000


def pair_venue(*, base_is_token0: bool = True) -> PairVenue:
    market = market_of(gbm(), base_is_token0=base_is_token0)
    capital = 10**6 * market.wealth_units_per_quote
    (world,) = open_worlds([PairLiquidityProvider()], Mode.PARALLEL, market, FAIR, capital=capital, gas=0)
    (venue,) = world.venues
    assert isinstance(venue, PairVenue)
    return venue


@given(st.booleans(), st.sampled_from([BUY, SELL]), st.integers(3_000, 40_000))
def test_an_order_stops_where_its_next_unit_would_cost_too_much(
    base_is_token0: bool, side: int, tolerance: int
) -> None:
    """What an order may trade ends where one more slice costs more, all in, than its limit, and not a slice before."""
    venue = pair_venue(base_is_token0=base_is_token0)
    limit = all_in_limit(side, tolerance, FAIR)
    order = TakerOrder(0, side, 10**30, limit, FlowKind.NOISE, 0)
    most = venue.fillable(order)
    slice_ = 10**12  # a millionth of a token: far above a rounding, far below any depth

    def cost(base: int) -> int:
        zero_for_one = (side == BUY) != base_is_token0
        pair = venue.pair
        return (
            pair.quote_exact_output(zero_for_one, base) if side == BUY else pair.quote_exact_input(zero_for_one, base)
        )

    spec = venue.market.instrument
    if most > slice_:
        # Quote units of a slice at the limit, in millionths: both slices lie within two roundings of it.
        at_limit = limit * spec.quote_units_per_tick_lot * slice_ // spec.base_units_per_lot
        inside, outside = cost(most) - cost(most - slice_), cost(most + slice_) - cost(most)
        assert (inside * 10**6 - at_limit) * side <= 2 * 10**6
        assert (outside * 10**6 - at_limit) * side >= -2 * 10**6


@given(st.lists(st.integers(1_500_000, 2_500_000), min_size=1, max_size=5))
def test_arbitrage_leaves_the_fair_price_inside_the_band(prices: list[int]) -> None:
    """After the best trade, the fair price lies within the pair's marginal prices after fees."""
    venue = pair_venue()
    for seconds, fair_ticks in enumerate(prices):
        venue.arbitrage(seconds * SECOND_NS, fair_ticks)
        bid, ask = venue.touch()
        fair = venue.market.price_float(fair_ticks)
        assert bid is not None
        assert ask is not None
        assert bid * (1 - 1e-6) <= fair <= ask * (1 + 1e-6)


def test_a_pair_beside_a_full_range_pool() -> None:
    """A pair and a v3 pool of the full range at the same fee, on one flow: nearly the same outcome, books closed.

    The pair keeps its fees in the reserves, so it is a little deeper as time goes on.
    """
    path = gbm()
    market = market_of(path)
    sides: list[Provider] = [PairLiquidityProvider(), LiquidityProvider("full", 3_000)]
    result = replay(path, poisson(path, market, mean_size=3), sides, capital=1_000_000, market=market)
    pair, pool = result["pair liquidity provider"].book, result["liquidity provider"].book
    assert pair.sums.trades[FlowKind.NOISE] == pool.sums.trades[FlowKind.NOISE] > 50
    assert abs(pair.fee_value() - pool.fee_value()) < pool.fee_value() / 100
    assert abs(pair.impermanent_loss() - pool.impermanent_loss()) < pool.fee_value() / 100


def test_several_providers_share_a_pair() -> None:
    """Routed, two providers of one pair earn fees by their shares, and all books close."""
    path = gbm()
    market = market_of(path)
    sides = [PairLiquidityProvider("one"), PairLiquidityProvider("two")]
    result = replay(path, poisson(path, market), sides, capital=500_000, market=market, mode=Mode.ROUTED)
    one, two = result["one"].book, result["two"].book
    assert abs(one.beyond_hodl() - two.beyond_hodl()) < market.wealth_units_per_quote
    assert all(identity.residual == 0 for provider in result.providers for identity in provider.identities)
