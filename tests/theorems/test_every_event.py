"""Identities 1 to 6 and 8 close to the last unit after every event, whatever the world; hypothesis tries to break them.

Identity 7 is a statement about two runs; it is in test_shadow.py.
"""

from dataclasses import dataclass, replace
from fractions import Fraction
from typing import Any

import numpy as np
from audited import audited_replay
from hypothesis import given
from hypothesis import strategies as st
from naive_ledger import retell
from worlds import CLOCKS, gbm

from compare.clocks import SECOND_NS, Clocks
from compare.just_in_time_provider import JustInTime
from compare.liquidity_provider import LiquidityProvider
from compare.market import Market
from compare.market_maker import MarketMaker
from compare.pair_venue import PairLiquidityProvider
from compare.paths import PricePath
from compare.provider_book import FlowKind
from compare.tape import TakerKind, TakerTape
from compare.world import Mode, Provider
from orderbook import FeeSchedule, InventoryLimits, KillSwitch, Ladder, ProportionalSpread, QuotingStrategy

PRICE = 2_000
RANGES = st.sampled_from(["0.3%", "2%", "50%", "full"])
FEES = st.sampled_from([(0, 1), (100, None), (500, None), (500, 1), (3_000, None), (10_000, None)])


@dataclass(frozen=True)
class Run:
    """Everything that an audited run needs."""

    path: PricePath
    tape: TakerTape
    market: Market
    providers: list[Provider]
    clocks: Clocks
    mode: Mode
    capital: Fraction
    gas: Fraction
    fee_protocol: int


def liquidity_providers(name: str) -> st.SearchStrategy[Provider]:
    costs = st.sampled_from([{}, {"recentre": True}, {"recentre": True, "outside_cost_bps": 2.5, "gas": 0.01}])

    def build(ranges: list[str], fee: tuple[int, int | None], moves: dict[str, Any]) -> Provider:
        return LiquidityProvider(tuple(ranges), fee[0], tick_spacing=fee[1], name=name, **moves)

    return st.builds(build, st.lists(RANGES, min_size=1, max_size=3), FEES, costs)


def market_makers(name: str, fees: FeeSchedule, lots: int) -> st.SearchStrategy[Provider]:
    one_level = st.builds(ProportionalSpread, st.integers(1, 3_000), st.just(lots))
    ladder = st.builds(Ladder, st.integers(1, 10**6), st.integers(1, 10**6), st.just((lots, 2 * lots)))
    quoting: st.SearchStrategy[QuotingStrategy] = one_level | ladder
    limits = st.none() | st.builds(InventoryLimits, st.integers(0, 5 * lots), st.integers(0, 5 * lots))
    switch = st.none() | st.builds(
        KillSwitch,
        max_loss=st.none() | st.integers(1, 10**7),
        max_fill=st.none() | st.integers(1, 2 * lots),
        max_inventory=st.integers(lots + 1, 5 * lots + 1),
        cut_to=st.integers(0, lots),
        pause_ns=st.none() | st.integers(1, 100).map(lambda seconds: seconds * SECOND_NS),
    )
    lag = st.sampled_from([0, 1, 5 * SECOND_NS, 100 * SECOND_NS])
    return st.builds(
        MarketMaker,
        quoting,
        st.just(fees),
        limits=limits,
        kill_switch=switch,
        name=st.just(name),
        information_lag_ns=lag,
    )


JUST_IN_TIME = st.builds(
    JustInTime,
    gas=st.sampled_from([0, 0.001, 0.1]),
    visibility=st.sampled_from([1.0, 0.5]),
    capital_share=st.sampled_from([0.01, 1.0, 10.0]),
    fee=st.sampled_from([None, 500]),
)


@st.composite
def runs(draw: st.DrawFn) -> Run:
    """A quarter of an hour with a few providers of every kind: rich or poor, in fine or coarse units."""
    seed = draw(st.integers(0, 10**6))
    path = gbm(seed, hours=0.25, volatility=draw(st.sampled_from([0.5, 3, 20])), price=PRICE)
    market = Market.from_tick_size(
        path.tick_size,
        Fraction(PRICE),
        base_decimals=draw(st.sampled_from([8, 18])),
        quote_decimals=draw(st.sampled_from([2, 6, 18])),
        base_is_token0=draw(st.booleans()),
    )
    capital = draw(st.sampled_from([Fraction(1_000), Fraction(10**5), Fraction(10**7)]))
    mean_size = float(capital) / PRICE * draw(st.sampled_from([0.0001, 0.01, 0.1, 1]))
    tape = TakerTape.poisson(
        path,
        rate=draw(st.sampled_from(["0/h", "60/h", "200/h"])),
        mean_size=max(mean_size, 2 * float(market.lot_size)),
        lot_size=market.lot_size,
        mean_tolerance_bps=draw(st.sampled_from([5, 50])),
        seed=seed,
    )
    informed = draw(st.integers(1, 5))
    tape = replace(tape, kind=np.where(tape.uid % informed, TakerKind.NOISE, TakerKind.INFORMED).astype(np.uint8))
    fees = FeeSchedule(draw(st.integers(-200, 200)), 200)
    lots = max(int(capital / PRICE / 10 / market.lot_size), 1)
    providers = [draw(liquidity_providers(f"provider {k}")) for k in range(draw(st.integers(0, 3)))]
    watched = bool(providers) and draw(st.booleans())
    providers += [PairLiquidityProvider(f"pair {k}") for k in range(draw(st.integers(0, 2)))]
    providers += [draw(market_makers(f"maker {k}", fees, lots)) for k in range(draw(st.integers(0, 2)))]
    if watched:
        providers.append(draw(JUST_IN_TIME))
    if not providers:
        providers = [draw(liquidity_providers("alone"))]
    gas, protocol = draw(st.sampled_from([0, 1])), draw(st.sampled_from([0, 4, 10]))
    clocks, mode = draw(CLOCKS), draw(st.sampled_from(Mode))
    return Run(path, tape, market, providers, clocks, mode, capital, Fraction(gas), protocol)


@given(runs())
def test_every_identity_closes_after_every_event(run: Run) -> None:
    """Several providers of every kind, all modes, gas, protocol fees, lags, any units: nothing is ever left over.

    At the end each provider's books are told anew from its trades and the whole path (O-14 among them).
    """
    worlds = audited_replay(
        run.path,
        run.tape,
        run.providers,
        capital=run.capital,
        mode=run.mode,
        market=run.market,
        clocks=run.clocks,
        gas=run.gas,
        fee_protocol=run.fee_protocol,
    )
    for world in worlds:
        for name, book in world.ledger.providers.items():
            told, sums = retell(world.ledger, name, run.path), book.sums
            assert (told.inventory, told.rebalancing) == (sums.inventory, sums.rebalancing)
            assert told.fee_inventory == sums.fee_inventory
            for kind in FlowKind:
                assert told.edge[kind] == sums.edge[kind]
                assert told.fees[kind] == sums.fees[kind]
                assert told.trading_edge[kind] == sums.trading_edge[kind]
            lvr = -sum(edge for kind, edge in told.trading_edge.items() if kind is not FlowKind.UPKEEP)
            assert book.impermanent_loss() == -lvr - told.beyond_endowment
