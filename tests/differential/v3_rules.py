"""What can happen to a v3 pool, drawn from a random stream: ordinary use, and steering to where the arithmetic turns.

A rule takes the twin and the stream, and makes one call or a few. Random amounts alone never meet the boundaries, so
most rules aim: at a tick and one price beside it, at the edge of a bitmap word, at the last tick, at one unit.
"""

from bisect import bisect_left
from collections.abc import Callable
from random import Random

from differential.boundary import log_uniform, sqrt_price, unsigned
from differential.contracts import START_TIME
from differential.engine import DEPLOYER
from differential.v3_twin import OWNERS, V3Twin

from amm.errors import RevertError
from amm.math.tick_math import MAX_SQRT_RATIO, MAX_TICK, MIN_SQRT_RATIO, MIN_TICK, get_sqrt_ratio_at_tick

Rule = Callable[[V3Twin, Random], object]

POOLS = ((100, 1), (500, 10), (3000, 60), (10_000, 200), (0, 1), (1, 7), (2500, 50), (80_000, 887), (999_999, 16_383))
"""Fee and tick spacing: mainnet's four, and odd ones the factory also allows."""

_ANY_UINT128 = unsigned(128)
_WORDS_A_SWAP = 40  # how far an ordinary swap may go: each word is a step


def new_twin(random: Random) -> V3Twin:
    """A pool of any fee, at any time, mostly initialized, sometimes with fee counters about to wrap."""
    fee, spacing = random.choice(POOLS)
    start_time = random.choice((START_TIME, START_TIME, 2**32 - 50, 2**33 - 1, 2**32 * 3, random.getrandbits(40)))
    twin = V3Twin(fee, spacing, start_time)
    if random.random() < 0.1:
        random.choice(RULES)(twin, random)
    if twin.model.slot0.sqrt_price_x96 == 0:
        if random.random() < 0.3:
            twin.set_fee_growth_global(2**256 - 1 - log_uniform(random, 160), 2**256 - 1 - log_uniform(random, 160))
        twin.initialize(_start_price(random, spacing))
    if random.random() < 0.8:
        mint_full_range(twin, random)
    return twin


def _start_price(random: Random, spacing: int) -> int:
    kind = random.randrange(8)
    if kind == 0:
        return random.choice((MIN_SQRT_RATIO, MIN_SQRT_RATIO + 1, MAX_SQRT_RATIO - 1, MAX_SQRT_RATIO - 2))
    if kind == 1:
        return sqrt_price(random)
    if kind == 2:
        word_edge = random.randint(-MAX_TICK // (256 * spacing), MAX_TICK // (256 * spacing)) * 256 * spacing
        return _price_near(random, min(max(word_edge, MIN_TICK), MAX_TICK - 1))
    return _price_near(random, random.randint(-200_000, 200_000))


def _price_near(random: Random, tick: int) -> int:
    price = get_sqrt_ratio_at_tick(tick) + random.choice((0, 0, 1, -1, log_uniform(random, 40)))
    return min(max(price, MIN_SQRT_RATIO), MAX_SQRT_RATIO - 1)


# Liquidity ------------------------------------------------------------------------------------------------------------


def mint_full_range(twin: V3Twin, random: Random) -> None:
    """Between the first and the last usable tick."""
    last = _last_tick(twin)
    twin.mint(random.choice(OWNERS), -last, last, _some_liquidity(random))


def mint_near_price(twin: V3Twin, random: Random) -> None:
    """An ordinary range within a few hundred spacings of the price."""
    spacing = twin.model.tick_spacing
    lower = (_tick(twin) // spacing + random.randint(-300, 300)) * spacing
    _mint(twin, random, lower, lower + random.randint(1, 300) * spacing)


def mint_at_current_tick(twin: V3Twin, random: Random) -> None:
    """A range that begins or ends at the current tick, rounded to the spacing either way."""
    spacing = twin.model.tick_spacing
    end = (_tick(twin) // spacing + random.randint(0, 1)) * spacing
    width = random.choice((1, 1, 2, 256)) * spacing
    _mint(twin, random, *((end, end + width) if random.random() < 0.5 else (end - width, end)))


def mint_at_word_edge(twin: V3Twin, random: Random) -> None:
    """A range whose ends are the first or the last bit of bitmap words near the price."""
    spacing = twin.model.tick_spacing
    word = _tick(twin) // spacing // 256
    low = (word + random.randint(-2, 1)) * 256 + random.choice((0, 0, -1, 1))
    high = low + random.choice((1, 255, 256, 257))
    _mint(twin, random, low * spacing, high * spacing)


def mint_at_last_tick(twin: V3Twin, random: Random) -> None:
    """A range that touches the first or the last usable tick."""
    last, spacing = _last_tick(twin), twin.model.tick_spacing
    width = random.randint(1, max(1, last // spacing)) * spacing
    _mint(twin, random, *((last - width, last) if random.random() < 0.5 else (-last, width - last)))


def mint_to_the_maximum(twin: V3Twin, random: Random) -> None:
    """Fill a tick up to the most liquidity it may have, or one beyond."""
    model = twin.model
    lower = random.choice((*model.ticks, _tick(twin) // model.tick_spacing * model.tick_spacing))
    room = model.max_liquidity_per_tick - (model.ticks[lower].liquidity_gross if lower in model.ticks else 0)
    upper = min(lower + random.choice((1, 10)) * model.tick_spacing, _last_tick(twin))
    twin.mint(random.choice(OWNERS), lower, upper, max(0, room + random.choice((-1, 0, 0, 1))))


def mint_unusual(twin: V3Twin, random: Random) -> None:
    """Ranges and amounts the contract mostly refuses: unaligned, empty, reversed, out of range, nothing, too much."""
    ticks = (*twin.model.ticks, _tick(twin), MIN_TICK, MAX_TICK, MIN_TICK - 1, MAX_TICK + 1, -(2**23), 2**23 - 1, 0)
    amount = random.choice((0, 1, 2**127 - 1, 2**127, 2**128 - 1, _ANY_UINT128(random)))
    upper = min(max(random.choice(ticks) + random.randint(-1, 1), -(2**23)), 2**23 - 1)
    twin.mint(OWNERS[0], random.choice(ticks), upper, amount)


def mint_paying_otherwise(twin: V3Twin, random: Random) -> None:
    """A mint whose callback pays one unit short, or too much, of either token."""
    spacing = twin.model.tick_spacing
    lower = (_tick(twin) // spacing + random.randint(-2, 1)) * spacing
    lower, upper = _clamp(twin, lower), _clamp(twin, lower + spacing * random.randint(1, 4))
    amount = _some_liquidity(random)
    try:
        owed = twin.model.copy().mint(OWNERS[1], lower, upper, amount)
    except RevertError:
        owed = (0, 0)
    twin.mint(OWNERS[1], lower, upper, amount, _otherwise(random, *owed))


def burn(twin: V3Twin, random: Random) -> None:
    """Part of a position, all of it, one unit more than it has, or nothing, which brings its fees up to date."""
    if not twin.model.positions:
        return
    key = random.choice(list(twin.model.positions))
    has = twin.model.positions[key].liquidity
    amount = random.choice((0, 1, has, has, min(has + 1, 2**128 - 1), has // 2, random.randint(0, has)))
    twin.burn(*key, amount)


def burn_unusual(twin: V3Twin, random: Random) -> None:
    """Positions nobody has, in ranges that may not exist."""
    ticks = (*twin.model.ticks, _tick(twin), MIN_TICK, MAX_TICK, MIN_TICK - 1, MAX_TICK + 1)
    amount = random.choice((0, 0, 1, 2**127, 2**128 - 1))
    twin.burn(random.choice(OWNERS), random.choice(ticks), random.choice(ticks), amount)


def collect(twin: V3Twin, random: Random) -> None:
    """All that is owed, part of it, or one unit more; sometimes of a position that is not there."""
    if not twin.model.positions:
        twin.collect(OWNERS[0], -60, 60, 1, 1)
        return
    key = random.choice(list(twin.model.positions))
    position = twin.model.positions[key]
    if random.random() < 0.3:
        twin.burn(*key, 0)
    twin.collect(*key, _part(random, position.tokens_owed0), _part(random, position.tokens_owed1))


# Swaps ----------------------------------------------------------------------------------------------------------------


def swap(twin: V3Twin, random: Random) -> None:
    """Any amount, exact input or output, up to a limit some way off."""
    zero_for_one = random.random() < 0.5
    twin.swap(zero_for_one, _some_amount(random), _far_limit(twin, random, zero_for_one))


def swap_to_the_end(twin: V3Twin, random: Random) -> None:
    """A limit at the end of the range of prices; rare where that is thousands of steps away."""
    zero_for_one = random.random() < 0.5
    limit = MIN_SQRT_RATIO + 1 if zero_for_one else MAX_SQRT_RATIO - 1
    if twin.model.tick_spacing < 50 and random.random() < 0.9:
        limit = _far_limit(twin, random, zero_for_one)
    twin.swap(zero_for_one, _some_amount(random), limit)


def swap_to_tick(twin: V3Twin, random: Random) -> None:
    """As far as an initialized tick next to the price: exactly to it, one price beyond, one short."""
    target = get_sqrt_ratio_at_tick(_near_initialized_tick(twin, random)) + random.choice((0, 0, 1, -1))
    _swap_to(twin, random, target)


def swap_to_word_edge(twin: V3Twin, random: Random) -> None:
    """As far as the first or the last tick of a bitmap word near the price, or the tick beside it."""
    spacing = twin.model.tick_spacing
    edge = (_tick(twin) // spacing // 256 + random.randint(-1, 2)) * 256 * spacing + random.choice((0, 0, 1, -1))
    _swap_to(twin, random, get_sqrt_ratio_at_tick(min(max(edge, MIN_TICK), MAX_TICK)) + random.choice((0, 0, 1, -1)))


def swap_amount_to_tick(twin: V3Twin, random: Random) -> None:
    """Exactly the amount that reaches an initialized tick, one unit more, or one less; the limit lies beyond."""
    model = twin.model
    target = get_sqrt_ratio_at_tick(_near_initialized_tick(twin, random))
    zero_for_one = target < model.slot0.sqrt_price_x96
    exact_in = random.random() < 0.5
    try:
        quote = model.quote(zero_for_one, 2**200 if exact_in else -(2**200), target)
    except RevertError:
        return
    amount = (quote.amount0 if zero_for_one == exact_in else quote.amount1) + random.choice((0, 0, 1, -1))
    twin.swap(zero_for_one, amount, _far_limit(twin, random, zero_for_one))


def swap_dust(twin: V3Twin, random: Random) -> None:
    """One unit or a few: all of it may be fee, and the price may not move."""
    zero_for_one = random.random() < 0.5
    twin.swap(zero_for_one, random.choice((1, -1, 2, -2, 3, 1000, -1000)), _far_limit(twin, random, zero_for_one))


def swap_unusual(twin: V3Twin, random: Random) -> None:
    """Amounts and limits the contract mostly refuses: zero, the ends of int256, a limit at or behind the price."""
    price = twin.model.slot0.sqrt_price_x96
    limits = (price, price - 1, price + 1, MIN_SQRT_RATIO, MAX_SQRT_RATIO, 0, 2**160 - 1)
    limit = min(max(random.choice(limits), 0), 2**160 - 1)
    amount = random.choice((0, 1, -1, 2**255 - 1, -(2**255), -(2**255) + 1, _some_amount(random)))
    twin.swap(random.random() < 0.5, amount, limit)


def swap_paying_otherwise(twin: V3Twin, random: Random) -> None:
    """A swap whose callback pays one unit short, too much, or the wrong token as well."""
    zero_for_one = random.random() < 0.5
    amount, limit = _some_amount(random), _far_limit(twin, random, zero_for_one)
    try:
        quote = twin.model.quote(zero_for_one, amount, limit)
    except RevertError:
        return
    twin.swap(zero_for_one, amount, limit, _otherwise(random, max(quote.amount0, 0), max(quote.amount1, 0)))


def flash(twin: V3Twin, random: Random) -> None:
    """A loan of up to all the pool has, or one unit more, repaid exactly, one unit short, or far too well."""
    model = twin.model
    amounts = [random.choice((0, random.randint(0, has), has, has + 1)) for has in (model.balance0, model.balance1)]
    owed = [amount - -amount * model.fee // 1_000_000 for amount in amounts]
    twin.flash(amounts[0], amounts[1], _otherwise(random, *owed))


def flash_donation(twin: V3Twin, random: Random) -> None:
    """Pay the liquidity in range so much that counters overflow: fee growth, protocol fees, what positions are owed."""
    bits = max(1, twin.model.liquidity.bit_length() + 127)
    twin.flash(
        0, 0, (random.choice((0, log_uniform(random, bits), random.getrandbits(bits))), log_uniform(random, bits))
    )


# Protocol, oracle, time -----------------------------------------------------------------------------------------------


def set_fee_protocol(twin: V3Twin, random: Random) -> None:
    """Each token's share of the protocol, mostly one the contract allows; sometimes by one who is not the owner."""
    values = (0, 4, 4, 5, 7, 10) if random.random() < 0.8 else (0, 1, 3, 4, 10, 11, 15, 16, 255)
    twin.set_fee_protocol(random.choice(values), random.choice(values), _sender(random))


def collect_protocol(twin: V3Twin, random: Random) -> None:
    """All the protocol has earned, part of it, or one unit more; sometimes for one who is not the owner."""
    fees = twin.model.protocol_fees
    twin.collect_protocol(_part(random, fees.token0), _part(random, fees.token1), _sender(random))


def hand_over_factory(twin: V3Twin, random: Random) -> None:
    """The factory gets another owner, or the same again; the one before is a stranger from then on."""
    twin.set_factory_owner(random.choice((*OWNERS, DEPLOYER)))
    random.choice((set_fee_protocol, collect_protocol))(twin, random)


def initialize_again(twin: V3Twin, random: Random) -> None:
    """A price for a pool that has one."""
    twin.initialize(random.choice((sqrt_price(random), 0)))


def grow_observations(twin: V3Twin, random: Random) -> None:
    """Ask for a few more observations than there are, or for fewer."""
    now = twin.model.slot0.observation_cardinality_next
    twin.increase_observation_cardinality_next(max(0, min(now + random.choice((-1, 0, 1, 1, 2, 3, 8)), 40)))


def observe(twin: V3Twin, random: Random) -> None:
    """The oracle at, between and beside its observations, now, and before the oldest."""
    now = twin.time % 2**32
    times = [observation.block_timestamp for observation in twin.model.observations] or [0]
    choices = [(now - random.choice(times) + random.choice((0, 0, 1, -1))) % 2**32 for _ in range(3)]
    oldest = max((now - time) % 2**32 for time in times)
    choices += [0, 1, random.randint(0, oldest), random.randint(0, oldest), random.getrandbits(32)]
    twin.observe(random.sample(choices, random.randint(0, 4)))


def snapshot(twin: V3Twin, random: Random) -> None:
    """Time and liquidity inside a range, mostly between initialized ticks."""
    ticks = [*twin.model.ticks] or [0]
    others = (*ticks, _tick(twin), MIN_TICK - 1, MAX_TICK + 1)
    chosen = sorted((random.choice(ticks), random.choice(ticks if random.random() < 0.9 else others)))
    twin.snapshot_cumulatives_inside(*(chosen if random.random() < 0.95 else chosen[::-1]))


def wait(twin: V3Twin, random: Random) -> None:
    """Time passes: a block, a day, half or all of what 32 bits of seconds hold, or up to where they overflow."""
    to_overflow = 2**32 - twin.time % 2**32
    ordinary = (1, 12, 12, 3600, 86_400, log_uniform(random, 26))
    extreme = (to_overflow, to_overflow - 1, to_overflow + 1, 2**31, 2**32 - 1, 2**32, log_uniform(random, 34))
    twin.wait(random.choice(ordinary if random.random() < 0.85 else extreme))


def donate(twin: V3Twin, random: Random) -> None:
    """Tokens sent to the pool, which belong to nobody."""
    twin.donate(log_uniform(random, 100), log_uniform(random, 100))


# How often each happens: an entry stands as many times as its weight.
LIQUIDITY: tuple[Rule, ...] = (
    *(mint_near_price,) * 6,
    *(mint_at_current_tick,) * 6,
    *(mint_at_word_edge,) * 4,
    *(mint_at_last_tick,) * 2,
    mint_full_range,
    mint_to_the_maximum,
    mint_unusual,
    *(mint_paying_otherwise,) * 2,
    *(burn,) * 10,
    burn_unusual,
    *(collect,) * 5,
)
SWAPS: tuple[Rule, ...] = (
    *(swap,) * 10,
    *(swap_to_the_end,) * 2,
    *(swap_to_tick,) * 10,
    *(swap_to_word_edge,) * 5,
    *(swap_amount_to_tick,) * 8,
    *(swap_dust,) * 3,
    *(swap_unusual,) * 2,
    *(swap_paying_otherwise,) * 3,
)
FLASHES: tuple[Rule, ...] = (flash, flash, flash_donation)
PROTOCOL: tuple[Rule, ...] = (set_fee_protocol, set_fee_protocol, collect_protocol, collect_protocol)
ORACLE: tuple[Rule, ...] = (*(grow_observations,) * 2, *(observe,) * 4, *(snapshot,) * 3)
OTHER: tuple[Rule, ...] = (*(wait,) * 12, donate, hand_over_factory, initialize_again)
RULES: tuple[Rule, ...] = LIQUIDITY + SWAPS + FLASHES * 2 + PROTOCOL + ORACLE + OTHER


# Shared ---------------------------------------------------------------------------------------------------------------


def _tick(twin: V3Twin) -> int:
    return twin.model.slot0.tick


def _last_tick(twin: V3Twin) -> int:
    return MAX_TICK // twin.model.tick_spacing * twin.model.tick_spacing


def _clamp(twin: V3Twin, tick: int) -> int:
    return min(max(tick, -_last_tick(twin)), _last_tick(twin))


def _mint(twin: V3Twin, random: Random, tick_lower: int, tick_upper: int) -> None:
    twin.mint(random.choice(OWNERS), _clamp(twin, tick_lower), _clamp(twin, tick_upper), _some_liquidity(random))


def _some_liquidity(random: Random) -> int:
    """One, a little, an ordinary amount, or as much as fits."""
    kind = random.randrange(8)
    if kind == 0:
        return 1
    if kind == 1:
        return 1 + log_uniform(random, 120)
    return 1 + log_uniform(random, 80)


def _some_amount(random: Random) -> int:
    """Exact input or exact output of any size."""
    amount = 1 + log_uniform(random, random.choice((40, 80, 100, 160)))
    return amount if random.random() < 0.5 else -amount


def _sender(random: Random) -> str | None:
    """The factory's owner, or one who may be."""
    return random.choice((None, None, None, *OWNERS, DEPLOYER))


def _part(random: Random, whole: int) -> int:
    """None of it, part of it, all of it, one more, or all there can be."""
    return random.choice((0, random.randint(0, whole), whole, min(whole + 1, 2**128 - 1), 2**128 - 1))


def _otherwise(random: Random, owed0: int, owed1: int) -> tuple[int, int]:
    """Payments beside what is owed, and sometimes exactly that."""
    changes = ((0, 0), (-1, 0), (0, -1), (1, 0), (0, 1), (log_uniform(random, 60), log_uniform(random, 60)))
    change0, change1 = random.choice(changes)
    return max(owed0 + change0, 0), max(owed1 + change1, 0)


def _far_limit(twin: V3Twin, random: Random, zero_for_one: bool) -> int:
    """A limit from one tick to many words away."""
    reach = 1 + log_uniform(random, (_WORDS_A_SWAP * 256 * twin.model.tick_spacing).bit_length() - 1)
    tick = _tick(twin) - reach if zero_for_one else _tick(twin) + reach
    limit = get_sqrt_ratio_at_tick(min(max(tick, MIN_TICK), MAX_TICK))
    return min(max(limit, MIN_SQRT_RATIO + 1), MAX_SQRT_RATIO - 1)


def _near_initialized_tick(twin: V3Twin, random: Random) -> int:
    """One of the two initialized ticks on either side of the current one, so that few are crossed on the way."""
    ticks = sorted(twin.model.ticks) or [0]
    here = bisect_left(ticks, _tick(twin))
    return random.choice(ticks[max(0, here - 2) : here + 2])


def _swap_to(twin: V3Twin, random: Random, target: int) -> None:
    """Swap with a limit, and mostly with more than enough to get there."""
    amount = 2**128 if random.random() < 0.8 else abs(_some_amount(random))
    zero_for_one = target < twin.model.slot0.sqrt_price_x96
    twin.swap(zero_for_one, random.choice((amount, -amount)), target)
