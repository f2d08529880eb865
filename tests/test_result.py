"""What a replay hands out: frames, an exact table, a summary."""

import json
from pathlib import Path

import pyarrow.parquet as pq
from worlds import run

from compare.result import EXECUTIONS

RESULT = run()


def test_executions_keep_every_digit_through_parquet(tmp_path: Path) -> None:
    """What is written and read back are the very integers that were booked."""
    file = tmp_path / "executions.parquet"
    pq.write_table(RESULT.executions(), file)
    rows = pq.read_table(file).to_pylist()
    booked = [(trade, share) for world in RESULT.worlds for trade in world.trades for share in trade.shares]
    assert len(rows) == len(booked) > 100
    for row, (trade, share) in zip(rows, booked, strict=True):
        assert (row["provider"], row["time_ns"], row["uid"]) == (share.name, trade.time_ns, trade.uid)
        parts = {"taker": trade.taker, "provider": share.change, "fee": share.fee, "venue": trade.venue}
        for who, amounts in (parts | {"dust": trade.dust}).items():
            assert (int(row[f"{who}_base"]), int(row[f"{who}_quote"])) == amounts
    assert max(abs(int(row["taker_base"])) for row in rows) > 2**53  # beyond what a float holds


def test_the_executions_of_a_venue_add_up_to_its_profit() -> None:
    """A reader of the file alone arrives at the provider's last holdings: endowment plus the sum of its column."""
    rows = RESULT.executions().to_pylist()
    for venue in RESULT.providers:
        mine = [row for row in rows if row["provider"] == venue.name]
        base = venue.book.endowment.base + sum(int(row["provider_base"]) for row in mine)
        quote = venue.book.endowment.quote + sum(int(row["provider_quote"]) for row in mine)
        market, last = RESULT.market, int(RESULT.path.ticks[-1])
        assert market.cash(quote) + market.value(base, last) == venue.book.wealth()


def test_schema_names_the_unit_of_every_number() -> None:
    """Every field of the executions file says its unit or its meaning."""
    assert all(field.metadata for field in EXECUTIONS)


def test_summary_is_json_and_all_residuals_are_zero() -> None:
    """The summary survives JSON, and every identity in it has residual 0."""
    summary = json.loads(json.dumps(RESULT.summary(), allow_nan=False))
    residuals = [residual for identities in summary["identities"].values() for residual in identities.values()]
    assert len(residuals) == 13
    assert set(residuals) == {"0"}


def test_frames_show_what_the_ledger_holds() -> None:
    """The table for people and the samples end with the ledger's own numbers."""
    frame, samples = RESULT.to_frame(), RESULT.samples_frame()
    for venue in RESULT.providers:
        profit = RESULT.market.quote_float(venue.beyond_hodl)
        assert frame[venue.name]["beyond_hodl"] == profit
        assert samples[samples["provider"] == venue.name]["beyond_hodl"].iloc[-1] == profit


def test_every_order_is_counted_once() -> None:
    """The noise trades of a venue are distinct orders of the tape."""
    uids = set(RESULT.tape.uid.tolist())
    for venue in RESULT.providers:
        mine = [trade.uid for trade in venue.trades if trade.uid >= 0]
        assert len(mine) == len(set(mine))
        assert set(mine) <= uids
