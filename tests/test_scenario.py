"""Scenarios: every key is checked, by name, before anything runs."""

from pathlib import Path
from typing import Any

import pytest

from compare.errors import InputError
from compare.scenario import Scenario
from orderbook import AvellanedaStoikov, AvellanedaStoikovInfiniteHorizon, ProportionalSpread

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
