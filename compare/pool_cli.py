"""`lpmm pool`: read a real pool from a node, look at it, pull its events, and check the model against the chain.

The node's URL may hold a key: it can stand in the environment instead of on the command line, and is never shown.
"""

import json
import sys
from pathlib import Path
from types import ModuleType
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from amm.errors import SnapshotError
from amm.snapshot import Snapshot
from compare import pool_data_cli
from compare.errors import CompareError, InputError
from compare.pool_show import snapshot_rows

if TYPE_CHECKING:
    from compare.pool_verify import Check

app = typer.Typer(
    name="pool", help="Read a real pool from a node, and check the model against the chain.", no_args_is_help=True
)

Address = Annotated[str, typer.Argument(help="The pool's address.", show_default=False)]
Rpc = Annotated[
    str,
    typer.Option(envvar="LPMM_RPC_URL", help="The node's URL; it is never shown.", show_default=False),
]
ChainId = Annotated[int | None, typer.Option(help="Refuse any other chain.")]
Timeout = Annotated[float, typer.Option(help="Seconds without an answer after which a request is made again.", min=0.1)]
BlocksPerRequest = Annotated[int, typer.Option(help="Longest range of logs asked for at once.", min=1)]
CrossCheck = Annotated[bool, typer.Option(help="Ask for each range of logs again in two parts.")]


class MismatchError(CompareError):
    """Model and chain differ."""


@app.command()
def pull(  # noqa: PLR0917 - typer turns each parameter into an option of the command line
    address: Address,
    rpc: Rpc,
    block: Annotated[str, typer.Option(help="Number, hash, latest, safe or finalized.")] = "latest",
    position: Annotated[
        list[str] | None, typer.Option(help="OWNER:TICK_LOWER:TICK_UPPER (v3) or OWNER (v2); once for each.")
    ] = None,
    chain_id: ChainId = None,
    timeout: Timeout = 30.0,
    out: Annotated[Path | None, typer.Option(help="The file; named after the pool and the block if not given.")] = None,
) -> None:
    """Read a Uniswap v2 or v3 pool whole, as it was at one block, into a snapshot file.

    An example, with the node's URL in LPMM_RPC_URL:

        lpmm pool pull 0xCBCdF9626bC03E24f779434178A73a0B4bad62eD --block finalized --out pool.json
    """
    commands = _commands()
    with commands.node_at(rpc, chain_id, timeout) as node:
        path, snapshot = commands.pull(node, address, block, position or [], out)
        _print_rows(snapshot_rows(snapshot))
        Console().print(f"wrote {path}, {node.requests} requests", highlight=False, markup=False, soft_wrap=True)


@app.command()
def history(  # noqa: PLR0917 - as above
    address: Address,
    rpc: Rpc,
    from_block: Annotated[int, typer.Option(help="The first block.", min=0, show_default=False)],
    out: Annotated[Path, typer.Option(help="The folder; what it has already is not asked for again.")],
    to_block: Annotated[str, typer.Option(help="The last block: number, hash, latest, safe or finalized.")] = "latest",
    chain_id: ChainId = None,
    timeout: Timeout = 30.0,
    blocks_per_request: BlocksPerRequest = 2_000,
    blocks_per_file: Annotated[int, typer.Option(help="What a stopped pull repeats at most.", min=1)] = 10_000,
    cross_check: CrossCheck = True,
) -> None:
    """Pull every event of a pool over a range of blocks into a folder of Parquet files.

    A pull that was stopped is taken up again by the same command. An example:

        lpmm pool history 0xCBCdF9626bC03E24f779434178A73a0B4bad62eD --from-block 24000000 --out history
    """
    commands = _commands()
    pace = commands.Pace(blocks_per_request, blocks_per_file, cross_check)
    with commands.node_at(rpc, chain_id, timeout) as node:
        pulled = commands.history(node, address, first_block=from_block, last_block=to_block, out=out, pace=pace)
        events = sum(part.rows for part in pulled.parts)
        text = f"{out} holds {events} events in {len(pulled.parts)} files, {node.requests} requests"
        Console().print(text, highlight=False, markup=False, soft_wrap=True)


@app.command()
def verify(  # noqa: PLR0917 - as above
    pool: Annotated[str, typer.Argument(help="The pool's address, or a snapshot of it.", show_default=False)],
    rpc: Rpc,
    block: Annotated[str, typer.Option(help="Of an address: number, hash, latest, safe or finalized.")] = "latest",
    blocks: Annotated[int, typer.Option(help="Of an address: how many blocks of events to replay.", min=0)] = 100,
    history: Annotated[
        Path | None, typer.Option(help="Folder of events: completed for an address, replayed after a snapshot.")
    ] = None,
    quotes: Annotated[int, typer.Option(help="Random quotes besides the boundaries; -1 asks for none.", min=-1)] = 50,
    seed: Annotated[int, typer.Option(help="Of the random quotes.")] = 1,
    quoter: Annotated[
        str | None, typer.Option(help="QuoterV2 (v3) or Router02 (v2), where it is not the chain's known one.")
    ] = None,
    chain_id: ChainId = None,
    timeout: Timeout = 30.0,
    blocks_per_request: BlocksPerRequest = 2_000,
    cross_check: CrossCheck = True,
) -> None:
    """Check the model against the chain, on a pool of your own.

    Boundary and random amounts are quoted by the model and by the chain's own quoter at one block; then the events of
    the blocks before it are replayed, each against its log, and the state they end in against the chain's. Public nodes
    keep the state of some 128 blocks; more needs an archive node. An example:

        lpmm pool verify 0xCBCdF9626bC03E24f779434178A73a0B4bad62eD --blocks 100

    Exit code 0: all agree. 1: a mismatch, which is never corrected, or a node that failed. 2: the input cannot be used.
    """
    commands = _commands()
    asked = None if quotes < 0 else commands.Quotes(quoter, quotes, seed)
    pace = commands.Pace(blocks_per_request, cross_check=cross_check)
    with commands.node_at(rpc, chain_id, timeout) as node:
        if pool.startswith("0x"):
            reading, checks = commands.verify_pool(
                node, pool, block=block, blocks=blocks, folder=history, quotes=asked, pace=pace
            )
        else:
            reading, checks = commands.verify_file(node, _read_snapshot(Path(pool)), history, asked)
        snapshot = reading.snapshot
        head = f"{snapshot.address} on chain {snapshot.chain_id}, block {snapshot.block_number} {snapshot.block_hash}"
        _print_checks(head, checks, node.requests)
    wrong = [check for check in checks if check.mismatch]
    if wrong:
        raise MismatchError(f"model and chain differ, {wrong[0].name}: {wrong[0].mismatch}")


@app.command()
def show(
    snapshot: Annotated[Path, typer.Argument(help="A file that `lpmm pool pull` wrote.")],
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON.")] = False,
) -> None:
    """Print what a snapshot holds, its positions with their uncollected fees; no network is needed.

    An example:

        lpmm pool show pool.json
    """
    rows = snapshot_rows(_read_snapshot(snapshot))
    if as_json:
        sys.stdout.write(json.dumps(dict(rows), indent=2) + "\n")
    else:
        _print_rows(rows)


pool_data_cli.register(app)


def _commands() -> ModuleType:
    """The commands that need web3, which only this extra installs.

    Raises:
        InputError: It is not installed.
    """
    try:
        from compare import pool_commands  # noqa: PLC0415 - `lpmm pool show` and all else work without web3
    except ModuleNotFoundError as error:
        raise InputError(str(error)) from None
    return pool_commands


def _read_snapshot(path: Path) -> Snapshot:
    try:
        return Snapshot.from_json(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise InputError(f"cannot be read ({error.strerror})", source=path) from None
    except (SnapshotError, UnicodeDecodeError) as error:
        raise InputError(f"is no snapshot of a pool: {error}", source=path) from None


def _print_rows(rows: list[tuple[str, str]]) -> None:
    console, width = Console(), len("initialised ticks")
    for name, text in rows:
        console.print(f"{name:<{width}}  {text}", highlight=False, markup=False, soft_wrap=True)


def _print_checks(head: str, checks: "list[Check]", requests: int) -> None:
    console = Console()
    console.print(head, highlight=False, markup=False, soft_wrap=True)
    for check in checks:
        verdict = f"{check.agreed} of {check.total} agree"
        for text in (f"{check.name:<10}{verdict}", check.mismatch, check.note):
            if text:
                console.print(text, highlight=False, markup=False, soft_wrap=True)
    console.print(f"{requests} requests", highlight=False, markup=False)
