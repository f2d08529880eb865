"""Every tick there is, both ways, against the contracts' own TickMath."""

import pytest
from differential.contracts import deploy_math_libraries
from differential.engine import DEPLOYER, calldata, has_pyrevm

from amm.math.tick_math import MAX_TICK, MIN_TICK, get_sqrt_ratio_at_tick, get_tick_at_sqrt_ratio

TICKS = 2 * MAX_TICK + 1
PARTS = 16
CALL = 2_000  # ticks the contract answers for in one call
STRIDE = 1 if has_pyrevm() else 61  # the slow engine visits every 61st call's worth
SWEEP = "sweep(int24,uint256)"


def test_the_parts_cover_every_tick_once() -> None:
    """The parts of the sweep below add up to all 1,774,545 ticks."""
    assert TICKS == 1_774_545
    covered = [tick for part in range(PARTS) for tick in (_part(part)[0], _part(part)[-1])]
    assert (covered[0], covered[-1]) == (MIN_TICK, MAX_TICK)
    assert sum(len(_part(part)) for part in range(PARTS)) == TICKS
    assert all(_part(part)[-1] + 1 == _part(part + 1)[0] for part in range(PARTS - 1))


@pytest.mark.slow
@pytest.mark.parametrize("part", range(PARTS))
def test_every_tick_agrees_with_the_library(part: int) -> None:
    """Bit-equal ratios, and the same ticks back from each ratio and from the price one below it."""
    world, address = deploy_math_libraries()
    ticks = _part(part)
    for first in range(ticks[0], ticks[-1] + 1, CALL * STRIDE):
        batch = range(first, min(first + CALL, ticks[-1] + 1))
        theirs = world.send(DEPLOYER, address, calldata(SWEEP, first, len(batch)))[64:]
        ours = b"".join(_packed(tick) for tick in batch)
        if ours != theirs:
            differing = next(tick for i, tick in enumerate(batch) if ours[32 * i :][:32] != theirs[32 * i :][:32])
            pytest.fail(f"tick {differing} differs")


def _part(part: int) -> range:
    return range(MIN_TICK + TICKS * part // PARTS, MIN_TICK + TICKS * (part + 1) // PARTS)


def _packed(tick: int) -> bytes:
    """The word the contract's sweep returns for a tick, from the model's functions."""
    ratio = get_sqrt_ratio_at_tick(tick)
    at = get_tick_at_sqrt_ratio(ratio) % 2**48 if tick < MAX_TICK else 0
    below = get_tick_at_sqrt_ratio(ratio - 1) % 2**48 if tick > MIN_TICK else 0
    return (ratio << 96 | at << 48 | below).to_bytes(32, "big")
