"""However many providers there are, each is drawn."""

from worlds import gbm, market_of, poisson

from compare import charts
from compare.liquidity_provider import LiquidityProvider
from compare.run import replay


def test_no_provider_is_left_out_of_the_profit_paths() -> None:
    """Ten providers are ten lines with ten names, all in grey."""
    path = gbm(hours=0.2)
    market = market_of(path)
    sides = [LiquidityProvider(f"{width}%", 500, name=f"range {width} %") for width in range(1, 11)]
    result = replay(path, poisson(path, market), sides, capital=10_000, market=market, samples=5)
    (axes,) = charts.profit_and_loss(result).axes
    assert {line.get_label() for line in axes.lines} >= {one.name for one in result.providers}
