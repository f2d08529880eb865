"""The highest and the lowest set bit, beside a walk through all bits."""

import pytest
from hypothesis import given
from naive_amm import uint

from amm.errors import NoBitSetError
from amm.math.bit_math import least_significant_bit, most_significant_bit


@given(uint(256, least=1))
def test_both_ends_are_what_a_walk_finds(x: int) -> None:
    """Of all set bits, the first and the last."""
    bits = [bit for bit in range(256) if x >> bit & 1]
    assert (least_significant_bit(x), most_significant_bit(x)) == (bits[0], bits[-1])


@pytest.mark.parametrize("bit", range(256))
def test_every_power_of_two(bit: int) -> None:
    """A single bit is both the highest and the lowest; all bits up to it have it as the highest."""
    assert most_significant_bit(1 << bit) == least_significant_bit(1 << bit) == bit
    assert most_significant_bit((2 << bit) - 1) == bit


def test_zero_has_neither() -> None:
    """The library refuses it, without a reason."""
    for search in (least_significant_bit, most_significant_bit):
        with pytest.raises(NoBitSetError) as caught:
            search(0)
        assert caught.value.reason == ""
