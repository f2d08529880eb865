"""A comparison described in a TOML file or on the command line: every key is checked before anything runs."""

import tomllib
from collections.abc import Callable
from fractions import Fraction
from pathlib import Path
from typing import Any, Self

import msgspec

from compare.capital import CapitalRule, EqualCurve, EqualDepth, EqualEndowment
from compare.clocks import Clocks
from compare.durations import NS_PER_DAY, duration_ns
from compare.errors import InputError
from compare.just_in_time_provider import JustInTime
from compare.liquidity_provider import LiquidityProvider
from compare.market import Market
from compare.market_maker import MarketMaker
from compare.modes import ModeComparison, replay_modes
from compare.pair_venue import PairLiquidityProvider
from compare.paths import PricePath
from compare.price_range import require_pool_prices
from compare.result import Comparison
from compare.run import ReplayOptions, replay
from compare.sections import JustInTimeLiquidity, Maker, Pool, Prices, Run, Section, Takers
from compare.shadow import replay_with_shadow
from compare.strategies import Surroundings, build_strategy
from compare.summary import Summary, summarise
from compare.tape import TakerTape
from compare.tape_changes import cluster, inform, split_orders
from compare.world import Mode, Provider
from orderbook import FeeSchedule, QuotingStrategy

_PIPS_PER_BPS = 100
_ORDERS_PER_HOUR = 60  # the default flow,
_ORDERS_AT_MOST = 20_000  # thinned on a long path to about this many orders in all
_SAMPLES = 600
ORDER_SHARE = 500  # a taker's mean order is this fraction of the capital by default,


class Scenario(Section, frozen=True):
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
            format=prices.format,
            date=prices.date,
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
                format=takers.format,
                tolerance_bps=takers.tolerance_bps,
                lot_size=market.lot_size,
                amount_column=takers.amount_column,
                base_decimals=takers.base_decimals,
                block_time=self.prices.block_time,
            )
        else:
            tape = TakerTape.from_trades(
                file,
                format=takers.format,
                date=self.prices.date,
                contract_size=takers.contract_size,
                tolerance_bps=takers.tolerance_bps,
                lot_size=market.lot_size,
            )
        return tape.between(path.start_ns, path.end_ns + 1)

    def _poisson(self, path: PricePath, market: Market) -> TakerTape:
        takers, first = self.takers, float(path.prices[0])
        value = takers.mean_value if takers.mean_value is not None else self.run.capital / ORDER_SHARE
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

        Raises:
            InputError: A quote is less than one lot, or a parameter makes no sense.
        """
        takers = self.takers
        rate = takers.rate if takers.rate is not None else _default_rate(path)
        position = self.run.capital * self.run.leverage
        around = Surroundings(path, market, position, takers.mean_tolerance_bps, rate)
        return build_strategy(self.maker, around)

    def run_all(self, progress: Callable[[int, int], None] | None = None, *, samples: int = _SAMPLES) -> Comparison:
        """Draw the path and the tape, and replay them through both venues.

        Args:
            progress: Called with (events done, events in all).
            samples: About how many points of the profit-and-loss paths to keep; two where only the end counts.

        Raises:
            InputError: The scenario makes no sense; the message names the file or the key. Or it asks for every mode,
                which is `run_modes`.
        """
        mode = self._one_mode()
        path, tape, providers, options = self._experiment(progress, samples)
        options["mode"] = mode
        run = replay_with_shadow if self.run.split_arbitrage else replay
        return run(path, tape, providers, capital=self._capital(), **options)

    def summarise(self, *, compiled: bool | None = None) -> Summary:
        """Draw the path and the tape, and keep only what stands at the end; compiled where that can be.

        Args:
            compiled: Whether to run compiled; None does where it can be (see `compare.summary.summarise`).

        Raises:
            InputError: As `run_all`.
            NotCompiledError: The compiled engine was asked for, and cannot do this; the message says what.
        """
        mode = self._one_mode()
        path, tape, providers, options = self._experiment(None, 2)
        options["mode"] = mode
        return summarise(path, tape, providers, capital=self._capital(), compiled=compiled, **options)

    def run_modes(
        self, progress: Callable[[int, int], None] | None = None, *, samples: int = _SAMPLES
    ) -> ModeComparison:
        """Do the same in every mode, on one path and one tape.

        Raises:
            InputError: As `run_all`; the scenario names one mode.
        """
        if self.run.mode not in {"all", Run().mode}:
            remedy = "leave it out, or set it to all"
            raise InputError(f"{self.run.mode} is one mode", place="run.mode", remedy=remedy)
        path, tape, providers, options = self._experiment(progress, samples)
        split = self.run.split_arbitrage
        return replay_modes(path, tape, providers, capital=self._capital(), split_arbitrage=split, **options)

    def in_mode(self, mode: Mode) -> Self:
        """Return the same scenario in one mode."""
        return msgspec.structs.replace(self, run=msgspec.structs.replace(self.run, mode=mode.value))

    def _one_mode(self) -> str:
        """Return the mode, unless it is all of them."""
        if self.run.mode == "all":
            remedy = "name one: parallel, routed or matched"
            raise InputError("all modes are three runs", place="run.mode", remedy=remedy)
        return self.run.mode

    def _capital(self) -> Fraction:
        return Fraction(str(self.run.capital))

    def _experiment(
        self, progress: Callable[[int, int], None] | None, samples: int
    ) -> tuple[PricePath, TakerTape, list[Provider], ReplayOptions]:
        """Return the path, the tape, who takes part, and how to replay, but for the mode."""
        path = self.price_path()
        market = self.market(path)
        tape = self.tape(path, market)
        fees = FeeSchedule(
            maker_rebate_pips=round(self.maker.rebate_bps * _PIPS_PER_BPS),
            taker_fee_pips=round(self.maker.taker_fee_bps * _PIPS_PER_BPS),
        )
        lag = duration_ns(self.maker.information_lag, key="maker.information_lag", may_be_zero=True)
        maker = MarketMaker(self.strategy(path, market), fees, information_lag_ns=lag)
        options = ReplayOptions(
            market=market,
            clocks=self.clocks(),
            gas=Fraction(str(self.run.gas)),
            rule=self.capital_rule(),
            leverage=Fraction(str(self.run.leverage)),
            samples=samples,
            progress=progress,
        )
        return path, tape, [*self._liquidity(), maker], options

    def capital_rule(self) -> CapitalRule:
        """Return what is equal between the two sides.

        Raises:
            InputError: The rule gives the maker its strategy, and another one is named.
        """
        run = self.run
        if run.capital_rule == "endowment":
            return EqualEndowment()
        if run.capital_rule == "equal-depth":
            return EqualDepth(run.depth_at_bps)
        if self.maker.strategy != Maker().strategy:
            problem = f"{self.maker.strategy} is not the pool's curve"
            remedy = "leave the strategy out: with run.capital_rule = equal-curve the maker quotes the pool's curve"
            raise InputError(problem, place="maker.strategy", remedy=remedy)
        return EqualCurve(run.curve_step_bps, run.curve_levels)

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
        """Return the clocks; the maker's is the block time unless it is given, and with a seed both are Poisson."""
        block = duration_ns(self.run.block, key="run.block")
        refresh = block if self.run.refresh is None else duration_ns(self.run.refresh, key="run.refresh")
        return Clocks(block, refresh, self.run.arbitrageur_first, self.run.clock_seed)


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
