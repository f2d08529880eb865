"""The fill mode in continuous time."""

import numpy as np

from orderbook.simulation._quote_table import QuoteTable
from orderbook.simulation._state import Paths


def run_events(table: QuoteTable, paths: Paths, generator: np.random.Generator, drift: float, impact: float) -> Paths:
    """Take a chunk of paths to the horizon, and return it.

    Quotes know nothing of the mid price, so given when a path held what, the profit on its inventory is normal: it has
    the mean drift * (integral of q) and the variance volatility^2 * (integral of q^2). One draw at the end will do.
    """
    setting = table.setting
    count = paths.inventory.size
    held, held_squared = np.zeros(count), np.zeros(count)
    for step in range(setting.steps):
        time_left = np.full(count, setting.time_step)
        active = np.arange(count)  # the paths whose interval has not ended
        while active.size:
            inventory = paths.inventory[active]
            bid, ask = table.quotes(step, inventory, paths)
            rate = bid.rate + ask.rate
            with np.errstate(divide="ignore"):  # nothing quoted: it waits for ever
                wait = np.minimum(generator.standard_exponential(active.size) / rate, time_left[active])
            held[active] += inventory * wait
            held_squared[active] += inventory.astype(np.float64) ** 2 * wait
            filled = wait < time_left[active]
            time_left[active] -= wait
            bought = generator.random(active.size) * rate < bid.rate
            change = np.where(bought, 1, -1)[filled]
            active = active[filled]
            paths.edge[active] += np.where(bought, bid.depth, ask.depth)[filled]
            paths.inventory[active] += change
            paths.fills[active] += 1
            if impact:
                paths.impact_profit[active] -= impact * change * paths.inventory[active]
    deviation = setting.volatility * np.sqrt(held_squared)
    paths.inventory_profit += drift * held + deviation * generator.standard_normal(count)
    return paths
