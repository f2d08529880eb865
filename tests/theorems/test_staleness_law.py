"""O-51: what separates a pool from a maker on one path is re-quoting.

At equal depth, spread and latency the pool keeps losing to a price it left behind, LVR / (1 + eta g), and the maker
only to the last move, LVR e^(-eta g).
"""

import math

import pytest
from blocks import CAPITAL, LIQUIDITY, batch_estimate, block_path, blocks_of, fine_market, require_within

from amm.closed_form.fees_and_blocks import arbitrage_loss_rate, log_half_spread
from compare.clocks import SECOND_NS, Clocks
from compare.curve import RequotedCurve
from compare.liquidity_provider import LiquidityProvider
from compare.market_maker import MarketMaker
from compare.result import Comparison
from compare.run import replay
from compare.staleness import passive_share, requoting_share, simulate_staleness

FEE = 500
HALF_SPREAD = log_half_spread(FEE / 10**6)
ETA_G_2 = math.sqrt(2)
"""Half-spread over the deviation of a block at which eta g is 2."""
REFERENCE = HALF_SPREAD / (0.05 * math.sqrt(12 / 86_400))
"""The same for 5 bp, 12 s and 5 % a day."""


def both_sides(clocks: Clocks, relative_half_spread: float, *, blocks: int, seed: int) -> Comparison:
    """A full-range pool and a maker who quotes the same liquidity anew after every block, without takers."""
    deviation = HALF_SPREAD / relative_half_spread
    path = block_path(clocks, blocks, deviation, seed)
    market, nobody = fine_market(path)
    units = 10 ** (market.instrument.base_decimals + market.instrument.quote_decimals)
    step = deviation / math.sqrt(2)  # a level each 1 / eta, for fifteen of them: beyond lie 3e-7 of the moves
    strategy = RequotedCurve.of(
        market,
        int(LIQUIDITY * math.sqrt(units)),
        price=int(path.ticks[0]),
        step_pips=round(step * 10**6),
        levels=int(6 * math.sqrt(2 * blocks)) + 30,
        fee_pips=FEE,
        shown=15,
    )
    sides: list[LiquidityProvider | MarketMaker] = [LiquidityProvider("full", FEE), MarketMaker(strategy)]
    return replay(path, nobody, sides, capital=CAPITAL, market=market, clocks=clocks, samples=2)


@pytest.mark.parametrize("random_looks", [True, False])
@pytest.mark.parametrize("relative_half_spread", [0.5, REFERENCE, ETA_G_2, 2.5])
def test_o51_both_laws_within_three_standard_errors(relative_half_spread: float, *, random_looks: bool) -> None:
    """A million looks in floats: pool, maker, and (O-15) how often there is a trade, at random and at fixed times."""
    found = simulate_staleness(relative_half_spread, random_looks=random_looks, runs=200, looks=5_000, seed=51)
    require_within(found.passive, passive_share(relative_half_spread, random_looks=random_looks))
    require_within(found.requoting, requoting_share(relative_half_spread, random_looks=random_looks))
    if random_looks:
        require_within(found.trade_probability, 1 / (1 + math.sqrt(2) * relative_half_spread))


@pytest.mark.parametrize(
    ("relative_half_spread", "clock_seed"),
    [(ETA_G_2, 1), (REFERENCE, None)],
    ids=["Poisson blocks, eta g = 2", "fixed blocks of 12 s"],
)
def test_o51_both_laws_on_the_exact_pool_and_book(relative_half_spread: float, clock_seed: int | None) -> None:
    """20 000 blocks of the replay itself, pool and book, each within three standard errors of its law.

    The standard errors are some 3 % of the pool's loss and 5 % of the maker's. Losses are divided block by block by
    the value of the liquidity, so that the wandering price plays no part. The maker's levels stand at fixed prices:
    where the fair price comes to lie between two of them is uniform, so their width does not shift the mean.
    """
    clocks = Clocks(SECOND_NS, SECOND_NS, seed=clock_seed)
    random = clock_seed is not None
    result = both_sides(clocks, relative_half_spread, blocks=20_000, seed=7)
    variance = (HALF_SPREAD / relative_half_spread) ** 2
    # Exact at random times (O-16, and its twin without memory); at fixed times the limit of small moves.
    exact = arbitrage_loss_rate(math.sqrt(variance), 1.0, HALF_SPREAD, fee_on_input=True)
    pool_law = exact if random else variance / 8 * passive_share(relative_half_spread, random_looks=False)
    correction = 1 - variance / 8 if random else 1
    maker_law = variance / 8 * requoting_share(relative_half_spread, random_looks=random) / correction
    pool, maker = (blocks_of(result, name) for name in ("liquidity provider", "market maker"))
    require_within(batch_estimate(pool.loss), pool_law)
    require_within(batch_estimate(maker.loss), maker_law)
    assert sum(maker.loss) < 0.6 * sum(pool.loss)


def test_s71_without_latency_a_maker_loses_next_to_nothing() -> None:
    """0.1 s, 5 bp and 5 % a day: 1.9e-6 of LVR, where a pool on the same clock still loses 7 % of it."""
    relative = HALF_SPREAD / (0.05 * math.sqrt(0.1 / 86_400))
    assert requoting_share(relative) == pytest.approx(1.95e-6, abs=5e-9)
    assert passive_share(relative) == pytest.approx(0.0707, abs=5e-5)


def test_s71_whoever_refreshes_first_is_never_picked_off() -> None:
    """The race decides: on the same path and clocks a maker who moves before the arbitrageur has no trade at all."""
    first, second = (
        both_sides(Clocks(SECOND_NS, SECOND_NS, arbitrageur_first=one), 1.0, blocks=200, seed=1)
        for one in (True, False)
    )
    assert first["market maker"].trades
    assert not second["market maker"].trades
    assert second["market maker"].beyond_hodl == 0
    assert first["liquidity provider"].beyond_hodl == second["liquidity provider"].beyond_hodl
