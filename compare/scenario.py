"""A comparison described in a TOML file or on the command line: every key is checked before anything runs."""

import tomllib
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Annotated, Any, Literal, Self

import msgspec
from msgspec import Meta, Struct

from compare.clocks import Clocks
from compare.durations import NS_PER_DAY, duration_ns
from compare.errors import InputError
from compare.just_in_time_provider import JustInTime
from compare.liquidity_provider import LiquidityProvider
from compare.market import Market
from compare.market_maker import MarketMaker
from compare.pair_venue import PairLiquidityProvider
from compare.paths import PricePath
from compare.price_range import require_pool_prices
from compare.result import Comparison
from compare.run import replay
from compare.tape import TakerTape
from compare.tape_changes import cluster, inform, split_orders
from compare.world import Provider
from orderbook import (
    AvellanedaStoikov,
    AvellanedaStoikovInfiniteHorizon,
    FeeSchedule,
    ProportionalAvellanedaStoikov,
    ProportionalSpread,
    QuotingStrategy,
)
from orderbook.quoting.avellaneda_stoikov import volatility_from_annual

Positive = Annotated[float, Meta(gt=0)]
NotNegative = Annotated[float, Meta(ge=0)]
Share = Annotated[float, Meta(ge=0, le=1)]
Bps = Annotated[float, Meta(ge=0, lt=10_000)]
Seed = Annotated[int, Meta(ge=0)]
Decimals = Annotated[int, Meta(ge=0, le=36)]

_PIPS_PER_BPS = 100
_ORDERS_PER_HOUR = 60  # the default flow,
_ORDERS_AT_MOST = 20_000  # thinned on a long path to about this many orders in all
_ORDER_SHARE = 500  # a taker's mean order is this fraction of the capital by default,
_QUOTE_SHARE = 200  # and a maker's quote this one


class _Section(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A table of the scenario file."""


class Prices(_Section, frozen=True):
    """Where the fair price comes from: a file, or a synthetic path."""

    file: str | None = None
    column: str | None = None
    time_column: str | None = None
    symbol: str | None = None
    time_unit: Literal["s", "ms", "us", "ns"] | None = None
    bar: str | None = None
    missing: Literal["refuse", "drop"] = "refuse"
    pool_decimals: tuple[Decimals, Decimals] | None = None
    base_token: Literal[0, 1] = 0
    block_time: str = "12s"
    start: str | None = None
    end: str | None = None
    resample: str | None = None
    synthetic: Literal["gbm", "ornstein-uhlenbeck", "jump", "trend", "constant"] = "gbm"
    price: Positive = 2_000.0
    volatility: NotNegative = 0.6
    drift: float = 0.0
    days: Positive = 7.0
    step: str = "12s"
    seed: Seed = 7
    half_life: str = "1d"
    end_price: Positive | None = None
    jump_rate: str = "1/d"
    jump_volatility: NotNegative = 0.03
    base_decimals: Decimals = 18
    quote_decimals: Decimals = 6


class Takers(_Section, frozen=True):
    """The taker flow: Poisson arrivals, or what a file recorded; clustered, split or informed if asked."""

    file: str | None = None
    layout: Literal["trades", "swaps", "tape"] = "trades"
    amount_column: str | None = None
    base_decimals: Decimals | None = None
    tolerance_bps: NotNegative = 100.0
    branching: Annotated[float, Meta(ge=0, lt=1)] = 0.0
    memory: str = "1m"
    children: Annotated[int, Meta(ge=1)] = 1
    child_gap: str = "12s"
    informed_share: Share = 0.0
    informed_horizon: str = "5m"
    informed_accuracy: Share = 1.0
    rate: str | None = None
    mean_value: Positive | None = None
    mean_tolerance_bps: Positive = 10.0
    buy_probability: Share = 0.5
    seed: Seed = 8


class Pool(_Section, frozen=True):
    """The pool and its passive liquidity provider."""

    contract: Literal["v3", "v2"] = "v3"
    fee: Literal[100, 500, 3_000, 10_000] = 500
    range: str | list[str] = "10%"
    recentre: bool = False
    recentre_gas: NotNegative = 0.0
    outside_cost_bps: NotNegative = 0.0
    base_is_token0: bool = True


class JustInTimeLiquidity(_Section, frozen=True):
    """A just-in-time provider in the pool; the table's being there is what adds it."""

    gas: NotNegative = 0.0
    visibility: Share = 1.0
    capital_share: Positive = 10.0


class Maker(_Section, frozen=True):
    """The order book and its market maker."""

    strategy: Literal[
        "avellaneda-stoikov-proportional", "avellaneda-stoikov", "avellaneda-stoikov-infinite", "fixed-spread"
    ] = "avellaneda-stoikov-proportional"
    half_spread_bps: Positive = 5.0
    risk_aversion: Positive | None = None
    volatility: NotNegative | None = None
    fill_decay: Positive | None = None
    max_inventory_value: Positive | None = None
    quote_value: Positive | None = None
    rebate_bps: Annotated[float, Meta(gt=-10_000, lt=10_000)] = 0.0
    taker_fee_bps: Bps = 0.0


class Run(_Section, frozen=True):
    """Capital, clocks and costs."""

    mode: Literal["parallel", "routed", "matched"] = "parallel"
    capital: Positive = 1_000_000.0
    block: str = "12s"
    refresh: str | None = None
    arbitrageur_first: bool = True
    gas: NotNegative = 0.0


class Scenario(_Section, frozen=True):
    """A whole comparison; every table and every key may be left out.

    >>> Scenario.from_mapping({"pool": {"fee": 3000}}).pool.fee
    3000
    """

    prices: Prices = Prices()
    takers: Takers = Takers()
    pool: Pool = Pool()
    maker: Maker = Maker()
    run: Run = Run()
    just_in_time: JustInTimeLiquidity | None = None

    @classmethod
    def from_mapping(cls, mapping: dict[str, Any], source: str = "") -> Self:
        """Return the scenario that tables describe.

        Args:
            mapping: Tables by name, each a mapping of keys to values.
            source: The file to name in an error.

        Raises:
            InputError: An unknown table or key, a value of the wrong type or out of range; the message names the key.
        """
        try:
            return msgspec.convert(mapping, cls, strict=True)
        except msgspec.ValidationError as error:
            problem, _, where = str(error).partition(" - at `$")
            key = where.strip("`.")
            raise InputError(problem, source=source, place=key, remedy=_remedy(problem, key)) from None

    @classmethod
    def read(cls, file: Path, overrides: dict[str, dict[str, Any]] | None = None) -> Self:
        """Return the scenario of a TOML file, with single keys overridden.

        Raises:
            InputError: The file is missing, is not TOML, or says what makes no sense.
        """
        return cls.from_mapping(merge(read_toml(file), overrides or {}), str(file))

    def price_path(self) -> PricePath:
        """Return the fair price.

        Raises:
            InputError: The file cannot be used, or the synthetic path cannot be drawn.
        """
        prices = self.prices
        if prices.file is None:
            return _SYNTHETIC[prices.synthetic](prices)
        path = PricePath.from_file(
            prices.file,
            step=prices.resample,
            price_column=prices.column,
            time_column=prices.time_column,
            symbol=prices.symbol,
            time_unit=prices.time_unit,
            bar=prices.bar,
            missing=prices.missing,
            decimals=prices.pool_decimals,
            base_token=prices.base_token if prices.pool_decimals is not None else None,
            block_time=prices.block_time if prices.pool_decimals is not None else None,
        )
        return path.between(prices.start, prices.end) if prices.start or prices.end else path

    def market(self, path: PricePath) -> Market:
        """Return the units that suit a path.

        Raises:
            InputError: A pool cannot hold its prices.
        """
        market = Market.from_tick_size(
            path.tick_size,
            int(path.ticks[0]) * path.tick_size,
            base_decimals=self.prices.base_decimals,
            quote_decimals=self.prices.quote_decimals,
            base_is_token0=self.pool.base_is_token0,
        )
        require_pool_prices(market, path)
        return market

    def tape(self, path: PricePath, market: Market) -> TakerTape:
        """Return the taker flow on a path, drawn or read before any venue runs.

        Raises:
            InputError: The flow cannot be drawn, or its file cannot be used.
        """
        takers = self.takers
        tape = self._poisson(path, market) if takers.file is None else self._recorded(path, market)
        if takers.branching:
            tape = cluster(tape, path, branching=takers.branching, memory=takers.memory, seed=takers.seed)
        if takers.children > 1:
            tape = split_orders(tape, takers.children, takers.child_gap).between(None, path.end_ns + 1)
        if takers.informed_share:
            tape = inform(
                tape,
                path,
                share=takers.informed_share,
                horizon=takers.informed_horizon,
                accuracy=takers.informed_accuracy,
                seed=takers.seed,
            )
        return tape

    def _recorded(self, path: PricePath, market: Market) -> TakerTape:
        """Return the flow a file recorded, as far as the path reaches."""
        takers, file = self.takers, self.takers.file or ""
        if takers.layout == "tape":
            tape = TakerTape.from_parquet(file)
        elif takers.layout == "swaps":
            tape = TakerTape.from_swaps(
                file,
                tolerance_bps=takers.tolerance_bps,
                lot_size=market.lot_size,
                amount_column=takers.amount_column,
                base_decimals=takers.base_decimals,
                block_time=self.prices.block_time,
            )
        else:
            tape = TakerTape.from_trades(file, tolerance_bps=takers.tolerance_bps, lot_size=market.lot_size)
        return tape.between(path.start_ns, path.end_ns + 1)

    def _poisson(self, path: PricePath, market: Market) -> TakerTape:
        takers, first = self.takers, float(path.prices[0])
        value = takers.mean_value if takers.mean_value is not None else self.run.capital / _ORDER_SHARE
        return TakerTape.poisson(
            path,
            rate=takers.rate if takers.rate is not None else _default_rate(path),
            mean_size=value / first,
            lot_size=market.lot_size,
            mean_tolerance_bps=takers.mean_tolerance_bps,
            buy_probability=takers.buy_probability,
            seed=takers.seed,
        )

    def strategy(self, path: PricePath, market: Market) -> QuotingStrategy:
        """Return the maker's strategy, its parameters turned from money and base points into ticks and lots.

        What is not given is taken from the run: the volatility is the path's own, the fill decay is the one with which
        the takers' tolerance falls off, and one quote is one two-hundredth of the capital.
        """
        maker, first = self.maker, float(path.prices[0])
        lots = self._lots(maker.quote_value, _QUOTE_SHARE, first, market, "maker.quote_value")
        if maker.strategy == "fixed-spread":
            return ProportionalSpread(half_spread_pips=_pips(maker.half_spread_bps, "maker.half_spread_bps"), size=lots)
        decay = maker.fill_decay or 1e4 / (self.takers.mean_tolerance_bps * first)
        # Without one, a risk aversion at which a whole capital's inventory is worth one fill distance of skew a day.
        aversion = maker.risk_aversion or self._default_risk_aversion(path, first, decay)
        if maker.strategy == "avellaneda-stoikov-infinite":
            most = self._lots(maker.max_inventory_value, 4, first, market, "maker.max_inventory_value")
            tick, lot = float(market.tick_size), float(market.lot_size)
            return AvellanedaStoikovInfiniteHorizon(
                risk_aversion=aversion * tick * lot, fill_decay=decay * tick, max_inventory=max(most, lots), size=lots
            )
        paper = AvellanedaStoikov.in_currency(
            market.instrument,
            risk_aversion=aversion,
            volatility=volatility_from_annual(first, self._volatility(path)),
            fill_decay=decay,
            horizon_ns=path.end_ns,
            size=lots,
        )
        return paper if maker.strategy == "avellaneda-stoikov" else _proportional(paper, int(path.ticks[0]))

    def _volatility(self, path: PricePath) -> float:
        return self.maker.volatility if self.maker.volatility is not None else path.realised_volatility()

    def _default_risk_aversion(self, path: PricePath, first: float, decay: float) -> float:
        """Return the risk aversion that skews by one fill distance (1 / decay) for a quarter of the capital held.

        The skew is inventory * risk aversion * variance left; half of the path is left on average.
        """
        deviation = volatility_from_annual(first, self._volatility(path))
        variance = deviation**2 * path.duration_ns / 2e9
        inventory = self.run.capital / 4 / first
        return 1 / (decay * inventory * variance) if variance else decay / inventory

    def _lots(self, value: float | None, share: int, first: float, market: Market, key: str) -> int:
        worth = value if value is not None else self.run.capital / share
        lots = int(worth / first / float(market.lot_size))
        if lots < 1:
            least = float(market.lot_size) * first
            raise InputError(f"{worth:g} is less than one lot", place=key, remedy=f"one lot is worth {least:g}")
        return lots

    def run_all(self, progress: Callable[[int, int], None] | None = None) -> Comparison:
        """Draw the path and the tape, and replay them through both venues.

        Raises:
            InputError: The scenario makes no sense; the message names the file or the key.
        """
        path = self.price_path()
        market = self.market(path)
        tape = self.tape(path, market)
        fees = FeeSchedule(
            maker_rebate_pips=round(self.maker.rebate_bps * _PIPS_PER_BPS),
            taker_fee_pips=round(self.maker.taker_fee_bps * _PIPS_PER_BPS),
        )
        providers: list[Provider] = [*self._liquidity(), MarketMaker(self.strategy(path, market), fees)]
        return replay(
            path,
            tape,
            providers,
            mode=self.run.mode,
            market=market,
            capital=Fraction(str(self.run.capital)),
            clocks=self.clocks(),
            gas=Fraction(str(self.run.gas)),
            progress=progress,
        )

    def _liquidity(self) -> list[Provider]:
        """Return who provides to the pool."""
        pool = self.pool
        if pool.contract == "v2":
            if self.just_in_time is not None:
                remedy = 'use contract = "v3", or leave the table just_in_time out'
                raise InputError("a v2 pair has no just-in-time liquidity", place="pool.contract", remedy=remedy)
            return [PairLiquidityProvider("liquidity provider")]
        passive = LiquidityProvider(
            tuple(pool.range) if isinstance(pool.range, list) else pool.range,
            pool.fee,
            recentre=pool.recentre,
            outside_cost_bps=pool.outside_cost_bps,
            gas=pool.recentre_gas,
        )
        if self.just_in_time is None:
            return [passive]
        extra = self.just_in_time
        return [passive, JustInTime(extra.gas, extra.visibility, extra.capital_share)]

    def with_seed(self, seed: int) -> Self:
        """Return the same scenario with another seed: of the synthetic path, and with the next number of the takers."""
        prices = msgspec.structs.replace(self.prices, seed=seed)
        return msgspec.structs.replace(self, prices=prices, takers=msgspec.structs.replace(self.takers, seed=seed + 1))

    def clocks(self) -> Clocks:
        """Return the clocks; the maker's is the block time unless it is given."""
        block = duration_ns(self.run.block, key="run.block")
        refresh = block if self.run.refresh is None else duration_ns(self.run.refresh, key="run.refresh")
        return Clocks(block, refresh, self.run.arbitrageur_first)


def read_toml(file: Path) -> dict[str, Any]:
    """Return the tables of a TOML file.

    Raises:
        InputError: The file is missing or is not TOML.
    """
    try:
        return tomllib.loads(file.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", source=str(file), remedy="name a TOML file") from None
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise InputError(
            f"is not TOML ({error})", source=str(file), remedy="write tables such as [pool] and keys such as fee = 500"
        ) from None


def merge(tables: dict[str, Any], overrides: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """Return tables with single keys overridden."""
    merged = {name: dict(table) if isinstance(table, dict) else table for name, table in tables.items()}
    for name, table in overrides.items():
        if isinstance(merged.setdefault(name, {}), dict):
            merged[name] |= table
    return merged


def _pips(bps: float, key: str) -> int:
    pips = round(bps * _PIPS_PER_BPS)
    if pips < 1:
        raise InputError(f"{bps} base points is less than one pip", place=key, remedy="0.01 base points is the least")
    return pips


def _proportional(strategy: AvellanedaStoikov, fair_ticks: int) -> ProportionalAvellanedaStoikov:
    """Return the strategy whose parameters are these at one fair price, and scale with it."""
    return ProportionalAvellanedaStoikov(
        risk_aversion=strategy.risk_aversion,
        relative_volatility=strategy.volatility / fair_ticks,
        relative_fill_decay=strategy.fill_decay * fair_ticks,
        horizon_ns=strategy.horizon_ns,
        size=strategy.size,
    )


def _default_rate(path: PricePath) -> str:
    hours = path.duration_ns / NS_PER_DAY * 24
    return f"{min(_ORDERS_PER_HOUR, _ORDERS_AT_MOST / hours if hours else _ORDERS_PER_HOUR):.6f}/h"


def _remedy(problem: str, key: str) -> str:
    """Return what would be right: the keys there are, or the range that the problem itself names."""
    if "unknown field" not in problem:
        return ""
    sections = {field.name: field.type for field in msgspec.structs.fields(Scenario)}
    section = sections.get(key)
    names = sections if section is None else [field.name for field in msgspec.structs.fields(section)]
    return f"the {'tables' if section is None else 'keys'} are {', '.join(names)}"


_SYNTHETIC: dict[str, Callable[[Prices], PricePath]] = {
    "gbm": lambda p: PricePath.gbm(
        price=p.price, volatility=p.volatility, drift=p.drift, days=p.days, step=p.step, seed=p.seed
    ),
    "ornstein-uhlenbeck": lambda p: PricePath.ornstein_uhlenbeck(
        price=p.price,
        volatility=p.volatility,
        half_life=p.half_life,
        mean=p.end_price,
        days=p.days,
        step=p.step,
        seed=p.seed,
    ),
    "jump": lambda p: PricePath.jump(
        price=p.price,
        volatility=p.volatility,
        drift=p.drift,
        jump_rate=p.jump_rate,
        jump_volatility=p.jump_volatility,
        days=p.days,
        step=p.step,
        seed=p.seed,
    ),
    "trend": lambda p: PricePath.trend(
        price=p.price,
        end_price=p.end_price if p.end_price is not None else p.price * 1.2,
        volatility=p.volatility,
        days=p.days,
        step=p.step,
        seed=p.seed,
    ),
    "constant": lambda p: PricePath.constant(price=p.price, days=p.days, step=p.step),
}
