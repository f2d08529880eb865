"""Three clocks: seconds set the spread, minutes the price it stands around, hours the strategy.

* Each second the spread is widened by a multiple of the volatility of the last seconds.
* The quotes stand still around a centre. It is moved to the mean price of the last minute whenever that is too far from
  it to be noise: by more than so many standard errors. Wherever in the minute the mean shifts, one minute later all of
  the window is at the new mean, and so is the centre.
* Over hours the structure of volatility says which of the four regimes holds, and so which strategy quotes.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from orderbook._checks import require_int, require_not_negative, require_positive
from orderbook.quoting._price_samples import PriceSamples
from orderbook.quoting.protocol import MarketView, Quotes, QuotingStrategy
from orderbook.quoting.volatility_regimes import (
    RegimeClock,
    RegimeThresholds,
    VolatilityRegime,
    require_every_regime,
)
from orderbook.quoting.widening import widened
from orderbook.volatility import realised_volatility


class SpreadClock:
    """The volatility of the last so many short moves.

    Attributes:
        volatility: ticks per square root of an interval; 0 before there is a move.
    """

    def __init__(self, interval_ns: int, moves: int) -> None:
        """Begin without a price."""
        require_int("moves", moves, minimum=1)
        self.volatility = 0.0
        self._samples = PriceSamples(interval_ns, moves + 1)

    def observe(self, time_ns: int, price: int | Fraction) -> float:
        """Take in a price, and return the volatility.

        Raises:
            ClockReversedError: the time is before that of the last price.
        """
        if self._samples.observe(time_ns, price) and len(self._samples.prices) > 1:
            self.volatility = realised_volatility([float(sample) for sample in self._samples.prices])
        return self.volatility


class CentreClock:
    """A price that stands still until the mean of a window has shifted.

    Attributes:
        centre: ticks, exact; None before the first price.
        centred_ns: when it was last moved.
    """

    def __init__(self, interval_ns: int, samples: int, threshold: float) -> None:
        """Begin without a price.

        Args:
            interval_ns: from one price of the window to the next.
            samples: prices in the window, at least two.
            threshold: standard errors by which the window's mean may be off the centre.
        """
        require_int("samples", samples, minimum=2)
        require_positive("threshold", threshold)
        self.centre: int | Fraction | None = None
        self.centred_ns = 0
        self._threshold = threshold
        self._samples = PriceSamples(interval_ns, samples)

    def observe(self, time_ns: int, price: int | Fraction) -> int | Fraction:
        """Take in a price, and return the centre.

        Raises:
            ClockReversedError: the time is before that of the last price.
        """
        added = self._samples.observe(time_ns, price)
        if self.centre is None:
            self.centre, self.centred_ns = price, time_ns
        elif added and self._samples.full:
            prices = self._samples.prices
            mean = Fraction(sum(prices), len(prices))
            middle = float(mean)
            variance = sum((float(sample) - middle) ** 2 for sample in prices) / (len(prices) - 1)
            if abs(mean - self.centre) > self._threshold * math.sqrt(variance / len(prices)):
                self.centre, self.centred_ns = mean, time_ns
        return self.centre


@dataclass(frozen=True, slots=True)
class ThreeClocks:
    """A strategy for each regime, around a centre that follows shifts of the mean, as much wider as the price moves.

    It remembers prices, so each market maker needs one of its own, and time only goes on. A centre that stands still is
    right for a price that keeps coming back to its mean; of one that wanders it is half a window late, and its quotes
    are there to be picked off.

    Attributes:
        strategies: for each of the four regimes.
        thresholds: how the regime is read; its interval is the clock of the hours' structure.
        spread_multiple: each side is wider by so many standard deviations of a one-interval move.
        shift_threshold: standard errors by which a minute's mean may be off the centre.
        interval_ns: of the fast clock, a second.
        samples: fast intervals in the window of the spread and of the centre, a minute.
    """

    strategies: Mapping[VolatilityRegime, QuotingStrategy]
    thresholds: RegimeThresholds
    spread_multiple: float = 1.0
    shift_threshold: float = 3.0
    interval_ns: int = 1_000_000_000
    samples: int = 60
    spread_clock: SpreadClock = field(init=False, repr=False, compare=False)
    centre_clock: CentreClock = field(init=False, repr=False, compare=False)
    regime_clock: RegimeClock = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Start the clocks.

        Raises:
            InvalidParameterError: a parameter is out of range, or a regime has no strategy.
        """
        require_every_regime(self.strategies)
        require_not_negative("spread_multiple", self.spread_multiple)
        object.__setattr__(self, "spread_clock", SpreadClock(self.interval_ns, self.samples))
        object.__setattr__(self, "centre_clock", CentreClock(self.interval_ns, self.samples, self.shift_threshold))
        object.__setattr__(self, "regime_clock", RegimeClock(self.thresholds))

    def quote(self, view: MarketView) -> Quotes:
        """The regime's quotes around the centre, widened.

        Raises:
            ClockReversedError: the view is before the last one.
        """
        volatility = self.spread_clock.observe(view.time_ns, view.fair_price)
        centre = self.centre_clock.observe(view.time_ns, view.fair_price)
        regime = self.regime_clock.observe(view.time_ns, view.fair_price)
        quotes = self.strategies[regime].quote(replace(view, fair_price=centre))
        return widened(quotes, math.ceil(self.spread_multiple * volatility))
