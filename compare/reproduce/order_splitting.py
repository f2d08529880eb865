"""Article 3's order of a thousand, whole and in ten parts: in pools, and against a market maker who leans."""

from fractions import Fraction

from amm import UniswapV2Pair
from compare.order_splitting import curve_cost, pair_proceeds, quoted_price, walked_price
from compare.reproduce.row import Progress, Published, Row, no_progress

_SOURCE = "article 3, its sizes; prices worked out"
_UNIT = 10**18
_BASE, _QUOTE, _SIZE, _PARTS = 10_000, 100_000, 1_000, 10
_MID, _HALF_SPREAD, _SKEW = 100, Fraction("0.05"), Fraction("0.0001")


def rows(paths: int = 0, seed: int = 0, progress: Progress = no_progress) -> list[Row]:  # noqa: ARG001 - same call
    """Nine prices and proceeds, all of them exact: the arguments play no part."""
    pair = UniswapV2Pair.from_reserves(_BASE * _UNIT, _QUOTE * _UNIT)

    def quoted(parts: int, recovery: Fraction = Fraction(0)) -> Fraction:
        return quoted_price(
            _MID, half_spread=_HALF_SPREAD, skew_per_unit=_SKEW, size=_SIZE, parts=parts, recovery=recovery
        )

    walked = walked_price(_MID, half_spread=_HALF_SPREAD, skew_per_unit=_SKEW, size=_SIZE)
    numbers = [
        ("a: no fee, whole", curve_cost(_BASE, _QUOTE, _SIZE, 1), "11111.11"),
        ("a: no fee, ten parts", curve_cost(_BASE, _QUOTE, _SIZE, _PARTS), "11111.11"),
        ("b: ten parts, reset between", curve_cost(_BASE, _QUOTE, _SIZE, _PARTS, restored=True), "10101.01"),
        ("c: v2 pair pays out, whole", Fraction(pair_proceeds(pair, _SIZE * _UNIT, 1), _UNIT), "9066.109"),
        ("c: v2 pair pays out, ten parts", Fraction(pair_proceeds(pair, _SIZE * _UNIT, _PARTS), _UNIT), "9065.035"),
        ("d: leaning maker, whole at its ask", quoted(1), "100.05"),
        ("d: leaning maker, ten parts", quoted(_PARTS), "100.095"),
        ("d: the same, walked", walked, "100.10"),
        ("d: ten parts, half recovers between", quoted(_PARTS, Fraction(1, 2)), "100.0580"),
    ]
    return [Row(what, _SOURCE, float(exact), Published(text)) for what, exact, text in numbers]
