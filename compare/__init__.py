"""One price path and one taker flow through a pool and an order book, booked in one ledger.

The names below are imported when they are first used, so that the command line answers at once.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from compare import charts
    from compare.capital import EqualCurve, EqualDepth, EqualEndowment
    from compare.clocks import Clocks
    from compare.curve import RequotedCurve, curve_lots
    from compare.curve_venue import CurveLiquidityProvider, PoolCurve
    from compare.errors import CompareError, InputError, LedgerError, NotCompiledError
    from compare.grid_sweep import Sweep, SweepAxis, sweep
    from compare.just_in_time_provider import JustInTime
    from compare.kept_runs import KeptRuns
    from compare.ledger import Agent, Ledger, Trade
    from compare.liquidity_provider import LiquidityProvider
    from compare.market import Market
    from compare.market_maker import MarketMaker
    from compare.modes import ModeComparison, replay_modes
    from compare.pair_venue import PairLiquidityProvider
    from compare.paths import PricePath
    from compare.price_range import PriceRange
    from compare.provider_book import Amounts, FlowKind, Identity, ProviderBook
    from compare.result import Comparison, ProviderResult
    from compare.run import replay
    from compare.scenario import Scenario
    from compare.seed_study import Estimate, Study, study
    from compare.shadow import ArbitrageSplit, replay_with_shadow, split_arbitrage, without_noise
    from compare.staleness import Staleness, passive_share, requoting_share, simulate_staleness
    from compare.stream import StreamSummary, read_stretches, summarise_stream
    from compare.summary import ProviderSummary, Summary, summarise
    from compare.tape import TakerKind, TakerTape
    from compare.tape_changes import cluster, inform, resize, split_orders
    from compare.transfers import Transfers
    from compare.world import Mode

__all__ = [
    "Agent",
    "Amounts",
    "ArbitrageSplit",
    "Clocks",
    "CompareError",
    "Comparison",
    "CurveLiquidityProvider",
    "EqualCurve",
    "EqualDepth",
    "EqualEndowment",
    "Estimate",
    "FlowKind",
    "Identity",
    "InputError",
    "JustInTime",
    "KeptRuns",
    "Ledger",
    "LedgerError",
    "LiquidityProvider",
    "Market",
    "MarketMaker",
    "Mode",
    "ModeComparison",
    "NotCompiledError",
    "PairLiquidityProvider",
    "PoolCurve",
    "PricePath",
    "PriceRange",
    "ProviderBook",
    "ProviderResult",
    "ProviderSummary",
    "RequotedCurve",
    "Scenario",
    "Staleness",
    "StreamSummary",
    "Study",
    "Summary",
    "Sweep",
    "SweepAxis",
    "TakerKind",
    "TakerTape",
    "Trade",
    "Transfers",
    "charts",
    "cluster",
    "curve_lots",
    "inform",
    "passive_share",
    "read_stretches",
    "replay",
    "replay_modes",
    "replay_with_shadow",
    "requoting_share",
    "resize",
    "simulate_staleness",
    "split_arbitrage",
    "split_orders",
    "study",
    "summarise",
    "summarise_stream",
    "sweep",
    "without_noise",
]

_MODULES = {
    "capital": ("EqualCurve", "EqualDepth", "EqualEndowment"),
    "clocks": ("Clocks",),
    "curve": ("RequotedCurve", "curve_lots"),
    "curve_venue": ("CurveLiquidityProvider", "PoolCurve"),
    "errors": ("CompareError", "InputError", "LedgerError", "NotCompiledError"),
    "grid_sweep": ("Sweep", "SweepAxis", "sweep"),
    "just_in_time_provider": ("JustInTime",),
    "kept_runs": ("KeptRuns",),
    "ledger": ("Agent", "Ledger", "Trade"),
    "liquidity_provider": ("LiquidityProvider",),
    "market": ("Market",),
    "market_maker": ("MarketMaker",),
    "modes": ("ModeComparison", "replay_modes"),
    "pair_venue": ("PairLiquidityProvider",),
    "paths": ("PricePath",),
    "price_range": ("PriceRange",),
    "provider_book": ("Amounts", "FlowKind", "Identity", "ProviderBook"),
    "result": ("Comparison", "ProviderResult"),
    "run": ("replay",),
    "scenario": ("Scenario",),
    "seed_study": ("Estimate", "Study", "study"),
    "shadow": ("ArbitrageSplit", "replay_with_shadow", "split_arbitrage", "without_noise"),
    "staleness": ("Staleness", "passive_share", "requoting_share", "simulate_staleness"),
    "stream": ("StreamSummary", "read_stretches", "summarise_stream"),
    "summary": ("ProviderSummary", "Summary", "summarise"),
    "tape": ("TakerKind", "TakerTape"),
    "tape_changes": ("cluster", "inform", "resize", "split_orders"),
    "transfers": ("Transfers",),
    "world": ("Mode",),
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
