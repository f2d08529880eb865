"""What the compiled comparison can do, told before it is tried."""

from __future__ import annotations

from dataclasses import MISSING, fields
from typing import TYPE_CHECKING, Any

from compare._compiled.strategies import FIXED_SPREAD, PROPORTIONAL_SPREAD, in_numbers
from compare.book_venue import BookVenue
from compare.clocks import Clocks
from compare.just_in_time_provider import JustInTime
from compare.liquidity_provider import LiquidityProvider
from compare.market_maker import MarketMaker
from compare.pair_venue import PairVenue
from compare.pool_venue import PoolVenue
from compare.venue import PIPS
from compare.world import Mode

if TYPE_CHECKING:
    from collections.abc import Collection

    from compare.market import Market
    from compare.paths import PricePath
    from compare.run import Opening
    from compare.tape import TakerTape
    from compare.world import World

_WORD = 1 << 62  # a machine word, with room for a sign and a sum of two
_EXACT = 1 << 53  # up to here a float holds every integer
_WIDE = 1 << 250  # a wide integer, with room for a sign and some sums
_MOST_OF_A_TOKEN = 1 << 128
_MOST_EVENTS = 1 << 40

# What of each setting the loops know; anything else must be as it is by default.
_KNOWN = {
    Clocks: {"block_ns", "refresh_ns", "arbitrageur_first", "seed"},
    LiquidityProvider: {"price_range", "fee", "name", "tick_spacing", "recentre", "outside_cost_bps", "gas"},
    MarketMaker: {"strategy", "fees", "limits", "name", "information_lag_ns"},
    JustInTime: {"gas", "visibility", "capital_share", "fee", "name"},
}


def why_not(opening: Opening, path: PricePath, tape: TakerTape) -> str | None:
    """Return what of a setting the compiled comparison cannot do, in a few words; None where it can do everything."""
    if opening.mode is not Mode.PARALLEL:
        return f"the mode {opening.mode.value}"
    reasons = [_beyond(opening.clocks, "clocks"), *(_world(world) for world in opening.worlds)]
    lots = int(tape.lots.sum(dtype=object)) if len(tape) else 0
    return next((reason for reason in reasons if reason is not None), why_not_numbers(opening, path, tape, lots))


def why_not_numbers(opening: Opening, path: PricePath, tape: TakerTape, lots: int) -> str | None:
    """Return which number of a path and a tape, with so many lots up to its end, the loops cannot hold."""
    reasons = [_numbers(opening.market, path, tape, lots)]
    reasons += [_maker_numbers(world, path, lots) for world in opening.worlds]
    return next((reason for reason in reasons if reason is not None), None)


def _world(world: World) -> str | None:
    """Return what of one world is beyond the loops."""
    (venue,) = world.venues  # in the parallel mode
    settings = list(world.settings.values())
    if type(venue) is PoolVenue:
        if len(venue.just_in_time) > 1:
            return "more than one just-in-time provider"
        return next((beyond for one in settings if (beyond := _beyond(one, one.name)) is not None), None)
    if type(venue) is PairVenue:
        return None
    if type(venue) is BookVenue:
        (setting,) = settings
        if isinstance(setting, MarketMaker) and in_numbers(setting.strategy) is None:
            return f"the strategy {type(setting.strategy).__name__}"
        return _beyond(setting, setting.name)
    return f"a venue of the kind {type(venue).__name__}"


def _beyond(setting: Any, name: str) -> str | None:  # noqa: ANN401 - any of the dataclasses that describe a run
    """Return a field that the loops do not know, if it is not as by default."""
    known: Collection[str] = _KNOWN.get(type(setting), ())
    for field in fields(setting):
        default = field.default if field.default_factory is MISSING else field.default_factory()
        if field.name not in known and getattr(setting, field.name) != default:
            return f"{field.name} = {getattr(setting, field.name)} of the {name}"
    return None


def _numbers(market: Market, path: PricePath, tape: TakerTape, lots: int) -> str | None:
    """Return which number the loops' integers cannot hold."""
    ticks = int(path.ticks.max())
    tolerance = int(tape.tolerance_pips.max()) if len(tape) else 0
    units = market.units
    base = _MOST_OF_A_TOKEN + lots * units.quote
    rules = (
        ("a time before 1970 or after 2116", path.start_ns >= 0 and path.end_ns < _WORD),
        ("a price times a tolerance of so many pips", ticks * (2 * PIPS + tolerance) < _WORD),
        ("a tape of so many lots", lots < _EXACT),
        ("wealth of so many units", max(base * ticks * units.base_tick, base * units.quote) * _MOST_EVENTS < _WIDE),
    )
    return next((name for name, right in rules if not right), None)


def _maker_numbers(world: World, path: PricePath, traded: int) -> str | None:
    """Return which number of a maker the loops' integers and floats cannot hold."""
    for setting in world.settings.values():
        if isinstance(setting, MarketMaker) and (strategy := in_numbers(setting.strategy)) is not None:
            endowment = world.ledger.providers[setting.name].endowment
            lots = endowment.base // world.ledger.market.instrument.base_units_per_lot
            spread = strategy.number in {FIXED_SPREAD, PROPORTIONAL_SPREAD}
            numerator, denominator = strategy.whole
            if lots + traded + strategy.size >= _EXACT:
                return "an inventory of so many lots"
            if spread and int(path.ticks.max()) * denominator + numerator >= _WORD:
                return "a half-spread of so many digits"
            if max(*strategy.whole, *_limits(setting), setting.information_lag_ns) >= _WORD:
                return "a horizon, a lag or an inventory limit so far away"
    return None


def _limits(maker: MarketMaker) -> tuple[int, int]:
    return (0, 0) if maker.limits is None else (maker.limits.max_long, maker.limits.max_short)
