"""PricePath: the fair price over time, in whole ticks, that every venue and every mark of one comparison reads."""

import hashlib
import math
import os
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import Final, Self, Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from compare.checks import frozen_integers, require_order, require_points
from compare.durations import NS_PER_YEAR, Duration, Instant, duration_ns, instant_ns, instant_text
from compare.errors import InputError
from compare.formats import FileKind, PriceOptions, Source, read_prices
from compare.path_file import stored_path
from compare.quantise import Exact, choose_tick_size, exact_fraction, quantise, usable_prices
from compare.simulated_paths import SimulatedPaths

_NO_OPTION: Final = (None, "auto", "refuse")


@dataclass(frozen=True, eq=False, repr=False)
class PricePath(SimulatedPaths):
    """A fair price path: between two times the price is that of the earlier one.

    Two paths are equal when their times, ticks and tick sizes are; the name and the description do not count.

    Attributes:
        time_ns: int64[n], nanoseconds since 1970-01-01 UTC, strictly increasing, read-only.
        ticks: int64[n], the price in ticks, at least 1, read-only.
        tick_size: Quote per base that one tick is worth, exact.
        name: A few words for a title.
        description: Where the path came from, how its times were taken, and what to keep in mind about it.
        max_relative_error: The largest relative error that quantisation made, 0.0 where there was none.

    >>> path = PricePath.gbm(price=2_000, volatility=0.6, days=1, step="12s", seed=7)
    >>> path
    PricePath('GBM', 7201 prices from 1970-01-01T00:00:00Z to 1970-01-02T00:00:00Z, tick 1/1000, sha256 79a3d6d9)
    >>> path.max_relative_error < 1e-6
    True
    """

    time_ns: NDArray[np.int64]
    ticks: NDArray[np.int64]
    tick_size: Fraction
    name: str = ""
    description: str = ""
    max_relative_error: float = 0.0

    def __post_init__(self) -> None:
        """Take copies of the arrays and check them.

        Raises:
            InputError: Arrays of other shapes or kinds, no point at all, times that do not increase, a price below one
                tick.
        """
        times = frozen_integers(self.time_ns, np.int64, "time_ns", self.name)
        ticks = frozen_integers(self.ticks, np.int64, "ticks", self.name)
        if times.size != ticks.size or not times.size:
            problem = f"{times.size} times and {ticks.size} prices make no path"
            raise InputError(problem, source=self.name, remedy="give as many times as prices, at least one")
        require_order(times, strict=True, key="time_ns", source=self.name)
        if ticks.min() < 1:
            where = f"ticks, index {int(np.argmax(ticks < 1))}"
            raise InputError("a price is below one tick", source=self.name, place=where, remedy="prices are positive")
        object.__setattr__(self, "time_ns", times)
        object.__setattr__(self, "ticks", ticks)
        object.__setattr__(self, "tick_size", exact_fraction(self.tick_size, key="tick_size"))

    @classmethod
    def from_arrays(
        cls,
        times: ArrayLike,
        prices: ArrayLike,
        *,
        tick_size: Exact | None = None,
        scale: float | None = None,
        name: str = "arrays",
        description: str = "",
    ) -> Self:
        """A path from arrays.

        Args:
            times: [n] strictly increasing: integers are nanoseconds since 1970-01-01 UTC, datetime64 of any unit is
                UTC.
            prices: [n] quote per base, positive and finite.
            tick_size: Quote per base; by default chosen by `compare.quantise.choose_tick_size`.
            scale: A price that stands for the lowest one when the tick size is chosen, if none is below it.
            name: A few words for a title.
            description: Where it came from.

        Raises:
            InputError: Arrays of other shapes or kinds, times that do not increase, a price that is not positive and
                finite, or a tick size too coarse or too fine for the path.
        """
        moments = np.asarray(times)
        if moments.dtype.kind == "M":
            moments = moments.astype("datetime64[ns]").astype(np.int64)
        values = usable_prices(prices, source=name)
        size = choose_tick_size(values, scale) if tick_size is None else exact_fraction(tick_size, key="tick_size")
        ticks, error = quantise(values, size, source=name)
        return cls(moments, ticks, size, name, description or name, error)

    @classmethod
    def from_csv(
        cls,
        file: str | os.PathLike[str],
        *,
        step: Duration | None = None,
        tick_size: Exact | None = None,
        **options: Unpack[PriceOptions],
    ) -> Self:
        """A path from a CSV file.

        Args:
            file: Plain, gzip, Zstandard, or the one member of a zip file; see `compare.formats` for what is recognised.
            step: Resample to this step; by default every row is a price of the path.
            tick_size: Quote per base; by default chosen by `compare.quantise.choose_tick_size`.
            **options: What to read and how, where the file does not say: see `compare.formats.PriceOptions`.

        Raises:
            InputError: The file cannot be read as a path; the message names the file, the line or column, and what
                would be right.
        """
        return cls._read(file, FileKind.CSV, step, tick_size, options)

    @classmethod
    def from_parquet(
        cls,
        file: str | os.PathLike[str],
        *,
        step: Duration | None = None,
        tick_size: Exact | None = None,
        **options: Unpack[PriceOptions],
    ) -> Self:
        """A path from a Parquet file; arguments and errors are those of `from_csv`."""
        return cls._read(file, FileKind.PARQUET, step, tick_size, options)

    @classmethod
    def from_file(
        cls,
        file: str | os.PathLike[str],
        *,
        step: Duration | None = None,
        tick_size: Exact | None = None,
        **options: Unpack[PriceOptions],
    ) -> Self:
        """A path from a file of any kind, told apart by content; arguments and errors are those of `from_csv`."""
        return cls._read(file, None, step, tick_size, options)

    @classmethod
    def from_frame(
        cls,
        frame: Source,
        *,
        step: Duration | None = None,
        tick_size: Exact | None = None,
        **options: Unpack[PriceOptions],
    ) -> Self:
        """A path from a frame of pandas, polars or pyarrow, or an array; else as `from_csv`.

        >>> import pandas as pd
        >>> PricePath.from_frame(pd.DataFrame({"time": [1_700_000_000, 1_700_000_060], "price": [2_000.5, 2_001]}))
        PricePath('frame', 2 prices from 2023-11-14T22:13:20Z to 2023-11-14T22:14:20Z, tick 1/100, sha256 905cdba9)
        """
        return cls._read(frame, None, step, tick_size, options)

    @classmethod
    def from_ohlcv(
        cls, rows: Source, *, step: Duration | None = None, tick_size: Exact | None = None, bar: Duration | None = None
    ) -> Self:
        """A path from the rows of ccxt's `fetch_ohlcv`: [[milliseconds, open, high, low, close, volume], ...].

        Args:
            rows: Lists, or an array of shape (n, 6).
            step: As in `from_csv`.
            tick_size: As in `from_csv`.
            bar: Length of a bar; by default the smallest distance between two.

        Raises:
            InputError: As `from_csv`.

        >>> PricePath.from_ohlcv([[1_700_000_000_000, 1, 3, 1, 2, 9], [1_700_000_060_000, 2, 3, 2, 3, 9]]).prices
        array([2., 3.])
        """
        return cls._read(rows, None, step, tick_size, PriceOptions(format="ccxt-ohlcv", bar=bar))

    def __len__(self) -> int:
        """Number of prices."""
        return self.time_ns.size

    def __eq__(self, other: object) -> bool:
        """The same times, ticks and tick size."""
        return isinstance(other, PricePath) and self.sha256 == other.sha256

    def __hash__(self) -> int:
        """By content."""
        return hash(self.sha256)

    def __repr__(self) -> str:
        """Name, extent, tick size and the first digits of the hash."""
        extent = f"{len(self)} prices from {instant_text(self.start_ns)} to {instant_text(self.end_ns)}"
        return f"PricePath({self.name!r}, {extent}, tick {self.tick_size}, sha256 {self.sha256[:8]})"

    @cached_property
    def sha256(self) -> str:
        """Hash of the canonical bytes: the tick size, the times and the ticks, little-endian."""
        digest = hashlib.sha256(f"lpmm price path 1\n{self.tick_size}\n{len(self)}\n".encode())
        digest.update(self.time_ns.astype("<i8").tobytes())
        digest.update(self.ticks.astype("<i8").tobytes())
        return digest.hexdigest()

    @property
    def start_ns(self) -> int:
        """Time of the first price."""
        return int(self.time_ns[0])

    @property
    def end_ns(self) -> int:
        """Time of the last price."""
        return int(self.time_ns[-1])

    @property
    def duration_ns(self) -> int:
        """Time from the first price to the last."""
        return self.end_ns - self.start_ns

    @property
    def prices(self) -> NDArray[np.float64]:
        """float64[n], quote per base: for eyes and statistics, not for the ledger."""
        return self.ticks.astype(np.float64) * float(self.tick_size.numerator) / float(self.tick_size.denominator)

    def ticks_at(self, time_ns: ArrayLike) -> NDArray[np.int64]:
        """The price in ticks at each time: that of the last point at or before it.

        Raises:
            InputError: A time before the first price.
        """
        indices = np.searchsorted(self.time_ns, np.asarray(time_ns, dtype=np.int64), side="right") - 1
        if indices.size and indices.min() < 0:
            remedy = f"times from {instant_text(self.start_ns)} on"
            raise InputError("there is no price before the first", source=self.name, place="time_ns", remedy=remedy)
        return self.ticks[indices]

    def between(self, start: Instant | None = None, end: Instant | None = None) -> Self:
        """The points with start <= time < end; None leaves that side open.

        Raises:
            InputError: No point lies there.
        """
        first = 0 if start is None else int(np.searchsorted(self.time_ns, instant_ns(start, key="start")))
        last = len(self) if end is None else int(np.searchsorted(self.time_ns, instant_ns(end, key="end")))
        if first >= last:
            extent = f"the path runs from {instant_text(self.start_ns)} to {instant_text(self.end_ns)}"
            raise InputError(f"no price from {start} to {end}", source=self.name, place="start, end", remedy=extent)
        return replace(self, time_ns=self.time_ns[first:last], ticks=self.ticks[first:last])

    def resample(self, step: Duration) -> Self:
        """The last known price at every whole multiple of `step` (counted from 1970-01-01 UTC) inside the path.

        Raises:
            InputError: No multiple of the step lies inside the path.
        """
        step_ns = duration_ns(step, key="step")
        first = -(-self.start_ns // step_ns) * step_ns
        require_points((self.end_ns - first) // step_ns + 1, "step")
        times = np.arange(first, self.end_ns + 1, step_ns, dtype=np.int64)
        if not times.size:
            extent = f"it runs from {instant_text(self.start_ns)} to {instant_text(self.end_ns)}"
            raise InputError(f"no whole {step} lies inside the path", source=self.name, place="step", remedy=extent)
        description = f"{self.description}; last price at every {step}"
        return replace(self, time_ns=times, ticks=self.ticks_at(times), description=description)

    def realised_volatility(self) -> float:
        """Annual and relative: the root of the sum of squared log returns over the length in years of 365 days.

        To twelve digits, so that the last bit of a machine's logarithm does not show.

        Raises:
            InputError: A path of one price.
        """
        if not self.duration_ns:
            raise InputError("one price has no volatility", source=self.name, remedy="a path of two prices or more")
        log_returns = np.diff(np.log(self.ticks.astype(np.float64)))
        variance = math.fsum((log_returns**2).tolist()) * NS_PER_YEAR / self.duration_ns
        return float(f"{math.sqrt(variance):.12g}")

    @classmethod
    def _read(
        cls,
        source: Source,
        kind: FileKind | None,
        step: Duration | None,
        tick_size: Exact | None,
        options: PriceOptions,
    ) -> Self:
        # A path that was written is itself again; with an option it is a table as any other.
        plain = all(value in _NO_OPTION for value in options.values())
        stored = stored_path(source) if plain else None
        if stored is not None and kind in (None, FileKind.PARQUET):
            path = cls(*stored[:3], *stored[3:6])
            if path.sha256 != stored.sha256:
                problem = f"the path hashes to {path.sha256[:8]}, and the file says {stored.sha256[:8]}"
                raise InputError(problem, source=source, remedy="a file as write_path wrote it")
            return path if step is None else path.resample(step)
        series = read_prices(source, kind, **options)
        path = cls.from_arrays(
            series.time_ns, series.price, tick_size=tick_size, name=series.name, description=series.description
        )
        return path if step is None else path.resample(step)
