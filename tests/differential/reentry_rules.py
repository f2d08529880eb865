"""Calls from inside calls: any rule of a pool may run while a callback makes calls of its own before it pays."""

from collections.abc import Callable, Sequence
from random import Random

from differential import v2_rules, v3_rules
from differential.boundary import log_uniform
from differential.reentry import Call
from differential.share_rules import permit
from differential.v2_twin import OWNERS, V2Twin
from differential.v3_twin import V3Twin

from amm.math.tick_math import MIN_SQRT_RATIO
from amm.uniswap_v2 import ZERO_ADDRESS

_V3_CALLING_BACK: tuple[v3_rules.Rule, ...] = (
    v3_rules.mint_near_price,
    v3_rules.mint_at_current_tick,
    v3_rules.mint_paying_otherwise,
    v3_rules.swap,
    v3_rules.swap_to_tick,
    v3_rules.swap_unusual,
    v3_rules.swap_paying_otherwise,
    v3_rules.flash,
)
_V3_INSIDE: tuple[v3_rules.Rule, ...] = (
    *v3_rules.LIQUIDITY,
    *v3_rules.SWAPS,
    *v3_rules.FLASHES,
    *v3_rules.PROTOCOL * 3,
    *v3_rules.ORACLE * 4,
    *(lambda twin, random: twin.initialize(random.choice((2**96, MIN_SQRT_RATIO - 1))),) * 3,
    *(lambda twin, _: twin.look(),) * 20,
    *(lambda twin, random: twin.pay_in(log_uniform(random, 40)),) * 4,
)
_V2_CALLING_BACK: tuple[v2_rules.Rule, ...] = (
    v2_rules.flash_swap,
    v2_rules.swap_exact_output,
    v2_rules.swap_least_payment,
)


def reenter_v3(twin: V3Twin, random: Random) -> None:
    """Whatever changes the pool is refused, whatever reads it answers with what the outer call has written."""
    calls = [call for _ in range(random.randint(1, 3)) for call in _noted(twin, random, random.choice(_V3_INSIDE))]
    with twin.calling_inside(_sometimes_insisted(random, calls)):
        random.choice(_V3_CALLING_BACK)(twin, random)


def reenter_v2(twin: V2Twin, random: Random) -> None:
    """The pair's own functions are refused, its shares move as ever; and all of it is undone where the swap fails."""
    if random.random() < 0.5:
        twin.transfer(OWNERS[0], twin.chain.callee, twin.model.balance_of.get(OWNERS[0], 0) // 3)
    calls = [call for _ in range(random.randint(1, 4)) for call in _noted(twin, random, random.choice(_V2_INSIDE))]
    with twin.calling_inside(_sometimes_insisted(random, calls)):
        random.choice(_V2_CALLING_BACK)(twin, random)


def _noted(twin: V2Twin | V3Twin, random: Random, rule: Callable[..., object]) -> Sequence[Call]:
    return twin.noted(lambda: rule(twin, random))


def _sometimes_insisted(random: Random, calls: Sequence[Call]) -> Sequence[Call]:
    return [call.insisted() if random.random() < 0.05 else call for call in calls]


def _refused_by_v2(twin: V2Twin, random: Random) -> None:
    to = random.choice(OWNERS)
    random.choice(
        (
            lambda: twin.mint(to),
            lambda: twin.burn(to),
            lambda: twin.skim(to),
            twin.sync,
            lambda: twin.swap(random.randint(0, 1), 0, to),
            lambda: twin.flash_swap(0, 1, 0, 2),
        )
    )()


def _callee_moves_shares(twin: V2Twin, random: Random) -> None:
    """The callee's own shares, its approvals, and what owners let it move; also into the pair, which cannot burn."""
    callee, model = twin.chain.callee, twin.model
    to = random.choice((*OWNERS, twin.chain.pool, callee, ZERO_ADDRESS))
    owner = random.choice(OWNERS)
    has, allowed = model.balance_of.get(callee, 0), model.allowance.get((owner, callee), 0)
    random.choice(
        (
            lambda: twin.transfer(callee, to, random.choice((0, has, has // 2, has + 1))),
            lambda: twin.approve(callee, owner, random.choice((0, 1, 2**256 - 1))),
            lambda: twin.transfer_from(callee, owner, to, min(allowed, model.balance_of.get(owner, 0))),
        )
    )()


_V2_INSIDE: tuple[v2_rules.Rule, ...] = (
    *(_refused_by_v2,) * 4,
    *(_callee_moves_shares,) * 4,
    permit,
    *(lambda twin, _: twin.look(),) * 2,
    *(lambda twin, random: twin.pay_in(random.choice((1, 2, log_uniform(random, 60)))),) * 2,
)
V3_REENTRY: tuple[v3_rules.Rule, ...] = (reenter_v3,)
V2_REENTRY: tuple[v2_rules.Rule, ...] = (reenter_v2,)
