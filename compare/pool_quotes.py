"""Which swaps to try when model and chain are compared, and what the model says to each.

Random amounts alone never end where the arithmetic turns. So a v3 pool is driven both ways exactly to its next ticks
and to the edge of its bitmap's word, one unit short and one beyond, by amount and by limit, and to the very end; a v2
pair to the last unit of its reserves.
"""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING, Final

from amm.chain import Quote, Swap
from amm.errors import RevertError
from amm.math.fixed_point import MAX_INT256
from amm.math.tick_math import MAX_SQRT_RATIO, MAX_TICK, MIN_SQRT_RATIO, MIN_TICK, get_sqrt_ratio_at_tick
from amm.uniswap_v3.pool import UniswapV3Pool

if TYPE_CHECKING:
    from collections.abc import Iterator

    from amm.uniswap_v2 import UniswapV2Pair

QUOTER_WITHOUT_REASON: Final = "Unexpected error"
"""What QuoterV2 says where the pool reverts without a reason."""
_TICKS_EACH_WAY: Final = 3
_LARGEST_BITS: Final = 128


def plan_swaps(pool: UniswapV3Pool | UniswapV2Pair, random_swaps: int, seed: int) -> list[Swap]:
    """The boundary swaps of a pool, then so many random ones; the same for the same seed."""
    random = Random(seed)  # noqa: S311  # a reproducible choice, nothing secret
    boundary = _pool_boundaries(pool) if isinstance(pool, UniswapV3Pool) else _pair_boundaries(pool)
    swaps = list(dict.fromkeys(boundary))
    return swaps + [_random_swap(pool, random) for _ in range(random_swaps)]


def model_quote(pool: UniswapV3Pool | UniswapV2Pair, swap: Swap) -> Quote:
    """What the model answers in the quoting contract's place, its reverts included."""
    try:
        return _pool_quote(pool, swap) if isinstance(pool, UniswapV3Pool) else _pair_quote(pool, swap)
    except RevertError as error:
        return Quote(revert=error.reason)


def _pool_quote(pool: UniswapV3Pool, swap: Swap) -> Quote:
    """QuoterV2's answer; it refuses a swap that takes nothing in, and an exact output that it cannot get whole."""
    limit = swap.sqrt_price_limit_x96 or _end(swap.zero_for_one)
    try:
        result = pool.quote(swap.zero_for_one, swap.amount_specified, limit)
    except RevertError as error:
        return Quote(revert=error.reason or QUOTER_WITHOUT_REASON)
    paid, got = (result.amount0, -result.amount1) if swap.zero_for_one else (result.amount1, -result.amount0)
    if paid <= 0:
        return Quote(revert=QUOTER_WITHOUT_REASON)
    if swap.amount_specified > 0:
        return Quote(got, result.sqrt_price_x96)
    if swap.sqrt_price_limit_x96 == 0 and got != -swap.amount_specified:
        return Quote(revert=QUOTER_WITHOUT_REASON)
    return Quote(paid, result.sqrt_price_x96)


def _pair_quote(pair: UniswapV2Pair, swap: Swap) -> Quote:
    if swap.amount_specified >= 0:
        return Quote(pair.quote_exact_input(swap.zero_for_one, swap.amount_specified))
    return Quote(pair.quote_exact_output(swap.zero_for_one, -swap.amount_specified))


def _pool_boundaries(pool: UniswapV3Pool) -> Iterator[Swap]:
    for zero_for_one in (True, False):
        yield Swap(zero_for_one, 0)
        for amount in (1, 2, MAX_INT256):
            yield Swap(zero_for_one, amount)
            yield Swap(zero_for_one, -amount)
        yield Swap(zero_for_one, MAX_INT256, pool.slot0.sqrt_price_x96)
        yield Swap(zero_for_one, MAX_INT256, _end(zero_for_one))
        for tick in _next_ticks(pool, zero_for_one):
            yield from _around(pool, zero_for_one, get_sqrt_ratio_at_tick(tick))


def _around(pool: UniswapV3Pool, zero_for_one: bool, sqrt_price_x96: int) -> Iterator[Swap]:
    """Stop at a price, one short and one beyond: by the limit, by the input and by the output that lead there."""
    for limit in (sqrt_price_x96 - 1, sqrt_price_x96, sqrt_price_x96 + 1):
        yield Swap(zero_for_one, MAX_INT256, limit)
    there = _pool_quote(pool, Swap(zero_for_one, MAX_INT256, sqrt_price_x96))
    back = _pool_quote(pool, Swap(zero_for_one, -MAX_INT256, sqrt_price_x96))
    for amount, sign in ((back.amount, 1), (there.amount, -1)):
        for beside in (amount - 1, amount, amount + 1):
            if beside > 0:
                yield Swap(zero_for_one, sign * beside)


def _next_ticks(pool: UniswapV3Pool, zero_for_one: bool) -> list[int]:
    """The next initialised ticks in a swap's direction, and the next edge of a word of the bitmap."""
    tick, word = pool.slot0.tick, 256 * pool.tick_spacing
    if zero_for_one:
        ticks = sorted((other for other in pool.ticks if other <= tick), reverse=True)
        edge = tick // word * word
    else:
        ticks = sorted(other for other in pool.ticks if other > tick)
        edge = (tick // word + 1) * word
    return [*ticks[:_TICKS_EACH_WAY], *([edge] if MIN_TICK < edge < MAX_TICK else [])]


def _pair_boundaries(pair: UniswapV2Pair) -> Iterator[Swap]:
    for zero_for_one in (True, False):
        out = pair.reserve1 if zero_for_one else pair.reserve0
        for amount in (0, 1, 2, pair.reserve0, pair.reserve1, 1 << 112, MAX_INT256):
            yield Swap(zero_for_one, amount)
        for amount in (1, 2, out - 1, out, out + 1, MAX_INT256):
            yield Swap(zero_for_one, -amount)


def _random_swap(pool: UniswapV3Pool | UniswapV2Pair, random: Random) -> Swap:
    zero_for_one = random.random() < 0.5  # noqa: PLR2004  # even odds
    amount = random.randint(1, 1 << random.randint(1, _LARGEST_BITS)) * random.choice((1, -1))
    if not isinstance(pool, UniswapV3Pool) or random.random() < 0.5:  # noqa: PLR2004  # even odds
        return Swap(zero_for_one, amount)
    near, end = sorted((pool.slot0.sqrt_price_x96, _end(zero_for_one)))
    distance = random.randint(0, 1 << random.randint(1, max((end - near).bit_length(), 1)))
    limit = pool.slot0.sqrt_price_x96 + (-distance if zero_for_one else distance)
    return Swap(zero_for_one, amount, min(max(limit, near), end))


def _end(zero_for_one: bool) -> int:
    """The furthest limit a swap may have."""
    return MIN_SQRT_RATIO + 1 if zero_for_one else MAX_SQRT_RATIO - 1
