"""Measures the engines side by side in one run, checks that they agree, and writes the tables: `make bench`."""

import argparse
import os
import platform
from importlib import import_module
from pathlib import Path

from benchmarks.peers import Peers

_HEAD = """# Speed

Medians of several rounds, all engines in one run on the same input, with the answers compared. `make bench` renews
these tables.

The first call of a compiled engine compiles it, which takes from ten seconds to a minute of a processor's time; after
that it comes from the disk (`LPMM_CACHE_DIR` says where it is kept), and a new process has its first answer within a
second.

Most of a v3 swap goes into quotients of 256-bit integers, four to six of them a step, of 20 to 40 ns each; the price's
tick, the bitmap and the rest of the bookkeeping take a third. A v2 swap waits for one quotient, without which the next
cannot begin.
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
