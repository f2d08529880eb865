"""Quoting strategies, one a file: a market view in, levels of bids and asks out."""

from orderbook.quoting.avellaneda_stoikov import AvellanedaStoikov, AvellanedaStoikovInfiniteHorizon
from orderbook.quoting.averaging_down import AveragingDown
from orderbook.quoting.cartea_jaimungal import CarteaJaimungal
from orderbook.quoting.fixed_spread import FixedSpread, ProportionalSpread
from orderbook.quoting.glft import GLFT, GLFTAsymptotic
from orderbook.quoting.grid import Grid, Ladder
from orderbook.quoting.optimal_half_spread import OptimalHalfSpread
from orderbook.quoting.proportional_avellaneda_stoikov import ProportionalAvellanedaStoikov
from orderbook.quoting.protocol import MarketView, Quote, Quotes, QuotingStrategy, quotes_outward
from orderbook.quoting.risk_aversion_schedule import RiskAversionSchedule, ScheduledRiskAversion
from orderbook.quoting.risk_neutral import RiskNeutral
from orderbook.quoting.skew import HorizonSkew, LinearSkew, Skewed
from orderbook.quoting.three_clocks import ThreeClocks
from orderbook.quoting.volatility_regimes import RegimeThresholds, VolatilityRegime, VolatilityRegimes
from orderbook.quoting.widening import HorizonWidening, InventoryWidening, Widened

__all__ = [
    "GLFT",
    "AvellanedaStoikov",
    "AvellanedaStoikovInfiniteHorizon",
    "AveragingDown",
    "CarteaJaimungal",
    "FixedSpread",
    "GLFTAsymptotic",
    "Grid",
    "HorizonSkew",
    "HorizonWidening",
    "InventoryWidening",
    "Ladder",
    "LinearSkew",
    "MarketView",
    "OptimalHalfSpread",
    "ProportionalAvellanedaStoikov",
    "ProportionalSpread",
    "Quote",
    "Quotes",
    "QuotingStrategy",
    "RegimeThresholds",
    "RiskAversionSchedule",
    "RiskNeutral",
    "ScheduledRiskAversion",
    "Skewed",
    "ThreeClocks",
    "VolatilityRegime",
    "VolatilityRegimes",
    "Widened",
    "quotes_outward",
]
