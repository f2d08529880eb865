"""The whole comparison: a path and a tape through a pool and a book with their ledgers, compiled and plain."""

from collections.abc import Callable
from functools import partial
from typing import NamedTuple

from benchmarks.peers import Peers
from benchmarks.table import Table, cpu_seconds, two_threads

from compare.clocks import Timeline
from compare.scenario import Scenario
from compare.summary import Summary, summarise

_TEXT = """
Events a CPU second on one core, each through both venues with the ledger: the liquidity provider in a v3 pool, or where
it says so in a v2 pair, and the default maker (proportional Avellaneda-Stoikov) in a book. A path of one price every
12 s, blocks and quotes of 12 s, and a tape of so many orders an hour; events are the orders, and the looks of the
arbitrageur and the maker. Opening the pool and the books, and reading the ledger at the end, are in the time; drawing
the path and the tape is not. No other program does this.
"""
_COLUMNS = ("comparison", "orders/s compiled", "events/s compiled", "events/s plain Python", "compiled / plain")
_POOLS: dict[str, dict[str, dict[str, object]]] = {
    "": {},
    ", just-in-time liquidity": {"just_in_time": {}},
    ", v2 pair": {"pool": {"contract": "v2"}},
}
"""The tables of a scenario for each kind of pool, by what its row adds to the name."""


class _Work(NamedTuple):
    """One comparison: how to run it, and how many orders and events it has."""

    run: Callable[[], Summary]
    orders: int
    events: int


def _work(days: float, rate: str, seed: int = 7, *, compiled: bool = True, pool: str = "") -> _Work:
    """Draw a path and a tape, and return what is measured."""
    tables = {"prices": {"days": days, "seed": seed}, "takers": {"rate": rate}}
    scenario = Scenario.from_mapping(tables | _POOLS[pool])
    path, tape, providers, options = scenario._experiment(None, 2)
    events = len(Timeline.build(path, tape, scenario.clocks(), 2)) - 2
    run = partial(summarise, path, tape, providers, capital=scenario._capital(), compiled=compiled, **options)
    return _Work(run, len(tape), events)


def _contents(summary: Summary) -> list[object]:
    return [(one.book.account, one.book.components(), one.identities) for one in summary.providers]


def table(_peers: Peers) -> Table:
    """Measure a sparse and a dense tape, and two threads."""
    rows = []
    for rate, long, short, pool in (
        ("60/h", 60.0, 1.0, ""),
        ("3600/h", 7.0, 0.1, ""),
        ("3600/h", 7.0, 0.1, ", just-in-time liquidity"),
        ("3600/h", 7.0, 0.1, ", v2 pair"),
    ):
        fast, few = _work(long, rate, pool=pool), _work(short, rate, pool=pool)
        plain = _work(short, rate, compiled=False, pool=pool)
        if _contents(few.run()) != _contents(plain.run()):
            raise RuntimeError(f"the engines differ at {rate}")
        seconds, _ = cpu_seconds(fast.run)
        slow, _ = cpu_seconds(plain.run)
        ratio = fast.events / seconds.best / (plain.events / slow.best)
        speeds = seconds.speed(fast.orders), seconds.speed(fast.events), slow.speed(plain.events)
        rows.append((f"{fast.orders:,} orders of {rate}{pool}", *speeds, f"{ratio:.0f}"))
    both = [_work(3.0, "3600/h", seed).run for seed in range(2)]
    gain = two_threads(lambda: both).gain
    rows.append(("two threads on two cores, beside one", "-", f"{gain:.2f} times", "-", "-"))
    return Table("The whole comparison", _TEXT, _COLUMNS, rows)
