"""What a user's own typed program looks like: a pool, a strategy and a comparison, checked by mypy in strict mode."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from amm import ArgumentError, RevertError, SwapResult, UniswapV2Pair, UniswapV3Pool
from compare import (
    Amounts,
    Comparison,
    CurveLiquidityProvider,
    LiquidityProvider,
    Market,
    MarketMaker,
    PricePath,
    TakerTape,
    replay,
)
from orderbook import (
    FeeSchedule,
    Fill,
    Instrument,
    MarketView,
    OrderBook,
    Quotes,
    QuotingStrategy,
    Side,
    quotes_outward,
)

if TYPE_CHECKING:
    import pandas as pd


@dataclass(frozen=True)
class Patient:
    """A strategy of a user's own."""

    half_spread: Fraction
    size: int

    def quote(self, view: MarketView) -> Quotes:
        """Quote around the fair price."""
        return quotes_outward(
            view.fair_price - self.half_spread, view.fair_price + self.half_spread, self.size, self.size
        )


@dataclass(frozen=True)
class ConstantSum:
    """A pool of a user's own: one price, whatever it holds."""

    price: Fraction

    def cost(self, reserves: Amounts, base: int) -> int | None:
        """Return what a taker pays, rounded up."""
        del reserves
        return -(-base * self.price.numerator // self.price.denominator)


def swap_once(pool: UniswapV3Pool) -> SwapResult | str:
    """Swap, or say why not."""
    try:
        return pool.swap(zero_for_one=True, amount_specified=10**15, sqrt_price_limit_x96=2**95)
    except RevertError as error:
        return error.reason
    except ArgumentError as error:
        return str(error)


def trade_once() -> tuple[Fill, ...]:
    """Let a taker meet a maker."""
    book = OrderBook(Instrument(18, 6, 10**15, 10), FeeSchedule(maker_rebate_pips=100, taker_fee_pips=300))
    book.limit("maker", Side.SELL, 2_000, 5)
    return book.limit("taker", Side.BUY, 2_000, 3).fills


def compare_them() -> Comparison:
    """Replay a quarter of an hour."""
    path = PricePath.constant(price=2_000, days=0.01, step="12s")
    tape = TakerTape.poisson(path, rate="600/h", mean_size=1, mean_tolerance_bps=50, seed=1)
    market = Market.of(path, tape)
    strategy: QuotingStrategy = Patient(Fraction(market.lots(1)), market.lots("2.5"))
    pool = CurveLiquidityProvider(ConstantSum(market.pool_price(int(path.ticks[0]))), fee=500)
    return replay(path, tape, [LiquidityProvider("10%", fee=500), pool, MarketMaker(strategy)], capital=100_000)


def main() -> None:
    """Do all of it, and look at every result through its type."""
    pool = UniswapV3Pool(fee=3000, tick_spacing=60)
    sqrt_price_x96: int = 2**96
    pool.initialize(sqrt_price_x96)
    amount0, amount1 = pool.mint("alice", -600, 600, 10**18)
    found = swap_once(pool)
    moved: int = found.amount0 if isinstance(found, SwapResult) else 0
    shares: int = UniswapV2Pair.from_reserves(10**9, 10**9).total_supply
    result = compare_them()
    frame: pd.DataFrame = result.to_frame()
    earned: dict[str, float] = {one.name: result.market.quote_float(one.beyond_hodl) for one in result.providers}
    residuals: list[int] = [identity.residual for one in result.providers for identity in one.identities]
    if any(residuals) or moved <= 0 or amount0 + amount1 <= 0 or len(frame.columns) != len(earned) or shares < 0:
        raise SystemExit("something is not as it should be")
    for fill in trade_once():
        price: int = fill.price
        print(price, fill.size, earned)  # noqa: T201 - a program of a user's own prints


if __name__ == "__main__":
    main()
