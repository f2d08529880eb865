"""The event logs of Uniswap pools as plain records: which events there are, what they carry, and one record of each.

No network and no hashing: `amm.chain` fetches and decodes them, a dataset stores them, `amm.event_replay` drives a pool
with them.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import NamedTuple

from amm.errors import AmmError


@dataclass(frozen=True)
class EventField:
    """One argument of an event: our name, the contract's type, and whether it stands in a topic or in the data."""

    name: str
    type: str
    indexed: bool = False


@dataclass(frozen=True)
class EventSpec:
    """One event of a contract, its arguments in the contract's order."""

    name: str
    fields: tuple[EventField, ...]

    @property
    def signature(self) -> str:
        """What topic 0 is the Keccak-256 hash of.

        Example:
            >>> UNISWAP_V3_EVENTS["Initialize"].signature
            'Initialize(uint160,int24)'
        """
        return f"{self.name}({','.join(field.type for field in self.fields)})"


@dataclass(frozen=True)
class EventRecord:
    """One log of one pool, where it stands in the chain, and its arguments.

    Addresses are lowercase hexadecimal strings, every other argument is an int in the contract's unit and sign.
    """

    event: str
    block_number: int
    block_hash: str
    block_timestamp: int
    transaction_hash: str
    transaction_index: int
    log_index: int
    fields: Mapping[str, int | str]

    @property
    def place(self) -> tuple[int, int]:
        """Block number and index inside the block: the order in which things happened."""
        return self.block_number, self.log_index

    def integers(self, *names: str) -> tuple[int, ...]:
        """Arguments that are numbers."""
        return tuple(value for value in map(self.fields.__getitem__, names) if isinstance(value, int))

    def text(self, name: str) -> str:
        """An argument that is an address."""
        return str(self.fields[name])


class Replayed(NamedTuple):
    """How many events came out as recorded, and by which call each swap among them was found again.

    A swap's log does not say how it was asked for. One that neither its input nor its output explains is taken for one
    that stopped at its price limit; then the price itself is the chain's, and only the rest is the model's. Where many
    swaps need that, the model's price is wrong.
    """

    events: int = 0
    exact_input: int = 0
    exact_output: int = 0
    price_limit: int = 0


class ReplayMismatchError(AmmError):
    """The model did something else than the chain recorded.

    Attributes:
        event: What the chain recorded.
        field: The first argument, or part of the state, that differs.
        chain: Its value on the chain.
        model: Its value in the model; the contract's reason where the model reverts.
        agreed: How many events before it agreed.
    """

    def __init__(self, event: EventRecord, field: str, chain: object, model: object, agreed: int = 0) -> None:
        """Name what differs."""
        super().__init__(event, field, chain, model, agreed)
        self.event, self.field, self.chain, self.model, self.agreed = event, field, chain, model, agreed

    def __str__(self) -> str:
        """Where it happened, and both values."""
        at = f"{self.event.event} in block {self.event.block_number}, log {self.event.log_index}"
        return f"{at}: {self.field} is {self.chain} on the chain and {self.model} in the model"


def _spec(name: str, *fields: str) -> EventSpec:
    """An event from `type name` pairs; a star marks an indexed argument."""
    pairs = [field.split() for field in fields]
    return EventSpec(name, tuple(EventField(n.rstrip("*"), t, n.endswith("*")) for t, n in pairs))


def _table(*specs: EventSpec) -> dict[str, EventSpec]:
    return {spec.name: spec for spec in specs}


UNISWAP_V3_EVENTS: Mapping[str, EventSpec] = _table(
    _spec("Initialize", "uint160 sqrt_price_x96", "int24 tick"),
    _spec(
        "Mint",
        "address sender",
        "address owner*",
        "int24 tick_lower*",
        "int24 tick_upper*",
        "uint128 amount",
        "uint256 amount0",
        "uint256 amount1",
    ),
    _spec(
        "Collect",
        "address owner*",
        "address recipient",
        "int24 tick_lower*",
        "int24 tick_upper*",
        "uint128 amount0",
        "uint128 amount1",
    ),
    _spec(
        "Burn",
        "address owner*",
        "int24 tick_lower*",
        "int24 tick_upper*",
        "uint128 amount",
        "uint256 amount0",
        "uint256 amount1",
    ),
    _spec(
        "Swap",
        "address sender*",
        "address recipient*",
        "int256 amount0",
        "int256 amount1",
        "uint160 sqrt_price_x96",
        "uint128 liquidity",
        "int24 tick",
    ),
    _spec(
        "Flash",
        "address sender*",
        "address recipient*",
        "uint256 amount0",
        "uint256 amount1",
        "uint256 paid0",
        "uint256 paid1",
    ),
    _spec(
        "IncreaseObservationCardinalityNext",
        "uint16 observation_cardinality_next_old",
        "uint16 observation_cardinality_next_new",
    ),
    _spec(
        "SetFeeProtocol",
        "uint8 fee_protocol0_old",
        "uint8 fee_protocol1_old",
        "uint8 fee_protocol0_new",
        "uint8 fee_protocol1_new",
    ),
    _spec("CollectProtocol", "address sender*", "address recipient*", "uint128 amount0", "uint128 amount1"),
)
"""IUniswapV3PoolEvents, by name."""

UNISWAP_V2_EVENTS: Mapping[str, EventSpec] = _table(
    _spec("Approval", "address owner*", "address spender*", "uint256 value"),
    _spec("Transfer", "address sender*", "address recipient*", "uint256 value"),
    _spec("Mint", "address sender*", "uint256 amount0", "uint256 amount1"),
    _spec("Burn", "address sender*", "uint256 amount0", "uint256 amount1", "address recipient*"),
    _spec(
        "Swap",
        "address sender*",
        "uint256 amount0_in",
        "uint256 amount1_in",
        "uint256 amount0_out",
        "uint256 amount1_out",
        "address recipient*",
    ),
    _spec("Sync", "uint112 reserve0", "uint112 reserve1"),
)
"""IUniswapV2Pair and its ERC-20, by name: a burn's share of the pool shows only in its Transfer."""
