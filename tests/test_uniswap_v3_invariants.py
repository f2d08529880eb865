"""What must hold of a v3 pool whatever happens to it, checked after every call of a random sequence."""

from collections.abc import Callable

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule
from naive_amm import uint

from amm import RevertError, Snapshot, UniswapV3Pool
from amm.math.tick_math import MAX_TICK, MIN_TICK, get_sqrt_ratio_at_tick
from amm.uniswap_v3.seed import check_liquidity, check_price
from amm.uniswap_v3.tick import bitmap_of

OWNERS = st.sampled_from(["a", "b"])
TIERS = st.sampled_from([(100, 1), (500, 10), (3000, 60), (10_000, 200), (999_999, 7), (0, 16_383)])
STEPS = st.integers(-60, 60)
ALL = 2**128 - 1
Action = Callable[[UniswapV3Pool], object]


class Pool(RuleBasedStateMachine):
    """Calls of all kinds, many of them bad; a refused call must leave no trace."""

    @initialize(tier=TIERS, tick=st.integers(-200_000, 200_000), growth=st.sampled_from([0, 2**256 - 2**100]))
    def start(self, tier: tuple[int, int], tick: int, growth: int) -> None:
        self.pool = UniswapV3Pool(*tier)
        self.pool.fee_growth_global0_x128 = self.pool.fee_growth_global1_x128 = growth
        self.pool.block_timestamp = 2**32 - 100
        self.pool.initialize(get_sqrt_ratio_at_tick(tick))
        self.middle = tick // tier[1]

    def ends(self, lower: int, upper: int) -> tuple[int, int]:
        return (self.middle + lower) * self.pool.tick_spacing, (self.middle + upper) * self.pool.tick_spacing

    @rule(owner=OWNERS, lower=STEPS, upper=STEPS, amount=uint(110))
    def mint(self, owner: str, lower: int, upper: int, amount: int) -> None:
        self.call(lambda pool: pool.mint(owner, *self.ends(lower, upper), amount))

    @rule(owner=OWNERS, lower=STEPS, upper=STEPS, amount=uint(110))
    def burn_anything(self, owner: str, lower: int, upper: int, amount: int) -> None:
        self.call(lambda pool: pool.burn(owner, *self.ends(lower, upper), amount))

    @precondition(lambda self: self.pool.positions)
    @rule(data=st.data(), parts=st.integers(0, 4))
    def burn_and_collect(self, data: st.DataObject, parts: int) -> None:
        key = data.draw(st.sampled_from(sorted(self.pool.positions)))
        amount = self.pool.positions[key].liquidity * parts // 4
        self.call(lambda pool: pool.burn(*key, amount))
        self.call(lambda pool: pool.collect(*key, ALL, ALL))

    @rule(zero_for_one=st.booleans(), amount=uint(120), exact_in=st.booleans(), stop=STEPS, beside=st.integers(-1, 1))
    def swap(self, zero_for_one: bool, amount: int, exact_in: bool, stop: int, beside: int) -> None:
        tick = min(max(self.ends(stop, 0)[0], MIN_TICK), MAX_TICK)
        limit = get_sqrt_ratio_at_tick(tick) + beside
        arguments = zero_for_one, amount if exact_in else -amount, limit
        before = self.pool.copy()
        try:
            quoted = self.pool.quote(*arguments)
        except RevertError:
            quoted = None
        assert self.pool == before
        assert self.call(lambda pool: pool.swap(*arguments)) == quoted

    @rule(amount0=uint(90), amount1=uint(90), extra=uint(90))
    def flash(self, amount0: int, amount1: int, extra: int) -> None:
        self.call(lambda pool: pool.flash(amount0, amount1, paid0=amount0 + extra))

    @rule(fees=st.sampled_from([(0, 0), (4, 10), (10, 4), (3, 0)]))
    def set_fee_protocol(self, fees: tuple[int, int]) -> None:
        self.call(lambda pool: pool.set_fee_protocol(*fees))

    @rule()
    def collect_protocol(self) -> None:
        self.call(lambda pool: pool.collect_protocol(ALL, ALL))

    @rule(seconds=st.integers(0, 1000), cardinality=st.integers(0, 5))
    def wait(self, seconds: int, cardinality: int) -> None:
        self.pool.block_timestamp += seconds
        self.call(lambda pool: pool.increase_observation_cardinality_next(cardinality))

    def call(self, action: Action) -> object:
        before = self.pool.copy()
        try:
            return action(self.pool)
        except RevertError:
            assert self.pool == before
            return None

    @invariant()
    def the_parts_agree(self) -> None:
        """Ticks, bitmap and active liquidity are what the positions add up to, and the tick is the price's."""
        pool = self.pool
        gross: dict[int, int] = {}
        net: dict[int, int] = {}
        for (_, lower, upper), position in pool.positions.items():
            for end, sign in ((lower, 1), (upper, -1)):
                gross[end] = gross.get(end, 0) + position.liquidity
                net[end] = net.get(end, 0) + sign * position.liquidity
        held = {end: (amount, net[end]) for end, amount in gross.items() if amount}
        assert {end: (info.liquidity_gross, info.liquidity_net) for end, info in pool.ticks.items()} == held
        assert pool.tick_bitmap == bitmap_of(pool.ticks, pool.tick_spacing)
        check_liquidity(pool.ticks, pool.slot0.tick, pool.liquidity)
        check_price(pool.slot0.sqrt_price_x96, pool.slot0.tick)
        assert pool.slot0.unlocked

    @invariant()
    def every_claim_can_be_paid(self) -> None:
        """On a copy everyone withdraws all they have, and the protocol too: the balances suffice, and hardly more."""
        pool = self.pool.copy()
        for key in sorted(pool.positions):
            liquidity = pool.positions[key].liquidity
            if liquidity:
                pool.burn(*key, liquidity)
            pool.collect(*key, ALL, ALL)
        pool.collect_protocol(ALL, ALL)
        assert not pool.ticks
        assert pool.liquidity == 0
        assert min(pool.balance0, pool.balance1) >= 0

    @invariant()
    def the_state_survives_a_snapshot(self) -> None:
        """Written as JSON and read again the pool is equal."""
        assert Snapshot.from_json(Snapshot(self.pool).to_json()).pool == self.pool


TestPool = Pool.TestCase
"""Every invariant after every call, a hundred sequences of up to thirty calls."""
TestPool.settings = settings(stateful_step_count=30)
