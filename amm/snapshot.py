"""A pool's whole state as versioned JSON, and back. Nothing here touches a network.

Every integer is written as a decimal string, because JSON readers elsewhere would round it to a float. What follows
from the rest is not written: a v3 pool's bitmap is made from its ticks.

Example:
    >>> pool = UniswapV3Pool(fee=500, tick_spacing=10)
    >>> pool.initialize(2**96)
    0
    >>> snapshot = Snapshot(pool, chain_id=1, block_number=12369621)
    >>> Snapshot.from_json(snapshot.to_json()) == snapshot
    True
"""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final, Self

from amm._json_entry import Entry, Fields, Limits, parse, read, write
from amm.errors import ArgumentError, SnapshotError, SqrtPriceOutOfRangeError, TickSpacingError
from amm.math.fixed_point import MAX_UINT32, MAX_UINT112, MAX_UINT128, MAX_UINT160, MAX_UINT256, PIPS
from amm.math.tick_math import MAX_TICK, MIN_TICK
from amm.uniswap_v2 import UniswapV2Pair
from amm.uniswap_v3.pool import MAX_TICK_SPACING, UniswapV3Pool
from amm.uniswap_v3.seed import check_liquidity, check_price
from amm.uniswap_v3.state import Observation, PositionInfo, ProtocolFees, Slot0, TickInfo
from amm.uniswap_v3.tick import bitmap_of

VERSION: Final = 2
"""The version that is written; no other is read."""
_FORMAT: Final = "lpmm pool"

_UINT8: Limits = (0, (1 << 8) - 1)
_UINT16: Limits = (0, (1 << 16) - 1)
_UINT32: Limits = (0, MAX_UINT32)
_INT56: Limits = (-(1 << 55), (1 << 55) - 1)
_UINT112: Limits = (0, MAX_UINT112)
_INT128: Limits = (-(1 << 127), (1 << 127) - 1)
_UINT128: Limits = (0, MAX_UINT128)
_UINT160: Limits = (0, MAX_UINT160)
_UINT256: Limits = (0, MAX_UINT256)
_TICK: Limits = (MIN_TICK, MAX_TICK)

_PLACE: Fields = {"chain_id": _UINT256, "block_number": _UINT256}
_PLACE_TEXTS: Final = ("block_hash", "address")
_DECIMALS: Limits = (0, (1 << 8) - 1)
_POOL: Fields = {
    "fee": (0, PIPS - 1),
    "tick_spacing": (1, MAX_TICK_SPACING),
    "liquidity": _UINT128,
    "fee_growth_global0_x128": _UINT256,
    "fee_growth_global1_x128": _UINT256,
    "balance0": _UINT256,
    "balance1": _UINT256,
    "timestamp": _UINT256,
}
_POOL_PARTS: Final = ("factory_owner", "slot0", "protocol_fees", "ticks", "positions", "observations")
_SLOT0: Fields = {
    "sqrt_price_x96": _UINT160,
    "tick": _TICK,
    "observation_index": _UINT16,
    "observation_cardinality": _UINT16,
    "observation_cardinality_next": _UINT16,
    "fee_protocol": _UINT8,
    "unlocked": None,
}
_PROTOCOL_FEES: Fields = {"token0": _UINT128, "token1": _UINT128}
_TICK_INFO: Fields = {
    "liquidity_gross": (1, MAX_UINT128),
    "liquidity_net": _INT128,
    "fee_growth_outside0_x128": _UINT256,
    "fee_growth_outside1_x128": _UINT256,
    "tick_cumulative_outside": _INT56,
    "seconds_per_liquidity_outside_x128": _UINT160,
    "seconds_outside": _UINT32,
    "initialized": None,
}
_POSITION_INFO: Fields = {
    "liquidity": _UINT128,
    "fee_growth_inside0_last_x128": _UINT256,
    "fee_growth_inside1_last_x128": _UINT256,
    "tokens_owed0": _UINT128,
    "tokens_owed1": _UINT128,
}
_OBSERVATION: Fields = {
    "block_timestamp": _UINT32,
    "tick_cumulative": _INT56,
    "seconds_per_liquidity_cumulative_x128": _UINT160,
    "initialized": None,
}
_PAIR: Fields = {
    "reserve0": _UINT112,
    "reserve1": _UINT112,
    "block_timestamp_last": _UINT32,
    "price0_cumulative_last": _UINT256,
    "price1_cumulative_last": _UINT256,
    "k_last": _UINT256,
    "total_supply": _UINT256,
    "balance0": _UINT256,
    "balance1": _UINT256,
    "unlocked": None,
    "timestamp": _UINT256,
}
_PAIR_TEXTS: Final = ("address", "token0", "token1")
_PAIR_PARTS: Final = (*_PAIR_TEXTS, "fee_to", "balance_of", "allowance", "nonces")


@dataclass(frozen=True)
class Token:
    """An ERC-20 of the pool. Symbol and decimals only help to read amounts, and are None where it does not say them."""

    address: str
    symbol: str | None = None
    decimals: int | None = None


@dataclass(frozen=True)
class Snapshot:
    """A pool, and where it was read from: all but the pool is None where it was not read from a chain."""

    pool: UniswapV3Pool | UniswapV2Pair
    chain_id: int | None = None
    block_number: int | None = None
    block_hash: str | None = None
    address: str | None = None
    """The contract's address."""
    tokens: tuple[Token, Token] | None = None
    """token0 and token1."""

    def to_json(self) -> str:
        """Return the snapshot as JSON text."""
        place = {name: getattr(self, name) for name in (*_PLACE, *_PLACE_TEXTS)}
        if isinstance(self.pool, UniswapV3Pool):
            kind, state = "uniswap_v3", _write_v3(self.pool)
        else:
            kind, state = "uniswap_v2", _write_v2(self.pool)
        document = {
            "format": _FORMAT,
            "version": str(VERSION),
            "kind": kind,
            **{name: str(value) if isinstance(value, int) else value for name, value in place.items()},
            "tokens": None if self.tokens is None else [_write_token(token) for token in self.tokens],
            "state": state,
        }
        return json.dumps(document, indent=1) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Self:
        """Read a snapshot.

        Raises:
            SnapshotError: naming the entry that is missing, unknown, malformed, out of range or at odds with another.
        """
        root = parse(text).members("format", "version", "kind", *_PLACE, *_PLACE_TEXTS, "tokens", "state")
        _require_text(root["format"], _FORMAT)
        _require_text(root["version"], str(VERSION))
        kind = root["kind"].text()
        if kind not in _READERS:
            raise SnapshotError("kind", f"must be one of {', '.join(_READERS)}, not {kind!r}")
        pool = _READERS[kind](root["state"])
        chain_id, block_number = (None if root[name].value is None else root[name].integer(_UINT256) for name in _PLACE)
        block_hash, address = (_optional_text(root[name]) for name in _PLACE_TEXTS)
        return cls(pool, chain_id, block_number, block_hash, address, _read_tokens(root["tokens"]))


def _write_token(token: Token) -> dict[str, str | None]:
    decimals = None if token.decimals is None else str(token.decimals)
    return {"address": token.address, "symbol": token.symbol, "decimals": decimals}


def _read_tokens(entry: Entry) -> tuple[Token, Token] | None:
    if entry.value is None:
        return None
    tokens = [_read_token(element) for element in entry.elements()]
    if len(tokens) != 2:  # noqa: PLR2004  # token0 and token1
        raise SnapshotError(entry.path, f"must be two tokens, not {len(tokens)}")
    return tokens[0], tokens[1]


def _read_token(entry: Entry) -> Token:
    parts = entry.members("address", "symbol", "decimals")
    decimals = None if parts["decimals"].value is None else parts["decimals"].integer(_DECIMALS)
    return Token(parts["address"].text(), _optional_text(parts["symbol"]), decimals)


def _write_v3(pool: UniswapV3Pool) -> dict[str, object]:
    return {
        **write(pool, _POOL),
        "factory_owner": pool.factory_owner,
        "slot0": write(pool.slot0, _SLOT0),
        "protocol_fees": write(pool.protocol_fees, _PROTOCOL_FEES),
        "ticks": {str(index): write(pool.ticks[index], _TICK_INFO) for index in sorted(pool.ticks)},
        "positions": [
            {
                "owner": owner,
                "tick_lower": str(tick_lower),
                "tick_upper": str(tick_upper),
                "info": write(position, _POSITION_INFO),
            }
            for (owner, tick_lower, tick_upper), position in sorted(pool.positions.items())
        ],
        "observations": [write(observation, _OBSERVATION) for observation in pool.observations],
    }


def _read_v3(state: Entry) -> UniswapV3Pool:
    parts = state.members(*_POOL, *_POOL_PARTS)
    values = {name: read(parts[name], limits) for name, limits in _POOL.items()}
    pool = UniswapV3Pool(values.pop("fee"), values.pop("tick_spacing"))
    for name, value in values.items():
        setattr(pool, name, value)
    pool.factory_owner = parts["factory_owner"].text()
    pool.slot0 = Slot0(**parts["slot0"].integers(_SLOT0))
    pool.protocol_fees = ProtocolFees(**parts["protocol_fees"].integers(_PROTOCOL_FEES))
    for name, entry in parts["ticks"].members().items():
        index = Entry(entry.path, name).integer(_TICK)
        pool.ticks[index] = TickInfo(**entry.integers(_TICK_INFO))
    for entry in parts["positions"].elements():
        position = entry.members("owner", "tick_lower", "tick_upper", "info")
        tick_lower, tick_upper = position["tick_lower"].integer(_TICK), position["tick_upper"].integer(_TICK)
        key = (position["owner"].text(), tick_lower, tick_upper)
        if key in pool.positions:
            raise SnapshotError(entry.path, "stands there twice")
        pool.positions[key] = PositionInfo(**position["info"].integers(_POSITION_INFO))
    pool.observations = [Observation(**entry.integers(_OBSERVATION)) for entry in parts["observations"].elements()]
    _check_v3(pool)
    return pool


def _check_v3(pool: UniswapV3Pool) -> None:
    """Refuse parts that are well-formed each and contradict one another; make the bitmap."""
    slot0, count = pool.slot0, len(pool.observations)
    if count != slot0.observation_cardinality_next:
        expected = f"{slot0.observation_cardinality_next}, slot0's observation_cardinality_next"
        raise SnapshotError("state.observations", f"must number {expected}, not {count}")
    if slot0.sqrt_price_x96 == 0:
        if slot0 != Slot0() or pool.ticks or pool.positions or pool.observations or pool.liquidity:
            raise SnapshotError("state.slot0.sqrt_price_x96", "must not be zero in a pool that has been initialised")
        return
    if not slot0.observation_index < slot0.observation_cardinality <= count:
        raise SnapshotError(
            "state.slot0.observation_index", "must be below the cardinality, and that not above the next"
        )
    try:
        check_price(slot0.sqrt_price_x96, slot0.tick)
    except SqrtPriceOutOfRangeError as error:
        raise SnapshotError("state.slot0.sqrt_price_x96", str(error)) from error
    except ArgumentError as error:
        raise SnapshotError("state.slot0.tick", str(error)) from error
    try:
        pool.tick_bitmap = bitmap_of(pool.ticks, pool.tick_spacing)
        check_liquidity(pool.ticks, slot0.tick, pool.liquidity)
    except (ArgumentError, TickSpacingError) as error:
        raise SnapshotError("state.ticks", str(error)) from error


def _write_v2(pair: UniswapV2Pair) -> dict[str, object]:
    return {
        **write(pair, _PAIR),
        **{name: getattr(pair, name) for name in _PAIR_TEXTS},
        "fee_to": pair.fee_to,
        "balance_of": {owner: str(shares) for owner, shares in sorted(pair.balance_of.items())},
        "allowance": [
            {"owner": owner, "spender": spender, "value": str(value)}
            for (owner, spender), value in sorted(pair.allowance.items())
        ],
        "nonces": {owner: str(nonce) for owner, nonce in sorted(pair.nonces.items())},
    }


def _read_v2(state: Entry) -> UniswapV2Pair:
    parts = state.members(*_PAIR, *_PAIR_PARTS)
    pair = UniswapV2Pair()
    for name, limits in _PAIR.items():
        setattr(pair, name, read(parts[name], limits))
    for name in _PAIR_TEXTS:
        setattr(pair, name, parts[name].text())
    pair.fee_to = _optional_text(parts["fee_to"])
    pair.balance_of = {owner: entry.integer(_UINT256) for owner, entry in parts["balance_of"].members().items()}
    pair.nonces = {owner: entry.integer(_UINT256) for owner, entry in parts["nonces"].members().items()}
    for entry in parts["allowance"].elements():
        approval = entry.members("owner", "spender", "value")
        approved = (approval["owner"].text(), approval["spender"].text())
        if approved in pair.allowance:
            raise SnapshotError(entry.path, "stands there twice")
        pair.allowance[approved] = approval["value"].integer(_UINT256)
    held = sum(pair.balance_of.values())
    if held > pair.total_supply:
        raise SnapshotError("state.balance_of", f"must not exceed total_supply in sum, as {held} does")
    return pair


def _optional_text(entry: Entry) -> str | None:
    return None if entry.value is None else entry.text()


def _require_text(entry: Entry, expected: str) -> None:
    if entry.text() != expected:
        raise SnapshotError(entry.path, f"must be {expected!r}, not {entry.value!r}")


_READERS: Final[Mapping[str, Callable[[Entry], UniswapV3Pool | UniswapV2Pair]]] = {
    "uniswap_v2": _read_v2,
    "uniswap_v3": _read_v3,
}
