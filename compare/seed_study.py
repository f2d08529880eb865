"""The same comparison over many seeds: means, and paired differences with their standard errors."""

from __future__ import annotations

import math
from dataclasses import dataclass
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from compare.durations import NS_PER_DAY
from compare.errors import InputError
from compare.provider_book import FlowKind

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from compare.result import Comparison, ProviderResult
    from compare.summary import ProviderSummary, Summary

MEASURES = {"beyond_hodl": "profit beyond HODL", "hedged_profit": "hedged profit"}
# Standard errors on either side of a mean that hold 95 % of Student's distribution, by degrees of freedom from 1 on;
# beyond these, of the normal distribution.
_STUDENT = (
    *(12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228),
    *(2.201, 2.179, 2.160, 2.145, 2.131, 2.120, 2.110, 2.101, 2.093, 2.086),
    *(2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042),
)
_NORMAL = 1.96


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
        """Whether the 95 % interval of the mean, by Student's distribution, leaves zero out."""
        freedom = self.runs - 1
        return abs(self.mean) > (_STUDENT[freedom - 1] if freedom <= len(_STUDENT) else _NORMAL) * self.error


@dataclass(frozen=True, slots=True)
class Study:
    """What many seeds say.

    Attributes:
        runs: One row a seed and provider: the run's length in days, its first and last price, what the provider began
            with, the range of its liquidity at the end, its profits and their components, the noise volume it traded,
            and what the tape offered. Prices are in quote per base, base in base tokens, all else in quote tokens.
        estimates: By provider and measure.
        differences: By pair of providers and measure, first less second in the same run: the seed's luck cancels.
    """

    runs: pd.DataFrame
    estimates: dict[tuple[str, str], Estimate]
    differences: dict[tuple[str, str, str], Estimate]

    @classmethod
    def of(cls, rows: Sequence[dict[str, Any]]) -> Study:
        """Return what the rows of several seeds (see `run_rows`) say together."""
        runs = pd.DataFrame(rows)
        values = {(name, m): list(group[m]) for name, group in runs.groupby("provider") for m in MEASURES}
        names = sorted({str(name) for name, _ in values})
        estimates = {(str(name), m): Estimate.of(column) for (name, m), column in values.items()}
        differences = {
            (str(one), str(other), m): Estimate.of(np.subtract(values[one, m], values[other, m]).tolist())
            for one, other in combinations(names, 2)
            for m in MEASURES
        }
        return cls(runs, estimates, differences)

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


def study(run: Callable[[int], Comparison | Summary], seeds: Sequence[int]) -> Study:
    """Run a comparison for every seed.

    Args:
        run: Runs the comparison of one seed; of its outcome only what stands at the end counts.
        seeds: The seeds, two at least and all different.

    Raises:
        InputError: There are fewer than two seeds, or one is there twice.
    """
    require_seeds(seeds)
    return Study.of([row for seed in seeds for row in run_rows(run(seed), seed)])


def require_seeds(seeds: Sequence[int]) -> None:
    """Check that seeds give a spread.

    Raises:
        InputError: There are fewer than two, or one is there twice.
    """
    if len(set(seeds)) < max(len(seeds), 2):
        raise InputError(f"seeds {list(seeds)} give no spread", place="seeds", remedy="give two or more, all different")


def run_rows(result: Comparison | Summary, seed: int) -> list[dict[str, Any]]:
    """Return what a study keeps of one run: a row for each provider, of numbers, texts and None."""
    return [{"seed": seed, **_row(result, provider)} for provider in result.providers]


def _row(result: Comparison | Summary, provider: ProviderResult | ProviderSummary) -> dict[str, str | float | None]:
    """Return what a study keeps of one provider's run."""
    market, book, path, tape = result.market, provider.book, result.path, result.tape
    quote = market.quote_float
    lower, upper = provider.price_range or (None, None)
    fair = path.ticks_at(tape.time_ns) * float(path.tick_size)
    return {
        "provider": provider.name,
        "days": result.duration_ns / NS_PER_DAY,
        "first_price": market.price_float(book.start_ticks),
        "last_price": market.price_float(book.fair_ticks),
        "endowment_base": market.base_float(book.endowment.base),
        "endowment_quote": quote(market.cash(book.endowment.quote)),
        "range_lower": lower,
        "range_upper": upper,
        "profit_and_loss": quote(book.profit_and_loss()),
        "beyond_hodl": quote(book.beyond_hodl()),
        "hedged_profit": quote(book.hedged_profit()),
        **{name: quote(amount) for name, amount in book.components().items()},
        "noise_volume": quote(book.sums.volume[FlowKind.NOISE]),
        "offered_volume": float(tape.lots @ fair) * float(tape.lot_size),
    }
