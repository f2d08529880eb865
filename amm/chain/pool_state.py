"""The whole state of a Uniswap v3 pool at one block, as the model holds it."""

from collections.abc import Iterator, Mapping, Sequence

from amm.chain import contracts
from amm.chain.errors import InconsistentStateError, UnsupportedPoolError
from amm.chain.multicall import Call, Multicall
from amm.chain.transport import keccak
from amm.errors import ArgumentError, RevertError
from amm.math.tick_math import MAX_TICK, MIN_TICK
from amm.uniswap_v3.pool import UniswapV3Pool
from amm.uniswap_v3.seed import check_liquidity, check_price
from amm.uniswap_v3.state import Observation, PositionInfo, PositionKey, ProtocolFees, Slot0, TickInfo

PLAIN_STATE = (
    contracts.SLOT0,
    contracts.FEE,
    contracts.TICK_SPACING,
    contracts.MAX_LIQUIDITY_PER_TICK,
    contracts.LIQUIDITY,
    contracts.FEE_GROWTH_GLOBAL0,
    contracts.FEE_GROWTH_GLOBAL1,
    contracts.PROTOCOL_FEES,
)
"""What is asked for before anything else is known."""
_BITS = 256
_FEE_PROTOCOLS = frozenset({0, *range(4, 11)})


def plain_pool(address: str, values: Mapping[str, tuple[int, ...]]) -> UniswapV3Pool:
    """A pool with the plain state, and no ticks, positions or observations yet.

    Raises:
        UnsupportedPoolError: a value that Uniswap's own contract never has.
    """
    (fee,), (tick_spacing,) = values["fee"], values["tickSpacing"]
    try:
        pool = UniswapV3Pool(fee, tick_spacing)
    except ArgumentError as error:
        raise UnsupportedPoolError(address, "fee, tickSpacing", str(error)) from None
    sqrt_price_x96, tick, index, cardinality, cardinality_next, fee_protocol, unlocked = values["slot0"]
    pool.slot0 = Slot0(sqrt_price_x96, tick, index, cardinality, cardinality_next, fee_protocol, bool(unlocked))
    if not {fee_protocol & 0xF, fee_protocol >> 4} <= _FEE_PROTOCOLS:
        raise UnsupportedPoolError(address, "slot0.feeProtocol", f"{fee_protocol} is not two of 0 and 4 to 10")
    if values["maxLiquidityPerTick"] != (pool.max_liquidity_per_tick,):
        raise UnsupportedPoolError(address, "maxLiquidityPerTick", f"it is not {pool.max_liquidity_per_tick}")
    (pool.liquidity,) = values["liquidity"]
    (pool.fee_growth_global0_x128,) = values["feeGrowthGlobal0X128"]
    (pool.fee_growth_global1_x128,) = values["feeGrowthGlobal1X128"]
    pool.protocol_fees = ProtocolFees(*values["protocolFees"])
    return pool


def word_calls(address: str, tick_spacing: int) -> list[Call]:
    """The calls for every word of the bitmap that can hold a tick of this spacing.

    Example:
        >>> len(word_calls("0x", 60)), len(word_calls("0x", 1))
        (116, 6932)
    """
    return [Call(address, contracts.TICK_BITMAP, (word,)) for word in _word_positions(tick_spacing)]


def fill(
    pool: UniswapV3Pool, address: str, words: Sequence[int], positions: Sequence[PositionKey], multicall: Multicall
) -> None:
    """Read what the plain state and the bitmap point to: ticks, observations, and the positions chosen.

    Raises:
        InconsistentStateError: the parts contradict one another.
        ChainError: as Multicall.values.
    """
    pool.tick_bitmap = {
        word: bits for word, bits in zip(_word_positions(pool.tick_spacing), words, strict=True) if bits
    }
    ticks = list(_initialised_ticks(pool))
    observations = range(pool.slot0.observation_cardinality_next)
    rows = iter(
        multicall.integers(
            [
                *(Call(address, contracts.TICKS, (tick,)) for tick in ticks),
                *(Call(address, contracts.OBSERVATIONS, (index,)) for index in observations),
                *(Call(address, contracts.POSITIONS, (position_key(*key),)) for key in positions),
            ]
        )
    )
    pool.ticks = {tick: _tick_info(next(rows)) for tick in ticks}
    pool.observations = [_observation(next(rows)) for _ in observations]
    pool.positions = {key: PositionInfo(*next(rows)) for key in positions}
    _check(pool, address, multicall.block.number)


def position_key(owner: str, tick_lower: int, tick_upper: int) -> bytes:
    """Where the contract keeps a position: the hash of its owner and its ends (Position.get)."""
    ends = (tick.to_bytes(3, "big", signed=True) for tick in (tick_lower, tick_upper))
    return keccak(bytes.fromhex(owner.removeprefix("0x")) + b"".join(ends))


def _word_positions(tick_spacing: int) -> range:
    lowest, highest = -(-MIN_TICK // tick_spacing), MAX_TICK // tick_spacing
    return range(lowest // _BITS, highest // _BITS + 1)


def _initialised_ticks(pool: UniswapV3Pool) -> Iterator[int]:
    for word, bits in pool.tick_bitmap.items():
        for bit in range(_BITS):
            if bits >> bit & 1:
                yield (word * _BITS + bit) * pool.tick_spacing


def _tick_info(row: tuple[int, ...]) -> TickInfo:
    return TickInfo(*row[:-1], initialized=bool(row[-1]))  # type: ignore[arg-type, misc]  # its seven integers


def _observation(row: tuple[int, ...]) -> Observation:
    return Observation(*row[:-1], initialized=bool(row[-1]))  # type: ignore[arg-type, misc]  # its three integers


def _check(pool: UniswapV3Pool, address: str, block: int) -> None:
    """Refuse a state that no pool can be in: some of it was not read, or not from this block."""
    for tick, info in pool.ticks.items():
        if not info.initialized or info.liquidity_gross == 0:
            problem = f"the bitmap has tick {tick}, which is not initialised"
            raise InconsistentStateError(address, block, problem)
    if pool.slot0.sqrt_price_x96 == 0:
        return
    try:
        check_price(pool.slot0.sqrt_price_x96, pool.slot0.tick)
        check_liquidity(pool.ticks, pool.slot0.tick, pool.liquidity)
    except (ArgumentError, RevertError) as error:
        raise InconsistentStateError(address, block, str(error)) from None
