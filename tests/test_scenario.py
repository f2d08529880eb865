"""Scenarios: every key is checked, by name, before anything runs."""

from pathlib import Path
from typing import Any

import pytest

from compare.errors import InputError
from compare.provider_book import FlowKind
from compare.scenario import Scenario
from orderbook import (
    GLFT,
    AvellanedaStoikov,
    AvellanedaStoikovInfiniteHorizon,
    GLFTAsymptotic,
    ProportionalAvellanedaStoikov,
    ProportionalSpread,
)

SHORT = {"prices": {"days": 0.05}, "takers": {"rate": "100/h"}}


def test_a_file_and_the_same_keys_by_hand_agree(tmp_path: Path) -> None:
    """A TOML file, and the same keys given as a mapping, are the same scenario; an override wins."""
    file = tmp_path / "scenario.toml"
    file.write_text('[pool]\nfee = 3000\nrange = "1800:2200"\n[run]\ncapital = 5e5\n')
    by_hand = Scenario.from_mapping({"pool": {"fee": 3_000, "range": "1800:2200"}, "run": {"capital": 5e5}})
    assert Scenario.read(file) == by_hand
    assert Scenario.read(file, {"pool": {"fee": 100}}).pool.fee == 100
    assert Scenario.read(file, {"pool": {"fee": 100}}).pool.range == "1800:2200"


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({"pol": {}}, r"unknown field `pol`; the tables are prices, takers, pool, maker, run"),
        ({"pool": {"feee": 3}}, r"pool: .*unknown field `feee`; the keys are contract, fee, range, "),
        ({"pool": {"fee": 42}}, r"pool\.fee: "),
        ({"pool": {"fee": "3000"}}, r"pool\.fee: Expected `int`, got `str`"),
        ({"maker": {"strategy": "hope"}}, r"maker\.strategy: "),
        ({"maker": {"risk_aversion": -1.0}}, r"maker\.risk_aversion: Expected `float` > 0\.0"),
        ({"run": {"capital": 0}}, r"run\.capital: Expected `float` > 0\.0"),
        ({"prices": {"seed": -1}}, r"prices\.seed: Expected `int` >= 0"),
        ({"takers": {"buy_probability": 1.5}}, r"takers\.buy_probability: Expected `float` <= 1\.0"),
        ({"pool": 3}, r"pool: Expected `object`, got `int`"),
    ],
)
def test_a_bad_key_is_named_with_what_would_be_right(mapping: dict[str, Any], message: str) -> None:
    """Unknown tables and keys, wrong types and values out of range: the message names the key."""
    with pytest.raises(InputError, match=message):
        Scenario.from_mapping(mapping)


@pytest.mark.parametrize(
    ("mapping", "message"),
    [
        ({"prices": {"step": "soon"}}, "step"),
        ({"takers": {"rate": "often"}}, "rate"),
        ({"run": {"block": "0s"}}, r"run\.block"),
        ({"pool": {"range": "2200:1800"}}, "below the upper"),
        ({"pool": {"fee": 3_000, "range": "ticks -100:60"}}, "off the spacing"),
        ({"maker": {"quote_value": 1e-9}}, r"maker\.quote_value.*less than one lot"),
        ({"maker": {"half_spread_bps": 1e-4, "strategy": "fixed-spread"}}, r"maker\.half_spread_bps"),
    ],
)
def test_a_value_that_only_makes_no_sense_later_is_named_too(mapping: dict[str, Any], message: str) -> None:
    """Durations, rates, ranges and sizes are checked when they are used, with the same care."""
    tables = {name: SHORT.get(name, {}) | mapping.get(name, {}) for name in SHORT | mapping}
    with pytest.raises(InputError, match=message):
        Scenario.from_mapping(tables).run_all()


@pytest.mark.parametrize(
    ("strategy", "kind"),
    [
        ("fixed-spread", ProportionalSpread),
        ("avellaneda-stoikov", AvellanedaStoikov),
        ("avellaneda-stoikov-infinite", AvellanedaStoikovInfiniteHorizon),
        ("avellaneda-stoikov-proportional", ProportionalAvellanedaStoikov),
        ("glft", GLFT),
        ("glft-asymptotic", GLFTAsymptotic),
    ],
)
def test_every_strategy_runs_and_closes_its_books(strategy: str, kind: type) -> None:
    """Each named strategy is the one it says, trades, and leaves books that close."""
    scenario = Scenario.from_mapping(SHORT | {"maker": {"strategy": strategy}})
    path = scenario.price_path()
    assert isinstance(scenario.strategy(path, scenario.market(path)), kind)
    maker = scenario.run_all()["market maker"]
    assert maker.trades
    assert all(identity.residual == 0 for identity in maker.identities)


def test_money_becomes_ticks_and_lots() -> None:
    """A risk aversion per quote token and a fill decay per quote token arrive as the paper's, in ticks and lots."""
    scenario = Scenario.from_mapping(
        SHORT
        | {"maker": {"strategy": "avellaneda-stoikov", "risk_aversion": 1e-4, "fill_decay": 0.5, "quote_value": 10_000}}
    )
    path = scenario.price_path()
    market = scenario.market(path)
    strategy = scenario.strategy(path, market)
    assert isinstance(strategy, AvellanedaStoikov)
    tick, lot = float(market.tick_size), float(market.lot_size)
    assert strategy.fill_decay == pytest.approx(0.5 * tick)
    assert strategy.risk_aversion == pytest.approx(1e-4 * tick * lot)
    assert strategy.size == int(10_000 / 2_000 / lot)


@pytest.mark.parametrize("synthetic", ["gbm", "ornstein-uhlenbeck", "jump", "trend", "constant"])
def test_every_synthetic_path_runs(synthetic: str) -> None:
    """Each named synthetic path can be drawn and replayed."""
    result = Scenario.from_mapping(SHORT | {"prices": {"days": 0.05, "synthetic": synthetic}}).run_all()
    assert len(result.path) > 100


def test_the_flow_can_be_clustered_split_and_informed() -> None:
    """The keys of a flow's changes change the tape, and the books still close."""
    changed = {"branching": 0.4, "children": 3, "informed_share": 0.3, "rate": "200/h"}
    plain = Scenario.from_mapping(SHORT | {"takers": {"rate": "200/h"}}).run_all()
    result = Scenario.from_mapping(SHORT | {"takers": changed}).run_all()
    assert len(result.tape) > 2 * len(plain.tape)
    informed = result["market maker"].book.sums
    assert informed.trades[FlowKind.INFORMED] > 0
    assert all(identity.residual == 0 for one in result.providers for identity in one.identities)


def test_a_tape_can_be_kept_and_used_again(tmp_path: Path) -> None:
    """A tape written to a file and named in a scenario gives the same result as the one drawn."""
    scenario = Scenario.from_mapping(SHORT)
    path = scenario.price_path()
    file = tmp_path / "tape.parquet"
    scenario.tape(path, scenario.market(path)).to_parquet(file)
    again = Scenario.from_mapping(SHORT | {"takers": {"file": str(file), "layout": "tape"}})
    assert again.run_all().summary()["providers"] == scenario.run_all().summary()["providers"]


@pytest.mark.parametrize("layout", ["trades", "swaps", "tape"])
def test_a_missing_file_of_takers_is_named(layout: str) -> None:
    """A file that is not there is named, whatever it was to hold."""
    scenario = Scenario.from_mapping(SHORT | {"takers": {"file": "nowhere.parquet", "layout": layout}})
    with pytest.raises(InputError, match=r"nowhere\.parquet"):
        scenario.run_all()


def test_a_pair_a_ladder_and_just_in_time_liquidity() -> None:
    """A v2 pair, several ranges that re-centre, and a just-in-time provider are each a key or a table away."""
    pair = Scenario.from_mapping(SHORT | {"pool": {"contract": "v2"}}).run_all()
    assert len(pair.providers) == 2
    more = {"pool": {"range": ["1%", "5%"], "recentre": True}, "just_in_time": {"gas": 1.0}, "run": {"mode": "routed"}}
    result = Scenario.from_mapping(SHORT | more).run_all()
    assert [one.name for one in result.providers] == ["just-in-time provider", "liquidity provider", "market maker"]
    with pytest.raises(InputError, match="no just-in-time liquidity"):
        Scenario.from_mapping(SHORT | {"pool": {"contract": "v2"}, "just_in_time": {}}).run_all()


def test_a_seed_makes_the_clocks_random() -> None:
    """With a clock seed blocks come at random times, and the summary says so; without one they are regular."""
    random = Scenario.from_mapping(SHORT | {"run": {"clock_seed": 3}}).run_all().summary()["setting"]
    regular = Scenario.from_mapping(SHORT).run_all().summary()["setting"]
    assert random["random_clocks_seed"] == 3
    assert regular["random_clocks_seed"] is None
    assert random["equal_latency"] is regular["equal_latency"] is True
