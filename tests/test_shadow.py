"""Identity 7: arbitrage in two parts, by a second run without noise."""

import io
from collections.abc import Callable
from dataclasses import replace
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console
from worlds import gbm, market_of, poisson, providers

from compare.clocks import SECOND_NS, Clocks
from compare.errors import InputError
from compare.ledger import Agent
from compare.paths import PricePath
from compare.provider_book import FlowKind
from compare.result import Comparison
from compare.run import replay
from compare.scenario import Scenario
from compare.shadow import replay_with_shadow, split_arbitrage, without_noise
from compare.tables import print_comparison
from compare.tape import TakerKind, TakerTape
from compare.world import Mode

POOL, MAKER = "liquidity provider", "market maker"


def runs(path: PricePath, tape: TakerTape, **changes: Any) -> tuple[Comparison, Comparison]:  # noqa: ANN401 - of replay
    setting: dict[str, Any] = {"capital": 200_000, "market": market_of(path), "samples": 2} | changes
    return tuple(replay(path, one, providers(), **setting) for one in (tape, without_noise(tape)))  # type: ignore[return-value] # two of them


@settings(max_examples=15)
@given(st.integers(0, 10**6), st.sampled_from(Mode), st.integers(1, 60), st.integers(2, 5))
def test_identity_7_path_and_noise_are_all_of_arbitrage(seed: int, mode: Mode, seconds: int, informed: int) -> None:
    """To the last unit, in every mode: what the path causes and what noise adds is what arbitrageurs won.

    The edge of the providers in a world is minus the arbitrageur's wealth and gas, the ledger's independent account.
    """
    path = gbm(seed, hours=0.2, volatility=3)
    tape = poisson(path, market_of(path), seed)
    tape = replace(tape, kind=np.where(tape.uid % informed, TakerKind.NOISE, TakerKind.INFORMED).astype(np.uint8))
    clocks = Clocks(seconds * SECOND_NS, seconds * SECOND_NS)
    result, shadow = runs(path, tape, mode=mode, clocks=clocks, gas=1)
    parts = split_arbitrage(result, shadow)
    for name, part in parts.items():
        assert part.edge == result[name].book.sums.edge[FlowKind.ARBITRAGE]
        assert part.path == shadow[name].book.sums.edge[FlowKind.ARBITRAGE]
    for run, edge in ((result, "edge"), (shadow, "path")):
        lost = sum(getattr(part, edge) for part in parts.values())
        dust = sum(
            run.market.cash(trade.dust.quote) + run.market.value(trade.dust.base, trade.fair_ticks)
            for world in run.worlds
            for trade in world.trades
            if trade.kind is FlowKind.ARBITRAGE
        )
        won = sum(world.wealth(Agent.ARBITRAGEUR) + world.wealth(Agent.GAS) for world in run.worlds)
        fees = _venue_income(run)
        assert lost + dust + won + fees == 0


def _venue_income(run: Comparison) -> int:
    """What venues kept of arbitrageurs' trades, wealth units."""
    market = run.market
    return sum(
        market.cash(trade.venue.quote) + market.value(trade.venue.base, trade.fair_ticks)
        for world in run.worlds
        for trade in world.trades
        if trade.kind is FlowKind.ARBITRAGE
    )


def test_identity_7_at_a_constant_price_noise_is_the_whole_cause() -> None:
    """Where the price never moves the path causes nothing; arbitrage still back-runs every displacement of the pool."""
    path = PricePath.constant(price=2_000, days=0.1)
    market = market_of(path)
    tape = TakerTape.poisson(path, rate="300/h", mean_size=20, lot_size=market.lot_size, mean_tolerance_bps=50, seed=1)
    result, shadow = runs(path, tape, market=market)
    parts = split_arbitrage(result, shadow)
    assert parts[POOL].path == 0
    assert parts[POOL].noise < 0
    assert (parts[MAKER].path, parts[MAKER].noise) == (0, 0)  # a maker around the fair price is never displaced


def test_identity_7_without_noise_the_path_is_the_whole_cause() -> None:
    """A tape of informed takers alone is its own shadow."""
    path = gbm()
    tape = poisson(path, market_of(path))
    tape = replace(tape, kind=np.full(len(tape), TakerKind.INFORMED, dtype=np.uint8))
    parts = split_arbitrage(*runs(path, tape))
    assert [part.noise for part in parts.values()] == [0, 0]
    assert parts[POOL].path < 0


def test_identity_7_noise_creates_arbitrage_in_a_pool_and_takes_it_from_a_book() -> None:
    """The pool loses over a third more to arbitrage than the path alone would have cost it, over three tapes.

    The maker loses less: a quote that noise has taken is not there to be picked off.
    """
    pool, maker = [], []
    for seed in range(3):
        path = gbm(seed, hours=2, volatility=0.95)
        parts = split_arbitrage(*runs(path, poisson(path, market_of(path), seed, rate="600/h")))
        pool.append((parts[POOL].path, parts[POOL].noise))
        maker.append((parts[MAKER].path, parts[MAKER].noise))
    path_part, noise_part = (sum(part) for part in zip(*pool, strict=True))
    assert noise_part < path_part / 3 < 0
    path_part, noise_part = (sum(part) for part in zip(*maker, strict=True))
    assert path_part < 0 < noise_part


@pytest.mark.parametrize("mode", Mode)
def test_identity_7_in_one_call_is_the_two_runs(mode: Mode) -> None:
    """The split of `replay_with_shadow` is that of the runs by hand, the rest is the run with noise, and all closes."""
    path = gbm(hours=0.3)
    tape = poisson(path, market_of(path))
    seen: list[tuple[int, int]] = []
    result, shadow = runs(path, tape, mode=mode)
    both = replay_with_shadow(
        path,
        tape,
        providers(),
        capital=200_000,
        market=market_of(path),
        samples=2,
        mode=mode,
        progress=lambda done, total: seen.append((done, total)),
    )
    assert both.arbitrage == split_arbitrage(result, shadow)
    assert both.executions() == result.executions()
    assert result.arbitrage is None
    shares = [done / total for done, total in seen]
    assert shares == sorted(shares)
    assert shares[-1] == 1
    summary, plain = both.summary(), result.summary()
    for name, split in split_arbitrage(result, shadow).items():
        told = summary["providers"][name]["arbitrage_edge"]
        assert (int(told["price_path_exact"]), int(told["noise_exact"])) == (split.path, split.noise)
        assert told["price_path"] + told["noise"] == pytest.approx(summary["providers"][name]["edge"]["arbitrage"])
        assert summary["identities"][name]["7 shadow: arbitrage = price path + noise"] == "0"
        assert "arbitrage_edge" not in plain["providers"][name]


def test_identity_7_is_a_key_of_the_scenario_and_two_rows_of_the_table() -> None:
    """`run.split_arbitrage` adds the split to the result, and its rows, with the exact amounts, to what is printed."""
    scenario = {"prices": {"days": 0.02}, "takers": {"rate": "300/h"}}
    result = Scenario.from_mapping(scenario | {"run": {"split_arbitrage": True}}).run_all()
    assert result.arbitrage is not None
    console = Console(width=120, record=True, file=io.StringIO())
    print_comparison(console, result)
    text = console.export_text()
    for part, label in (("path", "the price path"), ("noise", "noise")):
        (row,) = [line for line in text.splitlines() if f"arbitrage that {label} causes" in line]
        for split in result.arbitrage.values():
            assert f"{result.market.quote_float(getattr(split, part)):,.2f}" in row
    assert Scenario.from_mapping(scenario).run_all().arbitrage is None


CHANGES: list[Callable[[dict[str, Any]], object]] = [
    lambda setting: setting.update(capital=100_000),
    lambda setting: setting.update(gas=Fraction(1)),
    lambda setting: setting.update(clocks=Clocks(SECOND_NS)),
    lambda setting: setting.update(mode=Mode.ROUTED),
    lambda setting: setting.update(sides=providers(fee=3_000)),
    lambda setting: setting.update(path=gbm(8)),
]


@pytest.mark.parametrize("change", CHANGES)
def test_another_run_is_no_shadow(change: Callable[[dict[str, Any]], object]) -> None:
    """A second run that differs in more than its noise is refused."""
    path = gbm()
    market = market_of(path)
    tape = poisson(path, market)
    setting: dict[str, Any] = {"path": path, "sides": providers(), "capital": 200_000}

    def run(orders: TakerTape, *, path: PricePath, sides: list[Any], **rest: Any) -> Comparison:  # noqa: ANN401 - of replay
        return replay(path, orders, sides, market=market, samples=2, **rest)

    result = run(tape, **setting)
    split_arbitrage(result, run(without_noise(tape), **setting))
    with pytest.raises(InputError, match="tape is not that of the run"):
        split_arbitrage(result, result)
    change(setting)
    with pytest.raises(InputError, match="is not that of the run"):
        split_arbitrage(result, run(without_noise(tape), **setting))
