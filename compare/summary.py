"""What became of every provider, and nothing of the way there: a comparison without its trades and samples.

Where numba is installed (`pip install lpmm[fast]`) and the setting is one it knows, it runs compiled, without lists of
events, and gives the same integers as `compare.replay`.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Unpack

from compare._compiled.world_clock import WorldClock, chunks_of
from compare.compiled_scope import why_not
from compare.errors import NotCompiledError
from compare.run import ReplayOptions, prepare, replay
from compare.world import Mode
from lpmm_numba import has_compiler

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from fractions import Fraction

    from compare.ledger import Agent
    from compare.market import Market
    from compare.paths import PricePath
    from compare.provider_book import Account, Amounts, Identity, ProviderBook
    from compare.result import Comparison
    from compare.tape import TakerTape
    from compare.world import Provider, World

_CHUNK = 1 << 18  # points or orders that are copied for a loop at a time
_LOG = logging.getLogger("lpmm")
_JUDGED = "an event that only the plain engine can judge"


@dataclass(frozen=True, slots=True)
class ProviderSummary:
    """One provider's books at the end; money in wealth units.

    Attributes:
        name: The provider.
        setting: The provider as it was described.
        price_range: Lower and upper price of its liquidity at the end, quote per base, for a person; None in a book.
        book: Its closed books.
        agents: What everyone else in its world holds.
        identities: Identities of the books at the end.
    """

    name: str
    setting: str
    price_range: tuple[float, float] | None
    book: ProviderBook
    agents: Mapping[Agent, Account]
    identities: tuple[Identity, ...]

    @property
    def quoted(self) -> bool:
        """Whether it is a market maker in a book (or a liquidity provider in a pool)."""
        return self.book.quoted


@dataclass(frozen=True, slots=True)
class Summary:
    """The outcome of `summarise`.

    Attributes:
        path: The fair price.
        tape: The takers.
        market: Units.
        capital: What each provider started with, wealth units.
        gas: What an arbitrageur paid for a swap in a pool, quote token units.
        providers: One outcome for each provider, by name.
        plain_because: Why it did not run compiled; None where it did.
    """

    path: PricePath
    tape: TakerTape
    market: Market
    capital: int
    gas: int
    providers: tuple[ProviderSummary, ...]
    plain_because: str | None

    def __getitem__(self, name: str) -> ProviderSummary:
        """Return one provider's outcome."""
        for provider in self.providers:
            if provider.name == name:
                return provider
        raise KeyError(name)

    @property
    def duration_ns(self) -> int:
        """Length of the path, nanoseconds."""
        return int(self.path.time_ns[-1] - self.path.time_ns[0])


def summarise(
    path: PricePath,
    tape: TakerTape,
    providers: Sequence[Provider],
    *,
    capital: Fraction | int | str,
    compiled: bool | None = None,
    **options: Unpack[ReplayOptions],
) -> Summary:
    """Replay one path and one tape as `replay` does, and keep only what stands at the end.

    Args:
        path: The fair price.
        tape: The takers.
        providers: Who takes part.
        capital: Quote tokens each provider starts with, in value.
        compiled: Whether to run compiled; None does where numba is installed and knows the setting, and says in the
            outcome why it did not.
        options: As for `replay`; progress is reported by the plain engine only, and samples play no part.

    Raises:
        InputError: The setting makes no sense; the message names the value and the rule.
        NotCompiledError: The compiled engine was asked for, and cannot do this; the message says what.
        LedgerError: An identity does not close, which is a defect of this program.
        ImportError: The compiled engine was asked for, and numba is not installed.
    """
    options["samples"] = 2
    reason = "the plain engine was asked for"
    if compiled or (compiled is None and has_compiler()):
        done = _compiled(path, tape, providers, capital, options)
        if isinstance(done, Summary):
            _say("comparisons run compiled")
            return done
        reason = done
        if compiled and reason != _JUDGED:
            raise NotCompiledError(reason)
    elif compiled is None:
        reason = "numba is not installed"
    result = replay(path, tape, providers, capital=capital, **options)  # an error has its name from here
    if compiled:
        raise NotCompiledError(reason)
    if compiled is None:
        _say(f"a comparison runs on the plain engine: {reason}")
    return _of(result, reason)


@cache
def _say(text: str) -> None:
    """Say something once."""
    _LOG.info(text)


def _of(result: Comparison, reason: str) -> Summary:
    """Return what a whole comparison says of the end."""
    found = tuple(
        ProviderSummary(one.name, one.setting, one.price_range, one.book, one.world.accounts, tuple(one.identities))
        for one in result.providers
    )
    return Summary(result.path, result.tape, result.market, result.capital, result.gas, found, reason)


def _compiled(
    path: PricePath,
    tape: TakerTape,
    providers: Sequence[Provider],
    capital: Fraction | int | str,
    options: ReplayOptions,
) -> Summary | str:
    """Run compiled, or return why that cannot be."""
    opening = prepare(
        path,
        tape,
        providers,
        capital=capital,
        mode=options.get("mode", Mode.PARALLEL),
        market=options.get("market"),
        clocks=options.get("clocks"),
        gas=options.get("gas", 0),
        rule=options.get("rule"),
        leverage=options.get("leverage", 1),
    )
    reason = why_not(opening, path, tape)
    if reason is not None:
        return reason
    from compare._compiled.worlds import enter, live  # noqa: PLC0415 - numba is slow to import, or absent

    found = []
    for world in opening.worlds:
        memory = enter(world)
        clock = WorldClock(opening.clocks, (path.start_ns, path.end_ns), set(opening.lags_ns.values()))
        if not live(memory, chunks_of(path, tape, _CHUNK), clock):
            return _JUDGED
        memory.leave()
        found += closed(world, memory.withdrawable(), int(path.ticks[-1]))
    found.sort(key=lambda one: one.name)
    return Summary(path, tape, opening.market, opening.capital, opening.gas, tuple(found), None)


def closed(world: World, withdrawable: Mapping[str, Amounts], fair_ticks: int) -> list[ProviderSummary]:
    """Close the books of a world at the last fair price, and audit them."""
    ledger = world.ledger
    ledger.mark(fair_ticks)
    ledger.audit(withdrawable)
    identities = ledger.identities(withdrawable)
    (venue,) = world.venues
    return [
        ProviderSummary(
            name,
            str(world.settings[name]),
            venue.price_range(name),
            book,
            ledger.accounts,
            tuple(identities[name]),
        )
        for name, book in ledger.providers.items()
    ]
