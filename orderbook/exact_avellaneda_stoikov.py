"""The moments of the simulation in Avellaneda and Stoikov (2008), section 3.3, computed instead of simulated.

The paper steps through time: in each step the bid and the ask fill, independently of each other, with the probability
min(A exp(-fill_decay depth) dt, 1), each by one unit at a depth from the mid price before it moves; then the mid price
goes up or down by volatility sqrt(dt). Depths depend on the time and the inventory alone, so the inventory is a Markov
chain that does not know the price, and with q for the inventory after a step's fills

    P&L = sum of depths earned + sum of q dS,

whose second sum has mean zero and variance volatility^2 dt sum E[q^2], and is uncorrelated with the first. One pass
forward over the chain, carrying for every inventory its probability and the first two moments of the depths earned so
far, gives every number of the paper's tables without sampling error. Another such pass carries expected exponential
utility instead, whose certainty equivalent takes no distribution for normal.

A `FillMode` says what a step is: the paper's, or one with the exact probability that a Poisson process has an event in
it. `orderbook.simulation` draws paths in either mode and in continuous time, where there are no steps.
"""

import enum
import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import NamedTuple

from orderbook._checks import require_int, require_positive
from orderbook.errors import FillProbabilityError, InvalidParameterError
from orderbook.quoting.avellaneda_stoikov import mean_total_spread, reservation_price, total_spread

_LARGEST_EXPONENT = 709.0  # e to the power of more than this is no float

DepthPolicy = Callable[[float, int], tuple[float, float]]
"""From the time left and the inventory to the depths of bid and ask below and above the mid price; may be negative.

A depth of infinity is a side that is not quoted."""


class FillMode(enum.Enum):
    """When a quote with the fill rate r fills."""

    LINEAR_STEP = "in each step of dt with probability r dt"
    """The paper's: it overstates fills, and needs a clamp where r dt is more than one."""
    POISSON_STEP = "in each step of dt with probability 1 - exp(-r dt)"
    """The exact probability of at least one event in the step, which then counts as one: it understates fills."""
    EVENT_DRIVEN = "at the events of a Poisson process of rate r"
    """Continuous time; after every fill both quotes are made anew."""


@dataclass(frozen=True, slots=True)
class SimulationSetting:
    """What the market does in a simulation; the defaults are the paper's.

    Attributes:
        volatility: price per square root of time.
        fill_decay: one over price.
        arrival_intensity: fills per unit of time for a quote at the mid price.
        horizon: time.
        steps: equal steps to the horizon; event-driven, how often the time is read that the quotes depend on.
        fill_mode: when quotes fill.
        clamp: whether a linear step counts a probability above one as one, as the paper must; if not, it is an error.
    """

    volatility: float = 2.0
    fill_decay: float = 1.5
    arrival_intensity: float = 140.0
    horizon: float = 1.0
    steps: int = 200
    fill_mode: FillMode = FillMode.LINEAR_STEP
    clamp: bool = True

    def __post_init__(self) -> None:
        """Refuse what is no positive number.

        Raises:
            InvalidParameterError: a parameter out of range.
        """
        for name in ("volatility", "fill_decay", "arrival_intensity", "horizon"):
            require_positive(name, getattr(self, name))
        require_int("steps", self.steps, minimum=1)

    @property
    def time_step(self) -> float:
        """Length of one step."""
        return self.horizon / self.steps

    def fill_rate(self, depth: float) -> float:
        """Fills per unit of time of a quote at this depth; infinity where that is too large for a float.

        Raises:
            InvalidParameterError: the depth is not a number, or minus infinity.
        """
        if not depth > -math.inf:
            raise InvalidParameterError("depth", depth, "a number above minus infinity")
        exponent = math.log(self.arrival_intensity) - self.fill_decay * depth
        return math.exp(exponent) if exponent < _LARGEST_EXPONENT else math.inf

    def exceeds_one(self, depth: float) -> bool:
        """Whether the fill rate at this depth times the length of a step is more than one."""
        return self.fill_rate(depth) * self.time_step > 1

    def fill_probability(self, depth: float) -> float:
        """Probability that a quote at this depth fills within one step.

        Raises:
            FillProbabilityError: it is above one, and the setting does not clamp it.
            InvalidParameterError: the fill mode has no steps.
        """
        expected = self.fill_rate(depth) * self.time_step
        if self.fill_mode is FillMode.POISSON_STEP:
            return -math.expm1(-expected)
        if self.fill_mode is FillMode.EVENT_DRIVEN:
            raise InvalidParameterError("fill_mode", self.fill_mode, "one that steps through time")
        if expected > 1 and not self.clamp:
            raise FillProbabilityError(expected, depth)
        return min(1.0, expected)


@dataclass(frozen=True, slots=True)
class Moments:
    """What a simulation of infinitely many paths would print.

    Attributes:
        mean_profit: of final wealth, in the price's unit.
        sd_profit: its standard deviation.
        mean_inventory: of the final inventory.
        sd_inventory: its standard deviation.
        mean_fills: fills on both sides together, expected over the whole run.
    """

    mean_profit: float
    sd_profit: float
    mean_inventory: float
    sd_inventory: float
    mean_fills: float

    def certainty_equivalent(self, risk_aversion: float) -> float:
        """The sure profit worth as much under exponential utility, were the profit normal: mean less half its risk.

        `exact_certainty_equivalent` takes the profit as it is distributed.
        """
        return self.mean_profit - risk_aversion * self.sd_profit**2 / 2


def inventory_policy(setting: SimulationSetting, risk_aversion: float) -> DepthPolicy:
    """The paper's "inventory" strategy: the optimal spread, centred on the reservation price."""

    def depths(time_left: float, inventory: int) -> tuple[float, float]:
        half_spread = (
            total_spread(
                risk_aversion=risk_aversion,
                volatility=setting.volatility,
                fill_decay=setting.fill_decay,
                time_left=time_left,
            )
            / 2
        )
        skew = reservation_price(
            0.0, inventory, risk_aversion=risk_aversion, volatility=setting.volatility, time_left=time_left
        )
        return half_spread - skew, half_spread + skew

    return depths


def symmetric_policy(setting: SimulationSetting, risk_aversion: float) -> DepthPolicy:
    """The paper's "symmetric" strategy: the time average of the same spread, centred on the mid price."""
    half_spread = (
        mean_total_spread(
            risk_aversion=risk_aversion,
            volatility=setting.volatility,
            fill_decay=setting.fill_decay,
            horizon=setting.horizon,
        )
        / 2
    )
    return lambda _time_left, _inventory: (half_spread, half_spread)


def bounded_policy(policy: DepthPolicy, max_inventory: int) -> DepthPolicy:
    """The same policy, without the quote that would take the inventory past a bound either way.

    Raises:
        InvalidParameterError: the bound is not an int of at least 1.
    """
    require_int("max_inventory", max_inventory, minimum=1)

    def depths(time_left: float, inventory: int) -> tuple[float, float]:
        bid_depth, ask_depth = policy(time_left, inventory)
        return (
            bid_depth if inventory < max_inventory else math.inf,
            ask_depth if inventory > -max_inventory else math.inf,
        )

    return depths


class _Outcome(NamedTuple):
    """What one step brings: how likely that is, the change of the inventory, the depths earned, the fills."""

    probability: float
    change: int
    earned: float
    fills: int


def _outcomes(setting: SimulationSetting, bid_depth: float, ask_depth: float) -> list[_Outcome]:
    """Everything one step can bring; what has no probability is left out, for its depth may be infinite."""
    bought, sold = setting.fill_probability(bid_depth), setting.fill_probability(ask_depth)
    outcomes = (
        _Outcome((1 - bought) * (1 - sold), 0, 0.0, 0),
        _Outcome(bought * (1 - sold), 1, bid_depth, 1),
        _Outcome((1 - bought) * sold, -1, ask_depth, 1),
        _Outcome(bought * sold, 0, bid_depth + ask_depth, 2),
    )
    return [outcome for outcome in outcomes if outcome.probability]


@dataclass(slots=True)
class _Mass:
    """Of all paths at one inventory: their probability, and the sums over them of depths earned and their squares."""

    probability: float = 0.0
    earned: float = 0.0
    earned_squared: float = 0.0

    def add(self, source: "_Mass", weight: float, depth: float) -> None:
        """Take in the share `weight` of another inventory's paths, each having earned `depth` more."""
        self.probability += weight * source.probability
        self.earned += weight * (source.earned + depth * source.probability)
        self.earned_squared += weight * (
            source.earned_squared + 2 * depth * source.earned + depth**2 * source.probability
        )


def exact_moments(setting: SimulationSetting, policy: DepthPolicy) -> Moments:
    """The moments of final wealth, inventory and fills under a policy, from an inventory of zero.

    Takes time in the square of the number of steps.

    Raises:
        FillProbabilityError: a probability is above one, and the setting does not clamp it.
        InvalidParameterError: the fill mode has no steps.
    """
    masses = {0: _Mass(probability=1.0)}
    fills = squared_inventory = 0.0
    for step in range(setting.steps):
        masses, step_fills = _step(masses, setting, policy, setting.horizon - step * setting.time_step)
        fills += step_fills
        squared_inventory += _mean_square_inventory(masses)
    mean = sum(mass.earned for mass in masses.values())
    variance_earned = sum(mass.earned_squared for mass in masses.values()) - mean**2
    variance_held = setting.volatility**2 * setting.time_step * squared_inventory
    mean_inventory = sum(mass.probability * inventory for inventory, mass in masses.items())
    return Moments(
        mean_profit=mean,
        sd_profit=math.sqrt(variance_earned + variance_held),
        mean_inventory=mean_inventory,
        sd_inventory=math.sqrt(_mean_square_inventory(masses) - mean_inventory**2),
        mean_fills=fills,
    )


def _step(
    masses: dict[int, _Mass], setting: SimulationSetting, policy: DepthPolicy, time_left: float
) -> tuple[dict[int, _Mass], float]:
    """Where the paths are after one step's fills, and how many fills it brings on average."""
    reached = {inventory: _Mass() for inventory in range(min(masses) - 1, max(masses) + 2)}
    fills = 0.0
    for inventory, mass in masses.items():
        for outcome in _outcomes(setting, *policy(time_left, inventory)):
            reached[inventory + outcome.change].add(mass, outcome.probability, outcome.earned)
            fills += mass.probability * outcome.probability * outcome.fills
    return {inventory: mass for inventory, mass in reached.items() if mass.probability}, fills


def exact_certainty_equivalent(setting: SimulationSetting, policy: DepthPolicy, risk_aversion: float) -> float:
    """The sure profit worth as much as a policy's under the utility -exp(-risk_aversion * profit), in the price's unit.

    Takes time in the square of the number of steps.

    Raises:
        FillProbabilityError: a probability is above one, and the setting does not clamp it.
        InvalidParameterError: the fill mode has no steps, or the risk aversion is not positive.
    """
    require_positive("risk_aversion", risk_aversion)
    move = risk_aversion * setting.volatility * math.sqrt(setting.time_step)
    log_total = 0.0
    weights = {0: 1.0}  # by inventory: the mean over all paths of exp(-risk_aversion * profit so far), in shares
    for step in range(setting.steps):
        time_left = setting.horizon - step * setting.time_step
        reached = dict.fromkeys(range(min(weights) - 1, max(weights) + 2), 0.0)
        for inventory, weight in weights.items():
            for outcome in _outcomes(setting, *policy(time_left, inventory)):
                utility = outcome.probability * math.exp(-risk_aversion * outcome.earned)
                reached[inventory + outcome.change] += weight * utility
        for inventory in reached:
            # The price goes up or down with equal odds, and the inventory goes with it.
            reached[inventory] *= math.cosh(move * inventory)
        total = math.fsum(reached.values())
        log_total += math.log(total)
        weights = {inventory: weight / total for inventory, weight in reached.items() if weight}
    return -log_total / risk_aversion


def _mean_square_inventory(masses: dict[int, _Mass]) -> float:
    return sum(mass.probability * inventory * inventory for inventory, mass in masses.items())
