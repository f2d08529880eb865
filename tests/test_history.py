"""A history on disk: whole files or none, taken up again after any stop, and refused when it cannot be whole."""

import json
import os
from collections.abc import Callable
from pathlib import Path

import pyarrow as pa
import pytest
from chain_support.log_chain import ADDRESS, LogChain
from hypothesis import given, settings
from hypothesis import strategies as st
from pyarrow import parquet

from amm.chain import Node, ReorganisedError, Retry
from amm.events import UNISWAP_V2_EVENTS, UNISWAP_V3_EVENTS, EventRecord, EventSpec
from amm.snapshot import Token
from compare import history_file
from compare.errors import InputError
from compare.history import History, Origin
from compare.history_file import EVENTS, Head
from compare.pool_pull import pull_history

TOKENS = (Token("0x" + "01" * 20, "USDC", 6), Token("0x" + "02" * 20, None, None))
PAIR = Origin(1, ADDRESS, "uniswap_v2", TOKENS)
POOL = Origin(1, ADDRESS, "uniswap_v3", TOKENS, 3000, 60)
HEAD = Head(99, "0x" + "ab" * 32)
LOGS_IN = {3: 1, 17: 2, 18: 1, 41: 3, 60: 1}


class Killed(BaseException):
    """The process ends here: nothing of ours catches it."""


def pull(chain: LogChain, folder: Path, first: int = 0) -> History:
    """Pull up to the chain's head, ten blocks to a file."""
    node = Node(chain, retry=Retry(attempts=1))
    return pull_history(node, PAIR, folder, first, node.block("latest"), blocks_per_part=10)


def places(history: History, first: int, last: int) -> list[tuple[int, int]]:
    return [event.place for event in history.events(first, last)]


def record(spec: EventSpec, block: int, index: int, *, high: bool) -> EventRecord:
    """An event with every argument at one end of its type."""
    fields: dict[str, int | str] = {}
    for field in spec.fields:
        if field.type == "address":
            fields[field.name] = "0x" + ("ff" if high else "00") * 20
        else:
            bits = int(field.type.lstrip("uint"))
            ends = (0, 2**bits - 1) if field.type.startswith("u") else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
            fields[field.name] = ends[high]
    return EventRecord(spec.name, block, "0x" + "cd" * 32, 2**32, "0x" + "ef" * 32, 7, index, fields)


@pytest.mark.parametrize("origin", [PAIR, POOL], ids=["v2", "v3"])
def test_every_event_comes_back_as_it_was(origin: Origin, tmp_path: Path) -> None:
    """All arguments of all events at both ends of their types, and the origin and the head, through the files."""
    specs = EVENTS[origin.kind].values()
    events = [record(spec, 5, 2 * i + high, high=bool(high)) for i, spec in enumerate(specs) for high in (0, 1)]
    History.create(tmp_path / "new" / "folder", origin).write(0, 9, events, HEAD)
    history = History.open(tmp_path / "new" / "folder")
    assert list(history.events(0, 9)) == events
    assert (history.origin, history.heads()) == (origin, [HEAD])


def test_each_column_has_one_type() -> None:
    """Arguments of one name have one type of column in every event, and no number that fits no column is one."""
    for specs in (UNISWAP_V2_EVENTS, UNISWAP_V3_EVENTS):
        small: dict[str, set[bool]] = {}
        for spec in specs.values():
            for field in spec.fields:
                small.setdefault(field.name, set()).add(field.type in history_file._SMALL)
        assert all(len(kinds) == 1 for kinds in small.values())


def test_other_programs_can_read_it(tmp_path: Path) -> None:
    """The folder is an ordinary Parquet dataset with plain columns."""
    history = pull(LogChain(69, LOGS_IN), tmp_path)
    table = parquet.ParquetDataset(sorted(tmp_path.glob("*.parquet"))).read()
    assert table.num_rows == sum(part.rows for part in history.parts) == 8
    assert table.schema.field("block_number").type == pa.int64()
    assert table.column("reserve0").to_pylist() == ["3", "17", "17", "18", "41", "41", "41", "60"]


@settings(max_examples=30)
@given(
    logs_in=st.dictionaries(st.integers(0, 99), st.integers(1, 3), max_size=20),
    stops=st.lists(st.integers(0, 40), max_size=6),
    first=st.integers(0, 30),
)
def test_a_pull_stopped_anywhere_is_taken_up_without_loss_or_duplicate(
    tmp_path_factory: pytest.TempPathFactory, logs_in: dict[int, int], stops: list[int], first: int
) -> None:
    """Killed at any request, several times over: every log is there once, and what a file had is not asked again."""
    folder = tmp_path_factory.mktemp("history")
    chain = LogChain(99, logs_in)
    for stop in stops:
        chain.before = _kill_at(stop)
        chain.requests.clear()
        try:
            pull(chain, folder, first)
        except Killed:
            continue
    chain.before = lambda _count: None
    done = History.open(folder).missing(first, 99) if (folder / "manifest.json").exists() else [(first, 99)]
    chain.asked.clear()
    history = pull(chain, folder, first)
    assert places(history, first, 99) == chain.places(first, 99)
    assert all(any(start <= a and b <= end for start, end in done) for a, b in chain.asked)


@pytest.mark.parametrize("moment", ["while writing", "before the rename", "after the rename"])
def test_a_kill_while_a_file_is_written_leaves_it_whole_or_absent(
    moment: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Bytes on the way to the disk are never taken for a file, and what they leave behind is cleared away."""
    chain = LogChain(69, LOGS_IN)
    with monkeypatch.context() as patch:
        _die(patch, moment)
        with pytest.raises(Killed):
            pull(chain, tmp_path)
    assert places(pull(chain, tmp_path), 0, 69) == chain.places(0, 69)
    assert {path.suffix for path in tmp_path.iterdir()} == {".json", ".parquet"}


def test_a_history_grows_at_both_ends(tmp_path: Path) -> None:
    """What is missing before, between and after is asked for, and nothing else."""
    chain = LogChain(49, LOGS_IN)
    pull(chain, tmp_path, 25)
    chain.head = 69
    chain.asked.clear()
    history = pull(chain, tmp_path, 5)
    assert places(history, 5, 69) == chain.places(5, 69)
    assert not any(25 <= block <= 49 for first, last in chain.asked for block in (first, last))
    assert history.missing(5, 69) == []
    assert history.missing(0, 99) == [(0, 4), (70, 99)]


def test_blocks_that_were_not_pulled_cannot_be_read(tmp_path: Path) -> None:
    """An absent file is a gap, never an empty range."""
    history = pull(LogChain(69, LOGS_IN), tmp_path)
    (tmp_path / "events-000000000010-000000000019.parquet").unlink()
    with pytest.raises(InputError, match="lacks blocks 10 to 19"):
        list(History.open(tmp_path).events(0, 69))
    assert len(list(history.events(20, 69))) == 4


def test_a_reorganisation_while_pulling_writes_nothing_of_it(tmp_path: Path) -> None:
    """The file whose blocks were read while the chain changed is not written; those before it were of the old chain."""
    chain = LogChain(69, LOGS_IN)
    chain.before = lambda count: chain.reorganise(35) if count == 12 else None
    with pytest.raises(ReorganisedError):
        pull(chain, tmp_path)
    heads = {(part.head.number, part.head.hash) for part in History.open(tmp_path).parts}
    chain.forked_from = 70
    assert heads == {(69, chain.hash_of(69))}


def test_a_history_of_a_replaced_chain_is_not_added_to(tmp_path: Path) -> None:
    """The block it was pulled under must still be there, even where nothing is missing."""
    chain = LogChain(69, LOGS_IN)
    pull(chain, tmp_path)
    chain.reorganise(50)
    with pytest.raises(ReorganisedError) as caught:
        pull(chain, tmp_path)
    assert caught.value.block == 69


def test_progress_reaches_the_end(tmp_path: Path) -> None:
    """Blocks done never fall, and end at the number there was to do."""
    chain = LogChain(69, LOGS_IN)
    seen: list[tuple[int, int]] = []
    node = Node(chain)
    pull_history(
        node, PAIR, tmp_path, 5, node.block("latest"), blocks_per_part=10, progress=lambda *done: seen.append(done)
    )
    assert seen == sorted(seen)
    assert seen[-1] == (65, 65)


# What is no history ---------------------------------------------------------------------------------------------------


def test_a_folder_without_a_manifest(tmp_path: Path) -> None:
    """There is nothing to open."""
    with pytest.raises(InputError, match="holds no pool history"):
        History.open(tmp_path)


@pytest.mark.parametrize(
    "change",
    [{"version": 2}, {"format": "other"}, {"kind": "uniswap_v4"}, {"tokens": []}, {"surprise": 1}, {"chain_id": None}],
)
def test_a_manifest_of_another_kind(change: dict[str, object], tmp_path: Path) -> None:
    """Another version, another format, or an entry too many or too few is refused by name."""
    History.create(tmp_path, PAIR)
    path = tmp_path / "manifest.json"
    document = json.loads(path.read_text(encoding="utf-8")) | change
    if change == {"chain_id": None}:
        del document["chain_id"]
    path.write_text(json.dumps(document), encoding="utf-8")
    with pytest.raises(InputError, match=r"manifest\.json"):
        History.open(tmp_path)


def test_a_folder_that_holds_another_history(tmp_path: Path) -> None:
    """Two pools never share a folder."""
    History.create(tmp_path, PAIR)
    with pytest.raises(InputError, match="holds the history of"):
        History.create(tmp_path, POOL)


def test_a_file_of_another_pool(tmp_path: Path) -> None:
    """A file moved in from elsewhere is noticed by what it says of itself."""
    pull(LogChain(9, LOGS_IN), tmp_path / "a")
    History.create(tmp_path / "b", POOL)
    name = "events-000000000000-000000000009.parquet"
    (tmp_path / "a" / name).rename(tmp_path / "b" / name)
    with pytest.raises(InputError, match=name):
        History.open(tmp_path / "b")


def test_a_file_under_another_name(tmp_path: Path) -> None:
    """The name and what the file says must be the same blocks."""
    pull(LogChain(9, LOGS_IN), tmp_path)
    path = tmp_path / "events-000000000000-000000000009.parquet"
    path.rename(tmp_path / "events-000000000010-000000000019.parquet")
    with pytest.raises(InputError, match="belongs into events-000000000000-000000000009"):
        History.open(tmp_path)


def test_files_that_cover_the_same_blocks(tmp_path: Path) -> None:
    """Two pulls at once could leave such: neither is believed."""
    history = pull(LogChain(9, LOGS_IN), tmp_path)
    history.write(5, 14, [], HEAD)
    with pytest.raises(InputError, match="covers blocks that events-000000000000"):
        History.open(tmp_path)


@pytest.mark.parametrize("damage", ["cut", "empty", "text"])
def test_a_damaged_file(damage: str, tmp_path: Path) -> None:
    """Whatever happened to it, the file is named, and nothing of it is used."""
    pull(LogChain(9, LOGS_IN), tmp_path)
    path = tmp_path / "events-000000000000-000000000009.parquet"
    content = {"cut": path.read_bytes()[:-20], "empty": b"", "text": b"hello"}[damage]
    path.write_bytes(content)
    with pytest.raises(InputError, match=path.name):
        History.open(tmp_path)


def test_a_file_whose_rows_were_changed(tmp_path: Path) -> None:
    """A row less than the file says, or rows out of order, are found when they are read."""
    chain = LogChain(9, {3: 3})
    for rows, match in (([0, 1], "holds 2 events instead of 3"), ([1, 0, 2], "out of order")):
        folder = tmp_path / str(len(rows))
        pull(chain, folder)
        path = folder / "events-000000000000-000000000009.parquet"
        parquet.write_table(parquet.read_table(path).take(rows), path)
        with pytest.raises(InputError, match=match):
            list(History.open(folder).events(0, 9))


def test_a_folder_that_cannot_be_written(tmp_path: Path) -> None:
    """A file where the folder should be ends in one line."""
    (tmp_path / "taken").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="cannot be written"):
        History.create(tmp_path / "taken", PAIR)


def _kill_at(stop: int) -> Callable[[int], None]:
    def die(count: int) -> None:
        if count == stop:
            raise Killed

    return die


def _die(patch: pytest.MonkeyPatch, moment: str) -> None:
    """Kill the second file's writer at a moment."""
    files = {"count": 0}
    fsync, rename = os.fsync, Path.replace

    def sync(descriptor: int) -> None:
        files["count"] += 1
        if files["count"] == 3 and moment == "while writing":
            os.ftruncate(descriptor, 40)
            raise Killed
        fsync(descriptor)

    def replace(path: Path, target: Path) -> Path:
        if files["count"] == 3 and moment == "before the rename":
            raise Killed
        renamed = rename(path, target)
        if files["count"] == 3:
            raise Killed
        return renamed

    patch.setattr(os, "fsync", sync)
    patch.setattr(Path, "replace", replace)
