"""Many seeds: means, and paired differences whose luck cancels."""

import math

import numpy as np
import pytest
from worlds import run

from compare.errors import InputError
from compare.provider_book import FlowKind
from compare.result import Comparison
from compare.seed_study import Estimate, study

RUNS = {seed: run(seed) for seed in range(6)}


def _run(seed: int) -> Comparison:
    return RUNS[seed]


def test_estimates_are_the_textbook_ones() -> None:
    """Mean, deviation and standard error of each measure are those of the runs' own numbers."""
    found = study(_run, range(6))
    values = [result.market.quote_float(result["market maker"].beyond_hodl) for result in RUNS.values()]
    one = found.estimates["market maker", "beyond_hodl"]
    assert one == Estimate(
        float(np.mean(values)), float(np.std(values, ddof=1)), float(np.std(values, ddof=1)) / 6**0.5, 6
    )


def test_paired_differences_are_taken_run_by_run() -> None:
    """The paired difference has the mean of the differences, and less spread than unpaired runs would have."""
    found = study(_run, range(6))
    pair = found.differences["liquidity provider", "market maker", "beyond_hodl"]
    lp, maker = (found.estimates[name, "beyond_hodl"] for name in ("liquidity provider", "market maker"))
    assert pair.mean == pytest.approx(lp.mean - maker.mean)
    assert pair.deviation < (lp.deviation**2 + maker.deviation**2) ** 0.5 * 1.5
    assert found.finding().startswith("Over 6 seeds: hedged, the ")


def test_a_row_is_the_books_of_its_run() -> None:
    """What a study keeps of a run are the numbers of its books, and what the tape offered at the fair price."""
    rows = {(row["seed"], row["provider"]): row for row in study(_run, range(6)).runs.to_dict("records")}
    for seed, result in RUNS.items():
        for provider in result.providers:
            row, quote, book = rows[seed, provider.name], result.market.quote_float, provider.book
            assert row["profit_and_loss"] == quote(book.profit_and_loss())
            assert row["beyond_hodl"] == quote(book.beyond_hodl())
            assert row["last_price"] == float(result.path.prices[-1])
            assert row["days"] == pytest.approx(2 / 24)
            assert row["noise_volume"] == quote(book.sums.volume[FlowKind.NOISE])
            bounds = (row["range_lower"], row["range_upper"])
            assert all(map(np.isnan, bounds)) if provider.quoted else bounds == provider.price_range
            start = row["endowment_base"] * row["first_price"] + row["endowment_quote"]
            assert start == pytest.approx(quote(book.hodl_value(book.start_ticks)))
        tape, fair = result.tape, result.path.ticks_at(result.tape.time_ns).tolist()
        offered = sum(int(lots) * ticks for lots, ticks in zip(tape.lots, fair, strict=True))
        exact = offered * tape.lot_size * result.path.tick_size
        assert row["offered_volume"] == pytest.approx(float(exact))


@pytest.mark.parametrize("runs", [2, 4, 11, 31])
def test_certain_means_95_percent_of_student(runs: int) -> None:
    """The bound at which a mean of so many runs becomes certain holds 95 % of Student's distribution inside."""
    bound = next(at / 1_000 for at in range(1_000, 20_000) if Estimate(at / 1_000, 1.0, 1.0, runs).certain)
    freedom = runs - 1
    t = np.linspace(-bound, bound, 200_001)
    scale = math.gamma((freedom + 1) / 2) / math.sqrt(freedom * math.pi) / math.gamma(freedom / 2)
    density = scale * (1 + t**2 / freedom) ** (-(freedom + 1) / 2)
    inside = float(((density[1:] + density[:-1]) / 2 * np.diff(t)).sum())
    assert inside == pytest.approx(0.95, abs=2e-4)


@pytest.mark.parametrize("seeds", [[], [1], [1, 1]])
def test_one_seed_is_no_study(seeds: list[int]) -> None:
    """Fewer than two seeds, or one twice, say nothing of the spread."""
    with pytest.raises(InputError, match="two or more, all different"):
        study(_run, seeds)
