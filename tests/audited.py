"""A replay that audits its books after every event, not only at its samples."""

from collections.abc import Sequence
from fractions import Fraction

from compare.clocks import Clocks, Timeline
from compare.market import Market
from compare.market_maker import MarketMaker
from compare.pair_venue import PairVenue
from compare.paths import PricePath
from compare.pool_venue import PoolVenue
from compare.provider_book import Amounts
from compare.run import _live
from compare.tape import TakerTape
from compare.venue import TakerOrder, Venue
from compare.world import Mode, Provider, World, open_worlds

_MOST = 2**128 - 1


class AuditedVenue:
    """A venue after each of whose events every identity of its world closes, and from which everyone can leave."""

    def __init__(self, venue: Venue, world: World) -> None:
        self.venue = venue
        self.world = world
        self.name = venue.name

    def arbitrage(self, time_ns: int, fair_ticks: int) -> None:
        self.venue.arbitrage(time_ns, fair_ticks)
        self._audit(fair_ticks)

    def refresh(self, time_ns: int, fair_ticks: int) -> None:
        self.venue.refresh(time_ns, fair_ticks)
        self._audit(fair_ticks)

    def take(self, order: TakerOrder, fair_ticks: int) -> int:
        promised = self.venue.fillable(order)
        traded = self.venue.take(order, fair_ticks)
        if isinstance(self.venue, PoolVenue) and self.venue.just_in_time:
            assert promised <= traded <= order.base, (
                promised,
                traded,
                order,
                self.venue.name,
            )  # liquidity may have come for this order
        else:
            # A pair does not swap what it would pay nothing for.
            assert traded == promised or (isinstance(self.venue, PairVenue) and traded == 0)
        self._audit(fair_ticks)
        return traded

    def fillable(self, order: TakerOrder) -> int:
        return self.venue.fillable(order)

    def withdrawable(self) -> dict[str, Amounts]:
        return dict(self.venue.withdrawable())

    def touch(self) -> tuple[float | None, float | None]:
        return self.venue.touch()

    def price_range(self, name: str) -> tuple[float, float] | None:
        return self.venue.price_range(name)

    def _audit(self, fair_ticks: int) -> None:
        ledger = self.world.ledger
        ledger.mark(fair_ticks)
        ledger.audit(self.world.withdrawable())
        if isinstance(self.venue, PoolVenue):
            leave_pool(self.venue)
        elif isinstance(self.venue, PairVenue):
            leave_pair(self.venue)


def leave_pool(venue: PoolVenue) -> None:
    """Everyone leaves one copy of a pool in turn: each is paid what it was told, and the protocol's fees remain."""
    pool, told = venue.pool.copy(), venue.withdrawable()
    for position in venue.positions:
        held = pool.balance0, pool.balance1
        for lower, upper in position.ranges:
            pool.burn(position.owner, lower, upper, pool.positions[position.owner, lower, upper].liquidity)
            pool.collect(position.owner, lower, upper, _MOST, _MOST)
        paid = venue.market.as_base_quote(held[0] - pool.balance0, held[1] - pool.balance1)
        assert Amounts(*paid).plus(position.pocket) == told[position.owner]
    assert pool.balance0 >= pool.protocol_fees.token0
    assert pool.balance1 >= pool.protocol_fees.token1


def leave_pair(venue: PairVenue) -> None:
    """Everyone leaves one copy of a pair in turn: each is paid at least what it was told."""
    pair, told = venue.pair.copy(), venue.withdrawable()
    for name in told:
        pair.transfer(name, pair.address, pair.balance_of[name])
        paid = Amounts(*venue.market.as_base_quote(*pair.burn(name)))
        assert min(paid.minus(told[name])) >= 0


def audited_replay(
    path: PricePath,
    tape: TakerTape,
    providers: Sequence[Provider],
    *,
    capital: Fraction,
    mode: Mode,
    market: Market,
    clocks: Clocks,
    gas: Fraction,
    fee_protocol: int,
) -> list[World]:
    """Run what `replay` runs with every venue audited, and return the worlds.

    Args:
        path: The fair price.
        tape: The takers.
        providers: Who takes part.
        capital: Quote tokens.
        mode: Who meets whom.
        market: Units.
        clocks: Who acts when.
        gas: Quote tokens.
        fee_protocol: The protocol takes 1/n of the fees of every v3 pool; zero takes nothing.
    """
    unit = 10**market.instrument.quote_decimals
    wealth = int(capital * unit) * market.cash(1)
    first = int(path.ticks[0])
    worlds = open_worlds(providers, mode, market, first, capital=wealth, gas=int(gas * unit), path=path)
    for world in worlds:
        for venue in world.venues:
            if isinstance(venue, PoolVenue):
                venue.pool.set_fee_protocol(fee_protocol, fee_protocol)
        world.venues = [AuditedVenue(venue, world) for venue in world.venues]
    lags = {one.information_lag_ns for one in providers if isinstance(one, MarketMaker)}
    _live(worlds, mode, Timeline.build(path, tape, clocks, 2, sorted(lags)), tape, None)
    return worlds
