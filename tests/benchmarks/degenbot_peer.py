"""degenbot's swap on the given work: run by the Python of an environment of its own, with one JSON file as argument.

Prints one line of JSON: the CPU seconds of each round, and amount0, amount1 and the tick after each swap. degenbot
keeps no fee growth and no oracle: each swap takes the price, the tick and the liquidity that the last one left.
"""

import dataclasses
import json
import sys
import threading
import time
from importlib import import_module
from pathlib import Path
from typing import Any

FEWEST_ROUNDS, SPAN_S = 5, 5.0


def main(file: str) -> None:
    """Run the work and report."""
    v3_types: Any = import_module("degenbot.uniswap.v3_types")  # there only in its own environment
    peer_pool: Any = import_module("degenbot.uniswap.v3_liquidity_pool").UniswapV3Pool

    work = json.loads(Path(file).read_text(encoding="utf-8"))
    # Its constructor asks a node: the few things a swap looks at are put in place here.
    pool: Any = object.__new__(peer_pool)
    pool.fee, pool.tick_spacing, pool.sparse_liquidity_map = work["fee"], work["tick_spacing"], True
    pool._swap_step_cache_lock = threading.Lock()
    start = v3_types.UniswapV3PoolState(
        address="0x" + "0" * 40,
        block=0,
        liquidity=work["liquidity"],
        sqrt_price_x96=work["sqrt_price_x96"],
        tick=work["tick"],
        tick_bitmap={
            int(word): v3_types.UniswapV3BitmapAtWord(bitmap=bits) for word, bits in work["tick_bitmap"].items()
        },
        tick_data={
            int(tick): v3_types.UniswapV3LiquidityAtTick(liquidity_gross=gross, liquidity_net=net)
            for tick, (gross, net) in work["ticks"].items()
        },
    )
    seconds: list[float] = []
    answers: list[tuple[int, int, int]] = []
    first = time.perf_counter()
    while len(seconds) < FEWEST_ROUNDS or time.perf_counter() - first < SPAN_S:
        pool._swap_step_cache, state, answers = {}, start, []
        began = time.process_time()
        for down, amount, limit in work["orders"]:
            amount0, amount1, price, liquidity, tick = pool._calculate_swap(
                zero_for_one=down, amount_specified=amount, sqrt_price_limit_x96=limit, override_state=state
            )
            state = dataclasses.replace(state, sqrt_price_x96=price, liquidity=liquidity, tick=tick)
            answers.append((amount0, amount1, tick))
        seconds.append(time.process_time() - began)
    print(json.dumps({"seconds": seconds, "answers": answers}))  # noqa: T201 - the answer


if __name__ == "__main__":
    main(sys.argv[1])
