"""A world on rungs, in which a grid of orders and a pool's position are one strategy (O-50).

The fair price steps between prices a constant ratio apart, P_i = P_0 / (1 - fee)^(2 i), and with each step one taker
trades all the liquidity between the two.
"""

from fractions import Fraction
from itertools import accumulate, pairwise
from math import isqrt
from typing import NamedTuple

import numpy as np

from compare.clocks import SECOND_NS
from compare.curve import curve_lots
from compare.liquidity_provider import LiquidityProvider
from compare.market import Market
from compare.market_maker import MarketMaker
from compare.paths import PricePath
from compare.result import Comparison
from compare.run import replay
from compare.tape import TakerKind, TakerTape
from orderbook import Grid

PRICE = 2_000
FEE = 3_000
KEEP = Fraction(10**6 - FEE, 10**6)
CAPITAL = 10**5
TICK = Fraction(1, 10**10)
LOT = Fraction(1, 10**15)


def random_rungs(steps: int, seed: int) -> list[int]:
    """A walk of the rung's number, up or down with every step."""
    moves = np.random.default_rng(seed).choice((-1, 1), steps)
    return list(accumulate(moves.tolist(), initial=0))


def rung_price(rung: int) -> Fraction:
    return PRICE / KEEP ** (2 * rung)


class RungWorld(NamedTuple):
    """A replay on rungs.

    Attributes:
        result: Of a pool, "pool", and a grid, "grid".
        prices: Of every rung, ticks, from the lowest.
        lots: Between each two.
        rungs: The walk, as indices of prices.
    """

    result: Comparison
    prices: tuple[int, ...]
    lots: tuple[int, ...]
    rungs: list[int]


def rung_world(walk: list[int], *, base_is_token0: bool = True, pool_fee: int = FEE) -> RungWorld:
    """Replay a walk: a full-range pool beside the grid that has its liquidity between the rungs.

    Buyers ask for the lots between two rungs. Sellers bring them and the pool's fee, which is taken from what comes
    in; the grid's bid has no size for the fee. Arbitrage is priced out by its gas: these takers leave it nothing.

    Args:
        walk: Numbers of rungs, each a neighbour of the one before.
        base_is_token0: How the pool has the tokens.
        pool_fee: In pips; only the fee of the rungs makes the pool the grid.
    """
    lowest, highest = min(walk) - 1, max(walk) + 1
    prices = tuple(round(rung_price(rung) / TICK) for rung in range(lowest, highest + 1))
    rungs = [rung - lowest for rung in walk]
    times = 12 * SECOND_NS * np.arange(len(walk), dtype=np.int64)
    path = PricePath(times, np.array([prices[rung] for rung in rungs]), TICK)
    market = Market.of(path, TakerTape.empty(LOT), base_is_token0=base_is_token0)
    units = 10 ** (market.instrument.base_decimals + market.instrument.quote_decimals)
    # CAPITAL buys L = W / (2 sqrt(P)) over the whole range.
    liquidity = isqrt(CAPITAL**2 * units // (4 * PRICE))
    lots = curve_lots(market, liquidity, prices)
    sizes = [
        lots[before] if after > before else int(lots[after] / (1 - Fraction(pool_fee, 10**6)))
        for before, after in pairwise(rungs)
    ]
    count = len(sizes)
    tape = TakerTape(
        times[1:],
        np.array([1 if after > before else -1 for before, after in pairwise(rungs)], dtype=np.int8),
        np.array(sizes, dtype=np.int64),
        # Half a rung and a little: beyond the best rung of the grid, not as far as the next.
        np.full(count, max(FEE, pool_fee) + 100, dtype=np.int64),
        np.full(count, TakerKind.INFORMED, dtype=np.uint8),
        np.arange(count, dtype=np.int64),
        LOT,
    )
    grid = Grid(prices, lots, rungs[0], shown=2)
    result = replay(
        path,
        tape,
        [LiquidityProvider("full", pool_fee, name="pool", tick_spacing=60), MarketMaker(grid, name="grid")],
        capital=CAPITAL,
        market=market,
        gas=10**9,
        samples=2,
    )
    return RungWorld(result, prices, lots, rungs)
