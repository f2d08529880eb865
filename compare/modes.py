"""The same path and the same tape in several modes: who earns more can depend on how takers meet the venues."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any, Unpack

import pandas as pd

from compare.errors import InputError
from compare.metrics import metrics
from compare.provider_book import FlowKind
from compare.run import ReplayOptions, replay
from compare.shadow import replay_with_shadow
from compare.world import Mode

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from fractions import Fraction

    from compare.paths import PricePath
    from compare.result import Comparison, ProviderResult
    from compare.tape import TakerTape
    from compare.world import Provider

_METRICS = (
    "hedged_profit",
    "hedged_bps",
    "hedged_apr",
    "hedged_apr_on_locked",
    "break_even_noise_volume",
    "fill_rate",
    "toxic_share",
)


@dataclass(frozen=True, slots=True)
class ModeComparison:
    """The outcome of `replay_modes`.

    Attributes:
        by_mode: The comparison of each mode, all of them on one path and one tape.
    """

    by_mode: dict[Mode, Comparison]

    def __getitem__(self, mode: Mode | str) -> Comparison:
        """Return the comparison of one mode."""
        return self.by_mode[Mode(mode)]

    @property
    def names(self) -> list[str]:
        """Everyone who took part in any mode, in the order of names."""
        return sorted({provider.name for result in self.by_mode.values() for provider in result.providers})

    def hedged(self, mode: Mode, name: str) -> float | None:
        """Return one provider's hedged profit in one mode, quote tokens; None where it took no part."""
        result = self.by_mode[mode]
        for provider in result.providers:
            if provider.name == name:
                return result.market.quote_float(provider.book.hedged_profit())
        return None

    def leaders(self) -> dict[Mode, str]:
        """Return who earned most, hedged, in each mode."""
        earned = {
            mode: {name: amount for name in self.names if (amount := self.hedged(mode, name)) is not None}
            for mode in self.by_mode
        }
        return {mode: max(amounts, key=lambda name: amounts[name]) for mode, amounts in earned.items()}

    def finding(self) -> str:
        """Return who leads in which mode, and whether the modes agree, in one sentence."""
        leaders = self.leaders()
        by_leader = {name: [mode.value for mode in leaders if leaders[mode] == name] for name in self.names}
        parts = [f"the {name} in {' and '.join(modes)} mode" for name, modes in by_leader.items() if modes]
        if len(parts) == 1:
            (leader,) = set(leaders.values())
            return f"Hedged, the {leader} earns most however takers meet the venues"
        return "Hedged, who earns most depends on how takers meet the venues: it is " + ", ".join(parts)

    def to_frame(self) -> pd.DataFrame:
        """Return one row for each mode and provider: its profits, their components and metrics, in quote tokens."""
        rows = [
            {"mode": mode.value, "provider": provider.name, **_row(result, provider)}
            for mode, result in self.by_mode.items()
            for provider in result.providers
        ]
        return pd.DataFrame(rows)

    def summary(self) -> dict[str, Any]:
        """Return the one setting, the finding, and of each mode what `Comparison.summary` says; ready for JSON."""
        summaries = {mode.value: result.summary() for mode, result in self.by_mode.items()}
        setting = next(iter(summaries.values()))["setting"]
        for one in summaries.values():
            del one["setting"]
        return {
            "setting": setting | {"mode": "all"},
            "finding": self.finding(),
            "leaders": {mode.value: name for mode, name in self.leaders().items()},
            "modes": summaries,
        }


def replay_modes(
    path: PricePath,
    tape: TakerTape,
    providers: Sequence[Provider],
    *,
    capital: Fraction | int | str,
    modes: Sequence[Mode] = tuple(Mode),
    split_arbitrage: bool = False,
    **options: Unpack[ReplayOptions],
) -> ModeComparison:
    """Replay one path and one tape in several modes.

    Args:
        path: The fair price.
        tape: The takers.
        providers: Who takes part.
        capital: Quote tokens each provider starts with, in value.
        modes: How the takers meet the venues: every way there is, by default.
        split_arbitrage: Whether to tell the arbitrage of each mode apart by a second run without noise.
        **options: Those of `replay`, but for its mode; its progress counts all runs.

    Raises:
        InputError: As `replay`; or a mode among the options, or none at all.
        LedgerError: As `replay`.
    """
    if not modes or len(set(modes)) < len(modes) or "mode" in options:
        raise InputError(f"{list(modes)} are not modes", place="modes", remedy="name one or more, all different")
    run = replay_with_shadow if split_arbitrage else replay
    by_mode: dict[Mode, Comparison] = {}
    for number, mode in enumerate(modes):
        own: ReplayOptions = {**options, "mode": mode}
        progress = options.get("progress")
        if progress is not None:
            own["progress"] = partial(_report, progress, number, len(modes))
        by_mode[mode] = run(path, tape, providers, capital=capital, **own)
    return ModeComparison(by_mode)


def _report(progress: Callable[[int, int], None], number: int, runs: int, done: int, total: int) -> None:
    progress(number * total + done, runs * total)


def _row(result: Comparison, provider: ProviderResult) -> dict[str, float | None]:
    quote, book, measured = result.market.quote_float, provider.book, metrics(result, provider)
    return {
        "profit_and_loss": quote(book.profit_and_loss()),
        "beyond_hodl": quote(book.beyond_hodl()),
        **{name: quote(amount) for name, amount in book.components().items()},
        "noise_volume": quote(book.sums.volume[FlowKind.NOISE]),
        "arbitrage_volume": quote(book.sums.volume[FlowKind.ARBITRAGE]),
        **{name: measured[name] for name in _METRICS},
    }
