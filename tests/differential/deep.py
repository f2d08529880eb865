"""Compare models and contracts for as long as told: `python -m differential.deep --seconds 600`.

Fresh worlds, two of v3 for each of v2, from a seed that is printed, so that a run can be repeated. Ends with the number
of transactions compared and of mismatches, and fails if there is one.
"""

import argparse
import secrets
import sys
import time

from differential.streams import V2, V3
from differential.twin import MismatchError, Twin

_PROGRESS_EVERY_S = 10.0


def main() -> int:
    """Run from the command line; the exit status is 1 where model and contract ever differed."""
    parser = argparse.ArgumentParser(prog="python -m differential.deep", description=__doc__)
    until = parser.add_mutually_exclusive_group(required=True)
    until.add_argument("--seconds", type=float, help="how long to run")
    until.add_argument("--transactions", type=int, help="how many transactions to compare")
    parser.add_argument("--seed", default=secrets.token_hex(4), help="repeat an earlier run")
    arguments = parser.parse_args()
    return 1 if compare(arguments.seed, arguments.seconds, arguments.transactions) else 0


def compare(seed: str, seconds: float | None, transactions: int | None) -> int:
    """Play worlds out until the time is over or the count is reached; return the number of mismatches."""
    compared = {V2.name: 0, V3.name: 0}
    reverted = mismatches = world = 0
    start = reported = time.monotonic()

    def report() -> None:
        elapsed = time.monotonic() - start
        total = sum(compared.values())
        parts = ", ".join(f"{name} {count:,}" for name, count in compared.items())
        _say(
            f"{total:,} transactions compared ({parts}; {reverted:,} of them reverted), {mismatches} mismatches, "
            f"{elapsed:,.0f} s, {total / max(elapsed, 1e-9):,.0f} a second\n"
        )

    _say(f"seed {seed}\n")
    while (seconds is None or time.monotonic() - start < seconds) and (
        transactions is None or sum(compared.values()) < transactions
    ):
        try:
            kind = (V3, V3, V2)[world % 3]
            twin: Twin = kind.run_world(f"{seed} {world}")
            compared[kind.name] += twin.compared
            reverted += twin.reverted
        except MismatchError as error:
            mismatches += 1
            _say("\n".join((str(error), *error.__notes__, "")))
        world += 1
        if time.monotonic() - reported > _PROGRESS_EVERY_S:
            reported = time.monotonic()
            report()
    report()
    return mismatches


def _say(text: str) -> None:
    sys.stdout.write(text)
    sys.stdout.flush()


if __name__ == "__main__":
    sys.exit(main())
