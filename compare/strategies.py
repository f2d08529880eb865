"""A maker's strategy from what a person says: money and basis points in, ticks and lots out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from compare.durations import NS_PER_SECOND, rate_per_ns
from compare.errors import InputError
from orderbook import (
    GLFT,
    AvellanedaStoikov,
    AvellanedaStoikovInfiniteHorizon,
    GLFTAsymptotic,
    ProportionalAvellanedaStoikov,
    ProportionalSpread,
    QuotingStrategy,
)
from orderbook.quoting.avellaneda_stoikov import volatility_from_annual

if TYPE_CHECKING:
    from compare.market import Market
    from compare.paths import PricePath
    from compare.sections import Maker

_PIPS_PER_BPS = 100
_QUOTE_SHARE = 200  # a quote is this fraction of the capital by default,
_INVENTORY_SHARE = 4  # and the bound on the inventory this one


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a strategy's parameters are taken from where they are not given.

    Attributes:
        path: The fair price: its volatility, its first price and its end.
        market: Units.
        capital: Quote tokens, borrowed ones included.
        tolerance_bps: Mean cost that takers tolerate, basis points: their flow thins out by e over it.
        rate: Taker orders, both sides together, such as "60/h".
    """

    path: PricePath
    market: Market
    capital: float
    tolerance_bps: float
    rate: str

    @property
    def first_price(self) -> float:
        """The first fair price, quote per base."""
        return float(self.path.prices[0])


def build_strategy(maker: Maker, around: Surroundings) -> QuotingStrategy:
    """Return the strategy a scenario names.

    What is not given is taken from the run: the volatility is the path's own, the fill decay is the one with which the
    takers' tolerance falls off, half of the orders arrive on each side, one quote is one two-hundredth of the capital,
    and the risk aversion skews by one fill distance for a quarter of the capital held over half of the path.

    Raises:
        InputError: A quote is less than one lot, or a parameter makes no sense.
    """
    lots = _lots(maker.quote_value, _QUOTE_SHARE, around, "maker.quote_value")
    if maker.strategy == "fixed-spread":
        return ProportionalSpread(half_spread_pips=_pips(maker.half_spread_bps), size=lots)
    paper = AvellanedaStoikov.in_currency(
        around.market.instrument,
        risk_aversion=_risk_aversion(maker, around),
        volatility=_deviation(maker, around),
        fill_decay=_fill_decay(maker, around),
        horizon_ns=around.path.end_ns,
        size=lots,
    )
    if maker.strategy == "avellaneda-stoikov":
        return paper
    if maker.strategy == "avellaneda-stoikov-proportional":
        return _proportional(paper, int(around.path.ticks[0]))
    most = (
        max(_lots(maker.max_inventory_value, _INVENTORY_SHARE, around, "maker.max_inventory_value") // lots, 1) * lots
    )
    if maker.strategy == "avellaneda-stoikov-infinite":
        return AvellanedaStoikovInfiniteHorizon(
            risk_aversion=paper.risk_aversion, fill_decay=paper.fill_decay, max_inventory=most, size=lots
        )
    intensity = float(rate_per_ns(maker.arrival_rate or around.rate, key="maker.arrival_rate")) * NS_PER_SECOND / 2
    if maker.strategy == "glft-asymptotic":
        return GLFTAsymptotic(
            risk_aversion=paper.risk_aversion,
            volatility=paper.volatility,
            fill_decay=paper.fill_decay,
            arrival_intensity=intensity,
            size=lots,
        )
    return GLFT(
        risk_aversion=paper.risk_aversion,
        volatility=paper.volatility,
        fill_decay=paper.fill_decay,
        arrival_intensity=intensity,
        horizon_ns=paper.horizon_ns,
        max_inventory=most,
        size=lots,
    )


def _proportional(strategy: AvellanedaStoikov, fair_ticks: int) -> ProportionalAvellanedaStoikov:
    """Return the strategy whose parameters are these at one fair price, and scale with it."""
    return ProportionalAvellanedaStoikov(
        risk_aversion=strategy.risk_aversion,
        relative_volatility=strategy.volatility / fair_ticks,
        relative_fill_decay=strategy.fill_decay * fair_ticks,
        horizon_ns=strategy.horizon_ns,
        size=strategy.size,
    )


def _deviation(maker: Maker, around: Surroundings) -> float:
    """Return the volatility as quote per base and root second."""
    annual = maker.volatility if maker.volatility is not None else around.path.realised_volatility()
    return volatility_from_annual(around.first_price, annual)


def _fill_decay(maker: Maker, around: Surroundings) -> float:
    """Return the fill decay per quote token of distance."""
    return maker.fill_decay or 1e4 / (around.tolerance_bps * around.first_price)


def _risk_aversion(maker: Maker, around: Surroundings) -> float:
    """Return the risk aversion per quote token; the skew is inventory * risk aversion * variance left."""
    if maker.risk_aversion is not None:
        return maker.risk_aversion
    decay = _fill_decay(maker, around)
    variance = _deviation(maker, around) ** 2 * around.path.duration_ns / (2 * NS_PER_SECOND)
    inventory = around.capital / _INVENTORY_SHARE / around.first_price
    return 1 / (decay * inventory * variance) if variance else decay / inventory


def _lots(value: float | None, share: int, around: Surroundings, key: str) -> int:
    """Return what so many quote tokens buy at the first price, in whole lots."""
    worth = value if value is not None else around.capital / share
    lot_value = float(around.market.lot_size) * around.first_price
    lots = int(worth / lot_value)
    if lots < 1:
        raise InputError(f"{worth:g} is less than one lot", place=key, remedy=f"one lot is worth {lot_value:g}")
    return lots


def _pips(bps: float) -> int:
    pips = round(bps * _PIPS_PER_BPS)
    if pips < 1:
        problem = f"{bps} base points is less than one pip"
        raise InputError(problem, place="maker.half_spread_bps", remedy="0.01 base points is the least")
    return pips
