"""What is known of liquidity in pools: impermanent loss, arbitrage, just-in-time liquidity, stale prices."""

from fractions import Fraction

from amm import UniswapV2Pair, UniswapV3Pool
from amm.arbitrage import find_pair_arbitrage
from amm.closed_form import concentrated, constant_product, fees_and_blocks, options
from amm.just_in_time import TargetSwap, account_bundle, plan_bundle
from amm.math.price import sqrt_price_x96_rounding_down
from amm.math.tick_math import MAX_TICK
from compare.reproduce.row import Progress, Published, Row, no_progress
from compare.staleness import passive_share, requoting_share, simulate_staleness
from orderbook.simulation import Estimate

_DAY_SECONDS = 86_400
_UNIT = 10**18
_LOOKS = 2_000  # of each simulated run of stale prices
_MOST_RUNS = 2_000


def impermanent_loss() -> list[Row]:
    """The textbook table of impermanent loss, capital efficiency, and one range's expected value."""
    losses = {"1.25": "-0.6192", "1.5": "-2.0204", "2": "-5.7191", "3": "-13.3975", "4": "-20", "5": "-25.4644"}
    rows = [
        Row(
            f"impermanent loss, price times {ratio}, %",
            "2 sqrt(r) / (1 + r) - 1",
            100 * constant_product.impermanent_loss(float(ratio)),
            Published(text),
        )
        for ratio, text in losses.items()
    ]
    rows += [
        Row(
            f"capital efficiency of one spacing of {spacing}",
            "the v3 whitepaper's curve",
            concentrated.centred_capital_efficiency(1.0, 1.0001**spacing),
            Published(text),
        )
        for spacing, text in ((1, "40002"), (10, "4000.7"), (60, "667.2"))
    ]
    expected = options.expected_position_value(1_000, 2_000, 1_500, 2_600, 0.8**2 * 30 / 365)
    held = concentrated.position_value(1_000, 2_000, 1_500, 2_600)
    source = "the lognormal mean of the position's value; also an option strip, and the integral of LVR"
    rows.append(
        Row("a range after thirty days at 80 %, quote tokens", source, expected - held, Published("-529.768411"))
    )
    return rows


def trade_probability() -> list[Row]:
    """How often a block finds something to arbitrage (Milionis, Moallemi and Roughgarden 2023), at 5 % a day."""
    table = {
        12: {5: "45.45", 30: "12.18", 100: "3.98"},
        2: {5: "25.38", 30: "5.36", 100: "1.66"},
        120: {5: "72.49", 30: "30.49", 100: "11.59"},
        600: {5: "85.49", 30: "49.51", 100: "22.67"},
    }
    rows = []
    for seconds, row in table.items():
        for fee_bps, text in row.items():
            half_spread = fees_and_blocks.log_half_spread(fee_bps / 10_000)
            chance = fees_and_blocks.trade_probability(0.05, _DAY_SECONDS / seconds, half_spread)
            what = f"{seconds} s between blocks, {fee_bps} bp, %"
            rows.append(Row(what, "1 / (1 + eta g), table 1", 100 * chance, Published(text)))
    return rows


def arbitrage() -> list[Row]:
    """The best trade against a constant product, and the integer pair's own best, beside one another."""
    rows = []
    for fair, (size, profit) in {2_100: ("4645.31", "107.571"), 1_900: ("2.451176", "113.815")}.items():
        exact = constant_product.arbitrage(100, 200_000, fair, 0.003)
        pair = UniswapV2Pair.from_reserves(100 * _UNIT, 200_000 * _UNIT)
        found = find_pair_arbitrage(pair, Fraction(fair))
        paid, earned = (0.0, 0.0) if found is None else (found.amount_in / _UNIT, float(found.profit) / _UNIT)
        source = "the best trade in closed form; beside it the integer pair's"
        # The integer pair rounds to one unit of 10^18: its answer may be that far off, and no further.
        rows.append(
            Row(f"fair price {fair}: amount in", source, exact.amount_in, Published(size), Estimate(paid, 1e-9))
        )
        rows.append(Row(f"fair price {fair}: profit", source, exact.profit, Published(profit), Estimate(earned, 1e-9)))
    return rows


def just_in_time() -> list[Row]:
    """A bundle of nine times the passive liquidity around one very large order, on the exact pool."""
    most = MAX_TICK // 60 * 60
    pool = UniswapV3Pool(3_000, 60)
    pool.initialize(sqrt_price_x96_rounding_down(2_000, 1))
    pool.mint("passive", -most, most, 1_000 * _UNIT)
    target = TargetSwap(False, 50_000 * _UNIT, sqrt_price_x96_rounding_down(10**9, 1))
    outcome = account_bundle(pool, plan_bundle(pool, target, 9_000 * _UNIT), Fraction(2_000))
    source = "L_J / L dy (1 - S (1 - fee) / sqrt(P0 P1)); here on the integer pool"
    numbers = (
        ("the bundle earns", outcome.profit, "4634.46"),
        ("passive providers lose by it", outcome.passive_dilution, "25911.75"),
        ("the taker saves", outcome.price_improvement, "21277.29"),
    )
    return [Row(what, source, float(value) / _UNIT, Published(text)) for what, value, text in numbers]


def stale_prices(paths: int, seed: int, progress: Progress = no_progress) -> list[Row]:
    """What a passive pool and a re-quoting maker lose of the loss-versus-rebalancing at eta g = 2."""
    half_spread, runs = 2**0.5, min(max(paths // 100, 2), _MOST_RUNS)
    found = simulate_staleness(half_spread, runs=runs, looks=_LOOKS, seed=seed)
    progress(1, 1)
    passive, maker = found.passive, found.requoting
    return [
        Row(
            "a passive pool's share",
            "1 / (1 + eta g)",
            passive_share(half_spread),
            Published("0.3333"),
            Estimate(passive.mean, passive.error),
        ),
        Row(
            "a re-quoting maker's share",
            "exp(-eta g)",
            requoting_share(half_spread),
            Published("0.1353"),
            Estimate(maker.mean, maker.error),
        ),
    ]
