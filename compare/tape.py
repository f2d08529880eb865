"""TakerTape: every order that takers will send, drawn once before any venue runs."""

import hashlib
import os
from dataclasses import dataclass, replace
from enum import IntEnum
from fractions import Fraction
from functools import cached_property
from typing import Final, Self, Unpack

import numpy as np
from numpy.typing import ArrayLike, NDArray

from compare.checks import frozen_integers, not_negative, positive, require_order
from compare.durations import Instant, Rate, instant_ns
from compare.errors import InputError
from compare.formats import Source, SwapOptions, TradeOptions, read_swaps, read_trades
from compare.paths import PricePath
from compare.quantise import Exact, exact_fraction, power_of_ten
from compare.tape_draw import SizeLaw, draw_poisson, whole_lots
from compare.tape_file import COLUMNS, lot_size_of, read_tape, write_tape

_LOTS_PER_MEAN_SIZE: Final = 1_000
_PIPS_PER_BPS: Final = 100


class TakerKind(IntEnum):
    """Why a taker trades; the number is what the tape holds."""

    NOISE = 0
    INFORMED = 1


@dataclass(frozen=True, eq=False, repr=False)
class TakerTape:
    """Orders in the order of time; each venue sees every one of them, and each is immediate or cancel.

    Two tapes are equal when their arrays and lot sizes are; the name and the description do not count.

    Attributes:
        time_ns: int64[n], nanoseconds since 1970-01-01 UTC, never decreasing, read-only.
        side: int8[n], +1 where the taker buys base, -1 where it sells, read-only.
        lots: int64[n], size in lots, at least 1, read-only.
        tolerance_pips: int64[n], the all-in cost against the fair price up to which the taker trades, in pips (1e-6) of
            it, read-only.
        kind: uint8[n], a `TakerKind`, read-only.
        uid: int64[n], a number of its own for each order, zero or more, read-only.
        lot_size: Base tokens per lot, exact.
        name: A few words for a title.
        description: How it was drawn, or where it came from.

    >>> path = PricePath.constant(price=2_000, days=1)
    >>> TakerTape.poisson(path, rate="40/h", mean_size=0.5, seed=8)
    TakerTape('Poisson', 907 orders, lot 1/10000, sha256 c7c3f18b)
    """

    time_ns: NDArray[np.int64]
    side: NDArray[np.int8]
    lots: NDArray[np.int64]
    tolerance_pips: NDArray[np.int64]
    kind: NDArray[np.uint8]
    uid: NDArray[np.int64]
    lot_size: Fraction
    name: str = ""
    description: str = ""

    def __post_init__(self) -> None:
        """Take copies of the arrays and check them.

        Raises:
            InputError: Arrays of other shapes or kinds, times that go back, or a value outside its rule.
        """
        for key, dtype in COLUMNS.items():
            array = frozen_integers(getattr(self, key), dtype, key, self.name)
            object.__setattr__(self, key, array)
            if array.size != len(self):
                problem = f"{array.size} values for {len(self)} orders"
                raise InputError(problem, source=self.name, place=key, remedy="give one value an order")
        object.__setattr__(self, "lot_size", exact_fraction(self.lot_size, key="lot_size"))
        require_order(self.time_ns, strict=False, key="time_ns", source=self.name)
        self._require("side", np.abs(self.side) == 1, "+1 where the taker buys, -1 where it sells")
        self._require("lots", self.lots >= 1, "an order is at least one lot")
        self._require("tolerance_pips", self.tolerance_pips >= 0, "a tolerance is zero or more")
        kinds = ", ".join(f"{kind.value} {kind.name.lower()}" for kind in TakerKind)
        self._require("kind", np.isin(self.kind, list(TakerKind)), kinds)
        self._require("uid", self.uid >= 0, "a number of zero or more")
        numbers = np.sort(self.uid)
        twice = numbers[1:][numbers[1:] == numbers[:-1]]
        if twice.size:
            problem = f"the number {twice[0]} is there twice"
            raise InputError(problem, source=self.name, place="uid", remedy="one number an order")

    @classmethod
    def poisson(
        cls,
        path: PricePath,
        *,
        rate: Rate,
        mean_size: float,
        seed: int,
        lot_size: Exact | None = None,
        size_law: SizeLaw = "exponential",
        log_deviation: float = 1.0,
        mean_tolerance_bps: float = 30.0,
        buy_probability: float = 0.5,
    ) -> Self:
        """Noise takers: independent orders at a constant rate over the whole path.

        Times, sides, sizes and tolerances each come from a random stream of their own, in the order in which orders are
        drawn, and `uid` is that order: another mean size, tolerance or probability leaves everything else as it was,
        and a higher rate adds orders and changes none.

        Args:
            path: Gives the span of time, and nothing else.
            rate: Orders per time, such as "40/h".
            mean_size: Mean size in base tokens, before rounding to the nearest lot (ties to even, at least one).
            seed: An integer of zero or more.
            lot_size: Base tokens per lot; by default the largest power of ten that is at most a thousandth of the mean
                size.
            size_law: "exponential", "lognormal" or "constant".
            log_deviation: Standard deviation of the logarithm of a lognormal size.
            mean_tolerance_bps: Mean 1/k of the exponential tolerance, in basis points of the fair price. Rounded down
                to pips, so that an all-in cost of d pips is accepted with probability exp(-k d) exactly, for every
                whole d.
            buy_probability: Probability that a taker buys.

        Raises:
            InputError: An argument outside these rules, a mean size below one lot, or more than a hundred million
                orders.
        """
        lot = _lot_size(lot_size, positive(mean_size, "mean_size"))
        if exact_fraction(mean_size, key="mean_size") < lot:
            problem = f"the mean size {mean_size} is less than one lot"
            raise InputError(problem, place=f"lot_size {lot}", remedy=f"{power_of_ten(mean_size)} or less would do")
        orders = draw_poisson(
            path.start_ns,
            path.duration_ns,
            rate=rate,
            mean_size=mean_size,
            size_law=size_law,
            log_deviation=log_deviation,
            mean_tolerance_bps=mean_tolerance_bps,
            buy_probability=buy_probability,
            seed=seed,
        )
        about = (
            f"Poisson: {rate}, {size_law} sizes of mean {mean_size}, exponential tolerance of mean "
            f"{mean_tolerance_bps} bp, buys with probability {buy_probability}, seed {seed}"
        )
        lots = whole_lots(orders.size, lot)
        kind = np.full(lots.size, TakerKind.NOISE, dtype=np.uint8)
        return cls(orders.time_ns, orders.side, lots, orders.tolerance_pips, kind, orders.uid, lot, "Poisson", about)

    @classmethod
    def empty(cls, lot_size: Exact = 1) -> Self:
        """A tape without orders."""
        return cls(
            np.empty(0, np.int64),
            np.empty(0, np.int8),
            np.empty(0, np.int64),
            np.empty(0, np.int64),
            np.empty(0, np.uint8),
            np.empty(0, np.int64),
            exact_fraction(lot_size, key="lot_size"),
            "empty",
            "no takers",
        )

    @classmethod
    def from_arrays(
        cls,
        time_ns: ArrayLike,
        side: ArrayLike,
        size: ArrayLike,
        *,
        tolerance_bps: float,
        lot_size: Exact | None = None,
        kind: TakerKind = TakerKind.NOISE,
        name: str = "arrays",
        description: str = "",
    ) -> Self:
        """A tape from recorded orders.

        Args:
            time_ns: [n] integers, nanoseconds since 1970-01-01 UTC, never decreasing.
            side: [n] +1 where the taker buys base, -1 where it sells.
            size: [n] base tokens, positive; rounded to the nearest lot (ties to even, at least one).
            tolerance_bps: The all-in cost up to which each of them trades: a record says what was paid, not what would
                have been.
            lot_size: Base tokens per lot; by default the largest power of ten that is at most a thousandth of the mean
                size.
            kind: Why they trade.
            name: A few words for a title.
            description: Where they came from.

        Raises:
            InputError: An argument outside these rules.
        """
        sizes = np.asarray(size, dtype=np.float64)
        usable = np.isfinite(sizes) & (sizes > 0)
        if sizes.ndim != 1 or not usable.all():
            raise InputError("a size is not positive", source=name, place="size", remedy="positive finite numbers")
        lot = _lot_size(lot_size, float(sizes.mean()) if sizes.size else 1.0)
        pips = round(not_negative(tolerance_bps, "tolerance_bps") * _PIPS_PER_BPS)
        return cls(
            np.asarray(time_ns),
            np.asarray(side),
            whole_lots(sizes, lot),
            np.full(sizes.size, pips, dtype=np.int64),
            np.full(sizes.size, kind, dtype=np.uint8),
            np.arange(sizes.size, dtype=np.int64),
            lot,
            name,
            description or name,
        )

    @classmethod
    def from_trades(
        cls,
        file: Source,
        *,
        tolerance_bps: float,
        lot_size: Exact | None = None,
        **options: Unpack[TradeOptions],
    ) -> Self:
        """A tape from recorded trades in a file or frame, each with its taker's side and its size.

        Args:
            file: A file, or a frame of pandas, polars or pyarrow; see `compare.formats` for what is recognised.
            tolerance_bps: The all-in cost up to which each of them trades: a record says what was paid, not what would
                have been.
            lot_size: Base tokens per lot; by default the largest power of ten that is at most a thousandth of the mean
                size.
            **options: What to read and how, where the file does not say: see `compare.formats.TradeOptions`.

        Raises:
            InputError: The file cannot be read as trades; the message names the file, the row or column, and what would
                be right.
        """
        trades = read_trades(file, **options)
        return cls.from_arrays(
            trades.time_ns,
            trades.side,
            trades.size,
            tolerance_bps=tolerance_bps,
            lot_size=lot_size,
            name="recorded trades",
            description=f"{trades.description}, tolerance {tolerance_bps} bp",
        )

    @classmethod
    def from_frame(
        cls,
        frame: Source,
        *,
        tolerance_bps: float,
        lot_size: Exact | None = None,
        **options: Unpack[TradeOptions],
    ) -> Self:
        """A tape from trades in a frame of pandas, polars or pyarrow, or an array; else as `from_trades`."""
        return cls.from_trades(frame, tolerance_bps=tolerance_bps, lot_size=lot_size, **options)

    @classmethod
    def from_swaps(
        cls,
        file: Source,
        *,
        tolerance_bps: float,
        lot_size: Exact | None = None,
        **options: Unpack[SwapOptions],
    ) -> Self:
        """A tape from a pool's recorded swaps in a file or frame.

        Args:
            file: A file, or a frame of pandas, polars or pyarrow; see `compare.formats` for what is recognised.
            tolerance_bps: The all-in cost up to which each of them trades.
            lot_size: Base tokens per lot; by default the largest power of ten that is at most a thousandth of the mean
                size.
            **options: What to read and how, where the file does not say: see `compare.formats.SwapOptions`.

        Raises:
            InputError: The file cannot be read as swaps; the message names the file, the row or column, and what would
                be right.
        """
        times, side, size, about = read_swaps(file, **options)
        return cls.from_arrays(
            times,
            side,
            size,
            tolerance_bps=tolerance_bps,
            lot_size=lot_size,
            name="recorded swaps",
            description=f"{about}, tolerance {tolerance_bps} bp",
        )

    @classmethod
    def from_parquet(cls, file: str | os.PathLike[str]) -> Self:
        """A tape that `to_parquet` wrote, the same to the last bit.

        Raises:
            InputError: The file is missing, holds no tape, or was changed since it was written.
        """
        arrays, metadata = read_tape(file)
        tape = cls(
            arrays["time_ns"],
            arrays["side"],
            arrays["lots"],
            arrays["tolerance_pips"],
            arrays["kind"],
            arrays["uid"],
            lot_size_of(file, metadata),
            metadata.get("name", ""),
            metadata.get("description", ""),
        )
        if tape.sha256 != metadata.get("sha256"):
            problem = f"the orders hash to {tape.sha256[:8]}, and the file says {metadata.get('sha256', 'nothing')[:8]}"
            raise InputError(problem, source=file, remedy="a file as TakerTape.to_parquet wrote it")
        return tape

    def to_parquet(self, file: str | os.PathLike[str]) -> None:
        """Write the tape with its units, lot size and hash; the file appears whole or not at all.

        Raises:
            InputError: The file cannot be written.
        """
        write_tape(file, {key: getattr(self, key) for key in COLUMNS}, self.about())

    def about(self) -> dict[str, str]:
        """What a file of the tape says of it: its lot size, hash, name and description."""
        return {
            "lot_size": str(self.lot_size),
            "sha256": self.sha256,
            "name": self.name,
            "description": self.description,
        }

    def __len__(self) -> int:
        """Number of orders."""
        return self.time_ns.size

    def __eq__(self, other: object) -> bool:
        """The same orders and lot size."""
        return isinstance(other, TakerTape) and self.sha256 == other.sha256

    def __hash__(self) -> int:
        """By content."""
        return hash(self.sha256)

    def __repr__(self) -> str:
        """Name, size, lot size and the first digits of the hash."""
        return f"TakerTape({self.name!r}, {len(self)} orders, lot {self.lot_size}, sha256 {self.sha256[:8]})"

    @cached_property
    def sha256(self) -> str:
        """Hash of the canonical bytes: the lot size and every array, little-endian."""
        digest = hashlib.sha256(f"lpmm taker tape 1\n{self.lot_size}\n{len(self)}\n".encode())
        for key, dtype in COLUMNS.items():
            digest.update(getattr(self, key).astype(np.dtype(dtype).newbyteorder("<")).tobytes())
        return digest.hexdigest()

    def between(self, start: Instant | None = None, end: Instant | None = None) -> Self:
        """The orders with start <= time < end; None leaves that side open."""
        first = 0 if start is None else int(np.searchsorted(self.time_ns, instant_ns(start, key="start")))
        last = len(self) if end is None else int(np.searchsorted(self.time_ns, instant_ns(end, key="end")))
        return replace(self, **{key: getattr(self, key)[first:last] for key in COLUMNS})

    def _require(self, key: str, kept: NDArray[np.bool_], rule: str) -> None:
        if not kept.all():
            index = int(np.argmin(kept))
            value = getattr(self, key)[index]
            raise InputError(f"the value is {value}", source=self.name, place=f"{key}, index {index}", remedy=rule)


def _lot_size(given: Exact | None, mean_size: float) -> Fraction:
    if given is None:
        return power_of_ten(mean_size / _LOTS_PER_MEAN_SIZE)
    return exact_fraction(given, key="lot_size")
