"""Where two states of a pool differ: the first entry, by the contract's own order, and both values."""

from collections.abc import Hashable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from amm.uniswap_v2 import UniswapV2Pair
from amm.uniswap_v3.pool import UniswapV3Pool
from amm.uniswap_v3.state import Observation, PositionInfo, TickInfo

Key = TypeVar("Key", bound=Hashable)


_POOL_NUMBERS = ("liquidity", "fee_growth_global0_x128", "fee_growth_global1_x128")
_PAIR_NUMBERS = (
    "reserve0",
    "reserve1",
    "block_timestamp_last",
    "price0_cumulative_last",
    "price1_cumulative_last",
    "k_last",
    "total_supply",
    "fee_to",
)


class Difference(NamedTuple):
    """One entry of the state, and its two values."""

    field: str
    left: object
    right: object


def first_difference(left: UniswapV3Pool | UniswapV2Pair, right: UniswapV3Pool | UniswapV2Pair) -> Difference | None:
    """The first entry in which two pools differ; None if their contracts would answer every call alike.

    Token balances, the clock and the factory's owner are not compared: anyone may send tokens to a pool, time passes
    without it, and a factory changes hands without a word from its pools. Of v3 positions, of v2 holders and of what
    they have approved and signed, only those that both know are compared.

    Example:
        >>> pool = UniswapV3Pool(fee=500, tick_spacing=10)
        >>> other = pool.copy()
        >>> _ = other.initialize(2**96)
        >>> first_difference(pool, other)
        Difference(field='slot0.sqrt_price_x96', left=0, right=79228162514264337593543950336)
    """
    return next((found for found in _entries(left, right) if found.left != found.right), None)


def _entries(left: UniswapV3Pool | UniswapV2Pair, right: UniswapV3Pool | UniswapV2Pair) -> Iterator[Difference]:
    if isinstance(left, UniswapV3Pool) and isinstance(right, UniswapV3Pool):
        yield from _numbers("", left, right, ("fee", "tick_spacing"))
        yield from _numbers("slot0.", left.slot0, right.slot0, left.slot0._fields)
        yield from _numbers("", left, right, _POOL_NUMBERS)
        yield from _numbers("protocol_fees.", left.protocol_fees, right.protocol_fees, left.protocol_fees._fields)
        yield from _records("ticks", left.ticks, right.ticks)
        yield from _records("tick_bitmap", left.tick_bitmap, right.tick_bitmap)
        yield from _records("observations", dict(enumerate(left.observations)), dict(enumerate(right.observations)))
        yield from _common("positions", left.positions, right.positions)
    elif isinstance(left, UniswapV2Pair) and isinstance(right, UniswapV2Pair):
        yield from _numbers("", left, right, _PAIR_NUMBERS)
        yield from _common("balance_of", left.balance_of, right.balance_of)
        yield from _common("allowance", left.allowance, right.allowance)
        yield from _common("nonces", left.nonces, right.nonces)
    else:
        yield Difference("kind", type(left).__name__, type(right).__name__)


def _numbers(prefix: str, left: object, right: object, names: Sequence[str]) -> Iterator[Difference]:
    return (Difference(prefix + name, getattr(left, name), getattr(right, name)) for name in names)


def _records(name: str, left: Mapping[int, object], right: Mapping[int, object]) -> Iterator[Difference]:
    """Every entry that either has; records are taken apart into their fields."""
    for key in sorted(left.keys() | right.keys()):
        yield from _record(f"{name}[{key}]", left.get(key), right.get(key))


def _common(name: str, left: Mapping[Key, object], right: Mapping[Key, object]) -> Iterator[Difference]:
    for key in left:
        if key in right:
            yield from _record(f"{name}[{key}]", left[key], right[key])


def _record(name: str, left: object, right: object) -> Iterator[Difference]:
    if isinstance(left, TickInfo | Observation | PositionInfo) and type(left) is type(right):
        yield from _numbers(f"{name}.", left, right, left._fields)
    else:
        yield Difference(name, left, right)
