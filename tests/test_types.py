"""What ticks and lots are worth, and what a fill says."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from orderbook import Fill, Instrument, Side
from orderbook.errors import InvalidParameterError, OffLotError, OffTickError

ETH_USDC = Instrument(18, 6, base_units_per_lot=10**14, quote_units_per_tick_lot=1)

INSTRUMENTS = st.builds(
    Instrument,
    st.integers(0, 18),
    st.integers(0, 18),
    base_units_per_lot=st.integers(1, 10**18),
    quote_units_per_tick_lot=st.integers(1, 10**9),
)


def test_a_tick_and_a_lot_in_currencies() -> None:
    """One lot is 0.0001 ETH and one micro-USDC a tick, so a tick is 0.01 USDC per ETH."""
    assert (ETH_USDC.tick_size, ETH_USDC.lot_size) == (Fraction(1, 100), Fraction(1, 10_000))
    assert (ETH_USDC.ticks_of("1999.99"), ETH_USDC.lots_of("0.25")) == (199_999, 2_500)


@given(INSTRUMENTS, st.integers(1, 10**9), st.integers(1, 10**9))
def test_ticks_and_lots_convert_without_remainder(instrument: Instrument, price: int, size: int) -> None:
    """Price times amount in currencies is the notional in units, and both come back to the same ticks and lots."""
    in_currency = instrument.price_of(price) * instrument.amount_of(size)
    assert in_currency * 10**instrument.quote_decimals == instrument.notional(price, size)
    assert instrument.ticks_of(instrument.price_of(price)) == price
    assert instrument.lots_of(instrument.amount_of(size)) == size


def test_what_lies_between_ticks_or_lots_is_refused() -> None:
    """The error carries the value."""
    with pytest.raises(OffTickError, match=r"1999\.995 is not a multiple of the tick 1/100") as tick:
        ETH_USDC.ticks_of("1999.995")
    assert tick.value.price == "1999.995"
    with pytest.raises(OffLotError, match=r"0\.00005"):
        ETH_USDC.lots_of("0.00005")


@pytest.mark.parametrize(
    ("arguments", "name"),
    [
        ((-1, 6, 1, 1), "base_decimals"),
        ((18, True, 1, 1), "quote_decimals"),
        ((18, 6, 0, 1), "base_units_per_lot"),
        ((18, 6, 1, 1.0), "quote_units_per_tick_lot"),
    ],
)
def test_an_instrument_refuses_what_is_no_positive_int(arguments: tuple[int, int, int, int], name: str) -> None:
    """The error names the parameter."""
    with pytest.raises(InvalidParameterError, match=name):
        Instrument(*arguments)


@given(st.sampled_from(Side), st.integers(0, 10**12), st.integers(-(10**6), 10**6), st.integers(-(10**6), 10**6))
def test_what_the_two_sides_and_the_venue_get_sums_to_nothing(side: Side, notional: int, fee: int, rebate: int) -> None:
    """Cash and lots only change hands, also when someone trades with themselves."""
    for owners in (("maker", "taker"), ("self", "self")):
        fill = Fill(1, 2, *owners, side, 10, 3, notional, fee, rebate)
        everyone = set(owners)
        assert sum(fill.cash_change(owner) for owner in everyone) + fill.venue_income == 0
        assert sum(fill.inventory_change(owner) for owner in everyone) == 0
