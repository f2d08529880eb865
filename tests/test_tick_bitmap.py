"""The search inside one word, beside a walk from tick to tick."""

from hypothesis import given
from hypothesis import strategies as st
from naive_amm import next_initialized

from amm.math.tick_bitmap import next_initialized_above, next_initialized_at_or_below, position
from amm.uniswap_v3.tick import bitmap_of

COMPRESSED = st.integers(-1000, 1000)


@given(st.sets(COMPRESSED, max_size=12), COMPRESSED)
def test_both_searches_find_what_a_walk_finds(initialized: set[int], compressed: int) -> None:
    """At or below, and above, at any place beside any ticks."""
    bitmap = bitmap_of(initialized, 1)
    below = next_initialized_at_or_below(bitmap.get(compressed >> 8, 0), compressed)
    above = next_initialized_above(bitmap.get((compressed + 1) >> 8, 0), compressed)
    assert below == next_initialized(initialized, compressed, at_or_below=True)
    assert above == next_initialized(initialized, compressed, at_or_below=False)


@given(st.integers(-3470, 3469), st.integers(0, 255), st.integers(0, 255))
def test_a_single_bit_is_seen_from_one_side_only(word: int, bit: int, start: int) -> None:
    """At its own tick a bit is found downwards and not upwards, and from elsewhere in the word as order says."""
    tick, compressed = word * 256 + bit, word * 256 + start
    found_below = next_initialized_at_or_below(1 << bit, compressed)
    assert found_below == ((tick, True) if bit <= start else (word * 256, False))
    if start < 255:
        found_above = next_initialized_above(1 << bit, compressed)
        assert found_above == ((tick, True) if bit > start else (word * 256 + 255, False))


@given(st.integers(-887272, 887272))
def test_a_position_is_the_tick_again(compressed: int) -> None:
    """Word and bit of a tick, negative ones included."""
    word, bit = position(compressed)
    assert word * 256 + bit == compressed
    assert 0 <= bit < 256
