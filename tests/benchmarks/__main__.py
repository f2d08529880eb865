"""Measures the engines side by side in one run, checks that they agree, and writes the table: `make bench`."""

import argparse
import os
import platform
from pathlib import Path

from benchmarks import engines, work

_HEAD = """# Speed

Swaps per second of CPU time on one core, medians of several rounds, all engines in one run on the same swaps, with the
answers compared. The pool is mainnet WBTC/WETH 0.3 % at one block, with 458 initialised ticks. `make bench` renews this
table. The compiled engine keeps the whole state (fee growth, ticks, oracle, balances); degenbot keeps price, tick and
liquidity. The way of the pool into arrays and back, and the array of results, are in the time.

About half of a swap within a tick goes into the quotients of 256-bit integers, five to eight of them a swap. The first
call compiles the loop, which takes from some twenty seconds to a minute; after that it comes from the disk
(`LPMM_CACHE_DIR` says where it is kept).
"""


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--degenbot", type=Path, help="the Python of an environment with degenbot 0.5.0")
    parser.add_argument("--out", type=Path, default=Path("docs/benchmarks.md"))
    arguments = parser.parse_args()
    pool = work.real_pool()
    engines.batch(pool, work.within_a_tick(pool, 1).orders, compiled=True, rounds=1)  # compiles
    rows = ["| swaps | compiled | plain Python | degenbot 0.5.0 | compiled / plain | compiled / degenbot |"]
    rows.append("|---|---|---|---|---|---|")
    for many, few in (
        (work.within_a_tick(pool, 200_000), work.within_a_tick(pool, 4_000)),
        (work.across_ticks(pool, 20_000, 13), work.across_ticks(pool, 1_000, 13)),
    ):
        fast = engines.batch(pool, many.orders, compiled=True)
        plain = engines.batch(pool, few.orders, compiled=False, rounds=5)
        peers = [plain, engines.degenbot(arguments.degenbot, pool, few.orders)] if arguments.degenbot else [plain]
        for peer in peers:
            if peer.answers != fast.answers[: len(peer.answers)]:
                raise RuntimeError(f"the engines differ on the swaps {many.name}")
        speeds = [f"{each.per_second:,.0f}" for each in peers] + ["not measured"] * (2 - len(peers))
        ratios = [f"{fast.per_second / each.per_second:.0f}" for each in peers] + ["-"] * (2 - len(peers))
        rows.append(f"| {many.name} | {fast.per_second:,.0f} | {' | '.join(speeds)} | {' | '.join(ratios)} |")
    machine = f"Measured on {os.cpu_count()} cores of {_processor()}, Python {platform.python_version()}."
    table = "\n".join(rows)
    print(f"{table}\n\n{machine}")  # noqa: T201 - what the command is for
    arguments.out.write_text(f"{_HEAD}\n{table}\n\n{machine}\n", encoding="utf-8")


def _processor() -> str:
    """Return the model of the processor, where the system says it."""
    info = Path("/proc/cpuinfo")
    if info.exists():
        for line in info.read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    return platform.machine()


if __name__ == "__main__":
    main()
