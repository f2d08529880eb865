"""One price path and one taker flow through every venue."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple, TypedDict

from compare.capital import EqualEndowment
from compare.clocks import Clocks, Event, Timeline
from compare.errors import InputError
from compare.market import Market
from compare.market_maker import MarketMaker
from compare.price_range import require_pool_prices
from compare.provider_book import FlowKind
from compare.result import Comparison, ProviderResult, Sample
from compare.routing import matched, split
from compare.tape import TakerKind
from compare.venue import TakerOrder, all_in_limit
from compare.world import Mode, Provider, World, open_worlds

if TYPE_CHECKING:
    from compare.capital import CapitalRule
    from compare.paths import PricePath
    from compare.tape import TakerTape

Progress = Callable[[int, int], None]

_FLOW = {TakerKind.NOISE: FlowKind.NOISE, TakerKind.INFORMED: FlowKind.INFORMED}
_REPORT_EVERY = 2_048  # events between two reports of progress


class ReplayOptions(TypedDict, total=False):
    """The options of `replay` that other functions hand on to it, as it describes them."""

    mode: Mode | str
    market: Market | None
    clocks: Clocks | None
    gas: Fraction | int | str
    rule: CapitalRule | None
    leverage: Fraction | int | str
    samples: int
    progress: Progress | None


def replay(
    path: PricePath,
    tape: TakerTape,
    providers: Sequence[Provider],
    *,
    capital: Fraction | int | str,
    mode: Mode | str = Mode.PARALLEL,
    market: Market | None = None,
    clocks: Clocks | None = None,
    gas: Fraction | int | str = 0,
    rule: CapitalRule | None = None,
    leverage: Fraction | int | str = 1,
    samples: int = 600,
    progress: Progress | None = None,
) -> Comparison:
    """Replay one path and one tape through the venues of every provider.

    All providers start with the same capital; with one liquidity provider, the makers also start with the very tokens
    that its position holds, otherwise with half of the capital in each token. With leverage, those positions are so
    many times the capital; the rest is borrowed quote tokens, without interest, and nobody is liquidated: the lowest
    equity among the metrics says who would have been.

    Args:
        path: The fair price.
        tape: The takers, drawn before any venue runs.
        providers: Liquidity providers, market makers and just-in-time providers; their order changes nothing.
        capital: Quote tokens each provider starts with, in value.
        mode: How the takers meet the venues: parallel, routed or matched (see `Mode`).
        market: Units; its tick and lot are the path's and the tape's (default: `Market.of` both).
        clocks: When the arbitrageur and the makers act; equal clocks by default.
        gas: Quote tokens an arbitrageur pays for a swap in a pool.
        rule: What of the makers is made equal to the one liquidity provider's, beside the tokens they bring: nothing by
            default (`EqualEndowment`), the depth near the fair price (`EqualDepth`) or the whole curve (`EqualCurve`).
        leverage: Position over capital of every provider, one or more.
        samples: About how many evenly spaced points of the profit-and-loss paths to keep.
        progress: Called with (events done, events in all), once for every few thousand events.

    Returns:
        The comparison: every trade, every component, every identity.

    Raises:
        InputError: The setting makes no sense; the message names the value and the rule.
        LedgerError: An identity does not close, which is a defect of this program.
    """
    opening = prepare(
        path,
        tape,
        providers,
        capital=capital,
        mode=mode,
        market=market,
        clocks=clocks,
        gas=gas,
        rule=rule,
        leverage=leverage,
    )
    clocks, worlds, lags = opening.clocks, opening.worlds, opening.lags_ns
    timeline = Timeline.build(path, tape, clocks, samples, sorted(set(lags.values())))
    history = _live(worlds, opening.mode, timeline, tape, progress)
    results = [ProviderResult.of(name, world, history[name]) for world in worlds for name in world.ledger.providers]
    return Comparison(
        path=path,
        tape=tape,
        market=opening.market,
        clocks=clocks,
        mode=opening.mode,
        capital=opening.capital,
        gas=opening.gas,
        providers=tuple(sorted(results, key=lambda one: one.name)),
        rule=str(rule or EqualEndowment()),
        leverage=opening.leverage,
        lags_ns=lags,
    )


class Opening(NamedTuple):
    """A setting that makes sense, its worlds open and nothing yet traded.

    Attributes:
        market: Units.
        clocks: When the arbitrageur and the makers act.
        mode: How the takers meet the venues.
        capital: What each provider starts with, wealth units.
        gas: What an arbitrageur pays for a swap in a pool, quote token units.
        leverage: Position over capital.
        worlds: Every venue with its providers.
    """

    market: Market
    clocks: Clocks
    mode: Mode
    capital: int
    gas: int
    leverage: Fraction
    worlds: list[World]

    @property
    def lags_ns(self) -> dict[str, int]:
        """How late the price reaches each maker that sees it late, by name, nanoseconds."""
        settings = [setting for world in self.worlds for setting in world.settings.values()]
        makers = sorted((one for one in settings if isinstance(one, MarketMaker)), key=lambda one: one.name)
        return {one.name: one.information_lag_ns for one in makers if one.information_lag_ns}


def prepare(
    path: PricePath,
    tape: TakerTape,
    providers: Sequence[Provider],
    *,
    capital: Fraction | int | str,
    mode: Mode | str = Mode.PARALLEL,
    market: Market | None = None,
    clocks: Clocks | None = None,
    gas: Fraction | int | str = 0,
    rule: CapitalRule | None = None,
    leverage: Fraction | int | str = 1,
) -> Opening:
    """Check a setting and open its worlds; the arguments and errors are those of `replay`."""
    clocks = clocks or Clocks()
    market = market or Market.of(path, tape)
    _check_setting(path, tape, market)
    way = _mode(mode)
    wealth = _quote_units(market, "capital", capital) * market.cash(1)
    gas_units = _quote_units(market, "gas", gas, may_be_zero=True)
    times = _leverage(leverage)
    first, position = int(path.ticks[0]), wealth * times.numerator // times.denominator
    worlds = open_worlds(providers, way, market, first, capital=position, gas=gas_units, path=path, rule=rule)
    return Opening(market, clocks, way, wealth, gas_units, times, worlds)


def _check_setting(path: PricePath, tape: TakerTape, market: Market) -> None:
    if path.tick_size != market.tick_size:
        problem = f"the tick size is {market.tick_size}"
        raise InputError(problem, place="market", remedy=f"the path's is {path.tick_size}")
    if tape.lot_size != market.lot_size:
        problem = f"the lot size is {market.lot_size}"
        raise InputError(problem, place="market", remedy=f"the tape's is {tape.lot_size}")
    if len(tape) and not path.time_ns[0] <= tape.time_ns[0] <= tape.time_ns[-1] <= path.time_ns[-1]:
        raise InputError("an order lies outside the path", place="tape", remedy="draw the tape on this path")
    require_pool_prices(market, path)


def _mode(mode: Mode | str) -> Mode:
    try:
        return Mode(mode)
    except ValueError:
        raise InputError(f"{mode!r} is no mode", place="mode", remedy=f"use one of {', '.join(Mode)}") from None


def _quote_units(market: Market, name: str, amount: Fraction | int | str, *, may_be_zero: bool = False) -> int:
    """Return quote tokens as units, rounded down."""
    try:
        exact = Fraction(amount)
    except (ValueError, ZeroDivisionError) as error:
        remedy = "give a number of quote tokens"
        raise InputError(f"{amount!r} is no amount", place=name, remedy=remedy) from error
    units = int(exact * int(10**market.instrument.quote_decimals))
    if units < 0 or (units == 0 and not may_be_zero):
        remedy = "zero or more" if may_be_zero else "more than zero"
        raise InputError(f"{amount} is no amount", place=name, remedy=f"give {remedy} quote tokens")
    return units


def _leverage(leverage: Fraction | int | str) -> Fraction:
    """Return position over capital as a fraction."""
    try:
        exact = Fraction(leverage)
    except (ValueError, ZeroDivisionError):
        exact = Fraction(0)
    if exact < 1:
        raise InputError(f"{leverage!r} is no leverage", place="leverage", remedy="give 1 or more")
    return exact


def _live(
    worlds: list[World], mode: Mode, timeline: Timeline, tape: TakerTape, progress: Progress | None
) -> dict[str, list[Sample]]:
    """Live through every event in every world, and return each provider's samples."""
    history: dict[str, list[Sample]] = {name: [] for world in worlds for name in world.ledger.providers}
    venues = [venue for world in worlds for venue in world.venues]
    meet = _flow_of(mode, worlds)
    orders = _Orders(tape, worlds[0].ledger.market)
    columns = (timeline.time_ns, timeline.event, timeline.number, timeline.fair_ticks)
    for done, (time_ns, event, number, fair) in enumerate(zip(*(c.tolist() for c in columns), strict=True)):
        if event == Event.ARBITRAGE:
            for venue in venues:
                venue.arbitrage(time_ns, fair)
        elif event == Event.REFRESH:
            for venue in venues:
                venue.refresh(time_ns, fair)
        elif event == Event.ORDER:
            meet(orders.order(number, fair), fair)
        else:
            for world in worlds:
                _sample(world, time_ns, fair, history)
        if progress is not None and done % _REPORT_EVERY == 0:
            progress(done, len(timeline))
    if progress is not None:
        progress(len(timeline), len(timeline))
    return history


class _Orders:
    """The tape's orders as venues see them."""

    def __init__(self, tape: TakerTape, market: Market) -> None:
        self.market = market
        columns = (tape.time_ns, tape.side, tape.lots, tape.tolerance_pips, tape.kind, tape.uid)
        self._rows = list(zip(*(column.tolist() for column in columns), strict=True))

    def order(self, number: int, fair_ticks: int) -> TakerOrder:
        """Return one order, limited by its tolerance of the fair price at its time."""
        time_ns, side, lots, tolerance, kind, uid = self._rows[number]
        limit = all_in_limit(side, tolerance, fair_ticks)
        return TakerOrder(time_ns, side, self.market.base_units(lots), limit, _FLOW[kind], uid)


def _flow_of(mode: Mode, worlds: list[World]) -> Callable[[TakerOrder, int], None]:
    """Return how an order meets the venues in a mode."""
    venues = [venue for world in worlds for venue in world.venues]
    unit = worlds[0].ledger.market.base_units(1)

    def parallel(order: TakerOrder, fair_ticks: int) -> None:
        for venue in venues:
            venue.take(order, fair_ticks)

    def routed(order: TakerOrder, fair_ticks: int) -> None:
        split(venues, order, fair_ticks)

    def volume_matched(order: TakerOrder, fair_ticks: int) -> None:
        common = matched(venues, order, unit)
        if common.base:
            parallel(common, fair_ticks)

    return {Mode.PARALLEL: parallel, Mode.ROUTED: routed, Mode.MATCHED: volume_matched}[mode]


def _sample(world: World, time_ns: int, fair_ticks: int, history: dict[str, list[Sample]]) -> None:
    """Audit a world's books and keep a sample of each provider."""
    world.ledger.mark(fair_ticks)
    world.ledger.audit(world.withdrawable())
    for venue in world.venues:
        for name in venue.withdrawable():
            history[name].append(Sample.of(time_ns, world.ledger.providers[name], venue))
