"""One description of the market fixes every unit, so that ticks, lots and token units convert without remainder."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Self

from compare.booking import Units
from compare.errors import InputError
from orderbook.types import Instrument

if TYPE_CHECKING:
    from compare.paths import PricePath
    from compare.tape import TakerTape

_MOST_DECIMALS = 36
_LOT_VALUE_FLOOR = Fraction(1, 10_000)  # a lot is never worth much less than this many quote tokens


@dataclass(frozen=True, slots=True)
class Market:
    """Units shared by the price path, the pool and the order book.

    Wealth is an integer count of *wealth units*: one wealth unit is ``1 / base_units_per_lot`` of the quote token's
    smallest unit. In it both tokens have an exact value at every tick.

    Attributes:
        instrument: Decimals, lot and tick of the order book.
        base_is_token0: Whether the base token is the pool's token0.
    """

    instrument: Instrument
    base_is_token0: bool = True

    @classmethod
    def from_tick_size(
        cls,
        tick_size: Fraction,
        price: Fraction,
        *,
        base_decimals: int = 18,
        quote_decimals: int = 6,
        base_is_token0: bool = True,
    ) -> Self:
        """Return the market with the finest sensible lot for a tick.

        Args:
            tick_size: Quote tokens per base token and tick.
            price: A typical price in quote tokens per base token; it bounds the lot from below.
            base_decimals: Decimals of the base token.
            quote_decimals: Decimals of the quote token.
            base_is_token0: Whether the base token is the pool's token0.

        Raises:
            InputError: No lot makes one tick a whole number of quote units.
        """
        # One tick on one base unit, in quote units; a lot must make that a whole number.
        unit_tick = tick_size * Fraction(10**quote_decimals, 10**base_decimals)
        lot = 1
        while (lot * unit_tick).denominator != 1 or lot * price < _LOT_VALUE_FLOOR * 10**base_decimals:
            lot *= 10
            if lot > 10**base_decimals * 10**18:
                problem = f"no lot makes a tick of {tick_size} a whole number of quote units"
                raise InputError(problem, place="tick_size", remedy="use a decimal number such as 0.01")
        return cls(Instrument(base_decimals, quote_decimals, lot, int(lot * unit_tick)), base_is_token0)

    @classmethod
    def of(
        cls,
        path: PricePath,
        tape: TakerTape,
        *,
        base_decimals: int = 18,
        quote_decimals: int = 6,
        base_is_token0: bool = True,
    ) -> Self:
        """Return the market whose tick is a path's and whose lot is a tape's.

        Args:
            path: Gives the tick size.
            tape: Gives the lot size.
            base_decimals: Decimals of the base token.
            quote_decimals: Decimals of the quote token; more are used where one tick on one lot needs them.
            base_is_token0: Whether the base token is the pool's token0.

        Raises:
            InputError: The lot is no whole number of base units, or no number of decimals suits the tick.
        """
        base_units = tape.lot_size * int(10**base_decimals)
        if base_units.denominator != 1:
            problem = f"a lot of {tape.lot_size} is no whole number of units of {base_decimals} decimals"
            raise InputError(problem, place="lot_size", remedy="use a larger lot, or more decimals")
        for decimals in range(quote_decimals, _MOST_DECIMALS + 1):
            quote_units = path.tick_size * tape.lot_size * int(10**decimals)
            if quote_units.denominator == 1:
                return cls(Instrument(base_decimals, decimals, int(base_units), int(quote_units)), base_is_token0)
        problem = f"a tick of {path.tick_size} is no whole number of units of {_MOST_DECIMALS} decimals"
        raise InputError(problem, place="tick_size", remedy="use a decimal number such as 0.01")

    @property
    def lot_size(self) -> Fraction:
        """Base tokens per lot."""
        return self.instrument.lot_size

    @property
    def tick_size(self) -> Fraction:
        """Quote tokens per base token and tick."""
        return self.instrument.tick_size

    @property
    def wealth_units_per_quote(self) -> int:
        """Wealth units in one whole quote token."""
        return self.instrument.base_units_per_lot * int(10**self.instrument.quote_decimals)

    @property
    def units(self) -> Units:
        """What token units are worth in wealth units."""
        return Units(self.instrument.base_units_per_lot, self.instrument.quote_units_per_tick_lot)

    def cash(self, quote_units: int) -> int:
        """Return quote token units as wealth units."""
        return quote_units * self.instrument.base_units_per_lot

    def value(self, base_units: int, ticks: int) -> int:
        """Return base token units at a price in ticks as wealth units."""
        return base_units * ticks * self.instrument.quote_units_per_tick_lot

    def lots(self, amount: Fraction | str | int) -> int:
        """Return base tokens, written exactly ("2.5"), as lots.

        Raises:
            OffLotError: The amount lies between two lots.
        """
        return self.instrument.lots_of(amount)

    def base_units(self, lots: int) -> int:
        """Return lots as base token units."""
        return lots * self.instrument.base_units_per_lot

    def quote_rounding_down(self, base_units: int, ticks: int) -> int:
        """Return what base token units are worth at a price in ticks, in whole quote token units, rounded down."""
        return self.value(base_units, ticks) // self.instrument.base_units_per_lot

    def pool_price(self, ticks: int) -> Fraction:
        """Return a price in ticks as the pool has it: token1 units per token0 unit."""
        spec = self.instrument
        quote_per_base = Fraction(ticks * spec.quote_units_per_tick_lot, spec.base_units_per_lot)
        return quote_per_base if self.base_is_token0 else 1 / quote_per_base

    def as_base_quote(self, amount0: int, amount1: int) -> tuple[int, int]:
        """Return pool amounts as (base units, quote units)."""
        return (amount0, amount1) if self.base_is_token0 else (amount1, amount0)

    def as_amounts(self, amounts: tuple[int, int]) -> tuple[int, int]:
        """Return (base units, quote units) as pool amounts (amount0, amount1)."""
        return amounts if self.base_is_token0 else amounts[::-1]

    # What a person reads: floats, never booked.

    def quote_float(self, wealth_units: int) -> float:
        """Return wealth units in whole quote tokens, for a person."""
        return wealth_units / self.wealth_units_per_quote

    def base_float(self, base_units: int) -> float:
        """Return base token units in whole base tokens, for a person."""
        return base_units / int(10**self.instrument.base_decimals)

    def price_float(self, ticks: int) -> float:
        """Return a price in ticks as quote tokens per base token, for a person."""
        return float(ticks * self.tick_size)
