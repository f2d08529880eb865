"""Recordings of books and exports of pools as prices and takers, by name in a scenario too."""

import json
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest
from layout_samples import NOON, SECOND, TRADES, S, points, write

from compare.durations import instant_ns
from compare.errors import InputError
from compare.formats import read_prices, read_swaps, read_trades
from compare.scenario import Scenario


def test_hftbacktest_trades(tmp_path: Path) -> None:
    """An event array, plain and in an archive: trades with the venue's flag, by its clock, with the taker's side."""
    kinds = [("ev", "<u8"), ("exch_ts", "<i8"), ("local_ts", "<i8"), ("px", "<f8"), ("qty", "<f8"), ("order_id", "<u8")]
    kinds += [("ival", "<i8"), ("fval", "<f8")]
    both, venue, local = 0b11 << 30, 1 << 31, 1 << 30
    rows = [
        (both | 1 << 29 | 1, NOON - 5, NOON, 1.0, 9.0, 0, 0, 0.0),
        (venue | 1 << 28 | 2, NOON, NOON + 9, 2.0, 3.0, 0, 0, 0.0),
        (local | 1 << 28 | 2, NOON, NOON + 9, 2.0, 3.0, 0, 0, 0.0),
        (both | 1 << 29 | 2, NOON + SECOND, NOON + SECOND + 9, 2.5, 4.0, 0, 0, 0.0),
    ]
    array = np.array(rows, dtype=kinds)
    np.save(tmp_path / "a.npy", array)
    np.savez_compressed(tmp_path / "b.npz", data=array)
    for source in (tmp_path / "a.npy", tmp_path / "b.npz", array):
        trades = read_trades(source)
        assert (trades.format, trades.side.tolist(), trades.size.tolist()) == ("hftbacktest", [-1, 1], [3, 4])
        assert points(trades.time_ns, trades.price) == TRADES
        assert points(read_prices(source).time_ns, read_prices(source).price) == TRADES
    with pytest.raises(InputError, match="there is no trade; rows of kind 2"):
        read_prices(array[:1])
    array["ev"][1] = venue | 2
    with pytest.raises(InputError, match="row 2, column 'ev': the trade has no side"):
        read_prices(array)


LOBSTER = "34200.000000001,1,7,18,5853300,1\n34200.017459617,4,7,5,5853300,-1\n34201.5,5,0,2,5853250,1\n"


def test_lobster_executions(tmp_path: Path) -> None:
    """Executions, visible and hidden, by New York's clock on the day in the name; the taker is not the order's side."""
    file = write(tmp_path, LOBSTER, "AMZN_2012-06-21_34200000_57600000_message_10.csv")
    trades = read_trades(file)
    opening = instant_ns("2012-06-21T13:30:00Z")
    assert (trades.format, trades.side.tolist(), trades.size.tolist()) == ("lobster", [1, -1], [5, 2])
    assert (trades.time_ns - opening).tolist() == [17_459_617, 1_500_000_000]
    assert trades.price.tolist() == [585.33, 585.325]
    nameless = write(tmp_path, LOBSTER, "messages.csv")
    assert read_prices(nameless, date="2012-01-03").time_ns[0] == instant_ns("2012-01-03T14:30:00Z") + 17_459_617
    with pytest.raises(InputError, match="times count from midnight, and no day is known; give date"):
        read_prices(nameless)
    with pytest.raises(InputError, match="'yesterday' is no day"):
        read_prices(nameless, date="yesterday")
    with pytest.raises(InputError, match="there is no execution; rows of type 4 or 5"):
        read_prices(write(tmp_path, "34200.5,1,7,18,5853300,1\n", "2012-06-21.csv"))


def test_lobster_mid_prices(tmp_path: Path) -> None:
    """The order book after each message, by the times of the message file beside it; rows of one side are left out."""
    book = write(
        tmp_path,
        "5859400,200,5853300,18,5859800,200,5853000,150\n9999999999,0,5853300,18,1,1,1,1\n5859400,1,5853301,2,1,1,1,1\n",
        "AMZN_2012-06-21_34200000_57600000_orderbook_2.csv",
    )
    with pytest.raises(InputError, match="the times are in the message file, which is not there; lay the message file"):
        read_prices(book)
    messages = write(tmp_path, LOBSTER, "AMZN_2012-06-21_34200000_57600000_message_2.csv")
    series = read_prices(book)
    opening = instant_ns("2012-06-21T13:30:00Z")
    assert series.format == "lobster-book"
    assert (series.time_ns - opening).tolist() == [1, 1_500_000_000]
    assert series.price.tolist() == [585.635, 585.63505]
    messages.write_text(LOBSTER + "34300,4,9,1,5853400,1\n")
    with pytest.raises(InputError, match=r"3 rows, and 4 in AMZN_.*; one row of the book for each message"):
        read_prices(book)
    with pytest.raises(InputError, match="the times are in the message file"):
        read_prices(write(tmp_path, "5859400,200,5853300,18\n", "book.csv"), format="lobster-book")


DUNE = (
    "contract_address,evt_tx_hash,evt_index,evt_block_time,evt_block_number,amount0,amount1,liquidity,recipient,sender,"
    "sqrtPriceX96,tick\n"
    f"0xab,0xcd,1,2025-10-10 12:00:00.000 UTC,100,-{10**30},5,7,0x1,0x2,{2**159},100\n"
    "0xab,0xcd,2,2025-10-10 12:00:12.000 UTC,101,2000000000000000000,-5,7,0x1,0x2,8,101\n"
)
CRYO = (
    "block_number,log_index,event__amount0_string,event__amount1_string,event__tick\n100,1,-5,7,100\n101,2,6,-7,101\n"
)
SUBGRAPH = json.dumps(
    {
        "data": {
            "swaps": [
                {"timestamp": str(S + 12), "amount0": "-0.000006", "amount1": "7.5", "tick": "101", "logIndex": "2"},
                {"timestamp": str(S), "amount0": "5.000001", "amount1": "-7.5", "tick": "100", "logIndex": "1"},
            ]
        }
    }
)


@pytest.mark.parametrize(
    ("name", "text", "times", "sizes"),
    [
        ("dune-swaps", DUNE, (0, 12 * SECOND), [1e12, 2.0]),
        ("cryo-swaps", CRYO, (1200 * SECOND - NOON, 1212 * SECOND - NOON), [5e-18, 6e-18]),
        ("subgraph-swaps", SUBGRAPH, (0, 12 * SECOND), [5.000001, 0.000006]),
    ],
)
def test_pool_exports_are_paths_and_tapes(
    tmp_path: Path, name: str, text: str, times: tuple[int, int], sizes: list[float]
) -> None:
    """The price is that of the tick; the taker's size is amount0, in whole tokens whatever the export counts."""
    file = write(tmp_path, text)
    series = read_prices(file, decimals=(18, 18))
    assert series.format == name
    assert (series.time_ns - NOON).tolist() == list(times)
    np.testing.assert_allclose(series.price, [1.0001**100, 1.0001**101], rtol=1e-12)
    moments, side, size, about = read_swaps(file)
    assert ((moments - NOON).tolist(), size.tolist()) == (list(times), sizes)
    assert sorted(side.tolist()) == [-1, 1]
    assert f"sample.csv, {name}: swaps at" in about
    with pytest.raises(InputError, match="for the price of the pool ticks, give the decimals of both tokens"):
        read_prices(file)


def test_a_scenario_names_formats(tmp_path: Path) -> None:
    """`prices.format`, `takers.format` and what else a format needs are keys of a scenario."""
    messages = LOBSTER + "34300,4,9,1,5853400,1\n"
    file = str(write(tmp_path, messages, "messages.csv"))
    swaps = "instrument_name,trade_id,side,price,size,created_time\n"
    at = instant_ns("2012-01-03T14:30:30Z") // 10**6
    takers = str(write(tmp_path, swaps + f"AMZN-USD-SWAP,1,buy,585.4,3,{at}\n", "takers.csv"))
    scenario = Scenario.from_mapping(
        {
            "prices": {"file": file, "format": "lobster", "date": "2012-01-03"},
            "takers": {"file": takers, "format": "okx-trades", "contract_size": 0.1},
        }
    )
    path = scenario.price_path()
    assert path.prices.tolist() == [585.33, 585.325, 585.34]
    tape = scenario.tape(path, scenario.market(path))
    assert [int(lots) * tape.lot_size for lots in tape.lots] == [Fraction(3, 10)]
    with pytest.raises(InputError, match="this is no okx-trades: 6 columns without a header line"):
        Scenario.from_mapping({"prices": {"file": file, "format": "okx-trades"}}).price_path()
