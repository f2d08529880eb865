"""What can go wrong between a node and a snapshot. No message ever holds the endpoint's key.

`ChainError` is the root. `NodeError`: a node that could not be asked or would not answer. `IntegrityError`: an answer
that cannot be true, or is not of the block and chain asked for. `PoolKindError`: an address that is no such pool.
"""

from dataclasses import dataclass, fields
from typing import ClassVar

from amm.errors import AmmError


@dataclass(eq=False)
class ChainError(AmmError):
    """Root of every error of reading a chain: its values and one rule."""

    rule: ClassVar[str] = ""

    def __post_init__(self) -> None:
        """Keep the values as the arguments, so that the error can be pickled."""
        self.args = tuple(getattr(self, field.name) for field in fields(self))

    def __str__(self) -> str:
        """The rule and the values."""
        values = ", ".join(f"{field.name}={getattr(self, field.name)!r}" for field in fields(self))
        return f"{self.rule} ({values})" if values else self.rule


# The node -------------------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class EndpointError(ChainError):
    """The address of the node is no http or https URL. It is not shown: it may hold a key."""

    rule = "the node's address must be an http or https URL with a host"


@dataclass(eq=False)
class NodeError(ChainError):
    """One request that stayed without an answer; `node` is the endpoint without its secrets."""

    node: str
    method: str
    problem: str

    def __str__(self) -> str:
        """One sentence with every value."""
        return f"{self.node} {self.rule} {self.method}: {self.problem}"


@dataclass(eq=False)
class NodeUnreachableError(NodeError):
    """No whole answer after every attempt: time-outs, dropped connections, server errors."""

    rule = "did not answer"


@dataclass(eq=False)
class RateLimitedError(NodeError):
    """Too many requests, still after every attempt."""

    rule = "limits the rate of"


@dataclass(eq=False)
class NodeRefusedError(NodeError):
    """The node answered with an error of its own."""

    rule = "refuses"


@dataclass(eq=False)
class StateUnavailableError(NodeError):
    """The node no longer holds the state of that block: it is no archive node."""

    rule = "has no state for"


@dataclass(eq=False)
class MulticallMissingError(NodeError):
    """No Multicall3 at that block, and the node lets `eth_call` borrow no code."""

    rule = "cannot batch"


@dataclass(eq=False)
class CallRevertedError(ChainError):
    """A contract reverted where it must not; `reason` is its own string, empty where it gave none."""

    rule = "the contract reverted"
    contract: str
    function: str
    reason: str


# What cannot be true --------------------------------------------------------------------------------------------------


@dataclass(eq=False)
class IntegrityError(ChainError):
    """An answer that cannot be true, or not of what was asked."""


@dataclass(eq=False)
class BadAnswerError(IntegrityError):
    """The answer to a request does not have the shape the protocol gives it."""

    node: str
    method: str
    problem: str

    def __str__(self) -> str:
        """One sentence with every value."""
        return f"{self.node} answered {self.method} with {self.problem}"


@dataclass(eq=False)
class WrongChainError(IntegrityError):
    """The node sits on another chain."""

    rule = "the node must sit on the expected chain"
    expected: int
    found: int


@dataclass(eq=False)
class BlockNotFoundError(IntegrityError):
    """The chain has no such block (yet)."""

    rule = "the block must exist"
    block: int | str


@dataclass(eq=False)
class StaleStateError(IntegrityError):
    """The node evaluated a call on the state of another block than the one named."""

    rule = "a call must see the block it names"
    block: int
    expected_timestamp: int
    found_timestamp: int


@dataclass(eq=False)
class ReorganisedError(IntegrityError):
    """The chain replaced a block while, or since, it was read."""

    rule = "a block must stay part of the chain"
    block: int
    expected_hash: str
    found_hash: str


@dataclass(eq=False)
class InconsistentStateError(IntegrityError):
    """Parts of a pool's state that contradict one another."""

    rule = "the parts of a pool's state must agree"
    address: str
    block: int
    problem: str


@dataclass(eq=False)
class TruncatedLogsError(IntegrityError):
    """The node leaves logs out of its answers."""

    rule = "a list of logs must be whole"
    first_block: int
    last_block: int
    problem: str


# What the address holds -----------------------------------------------------------------------------------------------


@dataclass(eq=False)
class PoolKindError(ChainError):
    """The address holds something else than a Uniswap v2 pair or v3 pool."""


@dataclass(eq=False)
class NotAPoolError(PoolKindError):
    """The address does not answer as a pool at that block: another contract, an account, or a pool not yet deployed."""

    rule = "the address must hold a Uniswap v2 pair or v3 pool"
    address: str
    block: int
    problem: str


@dataclass(eq=False)
class UnsupportedPoolError(PoolKindError):
    """A pool that answers like Uniswap's and is not: a fork with other rules."""

    rule = "the pool must follow Uniswap's own contract"
    address: str
    field: str
    problem: str


@dataclass(eq=False)
class UnknownEventError(PoolKindError):
    """A log that Uniswap's contract never emits: a fork with other rules."""

    rule = "every log must be one of the contract's own events"
    address: str
    block: int
    log_index: int
    problem: str
