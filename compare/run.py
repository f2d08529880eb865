"""One price path and one taker flow through every venue, each in a world of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING

from compare.clocks import Clocks, Event, Timeline
from compare.errors import InputError
from compare.ledger import Amounts, FlowKind
from compare.liquidity_provider import LiquidityProvider
from compare.market import Market
from compare.market_maker import MarketMaker
from compare.price_range import require_pool_prices
from compare.result import Comparison, Sample, VenueResult
from compare.tape import TakerKind
from compare.venue import TakerOrder

if TYPE_CHECKING:
    from compare.paths import PricePath
    from compare.tape import TakerTape
    from compare.venue import Venue

Provider = LiquidityProvider | MarketMaker
Progress = Callable[[int, int], None]

_FLOW = {TakerKind.NOISE: FlowKind.NOISE, TakerKind.INFORMED: FlowKind.INFORMED}
_REPORT_EVERY = 2_048  # events between two reports of progress


def replay(
    path: PricePath,
    tape: TakerTape,
    providers: Sequence[Provider],
    *,
    market: Market | None = None,
    capital: Fraction | int | str,
    clocks: Clocks | None = None,
    gas: Fraction | int | str = 0,
    samples: int = 600,
    progress: Progress | None = None,
) -> Comparison:
    """Replay one path and one tape through every provider's venue, in parallel worlds.

    Each venue alone gets the whole tape. All providers start with the same capital; with one liquidity provider, the
    makers also start with the very tokens that its position holds, otherwise with half of the capital in each token.

    Args:
        path: The fair price.
        tape: The takers, drawn before any venue runs.
        providers: Liquidity providers and market makers; their order changes nothing.
        market: Units; its tick and lot are the path's and the tape's (default: `Market.of` both).
        capital: Quote tokens each provider starts with, in value.
        clocks: When the arbitrageur and the maker act; equal clocks by default.
        gas: Quote tokens an arbitrageur pays for a swap in a pool.
        samples: About how many evenly spaced points of the profit-and-loss paths to keep.
        progress: Called with (events done, events in all), once for every few thousand events.

    Returns:
        The comparison: every trade, every component, every identity.

    Raises:
        InputError: The setting makes no sense; the message names the value and the rule.
        LedgerError: An identity does not close, which is a defect of this program.
    """
    clocks = clocks or Clocks()
    market = market or Market.of(path, tape)
    _check_setting(path, tape, providers, market)
    first = int(path.ticks[0])
    wealth, gas_wealth = _wealth(market, "capital", capital), _wealth(market, "gas", gas, may_be_zero=True)
    worlds = _open(providers, market, first, wealth, gas_wealth)
    timeline = Timeline.build(path, tape, clocks, samples)
    total = len(timeline) * len(worlds)
    results = []
    for done, (provider, venue) in enumerate(worlds):
        report = _offset_report(progress, done * len(timeline), total)
        results.append(_run(provider, venue, timeline, tape, report))
    return Comparison(path, tape, market, clocks, wealth, gas_wealth, tuple(results))


def _offset_report(progress: Progress | None, offset: int, total: int) -> Callable[[int], None]:
    def report(done: int) -> None:
        if progress is not None:
            progress(offset + done, total)

    return report


def _check_setting(path: PricePath, tape: TakerTape, providers: Sequence[Provider], market: Market) -> None:
    if not providers:
        raise InputError(
            "there is no provider", place="providers", remedy="name a liquidity provider or a market maker"
        )
    names = [provider.name for provider in providers]
    if len(set(names)) < len(names):
        raise InputError(f"{', '.join(names)} are not told apart", place="providers", remedy="give each its own name")
    if path.tick_size != market.tick_size:
        problem = f"the tick size is {market.tick_size}"
        raise InputError(problem, place="market", remedy=f"the path's is {path.tick_size}")
    if tape.lot_size != market.lot_size:
        problem = f"the lot size is {market.lot_size}"
        raise InputError(problem, place="market", remedy=f"the tape's is {tape.lot_size}")
    if len(tape) and not path.time_ns[0] <= tape.time_ns[0] <= tape.time_ns[-1] <= path.time_ns[-1]:
        raise InputError("an order lies outside the path", place="tape", remedy="draw the tape on this path")
    require_pool_prices(market, path)


def _wealth(market: Market, name: str, amount: Fraction | int | str, *, may_be_zero: bool = False) -> int:
    """Return quote tokens as wealth units, rounded down."""
    try:
        exact = Fraction(amount)
    except (ValueError, ZeroDivisionError) as error:
        remedy = "give a number of quote tokens"
        raise InputError(f"{amount!r} is no amount", place=name, remedy=remedy) from error
    wealth = int(exact * market.wealth_units_per_quote)
    if wealth < 0 or (wealth == 0 and not may_be_zero):
        remedy = "zero or more" if may_be_zero else "more than zero"
        raise InputError(f"{amount} is no amount", place=name, remedy=f"give {remedy} quote tokens")
    return wealth


def _open(
    providers: Sequence[Provider], market: Market, fair_ticks: int, capital: int, gas: int
) -> list[tuple[Provider, Venue]]:
    """Open every venue, in the order of the providers' names."""
    ordered = sorted(providers, key=lambda provider: provider.name)
    pools = [(p, p.open(market, fair_ticks, capital, gas)) for p in ordered if isinstance(p, LiquidityProvider)]
    endowment = pools[0][1].ledger.endowment if len(pools) == 1 else half_and_half(market, fair_ticks, capital)
    books = [(p, p.open(market, fair_ticks, endowment)) for p in ordered if isinstance(p, MarketMaker)]
    worlds: list[tuple[Provider, Venue]] = [*pools, *books]
    return sorted(worlds, key=lambda world: world[0].name)


def half_and_half(market: Market, fair_ticks: int, capital: int) -> Amounts:
    """Return a capital, wealth units, as half base and half quote at a price, both rounded down."""
    base = capital // 2 // market.value(1, fair_ticks)
    return Amounts(base, (capital - market.value(base, fair_ticks)) // market.cash(1))


def _run(
    provider: Provider, venue: Venue, timeline: Timeline, tape: TakerTape, report: Callable[[int], None]
) -> VenueResult:
    """Live through every event in one venue."""
    samples: list[Sample] = []
    sides, lots = tape.side.tolist(), tape.lots.tolist()
    tolerances, kinds, uids = tape.tolerance_pips.tolist(), tape.kind.tolist(), tape.uid.tolist()
    columns = (timeline.time_ns, timeline.event, timeline.number, timeline.fair_ticks)
    for done, (time_ns, event, number, fair) in enumerate(zip(*(c.tolist() for c in columns), strict=True)):
        if event == Event.ARBITRAGE:
            venue.arbitrage(time_ns, fair)
        elif event == Event.REFRESH:
            venue.refresh(time_ns, fair)
        elif event == Event.ORDER:
            kind = _FLOW[kinds[number]]
            order = TakerOrder(time_ns, sides[number], lots[number], tolerances[number], kind, uids[number])
            venue.take(order, fair)
        else:
            venue.ledger.mark(fair)
            venue.ledger.audit(venue.withdrawable())
            samples.append(Sample.of(time_ns, venue))
        if done % _REPORT_EVERY == 0:
            report(done)
    report(len(timeline))
    return VenueResult.of(provider, venue, samples)
