"""Small comparisons for tests: a path, a tape, a market, two providers."""

from fractions import Fraction

from hypothesis import strategies as st

from compare.clocks import SECOND_NS, Clocks
from compare.liquidity_provider import LiquidityProvider
from compare.market import Market
from compare.market_maker import MarketMaker
from compare.paths import PricePath
from compare.result import Comparison
from compare.run import replay
from compare.tape import TakerTape
from compare.world import Provider
from orderbook import FeeSchedule, ProportionalSpread


def gbm(seed: int = 7, *, hours: float = 2, volatility: float = 0.8, price: float = 2_000) -> PricePath:
    return PricePath.gbm(price=price, volatility=volatility, days=hours / 24, step="12s", seed=seed)


def market_of(path: PricePath, *, base_is_token0: bool = True) -> Market:
    return Market.from_tick_size(path.tick_size, int(path.ticks[0]) * path.tick_size, base_is_token0=base_is_token0)


def poisson(path: PricePath, market: Market, seed: int = 8, *, rate: str = "300/h", mean_size: float = 1) -> TakerTape:
    return TakerTape.poisson(
        path, rate=rate, mean_size=mean_size, lot_size=market.lot_size, mean_tolerance_bps=15, seed=seed
    )


def providers(
    *, price_range: str = "5%", fee: int = 500, half_spread_pips: int = 500, rebate: int = 100, taker_fee: int = 200
) -> list[Provider]:
    return [
        LiquidityProvider(price_range, fee),
        MarketMaker(ProportionalSpread(half_spread_pips, 3_000), FeeSchedule(rebate, taker_fee)),
    ]


def run(seed: int = 7, *, base_is_token0: bool = True, gas: Fraction | int = 0, capital: int = 200_000) -> Comparison:
    path = gbm(seed)
    market = market_of(path, base_is_token0=base_is_token0)
    tape = poisson(path, market, seed + 1)
    return replay(path, tape, providers(), market=market, capital=capital, gas=gas, samples=20)


CLOCKS = st.builds(
    Clocks,
    st.integers(1, 120).map(lambda seconds: seconds * SECOND_NS),
    st.integers(1, 120).map(lambda seconds: seconds * SECOND_NS),
    st.booleans(),
)
