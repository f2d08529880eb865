"""A pool's events through the exports of other programs: the same records, to the last digit, and the same pool."""

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import polars as pl
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pool_life import ALICE, BOB, FEE, POOL, SPACING, blocks, by_event, cryo, dune, live, raw_logs, subgraph
from typer.testing import CliRunner

from amm.chain.abi import topic
from amm.events import UNISWAP_V2_EVENTS, UNISWAP_V3_EVENTS
from amm.snapshot import Snapshot, Token
from amm.state_difference import first_difference
from compare.cli import app
from compare.errors import CompareError, InputError
from compare.formats import read_pool_events
from compare.formats.raw_logs import EVENT_OF_TOPIC
from compare.history import History, Origin
from compare.pool_import import import_history, replay_history

ORIGIN = Origin(1, POOL, "uniswap_v3", (Token("0x01"), Token("0x02")), FEE, SPACING)
EVENTS, END = live(7, 60)


@settings(max_examples=15)
@given(seed=st.integers(0, 10**6))
def test_every_export_gives_the_same_events(tmp_path_factory: pytest.TempPathFactory, seed: int) -> None:
    """Dune's CSV files, cryo's decoded and raw logs: what the pool did, whatever the program that tells it."""
    events, _ = live(seed, 25)
    folder = tmp_path_factory.mktemp("exports")
    assert read_pool_events(*dune(events, folder)) == events
    assert read_pool_events(*cryo(events, folder), blocks=pd.DataFrame(blocks(events))) == events
    assert read_pool_events(raw_logs(events, folder), blocks=pl.DataFrame(blocks(events))) == events
    assert read_pool_events(raw_logs(events, folder, bytes.hex), blocks=pl.DataFrame(blocks(events))) == events
    wanted = [replace(one, transaction_index=-1) for one in events if one.event in {"Mint", "Burn"}]
    answer = subgraph(events, (6, 18), folder / "answer.json")
    assert read_pool_events(answer, decimals=(6, 18)) == wanted


def test_exports_make_a_history_that_replays_to_the_same_pool(tmp_path: Path) -> None:
    """From Initialize on, every event comes out as recorded, and the pool at the end is the pool itself."""
    history = import_history(tmp_path / "history", ORIGIN, dune(EVENTS, tmp_path))
    assert history.heads() == []
    found = replay_history(History.open(tmp_path / "history"))
    assert found.replayed.events == len(EVENTS)
    assert first_difference(found.snapshot.pool, END) is None
    later = EVENTS[-1].block_number + 1
    assert len(import_history(tmp_path / "history", ORIGIN, dune(EVENTS, tmp_path)).parts) == 1
    with pytest.raises(InputError, match="holds some of blocks"):
        import_history(tmp_path / "history", ORIGIN, dune(EVENTS[:-1], tmp_path))
    with pytest.raises(InputError, match=f"an event lies in block 100, outside blocks {later} to {later + 9}"):
        import_history(tmp_path / "other", ORIGIN, dune(EVENTS, tmp_path), first_block=later, last_block=later + 9)


def test_a_history_from_the_middle_needs_a_snapshot(tmp_path: Path) -> None:
    """Without one it is refused, with the block to take it at; with one it leads to the same pool."""
    whole = live(7, 30)
    block = whole[0][-1].block_number
    rest = [one for one in EVENTS if one.block_number > block]
    history = import_history(tmp_path / "history", ORIGIN, dune(rest, tmp_path))
    with pytest.raises(
        InputError, match=f"not with the pool's Initialize; give a snapshot of the pool at block {block}"
    ):
        replay_history(history)
    before = [one for one in EVENTS if one.block_number <= block]
    start = replay_history(import_history(tmp_path / "before", ORIGIN, dune(before, tmp_path)))
    found = replay_history(history, start.snapshot)
    assert found.replayed.events == len(rest)
    assert first_difference(found.snapshot.pool, END) is None


def test_the_commands(tmp_path: Path) -> None:
    """`lpmm pool import` and `lpmm pool replay`: from files to a checked pool, and a changed digit is exit code 1."""
    files, folder, out = dune(EVENTS, tmp_path), tmp_path / "history", tmp_path / "pool.json"
    options = ["--address", POOL, "--fee", str(FEE), "--out", str(folder)]
    run = CliRunner().invoke(app, ["pool", "import", *map(str, files), *options], catch_exceptions=False)
    assert f"holds {len(EVENTS)} events of blocks 100 to " in run.output
    run = CliRunner().invoke(app, ["pool", "replay", str(folder), "--out", str(out)], catch_exceptions=False)
    assert f"{len(EVENTS)} of {len(EVENTS)} events agree" in run.output
    assert first_difference(Snapshot.from_json(out.read_text()).pool, END) is None
    mints = next(file for file in files if "Mint" in file.name)
    text = mints.read_text()
    amount0 = EVENTS[1].integers("amount0")[0]
    mints.write_text(text.replace(f",{amount0},", f",{amount0 + 1},", 1))
    import_history(tmp_path / "wrong", ORIGIN, files)
    with pytest.raises(CompareError, match=f"after 1 events that agree, Mint .* amount0 is {amount0 + 1} on the chain"):
        CliRunner().invoke(app, ["pool", "replay", str(tmp_path / "wrong")], catch_exceptions=False)


MINT = f"owner,sender,tickLower,tickUpper,amount,amount0,amount1\n{ALICE},{BOB},-60,60,{2**128 - 1},{2**256 - 1},0\n"
PLACE = "block_number,log_index,block_time,"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("a,b\n1,2\n", "these are no events of a uniswap_v3 pool; the arguments of an event, or a column event"),
        (MINT, "the events have no block numbers, and cannot be put in order; a column block_number or evt_block_num"),
        ("block_number," + MINT.replace(ALICE, f"1,{ALICE}"), "the events have no log indices"),
        ("block_number,log_index," + MINT.replace(ALICE, f"1,1,{ALICE}"), "no times; give the blocks too, a table of"),
        (
            PLACE + MINT.replace(ALICE, f"1,1,2020-01-01,{ALICE}").replace(str(2**256 - 1), str(2**256)),
            f"line 2, column 'amount0'|amount0 is no uint256: {2**256}",
        ),
        (PLACE + MINT.replace(ALICE, "1,1,2020-01-01,0xa1"), "line 2, column 'owner': this is no address; 20 bytes"),
        (PLACE + MINT.replace(ALICE, "1,1,2020-01-01,alice"), "column 'owner': 'alice' is no hexadecimal number"),
        (PLACE + MINT.replace(ALICE, f"1,-1,2020-01-01,{ALICE}"), "column 'log_index': -1 is no number of it"),
        (PLACE + MINT.replace(ALICE, f"1,1,1577836800.5,{ALICE}"), "column 'block_time': the time is no whole second"),
        (
            PLACE + MINT.replace(ALICE, f"1,1,2020-01-01,{ALICE}").replace(str(2**256 - 1), "1.5e30"),
            "column 'amount0': '1.5e30' does not show all digits",
        ),
        (
            PLACE + MINT.replace(ALICE, f"1,1,2020-01-01,{ALICE}").replace(str(2**256 - 1), "1.5"),
            "amount0 counts whole tokens; give the decimals of token0 and token1, such as (6, 18)",
        ),
        (
            PLACE + "sender,recipient,amount0,amount1,sqrtPriceX96,tick\n1,1,2020-01-01,0x,0x,1,1,1,1\n",
            "a Swap lacks liquidity, without which it cannot be replayed",
        ),
        (PLACE + "event,amount0\n1,1,2020-01-01,Sync,1\n", "'Sync' is no event; one of Initialize, Mint, Collect"),
    ],
)
def test_what_is_missing_is_said(tmp_path: Path, text: str, said: str) -> None:
    """Order, time, an argument, an address, all digits, the range of a type: one typed error each."""
    file = tmp_path / "events.csv"
    file.write_text(text)
    with pytest.raises(InputError) as caught:
        read_pool_events(file)
    assert all(part in str(caught.value) for part in said.split("|"))


def test_other_pools_twice_and_lost_digits(tmp_path: Path) -> None:
    """Several pools ask for an address; an event twice is refused; doubles and unfit decimals are refused."""
    swaps = next(file for file in dune(EVENTS, tmp_path) if "Swap" in file.name)
    with pytest.raises(InputError, match="is there twice; give each event once"):
        read_pool_events(swaps, swaps)
    frame = pd.read_csv(swaps, dtype=str)
    other = frame.assign(contract_address="0x" + "77" * 20)
    with pytest.raises(InputError, match="there are 2 pools; give the address of one"):
        read_pool_events(pd.concat([frame, other]))
    assert read_pool_events(pd.concat([frame, other]), address=POOL) == read_pool_events(frame)
    with pytest.raises(InputError, match="there is no pool 0x99"):
        read_pool_events(frame, address="0x99")
    with pytest.raises(InputError, match="this is double, which keeps some 15 digits; a column of text"):
        read_pool_events(frame.assign(amount0=frame.amount0.astype(float)))
    with pytest.raises(InputError, match=r"'1\.0000001' is no whole number of units of 6 decimals"):
        read_pool_events(frame.assign(amount0="1.0000001"), decimals=(6, 18))
    with pytest.raises(InputError, match="'uniswap_v9' is no kind of pool; one of uniswap_v3, uniswap_v2"):
        read_pool_events(frame, kind="uniswap_v9")
    with pytest.raises(InputError, match="there is no event"):
        read_pool_events()


def test_python_integers_in_a_frame_keep_every_digit() -> None:
    """2^256 - 1 and its like, as objects of pandas, as text of polars, and as decimals where those are wide enough."""
    mint = by_event(EVENTS)["Mint"][0]
    fields = dict(mint.fields) | {"amount0": 2**256 - 1, "amount1": 2**255, "amount": 2**128 - 1}
    place = {"block_number": 100, "log_index": 3, "block_timestamp": mint.block_timestamp, "tx_hash": "0x" + "00" * 32}
    row = place | fields
    [record] = read_pool_events(pd.DataFrame([row]))
    assert record.fields == fields
    text = {name: str(value) if isinstance(value, int) and value > 2**62 else value for name, value in row.items()}
    assert read_pool_events(pl.DataFrame([text]))[0].fields == fields


def test_a_subgraph_that_says_its_decimals(tmp_path: Path) -> None:
    """Decimals inside the answer need not be given."""
    file = subgraph(EVENTS, (6, 18), tmp_path / "answer.json")
    document = json.loads(file.read_text())
    for rows in document["data"].values():
        for row in rows:
            row["pool"] = {"id": POOL, "token0": {"decimals": "6"}, "token1": {"decimals": "18"}}
    file.write_text(json.dumps(document))
    assert [one.fields for one in read_pool_events(file)] == [
        one.fields for one in EVENTS if one.event in {"Mint", "Burn"}
    ]


def test_topics_are_the_hashes_of_the_signatures() -> None:
    """Each constant is the Keccak-256 hash of its event's signature, and no event is left out."""
    for kind, specs in (("uniswap_v3", UNISWAP_V3_EVENTS), ("uniswap_v2", UNISWAP_V2_EVENTS)):
        assert {topic(spec).hex(): spec for spec in specs.values()} == EVENT_OF_TOPIC[kind]


def test_raw_logs_that_are_not_the_pools(tmp_path: Path) -> None:
    """Another event, words of another length, and text that is no number are named by their row."""
    table = pq.read_table(raw_logs(EVENTS, tmp_path)).to_pandas()
    clock = pd.DataFrame(blocks(EVENTS))
    foreign = table.copy()
    foreign.loc[2, "topic0"] = b"\1" * 32
    with pytest.raises(InputError, match=r"row 3, column 'topic0': 0x01010101... is no event of it"):
        read_pool_events(foreign, blocks=clock)
    short = table.copy()
    short.loc[2, "data"] = b"\1" * 31
    with pytest.raises(InputError, match=r"row 3: a \w+ has \d topics and \d+ bytes of data"):
        read_pool_events(short, blocks=clock)
    with pytest.raises(InputError, match="block 100 is not among the blocks; give all blocks"):
        read_pool_events(table, blocks=clock.iloc[1:])


def test_a_day_of_a_real_pool(shared_data: Path) -> None:
    """304 events of mainnet USDC/WETH, one table with a column of events: full integers, in the chain's order."""
    file = shared_data / "uniswap_v3_usdc_weth_3000_2024-01-05" / "usdc_weth_3000_events.parquet"
    events = read_pool_events(file)
    frame = pd.read_parquet(file).sort_values(["block", "log"])
    assert [one.event for one in events] == frame.ev.tolist()
    assert [one.integers("amount0")[0] for one in events] == [int(value) for value in frame.amount0]
    assert events[0].block_timestamp == 1_704_414_803
