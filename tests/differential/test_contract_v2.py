"""UniswapV2Pair is the mainnet contract: the same calls on both, and every word of state compared after each."""

from collections.abc import Callable
from random import Random

import pytest
from differential import v2_rules
from differential.engine import DEPLOYER, calldata, has_pyrevm, words
from differential.streams import V2
from differential.v2_rules import Rule
from differential.v2_twin import OWNERS, V2Twin
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

RecordProperty = Callable[[str, object], None]
PARTS = 4
TRANSACTIONS_A_PART = 10_000 if has_pyrevm() else 200
EXAMPLES = 60 if has_pyrevm() else 5
DRAWS = st.randoms(use_true_random=False)


class V2Machine(RuleBasedStateMachine):
    """Contract and model stay equal whatever hypothesis does to them; it shortens what fails."""

    twin: V2Twin

    @initialize(random=DRAWS)
    def start(self, random: Random) -> None:
        self.twin = v2_rules.new_twin(random)

    @rule(act=st.sampled_from(v2_rules.LIQUIDITY), random=DRAWS)
    def change_liquidity(self, act: Rule, random: Random) -> None:
        act(self.twin, random)

    @rule(act=st.sampled_from(v2_rules.SWAPS), random=DRAWS)
    def trade(self, act: Rule, random: Random) -> None:
        act(self.twin, random)

    @rule(act=st.sampled_from(v2_rules.OTHER), random=DRAWS)
    def settle_or_wait(self, act: Rule, random: Random) -> None:
        act(self.twin, random)


TestV2Machine = V2Machine.TestCase
TestV2Machine.settings = settings(max_examples=EXAMPLES, stateful_step_count=40)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_seeded_streams_leave_contract_and_model_equal(part: int, record_property: RecordProperty) -> None:
    """Thousands of calls, and not one word of state or one reason to revert differs."""
    compared = sum(twin.compared for twin in V2.run(f"part {part}", TRANSACTIONS_A_PART))
    record_property("transactions compared", compared)
    assert compared >= TRANSACTIONS_A_PART


def test_the_contract_stores_nothing_the_comparison_leaves_out() -> None:
    """Every slot the contract ever touched is among the words compared, or is zero, or never changes."""
    for world in range(10):
        V2.run_world(f"storage {world}").compare_touched_storage()


def test_the_getters_say_what_the_storage_holds() -> None:
    """The pair's public getters return the model's state: the storage layout is read aright."""
    for world in range(10):
        twin = V2.run_world(f"getters {world}")
        model = twin.model
        assert _read(twin, "getReserves()") == [model.reserve0, model.reserve1, model.block_timestamp_last]
        assert _read(twin, "price0CumulativeLast()") == [model.price0_cumulative_last]
        assert _read(twin, "price1CumulativeLast()") == [model.price1_cumulative_last]
        assert _read(twin, "kLast()") == [model.k_last]
        assert _read(twin, "totalSupply()") == [model.total_supply]
        for owner in (*OWNERS, twin.chain.pool):
            assert _read(twin, "balanceOf(address)", owner) == [model.balance_of.get(owner, 0)]


def test_a_swap_may_leave_the_product_just_as_it_was() -> None:
    """997 of the 1000 units paid count, which makes both products equal: that will do, one unit less will not."""
    twin = V2Twin()
    twin.transfer_in(997 * 10, 11 * 10**6)
    twin.mint(OWNERS[0])
    assert twin.flash_swap(0, 10**6, 999, 0) is None
    assert twin.flash_swap(0, 10**6, 1000, 0) is not None


def test_the_running_price_wraps_at_256_bits() -> None:
    """At the steepest price the sum overflows after a few full turns of the clock, and both sides go on alike."""
    twin = V2Twin()
    twin.transfer_in(1, v2_rules.MAX_RESERVE)
    twin.mint(OWNERS[0])
    wrapped = 0
    for _ in range(3):
        before = twin.model.price0_cumulative_last
        twin.wait(2**32 - 1)
        twin.sync()
        wrapped += twin.model.price0_cumulative_last < before
    assert wrapped


def _read(twin: V2Twin, signature: str, *arguments: str) -> list[int]:
    return words(twin.chain.world.send(DEPLOYER, twin.chain.pool, calldata(signature, *arguments)))
