"""What a replay found: every trade, every component of every provider's profit, every identity."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from compare.ledger import Agent, FlowKind, Identity, Ledger, Trade

if TYPE_CHECKING:
    from compare.clocks import Clocks
    from compare.market import Market
    from compare.paths import PricePath
    from compare.tape import TakerTape
    from compare.venue import Venue

_BPS = 10_000
_YEAR_NS = 365 * 86_400 * 10**9

EXECUTIONS = pa.schema(
    [
        pa.field("time_ns", pa.int64(), metadata={"unit": "nanoseconds since 1970-01-01 UTC"}),
        pa.field("provider", pa.string(), metadata={"meaning": "whose venue"}),
        pa.field("kind", pa.string(), metadata={"meaning": "noise, informed or arbitrage"}),
        pa.field("uid", pa.int64(), metadata={"meaning": "order of the tape; -1 for arbitrage"}),
        pa.field("fair_ticks", pa.int64(), metadata={"unit": "ticks"}),
        pa.field("reference_ticks", pa.int64(), metadata={"unit": "ticks", "meaning": "what the maker quoted around"}),
        *(
            pa.field(f"{who}_{token}", pa.decimal128(38, 0), metadata={"unit": f"{token} token units, to the agent"})
            for who in ("taker", "provider", "fee", "venue", "dust")
            for token in ("base", "quote")
        ),
        pa.field("gas", pa.decimal128(38, 0), metadata={"unit": "wealth units"}),
    ]
)
"""Schema of the executions file; amounts keep every digit."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One venue's books at one moment; money in wealth units.

    Attributes:
        time_ns: Time, nanoseconds.
        fair_ticks: Fair price, ticks.
        drift: What the endowment alone has earned.
        components: What the profit beyond that is made of.
        bid: Marginal price a taker sells at, fees included, quote per base, for a person; None without one.
        ask: The same for a taker who buys.
    """

    time_ns: int
    fair_ticks: int
    drift: int
    components: dict[str, int]
    bid: float | None
    ask: float | None

    @classmethod
    def of(cls, time_ns: int, venue: Venue) -> Sample:
        """Return a venue's books as they stand."""
        ledger = venue.ledger
        return cls(time_ns, ledger.fair_ticks, ledger.drift(), ledger.components(), *venue.touch())


@dataclass(frozen=True, slots=True)
class VenueResult:
    """One provider's outcome; money in wealth units.

    Attributes:
        name: The provider.
        quoted: Whether it is a market maker in a book (or a liquidity provider in a pool).
        setting: The provider as it was described.
        price_range: Lower and upper price of a liquidity position, quote per base, for a person; None in a book.
        ledger: Its closed books.
        identities: Identities of the books at the end.
        samples: The books over time.
    """

    name: str
    quoted: bool
    setting: str
    price_range: tuple[float, float] | None
    ledger: Ledger
    identities: tuple[Identity, ...]
    samples: tuple[Sample, ...]

    @classmethod
    def of(cls, setting: object, venue: Venue, samples: list[Sample]) -> VenueResult:
        """Return the outcome of a venue at the end of a run."""
        ledger = venue.ledger
        identities = tuple(ledger.identities(venue.withdrawable()))
        return cls(venue.name, ledger.quoted, str(setting), venue.price_range(), ledger, identities, tuple(samples))

    @property
    def trades(self) -> list[Trade]:
        """Every trade in this venue, in order."""
        return self.ledger.trades

    @property
    def beyond_hodl(self) -> int:
        """Profit beyond leaving the endowment alone, wealth units."""
        return self.ledger.profit_and_loss() - self.ledger.drift()


@dataclass(frozen=True, slots=True)
class Comparison:
    """The outcome of `replay`.

    Attributes:
        path: The fair price.
        tape: The takers.
        market: Units.
        clocks: When each party acted.
        capital: What each provider started with, wealth units.
        gas: What an arbitrageur paid for a swap, wealth units.
        venues: One outcome for each provider, by name.
    """

    path: PricePath
    tape: TakerTape
    market: Market
    clocks: Clocks
    capital: int
    gas: int
    venues: tuple[VenueResult, ...]

    def __getitem__(self, name: str) -> VenueResult:
        """Return one provider's outcome."""
        for venue in self.venues:
            if venue.name == name:
                return venue
        raise KeyError(name)

    @property
    def duration_ns(self) -> int:
        """Length of the path, nanoseconds."""
        return int(self.path.time_ns[-1] - self.path.time_ns[0])

    def to_frame(self) -> pd.DataFrame:
        """Return every number of the summary: one row each, one column a provider; money in quote tokens."""
        columns = {venue.name: _flat(self._venue_summary(venue)) for venue in self.venues}
        return pd.DataFrame(columns)

    def samples_frame(self) -> pd.DataFrame:
        """Return the books over time: one row for each sample and provider; money in quote tokens."""
        quote, rows = self.market.quote_float, []
        for venue in self.venues:
            for sample in venue.samples:
                parts = {name: quote(amount) for name, amount in sample.components.items()}
                rows.append(
                    {
                        "time": pd.Timestamp(sample.time_ns, unit="ns", tz="UTC"),
                        "provider": venue.name,
                        "fair_price": self.market.price_float(sample.fair_ticks),
                        "bid": sample.bid,
                        "ask": sample.ask,
                        "hodl": quote(sample.drift),
                        "beyond_hodl": quote(sum(sample.components.values())),
                        **parts,
                    }
                )
        return pd.DataFrame(rows)

    def executions(self) -> pa.Table:
        """Return every trade in every venue, exactly (schema `EXECUTIONS`)."""
        columns: dict[str, list[Any]] = {name: [] for name in EXECUTIONS.names}
        for venue in self.venues:
            for trade in venue.trades:
                for name, value in _execution(venue.name, trade).items():
                    columns[name].append(value)
        units = {
            "base_decimals": self.market.instrument.base_decimals,
            "quote_decimals": self.market.instrument.quote_decimals,
            "wealth_units_per_quote_token": self.market.wealth_units_per_quote,
            "tick_size": self.market.tick_size,
        }
        table: pa.Table = pa.table(columns, schema=EXECUTIONS)
        return table.replace_schema_metadata({name: str(value) for name, value in units.items()})

    def summary(self) -> dict[str, Any]:
        """Return the setting, each provider's numbers and the identities, ready for JSON; money in quote tokens.

        Exact integers (wealth units, residuals) are strings, because JSON numbers lose digits.
        """
        market = self.market
        return {
            "setting": {
                "path": self.path.description,
                "path_sha256": self.path.sha256,
                "path_quantisation_error": self.path.max_relative_error,
                "tape": self.tape.description,
                "tape_sha256": self.tape.sha256,
                "orders": len(self.tape),
                "days": self.duration_ns / (86_400 * 10**9),
                "first_price": market.price_float(int(self.path.ticks[0])),
                "last_price": market.price_float(int(self.path.ticks[-1])),
                "capital": market.quote_float(self.capital),
                "gas": market.quote_float(self.gas),
                "tick_size": str(market.tick_size),
                "lot_size": str(market.lot_size),
                "block_seconds": self.clocks.block_ns / 1e9,
                "refresh_seconds": self.clocks.refresh_ns / 1e9,
                "arbitrageur_first": self.clocks.arbitrageur_first,
                "wealth_units_per_quote_token": str(market.wealth_units_per_quote),
            },
            "providers": {venue.name: self._venue_summary(venue) for venue in self.venues},
            "identities": {
                venue.name: {identity.name: str(identity.residual) for identity in venue.identities}
                for venue in self.venues
            },
        }

    def _venue_summary(self, venue: VenueResult) -> dict[str, Any]:
        ledger, quote = venue.ledger, self.market.quote_float
        earned, drift = ledger.profit_and_loss(), ledger.drift()
        volume = sum(ledger.sums.volume.values())
        years = self.duration_ns / _YEAR_NS
        capital = ledger.hodl_value(ledger.start_ticks)
        noise_orders = len(self.tape)
        answered = len({trade.uid for trade in venue.trades if trade.uid >= 0})
        return {
            "venue": "order book" if venue.quoted else "pool",
            "setting": venue.setting,
            "capital": quote(capital),
            "profit_and_loss": quote(earned),
            "hodl": quote(drift),
            "beyond_hodl": quote(earned - drift),
            "beyond_hodl_exact": str(earned - drift),
            "components": {name: quote(amount) for name, amount in ledger.components().items()},
            "impermanent_loss": None if venue.quoted else quote(ledger.impermanent_loss()),
            "edge": {kind.value: quote(ledger.sums.edge[kind]) for kind in FlowKind},
            "volume": {kind.value: quote(ledger.sums.volume[kind]) for kind in FlowKind},
            "trades": {kind.value: ledger.sums.trades[kind] for kind in FlowKind},
            "fill_rate": answered / noise_orders if noise_orders else None,
            "beyond_hodl_bps_of_volume": (earned - drift) / volume * _BPS if volume else None,
            "beyond_hodl_apr": (earned - drift) / capital / years if years else None,
            "agents": {
                agent.value: quote(ledger.wealth(agent) - (ledger.hodl_value() if agent is Agent.PROVIDER else 0))
                for agent in Agent
            },
            "dust_exact": str(ledger.wealth(Agent.DUST)),
        }


def _flat(tree: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in tree.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{name}.")
        else:
            flat[prefix + name] = value
    return flat


def _execution(provider: str, trade: Trade) -> dict[str, Any]:
    row: dict[str, Any] = {
        "time_ns": trade.time_ns,
        "provider": provider,
        "kind": trade.kind.value,
        "uid": trade.uid,
        "fair_ticks": trade.fair_ticks,
        "reference_ticks": trade.reference_ticks,
        "gas": Decimal(trade.gas),
    }
    for who in ("taker", "provider", "fee", "venue", "dust"):
        amounts = getattr(trade, who)
        row[f"{who}_base"], row[f"{who}_quote"] = Decimal(amounts.base), Decimal(amounts.quote)
    return row
