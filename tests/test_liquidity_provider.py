"""A liquidity provider's setting: which pools there are."""

import pytest
from worlds import gbm, market_of

from compare.errors import InputError
from compare.liquidity_provider import LiquidityProvider
from compare.pool_venue import PoolVenue
from compare.world import Mode, open_worlds


def pools(mode: Mode, *providers: LiquidityProvider) -> list[PoolVenue]:
    path = gbm(hours=0.1)
    market = market_of(path)
    capital = 10**6 * market.wealth_units_per_quote
    worlds = open_worlds(providers, mode, market, int(path.ticks[0]), capital=capital, gas=0)
    return [venue for world in worlds for venue in world.venues if isinstance(venue, PoolVenue)]


def test_any_fee_goes_with_a_tick_spacing() -> None:
    """The spacing is the factory's for its fee tiers, and any fee, zero too, may have one of its own."""
    (tier,) = pools(Mode.PARALLEL, LiquidityProvider("10%", 500))
    assert (tier.pool.fee, tier.pool.tick_spacing) == (500, 10)
    (free,) = pools(Mode.PARALLEL, LiquidityProvider("10%", 0, tick_spacing=1))
    assert (free.pool.fee, free.pool.tick_spacing) == (0, 1)


def test_routed_pools_of_one_fee_and_two_spacings_are_two_venues() -> None:
    """Providers share a pool where both numbers agree, and pools have names of their own."""
    venues = pools(
        Mode.ROUTED,
        LiquidityProvider("10%", 500, name="one"),
        LiquidityProvider("20%", 500, name="two"),
        LiquidityProvider("10%", 500, tick_spacing=1, name="three"),
    )
    assert [venue.name for venue in venues] == ["pool 5 bp, spacing 1", "pool 5 bp"]
    assert [sorted(venue.withdrawable()) for venue in venues] == [["three"], ["one", "two"]]


@pytest.mark.parametrize(
    ("fee", "spacing", "words"),
    [(0, None, "no fee tier"), (-1, 1, "no fee"), (10**6, 1, "no fee"), (0, 0, "spacing"), (0, 16_384, "spacing")],
)
def test_a_pool_that_cannot_be_is_refused(fee: int, spacing: int | None, words: str) -> None:
    """A fee without a tier needs a spacing, and both stay within the contract's bounds."""
    with pytest.raises(InputError, match=words):
        LiquidityProvider("10%", fee, tick_spacing=spacing)
