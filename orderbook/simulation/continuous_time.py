"""Exact moments of a policy that does not depend on the time, with fills in continuous time.

The inventory is a Markov chain with the policy's fill rates, and what its paths hold and earn obeys linear differential
equations with constant coefficients: for each inventory q the probability p, and the sums over all paths there of the
depths earned and of their squares. So one matrix exponential gives every moment at the horizon; another, of the
chain's rates weighted with exp(-risk_aversion * depth), gives expected exponential utility.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from orderbook._checks import require_int, require_positive
from orderbook.exact_avellaneda_stoikov import DepthPolicy, Moments, SimulationSetting, bounded_policy

Matrix = NDArray[np.float64]

_TAYLOR_TERMS = 20


@dataclass(frozen=True, slots=True, eq=False)
class ContinuousTimeMoments:
    """What an event-driven simulation of infinitely many paths would print.

    Attributes:
        moments: of final wealth, inventory and fills.
        setting: the market.
        bid_depth: depths of the bid, by inventory from -max_inventory to max_inventory.
        ask_depth: depths of the ask.
    """

    moments: Moments
    setting: SimulationSetting
    bid_depth: Matrix
    ask_depth: Matrix

    def certainty_equivalent(self, risk_aversion: float) -> float:
        """The sure profit worth as much under the utility -exp(-risk_aversion * profit), in the price's unit.

        Raises:
            InvalidParameterError: the risk aversion is not positive.
        """
        require_positive("risk_aversion", risk_aversion)
        risk = (risk_aversion * self.setting.volatility * _inventories(self.bid_depth.size)) ** 2 / 2
        bid_rate, ask_rate = (_rates(self.setting, depth) for depth in (self.bid_depth, self.ask_depth))
        generator = np.diag(risk - bid_rate - ask_rate)
        generator += np.diag((bid_rate * np.exp(-risk_aversion * self.bid_depth))[:-1], k=1)
        generator += np.diag((ask_rate * np.exp(-risk_aversion * self.ask_depth))[1:], k=-1)
        utility = matrix_exponential(generator * self.setting.horizon)[self.bid_depth.size // 2].sum()
        return -math.log(utility) / risk_aversion


def continuous_time_moments(
    setting: SimulationSetting, policy: DepthPolicy, *, max_inventory: int
) -> ContinuousTimeMoments:
    """The moments of a policy, asked once with the whole horizon left, from an inventory of zero.

    Args:
        setting: the market; its fill mode and steps play no part.
        policy: its depths are taken to be the same at any time.
        max_inventory: at it, either way, the quote that would go further is not made.

    Raises:
        InvalidParameterError: the bound is not an int of at least 1.
    """
    require_int("max_inventory", max_inventory, minimum=1)
    bounded = bounded_policy(policy, max_inventory)
    inventories = range(-max_inventory, max_inventory + 1)
    bid_depth, ask_depth = np.array([bounded(setting.horizon, held) for held in inventories], dtype=np.float64).T
    moments = _moments(setting, bid_depth, ask_depth)
    return ContinuousTimeMoments(moments, setting, bid_depth, ask_depth)


def _moments(setting: SimulationSetting, bid_depth: Matrix, ask_depth: Matrix) -> Moments:
    size = bid_depth.size
    bid_rate, ask_rate = _rates(setting, bid_depth), _rates(setting, ask_depth)
    # A side without a quote has an infinite depth and the rate zero, whose product is to be zero.
    bid_earns, ask_earns = np.where(bid_rate > 0, bid_depth, 0.0), np.where(ask_rate > 0, ask_depth, 0.0)

    def flow(power: int) -> Matrix:
        """Rates from the row's inventory to the column's, each times a power of its depth."""
        return np.diag((bid_rate * bid_earns**power)[:-1], k=1) + np.diag((ask_rate * ask_earns**power)[1:], k=-1)

    chain = flow(0) - np.diag(bid_rate + ask_rate)
    inventories = _inventories(size)
    # Rows of the state: probability, earned, earned squared, and the integrals of q^2 p and of the fill rate.
    generator = np.zeros((3 * size + 2, 3 * size + 2))
    first, second, third = (slice(index * size, (index + 1) * size) for index in range(3))
    for block in (first, second, third):
        generator[block, block] = chain
    generator[first, second] = flow(1)
    generator[second, third] = 2 * flow(1)
    generator[first, third] = flow(2)
    generator[first, 3 * size] = inventories**2
    generator[first, 3 * size + 1] = bid_rate + ask_rate
    end = matrix_exponential(generator * setting.horizon)[size // 2]
    mean = float(end[second].sum())
    variance = float(end[third].sum()) - mean**2 + setting.volatility**2 * float(end[3 * size])
    mean_inventory = float(end[first] @ inventories)
    return Moments(
        mean_profit=mean,
        sd_profit=math.sqrt(variance),
        mean_inventory=mean_inventory,
        sd_inventory=math.sqrt(float(end[first] @ inventories**2) - mean_inventory**2),
        mean_fills=float(end[3 * size + 1]),
    )


def matrix_exponential(matrix: Matrix) -> Matrix:
    """The exponential of a square matrix, by halving it until its Taylor series is short, and squaring the sum back."""
    norm = float(np.abs(matrix).sum(axis=1).max())
    halvings = max(0, math.ceil(math.log2(norm))) if norm else 0
    small = matrix / 2**halvings
    total = term = np.eye(len(matrix))
    for order in range(1, _TAYLOR_TERMS + 1):
        term = term @ small / order
        total = total + term
    for _ in range(halvings):
        total = total @ total
    return total


def _inventories(size: int) -> Matrix:
    return np.arange(size, dtype=np.float64) - size // 2


def _rates(setting: SimulationSetting, depths: Matrix) -> Matrix:
    return np.array([setting.fill_rate(depth) for depth in depths.tolist()])
