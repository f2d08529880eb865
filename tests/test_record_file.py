"""Records on disk: what is read is what was written, in as many at a time as asked for, and streams run from there."""

from pathlib import Path

import numpy as np
import pyarrow as pa
import pytest

from amm import UniswapV2Pair, UniswapV3Pool
from amm.batch import (
    PAIR_ORDER,
    POOL_EVENT,
    SWAP_ORDER,
    pair_orders,
    run_pair_swaps,
    run_swaps,
    stream_pair_swaps,
    stream_swaps,
    swap_orders,
)
from amm.math.tick_math import MIN_SQRT_RATIO
from compare.errors import InputError
from compare.record_file import read_records, write_records


def test_records_come_back_as_they_were(tmp_path: Path) -> None:
    """Every dtype, negative and 256-bit values, written in batches of one length and read in another."""
    draw = np.random.default_rng(3)
    for dtype in (PAIR_ORDER, POOL_EVENT, SWAP_ORDER):
        records = draw.integers(0, 256, 100 * dtype.itemsize, dtype=np.uint8).view(dtype)
        write_records(tmp_path / "records.parquet", [records[:30], records[30:30], records[30:]], dtype)
        batches = list(read_records(tmp_path / "records.parquet", dtype, rows=33))
        assert max(map(len, batches)) <= 33
        assert np.concatenate(batches).tobytes() == records.tobytes()


def test_a_pool_and_a_pair_live_from_a_file(tmp_path: Path) -> None:
    """The same state as from arrays."""
    pool = UniswapV3Pool(3000, 60)
    pool.initialize(2**96)
    pool.mint("alice", -600, 600, 10**18)
    orders = swap_orders([(True, (-1) ** index * 10**12, MIN_SQRT_RATIO + 1, index) for index in range(50)])
    twin, file = pool.copy(), tmp_path / "orders.parquet"
    write_records(file, [orders], SWAP_ORDER)
    assert stream_swaps(pool, read_records(file, SWAP_ORDER, rows=7), compiled=False).done == 50
    run_swaps(twin, orders, compiled=False)
    assert pool == twin
    trades = pair_orders([(index % 2 == 0, 10**6, True, index) for index in range(50)])
    pair, other = (UniswapV2Pair.from_reserves(10**12, 10**12) for _ in range(2))
    write_records(file, [trades], PAIR_ORDER)
    stream_pair_swaps(pair, read_records(file, PAIR_ORDER, rows=7), compiled=False)
    run_pair_swaps(other, trades, compiled=False)
    assert pair == other


def test_reading_takes_the_memory_of_what_is_asked_for(tmp_path: Path) -> None:
    """Of a file of forty row groups no more than a few are held at a time."""
    file = tmp_path / "orders.parquet"
    batch = np.random.default_rng(3).integers(0, 256, (1 << 14) * PAIR_ORDER.itemsize, dtype=np.uint8).view(PAIR_ORDER)
    write_records(file, (batch for _ in range(40)), PAIR_ORDER)
    before, most = pa.total_allocated_bytes(), 0
    for records in read_records(file, PAIR_ORDER, rows=1 << 14):
        most = max(most, pa.total_allocated_bytes() - before)
        assert len(records) <= 1 << 14
    assert most < 40 * batch.nbytes / 4


def test_other_records_are_refused(tmp_path: Path) -> None:
    """A file of another dtype names what was looked for."""
    write_records(tmp_path / "orders.parquet", [np.zeros(1, dtype=PAIR_ORDER)], PAIR_ORDER)
    with pytest.raises(InputError, match="amount_specified"):
        next(read_records(tmp_path / "orders.parquet", SWAP_ORDER))
