"""Many calls of a pool at once, on numpy arrays, compiled where numba is installed (`pip install lpmm[fast]`).

The compiled engine runs the functions of this package and gives the same integers. Without numba the plain pool or pair
does the same work, more slowly. This is the part of `amm` that needs numpy; `import amm` does not import it.

Example:
    >>> from amm import UniswapV3Pool
    >>> from amm.math.tick_math import MAX_SQRT_RATIO, MIN_SQRT_RATIO
    >>> pool = UniswapV3Pool(fee=3000, tick_spacing=60)
    >>> pool.initialize(2**96)
    0
    >>> pool.mint("alice", -60, 60, 10**18)
    (2995354955910781, 2995354955910781)
    >>> orders = swap_orders([(True, 10**15, MIN_SQRT_RATIO + 1, 0), (False, 0, MAX_SQRT_RATIO - 1, 12)])
    >>> run = run_swaps(pool, orders, compiled=False)
    >>> from_limbs(run.results["amount1"][0], signed=True), run.results["reverted"].tolist()
    (-996006981039903, [0, 1])
    >>> str(run.errors[1])
    'AS: amount_specified must not be zero'
"""

from amm._records import (
    PAIR_EVENT,
    PAIR_EVENT_RESULT,
    PAIR_ORDER,
    PAIR_RESULT,
    POOL_EVENT,
    POOL_RESULT,
    SWAP_ORDER,
    SWAP_RESULT,
    PairCall,
    PoolCall,
    from_limbs,
    to_limbs,
)
from amm.batch.pair_events import PairEvent, PairEventRun, pair_events, run_pair_events
from amm.batch.pair_swaps import PairRun, pair_orders, run_pair_swaps
from amm.batch.pool_events import EventRun, PoolEvent, pool_events, run_pool_events
from amm.batch.pool_swaps import SwapRun, run_swaps, swap_orders
from amm.batch.streams import Totals, stream_pair_events, stream_pair_swaps, stream_pool_events, stream_swaps

__all__ = [
    "PAIR_EVENT",
    "PAIR_EVENT_RESULT",
    "PAIR_ORDER",
    "PAIR_RESULT",
    "POOL_EVENT",
    "POOL_RESULT",
    "SWAP_ORDER",
    "SWAP_RESULT",
    "EventRun",
    "PairCall",
    "PairEvent",
    "PairEventRun",
    "PairRun",
    "PoolCall",
    "PoolEvent",
    "SwapRun",
    "Totals",
    "from_limbs",
    "pair_events",
    "pair_orders",
    "pool_events",
    "run_pair_events",
    "run_pair_swaps",
    "run_pool_events",
    "run_swaps",
    "stream_pair_events",
    "stream_pair_swaps",
    "stream_pool_events",
    "stream_swaps",
    "swap_orders",
    "to_limbs",
]
