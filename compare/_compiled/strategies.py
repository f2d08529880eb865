"""The strategies the compiled comparison knows, as numbers; no compiler is needed to tell them.

Each has a number, two integer parameters (`whole`) and three floats (`real`):

| strategy | whole | real |
|---|---|---|
| PROPORTIONAL_SPREAD | half-spread in pips, 1 | |
| FIXED_SPREAD | half-spread in ticks as numerator, denominator | |
| AVELLANEDA_STOIKOV | horizon in nanoseconds, 1 | risk aversion of a lot, volatility, fill decay, in ticks |
| PROPORTIONAL_AVELLANEDA_STOIKOV | the same | the same, the last two relative to the price |
| INFINITE_AVELLANEDA_STOIKOV | largest inventory in lots, 1 | risk aversion of a quote, margin, discount rate |
| GLFT_ASYMPTOTIC | 0, 1 | depth, skew of a quote, inventory without skew in quotes |
| TABULATED | horizon in nanoseconds, largest inventory in lots | margin, fill decay |

TABULATED are the strategies whose quotes are made of `InventoryValues`: GLFT, and Cartea and Jaimungal's.
"""

from collections.abc import Callable
from fractions import Fraction
from typing import Any, NamedTuple

from orderbook import (
    GLFT,
    AvellanedaStoikov,
    AvellanedaStoikovInfiniteHorizon,
    CarteaJaimungal,
    FixedSpread,
    GLFTAsymptotic,
    ProportionalAvellanedaStoikov,
    ProportionalSpread,
    QuotingStrategy,
)
from orderbook.quoting.avellaneda_stoikov import bounding_discount_rate, liquidity_half_spread

(
    PROPORTIONAL_SPREAD,
    FIXED_SPREAD,
    AVELLANEDA_STOIKOV,
    PROPORTIONAL_AVELLANEDA_STOIKOV,
    INFINITE_AVELLANEDA_STOIKOV,
    GLFT_ASYMPTOTIC,
    TABULATED,
) = range(7)


class Strategy(NamedTuple):
    """A strategy's number, lots of a quote, parameters as the table above has them, and the address of its VALUES."""

    number: int
    size: int
    whole: tuple[int, int]
    real: tuple[float, float, float] = (0.0, 0.0, 0.0)
    values: int = 0


def in_numbers(strategy: QuotingStrategy) -> Strategy | None:
    """Return a strategy as the loops take it; None for one they do not know, a subclass of a known one included."""
    convert = _IN_NUMBERS.get(type(strategy))
    return None if convert is None else convert(strategy)


def _proportional_spread(strategy: ProportionalSpread) -> Strategy:
    return Strategy(PROPORTIONAL_SPREAD, strategy.size, (strategy.half_spread_pips, 1))


def _fixed_spread(strategy: FixedSpread) -> Strategy:
    half = Fraction(strategy.half_spread_ticks)
    return Strategy(FIXED_SPREAD, strategy.size, (half.numerator, half.denominator))


def _avellaneda_stoikov(strategy: AvellanedaStoikov) -> Strategy:
    real = float(strategy.risk_aversion), float(strategy.volatility), float(strategy.fill_decay)
    return Strategy(AVELLANEDA_STOIKOV, strategy.size, (strategy.horizon_ns, 1), real)


def _proportional(strategy: ProportionalAvellanedaStoikov) -> Strategy:
    relative = float(strategy.relative_volatility), float(strategy.relative_fill_decay)
    real = float(strategy.risk_aversion), *relative
    return Strategy(PROPORTIONAL_AVELLANEDA_STOIKOV, strategy.size, (strategy.horizon_ns, 1), real)


def _infinite(strategy: AvellanedaStoikovInfiniteHorizon) -> Strategy:
    """Return the parameters that do not change from view to view, worked out as the strategy does."""
    unit = strategy.risk_aversion * strategy.size
    rate = bounding_discount_rate(
        risk_aversion=unit, volatility=1.0, max_inventory=strategy.max_inventory / strategy.size
    )
    margin = liquidity_half_spread(risk_aversion=unit, fill_decay=strategy.fill_decay)
    return Strategy(INFINITE_AVELLANEDA_STOIKOV, strategy.size, (strategy.max_inventory, 1), (unit, margin, rate))


def _asymptotic(strategy: GLFTAsymptotic) -> Strategy:
    model = strategy.model()
    real = float(model.depth), float(model.skew_per_unit), float(model.inventory_without_skew)
    return Strategy(GLFT_ASYMPTOTIC, strategy.size, (0, 1), real)


def _glft(strategy: GLFT) -> Strategy:
    model, bounds = strategy.solution.model, (strategy.horizon_ns, strategy.max_inventory)
    real = float(model.half_spread_without_risk), float(model.fill_decay), 0.0
    return Strategy(TABULATED, strategy.size, bounds, real)


def _cartea_jaimungal(strategy: CarteaJaimungal) -> Strategy:
    decay, bounds = strategy.solution.fill_decay, (strategy.horizon_ns, strategy.max_inventory)
    return Strategy(TABULATED, strategy.size, bounds, (1 / decay, float(decay), 0.0))


_IN_NUMBERS: dict[type, Callable[[Any], Strategy]] = {
    ProportionalSpread: _proportional_spread,
    FixedSpread: _fixed_spread,
    AvellanedaStoikov: _avellaneda_stoikov,
    ProportionalAvellanedaStoikov: _proportional,
    AvellanedaStoikovInfiniteHorizon: _infinite,
    GLFTAsymptotic: _asymptotic,
    GLFT: _glft,
    CarteaJaimungal: _cartea_jaimungal,
}
