"""The quotes of the strategies in `compare._compiled.strategies`, rounded as the plain ones round them."""

from typing import Any, NamedTuple

import numpy as np

from amm._compiled.limbs import as_unsigned, to_machine, to_wide
from amm._compiled.plain_functions import compiled
from compare._compiled.inventory_values import depths
from compare._compiled.strategies import (
    FIXED_SPREAD,
    GLFT_ASYMPTOTIC,
    INFINITE_AVELLANEDA_STOIKOV,
    PROPORTIONAL_AVELLANEDA_STOIKOV,
    PROPORTIONAL_SPREAD,
    TABULATED,
)
from lpmm_numba.parts import part
from orderbook.quoting import avellaneda_stoikov as paper
from orderbook.quoting import glft
from orderbook.quoting import proportional_avellaneda_stoikov as proportional

_quoted_prices = compiled(paper.quoted_prices)
_parameters_at = compiled(proportional.parameters_at)
_infinite_horizon_indifference_prices = compiled(paper.infinite_horizon_indifference_prices)
_leaning_depths = compiled(glft.leaning_depths)

_PIPS = 1_000_000
_NS_PER_SECOND = 1_000_000_000
_EXACT = 1 << 53  # up to here a float holds every integer
_LONG = 1 << 61
_MOST_TICKS = float(1 << 62)


class View(NamedTuple):
    """What a strategy is shown: nanoseconds, ticks, lots beyond the target."""

    time_ns: Any
    fair_ticks: Any
    inventory: Any


class Prices(NamedTuple):
    """A bid and an ask in ticks, zero where there is none; not right where the plain engine has to judge."""

    bid: Any
    ask: Any
    right: Any


class Sizes(NamedTuple):
    """The lots of the bid and of the ask."""

    bid: Any
    ask: Any


@part
def wanted_sizes(view, strategy):
    """Return the lots of both quotes, zero where there is none."""
    size = strategy.size
    if strategy.number == INFINITE_AVELLANEDA_STOIKOV:
        most = strategy.whole[0]
        return Sizes(max(min(size, most - view.inventory), 0), max(min(size, most + view.inventory), 0))
    return Sizes(size, size)


@part
def wanted_prices(view, strategy):
    """Return the prices of both quotes."""
    if strategy.number == PROPORTIONAL_SPREAD:
        pips = strategy.whole[0]
        bid = view.fair_ticks * (_PIPS - pips) // _PIPS  # rounded down
        ask = -(-view.fair_ticks * (_PIPS + pips) // _PIPS)  # rounded up
        return _checked(bid, ask, True)
    if strategy.number == FIXED_SPREAD:
        numerator, denominator = strategy.whole
        bid = (view.fair_ticks * denominator - numerator) // denominator  # rounded down
        ask = -((-view.fair_ticks * denominator - numerator) // denominator)  # rounded up
        return _checked(bid, ask, True)
    if strategy.number == GLFT_ASYMPTOTIC or strategy.number == INFINITE_AVELLANEDA_STOIKOV:  # noqa: PLR1714 - numba
        return _timeless(view, strategy)
    if strategy.number == TABULATED:
        return _tabulated(view, strategy)
    return _up_to_horizon(view, strategy)


@part
def _timeless(view, strategy):
    """Return the prices of a model without a horizon."""
    fair, held = float(view.fair_ticks), view.inventory / strategy.size
    if strategy.number == GLFT_ASYMPTOTIC:
        depth, skew, without_skew = strategy.real
        bid_depth, ask_depth = _leaning_depths(held, depth, skew, without_skew)
        return _outward(fair - bid_depth, fair + ask_depth)
    if abs(view.inventory) > strategy.whole[0]:
        return Prices(0, 0, False)
    risk_aversion, margin, rate = strategy.real
    low, high = _infinite_horizon_indifference_prices(fair, held, risk_aversion, 1.0, rate)
    return _outward(low - margin, high + margin)


@part
def _tabulated(view, strategy):
    """Return the prices of a model with a horizon and a bound on the inventory."""
    horizon_ns, most = strategy.whole
    if view.time_ns > horizon_ns or abs(view.inventory) > most:
        return Prices(0, 0, False)
    fair, held, left = float(view.fair_ticks), view.inventory / strategy.size, seconds(horizon_ns - view.time_ns)
    found = depths(strategy.values, held, left, strategy.real[0], strategy.real[1])
    if not found.right:
        return Prices(0, 0, False)
    return _outward(fair - found.bid, fair + found.ask)


@part
def _up_to_horizon(view, strategy):
    """Return Avellaneda and Stoikov's prices, with parameters in ticks or relative to the price."""
    fair, horizon_ns = float(view.fair_ticks), strategy.whole[0]
    if view.time_ns > horizon_ns:
        return Prices(0, 0, False)
    risk_aversion, volatility, fill_decay = strategy.real
    if strategy.number == PROPORTIONAL_AVELLANEDA_STOIKOV:
        volatility, fill_decay = _parameters_at(fair, volatility, fill_decay)
        if not (np.isfinite(volatility) and np.isfinite(fill_decay) and fill_decay > 0):
            return Prices(0, 0, False)
    left = seconds(horizon_ns - view.time_ns)
    bid, ask = _quoted_prices(fair, view.inventory, strategy.size, risk_aversion, volatility, fill_decay, left)
    return _outward(bid, ask)


@part
def _outward(bid, ask):
    """Round away from each other; an infinite price is absent (orderbook.quotes_outward)."""
    bid_right, bid_ticks = _ticks(np.floor(bid))
    ask_right, ask_ticks = _ticks(np.ceil(ask))
    return _checked(bid_ticks, ask_ticks, bid_right and ask_right)


@part
def _ticks(price):
    """Return whether a whole float can be told in ticks here, and the ticks."""
    if np.isinf(price):
        return True, 0
    if not -_MOST_TICKS < price < _MOST_TICKS:
        return False, 0
    return True, np.int64(price)


@part
def _checked(bid, ask, right):
    """Leave out prices below one tick; a bid that meets an ask is for the plain engine to refuse."""
    bid, ask = max(bid, 0), max(ask, 0)
    return Prices(bid, ask, right and not (bid > 0 and ask > 0 and bid >= ask))


@part
def seconds(time_ns):
    """Return nanoseconds of zero or more as seconds, rounded once to the nearest float, as a division of int is."""
    if time_ns < _EXACT:
        return time_ns / _NS_PER_SECOND
    # So many bits more that the quotient has two beyond a float's, and still fits a machine word; the rest marks the
    # lowest one, below where the float is rounded.
    places = 31 if time_ns < _LONG else 29
    shifted = as_unsigned(to_wide(time_ns)) << places
    quotient = shifted // _NS_PER_SECOND
    sticky = 1 if quotient * _NS_PER_SECOND != shifted else 0
    return np.float64(to_machine(quotient) | sticky) * 2.0**-places
