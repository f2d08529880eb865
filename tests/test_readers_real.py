"""The real histories as paths and tapes: facts of each file, against a plain reading of it."""

import csv
from decimal import Decimal, localcontext
from fractions import Fraction
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from compare.durations import instant_ns
from compare.errors import InputError
from compare.paths import PricePath
from compare.tape import TakerTape

MINUTE = 60 * 10**9
DAY = 86_400 * 10**9


def test_the_crash_of_2025_10_10_by_the_minute(shared_data: Path) -> None:
    """67 closes, each a minute after its bar opened, digit for digit in ticks of a tenth of a dollar."""
    file = shared_data / "bars" / "btcusdt_1m_2025-10-10_crash.csv"
    path = PricePath.from_csv(file)
    with file.open(encoding="utf-8") as stream:
        rows = list(csv.DictReader(stream))
    assert path.time_ns.tolist() == [int(row["open_time_ms"]) * 10**6 + MINUTE for row in rows]
    assert [int(ticks) * path.tick_size for ticks in path.ticks] == [Fraction(row["close"]) for row in rows]
    assert (len(path), path.tick_size, path.max_relative_error) == (67, Fraction(1, 10), 0.0)
    assert path.start_ns == instant_ns("2025-10-10T20:54:00Z")
    assert path.prices.min() == 103_441.3
    assert path.time_ns[path.ticks.argmin()] == instant_ns("2025-10-10T21:20:00Z")
    assert "close of bars of 60 s" in path.description


def test_five_years_of_daily_ether(shared_data: Path) -> None:
    """2,001 daily closes of a wide table, none of them missing, from 264.56 to a high of 4,810.97."""
    path = PricePath.from_parquet(shared_data / "bars" / "coins_usd_1d.parquet", price_column="ETH/USD")
    assert (len(path), path.max_relative_error) == (2_001, 0.0)
    assert path.start_ns == instant_ns("2017-08-07")
    assert set(np.diff(path.time_ns).tolist()) == {DAY}
    assert (path.prices[0], path.prices[-1], path.prices.min(), path.prices.max()) == (
        264.56,
        1_597.86,
        84.12,
        4_810.97,
    )


def test_zeros_of_a_coin_that_was_not_traded_yet(shared_data: Path) -> None:
    """TRX has no price for its first 28 days: refused with the first row, or left out when asked."""
    file = shared_data / "bars" / "coins_usd_1d.parquet"
    with pytest.raises(InputError, match=r"row 1, column 'TRX/USD': the price is 0; .* missing=drop"):
        PricePath.from_parquet(file, price_column="TRX/USD")
    path = PricePath.from_parquet(file, price_column="TRX/USD", missing="drop")
    assert len(path) == 2_001 - 28
    assert path.start_ns == instant_ns("2017-09-04")
    assert "28 rows without a price left out" in path.description


def test_a_wide_table_asks_for_its_column(shared_data: Path) -> None:
    """Without a column the refusal lists those there are."""
    with pytest.raises(InputError, match=r"name one with price_column; its columns are .*ETH/USD"):
        PricePath.from_parquet(shared_data / "bars" / "coins_usd_1d.parquet")


def test_binance_trades_by_the_second(shared_data: Path) -> None:
    """14,515 spot trades as 649 whole seconds, each with the last trade at or before it, to the cent."""
    file = shared_data / "binance_l2_2024-08-08" / "spot_ethusdt_20240808_09.parquet"
    path = PricePath.from_parquet(file, step="1s")
    assert (len(path), path.tick_size, path.max_relative_error) == (649, Fraction(1, 100), 0.0)
    assert path.start_ns == instant_ns("2024-08-08T23:54:15Z")
    assert path.end_ns == instant_ns("2024-08-09T00:05:03Z")
    trades = pd.read_parquet(file).query("type == 'T'")
    for time, price in zip(path.time_ns[::20].tolist(), path.prices[::20].tolist(), strict=True):
        assert price == trades.loc[trades.local_ts_ns <= time, "price"].iloc[-1]
    assert len(PricePath.from_parquet(file)) == trades.local_ts_ns.nunique() == 14_515
    assert len(PricePath.from_parquet(file, time_column="exch_ts_ns")) == trades.exch_ts_ns.nunique()


def test_binance_trades_as_a_tape(shared_data: Path) -> None:
    """Every trade is an order with its taker's side and, in lots of 0.0001 ether, its exact size."""
    file = shared_data / "binance_l2_2024-08-08" / "spot_ethusdt_20240808_09.parquet"
    tape = TakerTape.from_trades(file, tolerance_bps=10, lot_size="0.0001")
    trades = pd.read_parquet(file).query("type == 'T'")
    assert len(tape) == 14_515
    assert int((tape.side == 1).sum()) == 7_592
    assert int((tape.side == -1).sum()) == 6_923
    assert tape.lots.tolist() == [int(Fraction(str(qty)) * 10_000) for qty in trades.qty]
    assert (tape.time_ns == trades.local_ts_ns.to_numpy()).all()
    assert set(tape.tolerance_pips.tolist()) == {1_000}


def test_two_years_of_a_pool(shared_data: Path) -> None:
    """161,984 swaps in 140,473 blocks: the last tick of each block, twelve seconds a block, the caveat said."""
    file = shared_data / "uniswap_v3_wbtc_weth_3000_2021_2023" / "swaps.parquet"
    path = PricePath.from_parquet(file, decimals=(8, 18))
    swaps = pd.read_parquet(file)
    last = swaps.groupby("block").tick.last()
    assert (len(swaps), len(path)) == (161_984, 140_473)
    assert (path.time_ns == last.index.to_numpy(np.int64) * 12 * 10**9).all()
    with localcontext() as context:
        context.prec = 40
        for tick, ticks in zip(last.iloc[::5_000], path.ticks[::5_000].tolist(), strict=True):
            exact = Decimal("1.0001") ** int(tick) * Decimal(10) ** (8 - 18)
            assert ticks == round(Fraction(exact) / path.tick_size)
    assert path.max_relative_error < 1e-5
    assert 11 < path.prices.min() < path.prices.max() < 21
    assert 1.7 < path.duration_ns / (365 * DAY) < 1.8
    assert "spans are approximate, dates are not real" in path.description
    assert "the pool's own price" in path.description


def test_a_day_of_a_pool_with_real_times(shared_data: Path) -> None:
    """Swaps of USDC/WETH 0.3 % with block times: dollars per ether, the last swap of each block, mints left out."""
    file = shared_data / "uniswap_v3_usdc_weth_3000_2024-01-05" / "usdc_weth_3000_events.parquet"
    path = PricePath.from_parquet(file, decimals=(6, 18), base_token=1)
    events = pd.read_parquet(file).query("ev == 'Swap'")
    assert len(path) == events.ts.nunique()
    assert path.start_ns == instant_ns("2024-01-05T00:33:23Z")
    np.testing.assert_allclose(path.prices[0], 1e12 / 1.0001**199_032, rtol=1e-5)
    assert "block" not in path.description


def test_minutes_of_a_pool(shared_data: Path) -> None:
    """Polygon's minute rows: text of epoch-free times and closing ticks, known at the end of each minute."""
    file = shared_data / "uniswap_v3_polygon_usdc_weth_minute" / "minute.parquet"
    path = PricePath.from_parquet(file, decimals=(6, 18), base_token=1)
    assert len(path) == 12_958
    assert path.start_ns == instant_ns("2023-08-13T00:01:00Z")
    np.testing.assert_allclose(path.prices[0], 1e12 / 1.0001**201_101, rtol=1e-5)


def test_every_hourly_pair(shared_data: Path) -> None:
    """All twelve pairs read, those with gaps as soon as gaps may be dropped, each with no error at all."""
    file = shared_data / "bars" / "pairs_1h_2022-12-16_2023-03-09.parquet"
    frame = pd.read_parquet(file)
    for column in frame.columns:
        path = PricePath.from_parquet(file, price_column=column, missing="drop")
        assert len(path) == np.count_nonzero(frame[column])
        assert path.max_relative_error < 1e-6
