"""The two fill modes that step through time."""

import math

import numpy as np

from orderbook.simulation._quote_table import QuoteTable
from orderbook.simulation._state import Paths


def run_steps(table: QuoteTable, paths: Paths, generator: np.random.Generator, drift: float, impact: float) -> Paths:
    """Take a chunk of paths to the horizon, and return it."""
    setting = table.setting
    count = paths.inventory.size
    trend = drift * setting.time_step
    move = setting.volatility * math.sqrt(setting.time_step)
    for step in range(setting.steps):
        bid, ask = table.quotes(step, paths.inventory, paths)
        bought, sold = generator.random(count) < bid.chance, generator.random(count) < ask.chance
        # Not a product: the depth of a side that is not quoted is infinite.
        paths.edge += np.where(bought, bid.depth, 0.0) + np.where(sold, ask.depth, 0.0)
        change = bought.astype(np.int64) - sold
        paths.inventory += change
        paths.fills += bought
        paths.fills += sold
        moves = np.array([trend - move, trend + move])[generator.integers(0, 2, count, dtype=np.int8)]
        paths.inventory_profit += paths.inventory * moves
        if impact:
            paths.impact_profit -= impact * change * paths.inventory
    return paths
