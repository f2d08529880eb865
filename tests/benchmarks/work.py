"""What is measured: the pool, and the swaps that every engine is given."""

import json
import random
from pathlib import Path
from typing import NamedTuple

from amm import UniswapV2Pair, UniswapV3Pool
from amm.math.tick_math import MAX_SQRT_RATIO, MIN_SQRT_RATIO, get_sqrt_ratio_at_tick

Order = tuple[bool, int, int, int]
_SNAPSHOT = Path(__file__).parents[3] / "shared" / "data" / "uniswap_v3_wbtc_weth_quoter" / "snapshot_24407242.json"
_LIMITS = {True: MIN_SQRT_RATIO + 1, False: MAX_SQRT_RATIO - 1}


class Work(NamedTuple):
    """A list of swaps, done one after the other from the same state."""

    name: str
    orders: list[Order]


def real_pool() -> UniswapV3Pool:
    """The mainnet WBTC/WETH 0.3 % pool at one block, with 458 initialised ticks."""
    snapshot = json.loads(_SNAPSHOT.read_text(encoding="utf-8"))
    scalars = {name: snapshot["scalars"][name] for name in ("sqrt_price_x96", "tick", "liquidity")}
    ticks = {int(tick): (gross, net) for tick, (gross, net, _) in snapshot["tick_data"].items()}
    return UniswapV3Pool.from_state(3000, 60, **scalars, ticks=ticks)


def real_pair() -> UniswapV2Pair:
    """A v2 pair of the size of mainnet's USDC/WETH."""
    return UniswapV2Pair.from_reserves(5 * 10**13, 15 * 10**21)


def within_a_tick(pool: UniswapV3Pool, count: int) -> Work:
    """Small swaps to and fro, exact in, that cross no tick."""
    draw = random.Random(5)  # noqa: S311 - a workload
    orders: list[Order] = []
    for index in range(count):
        down = index % 2 == 0
        satoshi = draw.randrange(10**4, 10**6)
        value = satoshi * pool.slot0.sqrt_price_x96**2 >> 192
        orders.append((down, satoshi if down else value, _LIMITS[down], 12 * (index // 10)))
    return Work("within a tick", orders)


def across_ticks(pool: UniswapV3Pool, count: int, steps: int) -> Work:
    """Swaps to and fro between two prices with `steps` tick spacings between them."""
    spacing = pool.tick_spacing
    middle = pool.slot0.tick // spacing * spacing
    low, high = middle - steps // 2 * spacing, middle + (steps - steps // 2) * spacing
    # A quarter of a spacing inside, so that the last step ends between two ticks.
    limits = {
        True: get_sqrt_ratio_at_tick(low + spacing // 4),
        False: get_sqrt_ratio_at_tick(high - spacing // 4),
    }
    orders = [(index % 2 == 0, 10**40, limits[index % 2 == 0], 12 * (index // 10)) for index in range(count + 1)]
    return Work(f"{steps} steps", orders)
