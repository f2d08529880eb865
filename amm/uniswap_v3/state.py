"""The whole state of a v3 pool as plain data, under the contract's names.

Records are immutable: a transition makes new ones, so a call that fails half-way has changed nothing.
"""

from dataclasses import dataclass, field
from typing import NamedTuple


class Slot0(NamedTuple):
    """UniswapV3Pool.slot0: the price, the oracle's place, the protocol fee and the lock."""

    sqrt_price_x96: int = 0
    """sqrt(token1 / token0) in smallest units, Q64.96; zero before initialize."""
    tick: int = 0
    """The current tick. One below the price's own tick when a swap downwards stopped exactly on an initialised tick."""
    observation_index: int = 0
    """Where the latest observation stands."""
    observation_cardinality: int = 0
    """How many observations are kept."""
    observation_cardinality_next: int = 0
    """How many will be kept once the index reaches the end."""
    fee_protocol: int = 0
    """The protocol's share as 1/n of the fee: n of token0 in the low four bits, n of token1 in the high four."""
    unlocked: bool = False
    """False before initialize, and inside a call."""


class ProtocolFees(NamedTuple):
    """UniswapV3Pool.protocolFees: what the protocol has earned and not yet collected, uint128 each."""

    token0: int = 0
    token1: int = 0


class TickInfo(NamedTuple):
    """Tick.Info: one initialised tick. What is "outside" lies on the other side of the tick from the current one."""

    liquidity_gross: int = 0
    """All liquidity that has this tick as an end, uint128."""
    liquidity_net: int = 0
    """The change of the active liquidity when the price crosses upwards, int128."""
    fee_growth_outside0_x128: int = 0
    fee_growth_outside1_x128: int = 0
    tick_cumulative_outside: int = 0
    seconds_per_liquidity_outside_x128: int = 0
    seconds_outside: int = 0
    initialized: bool = False


class PositionInfo(NamedTuple):
    """Position.Info: the liquidity one owner has between two ticks, and what it has earned up to its last update."""

    liquidity: int = 0
    fee_growth_inside0_last_x128: int = 0
    fee_growth_inside1_last_x128: int = 0
    tokens_owed0: int = 0
    """Token0 that collect pays out, uint128."""
    tokens_owed1: int = 0


class Observation(NamedTuple):
    """Oracle.Observation: running sums up to one moment."""

    block_timestamp: int = 0
    """Seconds, uint32."""
    tick_cumulative: int = 0
    """Sum of tick * seconds, int56."""
    seconds_per_liquidity_cumulative_x128: int = 0
    """Sum of seconds / liquidity, Q32.128 in a uint160."""
    initialized: bool = False


PositionKey = tuple[str, int, int]
"""Owner, tick_lower, tick_upper."""


@dataclass(slots=True)
class PoolState:
    """Everything a v3 pool stores, and what the contract reads from its tokens, its factory and the clock."""

    fee: int
    """The fee on the input, in pips (hundredths of a basis point)."""
    tick_spacing: int
    max_liquidity_per_tick: int
    slot0: Slot0 = field(default_factory=Slot0)
    liquidity: int = 0
    """The liquidity active at the current tick, uint128."""
    fee_growth_global0_x128: int = 0
    """Token0 fees earned by one unit of liquidity since the start, Q128.128 modulo 2**256."""
    fee_growth_global1_x128: int = 0
    protocol_fees: ProtocolFees = field(default_factory=ProtocolFees)
    ticks: dict[int, TickInfo] = field(default_factory=dict)
    """The initialised ticks."""
    tick_bitmap: dict[int, int] = field(default_factory=dict)
    """One bit for each initialised tick divided by the spacing, 256 to a word; words of zero are left out."""
    positions: dict[PositionKey, PositionInfo] = field(default_factory=dict)
    observations: list[Observation] = field(default_factory=list)
    """The oracle's slots up to the largest cardinality asked for."""
    balance0: int = 0
    """Token0 that the pool holds."""
    balance1: int = 0
    timestamp: int = 0
    """The time of the current block in seconds; the contract sees it modulo 2**32."""
    factory_owner: str = "factory_owner"
    """Who may set and collect the protocol's fee: whom the contract asks the factory for. Set it to hand that over."""
