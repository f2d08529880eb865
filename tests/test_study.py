"""Many seeds: means, and paired differences whose luck cancels."""

import numpy as np
import pytest
from worlds import run

from compare.errors import InputError
from compare.result import Comparison
from compare.study import Estimate, study

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


@pytest.mark.parametrize("seeds", [[], [1], [1, 1]])
def test_one_seed_is_no_study(seeds: list[int]) -> None:
    """Fewer than two seeds, or one twice, say nothing of the spread."""
    with pytest.raises(InputError, match="two or more, all different"):
        study(_run, seeds)
