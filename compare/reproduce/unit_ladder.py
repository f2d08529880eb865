"""Chakraborty and Kearns (2011): a ladder of one lot a tick earns (K - z^2) / 2 on any path, here on the real book."""

from collections.abc import Sequence
from itertools import accumulate, pairwise

import numpy as np

from compare.reproduce.row import Progress, Published, Row, no_progress
from orderbook.simulation import Estimate, ladder_profit, run_unit_ladder

_IDENTITY = "the profit of the unit ladder, path by path"
_FIRST_PRICE = 1_000
_RANDOM_STEPS = 500
_MOST_PATHS = 100  # a path in the book takes some ten milliseconds


def rows(paths: int, seed: int, progress: Progress = no_progress) -> list[Row]:
    """Four paths by hand, and random ones, of which one that broke the identity would be shown.

    Args:
        paths: random walks, a hundred at most: each goes through the book.
        seed: of the walks.
        progress: in walks.
    """
    by_hand = (
        ("to and fro, 20 steps", [0, 1] * 10 + [0], "10"),
        ("ten ticks up", range(11), "-45"),
        ("ten ticks down", range(0, -11, -1), "-45"),
        ("sixty ticks down", range(0, -61, -1), "-1770"),
    )
    found = [_row(what, [_FIRST_PRICE + place for place in path], Published(text)) for what, path, text in by_hand]
    rng = np.random.default_rng(seed)
    walks = min(paths, _MOST_PATHS)
    worst = found[0]
    for index in range(walks):
        steps = rng.integers(-3, 4, _RANDOM_STEPS).tolist()
        prices = list(accumulate(steps, initial=_FIRST_PRICE + 3 * _RANDOM_STEPS))
        row = _row(f"{walks} random walks, moves to 3 ticks: the last", prices, None)
        worst = worst if not worst.passed else row
        progress(index + 1, walks)
    return [*found, worst]


def _row(what: str, prices: Sequence[int], published: Published | None) -> Row:
    length = sum(abs(after - before) for before, after in pairwise(prices))
    exact = ladder_profit(length, prices[-1] - prices[0])
    # A run in the book has no sampling error: it is the identity to the last unit, or it is not.
    return Row(what, _IDENTITY, exact, published, Estimate(run_unit_ladder(prices).profit, 0.0))
