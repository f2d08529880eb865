"""What a replay found: every trade, every component of every provider's profit, every identity."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pandas as pd
import pyarrow as pa

from compare.book_venue import BookVenue
from compare.capital import EqualEndowment
from compare.exact_columns import exact_table
from compare.ledger import Agent, Ledger, Trade
from compare.metrics import HORIZONS_NS, markouts, metrics
from compare.provider_book import FlowKind, Identity, ProviderBook, Share
from compare.venue import depth_within

if TYPE_CHECKING:
    from compare.clocks import Clocks
    from compare.market import Market
    from compare.paths import PricePath
    from compare.shadow import ArbitrageSplit
    from compare.tape import TakerTape
    from compare.venue import Venue
    from compare.world import Mode, World
    from orderbook import Withdrawal

_DEPTH_PIPS = 20_000


def _amount(name: str, meaning: str) -> pa.Field:
    unit = "quote token units" if name.endswith("quote") or name == "gas" else "base token units"
    return pa.field(name, pa.decimal128(38, 0), metadata={"unit": unit, "meaning": meaning})


EXECUTIONS = pa.schema(
    [
        pa.field("time_ns", pa.int64(), metadata={"unit": "nanoseconds since 1970-01-01 UTC", "meaning": "when"}),
        pa.field("venue", pa.string(), metadata={"meaning": "where the taker traded"}),
        pa.field("kind", pa.string(), metadata={"meaning": "noise, informed, arbitrage, or a provider's upkeep"}),
        pa.field("uid", pa.int64(), metadata={"meaning": "order of the tape; -1 for a trade that is on no tape"}),
        pa.field("fair_ticks", pa.int64(), metadata={"unit": "ticks", "meaning": "the fair price then"}),
        pa.field("provider", pa.string(), metadata={"meaning": "whose part this row is; one row for each provider"}),
        _amount("provider_base", "what the provider received"),
        _amount("provider_quote", "what the provider received"),
        _amount("fee_base", "the part of it that is fee income"),
        _amount("fee_quote", "the part of it that is fee income or rebate"),
        pa.field("reference_ticks", pa.int64(), metadata={"unit": "ticks", "meaning": "what a maker quoted around"}),
        _amount("taker_base", "what the taker received in the whole trade"),
        _amount("taker_quote", "what the taker received in the whole trade"),
        _amount("venue_base", "what the venue took in the whole trade"),
        _amount("venue_quote", "what the venue took in the whole trade"),
        _amount("dust_base", "what roundings left in the pool"),
        _amount("dust_quote", "what roundings left in the pool"),
        _amount("gas", "gas the taker paid"),
    ]
)
"""Schema of the executions file; amounts keep every digit."""


@dataclass(frozen=True, slots=True)
class Sample:
    """One provider's books at one moment; money in wealth units.

    Attributes:
        time_ns: Time, nanoseconds.
        fair_ticks: Fair price, ticks.
        drift: What the endowment alone has earned.
        components: What the profit beyond that is made of.
        hedged: What the provider would have earned holding nothing: its edge less its gas.
        base: What it holds of base, token units.
        depth: What takers could buy and sell within two percent of the fair price in its venue, base token units.
        bid: Marginal price a taker sells at in its venue, fees included, quote per base, for a person; None without
            one.
        ask: The same for a taker who buys.
    """

    time_ns: int
    fair_ticks: int
    drift: int
    components: dict[str, int]
    hedged: int
    base: int
    depth: tuple[int, int]
    bid: float | None
    ask: float | None

    @classmethod
    def of(cls, time_ns: int, book: ProviderBook, venue: Venue) -> Sample:
        """Return a provider's books, and its venue, as they stand."""
        parts, depth = book.components(), depth_within(venue, book.fair_ticks, _DEPTH_PIPS)
        return cls(
            time_ns,
            book.fair_ticks,
            book.drift(),
            parts,
            book.hedged_profit(),
            book.account.base,
            depth,
            *venue.touch(),
        )


@dataclass(frozen=True, slots=True)
class ProviderResult:
    """One provider's outcome; money in wealth units.

    Attributes:
        name: The provider.
        venue_name: Its venue.
        setting: The provider as it was described.
        price_range: Lower and upper price of its liquidity at the end, quote per base, for a person; None in a book.
        book: Its closed books.
        world: The ledger of everyone it shared a world with.
        identities: Identities of the books at the end.
        samples: The books over time.
        withdrawals: Every time a maker began to stand aside, and why; none in a pool.
    """

    name: str
    venue_name: str
    setting: str
    price_range: tuple[float, float] | None
    book: ProviderBook
    world: Ledger
    identities: tuple[Identity, ...]
    samples: tuple[Sample, ...]
    withdrawals: tuple[Withdrawal, ...] = ()

    @classmethod
    def of(cls, name: str, world: World, samples: list[Sample]) -> ProviderResult:
        """Return the outcome of a provider at the end of a run."""
        venue, ledger = world.venue_of(name), world.ledger
        identities = tuple(ledger.identities(world.withdrawable())[name])
        setting, bounds = str(world.settings[name]), venue.price_range(name)
        aside = tuple(venue.withdrawals(name)) if isinstance(venue, BookVenue) else ()
        books = (ledger.providers[name], ledger, identities, tuple(samples), aside)
        return cls(name, venue.name, setting, bounds, *books)

    @property
    def quoted(self) -> bool:
        """Whether it is a market maker in a book (or a liquidity provider in a pool)."""
        return self.book.quoted

    @property
    def trades(self) -> list[Trade]:
        """Every trade in its venue, in order."""
        return [trade for trade in self.world.trades if trade.venue_name == self.venue_name]

    @property
    def beyond_hodl(self) -> int:
        """Profit beyond leaving the endowment alone, wealth units."""
        return self.book.beyond_hodl()


@dataclass(frozen=True, slots=True)
class Comparison:
    """The outcome of `replay`.

    Attributes:
        path: The fair price.
        tape: The takers.
        market: Units.
        clocks: When each party acted.
        mode: How the takers met the venues.
        capital: What each provider started with of its own, wealth units.
        gas: What an arbitrageur paid for a swap in a pool, quote token units.
        providers: One outcome for each provider, by name.
        rule: What was equal between the liquidity provider and the makers, in words.
        leverage: Each provider's position over what it started with of its own.
        lags_ns: How late the makers that do not see the fair price at once see it, nanoseconds, by name.
        arbitrage: Each provider's edge against arbitrageurs in two parts, where a run without noise has told them
            apart (identity 7).
    """

    path: PricePath
    tape: TakerTape
    market: Market
    clocks: Clocks
    mode: Mode
    capital: int
    gas: int
    providers: tuple[ProviderResult, ...]
    rule: str = str(EqualEndowment())
    leverage: Fraction = Fraction(1)
    lags_ns: dict[str, int] = field(default_factory=dict)
    arbitrage: dict[str, ArbitrageSplit] | None = None

    def __getitem__(self, name: str) -> ProviderResult:
        """Return one provider's outcome."""
        for provider in self.providers:
            if provider.name == name:
                return provider
        raise KeyError(name)

    @property
    def duration_ns(self) -> int:
        """Length of the path, nanoseconds."""
        return int(self.path.time_ns[-1] - self.path.time_ns[0])

    @property
    def worlds(self) -> list[Ledger]:
        """The ledgers, one for each world, in the order of their first provider."""
        return list({id(one.world): one.world for one in self.providers}.values())

    @property
    def equal_latency(self) -> bool:
        """Whether nobody is faster than anybody: one clock for all, and no maker that sees the price late."""
        return self.clocks.equal and not self.lags_ns

    def identities(self, provider: ProviderResult) -> tuple[Identity, ...]:
        """Return the identities of a provider's books, and the shadow split's where there is one."""
        if self.arbitrage is None:
            return provider.identities
        split, edge = self.arbitrage[provider.name], provider.book.sums.edge[FlowKind.ARBITRAGE]
        return (*provider.identities, Identity("7 shadow: arbitrage = price path + noise", edge, split.edge))

    def own_capital(self, provider: ProviderResult) -> int:
        """Return what a provider's position cost it, less what it borrowed for that, wealth units, rounded down."""
        position = provider.book.hodl_value(provider.book.start_ticks)
        return position * self.leverage.denominator // self.leverage.numerator

    def to_frame(self) -> pd.DataFrame:
        """Return every number of the summary: one row each, one column a provider; money in quote tokens."""
        columns = {one.name: _flat(self._provider_summary(one)) for one in self.providers}
        return pd.DataFrame(columns)

    def samples_frame(self) -> pd.DataFrame:
        """Return the books over time: one row for each sample and provider; money in quote tokens."""
        quote, rows = self.market.quote_float, []
        for provider in self.providers:
            for sample in provider.samples:
                parts = {name: quote(amount) for name, amount in sample.components.items()}
                rows.append(
                    {
                        "time": pd.Timestamp(sample.time_ns, unit="ns", tz="UTC"),
                        "provider": provider.name,
                        "fair_price": self.market.price_float(sample.fair_ticks),
                        "bid": sample.bid,
                        "ask": sample.ask,
                        "hodl": quote(sample.drift),
                        "beyond_hodl": quote(sum(sample.components.values())),
                        "hedged": quote(sample.hedged),
                        "base": self.market.base_float(sample.base),
                        **parts,
                    }
                )
        return pd.DataFrame(rows)

    def executions(self) -> pa.Table:
        """Return every trade in every venue, exactly (schema `EXECUTIONS`)."""
        columns: dict[str, list[Any]] = {name: [] for name in EXECUTIONS.names}
        for world in self.worlds:
            for trade in world.trades:
                for share in trade.shares:
                    for name, value in _execution(trade, share).items():
                        columns[name].append(value)
        units = {
            "base_decimals": self.market.instrument.base_decimals,
            "quote_decimals": self.market.instrument.quote_decimals,
            "wealth_units_per_quote_token": self.market.wealth_units_per_quote,
            "tick_size": self.market.tick_size,
        }
        said = {name: str(value) for name, value in units.items()}
        return exact_table(columns, EXECUTIONS.with_metadata({"schema": "lpmm executions 1"}), said)

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
                "capital_rule": self.rule,
                "leverage": float(self.leverage),
                "gas": self.gas / 10**market.instrument.quote_decimals,
                "tick_size": str(market.tick_size),
                "lot_size": str(market.lot_size),
                "block_seconds": self.clocks.block_ns / 1e9,
                "refresh_seconds": self.clocks.refresh_ns / 1e9,
                "equal_latency": self.equal_latency,
                "latency": latency_text(self),
                "information_lag_seconds": {name: lag / 1e9 for name, lag in self.lags_ns.items()},
                "random_clocks_seed": self.clocks.seed,
                "mode": self.mode.value,
                "arbitrageur_first": self.clocks.arbitrageur_first,
                "wealth_units_per_quote_token": str(market.wealth_units_per_quote),
            },
            "providers": {one.name: self._provider_summary(one) for one in self.providers},
            "identities": {
                one.name: {identity.name: str(identity.residual) for identity in self.identities(one)}
                for one in self.providers
            },
        }

    def _markouts(self, provider: ProviderResult) -> dict[str, dict[str, float]]:
        """Return the markouts by kind of taker, at the usual horizons and at the end of the path, in quote tokens."""
        end = max(self.duration_ns, HORIZONS_NS[-1] + 1)  # as far as there is a price
        sums = markouts(self, provider, (*HORIZONS_NS, end))
        return {
            kind.value: {
                "end" if horizon == end else f"{horizon / 1e9:g}s": self.market.quote_float(value)
                for horizon, value in values.items()
            }
            for kind, values in sums.items()
        }

    def _provider_summary(self, provider: ProviderResult) -> dict[str, Any]:
        book, quote = provider.book, self.market.quote_float
        beyond = book.beyond_hodl()
        split = None if self.arbitrage is None else self.arbitrage[provider.name]
        return {
            "venue": "order book" if provider.quoted else "pool",
            "setting": provider.setting,
            "capital": quote(self.own_capital(provider)),
            "position": quote(book.hodl_value(book.start_ticks)),
            "profit_and_loss": quote(book.profit_and_loss()),
            "hodl": quote(book.drift()),
            "beyond_hodl": quote(beyond),
            "beyond_hodl_exact": str(beyond),
            "components": {name: quote(amount) for name, amount in book.components().items()},
            "impermanent_loss": None if provider.quoted else quote(book.impermanent_loss()),
            "edge": {kind.value: quote(book.sums.edge[kind]) for kind in FlowKind},
            **({} if split is None else {"arbitrage_edge": split.summary(quote)}),
            "volume": {kind.value: quote(book.sums.volume[kind]) for kind in FlowKind},
            "trades": {kind.value: book.sums.trades[kind] for kind in FlowKind},
            "metrics": metrics(self, provider),
            "markouts": self._markouts(provider),
            "others": {agent.value: quote(provider.world.wealth(agent)) for agent in Agent},
            "withdrawals": [
                {"time_ns": one.time_ns, "sides": [side.value for side in one.sides], "reason": one.reason.value}
                for one in provider.withdrawals
            ],
            "dust_exact": str(provider.world.wealth(Agent.DUST)),
        }


def latency_text(result: Comparison) -> str:
    """Return how fast everyone was, and whether that was equal, in words."""
    block, refresh = (f"{period / 1e9:g} s" for period in (result.clocks.block_ns, result.clocks.refresh_ns))
    mean = "" if result.clocks.seed is None else ", at random, on average"
    if result.equal_latency:
        return f"equal latency: arbitrageur and makers act every {block}{mean}"
    late = "".join(f", the {name} sees the price {lag / 1e9:g} s late" for name, lag in result.lags_ns.items())
    return f"unequal latency: arbitrageur every {block}, makers every {refresh}{mean}{late}"


def _flat(tree: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    flat: dict[str, Any] = {}
    for name, value in tree.items():
        if isinstance(value, dict):
            flat |= _flat(value, f"{prefix}{name}.")
        else:
            flat[prefix + name] = value
    return flat


def _execution(trade: Trade, share: Share) -> dict[str, Any]:
    row: dict[str, Any] = {
        "time_ns": trade.time_ns,
        "venue": trade.venue_name,
        "kind": trade.kind.value,
        "uid": trade.uid,
        "fair_ticks": trade.fair_ticks,
        "provider": share.name,
        "reference_ticks": share.reference_ticks,
        "gas": trade.gas,
    }
    columns = (("provider", share.change), ("fee", share.fee), ("taker", trade.taker), ("venue", trade.venue))
    for who, amounts in (*columns, ("dust", trade.dust)):
        row[f"{who}_base"], row[f"{who}_quote"] = amounts.base, amounts.quote
    return row
