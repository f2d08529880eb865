"""v2 swaps: the compiled engine and the plain one on the same swaps of one pair."""

from functools import partial

import numpy as np
from benchmarks import work
from benchmarks.peers import Peers
from benchmarks.table import Table, cpu_seconds

from amm.batch import PAIR_ORDER, PAIR_RESULT, run_pair_swaps
from amm.batch.engine import Records

_TEXT = """
Swaps a CPU second on one core, in a pair of the size of mainnet's USDC/WETH, ten to a block: both engines keep reserves
and price sums and check every order. The compiled results go to an array that is there already.
"""
_COLUMNS = ("swaps", "compiled", "plain Python", "compiled / plain")


def table(_peers: Peers) -> Table:
    """Measure exact inputs and exact outputs, in random directions."""
    rows = []
    for name, exact_input in (("exact input", True), ("exact output", False)):
        many = _orders(500_000, exact_input=exact_input)
        few = many[:10_000]
        fast_pair, slow_pair, out = work.real_pair(), work.real_pair(), np.zeros(len(many), dtype=PAIR_RESULT)
        run_pair_swaps(fast_pair, few, compiled=True)  # compiles
        run_pair_swaps(slow_pair, few, compiled=False)
        if fast_pair != slow_pair:
            raise RuntimeError(f"the engines differ on {name}")
        fast, _ = cpu_seconds(partial(_run, many, out, compiled=True))
        slow, _ = cpu_seconds(partial(_run, few, None, compiled=False))
        ratio = len(many) / fast.best / (len(few) / slow.best)
        rows.append((name, fast.speed(len(many)), slow.speed(len(few)), f"{ratio:.0f}"))
    return Table("v2 swaps", _TEXT, _COLUMNS, rows)


def _run(orders: Records, out: Records | None, *, compiled: bool) -> None:
    run_pair_swaps(work.real_pair(), orders, out=out, compiled=compiled)


def _orders(count: int, *, exact_input: bool) -> Records:
    """Up to a hundred thousandth of the reserves each."""
    draw = np.random.default_rng(5)
    orders = np.zeros(count, dtype=PAIR_ORDER)
    orders["zero_for_one"], orders["exact_input"] = draw.integers(0, 2, count), exact_input
    of_token0 = orders["zero_for_one"] == orders["exact_input"]
    orders["amount"][:, 0] = draw.integers(10**5, 5 * 10**7, count) * np.where(of_token0, 1, 3 * 10**8)
    orders["block_timestamp"] = np.arange(count) // 10 * 12
    return orders
