"""The engines that are measured: each gives the CPU seconds of some rounds, and the answers."""

import json
import subprocess
import tempfile
from pathlib import Path
from typing import NamedTuple

import numpy as np
from benchmarks.table import Seconds, cpu_seconds
from benchmarks.work import Order

from amm import UniswapV3Pool
from amm.batch import SWAP_RESULT, from_limbs, run_swaps, swap_orders

Answer = tuple[int, int, int]
"""amount0, amount1, and the tick after."""
_PEER = Path(__file__).with_name("degenbot_peer.py")


class Measured(NamedTuple):
    """How many swaps, the CPU seconds they take, and the first answers."""

    swaps: int
    seconds: Seconds
    answers: list[Answer]


def batch(pool: UniswapV3Pool, orders: list[Order], *, compiled: bool) -> Measured:
    """Run amm.batch on either engine, with the pool's way into arrays and back in the time."""
    rows = swap_orders(orders)
    out = np.zeros(len(rows), dtype=SWAP_RESULT)
    seconds, run = cpu_seconds(lambda: run_swaps(pool.copy(), rows, out=out, compiled=compiled))
    if run.errors:
        raise RuntimeError(f"a swap of the benchmark reverts: {run.errors}")
    answers = [
        (from_limbs(each["amount0"], signed=True), from_limbs(each["amount1"], signed=True), int(each["tick"]))
        for each in run.results[:1_000]
    ]
    return Measured(len(orders), seconds, answers)


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
    answers = [tuple(answer) for answer in report["answers"][:1_000]]
    return Measured(len(orders), Seconds.of(report["seconds"]), answers)


def _every_word(pool: UniswapV3Pool) -> dict[int, int]:
    """Return the bitmap with the words of zero, which degenbot would ask a node for."""
    words = range(-887_272 // pool.tick_spacing >> 8, (887_272 // pool.tick_spacing >> 8) + 1)
    return {word: pool.tick_bitmap.get(word, 0) for word in words}
