"""`lpmm pool import` and `lpmm pool replay`: a pool's events from other programs' exports, and without a node."""

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from amm.errors import SnapshotError
from amm.events import ReplayMismatchError
from amm.snapshot import Snapshot, Token
from compare.errors import CompareError, InputError


def register(app: typer.Typer) -> None:
    """Add the commands."""
    app.command("import")(import_events)
    app.command("replay")(replay_events)


def import_events(  # noqa: PLR0917 - typer turns each parameter into an option of the command line
    files: Annotated[list[Path], typer.Argument(help="Exports of the pool's events.", show_default=False)],
    address: Annotated[str, typer.Option(help="The pool's address.", show_default=False)],
    out: Annotated[Path, typer.Option(help="The folder of the history.")],
    token0: Annotated[str, typer.Option(help="Address of token0.")] = "",
    token1: Annotated[str, typer.Option(help="Address of token1.")] = "",
    decimals: Annotated[str | None, typer.Option(help="Of token0 and token1, such as 6,18.")] = None,
    fee: Annotated[int | None, typer.Option(help="Of a v3 pool, in pips.")] = None,
    tick_spacing: Annotated[
        int | None, typer.Option(help="Of a v3 pool; known for 100, 500, 3000, 10000 pips.")
    ] = None,
    kind: Annotated[str, typer.Option(help="uniswap_v3 or uniswap_v2.")] = "uniswap_v3",
    chain_id: Annotated[int, typer.Option(help="The chain.")] = 1,
    blocks: Annotated[Path | None, typer.Option(help="Block numbers and times, where the exports have none.")] = None,
    from_block: Annotated[int | None, typer.Option(help="First block covered; that of the first event.")] = None,
    to_block: Annotated[int | None, typer.Option(help="Last block covered; that of the last event.")] = None,
) -> None:
    """Make a history out of exports from Dune, cryo or a subgraph: every event of a pool, to the last digit.

    An example, with one file for each event:

        lpmm pool import dune_*.csv --address 0x8ad599c3A0ff1De082011EFDDc58f1908eb6e6D8 --fee 3000 --out history
    """
    from compare.history import Origin  # noqa: PLC0415 - keeps the command's start fast
    from compare.pool_import import import_history  # noqa: PLC0415 - the same

    if kind == "uniswap_v3" and fee is None:
        raise InputError("a v3 pool has a fee", place="--fee", remedy="give it in pips, such as 3000")
    places = _decimals(decimals)
    spacing = (tick_spacing or _spacing(fee)) if kind == "uniswap_v3" else None
    tokens = tuple(
        Token(token.lower(), None, None if places is None else places[at]) for at, token in enumerate((token0, token1))
    )
    origin = Origin(chain_id, address.lower(), kind, (tokens[0], tokens[1]), fee, spacing)
    history = import_history(
        out, origin, files, first_block=from_block, last_block=to_block, decimals=places, blocks=blocks
    )
    events = sum(part.rows for part in history.parts)
    first, last = history.parts[0].first_block, history.parts[-1].last_block
    text = f"{out} holds {events} events of blocks {first} to {last}"
    Console().print(text, highlight=False, markup=False, soft_wrap=True)


def replay_events(
    history: Annotated[Path, typer.Argument(help="A folder that pool import or pool history made.")],
    snapshot: Annotated[Path | None, typer.Option(help="The pool before the history's first event.")] = None,
    out: Annotated[Path | None, typer.Option(help="Write the pool after the last event, as a snapshot.")] = None,
) -> None:
    """Replay a history through the model, and check each event against what the chain recorded.

    It begins with the pool's own first event, or after a snapshot that holds every position the events touch. An
    example:

        lpmm pool replay history --out after.json

    Exit code 0: all agree. 1: an event comes out otherwise, which is never corrected. 2: the input cannot be used.
    """
    from compare.history import History  # noqa: PLC0415 - keeps the command's start fast
    from compare.pool_import import replay_history  # noqa: PLC0415 - the same

    before = None if snapshot is None else _snapshot(snapshot)
    try:
        found = replay_history(History.open(history), before)
    except ReplayMismatchError as error:
        raise CompareError(f"after {error.agreed} events that agree, {error}") from None
    done = found.replayed
    swaps = f"{done.exact_input} by exact input, {done.exact_output} by exact output, {done.price_limit} by price limit"
    text = f"{done.events} of {done.events} events agree; swaps: {swaps}"
    Console().print(text, highlight=False, markup=False, soft_wrap=True)
    if out is not None:
        try:
            out.write_text(found.snapshot.to_json(), encoding="utf-8")
        except OSError as error:
            raise InputError(f"cannot be written ({error.strerror})", source=out) from None
        Console().print(f"wrote {out}", highlight=False, markup=False, soft_wrap=True)


def _decimals(text: str | None) -> tuple[int, int] | None:
    if text is None:
        return None
    try:
        decimals0, decimals1 = (int(part) for part in text.split(","))
    except ValueError:
        remedy = "those of token0 and token1, such as 6,18"
        raise InputError(f"{text!r} are no decimals", place="--decimals", remedy=remedy) from None
    return decimals0, decimals1


def _spacing(fee: int | None) -> int:
    known = {100: 1, 500: 10, 3_000: 60, 10_000: 200}
    if fee not in known:
        problem = f"the tick spacing of a fee of {fee} pips is not known"
        raise InputError(problem, place="--tick-spacing", remedy="give it")
    return known[fee]


def _snapshot(path: Path) -> Snapshot:
    try:
        return Snapshot.from_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", source=path) from None
    except (SnapshotError, UnicodeDecodeError) as error:
        raise InputError(f"is no snapshot of a pool: {error}", source=path) from None
