"""What can happen to a pair's shares: the ERC-20 in it, with permits truly signed, and signed wrong in every way."""

from collections.abc import Callable
from random import Random

from differential.boundary import log_uniform
from differential.engine import DEPLOYER
from differential.permit import ORDER, Permit, Signature, digest, sign
from differential.v2_twin import KEYS, OWNERS, V2Twin

from amm.uniswap_v2 import ZERO_ADDRESS

Rule = Callable[[V2Twin, Random], object]

NO_END = 2**256 - 1


def transfer(twin: V2Twin, random: Random) -> None:
    """Shares change hands, sometimes to the pair or the same owner; sometimes more than there are."""
    owner = random.choice(OWNERS)
    twin.transfer(owner, _anyone(twin, random), _of_shares(twin, random, owner))


def approve(twin: V2Twin, random: Random) -> None:
    """An allowance of nothing, of about what there is, without an end, or one less than that."""
    owner = random.choice(OWNERS)
    value = random.choice((0, 1, NO_END, NO_END, NO_END - 1, _of_shares(twin, random, owner)))
    twin.approve(owner, random.choice(_spenders(twin)), value)


def transfer_from(twin: V2Twin, random: Random) -> None:
    """All that is allowed, one unit more, or all there is; often by somebody who is allowed nothing."""
    owner, spender = random.choice(OWNERS), random.choice(_spenders(twin))
    approved = [pair for pair, value in twin.model.allowance.items() if value and pair[0] in OWNERS]
    if approved and random.random() < 0.8:
        owner, spender = random.choice(approved)
    allowed = min(twin.model.allowance.get((owner, spender), 0), NO_END - 1)
    value = random.choice((allowed, allowed + 1, allowed // 2, _of_shares(twin, random, owner)))
    twin.transfer_from(spender, owner, _anyone(twin, random), value)


def permit(twin: V2Twin, random: Random) -> None:
    """A permit as it should be, at the edge of its deadline or beside it; now and then the same one again."""
    deadline = random.choice((twin.time, twin.time, twin.time - 1, twin.time + 1, NO_END, 0))
    permitted = _permit(twin, random, deadline)
    signature = sign(KEYS[OWNERS.index(permitted.owner)], digest(twin.chain.pool, permitted))
    for _ in range(random.choice((1, 1, 2))):
        _bring(twin, permitted, signature)


def permit_wrongly_signed(twin: V2Twin, random: Random) -> None:
    """Another's key, another message, or no signature at all; also for nobody, whom a failed recovery names."""
    permitted = _permit(twin, random, twin.time + 1)
    key = KEYS[OWNERS.index(permitted.owner)]
    other = next(other for other in KEYS if other != key)
    pair, message = twin.chain.pool, digest(twin.chain.pool, permitted)
    kind = random.randrange(8)
    if kind == 0:
        wrong = sign(other, message)
    elif kind == 1:
        wrong = sign(key, digest(pair, permitted._replace(nonce=permitted.nonce + 1)))
    elif kind == 2:
        wrong = sign(key, digest(pair, permitted._replace(value=permitted.value ^ 1)))
    elif kind == 3:
        wrong = sign(key, digest(twin.chain.token0, permitted))
    else:
        wrong = _spoilt(sign(key, message), random)
    _bring(twin, permitted._replace(owner=random.choice((permitted.owner, permitted.owner, ZERO_ADDRESS))), wrong)


def _spoilt(right: Signature, random: Random) -> Signature:
    """One part out of its range, or one that names somebody else; or the other of the two that are right."""
    return random.choice(
        (
            right._replace(v=random.choice((0, 1, 26, 29, 255))),
            right._replace(r=random.choice((0, ORDER, NO_END))),
            right._replace(s=random.choice((0, ORDER, NO_END))),
            right._replace(v=55 - right.v),
            Signature(55 - right.v, right.r, ORDER - right.s),
        )
    )


SHARES: tuple[Rule, ...] = (
    *(transfer,) * 2,
    *(approve,) * 2,
    *(transfer_from,) * 4,
    permit,
    permit_wrongly_signed,
)


def _permit(twin: V2Twin, random: Random, deadline: int) -> Permit:
    owner = random.choice(OWNERS)
    value = random.choice((0, 1, NO_END, log_uniform(random, 100)))
    return Permit(owner, random.choice(_spenders(twin)), value, twin.model.nonces.get(owner, 0), max(deadline, 0))


def _bring(twin: V2Twin, permitted: Permit, signature: Signature) -> None:
    twin.permit(permitted.owner, permitted.spender, permitted.value, permitted.deadline, signature)


def _spenders(twin: V2Twin) -> tuple[str, ...]:
    return (*OWNERS, DEPLOYER, twin.chain.callee)


def _anyone(twin: V2Twin, random: Random) -> str:
    """An owner, rarely the callee, the pair itself or nobody."""
    return random.choice((*OWNERS * 4, twin.chain.callee, twin.chain.pool, ZERO_ADDRESS))


def _of_shares(twin: V2Twin, random: Random, owner: str) -> int:
    has = twin.model.balance_of.get(owner, 0)
    return random.choice((0, 1, has, has // 3, has + 1, NO_END))
