"""The same comparison over a grid of two settings, several seeds each: where each side wins."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from itertools import product
from typing import TYPE_CHECKING, Any

import msgspec
import pandas as pd

from compare.engine_choice import EngineChoice
from compare.errors import InputError
from compare.kept_runs import run_key
from compare.scenario import Scenario
from compare.seed_study import MEASURES, Study, require_seeds, run_rows

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from compare.kept_runs import KeptRuns, Rows
    from compare.seed_study import Estimate

_PAIR = ("liquidity provider", "market maker")


@dataclass(frozen=True, slots=True)
class SweepAxis:
    """One setting and the values it takes.

    Attributes:
        key: A key of a scenario, such as `prices.volatility`.
        choices: The values, at least two, as a scenario file has them, in the order in which they are drawn.
    """

    key: str
    choices: tuple[Any, ...]

    def __post_init__(self) -> None:
        """Check the key and the values.

        Raises:
            InputError: The key names no table, or there are fewer than two different values.
        """
        table, dot, name = self.key.partition(".")
        if not (table and dot and name):
            raise InputError(f"{self.key!r} is no key", place="sweep", remedy="write it as prices.volatility")
        if len(set(self.choices)) < max(len(self.choices), 2):
            problem = f"{list(self.choices)} span no axis"
            raise InputError(problem, place=self.key, remedy="give two values or more, all different")

    @classmethod
    def parse(cls, text: str) -> SweepAxis:
        """Return the axis that is written as ``table.key=value,value,...``, values as TOML has them or else as text.

        Raises:
            InputError: It is not written so.

        >>> SweepAxis.parse("takers.rate=30/h,60/h").choices, SweepAxis.parse("prices.volatility=0.2,0.4").choices
        (('30/h', '60/h'), (0.2, 0.4))
        """
        key, equals, values = text.partition("=")
        if not equals:
            raise InputError(f"{text!r} gives no values", place="sweep", remedy="write prices.volatility=0.2,0.4,0.8")
        return cls(key.strip(), tuple(_value(one.strip()) for one in values.split(",")))


@dataclass(frozen=True, slots=True)
class Sweep:
    """What a sweep found.

    Attributes:
        x: The setting across.
        y: The setting up.
        cells: The study of each cell, by its place along x and along y; every cell has the same seeds.
        pair: The two providers that are compared.
    """

    x: SweepAxis
    y: SweepAxis
    cells: dict[tuple[int, int], Study]
    pair: tuple[str, str]

    def difference(self, column: int, row: int, measure: str = "hedged_profit") -> Estimate:
        """Return how far the first of the pair is ahead of the second in one cell, paired over its seeds."""
        return self.cells[column, row].differences[*self.pair, measure]

    def estimate(self, column: int, row: int, name: str, measure: str = "hedged_profit") -> Estimate:
        """Return one provider's mean in one cell."""
        return self.cells[column, row].estimates[name, measure]

    def leader(self, column: int, row: int, measure: str = "hedged_profit") -> str | None:
        """Return who of the pair earned more in one cell; None where that is no more than chance."""
        ahead = self.difference(column, row, measure)
        if not ahead.certain:
            return None
        return self.pair[0] if ahead.mean > 0 else self.pair[1]

    def finding(self, measure: str = "hedged_profit") -> str:
        """Return in how many cells each of the pair earned more, in one sentence."""
        leaders = [self.leader(*place, measure) for place in self.cells]
        first, second = (f"the {name} leads in {leaders.count(name)}" for name in self.pair)
        chance = leaders.count(None)
        rest = f"; {chance} {'is' if chance == 1 else 'are'} no more than chance" if chance else ""
        seeds = next(iter(self.cells.values())).runs["seed"].nunique()
        return f"By {MEASURES[measure]}, of {len(leaders)} cells of {seeds} seeds {first} and {second}{rest}"

    def to_frame(self, measure: str = "hedged_profit") -> pd.DataFrame:
        """Return one row a cell: settings, both means, their paired difference, its standard error, who leads."""
        rows = []
        for column, row in self.cells:
            ahead = self.difference(column, row, measure)
            rows.append(
                {
                    self.x.key: self.x.choices[column],
                    self.y.key: self.y.choices[row],
                    **{name: self.estimate(column, row, name, measure).mean for name in self.pair},
                    "difference": ahead.mean,
                    "standard_error": ahead.error,
                    "leader": self.leader(column, row, measure),
                }
            )
        return pd.DataFrame(rows)

    def runs(self) -> pd.DataFrame:
        """Return every run of every cell: the two settings, then the columns of `Study.runs`."""
        frames = []
        for (column, row), cell in self.cells.items():
            frame = cell.runs.copy()
            frame.insert(0, self.x.key, self.x.choices[column])
            frame.insert(1, self.y.key, self.y.choices[row])
            frames.append(frame)
        return pd.concat(frames, ignore_index=True)


def sweep(
    scenario: Scenario,
    x: SweepAxis,
    y: SweepAxis,
    seeds: Sequence[int],
    *,
    progress: Callable[[int, int], None] | None = None,
    kept: KeptRuns | None = None,
) -> Sweep:
    """Run a scenario over a grid of two settings.

    Every cell has the same seeds, so that neighbours differ by their settings and not by their luck. All cells are
    checked before the first one runs.

    Args:
        scenario: Everything that the two settings leave as it is.
        x: The setting across.
        y: The setting up.
        seeds: Two at least, all different.
        progress: Called with (runs done, runs in all); runs that were kept come first, all at once.
        kept: Where finished runs are kept as they finish. Those that are there already are not run again, and what
            the sweep finds is the same to the last bit.

    Raises:
        InputError: A setting makes no sense, or the folder of kept runs cannot be used.
    """
    if x.key == y.key:
        raise InputError(f"{x.key} is on both axes", place="sweep", remedy="vary two different keys")
    scenarios = {
        (column, row): with_values(scenario, {x.key: one, y.key: other})
        for (row, other), (column, one) in product(enumerate(y.choices), enumerate(x.choices))
    }
    require_seeds(seeds)
    runs = [(place, seed) for place in scenarios for seed in seeds]
    rows: dict[tuple[tuple[int, int], int], Rows] = {}
    keys = {} if kept is None else {(place, seed): run_key(scenarios[place].with_seed(seed)) for place, seed in runs}
    for run, key in keys.items():
        there = None if kept is None else kept.rows(key)
        if there is not None:
            rows[run] = there
    if progress is not None and rows:
        progress(len(rows), len(runs))
    engine = EngineChoice(len(runs) - len(rows))
    for place, seed in runs:
        if (place, seed) not in rows:
            found = run_rows(engine.summarise(scenarios[place].with_seed(seed)), seed)
            rows[place, seed] = found if kept is None else kept.keep(keys[place, seed], found)
            if progress is not None:
                progress(len(rows), len(runs))
    cells = {place: Study.of([row for seed in seeds for row in rows[place, seed]]) for place in scenarios}
    return Sweep(x, y, cells, _PAIR)


def with_values(scenario: Scenario, values: dict[str, Any]) -> Scenario:
    """Return a scenario with single keys, written `table.key`, set.

    Raises:
        InputError: There is no such key, or the value is out of its range.
    """
    tables: dict[str, Any] = msgspec.to_builtins(scenario)
    for key, value in values.items():
        table, _, name = key.partition(".")
        tables[table] = {**(tables.get(table) or {}), name: value}
    return Scenario.from_mapping(tables)


def _value(text: str) -> Any:  # noqa: ANN401 - whatever TOML has
    """Return a value as TOML reads it, or else the text itself."""
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
