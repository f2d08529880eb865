"""A grid of scenarios: each cell is the study that stands alone, and nothing starts before all is checked."""

import pytest

from compare.errors import InputError
from compare.grid_sweep import Sweep, SweepAxis, sweep, with_values
from compare.scenario import Scenario
from compare.seed_study import study

SHORT = Scenario.from_mapping({"prices": {"days": 0.02}, "takers": {"rate": "300/h"}})
X, Y = SweepAxis("prices.volatility", (0.3, 1.5)), SweepAxis("takers.rate", ("60/h", "600/h"))


@pytest.fixture(scope="module")
def found() -> Sweep:
    return sweep(SHORT, X, Y, (3, 4))


def test_each_cell_is_the_study_of_its_own_scenario(found: Sweep) -> None:
    """One cell, run by itself with the same seeds, gives the same rows."""
    alone = with_values(SHORT, {"prices.volatility": 1.5, "takers.rate": "60/h"})
    runs = study(lambda seed: alone.with_seed(seed).run_all(), (3, 4)).runs
    assert found.cells[1, 0].runs.equals(runs)


def test_the_runs_say_where_they_stand(found: Sweep) -> None:
    """The table of all runs has the two settings of each, and every cell's rows."""
    runs = found.runs()
    assert list(runs.columns[:3]) == ["prices.volatility", "takers.rate", "seed"]
    assert len(runs) == 2 * 2 * 2 * 2
    some = runs[(runs["prices.volatility"] == 0.3) & (runs["takers.rate"] == "600/h")]
    assert list(some["beyond_hodl"]) == list(found.cells[0, 1].runs["beyond_hodl"])


def test_the_difference_is_paired(found: Sweep) -> None:
    """A cell's difference is the mean over seeds of first less second, and the leader its sign where it is certain."""
    frame = found.to_frame()
    for place, (column, row) in enumerate(found.cells):
        runs = found.cells[column, row].runs.pivot_table(index="seed", columns="provider", values="hedged_profit")
        ahead = (runs[found.pair[0]] - runs[found.pair[1]]).mean()
        assert frame["difference"][place] == pytest.approx(ahead)
        leader = found.leader(column, row)
        assert leader in {found.pair[int(ahead < 0)], None}
        assert (leader is None) == (not found.difference(column, row).certain)


def test_the_finding_counts_every_cell(found: Sweep) -> None:
    """Cells led by each, and those of chance, add up to the grid."""
    counts = [sum(found.leader(*place) == name for place in found.cells) for name in (*found.pair, None)]
    said = found.finding()
    assert sum(counts) == 4
    assert f"the liquidity provider leads in {counts[0]} and the market maker leads in {counts[1]}" in said
    assert ("no more than chance" in said) == (counts[2] > 0)


def test_progress_counts_runs() -> None:
    """Every finished run is reported, up to all of them."""
    seen: list[tuple[int, int]] = []
    sweep(SHORT, X, Y, (3, 4), progress=lambda done, total: seen.append((done, total)))
    assert seen == [(done, 8) for done in range(1, 9)]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("prices.volatility", "gives no values"),
        ("volatility=0.2,0.4", "is no key"),
        ("prices.volatility=0.2", "span no axis"),
        ("prices.volatility=0.2,0.2", "span no axis"),
    ],
)
def test_an_axis_that_is_none_is_refused(text: str, message: str) -> None:
    """The message says what an axis is."""
    with pytest.raises(InputError, match=message):
        SweepAxis.parse(text)


@pytest.mark.parametrize(
    ("y", "message"),
    [
        (SweepAxis("prices.hope", (1, 2)), "hope"),
        (SweepAxis("pool.fee", (500, 501)), "501"),
        (SweepAxis("prices.volatility", (1.0, 2.0)), "on both axes"),
    ],
)
def test_nothing_runs_unless_every_cell_makes_sense(y: SweepAxis, message: str) -> None:
    """A wrong value in the last cell is refused before the first cell runs."""
    ran: list[int] = []
    with pytest.raises(InputError, match=message):
        sweep(SHORT, X, y, (3, 4), progress=lambda done, _: ran.append(done))
    assert not ran


def test_a_table_that_was_left_out_can_be_swept() -> None:
    """Setting a key of the just-in-time table adds the table."""
    one = with_values(Scenario(), {"just_in_time.gas": 2.5})
    assert one.just_in_time is not None
    assert one.just_in_time.gas == 2.5
