"""The whole state of a v2 pair as plain data, under the contract's names."""

from dataclasses import dataclass, field


@dataclass(slots=True)
class PairState:
    """Everything a v2 pair stores, and what it reads from its tokens, its factory and the clock."""

    address: str = "pair"
    """The pair's own name among the holders of liquidity: burn destroys what it holds."""
    token0: str = "token0"
    token1: str = "token1"
    fee_to: str | None = None
    """Who receives the protocol's part of the growth (the factory's feeTo); None where the protocol takes none."""
    reserve0: int = 0
    """Token0 that the pair trades with, uint112; the balance may be larger until the next sync, skim, mint or swap."""
    reserve1: int = 0
    block_timestamp_last: int = 0
    """When the reserves last changed, in seconds, uint32."""
    price0_cumulative_last: int = 0
    """Sum of (reserve1 / reserve0) * seconds, UQ112x112 modulo 2**256."""
    price1_cumulative_last: int = 0
    k_last: int = 0
    """reserve0 * reserve1 after the last mint or burn while the protocol's fee is on, else zero."""
    total_supply: int = 0
    """All liquidity shares."""
    balance_of: dict[str, int] = field(default_factory=dict)
    """The liquidity shares of each holder."""
    allowance: dict[tuple[str, str], int] = field(default_factory=dict)
    """How many of an owner's shares a spender may still move: the owner first."""
    nonces: dict[str, int] = field(default_factory=dict)
    """How many permits of each owner were accepted; the next one must be signed with this number."""
    balance0: int = 0
    """Token0 that the pair holds."""
    balance1: int = 0
    unlocked: bool = True
    """False inside a call."""
    timestamp: int = 0
    """The time of the current block in seconds; the contract keeps it modulo 2**32."""
