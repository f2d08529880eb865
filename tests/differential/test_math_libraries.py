"""Each function of amm.math beside its twin in the contracts' own libraries, on random and boundary input."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from random import Random

import pytest
from differential.boundary import Draw, seeded, signed_int, sqrt_price, unsigned, within
from differential.contracts import deploy_math_libraries, deploy_v2_router
from differential.engine import DEPLOYER, ContractRevertError, World, calldata, has_pyrevm, signed, words

from amm.errors import RevertError
from amm.math import (
    bit_math,
    constant_product,
    full_math,
    liquidity_math,
    sqrt_price_math,
    swap_math,
    tick_bitmap,
    tick_math,
)

SAMPLES = 5_000 if has_pyrevm() else 200


Arguments = Callable[[Random], tuple[int, ...]]


@dataclass(frozen=True)
class Twin:
    """A library function, its model, and where their arguments come from."""

    signature: str
    model: Callable[..., int | tuple[int, ...]]
    arguments: Arguments


def _one_way(rounding_up: Callable[..., int], rounding_down: Callable[..., int]) -> Callable[..., int]:
    """The contract's one function with a flag, where the model has one function for each direction."""
    return lambda a, b, liquidity, round_up: (rounding_up if round_up else rounding_down)(a, b, liquidity)


def _each(*draws: Draw) -> Arguments:
    """Arguments that have nothing to do with one another."""
    return lambda random: tuple(draw(random) for draw in draws)


def _either(random: Random) -> bool:
    return random.random() < 0.5


def _price_or_any(random: Random) -> int:
    return sqrt_price(random) if random.random() < 0.7 else unsigned(160)(random)


def _mostly(bits: int) -> Draw:
    """Reserves and amounts as a pair has them, and now and then any 256 bits."""
    usual, any_value = unsigned(bits), unsigned(256)
    return lambda random: usual(random) if random.random() < 0.9 else any_value(random)


def _or_zero(draw: Draw) -> Draw:
    """One in twenty is zero: where the contract divides unguarded, what comes of it is its own rule."""
    return lambda random: draw(random) if random.random() > 0.05 else 0


def _next_price(random: Random) -> tuple[int, ...]:
    """Price, liquidity, amount: often the amount that takes all there is, or the first that overflows 256 bits."""
    price, liquidity = _or_zero(_price_or_any)(random), _or_zero(unsigned(128))(random)
    turns = (
        (liquidity << 96) // max(price, 1),
        liquidity * price >> 96,
        (2**256 - 1 - (liquidity << 96)) // max(price, 1),
        2**256 // max(price, 1),
        2**160,
        0,
    )
    amount = random.choice(turns) + random.randint(-1, 1) if random.random() < 0.5 else unsigned(256)(random)
    return price, liquidity, min(max(amount, 0), 2**256 - 1), _either(random)


def _swap_step(random: Random) -> tuple[int, ...]:
    """A step whose amount often is just what reaches the target, before or after the fee, or one unit beside it."""
    price, target = _or_zero(_price_or_any)(random), _or_zero(_price_or_any)(random)
    liquidity = _or_zero(unsigned(128))(random)
    fee = random.choice((0, 100, 500, 3000, 10_000, within(0, 1_000_000)(random)))
    if random.random() < 0.5 or 0 in {price, target, 1_000_000 - fee}:
        return price, target, liquidity, signed_int(256)(random), fee
    token0 = sqrt_price_math.get_amount0_delta_rounding_up(price, target, liquidity)
    token1 = sqrt_price_math.get_amount1_delta_rounding_up(price, target, liquidity)
    amount_in, amount_out = (token0, token1) if price >= target else (token1, token0)
    with_fee = -(-amount_in * 1_000_000 // (1_000_000 - fee))
    amount = random.choice((amount_in, with_fee, with_fee, -amount_out, -amount_out)) + random.randint(-1, 1)
    return price, target, liquidity, amount, fee


DELTA = _each(_or_zero(_price_or_any), _or_zero(_price_or_any), _or_zero(unsigned(128)), _either)
SIGNED_DELTA = _each(_or_zero(_price_or_any), _or_zero(_price_or_any), _or_zero(signed_int(128)))

TWINS = (
    Twin("mostSignificantBit(uint256)", bit_math.most_significant_bit, _each(_or_zero(unsigned(256)))),
    Twin("leastSignificantBit(uint256)", bit_math.least_significant_bit, _each(_or_zero(unsigned(256)))),
    Twin("mulDiv(uint256,uint256,uint256)", full_math.mul_div, _each(*(unsigned(256),) * 3)),
    Twin("mulDivRoundingUp(uint256,uint256,uint256)", full_math.mul_div_rounding_up, _each(*(unsigned(256),) * 3)),
    Twin(
        "divRoundingUp(uint256,uint256)",
        full_math.div_rounding_up,
        _each(_or_zero(unsigned(256)), _or_zero(unsigned(256))),
    ),
    Twin("addDelta(uint128,int128)", liquidity_math.add_delta, _each(unsigned(128), signed_int(128))),
    Twin(
        "tickSpacingToMaxLiquidityPerTick(int24)",
        liquidity_math.tick_spacing_to_max_liquidity_per_tick,
        _each(within(0, 2**23 - 1)),
    ),
    Twin("getSqrtRatioAtTick(int24)", tick_math.get_sqrt_ratio_at_tick, _each(signed_int(24))),
    Twin("getTickAtSqrtRatio(uint160)", tick_math.get_tick_at_sqrt_ratio, _each(_price_or_any)),
    Twin(
        "getNextSqrtPriceFromAmount0RoundingUp(uint160,uint128,uint256,bool)",
        sqrt_price_math.get_next_sqrt_price_from_amount0_rounding_up,
        _next_price,
    ),
    Twin(
        "getNextSqrtPriceFromAmount1RoundingDown(uint160,uint128,uint256,bool)",
        sqrt_price_math.get_next_sqrt_price_from_amount1_rounding_down,
        _next_price,
    ),
    Twin(
        "getNextSqrtPriceFromInput(uint160,uint128,uint256,bool)",
        sqrt_price_math.get_next_sqrt_price_from_input,
        _next_price,
    ),
    Twin(
        "getNextSqrtPriceFromOutput(uint160,uint128,uint256,bool)",
        sqrt_price_math.get_next_sqrt_price_from_output,
        _next_price,
    ),
    Twin(
        "getAmount0Delta(uint160,uint160,uint128,bool)",
        _one_way(sqrt_price_math.get_amount0_delta_rounding_up, sqrt_price_math.get_amount0_delta_rounding_down),
        DELTA,
    ),
    Twin(
        "getAmount1Delta(uint160,uint160,uint128,bool)",
        _one_way(sqrt_price_math.get_amount1_delta_rounding_up, sqrt_price_math.get_amount1_delta_rounding_down),
        DELTA,
    ),
    Twin("getAmount0Delta(uint160,uint160,int128)", sqrt_price_math.get_amount0_delta, SIGNED_DELTA),
    Twin("getAmount1Delta(uint160,uint160,int128)", sqrt_price_math.get_amount1_delta, SIGNED_DELTA),
    Twin(
        "computeSwapStep(uint160,uint160,uint128,int256,uint24)",
        swap_math.compute_swap_step,
        _swap_step,
    ),
)

V2_ARGUMENTS = _each(_mostly(112), _mostly(112), _mostly(112))
V2_TWINS = (
    Twin("getAmountOut(uint256,uint256,uint256)", constant_product.get_amount_out, V2_ARGUMENTS),
    Twin("getAmountIn(uint256,uint256,uint256)", constant_product.get_amount_in, V2_ARGUMENTS),
    Twin("quote(uint256,uint256,uint256)", constant_product.quote, V2_ARGUMENTS),
)


@pytest.mark.parametrize("twin", TWINS, ids=lambda twin: twin.signature)
def test_a_function_agrees_with_the_library(twin: Twin) -> None:
    """Same result, or failure for the same reason, on random and boundary arguments."""
    _compare(twin, *deploy_math_libraries())


@pytest.mark.parametrize("twin", V2_TWINS, ids=lambda twin: twin.signature)
def test_a_v2_function_agrees_with_the_router(twin: Twin) -> None:
    """Same result, or failure for the same reason, on random and boundary arguments."""
    _compare(twin, *deploy_v2_router())


def _compare(twin: Twin, world: World, address: str) -> None:
    random = seeded(twin.signature)
    for _ in range(SAMPLES):
        arguments = twin.arguments(random)
        try:
            answer = world.send(DEPLOYER, address, calldata(twin.signature, *arguments))
            theirs: object = tuple(signed(word) for word in words(answer))
        except ContractRevertError as reverted:
            theirs = reverted.reason
        assert _outcome(partial(twin.model, *arguments)) == theirs, arguments


@pytest.mark.parametrize("tick_spacing", [1, 10, 60, 200, 887, 16383])
def test_the_bitmap_search_agrees_with_the_library(tick_spacing: int) -> None:
    """Both searches find the contract's next tick, at and beside initialised ticks and the edges of words."""
    world, address = deploy_math_libraries()
    random = seeded(tick_spacing)
    last = tick_math.MAX_TICK // tick_spacing
    bitmap: dict[int, int] = {}
    interesting = {-last, last, *(w * 256 + b for w in range(-2, 3) for b in (-1, 0, 1) if abs(w * 256 + b) <= last)}
    for _ in range(SAMPLES // 10):
        compressed = random.choice((*sorted(interesting), random.randint(-last, last)))
        world.send(DEPLOYER, address, calldata("flipTick(int24,int24)", compressed * tick_spacing, tick_spacing))
        word, bit = tick_bitmap.position(compressed)
        bitmap[word] = bitmap.get(word, 0) ^ (1 << bit)
        answer = world.send(DEPLOYER, address, calldata("word(int16)", word))
        assert words(answer) == [bitmap[word]]
        for start in (compressed, compressed - 1, compressed + 1, random.randint(-last, last)):
            tick = min(
                max(start * tick_spacing + random.randrange(tick_spacing), tick_math.MIN_TICK), tick_math.MAX_TICK
            )
            for at_or_below in (True, False):
                signature = "nextInitializedTickWithinOneWord(int24,int24,bool)"
                theirs = words(world.send(DEPLOYER, address, calldata(signature, tick, tick_spacing, at_or_below)))
                found, initialized = _next_tick(bitmap, tick // tick_spacing, at_or_below)
                assert (found * tick_spacing, initialized) == (signed(theirs[0]), bool(theirs[1])), (tick, at_or_below)


def _next_tick(bitmap: dict[int, int], compressed: int, at_or_below: bool) -> tuple[int, bool]:
    if at_or_below:
        return tick_bitmap.next_initialized_at_or_below(bitmap.get(compressed >> 8, 0), compressed)
    return tick_bitmap.next_initialized_above(bitmap.get((compressed + 1) >> 8, 0), compressed)


def _outcome(call: Callable[[], int | tuple[int, ...]]) -> object:
    """A tuple of signed words where the call succeeds, its reason where it fails."""
    try:
        result = call()
    except RevertError as error:
        return error.reason
    values = result if isinstance(result, tuple) else (result,)
    return tuple(signed(value % 2**256) for value in values)
