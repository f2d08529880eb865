"""The tables of a scenario file, each key with its type, its range and its default."""

from typing import Annotated, Literal

from msgspec import Meta, Struct

Positive = Annotated[float, Meta(gt=0)]
NotNegative = Annotated[float, Meta(ge=0)]
Share = Annotated[float, Meta(ge=0, le=1)]
Bps = Annotated[float, Meta(ge=0, lt=10_000)]
Seed = Annotated[int, Meta(ge=0)]
Decimals = Annotated[int, Meta(ge=0, le=36)]


class Section(Struct, kw_only=True, frozen=True, forbid_unknown_fields=True):
    """A table of the scenario file."""


class Prices(Section, frozen=True):
    """Where the fair price comes from: a file, or a synthetic path."""

    file: str | None = None
    format: str = "auto"
    date: str | None = None
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


class Takers(Section, frozen=True):
    """The taker flow: Poisson arrivals, or what a file recorded; clustered, split or informed if asked."""

    file: str | None = None
    format: str = "auto"
    contract_size: Positive | None = None
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


class Pool(Section, frozen=True):
    """The pool and its passive liquidity provider."""

    contract: Literal["v3", "v2"] = "v3"
    fee: Literal[100, 500, 3_000, 10_000] = 500
    range: str | list[str] = "10%"
    recentre: bool = False
    recentre_gas: NotNegative = 0.0
    outside_cost_bps: NotNegative = 0.0
    base_is_token0: bool = True


class JustInTimeLiquidity(Section, frozen=True):
    """A just-in-time provider in the pool; the table's being there is what adds it."""

    gas: NotNegative = 0.0
    visibility: Share = 1.0
    capital_share: Positive = 10.0


class Maker(Section, frozen=True):
    """The order book and its market maker."""

    strategy: Literal[
        "avellaneda-stoikov-proportional",
        "avellaneda-stoikov",
        "avellaneda-stoikov-infinite",
        "glft",
        "glft-asymptotic",
        "fixed-spread",
    ] = "avellaneda-stoikov-proportional"
    half_spread_bps: Positive = 5.0
    risk_aversion: Positive | None = None
    volatility: NotNegative | None = None
    fill_decay: Positive | None = None
    arrival_rate: str | None = None
    max_inventory_value: Positive | None = None
    quote_value: Positive | None = None
    rebate_bps: Annotated[float, Meta(gt=-10_000, lt=10_000)] = 0.0
    taker_fee_bps: Bps = 0.0
    information_lag: str = "0s"


class Run(Section, frozen=True):
    """Capital, clocks and costs."""

    mode: Literal["parallel", "routed", "matched", "all"] = "parallel"
    capital: Positive = 1_000_000.0
    capital_rule: Literal["endowment", "equal-depth", "equal-curve"] = "endowment"
    depth_at_bps: Annotated[float, Meta(gt=0, lt=10_000)] = 200.0
    curve_step_bps: Annotated[float, Meta(ge=0.01, lt=10_000)] = 5.0
    curve_levels: Annotated[int, Meta(ge=1)] = 20
    leverage: Annotated[float, Meta(ge=1)] = 1.0
    block: str = "12s"
    refresh: str | None = None
    arbitrageur_first: bool = True
    clock_seed: Seed | None = None
    gas: NotNegative = 0.0
    split_arbitrage: bool = False
