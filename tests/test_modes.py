"""Three modes, one report: the same path and tape however takers meet the venues, and the same bytes every time."""

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest
from figures import png, require_greys, require_units, title_of
from rich.console import Console
from worlds import gbm, market_of, poisson, providers

from compare import charts
from compare.charts.style import amount_text
from compare.errors import InputError
from compare.files import write_whole
from compare.just_in_time_provider import JustInTime
from compare.liquidity_provider import LiquidityProvider
from compare.modes import ModeComparison, replay_modes
from compare.output import mode_writers, writers
from compare.provider_book import FlowKind
from compare.result import Comparison
from compare.run import replay
from compare.scenario import Scenario
from compare.tables import print_modes
from compare.world import Mode, Provider

PATH = gbm(hours=0.5)
MARKET = market_of(PATH)
TAPE = poisson(PATH, MARKET)
POOL, MAKER = "liquidity provider", "market maker"
SHORT = {"prices": {"days": 0.02}, "takers": {"rate": "300/h"}, "run": {"mode": "all"}}


def three(sides: list[Provider] | None = None) -> ModeComparison:
    return replay_modes(PATH, TAPE, sides or providers(), capital=200_000, market=MARKET, samples=10)


FOUND = three()


@pytest.mark.parametrize("mode", Mode)
def test_each_mode_is_the_run_that_stands_alone(mode: Mode) -> None:
    """On the very path and tape: every trade and every number is that of a replay in the one mode."""
    alone = replay(PATH, TAPE, providers(), capital=200_000, market=MARKET, mode=mode, samples=10)
    assert FOUND[mode].executions() == alone.executions()
    assert FOUND[mode].summary() == alone.summary()
    assert {result.path.sha256 for result in FOUND.by_mode.values()} == {PATH.sha256}
    assert {result.tape.sha256 for result in FOUND.by_mode.values()} == {TAPE.sha256}


def test_the_order_of_the_providers_changes_no_bit() -> None:
    """Everyone named the other way round: the same summary, table and picture, with a just-in-time provider too."""
    sides = [*providers(), JustInTime(gas=1)]
    one, other = three(sides), three(sides[::-1])
    assert json.dumps(one.summary()) == json.dumps(other.summary())
    assert one.to_frame().equals(other.to_frame())
    assert png(charts.modes(one)) == png(charts.modes(other))


def test_the_summary_has_one_setting_and_every_mode() -> None:
    """The setting stands once, and each mode has providers and identities, all of them closed."""
    summary = FOUND.summary()
    assert summary["setting"]["mode"] == "all"
    assert summary["setting"]["tape_sha256"] == TAPE.sha256
    assert list(summary["modes"]) == ["parallel", "routed", "matched"]
    for mode in Mode:
        part = summary["modes"][mode.value]
        assert set(part) == {"providers", "identities"}
        assert {residual for one in part["identities"].values() for residual in one.values()} == {"0"}


def test_the_finding_is_the_largest_hedged_profit_of_each_mode() -> None:
    """Leaders are told from the books; one sentence says whether they agree."""
    for mode, name in FOUND.leaders().items():
        hedged = {one.name: one.book.hedged_profit() for one in FOUND[mode].providers}
        assert hedged[name] == max(hedged.values())
    same = len(set(FOUND.leaders().values())) == 1
    assert ("however" in FOUND.finding()) == same


def test_the_finding_names_who_leads_where() -> None:
    """A maker that quotes close wins the flow that both share, and earns less than a pool where each has all of it."""
    mixed = three(providers(half_spread_pips=200, taker_fee=0))
    leaders = mixed.leaders()
    assert leaders == {Mode.PARALLEL: POOL, Mode.ROUTED: MAKER, Mode.MATCHED: POOL}
    said = mixed.finding()
    assert said.startswith("Hedged, who earns most depends on how takers meet the venues: it is the ")
    for name in set(leaders.values()):
        modes = " and ".join(mode.value for mode in leaders if leaders[mode] == name)
        assert f"the {name} in {modes} mode" in said


def test_in_matched_mode_both_trade_the_same() -> None:
    """Of each noise order what both can fill, in both: the same base, order by order."""
    traded = {
        one.name: {trade.uid: trade.taker.base for trade in one.trades if trade.kind is FlowKind.NOISE}
        for one in FOUND["matched"].providers
    }
    assert traded[POOL] == traded[MAKER]


def test_the_table_has_a_row_for_each_mode_and_provider() -> None:
    """Hedged profits are the books', and what a side does not have is empty."""
    frame = FOUND.to_frame()
    assert len(frame) == 6
    for row in frame.to_dict("records"):
        result = FOUND[row["mode"]]
        assert row["hedged_profit"] == result.market.quote_float(result[row["provider"]].book.hedged_profit())
    assert frame[frame["provider"] == POOL]["spread_capture"].isna().all()


def test_the_picture_has_every_number() -> None:
    """Bars in greys, units on the axes, each bar with its amount, the finding as the title."""
    figure = charts.modes(FOUND)
    require_greys(figure)
    require_units(figure)
    assert title_of(figure) == FOUND.finding()
    above, below = figure.axes
    for axes, amount_of in ((above, _hedged), (below, _noise_volume)):
        texts = [text.get_text() for text in axes.texts]
        expected = [amount_text(amount_of(FOUND[mode], name)) for name in (POOL, MAKER) for mode in Mode]
        assert texts == expected


def _hedged(result: Comparison, name: str) -> float:
    return result.market.quote_float(result[name].book.hedged_profit())


def _noise_volume(result: Comparison, name: str) -> float:
    return result.market.quote_float(result[name].book.sums.volume[FlowKind.NOISE])


def test_progress_counts_all_runs() -> None:
    """It never goes back, and ends at the events of three runs."""
    seen: list[tuple[int, int]] = []
    replay_modes(
        PATH,
        TAPE,
        providers(),
        capital=200_000,
        market=MARKET,
        samples=2,
        progress=lambda done, total: seen.append((done, total)),
    )
    shares = [done / total for done, total in seen]
    assert shares == sorted(shares)
    assert shares[-1] == 1


@pytest.mark.parametrize("modes", [(), (Mode.ROUTED, Mode.ROUTED)])
def test_no_modes_are_none(modes: tuple[Mode, ...]) -> None:
    """Nothing, and the same twice, are refused."""
    with pytest.raises(InputError, match="not modes"):
        replay_modes(PATH, TAPE, providers(), capital=200_000, modes=modes)


def test_a_scenario_of_all_modes_is_three_scenarios() -> None:
    """`run_modes` gives what `run_all` gives in each mode, the arbitrage split too; either refuses the other's key."""
    scenario = Scenario.from_mapping(SHORT | {"run": {"mode": "all", "split_arbitrage": True}})
    found = scenario.run_modes(samples=5)
    for mode in Mode:
        alone = scenario.in_mode(mode).run_all(samples=5)
        assert alone.summary() == found[mode].summary()
        assert alone.arbitrage is not None
    with pytest.raises(InputError, match=r"run\.mode: all modes are three runs"):
        scenario.run_all()
    with pytest.raises(InputError, match=r"run\.mode: routed is one mode"):
        scenario.in_mode(Mode.ROUTED).run_modes()


def lpmm(*arguments: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", "from compare.cli import main; main()", "compare", "--days", "0.02", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False)


def _files(folder: Path) -> list[str]:
    return [path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()]


def test_the_command_writes_one_report_and_a_folder_for_each_mode(tmp_path: Path) -> None:
    """One table on the terminal; a folder of each mode laid out as that of the mode alone, and the same bytes in it."""
    done = lpmm("--mode", "all", "--out", str(tmp_path / "all"))
    assert done.returncode == 0, done.stderr
    scenario = Scenario.from_mapping({"prices": {"days": 0.02}, "run": {"mode": "all"}})
    alone = scenario.in_mode(Mode.ROUTED)
    again = mode_writers(scenario.run_modes(), scenario)
    single = {f"single/{name}": write for name, write in writers(alone.run_all(), alone).items()}
    assert sorted(_files(tmp_path / "all")) == sorted(again)
    assert {"summary.json", "modes.csv", "modes.png"} == {name for name in again if "/" not in name}
    assert {name.removeprefix("routed/") for name in again if name.startswith("routed/")} == {
        name.removeprefix("single/") for name in single
    }
    # The pictures of one mode are those of a comparison: tests/test_charts.py draws each of them twice.
    quick = {name: write for name, write in (again | single).items() if "/" not in name or not name.endswith(".png")}
    write_whole(tmp_path / "again", quick)
    for name in _files(tmp_path / "again"):
        there = name.replace("single/", "routed/")
        assert (tmp_path / "again" / name).read_bytes() == (tmp_path / "all" / there).read_bytes(), name
    for mode in Mode:
        assert mode.value in done.stdout
    assert "residual 0" in done.stdout
    for label in (
        "break-even: noise volume, hedged",
        "profit hedged: bp of volume",
        "profit hedged: a year, on capital",
    ):
        assert label in done.stdout
    assert "equal latency: arbitrageur and makers act every 12 s" in " ".join(done.stdout.split())


def test_the_command_prints_json_for_machines() -> None:
    """The summary of all modes and nothing else; a wrong mode is refused by name."""
    done = lpmm("--mode", "all", "--json")
    assert list(json.loads(done.stdout)["modes"]) == ["parallel", "routed", "matched"]
    done = lpmm("--mode", "some")
    assert (done.returncode, len(done.stderr.strip().splitlines())) == (2, 1)
    assert "run.mode" in done.stderr


def test_whoever_is_not_in_a_mode_has_no_cell() -> None:
    """A mode in which a provider takes no part leaves its column empty, its bar away, and its row out."""
    both, alone = (
        replay(PATH, TAPE, sides, capital=200_000, market=MARKET) for sides in (providers(), providers()[:1])
    )
    found = ModeComparison({Mode.PARALLEL: both, Mode.ROUTED: alone})
    assert found.hedged(Mode.ROUTED, MAKER) is None
    assert len(found.to_frame()) == 3
    assert len(charts.modes(found).axes[0].texts) == 3
    console = Console(width=100, record=True, file=io.StringIO())
    print_modes(console, found)
    (row,) = [line for line in console.export_text().splitlines() if "spread capture" in line]
    assert re.fullmatch(r"\W*spread capture\W+[\d.,]+\W*", row)


def test_a_watcher_of_two_pools_is_two_providers_in_every_mode() -> None:
    """A just-in-time provider has books of its own in each pool it watches, under names of their own."""
    sides: list[Provider] = [
        LiquidityProvider("5%", 500, name="narrow"),
        LiquidityProvider("50%", 500, name="wide"),
        JustInTime(),
    ]
    found = three(sides)
    names = [one.name for one in found["parallel"].providers]
    assert names == ["just-in-time provider", "just-in-time provider in wide", "narrow", "wide"]
    lengths = {len(one.samples) for one in found["parallel"].providers}
    assert lengths == {10}
