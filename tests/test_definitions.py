"""The definitions page: every name that a command prints or writes is on it."""

import re
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from typing import Any

import pytest

from amm.snapshot import Snapshot
from amm.uniswap_v2 import UniswapV2Pair
from amm.uniswap_v3.pool import UniswapV3Pool
from compare import Scenario, SweepAxis, study, sweep
from compare.pool_show import snapshot_rows
from compare.reproduce import REPRODUCTIONS
from compare.reproduce_cli import _as_dict
from compare.tables import _rows

PAGE = (Path(__file__).parents[1] / "docs" / "definitions.md").read_text(encoding="utf-8")
DEFINED = set(chain.from_iterable(text.split(", ") for text in re.findall(r"`([^`\n]+)`", PAGE)))
SHORT: dict[str, Any] = {"prices": {"days": 0.01}}
NAMED_BY_THE_USER = {"just-in-time provider", "liquidity provider", "market maker", "prices.volatility", "takers.rate"}
TOPS = {"prices", "takers", "volatility", "rate"}


def names(tree: Any) -> Iterator[str]:  # noqa: ANN401 - what JSON holds
    """Every key, at every depth; of identities only where they stand, for their names are sentences."""
    if isinstance(tree, dict):
        for key, value in tree.items():
            yield key
            if key != "identities":
                yield from names(value)
    elif isinstance(tree, list):
        for value in tree:
            yield from names(value)


def undefined(found: Iterable[str]) -> set[str]:
    return set(found) - DEFINED - NAMED_BY_THE_USER


def test_every_name_of_a_summary_is_defined() -> None:
    """All that `lpmm compare --json` prints, for a just-in-time provider, a loan and a second run without noise too."""
    more = {"run": {"split_arbitrage": True, "leverage": 2.0}, "just_in_time": {}}
    summary = Scenario.from_mapping({**SHORT, **more}).run_all().summary()
    assert not undefined(set(names(summary)) - {"setting", "providers"} - set(summary["providers"]))


def test_every_name_of_the_modes_is_defined() -> None:
    """All that a run in every mode writes: its frame and its summary."""
    found = Scenario.from_mapping({**SHORT, "run": {"mode": "all"}}).run_modes()
    assert not undefined(part for name in found.to_frame().columns for part in name.split("."))
    assert not undefined(set(names(found.summary())) - {"setting", "providers"})


def test_every_column_of_samples_and_seeds_is_defined() -> None:
    """The books over time, the runs of a study, and its estimates."""
    scenario = Scenario.from_mapping(SHORT)
    assert not undefined(scenario.run_all().samples_frame().columns)
    found = study(lambda seed: scenario.with_seed(seed).run_all(), [1, 2])
    assert not undefined(part for name in found.runs.columns for part in name.split("."))
    assert not undefined(found.to_frame().columns)


def test_every_column_of_a_sweep_is_defined(monkeypatch: pytest.MonkeyPatch) -> None:
    """Its cells and its runs; the two settings are the user's own."""
    monkeypatch.setattr("compare.summary.has_compiler", lambda: False)  # nothing is compiled for a few runs
    axes = SweepAxis.parse("prices.volatility=0.3,0.6"), SweepAxis.parse("takers.rate=60/h,90/h")
    found = sweep(Scenario.from_mapping({**SHORT, "just_in_time": {}}), *axes, [1, 2])
    assert not undefined(part for name in found.runs().columns for part in {name, *name.split(".")} - TOPS)
    assert not undefined(found.to_frame().columns)


def test_every_name_of_a_reproduction_is_defined() -> None:
    """What `lpmm reproduce --json` prints."""
    one = REPRODUCTIONS["just-in-time"]
    assert not undefined(names(_as_dict(one, one.rows(100, 1, lambda _done, _total: None))))


@pytest.mark.parametrize("kind", ["v2", "v3"])
def test_every_row_of_a_pool_is_defined(kind: str) -> None:
    """What `lpmm pool show` prints, of a pool with one position and of a pair with one holder."""
    if kind == "v2":
        pair = UniswapV2Pair.from_reserves(10**9, 10**9)
        pair.transfer_in(10**6, 10**6)
        pair.mint("alice")
        snapshot = Snapshot(pair)
    else:
        pool = UniswapV3Pool(fee=500, tick_spacing=10)
        pool.initialize(2**96)
        pool.mint("alice", -10, 10, 10**9)
        snapshot = Snapshot(pool)
    rows = {re.sub(r"^(position|holder) .*", r"\1", name).strip() for name, _ in snapshot_rows(snapshot)}
    assert not undefined(rows)


def test_every_printed_row_is_defined() -> None:
    """The first column of the table that `lpmm compare` prints, in the words of the page."""
    more = {"run": {"split_arbitrage": True, "leverage": 2.0}, "just_in_time": {}}
    result = Scenario.from_mapping({**SHORT, **more}).run_all()
    printed = {label for label, _ in _rows([(result, provider) for provider in result.providers])}
    first_columns = re.findall(r"^\| ([^|]+) \|", PAGE, re.MULTILINE)
    assert printed <= {one.strip() for one in first_columns}
