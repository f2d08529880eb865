"""A liquidity position's price range, as a person gives it and as the pool's ticks have it."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING

from amm.math.price import sqrt_price_x96_rounding_down
from amm.math.tick_math import MAX_SQRT_RATIO, MAX_TICK, MIN_SQRT_RATIO, get_tick_at_sqrt_ratio
from compare.errors import InputError

if TYPE_CHECKING:
    from compare.market import Market
    from compare.paths import PricePath


@dataclass(frozen=True, slots=True)
class PriceRange:
    """The range of one position. Make it with `around`, `prices`, `ticks` or `full`.

    Attributes:
        text: The range as a person would write it.
        width: Relative half-width around the first price, or None.
        bounds: Lower and upper price in quote per base, or None.
        tick_bounds: Lower and upper tick of the pool, or None.
    """

    text: str
    width: Fraction | None = None
    bounds: tuple[Fraction, Fraction] | None = None
    tick_bounds: tuple[int, int] | None = None

    @classmethod
    def around(cls, width: Fraction | str) -> PriceRange:
        """Return the range from first price / (1 + width) to first price * (1 + width).

        Raises:
            InputError: The width is not positive.
        """
        share = Fraction(width)
        if share <= 0:
            raise InputError(
                f"a width of {width} is no range", place="range", remedy="give a positive width such as 10%"
            )
        return cls(f"+-{float(share):.6%}".rstrip("0%").rstrip(".") + "%", width=share)

    @classmethod
    def prices(cls, lower: Fraction | str, upper: Fraction | str) -> PriceRange:
        """Return the range between two prices in quote per base.

        Raises:
            InputError: The lower price is not below the upper, or not positive.
        """
        low, high = Fraction(lower), Fraction(upper)
        if not 0 < low < high:
            remedy = "the lower price is positive and below the upper, as in 1800:2200"
            raise InputError(f"{lower}:{upper} is no range of prices", place="range", remedy=remedy)
        return cls(f"{lower}:{upper}", bounds=(low, high))

    @classmethod
    def ticks(cls, lower: int, upper: int) -> PriceRange:
        """Return the range between two ticks of the pool.

        Raises:
            InputError: The lower tick is not below the upper.
        """
        if lower >= upper:
            remedy = "the lower tick is below the upper"
            raise InputError(f"{lower}:{upper} is no range of ticks", place="range", remedy=remedy)
        return cls(f"ticks {lower}:{upper}", tick_bounds=(lower, upper))

    @classmethod
    def full(cls) -> PriceRange:
        """Return the widest range the pool allows."""
        return cls("full")

    @classmethod
    def parse(cls, text: str) -> PriceRange:
        """Return the range a person wrote: ``10%``, ``1800:2200``, ``ticks 199080:201060`` or ``full``.

        Raises:
            InputError: The text is none of these.
        """
        words = text.strip().lower()
        try:
            if words == "full":
                return cls.full()
            if words.startswith("ticks"):
                lower, upper = words.removeprefix("ticks").split(":")
                return cls.ticks(int(lower), int(upper))
            if ":" in words:
                lower, upper = words.split(":")
                return cls.prices(lower, upper)
            if words.endswith("%"):
                return cls.around(Fraction(words[:-1]) / 100)
        except (ValueError, ZeroDivisionError) as error:
            if isinstance(error, InputError):
                raise
        remedy = "write 10%, 1800:2200, ticks 199080:201060 or full"
        raise InputError(f"{text!r} is no range", place="range", remedy=remedy)

    def to_ticks(self, market: Market, fair_ticks: int, tick_spacing: int) -> tuple[int, int]:
        """Return the pool's lower and upper tick, prices snapped outward to the spacing.

        Args:
            market: Units; it says which token is the base.
            fair_ticks: First fair price, ticks of the market.
            tick_spacing: The pool's spacing.

        Raises:
            InputError: A tick is off the spacing or beyond the pool's range.
        """
        most = MAX_TICK // tick_spacing * tick_spacing
        if self.tick_bounds is not None:
            lower, upper = self.tick_bounds
            for tick in (lower, upper):
                if tick % tick_spacing:
                    nearest = round(tick / tick_spacing) * tick_spacing
                    problem = f"tick {tick} is off the spacing of {tick_spacing}"
                    raise InputError(problem, place="range", remedy=f"the nearest is {nearest}")
        elif self.width is None and self.bounds is None:
            lower, upper = -most, most
        else:
            low, high = self._price_bounds(market, fair_ticks)
            first, second = pool_tick(market, low), pool_tick(market, high)
            lower = min(first, second) // tick_spacing * tick_spacing
            upper = -(-(max(first, second) + 1) // tick_spacing) * tick_spacing
        if lower < -most or upper > most:
            problem = f"{self.text} needs ticks {lower}:{upper}"
            raise InputError(problem, place="range", remedy=f"the pool has {-most} to {most}")
        return lower, upper

    def _price_bounds(self, market: Market, fair_ticks: int) -> tuple[Fraction, Fraction]:
        if self.bounds is not None:
            return self.bounds
        price, width = fair_ticks * market.tick_size, self.width or Fraction(0)
        return price / (1 + width), price * (1 + width)


def pool_sqrt_price_x96(market: Market, price: Fraction) -> int:
    """Return the pool's square-root price, rounded down, at a price in quote tokens per base token.

    Raises:
        InputError: The pool cannot hold the price.
    """
    units = price * Fraction(10**market.instrument.quote_decimals, 10**market.instrument.base_decimals)
    ratio = units if market.base_is_token0 else 1 / units
    root = sqrt_price_x96_rounding_down(ratio.numerator, ratio.denominator)
    if not MIN_SQRT_RATIO <= root < MAX_SQRT_RATIO:
        problem = f"a price of {float(price):.6g} leaves the pool's range of ticks, {-MAX_TICK} to {MAX_TICK}"
        raise InputError(problem, place="price", remedy="check the price, and the decimals of both tokens")
    return root


def market_ticks(market: Market, sqrt_price_x96: int) -> int:
    """Return a pool's square-root price as the market's ticks, rounded down."""
    ratio, spec = Fraction(sqrt_price_x96**2, 2**192), market.instrument
    units = ratio if market.base_is_token0 else 1 / ratio
    return int(units * spec.base_units_per_lot / spec.quote_units_per_tick_lot)


def require_pool_prices(market: Market, path: PricePath) -> None:
    """Check that a pool can hold every price of a path.

    Raises:
        InputError: It cannot.
    """
    for ticks in (int(path.ticks.min()), int(path.ticks.max())):
        pool_sqrt_price_x96(market, ticks * market.tick_size)


def pool_tick(market: Market, price: Fraction) -> int:
    """Return the pool's tick at a price in quote tokens per base token.

    Raises:
        InputError: The pool cannot hold the price.
    """
    return get_tick_at_sqrt_ratio(pool_sqrt_price_x96(market, price))
