"""Ranges as a person writes them and as the pool's ticks have them."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from amm.math.tick_math import MAX_TICK
from compare.errors import InputError
from compare.market import Market
from compare.price_range import PriceRange, pool_tick

FAIR = 200_000  # 2000.00


def market(*, base_is_token0: bool = True) -> Market:
    return Market.from_tick_size(Fraction(1, 100), Fraction(2_000), base_is_token0=base_is_token0)


@given(st.fractions(Fraction(1, 1_000), 5), st.sampled_from([1, 10, 60, 200]), st.booleans())
def test_a_width_is_covered_and_no_wider_than_it_must_be(width: Fraction, spacing: int, base_is_token0: bool) -> None:
    """Bounds are snapped outward by less than one spacing, on the spacing, for either token order."""
    units = market(base_is_token0=base_is_token0)
    lower, upper = PriceRange.around(width).to_ticks(units, FAIR, spacing)
    low, high = sorted(pool_tick(units, price) for price in (2_000 / (1 + width), 2_000 * (1 + width)))
    assert lower % spacing == upper % spacing == 0
    assert lower <= low < lower + spacing
    assert upper - spacing <= high < upper


def test_a_full_range_is_all_the_spacing_allows() -> None:
    """The full range ends at the last usable ticks."""
    assert PriceRange.parse("full").to_ticks(market(), FAIR, 60) == (-887_220, 887_220)
    assert MAX_TICK // 60 * 60 == 887_220


def test_every_way_to_write_a_range() -> None:
    """A width, two prices and two ticks are read as what they are."""
    assert PriceRange.parse("10%") == PriceRange.around(Fraction(1, 10))
    assert PriceRange.parse("1800:2200").bounds == (Fraction(1_800), Fraction(2_200))
    assert PriceRange.parse("ticks -60:120").to_ticks(market(), FAIR, 60) == (-60, 120)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("0%", "positive width"),
        ("-5%", "positive width"),
        ("2200:1800", "below the upper"),
        ("0:1800", "positive and below"),
        ("ticks 120:60", "below the upper"),
        ("wide", "write 10%"),
        ("a:b", "write 10%"),
        ("", "write 10%"),
    ],
)
def test_bad_ranges_say_what_would_be_right(text: str, message: str) -> None:
    """Each text that is no range gets a message with what would be."""
    with pytest.raises(InputError, match=message):
        PriceRange.parse(text)


def test_ticks_off_the_spacing_name_the_nearest() -> None:
    """A tick between two usable ones is refused with its neighbour."""
    with pytest.raises(InputError, match=r"tick 70 is off the spacing of 60; the nearest is 60"):
        PriceRange.ticks(0, 70).to_ticks(market(), FAIR, 60)


def test_a_range_beyond_the_pool_is_refused() -> None:
    """Ticks and prices the pool does not have are refused."""
    with pytest.raises(InputError, match="the pool has -887220 to 887220"):
        PriceRange.ticks(-900_000, 0).to_ticks(market(), FAIR, 60)
    with pytest.raises(InputError, match="leaves the pool's range of ticks"):
        PriceRange.prices("1", "1e60").to_ticks(market(), FAIR, 60)
