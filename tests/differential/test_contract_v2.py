"""UniswapV2Pair is the mainnet contract: the same calls on both, and every word of state compared after each."""

from random import Random

import pytest
from differential import v2_rules
from differential.engine import DEPLOYER, ContractRevertError, calldata, has_pyrevm, words
from differential.permit import Permit, digest, domain_separator, sign
from differential.reentry_rules import V2_REENTRY
from differential.share_rules import SHARES
from differential.streams import V2
from differential.v2_rules import Rule
from differential.v2_twin import KEYS, OWNERS, V2Twin
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

PARTS = 4
TRANSACTIONS_A_PART = 10_000 if has_pyrevm() else 200
EXAMPLES = 60 if has_pyrevm() else 5
WORLDS = 10 if has_pyrevm() else 2
DRAWS = st.randoms(use_true_random=False)


class V2Machine(RuleBasedStateMachine):
    """Contract and model stay equal whatever hypothesis does to them; it shortens what fails."""

    twin: V2Twin

    @initialize(random=DRAWS)
    def start(self, random: Random) -> None:
        self.twin = v2_rules.new_twin(random)

    @rule(act=st.sampled_from(v2_rules.LIQUIDITY + SHARES), random=DRAWS)
    def change_liquidity(self, act: Rule, random: Random) -> None:
        act(self.twin, random)

    @rule(act=st.sampled_from(v2_rules.SWAPS + V2_REENTRY * 4), random=DRAWS)
    def trade(self, act: Rule, random: Random) -> None:
        act(self.twin, random)

    @rule(act=st.sampled_from(v2_rules.OTHER), random=DRAWS)
    def settle_or_wait(self, act: Rule, random: Random) -> None:
        act(self.twin, random)


TestV2Machine = V2Machine.TestCase
TestV2Machine.settings = settings(max_examples=EXAMPLES, stateful_step_count=40)


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_seeded_streams_leave_contract_and_model_equal(part: int) -> None:
    """Thousands of calls, and not one word of state or one reason to revert differs."""
    compared = sum(twin.compared for twin in V2.run(f"part {part}", TRANSACTIONS_A_PART))
    assert compared >= TRANSACTIONS_A_PART


def test_the_contract_stores_nothing_the_comparison_leaves_out() -> None:
    """Every slot the contract ever touched is among the words compared, or is zero, or never changes."""
    for world in range(WORLDS):
        V2.run_world(f"storage {world}").compare_touched_storage()


def test_the_getters_say_what_the_storage_holds() -> None:
    """The pair's public getters return the model's state: the storage layout is read aright."""
    for world in range(WORLDS):
        twin = V2.run_world(f"getters {world}")
        model = twin.model
        assert _read(twin, "getReserves()") == [model.reserve0, model.reserve1, model.block_timestamp_last]
        assert _read(twin, "price0CumulativeLast()") == [model.price0_cumulative_last]
        assert _read(twin, "price1CumulativeLast()") == [model.price1_cumulative_last]
        assert _read(twin, "kLast()") == [model.k_last]
        assert _read(twin, "totalSupply()") == [model.total_supply]
        for owner in (*OWNERS, twin.chain.pool):
            assert _read(twin, "balanceOf(address)", owner) == [model.balance_of.get(owner, 0)]
            assert _read(twin, "nonces(address)", owner) == [model.nonces.get(owner, 0)]
            for spender in (*OWNERS, DEPLOYER, twin.chain.callee):
                allowed = [model.allowance.get((owner, spender), 0)]
                assert _read(twin, "allowance(address,address)", owner, spender) == allowed
        assert _read(twin, "DOMAIN_SEPARATOR()") == words(domain_separator(twin.chain.pool))


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


def test_nobody_gives_a_pair_other_tokens() -> None:
    """The one function the model has no need of: initialize is the factory's, which has called it; others may not."""
    twin = V2Twin()
    data = calldata("initialize(address,address)", *OWNERS)
    for caller in (*OWNERS, DEPLOYER):
        with pytest.raises(ContractRevertError, match="UniswapV2: FORBIDDEN"):
            twin.chain.world.send(caller, twin.chain.pool, data)
    assert _read(twin, "token0()") == [int(twin.model.token0, 16)]
    assert _read(twin, "token1()") == [int(twin.model.token1, 16)]


def test_an_allowance_is_used_up_unless_it_has_no_end() -> None:
    """Exactly what is allowed moves, one unit more does not, and the largest number there is stays what it is."""
    twin = _with_shares()
    owner, spender = OWNERS
    for allowed, left in ((10**6, 0), (2**256 - 2, 2**256 - 2 - 10**6), (2**256 - 1, 2**256 - 1)):
        twin.approve(owner, spender, allowed)
        assert twin.transfer_from(spender, owner, spender, min(allowed + 1, 2**256 - 1)) is None
        assert twin.transfer_from(spender, owner, spender, 10**6) is not None
        assert twin.model.allowance[owner, spender] == left
    twin.approve(owner, spender, 10**6)
    assert twin.transfer_from(owner, owner, spender, 1) is None


def test_a_transfer_that_fails_spends_no_allowance() -> None:
    """More than the owner has, with an allowance that would do: the same reason, and the allowance is untouched."""
    twin = _with_shares()
    owner, spender = OWNERS
    twin.approve(owner, spender, 2**200)
    assert twin.transfer_from(spender, owner, spender, 2**199) is None
    assert twin.model.allowance[owner, spender] == 2**200


def test_a_permit_is_good_once_and_until_its_deadline() -> None:
    """In its last second, not one later; a second time it is signed by nobody; the spender may then move the shares."""
    twin = _with_shares()
    owner, spender = OWNERS
    for deadline, accepted in ((twin.time - 1, False), (twin.time, True), (twin.time + 1, True)):
        nonce = twin.model.nonces.get(owner, 0)
        signature = sign(KEYS[0], digest(twin.chain.pool, Permit(owner, spender, 10**6, nonce, deadline)))
        assert (twin.permit(owner, spender, 10**6, deadline, signature) is not None) == accepted
        assert twin.permit(owner, spender, 10**6, deadline, signature) is None
    assert twin.model.nonces[owner] == 2
    assert twin.transfer_from(spender, owner, spender, 10**6) is not None


def test_inside_a_flash_swap_the_pair_is_locked_and_its_shares_are_not() -> None:
    """LOCKED for all five functions of the pair; transfers and approvals are done, and undone if the swap fails."""
    twin = _with_shares()
    callee, owner = twin.chain.callee, OWNERS[0]
    twin.transfer(owner, callee, 1000)
    twin.approve(owner, callee, 1000)

    def act() -> None:
        twin.mint(callee)
        twin.burn(callee)
        twin.swap(1, 0, callee)
        twin.skim(callee)
        twin.sync()
        twin.look()
        twin.transfer(callee, owner, 1)
        twin.approve(callee, owner, 5)
        twin.transfer_from(callee, owner, callee, 10)

    calls = twin.noted(act)
    with twin.calling_inside(calls):
        assert twin.flash_swap(1000, 0, 1003, 0) is None
        assert twin.model.balance_of[callee] == 1000
        assert twin.flash_swap(1000, 0, 1004, 0) is not None
        assert twin.model.balance_of[callee] == 1009
    for call in calls[:5]:
        with twin.calling_inside((call.insisted(),)):
            assert twin.flash_swap(1000, 0, 1004, 0) is None


def _with_shares() -> V2Twin:
    twin = V2Twin()
    twin.transfer_in(10**12, 10**12)
    twin.mint(OWNERS[0])
    return twin


def _read(twin: V2Twin, signature: str, *arguments: str) -> list[int]:
    return words(twin.chain.world.send(DEPLOYER, twin.chain.pool, calldata(signature, *arguments)))
