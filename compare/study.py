"""The same comparison over many seeds: means, and paired differences with their standard errors."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from compare.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from compare.result import Comparison

MEASURES = ("beyond_hodl", "hedged_profit")
_BOTH_SIDES = 1.96  # standard errors on either side of a mean that hold 95 % of a normal distribution


@dataclass(frozen=True, slots=True)
class Estimate:
    """A mean over seeds.

    Attributes:
        mean: The mean.
        deviation: Standard deviation of one run.
        error: Standard error of the mean.
        runs: How many runs.
    """

    mean: float
    deviation: float
    error: float
    runs: int

    @classmethod
    def of(cls, values: Sequence[float]) -> Estimate:
        """Return the estimate from one value a run, two at least."""
        deviation = float(np.std(values, ddof=1))
        return cls(float(np.mean(values)), deviation, deviation / math.sqrt(len(values)), len(values))

    @property
    def certain(self) -> bool:
        """Whether the 95 % interval leaves zero out."""
        return abs(self.mean) > _BOTH_SIDES * self.error


@dataclass(frozen=True, slots=True)
class Study:
    """What many seeds say.

    Attributes:
        runs: One row a seed and provider; money in quote tokens.
        estimates: By provider and measure.
        differences: By pair of providers and measure, first less second in the same run: the seed's luck cancels.
    """

    runs: pd.DataFrame
    estimates: dict[tuple[str, str], Estimate]
    differences: dict[tuple[str, str, str], Estimate]

    def to_frame(self) -> pd.DataFrame:
        """Return every estimate as a row."""
        rows = [
            {
                "measure": measure,
                "what": what,
                "mean": one.mean,
                "standard_error": one.error,
                "deviation": one.deviation,
            }
            for (what, measure), one in (*self.estimates.items(), *self._named_differences())
        ]
        return pd.DataFrame(rows)

    def _named_differences(self) -> Iterator[tuple[tuple[str, str], Estimate]]:
        for (first, second, measure), one in self.differences.items():
            yield (f"{first} - {second}", measure), one

    def finding(self) -> str:
        """Return who earns more, and how sure that is, in one sentence."""
        parts = []
        for (first, second, measure), one in self.differences.items():
            if measure == "hedged_profit":
                ahead, behind = (first, second) if one.mean >= 0 else (second, first)
                margin = f"{abs(one.mean):,.0f} +- {one.error:,.0f}"
                sure = "" if one.certain else ", which is no more than chance"
                parts.append(f"hedged, the {ahead} earns {margin} more than the {behind}{sure}")
        return f"Over {self.runs['seed'].nunique()} seeds: " + "; ".join(parts)


def study(run: Callable[[int], Comparison], seeds: Sequence[int]) -> Study:
    """Run a comparison for every seed.

    Args:
        run: Runs the comparison of one seed.
        seeds: The seeds, two at least and all different.

    Raises:
        InputError: There are fewer than two seeds, or one is there twice.
    """
    if len(set(seeds)) < max(len(seeds), 2):
        raise InputError(f"seeds {list(seeds)} give no spread", place="seeds", remedy="give two or more, all different")
    rows = []
    for seed in seeds:
        result = run(seed)
        for provider in result.providers:
            book, quote = provider.book, result.market.quote_float
            hedged = sum(book.sums.edge.values()) - book.sums.gas
            rows.append(
                {
                    "seed": seed,
                    "provider": provider.name,
                    "beyond_hodl": quote(book.beyond_hodl()),
                    "hedged_profit": quote(hedged),
                    **{name: quote(amount) for name, amount in book.components().items()},
                }
            )
    runs = pd.DataFrame(rows)
    values = {(name, m): list(group[m]) for name, group in runs.groupby("provider") for m in MEASURES}
    names = sorted({str(name) for name, _ in values})
    estimates = {(str(name), m): Estimate.of(column) for (name, m), column in values.items()}
    differences = {
        (str(one), str(other), m): Estimate.of(np.subtract(values[one, m], values[other, m]).tolist())
        for one, other in combinations(names, 2)
        for m in MEASURES
    }
    return Study(runs, estimates, differences)
