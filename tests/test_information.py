"""A maker that sees the fair price late: what it sees, what that costs it, and where the ledger books it."""

import hashlib
import json
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from worlds import gbm, market_of, poisson, providers, run

from compare.clocks import SECOND_NS, Clocks
from compare.errors import InputError
from compare.information import DelayedPrice
from compare.market_maker import MarketMaker
from compare.paths import PricePath
from compare.provider_book import FlowKind
from compare.result import Comparison
from compare.run import replay
from compare.scenario import Scenario
from compare.tape import TakerTape
from compare.world import Mode, Provider, open_worlds
from orderbook import ProportionalSpread

MAKER = "market maker"
BEFORE_THERE_WAS_A_LAG = "b6f4744f4f5237e7"  # of the run below, by the version before makers could see late


def late(lag_ns: int) -> list[Provider]:
    pool, maker = providers()
    assert isinstance(maker, MarketMaker)
    return [pool, replace(maker, information_lag_ns=lag_ns)]


def late_run(
    lag_ns: int, seed: int = 7, mode: Mode = Mode.PARALLEL, clocks: Clocks | None = None, *, hours: float = 0.5
) -> Comparison:
    path = gbm(seed, hours=hours)
    market = market_of(path)
    tape = poisson(path, market, seed + 1)
    return replay(path, tape, late(lag_ns), market=market, capital=200_000, mode=mode, clocks=clocks, samples=20)


@given(st.integers(0, 10**6), st.integers(0, 200), st.integers(0, 2_000))
def test_what_is_known_is_the_price_of_a_while_ago(seed: int, lag: int, seconds: int) -> None:
    """By a look at every point of the path: the last at or before t - lag, and the first before there is one."""
    path = gbm(seed, hours=0.1)
    time_ns, lag_ns = seconds * SECOND_NS, lag * SECOND_NS
    known = [
        ticks
        for when, ticks in zip(path.time_ns.tolist(), path.ticks.tolist(), strict=True)
        if when + lag_ns <= time_ns
    ]
    assert DelayedPrice(path, lag_ns).at(time_ns) == (known or path.ticks[:1].tolist())[-1]


def test_no_lag_is_the_run_there_was_before() -> None:
    """Components, identities and every trade of a run hash to what they were before there were lags."""
    scenario = {"prices": {"days": 0.2}, "takers": {"rate": "200/h"}, "maker": {"information_lag": "0s"}}
    result = Scenario.from_mapping(scenario).run_all()
    summary = result.summary()
    digest = hashlib.sha256()
    parts = {name: one["components"] for name, one in summary["providers"].items()}
    digest.update(json.dumps(parts, sort_keys=True).encode())
    digest.update(json.dumps(summary["identities"]).encode())
    digest.update(json.dumps(result.executions().to_pydict(), default=str).encode())
    assert digest.hexdigest().startswith(BEFORE_THERE_WAS_A_LAG)


def test_every_fill_stands_at_the_price_that_was_known_at_the_last_refresh() -> None:
    """With a lag of two and a half blocks, the reference of each fill is the price three points of the path ago.

    Clocks and path tick every 12 s; an arbitrageur comes before the refresh of its block, a taker after it.
    """
    result = late_run(30 * SECOND_NS)
    ticks, step = result.path.ticks.tolist(), 12 * SECOND_NS
    for trade in result[MAKER].trades:
        refresh = trade.time_ns // step - (trade.kind is FlowKind.ARBITRAGE)
        assert trade.shares[0].reference_ticks == ticks[max(refresh - 3, 0)]


def test_a_lag_beyond_the_path_quotes_around_the_first_price() -> None:
    """A maker that learns nothing stands where it started."""
    result = late_run(10**15)
    assert {trade.shares[0].reference_ticks for trade in result[MAKER].trades} == {int(result.path.ticks[0])}


def test_a_move_that_arrives_after_the_last_news_is_seen() -> None:
    """The price moves once and nothing else happens: the maker still refreshes when it learns of it."""
    times = np.array([0, 12, 600], dtype=np.int64) * SECOND_NS
    path = PricePath(times, np.array([2_000_000, 2_001_000, 2_001_000]), gbm().tick_size)
    tape = TakerTape.from_arrays(
        np.array([300, 320]) * SECOND_NS, [1, 1], [0.1, 0.1], tolerance_bps=20, lot_size=market_of(path).lot_size
    )
    makers = [MarketMaker(ProportionalSpread(500, 3_000), information_lag_ns=300 * SECOND_NS)]
    first, second = replay(path, tape, makers, capital=200_000, market=market_of(path)).providers[0].trades
    assert (first.shares[0].reference_ticks, second.shares[0].reference_ticks) == (2_000_000, 2_001_000)


@settings(max_examples=20)
@given(
    st.integers(0, 10**6),
    st.sampled_from(Mode),
    st.integers(0, 90 * SECOND_NS),
    st.builds(Clocks, st.just(12 * SECOND_NS), st.integers(1, 40).map(lambda s: s * SECOND_NS), st.booleans()),
)
def test_identities_close_however_late_the_maker_sees(seed: int, mode: Mode, lag_ns: int, clocks: Clocks) -> None:
    """Spread capture around the stale price, and the move since it, are the edge of every fill, to the last unit."""
    result = late_run(lag_ns, seed, mode, clocks)
    assert all(identity.residual == 0 for one in result.providers for identity in one.identities)
    sums = result[MAKER].book.sums
    for kind in FlowKind:
        assert sums.spread_capture[kind] + sums.adverse_selection[kind] == sums.trading_edge[kind]
    moves = _moves_since_the_quote(result)
    assert {kind: moves[kind] for kind in FlowKind} == {kind: sums.adverse_selection[kind] for kind in FlowKind}


def _moves_since_the_quote(result: Comparison) -> dict[FlowKind, int]:
    """Adverse selection by kind, summed from the trades' own references."""
    moves = dict.fromkeys(FlowKind, 0)
    for trade in result[MAKER].trades:
        for share in trade.shares:
            if share.name == MAKER and share.reference_ticks is not None:
                move = result.market.value(share.change.base, trade.fair_ticks - share.reference_ticks)
                moves[trade.kind] += move
    return moves


def test_the_later_it_sees_the_more_it_loses_to_arbitrage() -> None:
    """Over ten seeds of an hour, each step of the lag adds more than three standard errors to the mean loss."""
    lags = (0, 6, 36, 120)
    losses = np.array(
        [
            [-late_run(lag * SECOND_NS, seed, hours=1)[MAKER].book.sums.edge[FlowKind.ARBITRAGE] for lag in lags]
            for seed in range(10)
        ],
        dtype=float,
    )
    steps = np.diff(losses, axis=1)
    mean, error = steps.mean(axis=0), steps.std(axis=0, ddof=1) / np.sqrt(len(steps))
    assert all(mean > 3 * error)


def test_the_pool_does_not_notice() -> None:
    """What the maker knows changes nothing in the pool's world."""
    assert late_run(60 * SECOND_NS)["liquidity provider"].book.sums == late_run(0)["liquidity provider"].book.sums


def test_a_lag_is_told_and_checked() -> None:
    """The setting says it, latency is no longer equal, and a negative or missing one is refused by name."""
    result = late_run(SECOND_NS // 2)
    assert "sees the price 0.5 s late" in result[MAKER].setting
    assert "late" not in run()[MAKER].setting
    assert result.summary()["setting"]["equal_latency"] is False
    assert result.summary()["setting"]["information_lag_seconds"] == {MAKER: 0.5}
    with pytest.raises(InputError, match="information_lag_ns"):
        MarketMaker(ProportionalSpread(500, 3_000), information_lag_ns=-1)
    with pytest.raises(InputError, match=r"maker\.information_lag"):
        Scenario.from_mapping({"maker": {"information_lag": "soon"}}).run_all()
    with pytest.raises(InputError, match="path"):
        open_worlds(late(1), Mode.PARALLEL, result.market, 2_000_000, capital=10**30, gas=0)
