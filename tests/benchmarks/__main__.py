"""Measures the engines side by side in one run, checks that they agree, and writes the tables: `make bench`."""

import argparse
import os
import platform
from importlib import import_module
from pathlib import Path

from benchmarks.peers import Peers

_HEAD = """# Speed

All engines in one run on the same input, with the answers compared; `make bench` renews these tables. A speed is that
of the best of many rounds, with that of the median round in brackets, and ratios are of the best: where a machine's
cores are shared with others, a core's speed comes and goes by half, and the best round is the one that had it alone.

The first call of a compiled engine compiles it, which takes from a few seconds (paths, books, pairs) over ten (the
comparison in a pair) and twenty (v3 pools) to half a minute (the comparison in a pool) of a processor's time; after
that it comes from the disk (`LPMM_CACHE_DIR` says where it is kept), and a new process has its first answer within a
second.

Where the time goes. A swap within a tick takes three quotients of 256-bit integers where it pays token0, for seven in
the plain body, and five where it pays token1: token0 that moves the price costs itself, and token0 asked for short of
the target is what is given. Reading the order and writing the result take about a fifth. A step to the next tick keeps
four quotients. A swap of a pair takes some 26 ns, most of it one quotient without which the next swap cannot begin, and
which is one division by the processor mostly; 6 ns are its share of the two price sums of a block. Of a request's time
in the deep book six tenths are what it takes in the thin one; the rest goes into orders that are in no near cache,
although each is asked for a dozen requests ahead.

Where figures differ most from run to run: in seven runs within two hours on this machine the deep book with its fills
came to 14.1 to 16.1 million requests a second, and two threads, which need both cores free at once, to 1.2 to 2.0 times
one.
"""
_BENCHMARKS = sorted(file.stem.removeprefix("bench_") for file in Path(__file__).parent.glob("bench_*.py"))


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", type=Path, default=Path("results/peers"), help="where peers are installed")
    parser.add_argument("--peer-python", default="python3.12", help="the Python that the peers need")
    parser.add_argument("--only", choices=_BENCHMARKS, action="append", help="print this table; write nothing")
    parser.add_argument("--out", type=Path, default=Path("docs/benchmarks.md"))
    arguments = parser.parse_args()
    peers, sections = Peers(arguments.peers, arguments.peer_python), []
    for name in arguments.only or _BENCHMARKS:
        section = import_module(f"benchmarks.bench_{name}").table(peers).markdown()
        print(section)  # noqa: T201 - what the command is for
        sections.append(section)
    machine = f"Measured on {os.cpu_count()} cores of {_processor()}, Python {platform.python_version()}."
    print(machine)  # noqa: T201 - the same
    if not arguments.only:
        arguments.out.write_text("\n".join([_HEAD, *sections, f"{machine}\n"]), encoding="utf-8")


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
