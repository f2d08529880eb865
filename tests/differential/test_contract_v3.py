"""UniswapV3Pool is the mainnet contract: the same calls on both, and every word of state compared after each.

A test run ends by saying how many transactions it compared. With pyrevm that is more than 30,000 in every run. Where
pyrevm has no wheel, as on Python 3.13, py-evm runs the same contracts some hundred times as slowly: the same rules are
then tried in fewer and shorter runs, some 3,000 transactions in all.
"""

from random import Random

import pytest
from differential import v3_rules
from differential.engine import DEPLOYER, calldata, has_pyrevm, signed, words
from differential.reentry_rules import V3_REENTRY
from differential.streams import V3
from differential.v3_rules import Rule
from differential.v3_twin import OWNERS, V3Twin
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from amm.math.tick_math import MAX_SQRT_RATIO, MIN_SQRT_RATIO, MIN_TICK
from amm.uniswap_v3.state import Observation

PARTS = 8
TRANSACTIONS_A_PART = 5_000 if has_pyrevm() else 60
EXAMPLES = 60 if has_pyrevm() else 5
WORLDS = 10 if has_pyrevm() else 2
DRAWS = st.randoms(use_true_random=False)


class V3Machine(RuleBasedStateMachine):
    """Contract and model stay equal whatever hypothesis does to them; it shortens what fails."""

    twin: V3Twin

    @initialize(random=DRAWS)
    def start(self, random: Random) -> None:
        self.twin = v3_rules.new_twin(random)

    @rule(act=st.sampled_from(v3_rules.LIQUIDITY), random=DRAWS)
    def change_liquidity(self, act: Rule, random: Random) -> None:
        act(self.twin, random)

    @rule(act=st.sampled_from(v3_rules.SWAPS + V3_REENTRY * 6), random=DRAWS)
    def trade(self, act: Rule, random: Random) -> None:
        act(self.twin, random)

    @rule(act=st.sampled_from(v3_rules.FLASHES + v3_rules.PROTOCOL), random=DRAWS)
    def borrow_or_set_fees(self, act: Rule, random: Random) -> None:
        act(self.twin, random)

    @rule(act=st.sampled_from(v3_rules.ORACLE + v3_rules.OTHER), random=DRAWS)
    def observe_or_wait(self, act: Rule, random: Random) -> None:
        act(self.twin, random)


TestV3Machine = V3Machine.TestCase
TestV3Machine.settings = settings(max_examples=EXAMPLES, stateful_step_count=40)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_seeded_streams_leave_contract_and_model_equal(part: int) -> None:
    """Thousands of calls, and not one word of state or one reason to revert differs."""
    compared = sum(twin.compared for twin in V3.run(f"part {part}", TRANSACTIONS_A_PART))
    assert compared >= TRANSACTIONS_A_PART


def test_enough_transactions_are_compared() -> None:
    """The streams above alone compare at least 30,000 transactions; some hundreds on the slow engine."""
    enough = 30_000 if has_pyrevm() else 400
    assert enough <= PARTS * TRANSACTIONS_A_PART


def test_the_contract_stores_nothing_the_comparison_leaves_out() -> None:
    """Every slot the contract ever touched is among the words compared, or is zero."""
    for world in range(WORLDS):
        V3.run_world(f"storage {world}").compare_touched_storage()


def test_the_getters_say_what_the_storage_holds() -> None:
    """The pool's public getters return the model's state, field by field: the storage layout is read aright."""
    for world in range(WORLDS):
        twin = V3.run_world(f"getters {world}")
        model = twin.model
        assert _read(twin, "slot0()") == model.slot0
        assert _read(twin, "feeGrowthGlobal0X128()") == (_int256(model.fee_growth_global0_x128),)
        assert _read(twin, "feeGrowthGlobal1X128()") == (_int256(model.fee_growth_global1_x128),)
        assert _read(twin, "protocolFees()") == model.protocol_fees
        assert _read(twin, "liquidity()") == (model.liquidity,)
        assert _read(twin, "maxLiquidityPerTick()") == (model.max_liquidity_per_tick,)
        for tick, info in model.ticks.items():
            assert _read(twin, "ticks(int24)", tick) == tuple(map(_int256, info))
        for position, word in model.tick_bitmap.items():
            assert _read(twin, "tickBitmap(int16)", position) == (_int256(word),)
        for i, observation in enumerate(model.observations):
            assert _read(twin, "observations(uint256)", i) == observation


def test_a_pool_is_initialized_once() -> None:
    """A first price out of range, a second price, and every call before the first, fail on both sides alike."""
    twin = V3Twin(3000, 60)
    assert twin.initialize(MIN_SQRT_RATIO - 1) is None
    assert twin.initialize(MAX_SQRT_RATIO) is None
    assert twin.mint(OWNERS[0], -60, 60, 1) is None
    assert twin.burn(OWNERS[0], -60, 60, 0) is None
    assert twin.collect(OWNERS[0], -60, 60, 1, 1) is None
    assert twin.swap(True, 1, MIN_SQRT_RATIO + 1) is None
    assert twin.flash(0, 0, (0, 0)) is None
    assert twin.set_fee_protocol(4, 4) is None
    assert twin.collect_protocol(1, 1) is None
    assert twin.increase_observation_cardinality_next(2) is None
    assert twin.observe([0]) is None
    assert twin.snapshot_cumulatives_inside(-60, 60) is None
    assert twin.initialize(MIN_SQRT_RATIO) is not None
    assert twin.initialize(2**96) is None


def test_the_running_sum_of_ticks_wraps_at_56_bits() -> None:
    """At the lowest price the sum overflows after some ten full turns of the clock, and both sides go on alike."""
    twin = V3Twin(3000, 60)
    twin.initialize(MIN_SQRT_RATIO)
    twin.increase_observation_cardinality_next(5)
    lowest = MIN_TICK // 60 * 60 + 60
    wrapped = 0
    for turn in range(24):
        twin.mint(OWNERS[0], lowest, lowest + 600, 1)
        before = twin.observe([0])
        twin.wait(2**32 - 1 - turn % 3)
        after = twin.observe([0])
        assert before is not None
        assert after is not None
        wrapped += after[0] > before[0]
        twin.swap(False, 10**6, _above(twin))
        twin.swap(True, 10**6, MIN_SQRT_RATIO + 1)
        twin.snapshot_cumulatives_inside(lowest, lowest + 600)
        twin.observe([0, 1, 2**31, 2**32 - 1])
    assert wrapped


def test_the_ring_of_observations_wraps_at_its_largest() -> None:
    """With 65,535 observations kept, the index goes from the last to the first, and searches cross that edge."""
    twin = V3Twin(500, 10)
    twin.initialize(2**96)
    twin.mint(OWNERS[0], -1000, 1000, 10**18)
    world, pool = twin.chain.world, twin.chain.pool
    for cardinality in (*range(10_000, 65_535, 10_000), 65_535):
        world.send(DEPLOYER, pool, calldata("increaseObservationCardinalityNext(uint16)", cardinality))
        twin.model.increase_observation_cardinality_next(cardinality)
    slot0 = twin.model.slot0
    twin.model.slot0 = slot0._replace(observation_index=65_532, observation_cardinality=65_535)
    twin.model.observations[65_532] = Observation(twin.time, 0, 0, True)
    _impose(twin)  # as if all the ones before had been written
    for _ in range(4):
        twin.wait(12)
        twin.swap(True, 10**15, MIN_SQRT_RATIO + 1)
        twin.observe([0, 6, 12])
    assert twin.model.slot0.observation_index == 1


def test_a_mean_tick_rounds_towards_zero() -> None:
    """Between two observations whose ticks do not divide evenly, which no pool writes, both sides round alike."""
    twin = V3Twin(3000, 60)
    twin.initialize(2**96)
    twin.increase_observation_cardinality_next(3)
    start = twin.time
    twin.wait(10)
    twin.model.observations = [
        Observation(start, 0, 0, True),
        Observation(start + 4, -7, 9, True),
        Observation(start + 10, 12, 20, True),
    ]
    twin.model.slot0 = twin.model.slot0._replace(observation_index=2, observation_cardinality=3)
    _impose(twin)
    sums = twin.observe([9, 8, 7, 6, 5, 3, 0])
    assert sums is not None
    assert sums[:4] == (-1, -2, -3, -7)


@pytest.mark.parametrize("excess", [-1, 0, 1])
def test_a_protocol_fee_beyond_128_bits_loses_its_upper_part(excess: int) -> None:
    """A loan repaid so well that the protocol's part needs 129 bits leaves it the low 128, on both sides alike."""
    twin = V3Twin(3000, 60)
    twin.initialize(2**96)
    twin.mint(OWNERS[0], -60, 60, 2**100)
    twin.set_fee_protocol(4, 0)
    assert twin.flash(0, 0, (4 * (2**128 + excess), 0)) is not None
    assert twin.model.protocol_fees.token0 == (2**128 + excess) % 2**128
    twin.flash(0, 0, (4 * (2**128 - 1), 0))
    twin.collect_protocol(2**128 - 1, 0)
    twin.burn(OWNERS[0], -60, 60, 0)
    twin.collect(OWNERS[0], -60, 60, 2**128 - 1, 2**128 - 1)


def test_a_pool_that_owes_more_than_it_has_does_not_pay() -> None:
    """Where fees are owed that never came in, collect, collect_protocol and swap fail for want of balance, alike."""
    twin = V3Twin(3000, 60)
    twin.initialize(2**96)
    twin.mint(OWNERS[0], -60, 60, 10**18)
    twin.set_fee_protocol(4, 4)
    twin.swap(True, 10**12, MIN_SQRT_RATIO + 1)
    twin.swap(False, 10**12, MAX_SQRT_RATIO - 1)
    twin.set_fee_growth_global(2**128 * 10**6, 2**128 * 10**6)
    twin.burn(OWNERS[0], -60, 60, 0)
    balance0, balance1 = twin.model.balance0, twin.model.balance1
    assert twin.collect(OWNERS[0], -60, 60, balance0 + 1, 0) is None
    assert twin.collect(OWNERS[0], -60, 60, 0, balance1 + 1) is None
    assert twin.collect(OWNERS[0], -60, 60, balance0, balance1) == (balance0, balance1)
    assert twin.collect_protocol(2**128 - 1, 0) is None
    assert twin.collect_protocol(0, 2**128 - 1) is None
    assert twin.swap(True, 10**12, MIN_SQRT_RATIO + 1) is None
    assert twin.swap(False, 10**12, MAX_SQRT_RATIO - 1) is None
    assert twin.flash(1, 0, (2, 0)) is None


def test_only_the_factorys_owner_sets_and_collects_the_protocols_fee() -> None:
    """A stranger is refused before the fee is looked at; a new owner is the only one from then on."""
    twin = V3Twin(3000, 60)
    twin.initialize(2**96)
    twin.mint(OWNERS[0], -60, 60, 10**18)
    assert twin.set_fee_protocol(4, 4, OWNERS[0]) is None
    assert twin.set_fee_protocol(3, 3, OWNERS[0]) is None
    assert twin.set_fee_protocol(4, 4, DEPLOYER) is not None
    twin.swap(True, 10**12, MIN_SQRT_RATIO + 1)
    assert twin.collect_protocol(10, 10, OWNERS[0]) is None
    twin.set_factory_owner(OWNERS[0])
    assert twin.collect_protocol(10, 10, DEPLOYER) is None
    assert twin.collect_protocol(10, 10, OWNERS[0]) == (10, 0)


@pytest.mark.parametrize("act", ["mint", "swap", "flash"])
def test_inside_a_callback_the_pool_answers_and_is_locked(act: str) -> None:
    """LOK for whatever changes the pool, AI for initialize; getters and the oracle show what the call has written."""
    twin = V3Twin(3000, 60)
    assert twin.initialize(2**96) is not None
    twin.mint(OWNERS[0], -600, 600, 10**18)
    twin.increase_observation_cardinality_next(3)
    twin.wait(60)

    def refused() -> None:
        twin.initialize(2**96)
        twin.mint(OWNERS[0], -60, 60, 1)
        twin.burn(OWNERS[0], -600, 600, 1)
        twin.collect(OWNERS[0], -600, 600, 1, 1)
        twin.swap(True, 1, MIN_SQRT_RATIO + 1)
        twin.flash(1, 1, (3, 3))
        twin.set_fee_protocol(4, 4)
        twin.collect_protocol(1, 1)
        twin.increase_observation_cardinality_next(9)

    def answered() -> None:
        twin.look()
        twin.observe([0, 30])
        twin.snapshot_cumulatives_inside(-600, 600)
        twin.swap(True, 0, MIN_SQRT_RATIO + 1)

    acts = {
        "mint": lambda: twin.mint(OWNERS[1], -60, 120, 10**18),
        "swap": lambda: twin.swap(True, 10**15, MIN_SQRT_RATIO + 1),
        "flash": lambda: twin.flash(10**6, 0, (2 * 10**6, 7)),
    }
    calls = twin.noted(refused)
    with twin.calling_inside((*calls, *twin.noted(answered))):
        assert acts[act]() is not None
    for call in calls:
        with twin.calling_inside((call.insisted(),)):
            assert acts[act]() is None
    assert acts[act]() is not None


def _above(twin: V3Twin) -> int:
    return min(twin.model.slot0.sqrt_price_x96 * 101 // 100, MAX_SQRT_RATIO - 1)


def _impose(twin: V3Twin) -> None:
    """Make the contract's storage what the model's state has been set to by hand."""
    world, pool = twin.chain.world, twin.chain.pool
    for slot, (word, _) in twin.storage()[pool].items():
        if world.read_slot(pool, slot) != word:
            world.write_slot(pool, slot, word)


def _read(twin: V3Twin, signature: str, *arguments: int) -> tuple[int, ...]:
    answer = twin.chain.world.send(DEPLOYER, twin.chain.pool, calldata(signature, *arguments))
    return tuple(signed(word) for word in words(answer))


def _int256(word: int) -> int:
    return signed(word % 2**256)
