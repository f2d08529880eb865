"""What can happen to a v2 pair, drawn from a random stream: ordinary use, and aim at where the arithmetic turns."""

from collections.abc import Callable
from random import Random

from differential.boundary import log_uniform
from differential.contracts import START_TIME
from differential.share_rules import SHARES
from differential.v2_twin import OWNERS, V2Twin

from amm.errors import ConstantProductError, InsufficientInputAmountError, RevertError
from amm.uniswap_v2 import MINIMUM_LIQUIDITY, ZERO_ADDRESS

Rule = Callable[[V2Twin, Random], object]

MAX_RESERVE = 2**112 - 1


def new_twin(random: Random) -> V2Twin:
    """A pair at any time, mostly with a first deposit of any size and shape."""
    twin = V2Twin(random.choice((START_TIME, START_TIME, 2**32 - 50, 2**32 * 3, random.getrandbits(40))))
    if random.random() < 0.5:
        twin.set_fee_to(OWNERS[0])
    if random.random() < 0.1:
        random.choice(RULES)(twin, random)
    if random.random() < 0.5:
        twin.transfer_in(1 + log_uniform(random, 100), 1 + log_uniform(random, 100))
    else:
        amount0 = 1 + log_uniform(random, 20)
        twin.transfer_in(amount0, (MINIMUM_LIQUIDITY**2 + random.randint(-2, 2500)) // amount0 + random.randint(0, 1))
    twin.mint(OWNERS[0])
    return twin


# Liquidity ------------------------------------------------------------------------------------------------------------


def mint(twin: V2Twin, random: Random) -> None:
    """Any two amounts; what does not match the reserves is a gift."""
    twin.transfer_in(_amount(random), _amount(random))
    twin.mint(_someone(twin, random))


def mint_in_proportion(twin: V2Twin, random: Random) -> None:
    """Amounts that match the reserves exactly, or but for one unit."""
    model = twin.model
    shares = random.choice((1, model.total_supply // 3, 1 + log_uniform(random, 60), log_uniform(random, 112)))
    amounts = []
    for reserve in (model.reserve0, model.reserve1):
        exact = -(-shares * reserve // model.total_supply) if model.total_supply else shares
        amounts.append(max(0, exact + random.choice((0, 0, 0, 1, -1))))
    if max(amounts) < 2**120:
        twin.transfer_in(*amounts)
    twin.mint(_someone(twin, random))


def burn(twin: V2Twin, random: Random) -> None:
    """Part of an owner's shares, all of them, one, or one more than there are."""
    owner = random.choice([owner for owner in OWNERS if twin.model.balance_of.get(owner, 0)] or OWNERS)
    has = twin.model.balance_of.get(owner, 0)
    twin.transfer(owner, twin.chain.pool, random.choice((has, has // 2, random.randint(0, has), 1, has + 1)))
    twin.burn(_someone(twin, random))


def call_without_tokens(twin: V2Twin, random: Random) -> None:
    """A mint or a burn for which nothing was sent in."""
    random.choice((twin.mint, twin.burn))(_someone(twin, random))


# Swaps ----------------------------------------------------------------------------------------------------------------


def swap_exact_input(twin: V2Twin, random: Random) -> None:
    """Pay first, then ask for exactly what that buys, one unit more, or less."""
    model = twin.model
    zero_for_one = random.random() < 0.5
    amount = _amount(random)
    try:
        out = model.quote_exact_input(zero_for_one, amount) + random.choice((0, 0, 0, 1, -1))
    except RevertError:
        return
    twin.transfer_in(*((amount, 0) if zero_for_one else (0, amount)))
    out = max(0, out)
    twin.swap(*((0, out) if zero_for_one else (out, 0)), _recipient(twin, random))


def swap_exact_output(twin: V2Twin, random: Random) -> None:
    """Ask for an output and pay exactly what it costs in the call, one unit short, or the least that could do."""
    zero_for_one = random.random() < 0.5
    reserve = twin.model.reserve1 if zero_for_one else twin.model.reserve0
    out = random.choice((1, max(1, reserve - 1), random.randint(1, max(1, reserve)), 1 + reserve // 1000))
    try:
        cost = twin.model.quote_exact_output(zero_for_one, out) + random.choice((0, 0, -1, -2, 1))
    except RevertError:
        return
    if cost < 2**200:
        cost = max(0, cost)
        twin.flash_swap(*((0, out, cost, 0) if zero_for_one else (out, 0, 0, cost)))


def flash_swap(twin: V2Twin, random: Random) -> None:
    """Borrow either token or both, and return them with the least fee that does, or one unit short of it."""
    model = twin.model
    out0 = random.choice((0, random.randint(0, model.reserve0), model.reserve0 // 2))
    out1 = random.choice((0, random.randint(0, model.reserve1), model.reserve1 // 2))
    paid0, paid1 = (-(-out * 1000 // 997) + (out > 0) * random.choice((0, 0, -1, 1)) for out in (out0, out1))
    twin.flash_swap(out0, out1, paid0, paid1)


def swap_least_payment(twin: V2Twin, random: Random) -> None:
    """Borrow one token and repay in both, as little as keeps the product, found by bisection; or one unit less."""
    model = twin.model
    out0 = random.randint(0, max(0, model.reserve0 - 1))
    extra1 = log_uniform(random, 90)
    low, high = 0, 2**113
    while low < high:
        middle = (low + high) // 2
        try:
            model.copy().swap(out0, 0, twin.chain.callee, paid0=middle, paid1=extra1)
        except (ConstantProductError, InsufficientInputAmountError):
            low = middle + 1
        except RevertError:
            high = middle  # more than the pair can hold, or a call that no payment saves
        else:
            high = middle
    twin.flash_swap(out0, 0, max(0, low - random.choice((0, 0, 1))), extra1)


def swap_unusual(twin: V2Twin, random: Random) -> None:
    """For nothing, for all there is or more, without payment, or to one of the tokens."""
    model = twin.model
    reserves = (model.reserve0, model.reserve1)
    outs = [random.choice((0, 1, reserve, max(0, reserve - 1), reserve + 1)) for reserve in reserves]
    to = random.choice((OWNERS[0], twin.chain.pool, twin.chain.token0, twin.chain.token1))
    if random.random() < 0.5:
        twin.transfer_in(log_uniform(random, 60), log_uniform(random, 60))
    twin.swap(outs[0], outs[1], to)


# Everything else ------------------------------------------------------------------------------------------------------


def donate_and_settle(twin: V2Twin, random: Random) -> None:
    """Tokens sent in and then skimmed off, taken into the reserves, or left to whoever calls next."""
    twin.transfer_in(_amount(random), _amount(random))
    random.choice((twin.sync, lambda: twin.skim(_someone(twin, random)), lambda: None))()


def settle(twin: V2Twin, random: Random) -> None:
    """Skim or sync, whatever there is."""
    random.choice((twin.sync, lambda: twin.skim(_someone(twin, random))))()


def fill_to_the_brim(twin: V2Twin, random: Random) -> None:
    """Balances of exactly what 112 bits hold, one more or less; then the surplus is skimmed off, or kept."""
    model = twin.model
    over = random.choice((0, 1, -1))
    gaps = [max(0, MAX_RESERVE + over - balance) for balance in (model.balance0, model.balance1)]
    twin.transfer_in(*random.choice(((gaps[0], 0), (0, gaps[1]), (gaps[0], gaps[1]))))
    if over == 1 or random.random() < 0.2:
        random.choice((twin.sync, lambda: twin.mint(OWNERS[1])))()
    if random.random() < 0.9:
        twin.skim(OWNERS[0])


def set_fee_to(twin: V2Twin, random: Random) -> None:
    """The protocol fee goes on, off, or to someone else, the pair itself included."""
    twin.set_fee_to(random.choice((None, OWNERS[0], OWNERS[1], twin.chain.pool)))


def wait(twin: V2Twin, random: Random) -> None:
    """Time passes: a block, a day, or up to where 32 bits of seconds overflow."""
    to_overflow = 2**32 - twin.time % 2**32
    ordinary = (1, 12, 12, 3600, 86_400, log_uniform(random, 26))
    extreme = (to_overflow, to_overflow - 1, to_overflow + 1, 2**32 - 1, 2**32, log_uniform(random, 34))
    twin.wait(random.choice(ordinary if random.random() < 0.8 else extreme))


# How often each happens: an entry stands as many times as its weight.
LIQUIDITY: tuple[Rule, ...] = (
    *(mint,) * 2,
    *(mint_in_proportion,) * 6,
    *(burn,) * 5,
    call_without_tokens,
)
SWAPS: tuple[Rule, ...] = (
    *(swap_exact_input,) * 8,
    *(swap_exact_output,) * 5,
    *(flash_swap,) * 5,
    *(swap_least_payment,) * 2,
    *(swap_unusual,) * 2,
)
OTHER: tuple[Rule, ...] = (*(donate_and_settle,) * 2, settle, fill_to_the_brim, *(set_fee_to,) * 2, *(wait,) * 8)
RULES: tuple[Rule, ...] = LIQUIDITY + SWAPS + SHARES + OTHER


def _amount(random: Random) -> int:
    return log_uniform(random, random.choice((20, 60, 90, 111)))


def _someone(twin: V2Twin, random: Random) -> str:
    """An owner, rarely the pair itself or nobody."""
    return random.choice((*OWNERS * 4, twin.chain.pool, ZERO_ADDRESS if random.random() < 0.3 else OWNERS[0]))


def _recipient(twin: V2Twin, random: Random) -> str:
    return random.choice((*OWNERS * 4, twin.chain.pool))
