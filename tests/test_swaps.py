"""Recorded swaps as taker orders."""

from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest

from compare.errors import InputError
from compare.formats import read_swaps
from compare.tape import TakerTape


def write(folder: Path, text: str) -> Path:
    file = folder / "swaps.csv"
    file.write_text(text)
    return file


def test_the_taker_buys_what_leaves_the_pool(tmp_path: Path) -> None:
    """A negative amount left the pool, so its taker bought; sizes are whole base tokens, and zeros are no orders."""
    file = write(tmp_path, "time,amount0\n2024-01-01,-150\n2024-01-02,0\n2024-01-03,25\n")
    times, side, size, about = read_swaps(file, base_decimals=2)
    assert side.tolist() == [1, -1]
    assert size.tolist() == [1.5, 0.25]
    assert (np.diff(times) == 2 * 86_400 * 10**9).all()
    assert "amount0" in about


def test_blocks_stand_in_for_a_clock(tmp_path: Path) -> None:
    """Where there are only block numbers, time is the block time a block."""
    file = write(tmp_path, "block,amount0\n10,5\n12,-5\n")
    times, _, _, _ = read_swaps(file, base_decimals=0, block_time="2s")
    assert times.tolist() == [20 * 10**9, 24 * 10**9]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("time,volume\n2024-01-01,1\n", "amount_column"),
        ("amount0\n1\n", "time_column"),
        ("time,amount0\n2024-01-01,\n", "line 2"),
        ("time,amount0\n2024-01-02,1\n2024-01-01,1\n", "line 3"),
        ("time,amount0\n2024-01-01,0\n", "no swap moves"),
    ],
)
def test_what_is_no_log_of_swaps_is_refused(tmp_path: Path, text: str, message: str) -> None:
    """A missing column, a missing amount, disorder, and a log without a trade: one message that says which."""
    with pytest.raises(InputError, match=message):
        read_swaps(write(tmp_path, text))


def test_the_two_year_history_is_a_tape(shared_data: Path) -> None:
    """Every recorded swap of the base token is an order, to the satoshi, on the side that the log says."""
    file = shared_data / "uniswap_v3_wbtc_weth_3000_2021_2023" / "swaps.parquet"
    tape = TakerTape.from_swaps(
        file, tolerance_bps=100, lot_size="0.00000001", amount_column="amount0_wbtc_sat", base_decimals=8
    )
    amounts = pq.read_table(file).column("amount0_wbtc_sat").to_numpy()
    moved = amounts[amounts != 0]
    assert np.array_equal(tape.lots * tape.side, -moved)
