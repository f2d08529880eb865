"""A comparison as plain data: what a report needs of it, in one versioned JSON file with units.

The numbers are those of the result: floats that a person reads, and exact integers of wealth units as text.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Self, TypeAlias

import msgspec

from compare.errors import InputError
from compare.markout_curves import BOTH, BUYS, SELLS, markout_curves
from compare.rerun import Rerun
from compare.transfers import Transfers

if TYPE_CHECKING:
    from pathlib import Path

    from compare.ledger import Ledger
    from compare.result import Comparison, ProviderResult
    from compare.scenario import Scenario

FILE_NAME = "record.json"
VERSION = 1
_AGAIN = "write it anew with lpmm compare --out"
UNITS = {
    "amounts": "quote tokens; base, endowment_base: base tokens",
    "prices, bid, ask": "quote tokens per base token, fees included in bid and ask",
    "time_ns": "nanoseconds since 1970-01-01 UTC; a synthetic path starts at 0",
    "horizon_ns": "nanoseconds after the trade",
    "bps": "basis points of volume",
    "left, right, exact": "wealth units, in the smallest of which setting.wealth_units_per_quote_token make one quote",
}
"""What the numbers of the file are counted in; written into it."""

Side: TypeAlias = Literal["both", "buys", "sells"]
_SIDES: dict[int, Side] = {BOTH: "both", BUYS: "buys", SELLS: "sells"}


class Samples(msgspec.Struct, frozen=True):
    """One provider's books over time, as columns of one length; bid and ask are None where there is none."""

    time_ns: list[int]
    fair_price: list[float]
    bid: list[float | None]
    ask: list[float | None]
    hodl: list[float]
    beyond_hodl: list[float]
    hedged: list[float]
    base: list[float]
    components: dict[str, list[float]]

    @classmethod
    def of(cls, result: Comparison, provider: ProviderResult) -> Self:
        """Return the samples of a provider."""
        market, samples = result.market, provider.samples
        quote, names = market.quote_float, {name: None for sample in samples for name in sample.components}
        return cls(
            time_ns=[sample.time_ns for sample in samples],
            fair_price=[market.price_float(sample.fair_ticks) for sample in samples],
            bid=[sample.bid for sample in samples],
            ask=[sample.ask for sample in samples],
            hodl=[quote(sample.drift) for sample in samples],
            beyond_hodl=[quote(sum(sample.components.values())) for sample in samples],
            hedged=[quote(sample.hedged) for sample in samples],
            base=[market.base_float(sample.base) for sample in samples],
            components={name: [quote(sample.components.get(name, 0)) for sample in samples] for name in names},
        )


class Markout(msgspec.Struct, frozen=True):
    """What the fills with one kind and side of takers are worth at one horizon."""

    kind: str
    side: Side
    horizon_ns: int
    trades: int
    volume: float
    markout: float
    bps: float | None


class Sums(msgspec.Struct, frozen=True):
    """An identity of the ledger: two sums that must be equal."""

    name: str
    left: str
    right: str

    @property
    def residual(self) -> int:
        """Left minus right, wealth units."""
        return int(self.left) - int(self.right)


class ProviderRecord(msgspec.Struct, frozen=True):
    """One provider's outcome; `summary` holds what it has in the summary of the result."""

    name: str
    venue_name: str
    quoted: bool
    price_range: tuple[float, float] | None
    endowment_base: float
    endowment_quote: float
    summary: dict[str, Any]
    samples: Samples
    markouts: list[Markout]
    identities: list[Sums]

    @classmethod
    def of(cls, result: Comparison, provider: ProviderResult, summary: dict[str, Any]) -> Self:
        """Return the record of a provider, given its part of the summary."""
        market, endowment = result.market, provider.book.endowment
        curves = markout_curves(result, provider).to_dict("records")
        return cls(
            name=provider.name,
            venue_name=provider.venue_name,
            quoted=provider.quoted,
            price_range=provider.price_range,
            endowment_base=market.base_float(endowment.base),
            endowment_quote=market.quote_float(market.cash(endowment.quote)),
            summary=summary,
            samples=Samples.of(result, provider),
            markouts=[_markout({str(key): value for key, value in row.items()}) for row in curves],
            identities=[Sums(one.name, str(one.left), str(one.right)) for one in result.identities(provider)],
        )


def _markout(row: dict[str, Any]) -> Markout:
    volume, amount = float(row["volume"]), float(row["markout"])
    return Markout(
        kind=str(row["kind"]),
        side=_SIDES[row["side"]],
        horizon_ns=int(row["horizon_ns"]),
        trades=int(row["trades"]),
        volume=volume,
        markout=amount,
        bps=float(row["bps"]) if volume else None,
    )


class Amount(msgspec.Struct, frozen=True):
    """Money that someone gained, or paid to someone else."""

    party: str
    receiver: str | None
    amount: float
    exact: str


class WorldRecord(msgspec.Struct, frozen=True):
    """Who paid whom in one world; `residual` is what everyone gained together, zero unless the books are wrong."""

    providers: list[str]
    paid: list[Amount]
    gains: list[Amount]
    residual: str

    @classmethod
    def of(cls, result: Comparison, world: Ledger) -> Self:
        """Return the transfers of a world, the largest payment first."""
        transfers, quote = Transfers.of(world), result.market.quote_float
        ranked = sorted(transfers.paid.items(), key=lambda item: (-item[1], item[0][0].name, item[0][1].name))
        gains = ((party, transfers.gains[party]) for party in transfers.parties)
        return cls(
            providers=[one.name for one in result.providers if one.world is world],
            paid=[Amount(payer.name, receiver.name, quote(sum_), str(sum_)) for (payer, receiver), sum_ in ranked],
            gains=[Amount(party.name, None, quote(gain), str(gain)) for party, gain in gains],
            residual=str(transfers.residual),
        )


class Record(msgspec.Struct, frozen=True):
    """A comparison as plain data.

    Attributes:
        version: Of this layout; another one is refused.
        setting: What was compared, as in the summary of the result.
        providers: One record a provider, by name.
        worlds: Who paid whom, one for each world.
        rerun: How to run it again.
        units: What the numbers are counted in.
    """

    setting: dict[str, Any]
    providers: list[ProviderRecord]
    worlds: list[WorldRecord]
    rerun: Rerun
    units: dict[str, str] = msgspec.field(default_factory=lambda: dict(UNITS))
    version: int = VERSION

    @classmethod
    def of(cls, result: Comparison, scenario: Scenario | None = None) -> Self:
        """Return the record of a result.

        Args:
            result: The outcome of a replay.
            scenario: What it was made from, if it was; it makes the command that runs it again.
        """
        summary = result.summary()
        return cls(
            setting=summary["setting"],
            providers=[ProviderRecord.of(result, one, summary["providers"][one.name]) for one in result.providers],
            worlds=[WorldRecord.of(result, world) for world in result.worlds],
            rerun=Rerun.of(scenario),
        )

    @classmethod
    def read(cls, file: Path) -> Self:
        """Return the record that a file holds.

        Raises:
            InputError: The file cannot be read, is no record, or has another version.
        """
        content = versioned(file, VERSION)
        try:
            return msgspec.json.decode(content, type=cls)
        except msgspec.DecodeError as error:
            raise InputError(f"is no record of a comparison ({error})", source=file, remedy=_AGAIN) from None

    def write(self, file: Path) -> None:
        """Write the record as JSON."""
        file.write_bytes(msgspec.json.encode(self) + b"\n")


class _Versioned(msgspec.Struct):
    """What every version of a record says."""

    version: int


def versioned(file: Path, version: int) -> bytes:
    """Return the content of a record's file.

    Args:
        file: The file.
        version: What its layout must be.

    Raises:
        InputError: The file cannot be read, says no version, or another one.
    """
    try:
        content = file.read_bytes()
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", source=file, remedy=_AGAIN) from None
    try:
        found = msgspec.json.decode(content, type=_Versioned).version
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise InputError(f"is no record of a result ({error})", source=file, remedy=_AGAIN) from None
    if found != version:
        raise InputError(f"is a record of version {found}, not {version}", source=file, remedy=_AGAIN)
    return content
