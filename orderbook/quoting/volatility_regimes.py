"""Four regimes of volatility, long by short, and a strategy for each.

=========  ==========  =========================  ===========================================
over long  over short  the price                  how to quote
=========  ==========  =========================  ===========================================
low        low         is quiet                   narrow: the volume is what there is to earn
low        high        is choppy, and comes back  wide and larger; average down
high       low         trends                     narrow, so that the inventory turns over
high       high        is wild                    wide and smaller
=========  ==========  =========================  ===========================================

What tells chop from trend is the variance ratio: moves over long intervals that are smaller, or larger, than moves over
short ones would add up to if they were independent.
"""

import enum
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from orderbook._checks import require_int, require_positive
from orderbook.errors import InvalidParameterError
from orderbook.fees import FeeSchedule
from orderbook.quoting._price_samples import PriceSamples
from orderbook.quoting.averaging_down import AveragingDown
from orderbook.quoting.fixed_spread import FixedSpread
from orderbook.quoting.protocol import MarketView, Quotes, QuotingStrategy
from orderbook.volatility import realised_volatility, variance_ratio


class VolatilityRegime(enum.Enum):
    """Whether volatility is high over long intervals and over short ones."""

    QUIET = "low over long and short intervals"
    CHOPPY = "low over long intervals, high over short ones"
    TRENDING = "high over long intervals, low over short ones"
    WILD = "high over long and short intervals"

    @classmethod
    def of(cls, *, long_is_high: bool, short_is_high: bool) -> "VolatilityRegime":
        """The regime of the two."""
        if long_is_high:
            return cls.WILD if short_is_high else cls.TRENDING
        return cls.CHOPPY if short_is_high else cls.QUIET


@dataclass(frozen=True, slots=True)
class RegimeDiagnosis:
    """What a window of evenly spaced prices says about the regime.

    Attributes:
        short_volatility: of moves over one interval, ticks per square root of an interval.
        long_volatility: of moves over the lag, in the same unit: the short one times the root of the variance ratio.
        variance_ratio: 1 for a random walk, less where the price comes back, more where it trends.
        regime: the two volatilities, each against its threshold.
    """

    short_volatility: float
    long_volatility: float
    variance_ratio: float
    regime: VolatilityRegime


@dataclass(frozen=True, slots=True)
class RegimeThresholds:
    """From where on volatility is high, and over which intervals it is measured.

    Attributes:
        short_volatility: ticks per square root of an interval; high from here on.
        long_volatility: in the same unit; high from here on.
        interval_ns: of the short moves.
        lag: intervals in a long move.
        window: prices looked at, at least two more than the lag.
    """

    short_volatility: float
    long_volatility: float
    interval_ns: int
    lag: int
    window: int

    def __post_init__(self) -> None:
        """Refuse thresholds and intervals out of range.

        Raises:
            InvalidParameterError: a threshold is not positive, or the window too short for the lag.
        """
        require_positive("short_volatility", self.short_volatility)
        require_positive("long_volatility", self.long_volatility)
        require_int("interval_ns", self.interval_ns, minimum=1)
        require_int("lag", self.lag, minimum=2)
        require_int("window", self.window, minimum=self.lag + 2)

    def diagnose(self, prices: list[float]) -> RegimeDiagnosis:
        """The regime of evenly spaced prices in ticks; one that never moved is quiet, and has a variance ratio of 1."""
        short = realised_volatility(prices)
        ratio = variance_ratio(prices, self.lag) if short else 1.0
        long = short * math.sqrt(ratio)
        regime = VolatilityRegime.of(
            long_is_high=long >= self.long_volatility, short_is_high=short >= self.short_volatility
        )
        return RegimeDiagnosis(short, long, ratio, regime)


class RegimeClock:
    """Follows the regime of the prices it is shown: one look for each interval, once the window is full.

    Attributes:
        thresholds: what it measures against.
        regime: what holds now.
        diagnosis: what it was last read from; None before the window is full.
    """

    def __init__(self, thresholds: RegimeThresholds, initial: VolatilityRegime = VolatilityRegime.QUIET) -> None:
        """Begin in a regime, which holds until the window is full."""
        self.thresholds = thresholds
        self.regime = initial
        self.diagnosis: RegimeDiagnosis | None = None
        self._samples = PriceSamples(thresholds.interval_ns, thresholds.window)

    def observe(self, time_ns: int, price: int | Fraction) -> VolatilityRegime:
        """Take in a price, and return the regime that holds.

        Raises:
            ClockReversedError: the time is before that of the last price.
        """
        if self._samples.observe(time_ns, price) and self._samples.full:
            self.diagnosis = self.thresholds.diagnose([float(sample) for sample in self._samples.prices])
            self.regime = self.diagnosis.regime
        return self.regime


@dataclass(frozen=True, slots=True)
class VolatilityRegimes:
    """One strategy for each regime, and the regime read from the fair prices it is shown.

    It remembers prices, so each market maker needs one of its own, and time only goes on.

    Attributes:
        strategies: for each of the four regimes.
        thresholds: how the regime is read.
        initial: what holds until there are enough prices to tell.
    """

    strategies: Mapping[VolatilityRegime, QuotingStrategy]
    thresholds: RegimeThresholds
    initial: VolatilityRegime = VolatilityRegime.QUIET
    clock: RegimeClock = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Start the clock.

        Raises:
            InvalidParameterError: a regime has no strategy.
        """
        require_every_regime(self.strategies)
        object.__setattr__(self, "clock", RegimeClock(self.thresholds, self.initial))

    def quote(self, view: MarketView) -> Quotes:
        """The quotes of the strategy for the regime.

        Raises:
            ClockReversedError: the view is before the last one.
        """
        return self.strategies[self.clock.observe(view.time_ns, view.fair_price)].quote(view)


def require_every_regime(strategies: Mapping[VolatilityRegime, QuotingStrategy]) -> None:
    """Refuse a table with a regime missing.

    Raises:
        InvalidParameterError: a regime has no strategy.
    """
    for regime in VolatilityRegime:
        if regime not in strategies:
            raise InvalidParameterError("strategies", regime.name, "among the regimes that have a strategy")


@dataclass(frozen=True, slots=True)
class RegimeSizes:
    """Lots on either side: fewer in wild markets, more in choppy ones.

    Attributes:
        small: in wild markets.
        normal: in quiet markets and in trends.
        large: in choppy markets.
    """

    small: int
    normal: int
    large: int

    def __post_init__(self) -> None:
        """Refuse sizes that are not in order.

        Raises:
            InvalidParameterError: a size is not a positive int, or a smaller one is not smaller.
        """
        require_int("small", self.small, minimum=1)
        require_int("normal", self.normal, minimum=self.small + 1)
        require_int("large", self.large, minimum=self.normal + 1)


def four_regimes(
    narrow: int | Fraction, wide: int | Fraction, sizes: RegimeSizes, fees: FeeSchedule
) -> dict[VolatilityRegime, QuotingStrategy]:
    """The table above as strategies.

    Args:
        narrow: half-spread in ticks, in quiet markets and in trends.
        wide: half-spread in ticks, in choppy and in wild markets.
        sizes: lots on either side.
        fees: of the venue, for the ask that breaks even when averaging down.

    Raises:
        InvalidParameterError: a half-spread is not positive, or the wide one is not wider.
    """
    if not wide > narrow:
        raise InvalidParameterError("wide", wide, f"wider than the narrow half-spread of {narrow}")
    return {
        VolatilityRegime.QUIET: FixedSpread(narrow, sizes.normal),
        VolatilityRegime.CHOPPY: AveragingDown(wide, sizes.large, fees),
        VolatilityRegime.TRENDING: FixedSpread(narrow, sizes.normal),
        VolatilityRegime.WILD: FixedSpread(wide, sizes.small),
    }
