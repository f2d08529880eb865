"""The engines that are measured: each gives the CPU seconds of some rounds, and the answers."""

import json
import subprocess
import tempfile
from pathlib import Path
from statistics import median
from typing import NamedTuple

import numpy as np
from benchmarks.table import ROUNDS, cpu_seconds
from benchmarks.work import Order

from amm import UniswapV3Pool
from amm.batch import SWAP_RESULT, from_limbs, run_swaps, swap_orders

Answer = tuple[int, int, int]
"""amount0, amount1, and the tick after."""
_PEER = Path(__file__).with_name("degenbot_peer.py")


class Measured(NamedTuple):
    """Swaps a CPU second, the median of some rounds, and the first answers."""

    per_second: float
    answers: list[Answer]


def batch(pool: UniswapV3Pool, orders: list[Order], *, compiled: bool, rounds: int = ROUNDS) -> Measured:
    """Run amm.batch on either engine, with the pool's way into arrays and back in the time."""
    rows = swap_orders(orders)
    copies, out = iter([pool.copy() for _ in range(rounds)]), np.zeros(len(rows), dtype=SWAP_RESULT)
    seconds, run = cpu_seconds(lambda: run_swaps(next(copies), rows, out=out, compiled=compiled), rounds)
    if run.errors:
        raise RuntimeError(f"a swap of the benchmark reverts: {run.errors}")
    answers = [
        (from_limbs(each["amount0"], signed=True), from_limbs(each["amount1"], signed=True), int(each["tick"]))
        for each in run.results[:1_000]
    ]
    return Measured(len(orders) / seconds, answers)


def degenbot(python: Path, pool: UniswapV3Pool, orders: list[Order]) -> Measured:
    """Run degenbot in its own environment, without fee growth, balances and oracle."""
    work = {
        "fee": pool.fee,
        "tick_spacing": pool.tick_spacing,
        "liquidity": pool.liquidity,
        "sqrt_price_x96": pool.slot0.sqrt_price_x96,
        "tick": pool.slot0.tick,
        "tick_bitmap": _every_word(pool),
        "ticks": {tick: (info.liquidity_gross, info.liquidity_net) for tick, info in pool.ticks.items()},
        "orders": [order[:3] for order in orders],
    }
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "work.json")
        file.write_text(json.dumps(work), encoding="utf-8")
        command = [python, _PEER, file]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:  # its first import makes a database, and can crash on that
            done = subprocess.run(command, capture_output=True, text=True, check=True)
    report = json.loads(done.stdout.splitlines()[-1])
    return Measured(len(orders) / median(report["seconds"]), [tuple(answer) for answer in report["answers"][:1_000]])


def _every_word(pool: UniswapV3Pool) -> dict[int, int]:
    """Return the bitmap with the words of zero, which degenbot would ask a node for."""
    words = range(-887_272 // pool.tick_spacing >> 8, (887_272 // pool.tick_spacing >> 8) + 1)
    return {word: pool.tick_bitmap.get(word, 0) for word in words}
