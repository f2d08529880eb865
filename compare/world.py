"""Worlds: which providers share a venue, a ledger and the taker flow."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import TYPE_CHECKING

from amm import UniswapV2Pair, UniswapV3Pool
from compare.book_venue import BookVenue
from compare.capital import EqualEndowment, Reference
from compare.curve_venue import CurveLiquidityProvider, CurveVenue
from compare.errors import InputError
from compare.just_in_time_provider import JustInTime
from compare.ledger import Ledger
from compare.liquidity_provider import TICK_SPACING, LiquidityProvider
from compare.market_maker import MarketMaker
from compare.pair_venue import PairLiquidityProvider, PairVenue
from compare.pool_venue import PoolVenue
from compare.price_range import pool_sqrt_price_x96
from compare.provider_book import Amounts

if TYPE_CHECKING:
    from collections.abc import Sequence

    from compare.capital import CapitalRule
    from compare.market import Market
    from compare.paths import PricePath
    from compare.venue import Venue

PassiveProvider = LiquidityProvider | PairLiquidityProvider | CurveLiquidityProvider
Provider = PassiveProvider | MarketMaker | JustInTime


class Mode(StrEnum):
    """How the taker flow meets the venues."""

    PARALLEL = "parallel"
    """Each liquidity provider and each maker has a venue of its own, and each venue alone gets the whole flow."""
    ROUTED = "routed"
    """All share one world: each order is split over the venues so that its marginal prices are equal."""
    MATCHED = "matched"
    """As parallel, but of each order only what every venue could fill is traded, in every one of them."""


@dataclass(slots=True)
class World:
    """Venues that share a ledger and a taker flow.

    Attributes:
        ledger: The books of everyone in it.
        venues: Its venues, by name.
        settings: Each provider as it was described, by name.
    """

    ledger: Ledger
    venues: list[Venue] = field(default_factory=list)
    settings: dict[str, Provider] = field(default_factory=dict)

    def withdrawable(self) -> dict[str, Amounts]:
        """Return what each provider would hold if it left now, token units, read from the venues."""
        return {name: held for venue in self.venues for name, held in venue.withdrawable().items()}

    def venue_of(self, name: str) -> Venue:
        """Return the venue a provider is in."""
        return next(venue for venue in self.venues if name in venue.withdrawable())


def open_worlds(
    providers: Sequence[Provider],
    mode: Mode,
    market: Market,
    fair_ticks: int,
    *,
    capital: int,
    gas: int,
    path: PricePath | None = None,
    rule: CapitalRule | None = None,
) -> list[World]:
    """Open every venue and enter every provider, in the order of their names.

    Every provider brings the same capital. With one liquidity provider in all, the makers bring the very tokens that
    its position holds; otherwise half of the capital in each token.

    Args:
        providers: Who takes part; their order changes nothing.
        mode: Which of them share a world.
        market: Units.
        fair_ticks: First fair price, ticks.
        capital: Wealth units, of everyone's position.
        gas: Quote token units an arbitrageur pays for a swap in a pool.
        path: The fair price, for makers that see it late and for a rule of the capital.
        rule: What of a maker is made equal to the one liquidity provider's, beside the tokens; None for nothing.

    Raises:
        InputError: A provider does not suit its venue or the rule, or nobody is there.
    """
    ordered = sorted(providers, key=lambda provider: provider.name)
    names = [provider.name for provider in ordered]
    if len(set(names)) < len(names):
        raise InputError(f"{', '.join(names)} are not told apart", place="providers", remedy="give each its own name")
    liquidity = [one for one in ordered if isinstance(one, LiquidityProvider)]
    pairs = [one for one in ordered if isinstance(one, PairLiquidityProvider)]
    curves = [one for one in ordered if isinstance(one, CurveLiquidityProvider)]
    makers = [one for one in ordered if isinstance(one, MarketMaker)]
    watchers = [one for one in ordered if isinstance(one, JustInTime)]
    passive: list[PassiveProvider] = [*liquidity, *pairs, *curves]
    if not passive and not makers:
        raise InputError("nobody provides", place="providers", remedy="name a liquidity provider or a market maker")
    if watchers and not liquidity:
        raise InputError("there is no pool to watch", place="providers", remedy="add a liquidity provider")
    opening = _Opening(market, fair_ticks, capital, gas, path, rule)
    shared = World(Ledger(market, fair_ticks)) if mode is Mode.ROUTED else None
    if shared is not None:
        for pool in sorted({(one.fee, one.spacing) for one in liquidity}):
            opening.pool_world([one for one in liquidity if (one.fee, one.spacing) == pool], watchers, shared)
        if pairs:
            opening.pair_world(pairs, shared)
        for one in curves:
            opening.curve_world(one, shared)
        if makers:
            endowment = _endowment(opening, [shared], passive)
            opening.book_world(opening.fitted(makers, endowment, [shared], passive), endowment, shared)
        return [shared]
    worlds = [opening.pool_world([one], watchers, None) for one in liquidity]
    worlds += [opening.pair_world([one], None) for one in pairs]
    worlds += [opening.curve_world(one, None) for one in curves]
    endowment = _endowment(opening, worlds, passive)
    fitted = opening.fitted(makers, endowment, worlds, passive)
    worlds += [opening.book_world([one], endowment, None) for one in fitted]
    return sorted(worlds, key=lambda world: world.venues[0].name)


@dataclass(frozen=True, slots=True)
class _Opening:
    """What every venue is opened with; `watching` are the names of just-in-time providers that are taken."""

    market: Market
    fair_ticks: int
    capital: int
    gas: int
    path: PricePath | None
    rule: CapitalRule | None
    watching: set[str] = field(default_factory=set)

    def pool_world(self, providers: list[LiquidityProvider], watchers: list[JustInTime], shared: World | None) -> World:
        """Open a pool for providers of one fee tier, in a world of its own or in the shared one."""
        world = shared or World(Ledger(self.market, self.fair_ticks))
        fee, spacing = providers[0].fee, providers[0].spacing
        pool = UniswapV3Pool(fee, spacing)
        pool.initialize(pool_sqrt_price_x96(self.market, self.fair_ticks * self.market.tick_size))
        shown = f"pool {fee / 100:g} bp" + ("" if spacing == TICK_SPACING.get(fee) else f", spacing {spacing}")
        name = providers[0].name if shared is None else shown
        venue = PoolVenue(name, pool, self.market, world.ledger, self.gas)
        for provider in providers:
            provider.enter(venue, self.fair_ticks, self.capital)
            world.settings[provider.name] = provider
        for watcher in watchers:
            if watcher.fee in {None, fee}:
                self._watch(watcher, venue, world)
        world.venues.append(venue)
        return world

    def _watch(self, watcher: JustInTime, venue: PoolVenue, world: World) -> None:
        """Enter a just-in-time provider; it has a pocket, and a name, for each pool it watches."""
        name = watcher.name if watcher.name not in self.watching else f"{watcher.name} in {venue.name}"
        self.watching.add(name)
        share = int(self.capital * watcher.capital_share)
        provider = watcher.enter(name, self.market, half_and_half(self.market, self.fair_ticks, share))
        venue.just_in_time.append(provider)
        world.ledger.open(name, provider.pocket)
        world.settings[name] = replace(watcher, name=name)

    def pair_world(self, providers: list[PairLiquidityProvider], shared: World | None) -> World:
        """Open a pair, in a world of its own or in the shared one."""
        world = shared or World(Ledger(self.market, self.fair_ticks))
        name = providers[0].name if shared is None else "pair"
        venue = PairVenue(name, UniswapV2Pair(), self.market, world.ledger, self.gas)
        for provider in providers:
            provider.enter(venue, self.fair_ticks, self.capital)
            world.settings[provider.name] = provider
        world.venues.append(venue)
        return world

    def curve_world(self, provider: CurveLiquidityProvider, shared: World | None) -> World:
        """Open a pool with a rule of its own, in a world of its own or in the shared one."""
        world = shared or World(Ledger(self.market, self.fair_ticks))
        reserves = provider.endowment(self.market, self.fair_ticks, self.capital)
        world.venues.append(CurveVenue(provider, reserves, self.market, world.ledger, self.gas))
        world.settings[provider.name] = provider
        return world

    def fitted(
        self, makers: list[MarketMaker], endowment: Amounts, worlds: list[World], passive: Sequence[PassiveProvider]
    ) -> list[MarketMaker]:
        """Return the makers as the rule of the capital has them.

        Raises:
            InputError: There is no liquidity provider to hold them against, or more than one.
        """
        if self.rule is None or self.path is None or isinstance(self.rule, EqualEndowment):
            return makers
        if len(passive) != 1:
            problem = f"{self.rule}: there are {len(passive)} liquidity providers to hold a maker against"
            raise InputError(problem, place="capital rule", remedy="give one, or use equal endowments")
        reference = Reference(self.market, worlds[0].venue_of(passive[0].name), endowment, self.path)
        return [self.rule.fit(maker, reference) for maker in makers]

    def book_world(self, makers: list[MarketMaker], endowment: Amounts, shared: World | None) -> World:
        """Open a book, in a world of its own or in the shared one.

        Raises:
            InputError: The makers name different fee schedules.
        """
        if len({maker.fees for maker in makers}) > 1:
            problem = "makers of one book have different fees"
            raise InputError(problem, place="providers", remedy="give makers of a routed run the same fees")
        world = shared or World(Ledger(self.market, self.fair_ticks))
        venue = BookVenue(makers[0].name if shared is None else "book", self.market, makers[0].fees, world.ledger)
        for maker in makers:
            maker.enter(venue, endowment, self.path)
            world.settings[maker.name] = maker
        world.venues.append(venue)
        return world


def _endowment(opening: _Opening, worlds: list[World], passive: Sequence[PassiveProvider]) -> Amounts:
    """Return what makers bring: the tokens of the one liquidity provider there is, or half of the capital in each."""
    if len(passive) == 1:
        return worlds[0].ledger.providers[passive[0].name].endowment
    return half_and_half(opening.market, opening.fair_ticks, opening.capital)


def half_and_half(market: Market, fair_ticks: int, capital: int) -> Amounts:
    """Return a capital, wealth units, as half base and half quote at a price, both rounded down."""
    base = capital // 2 // market.value(1, fair_ticks)
    return Amounts(base, (capital - market.value(base, fair_ticks)) // market.cash(1))
