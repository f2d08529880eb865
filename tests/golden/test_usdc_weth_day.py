"""A day of the mainnet USDC/WETH 0.3 % pool, replayed event by event: the chain's integers or a failure."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import pytest

from amm import RevertError, UniswapV3Pool
from amm.batch import PoolCall, PoolEvent, from_limbs, pool_events, run_pool_events
from amm.math.tick_math import MAX_SQRT_RATIO, MIN_SQRT_RATIO

SPACING = 60
LOWEST, HIGHEST = -887220, 887220
EVERYONE_ELSE = "everyone else"
MANAGER = "position manager"
ANY_AMOUNT = 2**255 - 1
ALL = 2**128 - 1


class Event(NamedTuple):
    """One log of the pool; what its kind does not carry is None."""

    name: str
    tick_lower: int | None
    tick_upper: int | None
    amount: int | None
    amount0: int
    amount1: int
    sqrt_price_x96: int | None
    liquidity: int | None
    tick: int | None


class Day(NamedTuple):
    """The events in order, and liquidity_net of each crossed tick as it was before them."""

    events: list[Event]
    liquidity_net: dict[int, int]


@pytest.fixture(scope="module")
def day(shared_data: Path) -> Day:
    folder = shared_data / "uniswap_v3_usdc_weth_3000_2024-01-05"
    table = pd.read_parquet(folder / "usdc_weth_3000_events.parquet").sort_values(["block", "log"])
    nets = pd.read_csv(folder / "usdc_weth_3000_inferred_liquidity_net.csv", dtype=str)
    return Day(
        list(_events(table)),
        {int(tick): int(net) for tick, net in zip(nets["tick"], nets["liquidity_net_at_window_start"], strict=True)},
    )


def _events(table: pd.DataFrame) -> Iterator[Event]:
    columns = ["ev", "tickLower", "tickUpper", "amount", "amount0", "amount1", "sqrtPriceX96", "liquidity", "tick"]
    for name, *cells in table[columns].itertuples(index=False, name=None):
        lower, upper, amount, amount0, amount1, price, liquidity, tick = (
            None if pd.isna(cell) else int(cell) for cell in cells
        )
        assert amount0 is not None
        assert amount1 is not None
        yield Event(name, lower, upper, amount, amount0, amount1, price, liquidity, tick)


def test_every_event_of_a_day_is_reproduced(day: Day) -> None:
    """All 303 events after the first swap give the chain's amounts, price, liquidity and tick."""
    replay = Replay(seeded_pool(day))
    for event in day.events[1:]:
        replay.do(event)
    assert replay.done == {"Swap": 266, "Mint": 4, "Burn": 17, "Collect": 16}
    assert replay.swaps == {"exact input": 232, "exact output": 11, "price limit": 23}


def test_a_day_cannot_be_reproduced_from_another_liquidity(day: Day) -> None:
    """With one part in a thousand million more liquidity a swap of the day fits no arguments: the replay can fail."""
    replay = Replay(seeded_pool(day))
    replay.pool.mint(EVERYONE_ELSE, LOWEST, HIGHEST, replay.pool.liquidity // 10**9)
    with pytest.raises(AssertionError, match="no arguments give"):
        replay.do(day.events[1])


@pytest.mark.parametrize("tick", [199080, 199140, 199200, 199260])
def test_a_day_cannot_be_reproduced_from_another_tick(day: Day, tick: int) -> None:
    """With one part in a thousand million less liquidity_net at any crossed tick the day does not come out."""
    nets = {**day.liquidity_net, tick: day.liquidity_net[tick] * (10**9 - 1) // 10**9}
    replay = Replay(seeded_pool(day._replace(liquidity_net=nets)))
    with pytest.raises(AssertionError, match="no arguments give"):
        replay.do_all(day.events[1:])


def seeded_pool(day: Day) -> UniswapV3Pool:
    """The pool after the day's first swap, made by mints alone.

    Known are the price, the active liquidity, liquidity_net of the ticks that are crossed later, and that whoever burns
    has something to burn: what they burn that day, and one unit for each burn of nothing. The rest of the active
    liquidity is everyone else's: it ends at a crossed tick as liquidity_net says, or at the end of all ticks. What the
    ticks hold that the price does not reach that day makes no difference.
    """
    first = day.events[0]
    assert first.sqrt_price_x96 is not None
    assert first.liquidity is not None
    pool = UniswapV3Pool(3000, SPACING)
    assert pool.initialize(first.sqrt_price_x96) == first.tick
    needed: dict[tuple[int, int], int] = {}
    for event in day.events:
        if event.name == "Burn" and event.tick_lower is not None and event.tick_upper is not None:
            ends = event.tick_lower, event.tick_upper
            assert not set(ends) & set(day.liquidity_net)
            # A burn of nothing needs a position that holds something.
            needed[ends] = needed.get(ends, 0) + (event.amount or 1)
    for ends, amount in needed.items():
        pool.mint(MANAGER, *ends, amount)
    for tick, net in day.liquidity_net.items():
        assert tick > pool.slot0.tick
        pool.mint(EVERYONE_ELSE, *((LOWEST, tick) if net < 0 else (tick, HIGHEST)), abs(net))
    pool.mint(EVERYONE_ELSE, LOWEST, HIGHEST, first.liquidity - pool.liquidity)
    return pool


def test_the_day_is_the_same_as_one_batch(day: Day) -> None:
    """The calls that were found, as one stream: every amount, price, liquidity and tick of the chain, and the pool."""
    replay = Replay(seeded_pool(day))
    replay.do_all(day.events[1:])
    pool = seeded_pool(day)
    for key, (owed0, owed1) in replay.handed.items():
        position = pool.positions[key]
        pool.positions[key] = position._replace(tokens_owed0=owed0, tokens_owed1=owed1)
    run = run_pool_events(pool, pool_events(replay.calls), [MANAGER])
    assert not run.errors
    assert pool == replay.pool
    for event, result in zip(day.events[1:], run.results, strict=True):
        amounts = from_limbs(result["amount0"], signed=True), from_limbs(result["amount1"], signed=True)
        assert amounts == (event.amount0, event.amount1)
        if event.name == "Swap":
            after = from_limbs(result["sqrt_price_x96"]), from_limbs(result["liquidity"]), int(result["tick"])
            assert after == (event.sqrt_price_x96, event.liquidity, event.tick)


class Replay:
    """Makes the pool do what each event says, and compares every field of it."""

    def __init__(self, pool: UniswapV3Pool) -> None:
        self.pool = pool
        self.done: Counter[str] = Counter()
        self.swaps: Counter[str] = Counter()
        self.collected: set[tuple[int, int]] = set()
        self.calls: list[PoolEvent] = []
        self.handed: dict[tuple[str, int, int], tuple[int, int]] = {}

    def do_all(self, events: list[Event]) -> None:
        for event in events:
            self.do(event)

    def do(self, event: Event) -> None:
        self.done[event.name] += 1
        if event.name == "Swap":
            self._swap(event)
            return
        assert event.tick_lower is not None
        assert event.tick_upper is not None
        ends = event.tick_lower, event.tick_upper
        if event.name == "Collect":
            self._collect(ends, event)
            return
        assert event.amount is not None
        act = self.pool.mint if event.name == "Mint" else self.pool.burn
        self._note(PoolCall.MINT if event.name == "Mint" else PoolCall.BURN, event.amount, ends=ends)
        assert act(MANAGER, *ends, event.amount) == (event.amount0, event.amount1)

    def _swap(self, event: Event) -> None:
        """Swap with the arguments that give the event: its input, else its output, else its price as the limit."""
        assert event.sqrt_price_x96 is not None
        zero_for_one = event.amount0 > 0
        no_limit = MIN_SQRT_RATIO + 1 if zero_for_one else MAX_SQRT_RATIO - 1
        for kind, amount_specified, limit in (
            ("exact input", max(event.amount0, event.amount1), no_limit),
            ("exact output", min(event.amount0, event.amount1), no_limit),
            ("price limit", ANY_AMOUNT, event.sqrt_price_x96),
        ):
            try:
                result = self.pool.quote(zero_for_one, amount_specified, limit)
            except RevertError:
                continue
            if result[:5] == event[4:]:
                self.swaps[kind] += 1
                self._note(PoolCall.SWAP, amount_specified, limit, zero_for_one=zero_for_one)
                assert self.pool.swap(zero_for_one, amount_specified, limit) == result
                return
        raise AssertionError(f"no arguments give {event}")

    def _collect(self, ends: tuple[int, int], event: Event) -> None:
        """Collect what the chain did: no less than the model owes, and exactly that from the second collect on.

        What a position had earned before the day is not in the data, so its first collect may be more than the model
        knows, and the difference is handed to it. Less it cannot be.
        """
        position = self.pool.positions[MANAGER, *ends]
        if ends not in self.collected:
            assert position.tokens_owed0 <= event.amount0
            assert position.tokens_owed1 <= event.amount1
            self.handed[MANAGER, *ends] = (
                event.amount0 - position.tokens_owed0,
                event.amount1 - position.tokens_owed1,
            )
            self.pool.positions[MANAGER, *ends] = position._replace(
                tokens_owed0=event.amount0, tokens_owed1=event.amount1
            )
        self.collected.add(ends)
        self._note(PoolCall.COLLECT, ALL, ALL, ends=ends)
        assert self.pool.collect(MANAGER, *ends, ALL, ALL) == (event.amount0, event.amount1)

    def _note(
        self,
        kind: PoolCall,
        amount: int,
        limit: int = 0,
        *,
        zero_for_one: bool = False,
        ends: tuple[int, int] = (0, 0),
    ) -> None:
        """Keep the call, to make it again as part of a batch."""
        self.calls.append(PoolEvent(kind, amount, limit, zero_for_one, 0, *ends))
