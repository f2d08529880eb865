"""What can be turned while one looks: each knob with its range, and what it sets in a scenario."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any, NamedTuple

import msgspec

from compare.durations import NS_PER_SECOND, duration_ns, rate_per_ns
from compare.scenario import ORDER_SHARE, Scenario, merge

if TYPE_CHECKING:
    from collections.abc import Mapping

FEES = {"1 bp": 100, "5 bp": 500, "30 bp": 3_000, "100 bp": 10_000}
"""Fee tiers by what a person calls them, pips."""
BRISK: dict[str, dict[str, Any]] = {"prices": {"days": 0.125}, "takers": {"rate": "100/h"}}
"""What a scenario starts from here: short enough to be run anew at every touch."""
_DAY_S = 86_400


class Knob(NamedTuple):
    """A number that a slider sets.

    Attributes:
        name: Of the slider.
        title: What it says.
        start: Its least value.
        end: Its largest value.
        step: Between two values.
    """

    name: str
    title: str
    start: float
    end: float
    step: float

    def nearest(self, value: float) -> float:
        """Return the value of the slider that is nearest to one.

        >>> Knob("", "", 0.5, 20, 0.5).nearest(2.88), Knob("", "", 1, 50, 1).nearest(99)
        (3.0, 50)
        """
        steps = round((min(max(value, self.start), self.end) - self.start) / self.step)
        return self.start + steps * self.step


KNOBS = (
    Knob("volatility", "Volatility of the price (% a year)", 0, 200, 5),
    Knob("range", "Range of the liquidity (+- % of the price)", 1, 50, 1),
    Knob("noise", "Noise volume offered (million quote a day)", 0.5, 20, 0.5),
    Knob("latency", "Latency: the maker sees the price late by (s)", 0, 120, 6),
    Knob("aversion", "Risk aversion of the maker (10^x per quote; x is)", -7, -2, 0.25),
    Knob("seed", "Seed of the path and of the takers", 1, 50, 1),
)
"""Every slider of a number; the fee tier has one of its own."""


class Knobs(msgspec.Struct, frozen=True):
    """Where every knob stands."""

    volatility: float
    fee: str
    range: float
    noise: float
    latency: float
    aversion: float
    seed: float

    @classmethod
    def of(cls, scenario: Scenario, usual_aversion: float) -> Knobs:
        """Return the knobs as a scenario has them, each at the nearest value that it can stand at.

        Args:
            scenario: What to start from.
            usual_aversion: The risk aversion that the maker has where the scenario leaves it out, per quote token.
        """
        takers, width = scenario.takers, scenario.pool.range
        value = takers.mean_value if takers.mean_value is not None else _mean_value(scenario)
        daily = value * _orders_a_day(scenario)
        lag = duration_ns(scenario.maker.information_lag, key="maker.information_lag", may_be_zero=True)
        given = {
            "volatility": scenario.prices.volatility * 100,
            "range": float(width[:-1]) if isinstance(width, str) and width.endswith("%") else 10.0,
            "noise": daily / 1e6,
            "latency": lag / NS_PER_SECOND,
            "aversion": math.log10(scenario.maker.risk_aversion or usual_aversion),
            "seed": float(scenario.prices.seed),
        }
        fee = next(name for name, pips in FEES.items() if pips == scenario.pool.fee)
        return cls(fee=fee, **{knob.name: knob.nearest(given[knob.name]) for knob in KNOBS})

    def turned(self, scenario: Scenario) -> Scenario:
        """Return a scenario with what the knobs say.

        Raises:
            InputError: A value outside what a scenario allows.
        """
        prices: dict[str, Any] = {"seed": int(self.seed)}
        if scenario.prices.file is None:
            prices["volatility"] = self.volatility / 100
        takers: dict[str, Any] = {"seed": int(self.seed) + 1}
        if scenario.takers.file is None:
            takers["mean_value"] = _short(self.noise * 1e6 / _orders_a_day(scenario))
        pool: dict[str, Any] = {"fee": FEES[self.fee]}
        if scenario.pool.contract == "v3":
            pool["range"] = f"{self.range:g}%"
        maker = {"information_lag": f"{self.latency:g}s", "risk_aversion": _short(10**self.aversion)}
        tables = {"prices": prices, "takers": takers, "pool": pool, "maker": maker}
        return Scenario.from_mapping(merge(_as_tables(scenario), tables))


def brisk(tables: Mapping[str, dict[str, Any]]) -> Scenario:
    """Return the scenario of some tables, brisk where they say nothing.

    Raises:
        InputError: A key or a value that a scenario does not allow.
    """
    return Scenario.from_mapping(merge(BRISK, dict(tables)))


def _short(value: float) -> float:
    """Return a number of six digits, so that the command that runs it stays readable.

    >>> _short(2083.3333333333335)
    2083.33
    """
    return float(f"{value:.6g}")


def _as_tables(scenario: Scenario) -> dict[str, Any]:
    """Return a scenario as the tables it can be made of, those left out that it does not have."""
    tables: dict[str, Any] = msgspec.to_builtins(scenario)
    return {name: table for name, table in tables.items() if table is not None}


def _orders_a_day(scenario: Scenario) -> float:
    rate = scenario.takers.rate or BRISK["takers"]["rate"]
    return float(rate_per_ns(rate, key="takers.rate")) * NS_PER_SECOND * _DAY_S


def _mean_value(scenario: Scenario) -> float:
    return scenario.run.capital / ORDER_SHARE
