"""The compiler's 256-bit integers, and the plain functions compiled with them, beside plain Python."""

import operator
import platform
import subprocess
import sys
from collections.abc import Callable
from functools import cache
from itertools import product
from typing import Any

import pytest
from hypothesis import example, given, reject
from hypothesis import strategies as st
from naive_amm import LIQUIDITY, SQRT_PRICES, TICKS, uint

pytest.importorskip("numba", reason="the compiled engine needs numba")

import numpy as np
from loops import loop
from numba import njit

from amm._compiled import division
from amm._compiled.addressing import put, store
from amm._compiled.limbs import to_machine, to_wide
from amm._compiled.operators import ZERO
from amm._compiled.twins import twin_of
from amm._compiled.wide_type import WideConstant
from amm._records import from_limbs
from amm.errors import RevertError
from amm.math import (
    bit_math,
    constant_product,
    full_math,
    liquidity_math,
    pair_shares,
    safe_math,
    sqrt_price_math,
    swap_math,
    tick_bitmap,
    tick_math,
)
from lpmm_numba import disk_cache

Function = Callable[..., Any]
MAX = 2**256 - 1
SIGNED = st.one_of(uint(255), uint(255).map(operator.neg))


def outcome(function: Function, *arguments: object) -> object:
    """What a call gives: its value, or the class and the values of its error."""
    try:
        return function(*arguments)
    except RevertError as error:
        return type(error), error.args


@cache
def called(plain: Function) -> Function:
    """The twin, as a loop calls it."""
    twin = twin_of(plain)
    return loop(lambda *arguments: twin(*arguments))  # noqa: PLW0108 - the twin alone has no machine code


def compiled(plain: Function) -> Function:
    """The twin, called with plain integers."""
    return lambda *arguments: called(plain)(*map(WideConstant, arguments))


def assert_same(plain: Function, *arguments: int) -> None:
    assert outcome(compiled(plain), *arguments) == outcome(plain, *arguments)


# Operators ------------------------------------------------------------------------------------------------------------

_OPERATORS = {
    each: njit(eval(f"lambda a, b: a {each} b"))  # noqa: S307 - the operators below
    for each in ("+", "-", "*", "//", "%", "&", "|", "^", "<", "<=", ">", ">=", "==", "!=")
}


@pytest.mark.parametrize("sign", _OPERATORS)
@given(a=uint(256), b=uint(256, least=1))
def test_unsigned_operators_are_pythons_modulo_two_to_the_256(sign: str, a: int, b: int) -> None:
    """Two uint256 make what two ints make, wrapped."""
    expected = int(_OPERATORS[sign].py_func(a, b)) & MAX
    assert int(_OPERATORS[sign](WideConstant(a), WideConstant(b))) == expected


@pytest.mark.parametrize("sign", ["+", "-", "*", "&", "|", "^", "<", "<=", ">", ">=", "==", "!="])
@given(a=uint(255).map(operator.invert), b=SIGNED)
def test_signed_operators_are_pythons_in_twos_complement(sign: str, a: int, b: int) -> None:
    """Where one operand is negative, both are int256."""
    expected = int(_OPERATORS[sign].py_func(a, b)) & MAX
    assert int(_OPERATORS[sign](WideConstant(a), WideConstant(b))) & MAX == expected


_SHIFTS = {"<<": njit(lambda a, b: a << b), ">>": njit(lambda a, b: a >> b)}


@pytest.mark.parametrize("sign", _SHIFTS)
@given(a=st.one_of(uint(256), SIGNED), places=st.integers(0, 255))
def test_shifts_keep_the_sign(sign: str, a: int, places: int) -> None:
    """To the left modulo 2**256; to the right rounding down."""
    expected = int(_SHIFTS[sign].py_func(a, places)) & MAX
    assert int(_SHIFTS[sign](WideConstant(a), WideConstant(places))) & MAX == expected
    assert int(_SHIFTS[sign](WideConstant(a), places)) & MAX == expected


def test_a_division_by_zero_is_pythons_error() -> None:
    """Both operators that divide refuse it."""
    for sign in ("//", "%"):
        with pytest.raises(ZeroDivisionError):
            _OPERATORS[sign](WideConstant(1), WideConstant(0))


# Second bodies --------------------------------------------------------------------------------------------------------

_DIVISORS = st.one_of(uint(256), uint(128), uint(64), st.integers(0, 255).map(lambda bit: 1 << bit))


@pytest.mark.parametrize("function", [full_math.mul_div, full_math.mul_div_rounding_up])
@given(a=uint(256), b=uint(256), denominator=_DIVISORS)
def test_products_divided_have_two_equal_bodies(function: Function, a: int, b: int, denominator: int) -> None:
    """512-bit products over divisors of every length, overflow and zero included, with the same values in the error."""
    assert_same(function, a, b, denominator)


@pytest.mark.parametrize("function", [full_math.mul_div, full_math.mul_div_rounding_up])
@given(divisor=uint(256, least=1), quotient=uint(256), short=st.integers(-2, 2))
def test_quotients_next_to_a_whole_number_are_rounded_right(
    function: Function, divisor: int, quotient: int, short: int
) -> None:
    """Dividends just below, at and just above a multiple of the divisor, where a digit guessed is most often wrong."""
    dividend = min(max(quotient * divisor + short, 0), MAX)
    assert_same(function, dividend, 1, divisor)
    assert_same(function, quotient, divisor, divisor)


def test_a_digit_guessed_too_large_is_put_right() -> None:
    """Divisors of two limbs, the upper as small and the lower as large as can be: guesses one and two too many."""
    guesses = set()
    for more, less, short, off in product((0, 1), (1, 2), (1, 2), range(-2, 3)):
        upper, lower, quotient = 2**63 + more, 2**64 - less, 2**64 - short
        divisor = upper << 64 | lower
        dividend = quotient * divisor + off
        if dividend >> 128 < upper:
            guesses.add((dividend >> 64) // upper - dividend // divisor)
        assert_same(full_math.mul_div_rounding_up, dividend, 1, divisor)
    assert guesses == {1, 2}


LIMBS = st.one_of(st.integers(2**63, 2**64 - 1), st.integers(0, 2**16).map(lambda less: 2**64 - 1 - less))


@loop
def _reciprocals(limb: object) -> tuple[int, int]:
    multiplied, divided = division.multiplied_reciprocal(limb), division.divided_reciprocal(limb)
    return int(multiplied), int(divided)


@pytest.mark.skipif(platform.machine() not in {"x86_64", "AMD64"}, reason="the instruction is one of x86-64")
@given(limb=LIMBS)
@example(limb=2**63)
def test_both_ways_to_a_reciprocal_are_exact(limb: int) -> None:
    """By products alone, and by the processor's own division."""
    expected = (2**128 - 1) // limb - 2**64
    assert _reciprocals(np.uint64(limb)) == (expected, expected)


_AS_BEFORE_2019 = """
import sys
from amm._compiled import processor
processor.DIVIDES_QUICKLY = False
import pytest
sys.exit(pytest.main(["-q", "-p", "no:cacheprovider", sys.argv[1], "-k", "quotes_of_a_pair or products_divided"]))
"""


def test_quotients_are_the_same_on_a_processor_that_divides_slowly() -> None:
    """The tests of this file that divide most, where reciprocals are products."""
    command = [sys.executable, "-c", _AS_BEFORE_2019, __file__]
    done = subprocess.run(command, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert "...." in done.stdout


@given(a=uint(256), denominator=uint(256))
def test_div_rounding_up_has_two_equal_bodies(a: int, denominator: int) -> None:
    """The quotient rounded up; nothing, divided by zero."""
    assert_same(full_math.div_rounding_up, a, denominator)


@pytest.mark.parametrize(
    "function",
    [
        sqrt_price_math.get_next_sqrt_price_from_amount0_rounding_up,
        sqrt_price_math.get_next_sqrt_price_from_amount1_rounding_down,
    ],
)
@given(price=SQRT_PRICES | st.just(0), liquidity=uint(128), amount=uint(256), add=st.booleans())
def test_a_price_after_an_amount_is_the_same_compiled(
    function: Function, price: int, liquidity: int, amount: int, add: bool
) -> None:
    """No liquidity and no price included; token0's second body sees an overflow in the product's upper half."""
    wide = map(WideConstant, (price, liquidity, amount))
    assert outcome(called(function), *wide, add) == outcome(function, price, liquidity, amount, add)


_RESERVES = st.one_of(uint(112), uint(256))


@pytest.mark.parametrize("function", [constant_product.get_amount_out, constant_product.get_amount_in])
@given(amount=st.one_of(uint(112), uint(256)), reserve_in=_RESERVES, reserve_out=_RESERVES)
def test_quotes_of_a_pair_have_two_equal_bodies(
    function: Function, amount: int, reserve_in: int, reserve_out: int
) -> None:
    """Amounts and reserves on both sides of 2**112, empty ones, and every overflow."""
    assert_same(function, amount, reserve_in, reserve_out)
    assert_same(function, min(amount, reserve_out), reserve_in, reserve_out)


@given(root=uint(128), short=st.integers(-1, 1), value=uint(256))
def test_square_roots_have_two_equal_bodies(root: int, short: int, value: int) -> None:
    """Squares and the integers next to them, and any uint256."""
    assert_same(pair_shares.square_root, max(root * root + short, 0))
    assert_same(pair_shares.square_root, value)


@given(x=uint(256), y=uint(256))
def test_checked_arithmetic_has_two_equal_bodies(x: int, y: int) -> None:
    """Sums and products, and those that need more than 256 bits."""
    for function in (safe_math.add, safe_math.mul, safe_math.sub, safe_math.div):
        assert_same(function, x, y)
    assert_same(safe_math.add, x, MAX - x)


# Plain functions, compiled unchanged ----------------------------------------------------------------------------------


def test_a_twin_runs_the_very_code_of_the_plain_function() -> None:
    """One source: the compiled function's code object is the plain one's."""
    for plain in (sqrt_price_math.get_amount0_delta, tick_math.get_tick_at_sqrt_ratio, liquidity_math.add_delta):
        assert twin_of(plain).py_func.__code__ is plain.__code__  # type: ignore[attr-defined]


def test_a_part_cannot_be_called_from_python() -> None:
    """It has no machine code of its own: the call is an error, and no crash."""
    with pytest.raises(TypeError):
        twin_of(liquidity_math.add_delta)(WideConstant(1), WideConstant(2))


_NAME_TWINS = """
from amm._compiled import event_batch, pair_batch, pair_event_batch, translation
print(*sorted({plain.__module__ for plain in translation._twins}), len(translation._twins))
"""


def test_the_cache_knows_every_source_that_is_compiled() -> None:
    """What has a twin in the loops of amm stands in a part whose change makes them anew.

    Asked in a process of its own, as the loops of compare, whose cache looks at all of amm, have twins of more.
    """
    said = subprocess.run([sys.executable, "-c", _NAME_TWINS], check=True, capture_output=True, text=True).stdout
    *modules, count = said.split()
    assert int(count) > 20
    parts = [part.removesuffix(".py").replace("/", ".") for part in disk_cache._MADE_FROM["amm"]]
    for module in modules:
        assert any(f"{module}.".startswith(f"{part}.") for part in parts), module


@pytest.mark.parametrize("function", [swap_math.compute_swap_step_exact_in, swap_math.compute_swap_step_exact_out])
@given(step=st.tuples(SQRT_PRICES, SQRT_PRICES, LIQUIDITY, uint(255, least=1), st.integers(0, 999_999)))
def test_a_swap_step_is_the_same_compiled(function: Function, step: tuple[int, int, int, int, int]) -> None:
    """Any two prices, any liquidity, any amount and any fee, or the same error."""
    assert_same(function, *step)


@st.composite
def short_steps(draw: st.DrawFn) -> tuple[Function, tuple[int, int, int, int, int]]:
    """A step to a price nearby, with an amount of about what reaches it, or some thousandths of that."""
    price, liquidity, fee = draw(SQRT_PRICES), draw(uint(128, least=1)), draw(st.sampled_from([0, 100, 3_000, 999_999]))
    target = price + price * draw(st.integers(-10_000, 10_000)) // 1_000_000 + draw(st.integers(-3, 3))
    exact_in = draw(st.booleans())
    function = swap_math.compute_swap_step_exact_in if exact_in else swap_math.compute_swap_step_exact_out
    try:
        _, amount_in, amount_out, fee_amount = function(price, max(target, 1), liquidity, 2**200, fee)
    except RevertError:  # no amount is enough
        reject()
    reaches = amount_in + fee_amount if exact_in else amount_out
    amount = reaches * draw(st.sampled_from([1, 500, 999, 1000])) // 1000 + draw(st.integers(-2, 2))
    return function, (price, max(target, 1), liquidity, max(amount, 1), fee)


@given(short_steps())
def test_a_swap_step_that_stops_at_about_its_target_is_the_same_compiled(
    step: tuple[Function, tuple[int, int, int, int, int]],
) -> None:
    """One unit short, exactly there, one beyond, and halfway: where the second bodies leave out quotients."""
    function, arguments = step
    assert_same(function, *arguments)


@given(uint(127), SIGNED.filter(lambda value: abs(value) < 2**128))
def test_add_delta_is_the_same_compiled(liquidity: int, delta: int) -> None:
    """Both errors, and the sum."""
    assert_same(liquidity_math.add_delta, liquidity, delta)


_SHARES: dict[str, tuple[Function, int]] = {
    "minted": (pair_shares.shares_minted, 5),
    "redeemed": (pair_shares.amounts_redeemed, 4),
    "protocol": (pair_shares.protocol_shares, 4),
}


@pytest.mark.parametrize("name", _SHARES)
@given(amounts=st.lists(st.one_of(uint(112), uint(112), uint(256)), min_size=5, max_size=5))
def test_shares_of_a_pair_are_the_same_compiled(name: str, amounts: list[int]) -> None:
    """Deposits first and later, what shares redeem, what the protocol takes; empty ones, and every overflow."""
    function, count = _SHARES[name]
    if name == "protocol":  # reserves have 112 bits
        amounts[:2] = (amount % 2**112 for amount in amounts[:2])
    assert_same(function, *amounts[:count])


@given(uint(256), uint(112, least=1), uint(112), uint(32))
def test_the_sum_of_a_price_is_the_same_compiled(total: int, priced: int, other: int, seconds: int) -> None:
    """With the wrap-around modulo 2**256."""
    assert_same(constant_product.accumulated_price, total, priced, other, seconds)


@given(uint(256), st.integers(-3466, 3465))
def test_the_bitmap_search_is_the_same_compiled(word: int, compressed: int) -> None:
    """Both directions, in any word."""
    assert_same(tick_bitmap.next_initialized_at_or_below, word, compressed)
    assert_same(tick_bitmap.next_initialized_above, word, compressed)


@given(uint(256))
def test_bit_searches_are_the_same_compiled(x: int) -> None:
    """The highest and the lowest bit, and the error where none is set."""
    assert_same(bit_math.most_significant_bit, x)
    assert_same(bit_math.least_significant_bit, x)


@given(SQRT_PRICES, TICKS)
def test_ticks_and_prices_are_the_same_compiled(price: int, tick: int) -> None:
    """At prices that are not a tick's own, too."""
    assert_same(tick_math.get_tick_at_sqrt_ratio, price)
    assert_same(tick_math.get_sqrt_ratio_at_tick, tick)


@pytest.mark.slow
def test_every_tick_there_is_has_the_same_price_and_is_found_again() -> None:
    """All 1,774,545 ticks: the compiled price is the plain one; at it lies the tick, one unit below the one before."""
    ratio_at, tick_at = twin_of(tick_math.get_sqrt_ratio_at_tick), twin_of(tick_math.get_tick_at_sqrt_ratio)
    count = tick_math.MAX_TICK - tick_math.MIN_TICK + 1
    ratios, ticks = np.zeros((count, 4), dtype=np.uint64), np.zeros((count, 2), dtype=np.int64)

    def fill(first: int, last: int, ratios: int, ticks: int) -> None:
        for tick in range(first, last + 1):
            ratio = ratio_at(to_wide(tick)) + ZERO
            store(ratios, tick - first, ratio)
            if first < tick < last:
                put(ticks, 2 * (tick - first), to_machine(tick_at(ratio)))
                put(ticks, 2 * (tick - first) + 1, to_machine(tick_at(ratio - 1)))

    njit(fill)(tick_math.MIN_TICK, tick_math.MAX_TICK, ratios.ctypes.data, ticks.ctypes.data)
    every = np.arange(tick_math.MIN_TICK, tick_math.MAX_TICK + 1)
    assert (ticks[1:-1, 0] == every[1:-1]).all()
    assert (ticks[1:-1, 1] == every[:-2]).all()
    words = ratios.tobytes()
    for index, tick in enumerate(every.tolist()):
        assert int.from_bytes(words[32 * index : 32 * index + 32], "little") == tick_math.get_sqrt_ratio_at_tick(tick)
    assert from_limbs(ratios[-1]) == tick_math.MAX_SQRT_RATIO
