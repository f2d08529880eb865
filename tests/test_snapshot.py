"""Snapshots: every field survives, and a file that was damaged is refused with the place of the damage."""

import json
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amm import Snapshot, SnapshotError, UniswapV2Pair, UniswapV3Pool
from amm.math.tick_math import MAX_SQRT_RATIO, MIN_SQRT_RATIO

UNIT = 10**18
ONE = 2**96


def lived_in_pool() -> UniswapV3Pool:
    """A pool in which no field of the state is still at its first value."""
    pool = UniswapV3Pool(3000, 60)
    pool.fee_growth_global0_x128 = 2**256 - 1
    pool.block_timestamp = 2**32 + 5
    pool.initialize(ONE)
    pool.increase_observation_cardinality_next(3)
    pool.set_fee_protocol(4, 10)
    pool.factory_owner = "treasury"
    pool.mint("alice", -60, 60, UNIT)
    pool.mint("böb", -887220, 887220, UNIT)
    for seconds, zero_for_one in ((5, True), (7, False)):
        pool.block_timestamp += seconds
        pool.swap(zero_for_one, UNIT // 10, MIN_SQRT_RATIO + 1 if zero_for_one else MAX_SQRT_RATIO - 1)
        pool.swap(not zero_for_one, UNIT // 1000, MAX_SQRT_RATIO - 1 if zero_for_one else MIN_SQRT_RATIO + 1)
    pool.burn("alice", -60, 60, UNIT // 2)
    return pool


def lived_in_pair() -> UniswapV2Pair:
    pair = UniswapV2Pair(address="0xpair", token0="WBTC", token1="WETH", fee_to="treasury")
    pair.block_timestamp = 2**32 + 5
    pair.transfer_in(UNIT, 2 * UNIT)
    pair.mint("alice")
    pair.block_timestamp += 60
    pair.swap_exact_input(True, UNIT // 10, "taker")
    pair.transfer("alice", "bob", 1000)
    pair.approve("alice", "bob", 2**256 - 1)
    pair.permit("bob", "alice", 5, 2**256 - 1, "bob")
    pair.transfer_in(1, 2)
    return pair


def uninitialised_pool() -> UniswapV3Pool:
    return UniswapV3Pool(999_999, 16383)


@pytest.mark.parametrize("make", [lived_in_pool, lived_in_pair, uninitialised_pool, UniswapV2Pair])
def test_every_field_survives(make: Callable[[], UniswapV2Pair | UniswapV3Pool]) -> None:
    """Written and read again, pool and place are equal, and the text is the same a second time."""
    for snapshot in (Snapshot(make()), Snapshot(make(), 1, 17_600_000, "0x" + "ab" * 32, "0xpool")):
        text = snapshot.to_json()
        again = Snapshot.from_json(text)
        assert again == snapshot
        assert again.to_json() == text


def test_no_field_of_the_state_is_left_out() -> None:
    """What a pool and a pair store is what a snapshot holds, but for what follows from it."""
    state = json.loads(Snapshot(lived_in_pool()).to_json())["state"]
    assert set(state) == set(UniswapV3Pool.__dataclass_fields__) - {"max_liquidity_per_tick", "tick_bitmap"}
    state = json.loads(Snapshot(lived_in_pair()).to_json())["state"]
    assert set(state) == set(UniswapV2Pair.__dataclass_fields__)


def test_integers_are_strings() -> None:
    """No number stands bare in the file: what reads JSON as floats loses nothing."""

    def leaves(value: object) -> list[object]:
        if isinstance(value, dict):
            return [leaf for member in value.values() for leaf in leaves(member)]
        if isinstance(value, list):
            return [leaf for member in value for leaf in leaves(member)]
        return [value]

    for pool in (lived_in_pool(), lived_in_pair()):
        document = json.loads(Snapshot(pool, chain_id=1, block_number=2).to_json())
        assert all(value is None or isinstance(value, (str, bool)) for value in leaves(document))


@given(st.integers(0, 2**256 - 1), st.integers(-(2**55), 2**55 - 1))
def test_the_largest_integers_survive(growth: int, tick_cumulative: int) -> None:
    """Any value of the widest types comes back to the last digit."""
    pool = lived_in_pool()
    pool.fee_growth_global1_x128 = growth
    pool.observations[0] = pool.observations[0]._replace(tick_cumulative=tick_cumulative)
    assert Snapshot.from_json(Snapshot(pool).to_json()).pool == pool


Damage = Callable[[dict[str, Any]], object]
DAMAGES: list[tuple[str, str, Damage]] = [
    ("format", "must be 'lpmm pool'", lambda file: file.update(format="other")),
    ("version", "must be '2', not '1'", lambda file: file.update(version="1")),
    ("kind", "must be one of uniswap_v2, uniswap_v3", lambda file: file.update(kind="curve")),
    ("chain_id", "must be an integer in a string", lambda file: file.update(chain_id=1)),
    ("block_number", "must be from 0", lambda file: file.update(block_number="-1")),
    ("block_hash", "must be a string", lambda file: file.update(block_hash=5)),
    ("extra", "is not known", lambda file: file.update(extra="1")),
    ("address", "is missing", lambda file: file.pop("address")),
    ("state", "must be an object", lambda file: file.update(state=[])),
    ("state.liquidity", "is missing", lambda file: file["state"].pop("liquidity")),
    ("state.liquidty", "is not known", lambda file: file["state"].update(liquidty="1")),
    ("state.fee", "must be from 0 to 999999", lambda file: file["state"].update(fee="1000000")),
    ("state.tick_spacing", "must be an integer", lambda file: file["state"].update(tick_spacing="60.0")),
    ("state.balance0", "must be an integer", lambda file: file["state"].update(balance0="007")),
    ("state.balance1", "must be an integer", lambda file: file["state"].update(balance1="1_000")),
    ("state.slot0.unlocked", "must be true or false", lambda file: file["state"]["slot0"].update(unlocked="1")),
    ("state.slot0.tick", "tick must be", lambda file: file["state"]["slot0"].update(tick="59")),
    ("state.slot0.sqrt_price_x96", "not be zero", lambda file: file["state"]["slot0"].update(sqrt_price_x96="0")),
    ("state.slot0.sqrt_price_x96", "R: ", lambda file: file["state"]["slot0"].update(sqrt_price_x96="1")),
    (
        "state.slot0.observation_index",
        "must be below the cardinality",
        lambda file: file["state"]["slot0"].update(observation_index="3"),
    ),
    ("state.observations", "must number 3, ", lambda file: file["state"]["observations"].pop()),
    (
        "state.observations[1].tick_cumulative",
        "must be from",
        lambda file: file["state"]["observations"][1].update(tick_cumulative=str(2**55)),
    ),
    (
        "state.ticks",
        "multiple of the tick spacing",
        lambda file: file["state"]["ticks"].update({"61": file["state"]["ticks"].pop("60")}),
    ),
    ("state.ticks.887273", "must be from", lambda file: file["state"]["ticks"].update({"887273": {}})),
    ("state.ticks.60.liquidity_net", "is missing", lambda file: file["state"]["ticks"]["60"].pop("liquidity_net")),
    ("state.ticks", "liquidity must be", lambda file: file["state"].update(liquidity="1")),
    ("state.positions", "must be an array", lambda file: file["state"].update(positions={})),
    ("state.positions[0].info", "is missing", lambda file: file["state"]["positions"][0].pop("info")),
    (
        "state.positions[2]",
        "stands there twice",
        lambda file: file["state"]["positions"].append(file["state"]["positions"][0]),
    ),
]


@pytest.mark.parametrize(("key", "problem", "damage"), DAMAGES)
def test_a_damaged_snapshot_is_refused_where_it_is_damaged(key: str, problem: str, damage: Damage) -> None:
    """Missing, unknown, malformed, out of range, or at odds with another entry: the error names the entry."""
    file = json.loads(Snapshot(lived_in_pool()).to_json())
    damage(file)
    with pytest.raises(SnapshotError) as caught:
        Snapshot.from_json(json.dumps(file))
    assert caught.value.key == key
    assert problem in str(caught.value)


@pytest.mark.parametrize(
    ("key", "problem", "damage"),
    [
        ("state.reserve0", "must be from", lambda file: file["state"].update(reserve0=str(2**112))),
        ("state.fee_to", "must be a string", lambda file: file["state"].update(fee_to=1)),
        ("state.balance_of.bob", "integer in a string", lambda file: file["state"]["balance_of"].update(bob=1)),
        ("state.nonces.bob", "must be from 0", lambda file: file["state"]["nonces"].update(bob="-1")),
        (
            "state.allowance[2]",
            "stands there twice",
            lambda file: file["state"]["allowance"].append(file["state"]["allowance"][0]),
        ),
        ("state.balance_of", "must not exceed total_supply", lambda file: file["state"].update(total_supply="1")),
    ],
)
def test_a_damaged_pair_is_refused_where_it_is_damaged(key: str, problem: str, damage: Damage) -> None:
    """The same for the state of a pair."""
    file = json.loads(Snapshot(lived_in_pair()).to_json())
    damage(file)
    with pytest.raises(SnapshotError) as caught:
        Snapshot.from_json(json.dumps(file))
    assert (caught.value.key, problem in str(caught.value)) == (key, True)


@pytest.mark.parametrize(
    ("text", "problem"),
    [("", "is not JSON"), ("[]", "must be an object"), ('{"version": "1", "version": "2"}', "twice")],
)
def test_a_file_that_is_no_snapshot_is_refused(text: str, problem: str) -> None:
    """Empty, no object, or a key that stands there twice."""
    with pytest.raises(SnapshotError, match=problem):
        Snapshot.from_json(text)
