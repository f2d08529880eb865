"""A price-time-priority order book in integers, and market makers that quote on it.

Prices are integer ticks, sizes integer lots, money integer units of the quote currency; an `Instrument` says what ticks
and lots are worth. Needs only the standard library.
"""

from orderbook.book import OrderBook
from orderbook.errors import OrderBookError
from orderbook.fees import FeeSchedule
from orderbook.market_maker import MarketMaker, Refresh
from orderbook.quoting import (
    GLFT,
    AvellanedaStoikov,
    AvellanedaStoikovInfiniteHorizon,
    CarteaJaimungal,
    FixedSpread,
    GLFTAsymptotic,
    MarketView,
    OptimalHalfSpread,
    ProportionalAvellanedaStoikov,
    ProportionalSpread,
    Quote,
    Quotes,
    QuotingStrategy,
    RiskAversionSchedule,
    ScheduledRiskAversion,
)
from orderbook.risk import InventoryLimits, KillSwitch
from orderbook.types import (
    DepthLevel,
    Fill,
    Instrument,
    Placement,
    PreventedTrade,
    QueuePosition,
    Rejection,
    RestingOrder,
    SelfTradePrevention,
    Side,
    TimeInForce,
)
from orderbook.withdrawals import Withdrawal, WithdrawalReason

__all__ = [
    "GLFT",
    "AvellanedaStoikov",
    "AvellanedaStoikovInfiniteHorizon",
    "CarteaJaimungal",
    "DepthLevel",
    "FeeSchedule",
    "Fill",
    "FixedSpread",
    "GLFTAsymptotic",
    "Instrument",
    "InventoryLimits",
    "KillSwitch",
    "MarketMaker",
    "MarketView",
    "OptimalHalfSpread",
    "OrderBook",
    "OrderBookError",
    "Placement",
    "PreventedTrade",
    "ProportionalAvellanedaStoikov",
    "ProportionalSpread",
    "QueuePosition",
    "Quote",
    "Quotes",
    "QuotingStrategy",
    "Refresh",
    "Rejection",
    "RestingOrder",
    "RiskAversionSchedule",
    "ScheduledRiskAversion",
    "SelfTradePrevention",
    "Side",
    "TimeInForce",
    "Withdrawal",
    "WithdrawalReason",
]
