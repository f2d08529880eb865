"""One price path and one taker flow through a pool and an order book, booked in one ledger.

The names below are imported when they are first used, so that the command line answers at once.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from compare import charts
    from compare.clocks import Clocks
    from compare.errors import CompareError, InputError, LedgerError
    from compare.ledger import Agent, FlowKind, Identity, Ledger, Trade
    from compare.liquidity_provider import LiquidityProvider
    from compare.market import Market
    from compare.market_maker import MarketMaker
    from compare.paths import PricePath
    from compare.price_range import PriceRange
    from compare.result import Comparison, VenueResult
    from compare.run import replay
    from compare.scenario import Scenario
    from compare.tape import TakerKind, TakerTape

__all__ = [
    "Agent",
    "Clocks",
    "CompareError",
    "Comparison",
    "FlowKind",
    "Identity",
    "InputError",
    "Ledger",
    "LedgerError",
    "LiquidityProvider",
    "Market",
    "MarketMaker",
    "PricePath",
    "PriceRange",
    "Scenario",
    "TakerKind",
    "TakerTape",
    "Trade",
    "VenueResult",
    "charts",
    "replay",
]

_MODULES = {
    "clocks": ("Clocks",),
    "errors": ("CompareError", "InputError", "LedgerError"),
    "ledger": ("Agent", "FlowKind", "Identity", "Ledger", "Trade"),
    "liquidity_provider": ("LiquidityProvider",),
    "market": ("Market",),
    "market_maker": ("MarketMaker",),
    "paths": ("PricePath",),
    "price_range": ("PriceRange",),
    "run": ("replay",),
    "result": ("Comparison", "VenueResult"),
    "scenario": ("Scenario",),
    "tape": ("TakerKind", "TakerTape"),
}
_HOME = {name: module for module, names in _MODULES.items() for name in names}


def __getattr__(name: str) -> object:
    """Import a public name on its first use."""
    if name == "charts":
        return import_module("compare.charts")
    if name not in _HOME:
        raise AttributeError(f"module 'compare' has no attribute {name!r}")
    found: object = getattr(import_module(f"compare.{_HOME[name]}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    """Return the public names."""
    return __all__
