"""A model's whole state as the storage words its contract would hold.

Comparing words compares every member at once, the ones no getter shows included. A mapping's entry lies at keccak(key,
slot of the mapping); members pack into a word from its low end.
"""

from collections.abc import Iterator
from functools import cache

from eth_hash.auto import keccak

from amm.uniswap_v2 import UniswapV2Pair
from amm.uniswap_v3.pool import UniswapV3Pool

Name = tuple[object, ...]
Storage = dict[int, tuple[int, Name]]
"""Slot -> word and what it holds."""

# Slot numbers follow from the order in which the contracts declare their variables.
V3_FEE_GROWTH_GLOBAL = (1, 2)
_V3_TICKS, _V3_BITMAP, _V3_POSITIONS, _V3_OBSERVATIONS = 5, 6, 7, 8
_ERC20_BALANCES = 1
_V2_ALLOWANCES, _V2_NONCES = 2, 4


@cache
def mapping_slot(mapping: int, key: int) -> int:
    """Where a mapping keeps the value of an integer key."""
    return _hash(_word(key) + _word(mapping))


@cache
def balance_slot(owner: str) -> int:
    """Where a token, or the pair as a token, keeps an owner's balance."""
    return mapping_slot(_ERC20_BALANCES, int(owner, 16))


@cache
def allowance_slot(owner: str, spender: str) -> int:
    """Where a pair keeps how many of an owner's shares a spender may move."""
    return mapping_slot(mapping_slot(_V2_ALLOWANCES, int(owner, 16)), int(spender, 16))


@cache
def position_slot(owner: str, tick_lower: int, tick_upper: int) -> int:
    """Where a v3 pool keeps a position."""
    key = keccak(bytes.fromhex(owner[2:]) + _int24(tick_lower) + _int24(tick_upper))
    return _hash(key + _word(_V3_POSITIONS))


def v3_storage(pool: UniswapV3Pool) -> Storage:
    """Every word of a v3 pool's storage that is not zero."""
    return {slot: (word, name) for slot, word, name in _v3_words(pool) if word}


def _v3_words(pool: UniswapV3Pool) -> Iterator[tuple[int, int, Name]]:
    sqrt_price_x96, tick, index, cardinality, cardinality_next, fee_protocol, unlocked = pool.slot0
    low = sqrt_price_x96 | _bits(tick, 24) << 160 | index << 184 | cardinality << 200
    yield 0, low | cardinality_next << 216 | fee_protocol << 232 | unlocked << 240, ("slot0",)
    yield 1, pool.fee_growth_global0_x128, ("fee_growth_global0_x128",)
    yield 2, pool.fee_growth_global1_x128, ("fee_growth_global1_x128",)
    yield 3, pool.protocol_fees.token0 | pool.protocol_fees.token1 << 128, ("protocol_fees",)
    yield 4, pool.liquidity, ("liquidity",)
    for tick, info in pool.ticks.items():
        gross, net, outside0, outside1, cumulative, per_liquidity, seconds, initialized = info
        slot = mapping_slot(_V3_TICKS, tick)
        yield slot, gross | _bits(net, 128) << 128, ("ticks", tick, "liquidity_gross, liquidity_net")
        yield slot + 1, outside0, ("ticks", tick, "fee_growth_outside0_x128")
        yield slot + 2, outside1, ("ticks", tick, "fee_growth_outside1_x128")
        word = _bits(cumulative, 56) | per_liquidity << 56 | seconds << 216 | initialized << 248
        yield slot + 3, word, ("ticks", tick, "tick_cumulative, seconds_per_liquidity, seconds outside, initialized")
    for position, word in pool.tick_bitmap.items():
        yield mapping_slot(_V3_BITMAP, position), word, ("tick_bitmap", position)
    for key, (liquidity, inside0, inside1, owed0, owed1) in pool.positions.items():
        slot = position_slot(*key)
        yield slot, liquidity, ("positions", *key, "liquidity")
        yield slot + 1, inside0, ("positions", *key, "fee_growth_inside0_last_x128")
        yield slot + 2, inside1, ("positions", *key, "fee_growth_inside1_last_x128")
        yield slot + 3, owed0 | owed1 << 128, ("positions", *key, "tokens_owed0, tokens_owed1")
    for i, (timestamp, cumulative, per_liquidity, initialized) in enumerate(pool.observations):
        word = timestamp | _bits(cumulative, 56) << 32 | per_liquidity << 88 | initialized << 248
        yield _V3_OBSERVATIONS + i, word, ("observations", i)


def v2_storage(pair: UniswapV2Pair) -> Storage:
    """Every word of a v2 pair's storage that is not zero; its addresses and its domain, which never change, aside."""
    return {slot: (word, name) for slot, word, name in _v2_words(pair) if word}


def _v2_words(pair: UniswapV2Pair) -> Iterator[tuple[int, int, Name]]:
    yield 0, pair.total_supply, ("total_supply",)
    for owner, shares in pair.balance_of.items():
        yield balance_slot(owner), shares, ("balance_of", owner)
    for (owner, spender), value in pair.allowance.items():
        yield allowance_slot(owner, spender), value, ("allowance", owner, spender)
    for owner, nonce in pair.nonces.items():
        yield mapping_slot(_V2_NONCES, int(owner, 16)), nonce, ("nonces", owner)
    reserves = pair.reserve0 | pair.reserve1 << 112 | pair.block_timestamp_last << 224
    yield 8, reserves, ("reserve0, reserve1, block_timestamp_last",)
    yield 9, pair.price0_cumulative_last, ("price0_cumulative_last",)
    yield 10, pair.price1_cumulative_last, ("price1_cumulative_last",)
    yield 11, pair.k_last, ("k_last",)
    yield 12, pair.unlocked, ("unlocked",)


def _bits(value: int, bits: int) -> int:
    """Two's complement."""
    return value & ((1 << bits) - 1)


def _hash(data: bytes) -> int:
    return int.from_bytes(keccak(data), "big")


def _word(value: int) -> bytes:
    return (value % 2**256).to_bytes(32, "big")


def _int24(value: int) -> bytes:
    return value.to_bytes(3, "big", signed=True)
